//! Maps of the contrast over two factors with its boundary. With three factors there is a map for each value of the
//! third.

use plotters::style::RGBColor;

use super::super::axis::{Axis, number};
use super::super::canvas::{Anchor, Canvas, Picture, Point, draw as on_canvas};
use super::super::drawing::{Spot, cell};
use super::super::frame::{Head, Place};
use super::super::text::{Weight, shorten, width};
use super::super::theme::{AXIS, BODY, INK, MARGIN, MUTED, PAPER, SMALL, WIDTH, blend};
use super::super::words::short;
use super::areas::{shares, side_at, title};
use super::mosaic::{Cell, Visited, cells};
use super::thin::has_maps;
use super::{FactorScale, SweepEvidence};
use crate::results::{SweepPointRow, brief};

/// Number of tiles along each side of a map.
const TILES: f64 = 64.0;

/// One map: its cells, and the positions of its points.
pub(super) struct Map {
    cells: Vec<Cell>,
    /// Positions of the visited points, 0 to 1 along both factors, with their values and the contrast there.
    points: Vec<([f64; 2], Vec<String>)>,
}

/// The map of two factors, or a map for each value of the third.
pub(in crate::chart) fn draw(evidence: &SweepEvidence) -> Option<Picture> {
    if !has_maps(&evidence.names) {
        return None;
    }
    let third = evidence.names.factors.get(2).map_or(1, |factor| factor.levels);
    let maps: Vec<Map> = (0..third).map(|level| map_of(evidence, level, third)).collect();
    if maps.iter().all(|map| map.cells.is_empty()) {
        return None;
    }
    let most = evidence.all.low.abs().max(evidence.all.high.abs()).max(f64::MIN_POSITIVE);
    let mut shares = shares(maps.iter().flat_map(|map| &map.cells));
    // A lead at a single point can have almost no area, but is reported too.
    for (share, points) in shares.iter_mut().zip(evidence.all.counts) {
        *share = if points > 0 { share.max(1e-6) } else { *share };
    }
    let title = title(evidence.pair(), shares, maps.len());
    let head = Head { title, subtitle: subtitle(evidence) };
    Some(if third == 1 {
        single(evidence, &head, &maps[0], most)
    } else {
        multiples(evidence, &head, &maps, most)
    })
}

/// The map at a level of the third factor, which is the fastest in the numbers of points.
pub(super) fn map_of(evidence: &SweepEvidence, level: u32, third: u32) -> Map {
    let width = 1_u32 << evidence.names.depth;
    let n = [0, 1].map(|f| (evidence.names.factors[f].levels.saturating_sub(1)) * width + 1);
    let place = |f: usize, level: u32| evidence.thin.levels(f).map_or(level, |levels| levels.place(level));
    let (mut visited, mut points) = (Vec::new(), Vec::new());
    for row in evidence.points.iter().filter(|row| row.point % third == level) {
        let level = [row.point / third / n[1], row.point / third % n[1]];
        let values = row.values.iter().map(|value| brief(value)).chain([cell(&row.difference)]);
        points.push(([0, 1].map(|f| evidence.scales[f].share(&row.values[f])), values.collect()));
        let [x, y] = [0, 1].map(|f| edges(evidence, f, row, place(f, level[f])));
        for (i, u) in &x {
            visited.extend(y.iter().map(|(j, v)| Visited {
                place: [*i, *j],
                at: [*u, *v],
                value: row.together.to_cells(),
            }));
        }
    }
    let sides = [0, 1].map(|f| match evidence.scales[f].names().len() {
        0 => place(f, n[f] - 1) + 1,
        names => 2 * u32::try_from(names).expect("names are few"),
    });
    let mut cells = cells(&visited, sides, width);
    // Values that are names have their own intervals, with nothing between them.
    cells.retain(|cell| cell.x[1] - cell.x[0] > 1e-9 && cell.y[1] - cell.y[0] > 1e-9);
    Map { cells, points }
}

/// Grid positions of a point along a factor, with coordinates: its own, or both ends of the interval of a name.
fn edges(evidence: &SweepEvidence, f: usize, row: &SweepPointRow, place: u32) -> Vec<(u32, f64)> {
    let scale = &evidence.scales[f];
    let middle = scale.share(&row.values[f]);
    match scale.names().len() {
        0 => vec![(place, middle)],
        names => {
            let half = 0.5 / names as f64;
            vec![(2 * place, middle - half), (2 * place + 1, middle + half)]
        }
    }
}

fn single(evidence: &SweepEvidence, head: &Head, map: &Map, most: f64) -> Picture {
    let (top, side) = (head.height(WIDTH) + 12.0, 430.0);
    let left = MARGIN + 66.0;
    let place = Place { left, top, right: left + side + 60.0, bottom: top + side };
    on_canvas(WIDTH, place.bottom + 56.0, |canvas| {
        head.draw(canvas, WIDTH);
        begin_table(canvas, evidence, "");
        draw_map(canvas, evidence, map, place, most);
        evidence.scales[0].draw_x(canvas, place, true);
        draw_y(canvas, &evidence.scales[1], place, true);
        draw_key(canvas, evidence, place.right + 26.0, (place.top, place.bottom), most);
    })
}

fn multiples(evidence: &SweepEvidence, head: &Head, maps: &[Map], most: f64) -> Picture {
    let top = head.height(WIDTH) + 30.0;
    let columns = if maps.len() <= 4 { 2 } else { 3 };
    let rows = maps.len().div_ceil(columns);
    let (left, right) = (MARGIN + 60.0, WIDTH - MARGIN - 118.0);
    let side = (right - left - 40.0 * (columns - 1) as f64) / columns as f64;
    let tall = side.min(230.0);
    let height = top + rows as f64 * (tall + 52.0) + 24.0;
    let third = &evidence.scales[2];
    on_canvas(WIDTH, height, |canvas| {
        head.draw(canvas, WIDTH);
        begin_table(canvas, evidence, "");
        for (k, map) in maps.iter().enumerate() {
            let (row, column) = (k / columns, k % columns);
            let x = left + column as f64 * (side + 40.0);
            let y = top + row as f64 * (tall + 52.0);
            let place = Place { left: x, top: y, right: x + side, bottom: y + tall };
            draw_map(canvas, evidence, map, place, most);
            let of = |row: &&SweepPointRow| row.point as usize % maps.len() == k;
            let value = evidence.points.iter().find(of).map_or("", |row| row.values[2].as_str());
            let value = shorten(value, BODY, Weight::Bold, 0.6 * side);
            let room = side - width(&value, BODY, Weight::Bold) - 8.0;
            let text = format!("{} {value}", shorten(&short(&third.name), BODY, Weight::Bold, room));
            canvas.text(&text, (x, y - 7.0), Anchor::Start, BODY, Weight::Bold, INK);
            evidence.scales[0].draw_x(canvas, place, row + 1 == rows);
            draw_y(canvas, &evidence.scales[1], place, column == 0);
        }
        draw_key(canvas, evidence, right + 24.0, (top, top + tall.max(180.0)), most);
    })
}

/// Begins the table of the points of all maps.
pub(super) fn begin_table(canvas: &Canvas, evidence: &SweepEvidence, caption: &str) {
    let factors = evidence.scales.iter().map(|scale| scale.name.as_str());
    canvas.table(caption, &factors.chain(["difference"]).collect::<Vec<_>>());
}

pub(super) fn draw_map(canvas: &Canvas, evidence: &SweepEvidence, map: &Map, place: Place, most: f64) {
    let at = |x: f64, y: f64| -> Point {
        (place.left + x * (place.right - place.left), place.bottom - y * (place.bottom - place.top))
    };
    for cell in &map.cells {
        draw_cell(canvas, evidence, cell, place, most);
    }
    for cell in &map.cells {
        let [a, b] = [at(cell.x[0], cell.y[0]), at(cell.x[1], cell.y[1])];
        hatch(canvas, a, b, |u, v| side_at(cell, u, v) == 1);
        draw_boundary(canvas, cell, at);
    }
    if map.points.len() <= 900 {
        for ([x, y], _) in &map.points {
            canvas.dot(at(*x, *y), 1.1, INK);
        }
    }
    for ([x, y], cells) in &map.points {
        canvas.row(&[Spot::around(at(*x, *y), 7.0)], cells.clone());
    }
    let corners = [at(0.0, 0.0), at(1.0, 0.0), at(1.0, 1.0), at(0.0, 1.0), at(0.0, 0.0)];
    canvas.line(&corners, AXIS, 1.0);
}

/// A cell in tiles.
fn draw_cell(canvas: &Canvas, evidence: &SweepEvidence, cell: &Cell, place: Place, most: f64) {
    // Tiles are drawn a little larger, and the next one covers the excess, so that no background is visible between
    // them.
    const LAP: f64 = 1.0;
    let [n, m] = [cell.x, cell.y].map(tiles);
    let end = |k: u32, n: u32, [low, high]: [f64; 2]| low + (high - low) * f64::from(k) / f64::from(n);
    let middle = |k: u32, n: u32| (f64::from(k) + 0.5) / f64::from(n);
    let (wide, tall) = (place.right - place.left, place.bottom - place.top);
    for i in 0..n {
        for j in 0..m {
            let mean = cell.at(middle(i, n), middle(j, m))[0];
            let left = place.left + wide * end(i, n, cell.x);
            let right = place.left + wide * end(i + 1, n, cell.x) + LAP;
            let bottom = place.bottom - tall * end(j, m, cell.y);
            let top = place.bottom - tall * end(j + 1, m, cell.y) - LAP;
            let corner = (right.min(place.right), top.max(place.top));
            canvas.rect((left, bottom), corner, colour(evidence, mean / most));
        }
    }
}

/// Number of tiles for an interval of a factor.
fn tiles([low, high]: [f64; 2]) -> u32 {
    // A share of the map, times a few dozen.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let n = libm::round((high - low) * TILES) as u32;
    n.max(1)
}

/// Draws hatching where `there` holds, given relative positions across and up. The strokes lie on lines over the whole
/// figure, so that those of neighbouring cells meet.
fn hatch(canvas: &Canvas, a: Point, b: Point, there: impl Fn(f64, f64) -> bool) {
    const GAP: f64 = 7.0;
    let (left, right) = (a.0.min(b.0), a.0.max(b.0));
    let (top, bottom) = (a.1.min(b.1), a.1.max(b.1));
    let holds = |x: f64, y: f64| there((x - left) / (right - left), (bottom - y) / (bottom - top));
    let mut sum = libm::ceil((left + top) / GAP) * GAP;
    while sum <= right + bottom {
        let (x0, x1) = ((sum - bottom).max(left), (sum - top).min(right));
        stroke(canvas, sum, (x0, x1), |x| holds(x, sum - x));
        sum += GAP;
    }
}

/// Draws the parts of the line x + y = `sum` from `x0` to `x1` on which `there` holds.
fn stroke(canvas: &Canvas, sum: f64, (x0, x1): (f64, f64), there: impl Fn(f64) -> bool) {
    const STEP: f64 = 0.75;
    // A length within the figure, in pixels.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let n = libm::ceil((x1 - x0) / STEP).max(0.0) as u32;
    let end = |k: u32| x0 + (x1 - x0) * f64::from(k) / f64::from(n);
    let mut from = None;
    for k in 0..n {
        let holds = there(0.5 * (end(k) + end(k + 1)));
        if holds && from.is_none() {
            from = Some(end(k));
        }
        let to = if holds { end(k + 1) } else { end(k) };
        if let Some(start) = from.filter(|_| !holds || k + 1 == n) {
            canvas.faint_line(&[(start, sum - start), (to, sum - to)], INK, 0.7, 0.45);
            from = None;
        }
    }
}

/// The line on which the interpolated mean is zero.
fn draw_boundary(canvas: &Canvas, cell: &Cell, at: impl Fn(f64, f64) -> Point) {
    const STEPS: u32 = 8;
    let share = |i: u32| f64::from(i) / f64::from(STEPS);
    for i in 0..STEPS {
        for j in 0..STEPS {
            let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)].map(|(i, j)| (share(i), share(j)));
            let mut crossings = Vec::new();
            for k in 0..4 {
                let (a, b) = (corners[k], corners[(k + 1) % 4]);
                let (va, vb) = (cell.at(a.0, a.1)[0], cell.at(b.0, b.1)[0]);
                if (va > 0.0) != (vb > 0.0) {
                    let t = va / (va - vb);
                    let (u, v) = (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
                    let x = cell.x[0] + (cell.x[1] - cell.x[0]) * u;
                    let y = cell.y[0] + (cell.y[1] - cell.y[0]) * v;
                    crossings.push(at(x, y));
                }
            }
            for pair in crossings.chunks_exact(2) {
                canvas.line(pair, INK, 2.2);
            }
        }
    }
}

/// The colour for a relative lead: white for none, else the colour of the leading strategy.
fn colour(evidence: &SweepEvidence, share: f64) -> RGBColor {
    if share.is_nan() {
        return PAPER;
    }
    let [first, second] = evidence.styles;
    // The root makes small differences visible.
    blend(PAPER, if share > 0.0 { second.colour } else { first.colour }, libm::sqrt(share.abs()) * 0.9)
}

pub(super) fn draw_y(canvas: &Canvas, scale: &FactorScale, place: Place, title: bool) {
    let mut free = f64::INFINITY;
    for (at, text) in scale.ticks(6) {
        let y = place.bottom - at * (place.bottom - place.top);
        canvas.line(&[(place.left - 4.0, y), (place.left, y)], AXIS, 1.0);
        let text = shorten(&text, SMALL, Weight::Regular, 40.0);
        // A label that would overlap the previous one is left out.
        if y <= free {
            canvas.text(
                &text,
                (place.left - 7.0, y + 0.35 * SMALL),
                Anchor::End,
                SMALL,
                Weight::Regular,
                MUTED,
            );
            free = y - 1.1 * SMALL;
        }
    }
    if title {
        let at = (place.left - 52.0, (place.top + place.bottom) / 2.0);
        canvas.upward(&short(&scale.name), at, Anchor::Middle, BODY, Weight::Regular, INK);
    }
}

/// The key of colours and hatching.
pub(super) fn draw_key(
    canvas: &Canvas,
    evidence: &SweepEvidence,
    x: f64,
    (top, bottom): (f64, f64),
    most: f64,
) {
    const STEPS: u32 = 60;
    let (top, bottom) = (top + 16.0, (top + 16.0 + 170.0).min(bottom - 60.0).max(top + 96.0));
    let tall = (bottom - top) / f64::from(STEPS);
    for k in 0..STEPS {
        let share = 1.0 - 2.0 * (f64::from(k) + 0.5) / f64::from(STEPS);
        let y = top + tall * f64::from(k);
        canvas.rect((x, y), (x + 16.0, y + tall + 0.3), colour(evidence, share));
    }
    canvas.line(&[(x, top), (x + 16.0, top), (x + 16.0, bottom), (x, bottom), (x, top)], AXIS, 0.8);
    let axis = Axis::exactly(-most, most, 4);
    for tick in axis.ticks() {
        let y = axis.place(*tick, bottom, top);
        let at = (x + 22.0, y + 0.35 * SMALL);
        canvas.text(&axis.label(*tick), at, Anchor::Start, SMALL, Weight::Regular, MUTED);
    }
    let [first, second] = evidence.pair();
    let room = WIDTH - x - 4.0;
    for (name, y) in [(second, top - 7.0), (first, bottom + 15.0)] {
        let name = shorten(&name, SMALL, Weight::Bold, room);
        canvas.text(&name, (x, y), Anchor::Start, SMALL, Weight::Bold, INK);
    }
    let y = bottom + 30.0;
    hatch(canvas, (x, y), (x + 16.0, y + 16.0), |_, _| true);
    canvas.line(&[(x, y), (x + 16.0, y), (x + 16.0, y + 16.0), (x, y + 16.0), (x, y)], AXIS, 0.8);
    canvas.text("sign unclear", (x + 22.0, y + 12.0), Anchor::Start, SMALL, Weight::Regular, MUTED);
    canvas.line(&[(x, y + 32.0), (x + 16.0, y + 32.0)], INK, 2.2);
    canvas.text("zero", (x + 22.0, y + 36.0), Anchor::Start, SMALL, Weight::Regular, MUTED);
}

fn subtitle(evidence: &SweepEvidence) -> String {
    let dots = evidence.thin.reported().map_or_else(String::new, |note| format!(" ({note})"));
    format!(
        "Colour: {}, from {} to {}; hatched where nobody is clearly ahead, {}; dots: points that were visited{dots}, \
         between them interpolated{}",
        evidence.measure(),
        number(evidence.all.low),
        number(evidence.all.high),
        evidence.together(),
        evidence.caution()
    )
}
