//! The engine of the page: mingle's public interface behind one function that takes and returns bytes.
//!
//! A message is a JSON document and a list of numbers: the length of the document in bytes (32 bits, little endian),
//! the document padded with spaces to a multiple of 8 bytes less 4, then the numbers (64-bit floats, little endian).
//! Requests name what is wanted ([`requests`]); replies have the answer under `ok`, or a text under `error`.
//!
//! No rule of the model is here, and no number is computed here that the library does not compute.

mod acts;
mod codec;
mod keep;
mod message;
mod network;
mod numbers;
mod requests;
mod story;

#[cfg(target_arch = "wasm32")]
pub mod exports;

pub use message::Message;
pub use requests::answer;
