//! Several bets side by side.

use super::super::axis::Axis;
use super::super::canvas::Picture;
use super::super::dots::{Row, dots};
use super::super::frame::Head;
use super::super::lines::{Curve, Plot, figure, values};
use super::super::theme::Style;
use super::super::words::{cut, short};
use super::{BetEvidence, BetSummaryRow};
use crate::results::side_of_zero;
use crate::stats::Interval;

/// The mean difference by horizon, a curve for each bet.
pub(in crate::chart) fn draw_differences(bets: &[BetEvidence]) -> Option<Picture> {
    let plot = plot(bets, "Mean difference in net benefit", |row| row.mean)?;
    let leader = |bet: &BetEvidence| bet.claims()?.leader().map(|side| bet.pair()[side].clone());
    let y = Axis::with_zero(values(&plot.curves), 5);
    let head = Head {
        title: counted(bets, "wins on average", "undecided", leader),
        subtitle: format!(
            "Mean net benefit by rounds after the event: {}; {}",
            contrasts(bets),
            ribbon(bets)
        ),
    };
    Some(figure(&head, &Plot { y: Some(y), ..plot }))
}

/// The chance to gain more as the second strategy by horizon, a curve for each bet.
pub(in crate::chart) fn draw_chances(bets: &[BetEvidence]) -> Option<Picture> {
    let plot = plot(bets, "Chance of gaining more as the second", |row| row.chances[1])?;
    let leader = |bet: &BetEvidence| bet.claims()?.more_often().map(|side| bet.pair()[side].clone());
    let head = Head {
        title: counted(bets, "gains more often", "not clear", leader),
        subtitle: format!(
            "Chance of gaining more as the second strategy, by rounds after the event: {}; {}",
            contrasts(bets),
            ribbon(bets)
        ),
    };
    Some(figure(&head, &Plot { percent: true, y: Some(Axis::exactly(0.0, 1.0, 5)), ..plot }))
}

/// The difference by channel at the last horizon, a band of rows for each bet.
pub(in crate::chart) fn draw_channels(bets: &[BetEvidence]) -> Option<Picture> {
    let moved = |mean: &Interval| mean.to_cells().iter().any(|v| *v != 0.0 && !v.is_nan());
    let band = |bet: &BetEvidence| {
        let rows = bet.at_last(&bet.channels).into_iter().filter(|row| moved(&row.mean));
        let dot = |row: &super::BetMeanRow| {
            let style = bet.styles[usize::from(row.mean.mean > 0.0)];
            (row.what.replace('_', " "), style, row.mean)
        };
        Row { label: bet.label.clone(), dots: rows.map(dot).collect() }
    };
    let rows: Vec<Row> = bets.iter().map(band).filter(|row| !row.dots.is_empty()).collect();
    let clear = |row: &&Row| row.dots.iter().any(|dot| side_of_zero(&dot.2).is_some());
    let n_clear = rows.iter().filter(clear).count();
    let title = match n_clear {
        0 => "No channel differs clearly in any bet".to_owned(),
        n => format!("Some channel differs clearly in {}", in_words(n, bets.len())),
    };
    let subtitle = format!(
        "Mean difference by channel at the last horizon: {}; a cost that is saved counts as a gain; in the colour of \
         the strategy that it favours; {}",
        contrasts(bets),
        ribbon(bets).replace("ribbon", "line")
    );
    dots(&Head { title, subtitle }, &rows, "Mean difference in net benefit", true)
}

/// A plot with a curve for each bet.
fn plot(bets: &[BetEvidence], y_title: &str, pick: fn(&BetSummaryRow) -> Interval) -> Option<Plot> {
    let curve = |(k, bet): (usize, &BetEvidence)| Curve {
        name: cut(&bet.label, 40),
        style: Style::apart(k),
        points: bet.summary.iter().map(|row| (f64::from(row.horizon), pick(row))).collect(),
    };
    let last = bets.iter().filter_map(|bet| bet.summary.last()).map(|row| row.horizon).max()?;
    Some(Plot {
        heading: String::new(),
        y_title: y_title.to_owned(),
        x_title: "Rounds after the event".to_owned(),
        curves: bets.iter().enumerate().map(curve).collect(),
        x_last: f64::from(last),
        burn_in: 0,
        marks: Vec::new(),
        steps: false,
        broken: false,
        percent: false,
        y: None,
        labelled: true,
    })
}

/// In how many bets which strategy is ahead.
fn counted(
    bets: &[BetEvidence],
    verb: &str,
    open: &str,
    leader: impl Fn(&BetEvidence) -> Option<String>,
) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    let mut undecided = 0;
    for bet in bets {
        match leader(bet) {
            None => undecided += 1,
            Some(name) => match counts.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => counts.push((name, 1)),
            },
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let n = bets.len();
    let Some(((name, count), others)) = counts.split_first() else {
        return format!("{}{} in {}", open[..1].to_uppercase(), &open[1..], in_words(n, n));
    };
    let mut title = format!("{name} {verb} in {}", in_words(*count, n));
    for (other, count) in others {
        title += &format!(", {other} in {count}");
    }
    if undecided > 0 { format!("{title}, {open} in {undecided}") } else { title }
}

/// "both bets", "all 3 bets", "1 of 2 bets".
fn in_words(count: usize, n: usize) -> String {
    match (count, n) {
        (1, 1) => "the bet".to_owned(),
        (2, 2) => "both bets".to_owned(),
        (count, n) if count == n => format!("all {n} bets"),
        (count, n) => format!("{count} of {n} bets"),
    }
}

/// What is subtracted from what: once if it is the same in all bets.
fn contrasts(bets: &[BetEvidence]) -> String {
    let mut contrasts: Vec<String> = bets
        .iter()
        .map(|bet| format!("as {} less that as {}", short(&bet.names.second), short(&bet.names.first)))
        .collect();
    contrasts.dedup();
    match &contrasts[..] {
        [one] => one.clone(),
        _ => "as the second strategy of each bet less that as the first".to_owned(),
    }
}

/// What the ribbons are.
fn ribbon(bets: &[BetEvidence]) -> String {
    let caution = bets.iter().find_map(|bet| bet.names.caution.as_ref());
    let caution = caution.map_or_else(String::new, |caution| format!("; {caution}"));
    format!("ribbon = the interval in the tables, clustered by world{caution}")
}
