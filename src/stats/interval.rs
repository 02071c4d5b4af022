//! Means with their uncertainty, and paired differences.

use serde::Serialize;

use super::{Level, Moments, student_cdf, student_half_width};

/// A mean, or another estimate, with its confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The mean; NaN without values.
    pub mean: f64,
    /// Lower end; `None` if the spread is not known.
    #[serde(rename = "ci_low")]
    pub low: Option<f64>,
    /// Upper end, likewise.
    #[serde(rename = "ci_high")]
    pub high: Option<f64>,
}

impl Interval {
    /// Mean and interval of the values; NaN among them are left out.
    pub fn of(values: &[f64], level: Level) -> Self {
        values.iter().copied().collect::<Moments>().interval(level)
    }

    /// The interval of this half-width around a mean; without a half-width it has no ends.
    pub(crate) fn around(mean: f64, half_width: Option<f64>) -> Self {
        Self { mean, low: half_width.map(|half| mean - half), high: half_width.map(|half| mean + half) }
    }

    /// From a mean and the ends of its interval in a table, where NaN means no end.
    pub(crate) fn from_cells([mean, low, high]: [f64; 3]) -> Self {
        let end = |value: f64| (!value.is_nan()).then_some(value);
        Self { mean, low: end(low), high: end(high) }
    }

    /// To a mean and the ends of its interval in a table, where NaN means no end.
    pub(crate) fn to_cells(self) -> [f64; 3] {
        [self.mean, self.low.unwrap_or(f64::NAN), self.high.unwrap_or(f64::NAN)]
    }

    /// The interval of the values with opposite signs.
    #[must_use]
    pub(crate) fn turned(self) -> Self {
        Self { mean: -self.mean, low: self.high.map(|high| -high), high: self.low.map(|low| -low) }
    }

    /// Both ends, if they are known.
    pub fn ends(&self) -> Option<(f64, f64)> {
        self.low.zip(self.high)
    }

    /// Half the width of the interval.
    pub fn half_width(&self) -> Option<f64> {
        self.ends().map(|(low, high)| (high - low) / 2.0)
    }

    /// Whether the interval excludes zero; false without an interval.
    pub fn excludes_zero(&self) -> bool {
        self.ends().is_some_and(|(low, high)| low > 0.0 || high < 0.0)
    }
}

impl Moments {
    /// The mean with its interval: `mean ± t(1 - alpha / 2, n - 1) sd / sqrt(n)` (Student 1908). No interval of
    /// fewer than two numbers.
    pub(crate) fn interval(&self, level: Level) -> Interval {
        let n = self.n();
        let half_width = self.sd().map(|sd| match sd {
            0.0 => 0.0,
            sd => student_half_width(n - 1, level) * sd / libm::sqrt(n as f64),
        });
        Interval::around(self.mean(), half_width)
    }
}

/// A paired difference, with its interval and its p-value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Contrast {
    /// Mean of the differences within pairs.
    pub difference: Interval,
    /// Two-sided p-value of the paired t test; `None` for fewer than two pairs, and if all differences are equal, because
    /// then there is no spread to test against.
    pub p_value: Option<f64>,
}

impl Contrast {
    /// `second - first` within each pair; pairs with a NaN on either side are left out.
    ///
    /// # Panics
    /// If the two are not equally long.
    pub(crate) fn paired(first: &[f64], second: &[f64], level: Level) -> Self {
        assert_eq!(first.len(), second.len(), "a pair has two sides");
        Self::of(&first.iter().zip(second).map(|(a, b)| b - a).collect(), level)
    }

    /// The contrast of differences that have been accumulated, one per pair.
    pub(crate) fn of(differences: &Moments, level: Level) -> Self {
        let p_value = differences.sd().filter(|sd| *sd > 0.0).map(|sd| {
            let (n, mean) = (differences.n() as f64, differences.mean());
            let t = mean.abs() / (sd / libm::sqrt(n));
            2.0 * student_cdf(-t, n - 1.0)
        });
        Self { difference: differences.interval(level), p_value }
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
        let interval = Interval::of(&FIRST, Level::USUAL);
        assert_close(Some(interval.mean), 1.1);
        assert_close(interval.low, 0.5567206395489669);
        assert_close(interval.high, 1.6432793604510332);
        assert!(interval.excludes_zero());
        // scipy.stats.t.interval(0.9, 5, ...)
        let narrower = Interval::of(&FIRST, Level::of(0.9).unwrap());
        assert_close(narrower.half_width(), 0.4258701965313128);
    }

    #[test]
    fn the_paired_contrast_agrees_with_scipy() {
        // scipy.stats.ttest_rel(SECOND, FIRST), scipy 1.17.1
        let contrast = Contrast::paired(&FIRST, &SECOND, Level::USUAL);
        assert_close(contrast.p_value, 0.10792359461984044);
        assert_close(contrast.difference.low, -0.06816699875038598);
        assert_close(contrast.difference.high, 0.5015003320837194);
        assert!(!contrast.difference.excludes_zero());
    }

    #[test]
    fn an_interval_that_ends_at_zero_does_not_exclude_it() {
        // Twins that are equal have a difference of exactly zero.
        assert!(!Interval::of(&[0.0; 5], Level::USUAL).excludes_zero());
        for (low, high, excludes) in
            [(0.0, 1.0, false), (-1.0, 0.0, false), (0.1, 1.0, true), (-1.0, -0.1, true)]
        {
            let interval = Interval { mean: f64::midpoint(low, high), low: Some(low), high: Some(high) };
            assert_eq!(interval.excludes_zero(), excludes, "{interval:?}");
        }
    }

    #[test]
    fn one_number_has_a_mean_and_no_interval() {
        let interval = Interval::of(&[3.0], Level::USUAL);
        assert_eq!(interval, Interval { mean: 3.0, low: None, high: None });
        assert_eq!(Contrast::paired(&[1.0], &[2.0], Level::USUAL).p_value, None);
        assert!(Interval::of(&[], Level::USUAL).mean.is_nan());
    }

    #[test]
    fn equal_differences_have_a_point_for_an_interval() {
        let none = Contrast::paired(&[1.0, 2.0], &[1.0, 2.0], Level::USUAL);
        assert_eq!((none.difference.low, none.difference.high, none.p_value), (Some(0.0), Some(0.0), None));
        let one = Contrast::paired(&[1.0, 2.0, 3.0], &[2.0, 3.0, 4.0], Level::USUAL);
        assert_eq!((one.difference.low, one.difference.high, one.p_value), (Some(1.0), Some(1.0), None));
    }
}
