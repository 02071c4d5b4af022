//! Faults of one file that a scenario names.

use std::ops::Range;

use super::super::diagnostics::{Fault, Origin, Place};
use super::super::wording::counted;

/// Most faults of a file that are kept; the rest are counted.
const FAULTS_MAX: usize = 200;

/// Collects the faults of a file.
#[derive(Debug)]
pub(super) struct Reporter {
    /// Position of the file among those of the scenario.
    file: usize,
    faults: Vec<Fault>,
    omitted: usize,
    /// The first of those that are only counted.
    first_omitted: Option<Place>,
}

impl Reporter {
    pub(super) fn new(file: usize) -> Self {
        Self { file, faults: Vec::new(), omitted: 0, first_omitted: None }
    }

    /// A place in the file.
    pub(super) fn place(&self, span: Range<usize>) -> Place {
        Place { origin: Origin::Input(self.file), span }
    }

    /// Adds a fault with what is to be said at its place.
    pub(super) fn add(
        &mut self,
        span: Range<usize>,
        label: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let fault = Fault::new(message, help).at(&self.place(span), label);
        self.push(fault);
    }

    /// Adds a fault.
    pub(super) fn push(&mut self, fault: Fault) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(fault);
        } else {
            self.omitted += 1;
            self.first_omitted = self.first_omitted.take().or_else(|| fault.place().cloned());
        }
    }

    /// Whether there is no fault so far.
    pub(super) fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }

    /// Moves the faults to those of the scenario.
    pub(super) fn finish(self, name: &str, faults: &mut Vec<Fault>) {
        faults.extend(self.faults);
        if self.omitted > 0 {
            let message = format!("{name} has {}", counted(self.omitted, "more fault"));
            let fault = Fault::new(message, "mend the others first; many have the same cause");
            let fault = fault.standing_for(self.omitted);
            faults.push(
                self.first_omitted.iter().fold(fault, |fault, place| fault.at(place, "the first of them")),
            );
        }
    }
}
