//! The units of work of a sweep, and their results.

use std::ops::Range;

use crate::experiment::{Outcome, WorldRecord};

/// A unit of work in a sweep: some replicates (worlds of a bet) of one point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    /// The point's number.
    pub point: u64,
    /// Numbers of the replicates.
    pub replicates: Range<u32>,
}

impl Unit {
    /// Number of replicates.
    pub(crate) fn n_replicates(&self) -> u32 {
        self.replicates.end - self.replicates.start
    }
}

/// The result of a replicate of a run, by strategy.
#[derive(Clone, Debug)]
pub(crate) struct RunOutcome {
    /// Means over the rounds after burn-in.
    pub outcomes: Vec<Outcome>,
    /// Drift of net benefit over these rounds; see `net_drifts`.
    pub drifts: Vec<f64>,
}

/// The results of a unit.
#[derive(Clone, Debug)]
pub(crate) enum UnitRecord {
    /// By replicate.
    Runs(Vec<RunOutcome>),
    /// By world.
    Worlds(Vec<WorldRecord>),
}
