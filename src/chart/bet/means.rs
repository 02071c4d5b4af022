//! Rows of dots: differences by channel, of others and by trait, and the results of a crossover.

use super::super::axis::number;
use super::super::canvas::Picture;
use super::super::dots::{Row, dots};
use super::super::frame::Head;
use super::{BetEvidence, BetMeanRow};
use crate::results::side_of_zero;
use crate::stats::Interval;

/// The name of a channel for readers.
fn plain(name: &str) -> String {
    name.replace('_', " ")
}

impl BetEvidence {
    /// Rows of dots, in the colour of the strategy that each difference favours.
    fn rows<'a>(&self, rows: impl IntoIterator<Item = &'a BetMeanRow>) -> Vec<Row> {
        let names = self.pair();
        let row = |row: &BetMeanRow| {
            let estimate = row.mean;
            let side = usize::from(estimate.mean > 0.0);
            let dot = (format!("better as {}", names[side]), self.styles[side], estimate);
            Row { label: plain(&row.what), dots: vec![dot] }
        };
        rows.into_iter().map(row).collect()
    }

    pub(super) fn at_last<'a>(&self, rows: &'a [BetMeanRow]) -> Vec<&'a BetMeanRow> {
        let last = self.summary.last().map_or(0, |row| row.horizon);
        rows.iter().filter(|row| row.horizon == last).collect()
    }

    fn x_title(&self) -> String {
        let [first, second] = self.pair();
        format!("Net benefit as {second} less that as {first}")
    }
}

/// The row with the largest mean (or the smallest, without `up`), among those whose interval excludes zero.
fn clearest<'a>(rows: &[&'a BetMeanRow], up: bool) -> Option<&'a BetMeanRow> {
    let clear = rows.iter().filter(|row| side_of_zero(&row.mean) == Some(usize::from(up)));
    clear.max_by(|a, b| a.mean.mean.abs().total_cmp(&b.mean.mean.abs())).copied()
}

/// Whether a mean or its interval differs from zero.
fn moved(of: &Interval) -> bool {
    of.to_cells().iter().any(|v| *v != 0.0 && !v.is_nan())
}

/// The difference by channel at the last horizon, and the differences of others.
pub(in crate::chart) fn draw_channels(evidence: &BetEvidence) -> Option<Picture> {
    let channels = evidence.at_last(&evidence.channels);
    let moved: Vec<&BetMeanRow> = channels.iter().copied().filter(|row| moved(&row.mean)).collect();
    let [first, second] = evidence.pair();
    let title = match (clearest(&moved, true), clearest(&moved, false)) {
        (Some(up), Some(down)) => format!(
            "{second} gains {} by {}, {first} {} by {}",
            number(up.mean.mean),
            plain(&up.what),
            number(-down.mean.mean),
            plain(&down.what)
        ),
        (Some(up), None) => format!("{second} gains {} by {}", number(up.mean.mean), plain(&up.what)),
        (None, Some(down)) => format!("{first} gains {} by {}", number(-down.mean.mean), plain(&down.what)),
        (None, None) => "No channel differs clearly".to_owned(),
    };
    let head = Head {
        title,
        subtitle: format!(
            "Mean difference by channel {}, {}; a cost that is saved counts as a gain; whole: all channels; \
             partners: summed over those met at the event. Lines = {} intervals, clustered by world{}",
            evidence.after(),
            evidence.sample(),
            evidence.level,
            evidence.caution()
        ),
    };
    let mut rows = evidence.rows(moved);
    let others = evidence.at_last(&evidence.others);
    for (what, label) in [("focal", "whole"), ("partners", "partners")] {
        let found = others.iter().copied().filter(|row| row.what == what);
        rows.extend(evidence.rows(found).into_iter().map(|row| Row { label: label.to_owned(), ..row }));
    }
    dots(&head, &rows, &evidence.x_title(), false)
}

/// The part of each trait.
pub(in crate::chart) fn draw_parts(evidence: &BetEvidence) -> Option<Picture> {
    let parts = evidence.at_last(&evidence.parts);
    let traits: Vec<&BetMeanRow> = parts.iter().copied().filter(|row| row.what != "all").collect();
    if traits.is_empty() {
        return None;
    }
    let named = |row: Option<&BetMeanRow>| {
        row.map(|row| format!("{} ({})", row.what.replace('_', " "), number(row.mean.mean)))
    };
    let title = match (named(clearest(&traits, true)), named(clearest(&traits, false))) {
        (Some(up), Some(down)) => format!("{up} pays, {down} costs"),
        (Some(up), None) => format!("{up} pays"),
        (None, Some(down)) => format!("{down} costs"),
        (None, None) => "No single trait makes a clear difference".to_owned(),
    };
    let head = Head {
        title,
        subtitle: format!(
            "Part of each trait in the mean difference {} (Shapley values), {}; the parts sum to all. \
             Lines = {} intervals, clustered by world{}",
            evidence.after(),
            evidence.sample(),
            evidence.level,
            evidence.caution()
        ),
    };
    dots(&head, &evidence.rows(parts), &evidence.x_title(), false)
}

/// The results of a crossover.
pub(in crate::chart) fn draw_crossover(evidence: &BetEvidence) -> Option<Picture> {
    let of = |what: &str| evidence.crossover.iter().find(|row| row.what == what);
    let (estimate, truth, bias) = (of("estimate")?, of("truth")?, of("bias")?);
    let clear = bias.mean.excludes_zero();
    let title = if clear {
        let way = if bias.mean.mean > 0.0 { "too high" } else { "too low" };
        format!("Trying both on oneself finds {} {way}", number(bias.mean.mean.abs()))
    } else {
        let widths = estimate.mean.half_width().zip(truth.mean.half_width());
        let wider = widths.is_some_and(|(estimate, truth)| estimate > truth);
        let exactly = if wider { ", and is less exact than twins" } else { "" };
        format!("Trying both on oneself shows no clear bias{exactly}")
    };
    let people = of("people_crossover").map(|row| row.mean.mean);
    let people = people.filter(|people| truth.mean.excludes_zero() && !people.is_nan());
    let people = people.map_or_else(String::new, |people| {
        format!("; it would take about {people:.0} people to see the truth with a chance of 80%")
    });
    let window = evidence.names.window.unwrap_or(0);
    let head = Head {
        title,
        subtitle: format!(
            "One life with both events, {window} rounds counted after each, against twins over as many rounds; {}{people}. \
             Lines = {} intervals, clustered by world{}",
            evidence.sample(),
            evidence.level,
            evidence.caution()
        ),
    };
    let labels = [(estimate, "crossover"), (truth, "twins"), (bias, "bias")];
    let mut rows: Vec<Row> = Vec::new();
    for (row, label) in labels {
        rows.extend(evidence.rows([row]).into_iter().map(|row| Row { label: label.to_owned(), ..row }));
    }
    dots(&head, &rows, &evidence.x_title(), false)
}
