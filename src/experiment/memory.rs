//! The memory that runs and bets take, estimated from their settings before anything is run.

use super::bet::{BetPlan, HorizonRecord};
use super::replicates::{LARGE, one_at_a_time};
use super::world_memory::{round_bytes, world_bytes};
use crate::amount::Amount;
use crate::model::{AgentRecord, N_METRICS, RoundRecord};
use crate::scenario::Scenario;

/// The memory in bytes that a run takes at most on `n_threads`, as estimated from its settings; with `keep_agents` a list
/// of all agents is written too. Of what is made from its result nothing is counted.
///
/// ```
/// let small = mingle::Scenario::parse("", &["population.agents=1000"])?;
/// let large = small.with(&["population.agents=1000000"])?;
/// assert!(mingle::run_memory(&large, 8, false) > 20 * mingle::run_memory(&small, 8, false));
/// # Ok::<(), mingle::Diagnostics>(())
/// ```
#[must_use]
pub fn run_memory(scenario: &Scenario, n_threads: usize, keep_agents: bool) -> u64 {
    footprint(scenario, n_threads, keep_agents).saturating_add(stationarity_bytes(scenario))
}

/// The memory of a run: worlds that are in memory at once, and records that wait to be written.
pub(crate) fn footprint(scenario: &Scenario, n_threads: usize, keep_agents: bool) -> u64 {
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

/// The memory in bytes that a bet takes at most, as estimated from its settings; of what is made from its result nothing
/// is counted.
///
/// ```
/// let scenario = mingle::Scenario::parse_bet("", &["population.agents=100000"])?;
/// let plan = mingle::BetPlan::new(&scenario, false);
/// assert!(mingle::bet_memory(&plan, 8) > mingle::run_memory(&scenario, 8, false));
/// # Ok::<(), mingle::Diagnostics>(())
/// ```
#[must_use]
pub fn bet_memory(plan: &BetPlan, n_threads: usize) -> u64 {
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
}
