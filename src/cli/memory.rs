//! Memory estimates of runs.

use super::free_memory::{available, is_limited};
use super::made::Wanted;
use super::{Failure, copies};
use crate::chart;
use crate::experiment::{
    BYTES_PER_TIE, BetPlan, PILOT_REPLICATES, SweepPlan, acts_bytes, bet_memory, footprint, heaviest,
    run_memory, world_bytes,
};
use crate::model::AgentRecord;
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

/// The bet of a scenario, to weigh it. A burn-in that pilot replicates are to find is taken as 0: memory is the same for any.
pub(super) fn bet_of(scenario: &Scenario) -> BetPlan {
    let settled = scenario.auto_burn_in.then(|| scenario.with_rounds(scenario.rounds));
    BetPlan::new(settled.as_ref().unwrap_or(scenario), false)
}

impl MemoryEstimate {
    fn new(needed: u64) -> Self {
        Self { needed, available: available(), points: 0 }
    }

    /// The estimate for a run on `n_threads`, with or without a list of all agents.
    pub(super) fn of(scenario: &Scenario, n_threads: usize, keep_agents: bool) -> Self {
        Self::new(run_memory(scenario, n_threads, keep_agents))
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

    /// The same with what is made from the result. What a run takes is not always given back before.
    pub(super) fn with_made(mut self, wanted: Wanted, scenario: &Scenario, n_threads: usize) -> Self {
        if wanted.charts {
            let (strategies, regions) = (scenario.strategies.len(), scenario.regions.len());
            self.needed = self.needed.saturating_add(chart::memory(strategies, regions, n_threads));
        }
        if wanted.parquet {
            self.needed = self.needed.saturating_add(copies::MEMORY);
        }
        self
    }

    /// The estimate for what is made from results that are there, by the number of strategies.
    pub(super) fn of_charts(n_strategies: usize, n_threads: usize) -> Self {
        Self::new(chart::memory(n_strategies, 1, n_threads))
    }

    /// The estimate for the points of a sweep alone, before they are made: `listed` is the text of a list.
    pub(super) fn of_points(scenario: &Scenario, listed: Option<&str>) -> Self {
        /// A row of a list with its text, and a value in it with its place.
        const ROW_BYTES: u64 = 160;
        const VALUE_BYTES: u64 = 80;
        let factors = scenario.factors.len() as u64;
        let rows = listed.map_or(0, |text| text.bytes().filter(|byte| *byte == b'\n').count() as u64 + 1);
        let listed = rows * (ROW_BYTES + factors * VALUE_BYTES) + 2 * listed.map_or(0, str::len) as u64;
        let points = listed + SweepPlan::slices_bytes(scenario);
        Self { points, ..Self::new(points) }
    }

    /// The estimate for the pilot replicates of a run.
    pub(super) fn of_pilot(scenario: &Scenario, n_threads: usize) -> Self {
        Self::new(footprint(&scenario.with_replicates(PILOT_REPLICATES), n_threads, false))
    }

    /// The estimate for a bet on `n_threads`.
    pub(super) fn of_bet(plan: &BetPlan, n_threads: usize) -> Self {
        Self::new(bet_memory(plan, n_threads))
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
                return bet_memory(&bet_of(scenario), n_threads);
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
                let fix = if is_limited() {
                    format!("{fix}, or raise the limit of the shell (ulimit -v)")
                } else {
                    fix.to_owned()
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
        assert!(text.contains("take fewer points"), "{text}");
        assert!(MemoryEstimate { available: None, ..memory }.check().is_ok());
    }
}
