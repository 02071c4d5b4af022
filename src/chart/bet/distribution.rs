//! The distribution of the differences at the last horizon.

use super::super::axis::{Axis, number};
use super::super::canvas::{Anchor, Canvas, Picture, draw as on_canvas};
use super::super::drawing::Spot;
use super::super::frame::{Head, Panel, Place};
use super::super::text::Weight;
use super::super::theme::{AXIS, BODY, INK, MARGIN, SMALL, WIDTH};
use super::BetEvidence;
use crate::stats::quantile;

/// Approximate number of bars.
const N_BARS: f64 = 44.0;
/// Maximum share of all differences that each end of the axis leaves out.
const TAIL: f64 = 0.01;

/// A histogram. Bars below zero have the colour of the first strategy, bars above zero that of the second.
pub(in crate::chart) fn draw(evidence: &BetEvidence) -> Option<Picture> {
    let mut sorted: Vec<f64> = evidence.differences.iter().copied().filter(|d| !d.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let bars = Bars::of(&sorted)?;
    let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
    let median = quantile(&sorted, 0.5)?;
    let (low, high) = (bars.edges[0], *bars.edges.last()?);
    let beyond = sorted.iter().filter(|d| **d < low || **d > high).count();
    let head = Head {
        title: title(evidence)?,
        subtitle: format!(
            "Difference in net benefit {} of each of {}{}{}{}",
            evidence.after(),
            evidence.sample(),
            if bars.ties > 0.0 {
                format!("; {} differ not at all", percent(bars.ties))
            } else {
                String::new()
            },
            match beyond {
                0 => String::new(),
                n => format!(
                    "; the outermost bars hold {n} more beyond the axis, from {} to {}",
                    number(sorted[0]),
                    number(sorted[sorted.len() - 1])
                ),
            },
            evidence.caution()
        ),
    };
    let top = head.height(WIDTH) + 40.0;
    let height = top + 250.0 + 56.0;
    let most = bars.shares.iter().copied().fold(0.0, f64::max);
    let panel = Panel {
        place: Place { left: MARGIN + 46.0, top, right: WIDTH - MARGIN - 20.0, bottom: top + 250.0 },
        x: Axis::exactly(low, high, 8),
        y: Axis::exactly(0.0, most * 1.05, 5),
        percent: true,
    };
    let [first, second] = evidence.pair();
    Some(on_canvas(WIDTH, height, |canvas| {
        head.draw(canvas, WIDTH);
        let at = (MARGIN, top - 24.0);
        canvas.text("Share of people", at, Anchor::Start, BODY, Weight::Bold, INK);
        panel.draw_y(canvas);
        bars.draw(canvas, &panel, evidence);
        marks(canvas, &panel, mean, median);
        panel.draw_x(canvas);
        let title = format!("Net benefit as {second} less that as {first}");
        panel.draw_x_title(canvas, &title);
    }))
}

/// Bars of equal width with an edge at zero. The outermost bars contain all values beyond them.
struct Bars {
    edges: Vec<f64>,
    shares: Vec<f64>,
    /// Exactly zero, which belongs to neither side.
    ties: f64,
}

impl Bars {
    fn of(sorted: &[f64]) -> Option<Self> {
        let (low, high) = (quantile(sorted, TAIL)?.min(0.0), quantile(sorted, 1.0 - TAIL)?.max(0.0));
        let wide = if high > low { (high - low) / N_BARS } else { 0.1 };
        // Edges at multiples of a bar's width, so that one of them is zero.
        let (from, to) =
            (libm::floor(low / wide), libm::ceil(high / wide).max(libm::floor(low / wide) + 1.0));
        let mut edges = Vec::new();
        let mut edge = from;
        while edge <= to {
            edges.push(edge * wide);
            edge += 1.0;
        }
        let n = sorted.len() as f64;
        let mut shares = vec![0.0; edges.len() - 1];
        for difference in sorted.iter().filter(|d| **d != 0.0) {
            // A value on an edge belongs to the bar on its own side of zero.
            let after = match difference.total_cmp(&0.0) {
                std::cmp::Ordering::Less => edges.partition_point(|e| e < difference),
                _ => edges.partition_point(|e| e <= difference),
            };
            shares[after.clamp(1, edges.len() - 1) - 1] += 1.0 / n;
        }
        let ties = sorted.iter().filter(|d| **d == 0.0).count() as f64 / n;
        Some(Self { edges, shares, ties })
    }

    fn draw(&self, canvas: &Canvas, panel: &Panel, evidence: &BetEvidence) {
        let base = panel.place.bottom;
        canvas.table("", &["Difference from", "to", "Share of people"]);
        for (ends, share) in self.edges.windows(2).zip(&self.shares).filter(|(_, share)| **share > 0.0) {
            let style = evidence.styles[usize::from(ends[0] >= 0.0)];
            let (left, right) = (panel.x_at(ends[0]) + 0.6, panel.x_at(ends[1]) - 0.6);
            canvas.rect((left, panel.at(0.0, *share).1), (right, base), style.colour);
            let spot = Spot::between((left, panel.place.top), (right, base));
            canvas.row(&[spot], vec![number(ends[0]), number(ends[1]), percent(*share)]);
        }
        let zero = panel.x_at(0.0);
        canvas.line(&[(zero, panel.place.top), (zero, base)], AXIS, 1.0);
    }
}

/// Lines at mean and median, with their names above the panel, on sides where they do not overlap.
fn marks(canvas: &Canvas, panel: &Panel, mean: f64, median: f64) {
    let top = panel.place.top;
    for (name, value, other, dash) in
        [("mean", mean, median, &[][..]), ("median", median, mean, &[4.0, 3.0][..])]
    {
        let x = panel.x_at(value).clamp(panel.place.left, panel.place.right);
        canvas.dashed(&[(x, top - 4.0), (x, panel.place.bottom)], dash, INK, 1.4);
        let anchor =
            if value >= other && !(value == other && name == "median") { Anchor::Start } else { Anchor::End };
        let text = format!("{name} {}", number(value));
        let shift = if anchor == Anchor::Start { -2.0 } else { 2.0 };
        canvas.text(&text, (x + shift, top - 8.0), anchor, SMALL, Weight::Bold, INK);
    }
}

fn percent(share: f64) -> String {
    if share < 0.0095 { format!("{:.1}%", share * 100.0) } else { format!("{:.0}%", share * 100.0) }
}

fn title(evidence: &BetEvidence) -> Option<String> {
    let [first, second] = evidence.pair();
    let (claims, last) = (evidence.claims()?, evidence.summary.last()?);
    if claims.all_tie() {
        return Some("All differences are zero".to_owned());
    }
    let majority = claims.majority([&first, &second]);
    if let Some(leader) = claims.leader().filter(|_| claims.disagree()) {
        let winner = if leader == 1 { second } else { first };
        let by = if claims.rare() { ", by rare large gains" } else { "" };
        return Some(format!("{majority}; yet on average {winner} gains more{by}"));
    }
    let median = match last.median.ends() {
        Some((low, high)) => {
            format!(
                "{} ({} interval {} to {})",
                number(last.median.mean),
                evidence.level,
                number(low),
                number(high)
            )
        }
        None => number(last.median.mean),
    };
    Some(format!("{majority}; the median difference is {median}"))
}
