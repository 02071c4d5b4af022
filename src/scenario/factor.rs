//! Factors of a sweep: from a coordinate in their range to the values of keys.

use super::assignment::{Assignment, key_of};
use super::experiments::{Factor, Scale};
use super::path::Path;
use super::table::Kind;

/// A factor at one value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Setting {
    /// The value as tables show it.
    pub value: String,
    /// The assignments that set it, one per key of the factor.
    pub sets: Vec<Assignment>,
}

impl Factor {
    /// Number of values in a grid.
    #[must_use]
    pub(crate) fn n_levels(&self) -> u32 {
        if self.values.is_empty() {
            return self.levels;
        }
        u32::try_from(self.values.len()).expect("values are few")
    }

    /// The factor at a coordinate from 0 (lowest or first value) to 1 (highest or last).
    ///
    /// # Panics
    /// If the coordinate is outside 0 to 1.
    #[must_use]
    pub(crate) fn at(&self, coordinate: f64) -> Setting {
        assert!((0.0..=1.0).contains(&coordinate), "no place {coordinate} in a range");
        if !self.values.is_empty() {
            let n = self.values.len();
            // At level i of n the product is from i up to, but not including, i + 1.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let place = ((coordinate * n as f64) as usize).min(n - 1);
            return self.given(&self.values[place]);
        }
        let number = match self.scale {
            // Exact at both ends.
            Scale::Linear => (1.0 - coordinate) * self.min + coordinate * self.max,
            Scale::Log if coordinate == 1.0 => self.max,
            Scale::Log => between(self.min, self.max, coordinate),
        };
        let sets: Vec<_> =
            self.keys.iter().map(|path| Assignment::of(path, key_of(path).value_of(number))).collect();
        Setting { value: sets[0].shown(), sets }
    }

    /// The factor at a value given as text. Whether its keys take the value is checked when the value is set.
    ///
    /// Tables show the value as the first key reads it: `0x10` is 16, and text has no quotes.
    #[must_use]
    pub(crate) fn given(&self, value: &str) -> Setting {
        let sets: Vec<_> = self.keys.iter().map(|path| Assignment::read(path, value)).collect();
        Setting { value: sets[0].shown(), sets }
    }

    /// The factor at a value of a list. All its keys get the value as its first key reads it. So if the first key takes
    /// fractions, 4.0 is 4 for another key that takes whole numbers.
    #[must_use]
    pub(crate) fn listed(&self, value: &str) -> Setting {
        let first = Assignment::read(&self.keys[0], value).canonical();
        let shown = first.shown();
        let others = self.keys[1..].iter().map(|path| Assignment::read(path, &shown));
        Setting { sets: std::iter::once(first).chain(others).collect(), value: shown }
    }

    /// Whether tables show its values as numbers: its first key takes numbers.
    #[must_use]
    pub(crate) fn is_numeric(&self) -> bool {
        key_of(&self.keys[0]).rule.kind.is_numeric()
    }

    /// Whether it sets the key of this path. Quotes and spaces in the factor's own path do not matter.
    #[must_use]
    pub(crate) fn sets_key(&self, path: &str) -> bool {
        let wanted = Path::parse(path);
        self.keys.iter().any(|key| Path::parse(key).is(&wanted))
    }
}

impl Kind {
    /// Whether values are numbers, so that a factor can have a range of them.
    pub(super) fn is_numeric(&self) -> bool {
        matches!(self, Self::Real { .. } | Self::Whole { .. } | Self::WholeOrAuto { .. })
    }
}

/// The number at a coordinate from 0 to 1 between `min` and `max`, both above 0, on a logarithmic scale.
fn between(min: f64, max: f64, coordinate: f64) -> f64 {
    let ratio = max / min;
    if ratio.is_finite() {
        return min * libm::exp(coordinate * libm::log(ratio));
    }
    // The ratio can exceed the greatest number, so it is applied in two steps.
    let half = libm::exp(coordinate * 0.5 * (libm::log(max) - libm::log(min)));
    min * half * half
}

#[cfg(test)]
mod tests {
    use super::super::Scenario;
    use super::*;

    fn factor(lines: &str) -> Factor {
        let text = format!("[[factor]]\nname = \"x\"\n{lines}\n");
        Scenario::parse(&text, &[]).unwrap_or_else(|faults| panic!("{faults}")).factors[0].clone()
    }

    fn texts(setting: &Setting) -> Vec<String> {
        setting.sets.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_range_is_walked_in_short_numbers_and_ends_exactly() {
        let fee = factor("keys = \"calls.fee\"\nmin = 0.1\nmax = 0.7");
        let values: Vec<_> = (0..7).map(|i| fee.at(f64::from(i) / 6.0).value).collect();
        assert_eq!(values, ["0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7"]);
        assert_eq!(texts(&fee.at(0.5)), ["calls.fee=0.4"]);
    }

    #[test]
    fn a_logarithmic_range_has_equal_ratios() {
        let value = factor("keys = \"needs.value\"\nmin = 0.1\nmax = 1000\nscale = \"log\"");
        let values: Vec<_> = (0..5).map(|i| value.at(f64::from(i) / 4.0).value).collect();
        assert_eq!(values, ["0.1", "1", "10", "100", "1000"]);
    }

    #[test]
    fn a_logarithmic_range_may_reach_over_all_numbers() {
        for (min, max, middle) in
            [(5e-324, 1e6, 2.2e-159), (1e-300, 1e300, 1.0), (f64::MIN_POSITIVE, 1e308, 1.0)]
        {
            let ratio = between(min, max, 0.5) / middle;
            assert!((0.5..2.0).contains(&ratio), "{min} to {max}: {ratio}");
            assert_eq!(between(min, max, 0.0), min);
            let steps: Vec<f64> = (0..=8).map(|i| between(min, max, f64::from(i) / 8.0)).collect();
            assert!(steps.is_sorted() && steps.iter().all(|x| x.is_finite()), "{steps:?}");
        }
    }

    #[test]
    fn whole_numbers_are_rounded_key_by_key() {
        let every = factor("keys = [\"mixer.every\", \"needs.value\"]\nmin = 1\nmax = 4");
        let setting = every.at(0.5);
        assert_eq!(texts(&setting), ["mixer.every=3", "needs.value=2.5"]);
        assert_eq!(setting.value, "3");
    }

    #[test]
    fn a_value_is_shown_as_its_first_key_has_it_however_it_is_given() {
        let shown =
            |keys: &str, value: &str| factor(&format!("keys = \"{keys}\"\nvalues = [1]")).given(value).value;
        for (given, wanted) in [("0x10", "16"), ("1_0", "10"), ("+4", "4"), ("4", "4"), ("many", "many")] {
            assert_eq!(shown("mixer.every", given), wanted);
        }
        for (given, wanted) in [("0.1_0", "0.1"), ("1E-1", "0.1"), ("-0", "0"), ("2", "2")] {
            assert_eq!(shown("needs.rate", given), wanted);
        }
        let kind = factor("keys = \"reputation.kind\"\nvalues = [\"private\"]");
        assert_eq!(
            (kind.given("'private'").value, kind.given("public").value),
            ("private".into(), "public".into())
        );
        assert_eq!(texts(&kind.given("'private'")), ["reputation.kind='private'"]);
        assert!(!kind.is_numeric() && factor("keys = \"needs.rate\"").is_numeric());
    }

    #[test]
    fn listed_values_are_found_by_level_and_by_place() {
        let kind = factor("keys = \"reputation.norm\"\nvalues = [\"shunning\", \"image-scoring\"]");
        assert_eq!((kind.at(0.0).value, kind.at(1.0).value), ("shunning".into(), "image-scoring".into()));
        let many = factor("keys = \"mixer.every\"\nvalues = [1, 2, 4, 8, 13]");
        for (level, value) in [1, 2, 4, 8, 13].into_iter().enumerate() {
            let at = many.at(level as f64 / 4.0);
            assert_eq!(texts(&at), [format!("mixer.every={value}")]);
        }
        assert_eq!(many.at(0.39).value, "2");
    }
}
