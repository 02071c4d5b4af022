//! The chart of published patterns: what two scenarios show, as a multiple of what was published.

use super::canvas::Picture;
use super::dots::{Row, dots_within};
use super::frame::Head;
use super::theme::Style;
use crate::results::PatternRow;
use crate::stats::Interval;

/// Multiples beyond this are drawn here, with an arrow, so that they do not hide the others.
const CUT: f64 = 3.0;

/// A row for each quantity with a published number, a dot for each scenario.
pub(super) fn draw(all: &[PatternRow]) -> Option<Picture> {
    let scenarios = scenarios(all);
    let quantities = all.chunk_by(|a, b| (&a.pattern, &a.quantity) == (&b.pattern, &b.quantity));
    let rows = quantities.filter_map(|rows| {
        let dots: Vec<_> = rows.iter().filter_map(|row| dot(row, &scenarios)).collect();
        (!dots.is_empty()).then(|| Row { label: rows[0].quantity.clone(), dots })
    });
    let head = Head {
        title: title(all, &scenarios),
        subtitle: format!(
            "Measured value and interval as a multiple of the published value (of a range its middle); 1 = as \
             published, beyond {CUT} an arrow. Directions have no size and are left out; the table has them"
        ),
    };
    dots_within(&head, &rows.collect::<Vec<_>>(), "Measured / published", false, CUT)
}

/// The scenarios, in the order of the table.
fn scenarios(all: &[PatternRow]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for row in all {
        if !names.contains(&row.scenario.as_str()) {
            names.push(&row.scenario);
        }
    }
    names
}

/// How many patterns each scenario reproduces, by the table.
fn title(all: &[PatternRow], scenarios: &[&str]) -> String {
    let patterns: Vec<&[PatternRow]> = all.chunk_by(|a, b| a.pattern == b.pattern).collect();
    let count = |scenario: &str, verdict: &str| {
        let of = |rows: &&&[PatternRow]| {
            rows.iter().any(|row| row.scenario == scenario && row.pattern_verdict == verdict)
        };
        patterns.iter().filter(of).count()
    };
    let said = scenarios.iter().map(|scenario| {
        let [whole, partly, not] = ["reproduced", "partly", "not"].map(|verdict| count(scenario, verdict));
        format!("{scenario} reproduces {whole}, {partly} partly, {not} not")
    });
    format!("Of {} published patterns {}", patterns.len(), said.collect::<Vec<_>>().join("; "))
}

fn dot(row: &PatternRow, scenarios: &[&str]) -> Option<(String, Style, Interval)> {
    let [low, high] = row.published;
    let middle = (low + high) / 2.0;
    // A direction has only the value without effect.
    if row.measured.mean.is_nan() || middle <= 0.0 || is_direction(row) {
        return None;
    }
    let scale = |value: f64| value / middle;
    let Interval { mean, low, high } = row.measured;
    let shown = Interval { mean: scale(mean), low: low.map(scale), high: high.map(scale) };
    let place = scenarios.iter().position(|scenario| *scenario == row.scenario).unwrap_or(0);
    Some((row.scenario.clone(), Style::apart(place), shown))
}

/// Whether only a direction was published.
fn is_direction(row: &PatternRow) -> bool {
    row.range_high.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(quantity: &str, scenario: &str, mean: f64, verdicts: [&str; 2]) -> PatternRow {
        PatternRow {
            pattern: "pattern".to_owned(),
            quantity: quantity.to_owned(),
            scenario: scenario.to_owned(),
            published: [2.0, 2.0],
            range_high: Some(2.5),
            measured: Interval::around(mean, Some(0.5)),
            verdict: verdicts[0].to_owned(),
            pattern_verdict: verdicts[1].to_owned(),
        }
    }

    #[test]
    fn dots_are_multiples_of_what_was_published_and_titles_count_patterns() {
        let all = [
            row("a", "one", 2.0, ["reproduced", "reproduced"]),
            row("a", "other", 1.0, ["not", "partly"]),
            row("b", "one", 50.0, ["reproduced", "reproduced"]),
            row("b", "other", 2.0, ["reproduced", "partly"]),
        ];
        assert_eq!(
            title(&all, &scenarios(&all)),
            "Of 1 published patterns one reproduces 1, 0 partly, 0 not; other reproduces 0, 1 partly, 0 not"
        );
        let shown: Vec<f64> = all.iter().map(|row| dot(row, &["one", "other"]).unwrap().2.mean).collect();
        assert_eq!(shown, [1.0, 0.5, 25.0, 1.0]);
        let direction = PatternRow { range_high: None, ..all[0].clone() };
        assert!(dot(&direction, &["one"]).is_none());
        let svg = draw(&all).unwrap().unwrap().svg;
        assert!(svg.contains("published patterns") && svg.contains("25.0 \u{2192}"), "{svg}");
    }
}
