//! Replicates that are run to be looked at: their acts, and their networks of ties.

use std::ops::{ControlFlow, RangeInclusive};

use super::{Progress, replicate_seed};
use crate::model::{ActRecord, AgentId, AgentRecord, Rules, Simulation};
use crate::parallel::Parallelism;

/// Runs the replicate with this number up to the last of `rounds`, counted from 0, and passes the acts of each of these
/// rounds to `consume`, in order. Returns whether it came to the end: not if it was stopped, or `consume` broke.
///
/// ```
/// use std::ops::{ControlFlow, RangeInclusive};
///
/// use mingle::{Parallelism, Progress, Rules, Scenario};
///
/// let scenario = Scenario::parse("rounds = 8\n[population]\nagents = 60", &[])?;
/// let mut pushes = 0;
/// mingle::observe_replicate(
///     &Rules::new(&scenario), 0, 4..=7, Parallelism::SERIAL, &Progress::default(),
///     |acts| {
///         pushes += acts.iter().filter(|act| act.kind == mingle::records::ActKind::Push).count();
///         ControlFlow::Continue(())
///     },
/// );
/// assert!(pushes > 0);
/// # Ok::<(), mingle::Diagnostics>(())
/// ```
///
/// # Panics
/// If the scenario has no such rounds.
pub fn observe_replicate(
    rules: &Rules,
    replicate: u32,
    rounds: RangeInclusive<u32>,
    par: Parallelism<'_>,
    progress: &Progress,
    mut consume: impl FnMut(&[ActRecord]) -> ControlFlow<()>,
) -> bool {
    let seed = replicate_seed(rules.scenario.seed, replicate);
    let mut simulation = Simulation::new(rules, seed, par);
    let mut acts = Vec::new();
    for round in 0..=*rounds.end() {
        if progress.is_stopped() {
            return false;
        }
        if rounds.contains(&round) {
            simulation.step_observed(par, &mut acts);
            if consume(&acts).is_break() {
                return false;
            }
            acts.clear();
        } else {
            simulation.advance(par);
        }
        progress.round();
    }
    true
}

/// Who knows whom at the end of a round.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    /// The round.
    pub round: u32,
    /// The state of every agent.
    pub agents: Vec<AgentRecord>,
    /// All ties: from whom, to whom, trust; in the order of both numbers.
    pub ties: Vec<(AgentId, AgentId, f32)>,
}

/// Runs the replicate with this number up to the last of `rounds`, which are in ascending order, and returns its networks
/// at the ends of these rounds. `None` if it was stopped.
pub(crate) fn networks(
    rules: &Rules,
    replicate: u32,
    rounds: &[u32],
    par: Parallelism<'_>,
    progress: &Progress,
) -> Option<Vec<Network>> {
    let mut simulation = Simulation::new(rules, replicate_seed(rules.scenario.seed, replicate), par);
    let mut networks = Vec::new();
    for &round in rounds {
        while simulation.rounds_done() <= round {
            if progress.is_stopped() {
                return None;
            }
            simulation.advance(par);
            progress.round();
        }
        let agents = simulation.agents();
        let ties = (0..rules.scenario.population.agents)
            .flat_map(|from| simulation.ties_of(from).into_iter().map(move |(to, trust)| (from, to, trust)))
            .collect();
        networks.push(Network { round, agents, ties });
    }
    Some(networks)
}
