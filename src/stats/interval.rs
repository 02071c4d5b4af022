//! Means with their uncertainty, and paired differences.

use super::{Moments, student_cdf, student_reach};

/// A mean with its 95% confidence interval: `mean ± t(0.975, n - 1) sd / sqrt(n)` (Student 1908).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The mean; NaN for `n` = 0.
    pub mean: f64,
    /// Lower end; `None` for fewer than two numbers, which show no spread.
    pub low: Option<f64>,
    /// Upper end, likewise.
    pub high: Option<f64>,
    /// Standard deviation, with `n - 1` in the denominator, likewise.
    pub sd: Option<f64>,
    /// How many numbers the mean is of.
    pub n: u64,
}

impl Interval {
    /// Mean and interval of the values; NaN among them are left out.
    pub fn of(values: &[f64]) -> Self {
        values.iter().copied().collect::<Moments>().interval()
    }

    /// Whether the interval leaves out zero; false where there is no interval.
    pub fn excludes_zero(&self) -> bool {
        matches!((self.low, self.high), (Some(low), Some(high)) if low > 0.0 || high < 0.0)
    }
}

impl Moments {
    /// The mean with its 95% t interval.
    pub fn interval(&self) -> Interval {
        let (n, mean, sd) = (self.n(), self.mean(), self.sd());
        let reach = sd.map(|sd| match sd {
            0.0 => 0.0,
            sd => student_reach(n - 1) * sd / libm::sqrt(n as f64),
        });
        Interval { mean, low: reach.map(|r| mean - r), high: reach.map(|r| mean + r), sd, n }
    }
}

/// A paired difference, with its interval and the chance of one at least as large if there were none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contrast {
    /// Mean of the differences within pairs.
    pub difference: Interval,
    /// Two-sided p-value of the paired t test; `None` for fewer than two pairs. Where all
    /// differences are equal there is no spread to test against: 1 if they are zero, else 0.
    pub p_value: Option<f64>,
}

impl Contrast {
    /// `second - first` within each pair; pairs with a NaN on either side are left out.
    ///
    /// # Panics
    /// If the two are not equally long.
    pub fn paired(first: &[f64], second: &[f64]) -> Self {
        assert_eq!(first.len(), second.len(), "a pair has two sides");
        Self::of(&first.iter().zip(second).map(|(a, b)| b - a).collect())
    }

    /// The contrast of differences that have been accumulated, one per pair.
    pub fn of(differences: &Moments) -> Self {
        let difference = differences.interval();
        let p_value = difference.sd.map(|sd| {
            let (n, mean) = (difference.n as f64, difference.mean);
            if sd == 0.0 {
                return if mean == 0.0 { 1.0 } else { 0.0 };
            }
            let t = mean.abs() / (sd / libm::sqrt(n));
            2.0 * student_cdf(-t, n - 1.0)
        });
        Self { difference, p_value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: [f64; 6] = [1.2, 0.7, 1.9, 1.1, 0.4, 1.3];
    const SECOND: [f64; 6] = [1.5, 0.9, 1.8, 1.6, 0.9, 1.2];

    fn assert_close(ours: Option<f64>, theirs: f64) {
        assert!((ours.unwrap() - theirs).abs() < 1e-12, "{ours:?} for {theirs}");
    }

    #[test]
    fn the_interval_agrees_with_scipy() {
        // scipy.stats.t.interval(0.95, 5, loc=mean, scale=sem), scipy 1.17.1
        let interval = Interval::of(&FIRST);
        assert_close(Some(interval.mean), 1.1);
        assert_close(interval.sd, 0.5176871642217914);
        assert_close(interval.low, 0.5567206395489669);
        assert_close(interval.high, 1.6432793604510332);
        assert!(interval.excludes_zero());
    }

    #[test]
    fn the_paired_contrast_agrees_with_scipy() {
        // scipy.stats.ttest_rel(SECOND, FIRST), scipy 1.17.1
        let contrast = Contrast::paired(&FIRST, &SECOND);
        assert_close(contrast.p_value, 0.10792359461984044);
        assert_close(contrast.difference.low, -0.06816699875038598);
        assert_close(contrast.difference.high, 0.5015003320837194);
        assert!(!contrast.difference.excludes_zero());
    }

    #[test]
    fn one_number_has_a_mean_and_no_interval() {
        let interval = Interval::of(&[3.0]);
        assert_eq!(interval, Interval { mean: 3.0, low: None, high: None, sd: None, n: 1 });
        assert_eq!(Contrast::paired(&[1.0], &[2.0]).p_value, None);
        assert!(Interval::of(&[]).mean.is_nan());
    }

    #[test]
    fn equal_differences_have_a_point_for_an_interval() {
        let none = Contrast::paired(&[1.0, 2.0], &[1.0, 2.0]);
        assert_eq!(
            (none.difference.low, none.difference.high, none.p_value),
            (Some(0.0), Some(0.0), Some(1.0))
        );
        let one = Contrast::paired(&[1.0, 2.0, 3.0], &[2.0, 3.0, 4.0]);
        assert_eq!((one.difference.low, one.difference.high, one.p_value), (Some(1.0), Some(1.0), Some(0.0)));
    }
}
