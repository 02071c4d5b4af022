//! Report of a bet on the terminal.

use std::path::PathBuf;

use super::{Failure, Terminal};
use crate::results::{BetMean, BetSummary, Quantity};

/// Reports the result of a bet and its folder.
pub(super) fn report(terminal: &Terminal, summary: &BetSummary, charts: &[PathBuf]) -> Result<(), Failure> {
    let files = if charts.is_empty() { "tables and manifest" } else { "tables, charts and manifest" };
    terminal.note(&format!("{}{files} are in {}", words(terminal, summary), summary.dir.display()));
    terminal.result(&summary.dir, charts, summary)
}

fn words(terminal: &Terminal, summary: &BetSummary) -> String {
    let mut text = table(terminal, summary);
    let mut line = |words: String| text += &format!("{words}\n");
    line(summary.verdict.text.clone());
    if let Some(note) = &summary.break_even {
        let [_, first, second] = &summary.strategies;
        let ahead = if note.second_ahead { second } else { first };
        line(format!(
            "{ahead} is ahead from about {:.0} rounds on ({})",
            note.horizon,
            interval(note.ci_low, note.ci_high)
        ));
    }
    if summary.invited > 0 {
        line(format!("{} of them came for the bet only: too few attend the event anyway", summary.invited));
    }
    line(others(summary));
    for note in parts(&summary.parts) {
        line(note);
    }
    if let Some(note) = &summary.crossover {
        line(crossover(&note.quantities, note.window));
    }
    if summary.precise == Some(false) {
        line("the precision asked for was not reached".to_owned());
    }
    text
}

/// The difference by horizon.
fn table(terminal: &Terminal, summary: &BetSummary) -> String {
    let [_, first, second] = &summary.strategies;
    let n = summary.horizons.first().map_or(0, |row| row.twins);
    let mut text = format!(
        "{}  {second} - {first}, {n} people in {} worlds\n",
        terminal.bold("rounds after"),
        summary.worlds_done
    );
    for row in &summary.horizons {
        let ends = row.mean.ends();
        let interval =
            ends.map_or(String::new(), |(low, high)| format!("  (95% interval {low:+.2} to {high:+.2})"));
        text += &format!(
            "{:>12}  {:+.2}{interval}, {second} gains more in {:.0}%\n",
            row.horizon,
            row.mean.mean,
            row.p_second * 100.0
        );
    }
    text
}

/// An interval in words; either end can be missing.
fn interval(low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("95% interval {low:.0} to {high:.0}"),
        (Some(low), None) => format!("95% interval {low:.0} to beyond the last horizon"),
        (None, Some(high)) => format!("95% interval from before the first horizon to {high:.0}"),
        (None, None) => "no interval within the horizons".to_owned(),
    }
}

fn others(summary: &BetSummary) -> String {
    let last = summary.horizons.last().map_or(0, |row| row.horizon);
    let of = |whom: &str| summary.others.iter().find(|row| row.horizon == last && row.what == whom);
    let reported = |label: &str, whom: &str| {
        let row = of(whom)?;
        let (low, high) = row.mean.ends()?;
        let clear = if row.mean.excludes_zero() { "" } else { ", not clear of zero" };
        Some(format!("{label} {:+.2} (95% interval {low:+.2} to {high:+.2}{clear})", row.mean.mean))
    };
    let others =
        [("partners", "partners"), ("everybody else", "rest")].map(|(label, whom)| reported(label, whom));
    let others: Vec<String> = others.into_iter().flatten().collect();
    if others.is_empty() {
        return "one world shows no spread in what others get".to_owned();
    }
    format!("what others get, summed, after {last} rounds: {}", others.join("; "))
}

/// The parts of the traits at the last horizon.
fn parts(rows: &[BetMean]) -> Vec<String> {
    let Some(last) = rows.last().map(|row| row.horizon) else { return Vec::new() };
    let items = rows.iter().filter(|row| row.horizon == last && row.what != "all").map(|row| {
        let ends = row.mean.ends();
        let interval = ends.map_or(String::new(), |(low, high)| format!(" ({low:+.2} to {high:+.2})"));
        format!("{} {:+.2}{interval}", row.what, row.mean.mean)
    });
    vec![format!("by trait after {last} rounds: {}", items.collect::<Vec<_>>().join(", "))]
}

fn crossover(quantities: &[Quantity], window: u32) -> String {
    let of = |name: &str| quantities.iter().find(|q| q.name == name).map(|q| q.mean);
    let value = |name: &str| of(name).map_or(f64::NAN, |q| q.mean);
    let bias = of("bias").and_then(|q| q.ends());
    let bias = bias.map_or(String::new(), |(low, high)| format!(" (95% interval {low:+.2} to {high:+.2})"));
    let people = of("people_crossover").map(|q| q.mean).filter(|n| !n.is_nan());
    let people =
        people.map_or(String::new(), |n| format!("; it would take about {n:.0} people to see the truth"));
    format!(
        "trying both on oneself, {window} rounds each: {:+.2} where the truth is {:+.2}, so a bias of {:+.2}{bias}{people}",
        value("estimate"),
        value("truth"),
        value("bias"),
    )
}
