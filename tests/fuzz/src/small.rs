//! Small versions of scenarios, so that an execution takes milliseconds.

use mingle::Scenario;
use mingle::settings::BetRules;

// The largest numbers. `REPLICATES` is that of worlds too.
const AGENTS: u32 = 60;
const ROUNDS: u32 = 12;
const REPLICATES: u32 = 2;
const FOCALS: u32 = 2;
const SLOTS: u32 = 20;
const TIES: u32 = 200;

/// The values that make a scenario small, for `--set`. `None` if it is large in another way.
pub fn small(scenario: &Scenario) -> Option<Vec<String>> {
    /// Above these a round takes long, however few the agents.
    const STRATEGIES: usize = 12;
    const NEEDS: usize = 50;
    if scenario.strategies.len() > STRATEGIES
        || scenario.regions.len() > STRATEGIES
        || scenario.needs.at_once as usize > NEEDS
    {
        return None;
    }
    let far = |bet: &BetRules| bet.horizons.iter().any(|horizon| *horizon > ROUNDS);
    let mut sets = Vec::new();
    if scenario.bet.as_ref().is_some_and(far) {
        sets.push(format!("bet.horizons=[0, {ROUNDS}]"));
    }
    let mut at_most = |key: &str, value: u32, most: u32| {
        if value > most {
            sets.push(format!("{key}={most}"));
        }
    };
    at_most("population.agents", scenario.population.agents, AGENTS);
    at_most("population.ties_max", scenario.population.ties_max, TIES);
    at_most("population.start_ties", scenario.population.start_ties, AGENTS / 2);
    at_most("mixer.slots", scenario.mixer.slots.into(), SLOTS);
    at_most("rounds", scenario.rounds, ROUNDS);
    at_most("burn_in", scenario.burn_in, ROUNDS / 2);
    at_most("replicates", scenario.replicates, REPLICATES);
    at_most("replicates_max", scenario.replicates_max, 2 * REPLICATES);
    if let Some(bet) = &scenario.bet {
        at_most("bet.worlds", bet.worlds, REPLICATES);
        at_most("bet.focals", bet.focals, FOCALS);
        at_most("bet.campaign", bet.campaign, ROUNDS);
        at_most("bet.gap", bet.gap, ROUNDS);
    }
    if let Some(sweep) = &scenario.sweep {
        at_most("sweep.points", sweep.points, 2);
        at_most("sweep.replicates_max", sweep.replicates_max, 2 * REPLICATES);
        at_most("sweep.depth", sweep.depth, 1);
    }
    Some(sets)
}
