//! Intervals of means of skewed numbers.

use super::{Level, student_half_width};

/// How far the interval of the mean of `values` extends below and above it; none of fewer than two.
///
/// Student's interval, corrected for skewness by the cubic transformation of Hall (1992), Journal of the Royal
/// Statistical Society B 54, 221-228: of numbers with a long tail to the right it extends farther up than down.
pub(super) fn skewed_reach(values: &[f64], level: Level) -> Option<[f64; 2]> {
    if values.len() < 2 {
        return None;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let (mut squares, mut cubes) = (0.0, 0.0);
    for off in values.iter().map(|v| v - mean) {
        squares += off * off;
        cubes += off * off * off;
    }
    let sd = libm::sqrt(squares / (n - 1.0));
    if sd == 0.0 {
        return Some([0.0, 0.0]);
    }
    let skewness = cubes / n / (sd * sd * sd);
    let reach = student_half_width(values.len() as u64 - 1, level);
    let root = libm::sqrt(n);
    // The inverse of Hall's transformation: the studentised mean of skewed numbers for that of normal ones.
    let skewed = |t: f64| {
        if skewness.abs() < 1e-6 {
            return t;
        }
        let inner = 1.0 + skewness * (t / root - skewness / (6.0 * n));
        3.0 * root / skewness * (libm::cbrt(inner) - 1.0)
    };
    let error = sd / root;
    Some([error * skewed(reach), -error * skewed(-reach)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symmetric_numbers_have_students_interval() {
        // scipy.stats.t.interval(0.95, 3, scale=sem([1, 2, 3, 4])), half of its width
        let [below, above] = skewed_reach(&[1.0, 2.0, 3.0, 4.0], Level::USUAL).unwrap();
        assert!((below - 2.0542602568).abs() < 1e-9 && (above - below).abs() < 1e-12, "{below} {above}");
    }

    #[test]
    fn a_long_tail_moves_both_ends_towards_it() {
        let tail = [0.0, 0.1, 0.2, 0.3, 0.2, 0.1, 0.0, 5.0];
        let [below, above] = skewed_reach(&tail, Level::USUAL).unwrap();
        assert!(above > 1.5 * below, "{below} {above}");
        let mirrored: Vec<f64> = tail.iter().map(|v| -v).collect();
        let [down, up] = skewed_reach(&mirrored, Level::USUAL).unwrap();
        assert!((down - above).abs() < 1e-12 && (up - below).abs() < 1e-12);
    }

    #[test]
    fn equal_numbers_and_single_ones() {
        assert_eq!(skewed_reach(&[2.0; 5], Level::USUAL), Some([0.0, 0.0]));
        assert_eq!(skewed_reach(&[2.0], Level::USUAL), None);
    }
}
