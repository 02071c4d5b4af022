//! Whether a sign is certain, asked several times on the way.

use super::{Clustered, student_quantile};

/// Whether the interval of an estimate leaves out zero, at one of `looks` looks planned in advance.
///
/// Each look takes an interval of confidence `1 - 0.05 / looks`, so that the chance of ever calling a
/// sign where there is none is at most 5%, however the looks depend on one another (Bonferroni).
pub fn decided(estimate: &Clustered, looks: u32) -> bool {
    let Some(error) = estimate.error else { return false };
    let reach = student_quantile(1.0 - 0.025 / f64::from(looks.max(1)), (estimate.clusters - 1) as f64);
    // No spread at all is no knowledge of the spread.
    error > 0.0 && estimate.interval.mean.abs() > reach * error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Purpose, RandomKey, Stream};
    use crate::stats::Cluster;

    /// A value spread about as a normal one, around a mean.
    fn value(words: &mut Stream, mean: f64) -> Cluster {
        let sum: f64 = (0..12).map(|_| words.below(1 << 20) as f64 / f64::from(1 << 20)).sum();
        Cluster::of([mean + sum - 6.0])
    }

    /// The share of experiments in which a sign is called at one of eight looks of ten values each.
    fn called(mean: f64) -> f64 {
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
    fn a_sign_that_is_not_there_is_rarely_called_and_one_that_is_there_often() {
        let (none, clear) = (called(0.0), called(0.6));
        assert!((0.005..0.05).contains(&none), "{none}");
        assert!(clear > 0.97, "{clear}");
    }

    #[test]
    fn one_cluster_or_no_spread_decides_nothing() {
        assert!(!decided(&Clustered::mean(&[Cluster::of([3.0])]), 1));
        assert!(!decided(&Clustered::mean(&[Cluster::of([3.0]); 4]), 1));
    }
}
