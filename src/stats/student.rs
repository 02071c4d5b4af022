//! Student's t distribution.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::Level;

/// Probability that a t-distributed number with `df` degrees of freedom is at most `t`.
///
/// `P(T <= -|t|) = I_x(df / 2, 1 / 2) / 2` with `x = df / (df + t^2)`, where `I` is the regularised
/// incomplete beta function (Abramowitz & Stegun 1964, 26.7.1). Good to about 1e-13 for
/// `df` up to 1000. NaN unless `df > 0`.
pub(crate) fn student_cdf(t: f64, df: f64) -> f64 {
    let tail = tail(t.abs(), df);
    if t > 0.0 { 1.0 - tail } else { tail }
}

/// The quantile `p` of the t distribution with `df` degrees of freedom.
///
/// Found by halving an interval until it is one float wide, so it is as exact as [`student_cdf`].
/// Infinite for a `p` of 0 or 1, NaN unless `0 <= p <= 1` and `df > 0`.
pub(crate) fn student_quantile(p: f64, df: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    // The lower tail keeps all digits of a small probability.
    let chance = p.min(1.0 - p);
    let sign = if p < 0.5 { -1.0 } else { 1.0 };
    if chance == 0.0 {
        return sign * f64::INFINITY;
    }
    let (mut low, mut high) = (0.0, 1.0);
    while tail(high, df) > chance && high < f64::MAX / 4.0 {
        (low, high) = (high, high * 2.0);
    }
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return sign * middle;
        }
        if tail(middle, df) > chance {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// `P(T > t)` for `t >= 0`.
fn tail(t: f64, df: f64) -> f64 {
    if df.is_nan() || df <= 0.0 || t.is_nan() {
        return f64::NAN;
    }
    if t.is_infinite() {
        return 0.0;
    }
    let sum = df + t * t;
    // 1 - x is computed from t, because subtracting x from 1 would lose the digits of a small t.
    0.5 * incomplete_beta(df / 2.0, 0.5, df / sum, t * t / sum)
}

/// The quantile `p` of the beta distribution with shapes `a` and `b`, by halving an interval until it is one float wide.
pub(super) fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return middle;
        }
        if incomplete_beta(a, b, middle, 1.0 - middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// The chance of at most `k` of `n`, each with the chance `p`; for `k` below `n`.
pub(super) fn binomial_cdf(k: f64, n: f64, p: f64) -> f64 {
    incomplete_beta(n - k, k + 1.0, 1.0 - p, p)
}

/// The regularised incomplete beta function `I_x(a, b)`, given `x` and `y = 1 - x`.
///
/// By the continued fraction of Abramowitz & Stegun (1964), 26.5.8, on the side where it converges fast.
fn incomplete_beta(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if x <= 0.0 || y <= 0.0 {
        return if x <= 0.0 { 0.0 } else { 1.0 };
    }
    let ln_front =
        libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log(y);
    let front = libm::exp(ln_front);
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(a, b, x) / a
    } else {
        1.0 - front * beta_fraction(b, a, y) / b
    }
}

/// The continued fraction of `I_x(a, b)`, evaluated forwards (modified Lentz; Thompson & Barnett 1986).
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    /// Replaces a denominator of zero.
    const TINY: f64 = 1e-300;
    /// Many more steps than any argument here needs, which is about sqrt(max(a, b)).
    const STEPS_MAX: u32 = 100_000;
    let nonzero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / nonzero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..STEPS_MAX {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut step = 1.0;
        for coefficient in [even, odd] {
            d = 1.0 / nonzero(1.0 + coefficient * d);
            c = nonzero(1.0 + coefficient / c);
            step = c * d;
            value *= step;
        }
        if (step - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

/// The quantile at the upper end of an interval, with `df` degrees of freedom. It is cached, because tables of many rows
/// need the same few values.
pub(super) fn student_half_width(df: u64, level: Level) -> f64 {
    /// Maximum number of cached values of a thread.
    const CACHED_MAX: usize = 4096;
    thread_local! {
        static FOUND: RefCell<BTreeMap<(u64, u64), f64>> = const { RefCell::new(BTreeMap::new()) };
    }
    let upper = level.upper();
    FOUND.with_borrow_mut(|found| {
        if found.len() >= CACHED_MAX {
            found.clear();
        }
        *found.entry((df, upper.to_bits())).or_insert_with(|| student_quantile(upper, df as f64))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(df, t, scipy.stats.t.cdf(t, df))`, scipy 1.17.1.
    const CDF: &[(f64, f64, f64)] = &[
        (1.0, -40.0, 0.007956089912025812),
        (1.0, 0.3, 0.5927735790777423),
        (1.0, 1.0, 0.75),
        (2.0, -2.5, 0.06480586011075541),
        (2.0, 4.5, 0.976999046002862),
        (3.0, -0.001, 0.49963244748473046),
        (3.0, 1.0, 0.8044988905221148),
        (5.0, -40.0, 9.205981085886477e-8),
        (5.0, 0.3, 0.6118754788683627),
        (10.0, -2.5, 0.01572342211830441),
        (10.0, 4.5, 0.999428447456598),
        (19.0, -40.0, 4.153878599669217e-20),
        (19.0, -0.001, 0.4996062702617828),
        (19.0, 1.0, 0.8350615995394375),
        (49.0, -40.0, 2.2273281630139934e-39),
        (49.0, 0.3, 0.6172769051079856),
        (199.0, -2.5, 0.006613629983253852),
        (199.0, 4.5, 0.999994226253297),
    ];

    /// `(p, df, scipy.stats.t.ppf(p, df))`, scipy 1.17.1.
    const QUANTILES: &[(f64, f64, f64)] = &[
        (0.975, 1.0, 12.706204736174694),
        (0.9, 1.0, 3.0776835371752544),
        (0.005, 1.0, -63.65674116287158),
        (0.975, 2.0, 4.302652729749462),
        (0.005, 3.0, -5.840909309733357),
        (0.975, 4.0, 2.7764451051977934),
        (0.975, 9.0, 2.262157162798205),
        (0.975, 19.0, 2.0930240544083087),
        (0.9, 29.0, 1.311433647301551),
        (0.975, 99.0, 1.9842169515864174),
        (0.005, 999.0, -2.5807596372676365),
    ];

    fn close(ours: f64, theirs: f64, relative: f64) -> bool {
        (ours - theirs).abs() <= relative * theirs.abs()
    }

    #[test]
    fn the_distribution_agrees_with_scipy() {
        for &(df, t, expected) in CDF {
            let ours = student_cdf(t, df);
            assert!(close(ours, expected, 1e-12), "df {df}, t {t}: {ours} for {expected}");
        }
        assert!(close(student_cdf(1.0, 1e6), 0.8413446250832108, 1e-8));
    }

    #[test]
    fn the_quantiles_agree_with_scipy() {
        for &(p, df, expected) in QUANTILES {
            let ours = student_quantile(p, df);
            assert!(close(ours, expected, 1e-11), "p {p}, df {df}: {ours} for {expected}");
        }
        assert!(close(student_quantile(0.975, 1e6), 1.959966356814107, 1e-8));
    }

    #[test]
    fn the_limits_are_right() {
        assert_eq!(student_cdf(0.0, 3.0), 0.5);
        assert_eq!(student_cdf(f64::INFINITY, 3.0), 1.0);
        assert_eq!(student_cdf(f64::NEG_INFINITY, 3.0), 0.0);
        assert!(student_quantile(0.5, 3.0).abs() < 1e-300);
        assert_eq!(student_quantile(0.0, 3.0), f64::NEG_INFINITY);
        assert_eq!(student_quantile(1.0, 3.0), f64::INFINITY);
        assert!(student_cdf(1.0, 0.0).is_nan());
        assert!(student_quantile(1.5, 3.0).is_nan());
    }
}
