//! Checks of the sweep's values against the rest of the scenario: factors must set existing keys to valid values.

use super::cross::point;
use super::diagnostics::{Fault, Place};
use super::document::{Document, Given, Written};
use super::experiments::{Factor, SweepDesign, SweepRules, SweptExperiment};
use super::keys::SECTIONS;
use super::overrides::{Target, as_level, locate};
use super::read::read;
use super::resolve::{Resolution, Resolved};
use super::table::{Kind, Section, Shape};
use super::wording::{grouped, real, shorten};

/// Keys that a sweep cannot vary: seed, names, the level, and keys that decide the number of rows of a result.
const FIXED: [&str; 11] = [
    "title",
    "seed",
    "replicates",
    "until",
    "precision",
    "replicates_max",
    "level",
    "worlds",
    "focals",
    "horizons",
    "design",
];

/// Whether the document asks for a sweep over bets.
pub(super) fn sweeps_bets(document: &Document<'_>) -> bool {
    let given = document.tables(SweepRules::SPEC.name).first().and_then(|table| table.get("experiment"));
    given.and_then(|given| given.value.text()) == Some(SweptExperiment::Bet.name())
}

/// Adds the faults of the factors and of the sweep, for every command.
pub(super) fn check(document: &Document<'_>, resolution: &Resolution<'_, '_>, faults: &mut Vec<Fault>) {
    let factors = resolution.all(&Factor::SPEC);
    if factors.len() > Factor::SPEC.entries_max() {
        return;
    }
    let sweep = resolution.one(&SweepRules::SPEC);
    let listed = sweep.is_some_and(|sweep| sweep.text("design") == Some(SweepDesign::List.name()));
    faults.extend(keys_are_set_once(document, factors));
    for factor in factors {
        // The values of a list are in its file. Their faults are reported with their rows.
        faults.extend(range_is_one(factor).filter(|_| !listed));
        faults.extend(keys_take_the_values(document, factor, listed));
    }
    if let Some(sweep) = sweep {
        faults.extend(refines_a_grid(sweep, factors));
        faults.extend(sequence_is_long_enough(sweep));
    }
}

fn range_is_one(factor: &Resolved<'_, '_>) -> Option<Fault> {
    if !factor.texts("values")?.is_empty() {
        return None;
    }
    let (min, max, scale) = (factor.real("min")?, factor.real("max")?, factor.text("scale")?);
    let path = |key| factor.table.path(key);
    let marks = [(factor, "max", real(max)), (factor, "min", real(min))];
    if max < min {
        let message = format!(
            "{} must not be below {}, but is {} of {}",
            path("max"),
            path("min"),
            real(max),
            real(min)
        );
        return Some(point(Fault::new(message, "exchange the two"), &marks));
    }
    if scale == "log" && min <= 0.0 {
        let message = format!("{} must be above 0 on a log scale, but is {}", path("min"), real(min));
        let help = "raise min above 0, or write scale = \"linear\"";
        return Some(point(Fault::new(message, help), &[(factor, "min", real(min))]));
    }
    None
}

/// Every key that a factor sets must exist and accept the ends of its range or all its values, unless these are in a
/// list of points.
fn keys_take_the_values(document: &Document<'_>, factor: &Resolved<'_, '_>, listed: bool) -> Vec<Fault> {
    let (Some(keys), Some(place)) = (factor.texts("keys"), factor.place("keys")) else { return Vec::new() };
    let mut faults = Vec::new();
    for path in keys {
        let found = locate(document, path, path, place).and_then(|target| may_vary(target, path, place));
        match found {
            Ok(_) if listed => {}
            Ok(target) => faults.extend(takes_the_values(factor, target, path, place)),
            Err(fault) => faults.push(fault),
        }
    }
    faults
}

fn may_vary(target: Target, path: &str, place: &Place) -> Result<Target, Fault> {
    let spec = &SECTIONS[target.section];
    let name = spec.keys[target.key].name;
    let own = [SweepRules::SPEC.name, Factor::SPEC.name].contains(&spec.name);
    let fixed = FIXED.contains(&name) && (spec.shape == Shape::Top || spec.name == "bet");
    if !own && !fixed {
        return Ok(target);
    }
    let message = format!("a factor cannot set `{}`", shorten(path));
    let help =
        "a sweep varies what the world is like, not its luck, its names, its level or the size of its tables";
    Err(Fault::new(message, help).at(place, "not for factors"))
}

fn takes_the_values(factor: &Resolved<'_, '_>, target: Target, path: &str, keys: &Place) -> Vec<Fault> {
    let key = &SECTIONS[target.section].keys[target.key];
    let place = |name| factor.place(name).unwrap_or(keys).clone();
    let about = format!("factor {}", shorten(factor.name().unwrap_or_default()));
    let values = factor.texts("values").unwrap_or_default();
    if !values.is_empty() {
        let read = values.iter().map(|text| read(key, &as_level(text, place("values")), path));
        return read.filter_map(Result::err).map(|fault| fault.about(&about)).collect();
    }
    if !key.rule.kind.is_numeric() {
        let message =
            format!("a factor of `{}` needs values: it takes {}", shorten(path), key.rule.kind.allowed());
        let help = match key.rule.kind {
            Kind::Rising { .. } | Kind::Reals { .. } => {
                "write each list as text, as in values = [\"[1, 3]\", \"[1, 10]\"]"
            }
            _ => "write them as in values = [\"one\", \"other\"]",
        };
        return vec![Fault::new(message, help).at(keys, "not a number")];
    }
    let ends = [("min", factor.real("min")), ("max", factor.real("max"))];
    let ends = ends.into_iter().filter_map(|(name, end)| Some((name, end?)));
    ends.filter_map(|(name, end)| {
        let given = Given { place: place(name), value: Written::End(end) };
        let fault = read(key, &given, path).err()?;
        Some(match factor.place(name) {
            Some(_) => fault.about(&about),
            None => fault.about(&format!("{about}: {name} is {} by default", real(end))),
        })
    })
    .collect()
}

/// No key must belong to two factors, because only the last would count.
fn keys_are_set_once(document: &Document<'_>, factors: &[Resolved<'_, '_>]) -> Vec<Fault> {
    let mut seen: Vec<(Target, &str)> = Vec::new();
    let mut faults = Vec::new();
    for factor in factors {
        let (Some(keys), Some(place)) = (factor.texts("keys"), factor.place("keys")) else { continue };
        for path in keys {
            // An unknown path is reported elsewhere.
            let Ok(target) = locate(document, path, path, place) else { continue };
            if let Some((_, other)) = seen.iter().find(|(set, _)| *set == target) {
                let message = format!("`{}` is set twice, by factor {other} too", shorten(path));
                let help = "leave it to one factor; two would set it one after the other";
                faults.push(Fault::new(message, help).at(place, "set twice"));
            }
            seen.push((target, factor.name().unwrap_or_default()));
        }
    }
    faults
}

/// Scrambled sequences must not have more points than their period.
fn sequence_is_long_enough(sweep: &Resolved<'_, '_>) -> Option<Fault> {
    const POINTS_MAX: u64 = 1 << 16;
    let (design, points) = (sweep.text("design")?, sweep.whole("points")?);
    let limited = [SweepDesign::SobolSequence.name(), SweepDesign::Sobol.name()].contains(&design);
    if !limited || points <= POINTS_MAX {
        return None;
    }
    let message = format!(
        "sweep.points must be at most {} with design = \"{design}\", but is {}",
        grouped(POINTS_MAX),
        grouped(points)
    );
    let help = "lower points, or take another design: latin-hypercube spreads more points as evenly along each factor";
    Some(point(Fault::new(message, help), &[(sweep, "points", grouped(points))]))
}

/// Only a grid of one or two factors with evenly spaced values can be refined.
fn refines_a_grid(sweep: &Resolved<'_, '_>, factors: &[Resolved<'_, '_>]) -> Option<Fault> {
    if !sweep.flag("refine")? {
        return None;
    }
    let fault = |message: &str, help: &str| {
        Some(point(Fault::new(message, help), &[(sweep, "refine", "true".to_owned())]))
    };
    if sweep.text("design")? != SweepDesign::Grid.name() {
        return fault("only a grid can be refined", "write design = \"grid\", or leave out refine");
    }
    if factors.len() > 2 {
        return fault("only a grid of one or two factors can be refined", "leave out refine or factors");
    }
    let listed = factors.iter().any(|f| f.texts("values").is_some_and(|values| !values.is_empty()));
    if listed || factors.iter().any(|f| f.whole("levels").is_some_and(|levels| levels < 2)) {
        let help = "give each factor min, max and at least 2 levels in place of values";
        return fault("only a grid over ranges can be refined", help);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::{Override, Source, parse_sweep};

    const METRICS: [&str; 2] = ["net", "opinion"];

    /// The messages for a sweep with these lines in its file.
    fn reported(text: &str) -> Vec<String> {
        match parse_sweep(&Source { name: "test", bytes: text.as_bytes() }, &[], &METRICS, &[]) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.faults().iter().map(|fault| fault.message().to_owned()).collect(),
        }
    }

    fn factor(lines: &str) -> String {
        format!("[[factor]]\nname = \"x\"\n{lines}\n")
    }

    #[test]
    fn a_sweep_over_bets_has_a_bet() {
        let text = factor("keys = [\"calls.fee\"]\nmax = 0.5");
        let source = Source { name: "test", bytes: text.as_bytes() };
        let sets = [Override::set("sweep.experiment=bet")];
        let scenario = parse_sweep(&source, &sets, &METRICS, &[]).unwrap();
        assert!(scenario.bet.is_some());
        assert_eq!(parse_sweep(&source, &[], &METRICS, &[]).unwrap().bet, None);
        assert_eq!((scenario.factors[0].max, scenario.factors[0].levels), (0.5, 5));
    }

    #[test]
    fn factors_set_keys_that_there_are_to_values_that_these_take() {
        assert_eq!(reported(&factor("keys = \"needs.rat\"")), ["unknown key `rat` in `needs.rat`"]);
        assert_eq!(
            reported(&factor("keys = \"needs.rate\"\nmax = 2")),
            ["needs.rate must be a number from 0 to 1, but is 2"]
        );
        assert_eq!(
            reported(&factor("keys = [\"reputation.kind\"]\nvalues = [\"private\", \"pubic\"]")),
            ["reputation.kind must be \"private\" or \"public\", but is `pubic`"]
        );
        assert_eq!(
            reported(&factor("keys = [\"reputation.kind\"]")),
            ["a factor of `reputation.kind` needs values: it takes \"private\" or \"public\""]
        );
        assert_eq!(reported(&factor("keys = \"seed\"")), ["a factor cannot set `seed`"]);
        assert_eq!(reported(&factor("keys = \"mixer.every\"\nmin = 1\nmax = 9")), [""; 0]);
    }

    #[test]
    fn a_range_that_a_list_does_not_use_is_not_asked_for() {
        let list = "[sweep]\ndesign = \"list\"\nfile = \"points.csv\"\n";
        for lines in ["keys = \"mixer.every\"", "keys = \"reputation.kind\"", "keys = \"calls.fee\"\nmin = 2"]
        {
            assert_eq!(reported(&format!("{list}{}", factor(lines))), [""; 0], "{lines}");
            assert!(!reported(&factor(lines)).is_empty(), "{lines}");
        }
        let text = format!("{list}{}", factor("keys = \"needs.rat\""));
        assert_eq!(reported(&text), ["unknown key `rat` in `needs.rat`"]);
    }

    #[test]
    fn ranges_rise_and_logarithms_are_of_positive_numbers() {
        assert_eq!(
            reported(&factor("keys = \"needs.rate\"\nmin = 0.5\nmax = 0.25")),
            ["factor.x.max must not be below factor.x.min, but is 0.25 of 0.5"]
        );
        assert_eq!(
            reported(&factor("keys = \"needs.rate\"\nscale = \"log\"")),
            ["factor.x.min must be above 0 on a log scale, but is 0"]
        );
    }

    #[test]
    fn no_key_belongs_to_two_factors() {
        let other = "[[factor]]\nname = \"y\"\nkeys = [\"calls.fee\", \"needs.rate\"]\nmax = 0.5\n";
        let text = format!("{}{other}", factor("keys = \"needs.rate\""));
        assert_eq!(reported(&text), ["`needs.rate` is set twice, by factor x too"]);
    }

    #[test]
    fn a_scrambled_sequence_has_no_more_points_than_it_can() {
        let with = |design: &str, points: u32| {
            let lines = format!("[sweep]\ndesign = \"{design}\"\npoints = {points}\n");
            reported(&format!("{lines}{}", factor("keys = \"needs.rate\"")))
        };
        assert_eq!(with("sobol-sequence", 65_536), [""; 0]);
        assert_eq!(with("random", 100_000), [""; 0]);
        assert_eq!(
            with("sobol", 65_537),
            ["sweep.points must be at most 65,536 with design = \"sobol\", but is 65,537"]
        );
    }

    #[test]
    fn metrics_and_refinement_are_checked() {
        let lines = "[sweep]\nmetrics = [\"net\", \"opinon\"]\ndesign = \"random\"\nrefine = true\n";
        let told = reported(&format!("{lines}{}", factor("keys = \"needs.rate\"")));
        assert_eq!(
            told,
            ["sweep.metrics must name metrics, but \"opinon\" is none", "only a grid can be refined"]
        );
    }
}
