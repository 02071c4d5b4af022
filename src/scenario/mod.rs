//! Scenario files: text in, a checked [`Scenario`] or diagnostics out. No files, no printing.

mod settings;

pub use settings::*;
