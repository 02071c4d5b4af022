//! The defaults of keys: values, and rules that take them from other keys.

use super::value::Value;

/// Names of the strategies that a scenario without any `[[strategy]]` has, in the order of [`Fallback::Preset`].
pub(crate) const PRESETS: [&str; 3] = ["warrior", "servant", "abstainer"];
/// The preset whose traits are the defaults for strategies with other names.
pub(super) const SERVANT: usize = 1;

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
