//! The difference by horizon, and the chance that the second strategy gains more.

use super::super::axis::{Axis, number};
use super::super::canvas::{Anchor, Canvas, Picture, Point, draw as on_canvas};
use super::super::drawing::{Spot, cell, percent_cell};
use super::super::frame::{Head, Panel, Place};
use super::super::text::Weight;
use super::super::theme::{AXIS, BODY, INK, LINE, MARGIN, MUTED, RIBBON, SMALL, Style, WIDTH};
use super::BetEvidence;
use crate::stats::Interval;

/// Heights of the two panels, and of the space between them.
const UPPER: f64 = 230.0;
const LOWER: f64 = 120.0;
const BETWEEN: f64 = 52.0;

/// Two panels over the same horizons.
pub(in crate::chart) fn draw(evidence: &BetEvidence) -> Option<Picture> {
    let last = evidence.summary.last()?;
    let head = Head { title: title(evidence), subtitle: subtitle(evidence) };
    let top = head.height(WIDTH) + 24.0;
    let height = top + UPPER + BETWEEN + LOWER + 58.0;
    let rows = |pick: fn(&super::BetSummaryRow) -> Interval| -> Vec<(f64, Interval)> {
        evidence.summary.iter().map(|row| (row.horizon.into(), pick(row))).collect()
    };
    let (means, chances) = (rows(|row| row.mean), rows(|row| row.chances[1]));
    let ends = means.iter().flat_map(|(_, i)| [i.mean, i.low.unwrap_or(i.mean), i.high.unwrap_or(i.mean)]);
    let place = |top: f64, tall: f64| Place {
        left: MARGIN + 52.0,
        top,
        right: WIDTH - MARGIN - 60.0,
        bottom: top + tall,
    };
    let x = Axis::whole(0.0, f64::from(last.horizon), 8);
    let upper = Panel { place: place(top, UPPER), x: x.clone(), y: Axis::with_zero(ends, 5), percent: false };
    let lower =
        Panel { place: place(top + UPPER + BETWEEN, LOWER), x, y: Axis::exactly(0.0, 1.0, 4), percent: true };
    let [first, second] = evidence.pair();
    Some(on_canvas(WIDTH, height, |canvas| {
        head.draw(canvas, WIDTH);
        heading(canvas, &upper, &format!("Mean net benefit as {second} less that as {first}"));
        upper.draw_y(canvas);
        curve(canvas, &upper, &means, evidence.styles[1], number);
        sides(canvas, &upper, evidence, &means);
        upper.draw_x(canvas);
        heading(canvas, &lower, &format!("Chance of gaining more as {second}"));
        lower.draw_y(canvas);
        let half = lower.at(0.0, 0.5).1;
        canvas.dashed(&[(lower.place.left, half), (lower.place.right, half)], &[4.0, 3.0], AXIS, 1.0);
        curve(canvas, &lower, &chances, evidence.styles[1], |p| format!("{:.0}%", p * 100.0));
        lower.draw_x(canvas);
        lower.draw_x_title(canvas, "Rounds after the event");
        tabulate(canvas, evidence, [&upper, &lower]);
    }))
}

/// Both panels in numbers.
fn tabulate(canvas: &Canvas, evidence: &BetEvidence, [upper, lower]: [&Panel; 2]) {
    let [first, second] = evidence.pair();
    let columns = [
        "Rounds after the event".to_owned(),
        format!("Mean net benefit as {second} less that as {first}"),
        format!("Chance of gaining more as {second}"),
    ];
    canvas.table("", &columns.each_ref().map(String::as_str));
    for row in &evidence.summary {
        let x = upper.x_at(row.horizon.into());
        let spot = |panel: &Panel| Spot::between((x - 8.0, panel.place.top), (x + 8.0, panel.place.bottom));
        let cells = vec![row.horizon.to_string(), cell(&row.mean), percent_cell(&row.chances[1])];
        canvas.row(&[spot(upper), spot(lower)], cells);
    }
}

fn heading(canvas: &Canvas, panel: &Panel, text: &str) {
    canvas.text(text, (MARGIN, panel.place.top - 12.0), Anchor::Start, BODY, Weight::Bold, INK);
}

/// A line with dots at the horizons, a ribbon, and the last value.
fn curve(
    canvas: &Canvas,
    panel: &Panel,
    points: &[(f64, Interval)],
    style: Style,
    words: impl Fn(f64) -> String,
) {
    let end = |pick: fn(&Interval) -> Option<f64>| -> Vec<Point> {
        points.iter().filter_map(|(x, i)| Some(panel.at(*x, pick(i)?))).collect()
    };
    let (low, mut high) = (end(|i| i.low), end(|i| i.high));
    if low.len() > 1 {
        high.reverse();
        canvas.polygon(&[low, high].concat(), style.colour, RIBBON);
    }
    let line: Vec<Point> = points.iter().map(|(x, i)| panel.at(*x, i.mean)).collect();
    if line.len() > 1 {
        canvas.line(&line, style.colour, LINE);
    }
    for (at, (_, i)) in line.iter().zip(points) {
        if let (Some(low), Some(high)) = (i.low, i.high) {
            let y = |value| panel.at(0.0, value).1;
            canvas.line(&[(at.0, y(low)), (at.0, y(high))], style.colour, 1.2);
        }
        canvas.dot(*at, 3.2, style.colour);
    }
    if let (Some(at), Some((_, i))) = (line.last(), points.last()) {
        let place = (at.0 + 9.0, at.1 + 0.35 * BODY);
        canvas.text(&words(i.mean), place, Anchor::Start, BODY, Weight::Bold, style.text_colour());
    }
}

/// Labels on both sides of zero that name the strategy that is ahead there, if there is space: at the end where the
/// curve leaves more of it.
fn sides(canvas: &Canvas, panel: &Panel, evidence: &BetEvidence, points: &[(f64, Interval)]) {
    let [first, second] = evidence.pair();
    let zero = panel.at(0.0, 0.0).1;
    let (Some((_, start)), Some((_, end))) = (points.first(), points.last()) else { return };
    let upper = |i: &Interval| i.high.unwrap_or(i.mean);
    let lower = |i: &Interval| i.low.unwrap_or(i.mean);
    let say = |text: String, at_end: bool, y: f64| {
        let (x, anchor) = if at_end {
            (panel.place.right - 4.0, Anchor::End)
        } else {
            (panel.place.left + 4.0, Anchor::Start)
        };
        canvas.text(&text, (x, y), anchor, SMALL, Weight::Regular, MUTED);
    };
    if zero - panel.place.top > 30.0 {
        let at_end = upper(end) < upper(start);
        say(format!("↑ better as {second}"), at_end, panel.place.top + 12.0);
    }
    if panel.place.bottom - zero > 30.0 {
        let at_end = lower(end) >= lower(start);
        say(format!("↓ better as {first}"), at_end, panel.place.bottom - 6.0);
    }
}

fn title(evidence: &BetEvidence) -> String {
    let [first, second] = evidence.pair();
    let Some(claims) = evidence.claims() else { return String::new() };
    let (mean, after) = (claims.mean, evidence.after());
    if claims.all_tie() {
        return format!("No difference: everybody gained as much as {first} as as {second}");
    }
    let majority = claims.majority([&first, &second]);
    let Some(leader) = claims.leader() else {
        let open = if mean.low.is_none() { "Without spread between worlds undecided" } else { "Undecided" };
        return format!("{open} on average {after} ({}); {majority}", signed(mean.mean));
    };
    let winner = if leader == 1 { &second } else { &first };
    let word = if claims.disagree() { "but" } else { "and" };
    format!("{winner} wins on average {after} ({}), {word} {majority}", signed(mean.mean.abs()))
}

fn signed(value: f64) -> String {
    let text = number(value.abs());
    format!("{}{text}", if value < 0.0 { "\u{2212}" } else { "+" })
}

fn subtitle(evidence: &BetEvidence) -> String {
    let ribbon = if evidence.summary.iter().any(|row| row.mean.low.is_some()) {
        format!("ribbon = {} interval, clustered by world", evidence.level)
    } else {
        "no spread between worlds, so no interval".to_owned()
    };
    format!(
        "The same event attended in two copies of one world, with the same luck; {}; {ribbon}{}",
        evidence.sample(),
        evidence.caution()
    )
}
