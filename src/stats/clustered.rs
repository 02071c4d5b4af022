//! Means of clustered values: dependent within clusters, independent between them.

use super::{Interval, Level, beta_quantile, skewed_reach, student_half_width, student_quantile};

/// A cluster: the sum and the number of its values.
///
/// With weights: the sum of weight times value, and the sum of the weights.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cluster {
    /// Sum of the cluster's values.
    pub sum: f64,
    /// Number of its values, or the sum of their weights; a cluster without any does not count.
    pub weight: f64,
}

impl Cluster {
    /// The cluster of these values, each of weight 1; NaN among them are left out.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut cluster = Self::default();
        for value in values.into_iter().filter(|v| !v.is_nan()) {
            cluster.sum += value;
            cluster.weight += 1.0;
        }
        cluster
    }
}

/// An estimate with an interval from the spread between clusters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Clustered {
    /// The estimate; NaN without any value. With fewer than two clusters it has no interval.
    pub interval: Interval,
    /// Standard error, likewise.
    pub error: Option<f64>,
    /// Number of clusters.
    pub clusters: u64,
}

impl Clustered {
    /// The mean of all values: the sum of the clusters' sums divided by the sum of their weights.
    ///
    /// Its variance is `G / (G - 1) sum (s_g - m w_g)^2 / W^2` over the `G` clusters, that of least
    /// squares on a constant with clustered errors (CR1), and the interval takes `t(1 - alpha / 2, G - 1)`:
    /// Cameron & Miller (2015), Journal of Human Resources 50, 317-372, sections II and VI.
    pub(crate) fn mean(clusters: &[Cluster], level: Level) -> Self {
        let (mean, influences) = influences(clusters);
        Self::from_influences(mean, &influences, level)
    }

    /// The mean as in [`Clustered::mean`], with the interval of [`Clustered::from_skewed_influences`].
    pub(crate) fn skewed_mean(clusters: &[Cluster], level: Level) -> Self {
        let (mean, influences) = influences(clusters);
        Self::from_skewed_influences(mean, &influences, level)
    }

    /// The share of 1 among values that are 0 or 1, with an interval that holds near 0 and 1.
    ///
    /// It is that of Clopper & Pearson (1934), Biometrika 26, 404-413, for the number of independent values that would
    /// show the same error (Korn & Graubard 1998, Survey Methodology 24, 193-201): the number of values divided by the
    /// design effect, which counts as at least 1, times `(t(q, n - 1) / t(q, G - 1))^2` with `q = 1 - alpha / 2`. If all values are equal,
    /// the design effect is not known, and every cluster counts as one value.
    pub(crate) fn share(clusters: &[Cluster], level: Level) -> Self {
        let Self { interval: Interval { mean, .. }, error, clusters: n } = Self::mean(clusters, level);
        let size = |error| independent(mean, error, [totals(clusters).1, n as f64], level);
        let ends = error.map(|error| exact_share(mean, size(error), level));
        let interval = Interval { mean, low: ends.map(|e| e.0), high: ends.map(|e| e.1) };
        Self { interval, error, clusters: n }
    }

    /// An estimate from the first-order influence of each cluster; influences sum to zero. The variance is
    /// `G / (G - 1)` times the sum of their squares.
    pub(crate) fn from_influences(estimate: f64, influences: &[f64], level: Level) -> Self {
        let n = influences.len() as f64;
        let squares: f64 = influences.iter().map(|i| i * i).sum();
        let error = (influences.len() > 1).then(|| libm::sqrt(n / (n - 1.0) * squares));
        let freedom = influences.len().saturating_sub(1) as u64;
        let half_width = error.map(|e| if e == 0.0 { 0.0 } else { student_half_width(freedom, level) * e });
        let interval = Interval::around(estimate, half_width);
        Self { interval, error, clusters: influences.len() as u64 }
    }

    /// As [`Clustered::from_influences`], with an interval for skewed influences: on each side it extends as far as
    /// Student's or as Hall's (1992), whichever is farther. So it is never narrower than Student's.
    ///
    /// Equal clusters do not show how far off their mean can be, so there is no interval, unless the estimate is 0:
    /// what never differs is reported as such.
    pub(crate) fn from_skewed_influences(estimate: f64, influences: &[f64], level: Level) -> Self {
        let plain = Self::from_influences(estimate, influences, level);
        let n = influences.len() as f64;
        let values: Vec<f64> = influences.iter().map(|i| i * n).collect();
        let (Some(error), Some([below, above]), Some(half)) =
            (plain.error, skewed_reach(&values, level), plain.interval.half_width())
        else {
            return plain;
        };
        let ends = (error > 0.0 || estimate == 0.0)
            .then(|| (estimate - below.max(half), estimate + above.max(half)));
        let interval = Interval { mean: estimate, low: ends.map(|e| e.0), high: ends.map(|e| e.1) };
        Self { interval, ..plain }
    }
}

/// The mean of clusters, and the influence of each on it.
fn influences(clusters: &[Cluster]) -> (f64, Vec<f64>) {
    let (sum, weight) = totals(clusters);
    let mean = sum / weight;
    let counting = clusters.iter().filter(|c| c.weight > 0.0);
    // The influence of a cluster whose mean equals the overall mean is 0, apart from rounding.
    let off = |c: &Cluster| match c.sum - mean * c.weight {
        off if off.abs() <= 4.0 * f64::EPSILON * c.sum.abs() => 0.0,
        off => off,
    };
    (mean, counting.map(|c| off(c) / weight).collect())
}

/// The number of independent values whose share has this error, for so many values in so many clusters.
pub(super) fn independent(share: f64, error: f64, [values, clusters]: [f64; 2], level: Level) -> f64 {
    if share <= 0.0 || share >= 1.0 {
        return clusters;
    }
    let alone = share * (1.0 - share) / (values - 1.0);
    let design = (error * error / alone).max(1.0);
    let quantile = |df: f64| student_quantile(level.upper(), df);
    let ratio = quantile(values - 1.0) / quantile(clusters - 1.0);
    values / design * ratio * ratio
}

/// The interval of Clopper & Pearson of a share of `n` values, which need not be whole.
pub(super) fn exact_share(share: f64, n: f64, level: Level) -> (f64, f64) {
    let (yes, no) = (share * n, (1.0 - share) * n);
    let low = if yes > 0.0 { beta_quantile(level.tail(), yes, no + 1.0) } else { 0.0 };
    let high = if no > 0.0 { beta_quantile(level.upper(), yes + 1.0, no) } else { 1.0 };
    (low, high)
}

/// Sum of sums and sum of weights.
fn totals(clusters: &[Cluster]) -> (f64, f64) {
    clusters.iter().fold((0.0, 0.0), |(sum, weight), c| (sum + c.sum, weight + c.weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORLDS: [&[f64]; 5] =
        [&[0.4, -0.2, 1.9], &[-0.3, -0.1], &[2.2, 0.0, -0.5, 0.7], &[-0.6], &[0.1, 0.3, -0.4]];

    fn assert_close(ours: Option<f64>, theirs: f64) {
        assert!((ours.unwrap() - theirs).abs() < 1e-12, "{ours:?} for {theirs}");
    }

    // statsmodels 0.15.0, OLS (WLS) on a constant, fit(cov_type="cluster", use_t=True,
    // cov_kwds={"groups": world, "use_correction": True, "df_correction": True}): params, bse, conf_int

    #[test]
    fn the_mean_of_unequal_clusters_agrees_with_statsmodels() {
        let clusters: Vec<Cluster> = WORLDS.iter().map(|w| Cluster::of(w.iter().copied())).collect();
        let mean = Clustered::mean(&clusters, Level::USUAL);
        assert_close(Some(mean.interval.mean), 0.26923076923076944);
        assert_close(mean.error, 0.20549461850363737);
        assert_close(mean.interval.low, -0.3013137584581424);
        assert_close(mean.interval.high, 0.8397752969196812);
        assert_eq!(mean.clusters, 5);
        assert!(!mean.interval.excludes_zero());
    }

    #[test]
    fn a_share_has_the_interval_of_as_many_independent_values() {
        let above = |w: &&[f64]| Cluster::of(w.iter().map(|v| f64::from(u8::from(*v > 0.0))));
        let share = Clustered::share(&WORLDS.iter().map(above).collect::<Vec<_>>(), Level::USUAL);
        assert_close(Some(share.interval.mean), 0.4615384615384618);
        // No design effect, so 13 (t(0.975, 12) / t(0.975, 4))^2 = 8.0058 values; ends by an integral of the beta density.
        let (low, high) = share.interval.ends().unwrap();
        assert!((low - 0.1332547735).abs() < 1e-9 && (high - 0.8175282995).abs() < 1e-9, "{low} {high}");
    }

    #[test]
    fn a_weighted_mean_agrees_with_statsmodels() {
        let mut weights = [1.0, 2.0, 1.0, 0.5, 1.0, 3.0, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 2.0].into_iter();
        let mut cluster = |values: &&[f64]| {
            values.iter().fold(Cluster::default(), |c, v| {
                let w = weights.next().unwrap();
                Cluster { sum: c.sum + w * v, weight: c.weight + w }
            })
        };
        let mean = Clustered::mean(&WORLDS.iter().map(&mut cluster).collect::<Vec<_>>(), Level::USUAL);
        assert_close(Some(mean.interval.mean), 0.3914285714285712);
        assert_close(mean.error, 0.34060885778631594);
        assert_close(mean.interval.low, -0.5542532245592571);
    }

    #[test]
    fn clusters_of_one_give_the_plain_interval() {
        let values = [1.2, 0.7, 1.9, 1.1, 0.4, 1.3];
        let clustered = Clustered::mean(&values.map(|v| Cluster::of([v])), Level::USUAL);
        let plain = crate::stats::Interval::of(&values, Level::USUAL);
        assert_close(clustered.interval.low, plain.low.unwrap());
        assert_close(clustered.interval.high, plain.high.unwrap());
    }

    #[test]
    fn one_cluster_has_no_interval_and_an_empty_one_does_not_count() {
        let one = Clustered::mean(&[Cluster::of([1.0, 2.0]), Cluster::default()], Level::USUAL);
        assert_eq!(
            (one.interval.mean, one.interval.low, one.interval.high, one.clusters),
            (1.5, None, None, 1)
        );
        assert_eq!(Clustered::share(&[Cluster::of([1.0, 1.0])], Level::USUAL).interval.low, None);
        assert!(Clustered::mean(&[], Level::USUAL).interval.mean.is_nan());
    }

    #[test]
    fn clusters_of_one_mean_show_no_spread() {
        for n in 2..60 {
            let clusters = [Cluster { sum: 1e9 / f64::from(n), weight: f64::from(n) }; 7];
            assert_eq!(Clustered::mean(&clusters, Level::USUAL).error, Some(0.0), "{n}");
        }
    }

    #[test]
    fn a_share_of_none_or_all_is_not_certain() {
        let none = Clustered::share(&[Cluster::of([0.0, 0.0]); 10], Level::USUAL);
        // scipy.stats.beta.ppf(0.975, 1, 10) and beta.ppf(0.025, 10, 1)
        assert_eq!((none.interval.mean, none.interval.low), (0.0, Some(0.0)));
        assert_close(none.interval.high, 0.3084971078187608);
        let all = Clustered::share(&[Cluster::of([1.0, 1.0, 1.0]); 10], Level::USUAL);
        assert_eq!((all.interval.mean, all.interval.high), (1.0, Some(1.0)));
        assert_close(all.interval.low, 0.6915028921812392);
    }
}
