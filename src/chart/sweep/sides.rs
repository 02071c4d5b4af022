//! Styles of dots that favour one of the two strategies, or neither.

use super::super::theme::{MUTED, Style};
use super::SweepEvidence;
use crate::results::SweepPointRow;

impl SweepEvidence {
    /// Name and style of the strategy that is clearly ahead at a point, or grey if it is unclear.
    pub(super) fn speaker(&self, row: &SweepPointRow) -> (String, Style) {
        let [first, second] = self.pair();
        match super::side(&row.together) {
            0 => (format!("better as {first}"), self.styles[0]),
            2 => (format!("better as {second}"), self.styles[1]),
            _ => ("unclear".to_owned(), Style { colour: MUTED, dash: &[] }),
        }
    }
}
