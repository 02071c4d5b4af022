//! The numbers of a replicate of a sweep that are kept until its tables are made.

use super::super::bet::Nets;
use crate::amount::Amount;
use crate::experiment::{RunOutcome, SweepPlan, WorldRecord, amount_cluster};
use crate::stats::Cluster;

/// The kept numbers of a replicate.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kept {
    /// Of a run: by strategy, then by kept metric; then the drift of net benefit by strategy.
    Run(Vec<f64>),
    /// Of a bet's world: by twin, then by horizon.
    Twins(Vec<Vec<Nets>>),
}

/// Marks a twin that a world lacks. No sum of payments is so large.
const NONE: i128 = i128::MIN;

/// Bytes of both net benefits of a twin at a horizon.
const NETS: usize = 2 * size_of::<i128>();

impl Kept {
    /// The kept numbers of a run.
    pub(super) fn of_run(plan: &SweepPlan, run: &RunOutcome) -> Self {
        let outcomes = run.outcomes.iter().flat_map(|outcome| plan.kept(outcome));
        Self::Run(outcomes.chain(run.drifts.iter().copied()).collect())
    }

    /// The kept numbers of a world.
    pub(super) fn of_world(world: &WorldRecord) -> Self {
        let twins = world.twins.iter();
        Self::Twins(
            twins.map(|t| t.horizons.iter().map(|at| [at.first.net, at.second.net]).collect()).collect(),
        )
    }

    /// Number of bytes of a replicate.
    pub(super) fn width(plan: &SweepPlan) -> usize {
        match &plan.scenario().bet {
            Some(bet) if plan.bets() => bet.focals as usize * bet.horizons.len() * NETS,
            _ => plan.scenario().strategies.len() * (plan.metrics().len() + 1) * size_of::<f64>(),
        }
    }

    /// Converts to bytes. All replicates of a sweep have the same number of bytes.
    pub(super) fn to_bytes(&self, plan: &SweepPlan) -> Vec<u8> {
        let mut bytes = match self {
            Self::Run(numbers) => numbers.iter().flat_map(|n| n.to_le_bytes()).collect(),
            Self::Twins(twins) => {
                let nets = twins.iter().flatten().flatten();
                nets.flat_map(|net| net.billionths().to_le_bytes()).collect::<Vec<u8>>()
            }
        };
        while bytes.len() < Self::width(plan) {
            bytes.extend(NONE.to_le_bytes());
        }
        bytes
    }

    /// Converts from bytes.
    pub(super) fn from_bytes(plan: &SweepPlan, bytes: &[u8]) -> Self {
        let Some(bet) = plan.scenario().bet.as_ref().filter(|_| plan.bets()) else {
            let (numbers, _) = bytes.as_chunks();
            return Self::Run(numbers.iter().map(|number| f64::from_le_bytes(*number)).collect());
        };
        let (billionths, _) = bytes.as_chunks();
        let nets: Vec<i128> = billionths.iter().map(|net| i128::from_le_bytes(*net)).collect();
        let twins = nets.chunks(2 * bet.horizons.len()).take_while(|twin| twin[0] != NONE);
        let pair = |pair: &[i128; 2]| pair.map(Amount::from_billionths);
        Self::Twins(twins.map(|twin| twin.as_chunks().0.iter().map(pair).collect()).collect())
    }

    /// The value of a kept metric for a strategy in a run.
    pub(super) fn outcome(&self, plan: &SweepPlan, strategy: usize, metric: usize) -> f64 {
        match self {
            Self::Run(numbers) => numbers[strategy * plan.metrics().len() + metric],
            Self::Twins(_) => unreachable!("a bet has no metrics"),
        }
    }

    /// The drift of net benefit after burn-in in a run, by strategy.
    pub(super) fn drifts(&self, plan: &SweepPlan) -> &[f64] {
        match self {
            Self::Run(numbers) => &numbers[plan.scenario().strategies.len() * plan.metrics().len()..],
            Self::Twins(_) => unreachable!("a bet has no drift"),
        }
    }

    /// The replicate's cluster of the contrast second - first: of a metric, or of every twin at the last horizon.
    pub(super) fn contrast(&self, plan: &SweepPlan, metric: usize) -> Cluster {
        match self {
            Self::Run(_) => {
                let [first, second] = plan.contrast().map(|s| self.outcome(plan, s, metric));
                Cluster::of([second - first])
            }
            Self::Twins(twins) => {
                let last = twins.iter().filter_map(|twin| twin.last());
                amount_cluster(last.map(|[first, second]| *second - *first))
            }
        }
    }
}
