//! Names of strategies and regions, by their positions in the scenario.

/// The names of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'a> {
    pub(super) strategies: &'a [String],
    pub(super) regions: &'a [String],
}

impl<'a> Names<'a> {
    pub(super) fn strategy(self, position: u16) -> &'a str {
        &self.strategies[usize::from(position)]
    }

    pub(super) fn region(self, position: u16) -> &'a str {
        &self.regions[usize::from(position)]
    }
}
