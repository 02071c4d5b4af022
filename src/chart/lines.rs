//! Lines with ribbons over rounds: the most common form of charts.

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, Picture, Point, draw};
use super::drawing::{Spot, cell, percent_cell};
use super::evidence::Evidence;
use super::frame::{Head, Panel, Place};
use super::labels::{self, Label};
use super::marks::{self, Mark};
use super::text::{Weight, shorten};
use super::theme::{BODY, HEIGHT, INK, LINE, MARGIN, MUTED, N_RIBBONS, RIBBON, SHADE, SMALL, Style, WIDTH};
use super::tracks::Track;
use crate::stats::Interval;

/// One strategy's line.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    /// Its name.
    pub(super) name: String,
    /// Its style.
    pub(super) style: Style,
    /// Round, mean and interval, rounds ascending.
    pub(super) points: Vec<(f64, Interval)>,
}

/// The curves of a track, for strategies that have values.
pub(super) fn curves(evidence: &Evidence, track: Track) -> Vec<Curve> {
    let all = (0..evidence.n_strategies()).map(|s| Curve {
        name: evidence.strategies[s].clone(),
        style: evidence.styles[s],
        points: evidence.tracks.of(track, s, evidence.level),
    });
    all.filter(|curve| !curve.points.is_empty()).collect()
}

/// A panel of curves.
#[derive(Clone, Debug)]
pub(super) struct Plot {
    /// Title above the panel, if a figure has several.
    pub(super) heading: String,
    /// Title of the vertical axis.
    pub(super) y_title: String,
    /// Title of the horizontal axis.
    pub(super) x_title: String,
    /// The curves.
    pub(super) curves: Vec<Curve>,
    /// Last value of x.
    pub(super) x_last: f64,
    /// Rounds before this one are shaded, because summaries leave them out.
    pub(super) burn_in: u32,
    /// Rounds at which settings change.
    pub(super) marks: Vec<Mark>,
    /// Whether curves are step functions, like survival curves.
    pub(super) steps: bool,
    /// Whether lines break where values of x are missing.
    pub(super) broken: bool,
    /// Whether values are shares, written as percent.
    pub(super) percent: bool,
    /// The vertical axis, if it does not follow from the curves.
    pub(super) y: Option<Axis>,
    /// Whether lines have labels at their ends.
    pub(super) labelled: bool,
}

impl Plot {
    /// A plot of a track over the rounds of a result.
    pub(super) fn of(evidence: &Evidence, track: Track, y_title: &str) -> Self {
        Self {
            heading: String::new(),
            y_title: y_title.to_owned(),
            x_title: "Round".to_owned(),
            curves: curves(evidence, track),
            x_last: f64::from(evidence.tracks.n_rounds.saturating_sub(1)),
            burn_in: evidence.burn_in,
            marks: evidence.marks.clone(),
            steps: false,
            broken: true,
            percent: false,
            y: None,
            labelled: true,
        }
    }
}

/// All values that an axis for the curves must contain, ends of intervals included.
pub(super) fn values(curves: &[Curve]) -> impl Iterator<Item = f64> {
    curves
        .iter()
        .flat_map(|c| &c.points)
        .flat_map(|(_, i)| [i.mean, i.low.unwrap_or(i.mean), i.high.unwrap_or(i.mean)])
}

/// An explanation of the shaded background, if no label in the panel has it.
pub(super) fn shaded(evidence: &Evidence) -> &'static str {
    match (evidence.burn_in > 0 && evidence.tracks.n_rounds > 1, evidence.marks.is_empty()) {
        (true, true) => "; shaded = burn-in",
        (true, false) => "; shaded = burn-in, upright lines = settings change",
        (false, true) => "",
        (false, false) => "; upright lines = settings change",
    }
}

/// Whether there is only one round to draw.
fn is_lone(curves: &[Curve]) -> bool {
    curves.iter().all(|c| c.points.len() == 1)
}

/// The name of the shape that shows the spread of the curves; empty if there are too many curves.
pub(super) fn shape(curves: &[Curve]) -> &'static str {
    match is_lone(curves) {
        true => "bar",
        false if curves.len() > N_RIBBONS => "",
        false => "ribbon",
    }
}

/// A figure with one plot. Its height grows with the number of labels.
pub(super) fn figure(head: &Head, plot: &Plot) -> Picture {
    let top = head.height(WIDTH);
    let height = HEIGHT.max(top + 80.0 + 15.0 * plot.curves.len() as f64);
    draw(WIDTH, height, |canvas| {
        head.draw(canvas, WIDTH);
        let place = Place { left: MARGIN, top, right: WIDTH - MARGIN, bottom: height - 14.0 };
        draw_plot(canvas, plot, place);
    })
}

/// Draws a plot with its axes and labels inside a rectangle.
pub(super) fn draw_plot(canvas: &Canvas, plot: &Plot, place: Place) {
    let y = plot.y.clone().unwrap_or_else(|| Axis::around(values(&plot.curves), 5));
    let n_x = if place.right - place.left > 400.0 { 8 } else { 4 };
    let lone = is_lone(&plot.curves).then(|| plot.curves.first().and_then(|c| c.points.first())).flatten();
    let x = match lone {
        Some((round, _)) => Axis::whole(*round, *round, 1),
        None => Axis::whole(0.0, plot.x_last, n_x),
    };
    let mut panel = Panel { place, x, y, percent: plot.percent };
    let room = if plot.labelled {
        labels::room(plot.curves.iter().map(|c| c.name.as_str()), 0.35 * (place.right - place.left))
    } else {
        8.0
    };
    let title_room = if plot.y_title.is_empty() { 0.0 } else { 20.0 };
    panel.place = Place {
        left: place.left + panel.y_text_width() + 8.0 + title_room,
        top: place.top + 16.0,
        right: place.right - room,
        bottom: place.bottom - if plot.x_title.is_empty() { 20.0 } else { 40.0 },
    };
    let inner = panel.place;
    if lone.is_none() {
        draw_burn_in(canvas, plot, &panel);
        marks::draw(canvas, &plot.marks, &panel, plot.heading.is_empty());
    }
    panel.draw_y(canvas);
    panel.draw_x(canvas);
    panel.draw_x_title(canvas, &plot.x_title);
    let beside = (place.left + 9.0, (inner.top + inner.bottom) / 2.0);
    canvas.upward(&plot.y_title, beside, Anchor::Middle, BODY, Weight::Regular, INK);
    let heading = shorten(&plot.heading, BODY, Weight::Bold, place.right - inner.left);
    canvas.text(&heading, (inner.left, place.top + 6.0), Anchor::Start, BODY, Weight::Bold, INK);
    if lone.is_some() {
        draw_lone(canvas, plot, &panel);
    } else {
        draw_curves(canvas, plot, &panel);
    }
    tabulate(canvas, plot, &panel);
    if plot.labelled {
        let ends: Vec<Label> = plot.curves.iter().filter_map(|c| end_of(c, &panel)).collect();
        labels::draw(canvas, inner.right, (inner.top, inner.bottom), &ends, room);
    }
}

/// The values of all curves, by x.
fn tabulate(canvas: &Canvas, plot: &Plot, panel: &Panel) {
    let mut places: Vec<f64> = plot.curves.iter().flat_map(|c| c.points.iter().map(|p| p.0)).collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    let columns = std::iter::once(plot.x_title.as_str()).chain(plot.curves.iter().map(|c| c.name.as_str()));
    canvas.table(&plot.heading, &columns.collect::<Vec<_>>());
    let step = places.windows(2).map(|p| p[1] - p[0]).fold(f64::INFINITY, f64::min);
    let Place { left, top, right, bottom } = panel.place;
    // The only place has the panel to itself.
    let half = if step.is_finite() { 0.5 * (panel.x_at(step) - panel.x_at(0.0)) } else { right - left };
    for x in places {
        let at = |curve: &Curve| {
            let found = match curve.points.binary_search_by(|p| p.0.total_cmp(&x)) {
                Ok(place) => Some(place),
                Err(next) if plot.steps => next.checked_sub(1),
                Err(_) => None,
            };
            let text = if plot.percent { percent_cell } else { cell };
            found.map_or_else(String::new, |place| text(&curve.points[place].1))
        };
        let middle = panel.x_at(x);
        let spot = Spot::between(((middle - half).max(left), top), ((middle + half).min(right), bottom));
        canvas.row(&[spot], std::iter::once(x.to_string()).chain(plot.curves.iter().map(at)).collect());
    }
}

/// Shades the rounds that summaries leave out.
fn draw_burn_in(canvas: &Canvas, plot: &Plot, panel: &Panel) {
    let (from, until) = (0.0, f64::from(plot.burn_in).min(plot.x_last));
    if until <= from {
        return;
    }
    let Place { top, bottom, .. } = panel.place;
    let (left, right) = (panel.x_at(from), panel.x_at(until));
    canvas.rect((left, top), (right, bottom), SHADE);
    if plot.heading.is_empty() && right - left > 50.0 {
        canvas.text("burn-in", (left + 4.0, top - 4.0), Anchor::Start, SMALL, Weight::Regular, MUTED);
    }
}

/// Draws all ribbons, then all lines, so that no ribbon hides a line.
fn draw_curves(canvas: &Canvas, plot: &Plot, panel: &Panel) {
    let ribboned = if plot.curves.len() > N_RIBBONS { &[] } else { &plot.curves[..] };
    for curve in ribboned {
        for run in runs(&curve.points, plot.broken) {
            let low: Vec<Point> = run.iter().filter_map(|(x, i)| Some(panel.at(*x, i.low?))).collect();
            let high: Vec<Point> = run.iter().filter_map(|(x, i)| Some(panel.at(*x, i.high?))).collect();
            let (mut outline, mut back) = (stairs(high, plot.steps), stairs(low, plot.steps));
            back.reverse();
            outline.append(&mut back);
            if outline.len() > 3 {
                canvas.polygon(&outline, curve.style.colour, RIBBON);
            }
        }
    }
    for curve in &plot.curves {
        for run in runs(&curve.points, plot.broken) {
            let line: Vec<Point> = run.iter().map(|(x, i)| panel.at(*x, i.mean)).collect();
            if let [only] = line.as_slice() {
                canvas.dot(*only, 2.5, curve.style.colour);
            }
            canvas.dashed(&stairs(line, plot.steps), curve.style.dash, curve.style.colour, LINE);
        }
    }
}

/// Draws a single round: a dot with a bar for each strategy, side by side.
fn draw_lone(canvas: &Canvas, plot: &Plot, panel: &Panel) {
    let n = plot.curves.len() as f64;
    let Place { left, right, .. } = panel.place;
    let gap = ((right - left) * 0.8 / n).min(60.0);
    for (k, curve) in plot.curves.iter().enumerate() {
        let Some((x, interval)) = curve.points.first() else { continue };
        let (x, y) = panel.at(*x, interval.mean);
        let x = x + (k as f64 - (n - 1.0) / 2.0) * gap;
        if let (Some(low), Some(high)) = (interval.low, interval.high) {
            let ends = [(x, panel.at(0.0, low).1), (x, panel.at(0.0, high).1)];
            canvas.line(&ends, curve.style.colour, LINE);
        }
        canvas.dot((x, y), 4.0, curve.style.colour);
    }
}

/// The label of a curve, at its end.
fn end_of(curve: &Curve, panel: &Panel) -> Option<Label> {
    let (x, last) = curve.points.last()?;
    Some(Label { text: curve.name.clone(), style: curve.style, y: panel.at(*x, last.mean).1 })
}

/// Splits points where rounds are missing, that is where a step is longer than the most common one (one round, or the
/// distance of mixers), if they are to be `broken`.
fn runs(points: &[(f64, Interval)], broken: bool) -> Vec<&[(f64, Interval)]> {
    let usual = points.windows(2).map(|p| p[1].0 - p[0].0).fold(f64::INFINITY, f64::min);
    points.chunk_by(|a, b| !broken || b.0 - a.0 <= 1.5 * usual).collect()
}

/// The points with a corner before each, for step functions.
fn stairs(points: Vec<Point>, steps: bool) -> Vec<Point> {
    if !steps {
        return points;
    }
    let mut corners: Vec<Point> = Vec::with_capacity(2 * points.len());
    for (x, y) in points {
        if let Some((_, before)) = corners.last().copied() {
            corners.push((x, before));
        }
        corners.push((x, y));
    }
    corners
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(x: f64, mean: f64) -> (f64, Interval) {
        (x, Interval { mean, low: Some(mean - 3.0), high: Some(mean + 2.0) })
    }

    #[test]
    fn axes_include_the_ends_of_intervals() {
        let points = vec![point(0.0, 1.0), point(1.0, 2.0)];
        let curves = [Curve { name: String::new(), style: Style::of(0), points }];
        let (low, high) = Axis::around(values(&curves), 5).ends();
        assert!(low < -2.0 && high > 4.0);
    }

    #[test]
    fn lines_break_only_where_rounds_are_missing() {
        let mixers: Vec<_> = [0.0, 4.0, 8.0].map(|x| point(x, 0.0)).into();
        assert_eq!(runs(&mixers, true).len(), 1);
        let extinct: Vec<_> = [0.0, 1.0, 2.0, 7.0, 8.0].map(|x| point(x, 0.0)).into();
        assert_eq!(runs(&extinct, true).iter().map(|r| r.len()).collect::<Vec<_>>(), [3, 2]);
    }

    #[test]
    fn step_functions_keep_a_value_until_the_next() {
        let stairs = stairs(vec![(0.0, 5.0), (2.0, 7.0)], true);
        assert_eq!(stairs, [(0.0, 5.0), (2.0, 5.0), (2.0, 7.0)]);
    }
}
