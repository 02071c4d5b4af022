//! Checks that matter only when a sweep is run: that it has factors, and compares strategies and metrics that exist.

use super::cross::point;
use super::cross_bet::names_a_strategy;
use super::diagnostics::Fault;
use super::experiments::{Factor, SweepRules, SweptExperiment};
use super::keys::RunRules;
use super::resolve::{Resolution, Resolved};
use super::settings::Strategy;
use super::table::Section;
use super::wording::{grouped, list, nearest, shorten};

/// Adds the faults of a sweep that will be run. `metrics` are the existing metrics, `columns` the columns of its
/// tables.
pub(super) fn check(
    resolution: &Resolution<'_, '_>,
    metrics: &[&str],
    columns: &[&str],
    faults: &mut Vec<Fault>,
) {
    faults.extend(resolution.all(&Factor::SPEC).iter().filter_map(|factor| name_is_free(factor, columns)));
    if resolution.all(&Factor::SPEC).is_empty() {
        let help = "add for example:\n[[factor]]\nname = \"legibility\"\nkeys = \"reputation.legibility\"\n\
                    min = 0.0\nmax = 1.0";
        faults.push(Fault::new("a sweep needs at least one factor, but the scenario has none", help));
    }
    let Some(sweep) = resolution.one(&SweepRules::SPEC) else { return };
    for name in sweep.texts("metrics").into_iter().flatten() {
        faults.extend(is_a_metric(sweep, "metrics", name, metrics));
    }
    if let Some(name) = sweep.text("metric") {
        faults.extend(is_a_metric(sweep, "metric", name, metrics));
    }
    faults.extend(compares_two(resolution, sweep));
    let run = resolution.one(&RunRules::SPEC).and_then(|run| run.whole("replicates"));
    let adaptive = sweep.text("until").is_some_and(|until| until != "fixed");
    if let (Some(run), Some(most), Some("run")) =
        (run, sweep.whole("replicates_max"), sweep.text("experiment"))
        && adaptive
        && most < run
    {
        let message = format!(
            "sweep.replicates_max must be at least replicates, but is {} of {}",
            grouped(most),
            grouped(run)
        );
        let help = "a point begins with `replicates` and adds more: lower replicates or raise the cap";
        faults.push(point(Fault::new(message, help), &[(sweep, "replicates_max", grouped(most))]));
    }
}

/// A factor's column must differ from the other columns of the tables.
fn name_is_free(factor: &Resolved<'_, '_>, columns: &[&str]) -> Option<Fault> {
    let name = factor.name()?;
    if !columns.contains(&name) {
        return None;
    }
    let message = format!("a factor cannot be named \"{name}\": tables have another column of that name");
    Some(point(Fault::new(message, "choose another name"), &[(factor, "name", name.to_owned())]))
}

/// The contrast must be of two existing strategies.
fn compares_two(resolution: &Resolution<'_, '_>, sweep: &Resolved<'_, '_>) -> Vec<Fault> {
    if sweep.text("experiment") == Some(SweptExperiment::Bet.name()) {
        return Vec::new();
    }
    let strategies = resolution.all(&Strategy::SPEC);
    if strategies.len() == 1 {
        let help = "add another [[strategy]]; a sweep shows where which of the two does better";
        return vec![Fault::new("a sweep compares two strategies, but the scenario has one", help)];
    }
    let given = |key: &'static str| sweep.text(key).is_some_and(|name| !name.is_empty());
    let named = ["first", "second"].into_iter().filter(|key| given(key));
    let mut faults: Vec<Fault> =
        named.filter_map(|key| names_a_strategy(resolution, sweep, key, &format!("sweep.{key}"))).collect();
    let side = |key: &'static str, otherwise: usize| match sweep.text(key) {
        Some("") => strategies.get(otherwise).and_then(|strategy| strategy.table.name()),
        name => name,
    };
    if let (Some(first), Some(second)) = (side("first", 0), side("second", 1))
        && faults.is_empty()
        && first == second
    {
        let name = shorten(first);
        let message = format!("sweep.first and sweep.second must differ, but both are \"{name}\"");
        let help = "name two strategies; left out, they are the scenario's first and second";
        let marks = [(sweep, "first", name.clone()), (sweep, "second", name)];
        faults.push(point(Fault::new(message, help), &marks));
    }
    faults
}

fn is_a_metric(sweep: &Resolved<'_, '_>, key: &'static str, name: &str, metrics: &[&str]) -> Option<Fault> {
    if metrics.contains(&name) {
        return None;
    }
    let near = nearest(name, metrics.iter().copied());
    let hint = near.map(|near| format!("did you mean \"{near}\"? ")).unwrap_or_default();
    let message = format!("sweep.{key} must name metrics, but \"{}\" is none", shorten(name));
    let listed = list(metrics.iter().map(|name| (*name).to_owned()), "and");
    let fault = Fault::new(message, format!("{hint}there are {listed}"));
    Some(point(fault, &[(sweep, key, shorten(name))]))
}

#[cfg(test)]
mod tests {
    use super::super::{Source, parse, parse_sweep};

    /// The messages for a sweep with these lines in its file.
    fn reported(text: &str) -> Vec<String> {
        match parse_sweep(
            &Source { name: "test", bytes: text.as_bytes() },
            &[],
            &["net", "opinion"],
            &["mean", "median"],
        ) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.faults().iter().map(|fault| fault.message().to_owned()).collect(),
        }
    }

    fn factor(lines: &str) -> String {
        format!("[[factor]]\nname = \"x\"\n{lines}\n")
    }

    #[test]
    fn a_sweep_has_a_factor_and_a_run_needs_none() {
        assert_eq!(reported(""), ["a sweep needs at least one factor, but the scenario has none"]);
        assert_eq!(reported(&factor("keys = \"needs.rate\"")), [""; 0]);
        let source = Source { name: "test", bytes: b"[sweep]\n" };
        assert!(parse(&source, &[]).unwrap().sweep.is_some());
        assert_eq!(parse(&source, &[]).unwrap().factors, []);
    }

    #[test]
    fn a_factor_is_not_named_like_another_column() {
        let named = |name: &str| reported(&factor("keys = \"needs.rate\"").replace("\"x\"", name));
        let taken = "a factor cannot be named \"median\": tables have another column of that name";
        assert_eq!(named("\"median\""), [taken]);
        assert_eq!(named("\"p_new\""), [""; 0]);
    }

    #[test]
    fn a_contrast_is_of_two_strategies_that_there_are() {
        let with = |lines: &str| reported(&format!("[sweep]\n{lines}\n{}", factor("keys = \"needs.rate\"")));
        assert_eq!(with("first = \"abstainer\"\nsecond = \"warrior\""), [""; 0]);
        assert_eq!(
            with("first = \"warior\""),
            ["sweep.first must be the name of a strategy, but is \"warior\""]
        );
        let same = "sweep.first and sweep.second must differ, but both are \"servant\"";
        assert_eq!(with("first = \"servant\"\nsecond = \"servant\""), [same]);
        assert_eq!(with("first = \"servant\""), [same]);
        let alone = "[[strategy]]\nname = \"servant\"\nshare = 1";
        assert_eq!(with(alone), ["a sweep compares two strategies, but the scenario has one"]);
    }
}
