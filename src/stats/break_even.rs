//! The time at which a mean crosses zero.

use super::{Cluster, Clustered, Interval, Level};

/// Steps of each stretch between two times, by which ends of the interval are found.
const STEPS: u32 = 64;

/// The last crossing of zero by a mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct BreakEven {
    /// The time of the last crossing, linear between the times given.
    pub at: f64,
    /// Whether the mean is above zero after it.
    pub upward: bool,
    /// Lower end of the interval; `None` if it is before the first time, or with one cluster.
    pub low: Option<f64>,
    /// Upper end; `None` if the mean is not clear of zero at the last time, or with one cluster.
    pub high: Option<f64>,
}

/// The last time at which the mean crosses zero, with an interval by inversion of tests (Fieller 1954, Journal of the
/// Royal Statistical Society B 16, 175-185).
///
/// `clusters` has an entry of each cluster at each of the ascending `times`; between times each of them is linear. The
/// interval ends at the last time at which the interval of the mean ([`Clustered::skewed_mean`]) includes zero, and begins at
/// the last time at which it lies wholly on the other side. `None` if the mean does not cross zero, or is exactly zero at
/// the end.
///
/// # Panics
/// If a cluster does not have one entry per time.
pub(crate) fn break_even(times: &[f64], clusters: &[Vec<Cluster>], level: Level) -> Option<BreakEven> {
    assert!(clusters.iter().all(|c| c.len() == times.len()), "a cluster has an entry per time");
    let means: Vec<Interval> = (0..times.len()).map(|t| between(clusters, t, 0.0, level)).collect();
    let upward = match means.last() {
        Some(last) if last.mean != 0.0 && !last.mean.is_nan() => last.mean > 0.0,
        _ => return None,
    };
    let has_sign = |mean: f64| if upward { mean > 0.0 } else { mean < 0.0 };
    let before = means.iter().rposition(|m| !has_sign(m.mean))?;
    let (from, to) = (means[before].mean, means[before + 1].mean);
    let at = times[before] + (times[before + 1] - times[before]) * (from / (from - to));
    let mut found = BreakEven { at, upward, low: None, high: None };
    // From the end on: clear on the final side until `high`, and on the other side at `low`.
    let mut later = times[times.len() - 1];
    let mut clear = true;
    for (time, mean) in backwards(times, clusters, level) {
        let mean = if upward { mean } else { mean.turned() };
        if clear && mean.low.is_none_or(|low| low <= 0.0) {
            clear = false;
            found.high = (later > time).then_some(later);
        }
        if mean.high.is_some_and(|high| high < 0.0) {
            found.low = Some(time);
            break;
        }
        later = time;
    }
    Some(found)
}

/// The interval of the mean at a grid of times, from the last time to the first.
fn backwards<'a>(
    times: &'a [f64],
    clusters: &'a [Vec<Cluster>],
    level: Level,
) -> impl Iterator<Item = (f64, Interval)> + 'a {
    let last = times.len() - 1;
    let inner = (0..last).rev().flat_map(move |t| {
        (0..STEPS).rev().map(move |step| {
            let part = f64::from(step) / f64::from(STEPS);
            (times[t] + part * (times[t + 1] - times[t]), between(clusters, t, part, level))
        })
    });
    std::iter::once((times[last], between(clusters, last, 0.0, level))).chain(inner)
}

/// The mean at this part of the way from one time to the next.
fn between(clusters: &[Vec<Cluster>], time: usize, part: f64, level: Level) -> Interval {
    let mixed = |cluster: &Vec<Cluster>| {
        let (a, b) = (cluster[time], if part > 0.0 { cluster[time + 1] } else { cluster[time] });
        let mix = |a: f64, b: f64| a + part * (b - a);
        Cluster { sum: mix(a.sum, b.sum), weight: mix(a.weight, b.weight) }
    };
    Clustered::skewed_mean(&clusters.iter().map(mixed).collect::<Vec<_>>(), level).interval
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: [f64; 4] = [0.0, 4.0, 12.0, 52.0];

    fn usual(clusters: &[Vec<Cluster>]) -> Option<BreakEven> {
        break_even(&TIMES, clusters, Level::USUAL)
    }

    fn one(values: [f64; 4]) -> Vec<Cluster> {
        values.iter().map(|v| Cluster::of([*v])).collect()
    }

    #[test]
    fn the_crossing_is_linear_between_times_and_the_last_counts() {
        let found = usual(&[one([-1.0, 1.0, -1.0, 3.0])]).unwrap();
        assert_eq!((found.at, found.upward), (22.0, true));
        assert_eq!((found.low, found.high), (None, None), "one cluster has no interval");
        let down = usual(&[one([1.0, 1.0, 0.0, -3.0])]).unwrap();
        assert_eq!((down.at, down.upward), (12.0, false));
    }

    #[test]
    fn a_mean_that_does_not_cross_has_no_break_even() {
        assert_eq!(usual(&[one([1.0; 4])]), None);
        assert_eq!(usual(&[one([-1.0; 4]), one([-2.0; 4])]), None);
        assert_eq!(usual(&[one([-1.0, 1.0, 1.0, 0.0])]), None);
        assert_eq!(usual(&[]), None);
    }

    #[test]
    fn unlike_clusters_give_an_interval_around_the_crossing() {
        let spread: Vec<_> = (0..40)
            .map(|i| {
                let off = f64::from(i % 5) / 4.0 - 0.5;
                one([-1.0 + off, -1.0 + off, 1.0 + off, 2.0 + off])
            })
            .collect();
        let found = usual(&spread).unwrap();
        let (low, high) = (found.low.unwrap(), found.high.unwrap());
        assert!(4.0 < low && low < found.at && found.at < high && high < 12.0, "{found:?}");
    }

    #[test]
    fn the_interval_agrees_with_the_delta_method() {
        // One crossing between 4 and 12, where the mean goes from -1 to m, so it is at
        // 4 + 8 / (1 + m): the standard error is that of m times 8 / (1 + m)^2.
        let values: Vec<f64> = (0..200).map(|i| 1.0 + (f64::from(i % 20) - 9.5) / 4.0).collect();
        let wave = |i: usize| if i.is_multiple_of(2) { 1e-6 } else { -1e-6 };
        let clusters: Vec<_> = values
            .iter()
            .enumerate()
            .map(|(i, v)| one([-1.0 + wave(i), -1.0 - wave(i), *v, 9.0 + v]))
            .collect();
        let found = usual(&clusters).unwrap();
        let sd = values.iter().copied().collect::<crate::stats::Moments>().sd().unwrap();
        let error = sd / libm::sqrt(200.0) * 8.0 / 4.0;
        assert!((found.at - 8.0).abs() < 1e-6);
        let half_width = (found.high.unwrap() - found.low.unwrap()) / 2.0;
        // The ends are on a grid of an eighth of a round.
        assert!((half_width - 1.96 * error).abs() < 0.2, "{half_width} for {}", 1.96 * error);
    }

    #[test]
    fn a_last_mean_that_is_not_clear_opens_the_interval() {
        let clusters: Vec<_> = (0..10)
            .map(|i| {
                let off = f64::from(i) / 100.0;
                one([-1.0 - off, -1.0 + off, -1.0 - off, if i < 5 { 2.2 } else { -2.0 }])
            })
            .collect();
        let found = usual(&clusters).unwrap();
        assert!(found.high.is_none() && found.low.is_some_and(|low| low >= 12.0), "{found:?}");
    }
}
