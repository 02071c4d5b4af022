//! The level of confidence of intervals and of tests.

use std::fmt;

use serde::Deserialize;

/// The share of intervals that hold the truth; tests err with the remaining chance. 0.95 is usual.
///
/// It is written as a percentage, such as `95%`.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(try_from = "f64")]
pub struct Level(f64);

impl Level {
    /// 95%.
    pub const USUAL: Self = Self(0.95);
    /// The lowest and the highest level.
    pub const RANGE: [f64; 2] = [0.5, 0.999];

    /// A level from 0.5 to 0.999; `None` for any other number.
    pub fn of(confidence: f64) -> Option<Self> {
        let [least, most] = Self::RANGE;
        (least..=most).contains(&confidence).then_some(Self(confidence))
    }

    /// The chance of an error: 1 less the level, rounded to 1e-9, so that that of 0.95 is exactly 0.05.
    pub fn alpha(self) -> f64 {
        libm::round((1.0 - self.0) * 1e9) / 1e9
    }

    /// The chance of an error on either side.
    pub fn tail(self) -> f64 {
        self.alpha() / 2.0
    }

    /// The quantile at the upper end of an interval with equal tails, such as 0.975.
    pub fn upper(self) -> f64 {
        1.0 - self.tail()
    }

    /// The chance of an error in percent, such as `5%`.
    pub fn error(self) -> String {
        percent(self.alpha())
    }
}

impl Default for Level {
    fn default() -> Self {
        Self::USUAL
    }
}

impl TryFrom<f64> for Level {
    type Error = String;

    fn try_from(confidence: f64) -> Result<Self, String> {
        let [least, most] = Self::RANGE;
        Self::of(confidence)
            .ok_or_else(|| format!("a level is a number from {least} to {most}, but is {confidence}"))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&percent(self.0))
    }
}

/// A share in percent, with the fewest digits.
fn percent(share: f64) -> String {
    format!("{}%", libm::round(share * 1e9) / 1e7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_level_has_the_usual_numbers_to_the_last_digit() {
        let level = Level::USUAL;
        assert_eq!((level.alpha(), level.tail(), level.upper()), (0.05, 0.025, 0.975));
        assert_eq!((level.to_string(), level.error()), ("95%".to_owned(), "5%".to_owned()));
    }

    #[test]
    fn levels_are_written_with_the_digits_that_they_have() {
        let written = |level: f64| {
            let level = Level::of(level).unwrap();
            [level.to_string(), level.error()]
        };
        assert_eq!(written(0.999), ["99.9%", "0.1%"]);
        assert_eq!(written(0.9), ["90%", "10%"]);
        assert_eq!(written(0.683), ["68.3%", "31.7%"]);
    }

    #[test]
    fn other_numbers_are_no_levels() {
        assert!([0.49, 0.9991, 1.0, f64::NAN].iter().all(|number| Level::of(*number).is_none()));
        let error = serde_json::from_str::<Level>("95").unwrap_err().to_string();
        assert!(error.contains("a level is a number from 0.5 to 0.999, but is 95"), "{error}");
    }
}
