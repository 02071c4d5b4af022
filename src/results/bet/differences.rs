//! The differences between twins, accumulated world by world.

use serde::Serialize;

use crate::stats::{Cluster, Clustered, Moments, quantile, variance_ratio};

/// One line of `bet_summary.csv`: the difference second - first at one horizon.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BetRow {
    /// Rounds after the event.
    pub horizon: u32,
    /// Number of focal agents.
    pub twins: u64,
    /// Mean difference.
    pub mean: f64,
    /// Lower end of its 95% interval, clustered by world; `None` with one world.
    pub ci_low: Option<f64>,
    /// Upper end, likewise.
    pub ci_high: Option<f64>,
    /// Share of focal agents who gained more as the second strategy.
    pub p_second: f64,
    /// Share who gained more as the first.
    pub p_first: f64,
    /// Share who gained exactly as much.
    pub p_tie: f64,
    /// Variance of the unpaired over that of the paired difference; `None` where that does not vary.
    pub variance_ratio: Option<f64>,
    /// Standard deviation between focal agents; `None` for one.
    pub sd: Option<f64>,
    /// 95% interval of `p_second`, clustered by world.
    pub p_second_interval: [Option<f64>; 2],
    /// 95% interval of `p_first`, likewise.
    pub p_first_interval: [Option<f64>; 2],
    /// The differences that 5, 25, 50, 75 and 95% of focal agents do not exceed.
    pub quantiles: [f64; 5],
    /// Mean net benefit as the first strategy.
    pub mean_first: f64,
    /// Mean net benefit as the second strategy.
    pub mean_second: f64,
}

/// Net benefit of every twin in both worlds. Memory grows by 16 bytes a twin and horizon.
#[derive(Clone, Debug)]
pub(in crate::results) struct Differences {
    pub(super) horizons: Vec<u32>,
    /// By horizon: net benefit of every twin in the first and in the second world.
    pub(super) first: Vec<Vec<f64>>,
    pub(super) second: Vec<Vec<f64>>,
    /// Twins of each world, in order.
    pub(super) sizes: Vec<usize>,
}

impl Differences {
    /// Nothing yet, at these horizons.
    pub(in crate::results) fn new(horizons: Vec<u32>) -> Self {
        let empty = vec![Vec::new(); horizons.len()];
        Self { first: empty.clone(), second: empty, sizes: Vec::new(), horizons }
    }

    /// Takes in one world: by twin, then by horizon, net benefit in the first and in the second world.
    pub(in crate::results) fn push(&mut self, twins: &[Vec<[f64; 2]>]) {
        self.sizes.push(twins.len());
        for h in 0..self.horizons.len() {
            self.first[h].extend(twins.iter().map(|twin| twin[h][0]));
            self.second[h].extend(twins.iter().map(|twin| twin[h][1]));
        }
    }

    /// A cluster per world of something made of both net benefits at a horizon.
    pub(super) fn clusters(&self, h: usize, of: impl Fn(f64, f64) -> f64) -> Vec<Cluster> {
        let mut pairs = self.first[h].iter().zip(&self.second[h]);
        self.sizes.iter().map(|&n| Cluster::of(pairs.by_ref().take(n).map(|(a, b)| of(*a, *b)))).collect()
    }

    /// The differences at the last horizon, a cluster per world.
    pub(in crate::results) fn last(&self) -> Vec<Cluster> {
        self.clusters(self.horizons.len() - 1, |a, b| b - a)
    }

    /// The lines of `bet_summary.csv`.
    pub(in crate::results) fn rows(&self) -> Vec<BetRow> {
        (0..self.horizons.len()).map(|h| self.row(h)).collect()
    }

    fn row(&self, h: usize) -> BetRow {
        let share = |of: fn(f64, f64) -> bool| {
            Clustered::share(&self.clusters(h, move |a, b| f64::from(u8::from(of(a, b)))))
        };
        let (wins, loses) = (share(|a, b| b > a), share(|a, b| b < a));
        let mean = Clustered::mean(&self.clusters(h, |a, b| b - a));
        let mut differences: Vec<f64> =
            self.first[h].iter().zip(&self.second[h]).map(|(a, b)| b - a).collect();
        let ties = differences.iter().filter(|d| **d == 0.0).count();
        let moments: Moments = differences.iter().copied().collect();
        differences.sort_unstable_by(f64::total_cmp);
        let at = |p| quantile(&differences, p).unwrap_or(f64::NAN);
        BetRow {
            horizon: self.horizons[h],
            twins: differences.len() as u64,
            mean: mean.mean,
            ci_low: mean.low,
            ci_high: mean.high,
            p_second: wins.mean,
            p_first: loses.mean,
            p_tie: ties as f64 / differences.len() as f64,
            variance_ratio: variance_ratio(&self.first[h], &self.second[h]),
            sd: moments.sd(),
            p_second_interval: [wins.low, wins.high],
            p_first_interval: [loses.low, loses.high],
            quantiles: [0.05, 0.25, 0.5, 0.75, 0.95].map(at),
            mean_first: Clustered::mean(&self.clusters(h, |a, _| a)).mean,
            mean_second: Clustered::mean(&self.clusters(h, |_, b| b)).mean,
        }
    }
}
