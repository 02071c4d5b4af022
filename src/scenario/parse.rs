//! Reading a scenario: the steps from its text to a checked scenario, in their order.

use super::document::Document;
use super::resolve::Resolution;
use super::table::Section;
use super::{
    BetRules, Diagnostics, Override, Provenance, Scenario, Source, SweepRules, cross, cross_bet, cross_needs,
    cross_spread, cross_sweep, cross_sweep_run, overrides, sweep_size, syntax, traits,
};

/// Reads and checks a scenario; `overrides` replace values of the file before these are checked.
///
/// # Errors
///
/// All the faults of the file and of the overrides at once.
pub(crate) fn parse(source: &Source<'_>, overrides: &[Override]) -> Result<Scenario, Diagnostics> {
    parse_for(source, overrides, Purpose::Run)
}

/// The same for a bet: a scenario without a section `[bet]` gets one with all defaults.
///
/// # Errors
///
/// As [`parse`].
pub(crate) fn parse_bet(source: &Source<'_>, overrides: &[Override]) -> Result<Scenario, Diagnostics> {
    parse_for(source, overrides, Purpose::Bet)
}

/// The same for a sweep, which must have a factor, unless its design makes them. `metrics` are the names of the metrics that it can keep, and
/// `columns` those of the columns of its tables, which no factor can have. A scenario without a section `[sweep]` gets
/// one with all defaults, and likewise `[bet]` if each point is a bet.
///
/// # Errors
///
/// As [`parse`].
pub(crate) fn parse_sweep(
    source: &Source<'_>,
    overrides: &[Override],
    metrics: &[&str],
    columns: &[&str],
) -> Result<Scenario, Diagnostics> {
    parse_for(source, overrides, Purpose::Sweep { metrics, columns })
}

/// The purpose for which a scenario is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose<'a> {
    Run,
    Bet,
    Sweep { metrics: &'a [&'a str], columns: &'a [&'a str] },
}

fn parse_for(
    source: &Source<'_>,
    overrides: &[Override],
    purpose: Purpose<'_>,
) -> Result<Scenario, Diagnostics> {
    let shown = || overrides.iter().map(|given| given.shown().to_owned()).collect();
    let text = match syntax::decode(source.bytes) {
        Ok(text) => text,
        Err(broken) => {
            let (text, fault) = *broken;
            return Err(Diagnostics::new(source.name, &text, shown(), vec![fault]));
        }
    };
    let mut faults = Vec::new();
    let settings = syntax::parse(text, &mut faults).and_then(|root| {
        let mut document = Document::from_toml(root.get_ref(), &mut faults);
        overrides::apply(&mut document, overrides, &mut faults);
        let sweep = matches!(purpose, Purpose::Sweep { .. });
        if sweep {
            document.ask_for(&SweepRules::SPEC);
        }
        if purpose == Purpose::Bet || (sweep && cross_sweep::sweeps_bets(&document)) {
            document.ask_for(&BetRules::SPEC);
        }
        let resolution = Resolution::of(&document, &mut faults);
        cross::check(&resolution, &mut faults);
        cross_bet::check(&resolution, &mut faults);
        cross_needs::check(&resolution, &mut faults);
        cross_spread::check(&resolution, &mut faults);
        cross_sweep::check(&document, &resolution, &mut faults);
        if let Purpose::Sweep { metrics, columns } = purpose {
            cross_sweep_run::check(&resolution, metrics, columns, &mut faults);
            sweep_size::check(&resolution, &mut faults);
        }
        resolution.settings()
    });
    match settings {
        Some(mut settings) if faults.is_empty() => {
            if matches!(purpose, Purpose::Sweep { .. }) {
                traits::vary(&mut settings);
            }
            Ok(Scenario::of(settings, provenance(source, text, overrides)))
        }
        _ => Err(Diagnostics::new(source.name, text, shown(), faults)),
    }
}

fn provenance(source: &Source<'_>, text: &str, given: &[Override]) -> Provenance {
    let overrides = given.iter().map(Override::assignment).collect();
    Provenance { name: source.name.to_owned(), text: text.to_owned(), overrides, pilot: None }
}

impl Scenario {
    /// Reads and checks the text of a scenario file; each of `sets`, as in `needs.rate=0.2`, replaces a value of
    /// the text before the checks.
    ///
    /// # Errors
    ///
    /// All faults of the text and of `sets` at once. [`Diagnostics`] prints them with their places in the text.
    ///
    /// ```
    /// use mingle::Scenario;
    ///
    /// let scenario = Scenario::parse("rounds = 26", &["population.agents=100"])?;
    /// assert_eq!(scenario.population.agents, 100);
    ///
    /// let faults = Scenario::parse("[needs]\nrate = 1.5", &[]).unwrap_err();
    /// assert!(faults.to_string().contains("needs.rate must be a number from 0 to 1, but is 1.5"));
    /// # Ok::<(), mingle::Diagnostics>(())
    /// ```
    pub fn parse(text: &str, sets: &[&str]) -> Result<Self, Diagnostics> {
        parse(&Source { name: "scenario", bytes: text.as_bytes() }, &overrides_of(sets))
    }

    /// The same for a bet: a text without a section `[bet]` gets one with all defaults.
    ///
    /// # Errors
    ///
    /// As [`Scenario::parse`].
    ///
    /// ```
    /// let scenario = mingle::Scenario::parse_bet("", &["bet.worlds=4"])?;
    /// assert_eq!(scenario.bet.as_ref().map(|bet| bet.worlds), Some(4));
    /// # Ok::<(), mingle::Diagnostics>(())
    /// ```
    pub fn parse_bet(text: &str, sets: &[&str]) -> Result<Self, Diagnostics> {
        parse_bet(&Source { name: "scenario", bytes: text.as_bytes() }, &overrides_of(sets))
    }

    /// Reads the text that this scenario was read from again, with further values replaced.
    ///
    /// # Errors
    ///
    /// As [`Scenario::parse`].
    ///
    /// ```
    /// let scenario = mingle::Scenario::parse("[calls]\nfee = 0.3", &["rounds=26"])?;
    /// let free = scenario.with(&["calls.fee=0"])?;
    /// assert_eq!((free.calls.fee, free.rounds), (0.0, 26));
    /// # Ok::<(), mingle::Diagnostics>(())
    /// ```
    pub fn with(&self, sets: &[&str]) -> Result<Self, Diagnostics> {
        let provenance = self.provenance();
        let overrides = [provenance.given(), overrides_of(sets)].concat();
        parse(&provenance.source(), &overrides)
    }
}

fn overrides_of(sets: &[&str]) -> Vec<Override> {
    sets.iter().map(|set| Override::set(set)).collect()
}

impl Default for Scenario {
    /// The scenario of an empty file.
    fn default() -> Self {
        Self::parse("", &[]).expect("the defaults of the table are valid")
    }
}
