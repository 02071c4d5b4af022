//! Steady states: where the start of a series is best left out, and whether the rest still drifts.

/// Fewest values for which a start to leave out is proposed.
const FEWEST: usize = 10;

/// Values at the end that no proposal leaves out: a mean of fewer varies too much to be compared.
const KEPT: usize = 5;

/// How many values at the start are best left out, by the marginal standard error rule: the number `d` for which
/// `sum((y - mean)^2) / (n - d)^2` over the `n - d` other values is least, of equal ones the first. Values are means
/// of batches, in order of time. `None` for fewer than 10 values, or where one is missing (NaN).
///
/// A proposal of more than half of the values means that the series is too short for one.
///
/// Source: White, Cobb & Spratt (2000), Proc. Winter Simulation Conference, 755-760 (MSER-5, with batches of 5).
pub(crate) fn proposed_cut(values: &[f64]) -> Option<usize> {
    let n = values.len();
    if n < FEWEST || values.iter().any(|v| v.is_nan()) {
        return None;
    }
    let (mut best, mut least) = (0, f64::INFINITY);
    // From the end, so that each sum of squares follows from the one before it (Welford 1962).
    let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
    for (cut, value) in values.iter().enumerate().rev() {
        count += 1.0;
        let deviation = value - mean;
        mean += deviation / count;
        squares += deviation * (value - mean);
        let error = squares / (count * count);
        // Of equal errors the smaller cut, which comes later here.
        if n - cut >= KEPT && error <= least {
            (best, least) = (cut, error);
        }
    }
    Some(best)
}

/// How much a series rises from its first value to its last by the line of least squares; `None` for fewer than
/// three values, or where one is missing (NaN).
pub(crate) fn drift(values: &[f64]) -> Option<f64> {
    let n = values.len();
    if n < 3 || values.iter().any(|v| v.is_nan()) {
        return None;
    }
    let middle = (n - 1) as f64 / 2.0;
    let (mut products, mut squares) = (0.0, 0.0);
    for (place, value) in values.iter().enumerate() {
        let time = place as f64 - middle;
        products += time * value;
        squares += time * time;
    }
    Some(products / squares * (n - 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number in -1 to 1 that looks random.
    fn noise(i: usize) -> f64 {
        let x = libm::sin(i as f64 * 12.9898) * 43_758.545_3;
        2.0 * (x - libm::floor(x)) - 1.0
    }

    #[test]
    fn the_cut_is_where_a_start_of_another_level_ends() {
        let series = |high: usize, n: usize| -> Vec<f64> {
            (0..n).map(|i| if i < high { 5.0 } else { 1.0 } + 0.1 * noise(i)).collect()
        };
        let with = proposed_cut(&series(12, 60)).unwrap();
        assert!((12..16).contains(&with), "{with}");
        let without = proposed_cut(&series(0, 60)).unwrap();
        assert!(without < 15, "{without}");
    }

    #[test]
    fn the_cut_agrees_with_the_definition_computed_plainly() {
        let values: Vec<f64> = (0..37).map(|i| 3.0 / (1.0 + i as f64) + noise(i)).collect();
        let error = |cut: usize| {
            let rest = &values[cut..];
            let mean = rest.iter().sum::<f64>() / rest.len() as f64;
            rest.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (rest.len() * rest.len()) as f64
        };
        let least = (0..=values.len() - KEPT).min_by(|a, b| error(*a).total_cmp(&error(*b)));
        assert_eq!(proposed_cut(&values), least);
    }

    #[test]
    fn a_series_that_never_settles_is_cut_beyond_its_middle() {
        let rising: Vec<f64> = (0..40).map(|i| f64::from(i) + 0.1 * noise(i as usize)).collect();
        assert!(proposed_cut(&rising).unwrap() > 20);
        assert_eq!(proposed_cut(&[1.0; 40]), Some(0));
    }

    #[test]
    fn the_last_values_are_always_kept() {
        // Only the last four are alike, but five are kept.
        let values: Vec<f64> = (0..20).map(|i| f64::from(i.min(16) * i.min(16))).collect();
        assert_eq!(proposed_cut(&values), Some(values.len() - KEPT));
    }

    #[test]
    fn short_or_incomplete_series_have_no_cut_and_no_drift() {
        assert_eq!((proposed_cut(&[1.0; FEWEST - 1]), proposed_cut(&[1.0; FEWEST])), (None, Some(0)));
        let mut values = vec![1.0; 20];
        values[7] = f64::NAN;
        assert_eq!((proposed_cut(&values), drift(&values), drift(&[1.0, 2.0])), (None, None, None));
    }

    #[test]
    fn the_drift_of_a_line_is_its_rise() {
        let line: Vec<f64> = (0..9).map(|i| 7.0 - 0.25 * f64::from(i)).collect();
        assert_eq!(drift(&line), Some(-2.0));
        assert_eq!(drift(&[1.0, 3.0, 2.0]), Some(1.0), "three values are enough");
        assert_eq!(drift(&[4.0; 9]), Some(0.0));
    }
}
