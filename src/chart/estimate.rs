//! Estimates as tables have them.

use crate::stats::Interval;

/// A mean with the ends of its interval, NaN where there is none, as charts draw it.
pub(super) fn interval([mean, low, high]: [f64; 3]) -> Interval {
    let end = |value: f64| (!value.is_nan()).then_some(value);
    Interval { mean, low: end(low), high: end(high), sd: None, n: 0 }
}
