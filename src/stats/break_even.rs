//! The time at which a mean crosses zero.

use super::Cluster;

/// Number of bootstrap resamples.
const RESAMPLES: usize = 2000;

/// The last crossing of zero by a mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BreakEven {
    /// The time of the last crossing, linear between the times given.
    pub at: f64,
    /// Whether the mean is above zero after it.
    pub upward: bool,
    /// Lower end of the 95% interval; `None` if it is before the first time, or with one cluster.
    pub low: Option<f64>,
    /// Upper end; `None` if it is after the last time, or with one cluster.
    pub high: Option<f64>,
    /// Share of resamples that have the final sign from the first time on.
    pub before: f64,
    /// Share of resamples that do not have this sign at the last time.
    pub beyond: f64,
}

/// The last time at which the mean crosses zero, with a 95% percentile interval from a bootstrap
/// of whole clusters (Efron & Tibshirani 1993; Cameron, Gelbach & Miller 2008).
///
/// `clusters` has an entry of each cluster at each of the ascending `times`. A resample draws as many clusters as there
/// are, with replacement. Its crossing is the time from which on its mean has the final sign of the whole sample. If it
/// has this sign from the first time on, it counts as earlier than all times; if it does not have it at the last time, as
/// later than all. So the interval can be open on either side. The random words are always the same, so the interval is
/// reproducible. `None` if the mean does not cross zero, or is exactly zero at the end.
///
/// # Panics
/// If a cluster does not have one entry per time.
pub fn break_even(
    times: &[f64],
    clusters: &[Vec<Cluster>],
    pick: &mut dyn FnMut(usize) -> usize,
) -> Option<BreakEven> {
    assert!(clusters.iter().all(|c| c.len() == times.len()), "a cluster has an entry per time");
    let means = means(clusters.iter(), times.len());
    let upward = match means.last() {
        Some(last) if *last != 0.0 && !last.is_nan() => *last > 0.0,
        _ => return None,
    };
    let at = since(times, &means, upward);
    if !at.is_finite() {
        return None;
    }
    let mut found = BreakEven { at, upward, low: None, high: None, before: 0.0, beyond: 0.0 };
    if clusters.len() < 2 {
        return Some(found);
    }
    let mut resampled = || {
        let drawn: Vec<&Vec<Cluster>> =
            (0..clusters.len()).map(|_| &clusters[pick(clusters.len())]).collect();
        since(times, &self::means(drawn.into_iter(), times.len()), upward)
    };
    let mut all: Vec<f64> = (0..RESAMPLES).map(|_| resampled()).collect();
    all.sort_by(f64::total_cmp);
    // The 51st from either side: a fortieth of the resamples is beyond each end.
    let tail = RESAMPLES / 40;
    let finite = |v: f64| v.is_finite().then_some(v);
    let share = |of: f64| all.iter().filter(|v| **v == of).count() as f64 / RESAMPLES as f64;
    found.low = finite(all[tail]);
    found.high = finite(all[RESAMPLES - 1 - tail]);
    found.before = share(f64::NEG_INFINITY);
    found.beyond = share(f64::INFINITY);
    Some(found)
}

/// The mean at each time.
fn means<'a>(clusters: impl Iterator<Item = &'a Vec<Cluster>>, n_times: usize) -> Vec<f64> {
    let mut totals = vec![Cluster::default(); n_times];
    for cluster in clusters {
        for (total, part) in totals.iter_mut().zip(cluster) {
            total.sum += part.sum;
            total.weight += part.weight;
        }
    }
    totals.iter().map(|t| t.sum / t.weight).collect()
}

/// The time from which on the means have the sign: before all times if always, after all times if not at the last.
fn since(times: &[f64], means: &[f64], upward: bool) -> f64 {
    let has_sign = |mean: &f64| if upward { *mean > 0.0 } else { *mean < 0.0 };
    match means.iter().rposition(|m| !has_sign(m)) {
        None => f64::NEG_INFINITY,
        Some(last) if last + 1 == means.len() => f64::INFINITY,
        Some(last) => {
            let (from, to) = (means[last], means[last + 1]);
            times[last] + (times[last + 1] - times[last]) * (from / (from - to))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Purpose, RandomKey};

    const TIMES: [f64; 4] = [0.0, 4.0, 12.0, 52.0];

    fn one(values: [f64; 4]) -> Vec<Cluster> {
        values.iter().map(|v| Cluster::of([*v])).collect()
    }

    fn resampled(clusters: &[Vec<Cluster>]) -> Option<BreakEven> {
        let mut stream = RandomKey::new(1).stream(0, Purpose::BreakEven, 0);
        break_even(&TIMES, clusters, &mut |n| stream.below(n))
    }

    #[test]
    fn the_crossing_is_linear_between_times_and_the_last_counts() {
        let found = resampled(&[one([-1.0, 1.0, -1.0, 3.0])]).unwrap();
        assert_eq!((found.at, found.upward), (22.0, true));
        assert_eq!((found.low, found.high), (None, None));
        let down = resampled(&[one([1.0, 1.0, 0.0, -3.0])]).unwrap();
        assert_eq!((down.at, down.upward), (12.0, false));
    }

    #[test]
    fn a_mean_that_does_not_cross_has_no_break_even() {
        assert_eq!(resampled(&[one([1.0; 4])]), None);
        assert_eq!(resampled(&[one([-1.0; 4]), one([-2.0; 4])]), None);
        assert_eq!(resampled(&[one([-1.0, 1.0, 1.0, 0.0])]), None);
        assert_eq!(resampled(&[]), None);
    }

    #[test]
    fn like_clusters_give_a_point_and_unlike_ones_an_interval() {
        let found = resampled(&vec![one([-1.0, -1.0, 1.0, 2.0]); 8]).unwrap();
        assert_eq!((found.at, found.low, found.high), (8.0, Some(8.0), Some(8.0)));
        let spread: Vec<_> = (0..40).map(|i| one([-1.0, -1.0, f64::from(i % 5) - 1.0, 2.0])).collect();
        let found = resampled(&spread).unwrap();
        let (low, high) = (found.low.unwrap(), found.high.unwrap());
        assert!(low < found.at && found.at < high && (found.before, found.beyond) == (0.0, 0.0), "{found:?}");
        assert_eq!(resampled(&spread), Some(found), "the same draws each time");
    }

    #[test]
    fn the_interval_agrees_with_the_delta_method() {
        // One crossing between 4 and 12, where the mean goes from -1 to m, so it is at
        // 4 + 8 / (1 + m): the standard error is that of m times 8 / (1 + m)^2.
        let values: Vec<f64> = (0..200).map(|i| 1.0 + (f64::from(i % 20) - 9.5) / 4.0).collect();
        let clusters: Vec<_> = values.iter().map(|v| one([-1.0, -1.0, *v, 9.0])).collect();
        let found = resampled(&clusters).unwrap();
        let error =
            values.iter().copied().collect::<crate::stats::Moments>().sd().unwrap() / libm::sqrt(200.0) * 8.0
                / 4.0;
        assert!((found.at - 8.0).abs() < 1e-9);
        let half_width = (found.high.unwrap() - found.low.unwrap()) / 2.0;
        assert!((half_width / (1.96 * error) - 1.0).abs() < 0.1, "{half_width} for {}", 1.96 * error);
    }

    #[test]
    fn resamples_that_never_cross_open_the_interval() {
        // The last mean is hardly above zero, so many resamples end below it.
        let clusters: Vec<_> =
            (0..10).map(|i| one([-1.0, -1.0, -1.0, if i < 5 { 2.2 } else { -2.0 }])).collect();
        let found = resampled(&clusters).unwrap();
        assert!(found.beyond > 0.2 && found.high.is_none() && found.low.is_some(), "{found:?}");
    }
}
