//! Quantiles.

/// The `p` quantile of values in ascending order: linear between the order statistics, with the
/// first at 0 and the last at 1.
///
/// Source: type 7 of Hyndman & Fan (1996), the default of R and NumPy. `None` without values.
///
/// # Panics
/// If `p` is not in 0 to 1.
pub fn quantile(ascending: &[f64], p: f64) -> Option<f64> {
    assert!((0.0..=1.0).contains(&p), "a quantile's chance is 0 to 1, not {p}");
    debug_assert!(ascending.is_sorted(), "quantiles are read off values in order");
    let last = ascending.len().checked_sub(1)?;
    // A position that differs from a whole number by rounding only is whole, as in R: 0.07 x 100 is 7.
    let (exact, whole) = (p * last as f64, libm::round(p * last as f64));
    let place = if (exact - whole).abs() <= 4.0 * f64::EPSILON * whole { whole } else { exact };
    // At most `last`, which fits.
    #[allow(clippy::cast_possible_truncation)]
    let below = libm::floor(place) as usize;
    let (low, high) = (ascending[below], ascending[(below + 1).min(last)]);
    Some(low + (high - low) * (place - below as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_agree_with_numpy() {
        // numpy.quantile([3, 1, 4, 1.5, 9, 2.6], [0, .1, .25, .5, .9, 1])
        let values = [1.0, 1.5, 2.6, 3.0, 4.0, 9.0];
        for (p, expected) in [(0.0, 1.0), (0.1, 1.25), (0.25, 1.775), (0.5, 2.8), (0.9, 6.5), (1.0, 9.0)] {
            assert!((quantile(&values, p).unwrap() - expected).abs() < 1e-12);
        }
        let squares: Vec<f64> = (0..101).map(|i| f64::from(i * i)).collect();
        assert!((0..101).all(|i| quantile(&squares, f64::from(i) / 100.0) == Some(f64::from(i * i))));
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[7.0], 0.3), Some(7.0));
    }
}
