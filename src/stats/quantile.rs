//! Quantiles.

use super::clustered::independent;
use super::student::binomial_cdf;
use super::{Cluster, Clustered, Level};

/// The `p` quantile of values in ascending order: linear between the order statistics, with the
/// first at 0 and the last at 1.
///
/// Source: type 7 of Hyndman & Fan (1996), the default of R and NumPy. `None` without values.
///
/// # Panics
/// If `p` is not in 0 to 1.
pub(crate) fn quantile(ascending: &[f64], p: f64) -> Option<f64> {
    assert!((0.0..=1.0).contains(&p), "a quantile's chance is 0 to 1, not {p}");
    debug_assert!(ascending.is_sorted(), "quantiles are read off values in order");
    let last = ascending.len().checked_sub(1)?;
    // A position that differs from a whole number by rounding only is whole, as in R: 0.07 x 100 is 7.
    let (exact, whole) = (p * last as f64, libm::round(p * last as f64));
    let place = if (exact - whole).abs() <= 4.0 * f64::EPSILON * whole { whole } else { exact };
    // At most `last`, which fits.
    #[allow(clippy::cast_possible_truncation)]
    let below = libm::floor(place) as usize;
    let (low, high) = (ascending[below], ascending[(below + 1).min(last)]);
    Some(low + (high - low) * (place - below as f64))
}

/// The ends of the interval of the `p` quantile, of values that are alike within clusters; an end is `None` where it
/// may lie beyond all values, and both with fewer than two clusters.
///
/// They are the order statistics of as many independent values as would show the same error (Woodruff 1952, Journal of
/// the American Statistical Association 47, 635-646; see [`Clustered::share`]), by the larger design effect of the values up
/// to the quantile and of those below it. `groups` are the values of each cluster.
pub(crate) fn quantile_ends(groups: &[Vec<f64>], p: f64, level: Level) -> [Option<f64>; 2] {
    let mut sorted: Vec<f64> = groups.iter().flatten().copied().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let clusters = groups.iter().filter(|group| !group.is_empty()).count() as f64;
    let Some(at) = quantile(&sorted, p).filter(|_| clusters > 1.0) else { return [None; 2] };
    let n = sorted.len() as f64;
    // The number of independent values by a division of all values into two.
    let by = |below: &dyn Fn(f64) -> bool| {
        let share = |group: &Vec<f64>| Cluster::of(group.iter().map(|v| f64::from(u8::from(below(*v)))));
        let found = Clustered::mean(&groups.iter().map(share).collect::<Vec<_>>(), level);
        let (share, error) = (found.interval.mean, found.error?);
        (share > 0.0 && share < 1.0).then(|| independent(share, error, [n, clusters], level))
    };
    let sizes = [by(&|v| v <= at), by(&|v| v < at)];
    let size = sizes.into_iter().flatten().min_by(f64::total_cmp).unwrap_or(clusters);
    let (low, high) = binomial_ranks(libm::floor(size).max(1.0), p, level);
    // Of so many independent values the outer ranks, as ranks of all values.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let at_share = |share: f64, to: fn(f64) -> f64| to(share * n) as usize;
    let lower = low.and_then(|share| at_share(share, libm::floor).checked_sub(1));
    let upper = high.map(|share| at_share(share, libm::ceil).max(1) - 1);
    [lower, upper].map(|rank| rank.and_then(|rank| sorted.get(rank).copied()))
}

/// The ranks, as shares of `n`, between which the `p` quantile of `n` independent values lies with the chance of the level:
/// those of the binomial distribution (Conover 1999, Practical Nonparametric Statistics, section 3.2). `None` beyond all values.
fn binomial_ranks(n: f64, p: f64, level: Level) -> (Option<f64>, Option<f64>) {
    let mut rank = 0.0;
    // The chance that at most `rank` values are below the quantile.
    while rank < n && binomial_cdf(rank, n, p) <= level.tail() {
        rank += 1.0;
    }
    let low = (rank > 0.0).then_some(rank / n);
    while rank < n && binomial_cdf(rank, n, p) < level.upper() {
        rank += 1.0;
    }
    (low, (rank < n).then_some((rank + 1.0) / n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_a_median_are_the_usual_order_statistics() {
        let alone: Vec<Vec<f64>> = (1..=25).map(|i| vec![f64::from(i)]).collect();
        // Conover 1999, Practical Nonparametric Statistics: of 25 independent values the 8th and the 18th.
        assert_eq!(quantile_ends(&alone, 0.5, Level::USUAL), [Some(8.0), Some(18.0)]);
        assert_eq!(quantile_ends(&alone, 0.05, Level::USUAL)[0], None, "it may lie below all values");
        assert_eq!(quantile_ends(&alone, 0.95, Level::USUAL)[1], None, "it may lie above all values");
        assert_eq!(quantile_ends(&alone[..1], 0.5, Level::USUAL), [None; 2]);
    }

    #[test]
    fn clusters_of_equal_values_count_once() {
        let alone: Vec<Vec<f64>> = (1..=25).map(|i| vec![f64::from(i)]).collect();
        let repeated: Vec<Vec<f64>> = (1..=25).map(|i| vec![f64::from(i); 20]).collect();
        let ([low, high], [first, last]) =
            (quantile_ends(&alone, 0.5, Level::USUAL), quantile_ends(&repeated, 0.5, Level::USUAL));
        assert!(first <= low && last >= high, "{first:?} {last:?}");
    }

    #[test]
    fn clusters_of_independent_values_count_with_all_of_them() {
        // 400 numbers without a pattern in ten clusters: of ten independent values the ends would be the 2nd and the 9th.
        let value = |n: u32| f64::from(n.wrapping_mul(2_654_435_761)) / f64::from(u32::MAX);
        let groups: Vec<Vec<f64>> = (0..10).map(|g| (0..40).map(|i| value(40 * g + i)).collect()).collect();
        let [low, high] = quantile_ends(&groups, 0.5, Level::USUAL).map(Option::unwrap);
        assert!(0.4 < low && low < 0.5 && 0.5 < high && high < 0.6, "{low} {high}");
    }

    #[test]
    fn values_equal_to_the_quantile_do_not_hide_how_clusters_differ() {
        // Three quarters of every cluster are at most the median, 1. But only every second cluster has values below it.
        let cluster = |zeros: usize| [vec![0.0; zeros], vec![1.0; 15 - zeros], vec![2.0; 5]].concat();
        let groups: Vec<Vec<f64>> = (0..10).map(|i| cluster(if i % 2 == 0 { 14 } else { 0 })).collect();
        assert_eq!(quantile_ends(&groups, 0.5, Level::USUAL)[0], Some(0.0));
    }

    #[test]
    fn quantiles_agree_with_numpy() {
        // numpy.quantile([3, 1, 4, 1.5, 9, 2.6], [0, .1, .25, .5, .9, 1])
        let values = [1.0, 1.5, 2.6, 3.0, 4.0, 9.0];
        for (p, expected) in [(0.0, 1.0), (0.1, 1.25), (0.25, 1.775), (0.5, 2.8), (0.9, 6.5), (1.0, 9.0)] {
            assert!((quantile(&values, p).unwrap() - expected).abs() < 1e-12);
        }
        let squares: Vec<f64> = (0..101).map(|i| f64::from(i * i)).collect();
        assert!((0..101).all(|i| quantile(&squares, f64::from(i) / 100.0) == Some(f64::from(i * i))));
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[7.0], 0.3), Some(7.0));
    }
}
