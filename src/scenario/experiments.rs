//! Settings of experiments: the bet, and the sweep with its factors.

/// The design of a bet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BetDesign {
    /// Two copies of one world.
    Twins,
    /// The twins, and also one life with both events.
    Crossover,
}

/// `[bet]`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BetRules {
    /// Name of the focal agents' own strategy, or "any".
    pub usual: String,
    /// Name of the strategy whose traits they have in the first world.
    pub first: String,
    /// Name of the strategy whose traits they have in the second world.
    pub second: String,
    /// Independent worlds, 1 to 1,000,000.
    pub worlds: u32,
    /// Focal agents per world, 1 to 1,000,000.
    pub focals: u32,
    /// Horizons in rounds after the event, ascending, 1 to 100 of them.
    pub horizons: Vec<u32>,
    /// Further rounds in which the focal agent keeps the traits at mixers.
    pub campaign: u32,
    /// Twins only, or also a crossover.
    pub design: BetDesign,
    /// Rounds between the two events of a crossover, a multiple of `mixer.every`; 0 means the smallest multiple that
    /// is at least 52.
    pub gap: u32,
}

/// The experiment at each point of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SweptExperiment {
    /// Replicates.
    Run,
    /// A bet.
    Bet,
}

/// The design of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SweepDesign {
    /// Every combination of levels.
    Grid,
    /// Each factor over its levels, with the others at the scenario's values.
    OneAtATime,
    /// The points of a CSV file.
    List,
    /// Points drawn evenly.
    Random,
    /// A Latin hypercube.
    LatinHypercube,
    /// Sobol's sequence, scrambled.
    SobolSequence,
    /// Morris' trajectories.
    Morris,
    /// Saltelli's design for Sobol indices.
    Sobol,
    /// Every combination of the traits in which the two strategies of the contrast differ.
    FactorialTraits,
}

/// The rule for the number of replicates of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Until {
    /// The number in the scenario.
    Fixed,
    /// Until the contrast's interval is narrow enough.
    Precise,
    /// Until the contrast's interval excludes zero.
    Decided,
}

/// `[sweep]`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SweepRules {
    /// The experiment at each point.
    pub experiment: SweptExperiment,
    /// The design.
    pub design: SweepDesign,
    /// Number of points, trajectories or rows of a design without levels, 1 to 10,000,000.
    pub points: u32,
    /// Name of the CSV file of a list.
    pub file: String,
    /// Whether all points have the same replicate seeds.
    pub common_luck: bool,
    /// Names of the metrics that are kept; empty for the usual ones.
    pub metrics: Vec<String>,
    /// Name of the strategy that the contrast subtracts; empty for the first.
    pub first: String,
    /// Name of the strategy that it subtracts from; empty for the second.
    pub second: String,
    /// Name of the contrast's metric.
    pub metric: String,
    /// The rule for the number of replicates.
    pub until: Until,
    /// Half-width to reach, in units of the metric, 0 to 1e9.
    pub precision: f64,
    /// Maximum number of replicates of a point, 2 to 1,000,000.
    pub replicates_max: u32,
    /// Whether a grid is refined along the boundary.
    pub refine: bool,
    /// Number of times that its spacing is halved, 1 to 6.
    pub depth: u32,
}

/// The spacing of the values of a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scale {
    /// By equal differences.
    Linear,
    /// By equal ratios.
    Log,
}

/// `[[factor]]`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Factor {
    /// Its name, 1 to 60 characters.
    pub name: String,
    /// The paths of the keys that it sets, 1 to 20.
    pub keys: Vec<String>,
    /// Lowest value.
    pub min: f64,
    /// Highest value, not below the lowest.
    pub max: f64,
    /// Spacing of values between them; both are above 0 on a logarithmic scale.
    pub scale: Scale,
    /// Number of values in a grid, 1 to 100,000.
    pub levels: u32,
    /// The values as text; empty if they follow from the range.
    pub values: Vec<String>,
}

/// `[[change]]`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ScheduledChange {
    /// First round of the new value, from 1.
    pub round: u32,
    /// The path of the key.
    pub key: String,
    /// The new value as text.
    pub value: String,
}

/// The value of `usual` if the focal agents can have any strategy.
pub(crate) const ANY_STRATEGY: &str = "any";
