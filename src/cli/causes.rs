//! Why two worlds part: each setting that differs, tried alone.

use serde_json::{Value, json};

use crate::experiment::{Alone, Divergence, Progress, alone};
use crate::model::Rules;
use crate::parallel::Parallelism;
use crate::scenario::{Differing, Scenario};

/// A setting of the second world, tried alone in the first.
pub(super) struct Tried {
    key: String,
    value: String,
    effect: Effect,
}

enum Effect {
    /// The worlds were run.
    Seen(Alone),
    /// The first scenario is not valid with this setting alone.
    Refused,
    /// It was stopped before.
    Stopped,
}

/// Tries each setting of the second world alone in the first, until it is stopped. Settings that the second lacks are
/// left out.
pub(super) fn tried(
    first: &Scenario,
    settings: &[Differing],
    found: &Divergence,
    par: Parallelism<'_>,
    progress: &Progress,
) -> Vec<Tried> {
    let rules = Rules::new(first);
    let effect = |key: &str, value: &str| {
        if progress.is_stopped() {
            return Effect::Stopped;
        }
        match first.with(&[&format!("{key}={value}")]) {
            // Another number of people has other random numbers, so the worlds share nothing.
            Ok(changed) if changed.population.agents == first.population.agents => {
                alone([&rules, &Rules::new(&changed)], found, par, progress)
                    .map_or(Effect::Stopped, Effect::Seen)
            }
            _ => Effect::Refused,
        }
    };
    let settings = settings.iter().filter_map(|setting| Some((&setting.key, setting.values[1].as_ref()?)));
    settings
        .map(|(key, value)| Tried { key: key.clone(), value: value.clone(), effect: effect(key, value) })
        .collect()
}

/// What was tried, in words: a line each. Nothing if only files or what the second world lacks differs.
pub(super) fn in_words(tried: &[Tried], found: &Divergence) -> String {
    if tried.is_empty() {
        return String::new();
    }
    let line = |tried: &Tried| {
        let effect = match &tried.effect {
            Effect::Seen(Alone::Same) => "parts from A at the same act, in the same way".to_owned(),
            Effect::Seen(Alone::Otherwise(parting)) => otherwise(parting, found),
            Effect::Seen(Alone::Nothing) => "does not part from A up to this round".to_owned(),
            Effect::Refused => "cannot be tried: this setting needs others with it".to_owned(),
            Effect::Stopped => "not tried, for it was stopped".to_owned(),
        };
        format!("  A with {} = {}: {effect}\n", tried.key, tried.value)
    };
    format!("why, by each of these settings of B alone:\n{}", tried.iter().map(line).collect::<String>())
}

/// Where a world parts that does so in another way than the second world.
fn otherwise(parting: &Divergence, found: &Divergence) -> String {
    if parting.round < found.round {
        format!("parts from A already in round {}", parting.round)
    } else if parting.acts[0] == found.acts[0] {
        "parts from A at the same act, but in another way".to_owned()
    } else {
        "parts from A in the same round, but at another act".to_owned()
    }
}

/// What was tried, for programs.
pub(super) fn as_json(tried: &[Tried]) -> Value {
    let one = |tried: &Tried| {
        let (effect, round) = match &tried.effect {
            Effect::Seen(Alone::Same) => ("same", None),
            Effect::Seen(Alone::Otherwise(parting)) => ("otherwise", Some(parting.round)),
            Effect::Seen(Alone::Nothing) => ("nothing", None),
            Effect::Refused => ("refused", None),
            Effect::Stopped => ("stopped", None),
        };
        json!({ "key": tried.key, "value": tried.value, "effect": effect, "round": round })
    };
    tried.iter().map(one).collect()
}
