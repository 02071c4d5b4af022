//! The differences between twins, accumulated world by world.

use serde::{Serialize, Serializer};

use super::super::summary::named_power;
use super::claims::{BetClaims, shows_spread};
use crate::amount::Amount;
use crate::experiment::{amount_cluster, amount_quantile, in_billionths};
use crate::stats::{
    Cluster, Clustered, Interval, Level, Moments, Power, balance, quantile_ends, trimmed_mean, variance_ratio,
};

/// Quantiles of the differences that are reported.
const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];
/// The part at either end that the trimmed mean leaves out.
const OUTER: f64 = 0.2;

/// One line of `bet_summary.csv`: the difference second - first at one horizon.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
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
    /// Interval of `p_second`, clustered by world; none with one world.
    pub p_second_interval: [Option<f64>; 2],
    /// Interval of `p_first`, likewise.
    pub p_first_interval: [Option<f64>; 2],
    /// Quantiles 0.05, 0.25, 0.5, 0.75 and 0.95 of the differences of focal agents.
    pub quantiles: [f64; 5],
    /// Mean net benefit as the first strategy.
    pub mean_first: f64,
    /// Mean net benefit as the second strategy.
    pub mean_second: f64,
    /// `p_second - p_first`.
    pub p_lead: f64,
    /// Its interval, clustered by world.
    pub p_lead_interval: [Option<f64>; 2],
    /// Intervals of the quantiles; an end is `None` where it may lie beyond all differences.
    pub quantile_intervals: [[Option<f64>; 2]; 5],
    /// Interval of the variance ratio; none of fewer than 10 worlds or 500 focal agents.
    pub variance_ratio_interval: [Option<f64>; 2],
    /// Mean difference without the largest and the smallest fifth.
    pub trimmed: f64,
    /// Its interval, clustered by world; none where a fifth or more are ties.
    pub trimmed_interval: [Option<f64>; 2],
    /// The smallest mean difference that as many worlds show with a chance of 80%, and how many worlds show one as large as
    /// this.
    #[serde(flatten, serialize_with = "as_power")]
    pub power: Power,
}

/// Serialises the power under the names of its columns.
fn as_power<S: Serializer>(power: &Power, serializer: S) -> Result<S::Ok, S::Error> {
    named_power("worlds_needed", power, serializer)
}

/// An interval from a mean and its ends.
fn interval(mean: f64, [low, high]: [Option<f64>; 2]) -> Interval {
    Interval { mean, low, high }
}

impl BetRow {
    /// The numbers of which claims are made.
    pub(super) fn claims(&self) -> BetClaims {
        BetClaims {
            mean: self.mean,
            chances: [
                interval(self.p_first, self.p_first_interval),
                interval(self.p_second, self.p_second_interval),
            ],
            tie: self.p_tie,
            lead: interval(self.p_lead, self.p_lead_interval),
            trimmed: interval(self.trimmed, self.trimmed_interval),
        }
    }
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
    pub(super) level: Level,
    pub(super) horizons: Vec<u32>,
    /// By horizon, then by twin.
    pub(super) nets: Vec<Vec<Nets>>,
    /// Number of twins of each world, in order.
    pub(super) sizes: Vec<usize>,
}

impl Differences {
    /// An empty table for these horizons.
    pub(in crate::results) fn new(horizons: Vec<u32>, level: Level) -> Self {
        Self { level, nets: vec![Vec::new(); horizons.len()], sizes: Vec::new(), horizons }
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

    /// The median difference at the last horizon.
    pub(super) fn median(&self) -> f64 {
        let last = self.nets.last().expect("a bet has a horizon");
        let mut differences: Vec<f64> = last.iter().map(|twin| difference(twin).per(1)).collect();
        differences.sort_unstable_by(f64::total_cmp);
        amount_quantile(&differences, 0.5)
    }

    /// The lines of `bet_summary.csv`.
    pub(in crate::results) fn rows(&self) -> Vec<BetRow> {
        (0..self.horizons.len()).map(|h| self.row(h)).collect()
    }

    /// The size of the mean difference less a part of that of the mean net benefit as the strategy `usual`.
    pub(super) fn beyond(&self, h: usize, part: f64, usual: usize) -> Interval {
        let sides = self.clusters(h, if usual == 0 { |[a, _]| *a } else { |[_, b]| *b });
        let differences = self.clusters(h, difference);
        let sign = |clusters: &[Cluster]| {
            if clusters.iter().map(|c| c.sum).sum::<f64>() < 0.0 { -1.0 } else { 1.0 }
        };
        let (lead, size) = (sign(&differences), sign(&sides));
        let beyond = |(d, u): (&Cluster, &Cluster)| Cluster {
            sum: lead * d.sum - part * size * u.sum,
            weight: d.weight,
        };
        let clusters: Vec<Cluster> = differences.iter().zip(&sides).map(beyond).collect();
        Clustered::skewed_mean(&clusters, self.level).interval
    }

    fn row(&self, h: usize) -> BetRow {
        let (nets, level) = (&self.nets[h], self.level);
        let flags = |of: fn(&Nets) -> bool| {
            let cluster =
                |twins: &[Nets]| Cluster::of(twins.iter().map(|twin| f64::from(u8::from(of(twin)))));
            self.by_world(h, cluster)
        };
        let [wins, losses] = [flags(|[a, b]| b > a), flags(|[a, b]| b < a)];
        let lead = balance(&wins, &losses, level);
        let [wins, losses] = [wins, losses].map(|flags| Clustered::share(&flags, level).interval);
        let mean = |of: fn(&Nets) -> Amount| Clustered::skewed_mean(&self.clusters(h, of), level).interval;
        let ties = nets.iter().filter(|[a, b]| a == b).count();
        let groups = self.by_world(h, |twins| twins.iter().map(|twin| difference(twin).per(1)).collect());
        let mut differences: Vec<f64> = nets.iter().map(|twin| difference(twin).per(1)).collect();
        let moments: Moments = differences.iter().copied().collect();
        differences.sort_unstable_by(f64::total_cmp);
        let trimmed = trimmed_mean(&groups, OUTER, level).map(|found| found.interval);
        let mut trimmed = trimmed.unwrap_or(Interval::around(f64::NAN, None));
        if ties as f64 >= OUTER * nets.len() as f64 {
            // The outer fifths may end among ties, where the interval does not hold.
            trimmed = Interval::around(trimmed.mean, None);
        }
        let pairs = self.by_world(h, |twins| twins.iter().map(|twin| twin.map(in_billionths)).collect());
        let ratio = variance_ratio(&pairs, level);
        let ends = ratio.filter(|_| shows_spread(self.sizes.len() as u64, nets.len() as u64));
        BetRow {
            horizon: self.horizons[h],
            twins: nets.len() as u64,
            mean: mean(difference),
            p_second: wins.mean,
            p_first: losses.mean,
            p_tie: ties as f64 / nets.len() as f64,
            variance_ratio: ratio.map(|ratio| ratio.mean),
            sd: moments.sd(),
            p_second_interval: [wins.low, wins.high],
            p_first_interval: [losses.low, losses.high],
            quantiles: QUANTILES.map(|p| amount_quantile(&differences, p)),
            mean_first: mean(|[a, _]| *a).mean,
            mean_second: mean(|[_, b]| *b).mean,
            p_lead: lead.mean,
            p_lead_interval: [lead.low, lead.high],
            quantile_intervals: QUANTILES.map(|p| quantile_ends(&groups, p, level)),
            variance_ratio_interval: ends.map_or([None; 2], |ratio| [ratio.low, ratio.high]),
            trimmed: trimmed.mean,
            trimmed_interval: [trimmed.low, trimmed.high],
            power: Power::of_clusters(&Clustered::mean(&self.clusters(h, difference), level), level),
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
        let mut differences = Differences::new(vec![0], Level::USUAL);
        differences.push(&[vec![[ways, way]], vec![[way, ways]]]);
        differences.push(&[vec![[way, ways]], vec![[way, way + Amount::of(0.65)]]]);
        let row = &differences.rows()[0];
        assert_eq!((row.p_tie, row.p_second, row.p_first), (0.75, 0.25, 0.0));
        assert_eq!((row.mean.mean, row.quantiles[2]), (0.1625, 0.0));
    }

    #[test]
    fn the_interval_of_the_variance_ratio_takes_10_worlds_and_500_focal_agents() {
        let has_interval = |worlds: u32, focals: u32| {
            let mut differences = Differences::new(vec![0], Level::USUAL);
            for world in 0..worlds {
                let twin = |focal: u32| {
                    let [luck, gain] = [(7 * world + 3 * focal) % 11, (world + focal) % 3].map(f64::from);
                    vec![[luck, luck + gain].map(Amount::of)]
                };
                differences.push(&(0..focals).map(twin).collect::<Vec<_>>());
            }
            let row = &differences.rows()[0];
            assert!(row.variance_ratio.is_some());
            row.variance_ratio_interval.map(|end| end.is_some())
        };
        assert_eq!(has_interval(10, 50), [true; 2]);
        assert_eq!([has_interval(9, 60), has_interval(10, 49)], [[false; 2]; 2]);
    }

    #[test]
    fn the_trimmed_mean_has_no_interval_where_a_fifth_or_more_are_ties() {
        let has_interval = |ties: u32| {
            let mut differences = Differences::new(vec![0], Level::USUAL);
            for world in 0..4 {
                let gain =
                    |focal: u32| if focal < ties { 0.0 } else { f64::from(1 + (3 * focal + world) % 7) };
                let twin = |focal| vec![[Amount::ZERO, Amount::of(gain(focal))]];
                differences.push(&(0..10).map(twin).collect::<Vec<_>>());
            }
            let row = &differences.rows()[0];
            assert!(row.trimmed > 0.0);
            row.trimmed_interval.map(|end| end.is_some())
        };
        assert_eq!([0, 1, 2, 3].map(has_interval), [[true; 2], [true; 2], [false; 2], [false; 2]]);
    }

    #[test]
    fn a_loss_is_as_large_as_the_gain_of_the_same_size() {
        let worlds = |sides: [f64; 2]| {
            let mut differences = Differences::new(vec![0], Level::USUAL);
            for [first, second] in [[2.0, 3.0], [1.0, 5.0], [4.0, 4.5]] {
                differences.push(&[vec![[first * sides[0], second * sides[1]].map(Amount::of)]]);
            }
            [0, 1].map(|usual| differences.beyond(0, 0.25, usual))
        };
        let (gains, losses) = (worlds([1.0, 1.0]), worlds([-1.0, -1.0]));
        assert_eq!(gains, losses);
        // The mean difference is 11 / 6, the means as either strategy are 7 / 3 and 25 / 6.
        assert!((gains[0].mean - (11.0 / 6.0 - 7.0 / 12.0)).abs() < 1e-9, "{:?}", gains[0]);
        assert!((gains[1].mean - (11.0 / 6.0 - 25.0 / 24.0)).abs() < 1e-9, "{:?}", gains[1]);
    }
}
