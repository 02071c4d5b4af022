//! Errors of charts.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::results::{ReadError, limit_fix};
use crate::stats::Level;

/// The reason why charts could not be drawn.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ChartError {
    /// A result cannot be read.
    Read(ReadError),
    /// A file or folder cannot be written.
    #[non_exhaustive]
    Write {
        /// The file or folder.
        file: PathBuf,
        /// The error of the operating system.
        problem: String,
        /// Advice for the user.
        fix: &'static str,
    },
    /// A comparison of no results.
    NothingToCompare,
    /// A comparison of results whose intervals have different levels.
    Levels {
        /// Two folders, each with the level of its intervals.
        results: [(PathBuf, Level); 2],
    },
    /// A comparison of results of different kinds; the text says which.
    DifferentKinds(String),
    /// A comparison of sweeps that no chart can show together.
    NothingInCommon,
}

impl ChartError {
    /// Two results of different kinds, each with its folder and its kind.
    pub(super) fn different([(a, kind), (b, other)]: [(&Path, &str); 2]) -> Self {
        Self::DifferentKinds(format!("{} is of a {kind} and {} is of a {other}", a.display(), b.display()))
    }

    /// A file that cannot be written.
    pub(crate) fn write(file: &Path, problem: &io::Error) -> Self {
        let fix = match problem.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space and try again",
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "get the permission to write there, or copy the result to a folder where you have it"
            }
            ErrorKind::IsADirectory | ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
                "move away what is there"
            }
            _ => limit_fix(problem).unwrap_or("check the folder and try again"),
        };
        Self::Write { file: file.to_path_buf(), problem: problem.to_string(), fix }
    }

    /// A file that is the user's own and has the name of one that is to be written.
    pub(crate) fn in_the_way(file: &Path, problem: &str) -> Self {
        Self::Write { file: file.to_path_buf(), problem: problem.to_owned(), fix: "move it away" }
    }
}

impl From<ReadError> for ChartError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl fmt::Display for ChartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::Write { file, problem, fix } => {
                write!(f, "{}: cannot be written: {problem}; {fix}", file.display())
            }
            Self::Levels { results: [(first, level), (second, other)] } => write!(
                f,
                "{} has {level} intervals and {} has {other} intervals, which cannot be compared; run one of them \
                 again with the level of the other (--level)",
                first.display(),
                second.display()
            ),
            Self::DifferentKinds(which) => {
                write!(f, "cannot compare results of different kinds: {which}; name results of one kind")
            }
            Self::NothingInCommon => f.write_str(
                "cannot compare these sweeps: they have neither the same one or two factors nor indices of the same \
                 design; name sweeps over the same factors",
            ),
            Self::NothingToCompare => {
                f.write_str("there is nothing to compare; name at least one result folder")
            }
        }
    }
}

impl std::error::Error for ChartError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_disk_has_help_of_its_kind() {
        let help = |error: io::Error| ChartError::write(Path::new("out/charts/net.svg"), &error).to_string();
        for (kind, words) in [
            (ErrorKind::StorageFull, "free some space"),
            (ErrorKind::PermissionDenied, "get the permission"),
            (ErrorKind::AlreadyExists, "move away what is there"),
            (ErrorKind::FileTooLarge, "ulimit -f"),
            (ErrorKind::OutOfMemory, "ulimit -v"),
            (ErrorKind::NotFound, "check the folder and try again"),
        ] {
            assert!(help(kind.into()).contains(words), "{kind:?}");
        }
        if cfg!(unix) {
            assert!(help(io::Error::from_raw_os_error(24)).contains("ulimit -n"), "too many open files");
        }
    }
}
