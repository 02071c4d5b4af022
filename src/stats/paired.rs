//! The variance reduction by pairing.

use super::Moments;

/// The factor by which unpaired runs need more runs for the same precision of a mean difference:
/// `(var(first) + var(second)) / var(second - first)`.
///
/// For pairs of equal spread and correlation `r` it is `1 / (1 - r)` (common random numbers; Law
/// 2015, Simulation Modeling and Analysis, section 11.2). Variances have `n - 1` in the denominator;
/// `None` for fewer than two pairs, or if all differences are equal.
///
/// # Panics
/// If the two are not equally long.
pub fn variance_ratio(first: &[f64], second: &[f64]) -> Option<f64> {
    assert_eq!(first.len(), second.len(), "a pair has two sides");
    let variance = |values: &mut dyn Iterator<Item = f64>| {
        let sd = values.collect::<Moments>().sd()?;
        Some(sd * sd)
    };
    let apart = variance(&mut first.iter().copied())? + variance(&mut second.iter().copied())?;
    let paired = variance(&mut first.iter().zip(second).map(|(a, b)| b - a))?;
    (paired > 0.0).then_some(apart / paired)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_agrees_with_numpy() {
        // numpy: (a.var(ddof=1) + b.var(ddof=1)) / (b - a).var(ddof=1)
        let (a, b) = ([1.2, 0.7, 1.9, 1.1, 0.4, 1.3], [1.5, 0.9, 1.8, 1.6, 0.9, 1.2]);
        assert!((variance_ratio(&a, &b).unwrap() - 5.561085972850678).abs() < 1e-12);
        assert_eq!(variance_ratio(&[1.0, 2.0], &[2.0, 3.0]), None);
        assert_eq!(variance_ratio(&[1.0], &[2.0]), None);
    }
}
