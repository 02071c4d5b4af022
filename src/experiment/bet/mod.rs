//! The bet: the same agent at the same event with the same random numbers, once with one strategy's behaviour and
//! once with another's.

mod crossover;
mod decompose;
mod plan;
mod record;
mod runner;
mod track;
mod twins;

pub use plan::BetPlan;
pub use record::*;

use std::ops::ControlFlow;

use runner::Runner;

use super::{Progress, one_at_a_time, replicate_seed};
use crate::model::Simulation;
use crate::parallel::{Parallelism, ThreadPool, stream};
use crate::scenario::Scenario;

/// Plays a scenario's bet in all its worlds and returns their records, in order.
///
/// # Panics
/// If the scenario has no bet. [`Scenario::parse_bet`] gives it one.
///
/// ```
/// use mingle::{Scenario, ThreadPool};
///
/// let sets = ["population.agents=60", "burn_in=4", "bet.worlds=2", "bet.focals=3", "bet.horizons=[0, 4]"];
/// let scenario = Scenario::parse_bet("", &sets)?;
/// for world in mingle::bet(&scenario, &ThreadPool::new(1)?) {
///     for twin in &world.twins {
///         let last = twin.horizons.last().expect("a bet has a horizon");
///         println!("agent {}: {} as a servant, {} as a warrior", twin.focal, last.second.net, last.first.net);
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn bet(scenario: &Scenario, pool: &ThreadPool) -> Vec<WorldRecord> {
    let plan = BetPlan::new(scenario, false);
    let mut records = Vec::new();
    run_bet(&plan, 0..plan.bet().worlds, pool, &Progress::default(), |record| {
        records.push(record);
        ControlFlow::Continue(())
    });
    records
}

/// Runs the bet in the worlds with these numbers and passes their records to `consume`, in order, as soon as they are
/// complete. Returns the number of records consumed. It is smaller than the number of worlds if [`Progress::stop`] was
/// set or `consume` broke.
///
/// A world's record depends on its number and the plan, not on the pool or on other worlds. Each thread holds the
/// world at the event and a few copies of it, for any number of focal agents.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use mingle::{BetPlan, Progress, Scenario, ThreadPool};
///
/// let sets = ["population.agents=60", "burn_in=4", "bet.worlds=2", "bet.focals=3", "bet.horizons=[0, 4]"];
/// // With the difference split over the traits.
/// let plan = BetPlan::new(&Scenario::parse_bet("", &sets)?, true);
/// mingle::run_bet(&plan, 0..2, &ThreadPool::new(1)?, &Progress::default(), |world| {
///     println!("world {}: {} focal agents, parts of {:?}", world.world, world.parts.len(), plan.differing_traits());
///     ControlFlow::Continue(())
/// });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run_bet(
    plan: &BetPlan,
    worlds: std::ops::Range<u32>,
    pool: &ThreadPool,
    progress: &Progress,
    consume: impl FnMut(WorldRecord) -> ControlFlow<()>,
) -> u32 {
    let done = run_numbered_worlds(plan, &worlds.collect::<Vec<_>>(), pool, progress, consume);
    u32::try_from(done).expect("worlds are numbered in 32 bits")
}

/// [`run_bet`] in the worlds with these numbers, which need not follow one another.
pub(crate) fn run_numbered_worlds(
    plan: &BetPlan,
    worlds: &[u32],
    pool: &ThreadPool,
    progress: &Progress,
    mut consume: impl FnMut(WorldRecord) -> ControlFlow<()>,
) -> usize {
    let n = worlds.len();
    let run = |i: usize, par: Parallelism<'_>| run_world(plan, worlds[i], par, progress);
    if !one_at_a_time(&plan.rules().scenario, pool.n_threads().min(n)) {
        return stream(pool, n, |i| run(i, Parallelism::SERIAL), consume);
    }
    for i in 0..n {
        let Some(record) = pool.install(|par| run(i, par)) else { return i };
        if consume(record).is_break() {
            return i + 1;
        }
    }
    n
}

/// Runs the world with this number, with all its focal agents. `None` if it was stopped. The record is the same as
/// among all worlds.
///
/// ```
/// use mingle::{BetPlan, Parallelism, Progress, Scenario, ThreadPool};
///
/// let sets = ["population.agents=60", "burn_in=4", "bet.worlds=2", "bet.focals=3", "bet.horizons=[0, 4]"];
/// let scenario = Scenario::parse_bet("", &sets)?;
/// let plan = BetPlan::new(&scenario, false);
/// let second = mingle::run_world(&plan, 1, Parallelism::SERIAL, &Progress::default());
/// assert_eq!(second, Some(mingle::bet(&scenario, &ThreadPool::new(1)?).remove(1)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run_world(
    plan: &BetPlan,
    world: u32,
    par: Parallelism<'_>,
    progress: &Progress,
) -> Option<WorldRecord> {
    let seed = replicate_seed(plan.rules().scenario.seed, world);
    let runner = Runner { plan, par, progress };
    let mut before = Simulation::new(plan.rules(), seed, par);
    for _ in 0..plan.event_round() {
        runner.advance(&mut before)?;
    }
    let focals = plan.draw_focals(&before, seed);
    let twins = twins::run(&runner, &before, &focals)?;
    let crossovers =
        if plan.window().is_some() { crossover::run(&runner, &before, &focals)? } else { Vec::new() };
    let parts = if plan.decomposes() { decompose::run(&runner, &before, &focals, seed)? } else { Vec::new() };
    let invited = focals.iter().filter(|&&focal| !before.would_attend(focal)).count();
    let invited = u32::try_from(invited).expect("focal agents are agents");
    let newcomers = focals.into_iter().filter(|focal| before.life(*focal).born > 0).collect();
    Some(WorldRecord { world, seed, invited, newcomers, twins, crossovers, parts })
}
