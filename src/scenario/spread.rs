//! Numbers that differ between people: a mean, a standard deviation, and the distribution that has them.
//!
//! In a file such a number is written `ask = { mean = 0.9, sd = 0.1 }`. The table has a key for each of the two: `ask`
//! is the mean, `ask.sd` the standard deviation. A plain number is the mean of people who are all alike.

use super::settings::{Settings, Strategy};

/// The range of chances.
pub(crate) const CHANCE: [f64; 2] = [0.0, 1.0];
/// The range of opinions.
pub(crate) const OPINION: [f64; 2] = [-1.0, 1.0];
/// The range of amounts.
pub(crate) const AMOUNT: [f64; 2] = [0.0, 1e9];

/// The square root of 3: the half-width of a uniform distribution in standard deviations.
const ROOT_3: f64 = 1.732_050_807_568_877_2;

/// The distribution of a number among people.
///
/// It is uniform from the mean down to `mean - below` and uniform from the mean up to `mean + above`, each with the
/// probability that makes `mean` its mean; its variance is then `below * above / 3`. Both widths are `sd * sqrt(3)`,
/// which is a uniform distribution, where that stays in the range. Elsewhere the nearer end of the range is one end of
/// the distribution, and the other follows from the variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    mean: f64,
    below: f64,
    above: f64,
    range: [f64; 2],
}

impl Spread {
    /// The distribution with this mean and standard deviation (above 0) in a range.
    pub(crate) fn new(mean: f64, sd: f64, range: [f64; 2]) -> Self {
        let [down, up] = [mean - range[0], range[1] - mean];
        let (near, width) = (down.min(up), sd * ROOT_3);
        debug_assert!(sd > 0.0 && near > 0.0, "no room for a spread of {sd} about {mean}");
        let (below, above) = if width <= near {
            (width, width)
        } else {
            let far = 3.0 * sd * sd / near;
            if down <= up { (near, far) } else { (far, near) }
        };
        Self { mean, below, above, range }
    }

    /// The number at a quantile, 0 to 1.
    pub(crate) fn at(&self, quantile: f64) -> f64 {
        let Self { mean, below, above, range: [min, max] } = *self;
        let share_below = above / (below + above);
        let number = if quantile < share_below {
            mean - below * (1.0 - quantile / share_below)
        } else {
            mean + above * ((quantile - share_below) / (1.0 - share_below))
        };
        number.clamp(min, max)
    }

    /// The largest standard deviation that a number with this mean can have in a range.
    pub(super) fn sd_max(mean: f64, [min, max]: [f64; 2]) -> f64 {
        libm::sqrt((mean - min) * (max - mean) / 3.0)
    }
}

impl Settings {
    /// Whether people with the same strategy differ in what they do or need.
    pub(crate) fn people_differ(&self) -> bool {
        let of_all = [self.needs.rate_sd, self.help.execution_error_sd];
        of_all.into_iter().chain(self.strategies.iter().flat_map(Strategy::deviations)).any(|sd| sd > 0.0)
    }
}

impl Strategy {
    /// The standard deviations of the traits.
    fn deviations(&self) -> [f64; 9] {
        [
            self.attend_sd,
            self.ask_sd,
            self.serve_sd,
            self.comply_sd,
            self.refer_sd,
            self.linger_sd,
            self.min_opinion_sd,
            self.gossip_sd,
            self.polish_sd,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and standard deviation of a distribution, from evenly spaced quantiles.
    fn moments(spread: Spread) -> (f64, f64) {
        let n = 200_000;
        let numbers = (0..n).map(|i| spread.at((f64::from(i) + 0.5) / f64::from(n)));
        let (sum, squares) = numbers.fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
        let mean = sum / f64::from(n);
        (mean, libm::sqrt(squares / f64::from(n) - mean * mean))
    }

    #[test]
    fn a_spread_has_its_mean_and_its_standard_deviation_and_stays_in_the_range() {
        let cases = [
            (0.5, 0.1, CHANCE),
            (0.9, 0.05, CHANCE),
            (0.9, 0.1, CHANCE),
            (0.1, 0.1, CHANCE),
            (0.1, 0.1732, CHANCE),
            (0.5, 0.288, CHANCE),
            (0.0, 0.5, OPINION),
            (-0.9, 0.2, OPINION),
            (20.0, 5.0, AMOUNT),
            (20.0, 30.0, AMOUNT),
        ];
        for (mean, sd, range) in cases {
            let spread = Spread::new(mean, sd, range);
            let (found_mean, found_sd) = moments(spread);
            assert!((found_mean - mean).abs() < 1e-6 * mean.abs().max(1.0), "{spread:?}: mean {found_mean}");
            assert!((found_sd - sd).abs() < 1e-4 * sd, "{spread:?}: sd {found_sd}");
            let ends = [spread.at(0.0), spread.at(1.0)];
            assert!(range[0] <= ends[0] && ends[1] <= range[1] && ends[0] < ends[1], "{ends:?}");
        }
    }

    #[test]
    fn a_spread_is_uniform_where_that_fits_and_else_reaches_the_nearer_end() {
        let ends = |mean, sd| {
            let spread = Spread::new(mean, sd, CHANCE);
            [spread.at(0.0), spread.at(1.0)].map(|x| (x * 1e9).round() / 1e9)
        };
        assert_eq!(ends(0.5, 0.1), [0.326_794_919, 0.673_205_081]);
        assert_eq!(ends(0.9, 0.1), [0.6, 1.0]);
        assert_eq!(ends(0.1, 0.1), [0.0, 0.4]);
        // A quarter of the people are below the mean of 0.9.
        assert_eq!(Spread::new(0.9, 0.1, CHANCE).at(0.25), 0.9);
    }
}
