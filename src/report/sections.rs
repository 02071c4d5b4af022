//! The sections of a page about one result.

use maud::{Markup, html};

use crate::results::About;
pub(super) use crate::results::in_document as text;

/// Strategies and factors beyond this number are only counted.
const LISTED_MAX: usize = 6;

/// The kind of result.
pub(super) fn kind(about: &About) -> &'static str {
    match about.command.as_str() {
        "run" => "Run",
        "bet" => "Bet",
        "sweep" => "Sweep",
        "validate" if about.options.evidence => "Evidence",
        "validate" => "Validation",
        _ => "Result",
    }
}

/// What the result answers.
pub(super) fn question(about: &About) -> String {
    let (bet, sweep) = (&about.bet, &about.sweep);
    match about.command.as_str() {
        "bet" => format!(
            "The same person at the same event with the same luck: is it better to attend as {} or as {}?",
            bet.first, bet.second
        ),
        "sweep" if sweep.design == "factorial-traits" => {
            format!("Which traits make {} and {} differ?", sweep.second, sweep.first)
        }
        "sweep" => {
            let factors: Vec<&str> = sweep.factors.iter().map(|factor| factor.name.as_str()).collect();
            let metric = if sweep.metric == "net" { "net benefit" } else { &sweep.metric };
            format!(
                "Where does {} have more {} than {}, as {} {}?",
                sweep.second,
                metric.replace('_', " "),
                sweep.first,
                listed(&factors, "and", "factors"),
                if factors.len() == 1 { "varies" } else { "vary" }
            )
        }
        "validate" if about.options.evidence => "Which published patterns does the model show?".to_owned(),
        "validate" => "Does the model give what theory says where theory has an answer?".to_owned(),
        _ => match &about.strategies[..] {
            [] => String::new(),
            [one] => format!("What does {one} gain?"),
            several => {
                let names: Vec<&str> = several.iter().map(String::as_str).collect();
                format!("Who gains most: {}?", listed(&names, "or", "strategies"))
            }
        },
    }
}

/// Names as an enumeration; many are only counted.
fn listed(names: &[&str], last_word: &str, what: &str) -> String {
    match names {
        _ if names.len() > LISTED_MAX => format!("{} {what}", names.len()),
        [] => format!("no {what}"),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} {last_word} {last}", others.join(", ")),
    }
}

/// A line of the terminal as a sentence. A name at its start stays as it is.
pub(super) fn sentence(line: &str, about: &About) -> String {
    let factors = about.sweep.factors.iter().map(|factor| &factor.name);
    let starts_with_name = about.strategies.iter().chain(factors).any(|name| line.starts_with(name.as_str()));
    let mut letters = line.chars();
    let mut sentence = match letters.next() {
        Some(first) if !starts_with_name => first.to_uppercase().chain(letters).collect(),
        _ => line.to_owned(),
    };
    if !sentence.ends_with(['.', '?', '!']) {
        sentence.push('.');
    }
    text(&sentence)
}

/// The answer, and what else the tables show.
pub(super) fn answer(about: &About) -> Markup {
    let words = &about.words;
    html! {
        section #answer aria-labelledby="answer-title" {
            h2 #answer-title { "Answer" }
            @if words.answer.is_empty() {
                p { "The version that made this result recorded no words. See the charts and tables." }
            } @else {
                p.answer { (sentence(&words.answer, about)) }
            }
            @if !words.more.is_empty() {
                ul { @for line in &words.more { li { (sentence(line, about)) } } }
            }
        }
    }
}

/// The stories of focal agents.
pub(super) fn stories(about: &About) -> Markup {
    let (headings, chains): (Vec<_>, Vec<_>) =
        about.words.story.iter().enumerate().partition(|(_, line)| !line.starts_with(' '));
    let place = |k: usize| headings.iter().rposition(|(place, _)| *place < k);
    html! {
        @if !headings.is_empty() {
            section #story aria-labelledby="story-title" {
                h2 #story-title { "The story of a bet" }
                @for (number, (_, heading)) in headings.iter().enumerate() {
                    p { (sentence(heading, about)) }
                    ul {
                        @for (_, line) in chains.iter().filter(|(k, _)| place(*k) == Some(number)) {
                            li { (sentence(line.trim_start(), about)) }
                        }
                    }
                }
            }
        }
    }
}

/// What limits the conclusions.
pub(super) fn warnings(about: &About) -> Markup {
    let warnings = limits(about);
    html! {
        @if !warnings.is_empty() {
            section #warnings aria-labelledby="warnings-title" {
                h2 #warnings-title { "Read with care" }
                ul { @for line in &warnings { li { (sentence(line, about)) } } }
            }
        }
    }
}

/// The warnings of the result, and whether it was interrupted.
pub(super) fn limits(about: &About) -> Vec<String> {
    let mut warnings = about.words.warnings.clone();
    let (done, asked) = (about.replicates_done, about.replicates);
    warnings.extend(about.interrupted.then(|| match about.command.as_str() {
        "sweep" => "the sweep was interrupted: points or replicates are missing".to_owned(),
        "bet" => format!("the bet was interrupted: {done} of {asked} worlds are in the result"),
        "validate" => "the validation was interrupted: some cases were not run".to_owned(),
        _ => format!("the run was interrupted: {done} of {asked} replicates are in the result"),
    }));
    warnings
}

/// Whether the result is of one scenario; a validation is of many.
pub(super) fn has_scenario(about: &About) -> bool {
    about.command != "validate"
}

/// The values that differ from their defaults.
pub(super) fn settings(about: &About) -> Markup {
    html! {
        section #settings aria-labelledby="settings-title" {
            h2 #settings-title { "Settings that differ from the defaults" }
            @if about.changes.is_empty() {
                p { "None." }
            } @else {
                div.scroll tabindex="0" role="group" aria-label="Table of settings" {
                    table {
                        thead { tr { th scope="col" { "Key" } th scope="col" { "Value" } th scope="col" { "Default" } } }
                        tbody {
                            @for change in &about.changes {
                                tr {
                                    th scope="row" { code { (text(&change.key)) } }
                                    td { (text(&change.value)) }
                                    td { (change.default.as_deref().map_or_else(|| "none".to_owned(), text)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How the result was made.
pub(super) fn made(about: &About) -> Markup {
    html! {
        section #made aria-labelledby="made-title" {
            h2 #made-title { "How it was made" }
            (facts(about))
        }
    }
}

/// Facts about how the result was made.
pub(super) fn facts(about: &About) -> Markup {
    let tables = about.files.iter().map(|file| file.path.as_str()).filter(|path| path.ends_with(".csv"));
    let tables: Vec<&str> = tables.collect();
    html! {
        dl {
            dt { "Program" }
            dd { "mingle " (text(&about.version)) ", source revision " code { (text(&about.revision)) } }
            dt { "Random numbers" }
            dd { (text(&about.random_numbers)) @if has_scenario(about) { ", seed " (about.seed) } }
            dt { "Design" }
            dd { (text(&design(about))) }
            @if has_scenario(about) {
                dt { "Scenario" }
                dd { (text(&about.scenario_file)) ", SHA-256 " code { (text(&about.scenario_sha256)) } }
                @for input in &about.inputs {
                    dd { (text(&input.file)) ", SHA-256 " code { (text(&input.sha256)) } ": " (text(&input.about)) }
                }
            }
            dt { "Tables" }
            dd { (text(&tables.join(", "))) "; datapackage.json describes every column" }
        }
    }
}

/// The design in words.
fn design(about: &About) -> String {
    let (bet, sweep) = (&about.bet, &about.sweep);
    let done = about.replicates_done;
    match about.command.as_str() {
        "bet" => {
            let people = if bet.usual == "any" {
                "agents of all strategies".to_owned()
            } else {
                format!("agents who live as {}", bet.usual)
            };
            let campaign = match bet.campaign {
                0 => String::new(),
                n => format!(", for {n} further rounds"),
            };
            format!("the event attended in two copies of each of {done} worlds, by {people}{campaign}")
        }
        "sweep" => {
            format!(
                "{} of {} points, {done} replicates or worlds in all, each point a {}",
                sweep.design, sweep.points, sweep.experiment
            )
        }
        "validate" if about.options.evidence => {
            "two shipped scenarios, observed in the year after burn-in; the table has the published values, the rules \
             and the verdicts"
                .to_owned()
        }
        "validate" => {
            "special cases of the model as ordinary scenarios; the table names each with its settings"
                .to_owned()
        }
        _ => format!(
            "{done} replicates of {} rounds; the means leave out a burn-in of {}",
            about.rounds, about.burn_in
        ),
    }
}

/// How to make the result again.
pub(super) fn repeat(about: &About) -> Markup {
    html! {
        section #repeat aria-labelledby="repeat-title" {
            h2 #repeat-title { "How to repeat it" }
            (again(about))
        }
    }
}

/// The command, and the scenario that it needs.
pub(super) fn again(about: &About) -> Markup {
    html! {
        p {
            "With the same version, this command gives the same bytes on any machine."
            @if has_scenario(about) { " The scenario file is below, as it was read" } @if !about.inputs.is_empty() { "; the files that it names are in " code { "manifest.json" } } @if about.command == "sweep" && about.sweep.design == "list" { "; the list of points is in " code { "manifest.json" } } @if has_scenario(about) { "." }
        }
        pre tabindex="0" { code { (text(&about.command_line())) } }
        @if has_scenario(about) {
            details {
                summary { (text(&about.scenario_file)) }
                pre tabindex="0" { code { (text(&about.scenario)) } }
            }
        }
    }
}

/// How to cite the program and the results.
pub(super) fn cite(results: &[&About]) -> Markup {
    let mut versions: Vec<(&str, &str)> =
        results.iter().map(|about| (about.version.as_str(), about.revision.as_str())).collect();
    versions.dedup();
    html! {
        section #cite aria-labelledby="cite-title" {
            h2 #cite-title { "How to cite it" }
            @for (version, revision) in versions {
                p { (text(&format!("{AUTHORS}. {PROGRAM}. Version {version}, source revision {revision}."))) }
            }
        }
    }
}

/// Authors and title of the program, as in `CITATION.cff`.
const AUTHORS: &str = "The mingle developers";
const PROGRAM: &str = "mingle: a parallel agent-based simulator of networking events";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_citation_is_that_of_the_citation_file() {
        let file = include_str!("../../CITATION.cff");
        assert!(
            file.contains(&format!("name: \"{AUTHORS}\"")) && file.contains(&format!("title: \"{PROGRAM}\""))
        );
    }

    #[test]
    fn a_sentence_starts_with_a_capital_unless_it_starts_with_a_name() {
        let about = About { strategies: vec!["servant".to_owned()], ..About::default() };
        assert_eq!(sentence("servant wins", &about), "servant wins.");
        assert_eq!(sentence("no clear difference", &about), "No clear difference.");
        assert_eq!(sentence("which? ", &about), "Which? .");
    }

    #[test]
    fn many_names_are_counted() {
        assert_eq!(listed(&["a"], "or", "strategies"), "a");
        assert_eq!(listed(&["a", "b", "c"], "or", "strategies"), "a, b or c");
        assert_eq!(listed(&["x"; 7], "or", "strategies"), "7 strategies");
    }

    #[test]
    fn text_has_no_character_that_changes_direction_or_that_no_document_can_hold() {
        assert_eq!(text("a\u{202e}b\u{0}c\u{fffe}d\u{fdd0}"), "a\\u{202e}b\\u{0}c\u{fffd}d\u{fffd}");
    }
}
