//! Values of keys.

use std::borrow::Cow;

/// A value that has been read and is in its range.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Real(f64),
    Whole(u64),
    Flag(bool),
    Text(Cow<'static, str>),
    Wholes(Cow<'static, [u64]>),
    Reals(Cow<'static, [f64]>),
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
            Self::Reals(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(|number| format!("{number:?}")).collect();
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
            Self::Reals(numbers) => numbers.to_vec().into(),
            Self::Texts(texts) => texts.clone().into(),
        }
    }
}
