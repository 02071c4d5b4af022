//! The record of a replicate: plain rows, independent of how they are written to files.

use crate::model::{AgentRecord, FlowRecord, LifeRecord, RegionRecord, RoundRecord};

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
    /// Every agent's final state, if asked for.
    pub agents: Vec<AgentRecord>,
    /// Every life, under survival.
    pub lives: Vec<LifeRecord>,
}
