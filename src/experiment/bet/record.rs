//! The records of a bet: plain rows, independent of how they are written to files.

use crate::amount::Amount;
use crate::model::{AgentId, N_AMOUNTS};

/// The benefits and costs of an agent from t0 up to a horizon.
#[derive(Clone, Debug, PartialEq)]
pub struct Gain {
    /// Benefits and costs, all as positive numbers, by [`crate::model::AMOUNTS`].
    pub amounts: [Amount; N_AMOUNTS],
    /// Benefits less costs.
    pub net: Amount,
}

/// Both twins at one horizon.
#[derive(Clone, Debug, PartialEq)]
pub struct HorizonRecord {
    /// Rounds after t0: rounds t0 to t0 + horizon count.
    pub horizon: u32,
    /// The focal agent's gain in the world in which it acted as `first`.
    pub first: Gain,
    /// The focal agent's gain in the world in which it acted as `second`.
    pub second: Gain,
    /// Net benefit in the second world less that in the first, summed over the focal agent's partners at t0 in either
    /// world.
    pub partners: Amount,
    /// The same, summed over all other agents except the focal agent.
    pub rest: Amount,
}

/// One focal agent.
#[derive(Clone, Debug, PartialEq)]
pub struct TwinRecord {
    /// The focal agent.
    pub focal: AgentId,
    /// By horizon, in the scenario's order.
    pub horizons: Vec<HorizonRecord>,
}

/// One life with both events in it (crossover design).
#[derive(Clone, Debug, PartialEq)]
pub struct CrossoverRecord {
    /// The focal agent.
    pub focal: AgentId,
    /// Whether the agent acted as `second` at the event of t0, and as `first` at the later event.
    pub second_came_first: bool,
    /// Net benefit of the `window` rounds from the event attended as `first`.
    pub first: Amount,
    /// Net benefit of the `window` rounds from the event attended as `second`.
    pub second: Amount,
}

/// The parts of the differing traits in second - first for one focal agent (Shapley values).
#[derive(Clone, Debug, PartialEq)]
pub struct PartsRecord {
    /// The focal agent.
    pub focal: AgentId,
    /// By horizon, then by trait in the order of [`super::BetPlan::differing_traits`]: the Shapley value times
    /// `divisor`, which is exact.
    pub parts: Vec<Vec<Amount>>,
    /// The divisor of the parts.
    pub divisor: u64,
}

/// One world with all its focal agents.
#[derive(Clone, Debug, PartialEq)]
pub struct WorldRecord {
    /// Number of the world, from 0.
    pub world: u32,
    /// The seed; with the scenario it reproduces this world.
    pub seed: u64,
    /// Number of focal agents who were invited to the event, because too few attend it anyway.
    pub invited: u32,
    /// Focal agents who were not there in the first round, but took the place of somebody who failed.
    pub newcomers: Vec<AgentId>,
    /// By focal agent, in the order drawn.
    pub twins: Vec<TwinRecord>,
    /// The same for the crossover design; else empty.
    pub crossovers: Vec<CrossoverRecord>,
    /// The same for a decomposition; else empty.
    pub parts: Vec<PartsRecord>,
}
