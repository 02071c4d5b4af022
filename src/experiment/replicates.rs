//! Replicates: runs of the same scenario with different seeds.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::{ReplicateRecord, SPREAD_QUANTILES, SpreadRecord, amount_quantile};
use crate::model::{Rules, SampleRecord, Simulation};
use crate::parallel::{Parallelism, ThreadPool, stream};
use crate::scenario::Scenario;

/// How far an experiment is, and whether it is to stop; shared with the code that watches it.
///
/// ```
/// use mingle::{Progress, RunOptions, Scenario, ThreadPool};
///
/// let progress = Progress::default();
/// progress.stop(); // From another thread, usually.
/// let dir = std::env::temp_dir().join(format!("mingle-stop-{}", std::process::id()));
/// let stopped = mingle::run_to(
///     &dir, &Scenario::default(), RunOptions::default(), &ThreadPool::new(1)?, &progress,
/// )?;
/// assert!(stopped.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Progress {
    rounds: AtomicU64,
    replicates: AtomicU64,
    expected: AtomicU64,
    stop: AtomicBool,
}

impl Progress {
    /// Rounds simulated so far, over all replicates; for a bet, focal agents.
    pub fn rounds_done(&self) -> u64 {
        self.rounds.load(Ordering::Relaxed)
    }

    /// Replicates complete so far, over all points; for a bet, worlds.
    pub fn replicates_done(&self) -> u64 {
        self.replicates.load(Ordering::Relaxed)
    }

    /// Replicates in all, as far as is known; a sweep that refines finds more.
    pub fn replicates_expected(&self) -> u64 {
        self.expected.load(Ordering::Relaxed)
    }

    /// Stops the experiment before the next round; incomplete replicates are dropped.
    pub fn stop(&self) {
        self.request_stop();
    }

    /// The same; returns whether it had been asked for already.
    pub(crate) fn request_stop(&self) -> bool {
        self.stop.swap(true, Ordering::Relaxed)
    }

    /// Whether the experiment is to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Counts one round.
    pub(crate) fn round(&self) {
        self.round_of(1);
    }

    /// Counts a round of so many replicates.
    pub(crate) fn round_of(&self, replicates: usize) {
        self.rounds.fetch_add(replicates as u64, Ordering::Relaxed);
    }

    /// Counts complete replicates.
    pub(crate) fn complete(&self, replicates: u32) {
        self.replicates.fetch_add(replicates.into(), Ordering::Relaxed);
    }

    /// Sets the number of replicates in all.
    pub(crate) fn expect(&self, replicates: u64) {
        self.expected.store(replicates, Ordering::Relaxed);
    }

    /// Expects at least so many replicates more.
    pub(crate) fn expect_ahead(&self, replicates: u64) {
        self.expected.fetch_max(self.replicates_done().saturating_add(replicates), Ordering::Relaxed);
    }
}

/// The seed of a replicate. For each master seed it is a bijection of the replicate's number, so seeds of a run are
/// distinct. Replicate 0 has the master seed itself. So a run with a recorded seed and one replicate repeats that
/// replicate.
///
/// ```
/// assert_eq!(mingle::replicate_seed(7, 0), 7);
/// assert_ne!(mingle::replicate_seed(7, 1), mingle::replicate_seed(7, 2));
/// ```
pub fn replicate_seed(seed: u64, replicate: u32) -> u64 {
    nth_seed(seed, replicate.into())
}

/// Number of seeds.
pub(super) const SEEDS: u64 = 1 << 53;

/// The seed with a number. For each master seed there are 2^53 distinct seeds.
pub(super) fn nth_seed(seed: u64, number: u64) -> u64 {
    /// An odd number near 2^53 divided by the golden ratio.
    const STEP: u64 = 0x13_C6EF_372F_E94F;
    seed.wrapping_add(number.wrapping_mul(STEP)) & (SEEDS - 1)
}

/// Runs a scenario's number of replicates, whatever `until` says, and returns their records, in order.
///
/// [`run_replicates`] does the same for runs that are too large to be held in memory, or that are to be stopped.
///
/// ```
/// use mingle::{Scenario, ThreadPool};
///
/// let scenario = Scenario::parse("rounds = 8\nreplicates = 2\n[population]\nagents = 60", &[])?;
/// let records = mingle::run(&scenario, &ThreadPool::new(2)?);
/// assert_eq!(records.len(), 2);
/// // One row per round and strategy.
/// assert_eq!(records[0].rounds.len(), 8 * 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run(scenario: &Scenario, pool: &ThreadPool) -> Vec<ReplicateRecord> {
    let mut records = Vec::new();
    run_replicates(scenario, pool, false, &Progress::default(), |record| {
        records.push(record);
        ControlFlow::Continue(())
    });
    records
}

/// Runs all replicates of the scenario on the pool and passes their records to `consume`, in order, as soon as they
/// are complete. With `keep_agents`, records have the final state of every agent. Returns the number of records consumed.
/// It is smaller than the number of replicates if [`Progress::stop`] was called or `consume` broke.
///
/// The records do not depend on the pool. Many small replicates run in parallel. Few or large ones run one after
/// the other, each on all threads, so that only one world is in memory.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use mingle::{Progress, Scenario, ThreadPool};
///
/// let scenario = Scenario::parse("rounds = 8\nreplicates = 40\n[population]\nagents = 60", &[])?;
/// let done = mingle::run_replicates(&scenario, &ThreadPool::new(1)?, true, &Progress::default(), |record| {
///     println!("replicate {} has {} agents", record.replicate, record.agents.len());
///     if record.replicate == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
/// });
/// assert_eq!(done, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run_replicates(
    scenario: &Scenario,
    pool: &ThreadPool,
    keep_agents: bool,
    progress: &Progress,
    consume: impl FnMut(ReplicateRecord) -> ControlFlow<()>,
) -> u32 {
    let numbers: Vec<u32> = (0..scenario.replicates).collect();
    let done = run_numbered(scenario, &numbers, pool, keep_agents, progress, consume);
    u32::try_from(done).expect("replicates are numbered in 32 bits")
}

/// [`run_replicates`] for the replicates with these numbers only. They have the seeds and the records that they have
/// among all replicates.
pub(crate) fn run_numbered(
    scenario: &Scenario,
    numbers: &[u32],
    pool: &ThreadPool,
    keep_agents: bool,
    progress: &Progress,
    mut consume: impl FnMut(ReplicateRecord) -> ControlFlow<()>,
) -> usize {
    let rules = Rules::new(scenario);
    let run = |i: usize, par: Parallelism<'_>| run_one(&rules, numbers[i], par, keep_agents, progress);
    let n = numbers.len();
    if !is_sequential(n, scenario.population.agents, pool.n_threads()) {
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

/// Number of agents from which a world counts as large: its rounds keep all threads busy, and few such worlds are in
/// memory at once.
pub(crate) const LARGE: u32 = 100_000;

/// Whether replicates run one after the other, each on all threads: if there are fewer of them than threads, or if
/// each is large.
pub(crate) fn one_at_a_time(scenario: &Scenario, n_threads: usize) -> bool {
    is_sequential(scenario.replicates as usize, scenario.population.agents, n_threads)
}

fn is_sequential(replicates: usize, agents: u32, n_threads: usize) -> bool {
    replicates < n_threads || agents >= LARGE
}

/// Runs the replicate with this number. `None` if it was stopped. The record is the same as among all replicates.
///
/// ```
/// use mingle::{Parallelism, Progress, Rules, Scenario, ThreadPool};
///
/// let scenario = Scenario::parse("rounds = 8\nreplicates = 2\n[population]\nagents = 60", &[])?;
/// let rules = Rules::new(&scenario);
/// let second = mingle::run_replicate(&rules, 1, Parallelism::SERIAL, &Progress::default());
/// let all = mingle::run(&scenario, &ThreadPool::new(1)?);
/// assert_eq!(format!("{:?}", second.expect("nobody stopped it")), format!("{:?}", all[1]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run_replicate(
    rules: &Rules,
    replicate: u32,
    par: Parallelism<'_>,
    progress: &Progress,
) -> Option<ReplicateRecord> {
    run_one(rules, replicate, par, false, progress)
}

/// Runs one replicate. `None` if it was stopped.
pub(super) fn run_one(
    rules: &Rules,
    replicate: u32,
    par: Parallelism<'_>,
    keep_agents: bool,
    progress: &Progress,
) -> Option<ReplicateRecord> {
    let scenario = &rules.scenario;
    let seed = replicate_seed(scenario.seed, replicate);
    let mut simulation = Simulation::new(rules, seed, par);
    let mut rounds = Vec::with_capacity(scenario.rounds as usize * scenario.strategies.len());
    let mut spread = Vec::new();
    let mut nets = Vec::new();
    for round in 0..scenario.rounds {
        if progress.is_stopped() {
            return None;
        }
        rounds.extend(simulation.step(par));
        if has_spread(round, scenario.rounds) {
            nets = sorted_nets(&simulation);
            spread.extend(spread_of(round, &nets));
        }
        progress.round();
    }
    Some(ReplicateRecord {
        replicate,
        seed,
        rounds,
        flows: simulation.flows(),
        regions: simulation.regions(),
        quantiles: nets.iter().map(|nets| percentiles(nets)).collect(),
        spread,
        sample: sample(&simulation, replicate),
        agents: if keep_agents { simulation.agents() } else { Vec::new() },
        lives: if scenario.survival.is_some() { simulation.lives() } else { Vec::new() },
    })
}

/// Whether the spread of net benefit is recorded after a round: in every 13th (a quarter of a year) and the last. More
/// often it would cost too much: as much as a tenth of a round.
fn has_spread(round: u32, rounds: u32) -> bool {
    const EVERY: u32 = 13;
    (round + 1).is_multiple_of(EVERY) || round + 1 == rounds
}

/// Net benefit since birth of all members, by strategy, ascending.
fn sorted_nets(simulation: &Simulation<'_>) -> Vec<Vec<f64>> {
    let mut nets = simulation.nets_by_strategy();
    nets.iter_mut().for_each(|nets| nets.sort_unstable_by(f64::total_cmp));
    nets
}

/// The spread of net benefit after a round, of strategies that have members.
fn spread_of(round: u32, nets: &[Vec<f64>]) -> impl Iterator<Item = SpreadRecord> {
    let there = (0..).zip(nets).filter(|(_, nets)| !nets.is_empty());
    there.map(move |(strategy, nets)| SpreadRecord {
        round,
        strategy,
        quantiles: SPREAD_QUANTILES.map(|p| amount_quantile(nets, p)),
    })
}

/// The quantiles 0, 0.01 ... 1 of amounts in ascending order; empty if there are no amounts.
fn percentiles(ascending: &[f64]) -> Vec<f64> {
    let percents = if ascending.is_empty() { 0..0 } else { 0..101 };
    percents.map(|percent| amount_quantile(ascending, f64::from(percent) / 100.0)).collect()
}

/// The sample of people of the first replicate.
fn sample(simulation: &Simulation<'_>, replicate: u32) -> SampleRecord {
    /// Number of people: more would be a tangle in a picture.
    const PEOPLE: usize = 150;
    let sample = if replicate == 0 { simulation.neighbourhood(PEOPLE) } else { SampleRecord::default() };
    if sample.ties.is_empty() { SampleRecord::default() } else { sample }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_replicates_share_a_seed_and_the_first_has_the_master_seed() {
        let mut seeds: Vec<u64> = (0..100_000).map(|k| replicate_seed(1, k)).collect();
        assert_eq!(seeds[0], 1);
        seeds.sort_unstable();
        seeds.dedup();
        assert_eq!(seeds.len(), 100_000);
        assert!(seeds.iter().all(|&s| s < 1 << 53), "exact in double precision");
    }

    #[test]
    fn percentiles_interpolate() {
        let quantiles = percentiles(&[1.0, 2.0, 3.0]);
        assert_eq!((quantiles[0], quantiles[25], quantiles[50], quantiles[100]), (1.0, 1.5, 2.0, 3.0));
        assert!(percentiles(&[]).is_empty());
    }

    #[test]
    fn the_spread_is_recorded_each_quarter_and_at_the_end() {
        let recorded = |rounds| (0..rounds).filter(|round| has_spread(*round, rounds)).collect::<Vec<_>>();
        assert_eq!(recorded(1), [0]);
        assert_eq!(recorded(26), [12, 25]);
        assert_eq!(recorded(30), [12, 25, 29]);
    }

    #[test]
    fn the_spread_after_the_last_round_is_that_of_the_end() {
        let text = "rounds = 20\nburn_in = 4\nreplicates = 2\n[population]\nagents = 90";
        let scenario = Scenario::parse(text, &[]).unwrap();
        let records = run(&scenario, &ThreadPool::new(1).unwrap());
        for record in &records {
            let last: Vec<&SpreadRecord> = record.spread.iter().filter(|row| row.round == 19).collect();
            assert_eq!(last.len(), 3);
            for (row, quantiles) in last.iter().zip(&record.quantiles) {
                let there = [5, 25, 50, 75, 95].map(|percent| quantiles[percent]);
                assert_eq!(row.quantiles, there);
            }
        }
        assert!(records[1].sample.people.is_empty() && records[0].sample.people.len() == 90);
        assert!(!records[0].sample.ties.is_empty());
    }
}
