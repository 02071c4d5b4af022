//! `mingle schema`

use super::{Failure, Terminal};

/// Prints the JSON schema of scenario files.
pub(super) fn schema(terminal: &Terminal) -> Result<(), Failure> {
    terminal.json(&crate::scenario::json_schema())
}
