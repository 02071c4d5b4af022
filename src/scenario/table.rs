//! The types of the table of keys: kinds of values, ranges and defaults.
//!
//! The table is in `keys.rs`. Parsing, ranges, defaults, the schema and the reference page follow from it.

use std::borrow::Cow;

use super::experiments::{BetDesign, Scale, SweepDesign, SweptExperiment, Until};
use super::settings::{Among, Norm, ReputationKind};
use super::wording;

/// A value that has been read and is in its range.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Real(f64),
    Whole(u64),
    Flag(bool),
    Text(Cow<'static, str>),
    Wholes(Cow<'static, [u64]>),
    Texts(Vec<String>),
}

impl Value {
    /// The value as in a scenario file; floats with the fewest digits that read back as the same number.
    pub(super) fn to_toml(&self) -> String {
        match self {
            Self::Real(number) => format!("{number:?}"),
            Self::Whole(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::Text(text) => toml::Value::String(text.to_string()).to_string(),
            Self::Wholes(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
                format!("[{}]", numbers.join(", "))
            }
            Self::Texts(texts) => {
                let texts = texts.iter().map(|text| toml::Value::String(text.clone()).to_string());
                format!("[{}]", texts.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// The value as in an override: text without quotes, numbers in plain notation.
    pub(super) fn to_text(&self) -> String {
        match self {
            Self::Real(number) => number.to_string(),
            Self::Text(text) => text.to_string(),
            other => other.to_toml(),
        }
    }

    pub(super) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Real(number) => (*number).into(),
            Self::Whole(number) => (*number).into(),
            Self::Flag(flag) => (*flag).into(),
            Self::Text(text) => text.as_ref().into(),
            Self::Wholes(numbers) => numbers.to_vec().into(),
            Self::Texts(texts) => texts.clone().into(),
        }
    }
}

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
        max: u64,
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
            Self::Rising { max, most } => format!(
                "a list of 1 to {most} whole numbers from 0 to {}, each greater than the one before",
                wording::grouped(*max)
            ),
            Self::Items { least, most } => format!("a list of {least} to {most} names or values"),
        }
    }
}

/// The default of a key.
#[derive(Clone, Debug)]
pub(super) enum Fallback {
    /// This value.
    Is(Value),
    /// None: the key must be given.
    Required,
    /// The value of the preset strategy of the same name, else that of the servant.
    Preset([f64; 3]),
    /// The value of the preset strategy of the same name; other strategies must give it.
    PresetOnly([f64; 3]),
    /// 1 for a single region; several must give it.
    OnlyRegion,
    /// The value of the key of the same name in `[reputation]`.
    Reputation,
    /// One value under private reputation, another under public.
    ByKind { private: f64, public: f64 },
    /// This many rounds, or a third of the rounds if the run is not longer than that.
    OfRounds(u64),
    /// One name if another key of the section is given, else another.
    IfGiven { key: &'static str, then: &'static str, otherwise: &'static str },
}

/// Where a default takes a value from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origin<'a> {
    /// From this key of the same section.
    Here(&'a str),
    /// Whether this key of the same section is given.
    IsGiven(&'a str),
    /// From this key of `[reputation]`.
    Reputation(&'a str),
}

impl Fallback {
    /// The default of the key in a section of this name, one of `siblings`; none if the key must be given, or if what
    /// it follows has no value. `of` gives the values of other keys.
    pub(super) fn value(
        &self,
        key: &str,
        name: Option<&str>,
        siblings: usize,
        of: impl Fn(Origin<'_>) -> Option<Value>,
    ) -> Option<Value> {
        let preset = || PRESETS.iter().position(|preset| Some(*preset) == name);
        match self {
            Self::Is(value) => Some(value.clone()),
            Self::Required => None,
            Self::Preset(values) => Some(Value::Real(values[preset().unwrap_or(SERVANT)])),
            Self::PresetOnly(values) => preset().map(|preset| Value::Real(values[preset])),
            Self::OnlyRegion => (siblings == 1).then_some(Value::Real(1.0)),
            Self::Reputation => of(Origin::Reputation(key)),
            Self::ByKind { private, public } => match of(Origin::Here("kind"))? {
                Value::Text(kind) if kind == "public" => Some(Value::Real(*public)),
                _ => Some(Value::Real(*private)),
            },
            Self::IfGiven { key, then, otherwise } => {
                let is_given = of(Origin::IsGiven(key))? == Value::Flag(true);
                Some(Value::Text(if is_given { *then } else { *otherwise }.into()))
            }
            Self::OfRounds(usual) => match of(Origin::Here("rounds"))? {
                Value::Whole(rounds) => Some(Value::Whole(if rounds > *usual { *usual } else { rounds / 3 })),
                _ => None,
            },
        }
    }

    /// The default in words, for the reference.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Is(value) => value.to_toml(),
            Self::Required => "required".to_owned(),
            Self::Preset(_) => "see the presets".to_owned(),
            Self::PresetOnly(_) => "see the presets; required for other names".to_owned(),
            Self::OnlyRegion => "1.0 for a single region, else required".to_owned(),
            Self::Reputation => "as in [reputation]".to_owned(),
            Self::ByKind { private, public } => {
                format!("{}; {} if public", Value::Real(*private).to_toml(), Value::Real(*public).to_toml())
            }
            Self::IfGiven { key, then, otherwise } => {
                format!("\"{otherwise}\"; \"{then}\" if `{key}` is given")
            }
            Self::OfRounds(usual) => format!("{usual}; a third of `rounds` if those are {usual} or fewer"),
        }
    }
}

/// Names of the strategies that a scenario without any `[[strategy]]` has, in the order of [`Fallback::Preset`].
pub(crate) const PRESETS: [&str; 3] = ["warrior", "servant", "abstainer"];
/// The preset whose traits are the defaults for strategies with other names.
pub(super) const SERVANT: usize = 1;
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
        if let Value::Text(text) = value { Some(text.to_string()) } else { None }
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
});
choices!(Until { Fixed = "fixed", Precise = "precise", Decided = "decided" });
choices!(Scale { Linear = "linear", Log = "log" });
