//! The distribution of final benefit among the members of each strategy.

use super::axis::{Axis, number};
use super::canvas::{Anchor, Canvas, Picture, Point, draw as on_canvas};
use super::drawing::Spot;
use super::evidence::Evidence;
use super::frame::{Head, Panel, Place};
use super::text::{Weight, shorten, width};
use super::theme::{AXIS, BODY, LINE, MARGIN, PAPER, SMALL, Style, WIDTH};
use super::words::{Differences, Verdict, caution, name, rank, undecided};
use crate::stats::{Contrast, Moments, quantile};

/// Number of values at which each density is computed.
const N_PLACES: usize = 240;

/// One strategy's final benefit, pooled over replicates.
struct Spread {
    strategy: usize,
    /// Midpoints between neighbouring quantiles, ascending; each represents an equal share of members.
    sample: Vec<f64>,
    /// The smallest and the greatest value.
    ends: (f64, f64),
    /// The median of each replicate.
    medians: Vec<(u32, f64)>,
}

/// A density for each strategy, one above the other.
pub(super) fn draw(evidence: &Evidence) -> Option<Picture> {
    let spreads: Vec<Spread> = (0..evidence.n_strategies()).filter_map(|s| spread(evidence, s)).collect();
    if spreads.is_empty() {
        return None;
    }
    let range = range(&spreads);
    let cut = spreads.iter().any(|s| s.ends.0 < range.0 || s.ends.1 > range.1);
    let head = Head {
        title: title(evidence, &spreads),
        subtitle: format!(
            "Density of members' net benefit since birth at the end, pooled over {}; bar = middle half of members{}",
            match evidence.n_replicates() {
                1 => "one replicate".to_owned(),
                n => format!("{n} replicates"),
            },
            if cut { "; the outermost members lie beyond the axis" } else { "" }
        ),
    };
    let top = head.height(WIDTH);
    let pitch = if spreads.len() > 6 { 58.0 } else { 92.0 };
    let height = top + pitch * spreads.len() as f64 + 90.0;
    Some(on_canvas(WIDTH, height, |canvas| {
        head.draw(canvas, WIDTH);
        let widest = spreads.iter().map(|s| width(&evidence.strategies[s.strategy], BODY, Weight::Bold));
        let left = MARGIN + widest.fold(0.0, f64::max).min(150.0) + 12.0;
        let panel = Panel {
            place: Place { left, top: top + 8.0, right: WIDTH - MARGIN - 10.0, bottom: height - 54.0 },
            x: Axis::exactly(range.0, range.1, 8),
            y: Axis::exactly(0.0, 1.0, 1),
            percent: false,
        };
        panel.draw_x_grid(canvas);
        draw_ridges(canvas, evidence, &panel, &spreads, pitch);
        panel.draw_x(canvas);
        panel.draw_x_title(canvas, "Net benefit since birth");
    }))
}

/// Pools the quantiles of all replicates. The share of members between neighbours is always the same.
fn spread(evidence: &Evidence, strategy: usize) -> Option<Spread> {
    let name = &evidence.strategies[strategy];
    let rows = evidence.distribution.iter().filter(|r| r.strategy == *name && !r.net_total.is_nan());
    let rows: Vec<_> = rows.collect();
    let mut sample = Vec::new();
    let mut medians = Vec::new();
    for same in rows.chunk_by(|a, b| a.replicate == b.replicate) {
        let mut values: Vec<f64> = same.iter().map(|r| r.net_total).collect();
        values.sort_by(f64::total_cmp);
        sample.extend(values.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0));
        medians.push((same[0].replicate, quantile(&values, 0.5)?));
    }
    sample.sort_by(f64::total_cmp);
    let ends = rows.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), r| {
        (low.min(r.net_total), high.max(r.net_total))
    });
    (!sample.is_empty()).then_some(Spread { strategy, sample, ends, medians })
}

/// The range of the axis: from the smallest to the greatest value, but without outliers that would compress the rest.
/// It extends beyond the quantiles 0.01 and 0.99 by at most half of the width between them.
fn range(spreads: &[Spread]) -> (f64, f64) {
    let least = |f: &dyn Fn(&Spread) -> f64| spreads.iter().map(f).fold(f64::INFINITY, f64::min);
    let most = |f: &dyn Fn(&Spread) -> f64| spreads.iter().map(f).fold(f64::NEG_INFINITY, f64::max);
    let place = |p: f64| move |s: &Spread| at(s, p);
    let (low, high) = (least(&|s| s.ends.0), most(&|s| s.ends.1));
    let (inner_low, inner_high) = (least(&place(0.01)), most(&place(0.99)));
    let margin = 0.5 * (inner_high - inner_low);
    let (low, high) = (low.max(inner_low - margin), high.min(inner_high + margin));
    // A little wider, so that curves reach the base within the panel.
    let more = if high > low { 0.03 * (high - low) } else { (0.1 * high.abs()).max(0.5) };
    (low - more, high + more)
}

fn draw_ridges(canvas: &Canvas, evidence: &Evidence, panel: &Panel, spreads: &[Spread], pitch: f64) {
    let (low, high) = panel.x.ends();
    let step = (high - low) / N_PLACES as f64;
    let places: Vec<f64> = (0..=N_PLACES).map(|k| low + k as f64 * step).collect();
    let densities: Vec<Vec<f64>> = spreads.iter().map(|s| density(&s.sample, &places, step)).collect();
    let highest = densities.iter().flatten().copied().fold(0.0, f64::max);
    let bottom = panel.place.bottom - 20.0;
    canvas.table("", &["Strategy", "5% have at most", "25%", "half", "75%", "95%"]);
    for (k, (spread, density)) in spreads.iter().zip(&densities).enumerate() {
        let style = evidence.styles[spread.strategy];
        let base = bottom - pitch * (spreads.len() - 1 - k) as f64;
        // The rest of the pitch is for the median and the middle half below the curve.
        let rise = |d: f64| base - d / highest * (pitch - 22.0);
        let line: Vec<Point> = places.iter().zip(density).map(|(x, d)| (panel.x_at(*x), rise(*d))).collect();
        let mut area = line.clone();
        area.extend([(panel.x_at(high), base), (panel.x_at(low), base)]);
        canvas.polygon(&area, style.colour, 0.5);
        canvas.line(&[(panel.x_at(low), base), (panel.x_at(high), base)], AXIS, 0.7);
        for part in line.chunk_by(|a, b| (base - a.1).max(base - b.1) > 0.15) {
            if part.len() > 1 {
                canvas.dashed(part, style.dash, style.colour, LINE);
            }
        }
        draw_median(
            canvas,
            panel,
            spread,
            style,
            (base, rise(density_at(&places, density, at(spread, 0.5)))),
        );
        let values = [0.05, 0.25, 0.5, 0.75, 0.95].map(|p| number(at(spread, p)));
        let cells = std::iter::once(evidence.strategies[spread.strategy].clone()).chain(values);
        let spot = Spot::between((MARGIN, base - pitch + 22.0), (panel.place.right, base + 14.0));
        canvas.row(&[spot], cells.collect());
        let room = panel.place.left - MARGIN - 10.0;
        let label = shorten(&evidence.strategies[spread.strategy], BODY, Weight::Bold, room);
        canvas.text(&label, (MARGIN, base), Anchor::Start, BODY, Weight::Bold, style.text_colour());
    }
}

fn at(spread: &Spread, p: f64) -> f64 {
    quantile(&spread.sample, p).expect("a spread has a sample")
}

/// The median from the base to the density, and the middle half below.
fn draw_median(canvas: &Canvas, panel: &Panel, spread: &Spread, style: Style, (base, top): (f64, f64)) {
    let x = panel.x_at(at(spread, 0.5));
    canvas.line(&[(x, base - 0.5), (x, top)], PAPER, 1.6);
    let (from, to) = (panel.x_at(at(spread, 0.25)), panel.x_at(at(spread, 0.75)));
    let y = base + 7.0;
    canvas.line(&[(from, y), (to, y)], style.colour, 2.5);
    canvas.dot((x, y), 2.8, style.colour);
    let text = format!("median {}", number(at(spread, 0.5)));
    let end = to.max(x) + 7.0;
    canvas.note(&text, (end, y + 0.35 * SMALL), SMALL, Weight::Bold, style.text_colour());
}

/// Gaussian kernel density with Silverman's (1986) bandwidth, which is at least the distance of the places.
fn density(sample: &[f64], places: &[f64], step: f64) -> Vec<f64> {
    let n = sample.len() as f64;
    let quartile = |p: f64| quantile(sample, p).unwrap_or(0.0);
    let middle = (quartile(0.75) - quartile(0.25)) / 1.34;
    let sd = sample.iter().copied().collect::<Moments>().sd().unwrap_or(0.0);
    let narrow = if middle > 0.0 { sd.min(middle) } else { sd };
    let bandwidth = (0.9 * narrow * libm::pow(n, -0.2)).max(step);
    let front = 1.0 / (n * bandwidth * libm::sqrt(2.0 * std::f64::consts::PI));
    let kernel = |place: f64| -> f64 {
        // Beyond five bandwidths a kernel is too small to be visible.
        let from = sample.partition_point(|v| *v < place - 5.0 * bandwidth);
        let to = sample.partition_point(|v| *v <= place + 5.0 * bandwidth);
        let each = sample[from..to].iter().map(|v| {
            let z = (place - v) / bandwidth;
            libm::exp(-0.5 * z * z)
        });
        each.sum()
    };
    places.iter().map(|place| front * kernel(*place)).collect()
}

/// The density at a value between the places.
fn density_at(places: &[f64], density: &[f64], value: f64) -> f64 {
    let above = places.partition_point(|p| *p < value).clamp(1, places.len() - 1);
    let share = (value - places[above - 1]) / (places[above] - places[above - 1]);
    density[above - 1] + share.clamp(0.0, 1.0) * (density[above] - density[above - 1])
}

fn title(evidence: &Evidence, spreads: &[Spread]) -> String {
    let mean = |s: &Spread| s.medians.iter().map(|m| m.1).collect::<Moments>().mean();
    let medians: Vec<(usize, f64)> = spreads.iter().map(|s| (s.strategy, mean(s))).collect();
    let of = |strategy: usize| spreads.iter().find(|s| s.strategy == strategy);
    let paired = |first: usize, second: usize| {
        let (first, second) = (of(first)?, of(second)?);
        let pairs = second.medians.iter().filter_map(|(replicate, value)| {
            let other = first.medians.iter().find(|m| m.0 == *replicate)?;
            Some(value - other.1)
        });
        Some(Contrast::of(&pairs.collect(), evidence.level))
    };
    let differences = Differences::of(spreads.iter().map(|s| s.strategy), evidence.level, paired);
    match rank(medians, evidence.n_replicates(), |first, second| differences.get(first, second)) {
        Verdict::Leads { leader, next, by, .. } => format!(
            "The median {} ends {} ahead of the median {}{}",
            name(evidence, leader),
            number(by.mean),
            name(evidence, next),
            caution(evidence)
        ),
        Verdict::Alone(s) => {
            let median = of(s).map_or(f64::NAN, mean);
            format!("The median {} ends with a net benefit of {}", name(evidence, s), number(median))
        }
        Verdict::Tied { strategies, equal, among } => undecided(
            evidence,
            &strategies,
            equal,
            among,
            "median final benefit",
            "end highest at the median",
        ),
        Verdict::Nothing => "Final benefit".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_density_integrates_to_one() {
        let sample: Vec<f64> = (0..400).map(|i| f64::from(i % 20) + f64::from(i) / 400.0).collect();
        let mut sorted = sample;
        sorted.sort_by(f64::total_cmp);
        let places: Vec<f64> = (0..=400).map(|i| -10.0 + 0.1 * f64::from(i)).collect();
        let total: f64 = density(&sorted, &places, 0.1).iter().sum::<f64>() * 0.1;
        assert!((total - 1.0).abs() < 1e-3, "{total}");
    }

    #[test]
    fn equal_values_have_a_density_too() {
        let places: Vec<f64> = (0..=10).map(f64::from).collect();
        let density = density(&[5.0; 30], &places, 1.0);
        assert!(density.iter().all(|d| d.is_finite()) && density[5] > density[4]);
        assert_eq!(density_at(&places, &density, 5.0), density[5]);
    }
}
