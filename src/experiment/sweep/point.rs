//! The points of a sweep: where they come from, what they set, and what is wrong with them.

use std::fmt;
use std::ops::Range;

use crate::scenario::{Assignment, Diagnostics};

/// A row of a list of points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedPoint {
    /// Its first line in the file, from 1.
    pub line: usize,
    /// As it stands there.
    pub text: String,
    /// The value of each factor.
    pub values: Vec<String>,
    /// Where in the text each stands.
    pub places: Vec<Range<usize>>,
}

/// A point of a sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepPoint {
    /// Its number in the design.
    pub number: u64,
    /// The value of each factor, as tables show it.
    pub values: Vec<String>,
    /// What makes the scenario of the point from that of the file.
    pub sets: Vec<Assignment>,
}

/// A point whose values are not valid together.
#[derive(Clone, Debug)]
pub struct PointFault {
    /// The point.
    pub point: u64,
    /// What is wrong with its scenario.
    pub diagnostics: Box<Diagnostics>,
}

impl fmt::Display for PointFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "point {}:\n{}", self.point, self.diagnostics)
    }
}

impl std::error::Error for PointFault {}
