//! A sequential decision on the sign of an estimate.

use super::{Clustered, Level, student_quantile};

/// Whether the interval of an estimate excludes zero, at one of `looks` looks planned in advance.
///
/// Each look uses an interval of confidence `1 - alpha / looks`, where `alpha` is 0.05 at a level of 95%. So the chance to
/// decide on a sign at any look, if the true value is zero, is at most `alpha`, whatever the dependence between looks
/// (Bonferroni).
pub(crate) fn decided(estimate: &Clustered, looks: u32, level: Level) -> bool {
    let Some(error) = estimate.error else { return false };
    let t = student_quantile(1.0 - level.tail() / f64::from(looks.max(1)), (estimate.clusters - 1) as f64);
    // Without any spread the error is not known.
    error > 0.0 && estimate.interval.mean.abs() > t * error
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
                if decided(&Clustered::mean(&values, Level::USUAL), 8, Level::USUAL) {
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
        let decided = |values: &[Cluster]| decided(&Clustered::mean(values, Level::USUAL), 1, Level::USUAL);
        assert!(!decided(&[Cluster::of([3.0])]) && !decided(&[Cluster::of([3.0]); 4]));
    }
}
