//! Everything that the charts of one result are drawn from, as read from its files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::theme::Look;
use super::tracks::Tracks;
use crate::results::{
    EstimateRow, FlowRow, LifeRow, QuantileRow, ReadError, RegionRow, read_contrasts, read_distribution,
    read_flows, read_outline, read_regions, read_summary, read_survival,
};
use crate::stats::Interval;

/// What one result shows.
#[derive(Debug)]
pub(super) struct Evidence {
    /// How a comparison names the result.
    pub(super) label: String,
    /// First round that counts in summaries.
    pub(super) burn_in: u32,
    /// Whether agents changed their strategies.
    pub(super) evolution: bool,
    /// Names of the strategies, in the order of the scenario.
    pub(super) strategies: Vec<String>,
    /// How they look; other than by position only in a comparison.
    pub(super) looks: Vec<Look>,
    /// Quantities over time.
    pub(super) tracks: Tracks,
    /// Mean per round after burn-in, by metric and strategy.
    summary: BTreeMap<(String, String), Interval>,
    /// Paired difference second - first, by metric, first and second.
    contrasts: BTreeMap<(String, String, String), Interval>,
    /// Value from strategy to strategy.
    pub(super) flows: Vec<FlowRow>,
    /// Net benefit by region, where there is more than one.
    pub(super) regions: Vec<RegionRow>,
    /// Quantiles of final benefit.
    pub(super) distribution: Vec<QuantileRow>,
    /// Lives, under survival.
    pub(super) lives: Vec<LifeRow>,
}

impl Evidence {
    /// Reads a result folder. `rounds.csv` and `summary.csv` must be there; charts that need another
    /// table are left out where it is missing.
    pub(super) fn read(dir: &Path) -> Result<Self, ReadError> {
        let outline = read_outline(dir)?;
        let burn_in = outline.burn_in.unwrap_or(0);
        let tracks = Tracks::read(dir, &outline.strategies, burn_in)?;
        let strategies = tracks.strategies.clone();
        Ok(Self {
            label: outline.title.unwrap_or_default(),
            burn_in,
            evolution: outline.evolution,
            looks: (0..strategies.len()).map(Look::of).collect(),
            strategies,
            tracks,
            summary: read_summary(dir)?
                .into_iter()
                .map(|r| ((r.metric.clone(), r.first.clone()), interval(&r)))
                .collect(),
            contrasts: optional(dir, "contrasts.csv", read_contrasts)?
                .into_iter()
                .map(|r| ((r.metric.clone(), r.first.clone(), r.second.clone()), interval(&r)))
                .collect(),
            flows: optional(dir, "flows.csv", read_flows)?,
            regions: optional(dir, "regions.csv", read_regions)?,
            distribution: optional(dir, "distribution.csv", read_distribution)?,
            lives: optional(dir, "survival.csv", read_survival)?,
        })
    }

    /// Number of strategies.
    pub(super) fn n_strategies(&self) -> usize {
        self.strategies.len()
    }

    /// Replicates behind the result.
    pub(super) fn n_replicates(&self) -> u32 {
        self.tracks.n_replicates
    }

    /// Mean of a metric per round after burn-in, if there is one.
    pub(super) fn mean(&self, metric: &str, strategy: usize) -> Option<Interval> {
        let key = (metric.to_owned(), self.strategies[strategy].clone());
        self.summary.get(&key).copied().filter(|i| !i.mean.is_nan())
    }

    /// Paired difference of a metric, `second - first`, whichever way round the table has it.
    pub(super) fn contrast(&self, metric: &str, first: usize, second: usize) -> Option<Interval> {
        let key =
            |a: usize, b: usize| (metric.to_owned(), self.strategies[a].clone(), self.strategies[b].clone());
        let turned = |i: &Interval| Interval {
            mean: -i.mean,
            low: i.high.map(|high| -high),
            high: i.low.map(|low| -low),
            ..*i
        };
        let straight = self.contrasts.get(&key(first, second)).copied();
        straight.or_else(|| self.contrasts.get(&key(second, first)).map(turned)).filter(|i| !i.mean.is_nan())
    }
}

/// Makes results comparable: tells them apart by label, and gives a strategy the same look in all.
pub(super) fn align(results: &mut [Evidence], dirs: &[PathBuf]) {
    let titles: Vec<String> = results.iter().map(|r| r.label.clone()).collect();
    let mut names: Vec<String> = Vec::new();
    for (result, dir) in results.iter_mut().zip(dirs) {
        let repeats = titles.iter().filter(|t| **t == result.label).count() > 1;
        if repeats || result.label.is_empty() {
            let folder = dir.file_name().unwrap_or(dir.as_os_str());
            result.label = folder.to_string_lossy().into_owned();
        }
        for name in &result.strategies {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let place = |name: &String| names.iter().position(|n| n == name).expect("it was just entered");
        result.looks = result.strategies.iter().map(|name| Look::of(place(name))).collect();
    }
}

/// The table's rows, none where the result has no such table.
fn optional<T>(
    dir: &Path,
    name: &str,
    read: fn(&Path) -> Result<Vec<T>, ReadError>,
) -> Result<Vec<T>, ReadError> {
    if dir.join(name).exists() { read(dir) } else { Ok(Vec::new()) }
}

fn interval(row: &EstimateRow) -> Interval {
    let end = |value: f64| (!value.is_nan()).then_some(value);
    Interval {
        mean: row.mean,
        low: end(row.low),
        high: end(row.high),
        sd: None,
        n: u64::from(row.replicates),
    }
}
