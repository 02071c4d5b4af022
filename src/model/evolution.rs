//! Evolution: agents compare what they gained of late, and may take over another's strategy.

use super::population::World;
use super::ties::AgentId;
use crate::amount::Amount;
use crate::draws::{Purpose, below, below_wide, bernoulli};
use crate::parallel::Parallelism;
use crate::scenario::{Among, EvolutionRules};

/// Net benefit of every agent at the end of the last `window` rounds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NetHistory {
    /// Net benefit since birth, a row of all agents for each of the last rounds.
    nets: Vec<Amount>,
    n_agents: usize,
    window: usize,
}

impl NetHistory {
    /// No round yet.
    pub(super) fn new(n_agents: usize, window: u32) -> Self {
        let window = window as usize;
        Self { nets: vec![Amount::ZERO; n_agents * window], n_agents, window }
    }

    /// A newcomer has gained nothing so far.
    pub(super) fn forget(&mut self, agent: AgentId) {
        for row in self.nets.chunks_mut(self.n_agents) {
            row[agent as usize] = Amount::ZERO;
        }
    }

    /// Takes note of net benefit since birth at the end of a round; returns net benefit summed
    /// over the last `window` rounds, this one included, or since birth if that is less.
    fn note(&mut self, round: u32, nets: Vec<Amount>) -> Vec<Amount> {
        let first = round as usize % self.window * self.n_agents;
        let row = &mut self.nets[first..first + self.n_agents];
        nets.into_iter().zip(row).map(|(now, then)| now - std::mem::replace(then, now)).collect()
    }
}

/// With chance `rate` an agent compares its recent net benefit with that of a random other and
/// adopts its strategy with chance 1 / (1 + exp(-intensity x (other's - own))) (the Fermi rule);
/// then, with chance `mutation`, it takes any strategy. All compare before anyone changes.
pub(super) fn imitate(
    world: &mut World<'_>,
    history: &mut NetHistory,
    rules: &EvolutionRules,
    round: u32,
    par: Parallelism<'_>,
) {
    let prices = &world.rules.prices;
    let nets =
        par.map(world.parts(), |part| part.map(|id| prices.net(&world.payments(id))).collect::<Vec<_>>());
    let recent = history.note(round, nets.concat());
    let active: Vec<AgentId> =
        (0..world.n_agents()).filter(|&id| world.agents[id as usize].is_active()).collect();
    let changes = par.map(world.parts(), |part| revise(world, rules, round, &recent, &active, part));
    for (id, strategy) in changes.into_iter().flatten() {
        world.agents[id as usize].strategy = strategy;
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
) -> Vec<(AgentId, u16)> {
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
            changes.push((id, strategy));
        }
    }
    changes
}

/// A random other: any active agent, or a random contact.
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
            let own = active.binary_search(&id).expect("whoever compares is active");
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
    fn memory_sums_the_window_and_no_more() {
        let mut history = NetHistory::new(1, 2);
        let windows: Vec<Amount> = [1.0, 3.0, 6.0, 10.0]
            .into_iter()
            .zip(0..)
            .map(|(net, round)| history.note(round, vec![Amount::of(net)])[0])
            .collect();
        assert_eq!(windows, [1.0, 3.0, 5.0, 7.0].map(Amount::of));
        history.forget(0);
        assert_eq!(history.note(4, vec![Amount::of(2.0)]), [Amount::of(2.0)]);
    }
}
