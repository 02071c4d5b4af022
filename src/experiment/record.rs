//! What an experiment hands on: plain rows, without a word on how they are written down.

use crate::model::{AgentRecord, FlowRecord, LifeRecord, RegionRecord, RoundRecord};

/// All that one replicate leaves behind once its rows have been handed on.
#[derive(Clone, Debug)]
pub struct ReplicateRecord {
    /// Position in the experiment, from 0.
    pub replicate: u32,
    /// The seed that alone, with the scenario, gives this replicate again.
    pub seed: u64,
    /// One record per round and strategy, by round, then in scenario order.
    pub rounds: Vec<RoundRecord>,
    /// Value that flowed after burn-in; see [`FlowRecord`].
    pub flows: Vec<FlowRecord>,
    /// Net benefit by region and strategy after burn-in, where there is more than one region.
    pub regions: Vec<RegionRecord>,
    /// Per strategy, the quantiles 0, 0.01 ... 1 of its members' net benefit since birth at the end.
    pub quantiles: Vec<Vec<f64>>,
    /// Every agent's final state, if asked for.
    pub agents: Vec<AgentRecord>,
    /// Every life, under survival.
    pub lives: Vec<LifeRecord>,
}
