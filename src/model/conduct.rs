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

#[cfg(test)]
mod tests {
    use super::super::intervention::Intervention;
    use super::super::round::Simulation;
    use super::super::rules::Rules;
    use crate::parallel::Parallelism;
    use crate::scenario::Scenario;

    #[test]
    fn an_intervention_by_the_own_strategy_of_a_guest_changes_nothing() {
        let grateful: [&[&str]; 4] = [
            &["help.reciprocity=1"],
            &["help.pay_forward=1"],
            &["help.pay_forward=0.5", "help.reciprocity=0.5", "strategy.warrior.comply={mean=0.4, sd=0.1}"],
            &["reputation.kind=public", "strategy.servant.ask={mean=0.2, sd=0.1}"],
        ];
        for sets in grateful {
            let common = ["population.agents=60", "needs.rate=0.9", "mixer.every=1", "survival.overhead=0"];
            let rules = Rules::new(&Scenario::parse("", &[&common, sets].concat()).unwrap());
            let mut before = Simulation::new(&rules, 3, Parallelism::SERIAL);
            (0..4).for_each(|_| before.advance(Parallelism::SERIAL));
            let mut plain = before.clone();
            plain.advance(Parallelism::SERIAL);
            for (agent, life) in (0..60).map(|agent| (agent, before.life(agent))) {
                if !before.would_attend(agent) {
                    continue;
                }
                let mut twin = before.clone();
                let behaviour = life.strategy.unwrap();
                twin.set_intervention(Some(Intervention { agent, invited: 4, behaviour, until: 4 }));
                twin.advance(Parallelism::SERIAL);
                assert!(twin.same_state_as(&plain), "agent {agent}, {sets:?}");
            }
        }
    }
}
