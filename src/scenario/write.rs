//! Writes a scenario as text.

use super::burn_in::BurnIn;
use super::keys::RunRules;
use super::path::{self, Path};
use super::settings::{Region, ReputationRules, Scenario};
use super::table::{Section, SectionSpec, Shape, Value};

impl Scenario {
    /// Every value in force, as a scenario file that reads back as an equal scenario.
    ///
    /// Floats have the fewest digits that read back as the same number.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = String::new();
        for (spec, values) in self.sections() {
            if !spec.name.is_empty() {
                text.push_str(&format!("\n{}\n", spec.header()));
            }
            let written_keys = spec.keys.iter().enumerate().filter(|(_, key)| key.spread_of().is_none());
            for (position, key) in written_keys {
                if spec.name == Region::SPEC.name && self.follows_a_change(values.first(), key.name) {
                    continue;
                }
                let sd = spec.sd_of(position).map(|sd| &values[sd]);
                text.push_str(&format!("{} = {}\n", key.name, written(&values[position], sd)));
            }
        }
        text
    }

    /// The same for a comparison with another scenario: every value in force in the first round, then the changes.
    #[must_use]
    pub(crate) fn to_comparable(&self) -> String {
        let mut text = self.without_changes().to_toml();
        for (spec, values) in self.scheduled.iter().map(section) {
            text.push_str(&format!("\n{}\n", spec.header()));
            let lines = spec.keys.iter().zip(values);
            text.extend(lines.map(|(key, value)| format!("{} = {}\n", key.name, value.to_toml())));
        }
        text
    }

    /// Whether a key of the region with this name follows `[reputation]` through changes of the value there. Written out, it
    /// would not.
    fn follows_a_change(&self, region: Option<&Value>, key: &str) -> bool {
        let in_reputation = format!("{}.{key}", ReputationRules::SPEC.name);
        let Some(Value::Text(name)) = region else { return false };
        let path = path::of_entry(Region::SPEC.name, name, key);
        let is_same = |scenario: &Self| scenario.value_of(&path) == scenario.value_of(&in_reputation);
        let changes = |period: &Self| period.value_of(&in_reputation) != self.value_of(&in_reputation);
        let periods: Vec<Self> = self.periods().map(|(_, period)| period).collect();
        periods.iter().any(changes) && is_same(self) && periods.iter().all(is_same)
    }

    /// The value of a key, named as in an override; `None` if the scenario has no such key or section.
    #[must_use]
    pub(crate) fn value_of(&self, path: &str) -> Option<String> {
        let Path { section, name, key } = Path::parse(path);
        let all = self.sections();
        let mut here = all.iter().filter(|(spec, _)| spec.name == section.unwrap_or(""));
        let found = match &name {
            None => here.next(),
            Some(name) => {
                let names = here.clone().map(|(_, values)| match values.first() {
                    Some(Value::Text(text)) => Some(text.as_ref()),
                    _ => None,
                });
                name.position(names).and_then(|position| here.nth(position))
            }
        };
        let (spec, values) = found.filter(|(spec, _)| (spec.shape == Shape::List) == name.is_some())?;
        spec.position(key).map(|position| values[position].to_text())
    }

    /// Every section in force with its values, in the order of the reference.
    pub(super) fn sections(&self) -> Vec<(SectionSpec, Vec<Value>)> {
        let run = RunRules {
            title: self.title.clone(),
            seed: self.seed,
            rounds: self.rounds,
            burn_in: if self.auto_burn_in { BurnIn::Auto } else { BurnIn::Rounds(self.burn_in) },
            replicates: self.replicates,
            until: self.until,
            precision: self.precision,
            replicates_max: self.replicates_max,
            level: self.level,
        };
        let mut all = vec![
            section(&run),
            section(&self.population),
            section(&self.needs),
            section(&self.help),
            section(&self.mixer),
            section(&self.calls),
            section(&self.reputation),
        ];
        all.extend(self.strategies.iter().map(section));
        all.extend(self.regions.iter().map(section));
        all.extend(self.survival.iter().map(section));
        all.extend(self.evolution.iter().map(section));
        all.extend(self.scheduled.iter().map(section));
        all.extend(self.bet.iter().map(section));
        all.extend(self.sweep.iter().map(section));
        all.extend(self.factors.iter().map(section));
        all
    }
}

/// A value as in a file, with its standard deviation unless that is 0.
fn written(value: &Value, sd: Option<&Value>) -> String {
    match sd {
        Some(sd) if *sd != Value::Real(0.0) => {
            format!("{{ mean = {}, sd = {} }}", value.to_toml(), sd.to_toml())
        }
        _ => value.to_toml(),
    }
}

fn section<S: Section>(section: &S) -> (SectionSpec, Vec<Value>) {
    (S::SPEC, section.to_values())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Scenario;
    use super::super::keys::SECTIONS;
    use super::super::spread::Spread;
    use super::super::table::{Key, Kind, Shape, Value};
    use super::written;

    fn read(text: &str) -> Scenario {
        match Scenario::parse(text, &[]) {
            Ok(scenario) => scenario,
            Err(faults) => panic!("{faults}\n{text}"),
        }
    }

    /// Random numbers that proptest can shrink.
    struct Draws<'a>(std::slice::Iter<'a, u64>);

    impl Draws<'_> {
        fn next(&mut self) -> u64 {
            self.0.next().copied().unwrap_or(0)
        }

        fn below(&mut self, count: usize) -> usize {
            usize::try_from(self.next() % count as u64).expect("less than a usize")
        }

        fn unit(&mut self) -> f64 {
            self.next() as f64 / u64::MAX as f64
        }

        /// A standard deviation that a key with this value can have: often 0, else any.
        fn deviation(&mut self, key: &Key, mean: &Value) -> Value {
            let (Kind::Real { min, max }, Value::Real(mean)) = (&key.rule.kind, mean) else {
                panic!("{} is no number", key.name)
            };
            let part = if self.next().is_multiple_of(2) { 0.0 } else { self.unit() };
            Value::Real(part * Spread::sd_max(*mean, [*min, *max]))
        }

        /// A valid value: often an end of the range, else any value in it.
        fn value(&mut self, key: &Key) -> Value {
            let which = self.next() % 4;
            match &key.rule.kind {
                Kind::Real { min, .. } if which == 0 => Value::Real(*min),
                Kind::Real { max, .. } if which == 1 => Value::Real(*max),
                Kind::Real { min, max } => Value::Real((min + (max - min) * self.unit()).clamp(*min, *max)),
                Kind::Whole { min, .. } | Kind::WholeOrAuto { min, .. } if which == 0 => Value::Whole(*min),
                Kind::Whole { max, .. } | Kind::WholeOrAuto { max, .. } if which == 1 => Value::Whole(*max),
                Kind::Whole { min, max } | Kind::WholeOrAuto { min, max } => {
                    Value::Whole(min + self.next() % (max - min + 1))
                }
                Kind::Flag => Value::Flag(which < 2),
                Kind::Choice(names) => Value::Text(names[self.below(names.len())].into()),
                Kind::Rising { min, max, most } => {
                    let numbers = (0..=self.below(*most)).map(|_| min + self.next() % (max / 2));
                    let numbers: std::collections::BTreeSet<u64> = numbers.collect();
                    Value::Wholes(numbers.into_iter().collect())
                }
                Kind::Reals { min, max, most } => {
                    let numbers = (0..=self.below(*most)).map(|_| min + (max - min) * self.unit());
                    Value::Reals(numbers.collect())
                }
                Kind::Items { .. } => Value::Texts(Vec::new()),
                Kind::Text { max_chars, .. } => {
                    let letters = ['a', 'Z', '"', '\\', '\'', 'é', '名', '#', '=', '.', '🎈'];
                    let count = 1 + self.below(*max_chars);
                    Value::Text((0..count).map(|_| letters[self.below(letters.len())]).collect())
                }
            }
        }
    }

    /// The value of a key that others of a random scenario might contradict.
    fn simple(section: &str, key: &str) -> Option<Value> {
        Some(match (section, key) {
            ("sweep", "depth") => return None,
            (_, "burn_in" | "depth" | "start_ties" | "gap" | "campaign") => Value::Whole(0),
            (_, "round" | "domains" | "focals") => Value::Whole(1),
            (_, "finder_fee") => Value::Real(0.0),
            (_, "min") => Value::Real(0.25),
            (_, "max") => Value::Real(0.75),
            ("sweep", "first" | "second") | (_, "agents_file" | "network_file") => Value::Text("".into()),
            (_, "usual") => Value::Text("any".into()),
            (_, "metric") => Value::Text("net".into()),
            (_, "until") => Value::Text("fixed".into()),
            (_, "refine") => Value::Flag(false),
            _ => return None,
        })
    }

    /// A valid scenario: every key is drawn, then values are changed so that the checks of several values pass.
    fn drawn(draws: &[u64]) -> String {
        let mut draws = Draws(draws.iter());
        // Before the end of a run of any length, and to a key of its own for each of up to four changes.
        let changes = ["help.pay_forward", "mixer.politeness", "calls.only_if_pays", "reputation.norm"];
        let values = ["0.5", "1", "true", "shunning"];
        let (mut text, mut first_strategy) = (String::new(), String::new());
        for spec in &SECTIONS {
            let count = match spec.shape {
                Shape::Top | Shape::Always => 1,
                Shape::Optional => draws.next() % 2,
                Shape::List => 1 + draws.next() % 4,
            };
            let weights: Vec<f64> = (0..count).map(|_| 0.01 + draws.unit()).collect();
            let mut n_sizes = 0;
            for (item, weight) in weights.iter().enumerate() {
                if spec.shape != Shape::Top {
                    text.push_str(&format!("{}\n", spec.header()));
                }
                for (position, key) in spec.keys.iter().enumerate() {
                    let value = draws.value(key);
                    if key.spread_of().is_some() {
                        continue;
                    }
                    let value = match key.name {
                        "share" => Value::Real(weight / weights.iter().sum::<f64>()),
                        "name" => {
                            let name = format!("{item} {}", draws.next());
                            if spec.name == "strategy" {
                                first_strategy.clone_from(&name);
                            }
                            Value::Text(name.into())
                        }
                        "sizes" => {
                            let Value::Wholes(sizes) = &value else { panic!("sizes are whole numbers") };
                            n_sizes = sizes.len();
                            value
                        }
                        "size_shares" => {
                            let weights: Vec<f64> = (0..n_sizes).map(|_| 0.01 + draws.unit()).collect();
                            let total: f64 = weights.iter().sum();
                            Value::Reals(weights.into_iter().map(|weight| weight / total).collect())
                        }
                        "rounds" => Value::Whole(2 + draws.next() % 1_000),
                        "key" => Value::Text(changes[item].into()),
                        "value" if spec.name == "change" => Value::Texts(vec![values[item].to_owned()]),
                        "first" | "second" if spec.name == "bet" => {
                            Value::Text(first_strategy.clone().into())
                        }
                        "every" => Value::Whole(1 + draws.next() % 1_000),
                        // A key of its own for each of up to four factors.
                        "keys" => {
                            let keys =
                                ["needs.rate", "calls.rate", "reputation.learning", "reputation.observe"];
                            Value::Texts(vec![keys[item].to_owned()])
                        }
                        "points" => Value::Whole(1 + draws.next() % 65_536),
                        name => simple(spec.name, name).unwrap_or(value),
                    };
                    let sd = spec.sd_of(position).map(|_| draws.deviation(key, &value));
                    text.push_str(&format!("{} = {}\n", key.name, written(&value, sd.as_ref())));
                }
            }
        }
        text
    }

    proptest! {
        // A failure is a case for a test of its own, not for a file beside the sources.
        #![proptest_config(prop::test_runner::Config { failure_persistence: None, ..Default::default() })]

        #[test]
        fn what_is_written_reads_back_as_the_same_scenario(draws in prop::collection::vec(any::<u64>(), 0..2_000)) {
            let scenario = read(&drawn(&draws));
            let written = scenario.to_toml();
            prop_assert_eq!(&read(&written), &scenario);
            prop_assert_eq!(read(&written).to_toml(), written);
        }
    }

    #[test]
    fn optional_sections_are_written_only_if_given() {
        assert!(!Scenario::default().to_toml().contains("[survival]"));
        assert!(read("[survival]").to_toml().contains("\n[survival]\nendowment = 20.0\n"));
    }

    #[test]
    fn floats_are_written_with_the_fewest_digits() {
        let text = read("[needs]\nrate = 0.1000000000000000055\nvalue = 10").to_toml();
        assert!(text.contains("\nrate = 0.1\npatience = 6\nvalue = 10.0\n"), "{text}");
    }

    #[test]
    fn values_are_found_by_their_paths() {
        let scenario = Scenario::default();
        let of = |path| scenario.value_of(path).unwrap();
        assert_eq!(
            (of("needs.rate"), of("rounds"), of("mixer.every")),
            ("0.1".into(), "156".into(), "4".into())
        );
        assert_eq!(
            (of("strategy.servant.share"), of("strategy.\"servant\".ask")),
            ("0.4".into(), "0.1".into())
        );
        assert_eq!(of("reputation.kind"), "private");
        assert_eq!((scenario.value_of("bet.gap"), scenario.value_of("needs.nothing")), (None, None));
    }
}
