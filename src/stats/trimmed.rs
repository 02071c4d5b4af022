//! Means without the outer values.

use super::{Clustered, Level, quantile};

/// The mean of the values between the quantiles `cut` and `1 - cut`, with an interval from the spread between clusters.
///
/// `groups` are the values of each cluster. The influence of a value is its distance from the Winsorised mean, with values
/// beyond a quantile moved to it, divided by `1 - 2 cut` (Huber 1981, Robust Statistics, section 3.3; Tukey & McLaughlin
/// 1963, Sankhya A 25, 331-352). `None` without values.
pub(crate) fn trimmed_mean(groups: &[Vec<f64>], cut: f64, level: Level) -> Option<Clustered> {
    let mut sorted: Vec<f64> = groups.iter().flatten().copied().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let (low, high) = (quantile(&sorted, cut)?, quantile(&sorted, 1.0 - cut)?);
    let n = sorted.len() as f64;
    let clamped = |v: &f64| v.clamp(low, high);
    let winsorised = sorted.iter().map(clamped).sum::<f64>() / n;
    let kept = 1.0 - 2.0 * cut;
    // The Winsorised mean counts each outer part at its quantile; without them the middle remains.
    let mean = (winsorised - cut * (low + high)) / kept;
    let influence = |group: &Vec<f64>| group.iter().map(|v| clamped(v) - winsorised).sum::<f64>() / n / kept;
    let influences: Vec<f64> = groups.iter().map(influence).collect();
    Some(Clustered::from_skewed_influences(mean, &influences, level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_the_middle_agrees_with_its_definition() {
        let values: Vec<Vec<f64>> = (0..11).map(|i| vec![f64::from(i * i)]).collect();
        // The quantiles 0.2 and 0.8 of 0, 1, 4 ... 100 are 4 and 64: (2 x 4 + 9 + ... + 49 + 2 x 64 + 4 + 64) / 11 is
        // the Winsorised mean.
        let winsorised = (3.0 * 4.0 + 9.0 + 16.0 + 25.0 + 36.0 + 49.0 + 3.0 * 64.0) / 11.0;
        let found = trimmed_mean(&values, 0.2, Level::USUAL).unwrap();
        assert!((found.interval.mean - (winsorised - 0.2 * 68.0) / 0.6).abs() < 1e-12, "{found:?}");
        assert!(found.interval.ends().is_some());
    }

    #[test]
    fn the_error_of_independent_values_is_that_of_tukey_and_mclaughlin() {
        // The standard deviation of the Winsorised values, divided by the share that is kept and the root of their number.
        let values: Vec<Vec<f64>> = (0..11).map(|i| vec![f64::from(i * i)]).collect();
        let winsorised = [4.0, 4.0, 4.0, 9.0, 16.0, 25.0, 36.0, 49.0, 64.0, 64.0, 64.0];
        let mean = winsorised.iter().sum::<f64>() / 11.0;
        let sd = libm::sqrt(winsorised.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 10.0);
        let found = trimmed_mean(&values, 0.2, Level::USUAL).unwrap().error.unwrap();
        assert!((found - sd / (0.6 * libm::sqrt(11.0))).abs() < 1e-12, "{found}");
    }

    #[test]
    fn one_large_value_does_not_count() {
        let with = |last: f64| {
            trimmed_mean(&[vec![0.0, 1.0, 2.0], vec![3.0, 4.0, last]], 0.2, Level::USUAL).unwrap()
        };
        assert_eq!(with(6.0), with(6e9));
        assert!(trimmed_mean(&[], 0.2, Level::USUAL).is_none());
    }
}
