//! `mingle validate --evidence`

use std::path::Path;

use serde_json::json;

use super::made::Wanted;
use super::progress::{self, Work};
use super::{Failure, Terminal, chart};
use crate::parallel::ThreadPool;
use crate::results::{EvidenceRow, ValidationNote, ValidationWriter};
use crate::validate::{Pattern, measure, patterns, rounds_of_evidence};

/// What is asked for.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) list: bool,
    pub(super) only: &'a [String],
    pub(super) series: u64,
    pub(super) out: &'a Path,
    pub(super) threads: Option<u16>,
    pub(super) charts: bool,
    pub(super) force: bool,
}

/// Measures published patterns in two scenarios. A pattern that is not reproduced is a finding, so it is no failure.
pub(super) fn evidence(request: &Request<'_>, terminal: &Terminal) -> Result<(), Failure> {
    let chosen = choose(patterns(), |p| p.name, request.only, ["pattern", "validate --evidence --list"])?;
    if request.list {
        return list(&chosen, terminal);
    }
    let writer = ValidationWriter::create(request.out, request.force)?;
    let pool = ThreadPool::new(request.threads.unwrap_or(0).into()).map_err(Failure::Failed)?;
    let progress = progress::interruptible(terminal)?;
    let work = Work { progress: &progress, rounds: rounds_of_evidence(), of: progress::RUN };
    let rows = progress::watched(terminal, &work, || measure(&chosen, request.series, &pool, &progress));
    let Some(rows) = rows else {
        let text = "not every pattern was measured yet, so nothing was kept";
        return Err(Failure::Interrupted(text.to_owned()));
    };
    let (table, conclusions) = (table(&rows), conclusions(&rows));
    let (answer, more) = conclusions.split_first().expect("there are two scenarios");
    let note = ValidationNote {
        only: request.only,
        series: request.series,
        charts: request.charts,
        interrupted: false,
        answer,
        more: &[more, &reasons(&rows)[..]].concat(),
    };
    let dir = writer.finish_evidence(&rows, &note)?;
    let (charts, drawn) = chart::of_result(&dir, Wanted::charts(request.charts), &pool, terminal);
    terminal.note(&[table, conclusions].concat().join("\n"));
    terminal.result(&dir, &charts, &json!({ "rows": rows }));
    drawn
}

/// Those of all that `only` names by the start of their names; all without any. The words are what one of them is called,
/// and the command that lists them.
pub(super) fn choose<T>(
    all: Vec<T>,
    name: impl for<'t> Fn(&'t T) -> &'t str,
    only: &[String],
    [what, command]: [&str; 2],
) -> Result<Vec<T>, Failure> {
    for wanted in only {
        if !all.iter().any(|one| name(one).starts_with(wanted.as_str())) {
            let text = format!("--only {wanted}: there is no such {what}; mingle {command} names all");
            return Err(Failure::Usage(text));
        }
    }
    let is_chosen =
        |one: &T| only.is_empty() || only.iter().any(|wanted| name(one).starts_with(wanted.as_str()));
    Ok(all.into_iter().filter(is_chosen).collect())
}

/// Lists patterns.
fn list(chosen: &[Pattern], terminal: &Terminal) -> Result<(), Failure> {
    if terminal.json {
        let all = chosen.iter().map(|p| json!({ "pattern": p.name, "claim": p.claim, "source": p.source }));
        terminal.json(&all.collect::<Vec<_>>());
        return Ok(());
    }
    let width = chosen.iter().map(|pattern| pattern.name.len()).max().unwrap_or(0);
    let line = |p: &Pattern| format!("{:width$}  {} [{}]\n", p.name, p.claim, p.source);
    terminal.text(&chosen.iter().map(line).collect::<String>());
    Ok(())
}

/// The table: a line for each quantity and scenario, and below those that are not reproduced why.
fn table(rows: &[EvidenceRow]) -> Vec<String> {
    let mut lines = vec![format!(
        "{:35} {:15} {:>11} {:>9}  {:19} verdict",
        "quantity", "scenario", "published", "measured", "95% interval"
    )];
    for pattern in rows.chunk_by(|a, b| a.pattern == b.pattern) {
        lines.push(format!("{} [{}]", pattern[0].pattern, pattern[0].source));
        for both in pattern.chunk_by(|a, b| a.quantity == b.quantity) {
            lines.extend(both.iter().map(line));
            let why = both.iter().find(|row| !row.why.is_empty());
            lines.extend(why.map(|row| format!("    {}", row.why)));
        }
    }
    lines
}

fn line(row: &EvidenceRow) -> String {
    let [low, high] = row.published;
    let published = match () {
        () if row.range[1].is_infinite() => format!("above {low}"),
        () if low < high => format!("{low} to {high}"),
        () => format!("{low:.3}"),
    };
    let interval =
        row.measured.ends().map_or_else(String::new, |(low, high)| format!("{low:.3} to {high:.3}"));
    let fitted = if row.fitted { " (fitted)" } else { "" };
    format!(
        "  {:33} {:15} {published:>11} {:>9.3}  {interval:19} {}{fitted}",
        row.quantity, row.scenario, row.measured.mean, row.verdict
    )
}

/// The verdicts on patterns, a sentence for each scenario.
fn conclusions(rows: &[EvidenceRow]) -> Vec<String> {
    let patterns: Vec<&[EvidenceRow]> = rows.chunk_by(|a, b| a.pattern == b.pattern).collect();
    let mut scenarios: Vec<&str> = Vec::new();
    rows.iter().for_each(|row| {
        if !scenarios.contains(&row.scenario.as_str()) {
            scenarios.push(&row.scenario);
        }
    });
    let sentence = |scenario: &&str| {
        let of = |verdict: &str| -> String {
            let is = |row: &&EvidenceRow| row.scenario == *scenario && row.pattern_verdict == verdict;
            let found = patterns.iter().filter_map(|pattern| pattern.iter().find(is));
            let names: Vec<&str> = found.map(|row| row.pattern.as_str()).collect();
            match names[..] {
                [] => "none".to_owned(),
                _ => format!("{} ({})", names.len(), names.join(", ")),
            }
        };
        format!(
            "of {} published patterns {scenario} reproduces {}; partly {}; not {}",
            patterns.len(),
            of("reproduced"),
            of("partly"),
            of("not")
        )
    };
    scenarios.iter().map(sentence).collect()
}

/// Why quantities are not as published, a sentence for each.
fn reasons(rows: &[EvidenceRow]) -> Vec<String> {
    let off = rows.iter().filter(|row| !row.why.is_empty());
    let sentence = |row: &EvidenceRow| {
        format!("{}, {} in {}: {}: {}", row.pattern, row.quantity, row.scenario, row.verdict, row.why)
    };
    off.map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Interval;

    fn row(pattern: &str, scenario: &str, verdict: &str) -> EvidenceRow {
        EvidenceRow {
            pattern: pattern.to_owned(),
            quantity: "size".to_owned(),
            scenario: scenario.to_owned(),
            source: "Somebody 2000".to_owned(),
            published: [0.1, 0.1],
            range: [0.075, 0.125],
            no_effect: None,
            measured: Interval::around(0.5, Some(0.25)),
            values: 8,
            fitted: scenario == "b",
            verdict: verdict.to_owned(),
            pattern_verdict: verdict.to_owned(),
            why: if verdict == "reproduced" { "" } else { "it is so" }.to_owned(),
        }
    }

    #[test]
    fn scenarios_are_concluded_apart_and_reasons_stand_below_their_lines() {
        let rows = [
            row("x", "a", "not"),
            row("x", "b", "reproduced"),
            row("y", "a", "partly"),
            row("y", "b", "reproduced"),
        ];
        assert_eq!(
            conclusions(&rows),
            [
                "of 2 published patterns a reproduces none; partly 1 (y); not 1 (x)",
                "of 2 published patterns b reproduces 2 (x, y); partly none; not none"
            ]
        );
        let table = table(&rows);
        assert_eq!(table.len(), 1 + 2 * (1 + 2 + 1), "{table:#?}");
        assert!(table[1] == "x [Somebody 2000]" && table[4] == "    it is so");
        assert!(
            table[2].contains("0.100     0.500  0.250 to 0.750      not") && table[3].ends_with("(fitted)")
        );
        assert_eq!(reasons(&rows), ["x, size in a: not: it is so", "y, size in a: partly: it is so"]);
        assert!(line(&EvidenceRow { range: [0.0, f64::INFINITY], ..rows[0].clone() }).contains("above 0.1"));
    }

    #[test]
    fn what_is_chosen_starts_with_a_name_that_was_given() {
        let all = || vec!["bridges", "gossip"];
        let chosen = |only: &[&str]| {
            let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
            choose(all(), |name| name, &only, ["pattern", "list"]).ok()
        };
        assert_eq!(chosen(&[]), Some(all()));
        assert_eq!(chosen(&["br"]), Some(vec!["bridges"]));
        assert_eq!(chosen(&["bridge", "x"]), None);
    }
}
