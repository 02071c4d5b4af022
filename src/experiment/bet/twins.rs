//! Twins: two copies of one world that differ in the behaviour of one agent at one event.
//!
//! Some interventions change nothing: the agent attends anyway and keeps its own behaviour. So the world without any
//! intervention is one twin of all these focal agents. It is run once for all of them.

use super::plan::BetPlan;
use super::record::{Gain, HorizonRecord, TwinRecord};
use super::runner::Runner;
use super::track::{Paid, Track};
use crate::model::{AgentId, Payments, Simulation};

/// A focal agent, its partners at the event in either world, and the payments in each world.
struct Pair {
    focal: AgentId,
    partners: Vec<AgentId>,
    /// `None` until the world has been run.
    paid: [Option<Vec<Paid>>; 2],
}

/// Runs the twins of all focal agents, from the world at the start of the event's round.
pub(super) fn run(
    runner: &Runner<'_, '_>,
    before: &Simulation<'_>,
    focals: &[AgentId],
) -> Option<Vec<TwinRecord>> {
    let mut pairs = runner.each(focals.to_vec(), |runner, focal| {
        let pair = run_pair(runner, before, focal)?;
        runner.focal_done();
        Some(pair)
    })?;
    run_without_intervention(runner, before, &mut pairs)?;
    Some(pairs.into_iter().map(|pair| record(runner.plan, pair)).collect())
}

/// Runs the two worlds of one focal agent, except a world that the intervention does not change.
fn run_pair(runner: &Runner<'_, '_>, before: &Simulation<'_>, focal: AgentId) -> Option<Pair> {
    let plan = runner.plan;
    let interventions = plan.interventions(focal);
    let mut worlds = Vec::with_capacity(2);
    for intervention in interventions {
        let mut world = before.clone();
        world.set_intervention(Some(intervention));
        runner.advance(&mut world)?;
        worlds.push(world);
    }
    let partners = union(worlds[0].partners(), worlds[1].partners());
    let mut paid = [None, None];
    for ((mut world, intervention), paid) in worlds.into_iter().zip(interventions).zip(&mut paid) {
        if plan.is_idle(intervention, before) {
            continue;
        }
        let mut track = Track::new(focal, &partners, before, &world);
        track.update(plan, &world);
        for _ in 0..plan.last_horizon() {
            runner.advance(&mut world)?;
            track.update(plan, &world);
        }
        *paid = Some(track.paid);
    }
    Some(Pair { focal, partners, paid })
}

/// Runs the world without any intervention, for all pairs that lack a world.
fn run_without_intervention(
    runner: &Runner<'_, '_>,
    before: &Simulation<'_>,
    pairs: &mut [Pair],
) -> Option<()> {
    let missing = |pair: &Pair| pair.paid.iter().any(Option::is_none);
    if !pairs.iter().any(missing) {
        return Some(());
    }
    let mut world = before.clone();
    runner.advance(&mut world)?;
    let track = |pair: &Pair| Track::new(pair.focal, &pair.partners, before, &world);
    let mut tracks: Vec<Option<Track>> =
        pairs.iter().map(|pair| missing(pair).then(|| track(pair))).collect();
    tracks.iter_mut().flatten().for_each(|track| track.update(runner.plan, &world));
    for _ in 0..runner.plan.last_horizon() {
        runner.advance(&mut world)?;
        tracks.iter_mut().flatten().for_each(|track| track.update(runner.plan, &world));
    }
    for (pair, track) in pairs.iter_mut().zip(tracks) {
        let Some(track) = track else { continue };
        for paid in pair.paid.iter_mut().filter(|paid| paid.is_none()) {
            *paid = Some(track.paid.clone());
        }
    }
    Some(())
}

/// The agents in either list, without duplicates, in ascending order.
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
