//! What a bet hands on: plain rows, without a word on how they are written down.

use crate::amount::Amount;
use crate::model::{AgentId, N_AMOUNTS};

/// What came in and was borne from t0 up to a horizon.
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
    /// And as `second`.
    pub second: Gain,
    /// Net benefit in the second world less that in the first, summed over those with whom the focal
    /// agent talked at t0 in either world.
    pub partners: Amount,
    /// The same, summed over everybody else but the focal agent.
    pub rest: Amount,
}

/// One focal agent.
#[derive(Clone, Debug, PartialEq)]
pub struct TwinRecord {
    /// Who it is.
    pub focal: AgentId,
    /// By horizon, in the scenario's order.
    pub horizons: Vec<HorizonRecord>,
}

/// One life with both events in it (crossover design).
#[derive(Clone, Debug, PartialEq)]
pub struct CrossoverRecord {
    /// Who it is.
    pub focal: AgentId,
    /// Whether the event of t0 was the one attended as `second`.
    pub second_came_first: bool,
    /// Net benefit of the `window` rounds from the event attended as `first`.
    pub first: Amount,
    /// Net benefit of the `window` rounds from the event attended as `second`.
    pub second: Amount,
}

/// What each differing trait adds to second - first for one focal agent (Shapley values).
#[derive(Clone, Debug, PartialEq)]
pub struct PartsRecord {
    /// Who it is.
    pub focal: AgentId,
    /// By horizon, then by trait in the order of [`super::BetPlan::differing_traits`]: the amount times
    /// `divisor`, so that it is exact.
    pub parts: Vec<Vec<Amount>>,
    /// What the parts are divided by.
    pub divisor: u64,
}

/// One world with all its focal agents.
#[derive(Clone, Debug, PartialEq)]
pub struct WorldRecord {
    /// Number of the world, from 0.
    pub world: u32,
    /// The seed that, with the scenario, gives this world again.
    pub seed: u64,
    /// Focal agents who came to the event for the bet's sake only, because too few attend it anyway.
    pub invited: u32,
    /// By focal agent, in the order drawn.
    pub twins: Vec<TwinRecord>,
    /// Under the crossover design, likewise; else empty.
    pub crossovers: Vec<CrossoverRecord>,
    /// Where a decomposition was asked for, likewise; else empty.
    pub parts: Vec<PartsRecord>,
}
