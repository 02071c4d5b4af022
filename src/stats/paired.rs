//! The variance reduction by pairing.

use super::{Clustered, Interval, Level};

/// The factor by which unpaired runs need more runs for the same precision of a mean difference:
/// `(var(first) + var(second)) / var(second - first)`, with an interval from the spread between clusters.
///
/// For pairs of equal spread and correlation `r` it is `1 / (1 - r)` (common random numbers; Law
/// 2015, Simulation Modeling and Analysis, section 11.2). `clusters` are the pairs of each cluster. Variances have
/// `n - 1` in the denominator; `None` for fewer than two pairs, or if all differences are equal.
///
/// The interval is that of the ratio's logarithm by the jackknife over clusters (Miller 1974, Biometrika 61, 1-15), as
/// [`Clustered::from_skewed_influences`]. There is none if the ratio is not defined without one of the clusters.
pub(crate) fn variance_ratio(clusters: &[Vec<[f64; 2]>], level: Level) -> Option<Interval> {
    let whole = clusters.iter().flatten();
    let n = whole.clone().count() as f64;
    let centre = whole.fold([0.0; 2], |sums, pair| [sums[0] + pair[0] / n, sums[1] + pair[1] / n]);
    let parts: Vec<Sums> = clusters.iter().map(|pairs| Sums::of(pairs, centre)).collect();
    let all = parts.iter().fold(Sums::default(), |all, part| all.with(part, 1.0));
    let ratio = all.ratio()?;
    let counting = parts.iter().filter(|part| part.n > 0.0);
    let left: Option<Vec<f64>> = counting.map(|part| all.with(part, -1.0).ratio()).collect();
    let Some(left) = left.filter(|left| left.len() > 1) else {
        return Some(Interval::around(ratio, None));
    };
    let logs: Vec<f64> = left.into_iter().map(libm::log).collect();
    let groups = logs.len() as f64;
    let mean = logs.iter().sum::<f64>() / groups;
    let influences: Vec<f64> = logs.iter().map(|log| (groups - 1.0) * (mean - log) / groups).collect();
    let spread = Clustered::from_skewed_influences(libm::log(ratio), &influences, level).interval;
    Some(Interval { mean: ratio, low: spread.low.map(libm::exp), high: spread.high.map(libm::exp) })
}

/// Sums over pairs, as distances from a centre: of both sides, of their difference, and of the squares of all three.
#[derive(Clone, Copy, Default)]
struct Sums {
    n: f64,
    sums: [f64; 3],
    squares: [f64; 3],
}

impl Sums {
    fn of(pairs: &[[f64; 2]], centre: [f64; 2]) -> Self {
        let mut found = Self::default();
        for pair in pairs {
            let (a, b) = (pair[0] - centre[0], pair[1] - centre[1]);
            let one = Self { n: 1.0, sums: [a, b, b - a], squares: [a * a, b * b, (b - a) * (b - a)] };
            found = found.with(&one, 1.0);
        }
        found
    }

    fn with(&self, other: &Self, times: f64) -> Self {
        let add = |a: [f64; 3], b: [f64; 3]| std::array::from_fn(|i| a[i] + times * b[i]);
        Self {
            n: self.n + times * other.n,
            sums: add(self.sums, other.sums),
            squares: add(self.squares, other.squares),
        }
    }

    fn ratio(&self) -> Option<f64> {
        let variance = |i: usize| (self.squares[i] - self.sums[i] * self.sums[i] / self.n) / (self.n - 1.0);
        // Equal differences have a variance of 0, apart from rounding.
        let (apart, paired) = (variance(0) + variance(1), variance(2));
        (self.n > 1.0 && paired > 1e-24 * apart).then(|| apart / paired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_agrees_with_numpy() {
        // numpy: (a.var(ddof=1) + b.var(ddof=1)) / (b - a).var(ddof=1)
        let (a, b) = ([1.2, 0.7, 1.9, 1.1, 0.4, 1.3], [1.5, 0.9, 1.8, 1.6, 0.9, 1.2]);
        let pairs: Vec<[f64; 2]> = a.iter().zip(b).map(|(a, b)| [*a, b]).collect();
        let one = variance_ratio(std::slice::from_ref(&pairs), Level::USUAL).unwrap();
        assert!((one.mean - 5.561085972850678).abs() < 1e-12 && one.ends().is_none());
        let apart: Vec<Vec<[f64; 2]>> = pairs.into_iter().map(|pair| vec![pair]).collect();
        let found = variance_ratio(&apart, Level::USUAL).unwrap();
        let (low, high) = found.ends().unwrap();
        assert!((found.mean - one.mean).abs() < 1e-12 && low < one.mean && one.mean < high, "{found:?}");
    }

    #[test]
    fn the_interval_agrees_with_numpy_wherever_the_pairs_lie() {
        // numpy: the logarithms of the ratios without one cluster, and Hall's interval of the jackknife's values.
        let clusters = |offset: f64| -> Vec<Vec<[f64; 2]>> {
            let of: [&[[f64; 2]]; 5] = [
                &[[1.2, 1.5], [0.7, 0.9]],
                &[[1.9, 1.8]],
                &[[1.1, 1.6], [0.4, 0.9], [1.3, 1.2]],
                &[[2.2, 2.0], [0.1, 0.7]],
                &[[0.8, 0.6]],
            ];
            of.iter()
                .map(|pairs| pairs.iter().map(|pair| pair.map(|value| value + offset)).collect())
                .collect()
        };
        for (offset, near) in [(0.0, 1e-12), (1e7, 1e-6)] {
            let found = variance_ratio(&clusters(offset), Level::USUAL).unwrap();
            let (low, high) = found.ends().unwrap();
            let expected = [6.735449735449734, 1.873569545714024, 21.9441549168751];
            for (found, expected) in [found.mean, low, high].into_iter().zip(expected) {
                assert!((found / expected - 1.0).abs() < near, "{found} for {expected}, from {offset} on");
            }
        }
    }

    #[test]
    fn equal_differences_have_no_ratio() {
        assert_eq!(variance_ratio(&[vec![[1.0, 2.0], [2.0, 3.0]]], Level::USUAL), None);
        assert_eq!(variance_ratio(&[vec![[1.0, 2.0]]], Level::USUAL), None);
        let third = 1.0 / 3.0;
        assert_eq!(variance_ratio(&[vec![[1e6, 1e6 + third], [2e6, 2e6 + third]]], Level::USUAL), None);
    }
}
