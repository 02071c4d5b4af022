//! At the doors of a round's mixers: who is let in, and where.

use super::super::agent::Agent;
use super::super::population::{Role, Towns, World};
use super::super::rules::Rules;
use super::super::ties::AgentId;
use crate::draws::{Luck, Purpose, Stream, below, chance};

/// Words that decide whether one agent attends, and where it stands in the order of the guests.
const WORDS: u32 = 2;

/// What decides who comes to a round's mixers, besides the agents themselves.
#[derive(Clone, Copy, Debug)]
pub(in crate::model) struct Doors<'w> {
    /// What no round changes.
    pub rules: &'w Rules,
    /// The replicate's luck.
    pub luck: Luck,
    /// Who lives where.
    pub towns: &'w Towns,
    /// Who acts otherwise than by its strategy, if somebody does.
    pub role: Option<Role>,
    /// The round.
    pub round: u32,
}

impl<'w> Doors<'w> {
    /// What a world has of it.
    pub(in crate::model) fn of(world: &'w World<'_>, round: u32) -> Self {
        Self { rules: world.rules, luck: world.luck, towns: &world.towns, role: world.role, round }
    }

    /// The words that decide who attends and where it stands, from agent `first` on.
    pub(super) fn words(&self, first: AgentId) -> Stream {
        self.luck.agents(self.round, Purpose::Attendance, first, WORDS)
    }

    /// Whether an agent attends by its own strategy, given its word.
    #[inline]
    pub(super) fn admit(&self, agent: &Agent, word: u32) -> bool {
        agent.is_active() && chance(word, self.rules.scenario.strategies[usize::from(agent.strategy)].attend)
    }

    /// Whether an agent attends by its own strategy.
    pub(in crate::model) fn would_admit(&self, id: AgentId, agent: &Agent) -> bool {
        self.admit(agent, self.words(id).word())
    }

    /// Whether an agent who does not attend by its own strategy comes all the same.
    #[inline]
    pub(super) fn summon(&self, id: AgentId, agent: &Agent) -> bool {
        self.role.is_some_and(|role| role.agent == id && role.summoned == self.round) && agent.is_active()
    }

    /// Whether nobody ever goes to another town.
    #[inline]
    pub(in crate::model) fn all_stay(&self) -> bool {
        self.towns.len() == 1 || self.rules.scenario.mixer.travel <= 0.0
    }

    /// The other town that a guest goes to, if it travels.
    #[inline]
    pub(super) fn destination(&self, id: AgentId) -> Option<u32> {
        if self.all_stay() {
            return None;
        }
        let travel = self.rules.scenario.mixer.travel;
        let mut words = self.luck.agents(self.round, Purpose::Travel, id, 2);
        let [travels, where_to] = [words.word(), words.word()];
        if !chance(travels, travel) {
            return None;
        }
        let pick = below(where_to, self.towns.len() - 1);
        Some(if pick >= self.towns.of(id) { pick + 1 } else { pick })
    }
}
