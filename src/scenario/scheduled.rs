//! Settings that change at a round: which can, and the settings of the rounds from each change on.

use super::diagnostics::{Fault, Place};
use super::document::{Document, Given, Written};
use super::experiments::ScheduledChange;
use super::keys::{RunRules, SECTIONS};
use super::overrides::{Target, as_level, locate};
use super::read::read;
use super::resolve::{Resolution, Resolved};
use super::settings::Period;
use super::table::{Section, SectionSpec, Shape};
use super::wording::{counted, grouped, list, shorten};
use super::{cross, cross_spread};

/// The keys that can change during a run, by section: rules, prices and chances that a round reads and no state depends
/// on.
const CHANGEABLE: [(&str, &[&str]); 10] = [
    ("population", &["tie_cost"]),
    ("needs", &["rate", "patience", "value", "visible"]),
    (
        "help",
        &[
            "assist_cost",
            "refer_cost",
            "encourage_value",
            "encourage_cost",
            "execution_error",
            "pay_forward",
            "pay_forward_rounds",
            "reciprocity",
            "reciprocity_rounds",
            "cost_sensitivity",
        ],
    ),
    (
        "mixer",
        &[
            "size",
            "slots",
            "cost",
            "familiarity",
            "opinion_weight",
            "same_town",
            "same_region",
            "same_domain",
            "mutual",
            "politeness",
            "travel",
            "travel_cost",
        ],
    ),
    (
        "calls",
        &[
            "rate",
            "depth",
            "capacity",
            "min_opinion",
            "fee",
            "finder_fee",
            "price_sensitivity",
            "only_if_pays",
        ],
    ),
    (
        "reputation",
        &[
            "prior",
            "vouch",
            "fade",
            "learning",
            "legibility",
            "push_penalty",
            "encourage_credit",
            "assessment_error",
            "norm",
            "observe",
            "gossip_weight",
        ],
    ),
    ("strategy", &["attend", "ask", "serve", "comply", "refer", "linger", "min_opinion", "gossip", "polish"]),
    ("region", &["legibility", "push_penalty", "polish_abroad"]),
    ("survival", &["overhead"]),
    ("evolution", &["rate", "intensity", "mutation", "among"]),
];

/// A change that is valid alone.
#[derive(Debug)]
struct Planned<'d> {
    round: u32,
    target: Target,
    path: &'d str,
    given: Given<'static>,
    place: Place,
}

/// The settings from the round of each change on. Adds the faults of the changes, alone and together with other values.
pub(super) fn periods(
    document: &Document<'_>,
    resolution: &Resolution<'_, '_>,
    faults: &mut Vec<Fault>,
) -> Vec<Period> {
    let changes = resolution.all(&ScheduledChange::SPEC);
    if changes.len() > ScheduledChange::SPEC.entries_max() {
        return Vec::new();
    }
    let rounds = resolution.one(&RunRules::SPEC).and_then(|run| run.whole("rounds"));
    let mut planned: Vec<Planned<'_>> = Vec::new();
    for change in changes {
        match plan(document, change, rounds) {
            Some(Ok(change)) if planned.iter().any(|other| other.is_same(&change)) => {
                faults.push(twice(&change));
            }
            Some(Ok(change)) => planned.push(change),
            Some(Err(fault)) => faults.push(fault),
            None => {}
        }
    }
    if !faults.is_empty() {
        return Vec::new();
    }
    planned.sort_by_key(|change| change.round);
    let mut later: Document<'_> = document.clone();
    let mut periods = Vec::new();
    for together in planned.chunk_by(|a, b| a.round == b.round) {
        for Planned { target: Target { section, item, key }, given, .. } in together {
            later.sections[*section][item.unwrap_or(0)].given[*key] = Some(given.clone());
        }
        let resolution = Resolution::of(&later, faults);
        cross::check(&resolution, faults);
        cross_spread::check(&resolution, faults);
        periods.extend(resolution.settings().map(|settings| (together[0].round, settings)));
    }
    periods
}

/// The fault of an experiment that cannot have changes.
pub(super) fn refuse(resolution: &Resolution<'_, '_>, experiment: &str) -> Option<Fault> {
    let change = resolution.all(&ScheduledChange::SPEC).first()?;
    let message = format!("a {experiment} cannot have settings that change at a round");
    let help = "leave out every [[change]] and --at, or compare two runs: mingle run, then mingle diff";
    let place = change.table.header.as_ref().or_else(|| change.place("value"));
    let fault = Fault::new(message, help);
    Some(match place {
        Some(place) => fault.at(place, "a change"),
        None => fault,
    })
}

impl Planned<'_> {
    fn is_same(&self, other: &Self) -> bool {
        self.round == other.round && self.target == other.target
    }
}

/// A change, checked alone; `None` if what it lacks is reported elsewhere.
fn plan<'d>(
    document: &Document<'_>,
    change: &'d Resolved<'_, '_>,
    rounds: Option<u64>,
) -> Option<Result<Planned<'d>, Fault>> {
    let (round, path) = (change.whole("round")?, change.text("key")?);
    let text = change.texts("value")?.first()?;
    let [at, place, value_place] = ["round", "key", "value"].map(|key| change.place(key));
    let (at, place, value_place) = (at?, place?, value_place?);
    if let Some(rounds) = rounds.filter(|rounds| round >= *rounds) {
        let length = counted(usize::try_from(rounds).unwrap_or(usize::MAX), "round");
        let message =
            format!("a change must come before the end, but round {} of {length} is none", grouped(round));
        let help = format!("write a round from 1 to {}, or raise rounds", grouped(rounds.max(2) - 1));
        return Some(Err(Fault::new(message, help).at(at, "too late")));
    }
    let planned = || {
        let target = locate(document, path, path, place)?;
        may_change(document, target, path, place)?;
        let key = &SECTIONS[target.section].keys[target.key];
        let value = read(key, &as_level(text, value_place.clone()), path)?;
        let given = Given { place: value_place.clone(), value: Written::Read(value) };
        let round = u32::try_from(round).expect("rounds fit in 32 bits");
        Ok(Planned { round, target, path, given, place: place.clone() })
    };
    Some(planned())
}

fn twice(change: &Planned<'_>) -> Fault {
    let message =
        format!("`{}` changes twice at round {}", shorten(change.path), grouped(change.round.into()));
    Fault::new(message, "keep one of the two").at(&change.place, "the second time")
}

/// The keys of a section that can change.
fn changeable(spec: &SectionSpec) -> &'static [&'static str] {
    let mut all = CHANGEABLE.iter();
    all.find(|(section, _)| *section == spec.name).map_or(&[], |(_, keys)| keys)
}

fn may_change(document: &Document<'_>, target: Target, path: &str, place: &Place) -> Result<(), Fault> {
    let spec = &SECTIONS[target.section];
    let key = &spec.keys[target.key];
    let keys = changeable(spec);
    if !keys.contains(&key.name) {
        let why = if key.spread_of().is_some() {
            "how much people differ is fixed when they are born"
        } else {
            match spec.name {
                "" | "bet" | "sweep" | "factor" | "change" => "it says what is run, not how the world works",
                _ => "the world is made with it: agents, towns, ties, dates and memories depend on it",
            }
        };
        let message = format!("`{}` cannot change at a round: {why}", shorten(path));
        return Err(Fault::new(message, possible(spec, keys)).at(place, "fixed for the run"));
    }
    if spec.shape == Shape::Optional && document.sections[target.section].is_empty() {
        let message = format!("`{}` cannot change, because there is no [{}]", shorten(path), spec.name);
        let help = format!("write the header [{}] in the file; it holds from round 0", spec.name);
        return Err(Fault::new(message, help).at(place, "no such section"));
    }
    Ok(())
}

/// The keys that can change, in words.
fn possible(spec: &SectionSpec, keys: &[&str]) -> String {
    let code = |name: &&str| format!("`{name}`");
    if !keys.is_empty() {
        let listed = list(keys.iter().map(code), "and");
        return format!("of {} these can change: {listed}", spec.header());
    }
    let sections = CHANGEABLE.iter().map(|(section, keys)| {
        let names: Vec<&str> = keys.iter().copied().take(4).collect();
        let more = if keys.len() > names.len() { ", ..." } else { "" };
        format!("{section} ({}{more})", names.join(", "))
    });
    format!("rules, prices and chances can change: {}", list(sections, "and"))
}

#[cfg(test)]
mod tests {
    use super::super::Scenario;
    use super::*;

    fn fault(text: &str, sets: &[&str]) -> String {
        Scenario::parse(text, sets).unwrap_err().to_string()
    }

    fn changes(entries: &[(u32, &str, &str)]) -> String {
        let entry = |(round, key, value): &(u32, &str, &str)| {
            format!("[[change]]\nround = {round}\nkey = \"{key}\"\nvalue = {value}\n")
        };
        entries.iter().map(entry).collect()
    }

    #[test]
    fn every_key_that_can_change_is_one() {
        for (section, keys) in &CHANGEABLE {
            let spec = SECTIONS.iter().find(|spec| spec.name == *section).unwrap();
            assert!(keys.iter().all(|key| spec.position(key).is_some()), "{section}");
        }
    }

    #[test]
    fn each_period_has_the_values_of_all_changes_so_far_and_what_follows_them() {
        let text = changes(&[
            (80, "calls.fee", "0.1"),
            (30, "reputation.legibility", "0.9"),
            (80, "strategy.warrior.ask", "0.2"),
        ]);
        let scenario = Scenario::parse(&text, &["change.30.reputation.norm=shunning"]).unwrap();
        let periods: Vec<_> = scenario.periods().collect();
        assert_eq!(periods.iter().map(|(round, _)| *round).collect::<Vec<_>>(), [30, 80]);
        let (first, second) = (&periods[0].1, &periods[1].1);
        assert_eq!((scenario.regions[0].legibility, first.regions[0].legibility), (0.3, 0.9));
        assert_eq!((first.calls.fee, second.calls.fee, second.strategies[0].ask), (0.3, 0.1, 0.2));
        assert_eq!((second.reputation.norm.name(), second.regions[0].legibility), ("shunning", 0.9));
        let again = Scenario::parse(&scenario.to_toml(), &[]).unwrap();
        assert_eq!(again, scenario);
        assert_eq!(
            again.periods().map(|(_, s)| s.to_toml()).last(),
            scenario.periods().map(|(_, s)| s.to_toml()).last()
        );
    }

    #[test]
    fn what_makes_the_world_cannot_change_and_the_message_says_what_can() {
        for (key, value, expected) in [
            ("population.agents", "10", "the world is made with it"),
            ("mixer.every", "2", "of [mixer] these can change: `size`, `slots`"),
            ("rounds", "10", "it says what is run"),
            ("strategy.warrior.share", "0.4", "the world is made with it"),
            ("needs.rate.sd", "0.1", "fixed when they are born"),
            ("survival.overhead", "1", "there is no [survival]"),
            ("calls.fees", "1", "unknown key `fees`"),
            ("calls.fee", "2", "must be a number from 0 to 1, but is 2"),
            ("strategy.nobody.ask", "1", "there is no strategy `nobody`"),
        ] {
            let found = fault(&changes(&[(9, key, value)]), &[]);
            assert!(found.contains(expected), "{key}: {found}");
            let as_set = fault("", &[&format!("change.9.{key}={value}")]);
            assert!(as_set.contains(expected), "{key}: {as_set}");
        }
        let late = fault(&changes(&[(156, "calls.fee", "0.1")]), &[]);
        assert!(late.contains("round 156 of 156 rounds is none") && late.contains("from 1 to 155"), "{late}");
    }

    #[test]
    fn changes_are_checked_together_with_other_values() {
        let fee = fault(&changes(&[(9, "calls.fee", "0.95")]), &[]);
        assert!(fee.contains("calls.fee"), "{fee}");
        let text = changes(&[(9, "calls.fee", "0.1"), (9, "calls. fee", "0.2")]);
        assert!(fault(&text, &[]).contains("changes twice at round 9"));
        assert!(fault("[[change]]\nround = 3\n", &[]).contains("this change has no key"));
    }
}
