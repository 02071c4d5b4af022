//! What matters: a tornado of one factor at a time, Morris' and Sobol's indices.

use super::super::axis::number;
use super::super::canvas::Picture;
use super::super::dots::{Row, dots};
use super::super::frame::Head;
use super::super::theme::{MUTED, Style};
use super::super::words::short;
use super::{SensitivityRow, SweepEvidence};
use crate::results::{SweepPointRow, brief, ranking};
use crate::stats::{Interval, Level};

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
            (brief(&row.values[f]), evidence.speaker(row).1, estimate)
        });
        bands.push((high - low, Row { label: short(&factor.name), dots: dots.collect() }));
    }
    bands.sort_by(|a, b| b.0.total_cmp(&a.0));
    let widest = bands.first()?;
    let title = if is_widest(&bands) {
        format!("{} moves the contrast most, by {}", widest.1.label, number(widest.0))
    } else {
        "Which factor moves the contrast most is not clear".to_owned()
    };
    let rows: Vec<Row> = bands.into_iter().map(|band| band.1).collect();
    let some = evidence.thin.reported().map_or_else(String::new, |told| format!(" ({told})"));
    let subtitle = format!(
        "Each factor over its values, the others as the scenario has them{some}. Lines = {} intervals \
         of each point; colour = the strategy clearly ahead, {}: {}{}",
        evidence.level,
        evidence.together(),
        colours(evidence),
        evidence.caution()
    );
    dots(&Head { title, subtitle }, &rows, &capital(&evidence.measure()), true)
}

/// Whether the first factor moves the contrast by more than any other, wherever in their intervals the means lie.
fn is_widest(bands: &[(f64, Row)]) -> bool {
    let ends = |band: &(f64, Row)| -> Option<Vec<(f64, f64)>> {
        band.1.dots.iter().map(|dot| dot.2.ends()).collect()
    };
    let greatest = |pick: fn(&(f64, f64)) -> f64, ends: &[(f64, f64)]| {
        ends.iter().map(pick).fold(f64::NEG_INFINITY, f64::max)
    };
    let least_move = |ends: &[(f64, f64)]| greatest(|e| e.0, ends) + greatest(|e| -e.1, ends);
    let most_move = |ends: &[(f64, f64)]| greatest(|e| e.1, ends) + greatest(|e| -e.0, ends);
    let Some(all) = bands.iter().map(ends).collect::<Option<Vec<_>>>() else { return false };
    let least = least_move(&all[0]);
    least > 0.0 && all[1..].iter().all(|other| most_move(other) < least)
}

/// Which colour is whose.
fn colours(evidence: &SweepEvidence) -> String {
    let [first, second] = evidence.pair();
    format!("{first} to the left of zero, {second} to the right, grey if unclear")
}

/// Morris: mean absolute effects and their spread.
pub(in crate::chart) fn draw_morris(evidence: &SweepEvidence) -> Option<Picture> {
    let rows = ordered(&evidence.morris, |row| row.first)?;
    let subtitle = format!(
        "Elementary effects on {}, per range of the factor: mean of their sizes (mu star) and their standard \
         deviation (sigma: interaction or bend){}{}",
        evidence.measure(),
        intervals(evidence.level, &rows),
        luck(evidence)
    );
    let head = Head { title: leaders(&rows, |row| row.first), subtitle };
    let band = |row: &SensitivityRow| [("mu star", DARK, row.first), ("sigma", PALE, row.second)];
    dots(&head, &bands(&rows, band), "Effect, in units of the metric", false)
}

/// Sobol: shares of variance.
pub(in crate::chart) fn draw_sobol(evidence: &SweepEvidence) -> Option<Picture> {
    let rows = ordered(&evidence.sobol, |row| row.second)?;
    let subtitle = format!(
        "Shares of the variance of {} over all points: of the factor alone (S1), and with all it takes part in \
         (ST){}{}",
        evidence.measure(),
        intervals(evidence.level, &rows),
        luck(evidence)
    );
    let head = Head { title: leaders(&rows, |row| row.second), subtitle };
    let band = |row: &SensitivityRow| [("S1, alone", PALE, row.first), ("ST, in all", DARK, row.second)];
    dots(&head, &bands(&rows, band), "Share of the variance", false)
}

/// A row of two named estimates for every factor.
fn bands(
    rows: &[&SensitivityRow],
    band: impl Fn(&SensitivityRow) -> [(&'static str, Style, Interval); 2],
) -> Vec<Row> {
    let dot = |(name, style, estimate): (&str, _, _)| (name.to_owned(), style, estimate);
    let row =
        |row: &&SensitivityRow| Row { label: label(row), dots: band(row).into_iter().map(dot).collect() };
    rows.iter().map(row).collect()
}

/// The most important first, by ST or by mu star; factors without an estimate are left out.
fn ordered(rows: &[SensitivityRow], rank: fn(&SensitivityRow) -> Interval) -> Option<Vec<&SensitivityRow>> {
    let mut rows: Vec<&SensitivityRow> = rows.iter().filter(|row| rank(row).mean.is_finite()).collect();
    rows.sort_by(|a, b| rank(b).mean.total_cmp(&rank(a).mean));
    (!rows.is_empty()).then_some(rows)
}

/// Which factors matter most, as far as intervals tell it.
fn leaders(rows: &[&SensitivityRow], rank: fn(&SensitivityRow) -> Interval) -> String {
    let rows: Vec<(String, Interval)> = rows.iter().map(|row| (short(&row.factor), rank(row))).collect();
    let text = ranking(&rows);
    // A name stays as it is.
    if rows.iter().any(|row| text.starts_with(&row.0)) { text } else { capital(&text) }
}

/// That there are intervals, or why there are none; what helps is in the table.
fn intervals(level: Level, rows: &[&SensitivityRow]) -> String {
    let missing = rows.iter().find(|row| !row.note.is_empty()).map(|row| row.note.split(';').next());
    match missing.flatten() {
        Some(why) => format!(". {}", capital(why)),
        None => format!(", with {level} intervals"),
    }
}

/// The factor's name, and whether it is a price, to which nobody reacts.
fn label(row: &SensitivityRow) -> String {
    let price = if row.price { " (price)" } else { "" };
    format!("{}{price}", short(&row.factor))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(factor: &str, [mean, low, high]: [f64; 3]) -> SensitivityRow {
        let of = Interval::from_cells([mean, low, high]);
        SensitivityRow {
            factor: factor.to_owned(),
            first: of,
            second: of,
            price: factor == "fee",
            note: String::new(),
        }
    }

    #[test]
    fn a_title_names_a_leader_only_where_its_interval_is_clear() {
        let title = |rows: &[SensitivityRow]| leaders(&ordered(rows, |r| r.second).unwrap(), |r| r.second);
        let clear = [row("cost", [0.1, 0.0, 0.2]), row("fee", [0.6, 0.5, 0.7])];
        assert_eq!(title(&clear), "fee matters most");
        let touching = [row("cost", [0.4, 0.2, 0.6]), row("fee", [0.6, 0.5, 0.7])];
        assert_eq!(title(&touching), "fee and cost cannot be told apart as what matters most");
        let none = [row("cost", [0.4, f64::NAN, f64::NAN])];
        assert_eq!(title(&none), "Which factor matters most is not clear: there are no intervals");
        assert!(ordered(&[row("cost", [f64::NAN; 3])], |r| r.second).is_none(), "nothing to draw");
    }

    #[test]
    fn prices_are_labelled_and_missing_intervals_explained() {
        let mut rows = [row("cost", [0.1; 3]), row("fee", [0.6; 3])];
        assert_eq!(intervals(Level::USUAL, &[&rows[0]]), ", with 95% intervals");
        rows[0].note = "no intervals: few; take more".to_owned();
        assert_eq!(intervals(Level::USUAL, &[&rows[0], &rows[1]]), ". No intervals: few");
        assert_eq!([label(&rows[0]), label(&rows[1])], ["cost", "fee (price)"]);
    }

    #[test]
    fn one_factor_moves_the_contrast_most_only_beyond_all_intervals() {
        let band = |name: &str, dots: &[[f64; 3]]| {
            let dots = dots.iter().map(|cells| (String::new(), DARK, Interval::from_cells(*cells)));
            (0.0, Row { label: name.to_owned(), dots: dots.collect() })
        };
        // It moves by at least 0.8 - 0.2, the other by at most 0.4.
        let wide = band("fee", &[[0.1, 0.0, 0.2], [0.9, 0.8, 1.0]]);
        let narrow = band("cost", &[[0.4, 0.3, 0.5], [0.6, 0.5, 0.7]]);
        assert!(is_widest(&[wide.clone(), narrow.clone()]));
        assert!(!is_widest(&[narrow.clone(), wide.clone()]));
        assert!(!is_widest(&[wide.clone(), band("cost", &[[0.4, 0.0, 0.8]])]));
        assert!(!is_widest(&[wide, band("cost", &[[0.4, f64::NAN, f64::NAN]])]));
        assert!(!is_widest(&[narrow]), "it may not move it at all");
    }
}
