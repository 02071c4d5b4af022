//! Names of strategies, regions and people, by their positions in the scenario.

use crate::model::AgentId;

/// The names of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'a> {
    pub(super) strategies: &'a [String],
    pub(super) regions: &'a [String],
    /// Names of the people of the first round, by agent; empty if they have none.
    pub(super) people: &'a [String],
}

impl<'a> Names<'a> {
    pub(super) fn strategy(self, position: u16) -> &'a str {
        &self.strategies[usize::from(position)]
    }

    /// The name of a person; none without names, and for newcomers.
    pub(super) fn person(self, agent: AgentId, born: u32) -> Option<&'a str> {
        self.people.get(agent as usize).filter(|_| born == 0).map(String::as_str)
    }

    pub(super) fn region(self, position: u16) -> &'a str {
        &self.regions[usize::from(position)]
    }
}
