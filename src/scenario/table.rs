//! The types of the table of keys: kinds of values, ranges and defaults.
//!
//! The table is in `keys.rs`. Parsing, ranges, defaults, the schema and the reference page follow from it.

use std::borrow::Cow;

use super::experiments::{BetDesign, Scale, SweepDesign, SweptExperiment, Until};
pub(crate) use super::fallback::PRESETS;
pub(super) use super::fallback::{Fallback, Origin, SERVANT};
use super::settings::{Among, Norm, ReputationKind};
pub(super) use super::value::Value;
use super::wording;

/// The kind and range of a key's values; ranges include their ends.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Real {
        min: f64,
        max: f64,
    },
    Whole {
        min: u64,
        max: u64,
    },
    /// A whole number, or the word "auto", which a factor cannot set.
    WholeOrAuto {
        min: u64,
        max: u64,
    },
    Flag,
    Choice(&'static [&'static str]),
    Text {
        min_chars: usize,
        max_chars: usize,
    },
    /// Whole numbers in ascending order.
    Rising {
        min: u64,
        max: u64,
        most: usize,
    },
    /// Numbers in any order.
    Reals {
        min: f64,
        max: f64,
        most: usize,
    },
    /// Texts, numbers or flags, all stored as text; a single one needs no brackets.
    Items {
        least: usize,
        most: usize,
    },
}

impl Kind {
    /// The range in words, to follow "must be".
    pub(super) fn allowed(&self) -> String {
        match self {
            Self::Real { min, max } => {
                format!("a number from {} to {}", wording::real(*min), wording::real(*max))
            }
            Self::Whole { min, max } => {
                format!("a whole number from {} to {}", wording::grouped(*min), wording::grouped(*max))
            }
            Self::WholeOrAuto { min, max } => {
                format!("{} or \"{AUTO}\"", Self::Whole { min: *min, max: *max }.allowed())
            }
            Self::Flag => "true or false".to_owned(),
            Self::Choice(names) => wording::list(names.iter().map(|name| format!("\"{name}\"")), "or"),
            Self::Text { min_chars: 0, max_chars } => format!("text of at most {max_chars} characters"),
            Self::Text { min_chars, max_chars } => format!("text of {min_chars} to {max_chars} characters"),
            Self::Rising { min, max, most } => format!(
                "a list of 1 to {most} whole numbers from {min} to {}, each greater than the one before",
                wording::grouped(*max)
            ),
            Self::Items { most: 1, .. } => "a number, text, true or false".to_owned(),
            Self::Reals { min, max, most } => format!(
                "a list of 1 to {most} numbers from {} to {}",
                wording::real(*min),
                wording::real(*max)
            ),
            Self::Items { least, most } => format!("a list of {least} to {most} names or values"),
        }
    }
}

/// What the key for a standard deviation among people adds to the name of the key for the mean.
const SD: &str = ".sd";
/// The value of a key that leaves the number to the program.
pub(super) const AUTO: &str = "auto";
/// Name of the region of a scenario without any `[[region]]`.
pub(super) const HOME: &str = "home";

/// Kind and default of a key, as one word of the table.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) kind: Kind,
    pub(super) fallback: Fallback,
}

/// One row of the table.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// Name in the file, and of the field of the struct.
    pub(super) name: &'static str,
    pub(super) rule: Rule,
    /// Unit of the value.
    pub(super) unit: &'static str,
    /// Meaning, in one sentence.
    pub(super) doc: &'static str,
}

impl Key {
    /// The key whose standard deviation among people this one is; `None` for all other keys.
    pub(super) fn spread_of(&self) -> Option<&'static str> {
        self.name.strip_suffix(SD)
    }

    /// A number as the text of this key's value: rounded if the key takes whole numbers, else to twelve digits, so that
    /// 0.3 is not 0.30000000000000004.
    pub(super) fn value_of(&self, number: f64) -> Value {
        if matches!(self.rule.kind, Kind::Whole { .. } | Kind::WholeOrAuto { .. }) {
            // A number in the range of a key is not below 0, and far below 2^64.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            return Value::Whole(libm::round(number) as u64);
        }
        Value::Real(twelve_digits(number))
    }
}

/// The form of a section in the file.
pub(super) fn twelve_digits(number: f64) -> f64 {
    let rounded: f64 = format!("{number:.11e}").parse().expect("a number as text is a number");
    rounded + 0.0
}

/// How a section stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Keys before the first header.
    Top,
    /// `[name]`, all defaults if left out.
    Always,
    /// `[name]`, absent if left out.
    Optional,
    /// `[[name]]`, any number of times.
    List,
}

/// One section of the table.
#[derive(Debug)]
pub(super) struct SectionSpec {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) doc: &'static str,
    pub(super) keys: &'static [Key],
}

impl SectionSpec {
    /// The position of `name` among the keys.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.keys.iter().position(|key| key.name == name)
    }

    /// The position of the key for the standard deviation of another key; `None` if that does not differ between
    /// people.
    pub(super) fn sd_of(&self, position: usize) -> Option<usize> {
        let sd = self.keys.get(position + 1)?;
        (sd.spread_of() == Some(self.keys[position].name)).then_some(position + 1)
    }

    /// Maximum number of entries of a list. It is lower for factors, because scrambled sequences need two dimensions
    /// for each.
    pub(super) fn entries_max(&self) -> usize {
        if self.name == "factor" { 100 } else { 1_000 }
    }

    /// The header as in a file.
    pub(super) fn header(&self) -> String {
        match self.shape {
            Shape::Top => "the top of the file, before the first section".to_owned(),
            Shape::Always | Shape::Optional => format!("[{}]", self.name),
            Shape::List => format!("[[{}]]", self.name),
        }
    }
}

/// A struct for one section of the file; implemented by the `section!` macro.
pub(super) trait Section: Sized {
    const SPEC: SectionSpec;

    /// From one value per key, in the order of the table.
    fn from_values(values: &[Value]) -> Self;

    /// One value per key, in the order of the table.
    fn to_values(&self) -> Vec<Value>;
}

/// A field type that converts from and to a [`Value`].
pub(super) trait Datum: Sized {
    fn from_value(value: &Value) -> Option<Self>;
    fn to_value(&self) -> Value;
}

/// The field for the next value; the kinds of the table were checked when the value was read.
pub(super) fn take<'a, D: Datum>(values: &mut impl Iterator<Item = &'a Value>) -> D {
    values.next().and_then(D::from_value).expect("every key of the table has a value of its field's type")
}

impl Datum for f64 {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Real(number) = value { Some(*number) } else { None }
    }

    fn to_value(&self) -> Value {
        Value::Real(*self)
    }
}

impl Datum for u64 {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Whole(number) = value { Some(*number) } else { None }
    }

    fn to_value(&self) -> Value {
        Value::Whole(*self)
    }
}

impl Datum for u32 {
    fn from_value(value: &Value) -> Option<Self> {
        u64::from_value(value).and_then(|number| Self::try_from(number).ok())
    }

    fn to_value(&self) -> Value {
        Value::Whole(u64::from(*self))
    }
}

impl Datum for bool {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Flag(flag) = value { Some(*flag) } else { None }
    }

    fn to_value(&self) -> Value {
        Value::Flag(*self)
    }
}

impl Datum for Vec<u32> {
    fn from_value(value: &Value) -> Option<Self> {
        let Value::Wholes(numbers) = value else { return None };
        numbers.iter().map(|&number| u32::try_from(number).ok()).collect()
    }

    fn to_value(&self) -> Value {
        Value::Wholes(self.iter().map(|&number| number.into()).collect())
    }
}

impl Datum for Vec<f64> {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Reals(numbers) = value { Some(numbers.to_vec()) } else { None }
    }

    fn to_value(&self) -> Value {
        Value::Reals(self.clone().into())
    }
}

impl Datum for Vec<String> {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Texts(texts) = value { Some(texts.clone()) } else { None }
    }

    fn to_value(&self) -> Value {
        Value::Texts(self.clone())
    }
}

impl Datum for String {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.to_string()),
            // A single value of any kind.
            Value::Texts(texts) => texts.first().filter(|_| texts.len() == 1).cloned(),
            _ => None,
        }
    }

    fn to_value(&self) -> Value {
        Value::Text(Cow::Owned(self.clone()))
    }
}

/// Gives the variants of an enum their names in scenario files.
macro_rules! choices {
    ($type:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            /// The names of the variants in scenario files, in the order of the variants.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// The variant of this name in scenario files.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }

            /// The name in scenario files.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }

        impl Datum for $type {
            fn from_value(value: &Value) -> Option<Self> {
                if let Value::Text(text) = value { Self::named(text) } else { None }
            }

            fn to_value(&self) -> Value {
                Value::Text(Cow::Borrowed(self.name()))
            }
        }
    };
}

choices!(ReputationKind { Private = "private", Public = "public" });
choices!(Norm {
    ImageScoring = "image-scoring",
    SimpleStanding = "simple-standing",
    SternJudging = "stern-judging",
    Shunning = "shunning",
});
choices!(BetDesign { Twins = "twins", Crossover = "crossover" });
choices!(Among { Anyone = "anyone", Ties = "ties" });
choices!(SweptExperiment { Run = "run", Bet = "bet" });
choices!(SweepDesign {
    Grid = "grid",
    OneAtATime = "one-at-a-time",
    List = "list",
    Random = "random",
    LatinHypercube = "latin-hypercube",
    SobolSequence = "sobol-sequence",
    Morris = "morris",
    Sobol = "sobol",
    FactorialTraits = "factorial-traits",
});
choices!(Until { Fixed = "fixed", Precise = "precise", Decided = "decided" });
choices!(Scale { Linear = "linear", Log = "log" });
