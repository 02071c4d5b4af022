//! Several results side by side.

use std::collections::BTreeSet;

use super::axis::Axis;
use super::canvas::{Picture, draw as on_canvas};
use super::dots::{Row, dots, draw_key, entries, key};
use super::evidence::{Difference, Evidence};
use super::frame::{Head, Place};
use super::lines::{Plot, draw_plot, shaded, values};
use super::theme::{AXIS, MARGIN, Style, WIDTH};
use super::tracks::Track;
use super::words::{Verdict, cut, verdict};

/// Maximum number of pairs in a chart; the tables have all.
const N_PAIRS_MAX: usize = 6;

/// Net benefit per round by result and strategy.
pub(super) fn draw_net(results: &[Evidence]) -> Option<Picture> {
    let rows: Vec<Row> = results
        .iter()
        .map(|e| Row {
            label: e.label.clone(),
            dots: (0..e.n_strategies())
                .filter_map(|s| Some((e.strategies[s].clone(), e.styles[s], e.mean("net", s)?)))
                .collect(),
        })
        .filter(|row| !row.dots.is_empty())
        .collect();
    let head = Head {
        title: winners(results),
        subtitle: format!("Net benefit per agent and round after burn-in; {}", spread(results)),
    };
    dots(&head, &rows, "Net benefit per round", false)
}

/// Paired differences of net benefit between strategies, by result.
pub(super) fn draw_differences(results: &[Evidence]) -> Option<Picture> {
    let (pairs, n_left_out) = pairs(results);
    let mut clear = Vec::new();
    let mut dots_of = |e: &Evidence| {
        let find = |name: &str| e.strategies.iter().position(|s| s == name);
        let of = |&(first, second): &(&str, &str)| {
            let difference = e.contrast("net", find(first)?, find(second)?)?;
            let label = format!("{} \u{2212} {}", cut(second, 16), cut(first, 16));
            clear.push(difference.clear);
            Some((label, ahead(e, find(first)?, find(second)?, &difference), difference.interval))
        };
        pairs.iter().filter_map(of).collect()
    };
    let rows: Vec<Row> = results
        .iter()
        .map(|e| Row { label: e.label.clone(), dots: dots_of(e) })
        .filter(|row| !row.dots.is_empty())
        .collect();
    let more = match n_left_out {
        0 => String::new(),
        n => format!("; {n} more pairs are in the tables"),
    };
    let head = Head {
        title: decided(&clear),
        subtitle: format!(
            "Difference in net benefit per agent and round after burn-in, paired by replicate, in the \
             colour of who is clearly ahead; {}{more}",
            spread(results)
        ),
    };
    dots(&head, &rows, "Difference in net benefit per round", true)
}

/// The first pairs of strategies, in order of appearance, and the number of further pairs.
fn pairs(results: &[Evidence]) -> (Vec<(&str, &str)>, usize) {
    let mut known: BTreeSet<[&str; 2]> = BTreeSet::new();
    let mut pairs = Vec::new();
    for e in results {
        for (k, second) in e.strategies.iter().enumerate() {
            for first in &e.strategies[..k] {
                if known.insert([first.min(second), first.max(second)]) && pairs.len() < N_PAIRS_MAX {
                    pairs.push((first.as_str(), second.as_str()));
                }
            }
        }
    }
    let n_left_out = known.len() - pairs.len();
    (pairs, n_left_out)
}

/// The style of the strategy of a pair that is clearly ahead, or grey if neither is.
fn ahead(e: &Evidence, first: usize, second: usize, difference: &Difference) -> Style {
    if !difference.clear {
        return Style { colour: AXIS, dash: &[] };
    }
    e.styles[if difference.interval.mean > 0.0 { second } else { first }]
}

/// Net benefit over time, a panel for each result, all on the same axes.
pub(super) fn draw_over_time(results: &[Evidence]) -> Option<Picture> {
    let mut plots: Vec<Plot> = results.iter().map(|e| Plot::of(e, Track::Net, "")).collect();
    let curves: Vec<_> = plots.iter().flat_map(|p| p.curves.clone()).collect();
    if curves.is_empty() {
        return None;
    }
    let y = Axis::around(values(&curves), 4);
    let x_last = plots.iter().map(|p| p.x_last).fold(0.0, f64::max);
    for (plot, e) in plots.iter_mut().zip(results) {
        plot.heading = e.label.clone();
        plot.y = Some(y.clone());
        plot.x_last = x_last;
        plot.labelled = false;
    }
    let windows: Vec<u32> = results.iter().map(|e| e.tracks.window).collect();
    let averaged = match windows.iter().max() {
        Some(1) | None => "mean of each round",
        _ => "mean over the last mixer cycle",
    };
    let head = Head {
        title: winners(results),
        subtitle: format!(
            "Net benefit per agent and round, {averaged}; {}{}",
            spread(results),
            results.iter().map(shaded).max().unwrap_or_default()
        ),
    };
    let entries = entries(curves.iter().map(|c| (c.name.as_str(), c.style)));
    let key_lines = key(&entries);
    let top = head.height(WIDTH) + 18.0 * f64::from(u32::try_from(key_lines.len()).unwrap_or(1)) + 4.0;
    let columns = match plots.len() {
        1 => 1,
        2 | 4 => 2,
        _ => 3,
    };
    let (wide, tall) = ((WIDTH - 2.0 * MARGIN + 12.0) / f64::from(columns), 200.0);
    let height =
        top + tall * f64::from(u32::try_from(plots.len()).unwrap_or(u32::MAX).div_ceil(columns)) + 10.0;
    Some(on_canvas(WIDTH, height, |canvas| {
        head.draw(canvas, WIDTH);
        draw_key(canvas, &entries, &key_lines, head.height(WIDTH) + 6.0);
        for (k, plot) in (0_u32..).zip(&plots) {
            let (column, row) = (f64::from(k % columns), f64::from(k / columns));
            let (left, top) = (MARGIN + column * wide, top + row * tall);
            draw_plot(canvas, plot, Place { left, top, right: left + wide - 12.0, bottom: top + tall - 8.0 });
        }
    }))
}

/// The strategies with the highest net benefit, and in how many results.
fn winners(results: &[Evidence]) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    // Results with a single replicate do not count if others have more.
    let single = results.iter().all(|e| e.n_replicates() == 1);
    for e in results.iter().filter(|e| single || e.n_replicates() > 1) {
        if let Verdict::Leads { leader, .. } = verdict(e, "net") {
            let name = &e.strategies[leader];
            match counts.iter_mut().find(|(n, _)| n == name) {
                Some((_, count)) => *count += 1,
                None => counts.push((name.clone(), 1)),
            }
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let n = results.len();
    let among = |count: usize| match (count, n) {
        (_, 1) => String::new(),
        (c, n) if c == n => format!(" in all {n} results"),
        (c, n) => format!(" in {c} of {n} results"),
    };
    let caution = if single { ", in a single replicate each" } else { "" };
    match counts.as_slice() {
        [] if n == 1 => "No strategy clearly nets most".to_owned(),
        [] => format!("No strategy clearly nets most in any of {n} results"),
        [(name, count)] => format!("{} nets most{}{caution}", cut(name, 28), among(*count)),
        [(a, n_a), (b, n_b), rest @ ..] => {
            let more = if rest.is_empty() { "" } else { ", others elsewhere" };
            format!("{} nets most{}, {} in {n_b}{more}{caution}", cut(a, 28), among(*n_a), cut(b, 28))
        }
    }
}

/// The number of clear differences.
fn decided(clear: &[bool]) -> String {
    match (clear.iter().filter(|clear| **clear).count(), clear.len()) {
        (_, 0) => "No differences to show".to_owned(),
        (0, n) => format!("None of {n} differences in net benefit is clear"),
        (c, n) if c == n && n > 1 => format!("All {n} differences in net benefit are clear"),
        (1, 1) => "The difference in net benefit is clear".to_owned(),
        (1, n) => format!("One of {n} differences in net benefit is clear"),
        (c, n) => format!("{c} of {n} differences in net benefit are clear"),
    }
}

fn spread(results: &[Evidence]) -> String {
    let counts: Vec<u32> = results.iter().map(Evidence::n_replicates).collect();
    // All results have the same level.
    let level = results.first().map(|e| e.level).unwrap_or_default();
    match (counts.iter().min(), counts.iter().max()) {
        (_, Some(1)) | (_, None) => "one replicate each, so no intervals".to_owned(),
        (Some(a), Some(b)) if a == b => format!("{level} t-intervals over {a} replicates each"),
        (Some(1), Some(b)) => format!("{level} t-intervals over up to {b} replicates, none for a single one"),
        (Some(a), Some(b)) => format!("{level} t-intervals over {a} to {b} replicates"),
        (None, _) => String::new(),
    }
}
