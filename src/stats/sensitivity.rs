//! How much each factor matters: elementary effects (Morris) and shares of variance (Sobol).
//!
//! Factors are in units of their range, 0 to 1. Intervals are of the bootstrap: designs are
//! resampled as wholes (trajectories, or rows of the two base samples), since outcomes within
//! one belong together.

use super::{Interval, quantile};

/// What the elementary effects of one factor come to.
///
/// Source: Morris (1991), Technometrics 33, 161-174; `mu_star` from Campolongo, Cariboni & Saltelli
/// (2007), Environmental Modelling & Software 22, 1509-1518.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ElementaryEffects {
    /// Mean effect of moving the factor over its range.
    pub mu: f64,
    /// Mean absolute effect: what matters, whichever way.
    pub mu_star: Interval,
    /// Standard deviation of the effects: how far the factor interacts or acts otherwise than in a
    /// straight line; `None` for fewer than two trajectories.
    pub sigma: Option<f64>,
}

/// Shares of the variance of the outcome.
///
/// Source: Saltelli et al. (2010), Computer Physics Communications 181, 259-270; the estimators are
/// those of Jansen (1999), Computer Physics Communications 117, 35-43.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VarianceShares {
    /// S1: what the factor explains alone.
    pub first: Interval,
    /// ST: what it explains alone and together with others.
    pub total: Interval,
}

/// Resamplings behind an interval.
const RESAMPLES: usize = 1000;

/// Mean, mean absolute value and spread of one factor's elementary effects, one per trajectory.
/// `pick(n)` gives random numbers below `n`.
pub fn elementary_effects(effects: &[f64], pick: &mut dyn FnMut(usize) -> usize) -> ElementaryEffects {
    let n = effects.len() as f64;
    let mu = effects.iter().sum::<f64>() / n;
    let squares: f64 = effects.iter().map(|e| (e - mu) * (e - mu)).sum();
    let mean_size = |rows: &[usize]| rows.iter().map(|&r| effects[r].abs()).sum::<f64>() / rows.len() as f64;
    ElementaryEffects {
        mu,
        mu_star: bootstrap(effects.len(), mean_size, pick),
        sigma: (effects.len() > 1).then(|| libm::sqrt(squares / (n - 1.0))),
    }
}

/// Outcomes of Saltelli's design for one factor: by row of the base samples.
#[derive(Clone, Copy, Debug)]
pub struct SaltelliOutcomes<'a> {
    /// Outcome at each row of the first base sample.
    pub a: &'a [f64],
    /// At each row of the second.
    pub b: &'a [f64],
    /// At each row of the first with the factor's value taken from the second.
    pub a_with_b: &'a [f64],
}

/// A factor's shares of the variance. All zero where the outcome does not vary.
///
/// # Panics
/// If the three samples are not equally long.
pub fn variance_shares(y: &SaltelliOutcomes<'_>, pick: &mut dyn FnMut(usize) -> usize) -> VarianceShares {
    let n = y.a.len();
    assert!(y.b.len() == n && y.a_with_b.len() == n, "rows of one design");
    let first = |rows: &[usize]| share(y, rows, |r| y.b[r] - y.a_with_b[r], |v, half| v - half);
    let total = |rows: &[usize]| share(y, rows, |r| y.a[r] - y.a_with_b[r], |_, half| half);
    VarianceShares { first: bootstrap(n, first, pick), total: bootstrap(n, total, pick) }
}

/// A share of variance from half the mean squared difference of two samples.
fn share(
    y: &SaltelliOutcomes<'_>,
    rows: &[usize],
    difference: impl Fn(usize) -> f64,
    part: impl Fn(f64, f64) -> f64,
) -> f64 {
    let n = rows.len() as f64;
    let both = || rows.iter().flat_map(|&r| [y.a[r], y.b[r]]);
    let mean = both().sum::<f64>() / (2.0 * n);
    let variance = both().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (2.0 * n);
    if variance == 0.0 {
        return 0.0;
    }
    let half = rows.iter().map(|&r| difference(r)).map(|d| d * d).sum::<f64>() / (2.0 * n);
    part(variance, half) / variance
}

/// A statistic of `n` rows, with its 95% interval: the 2.5% and 97.5% quantiles of its values on rows drawn anew.
fn bootstrap(
    n: usize,
    statistic: impl Fn(&[usize]) -> f64,
    pick: &mut dyn FnMut(usize) -> usize,
) -> Interval {
    let mut rows: Vec<usize> = (0..n).collect();
    let mean = statistic(&rows);
    if n < 2 {
        return Interval::around(mean, None);
    }
    let mut values: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            rows.iter_mut().for_each(|row| *row = pick(n));
            statistic(&rows)
        })
        .collect();
    values.sort_unstable_by(f64::total_cmp);
    Interval { mean, low: quantile(&values, 0.025), high: quantile(&values, 0.975) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A generator that is good enough to resample by.
    fn picker() -> impl FnMut(usize) -> usize {
        let mut state = 1_u64;
        move |n| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from((u128::from(state >> 11) * n as u128) >> 53).unwrap()
        }
    }

    fn columns(text: &str) -> Vec<Vec<f64>> {
        let rows: Vec<Vec<f64>> = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect())
            .collect();
        (0..rows[0].len()).map(|c| rows.iter().map(|row| row[c]).collect()).collect()
    }

    fn near(ours: f64, theirs: f64) {
        assert!((ours - theirs).abs() < 1e-9, "{ours} for {theirs}");
    }

    #[test]
    fn variance_shares_agree_with_salib_on_the_ishigami_and_the_g_function() {
        let expected = include_str!("../../tests/reference/sensitivity/shares.csv");
        let expected: Vec<Vec<&str>> =
            expected.lines().skip(1).map(|line| line.split(',').collect()).collect();
        let designs = [
            ("ishigami", include_str!("../../tests/reference/sensitivity/ishigami.csv")),
            ("g", include_str!("../../tests/reference/sensitivity/g.csv")),
        ];
        for (name, text) in designs {
            let y = columns(text);
            for (factor, row) in expected.iter().filter(|row| row[0] == name).enumerate() {
                let outcomes = SaltelliOutcomes { a: &y[0], b: &y[1], a_with_b: &y[2 + factor] };
                let shares = variance_shares(&outcomes, &mut picker());
                let [first, total, true_first, true_total] =
                    [2, 3, 4, 5].map(|c| row[c].parse::<f64>().unwrap());
                near(shares.first.mean, first);
                near(shares.total.mean, total);
                for (estimate, truth) in [(shares.first, true_first), (shares.total, true_total)] {
                    assert!((estimate.mean - truth).abs() < 0.1, "{name} {factor}: {estimate:?}, {truth}");
                    let (low, high) = (estimate.low.unwrap(), estimate.high.unwrap());
                    assert!(low < estimate.mean && estimate.mean < high, "{estimate:?}");
                }
            }
        }
    }

    #[test]
    fn elementary_effects_agree_with_salib() {
        let effects = columns(include_str!("../../tests/reference/sensitivity/effects.csv"));
        let expected = columns(include_str!("../../tests/reference/sensitivity/morris.csv"));
        for (factor, effects) in effects.iter().enumerate() {
            let ours = elementary_effects(effects, &mut picker());
            near(ours.mu, expected[0][factor]);
            near(ours.mu_star.mean, expected[1][factor]);
            near(ours.sigma.unwrap(), expected[2][factor]);
        }
    }

    #[test]
    fn what_does_not_vary_has_no_shares() {
        let y = [1.0; 8];
        let outcomes = SaltelliOutcomes { a: &y, b: &y, a_with_b: &y };
        let shares = variance_shares(&outcomes, &mut picker());
        assert_eq!((shares.first.mean, shares.total.mean), (0.0, 0.0));
    }

    #[test]
    fn one_trajectory_has_no_spread() {
        let one = elementary_effects(&[-2.0], &mut picker());
        assert_eq!((one.mu, one.mu_star.mean, one.mu_star.low, one.sigma), (-2.0, 2.0, None, None));
    }
}
