//! Sweeps: the same experiment at many design points.

mod groups;
mod heaviest;
mod lattice;
mod plan;
mod point;
mod unit;

pub(crate) use heaviest::heaviest;
pub(crate) use lattice::Side;
pub use plan::SweepPlan;
pub use point::{ListedPoint, PointFault, SweepPoint};
pub(crate) use unit::{RunOutcome, Unit, UnitRecord};

use std::ops::ControlFlow;

use super::replicates::LARGE;
use super::{BetPlan, Progress, ReplicateRecord, amount_cluster, bet, net_drifts, outcomes, replicate_seed};
use crate::model::{Prices, Rules, Simulation};
use crate::parallel::{Parallelism, ThreadPool, stream};
use crate::scenario::{Scenario, Until};
use crate::stats::Cluster;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::run_numbered;
    use crate::scenario::{Source, parse_sweep};

    fn plan(text: &str) -> SweepPlan {
        let scenario = parse_sweep(&Source { name: "test", bytes: text.as_bytes() }, &[], &["net"], &[]);
        SweepPlan::new(scenario.unwrap_or_else(|faults| panic!("{faults}")), Vec::new())
    }

    const WORLD: &str = "rounds = 26\nburn_in = 5\nreplicates = 3\n[population]\nagents = 90\ntown_size = 45\n\
        [mixer]\ntravel = 0.3\ntravel_cost = 0.7\n";
    const FACTORS: &str = "[[factor]]\nname = \"legibility\"\nkeys = \"reputation.legibility\"\nlevels = 2\n\
        [[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nmax = 0.73\nlevels = 3\n\
        [[factor]]\nname = \"costs\"\nkeys = [\"help.assist_cost\", \"help.refer_cost\", \"mixer.cost\", \
        \"mixer.travel_cost\", \"help.encourage_cost\", \"population.tie_cost\"]\nmin = 0.013\nmax = 3.1\nlevels = 2\n\
        [[factor]]\nname = \"values\"\nkeys = [\"needs.value\", \"help.encourage_value\"]\nmin = 0.7\nmax = 11.1\n\
        levels = 2\n";

    fn units(plan: &SweepPlan) -> Vec<Unit> {
        (0..plan.n_points()).map(|point| Unit { point, replicates: 0..2 }).collect()
    }

    fn bits(run: &RunOutcome) -> Vec<u64> {
        run.outcomes.iter().flatten().chain(&run.drifts).map(|number| number.to_bits()).collect()
    }

    #[test]
    fn points_with_other_prices_have_the_numbers_of_simulations_of_their_own() {
        // Where callers weigh the fee, points with other fees behave differently, and share nothing. Where helpers weigh
        // the cost, only the fee is a price.
        let worlds = [
            ("[reputation]\nkind = \"private\"\n", 2),
            ("[reputation]\nkind = \"public\"\n", 2),
            ("[calls]\nprice_sensitivity = 1.5\n", 6),
            ("[calls]\nonly_if_pays = true\n", 24),
            ("[help]\ncost_sensitivity = 1.5\n", 8),
        ];
        for (more, n_groups) in worlds {
            let plan = plan(&format!("{WORLD}{more}{FACTORS}"));
            let units = units(&plan);
            let groups = plan.groups(units.len(), |i| units[i].clone()).map_or(24, |groups| groups.len());
            assert_eq!((units.len(), groups), (24, n_groups), "{more}");
            let mut seen = 0;
            run_units(
                &plan,
                units.len(),
                |i| units[i].clone(),
                &ThreadPool::new(2).unwrap(),
                &Progress::default(),
                |unit, record| {
                    let Ok(UnitRecord::Runs(runs)) = record else { panic!("{record:?}") };
                    let scenario = plan.scenario_at(&plan.point(unit.point)).unwrap();
                    let numbers: Vec<u32> = unit.replicates.collect();
                    let mut runs = runs.iter();
                    let done = run_numbered(
                        &scenario,
                        &numbers,
                        &ThreadPool::new(1).unwrap(),
                        false,
                        &Progress::default(),
                        |record| {
                            let alone = RunOutcome {
                                outcomes: outcomes(&record, 5, 3),
                                drifts: net_drifts(&record, &scenario, 5),
                            };
                            assert_eq!(bits(runs.next().unwrap()), bits(&alone), "point {}", unit.point);
                            ControlFlow::Continue(())
                        },
                    );
                    assert_eq!(done, 2);
                    seen += 1;
                    ControlFlow::Continue(())
                },
            );
            assert_eq!(seen, 24);
        }
    }
}
