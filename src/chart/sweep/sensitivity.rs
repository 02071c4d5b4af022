//! What matters: a tornado of one factor at a time, Morris' and Sobol's indices.

use super::super::axis::number;
use super::super::canvas::Picture;
use super::super::dots::{Row, dots};
use super::super::frame::Head;
use super::super::theme::{MUTED, Style};
use super::super::words::short;
use super::{SensitivityRow, SweepEvidence};
use crate::results::{SweepPointRow, brief};
use crate::stats::Interval;

const DARK: Style = Style { colour: super::super::theme::INK, dash: &[] };
const PALE: Style = Style { colour: MUTED, dash: &[] };

/// One factor at a time: where the contrast goes along each, the widest reach first.
pub(in crate::chart) fn draw_tornado(evidence: &SweepEvidence) -> Option<Picture> {
    if evidence.names.design != "one-at-a-time" {
        return None;
    }
    let mut from = 0;
    let mut bands: Vec<(f64, Row)> = Vec::new();
    for (f, factor) in evidence.names.factors.iter().enumerate() {
        let numbers = from..factor.levels.saturating_add(from);
        from = numbers.end;
        let points: Vec<&SweepPointRow> =
            evidence.points.iter().filter(|row| numbers.contains(&row.point)).collect();
        let at = |pick: fn(&[&SweepPointRow]) -> Option<f64>| pick(&points);
        let low = at(|p| p.iter().map(|r| r.difference.mean).min_by(f64::total_cmp));
        let high = at(|p| p.iter().map(|r| r.difference.mean).max_by(f64::total_cmp));
        let (Some(low), Some(high)) = (low, high) else { continue };
        let dots = points.iter().map(|row| {
            let estimate = row.difference;
            (brief(&row.values[f]), evidence.speaker(&estimate).1, estimate)
        });
        bands.push((high - low, Row { label: short(&factor.name), dots: dots.collect() }));
    }
    bands.sort_by(|a, b| b.0.total_cmp(&a.0));
    let widest = bands.first()?;
    let title = format!("{} moves the contrast most, by {}", widest.1.label, number(widest.0));
    let rows: Vec<Row> = bands.into_iter().map(|band| band.1).collect();
    let some = evidence.thin.reported().map_or_else(String::new, |told| format!(" ({told})"));
    let subtitle = format!(
        "Each factor over its values, the others as the scenario has them{some}. Lines = 95% intervals; \
         colour = whoever is clearly ahead: {}",
        colours(evidence)
    );
    dots(&Head { title, subtitle }, &rows, &capital(&evidence.measure()), true)
}

/// Which colour is whose.
fn colours(evidence: &SweepEvidence) -> String {
    let [first, second] = evidence.pair();
    format!("{first} to the left of zero, {second} to the right, grey if unclear")
}

/// Morris: mean absolute effects and their spread.
pub(in crate::chart) fn draw_morris(evidence: &SweepEvidence) -> Option<Picture> {
    let rows = ordered(&evidence.morris, |row| row.first.mean)?;
    let subtitle = format!(
        "Elementary effects on {}, per range of the factor: mean of their sizes (mu star) with 95% bootstrap \
         interval, and their standard deviation (sigma: interaction or bend){}",
        evidence.measure(),
        luck(evidence)
    );
    let head = Head { title: leaders(&rows), subtitle };
    let band = |row: &SensitivityRow| [("mu star", DARK, row.first), ("sigma", PALE, row.second)];
    dots(&head, &bands(&rows, band), "Effect, in units of the metric", false)
}

/// Sobol: shares of variance.
pub(in crate::chart) fn draw_sobol(evidence: &SweepEvidence) -> Option<Picture> {
    let rows = ordered(&evidence.sobol, |row| row.second.mean)?;
    let subtitle = format!(
        "Shares of the variance of {} over all points: of the factor alone (S1), and with all it takes part in \
         (ST), with 95% bootstrap intervals{}",
        evidence.measure(),
        luck(evidence)
    );
    let head = Head { title: leaders(&rows), subtitle };
    let band = |row: &SensitivityRow| [("S1, alone", PALE, row.first), ("ST, in all", DARK, row.second)];
    dots(&head, &bands(&rows, band), "Share of the variance", false)
}

/// A row of two named estimates for every factor.
fn bands(
    rows: &[&SensitivityRow],
    band: impl Fn(&SensitivityRow) -> [(&'static str, Style, Interval); 2],
) -> Vec<Row> {
    let dot = |(name, style, estimate): (&str, _, _)| (name.to_owned(), style, estimate);
    let row = |row: &&SensitivityRow| Row {
        label: short(&row.factor),
        dots: band(row).into_iter().map(dot).collect(),
    };
    rows.iter().map(row).collect()
}

/// The most important first: by ST, or by mu star.
fn ordered(rows: &[SensitivityRow], rank: fn(&SensitivityRow) -> f64) -> Option<Vec<&SensitivityRow>> {
    let mut rows: Vec<&SensitivityRow> = rows.iter().collect();
    rows.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    (!rows.is_empty()).then_some(rows)
}

fn leaders(rows: &[&SensitivityRow]) -> String {
    let then = rows.get(1).map_or_else(String::new, |row| format!(", then {}", short(&row.factor)));
    format!("{} matters most{then}", short(&rows[0].factor))
}

/// How much of the variance between single replicates is luck.
fn luck(evidence: &SweepEvidence) -> String {
    let share = |name: &str| evidence.noise.iter().find(|(source, _)| source == name).map(|n| 100.0 * n.1);
    match (share("factors"), share("shared luck"), share("luck")) {
        (Some(factors), Some(shared), Some(luck)) if factors.is_finite() => format!(
            ". Between single replicates {factors:.0}% of the variance is the factors', {shared:.0}% luck that \
             all points share, {luck:.0}% other luck"
        ),
        _ => String::new(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
