//! Sweeps: the same experiment at many design points.

mod groups;
mod heaviest;
mod lattice;
mod plan;
mod point;

pub(crate) use heaviest::heaviest;
pub(crate) use lattice::Side;
pub use plan::SweepPlan;
pub use point::{ListedPoint, PointFault, SweepPoint};

use std::ops::{ControlFlow, Range};

use super::replicates::LARGE;
use super::{
    BetPlan, Outcome, Progress, ReplicateRecord, WorldRecord, amount_cluster, bet, net_drifts, outcomes,
    replicate_seed,
};
use crate::model::{Prices, Rules, Simulation};
use crate::parallel::{Parallelism, ThreadPool, stream};
use crate::scenario::{Scenario, Until};
use crate::stats::Cluster;

/// A unit of work in a sweep: some replicates (worlds of a bet) of one point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    /// The point's number.
    pub point: u64,
    /// Numbers of the replicates.
    pub replicates: Range<u32>,
}

impl Unit {
    /// Number of replicates.
    pub(crate) fn n_replicates(&self) -> u32 {
        self.replicates.end - self.replicates.start
    }
}

/// The result of a replicate of a run, by strategy.
#[derive(Clone, Debug)]
pub(crate) struct RunOutcome {
    /// Means over the rounds after burn-in.
    pub outcomes: Vec<Outcome>,
    /// Drift of net benefit over these rounds; see [`net_drifts`].
    pub drifts: Vec<f64>,
}

/// The results of a unit.
#[derive(Clone, Debug)]
pub(crate) enum UnitRecord {
    /// By replicate.
    Runs(Vec<RunOutcome>),
    /// By world.
    Worlds(Vec<WorldRecord>),
}

/// Maximum number of replicates of a unit. It is small, so that an interrupted sweep has some replicates of every
/// point.
pub(crate) const UNIT_REPLICATES: u32 = 5;

/// Runs `n` units (`unit` returns each by its number) and passes their results to `consume`, in order, as soon as they
/// are complete. It ends early if [`Progress::stop`] was called or `consume` broke.
///
/// The results of a unit depend on the unit and the plan alone. Only a few units are in memory at a time.
pub(crate) fn run_units(
    plan: &SweepPlan,
    n: usize,
    unit: impl Fn(usize) -> Unit + Sync,
    pool: &ThreadPool,
    progress: &Progress,
    mut consume: impl FnMut(Unit, Result<UnitRecord, PointFault>) -> ControlFlow<()>,
) {
    let groups = plan.groups(n, &unit);
    let n = groups.as_ref().map_or(n, Vec::len);
    let group = |i: usize| groups.as_ref().map_or_else(|| vec![unit(i)], |groups| groups[i].clone());
    let mut consume_all =
        |records: Vec<(Unit, _)>| records.into_iter().try_for_each(|(unit, record)| consume(unit, record));
    if plan.agents_max() < LARGE {
        stream(pool, n, |i| run_group(plan, group(i), Parallelism::SERIAL, progress), consume_all);
        return;
    }
    for i in 0..n {
        let records = pool.install(|par| run_group(plan, group(i), par, progress));
        let Some(records) = records else { return };
        if consume_all(records).is_break() {
            return;
        }
    }
}

/// A unit with its results, or with what is wrong with its point.
type Done = (Unit, Result<UnitRecord, PointFault>);

/// Runs units of the same replicates of points that differ only in prices. `None` if it was stopped.
fn run_group(
    plan: &SweepPlan,
    units: Vec<Unit>,
    par: Parallelism<'_>,
    progress: &Progress,
) -> Option<Vec<Done>> {
    let (mut done, mut scenarios) = (Vec::new(), Vec::new());
    for unit in units {
        let point = plan.point(unit.point);
        if plan.bets() {
            let record = plan.bet_at(&point).map(|bet| run_worlds(&bet, &unit, par, progress));
            done.push((unit, record.map_or_else(|fault| Some(Err(fault)), |worlds| worlds.map(Ok))?));
            continue;
        }
        match plan.scenario_at(&point) {
            Ok(scenario) => scenarios.push((unit, scenario)),
            Err(fault) => done.push((unit, Err(fault))),
        }
    }
    let Some((Unit { replicates, .. }, _)) = scenarios.first() else { return Some(done) };
    let replicates = replicates.clone();
    let (units, scenarios): (Vec<Unit>, Vec<Scenario>) = scenarios.into_iter().unzip();
    let rules = Rules::new(&scenarios[0]);
    let prices: Vec<Prices> = scenarios.iter().map(Prices::new).collect();
    let prices: Vec<&Prices> = prices.iter().collect();
    let mut runs: Vec<Vec<RunOutcome>> = vec![Vec::new(); units.len()];
    for replicate in replicates {
        let outcomes = run_priced(&rules, &prices, replicate, par, progress)?;
        runs.iter_mut().zip(outcomes).for_each(|(runs, outcome)| runs.push(outcome));
    }
    done.extend(units.into_iter().zip(runs).map(|(unit, runs)| (unit, Ok(UnitRecord::Runs(runs)))));
    Some(done)
}

fn run_worlds(bet: &BetPlan, unit: &Unit, par: Parallelism<'_>, progress: &Progress) -> Option<UnitRecord> {
    let worlds = unit.replicates.clone().map(|world| bet::run_world(bet, world, par, progress));
    worlds.collect::<Option<_>>().map(UnitRecord::Worlds)
}

/// Runs one replicate and returns its outcome at each of these prices. `None` if it was stopped.
fn run_priced(
    rules: &Rules,
    prices: &[&Prices],
    replicate: u32,
    par: Parallelism<'_>,
    progress: &Progress,
) -> Option<Vec<RunOutcome>> {
    let scenario = &rules.scenario;
    let seed = replicate_seed(scenario.seed, replicate);
    let mut records = vec![ReplicateRecord { replicate, seed, ..ReplicateRecord::default() }; prices.len()];
    let mut simulation = Simulation::new(rules, seed, par);
    for _ in 0..scenario.rounds {
        if progress.is_stopped() {
            return None;
        }
        let rounds = simulation.step_priced(par, prices);
        records.iter_mut().zip(rounds).for_each(|(record, rounds)| record.rounds.extend(rounds));
        progress.round_of(prices.len());
    }
    let outcome = |record: &ReplicateRecord| RunOutcome {
        outcomes: outcomes(record, scenario.burn_in, scenario.strategies.len()),
        drifts: net_drifts(record, scenario, scenario.burn_in),
    };
    Some(records.iter().map(outcome).collect())
}

/// The number of replicates (worlds) of a point in the sweep. If the scenario asks for as many as are needed for a
/// clear result, the point is run to find this number. `None` if it was stopped.
///
/// # Errors
/// If the values of the point are not valid together.
pub(crate) fn replicates_needed(
    plan: &SweepPlan,
    point: u64,
    pool: &ThreadPool,
    progress: &Progress,
) -> Result<Option<u32>, PointFault> {
    let (batch, most) = (plan.batch(), plan.replicates_max());
    if plan.rules().until == Until::Fixed {
        return Ok(Some(batch));
    }
    let mut contrast: Vec<Cluster> = Vec::new();
    loop {
        let start = u32::try_from(contrast.len()).expect("replicates are numbered in 32 bits");
        let wanted = (start + batch).min(most);
        let unit = |i: usize| {
            let first = start + u32::try_from(i).expect("replicates are numbered in 32 bits");
            Unit { point, replicates: first..first + 1 }
        };
        let mut fault = None;
        run_units(plan, (wanted - start) as usize, unit, pool, progress, |_, record| match record {
            Ok(record) => {
                contrast.push(contrast_of(plan, &record));
                ControlFlow::Continue(())
            }
            Err(found) => {
                fault = Some(found);
                ControlFlow::Break(())
            }
        });
        match fault {
            Some(fault) => return Err(fault),
            None if contrast.len() < wanted as usize => return Ok(None),
            None if plan.enough(&contrast) => return Ok(Some(wanted)),
            None => {}
        }
    }
}

/// The cluster of the contrast from a unit of one replicate.
fn contrast_of(plan: &SweepPlan, record: &UnitRecord) -> Cluster {
    match record {
        UnitRecord::Runs(runs) => Cluster::of(runs.iter().map(|run| {
            let [first, second] = plan.contrast().map(|s| run.outcomes[s][plan.metrics()[plan.metric()]]);
            second - first
        })),
        UnitRecord::Worlds(worlds) => {
            let last = worlds.iter().flat_map(|world| &world.twins).filter_map(|twin| twin.horizons.last());
            amount_cluster(last.map(|at| at.second.net - at.first.net))
        }
    }
}

/// The first point whose values are not valid together, among at most `most` evenly spaced points. Every value of
/// a list is checked.
pub(crate) fn first_fault(plan: &SweepPlan, most: u64, pool: &ThreadPool) -> Option<PointFault> {
    let n = plan.n_points();
    let step = n.div_ceil(most.max(1)).max(1);
    let check = |number| plan.scenario_at(&plan.point(number)).err();
    if let Some(number) = plan.first_unread() {
        return check(number);
    }
    let points: Vec<u64> = (0..n.div_ceil(step)).map(|i| i * step).collect();
    pool.install(|par| par.map(points, check)).into_iter().flatten().next()
}
