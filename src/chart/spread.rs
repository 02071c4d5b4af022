//! The spread of net benefit within each strategy over time.

use super::axis::{Axis, number};
use super::canvas::{Anchor, Canvas, Picture, Point, draw as on_canvas};
use super::drawing::Spot;
use super::evidence::Evidence;
use super::frame::{Head, Panel, Place};
use super::gather::Spread;
use super::marks;
use super::text::{Weight, shorten};
use super::theme::{BODY, LINE, MARGIN, Style, WIDTH};
use super::words::{Differences, Verdict, caution, name, rank};
use crate::stats::{Contrast, Moments};

/// Positions of the quantiles 0.05, 0.5 and 0.95.
const LOW: usize = 0;
const MEDIAN: usize = 2;
const HIGH: usize = 4;

/// The quantiles of one strategy: rounds with a value for each quantile.
type Bands = Vec<(f64, [f64; 5])>;

/// Bands of quantiles, one panel for each strategy, all with the same axes.
pub(super) fn draw(evidence: &Evidence) -> Option<Picture> {
    let spread = evidence.spread.as_ref()?;
    let all: Vec<(usize, Bands)> = (0..evidence.n_strategies())
        .map(|s| (s, bands(spread, s)))
        .filter(|(_, bands)| !bands.is_empty())
        .collect();
    // A single round has no course.
    if all.iter().all(|(_, bands)| bands.len() < 2) {
        return None;
    }
    let strategies: Vec<usize> = all.iter().map(|(s, _)| *s).collect();
    let head = Head {
        title: title(evidence, spread, &strategies),
        subtitle: format!(
            "Net benefit since birth of the members of each strategy, {}: line = median, dark band = middle half of \
             members, light band = middle 90%{}",
            match evidence.n_replicates() {
                1 => "one replicate".to_owned(),
                n => format!("mean of {n} replicates"),
            },
            if evidence.marks.is_empty() { "" } else { "; upright lines = settings change" }
        ),
    };
    let columns = if all.len() == 4 { 2 } else { all.len().min(3) };
    let tall = if all.len() > 6 { 170.0 } else { 230.0 };
    let top = head.height(WIDTH);
    let height = top + tall * all.len().div_ceil(columns) as f64 + 14.0;
    let values = all.iter().flat_map(|(_, bands)| bands).flat_map(|(_, values)| *values);
    let y = Axis::around(values, 5);
    let last = all.iter().filter_map(|(_, bands)| bands.last()).map(|(round, _)| *round).fold(0.0, f64::max);
    Some(on_canvas(WIDTH, height, |canvas| {
        head.draw(canvas, WIDTH);
        let wide = (WIDTH - 2.0 * MARGIN) / columns as f64;
        for (k, (strategy, bands)) in all.iter().enumerate() {
            let left = MARGIN + wide * (k % columns) as f64;
            let above = top + tall * (k / columns) as f64;
            let place = Place { left, top: above, right: left + wide, bottom: above + tall };
            let mut panel = Panel { place, x: Axis::whole(0.0, last, 4), y: y.clone(), percent: false };
            panel.place = Place {
                left: left + panel.y_text_width() + 10.0,
                top: above + 26.0,
                right: left + wide - 12.0,
                bottom: above + tall - 42.0,
            };
            marks::draw(canvas, &evidence.marks, &panel, false);
            draw_panel(canvas, &panel, &evidence.strategies[*strategy], evidence.styles[*strategy], bands);
        }
    }))
}

/// The mean of each quantile over replicates.
fn bands(spread: &Spread, strategy: usize) -> Bands {
    let rounds = spread.rounds[strategy].iter();
    rounds.map(|(round, quantiles)| (f64::from(*round), quantiles.map(|of| of.mean()))).collect()
}

fn draw_panel(canvas: &Canvas, panel: &Panel, strategy: &str, style: Style, bands: &[(f64, [f64; 5])]) {
    let Place { left, top, right, bottom } = panel.place;
    panel.draw_y(canvas);
    let heading = shorten(strategy, BODY, Weight::Bold, right - left);
    canvas.text(&heading, (left, top - 8.0), Anchor::Start, BODY, Weight::Bold, style.text_colour());
    let line = |quantile: usize| -> Vec<Point> {
        bands.iter().map(|(round, values)| panel.at(*round, values[quantile])).collect()
    };
    for quantile in [LOW, LOW + 1] {
        let mut outline = line(quantile);
        outline.extend(line(HIGH - quantile).into_iter().rev());
        canvas.polygon(&outline, style.colour, 0.22);
    }
    match line(MEDIAN).as_slice() {
        [only] => canvas.dot(*only, 2.5, style.colour),
        median => canvas.line(median, style.colour, LINE),
    }
    panel.draw_x(canvas);
    panel.draw_x_title(canvas, "Round");
    canvas.table(strategy, &["Round", "5% have at most", "25%", "half", "75%", "95%"]);
    let first = bands[0].0;
    let half = bands.get(1).map_or(right - left, |(next, _)| (panel.x_at(*next) - panel.x_at(first)) / 2.0);
    for (round, values) in bands {
        let x = panel.x_at(*round);
        let spot = Spot::between(((x - half).max(left), top), ((x + half).min(right), bottom));
        let cells = std::iter::once(round.to_string()).chain(values.iter().map(|value| number(*value)));
        canvas.row(&[spot], cells.collect());
    }
}

/// The title: whose 95% quantile is the highest after the last round, and whose 5% quantile the lowest. All pairs of
/// strategies at both ends are tested together.
fn title(evidence: &Evidence, spread: &Spread, strategies: &[usize]) -> String {
    let n = evidence.n_strategies();
    // Strategies at the upper end, then at the lower end, where less is farther out.
    let value = |place: usize, quantiles: &[f64; 5]| {
        if place < n { quantiles[HIGH] } else { -quantiles[LOW] }
    };
    let ends = |place: usize| &spread.ends[place % n];
    let paired = |first: usize, second: usize| {
        let pairs = ends(second).iter().filter_map(|(replicate, own)| {
            Some(value(second, own) - value(first, ends(first).get(replicate)?))
        });
        ((first < n) == (second < n)).then(|| Contrast::of(&pairs.collect(), evidence.level))
    };
    let both = strategies.iter().copied().chain(strategies.iter().map(|s| n + s));
    let differences = Differences::of(both, evidence.level, paired);
    let farthest = |shift: usize| {
        let mean = |s: usize| ends(s).values().map(|own| value(s + shift, own)).collect::<Moments>().mean();
        let means: Vec<(usize, f64)> =
            strategies.iter().map(|s| (*s, mean(*s))).filter(|(_, mean)| !mean.is_nan()).collect();
        rank(means, evidence.n_replicates(), |a, b| differences.get(a + shift, b + shift))
    };
    let caution = caution(evidence);
    let leader = |verdict: Verdict| match verdict {
        Verdict::Leads { leader, .. } => Some(leader),
        _ => None,
    };
    let highest = farthest(0);
    if let Verdict::Alone(s) = highest {
        let end = |quantile: usize| ends(s).values().map(|own| own[quantile]).collect::<Moments>().mean();
        let [low, high] = [LOW, HIGH].map(|quantile| number(end(quantile)));
        return format!(
            "The middle 90% of {} end with a net benefit of {low} to {high}{caution}",
            name(evidence, s)
        );
    }
    match (leader(highest), leader(farthest(n))) {
        (Some(top), Some(bottom)) if top == bottom => format!(
            "{} is at both ends: of all strategies it has the highest 95% quantile and the lowest 5% quantile{caution}",
            name(evidence, top)
        ),
        (Some(top), Some(bottom)) => format!(
            "{} has the highest 95% quantile of net benefit, {} the lowest 5% quantile{caution}",
            name(evidence, top),
            name(evidence, bottom)
        ),
        (Some(top), None) => format!(
            "{} has the highest 95% quantile of net benefit; whose 5% quantile is lowest is not clear{caution}",
            name(evidence, top)
        ),
        (None, Some(bottom)) => format!(
            "{} has the lowest 5% quantile of net benefit; whose 95% quantile is highest is not clear{caution}",
            name(evidence, bottom)
        ),
        (None, None) => "No strategy clearly has the highest or the lowest end of net benefit".to_owned(),
    }
}
