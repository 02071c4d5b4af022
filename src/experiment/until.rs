//! The level of a scenario, and the batches in which a run gets its replicates.

use crate::scenario::{Scenario, Until};
use crate::stats::Level;

/// The level of confidence of a scenario's intervals.
pub(crate) fn level_of(scenario: &Scenario) -> Level {
    Level::of(scenario.level).expect("a checked level is in its range")
}

/// Maximum number of replicates of a run.
pub(crate) fn replicates_max(scenario: &Scenario) -> u32 {
    match scenario.until {
        Until::Fixed => scenario.replicates,
        Until::Precise | Until::Decided => scenario.replicates_max,
    }
}

/// Maximum number of times that a run judges whether it has enough replicates: once for each batch.
pub(crate) fn looks(scenario: &Scenario) -> u32 {
    replicates_max(scenario).div_ceil(scenario.replicates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_looks_after_every_batch() {
        let of = |sets: &[&str]| {
            let scenario = Scenario::parse("replicates = 20", sets).unwrap();
            (replicates_max(&scenario), looks(&scenario))
        };
        assert_eq!(of(&[]), (20, 1));
        assert_eq!(of(&["until=decided", "replicates_max=50"]), (50, 3));
        assert_eq!(of(&["precision=0.1", "replicates_max=20"]), (20, 1));
        assert_eq!(of(&["precision=0.1", "until=fixed"]), (20, 1));
    }
}
