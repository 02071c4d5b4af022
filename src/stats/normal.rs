//! The normal distribution.

/// Probability that a standard normal number is at most `z`.
pub(super) fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The quantile `p` of the standard normal distribution, for `p` above 0 and below 1; found by halving an interval until
/// it is one float wide.
pub(super) fn normal_quantile(p: f64) -> f64 {
    let (mut low, mut high) = (-40.0, 40.0);
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return middle;
        }
        if normal_cdf(middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantiles_agree_with_scipy() {
        // scipy.stats.norm.ppf, scipy 1.17.1
        for (p, expected) in
            [(0.975, 1.959963984540054), (0.8, 0.8416212335729143), (0.025, -1.959963984540054)]
        {
            let ours = normal_quantile(p);
            assert!((ours - expected).abs() < 1e-14, "{p}: {ours}");
        }
        assert!((normal_cdf(1.0) - 0.8413447460685429).abs() < 1e-15);
    }
}
