//! Calls outside events.

/// `[calls]`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CallRules {
    /// Chance per round that an agent with an open need makes calls, 0 to 1.
    pub rate: f64,
    /// Maximum number of people on a referral chain, 0 to 8.
    pub depth: u32,
    /// Maximum number of calls that an expert takes in a round, 0 to 1,000,000.
    pub capacity: u32,
    /// Opinion that a contact must exceed to be called, asked or named, -1 to 1.
    pub min_opinion: f64,
    /// Share of a need's value that the caller pays the expert, 0 to 1; `fee + depth * finder_fee` is at most 1.
    pub fee: f64,
    /// Share of a need's value that the caller pays each person on the chain, 0 to 1.
    pub finder_fee: f64,
    /// Weight of the fee in the decision to call, 0 to 1e6.
    pub price_sensitivity: f64,
    /// Whether experts refuse every call if the fee is less than the cost of an assist.
    pub only_if_pays: bool,
}
