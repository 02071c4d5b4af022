//! The differences between twins, accumulated world by world.

use serde::Serialize;

use crate::amount::Amount;
use crate::experiment::{amount_cluster, amount_quantile, in_billionths};
use crate::stats::{Cluster, Clustered, Interval, Moments, variance_ratio};

/// One line of `bet_summary.csv`: the difference second - first at one horizon.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BetRow {
    /// Rounds after the event.
    pub horizon: u32,
    /// Number of focal agents.
    pub twins: u64,
    /// Mean difference, with its interval clustered by world; none with one world.
    #[serde(flatten)]
    pub mean: Interval,
    /// Share of focal agents who gained more as the second strategy.
    pub p_second: f64,
    /// Share of focal agents who gained more as the first strategy.
    pub p_first: f64,
    /// Share of focal agents who gained exactly the same.
    pub p_tie: f64,
    /// Variance of the unpaired difference divided by that of the paired one; `None` if the latter is 0.
    pub variance_ratio: Option<f64>,
    /// Standard deviation between focal agents; `None` for one.
    pub sd: Option<f64>,
    /// 95% interval of `p_second`, clustered by world.
    pub p_second_interval: [Option<f64>; 2],
    /// 95% interval of `p_first`, likewise.
    pub p_first_interval: [Option<f64>; 2],
    /// Quantiles 0.05, 0.25, 0.5, 0.75 and 0.95 of the differences of focal agents.
    pub quantiles: [f64; 5],
    /// Mean net benefit as the first strategy.
    pub mean_first: f64,
    /// Mean net benefit as the second strategy.
    pub mean_second: f64,
}

/// Net benefit of a twin in the first and in the second world.
pub(in crate::results) type Nets = [Amount; 2];

/// Second - first.
pub(super) fn difference([first, second]: &Nets) -> Amount {
    *second - *first
}

/// Net benefit of every twin in both worlds. It takes 32 bytes of memory per twin and horizon.
#[derive(Clone, Debug)]
pub(in crate::results) struct Differences {
    pub(super) horizons: Vec<u32>,
    /// By horizon, then by twin.
    pub(super) nets: Vec<Vec<Nets>>,
    /// Number of twins of each world, in order.
    pub(super) sizes: Vec<usize>,
}

impl Differences {
    /// An empty table for these horizons.
    pub(in crate::results) fn new(horizons: Vec<u32>) -> Self {
        Self { nets: vec![Vec::new(); horizons.len()], sizes: Vec::new(), horizons }
    }

    /// Adds one world: by twin, then by horizon.
    pub(in crate::results) fn push(&mut self, twins: &[Vec<Nets>]) {
        self.sizes.push(twins.len());
        for (h, nets) in self.nets.iter_mut().enumerate() {
            nets.extend(twins.iter().map(|twin| twin[h]));
        }
    }

    /// Applies `of` to the twins of each world at a horizon.
    fn by_world<T>(&self, h: usize, of: impl Fn(&[Nets]) -> T) -> Vec<T> {
        let mut rest = &self.nets[h][..];
        let world = |&n: &usize| of(rest.split_off(..n).expect("each world has brought its twins"));
        self.sizes.iter().map(world).collect()
    }

    /// A cluster per world of an amount that `of` computes from both net benefits of a twin at a horizon.
    pub(super) fn clusters(&self, h: usize, of: fn(&Nets) -> Amount) -> Vec<Cluster> {
        self.by_world(h, |twins| amount_cluster(twins.iter().map(of)))
    }

    /// The differences at the last horizon, a cluster per world.
    pub(in crate::results) fn last(&self) -> Vec<Cluster> {
        self.clusters(self.horizons.len() - 1, difference)
    }

    /// The lines of `bet_summary.csv`.
    pub(in crate::results) fn rows(&self) -> Vec<BetRow> {
        (0..self.horizons.len()).map(|h| self.row(h)).collect()
    }

    fn row(&self, h: usize) -> BetRow {
        let nets = &self.nets[h];
        let share = |of: fn(&Nets) -> bool| {
            let cluster =
                |twins: &[Nets]| Cluster::of(twins.iter().map(|twin| f64::from(u8::from(of(twin)))));
            Clustered::share(&self.by_world(h, cluster)).interval
        };
        let (wins, loses) = (share(|[a, b]| b > a), share(|[a, b]| b < a));
        let mean = |of: fn(&Nets) -> Amount| Clustered::mean(&self.clusters(h, of)).interval;
        let ties = nets.iter().filter(|[a, b]| a == b).count();
        let mut differences: Vec<f64> = nets.iter().map(|twin| difference(twin).per(1)).collect();
        let moments: Moments = differences.iter().copied().collect();
        differences.sort_unstable_by(f64::total_cmp);
        let side = |s: usize| nets.iter().map(|twin| in_billionths(twin[s])).collect::<Vec<_>>();
        BetRow {
            horizon: self.horizons[h],
            twins: nets.len() as u64,
            mean: mean(difference),
            p_second: wins.mean,
            p_first: loses.mean,
            p_tie: ties as f64 / nets.len() as f64,
            variance_ratio: variance_ratio(&side(0), &side(1)),
            sd: moments.sd(),
            p_second_interval: [wins.low, wins.high],
            p_first_interval: [loses.low, loses.high],
            quantiles: [0.05, 0.25, 0.5, 0.75, 0.95].map(|p| amount_quantile(&differences, p)),
            mean_first: mean(|[a, _]| *a).mean,
            mean_second: mean(|[_, b]| *b).mean,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_with_equal_gains_from_different_payments_are_ties() {
        // 0.1 + 0.2 and 0.3 differ in double precision.
        let [ways, way] = [Amount::of(0.1) + Amount::of(0.2), Amount::of(0.3)];
        let mut differences = Differences::new(vec![0]);
        differences.push(&[vec![[ways, way]], vec![[way, ways]]]);
        differences.push(&[vec![[way, ways]], vec![[way, way + Amount::of(0.65)]]]);
        let row = &differences.rows()[0];
        assert_eq!((row.p_tie, row.p_second, row.p_first), (0.75, 0.25, 0.0));
        assert_eq!((row.mean.mean, row.quantiles[2]), (0.1625, 0.0));
    }
}
