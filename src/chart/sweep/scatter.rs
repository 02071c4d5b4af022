//! The contrast against each factor, for points that are not on a grid.

use super::super::axis::Axis;
use super::super::canvas::{Canvas, Picture, draw as on_canvas};
use super::super::drawing::{Spot, cell};
use super::super::frame::{Head, Panel, Place};
use super::super::theme::{INK, MARGIN, WIDTH};
use super::SweepEvidence;
use super::thin::has_maps;
use crate::results::brief;

/// Maximum number of factors with a panel.
const PANELS_MAX: usize = 12;

/// A panel for every factor, a dot for every point.
pub(in crate::chart) fn draw(evidence: &SweepEvidence) -> Option<Picture> {
    const DESIGNS: [&str; 5] = ["grid", "list", "random", "latin-hypercube", "sobol-sequence"];
    let n = evidence.scales.len().min(PANELS_MAX);
    if !DESIGNS.contains(&evidence.names.design.as_str())
        || n < 2
        || has_maps(&evidence.names)
        || evidence.points.is_empty()
    {
        return None;
    }
    let [first, second] = evidence.pair();
    let some = evidence.thin.reported().map_or_else(String::new, |note| format!(" ({note})"));
    let head = Head {
        title: evidence.counted(),
        subtitle: format!(
            "Each dot is a point{some}: {}, against every factor; colour = the strategy clearly ahead ({}), {second} \
             above and {first} below zero, grey if unclear{}",
            evidence.measure(),
            evidence.together(),
            evidence.caution()
        ),
    };
    let columns = if n <= 4 { 2 } else { 3 };
    let top = head.height(WIDTH) + 8.0;
    let (left, right) = (MARGIN + 46.0, WIDTH - MARGIN);
    let wide = (right - left - 30.0 * (columns - 1) as f64) / columns as f64;
    let (tall, pitch) = (150.0, 206.0);
    let height = top + n.div_ceil(columns) as f64 * pitch;
    let y = Axis::with_zero(evidence.points.iter().map(|row| row.difference.mean), 4);
    Some(on_canvas(WIDTH, height, |canvas| {
        head.draw(canvas, WIDTH);
        let mut panels = Vec::new();
        for f in 0..n {
            let x = left + (f % columns) as f64 * (wide + 30.0);
            let y_top = top + (f / columns) as f64 * pitch;
            let place = Place { left: x, top: y_top, right: x + wide, bottom: y_top + tall };
            let panel = Panel { place, x: Axis::exactly(0.0, 1.0, 4), y: y.clone(), percent: false };
            draw_panel(canvas, evidence, f, &panel, f % columns == 0);
            panels.push(panel);
        }
        tabulate(canvas, evidence, &panels);
    }))
}

/// The points in numbers; each has a dot in every panel.
fn tabulate(canvas: &Canvas, evidence: &SweepEvidence, panels: &[Panel]) {
    let factors = evidence.scales.iter().map(|scale| scale.name.as_str());
    canvas.table("", &factors.chain(["difference"]).collect::<Vec<_>>());
    for row in evidence.points.iter().filter(|row| row.difference.mean.is_finite()) {
        let dot = |(f, panel): (usize, &Panel)| {
            panel.at(evidence.scales[f].share(&row.values[f]), row.difference.mean)
        };
        let spots: Vec<Spot> = panels.iter().enumerate().map(|p| Spot::around(dot(p), 5.0)).collect();
        let values = row.values.iter().map(|value| brief(value));
        canvas.row(&spots, values.chain([cell(&row.difference)]).collect());
    }
}

fn draw_panel(canvas: &Canvas, evidence: &SweepEvidence, f: usize, panel: &Panel, labelled: bool) {
    let scale = &evidence.scales[f];
    scale.draw_grid(canvas, panel.place);
    if labelled {
        panel.draw_y(canvas);
    }
    let zero = panel.at(0.0, 0.0).1;
    canvas.line(&[(panel.place.left, zero), (panel.place.right, zero)], INK, 1.0);
    let radius = if evidence.points.len() > 400 { 1.4 } else { 2.2 };
    for row in evidence.points.iter().filter(|row| row.difference.mean.is_finite()) {
        let estimate = row.difference;
        let at = panel.at(scale.share(&row.values[f]), estimate.mean);
        canvas.dot(at, radius, evidence.speaker(row).1.colour);
    }
    scale.draw_x(canvas, panel.place, true);
}
