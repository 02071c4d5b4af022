//! Settings of experiments: the bet, and the sweep with its factors.

/// How a bet is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BetDesign {
    /// Two copies of one world.
    Twins,
    /// The twins, and beside them one life with both events in it.
    Crossover,
}

/// `[bet]`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BetRules {
    /// Name of the strategy by which the focal agents live, or "any".
    pub usual: String,
    /// Name of the strategy whose traits they show in the first world.
    pub first: String,
    /// Name of the strategy whose traits they show in the second world.
    pub second: String,
    /// Independent worlds, 1 to 1,000,000.
    pub worlds: u32,
    /// Focal agents per world, 1 to 1,000,000.
    pub focals: u32,
    /// Rounds after the event at which benefit is summed up, rising, 1 to 100 of them.
    pub horizons: Vec<u32>,
    /// Further rounds in which the focal agent keeps the traits at mixers.
    pub campaign: u32,
    /// Twins, or a crossover beside them.
    pub design: BetDesign,
    /// Rounds between the two events of a crossover, a multiple of `mixer.every`; 0 stands for the
    /// least multiple of at least 52.
    pub gap: u32,
}

/// What a sweep does at each point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SweptExperiment {
    /// Replicates.
    Run,
    /// A bet.
    Bet,
}

/// Where the points of a sweep lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SweepDesign {
    /// Every combination of levels.
    Grid,
    /// Each factor over its levels, the others as the scenario has them.
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
}

/// When a point of a sweep has enough replicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// After as many as the scenario says.
    Fixed,
    /// When the contrast's interval is narrow enough.
    Precise,
    /// When the contrast's interval leaves out zero.
    Decided,
}

/// `[sweep]`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SweepRules {
    /// What is done at each point.
    pub experiment: SweptExperiment,
    /// Where the points lie.
    pub design: SweepDesign,
    /// Points, trajectories or rows of a design that does not go by levels, 1 to 10,000,000.
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
    /// When a point has enough replicates.
    pub until: Until,
    /// Half-width to reach, in units of the metric, 0 to 1e9.
    pub precision: f64,
    /// Most replicates of a point, 2 to 1,000,000.
    pub replicates_max: u32,
    /// Whether a grid is made finer along the boundary.
    pub refine: bool,
    /// How often its spacing is halved, 1 to 6.
    pub depth: u32,
}

/// How the values of a factor are spaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// The keys that it sets, 1 to 20.
    pub keys: Vec<String>,
    /// Lowest value.
    pub min: f64,
    /// Highest value, not below the lowest.
    pub max: f64,
    /// How values are spaced between them; both are above 0 on a logarithmic scale.
    pub scale: Scale,
    /// Number of values in a grid, 1 to 100,000.
    pub levels: u32,
    /// The values themselves, as text; empty where the range tells them.
    pub values: Vec<String>,
}

/// What `usual` reads where the focal agents may be of any strategy.
pub const ANY_STRATEGY: &str = "any";
