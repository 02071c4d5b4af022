//! Results as files: tidy tables and the documents beside them.

mod read;

pub use read::*;
