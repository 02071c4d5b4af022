//! One factor: the contrast along it, and every strategy's mean.

use super::super::axis::Axis;
use super::super::canvas::{Anchor, Canvas, Picture, Point, draw as on_canvas};
use super::super::drawing::{Spot, cell};
use super::super::frame::{Head, Panel, Place};
use super::super::labels::{self, Label};
use super::super::text::Weight;
use super::super::theme::{HEIGHT, INK, LINE, MARGIN, MUTED, RIBBON, SMALL, Style, WIDTH, styles};
use super::super::words::short;
use super::{FactorScale, SweepEvidence, side};
use crate::results::{SweepPointRow, brief};
use crate::stats::Interval;

/// A line over the factor: positions along the axis (0 to 1), and the estimates there.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) style: Style,
    pub(super) points: Vec<(f64, Interval)>,
}

/// The values of the factor in order, with their positions.
pub(super) fn values<'a>(
    points: impl Iterator<Item = &'a SweepPointRow>,
    scale: &FactorScale,
) -> Vec<(f64, String)> {
    let value = |row: &SweepPointRow| (scale.share(&row.values[0]), brief(&row.values[0]));
    let mut values: Vec<_> = points.map(value).collect();
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    values.dedup();
    values
}

/// The contrast along the only factor.
pub(in crate::chart) fn draw_difference(evidence: &SweepEvidence) -> Option<Picture> {
    let [scale] = &evidence.scales[..] else { return None };
    let mut points: Vec<(f64, Interval)> =
        evidence.points.iter().map(|row| (scale.share(&row.values[0]), row.difference)).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    // A single line needs no dashes.
    let style = Style { dash: &[], ..evidence.styles[1] };
    let line = Line { name: String::new(), style, points };
    let head = Head { title: title(evidence, scale), subtitle: subtitle(evidence) };
    let values = values(evidence.points.iter(), scale);
    figure(&head, &values, scale, &[line], |canvas, panel| sides(canvas, panel, evidence))
}

/// Every strategy's mean along the only factor.
pub(in crate::chart) fn draw_net(evidence: &SweepEvidence) -> Option<Picture> {
    let [scale] = &evidence.scales[..] else { return None };
    if evidence.means.is_empty() {
        return None;
    }
    let lines: Vec<Line> = evidence
        .strategies
        .iter()
        .zip(styles(&evidence.strategies))
        .map(|(name, style)| {
            let rows = evidence.means.iter().filter(|row| row.strategy == *name);
            let of = |row: &super::SweepMeanRow| {
                let point = evidence.points.iter().find(|p| p.point == row.point)?;
                Some((scale.share(&point.values[0]), row.mean))
            };
            let mut points: Vec<_> = rows.filter_map(of).collect();
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            Line { name: short(name), style, points }
        })
        .filter(|line| !line.points.is_empty())
        .collect();
    let metric = if evidence.names.metric == "net" {
        "Net benefit per agent and round".to_owned()
    } else {
        evidence.names.metric.replace('_', " ")
    };
    let subtitle = format!("{metric} of each strategy; {}", ribbon(evidence));
    let head = Head { title: net_title(&lines, scale), subtitle };
    figure(&head, &values(evidence.points.iter(), scale), scale, &lines, |_, _| {})
}

pub(super) fn figure(
    head: &Head,
    values: &[(f64, String)],
    scale: &FactorScale,
    lines: &[Line],
    more: impl FnOnce(&Canvas, &Panel),
) -> Option<Picture> {
    let estimates = lines.iter().flat_map(|line| line.points.iter().map(|p| p.1));
    let ends = estimates.flat_map(|i| [i.mean, i.low.unwrap_or(i.mean), i.high.unwrap_or(i.mean)]);
    let top = head.height(WIDTH) + 10.0;
    let bottom = top + HEIGHT - 150.0;
    let names = lines.iter().map(|line| line.name.as_str()).filter(|name| !name.is_empty());
    let room = labels::room(names, 170.0).max(24.0);
    let place = Place { left: MARGIN + 52.0, top, right: WIDTH - MARGIN - room, bottom };
    let panel = Panel { place, x: Axis::exactly(0.0, 1.0, 5), y: Axis::with_zero(ends, 6), percent: false };
    Some(on_canvas(WIDTH, bottom + 56.0, |canvas| {
        head.draw(canvas, WIDTH);
        panel.draw_y(canvas);
        more(canvas, &panel);
        for line in lines {
            draw_line(canvas, &panel, line, scale.names().is_empty());
        }
        let labels: Vec<Label> = lines
            .iter()
            .filter(|line| !line.name.is_empty())
            .filter_map(|line| {
                let y = panel.at(0.0, line.points.last()?.1.mean).1;
                Some(Label { text: line.name.clone(), style: line.style, y })
            })
            .collect();
        labels::draw(canvas, place.right, (place.top, place.bottom), &labels, room);
        scale.draw_x(canvas, place, true);
        tabulate(canvas, &panel, values, scale, lines);
    }))
}

/// The estimates of all lines, by value of the factor.
fn tabulate(canvas: &Canvas, panel: &Panel, values: &[(f64, String)], scale: &FactorScale, lines: &[Line]) {
    let name = |line: &Line| if line.name.is_empty() { "difference".to_owned() } else { line.name.clone() };
    let columns: Vec<String> = std::iter::once(scale.name.clone()).chain(lines.iter().map(name)).collect();
    canvas.table("", &columns.iter().map(String::as_str).collect::<Vec<_>>());
    let half = 0.5 * (panel.place.right - panel.place.left) / values.len().max(2) as f64;
    for (share, value) in values {
        let at = |line: &Line| {
            let found = line.points.iter().find(|point| point.0 == *share);
            found.map_or_else(String::new, |point| cell(&point.1))
        };
        let x = panel.x_at(*share);
        let spot = Spot::between((x - half, panel.place.top), (x + half, panel.place.bottom));
        canvas.row(&[spot], std::iter::once(value.clone()).chain(lines.iter().map(at)).collect());
    }
}

/// A line with its ribbon, or dots with bars if the values are names.
fn draw_line(canvas: &Canvas, panel: &Panel, line: &Line, joined: bool) {
    let end = |pick: fn(&Interval) -> Option<f64>| -> Vec<Point> {
        line.points.iter().filter_map(|(x, i)| Some(panel.at(*x, pick(i)?))).collect()
    };
    let (low, mut high) = (end(|i| i.low), end(|i| i.high));
    if !joined {
        for (low, high) in low.iter().zip(&high) {
            canvas.line(&[*low, *high], line.style.colour, LINE);
        }
    } else if low.len() > 1 {
        high.reverse();
        canvas.polygon(&[low, high].concat(), line.style.colour, RIBBON);
    }
    let points: Vec<Point> = line.points.iter().map(|(x, i)| panel.at(*x, i.mean)).collect();
    if joined && points.len() > 1 {
        canvas.dashed(&points, line.style.dash, line.style.colour, LINE);
    }
    if points.len() <= 60 {
        points.iter().for_each(|at| canvas.dot(*at, 2.6, line.style.colour));
    }
}

/// Labels on both sides of zero that name the strategy that is ahead there, if there is space.
fn sides(canvas: &Canvas, panel: &Panel, evidence: &SweepEvidence) {
    let [first, second] = evidence.pair();
    let zero = panel.at(0.0, 0.0).1;
    canvas.line(&[(panel.place.left, zero), (panel.place.right, zero)], INK, 1.2);
    let right = panel.place.right - 4.0;
    for (name, arrow, y, room) in [
        (second, "↑", zero - 7.0, zero - panel.place.top),
        (first, "↓", zero + 15.0, panel.place.bottom - zero),
    ] {
        if room > 30.0 {
            let text = format!("{arrow} better as {name}");
            canvas.text(&text, (right, y), Anchor::End, SMALL, Weight::Regular, MUTED);
        }
    }
}

/// The title: where the lead changes.
fn title(evidence: &SweepEvidence, scale: &FactorScale) -> String {
    let mut rows: Vec<_> = evidence.points.iter().collect();
    rows.sort_by(|a, b| scale.share(&a.values[0]).total_cmp(&scale.share(&b.values[0])));
    let sides: Vec<(usize, &str)> =
        rows.iter().map(|row| (side(&row.together), row.values[0].as_str())).collect();
    let [first, second] = evidence.pair();
    let name = |side: usize| if side == 2 { &second } else { &first };
    let factor = short(&scale.name);
    match sides.chunk_by(|a, b| a.0 == b.0).collect::<Vec<_>>()[..] {
        [low, high] | [low, [(1, _), ..], high] if low[0].0 + high[0].0 == 2 && low[0].0 != 1 => format!(
            "{factor}: {} is clearly ahead up to {}, {} from {} on",
            name(low[0].0),
            brief(low[low.len() - 1].1),
            name(high[0].0),
            brief(high[0].1)
        ),
        [one, [(1, _), ..]] | [[(1, _), ..], one] | [[(1, _), ..], one, [(1, _), ..]] => {
            let (from, to) = (brief(one[0].1), brief(one[one.len() - 1].1));
            format!("{factor}: {} is clearly ahead from {from} to {to}, and nobody elsewhere", name(one[0].0))
        }
        _ => evidence.counted(),
    }
}

fn subtitle(evidence: &SweepEvidence) -> String {
    let measure = evidence.measure();
    let mut letters = measure.chars();
    let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    format!("{capital}; {}. Clearly ahead: {}{}", ribbon(evidence), evidence.together(), evidence.caution())
}

fn ribbon(evidence: &SweepEvidence) -> String {
    let level = evidence.level;
    let named = evidence.scales.first().is_some_and(|scale| !scale.names().is_empty());
    if named {
        format!("bars = {level} intervals of each point")
    } else if evidence.points.iter().any(|row| row.difference.low.is_some()) {
        format!("ribbon = {level} interval of each point")
    } else {
        "one replicate, so no interval".to_owned()
    }
}

/// The title: which strategy has the highest mean at either end of the factor.
fn net_title(lines: &[Line], scale: &FactorScale) -> String {
    let best = |end: fn(&Line) -> f64| lines.iter().max_by(|a, b| end(a).total_cmp(&end(b)));
    let first = best(|line| line.points.first().map_or(f64::NEG_INFINITY, |p| p.1.mean));
    let last = best(|line| line.points.last().map_or(f64::NEG_INFINITY, |p| p.1.mean));
    let factor = short(&scale.name);
    match (first, last) {
        (Some(first), Some(last)) if first.name == last.name => {
            format!("{factor}: {} has the highest mean at both ends", first.name)
        }
        (Some(first), Some(last)) => {
            format!(
                "{factor}: {} has the highest mean at the low end, {} at the high end",
                first.name, last.name
            )
        }
        _ => format!("By {factor}"),
    }
}
