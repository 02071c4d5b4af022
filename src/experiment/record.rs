//! The record of a replicate: plain rows, independent of how they are written to files.

use crate::model::{AgentRecord, FlowRecord, LifeRecord, RegionRecord, RoundRecord, SampleRecord};

/// The results of one replicate.
#[derive(Clone, Debug, Default)]
pub struct ReplicateRecord {
    /// Position in the experiment, from 0.
    pub replicate: u32,
    /// The seed; with the scenario it reproduces this replicate.
    pub seed: u64,
    /// One record per round and strategy, by round, then in scenario order.
    pub rounds: Vec<RoundRecord>,
    /// Flows of value after burn-in; see [`FlowRecord`].
    pub flows: Vec<FlowRecord>,
    /// Net benefit by region and strategy after burn-in; empty if there is one region.
    pub regions: Vec<RegionRecord>,
    /// Per strategy, the quantiles 0, 0.01 ... 1 of its members' net benefit since birth at the end.
    pub quantiles: Vec<Vec<f64>>,
    /// How members' net benefit since birth was spread, in some rounds and the last, by round, then in scenario order.
    pub spread: Vec<SpreadRecord>,
    /// Some people with their ties at the end, of the first replicate; empty if there are no ties.
    pub sample: SampleRecord,
    /// Every agent's final state, if asked for.
    pub agents: Vec<AgentRecord>,
    /// Every life, under survival.
    pub lives: Vec<LifeRecord>,
}

/// The quantiles in a [`SpreadRecord`].
pub const SPREAD_QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// How net benefit since birth is spread over the members of one strategy after a round.
#[derive(Clone, Debug, PartialEq)]
pub struct SpreadRecord {
    /// Round, from 0.
    pub round: u32,
    /// Position of the strategy in the scenario.
    pub strategy: u16,
    /// By [`SPREAD_QUANTILES`].
    pub quantiles: [f64; SPREAD_QUANTILES.len()],
}
