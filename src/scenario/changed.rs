//! The values of a scenario that differ from their defaults.

use super::experiments::ScheduledChange;
use super::settings::{ReputationRules, Scenario};
use super::table::{Origin, Section, SectionSpec, Shape, Value};

/// A value that differs from its default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Path of the key, as in an override.
    pub key: String,
    /// The value, as in a scenario file.
    pub value: String,
    /// The default; `None` if the key has to be given.
    pub default: Option<String>,
}

impl Scenario {
    /// Every value in force that differs from its default, in the order of the reference; without the title.
    ///
    /// ```
    /// use mingle::Scenario;
    ///
    /// let changes = Scenario::parse("[calls]\nfee = 0.1\nrate = 0.2", &[])?.changes();
    /// let [change] = &changes[..] else { panic!("rate = 0.2 is the default") };
    /// assert_eq!((change.key.as_str(), change.value.as_str()), ("calls.fee", "0.1"));
    /// assert_eq!(change.default.as_deref(), Some("0.3"));
    /// # Ok::<(), mingle::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        let sections = self.sections();
        let settings = sections.iter().filter(|(spec, _)| spec.name != ScheduledChange::SPEC.name);
        let mut changes: Vec<Change> = settings.flat_map(|section| changes_of(section, &sections)).collect();
        changes.extend(self.scheduled_changes());
        changes
    }

    /// The settings that change at a round, rounds ascending, each with the value before as its default. The path is the
    /// one by which an override sets it.
    pub(crate) fn scheduled_changes(&self) -> Vec<Change> {
        let mut scheduled: Vec<&ScheduledChange> = self.scheduled.iter().collect();
        scheduled.sort_by_key(|change| change.round);
        let before = |round: u32, key: &str| {
            let period = self.periods().take_while(|(start, _)| *start < round).last();
            period.map_or_else(|| self.value_of(key), |(_, period)| period.value_of(key))
        };
        let change = |ScheduledChange { round, key, value }: &ScheduledChange| Change {
            key: format!("change.{round}.{key}"),
            value: value.clone(),
            default: before(*round, key),
        };
        scheduled.into_iter().map(change).collect()
    }
}

/// The changed values of one section.
fn changes_of((spec, values): &(SectionSpec, Vec<Value>), all: &[(SectionSpec, Vec<Value>)]) -> Vec<Change> {
    let siblings = all.iter().filter(|(other, _)| other.name == spec.name).count();
    let name = match values.first() {
        Some(Value::Text(name)) if spec.shape == Shape::List => Some(name.as_ref()),
        _ => None,
    };
    let value_in = |(spec, values): &(SectionSpec, Vec<Value>), key: &str| {
        spec.position(key).map(|position| values[position].clone())
    };
    let of = |origin: Origin| match origin {
        Origin::Here(key) => spec.position(key).map(|position| values[position].clone()),
        Origin::IsGiven(key) => {
            let position = spec.position(key)?;
            let usual = spec.keys[position].rule.fallback.value(key, name, siblings, |_| None);
            Some(Value::Flag(usual.as_ref() != Some(&values[position])))
        }
        Origin::Reputation(key) => {
            value_in(all.iter().find(|(other, _)| other.name == ReputationRules::SPEC.name)?, key)
        }
    };
    let place = |key: &str| match (spec.shape, name) {
        (Shape::Top, _) => key.to_owned(),
        (_, Some(name)) => format!("{}.{name}.{key}", spec.name),
        (_, None) => format!("{}.{key}", spec.name),
    };
    let keys = spec.keys.iter().zip(values).filter(|(key, _)| key.name != "title" && key.name != "name");
    keys.filter_map(|(key, value)| {
        let default = key.rule.fallback.value(key.name, name, siblings, of);
        (default.as_ref() != Some(value)).then(|| Change {
            key: place(key.name),
            value: value.to_toml(),
            default: default.map(|default| default.to_toml()),
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(text: &str) -> Vec<(String, String, Option<String>)> {
        let scenario = Scenario::parse(text, &[]).unwrap_or_else(|faults| panic!("{faults}"));
        scenario.changes().into_iter().map(|c| (c.key, c.value, c.default)).collect()
    }

    fn change(key: &str, value: &str, default: Option<&str>) -> (String, String, Option<String>) {
        (key.to_owned(), value.to_owned(), default.map(str::to_owned))
    }

    #[test]
    fn an_empty_file_changes_nothing() {
        assert_eq!(changes(""), []);
        assert_eq!(changes("title = \"T\"\n[needs]\nrate = 0.1"), [], "a value that is the default");
    }

    #[test]
    fn a_default_that_follows_another_key_is_no_change() {
        let rounds = [change("rounds", "30", Some("156"))];
        assert_eq!(changes("rounds = 30"), rounds, "burn_in follows rounds");
        let public = [change("reputation.kind", "\"public\"", Some("\"private\""))];
        assert_eq!(changes("[reputation]\nkind = \"public\""), public, "observe follows kind");
    }

    #[test]
    fn strategies_are_compared_with_their_presets_and_others_have_to_give_a_share() {
        let text = "[[strategy]]\nname = \"warrior\"\nshare = 0.4\nask = 0.5\n\
                    [[strategy]]\nname = \"guest\"\nshare = 0.6\npolish = 0.5";
        let expected = [
            change("strategy.warrior.ask", "0.5", Some("0.9")),
            change("strategy.guest.share", "0.6", None),
            change("strategy.guest.polish", "0.5", Some("0.0")),
        ];
        assert_eq!(changes(text), expected);
    }

    #[test]
    fn a_setting_that_changes_at_a_round_has_the_value_before_as_its_default() {
        let text = "[calls]\nfee = 0.5\n[[change]]\nround = 80\nkey = \"calls.fee\"\nvalue = 0\n\
                    [[change]]\nround = 52\nkey = \"calls.fee\"\nvalue = 0.2\n\
                    [[change]]\nround = 52\nkey = \"needs.rate\"\nvalue = 0.2";
        let scheduled: Vec<_> =
            changes(text).into_iter().filter(|(key, ..)| key.starts_with("change.")).collect();
        let expected = [
            change("change.52.calls.fee", "0.2", Some("0.5")),
            change("change.52.needs.rate", "0.2", Some("0.1")),
            change("change.80.calls.fee", "0", Some("0.2")),
        ];
        assert_eq!(scheduled, expected);
    }
}
