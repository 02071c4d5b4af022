//! Looks of dots that speak for one of the two strategies, or for neither.

use super::super::theme::{Look, MUTED};
use super::SweepEvidence;
use crate::stats::Interval;

impl SweepEvidence {
    /// Whose lead an estimate shows: the name and look of that strategy, or grey where it is unclear.
    pub(super) fn speaker(&self, estimate: &Interval) -> (String, Look) {
        let [first, second] = self.pair();
        match super::side(estimate) {
            0 => (format!("better as {first}"), self.looks[0]),
            2 => (format!("better as {second}"), self.looks[1]),
            _ => ("unclear".to_owned(), Look { colour: MUTED, dash: &[] }),
        }
    }
}
