//! Who helps whom: strategies as groups, what passes between them as bands.

use super::axis::number;
use super::canvas::{Anchor, Canvas, Picture, Point, Unreadable, draw as on_canvas};
use super::drawing::Spot;
use super::evidence::Evidence;
use super::frame::Head;
use super::gather::Flows;
use super::text::{Weight, shorten, width};
use super::theme::{BODY, INK, MARGIN, SMALL, Style, WIDTH};
use super::words::{caution, counted, name, tested};
use crate::stats::Contrast;

/// Maximum number of groups: with more, bands cross each other everywhere.
const GROUPS_MAX: usize = 10;
/// Radius of a group.
const GROUP: f64 = 27.0;
/// Width of the widest band.
const BAND: f64 = 18.0;
/// Distance of the groups from the centre.
const RADIUS: f64 = 150.0;
/// Distance of a name from the middle of its group: outside of the loop.
const AWAY: f64 = 3.6 * GROUP;
/// Number of pieces of a curve.
const PIECES: u32 = 32;
/// Opacity of bands.
const OPACITY: f64 = 0.55;

/// Bands between the groups, as wide as the value that passes, in the colour of those who give.
pub(super) fn draw(evidence: &Evidence) -> Option<Picture> {
    let flows = match evidence.flows.as_ref()? {
        Ok(flows) => flows,
        Err(why) => return Some(Err(why.clone())),
    };
    let n = evidence.n_strategies();
    let most = flows.total.iter().flatten().copied().fold(0.0, f64::max);
    if n < 2 || most <= 0.0 {
        return None;
    }
    if n > GROUPS_MAX {
        return Some(Err(Unreadable(format!("it would have {n} groups, more than {GROUPS_MAX}"))));
    }
    let head = Head {
        title: title(evidence, flows),
        subtitle: format!(
            "Value passing between strategies per round and 100 agents, {}: width = value, colour = who gives, loops = \
             within a strategy",
            counted(evidence)
        ),
    };
    let (above, below) = Groups { centre: (0.0, 0.0), n }.extent();
    let middle = head.height(WIDTH) + above + 10.0;
    Some(on_canvas(WIDTH, middle + below + MARGIN, |canvas| {
        head.draw(canvas, WIDTH);
        let groups = Groups { centre: (WIDTH / 2.0, middle), n };
        canvas.table("", &["From", "To", "Value per round and 100 agents"]);
        for (from, row) in flows.total.iter().enumerate() {
            for (to, value) in row.iter().enumerate().filter(|(_, value)| **value > 0.0) {
                let middle = draw_flow(canvas, &groups, evidence.styles[from], (from, to), value / most);
                let cells =
                    [from, to].map(|s| evidence.strategies[s].clone()).into_iter().chain([number(*value)]);
                canvas.row(&[Spot::around(middle, 12.0)], cells.collect());
            }
        }
        for (group, strategy) in evidence.strategies.iter().enumerate() {
            draw_group(canvas, &groups, group, strategy, evidence.styles[group]);
        }
        // Numbers last, so that no band hides them.
        for (from, row) in flows.total.iter().enumerate() {
            for (to, value) in row.iter().enumerate().filter(|(_, value)| **value > 0.0) {
                draw_number(canvas, groups.middle(from, to), &number(*value), n, value / most);
            }
        }
    }))
}

/// The groups on a circle.
struct Groups {
    centre: Point,
    n: usize,
}

impl Groups {
    /// The direction of a group from the centre. Two groups are beside each other, more begin at the top.
    fn direction(&self, group: usize) -> Point {
        let first = if self.n == 2 { std::f64::consts::PI } else { -std::f64::consts::FRAC_PI_2 };
        let angle = first + std::f64::consts::TAU * group as f64 / self.n as f64;
        (libm::cos(angle), libm::sin(angle))
    }

    fn place(&self, group: usize) -> Point {
        let (x, y) = self.direction(group);
        let wide = if self.n == 2 { 1.0 } else { 1.15 };
        (self.centre.0 + wide * RADIUS * x, self.centre.1 + 0.85 * RADIUS * y)
    }

    /// How far groups, their names and their loops, and the bends between two, reach above and below the centre.
    fn extent(&self) -> (f64, f64) {
        let reach = |up: f64| {
            let of = |group: usize| {
                let outward = up * self.direction(group).1;
                up * self.place(group).1 + (outward * AWAY + 0.5 * GROUP).max(1.1 * GROUP)
            };
            (0..self.n).map(of).fold(0.0, f64::max)
        };
        let bend = if self.n == 2 { 0.3 * RADIUS } else { 0.0 };
        (reach(-1.0).max(bend), reach(1.0).max(bend))
    }

    /// The middle of the curve from one group to another, or of the loop of a group.
    fn middle(&self, from: usize, to: usize) -> Point {
        let curve = self.curve(from, to);
        curve[curve.len() / 2]
    }

    /// The curve from one group to another: it bends to its right, so that both directions have room. From a group to
    /// itself it is a loop on the outer side.
    fn curve(&self, from: usize, to: usize) -> Vec<Point> {
        if from == to {
            return self.round(from);
        }
        let ((x0, y0), (x1, y1)) = (self.place(from), self.place(to));
        let length = libm::hypot(x1 - x0, y1 - y0);
        let (dx, dy) = ((x1 - x0) / length, (y1 - y0) / length);
        let bend = 0.17 * length;
        let (cx, cy) = ((x0 + x1) / 2.0 - dy * bend, (y0 + y1) / 2.0 + dx * bend);
        let at = |k: u32| {
            let t = f64::from(k) / f64::from(PIECES);
            let (a, b, c) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
            (a * x0 + b * cx + c * x1, a * y0 + b * cy + c * y1)
        };
        let outside = |p: &Point| {
            let far = |q: Point| libm::hypot(p.0 - q.0, p.1 - q.1) >= GROUP;
            far((x0, y0)) && far((x1, y1))
        };
        (0..=PIECES).map(at).filter(outside).collect()
    }

    fn round(&self, group: usize) -> Vec<Point> {
        let ((x, y), (dx, dy)) = (self.place(group), self.direction(group));
        let (radius, away) = (0.92 * GROUP, 1.5 * GROUP);
        let centre = (x + away * dx, y + away * dy);
        let outward = libm::atan2(dy, dx);
        let at = |k: u32| {
            let angle = outward + std::f64::consts::PI * (2.0 * f64::from(k) / f64::from(PIECES) - 1.0);
            (centre.0 + radius * libm::cos(angle), centre.1 + radius * libm::sin(angle))
        };
        (0..=PIECES).map(at).collect()
    }
}

/// Draws a band with a head at its end, and returns its middle.
fn draw_flow(
    canvas: &Canvas,
    groups: &Groups,
    style: Style,
    (from, to): (usize, usize),
    share: f64,
) -> Point {
    let wide = (BAND * share).max(0.8);
    let curve = groups.curve(from, to);
    if from == to {
        canvas.faint_line(&curve, style.colour, wide, OPACITY);
        return groups.middle(from, to);
    }
    // The head is as long as the band is wide, and at least visible.
    let head = (0.9 * wide).max(7.0);
    let n_head = curve.iter().rev().take_while(|p| distance(**p, curve[curve.len() - 1]) < head).count();
    let (body, tip) = (&curve[..curve.len() - n_head.min(curve.len() - 2)], curve[curve.len() - 1]);
    let sides = |half: f64| -> [Vec<Point>; 2] {
        let normals = (0..body.len()).map(|k| normal(body, k));
        let shifted = |sign: f64| {
            body.iter()
                .zip(normals.clone())
                .map(move |((x, y), (nx, ny))| (x + sign * half * nx, y + sign * half * ny))
        };
        [shifted(1.0).collect(), shifted(-1.0).collect()]
    };
    let [left, right] = sides(wide / 2.0);
    let [head_left, head_right] = sides((0.5 * wide + 3.5).max(4.0));
    let mut outline = left;
    outline.extend([head_left.last(), Some(&tip), head_right.last()].into_iter().flatten().copied());
    outline.extend(right.into_iter().rev());
    canvas.polygon(&outline, style.colour, OPACITY);
    groups.middle(from, to)
}

fn distance(a: Point, b: Point) -> f64 {
    libm::hypot(a.0 - b.0, a.1 - b.1)
}

/// The unit vector across a curve at one of its points.
fn normal(curve: &[Point], k: usize) -> Point {
    let (a, b) = (curve[k.saturating_sub(1)], curve[(k + 1).min(curve.len() - 1)]);
    let length = distance(a, b).max(f64::MIN_POSITIVE);
    ((a.1 - b.1) / length, (b.0 - a.0) / length)
}

/// A disc with the name of the strategy beside it.
fn draw_group(canvas: &Canvas, groups: &Groups, group: usize, strategy: &str, style: Style) {
    let ((x, y), (dx, dy)) = (groups.place(group), groups.direction(group));
    canvas.dot((x, y), GROUP, style.colour);
    let label = shorten(strategy, BODY, Weight::Bold, 110.0);
    let half = width(&label, BODY, Weight::Bold) / 2.0;
    let (at, anchor) = if dx.abs() < 0.3 {
        ((x, y + dy * (AWAY - 14.0) + if dy > 0.0 { 14.0 } else { 0.0 }), Anchor::Middle)
    } else if dx > 0.0 {
        ((x + dx * AWAY, y + dy * AWAY + 4.0), Anchor::Start)
    } else {
        ((x + dx * AWAY, y + dy * AWAY + 4.0), Anchor::End)
    };
    let room = match anchor {
        Anchor::Middle => at.0.clamp(MARGIN + half, WIDTH - MARGIN - half),
        Anchor::Start => at.0.min(WIDTH - MARGIN - 2.0 * half),
        Anchor::End => at.0.max(MARGIN + 2.0 * half),
    };
    canvas.text(&label, (room, at.1), anchor, BODY, Weight::Bold, style.text_colour());
}

/// The value in the middle of its band, if there are few bands or it is one of the wide ones.
fn draw_number(canvas: &Canvas, (x, y): Point, text: &str, n: usize, share: f64) {
    let least = if n <= 4 { 0.02 } else { 0.25 };
    if share >= least {
        let half = width(text, SMALL, Weight::Bold) / 2.0;
        canvas.note(text, (x - half, y + 0.35 * SMALL), SMALL, Weight::Bold, INK);
    }
}

/// The title: who gives others more than it gets from them, and who gets more.
fn title(evidence: &Evidence, flows: &Flows) -> String {
    let n = evidence.n_strategies();
    let balance = |s: usize| {
        let one = |m: &Vec<Vec<f64>>| (0..n).map(|other| m[s][other] - m[other][s]).sum();
        Contrast::of(&flows.replicates.iter().map(one).collect(), evidence.level)
    };
    let balances = tested(&(0..n).map(balance).collect::<Vec<_>>(), evidence.level);
    let balances = balances.iter().enumerate();
    let clear = balances.filter(|(_, balance)| balance.clear || evidence.n_replicates() == 1);
    let clear = clear.map(|(s, balance)| (s, balance.interval.mean));
    let most = clear.clone().filter(|(_, mean)| *mean > 0.0).max_by(|a, b| a.1.total_cmp(&b.1));
    let least = clear.filter(|(_, mean)| *mean < 0.0).min_by(|a, b| a.1.total_cmp(&b.1));
    let gives = most.map(|(s, mean)| {
        format!(
            "{} gives others {} more per round and 100 agents than it gets from them",
            name(evidence, s),
            number(mean)
        )
    });
    let gets = least.map(|(s, mean)| (name(evidence, s), number(-mean)));
    let caution = caution(evidence);
    match (gives, gets) {
        (Some(gives), Some((name, more))) => format!("{gives}, {name} gets {more} more{caution}"),
        (Some(gives), None) => format!("{gives}{caution}"),
        (None, Some((name, more))) => {
            format!(
                "{name} gets {more} more per round and 100 agents from others than it gives them{caution}"
            )
        }
        (None, None) => "No strategy clearly gives others more than it gets from them".to_owned(),
    }
}
