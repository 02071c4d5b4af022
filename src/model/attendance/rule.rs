//! The rule of attendance: whether an agent attends this round's mixers, and in which town.

use super::super::agent::Agent;
use super::super::intervention::Intervention;
use super::super::people::People;
use super::super::population::World;
use super::super::rules::Rules;
use super::super::ties::AgentId;
use super::super::towns::Towns;
use crate::draws::{Purpose, RandomKey, Stream, below, bernoulli, happens};

/// Random words per agent: whether it attends, and its position in the order of guests.
const WORDS: u32 = 2;

/// Everything that decides who attends a round's mixers, besides the agents themselves.
#[derive(Clone, Copy, Debug)]
pub(in crate::model) struct AttendanceRule<'w> {
    /// The rules, which no round changes.
    pub rules: &'w Rules,
    /// What people have of their own.
    people: &'w People,
    /// The key of the replicate's random numbers.
    pub random_key: RandomKey,
    /// Home towns.
    pub towns: &'w Towns,
    /// The intervention, if there is one.
    pub intervention: Option<Intervention>,
    /// The round.
    pub round: u32,
}

impl<'w> AttendanceRule<'w> {
    /// The rule in a round of a world.
    pub(in crate::model) fn of(world: &'w World<'_>, round: u32) -> Self {
        Self {
            rules: world.rules,
            people: &world.people,
            random_key: world.random_key,
            towns: &world.towns,
            intervention: world.intervention,
            round,
        }
    }

    /// The random words of attendance, from agent `first` on.
    pub(super) fn words(&self, first: AgentId) -> Stream {
        self.random_key.agents(self.round, Purpose::Attendance, first, WORDS)
    }

    /// Whether an agent attends by its own strategy, given its random word.
    #[inline]
    pub(super) fn attends(&self, id: AgentId, agent: &Agent, word: u32) -> bool {
        let of_strategy = || &self.rules.behaviours[usize::from(agent.strategy)];
        agent.is_active() && happens(word, self.people.behaviour(id).unwrap_or_else(of_strategy).attend)
    }

    /// Whether an agent attends by its own strategy.
    pub(in crate::model) fn would_attend(&self, id: AgentId, agent: &Agent) -> bool {
        self.attends(id, agent, self.words(id).word())
    }

    /// Whether an agent attends because it is invited.
    #[inline]
    pub(super) fn is_invited(&self, id: AgentId, agent: &Agent) -> bool {
        self.intervention
            .is_some_and(|intervention| intervention.agent == id && intervention.invited == self.round)
            && agent.is_active()
    }

    /// Whether all guests attend in their home towns.
    #[inline]
    pub(in crate::model) fn all_stay(&self) -> bool {
        self.towns.len() == 1 || self.rules.scenario.mixer.travel <= 0.0
    }

    /// The town to which a guest travels; `None` if it stays in its home town.
    #[inline]
    pub(super) fn travel_destination(&self, id: AgentId) -> Option<u32> {
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
