//! From what is given to a value for every key: the given one, else what holds without it.

use super::burn_in::BurnIn;
use super::diagnostics::{Fault, Place};
use super::document::{Document, Table};
use super::experiments::{BetRules, Factor, ScheduledChange, SweepRules};
use super::keys::{RunRules, SECTIONS};
use super::read::read;
use super::settings::{
    CallRules, EvolutionRules, HelpRules, MixerRules, NeedRules, PopulationRules, Region, ReputationRules,
    Settings, Strategy, SurvivalRules,
};
use super::table::{Fallback, Key, Origin, PRESETS, Section, SectionSpec, Value};

/// A table with a value for each key; none where the given one is faulty.
#[derive(Debug)]
pub(super) struct Resolved<'d, 'a> {
    pub(super) table: &'d Table<'a>,
    values: Vec<Option<Value>>,
}

impl Resolved<'_, '_> {
    fn value(&self, key: &str) -> Option<&Value> {
        self.table.spec.position(key).and_then(|position| self.values.get(position)?.as_ref())
    }

    /// The number a key has, unless it is faulty.
    pub(super) fn real(&self, key: &str) -> Option<f64> {
        if let Some(Value::Real(number)) = self.value(key) { Some(*number) } else { None }
    }

    /// The whole number a key has, unless it is faulty.
    pub(super) fn whole(&self, key: &str) -> Option<u64> {
        if let Some(Value::Whole(number)) = self.value(key) { Some(*number) } else { None }
    }

    /// The text a key has, unless it is faulty.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        if let Some(Value::Text(text)) = self.value(key) { Some(text) } else { None }
    }

    /// The list of numbers a key has, unless it is faulty.
    pub(super) fn wholes(&self, key: &str) -> Option<&[u64]> {
        if let Some(Value::Wholes(numbers)) = self.value(key) { Some(numbers) } else { None }
    }

    /// The list of real numbers a key has, unless it is faulty.
    pub(super) fn reals(&self, key: &str) -> Option<&[f64]> {
        if let Some(Value::Reals(numbers)) = self.value(key) { Some(numbers) } else { None }
    }

    /// The list of texts a key has, unless it is faulty.
    pub(super) fn texts(&self, key: &str) -> Option<&[String]> {
        if let Some(Value::Texts(texts)) = self.value(key) { Some(texts) } else { None }
    }

    /// Whether a flag is up, unless it is faulty.
    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        if let Some(Value::Flag(flag)) = self.value(key) { Some(*flag) } else { None }
    }

    /// The name, unless it is faulty.
    pub(super) fn name(&self) -> Option<&str> {
        self.text("name")
    }

    /// Where the value of a key was given, if it was.
    pub(super) fn place(&self, key: &str) -> Option<&Place> {
        self.table.get(key).map(|given| &given.place)
    }

    /// The struct; only when nothing was faulty.
    fn build<S: Section>(&self) -> Option<S> {
        self.values.iter().cloned().collect::<Option<Vec<Value>>>().map(|values| S::from_values(&values))
    }
}

/// All tables of a document with their values.
#[derive(Debug)]
pub(super) struct Resolution<'d, 'a> {
    /// In the order of [`SECTIONS`].
    sections: Vec<Vec<Resolved<'d, 'a>>>,
}

impl<'d, 'a> Resolution<'d, 'a> {
    /// Reads every table; what is faulty is reported and left without a value.
    pub(super) fn of(document: &'d Document<'a>, faults: &mut Vec<Fault>) -> Self {
        let mut resolution = Self { sections: Vec::with_capacity(SECTIONS.len()) };
        for tables in &document.sections {
            let resolved = tables.iter().map(|table| resolution.table(table, tables.len(), faults)).collect();
            resolution.sections.push(resolved);
        }
        resolution
    }

    /// The tables of a section, in file order.
    pub(super) fn all(&self, spec: &SectionSpec) -> &[Resolved<'d, 'a>] {
        let position = SECTIONS.iter().position(|section| section.name == spec.name);
        position.and_then(|position| self.sections.get(position)).map_or(&[], Vec::as_slice)
    }

    /// All tables, section by section.
    pub(super) fn tables(&self) -> impl Iterator<Item = &Resolved<'d, 'a>> {
        self.sections.iter().flatten()
    }

    /// The only table of a section; none if an optional one is left out or its header is faulty.
    pub(super) fn one(&self, spec: &SectionSpec) -> Option<&Resolved<'d, 'a>> {
        self.all(spec).first()
    }

    fn table(&self, table: &'d Table<'a>, siblings: usize, faults: &mut Vec<Fault>) -> Resolved<'d, 'a> {
        let mut values: Vec<Option<Value>> = Vec::with_capacity(table.spec.keys.len());
        for (key, given) in table.spec.keys.iter().zip(&table.given) {
            let value = match given {
                Some(given) => {
                    read(key, given, &table.path(key.name)).map_err(|fault| faults.push(fault)).ok()
                }
                None => {
                    let earlier = Resolved { table, values: std::mem::take(&mut values) };
                    let value = self.fallback(key, &earlier, siblings);
                    values = earlier.values;
                    if value.is_none() && !follows_another(key) {
                        faults.push(missing(key, table, siblings));
                    }
                    value
                }
            };
            values.push(value);
        }
        Resolved { table, values }
    }

    /// The value of a key that is not given; none if it must be given or depends on a faulty one.
    fn fallback(&self, key: &Key, table: &Resolved<'_, '_>, siblings: usize) -> Option<Value> {
        if matches!(key.rule.fallback, Fallback::Required) {
            let name = table.table.implied_name.filter(|_| key.name == "name");
            return name.map(|name| Value::Text(name.into()));
        }
        let of = |origin: Origin| match origin {
            Origin::Here(name) => table.value(name).cloned(),
            Origin::IsGiven(name) => Some(Value::Flag(table.place(name).is_some())),
            Origin::Reputation(name) => self.one(&ReputationRules::SPEC)?.real(name).map(Value::Real),
        };
        key.rule.fallback.value(key.name, table.table.name(), siblings, of)
    }

    /// The values of the scenario; none if anything was faulty.
    pub(super) fn settings(&self) -> Option<Settings> {
        let run: RunRules = self.build()?;
        Some(Settings {
            title: run.title,
            seed: run.seed,
            rounds: run.rounds,
            burn_in: if let BurnIn::Rounds(rounds) = run.burn_in { rounds } else { 0 },
            auto_burn_in: run.burn_in == BurnIn::Auto,
            replicates: run.replicates,
            until: run.until,
            precision: run.precision,
            replicates_max: run.replicates_max,
            level: run.level,
            population: self.build::<PopulationRules>()?,
            needs: self.build::<NeedRules>()?,
            help: self.build::<HelpRules>()?,
            mixer: self.build::<MixerRules>()?,
            calls: self.build::<CallRules>()?,
            reputation: self.build::<ReputationRules>()?,
            strategies: self.build_all::<Strategy>()?,
            regions: self.build_all::<Region>()?,
            survival: self.build_optional::<SurvivalRules>()?,
            evolution: self.build_optional::<EvolutionRules>()?,
            scheduled: self.build_all::<ScheduledChange>()?,
            bet: self.build_optional::<BetRules>()?,
            sweep: self.build_optional::<SweepRules>()?,
            factors: self.build_all::<Factor>()?,
        })
    }

    fn build<S: Section>(&self) -> Option<S> {
        self.one(&S::SPEC)?.build()
    }

    fn build_all<S: Section>(&self) -> Option<Vec<S>> {
        self.all(&S::SPEC).iter().map(Resolved::build).collect()
    }

    fn build_optional<S: Section>(&self) -> Option<Option<S>> {
        self.one(&S::SPEC).map_or(Some(None), |table| table.build().map(Some))
    }
}

/// Whether a key that is left out takes its value from another key; if that one is faulty, it is reported there.
pub(super) fn follows_another(key: &Key) -> bool {
    matches!(key.rule.fallback, Fallback::Reputation | Fallback::ByKind { .. } | Fallback::OfRounds(_))
}

/// A key that has to be given and is not.
fn missing(key: &Key, table: &Table<'_>, siblings: usize) -> Fault {
    let section = table.spec.name;
    let kind = key.rule.kind.allowed();
    let (message, help) = if key.name == "name" {
        let message = format!("this {section} has no name");
        (message, format!("add a line name = \"...\" below the header [[{section}]]"))
    } else {
        let Some(name) = table.name().map(super::wording::shorten) else {
            let fault = Fault::new(
                format!("this {section} has no {}", key.name),
                format!("add a line {} = ..., {kind}, below the header [[{section}]]", key.name),
            );
            return match &table.header {
                Some(header) => fault.at(header, format!("{} is missing", key.name)),
                None => fault,
            };
        };
        let why = match key.rule.fallback {
            Fallback::PresetOnly(_) => format!(
                "only the presets {} have a default {}",
                super::wording::list(PRESETS.map(str::to_owned), "and"),
                key.name
            ),
            _ => format!("with {} each needs one", super::wording::counted(siblings, section)),
        };
        let message = format!("{section} `{name}` has no {}", key.name);
        (message, format!("add a line {} = ..., {kind}; {why}", key.name))
    };
    let fault = Fault::new(message, help);
    match &table.header {
        Some(header) => fault.at(header, format!("{} is missing", key.name)),
        None => fault,
    }
}
