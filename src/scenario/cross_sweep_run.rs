//! Checks that matter only when a sweep is run: that it has factors, and compares strategies and metrics that exist.

use super::cross::point;
use super::cross_bet::names_a_strategy;
use super::diagnostics::Fault;
use super::experiments::{Factor, SweepDesign, SweepRules, SweptExperiment};
use super::keys::RunRules;
use super::resolve::{Resolution, Resolved};
use super::settings::Strategy;
use super::table::Section;
use super::traits::{SPLIT_MAX, TRAITS};
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
    let sweep = resolution.one(&SweepRules::SPEC);
    let splits = sweep.is_some_and(|sweep| sweep.text("design") == Some(SweepDesign::FactorialTraits.name()));
    if resolution.all(&Factor::SPEC).is_empty() && !splits {
        let help = "add for example:\n[[factor]]\nname = \"legibility\"\nkeys = \"reputation.legibility\"\n\
                    min = 0.0\nmax = 1.0";
        faults.push(Fault::new("a sweep needs at least one factor, but the scenario has none", help));
    }
    let Some(sweep) = sweep else { return };
    for name in sweep.texts("metrics").into_iter().flatten() {
        faults.extend(is_a_metric(sweep, "metrics", name, metrics));
    }
    if let Some(name) = sweep.text("metric") {
        faults.extend(is_a_metric(sweep, "metric", name, metrics));
    }
    let pair_faults = compares_two(resolution, sweep);
    faults
        .extend(splits.then(|| can_be_split(resolution, sweep)).flatten().filter(|_| pair_faults.is_empty()));
    faults.extend(pair_faults);
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
    if let [Some(first), Some(second)] = sides(resolution, sweep)
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

/// The names of the two strategies of the contrast; none that is faulty.
fn sides<'r>(resolution: &'r Resolution<'_, '_>, sweep: &'r Resolved<'_, '_>) -> [Option<&'r str>; 2] {
    let strategies = resolution.all(&Strategy::SPEC);
    [("first", 0), ("second", 1)].map(|(key, otherwise)| match sweep.text(key) {
        Some("") => strategies.get(otherwise).and_then(|strategy| strategy.table.name()),
        name => name,
    })
}

/// A contrast can be split if it is one of runs, between strategies that differ in some traits, and not in too many.
fn can_be_split(resolution: &Resolution<'_, '_>, sweep: &Resolved<'_, '_>) -> Option<Fault> {
    let fault = |message: String, help: String| {
        let design = format!("\"{}\"", SweepDesign::FactorialTraits.name());
        Some(point(Fault::new(message, help), &[(sweep, "design", design)]))
    };
    if sweep.text("experiment")? == SweptExperiment::Bet.name() {
        let help = "write experiment = \"run\"; mingle bet --decompose splits the difference of a bet";
        return fault("only a contrast of runs can be split over traits".to_owned(), help.to_owned());
    }
    let find = |name| resolution.all(&Strategy::SPEC).iter().find(|table| table.table.name() == Some(name));
    let [first, second] = sides(resolution, sweep).map(|name| name.and_then(find));
    let (first, second) = (first?, second?);
    let differs = |name: &&str| first.real(name) != second.real(name);
    let spreads = Strategy::SPEC.keys.iter().filter(|key| key.spread_of().is_some()).map(|key| key.name);
    if let Some(sd) = spreads.into_iter().find(differs) {
        let help = "give both the same standard deviation, or none: a split replaces the means of traits";
        return fault(
            format!("the two strategies differ in {sd}, and only means can be split"),
            help.to_owned(),
        );
    }
    let traits: Vec<&str> = TRAITS.iter().map(|t| t.name).filter(differs).collect();
    let [first, second] = [first, second].map(|table| shorten(table.name().unwrap_or_default()));
    match traits.len() {
        0 => fault(
            format!("{first} and {second} have the same traits, so there is nothing to split"),
            "name other strategies in sweep.first and sweep.second".to_owned(),
        ),
        n if n > SPLIT_MAX => fault(
            format!(
                "{first} and {second} differ in {n} traits, which takes {} points; at most {SPLIT_MAX} traits \
                 ({} points) can be split",
                grouped(1 << n),
                grouped(1 << SPLIT_MAX)
            ),
            format!(
                "let them have the same {}, for example",
                list(traits[SPLIT_MAX..].iter().map(|t| (*t).to_owned()), "and")
            ),
        ),
        _ => None,
    }
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
    fn a_contrast_is_split_over_the_traits_that_differ_if_they_are_few() {
        let with = |lines: &str| reported(&format!("[sweep]\ndesign = \"factorial-traits\"\n{lines}"));
        assert_eq!(with(""), [""; 0], "no factor is needed");
        assert_eq!(with(&factor("keys = \"needs.rate\"")), [""; 0], "those of the file rest");
        assert_eq!(with("experiment = \"bet\""), ["only a contrast of runs can be split over traits"]);
        let same = "[[strategy]]\nname = \"a\"\nshare = 0.5\n[[strategy]]\nname = \"b\"\nshare = 0.5\n";
        assert_eq!(with(same), ["a and b have the same traits, so there is nothing to split"]);
        let all = "attend = 1\nask = 1\nserve = 0\ncomply = 0\nrefer = 0\nlinger = 0\nmin_opinion = -1\n\
                   gossip = 0\npolish = 1\n";
        assert_eq!(
            with(&format!("{same}{all}")),
            [
                "a and b differ in 9 traits, which takes 512 points; at most 8 traits (256 points) can be split"
            ]
        );
        assert_eq!(with(&format!("{same}{}", all.replace("polish = 1\n", ""))), [""; 0]);
        assert_eq!(with("first = \"warior\"").len(), 1);
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
