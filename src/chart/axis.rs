//! Axes: ranges that contain all data, ticks at round numbers, and numbers as text.

/// A range of values with ticks at 1, 2 or 5 times a power of ten.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    step: f64,
    ticks: Vec<f64>,
}

impl Axis {
    /// An axis for values, with a margin, and with zero if that takes little more space. Values that are not finite
    /// are ignored.
    pub(super) fn around(values: impl IntoIterator<Item = f64>, n_ticks: usize) -> Self {
        let (low, high) = extent(values).unwrap_or((0.0, 1.0));
        let (mut low, mut high) = (low, high);
        let span = high - low;
        if low > 0.0 && low < span {
            low = 0.0;
        } else if high < 0.0 && -high < span {
            high = 0.0;
        }
        let air = 0.04 * (high - low);
        let below = if low == 0.0 { 0.0 } else { air };
        let above = if high == 0.0 && low < 0.0 { 0.0 } else { air };
        Self::exactly(low - below, high + above, n_ticks)
    }

    /// An axis for bars, which always includes zero.
    pub(super) fn with_zero(values: impl IntoIterator<Item = f64>, n_ticks: usize) -> Self {
        let (low, high) = extent(values.into_iter().chain([0.0])).expect("zero is a value");
        let air = 0.04 * (high - low);
        let below = if low < 0.0 { air } else { 0.0 };
        Self::exactly(low - below, if high > 0.0 { high + air } else { high }, n_ticks)
    }

    /// An axis from `low` to `high`. If they are equal, it is widened.
    pub(super) fn exactly(low: f64, high: f64, n_ticks: usize) -> Self {
        let size = low.abs().max(high.abs());
        // Ticks below the resolution of the numbers would be noise.
        let flat = high - low <= 1e-9 * size;
        let (low, high) = match flat {
            true if size == 0.0 => (0.0, 1.0),
            true => (low - 0.1 * size, high + 0.1 * size),
            false => (low, high),
        };
        let step = nice_step((high - low) / n_ticks.max(1) as f64);
        Self { low, high, step, ticks: multiples(step, low, high) }
    }

    /// An axis for whole numbers such as rounds, with ticks at whole numbers only.
    pub(super) fn whole(low: f64, high: f64, n_ticks: usize) -> Self {
        if high <= low {
            return Self { low: low - 0.5, high: low + 0.5, step: 1.0, ticks: vec![low] };
        }
        let step = nice_step((high - low) / n_ticks.max(1) as f64).max(1.0);
        Self { low, high, step, ticks: multiples(step, low, high) }
    }

    /// Values of the ticks, ascending.
    pub(super) fn ticks(&self) -> &[f64] {
        &self.ticks
    }

    /// First and last value.
    pub(super) fn ends(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// The position of a value between `start` and `end`. Values outside the axis are outside this range.
    pub(super) fn place(&self, value: f64, start: f64, end: f64) -> f64 {
        start + (value - self.low) / (self.high - self.low) * (end - start)
    }

    /// The label of a value, with the same number of decimals for all ticks.
    pub(super) fn label(&self, value: f64) -> String {
        let size = self.low.abs().max(self.high.abs());
        with_step(if value.abs() < 1e-9 * self.step { 0.0 } else { value }, self.step, size)
    }

    /// The label of a value as percent.
    pub(super) fn percent(&self, value: f64) -> String {
        let decimals = decimals_of(self.step * 100.0);
        format!("{}%", minus(format!("{:.decimals$}", value * 100.0)))
    }
}

/// Least and greatest of the finite values.
fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().filter(|v| v.is_finite()).fold(None, |ends, v| match ends {
        None => Some((v, v)),
        Some((low, high)) => Some((v.min(low), v.max(high))),
    })
}

/// The power of ten at or below a positive number.
fn magnitude(number: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(number)));
    // By rounding, the logarithm of 1000 can be less than 3.
    if power * 10.0 <= number { power * 10.0 } else { power }
}

/// The nearest of 1, 2, 5 times a power of ten, by ratio.
fn nice_step(step: f64) -> f64 {
    let unit = magnitude(step.max(f64::MIN_POSITIVE * 1e10));
    // The bounds are the geometric means of neighbours: the roots of 2, 10 and 50.
    let bounds = [(1.0, 1.415), (2.0, 3.163), (5.0, 7.072)];
    let times = bounds.into_iter().find(|(_, bound)| bound * unit > step).map_or(10.0, |(times, _)| times);
    times * unit
}

/// Multiples of the step from `low` to `high`, both included.
fn multiples(step: f64, low: f64, high: f64) -> Vec<f64> {
    let slack = 1e-9;
    let (first, last) = (libm::ceil(low / step - slack), libm::floor(high / step + slack));
    let mut ticks = Vec::new();
    let mut count = first;
    while count <= last && ticks.len() < 1000 {
        // Adding zero turns -0 into 0.
        ticks.push(count * step + 0.0);
        count += 1.0;
    }
    ticks
}

/// Number of decimals that distinguish multiples of the step.
fn decimals_of(step: f64) -> usize {
    let mut decimals = 0;
    let mut scaled = step;
    while decimals < 12 && (scaled - libm::round(scaled)).abs() > 1e-6 * scaled {
        scaled *= 10.0;
        decimals += 1;
    }
    decimals
}

/// A number with the decimals of a step. `size`, the greatest number beside it, decides the unit (k, M ...).
fn with_step(value: f64, step: f64, size: f64) -> String {
    const LARGE: [(f64, &str); 4] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")];
    if size >= 1e15 || (size < 1e-4 && size > 0.0) {
        return if value == 0.0 { "0".into() } else { minus(format!("{value:.1e}")) };
    }
    let (unit, letter) = LARGE.into_iter().find(|(unit, _)| size >= *unit).unwrap_or((1.0, ""));
    let unit = if letter == "k" { 1e3 } else { unit };
    let decimals = decimals_of(step / unit);
    if value == 0.0 {
        return "0".into();
    }
    format!("{}{letter}", minus(format!("{:.decimals$}", value / unit)))
}

/// A number for titles and cells: three significant digits, at most two decimals unless it is small.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        return "–".into();
    }
    if size < 5e-7 {
        return "0".into();
    }
    let step = if size >= 100.0 {
        magnitude(size) / 100.0
    } else if size >= 10.0 {
        0.1
    } else if size >= 0.0995 {
        0.01
    } else {
        // 0.00999 is written as 0.010, not as 0.0100.
        magnitude(1.005 * size) / 10.0
    };
    let whole = if size < 1e4 { step.min(1.0) } else { step };
    with_step(value, whole, size)
}

/// A number among others of which `most` is the greatest, with the same number of decimals for all.
pub(super) fn among(value: f64, most: f64) -> String {
    let step = match most {
        _ if most >= 1e4 => magnitude(most) / 100.0,
        _ if most >= 100.0 => 1.0,
        _ if most >= 10.0 => 0.1,
        _ if most >= 0.1 => 0.01,
        _ if most > 0.0 => magnitude(most) / 10.0,
        _ => 1.0,
    };
    with_step(value, step, most)
}

/// Replaces a hyphen by the minus sign.
fn minus(text: String) -> String {
    text.replace('-', "\u{2212}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_nice_and_inside() {
        for (low, high) in
            [(0.0, 14.0), (0.0, 155.0), (-0.3, 0.7), (1e6, 9e6), (3e-5, 4e-5), (-2e12, 5.0), (0.31, 0.62)]
        {
            let axis = Axis::exactly(low, high, 5);
            assert!((2..=11).contains(&axis.ticks().len()), "{low}..{high}: {:?}", axis.ticks());
            let lead = axis.step / magnitude(axis.step);
            assert!([1.0, 2.0, 5.0, 10.0].iter().any(|n| (lead - n).abs() < 1e-9), "{lead}");
            let slack = 1e-9 * axis.step;
            assert!(axis.ticks().iter().all(|t| *t >= low - slack && *t <= high + slack));
        }
        assert_eq!(Axis::exactly(0.0, 14.0, 7).ticks(), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0]);
    }

    #[test]
    fn axes_contain_all_values_with_a_margin() {
        let axis = Axis::around([0.4, 0.5, 0.9], 5);
        let (low, high) = axis.ends();
        assert!(low == 0.0 && high > 0.9);
        let (low, high) = Axis::around([10.0, 10.5, f64::NAN], 5).ends();
        assert!(low < 10.0 && low > 9.0 && high > 10.5);
        let (low, high) = Axis::around([-3.0, -0.5], 5).ends();
        assert!(low < -3.0 && high == 0.0);
    }

    #[test]
    fn flat_and_missing_data_have_axes_too() {
        for values in [vec![], vec![0.0, 0.0], vec![7.0], vec![-2.0], vec![1e300]] {
            let axis = Axis::around(values.clone(), 5);
            let (low, high) = axis.ends();
            assert!(low < high && !axis.ticks().is_empty(), "{values:?}");
        }
        assert_eq!(Axis::whole(0.0, 0.0, 8).ticks(), [0.0]);
        assert_eq!(Axis::whole(0.0, 3.0, 8).ticks(), [0.0, 1.0, 2.0, 3.0]);
    }

    #[test]
    fn numbers_are_short_and_never_minus_zero() {
        for (value, text) in [
            (0.1067, "0.11"),
            (-0.1067, "\u{2212}0.11"),
            (0.00213, "0.0021"),
            (0.0999, "0.10"),
            (0.00999, "0.010"),
            (6.34, "6.34"),
            (92.04, "92.0"),
            (123.4, "123"),
            (1234.0, "1234"),
            (12345.0, "12.3k"),
            (2.5e6, "2.50M"),
            (3e13, "30.0T"),
            (1e20, "1.0e20"),
            (-1e-9, "0"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(number(value), text);
        }
        let axis = Axis::exactly(-0.2, 0.2, 4);
        let labels: Vec<String> = axis.ticks().iter().map(|t| axis.label(*t)).collect();
        assert_eq!(labels, ["\u{2212}0.2", "\u{2212}0.1", "0", "0.1", "0.2"]);
    }
}
