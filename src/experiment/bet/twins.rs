//! Twins: two copies of one world that differ in how one agent acts at one event.
//!
//! A intervention that changes nothing leaves the world as it is. So the world without any intervention is the twin of all
//! focal agents who come anyway and act there in their usual behaviour, and is run once for all of them.

use super::plan::BetPlan;
use super::play::Play;
use super::record::{Gain, HorizonRecord, TwinRecord};
use super::track::{Paid, Track};
use crate::experiment::replicate_seed;
use crate::model::{AgentId, Intervention, Payments, Simulation};
use crate::parallel::Parallelism;

/// A focal agent, whom it talked to at the event in either world, and what came of it in each.
struct Pair {
    focal: AgentId,
    partners: Vec<AgentId>,
    /// None while the world is still to be run.
    paid: [Option<Vec<Paid>>; 2],
}

/// The twins of all focal agents, from the world at the start of the event's round.
pub(super) fn play(
    play: &Play<'_, '_>,
    before: &Simulation<'_>,
    focals: &[AgentId],
) -> Option<Vec<TwinRecord>> {
    let mut pairs = play.each(focals.to_vec(), |play, focal| {
        let pair = play_pair(play, before, focal)?;
        play.focal_done();
        Some(pair)
    })?;
    play_undisturbed(play, before, &mut pairs)?;
    Some(pairs.into_iter().map(|pair| record(play.plan, pair)).collect())
}

/// Both worlds of one focal agent, but for one that its intervention does not change.
fn play_pair(play: &Play<'_, '_>, before: &Simulation<'_>, focal: AgentId) -> Option<Pair> {
    let plan = play.plan;
    let interventions = plan.sides().map(|behaviour| plan.intervention(focal, behaviour));
    let mut worlds = Vec::with_capacity(2);
    for intervention in interventions {
        let mut world = before.clone();
        world.set_intervention(Some(intervention));
        play.advance(&mut world)?;
        worlds.push(world);
    }
    let partners = union(worlds[0].partners(), worlds[1].partners());
    let mut paid = [None, None];
    for ((mut world, intervention), paid) in worlds.into_iter().zip(interventions).zip(&mut paid) {
        if plan.is_idle(intervention, before) {
            continue;
        }
        let mut track = Track::new(focal, &partners, before, &world);
        track.look(plan, &world);
        for _ in 0..plan.last_horizon() {
            play.advance(&mut world)?;
            track.look(plan, &world);
        }
        *paid = Some(track.paid);
    }
    Some(Pair { focal, partners, paid })
}

/// The world without any intervention, for all who need it.
fn play_undisturbed(play: &Play<'_, '_>, before: &Simulation<'_>, pairs: &mut [Pair]) -> Option<()> {
    let missing = |pair: &Pair| pair.paid.iter().any(Option::is_none);
    if !pairs.iter().any(missing) {
        return Some(());
    }
    let mut world = before.clone();
    play.advance(&mut world)?;
    let track = |pair: &Pair| Track::new(pair.focal, &pair.partners, before, &world);
    let mut tracks: Vec<Option<Track>> =
        pairs.iter().map(|pair| missing(pair).then(|| track(pair))).collect();
    tracks.iter_mut().flatten().for_each(|track| track.look(play.plan, &world));
    for _ in 0..play.plan.last_horizon() {
        play.advance(&mut world)?;
        tracks.iter_mut().flatten().for_each(|track| track.look(play.plan, &world));
    }
    for (pair, track) in pairs.iter_mut().zip(tracks) {
        let Some(track) = track else { continue };
        for paid in pair.paid.iter_mut().filter(|paid| paid.is_none()) {
            *paid = Some(track.paid.clone());
        }
    }
    Some(())
}

/// The plain way to the twins of one focal agent: two whole runs from the first round on, with all
/// their records. [`super::run_bet`] comes to the same, to the bit, and is held to that by a test.
///
/// # Panics
/// If there is no such agent.
pub fn plain_twin(plan: &BetPlan, world: u32, focal: AgentId) -> TwinRecord {
    let seed = replicate_seed(plan.rules().scenario.seed, world);
    let par = Parallelism::SERIAL;
    let run = |intervention: Intervention| {
        let mut simulation = Simulation::new(plan.rules(), seed, par);
        for _ in 0..plan.event_round() {
            simulation.step(par);
        }
        let before = simulation.clone();
        simulation.set_intervention(Some(intervention));
        simulation.step(par);
        (before, simulation)
    };
    let mut runs = plan.sides().map(|behaviour| run(plan.intervention(focal, behaviour)));
    let partners = union(runs[0].1.partners(), runs[1].1.partners());
    let paid = runs.each_mut().map(|(before, world)| {
        let mut track = Track::new(focal, &partners, before, world);
        track.look(plan, world);
        for _ in 0..plan.last_horizon() {
            world.step(par);
            track.look(plan, world);
        }
        Some(track.paid)
    });
    record(plan, Pair { focal, partners, paid })
}

/// Everyone in either list, once, in order.
fn union(one: &[AgentId], other: &[AgentId]) -> Vec<AgentId> {
    let mut all = [one, other].concat();
    all.sort_unstable();
    all.dedup();
    all
}

fn record(plan: &BetPlan, pair: Pair) -> TwinRecord {
    let [first, second] = pair.paid.map(|paid| paid.expect("both worlds were run"));
    let prices = &plan.rules().prices;
    let gain = |payments: &Payments| Gain { amounts: prices.amounts(payments), net: prices.net(payments) };
    let rest = |paid: &Paid| prices.net(&paid.everyone.since(&paid.focal.and(&paid.partners)));
    let horizons = plan.horizons().iter().zip(first.iter().zip(&second));
    let horizons = horizons.map(|(&horizon, (first, second))| HorizonRecord {
        horizon,
        first: gain(&first.focal),
        second: gain(&second.focal),
        partners: prices.net(&second.partners) - prices.net(&first.partners),
        rest: rest(second) - rest(first),
    });
    TwinRecord { focal: pair.focal, horizons: horizons.collect() }
}
