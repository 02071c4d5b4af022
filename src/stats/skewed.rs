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
    fn halls_transformation_of_the_ends_is_students() {
        let tail = [0.0, 0.1, 0.2, 0.3, 0.2, 0.1, 0.0, 5.0];
        let reach = skewed_reach(&tail, Level::USUAL).unwrap();
        let (n, root) = (8.0, libm::sqrt(8.0));
        let mean = tail.iter().sum::<f64>() / n;
        let squares: f64 = tail.iter().map(|v| (v - mean) * (v - mean)).sum();
        let cubes: f64 = tail.iter().map(|v| (v - mean) * (v - mean) * (v - mean)).sum();
        let sd = libm::sqrt(squares / (n - 1.0));
        let skewness = cubes / n / (sd * sd * sd);
        // Hall 1992: S is the distance of the mean from its true value, in standard deviations.
        let student = |s: f64| {
            let cubed = skewness * skewness * s * s * s / 27.0;
            root * (s + skewness * s * s / 3.0 + cubed + skewness / (6.0 * n))
        };
        // scipy.stats.t.ppf(0.975, 7)
        for (s, expected) in [(reach[0] / sd, 2.364624251592784), (-reach[1] / sd, -2.364624251592784)] {
            assert!((student(s) - expected).abs() < 1e-9, "{} for {expected}", student(s));
        }
    }

    #[test]
    fn equal_numbers_and_single_ones() {
        assert_eq!(skewed_reach(&[2.0; 5], Level::USUAL), Some([0.0, 0.0]));
        assert_eq!(skewed_reach(&[2.0], Level::USUAL), None);
    }
}
