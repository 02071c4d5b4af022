//! Mean and spread of numbers that are added one at a time.

/// Count, mean and sum of squared deviations, updated number by number.
///
/// Source: Welford (1962), Technometrics 4, 419-420. Memory does not grow with the numbers seen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Moments {
    n: u64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Adds one number; NaN (nothing to report) is ignored.
    pub(crate) fn push(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        self.n += 1;
        let deviation = value - self.mean;
        self.mean += deviation / self.n as f64;
        self.squares += deviation * (value - self.mean);
    }

    /// The moments of the values less a number.
    #[must_use]
    pub(crate) fn less(&self, number: f64) -> Self {
        Self { mean: self.mean - number, ..*self }
    }

    /// Number of values.
    pub(crate) fn n(&self) -> u64 {
        self.n
    }

    /// Mean of the values; NaN without any.
    pub(crate) fn mean(&self) -> f64 {
        if self.n == 0 { f64::NAN } else { self.mean }
    }

    /// Standard deviation of the values, with `n - 1` in the denominator; `None` for fewer than two.
    pub(crate) fn sd(&self) -> Option<f64> {
        (self.n > 1).then(|| libm::sqrt(self.squares / (self.n - 1) as f64))
    }
}

impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut moments = Self::default();
        values.into_iter().for_each(|v| moments.push(v));
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_a_number_the_mean_is_lower_and_the_spread_the_same() {
        let values = [2.5, 4.0, -1.0];
        let less: Moments = values.iter().map(|value| value - 10.0).collect();
        let found = values.into_iter().collect::<Moments>().less(10.0);
        assert!(found.n() == 3 && (found.mean() - less.mean()).abs() < 1e-12);
        assert!((found.sd().unwrap() - less.sd().unwrap()).abs() < 1e-12);
    }

    #[test]
    fn a_large_offset_does_not_spoil_the_spread() {
        let moments: Moments = [4.0, 7.0, 13.0, 16.0].iter().map(|v| v + 1e9).collect();
        assert_eq!(moments.mean(), 1e9 + 10.0);
        assert_eq!(moments.sd(), Some(libm::sqrt(30.0)));
    }

    #[test]
    fn nan_does_not_count() {
        let moments: Moments = [1.0, f64::NAN, 3.0].into_iter().collect();
        assert_eq!((moments.n(), moments.mean()), (2, 2.0));
        assert!(Moments::default().mean().is_nan());
        assert_eq!([5.0].into_iter().collect::<Moments>().sd(), None);
    }
}
