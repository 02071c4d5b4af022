//! Memory estimates of runs.

use super::Failure;
use super::free_memory::available;
use super::world_memory::{acts_bytes, round_bytes, world_bytes};
use crate::amount::Amount;
use crate::experiment::{
    BYTES_PER_TIE, BetPlan, HorizonRecord, LARGE, PILOT_REPLICATES, SweepPlan, heaviest, one_at_a_time,
};
use crate::model::{AgentRecord, N_METRICS, RoundRecord};
use crate::parallel::ThreadPool;
use crate::results::EventLog;
use crate::scenario::Scenario;

/// The memory that a run needs and the memory that is free, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct MemoryEstimate {
    /// Memory that the run needs.
    pub(super) needed: u64,
    /// Free memory; `None` if the system does not report it.
    pub(super) available: Option<u64>,
    /// The part of `needed` for the points of a sweep.
    points: u64,
}

impl MemoryEstimate {
    fn new(needed: u64) -> Self {
        Self { needed, available: available(), points: 0 }
    }

    /// The estimate for a run on `n_threads`, with or without a list of all agents.
    pub(super) fn of(scenario: &Scenario, n_threads: usize, keep_agents: bool) -> Self {
        let steady = stationarity_bytes(scenario);
        Self::new(footprint(scenario, n_threads, keep_agents).saturating_add(steady))
    }

    /// The estimate for the first replicates of two scenarios side by side, whose acts are compared.
    pub(super) fn of_pair(scenarios: [&Scenario; 2], n_threads: usize) -> Self {
        let one = |scenario: &Scenario| {
            let world = footprint(&scenario.with_replicates(1), n_threads, false);
            world.saturating_add(acts_bytes(scenario))
        };
        Self::new(scenarios.into_iter().map(one).fold(0, u64::saturating_add))
    }

    /// The same with the acts of a round, for a log of events.
    pub(super) fn with_log(mut self, log: Option<EventLog>, scenario: &Scenario) -> Self {
        if log.is_some() {
            self.needed = self.needed.saturating_add(acts_bytes(scenario));
        }
        self
    }

    /// The same with so many networks.
    pub(super) fn with_networks(mut self, n: u64, scenario: &Scenario) -> Self {
        /// Bytes per tie: in a network, and as an edge over time.
        const BYTES: u64 = 12 + 64;
        let agents = u64::from(scenario.population.agents);
        let ties = agents.saturating_mul(u64::from(scenario.population.ties_max)).saturating_mul(BYTES);
        let one = ties.saturating_add(agents * size_of::<AgentRecord>() as u64);
        self.needed = self.needed.saturating_add(n.saturating_mul(one));
        self
    }

    /// The estimate for the pilot replicates of a run.
    pub(super) fn of_pilot(scenario: &Scenario, n_threads: usize) -> Self {
        Self::new(footprint(&scenario.with_replicates(PILOT_REPLICATES), n_threads, false))
    }

    /// The estimate for a bet on `n_threads`.
    pub(super) fn of_bet(plan: &BetPlan, n_threads: usize) -> Self {
        Self::new(bet_footprint(plan, n_threads))
    }

    /// The same with the stories of focal agents. They are told after the bet, so the larger of both counts.
    pub(super) fn with_story(mut self, told: bool, plan: &BetPlan) -> Self {
        if told {
            let scenario = &plan.rules().scenario;
            let agents = u64::from(scenario.population.agents);
            // Needs, lives, accounts and contacts differ once for each agent.
            let differences =
                u64::from(scenario.population.ties_max).saturating_add(4).saturating_mul(BYTES_PER_TIE);
            let worlds = agents.saturating_mul(2 * world_bytes(scenario) + differences);
            let acts = acts_bytes(scenario).saturating_mul(2);
            let round = footprint(&scenario.with_replicates(1), 1, false);
            self.needed = self.needed.max(worlds.saturating_add(acts).saturating_add(round));
        }
        self
    }

    /// The estimate for a sweep: its list of points, and the run of the heaviest point.
    pub(super) fn of_sweep(plan: &SweepPlan, pool: &ThreadPool) -> Self {
        let n_threads = pool.n_threads();
        let weigh = |scenario: &Scenario| {
            if plan.bets() {
                return bet_footprint(&BetPlan::new(scenario, false), n_threads);
            }
            // Units of several points run in parallel.
            let parallel = u32::try_from(n_threads).unwrap_or(u32::MAX);
            let replicates = scenario.replicates.max(parallel);
            footprint(&scenario.with_replicates(replicates), n_threads, false)
        };
        // Shared records are of the threads, but no number of agents changes them.
        let shared = plan.shared_bytes().saturating_mul(n_threads as u64);
        let (points, available) = (plan.held_bytes().saturating_add(shared), available());
        let left = available.map_or(u64::MAX, |available| available.saturating_sub(points));
        let needed = heaviest(plan, pool, left, weigh).saturating_add(points);
        Self { needed, available, points }
    }

    /// Whether the run fits.
    pub(super) fn fits(&self) -> bool {
        self.available.is_none_or(|available| self.needed <= available)
    }

    /// Refuses a run that does not fit.
    pub(super) fn check(&self) -> Result<(), Failure> {
        match self.available {
            Some(available) if !self.fits() => {
                let fix = if self.points > self.needed / 2 {
                    "take fewer points"
                } else {
                    "lower population.agents, population.ties_max or --threads"
                };
                Err(Failure::Failed(format!(
                    "this run needs about {} of memory and {} are free; {fix}",
                    in_words(self.needed),
                    in_words(available)
                )))
            }
            _ => Ok(()),
        }
    }
}

/// The memory of a run: worlds that are in memory at once, and records that wait to be written.
fn footprint(scenario: &Scenario, n_threads: usize, keep_agents: bool) -> u64 {
    /// Bytes of an ordered pair of strategies (counts, flows, contrasts), as measured with 300 of them.
    const PAIR_BYTES: u64 = 15_000;
    /// The program itself.
    const BASE_BYTES: u64 = 8_000_000;
    let agents = u64::from(scenario.population.agents);
    let window = scenario.evolution.as_ref().map_or(0, |evolution| u64::from(evolution.window));
    let agent = world_bytes(scenario) + size_of::<Amount>() as u64 * window;
    let rows = u64::from(scenario.rounds) * scenario.strategies.len() as u64;
    let listed = if keep_agents { agents * size_of::<AgentRecord>() as u64 } else { 0 };
    let record = rows * size_of::<RoundRecord>() as u64 + listed;
    let (worlds, records) = if one_at_a_time(scenario, n_threads) {
        (1, 1)
    } else {
        // Each thread makes one record, and twice as many can wait for an earlier one.
        (n_threads as u64, (3 * n_threads as u64).min(scenario.replicates.into()))
    };
    let all = u128::from(worlds) * u128::from(agents * agent + round_bytes(scenario))
        + u128::from(records) * u128::from(record);
    let pairs = PAIR_BYTES * (scenario.strategies.len() as u64).pow(2);
    // Their texts are kept for the record.
    let files = scenario.provenance().files.iter().map(|file| file.text.len() as u64).sum::<u64>();
    let given = files + scenario.community().bytes();
    u64::try_from(all).unwrap_or(u64::MAX).saturating_add(BASE_BYTES + pairs + given)
}

/// Memory for the test of a steady state: of every metric of each strategy the mean over each batch of rounds, summed
/// over replicates and of one replicate.
fn stationarity_bytes(scenario: &Scenario) -> u64 {
    const COPIES: u64 = 2;
    let batches = u64::from(scenario.rounds / scenario.batch_rounds());
    COPIES * batches * scenario.strategies.len() as u64 * size_of::<[f64; N_METRICS]>() as u64
}

/// The memory of a bet.
fn bet_footprint(plan: &BetPlan, n_threads: usize) -> u64 {
    /// The two copies of the world at the event, for one focal agent.
    const COPIES: u64 = 2;
    let scenario = &plan.rules().scenario;
    // As for replicates: records of worlds that wait to be written.
    let waiting = (3 * n_threads as u64).min(plan.bet().worlds.into());
    let record = u64::from(plan.bet().focals) * (plan.horizons().len() * size_of::<HorizonRecord>()) as u64;
    let run = footprint(scenario, n_threads, false).saturating_add(waiting.saturating_mul(record));
    let copies = if plan.decomposes() { COPIES.max(plan.worlds_compared()) } else { COPIES };
    // Focal agents of a large world are run one after the other, each on all threads.
    let parallel = if scenario.population.agents < LARGE { n_threads as u64 } else { 1 };
    let world = u64::from(scenario.population.agents).saturating_mul(world_bytes(scenario));
    (parallel * copies).saturating_mul(world).saturating_add(run)
}

/// The peak of resident memory of this process so far, in bytes; `None` except on Linux.
pub(super) fn peak() -> Option<u64> {
    peak_in(&std::fs::read_to_string("/proc/self/status").ok()?)
}

/// The peak from the kernel's status of a process, which has it in KiB.
fn peak_in(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(1024 * line.trim().strip_suffix("kB")?.trim_end().parse::<u64>().ok()?)
}

/// A number of bytes with a suitable unit.
pub(super) fn in_words(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KB", "MB", "GB", "TB", "PB"];
    let mut value = bytes as f64 / 1e3;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1e3;
        unit += 1;
    }
    if value < 9.95 { format!("{value:.1} {}", UNITS[unit]) } else { format!("{value:.0} {}", UNITS[unit]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_footprint_is_near_what_was_measured() {
        // Peak resident memory of one replicate of 12 rounds, in bytes.
        let measured = [
            (100_000, 50, "private", 71.8e6),
            (1_000_000, 50, "private", 503.6e6),
            (1_000_000, 50, "public", 714.5e6),
            (1_000_000, 12, "private", 187.1e6),
        ];
        for (agents, ties_max, kind, measured) in measured {
            let sets = [
                format!("population.agents={agents}"),
                format!("population.ties_max={ties_max}"),
                format!("reputation.kind={kind}"),
            ];
            let scenario = Scenario::parse("", &sets.each_ref().map(String::as_str)).unwrap();
            let needed = footprint(&scenario.with_rounds(12).with_replicates(1), 2, false) as f64;
            assert!((0.95..1.05).contains(&(needed / measured)), "{needed} for {measured}");
        }
    }

    #[test]
    fn the_peak_is_found_in_the_status() {
        assert_eq!(
            peak_in("Name:\tmingle\nVmPeak:\t  900 kB\nVmHWM:\t   12 kB\nVmRSS:\t   8 kB\n"),
            Some(12_288)
        );
        assert_eq!(peak_in("Name:\tmingle\n"), None);
    }

    #[test]
    fn bytes_have_suitable_units() {
        assert_eq!(in_words(1_234), "1.2 KB");
        assert_eq!(in_words(45_000_000), "45 MB");
        assert_eq!(in_words(999_900_000), "1.0 GB");
    }

    #[test]
    fn a_run_that_does_not_fit_is_refused_with_the_figures() {
        let memory = MemoryEstimate { needed: 64_000_000_000, available: Some(8_000_000_000), points: 0 };
        let Err(Failure::Failed(text)) = memory.check() else { panic!("it fits") };
        assert!(text.contains("64 GB") && text.contains("8.0 GB"), "{text}");
        assert!(text.contains("population.agents"), "{text}");
        let of_points = MemoryEstimate { points: 60_000_000_000, ..memory };
        let Err(Failure::Failed(text)) = of_points.check() else { panic!("it fits") };
        assert!(text.ends_with("take fewer points"), "{text}");
        assert!(MemoryEstimate { available: None, ..memory }.check().is_ok());
    }
}
