//! Shares: exact numbers in proportion to them, and random picks.

/// Cumulative sums of shares; the last one is 1, whatever rounding does.
pub(super) fn cumulative(shares: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut sum = 0.0;
    let mut sums: Vec<f64> = shares
        .into_iter()
        .map(|share| {
            sum += share;
            sum
        })
        .collect();
    if let Some(last) = sums.last_mut() {
        *last = 1.0;
    }
    sums
}

/// The position that a word picks, each with its share, given the cumulative sums.
pub(super) fn by_share(sums: &[f64], word: u32) -> usize {
    let at = f64::from(word) / 4_294_967_296.0;
    sums.partition_point(|&sum| sum <= at)
}

/// Whole numbers that sum to `n`, in proportion to `shares` (which sum to 1), by the largest-remainder method.
/// Of equal remainders the first is rounded up.
pub(super) fn apportion(shares: &[f64], n: u32) -> Vec<u32> {
    // Shares are at most 1, so quotas are at most n.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let mut counts: Vec<u32> = shares.iter().map(|s| (s * f64::from(n) + 1e-9).floor() as u32).collect();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    let remainder = |i: usize| shares[i] * f64::from(n) - f64::from(counts[i]);
    // Remainders that differ only by rounding errors count as equal.
    order.sort_by_key(|&i| (std::cmp::Reverse(quantised(remainder(i))), i));
    let missing = n.saturating_sub(counts.iter().sum());
    for &i in order.iter().cycle().take(missing as usize) {
        counts[i] += 1;
    }
    counts
}

/// A remainder in steps of 2^-30, so that rounding errors do not decide the order.
fn quantised(remainder: f64) -> i64 {
    // A remainder lies in -1 to 1.
    #[allow(clippy::cast_possible_truncation)]
    let steps = (remainder * f64::from(1 << 30)).round() as i64;
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_apportioned_by_largest_remainder() {
        assert_eq!(apportion(&[0.4, 0.4, 0.2], 2000), [800, 800, 400]);
        assert_eq!(apportion(&[0.4, 0.4, 0.2], 7), [3, 3, 1]);
        assert_eq!(apportion(&[1.0 / 3.0; 3], 10), [4, 3, 3]);
        assert_eq!(apportion(&[0.5, 0.5], 1), [1, 0]);
    }

    #[test]
    fn picks_follow_the_shares_and_never_take_what_has_none() {
        let sums = cumulative([0.0, 0.5, 0.0, 0.5 - 1e-12]);
        assert_eq!(sums, [0.0, 0.5, 0.5, 1.0]);
        assert_eq!(by_share(&sums, 0), 1);
        assert_eq!(by_share(&sums, (1 << 31) - 1), 1);
        assert_eq!(by_share(&sums, 1 << 31), 3);
        assert_eq!(by_share(&sums, u32::MAX), 3);
    }
}
