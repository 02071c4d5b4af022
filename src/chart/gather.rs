//! Tables with a row for every pair of strategies or every region. They are added up while they are read, because they
//! can have many more rows than a chart can show.

use std::collections::BTreeMap;

use super::canvas::Unreadable;
use super::tracks::Tracks;
use crate::results::{Files, ReadError, SPREAD_QUANTILES, read_flows, read_regions, read_spread};
use crate::stats::Moments;

/// Strategies by name.
pub(super) type Index<'a> = BTreeMap<&'a str, usize>;

/// The sums of a table: `None` without the table; an error if no chart can show it.
pub(super) type Gathered<T> = Option<Result<T, Unreadable>>;

/// Maximum number of strategies of a matrix: with more, cells would be smaller than three pixels.
const MATRIX_MAX: usize = 200;
/// Maximum number of dots: with more, the figure would be too high.
pub(super) const DOTS_MAX: usize = 1000;

/// Value by giver and receiver.
pub(super) type Matrix = Vec<Vec<f64>>;

/// Flows of value, per round and 100 agents.
#[derive(Debug)]
pub(super) struct Flows {
    /// Mean over replicates.
    pub(super) total: Matrix,
    /// Mean by channel, in order of appearance, without channels that have no value.
    pub(super) channels: Vec<(String, Matrix)>,
    /// Total of each replicate.
    pub(super) replicates: Vec<Matrix>,
}

impl Flows {
    /// Adds up the rows of `flows.csv`.
    pub(super) fn read(
        files: Files<'_>,
        index: &Index<'_>,
        tracks: &Tracks,
    ) -> Result<Gathered<Self>, ReadError> {
        let n = index.len();
        let n_replicates = f64::from(tracks.n_replicates.max(1));
        let agent_rounds = tracks.agent_rounds / n_replicates;
        if agent_rounds <= 0.0 || !files.has("flows.csv")? {
            return Ok(None);
        }
        if n > MATRIX_MAX {
            let why = format!("it would have {n} rows and columns, more than {MATRIX_MAX}");
            return Ok(Some(Err(Unreadable(why))));
        }
        let scale = 100.0 / agent_rounds;
        let empty = || vec![vec![0.0; n]; n];
        let mut flows = Self { total: empty(), channels: Vec::new(), replicates: Vec::new() };
        let mut replicates: BTreeMap<u32, Matrix> = BTreeMap::new();
        let mut any = false;
        read_flows(files, |row| {
            any = true;
            let (Some(from), Some(to)) = (index.get(row.from), index.get(row.to)) else { return };
            if row.value.is_nan() {
                return;
            }
            let value = row.value * scale;
            flows.total[*from][*to] += value / n_replicates;
            replicates.entry(row.replicate).or_insert_with(empty)[*from][*to] += value;
            let known = flows.channels.iter().position(|(name, _)| name == row.channel);
            let place = known.unwrap_or_else(|| {
                flows.channels.push((row.channel.to_owned(), empty()));
                flows.channels.len() - 1
            });
            flows.channels[place].1[*from][*to] += value / n_replicates;
        })?;
        flows.channels.retain(|(_, matrix)| matrix.iter().flatten().any(|v| *v > 0.0));
        flows.replicates = replicates.into_values().collect();
        Ok(any.then_some(Ok(flows)))
    }
}

/// Net benefit by home region.
#[derive(Debug, Default)]
pub(super) struct Regions {
    /// In the order of the scenario.
    pub(super) names: Vec<String>,
    /// By region, strategy and replicate; NaN if a strategy had no members, and empty if it never had any.
    pub(super) nets: Vec<Vec<Vec<f64>>>,
}

impl Regions {
    /// Reads `regions.csv`.
    pub(super) fn read(
        files: Files<'_>,
        index: &Index<'_>,
        n_replicates: u32,
    ) -> Result<Gathered<Self>, ReadError> {
        if !files.has("regions.csv")? {
            return Ok(None);
        }
        let mut regions = Self::default();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut dots = 0;
        read_regions(files, |row| {
            let region = places.get(row.region).copied().unwrap_or_else(|| {
                regions.names.push(row.region.to_owned());
                regions.nets.push(vec![Vec::new(); index.len()]);
                places.insert(row.region.to_owned(), regions.names.len() - 1);
                regions.names.len() - 1
            });
            let Some(strategy) = index.get(row.strategy).filter(|_| !row.net.is_nan()) else { return };
            let nets = &mut regions.nets[region][*strategy];
            if nets.is_empty() {
                dots += 1;
                // Counted, but not kept.
                nets.resize(if dots > DOTS_MAX { 0 } else { n_replicates as usize }, f64::NAN);
            }
            if let Some(net) = nets.get_mut(row.replicate as usize) {
                *net = row.net;
            }
        })?;
        if dots > DOTS_MAX {
            return Ok(Some(Err(Unreadable(format!("it would have more than {DOTS_MAX} dots")))));
        }
        Ok(Some(Ok(regions)))
    }
}

/// Number of quantiles of a spread.
const N_QUANTILES: usize = SPREAD_QUANTILES.len();

/// How net benefit since birth is spread within strategies over time.
#[derive(Debug)]
pub(super) struct Spread {
    /// By strategy and round, each quantile over replicates.
    pub(super) rounds: Vec<BTreeMap<u32, [Moments; N_QUANTILES]>>,
    /// By strategy and replicate, the quantiles after the last round.
    pub(super) ends: Vec<BTreeMap<u32, [f64; N_QUANTILES]>>,
}

impl Spread {
    /// Reads `spread.csv`.
    pub(super) fn read(files: Files<'_>, index: &Index<'_>) -> Result<Option<Self>, ReadError> {
        if !files.has("spread.csv")? {
            return Ok(None);
        }
        let n = index.len();
        let mut spread = Self { rounds: vec![BTreeMap::new(); n], ends: vec![BTreeMap::new(); n] };
        let mut last = 0;
        read_spread(files, |row| {
            let quantile = SPREAD_QUANTILES.iter().position(|p| *p == row.quantile);
            let (Some(&strategy), Some(quantile)) = (index.get(row.strategy), quantile) else { return };
            spread.rounds[strategy].entry(row.round).or_default()[quantile].push(row.net_total);
            if row.round > last {
                last = row.round;
                spread.ends.iter_mut().for_each(BTreeMap::clear);
            }
            if row.round == last {
                let end = spread.ends[strategy].entry(row.replicate).or_insert([f64::NAN; N_QUANTILES]);
                end[quantile] = row.net_total;
            }
        })?;
        Ok(spread.rounds.iter().any(|rounds| !rounds.is_empty()).then_some(spread))
    }
}
