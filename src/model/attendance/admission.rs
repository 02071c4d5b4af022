//! At the admission of a round's mixers: who is let in, and where.

use super::super::agent::Agent;
use super::super::population::{Intervention, Towns, World};
use super::super::rules::Rules;
use super::super::ties::AgentId;
use crate::draws::{Purpose, RandomKey, Stream, below, bernoulli};

/// Words that decide whether one agent attends, and where it stands in the order of the guests.
const WORDS: u32 = 2;

/// What decides who comes to a round's mixers, besides the agents themselves.
#[derive(Clone, Copy, Debug)]
pub(in crate::model) struct Admission<'w> {
    /// What no round changes.
    pub rules: &'w Rules,
    /// The key of the replicate's random numbers.
    pub random_key: RandomKey,
    /// Who lives where.
    pub towns: &'w Towns,
    /// Who acts otherwise than by its strategy, if somebody does.
    pub intervention: Option<Intervention>,
    /// The round.
    pub round: u32,
}

impl<'w> Admission<'w> {
    /// What a world has of it.
    pub(in crate::model) fn of(world: &'w World<'_>, round: u32) -> Self {
        Self {
            rules: world.rules,
            random_key: world.random_key,
            towns: &world.towns,
            intervention: world.intervention,
            round,
        }
    }

    /// The words that decide who attends and where it stands, from agent `first` on.
    pub(super) fn words(&self, first: AgentId) -> Stream {
        self.random_key.agents(self.round, Purpose::Attendance, first, WORDS)
    }

    /// Whether an agent attends by its own strategy, given its word.
    #[inline]
    pub(super) fn attends_by_strategy(&self, agent: &Agent, word: u32) -> bool {
        agent.is_active()
            && bernoulli(word, self.rules.scenario.strategies[usize::from(agent.strategy)].attend)
    }

    /// Whether an agent attends by its own strategy.
    pub(in crate::model) fn would_attend(&self, id: AgentId, agent: &Agent) -> bool {
        self.attends_by_strategy(agent, self.words(id).word())
    }

    /// Whether an agent who does not attend by its own strategy comes all the same.
    #[inline]
    pub(super) fn invite(&self, id: AgentId, agent: &Agent) -> bool {
        self.intervention
            .is_some_and(|intervention| intervention.agent == id && intervention.invited == self.round)
            && agent.is_active()
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
        let mut words = self.random_key.agents(self.round, Purpose::Travel, id, 2);
        let [travels, where_to] = [words.word(), words.word()];
        if !bernoulli(travels, travel) {
            return None;
        }
        let pick = below(where_to, self.towns.len() - 1);
        Some(if pick >= self.towns.of(id) { pick + 1 } else { pick })
    }
}
