//! A replicate of a scenario, observed for a year after burn-in.

use super::evenings::Evenings;
use super::network::{NetworkYear, Ties, YearOfTies};
use super::people::{People, gain_of_attending, gain_of_manner, givers_at_ends};
use crate::experiment::{Progress, replicate_seed};
use crate::model::{Rules, Simulation};
use crate::parallel::Parallelism;

/// The rounds of a year.
pub(super) const YEAR: u32 = 52;

const SERIAL: Parallelism<'static> = Parallelism::SERIAL;

/// What a replicate shows in the year after burn-in.
#[derive(Debug)]
pub(super) struct Observed {
    pub(super) evenings: Evenings,
    pub(super) people: People,
    pub(super) ties: YearOfTies,
    /// Share of gossip in all conversations.
    pub(super) gossip: f64,
    /// By how much attending adds to net benefit, as a share.
    pub(super) attending: f64,
    /// By how much serving in place of asking adds to the number of people with whom one exchanges help, and to net
    /// benefit, as shares.
    pub(super) peers_of_manner: f64,
    pub(super) net_of_manner: f64,
    /// How common those who serve are among the tenth that gains least, and most.
    pub(super) givers_at_ends: [f64; 2],
}

/// Runs a replicate; `None` if it was stopped.
pub(super) fn observe(rules: &Rules, replicate: u32, progress: &Progress) -> Option<Observed> {
    let s = &rules.scenario;
    let mut world = Simulation::new(rules, replicate_seed(s.seed, replicate), SERIAL);
    for _ in 0..s.burn_in {
        (!progress.is_stopped()).then(|| world.advance(SERIAL))?;
        progress.round();
    }
    let start = world.agents();
    let strategies: Vec<u16> = start.iter().map(|agent| agent.strategy).collect();
    let linger = strategies.iter().map(|strategy| s.strategies[usize::from(*strategy)].linger).collect();
    let mut evenings = Evenings::new(s.mixer.slots, linger);
    let mut people = People::new(start.len());
    // Trust is stored in single precision.
    #[allow(clippy::cast_possible_truncation)]
    let bar = s.calls.min_opinion as f32;
    let mut network = NetworkYear::new(ties(&world), bar);
    let mut acts = Vec::new();
    for round in s.burn_in..s.burn_in + YEAR {
        let before = if round.is_multiple_of(s.mixer.every) { ties(&world) } else { Ties::new() };
        acts.clear();
        (!progress.is_stopped()).then(|| world.step_observed(SERIAL, &mut acts))?;
        if !before.is_empty() {
            network.add(evenings.add(&acts, &before));
        }
        people.add(&acts);
        progress.round();
    }
    let ended = start.iter().zip(world.agents());
    let gained: Vec<f64> = ended.map(|(start, end)| (end.net_total - start.net_total).per(1)).collect();
    let peers = people.peers();
    let talk = s.strategies.iter().map(|strategy| strategy.gossip * strategy.share).sum::<f64>();
    let gossip = talk * f64::from(YEAR) * start.len() as f64;
    Some(Observed {
        gossip: gossip / (gossip + (evenings.conversations() + people.calls()) as f64),
        ties: network.at_end(&ties(&world)),
        attending: gain_of_attending(&gained, &strategies, &s.strategies),
        peers_of_manner: gain_of_manner(&peers, &strategies, &s.strategies),
        net_of_manner: gain_of_manner(&gained, &strategies, &s.strategies),
        givers_at_ends: givers_at_ends(&gained, &strategies, &s.strategies),
        evenings,
        people,
    })
}

/// The ties of every agent.
fn ties(world: &Simulation<'_>) -> Ties {
    let agents = u32::try_from(world.agents().len()).expect("agents are numbered in 32 bits");
    (0..agents).map(|agent| world.ties_of(agent)).collect()
}
