//! `mingle schema`

use super::Terminal;

/// Prints the JSON schema of scenario files.
pub(super) fn schema(terminal: &Terminal) {
    terminal.json(&crate::scenario::json_schema());
}
