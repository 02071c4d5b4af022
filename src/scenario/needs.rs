//! Needs.

/// `[needs]`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NeedRules {
    /// Chance per round that an agent with fewer than `at_once` needs gets one, 0 to 1.
    pub rate: f64,
    /// Standard deviation of `rate` among people; 0 if all are alike.
    pub rate_sd: f64,
    /// Rounds after which an open need lapses, 1 to 1,000,000.
    pub patience: u32,
    /// Benefit of a solved need of size 1.
    pub value: f64,
    /// How many times `value` needs are worth, ascending, 1 to 20 whole numbers from 1 to 1,000.
    pub sizes: Vec<u32>,
    /// Share of each of `sizes` among needs, summing to 1.
    pub size_shares: Vec<f64>,
    /// Maximum number of open needs of an agent, 1 to 16.
    pub at_once: u32,
    /// Whether others see a need without being told of it.
    pub visible: bool,
}

impl NeedRules {
    /// Whether needs are worth more or less than `value`.
    pub(crate) fn have_sizes(&self) -> bool {
        self.sizes != [1]
    }
}
