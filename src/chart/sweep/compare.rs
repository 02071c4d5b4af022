//! Several sweeps side by side.

use super::super::canvas::{Anchor, Picture, draw as on_canvas};
use super::super::dots::{Row, dots};
use super::super::frame::{Head, Place};
use super::super::text::{Weight, shorten};
use super::super::theme::{BODY, INK, MARGIN, Style, WIDTH};
use super::super::words::{cut, short};
use super::curves::{self, Line};
use super::map::{self, draw_key, draw_map, draw_y, map_of};
use super::scale::ValueRange;
use super::thin::has_maps;
use super::{AllPoints, FactorScale, SensitivityRow, SweepEvidence};
use crate::results::SweepPointRow;
use crate::stats::Interval;

/// Maximum number of maps in a figure.
const MAPS_MAX: usize = 9;

/// The contrast along the only factor, a curve for each sweep.
pub(in crate::chart) fn draw_curves(sweeps: &[SweepEvidence]) -> Option<Picture> {
    let factor = common_factors(sweeps, 1)?.into_iter().next()?;
    let mut range = ValueRange::of(&sweeps[0].names.factors[0]);
    let points = || sweeps.iter().flat_map(|sweep| &sweep.points);
    points().for_each(|row| range.add(&row.values[0]));
    let scale = FactorScale::of(&sweeps[0].names.factors[0], range);
    let line = |(k, sweep): (usize, &SweepEvidence)| {
        let of = |row: &SweepPointRow| (scale.share(&row.values[0]), row.difference);
        let mut points: Vec<_> = sweep.points.iter().map(of).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        Line { name: cut(&sweep.label, 40), style: Style::apart(k), points }
    };
    let lines: Vec<Line> = sweeps.iter().enumerate().map(line).collect();
    let title = counted(sweeps);
    let subtitle = format!(
        "{} along {}; ribbon = the interval of each point. Clearly ahead: {}",
        measures(sweeps),
        short(&factor),
        together(sweeps)
    );
    curves::figure(&Head { title, subtitle }, &curves::values(points(), &scale), &scale, &lines, |_, _| {})
}

/// A map of each sweep on the same scale of colours, and of two sweeps with the same points the difference.
pub(in crate::chart) fn draw_maps(sweeps: &[SweepEvidence]) -> Option<Picture> {
    common_factors(sweeps, 2)?;
    if sweeps.len() > MAPS_MAX || !sweeps.iter().all(|sweep| has_maps(&sweep.names)) {
        return None;
    }
    let difference = match sweeps {
        [before, after] => difference(before, after),
        _ => None,
    };
    let panels: Vec<&SweepEvidence> = sweeps.iter().chain(&difference).collect();
    let most = panels.iter().map(|sweep| sweep.all.low.abs().max(sweep.all.high.abs()));
    let most = most.fold(f64::MIN_POSITIVE, f64::max);
    let from_to = match (&difference, sweeps) {
        (Some(_), [before, after]) => format!(
            ". Last map: {} less {}, hatched where their intervals, all points taken together, overlap",
            short(&after.label),
            short(&before.label)
        ),
        _ => String::new(),
    };
    let subtitle = format!(
        "{}, on the same scale of colours; hatched where nobody is clearly ahead, {}{from_to}",
        measures(sweeps),
        together(sweeps)
    );
    let head = Head { title: counted(sweeps), subtitle };
    let top = head.height(WIDTH) + 30.0;
    let (left, right) = (MARGIN + 60.0, WIDTH - MARGIN - 118.0);
    let (side, tall) = ((right - left - 40.0) / 2.0, 230.0);
    let rows = panels.len().div_ceil(2);
    let height = top + rows as f64 * (tall + 52.0) + 24.0;
    Some(on_canvas(WIDTH, height, |canvas| {
        head.draw(canvas, WIDTH);
        for (k, sweep) in panels.iter().enumerate() {
            let (x, y) = (left + (k % 2) as f64 * (side + 40.0), top + (k / 2) as f64 * (tall + 52.0));
            let place = Place { left: x, top: y, right: x + side, bottom: y + tall };
            map::begin_table(canvas, sweep, &sweep.label);
            draw_map(canvas, sweep, &map_of(sweep, 0, 1), place, most);
            let label = shorten(&sweep.label, BODY, Weight::Bold, side);
            canvas.text(&label, (x, y - 7.0), Anchor::Start, BODY, Weight::Bold, INK);
            sweep.scales[0].draw_x(canvas, place, k / 2 + 1 == rows);
            draw_y(canvas, &sweep.scales[1], place, k % 2 == 0);
        }
        draw_key(canvas, &sweeps[0], right + 24.0, (top, top + tall), most);
    }))
}

/// What each factor matters, a band of rows for each factor.
pub(in crate::chart) fn draw_sensitivity(sweeps: &[SweepEvidence]) -> Option<Picture> {
    let of = |sweep: &SweepEvidence| -> Vec<(String, Interval)> {
        let rank = |rows: &[SensitivityRow], pick: fn(&SensitivityRow) -> Interval| {
            rows.iter().map(|row| (row.factor.clone(), pick(row))).collect()
        };
        if sweep.sobol.is_empty() {
            rank(&sweep.morris, |row| row.first)
        } else {
            rank(&sweep.sobol, |row| row.second)
        }
    };
    let of_sobol = !sweeps.first()?.sobol.is_empty();
    if sweeps.iter().any(|sweep| sweep.sobol.is_empty() == of_sobol || of(sweep).is_empty()) {
        return None;
    }
    let mut factors: Vec<String> = Vec::new();
    for (factor, _) in sweeps.iter().flat_map(of) {
        if !factors.contains(&factor) {
            factors.push(factor);
        }
    }
    let band = |factor: &String| {
        let dot = |(k, sweep): (usize, &SweepEvidence)| {
            let found = of(sweep).into_iter().find(|(name, i)| name == factor && i.mean.is_finite())?;
            Some((sweep.label.clone(), Style::apart(k), found.1))
        };
        Row { label: short(factor), dots: sweeps.iter().enumerate().filter_map(dot).collect() }
    };
    let rows: Vec<Row> = factors.iter().map(band).filter(|row| !row.dots.is_empty()).collect();
    let (index, x_title) = if of_sobol {
        (
            "Shares of the variance over all points with all that a factor takes part in (ST)",
            "Share of the variance",
        )
    } else {
        ("Mean sizes of elementary effects (mu star)", "Effect, in units of the metric")
    };
    let head = Head {
        title: format!("What matters in {} sweeps", sweeps.len()),
        subtitle: format!("{index}: {}; lines = the intervals in the tables", measures(sweeps)),
    };
    dots(&head, &rows, x_title, false)
}

/// The names of the factors, if all sweeps have the same ones and this many.
fn common_factors(sweeps: &[SweepEvidence], n: usize) -> Option<Vec<String>> {
    let names = |sweep: &SweepEvidence| -> Vec<String> {
        sweep.names.factors.iter().map(|factor| factor.name.clone()).collect()
    };
    let first = names(sweeps.first()?);
    (first.len() == n && sweeps.iter().all(|sweep| names(sweep) == first)).then_some(first)
}

/// The contrast of the second sweep less that of the first, at their common points.
fn difference(before: &SweepEvidence, after: &SweepEvidence) -> Option<SweepEvidence> {
    let alike = |(a, b): (&super::FactorOutline, &super::FactorOutline)| a == b;
    let [a, b] = [before, after].map(|sweep| &sweep.names);
    if a.depth != b.depth || a.second != b.second || a.first != b.first || a.metric != b.metric {
        return None;
    }
    if !a.factors.iter().zip(&b.factors).all(alike) {
        return None;
    }
    let mut all = AllPoints::default();
    let both = |row: &SweepPointRow| {
        let old = before.points.iter().find(|old| old.point == row.point && old.values == row.values)?;
        // Both intervals hold together with all points, so ends that are farthest apart do too.
        let together = Interval {
            mean: row.together.mean - old.together.mean,
            low: row.together.low.zip(old.together.high).map(|(low, high)| low - high),
            high: row.together.high.zip(old.together.low).map(|(high, low)| high - low),
        };
        let difference = Interval { low: None, high: None, ..together };
        Some(SweepPointRow { difference, together, ..row.clone() })
    };
    let points: Vec<SweepPointRow> = after.points.iter().filter_map(both).collect();
    points.iter().for_each(|row| all.add(row));
    (!points.is_empty()).then(|| SweepEvidence {
        label: "difference".to_owned(),
        points,
        all,
        ..after.clone()
    })
}

/// Who is clearly ahead at how many points, sweep by sweep.
fn counted(sweeps: &[SweepEvidence]) -> String {
    let one = |sweep: &SweepEvidence| {
        let [below, unsure, above] = sweep.all.counts;
        let n = below + unsure + above;
        format!("{above} of {n} points ({})", cut(&sweep.label, 24))
    };
    let seconds: Vec<&str> = sweeps.iter().map(|sweep| sweep.names.second.as_str()).collect();
    let who = match seconds.first() {
        Some(first) if seconds.iter().all(|second| second == first) => short(first),
        _ => "The second strategy".to_owned(),
    };
    let counts: Vec<String> = sweeps.iter().map(one).collect();
    format!("{who} is clearly ahead at {}", counts.join(", "))
}

/// What is taken into account where somebody is called clearly ahead.
fn together(sweeps: &[SweepEvidence]) -> String {
    let mut all: Vec<String> = sweeps.iter().map(SweepEvidence::together).collect();
    all.dedup();
    match &all[..] {
        [one] => one.clone(),
        _ => "all points of a sweep taken together".to_owned(),
    }
}

/// What the sweeps measure: once if it is the same.
fn measures(sweeps: &[SweepEvidence]) -> String {
    let mut measures: Vec<String> = sweeps.iter().map(SweepEvidence::measure).collect();
    measures.dedup();
    let text = match &measures[..] {
        [one] => one.clone(),
        _ => "the contrast of each sweep".to_owned(),
    };
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
