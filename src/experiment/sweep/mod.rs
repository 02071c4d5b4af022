//! Sweeps: the same experiment at many design points.

mod heaviest;
mod lattice;
mod plan;
mod point;

pub(crate) use heaviest::heaviest;
pub(crate) use lattice::Side;
pub use plan::SweepPlan;
pub use point::{ListedPoint, PointFault, SweepPoint};

use std::ops::{ControlFlow, Range};

use super::replicates::{LARGE, run_one};
use super::{Outcome, Progress, ReplicateRecord, WorldRecord, amount_cluster, bet, outcomes};
use crate::model::Rules;
use crate::parallel::{Parallelism, ThreadPool, stream};
use crate::scenario::Until;
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

/// The results of a unit.
#[derive(Clone, Debug)]
pub(crate) enum UnitRecord {
    /// By replicate, then by strategy.
    Runs(Vec<Vec<Outcome>>),
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
    if plan.agents_max() < LARGE {
        let run = |i| {
            let unit = unit(i);
            run_unit(plan, &unit, Parallelism::SERIAL, progress).map(|record| (unit, record))
        };
        stream(pool, n, run, |(unit, record)| consume(unit, record));
        return;
    }
    for i in 0..n {
        let unit = unit(i);
        let Some(record) = pool.install(|par| run_unit(plan, &unit, par, progress)) else { return };
        if consume(unit, record).is_break() {
            return;
        }
    }
}

/// Runs one unit. `None` if it was stopped.
fn run_unit(
    plan: &SweepPlan,
    unit: &Unit,
    par: Parallelism<'_>,
    progress: &Progress,
) -> Option<Result<UnitRecord, PointFault>> {
    let point = plan.point(unit.point);
    if plan.bets() {
        let bet = match plan.bet_at(&point) {
            Ok(bet) => bet,
            Err(fault) => return Some(Err(fault)),
        };
        let worlds = unit.replicates.clone().map(|world| bet::run_world(&bet, world, par, progress));
        return Some(Ok(UnitRecord::Worlds(worlds.collect::<Option<_>>()?)));
    }
    let scenario = match plan.scenario_at(&point) {
        Ok(scenario) => scenario,
        Err(fault) => return Some(Err(fault)),
    };
    let rules = Rules::new(&scenario);
    let run = |replicate| {
        let record: ReplicateRecord = run_one(&rules, replicate, par, false, progress)?;
        Some(outcomes(&record, scenario.burn_in, scenario.strategies.len()))
    };
    Some(Ok(UnitRecord::Runs(unit.replicates.clone().map(run).collect::<Option<_>>()?)))
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
        UnitRecord::Runs(runs) => Cluster::of(runs.iter().map(|outcomes| {
            let [first, second] = plan.contrast().map(|s| outcomes[s][plan.metrics()[plan.metric()]]);
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
