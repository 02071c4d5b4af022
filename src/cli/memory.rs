//! Memory estimates of runs.

use super::Failure;
use super::free_memory::available;
use crate::amount::Amount;
use crate::experiment::{
    BYTES_PER_TIE, BetPlan, HorizonRecord, LARGE, PILOT_REPLICATES, SweepPlan, heaviest, one_at_a_time,
};
use crate::model::{
    ActRecord, AgentRecord, CORRECTION_BYTES, EVENTS_AT_ONCE, FAVOUR_BYTES, N_METRICS, NEED_BYTES,
    PERSON_BYTES, RoundRecord, SURPLUS_BYTES,
};
use crate::parallel::ThreadPool;
use crate::results::EventLog;
use crate::scenario::{ReputationKind, Scenario};

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

/// Memory for the acts of a round, in lists that double when they grow.
fn acts_bytes(scenario: &Scenario) -> u64 {
    /// Acts of a guest in a slot: half a talk, and at most two acts. Each act has a judgement, and those of bystanders.
    const ACTS_OF_GUEST: f64 = 2.5;
    const JUDGED: f64 = 2.0;
    /// Acts of an agent outside mixers.
    const ACTS_OF_AGENT: f64 = 2.0;
    let (guests, reputation) = (guests(scenario), &scenario.reputation);
    let others = guests.min(scenario.mixer.size.into()) as f64;
    let private = reputation.kind == ReputationKind::Private;
    let judges = 1.0 + if private { reputation.observe * others } else { 0.0 };
    let guest = f64::from(scenario.mixer.slots) * (ACTS_OF_GUEST + JUDGED * judges);
    let acts = guests as f64 * guest + f64::from(scenario.population.agents) * ACTS_OF_AGENT;
    // Beyond 64 bits it is more than any machine has.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let bytes = (2.0 * acts * size_of::<ActRecord>() as f64).ceil() as u64;
    bytes
}

/// The number of guests of all events of a round, on average.
fn guests(scenario: &Scenario) -> u64 {
    let attending: f64 = scenario.strategies.iter().map(|s| s.share * s.attend).sum();
    // Shares and chances are 0 to 1, so this is a number of agents.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let guests = (f64::from(scenario.population.agents) * attending.min(1.0)).ceil() as u64;
    guests
}

/// Memory that is used within a round only: attendance, copies of the guests' ties, and messages of calls and gossip.
fn round_bytes(scenario: &Scenario) -> u64 {
    let later = scenario.periods().map(|(_, period)| round_bytes_by_rules(&period));
    round_bytes_by_rules(scenario).max(later.max().unwrap_or(0))
}

/// The same by the rules of a period.
fn round_bytes_by_rules(scenario: &Scenario) -> u64 {
    /// Bytes per guest in the attendance.
    const ATTENDANCE_BYTES: u64 = 16;
    /// Further bytes per guest at an event, besides copies of ties.
    const SEAT_BYTES: u64 = 12;
    /// Bytes per guest for the state of its event.
    const EVENT_BYTES: u64 = 260;
    /// Bytes per agent for messages.
    const MESSAGE_BYTES: u64 = 10;
    let agents = u64::from(scenario.population.agents);
    let ties = u64::from(scenario.population.ties_max);
    let private = scenario.reputation.kind == ReputationKind::Private;
    let guests = guests(scenario);
    let seat = SEAT_BYTES + TIE_BYTES * ties;
    let seated = if private || ties == 0 {
        seat * guests.min(EVENTS_AT_ONCE * u64::from(scenario.mixer.size))
    } else {
        // All events of a round run slot by slot, so all are in memory.
        (seat + EVENT_BYTES) * guests
    };
    let messages = if private { MESSAGE_BYTES * agents } else { 0 };
    ATTENDANCE_BYTES * guests + seated + messages
}

/// Bytes of an agent's state, of its fees, of its tenure (under survival, or if ties cost something), of when it was
/// helped (if people pay forward), and of one tie, measured on worlds of up
/// to a million agents.
const AGENT_BYTES: u64 = 44;
const FEES_BYTES: u64 = 12;
const TENURE_BYTES: u64 = 8;
const HELPED_BYTES: u64 = 2;
const TIE_BYTES: u64 = 8;

/// Bytes per agent between rounds, at most, with what changes of prices add.
fn world_bytes(scenario: &Scenario) -> u64 {
    let later = scenario.periods().map(|(_, period)| bytes_by_rules(&period));
    let settled = if scenario.changes_prices() { CORRECTION_BYTES } else { 0 };
    bytes_by_rules(scenario).max(later.max().unwrap_or(0)) + settled
}

/// Bytes per agent between rounds by the rules of a period.
fn bytes_by_rules(scenario: &Scenario) -> u64 {
    let ties = u64::from(scenario.population.ties_max);
    let fees = if ties > 0 { FEES_BYTES } else { 0 };
    let tenure = if scenario.survival.is_some() || scenario.charges_ties() { TENURE_BYTES } else { 0 };
    let helped = if scenario.help.pay_forward > 0.0 { HELPED_BYTES } else { 0 };
    let at_once = u64::from(scenario.needs.at_once);
    let needs = if at_once > 1 { at_once * NEED_BYTES } else { 0 };
    let sizes = if scenario.needs.have_sizes() { SURPLUS_BYTES } else { 0 };
    let grateful = scenario.help.pay_forward > 0.0 || scenario.help.reciprocity > 0.0;
    let copies = if grateful { 2 } else { 1 };
    let person = if scenario.people_differ() { copies * PERSON_BYTES } else { 0 };
    let endowed = scenario.survival.as_ref().is_some_and(|survival| survival.endowment_sd > 0.0);
    let surplus = if endowed { size_of::<Amount>() as u64 } else { 0 };
    let mechanisms = helped + favours_bytes(scenario) + needs + sizes + person + surplus;
    AGENT_BYTES + fees + tenure + mechanisms + TIE_BYTES * ties
}

/// Bytes per agent for favours, if there is somebody who returns them: one for each need that is solved while it is owed.
fn favours_bytes(scenario: &Scenario) -> u64 {
    /// The list grows by doubling.
    const SPARE: f64 = 2.0;
    if scenario.help.reciprocity == 0.0 {
        return 0;
    }
    let rounds = f64::from(scenario.help.reciprocity_rounds.min(scenario.rounds));
    let most = (rounds * scenario.needs.rate).min(f64::from(scenario.population.agents - 1));
    // At most the number of rounds, which is small.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let bytes = (SPARE * most * FAVOUR_BYTES as f64).ceil() as u64;
    bytes
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
    fn the_acts_of_a_round_take_less_than_estimated_and_not_much_less() {
        for sets in [&[][..], &["reputation.observe=0.3"], &["reputation.kind=public"]] {
            let common = ["population.agents=2000", "rounds=5", "burn_in=0"];
            let scenario = Scenario::parse("", &[&common[..], sets].concat()).unwrap();
            let rules = crate::model::Rules::new(&scenario);
            let mut world = crate::model::Simulation::new(&rules, 1, crate::parallel::Parallelism::SERIAL);
            let mut acts = Vec::new();
            world.step_observed(crate::parallel::Parallelism::SERIAL, &mut acts);
            let (real, estimate) = ((acts.len() * size_of::<ActRecord>()) as u64, acts_bytes(&scenario));
            assert!(2 * real <= estimate && estimate <= 12 * real, "{sets:?}: {real} of {estimate}");
        }
    }

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
    fn people_who_differ_take_memory() {
        let of = |sets: &[&str]| world_bytes(&Scenario::parse("", sets).unwrap());
        assert_eq!(of(&["strategy.warrior.ask.sd=0.1"]) - of(&[]), PERSON_BYTES);
        assert_eq!(of(&["population.start_trust.sd=0.1"]), of(&[]), "it is needed at the start only");
        assert_eq!(of(&["survival.endowment.sd=1"]) - of(&["survival.overhead=0"]), 16);
    }

    #[test]
    fn favours_take_memory_as_long_as_they_are_owed() {
        let of = |sets: &[&str]| world_bytes(&Scenario::parse("", sets).unwrap());
        let owed = |rounds: &str| of(&["help.reciprocity=0.1", rounds]) - of(&[]);
        // A tenth of the needs of each round, with as much to spare.
        assert_eq!(owed("help.reciprocity_rounds=20"), 2 * 2 * FAVOUR_BYTES);
        assert_eq!(owed("help.reciprocity_rounds=1000"), (312 * FAVOUR_BYTES).div_ceil(10));
    }

    #[test]
    fn sizes_of_needs_and_further_needs_take_memory() {
        let of = |sets: &[&str]| world_bytes(&Scenario::parse("", sets).unwrap());
        assert_eq!(of(&["needs.sizes=[1, 10]", "needs.size_shares=[0.9, 0.1]"]) - of(&[]), 40);
        assert_eq!(of(&["needs.at_once=5"]) - of(&[]), 30);
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
