//! Errors when a result is read.

use std::fmt;
use std::path::{Path, PathBuf};

use super::super::{Fault, ResultsError, reading_fix};

/// An error when a result folder is read: its place, the problem and a fix.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadError {
    /// The file; the folder if the error is not about one file.
    pub file: PathBuf,
    /// Line in the file, from 1, if the error is about one.
    pub line: Option<u32>,
    /// Column, if the error is about one.
    pub column: Option<String>,
    /// The value there.
    pub value: Option<String>,
    /// The problem.
    pub problem: String,
    /// Advice for the user.
    pub fix: &'static str,
}

impl ReadError {
    /// An error about a whole file or folder.
    pub(super) fn about(file: &Path, problem: impl Into<String>, fix: &'static str) -> Self {
        Self { file: file.to_path_buf(), line: None, column: None, value: None, problem: problem.into(), fix }
    }

    /// An error about a table that cannot be read on.
    pub(super) fn unread(file: &Path, error: &csv::Error) -> Self {
        let fix = match error.kind() {
            csv::ErrorKind::Io(refusal) => reading_fix(refusal),
            _ => RUN_AGAIN,
        };
        Self {
            line: error.position().and_then(line),
            ..Self::about(file, format!("cannot be read: {error}"), fix)
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.problem)?;
        if let Some(value) = &self.value {
            write!(f, ", not \"{value}\"")?;
        }
        write!(f, "; {}", self.fix)
    }
}

impl std::error::Error for ReadError {}

impl From<ResultsError> for ReadError {
    fn from(error: ResultsError) -> Self {
        match &error.fault {
            Fault::Damaged(problem) => Self::about(&error.path, problem, error.fix()),
            Fault::Io(refusal) => Self::about(&error.path, format!("cannot be read: {refusal}"), error.fix()),
            _ => Self::about(&error.path, error.to_string(), RUN_AGAIN),
        }
    }
}

/// Advice for a damaged result.
pub(super) const RUN_AGAIN: &str = "run the scenario again with --force";

/// The line of a position in a table, from 1.
pub(super) fn line(position: &csv::Position) -> Option<u32> {
    u32::try_from(position.line()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_a_result_keeps_its_place_its_reason_and_its_help() {
        let told = |fault: Fault| {
            ReadError::from(ResultsError { path: "out/t.csv".into(), tried: "read", fault }).to_string()
        };
        assert_eq!(
            told(Fault::Damaged("it is missing".to_owned())),
            "out/t.csv: it is missing; restore the file, or make the result again with --force"
        );
        let refused = told(Fault::Io(std::io::ErrorKind::PermissionDenied.into()));
        assert_eq!(
            refused,
            "out/t.csv: cannot be read: permission denied; ask its owner for the permission to read it"
        );
        let limited = told(Fault::Io(std::io::ErrorKind::OutOfMemory.into()));
        assert!(limited.ends_with("; free some memory, or raise its limit (ulimit -v)"), "{limited}");
    }
}
