//! Which agents and strategies go on: failure and imitation.

/// `[survival]`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SurvivalRules {
    /// Capital at birth.
    pub endowment: f64,
    /// Standard deviation of `endowment` among people; 0 if all are alike.
    pub endowment_sd: f64,
    /// Overhead: a cost per round.
    pub overhead: f64,
    /// Number of rounds for which the place of a failed agent stays empty, 0 to 1,000,000.
    pub replace_after: u32,
}

/// The agents with whom an agent compares itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// A random other agent.
    Anyone,
    /// A random contact.
    Ties,
}

/// `[evolution]`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EvolutionRules {
    /// Chance per round that an agent compares itself with another, 0 to 1.
    pub rate: f64,
    /// Rounds over which net benefit is compared, 1 to 65,535.
    pub window: u32,
    /// Intensity of selection, per unit of benefit, 0 to 1e9.
    pub intensity: f64,
    /// Chance that an agent that compared itself then takes a random strategy, 0 to 1.
    pub mutation: f64,
    /// The agents with whom it compares itself.
    pub among: Among,
}
