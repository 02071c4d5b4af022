//! Errors about result folders.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// An error about a result: the file or folder, what was tried, and why it failed.
#[derive(Debug)]
pub struct ResultsError {
    /// The file or folder.
    pub path: PathBuf,
    /// What was tried, as "write" or "create the folder".
    pub tried: &'static str,
    /// Why it failed.
    pub fault: Fault,
}

/// The reason of an error about a result.
#[derive(Debug)]
#[non_exhaustive]
pub enum Fault {
    /// A result exists already, and must not be overwritten.
    Exists,
    /// Something other than a folder has the folder's name.
    NotAFolder,
    /// An unfinished sweep is there.
    Unfinished,
    /// The parts are of another scenario; a list of differences.
    Differs(Vec<String>),
    /// There are no parts of a sweep.
    NoParts,
    /// Some parts of a sweep are missing: their numbers, and the number of all parts.
    MissingParts(Vec<u32>, u32),
    /// Some parts of a sweep are damaged or incomplete: their numbers, and the number of all parts.
    DamagedParts(Vec<u32>, u32),
    /// Something else has the name of a file that is needed; the text says what.
    InTheWay(String),
    /// A file of a complete result differs from the manifest; the text says how.
    Damaged(String),
    /// Another process is writing a result there; its number, if it is known.
    Busy(Option<u32>),
    /// Another result has taken the place of one that was being read.
    Replaced,
    /// An error of the operating system.
    Io(io::Error),
}

/// The number of the error for too many open files, which has no kind: EMFILE of Linux, macOS and other Unixes.
const TOO_MANY_FILES: i32 = 24;

impl ResultsError {
    /// An error of the operating system when `tried` was done at `path`.
    pub(super) fn io(path: &Path, tried: &'static str, error: io::Error) -> Self {
        Self { path: path.to_owned(), tried, fault: Fault::Io(error) }
    }

    /// Advice for the user.
    pub fn fix(&self) -> &'static str {
        match &self.fault {
            Fault::Exists => "choose another folder with --out, or overwrite it with --force",
            Fault::NotAFolder => "choose another folder with --out",
            Fault::Unfinished => "go on with it by --resume, or begin anew with --force",
            Fault::Differs(_) => "choose another folder with --out, or begin anew with --force",
            Fault::NoParts => "name the folder that the tasks of a sweep wrote to",
            Fault::MissingParts(..) => "run the missing tasks again, then merge",
            Fault::DamagedParts(..) => "copy these parts again or run their tasks again, then merge",
            Fault::InTheWay(_) => "move it away, or choose another folder with --out",
            Fault::Damaged(_) => "restore the file, or make the result again with --force",
            Fault::Busy(_) => "wait for the other run, or choose another folder with --out",
            Fault::Replaced => "try again",
            Fault::Io(error) if self.tried == "read" => reading_fix(error),
            Fault::Io(error) => match error.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    "free some space, or choose a folder on another disk with --out"
                }
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    "choose a folder that you may write to with --out"
                }
                _ => limit_fix(error).unwrap_or("check the folder, or choose another with --out"),
            },
        }
    }
}

impl fmt::Display for ResultsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} {}: ", self.tried, self.path.display())?;
        match &self.fault {
            Fault::Exists => write!(f, "a result is there already")?,
            Fault::NotAFolder => write!(f, "it is not a folder")?,
            Fault::Unfinished => write!(f, "an unfinished sweep is there")?,
            Fault::Differs(differences) => {
                /// More differences are only counted.
                const LISTED_MAX: usize = 6;
                let more = differences.len().saturating_sub(LISTED_MAX);
                let listed = differences.iter().take(LISTED_MAX).cloned().collect::<Vec<_>>().join("; ");
                write!(f, "it is of another scenario: {listed}")?;
                if more > 0 {
                    write!(f, "; and {more} more")?;
                }
            }
            Fault::NoParts => write!(f, "there are none")?,
            Fault::MissingParts(missing, of) => {
                write!(f, "{} of {of} are missing: {}", missing.len(), ranges(missing))?;
            }
            Fault::DamagedParts(damaged, of) => {
                write!(f, "{} of {of} are damaged or incomplete: {}", damaged.len(), ranges(damaged))?;
            }
            Fault::InTheWay(what) => write!(f, "{what}")?,
            Fault::Damaged(problem) => write!(f, "{problem}")?,
            Fault::Busy(None) => write!(f, "another run is writing there")?,
            Fault::Busy(Some(process)) => write!(f, "another run is writing there (process {process})")?,
            Fault::Replaced => write!(f, "another result has taken its place meanwhile")?,
            Fault::Io(error) => write!(f, "{error}")?,
        }
        write!(f, "; {}", self.fix())
    }
}

/// Advice about an error of the operating system when a file is read.
pub(crate) fn reading_fix(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "ask its owner for the permission to read it",
        _ => limit_fix(error).unwrap_or("check the file and its disk"),
    }
}

/// Advice about an error of the operating system that comes from a limit of the shell; `None` for other errors.
pub(crate) fn limit_fix(error: &io::Error) -> Option<&'static str> {
    match error.kind() {
        io::ErrorKind::FileTooLarge => {
            Some("raise the limit on the size of files (ulimit -f), or write to another disk")
        }
        io::ErrorKind::OutOfMemory => Some("free some memory, or raise its limit (ulimit -v)"),
        _ if cfg!(unix) && error.raw_os_error() == Some(TOO_MANY_FILES) => {
            Some("raise the limit on open files (ulimit -n)")
        }
        _ => None,
    }
}

/// Ascending numbers as ranges: `0 to 4, 7`.
fn ranges(numbers: &[u32]) -> String {
    /// More ranges are only counted.
    const LISTED_MAX: usize = 12;
    let ranges: Vec<&[u32]> = numbers.chunk_by(|a, b| a + 1 == *b).collect();
    let listed = ranges.iter().take(LISTED_MAX).map(|range| match range {
        [] => String::new(),
        [one] => one.to_string(),
        [one, other] => format!("{one}, {other}"),
        [first, .., last] => format!("{first} to {last}"),
    });
    let mut text = listed.collect::<Vec<_>>().join(", ");
    let more: usize = ranges.iter().skip(LISTED_MAX).map(|range| range.len()).sum();
    if more > 0 {
        text += &format!(" and {more} more");
    }
    text
}

impl std::error::Error for ResultsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.fault {
            Fault::Io(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_parts_are_listed_as_ranges() {
        let missing = |parts: Vec<u32>| {
            let fault = Fault::MissingParts(parts, 1_000_000);
            ResultsError { path: "out".into(), tried: "merge the parts in", fault }.to_string()
        };
        let text = missing((1..1_000_000).collect());
        assert!(text.contains("out: 999999 of 1000000 are missing: 1 to 999999; run"), "{text}");
        assert!(missing(vec![0, 2, 3, 5, 6, 7]).contains("6 of 1000000 are missing: 0, 2, 3, 5 to 7; run"));
        let text = missing((0..100).map(|i| 2 * i).collect());
        assert!(
            text.contains("missing: 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22 and 88 more; run"),
            "{text}"
        );
    }

    #[test]
    fn of_many_differences_some_are_listed_and_the_others_counted() {
        let text = |n: u32| {
            let fault = Fault::Differs((0..n).map(|i| format!("d{i}")).collect());
            ResultsError { path: "out".into(), tried: "go on with the sweep in", fault }.to_string()
        };
        assert!(text(6).contains("it is of another scenario: d0; d1; d2; d3; d4; d5; choose"), "{}", text(6));
        assert!(text(9).contains("; d5; and 3 more; choose"), "{}", text(9));
    }

    #[test]
    fn an_error_says_where_why_and_what_helps() {
        let full = ResultsError::io(Path::new("out/rounds.csv"), "write", io::ErrorKind::StorageFull.into());
        assert_eq!(
            full.to_string(),
            "cannot write out/rounds.csv: no storage space; free some space, or choose a folder on another disk with --out"
        );
        let there = ResultsError { path: "out".into(), tried: "write a result to", fault: Fault::Exists };
        assert_eq!(
            there.to_string(),
            "cannot write a result to out: a result is there already; choose another folder with --out, or overwrite it with --force"
        );
    }

    #[test]
    fn an_error_of_the_disk_is_the_cause_and_has_help_of_its_kind() {
        use io::ErrorKind as Kind;
        use std::error::Error;
        let help = |tried, error: io::Error| {
            let error = ResultsError::io(Path::new("out"), tried, error);
            assert!(error.source().is_some_and(|cause| error.to_string().contains(&cause.to_string())));
            error.fix()
        };
        for (tried, kind, words) in [
            ("write", Kind::StorageFull, "free some space"),
            ("write", Kind::QuotaExceeded, "free some space"),
            ("write", Kind::PermissionDenied, "that you may write to"),
            ("write", Kind::ReadOnlyFilesystem, "that you may write to"),
            ("write", Kind::FileTooLarge, "ulimit -f"),
            ("write", Kind::OutOfMemory, "ulimit -v"),
            ("write", Kind::NotFound, "check the folder"),
            ("read", Kind::PermissionDenied, "permission to read it"),
            ("read", Kind::OutOfMemory, "ulimit -v"),
            ("read", Kind::Other, "check the file and its disk"),
        ] {
            assert!(help(tried, kind.into()).contains(words), "{tried}, {kind:?}");
        }
        if cfg!(unix) {
            for tried in ["write", "read"] {
                assert!(help(tried, io::Error::from_raw_os_error(TOO_MANY_FILES)).contains("ulimit -n"));
            }
        }
        let there = ResultsError { path: "out".into(), tried: "write a result to", fault: Fault::Exists };
        assert!(there.source().is_none());
    }
}
