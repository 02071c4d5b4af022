//! Failures of commands, and exit codes.

use crate::chart::ChartError;
use crate::results::{Fault, ResultsError};
use crate::scenario::Diagnostics;

/// Exit code for a failure while a command runs.
pub(super) const FAILED: u8 = 1;
/// Exit code for wrong arguments or a wrong scenario.
pub(super) const USAGE: u8 = 2;
/// Exit code after Ctrl-C, by the convention of shells: 128 + SIGINT.
pub(super) const INTERRUPTED: u8 = 130;

/// Exit code of a task that should be tried again: `EX_TEMPFAIL` of sysexits.
pub(super) const TRY_AGAIN: u8 = 75;

/// The reason why a command ended early.
#[derive(Debug)]
pub(super) enum Failure {
    /// The arguments are wrong.
    Usage(String),
    /// The scenario has faults.
    Scenario(Box<Diagnostics>),
    /// A point of a sweep has faults; the text names the point.
    Point(String, Box<Diagnostics>),
    /// The scenario has faults, which have been reported already.
    Reported,
    /// It could not be done.
    Failed(String),
    /// The user interrupted the command; the text says what was kept.
    Interrupted(String),
    /// The command failed, but can succeed later.
    TryAgain(String),
    /// The reader of stdout has closed it.
    BrokenPipe,
}

impl From<ResultsError> for Failure {
    fn from(error: ResultsError) -> Self {
        match error.fault {
            Fault::NoParts => Self::Usage(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<ChartError> for Failure {
    fn from(error: ChartError) -> Self {
        match error {
            ChartError::DifferentKinds(_) | ChartError::NothingInCommon => Self::Usage(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<Diagnostics> for Failure {
    fn from(diagnostics: Diagnostics) -> Self {
        Self::Scenario(Box::new(diagnostics))
    }
}
