//! The charts of a sweep.

mod areas;
pub(super) mod compare;
pub(super) mod curves;
pub(super) mod map;
mod mosaic;
mod scale;
pub(super) mod scatter;
pub(super) mod sensitivity;
mod sides;
mod thin;
pub(super) mod traits;

use std::path::Path;

use super::theme::{Style, style_of};
use super::words::short;
use crate::results::{
    FactorOutline, ReadError, SensitivityRow, SweepMeanRow, SweepNames, SweepPointRow, TraitPartRow, exists,
    read_noise, read_sensitivity, read_sweep_means, read_sweep_outline, read_sweep_points, read_trait_parts,
};
use crate::stats::{Interval, Level};

use scale::{FactorScale, ValueRange};
use thin::Thin;

/// The data for the charts of a sweep, read from its files.
#[derive(Clone, Debug)]
pub(super) struct SweepEvidence {
    /// Name of the result in a comparison.
    pub(super) label: String,
    names: SweepNames,
    /// The level of confidence of intervals.
    pub(super) level: Level,
    strategies: Vec<String>,
    /// Styles of the two strategies of the contrast, as in every chart of their scenario.
    styles: [Style; 2],
    thin: Thin,
    /// The points that are drawn.
    points: Vec<SweepPointRow>,
    all: AllPoints,
    /// Each strategy's means, for one factor; empty for bets.
    means: Vec<SweepMeanRow>,
    morris: Vec<SensitivityRow>,
    sobol: Vec<SensitivityRow>,
    noise: Vec<(String, f64)>,
    traits: Vec<TraitPartRow>,
    scales: Vec<FactorScale>,
}

/// Counts and range over all points, drawn or not.
#[derive(Clone, Copy, Debug)]
struct AllPoints {
    /// Number of points at which the first strategy is clearly ahead, neither, and the second.
    counts: [usize; 3],
    /// Whether any point has enough replicates for a side.
    judged: bool,
    /// The smallest and the greatest mean.
    low: f64,
    high: f64,
}

impl Default for AllPoints {
    fn default() -> Self {
        Self { counts: [0; 3], judged: false, low: f64::INFINITY, high: f64::NEG_INFINITY }
    }
}

impl AllPoints {
    fn add(&mut self, row: &SweepPointRow) {
        self.counts[side(&row.together)] += 1;
        self.judged |= row.together.ends().is_some();
        let mean = row.difference.mean;
        if mean.is_finite() {
            (self.low, self.high) = (self.low.min(mean), self.high.max(mean));
        }
    }
}

impl SweepEvidence {
    /// Reads a sweep's folder. If a table is missing, charts that need it are left out.
    pub(super) fn read(dir: &Path) -> Result<Self, ReadError> {
        let outline = read_sweep_outline(dir)?;
        let names = outline.sweep;
        let thin = Thin::of(&names);
        let mut all = AllPoints::default();
        let mut ranges: Vec<ValueRange> = names.factors.iter().map(ValueRange::of).collect();
        let mut points = Vec::new();
        read_sweep_points(dir, &names, |row| {
            all.add(&row);
            ranges.iter_mut().zip(&row.values).for_each(|(range, value)| range.add(value));
            if thin.keeps(row.point) {
                points.push(row);
            }
        })?;
        let there = |file: &str| exists(&dir.join(file));
        let style = |name: &String, other: usize| style_of(name, &outline.strategies, other);
        let sensitivity = |morris: bool, file: &str| {
            if there(file)? { read_sensitivity(dir, morris, &names.metric) } else { Ok(Vec::new()) }
        };
        Ok(Self {
            label: outline.title.unwrap_or_default(),
            styles: [style(&names.first, 0), style(&names.second, 1)],
            means: if there("sweep.csv")? && names.factors.len() == 1 {
                read_sweep_means(dir, &names.metric, |point| thin.keeps(point))?
            } else {
                Vec::new()
            },
            morris: sensitivity(true, "sweep_morris.csv")?,
            sobol: sensitivity(false, "sweep_sobol.csv")?,
            noise: if there("sweep_noise.csv")? { read_noise(dir, &names.metric)? } else { Vec::new() },
            traits: if there("sweep_traits.csv")? {
                read_trait_parts(dir, &names.metric)?
            } else {
                Vec::new()
            },
            scales: names.factors.iter().zip(ranges).map(|(f, range)| FactorScale::of(f, range)).collect(),
            level: outline.level,
            strategies: outline.strategies,
            thin,
            all,
            points,
            names,
        })
    }

    /// Names of the two strategies, cut if they are very long.
    fn pair(&self) -> [String; 2] {
        [short(&self.names.first), short(&self.names.second)]
    }

    /// The compared metric in words.
    fn measure(&self) -> String {
        let [first, second] = self.pair();
        let metric = match self.names.metric.as_str() {
            "net" => "net benefit",
            other => other,
        }
        .replace('_', " ");
        match self.names.horizon {
            Some(0) => format!("{metric} as {second} less that as {first} in the round of the event"),
            Some(n) => format!("{metric} as {second} less that as {first} after {n} rounds"),
            None if metric == "net benefit" => {
                format!("{metric} per agent and round, {second} less {first}")
            }
            None => format!("{metric}, {second} less {first}"),
        }
    }

    /// The numbers of points, by the strategy that is ahead, in words.
    fn counted(&self) -> String {
        let [below, unsure, above] = self.all.counts;
        let [first, second] = self.pair();
        let n = below + unsure + above;
        match [below, unsure, above].map(|count| count == n) {
            [_, _, true] => format!("{second} is clearly ahead at all {n} points"),
            [true, ..] => format!("{first} is clearly ahead at all {n} points"),
            [_, true, _] => format!("Nobody is clearly ahead at any of {n} points"),
            _ => format!(
                "{second} is clearly ahead at {above} of {n} points, {first} at {below}, nobody at {unsure}"
            ),
        }
    }

    /// A warning where intervals may hold less often than said, as the end of a subtitle.
    fn caution(&self) -> String {
        self.names.caution.as_ref().map_or_else(String::new, |caution| format!("; {caution}"))
    }

    /// What is taken into account where somebody is called clearly ahead.
    fn together(&self) -> String {
        if self.all.judged {
            let n: usize = self.all.counts.iter().sum();
            format!("all {n} points taken together")
        } else {
            "for which there are too few replicates".to_owned()
        }
    }
}

/// 0 if the interval with all points taken together is below zero, 2 if it is above, else 1.
fn side(interval: &Interval) -> usize {
    match (interval.low, interval.high) {
        (Some(low), _) if low > 0.0 => 2,
        (_, Some(high)) if high < 0.0 => 0,
        _ => 1,
    }
}
