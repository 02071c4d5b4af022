//! Amounts of benefit, as exact decimal numbers.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

/// An amount of benefit: a whole number of billionths (1e-9) of a unit.
///
/// Sums and differences are exact. So equal amounts compare equal, regardless of how they were computed, and an
/// amount prints as an exact decimal. The range is -1.7e29 to 1.7e29 units. Amounts of the largest scenario are within
/// it (a test of [`crate::model::Prices`] checks this). An operation that exceeds it panics and never wraps around.
///
/// ```
/// use mingle::Amount;
///
/// let [benefit, cost] = [Amount::of(0.35), Amount::of(1.0)];
/// assert_eq!((benefit - cost).to_string(), "-0.65");
/// assert_eq!(Amount::of(0.1) + Amount::of(0.2), Amount::of(0.3));
/// assert_eq!(Amount::of(0.2).per(3), 0.2 / 3.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i128);

/// Billionths in a unit.
const UNIT: u32 = 1_000_000_000;
const FITS: &str = "the sums of the largest scenario fit";

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The decimal with the fewest digits that reads as `number`, rounded to 1e-9 (halves away from 0).
    ///
    /// # Panics
    /// If it is not finite, or beyond 1.7e29 units.
    pub fn of(number: f64) -> Self {
        let (digits, power) = decimal(number);
        Self(shift(digits, power + 9))
    }

    /// This amount times `ratio`, which is read as a decimal like in [`Amount::of`]. Only the product is rounded.
    ///
    /// # Panics
    /// If `ratio` is not finite, or the product has more than 38 digits.
    #[must_use]
    pub fn times(self, ratio: f64) -> Self {
        let (digits, power) = decimal(ratio);
        Self(shift(self.0.checked_mul(digits).expect(FITS), power))
    }

    /// An amount, given in billionths.
    pub const fn from_billionths(billionths: i128) -> Self {
        Self(billionths)
    }

    /// This amount in billionths.
    pub const fn billionths(self) -> i128 {
        self.0
    }

    /// This amount divided by `n`, correctly rounded to double precision. NaN for `n` = 0.
    pub fn per(self, n: u64) -> f64 {
        let size = match n {
            0 => f64::NAN,
            _ => quotient(self.0.unsigned_abs(), u128::from(n) * u128::from(UNIT)),
        };
        if self.0 < 0 { -size } else { size }
    }
}

/// `number` as (digits, power): digits times 10^power.
fn decimal(number: f64) -> (i128, i32) {
    assert!(number.is_finite(), "an amount is a number, not {number}");
    let text = format!("{number:e}");
    let (digits, power) = text.split_once('e').expect("written with its power");
    let places = digits.split_once('.').map_or(0, |(_, places)| places.len());
    let whole = digits.replace('.', "").parse().expect("at most 17 digits");
    let places = i32::try_from(places).expect("at most 17 digits");
    (whole, power.parse::<i32>().expect("a power of ten") - places)
}

/// digits times 10^power, rounded to a whole number, halves away from 0.
fn shift(digits: i128, power: i32) -> i128 {
    /// 10^38 is the largest power of ten in an `i128`.
    const MOST: u32 = 38;
    let ten = |power: u32| 10_i128.pow(power);
    match (u32::try_from(power), power.unsigned_abs()) {
        (Ok(power), _) => digits.checked_mul(ten(power)).expect(FITS),
        (Err(_), places) if places > MOST => 0,
        (Err(_), places) => {
            let unit = ten(places);
            let (whole, rest) = (digits / unit, digits % unit);
            if rest.abs() >= unit / 2 { whole + rest.signum() } else { whole }
        }
    }
}

/// `above / below`, correctly rounded to double precision.
// The casts are exact, or round to nearest as intended.
#[allow(clippy::cast_precision_loss)]
fn quotient(above: u128, below: u128) -> f64 {
    const EXACT: u128 = 1 << 53;
    if above < EXACT && below < EXACT {
        return above as f64 / below as f64;
    }
    let (mut whole, mut rest, mut doublings) = (above / below, above % below, 0);
    while rest > 0 && whole < 2 * EXACT {
        rest *= 2;
        whole = 2 * whole + u128::from(rest >= below);
        rest %= below;
        doublings += 1;
    }
    // The lowest bit is rounded away. It is set if there is a remainder, so that this does not count as a tie.
    libm::ldexp((whole | u128::from(rest > 0)) as f64, -doublings)
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        let (whole, mut part, mut places) = (size / u128::from(UNIT), size % u128::from(UNIT), 9);
        let sign = if self.0 < 0 { "-" } else { "" };
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        while part % 10 == 0 {
            (part, places) = (part / 10, places - 1);
        }
        write!(f, "{sign}{whole}.{part:0places$}")
    }
}

impl Add for Amount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.checked_add(other.0).expect(FITS))
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Amount {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Neg for Amount {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.checked_neg().expect(FITS))
    }
}

impl Mul<u64> for Amount {
    type Output = Self;

    fn mul(self, n: u64) -> Self {
        Self(self.0.checked_mul(n.into()).expect(FITS))
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Self::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_as_written_and_rounded_once() {
        for (number, text) in [
            (0.1 + 0.2, "0.3"),
            (123_456_789.123_456_7, "123456789.1234567"),
            (1e9, "1000000000"),
            (5e-10, "0.000000001"),
            (4.9e-10, "0"),
            (-2.5, "-2.5"),
            (1e-300, "0"),
        ] {
            assert_eq!(Amount::of(number).to_string(), text);
        }
        assert_eq!(Amount::of(0.7).times(0.35).to_string(), "0.245");
        assert_eq!(Amount::of(1e9).times(1.0 / 3.0).to_string(), "333333333.3333333");
        assert_eq!(Amount::of(1e-9).times(0.5), Amount::from_billionths(1), "rounded after multiplying");
    }

    #[test]
    fn a_mean_is_the_nearest_number_of_double_precision() {
        // Python: float(Fraction(a, b * 10**9))
        for (billionths, n, expected) in [
            (-650_000_000, 1, -0.65),
            (1, 3, 3.333333333333333e-10),
            (123_456_789_012_345_678_901_234_567, 7, 17_636_684_144_620_812.0),
            ((1 << 54) + 1, 1, 18_014_398.509_481_985),
            (10_i128.pow(34) + 1, 65_535, 1.525_902_189_669_642e20),
        ] {
            assert_eq!(Amount::from_billionths(billionths).per(n), expected, "{billionths} / {n}");
        }
        assert!(Amount::ZERO.per(0).is_nan() && Amount::of(1.0).per(0).is_nan());
    }

    #[test]
    #[should_panic(expected = "fit")]
    fn nothing_wraps_around() {
        let _ = Amount::from_billionths(i128::MAX) + Amount::of(1.0);
    }
}
