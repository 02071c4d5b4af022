//! Products across replicates, and intervals from rows of a design and shared seeds.

use super::super::{Interval, Level, skewed_reach, student_half_width};

/// The replicates behind every point of a design.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Replicates {
    /// Mean of each replicate over all points of the design.
    pub means: Vec<f64>,
    /// Whether replicate r has the same seed at every point.
    pub shared: bool,
}

/// Why an estimate or its interval is withheld.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Withheld {
    /// Nothing can be estimated: one replicate does not tell factors from luck.
    OneReplicate,
    /// Nothing is defined: the outcome is the same at all points.
    Constant,
    /// Nothing can be estimated: the points differ by no more than luck makes them.
    OnlyLuck,
    /// No interval: there are too few rows or trajectories.
    FewRows,
    /// No interval: the variance between points is not clear of zero.
    MostlyLuck,
    /// No interval: so few seeds, shared by all points, do not tell how much the function differs between seeds.
    FewSeeds,
    /// No interval: the seeds that all points share act like one more fixed function.
    SharedLuck,
}

impl Withheld {
    /// Whether there is no estimate either.
    pub(crate) fn is_all(self) -> bool {
        matches!(self, Self::OneReplicate | Self::Constant | Self::OnlyLuck)
    }
}

/// Share of luck in the variance of a point's mean beyond which shared seeds are not trusted.
const SHARED_LUCK_MAX: f64 = 0.05;

/// Fewest seeds, shared by all points, of which an interval is made.
const SHARED_SEEDS_MIN: usize = 5;

/// Fewest rows or trajectories of which an interval is made.
pub(super) const ROWS_MIN: usize = 4;

/// Variance below this part of the squared outcome is rounding.
const ROUNDING: f64 = 1e-24;

/// The mean of `a_r b_s` over all pairs of different replicates r and s.
pub(super) fn product(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let same: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    (a.iter().sum::<f64>() * b.iter().sum::<f64>() - same) / (n * (n - 1.0))
}

/// The mean over replicates.
pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The variance of the outcome over points, with and without luck.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variance {
    /// Of the means of points.
    pub(super) plain: f64,
    /// Of what the factors do.
    pub(super) factors: f64,
    /// Mean squared outcome.
    pub(super) squared: f64,
}

impl Variance {
    /// Share of luck in the variance of a point's mean.
    pub(super) fn luck(&self) -> f64 {
        (1.0 - self.factors / self.plain).clamp(0.0, 1.0)
    }

    /// Why there is no interval where all points share so many seeds, if so.
    pub(super) fn shared_luck(&self, seeds: usize) -> Option<Withheld> {
        if seeds < SHARED_SEEDS_MIN {
            return Some(Withheld::FewSeeds);
        }
        (self.luck() > SHARED_LUCK_MAX).then_some(Withheld::SharedLuck)
    }

    /// Why nothing can be estimated from so many replicates, if so.
    pub(super) fn nothing(&self, replicates: usize) -> Option<Withheld> {
        if replicates < 2 {
            Some(Withheld::OneReplicate)
        } else if self.plain <= ROUNDING * self.squared {
            Some(Withheld::Constant)
        } else if self.factors <= 0.0 {
            Some(Withheld::OnlyLuck)
        } else {
            None
        }
    }
}

/// The interval around an estimate. `rows` is what each row adds to it, `seeds` what each shared seed adds;
/// `luck` is a further distance by which it may be wrong.
///
/// Both parts are taken at their own degrees of freedom and added as squares, which covers at least as often
/// as is said (Banerjee 1960, Sankhya 22, 357-358).
pub(super) fn interval(
    estimate: f64,
    rows: &[f64],
    seeds: Option<&[f64]>,
    luck: f64,
    level: Level,
) -> Interval {
    let Some([below, above]) = skewed_reach(rows, level) else { return Interval::around(estimate, None) };
    let seeds = seeds.map_or(0.0, |seeds| seeds_reach(seeds, level));
    let reach = |rows: f64| libm::sqrt(rows * rows + seeds * seeds + luck * luck);
    Interval { mean: estimate, low: Some(estimate - reach(below)), high: Some(estimate + reach(above)) }
}

/// How far the mean over seeds may be off.
fn seeds_reach(seeds: &[f64], level: Level) -> f64 {
    let (n, mean) = (seeds.len() as f64, mean(seeds));
    let squares: f64 = seeds.iter().map(|v| (v - mean) * (v - mean)).sum();
    student_half_width(seeds.len() as u64 - 1, level) * libm::sqrt(squares / (n * (n - 1.0)))
}

/// The interval without what cannot be: values below `least` or above `most`. It still holds the estimate.
pub(super) fn within(interval: Interval, least: f64, most: f64) -> Interval {
    let Interval { mean, low, high } = interval;
    Interval {
        mean,
        low: low.map(|low| low.clamp(least.min(mean), most.max(mean))),
        high: high.map(|high| high.clamp(least, most.max(mean))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_leaves_out_what_a_replicate_has_with_itself() {
        assert_eq!(product(&[1.0, 2.0, 5.0], &[3.0, -1.0, 2.0]), (-1.0 + 2.0 + 6.0 + 4.0 + 15.0 - 5.0) / 6.0);
        assert_eq!(product(&[2.0, 2.0], &[3.0, 3.0]), 6.0);
    }

    #[test]
    fn seeds_widen_an_interval_and_equal_seeds_do_not() {
        let rows = [1.0, 2.0, 3.0, 4.0];
        let alone = interval(2.5, &rows, None, 0.0, Level::USUAL);
        assert_eq!(interval(2.5, &rows, Some(&[2.5, 2.5]), 0.0, Level::USUAL), alone);
        let wide = interval(2.5, &rows, Some(&[2.0, 3.0]), 0.0, Level::USUAL);
        // t(0.975, 1) = 12.706 times the standard error 0.5.
        assert!(wide.high.unwrap() > 2.5 + 6.353 && wide.low.unwrap() < 2.5 - 6.353, "{wide:?}");
        assert!(interval(2.5, &rows, None, 3.0, Level::USUAL).high > alone.high);
        // Of four seeds t(0.975, 3) = 3.182446305 times the standard error, the root of 0.52 / 12; squares are added.
        let four = interval(2.5, &rows, Some(&[2.0, 2.4, 2.6, 3.0]), 0.0, Level::USUAL);
        let squared = |found: Interval| (found.high.unwrap() - 2.5) * (found.high.unwrap() - 2.5);
        assert!((squared(four) - squared(alone) - 0.438_878_5).abs() < 1e-6, "{four:?}");
    }

    #[test]
    fn an_interval_is_cut_where_nothing_can_be_and_holds_its_estimate() {
        let of = |mean, low, high| Interval { mean, low: Some(low), high: Some(high) };
        assert_eq!(within(of(0.5, -0.2, 1.3), 0.0, 1.0), of(0.5, 0.0, 1.0));
        assert_eq!(within(of(-0.1, -0.3, -0.05), 0.0, 1.0), of(-0.1, -0.1, 0.0));
        assert_eq!(within(of(1.2, 1.1, 1.4), 0.0, 1.0), of(1.2, 1.1, 1.2));
    }
}
