//! A sequential decision on the sign of an estimate.

use super::{Clustered, student_quantile};

/// Whether the interval of an estimate excludes zero, at one of `looks` looks planned in advance.
///
/// Each look uses an interval of confidence `1 - 0.05 / looks`. So the chance to decide on a sign at any look, if the
/// true value is zero, is at most 5%, whatever the dependence between looks (Bonferroni).
pub(crate) fn decided(estimate: &Clustered, looks: u32) -> bool {
    let Some(error) = estimate.error else { return false };
    let t = student_quantile(1.0 - 0.025 / f64::from(looks.max(1)), (estimate.clusters - 1) as f64);
    // Without any spread the error is not known.
    error > 0.0 && estimate.interval.mean.abs() > t * error
}

/// The normal quantiles of 0.975 and 0.8, added.
const Z_TEST_AND_POWER: f64 = 2.801_585_218_112_968;

/// The number of clusters, in all, with which a mean that is what it seems would be clear of zero with a chance of 80%, in
/// a test at 5%: `((1.96 + 0.84) sd / mean)^2 + 1.96^2 / 2`, rounded up, where `sd` is the standard error times the root
/// of the number of clusters (Guenther 1981, American Statistician 35, 243-244). `None` if the spread is not known, or the
/// mean is 0.
pub(crate) fn clusters_for_power(estimate: &Clustered) -> Option<f64> {
    let error = estimate.error.filter(|error| *error > 0.0)?;
    let ratio = Z_TEST_AND_POWER * error / estimate.interval.mean;
    let needed = libm::ceil(estimate.clusters as f64 * ratio * ratio + 1.920_729_410_347_062);
    needed.is_finite().then_some(needed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Purpose, RandomKey, Stream};
    use crate::stats::Cluster;

    /// An approximately normal value around a mean.
    fn value(words: &mut Stream, mean: f64) -> Cluster {
        let sum: f64 = (0..12).map(|_| f64::from(words.word() >> 12) / f64::from(1 << 20)).sum();
        Cluster::of([mean + sum - 6.0])
    }

    /// The share of experiments in which a sign is decided at one of eight looks of ten values each.
    fn decided_share(mean: f64) -> f64 {
        let mut words = RandomKey::new(7).stream(0, Purpose::Resampling, 0);
        let mut n = 0;
        for _ in 0..1000 {
            let mut values = Vec::new();
            for _ in 0..8 {
                values.extend((0..10).map(|_| value(&mut words, mean)));
                if decided(&Clustered::mean(&values), 8) {
                    n += 1;
                    break;
                }
            }
        }
        f64::from(n) / 1000.0
    }

    #[test]
    fn a_sign_is_rarely_decided_for_a_mean_of_zero_and_often_for_another() {
        let (none, clear) = (decided_share(0.0), decided_share(0.6));
        assert!((0.005..0.05).contains(&none), "{none}");
        assert!(clear > 0.97, "{clear}");
    }

    #[test]
    fn one_cluster_or_no_spread_decides_nothing() {
        assert!(!decided(&Clustered::mean(&[Cluster::of([3.0])]), 1));
        assert!(!decided(&Clustered::mean(&[Cluster::of([3.0]); 4]), 1));
    }

    #[test]
    fn the_clusters_for_a_power_agree_with_a_table() {
        // statsmodels TTestPower().solve_power(0.5, power=0.8, alpha=0.05): 33.4
        let half = Clustered {
            interval: crate::stats::Interval::around(0.5, None),
            error: Some(0.1),
            clusters: 100,
        };
        assert_eq!(clusters_for_power(&half), Some(34.0));
        let none = Clustered { error: Some(0.0), ..half };
        assert_eq!(clusters_for_power(&none), None);
    }
}
