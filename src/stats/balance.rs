//! How much more often one of two things happens than the other.

use super::clustered::exact_share;
use super::{Cluster, Clustered, Interval, Level};

/// The share of wins less the share of losses, with its interval clustered as in [`Clustered`].
///
/// `wins` and `losses` have the cluster of each group of the same values: 1 for a win (a loss), 0 for all else. The interval
/// extends on each side as far as that of the mean of 1, 0 and -1 ([`Clustered::skewed_mean`]), or as that of the share of
/// wins among those that are no ties ([`Clustered::share`]), whichever is farther. So it excludes zero only if a sign test
/// does, too.
pub(crate) fn balance(wins: &[Cluster], losses: &[Cluster], level: Level) -> Interval {
    let pairs = || wins.iter().zip(losses);
    let all: Vec<Cluster> = pairs().map(|(w, l)| Cluster { sum: w.sum - l.sum, weight: w.weight }).collect();
    let decided: Vec<Cluster> = pairs().map(|(w, l)| Cluster { sum: w.sum, weight: w.sum + l.sum }).collect();
    let found = Clustered::skewed_mean(&all, level);
    let (mean, clusters) = (found.interval.mean, found.clusters);
    if clusters < 2 {
        return Interval::around(mean, None);
    }
    let sum = |of: fn(&Cluster) -> f64| decided.iter().map(of).sum::<f64>();
    let part = sum(|c| c.weight) / all.iter().map(|c| c.weight).sum::<f64>();
    let (low, high) = if part == 0.0 {
        let most = exact_share(0.0, clusters as f64, level).1;
        (-most, most)
    } else {
        let ends = Clustered::share(&decided, level).interval.ends();
        ends.map_or((-part, part), |(low, high)| (part * (2.0 * low - 1.0), part * (2.0 * high - 1.0)))
    };
    let outer = |a: f64, b: Option<f64>, of: fn(f64, f64) -> f64| b.map_or(a, |b| of(a, b));
    Interval {
        mean,
        low: Some(outer(low, found.interval.low, f64::min).max(-1.0)),
        high: Some(outer(high, found.interval.high, f64::max).min(1.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worlds of `n` values: so many wins and losses in each.
    fn of(worlds: &[(f64, f64)], n: f64) -> Interval {
        let cluster = |sum: f64| Cluster { sum, weight: n };
        let wins: Vec<Cluster> = worlds.iter().map(|w| cluster(w.0)).collect();
        let losses: Vec<Cluster> = worlds.iter().map(|w| cluster(w.1)).collect();
        balance(&wins, &losses, Level::USUAL)
    }

    #[test]
    fn single_values_need_what_a_sign_test_needs() {
        // Two-sided sign tests: 5 of 5 is p = 0.0625, 6 of 6 is p = 0.03125.
        assert!(!of(&[(1.0, 0.0); 5], 1.0).excludes_zero());
        assert!(of(&[(1.0, 0.0); 6], 1.0).excludes_zero());
        assert!(of(&[(0.0, 1.0); 6], 1.0).high.unwrap() < 0.0);
    }

    #[test]
    fn nothing_but_ties_and_one_world_claim_nothing() {
        let ties = of(&[(0.0, 0.0); 10], 3.0);
        // scipy.stats.beta.ppf(0.975, 1, 10)
        assert!((ties.high.unwrap() - 0.3084971078187608).abs() < 1e-12 && ties.low.unwrap() < 0.0);
        assert_eq!(of(&[(3.0, 0.0)], 3.0).ends(), None);
        assert!(of(&[(3.0, 0.0), (0.0, 0.0), (0.0, 0.0)], 3.0).low.unwrap() < 0.0);
    }
}
