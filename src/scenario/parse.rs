//! Reading a scenario: the steps from its text to a checked scenario, in their order.

use super::document::Document;
use super::inputs::{self, Files, Inputs, NoFiles};
use super::resolve::Resolution;
use super::table::Section;
use super::{
    BetRules, Diagnostics, Override, Provenance, Scenario, Source, SweepRules, cross, cross_bet, cross_needs,
    cross_spread, cross_sweep, cross_sweep_run, overrides, scheduled, sweep_size, syntax, traits,
};

/// Reads and checks a scenario; `overrides` replace values of the file before these are checked.
///
/// # Errors
///
/// All the faults of the file and of the overrides at once.
pub(crate) fn parse(source: &Source<'_>, overrides: &[Override]) -> Result<Scenario, Diagnostics> {
    parse_with(source, &NoFiles, overrides, Purpose::Run)
}

/// The same for a bet: a scenario without a section `[bet]` gets one with all defaults.
///
/// # Errors
///
/// As [`parse`].
pub(crate) fn parse_bet(source: &Source<'_>, overrides: &[Override]) -> Result<Scenario, Diagnostics> {
    parse_with(source, &NoFiles, overrides, Purpose::Bet)
}

/// The same for a sweep, which must have a factor, unless its design makes them. `metrics` are the names of the metrics that it can keep, and
/// `columns` those of the columns of its tables, which no factor can have. A scenario without a section `[sweep]` gets
/// one with all defaults, and likewise `[bet]` if each point is a bet.
///
/// # Errors
///
/// As [`parse`].
#[cfg(test)]
pub(crate) fn parse_sweep(
    source: &Source<'_>,
    overrides: &[Override],
    metrics: &[&str],
    columns: &[&str],
) -> Result<Scenario, Diagnostics> {
    parse_with(source, &NoFiles, overrides, Purpose::Sweep { metrics, columns })
}

/// The purpose for which a scenario is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose<'a> {
    /// As for [`parse`].
    Run,
    /// As for [`parse_bet`].
    Bet,
    /// As for [`parse_sweep`].
    Sweep {
        /// Names of metrics.
        metrics: &'a [&'a str],
        /// Names of columns.
        columns: &'a [&'a str],
    },
}

/// Reads and checks a scenario with the files that it names.
///
/// # Errors
///
/// As [`parse`], with the faults of these files.
pub(crate) fn parse_with(
    source: &Source<'_>,
    files: &dyn Files,
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
    let (mut faults, mut inputs) = (Vec::new(), Inputs::default());
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
        inputs = Inputs::read(&document, files, &mut faults);
        inputs::fill(&inputs, &mut document);
        let resolution = Resolution::of(&document, &mut faults);
        let placed = inputs::place(&inputs, &resolution, &mut faults);
        inputs::check(&inputs, &placed, &resolution, &mut faults);
        inputs::factors_leave_them(&inputs, &document, &resolution, &mut faults);
        cross::check(&resolution, &mut faults);
        cross_bet::check(&resolution, &mut faults);
        cross_needs::check(&resolution, &mut faults);
        cross_spread::check(&resolution, &mut faults);
        cross_sweep::check(&document, &resolution, &mut faults);
        if let Purpose::Sweep { metrics, columns } = purpose {
            cross_sweep_run::check(&resolution, metrics, columns, &mut faults);
            sweep_size::check(&resolution, &mut faults);
        }
        faults.extend(match purpose {
            Purpose::Run => None,
            Purpose::Bet => scheduled::refuse(&resolution, "bet"),
            Purpose::Sweep { .. } => scheduled::refuse(&resolution, "sweep"),
        });
        let later = scheduled::periods(&document, &resolution, &mut faults);
        resolution.settings().map(|settings| (settings, later, placed.community))
    });
    match settings {
        Some((mut settings, later, community)) if faults.is_empty() => {
            if matches!(purpose, Purpose::Sweep { .. }) {
                traits::vary(&mut settings);
            }
            Ok(Scenario::of(settings, later.into(), community, provenance(source, text, &inputs, overrides)))
        }
        _ => Err(Diagnostics::new(source.name, text, shown(), faults).with_inputs(inputs.texts())),
    }
}

fn provenance(source: &Source<'_>, text: &str, inputs: &Inputs, given: &[Override]) -> Provenance {
    let overrides = given.iter().map(Override::assignment).collect();
    let (name, text, files) = (source.name.to_owned(), text.to_owned(), inputs.files().to_vec());
    Provenance { name, text, overrides, pilot: None, files }
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

    /// The same with the files that the text names in `population.agents_file` and `network_file`, by name.
    ///
    /// # Errors
    ///
    /// As [`Scenario::parse`], with all faults of the files.
    ///
    /// ```
    /// use mingle::Scenario;
    ///
    /// let text = "[population]\nagents_file = \"people.csv\"\n";
    /// let people = "name,strategy\nAda,servant\nBo,warrior\n";
    /// let scenario = Scenario::parse_with_files(text, &[], &[("people.csv", people.as_bytes())])?;
    /// assert_eq!(scenario.population.agents, 2);
    /// # Ok::<(), mingle::Diagnostics>(())
    /// ```
    pub fn parse_with_files(text: &str, sets: &[&str], files: &[(&str, &[u8])]) -> Result<Self, Diagnostics> {
        let source = Source { name: "scenario", bytes: text.as_bytes() };
        parse_with(&source, &files, &overrides_of(sets), Purpose::Run)
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
        parse_with(&provenance.source(), &provenance.files, &overrides, Purpose::Run)
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
