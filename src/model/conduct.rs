//! How agents behave: usually, when they pay forward or return a favour, and under an intervention.

use super::behaviour::Behaviour;
use super::people::behaviour_of;
use super::population::World;
use super::ties::AgentId;
use crate::draws::{Purpose, bernoulli};

impl World<'_> {
    /// The behaviour of an agent.
    #[inline]
    pub(super) fn behaviour(&self, agent: AgentId) -> &Behaviour {
        let of_strategy = || &self.rules.behaviours[usize::from(self.agents[agent as usize].strategy)];
        self.people.behaviour(agent).unwrap_or_else(of_strategy)
    }

    /// The behaviour of an agent at a mixer of this round.
    pub(super) fn behaviour_at_mixer(&self, agent: AgentId, round: u32) -> &Behaviour {
        if self.pays_forward(agent, round) { self.helpful(agent) } else { self.behaviour(agent) }
    }

    /// The behaviour of an agent toward another in a call of this round: helpful if it returns a favour.
    #[inline]
    pub(super) fn behaviour_in_call(&self, agent: AgentId, other: AgentId, round: u32) -> &Behaviour {
        if self.returns_favour(agent, other, round) { self.helpful(agent) } else { self.behaviour(agent) }
    }

    /// Whether an agent returns a favour to another in this round.
    #[inline]
    pub(super) fn returns_favour(&self, agent: AgentId, other: AgentId, round: u32) -> bool {
        self.favours.are_kept() && self.favours.returns(agent, other, round, self.random_key)
    }

    /// The behaviour of an agent that helps whatever it thinks of the other; its usual one if nobody does.
    pub(super) fn helpful(&self, agent: AgentId) -> &Behaviour {
        let Some(helpful) = self.rules.helpful else { return self.behaviour(agent) };
        let number = self.agents[agent as usize].strategy + helpful;
        self.people.helpful(agent).unwrap_or_else(|| &self.rules.behaviours[usize::from(number)])
    }

    /// Whether an agent pays forward at a mixer: its need was solved lately, and its draw says so.
    fn pays_forward(&self, agent: AgentId, round: u32) -> bool {
        let help = &self.rules.scenario.help;
        let word = || self.random_key.agents(round, Purpose::PayForward, agent, 1).word();
        self.last_helped.is_recent(agent, round, help.pay_forward_rounds)
            && bernoulli(word(), help.pay_forward)
    }

    /// The agent with an intervention in this round, and how it behaves at a mixer: usually, and toward those to whom it
    /// returns a favour.
    pub(super) fn assigned(&self, round: u32) -> Option<(AgentId, [Behaviour; 2])> {
        let intervention = self.intervention?;
        let (agent, number) = (intervention.agent, intervention.behaviour_in(round)?);
        let born = self.tenure(agent).born();
        let behaviour = |number| behaviour_of(self.rules, self.random_key, (agent, born), number);
        let helpful = behaviour(number + self.rules.helpful.unwrap_or(0));
        let usual = if self.pays_forward(agent, round) { helpful } else { behaviour(number) };
        Some((agent, [usual, helpful]))
    }
}
