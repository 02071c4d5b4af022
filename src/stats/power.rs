//! The power of the two-sided t test of a mean: which difference shows, and how many values show one.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::normal::{normal_cdf, normal_quantile};
use super::{Clustered, Level, Moments, student_quantile};

/// The chance with which a difference is to show.
const POWER: f64 = 0.8;

/// Larger numbers of values are not reported.
pub(crate) const NEEDED_MAX: f64 = 1e6;

/// Up to so many values the power is computed from the noncentral t distribution, beyond by an approximation that differs
/// by less than 0.1% there.
const EXACT_MAX: f64 = 1000.0;

/// What a test of a mean can show.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Power {
    /// The smallest difference from zero that as many values, with as much spread, show with a chance of 80%.
    /// `None` if the spread is not known.
    pub detectable: Option<f64>,
    /// The number of values, in all, that show the mean with this chance if it and the spread are what they seem. `None` if
    /// the spread is not known, the mean is 0, or it takes more than 1,000,000.
    pub needed: Option<f64>,
}

impl Power {
    /// The power of the t test of a mean with this standard error, of `n` values.
    ///
    /// The test compares `mean / error` with `t(1 - alpha / 2, n - 1)`. It follows a noncentral t distribution whose
    /// noncentrality is the true mean divided by the error (Owen 1965, Biometrika 52, 437-446).
    pub fn of(mean: f64, error: f64, n: u64, level: Level) -> Self {
        if n < 2 || error.is_nan() || error <= 0.0 {
            return Self::default();
        }
        let size = n as f64;
        let detectable = Some(effect(size, level) * error * libm::sqrt(size));
        Self { detectable, needed: needed(mean.abs() / (error * libm::sqrt(size)), level) }
    }

    /// The power of the test of a clustered mean, by its number of clusters.
    pub(crate) fn of_clusters(estimate: &Clustered, level: Level) -> Self {
        let error = estimate.error.unwrap_or(f64::NAN);
        Self::of(estimate.interval.mean, error, estimate.clusters, level)
    }

    /// The power of the test of a mean of independent values.
    pub(crate) fn of_moments(moments: &Moments, level: Level) -> Self {
        let error = moments.sd().map_or(f64::NAN, |sd| sd / libm::sqrt(moments.n() as f64));
        Self::of(moments.mean(), error, moments.n(), level)
    }
}

/// The normal quantiles of `1 - alpha / 2` and of [`POWER`], added.
pub(super) fn test_and_power(level: Level) -> f64 {
    normal_quantile(level.upper()) + normal_quantile(POWER)
}

/// The least number of values whose test shows a mean of so many standard deviations.
fn needed(mean: f64, level: Level) -> Option<f64> {
    let about = approximately(mean, level);
    if about.is_nan() || about > NEEDED_MAX {
        return None;
    }
    let mut n = libm::ceil(about).max(2.0);
    while n > 2.0 && shows(mean, n - 1.0, level) {
        n -= 1.0;
    }
    while !shows(mean, n, level) {
        n += 1.0;
    }
    Some(n)
}

/// Whether the test of `n` values shows a mean of so many standard deviations.
fn shows(mean: f64, n: f64, level: Level) -> bool {
    if n > EXACT_MAX {
        return effect(n, level) <= mean;
    }
    power(mean * libm::sqrt(n), student_quantile(level.upper(), n - 1.0), n - 1.0) >= POWER
}

/// The number of values whose test shows a mean of so many standard deviations, by Guenther (1981), American Statistician
/// 35, 243-244.
fn approximately(mean: f64, level: Level) -> f64 {
    let (both, test) = (test_and_power(level) / mean, normal_quantile(level.upper()));
    both * both + test * test / 2.0
}

/// The smallest mean, in standard deviations, that the test of `n` values shows.
fn effect(n: f64, level: Level) -> f64 {
    if n > EXACT_MAX {
        let test = normal_quantile(level.upper());
        return test_and_power(level) / libm::sqrt(n - test * test / 2.0);
    }
    /// Maximum number of cached values of a thread.
    const CACHED_MAX: usize = 4096;
    thread_local! {
        static FOUND: RefCell<BTreeMap<(u64, u64), f64>> = const { RefCell::new(BTreeMap::new()) };
    }
    FOUND.with_borrow_mut(|found| {
        if found.len() >= CACHED_MAX {
            found.clear();
        }
        let key = (n.to_bits(), level.upper().to_bits());
        *found.entry(key).or_insert_with(|| noncentrality(n - 1.0, level) / libm::sqrt(n))
    })
}

/// The noncentrality with which the test has the power [`POWER`], by halving an interval.
fn noncentrality(df: f64, level: Level) -> f64 {
    let t = student_quantile(level.upper(), df);
    // Far above it even with one degree of freedom.
    let (mut low, mut high) = (0.0, 4.0 * t + 10.0);
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return middle;
        }
        if power(middle, t, df) < POWER {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// The chance that a noncentral t number is below `-t` or above `t`.
///
/// It is a normal number divided by `s`, the root of a chi-squared number divided by its degrees of freedom: the chance
/// given `s` is normal, and Simpson's rule sums it over `s`.
fn power(noncentrality: f64, t: f64, df: f64) -> f64 {
    let reach = 9.0 / libm::sqrt(2.0 * df);
    let (from, to) = ((1.0 - reach).max(0.0), 1.0 + reach);
    let half = df / 2.0;
    let front = std::f64::consts::LN_2 + half * libm::log(half) - libm::lgamma(half);
    // The chance given `s` changes within 1 / t.
    let steps = libm::ceil(((to - from) * 4.0 * t).max(128.0) / 2.0) * 2.0;
    let step = (to - from) / steps;
    let (mut sum, mut i) = (0.0, 0.0);
    while i <= steps {
        let s = from + i * step;
        let density = if s > 0.0 {
            libm::exp(front + (df - 1.0) * libm::log(s) - half * s * s)
        } else if df == 1.0 {
            libm::exp(front)
        } else {
            0.0
        };
        let weight = if i == 0.0 || i == steps { 1.0 } else { 2.0 + 2.0 * (i % 2.0) };
        sum += weight * density * (normal_cdf(noncentrality - t * s) + normal_cdf(-noncentrality - t * s));
        i += 1.0;
    }
    sum * step / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Purpose, RandomKey, Stream};

    fn normal(words: &mut Stream) -> f64 {
        let mut uniform = || ((words.wide() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        let (radius, angle) = (uniform(), uniform());
        libm::sqrt(-2.0 * libm::log(radius)) * libm::cos(2.0 * std::f64::consts::PI * angle)
    }

    /// The share of samples of `n` values around this mean, in standard deviations, whose test shows it.
    fn shown(mean: f64, n: u64, level: Level, samples: u64) -> f64 {
        let mut words = RandomKey::new(5).stream(0, Purpose::Resampling, n);
        let shows = |_: &u64| {
            let values: Moments = (0..n).map(|_| mean + normal(&mut words)).collect();
            values.interval(level).excludes_zero()
        };
        (0..samples).filter(shows).count() as f64 / samples as f64
    }

    #[test]
    fn the_smallest_difference_shows_with_a_chance_of_80_percent_by_simulation() {
        for (level, n) in [(0.95, 2), (0.95, 3), (0.95, 5), (0.95, 20), (0.9, 4), (0.99, 6), (0.999, 10)] {
            let level = Level::of(level).unwrap();
            let error = 1.0 / libm::sqrt(n as f64);
            let least = Power::of(0.0, error, n, level).detectable.unwrap();
            let share = shown(least, n, level, 20_000);
            // Three and a half binomial errors.
            assert!((share - 0.8).abs() < 0.01, "{n} values at {level}: {share}");
        }
    }

    #[test]
    fn the_number_of_values_shows_the_mean_with_a_chance_of_80_percent_by_simulation() {
        for (mean, n) in [(0.3, 90), (0.7, 19), (1.1, 9)] {
            assert_eq!(Power::of(mean, 0.1, 100, Level::USUAL).needed, Some(n as f64), "{mean}");
            assert!(shown(mean, n, Level::USUAL, 20_000) > 0.79, "{mean}: {n}");
            assert!(shown(mean, n - 1, Level::USUAL, 20_000) < 0.81, "{mean}: {n}");
        }
    }

    #[test]
    fn the_numbers_of_values_agree_with_r() {
        // power.t.test(delta = d, power = 0.8, type = "one.sample"): 198.15, 33.37 and 14.30
        for (mean, expected) in [(0.2, 199.0), (0.5, 34.0), (0.8, 15.0)] {
            assert_eq!(Power::of(mean, 0.1, 100, Level::USUAL).needed, Some(expected));
        }
    }

    #[test]
    fn as_many_values_suffice_exactly_if_the_mean_is_at_least_the_smallest_difference() {
        for n in [2_u64, 3, 7, 20, 100, 999, 1000, 1001, 5000] {
            let error = 1.0 / libm::sqrt(n as f64);
            let least = Power::of(0.0, error, n, Level::USUAL).detectable.unwrap();
            let needed = |times: f64| Power::of(least * times, error, n, Level::USUAL).needed.unwrap();
            assert!(needed(1.0001) <= n as f64 && needed(0.9999) > n as f64, "{n}");
        }
    }

    #[test]
    fn without_spread_or_mean_or_with_far_too_many_there_is_no_number() {
        let of = |mean, error, n| Power::of(mean, error, n, Level::USUAL);
        assert_eq!(of(1.0, 0.0, 9), Power::default());
        assert_eq!(of(1.0, f64::NAN, 9), Power::default());
        assert_eq!(of(1.0, 0.5, 1), Power::default());
        assert_eq!(of(0.0, 0.5, 9).needed, None);
        assert_eq!(of(1e-4, 0.5, 9).needed, None);
        assert_eq!(of(f64::NAN, 0.5, 9).needed, None);
        assert_eq!(of(1e9, 0.5, 9).needed, Some(2.0));
    }
}
