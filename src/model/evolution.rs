//! Evolution: agents compare their recent net benefit and can adopt another's strategy.

use super::act::{ActKind, ActRecord};
use super::population::World;
use super::ties::AgentId;
use crate::amount::Amount;
use crate::draws::{Purpose, below, below_wide, bernoulli};
use crate::parallel::Parallelism;
use crate::scenario::{Among, EvolutionRules};

/// Net benefit of every agent at the ends of the last `window` rounds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NetHistory {
    /// Net benefit since birth: one row of all agents per round, the last `window` rounds in a ring buffer.
    nets: Vec<Amount>,
    n_agents: usize,
    window: usize,
}

impl NetHistory {
    /// An empty history.
    pub(super) fn new(n_agents: usize, window: u32) -> Self {
        let window = window as usize;
        Self { nets: vec![Amount::ZERO; n_agents * window], n_agents, window }
    }

    /// Resets the history of a newcomer to 0.
    pub(super) fn reset(&mut self, agent: AgentId) {
        for row in self.nets.chunks_mut(self.n_agents) {
            row[agent as usize] = Amount::ZERO;
        }
    }

    /// Records net benefit since birth at the end of a round. Returns net benefit over the last `window` rounds,
    /// this one included, or since birth if that is less.
    fn record(&mut self, round: u32, nets: Vec<Amount>) -> Vec<Amount> {
        let first = round as usize % self.window * self.n_agents;
        let row = &mut self.nets[first..first + self.n_agents];
        nets.into_iter().zip(row).map(|(now, then)| now - std::mem::replace(then, now)).collect()
    }
}

/// With chance `rate` an agent compares its recent net benefit with that of a random other. It adopts the other's
/// strategy with chance 1 / (1 + exp(-intensity x (other's - own))) (the Fermi rule). Then, with chance `mutation`,
/// it takes a random strategy. All agents compare before any changes. Returns the changes.
pub(super) fn imitate(
    world: &mut World<'_>,
    history: &mut NetHistory,
    rules: &EvolutionRules,
    round: u32,
    par: Parallelism<'_>,
) -> Vec<Change> {
    let nets = par.map(world.parts(), |part| part.map(|id| world.net(id)).collect::<Vec<_>>());
    let recent = history.record(round, nets.concat());
    let active: Vec<AgentId> =
        (0..world.n_agents()).filter(|&id| world.agents[id as usize].is_active()).collect();
    let changes = par.map(world.parts(), |part| revise(world, rules, round, &recent, &active, part)).concat();
    changes.iter().for_each(|change| world.set_strategy(change.agent, change.to));
    changes
}

/// A change of strategy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    agent: AgentId,
    from: u16,
    to: u16,
}

impl Change {
    /// The change as an act.
    pub(super) fn act(&self, round: u32) -> ActRecord {
        let act = ActRecord::new(round, ActKind::Adopt, self.agent);
        ActRecord { strategy: self.from, other_strategy: Some(self.to), ..act }
    }
}

/// The new strategies of a part of the population.
fn revise(
    world: &World<'_>,
    rules: &EvolutionRules,
    round: u32,
    recent: &[Amount],
    active: &[AgentId],
    part: std::ops::Range<AgentId>,
) -> Vec<Change> {
    let mut draws = world.random_key.agents(round, Purpose::Evolution, part.start, 6);
    let n_strategies = u32::try_from(world.rules.n_strategies()).expect("strategies are few");
    let mut changes = Vec::new();
    for id in part {
        let whom = draws.wide();
        let [revises, adopts, mutates, which] = [draws.word(), draws.word(), draws.word(), draws.word()];
        let agent = &world.agents[id as usize];
        if !agent.is_active() || !bernoulli(revises, rules.rate) {
            continue;
        }
        let mut strategy = agent.strategy;
        if let Some(other) = role_model(world, rules.among, active, id, whom) {
            let gain = recent[other as usize] - recent[id as usize];
            if bernoulli(adopts, fermi(rules.intensity * gain.per(1))) {
                strategy = world.agents[other as usize].strategy;
            }
        }
        if bernoulli(mutates, rules.mutation) {
            strategy = u16::try_from(below(which, n_strategies)).expect("strategies are few");
        }
        if strategy != agent.strategy {
            changes.push(Change { agent: id, from: agent.strategy, to: strategy });
        }
    }
    changes
}

/// A random other agent: any active one, or a contact.
fn role_model(
    world: &World<'_>,
    among: Among,
    active: &[AgentId],
    id: AgentId,
    words: u64,
) -> Option<AgentId> {
    let n = |len: usize| u32::try_from(len).expect("agents are numbered in 32 bits");
    match among {
        Among::Anyone => {
            let own = active.binary_search(&id).expect("an agent that compares is active");
            let pick = below_wide(words, n(active.len() - 1)) as usize;
            active.get(if pick >= own { pick + 1 } else { pick }).copied()
        }
        Among::Ties => {
            let contacts = world.ties.of(id).contacts;
            contacts.get(below_wide(words, n(contacts.len())) as usize).copied()
        }
    }
}

/// The Fermi function, 1 / (1 + exp(-x)).
fn fermi(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fermi_rule_is_indifferent_at_no_gain_and_certain_at_great_ones() {
        assert!(fermi(0.0) == 0.5 && fermi(1e9) == 1.0 && fermi(-1e9) == 0.0);
        assert!((fermi(1.0) + fermi(-1.0) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn history_sums_the_window_and_no_more() {
        let mut history = NetHistory::new(1, 2);
        let windows: Vec<Amount> = [1.0, 3.0, 6.0, 10.0]
            .into_iter()
            .zip(0..)
            .map(|(net, round)| history.record(round, vec![Amount::of(net)])[0])
            .collect();
        assert_eq!(windows, [1.0, 3.0, 5.0, 7.0].map(Amount::of));
        history.reset(0);
        assert_eq!(history.record(4, vec![Amount::of(2.0)]), [Amount::of(2.0)]);
    }
}
