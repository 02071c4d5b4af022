//! How a command can end other than well.

use crate::chart::ChartError;
use crate::results::ResultsError;
use crate::scenario::Diagnostics;

/// Exit code for what went wrong while doing what was asked.
pub(super) const FAILED: u8 = 1;
/// Exit code for wrong arguments or a wrong scenario.
pub(super) const USAGE: u8 = 2;
/// Exit code after Ctrl-C, as shells have it: 128 + SIGINT.
pub(super) const INTERRUPTED: u8 = 130;

/// Exit code of a task that is to be tried again, as sysexits has it (EX_TEMPFAIL).
pub(super) const TRY_AGAIN: u8 = 75;

/// Why a command ended early.
#[derive(Debug)]
pub(super) enum Failure {
    /// What was asked for makes no sense.
    Usage(String),
    /// The scenario has faults.
    Scenario(Box<Diagnostics>),
    /// A point of a sweep has them: which one.
    Point(String, Box<Diagnostics>),
    /// The faults have been told already.
    Reported,
    /// It could not be done.
    Failed(String),
    /// The user interrupted; what was kept.
    Interrupted(String),
    /// It could not be done now, but may be later.
    TryAgain(String),
    /// Whoever reads stdout has had enough.
    BrokenPipe,
}

impl From<ResultsError> for Failure {
    fn from(error: ResultsError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<ChartError> for Failure {
    fn from(error: ChartError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<Diagnostics> for Failure {
    fn from(diagnostics: Diagnostics) -> Self {
        Self::Scenario(Box::new(diagnostics))
    }
}
