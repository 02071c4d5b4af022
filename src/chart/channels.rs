//! Benefits and costs by channel.

use plotters::style::RGBColor;

use super::axis::{Axis, number};
use super::canvas::{Anchor, Canvas, Picture, draw as on_canvas};
use super::drawing::{Spot, cell};
use super::evidence::Evidence;
use super::frame::{Head, Panel, Place};
use super::text::{Weight, shorten, width};
use super::theme::{BODY, INK, MARGIN, PAPER, SMALL, WIDTH, blend};
use super::words::{Verdict, caution, counted, name, spread, undecided, verdict};
use crate::results::{BENEFITS, COSTS, Metric};

/// Channels below this share of the longest bar for all strategies are drawn together.
const SMALL_SHARE: f64 = 0.02;

/// Shades from dark to light, so that neighbours differ.
const BENEFIT_ENDS: [RGBColor; 2] = [RGBColor(0x3F, 0x1C, 0x7D), RGBColor(0xD5, 0xD0, 0xEA)];
const COST_ENDS: [RGBColor; 2] = [RGBColor(0x8C, 0x42, 0x0A), RGBColor(0xFB, 0xDC, 0xB4)];

/// Metrics drawn as one segment of each bar.
struct Segment {
    name: String,
    metrics: Vec<&'static str>,
    colour: RGBColor,
    /// 1 for a benefit, -1 for a cost.
    sign: f64,
}

impl Segment {
    fn amount(&self, evidence: &Evidence, strategy: usize) -> f64 {
        self.metrics.iter().map(|m| amount(evidence, m, strategy)).sum()
    }
}

/// Benefits to the right, costs to the left, and the net with its interval, one bar per strategy.
pub(super) fn draw(evidence: &Evidence) -> Option<Picture> {
    let rows: Vec<usize> =
        (0..evidence.n_strategies()).filter(|s| evidence.mean("net", *s).is_some()).collect();
    if rows.is_empty() {
        return None;
    }
    let segments = segments(evidence, &rows);
    let head = Head {
        title: title(evidence),
        subtitle: format!(
            "Benefit received (right) and costs borne (left) per agent and round, {}; dot = net, {}",
            counted(evidence),
            spread(evidence, "bar")
        ),
    };
    let keys = keys(&segments);
    let top = head.height(WIDTH) + 18.0 * keys.len() as f64 + 12.0;
    let pitch = if rows.len() > 6 { 40.0 } else { 62.0 };
    let height = top + pitch * rows.len() as f64 + 56.0;
    Some(on_canvas(WIDTH, height, |canvas| {
        head.draw(canvas, WIDTH);
        draw_keys(canvas, &segments, &keys, head.height(WIDTH) + 8.0);
        let panel = panel(evidence, &rows, &segments, top, height - 56.0);
        panel.draw_x_grid(canvas);
        canvas.table("", &["Strategy", "Channel", "Benefit per agent and round"]);
        for (k, strategy) in rows.iter().enumerate() {
            draw_row(canvas, evidence, &panel, &segments, *strategy, (top + pitch * k as f64, pitch));
        }
        panel.draw_x(canvas);
        panel.draw_x_title(canvas, "Benefit per agent and round");
    }))
}

/// The names of some metrics, in order.
fn names(metrics: &'static [Metric]) -> Vec<&'static str> {
    metrics.iter().map(|m| m.name).collect()
}

fn amount(evidence: &Evidence, metric: &str, strategy: usize) -> f64 {
    evidence.mean(metric, strategy).map_or(0.0, |i| i.mean)
}

/// The segments of all bars: one per channel, with small channels together in one.
fn segments(evidence: &Evidence, rows: &[usize]) -> Vec<Segment> {
    let total = |s: &usize, metrics: &[&'static str]| -> f64 {
        metrics.iter().map(|m| amount(evidence, m, *s)).sum()
    };
    let [benefits, costs] = [BENEFITS, COSTS].map(names);
    let longest = rows.iter().map(|s| total(s, &benefits).max(total(s, &costs))).fold(0.0, f64::max);
    let mut segments = Vec::new();
    for (metrics, sign, ends, rest) in
        [(&benefits, 1.0, BENEFIT_ENDS, "other benefit"), (&costs, -1.0, COST_ENDS, "other cost")]
    {
        let most = |m: &&str| rows.iter().map(|s| amount(evidence, m, *s)).fold(0.0, f64::max);
        let shown: Vec<&str> = metrics.iter().copied().filter(|m| most(m) > 0.0).collect();
        let (large, small): (Vec<_>, Vec<_>) =
            shown.into_iter().partition(|m| most(m) >= SMALL_SHARE * longest);
        let mut groups: Vec<(String, Vec<&'static str>)> =
            large.into_iter().map(|m| (m.replace('_', " "), vec![m])).collect();
        match small.as_slice() {
            [] => {}
            [one] => groups.push((one.replace('_', " "), small)),
            _ => groups.push((rest.to_owned(), small)),
        }
        let steps = groups.len().saturating_sub(1).max(1) as f64;
        segments.extend(groups.into_iter().enumerate().map(|(k, (name, metrics))| Segment {
            name,
            metrics,
            colour: blend(ends[0], ends[1], k as f64 / steps),
            sign,
        }));
    }
    segments
}

/// The key in lines of `(segment, x)`, benefits before costs.
fn keys(segments: &[Segment]) -> Vec<Vec<(usize, f64)>> {
    let mut lines: Vec<Vec<(usize, f64)>> = Vec::new();
    let mut x = MARGIN;
    let mut sign = 0.0;
    for (k, segment) in segments.iter().enumerate() {
        let room = 16.0 + width(&segment.name, SMALL, Weight::Regular) + 16.0;
        if lines.is_empty() || segment.sign != sign || x + room > WIDTH - MARGIN {
            lines.push(Vec::new());
            x = MARGIN + 60.0;
        }
        sign = segment.sign;
        lines.last_mut().expect("a line was just begun").push((k, x));
        x += room;
    }
    lines
}

fn draw_keys(canvas: &Canvas, segments: &[Segment], keys: &[Vec<(usize, f64)>], top: f64) {
    let mut sign = 0.0;
    for (line, entries) in keys.iter().enumerate() {
        let y = top + 18.0 * line as f64;
        for (k, x) in entries {
            let segment = &segments[*k];
            if segment.sign != sign {
                sign = segment.sign;
                let group = if sign > 0.0 { "Benefit" } else { "Cost" };
                canvas.text(group, (MARGIN, y), Anchor::Start, SMALL, Weight::Bold, INK);
            }
            canvas.rect((*x, y - 9.0), (x + 11.0, y + 1.0), segment.colour);
            canvas.text(&segment.name, (x + 16.0, y), Anchor::Start, SMALL, Weight::Regular, INK);
        }
    }
}

fn panel(evidence: &Evidence, rows: &[usize], segments: &[Segment], top: f64, bottom: f64) -> Panel {
    let sum = |s: usize, sign: f64| -> f64 {
        segments.iter().filter(|g| g.sign == sign).map(|g| sign * g.amount(evidence, s)).sum()
    };
    let ends = rows.iter().flat_map(|s| {
        let net = evidence.mean("net", *s);
        let [mean, low, high] =
            net.map_or([0.0; 3], |i| [i.mean, i.low.unwrap_or(i.mean), i.high.unwrap_or(i.mean)]);
        [sum(*s, 1.0), sum(*s, -1.0), mean, low, high]
    });
    let widest = rows.iter().map(|s| width(&evidence.strategies[*s], BODY, Weight::Bold)).fold(0.0, f64::max);
    let left = MARGIN + widest.min(150.0) + 12.0;
    let x = Axis::with_zero(ends, 7);
    Panel {
        place: Place { left, top, right: WIDTH - MARGIN - 10.0, bottom },
        x,
        y: Axis::exactly(0.0, 1.0, 1),
        percent: false,
    }
}

/// One strategy: its bar, and below it the net.
fn draw_row(
    canvas: &Canvas,
    evidence: &Evidence,
    panel: &Panel,
    segments: &[Segment],
    strategy: usize,
    (top, pitch): (f64, f64),
) {
    let style = evidence.styles[strategy];
    let (bar_top, bar_bottom) = (top + 0.12 * pitch, top + 0.56 * pitch);
    let room = panel.place.left - MARGIN - 10.0;
    let label = shorten(&evidence.strategies[strategy], BODY, Weight::Bold, room);
    let middle = (bar_top + bar_bottom) / 2.0 + 0.35 * BODY;
    canvas.text(&label, (MARGIN, middle), Anchor::Start, BODY, Weight::Bold, style.text_colour());
    let mut ends = [0.0, 0.0];
    for segment in segments {
        let end = &mut ends[usize::from(segment.sign < 0.0)];
        let (from, to) = (*end, *end + segment.sign * segment.amount(evidence, strategy));
        *end = to;
        draw_segment(canvas, panel, segment, (from, to), (bar_top, bar_bottom));
        let spot = Spot::between((panel.x_at(from), bar_top), (panel.x_at(to), bar_bottom));
        canvas.row(
            &[spot],
            vec![evidence.strategies[strategy].clone(), segment.name.clone(), number(to - from)],
        );
    }
    let Some(net) = evidence.mean("net", strategy) else { return };
    let y = top + 0.76 * pitch;
    let x = panel.x_at(net.mean);
    let mut right = x + 5.0;
    if let (Some(low), Some(high)) = (net.low, net.high) {
        canvas.line(&[(panel.x_at(low), y), (panel.x_at(high), y)], style.colour, 1.9);
        right = right.max(panel.x_at(high));
    }
    canvas.dot((x, y), 3.5, style.colour);
    let spot = Spot::between((MARGIN, bar_bottom), (panel.place.right, top + pitch));
    canvas.row(&[spot], vec![evidence.strategies[strategy].clone(), "net".to_owned(), cell(&net)]);
    let text = format!("net {}", number(net.mean));
    let long = width(&text, SMALL, Weight::Bold);
    let left = panel.x_at(net.low.unwrap_or(net.mean)).min(x - 5.0);
    let at = if right + 5.0 + long > WIDTH - 4.0 { left - 5.0 - long } else { right + 5.0 };
    canvas.note(&text, (at, y + 0.35 * SMALL), SMALL, Weight::Bold, style.text_colour());
}

fn draw_segment(
    canvas: &Canvas,
    panel: &Panel,
    segment: &Segment,
    (from, to): (f64, f64),
    (top, bottom): (f64, f64),
) {
    let (a, b) = (panel.x_at(from), panel.x_at(to));
    if (b - a).abs() < 0.05 {
        return;
    }
    canvas.rect((a, top), (b, bottom), segment.colour);
    // A thin white line between neighbours.
    canvas.line(&[(b, top), (b, bottom)], PAPER, 0.7);
    let text = number((to - from).abs());
    if width(&text, SMALL, Weight::Regular) + 6.0 < (b - a).abs() {
        let dark =
            u32::from(segment.colour.0) + u32::from(segment.colour.1) + u32::from(segment.colour.2) < 400;
        let colour = if dark { PAPER } else { INK };
        let at = ((a + b) / 2.0, (top + bottom) / 2.0 + 0.35 * SMALL);
        canvas.text(&text, at, Anchor::Middle, SMALL, Weight::Regular, colour);
    }
}

fn title(evidence: &Evidence) -> String {
    match verdict(evidence, "net") {
        Verdict::Nothing => "Benefit by channel".to_owned(),
        Verdict::Alone(s) => {
            format!("{} nets {} per round", name(evidence, s), number(amount(evidence, "net", s)))
        }
        Verdict::Leads { leader, next, by, .. } => {
            let chiefly = chief(evidence, leader, next, by.mean)
                .map_or_else(String::new, |words| format!(", chiefly through {words}"));
            format!(
                "{} nets {} more per round than {}{chiefly}{}",
                name(evidence, leader),
                number(by.mean),
                name(evidence, next),
                caution(evidence)
            )
        }
        Verdict::Tied { strategies, equal, among } => {
            undecided(evidence, &strategies, equal, among, "net benefit", "net most")
        }
    }
}

/// The channel that alone is clearly more than half of the leader's advantage, if there is one.
fn chief(evidence: &Evidence, leader: usize, next: usize, advantage: f64) -> Option<String> {
    let signs = std::iter::repeat_n(1.0, BENEFITS.len()).chain(std::iter::repeat(-1.0));
    let gains = [BENEFITS, COSTS].map(names).concat().into_iter().zip(signs);
    let clear = gains.filter_map(|(metric, sign)| {
        let difference = match evidence.n_replicates() {
            1 => amount(evidence, metric, leader) - amount(evidence, metric, next),
            _ => evidence.contrast(metric, next, leader).filter(|d| d.clear)?.interval.mean,
        };
        Some((metric, sign, sign * difference))
    });
    let (metric, sign, gain) = clear.max_by(|a, b| a.2.total_cmp(&b.2))?;
    let name = metric.replace('_', " ");
    (gain > 0.5 * advantage).then(|| if sign > 0.0 { name } else { format!("less {name}") })
}
