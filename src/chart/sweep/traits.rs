//! Which traits a contrast is due to: a bar for the part of each.

use super::super::axis::{Axis, number};
use super::super::canvas::{Anchor, Canvas, Picture, draw as on_canvas};
use super::super::drawing::{Spot, cell};
use super::super::frame::{Head, Panel, Place};
use super::super::text::{Weight, width};
use super::super::theme::{BODY, GRID, INK, MARGIN, MUTED, SMALL, WIDTH};
use super::{SweepEvidence, TraitPartRow};
use crate::results::{LUCK_PART, WHOLE_CONTRAST};

/// Height of a row.
const PITCH: f64 = 26.0;

/// The part of each trait, the largest first, then luck and the whole contrast.
pub(in crate::chart) fn draw(evidence: &SweepEvidence) -> Option<Picture> {
    let rows = ordered(&evidence.traits);
    let whole = rows.last().filter(|row| row.name == WHOLE_CONTRAST)?;
    let [first, second] = evidence.pair();
    let head = Head {
        title: title(&rows, whole),
        subtitle: format!(
            "Part of each trait in {} (Shapley values); the parts and luck add up to all. Right of zero: in favour of \
             {second}, left: of {first}. Lines = {} intervals",
            evidence.measure(),
            evidence.level
        ),
    };
    let ends = rows.iter().flat_map(|row| row.part.to_cells()).filter(|end| !end.is_nan());
    let widest = rows.iter().map(|row| width(&label(row), BODY, Weight::Bold)).fold(0.0, f64::max);
    let top = head.height(WIDTH) + 10.0;
    let height = top + PITCH * rows.len() as f64 + 56.0;
    let place =
        Place { left: MARGIN + widest + 14.0, top, right: WIDTH - MARGIN - 50.0, bottom: height - 52.0 };
    let panel = Panel { place, x: Axis::with_zero(ends, 6), y: Axis::exactly(0.0, 1.0, 1), percent: false };
    Some(on_canvas(WIDTH, height, |canvas| {
        head.draw(canvas, WIDTH);
        panel.draw_x_grid(canvas);
        canvas.table("", &["Trait", "Part and interval"]);
        for (k, row) in rows.iter().enumerate() {
            draw_row(canvas, evidence, &panel, row, top + PITCH * k as f64);
        }
        panel.draw_x(canvas);
        panel.draw_x_title(canvas, &format!("{second} less {first}"));
    }))
}

/// The traits by the size of their parts, then the others.
fn ordered(rows: &[TraitPartRow]) -> Vec<&TraitPartRow> {
    let is_trait = |row: &&TraitPartRow| ![LUCK_PART, WHOLE_CONTRAST].contains(&row.name.as_str());
    let (mut traits, others): (Vec<_>, Vec<_>) = rows.iter().partition(is_trait);
    traits.sort_by(|a, b| b.part.mean.abs().total_cmp(&a.part.mean.abs()));
    [traits, others].concat()
}

fn label(row: &TraitPartRow) -> String {
    row.name.replace('_', " ")
}

/// Which traits add most and take most away, as far as their intervals tell it.
fn title(rows: &[&TraitPartRow], whole: &TraitPartRow) -> String {
    let traits = rows.iter().filter(|row| ![LUCK_PART, WHOLE_CONTRAST].contains(&row.name.as_str()));
    let clear: Vec<&&TraitPartRow> = traits.filter(|row| row.part.excludes_zero()).collect();
    let up = clear.iter().find(|row| row.part.mean > 0.0);
    let down = clear.iter().find(|row| row.part.mean < 0.0);
    let named = |row: &TraitPartRow| format!("{} ({})", label(row), number(row.part.mean));
    let of = format!("of a difference of {}", number(whole.part.mean));
    match (up, down) {
        (Some(up), Some(down)) => {
            format!("{of} {} adds most, and {} takes most away", named(up), named(down))
        }
        (Some(up), None) => format!("{of} {} adds most", named(up)),
        (None, Some(down)) => format!("{of} {} takes most away", named(down)),
        (None, None) => return "No single trait makes a clear difference".to_owned(),
    }
    .replacen('o', "O", 1)
}

fn draw_row(canvas: &Canvas, evidence: &SweepEvidence, panel: &Panel, row: &TraitPartRow, top: f64) {
    let part = &row.part;
    let middle = top + PITCH / 2.0;
    let colour = match row.name.as_str() {
        LUCK_PART => MUTED,
        _ => evidence.styles[usize::from(part.mean > 0.0)].colour,
    };
    if row.name == WHOLE_CONTRAST {
        canvas.line(&[(MARGIN, top), (WIDTH - MARGIN, top)], GRID, 0.8);
    }
    let baseline = middle + 0.35 * BODY;
    canvas.text(&label(row), (MARGIN, baseline), Anchor::Start, BODY, Weight::Bold, INK);
    let (zero, end) = (panel.x_at(0.0), panel.x_at(part.mean));
    canvas.rect((zero, middle - 7.0), (end, middle + 7.0), colour);
    let mut right = zero.max(end);
    if let Some((low, high)) = part.ends() {
        canvas.line(&[(panel.x_at(low), middle), (panel.x_at(high), middle)], INK, 1.2);
        right = right.max(panel.x_at(high));
    }
    canvas.note(&number(part.mean), (right + 6.0, middle + 0.35 * SMALL), SMALL, Weight::Regular, MUTED);
    let spot = Spot::between((MARGIN, top), (WIDTH - MARGIN, top + PITCH));
    canvas.row(&[spot], vec![label(row), cell(part)]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Interval;

    fn row(name: &str, mean: f64, half: f64) -> TraitPartRow {
        TraitPartRow { name: name.to_owned(), part: Interval::around(mean, Some(half)) }
    }

    #[test]
    fn a_title_names_traits_whose_parts_are_clear_and_the_whole_stands_last() {
        let rows = [
            row("ask", -0.02, 0.01),
            row("serve", 0.1, 0.02),
            row("min_opinion", 0.3, 0.4),
            row(LUCK_PART, 0.0, 0.01),
            row(WHOLE_CONTRAST, 0.13, 0.02),
        ];
        let ordered = ordered(&rows);
        let names: Vec<&str> = ordered.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["min_opinion", "serve", "ask", LUCK_PART, WHOLE_CONTRAST]);
        let of = |rows: &[&TraitPartRow]| title(rows, &row(WHOLE_CONTRAST, 0.13, 0.02));
        let (plus, minus) = (number(0.1), number(-0.02));
        assert_eq!(
            of(&ordered),
            format!("Of a difference of 0.13 serve ({plus}) adds most, and ask ({minus}) takes most away")
        );
        assert_eq!(of(&ordered[..2]), format!("Of a difference of 0.13 serve ({plus}) adds most"));
        assert_eq!(of(&ordered[..1]), "No single trait makes a clear difference");
    }
}
