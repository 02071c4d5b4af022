//! Reads the tables of a run.

use super::super::files::Files;
use super::ReadError;
use super::source::Source;
use crate::scenario::ROUNDS_MAX;
use crate::stats::Interval;

/// One row of `rounds.csv`.
#[derive(Debug)]
pub(crate) struct RoundRow<'a, const N: usize> {
    /// Replicate, from 0.
    pub replicate: u32,
    /// Round, from 0.
    pub round: u32,
    /// Strategy's name.
    pub strategy: &'a str,
    /// Active members.
    pub agents: f64,
    /// The metrics that are read; NaN for an empty field and for a column that an older result lacks.
    pub values: [f64; N],
}

/// Calls `each` with these metrics of the rows of `rounds.csv` one at a time, so that memory does not grow with their
/// number. The rows of a replicate follow one another.
///
/// # Errors
/// If the file, a column that every result has, or a number cannot be read.
pub(crate) fn read_rounds<'a, const N: usize>(
    files: impl Into<Files<'a>>,
    metrics: [&str; N],
    mut each: impl FnMut(RoundRow<'_, N>),
) -> Result<(), ReadError> {
    let mut table = Source::open(files, "rounds.csv")?;
    let [replicate, round, strategy, agents] = table.columns(["replicate", "round", "strategy", "agents"])?;
    table.columns(["net"])?;
    let metrics = metrics.map(|name| table.column(name));
    let mut values = [f64::NAN; N];
    let mut current = 0;
    while table.next()? {
        let last = std::mem::replace(&mut current, table.count(replicate)?);
        if current < last {
            return Err(table.fault(replicate, "expected replicates in ascending order"));
        }
        for (value, column) in values.iter_mut().zip(&metrics) {
            *value = column.map_or(Ok(f64::NAN), |c| table.number(c))?;
        }
        let number = table.count(round)?;
        if u64::from(number) >= ROUNDS_MAX {
            // Readers have a place for every round up to the last one.
            return Err(table.fault(round, "expected a round from 0 to 65,534"));
        }
        each(RoundRow {
            replicate: current,
            round: number,
            strategy: table.text(strategy),
            agents: table.number(agents)?,
            values,
        });
    }
    Ok(())
}

/// One row of `summary.csv` or `contrasts.csv`: an estimate with its interval.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EstimateRow {
    /// The strategy, or the one that is subtracted.
    pub first: String,
    /// The strategy that the first is subtracted from; empty in a summary.
    pub second: String,
    /// Name of the metric.
    pub metric: String,
    /// Mean or mean difference; no interval of one replicate.
    pub mean: Interval,
    /// Number of replicates.
    pub replicates: u32,
    /// For a contrast, its p-value adjusted for all pairs of strategies. Results of older versions have none.
    pub p_adjusted: Option<f64>,
}

/// Reads `summary.csv`.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_summary<'a>(files: impl Into<Files<'a>>) -> Result<Vec<EstimateRow>, ReadError> {
    let mut table = Source::open(files, "summary.csv")?;
    let [first, metric, mean, low, high, n] =
        table.columns(["strategy", "metric", "mean", "ci_low", "ci_high", "replicates"])?;
    table.collect(|t| {
        Ok(EstimateRow {
            first: t.text(first).to_owned(),
            second: String::new(),
            metric: t.text(metric).to_owned(),
            mean: t.interval([mean, low, high])?,
            replicates: t.count(n)?,
            p_adjusted: None,
        })
    })
}

/// Reads the rows of `contrasts.csv` (`second - first`, paired by replicate) for which `keep` accepts first, second
/// and metric. The number of rows grows with the square of the number of strategies.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_contrasts<'a>(
    files: impl Into<Files<'a>>,
    keep: impl Fn(&str, &str, &str) -> bool,
    mut each: impl FnMut(EstimateRow),
) -> Result<(), ReadError> {
    let mut t = Source::open(files, "contrasts.csv")?;
    let [first, second, metric, mean, low, high, n] =
        t.columns(["first", "second", "metric", "difference", "ci_low", "ci_high", "replicates"])?;
    let p_adjusted = t.column("p_adjusted");
    while t.next()? {
        if keep(t.text(first), t.text(second), t.text(metric)) {
            each(EstimateRow {
                first: t.text(first).to_owned(),
                second: t.text(second).to_owned(),
                metric: t.text(metric).to_owned(),
                mean: t.interval([mean, low, high])?,
                replicates: t.count(n)?,
                p_adjusted: p_adjusted.map(|column| t.number(column)).transpose()?.filter(|p| !p.is_nan()),
            });
        }
    }
    Ok(())
}

/// One row of `flows.csv`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FlowRow<'a> {
    /// Replicate, from 0.
    pub replicate: u32,
    /// Strategy of those who helped or paid.
    pub from: &'a str,
    /// Strategy of those who received.
    pub to: &'a str,
    /// Channel's name.
    pub channel: &'a str,
    /// Total value after burn-in.
    pub value: f64,
}

/// Calls `each` with the rows of `flows.csv` one at a time.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_flows<'a>(
    files: impl Into<Files<'a>>,
    mut each: impl FnMut(FlowRow<'_>),
) -> Result<(), ReadError> {
    let mut t = Source::open(files, "flows.csv")?;
    let [replicate, from, to, channel, value] = t.columns(["replicate", "from", "to", "channel", "value"])?;
    while t.next()? {
        each(FlowRow {
            replicate: t.count(replicate)?,
            from: t.text(from),
            to: t.text(to),
            channel: t.text(channel),
            value: t.number(value)?,
        });
    }
    Ok(())
}

/// What an agent gave and received, from `agents.csv`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct HelpRow {
    /// Replicate, from 0.
    pub replicate: u32,
    /// Cost of solving others' needs since birth.
    pub given: f64,
    /// Benefit from needs that others solved since birth.
    pub received: f64,
}

/// Reads what active agents gave and received from `agents.csv`.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_help<'a>(files: impl Into<Files<'a>>) -> Result<Vec<HelpRow>, ReadError> {
    let mut table = Source::open(files, "agents.csv")?;
    let [replicate, active, given] = table.columns(["replicate", "active", "assist_cost"])?;
    let received = table.columns(["push", "gift", "call"])?;
    let mut rows = Vec::new();
    while table.next()? {
        if table.text(active) == "1" {
            let benefits =
                received.iter().map(|column| table.number(*column)).collect::<Result<Vec<_>, _>>()?;
            let (replicate, given) = (table.count(replicate)?, table.number(given)?);
            rows.push(HelpRow { replicate, given, received: benefits.iter().sum() });
        }
    }
    Ok(rows)
}

/// One row of `regions.csv`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RegionRow<'a> {
    /// Replicate, from 0.
    pub replicate: u32,
    /// Home region's name.
    pub region: &'a str,
    /// Strategy's name.
    pub strategy: &'a str,
    /// Net benefit per member and round after burn-in; NaN for a strategy without members there.
    pub net: f64,
}

/// Calls `each` with the rows of `regions.csv` one at a time.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_regions<'a>(
    files: impl Into<Files<'a>>,
    mut each: impl FnMut(RegionRow<'_>),
) -> Result<(), ReadError> {
    let mut t = Source::open(files, "regions.csv")?;
    let [replicate, region, strategy, net] = t.columns(["replicate", "region", "strategy", "net"])?;
    while t.next()? {
        each(RegionRow {
            replicate: t.count(replicate)?,
            region: t.text(region),
            strategy: t.text(strategy),
            net: t.number(net)?,
        });
    }
    Ok(())
}

/// One row of `distribution.csv`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct QuantileRow {
    /// Replicate, from 0.
    pub replicate: u32,
    /// Strategy's name.
    pub strategy: String,
    /// Share of members below, 0 to 1.
    pub quantile: f64,
    /// Net benefit since birth; NaN for a strategy without members.
    pub net_total: f64,
}

/// Reads `distribution.csv`.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_distribution<'a>(files: impl Into<Files<'a>>) -> Result<Vec<QuantileRow>, ReadError> {
    let mut table = Source::open(files, "distribution.csv")?;
    let [replicate, strategy, quantile, net_total] =
        table.columns(["replicate", "strategy", "quantile", "net_total"])?;
    table.collect(|t| {
        Ok(QuantileRow {
            replicate: t.count(replicate)?,
            strategy: t.text(strategy).to_owned(),
            quantile: t.number(quantile)?,
            net_total: t.number(net_total)?,
        })
    })
}

/// One row of `spread.csv`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SpreadRow<'a> {
    /// Replicate, from 0.
    pub replicate: u32,
    /// Round, from 0.
    pub round: u32,
    /// Strategy's name.
    pub strategy: &'a str,
    /// Share of members below, 0 to 1.
    pub quantile: f64,
    /// Net benefit since birth.
    pub net_total: f64,
}

/// Calls `each` with the rows of `spread.csv` one at a time.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_spread<'a>(
    files: impl Into<Files<'a>>,
    mut each: impl FnMut(SpreadRow<'_>),
) -> Result<(), ReadError> {
    let mut t = Source::open(files, "spread.csv")?;
    let [replicate, round, strategy, quantile, net_total] =
        t.columns(["replicate", "round", "strategy", "quantile", "net_total"])?;
    while t.next()? {
        each(SpreadRow {
            replicate: t.count(replicate)?,
            round: t.count(round)?,
            strategy: t.text(strategy),
            quantile: t.number(quantile)?,
            net_total: t.number(net_total)?,
        });
    }
    Ok(())
}

/// One row of `survival.csv`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LifeRow {
    /// Strategy's name.
    pub strategy: String,
    /// True for those who were there from the first round, false for newcomers in places of failed agents.
    pub founder: bool,
    /// Rounds lived.
    pub duration: u32,
    /// True for a failure, false where the run ended first.
    pub failed: bool,
}

/// Reads `survival.csv`.
///
/// # Errors
/// If the file, a column or a number cannot be read, or a life ends before it begins.
pub(crate) fn read_survival<'a>(files: impl Into<Files<'a>>) -> Result<Vec<LifeRow>, ReadError> {
    let mut table = Source::open(files, "survival.csv")?;
    let [strategy, born, ended, failed] = table.columns(["strategy", "born", "ended", "failed"])?;
    table.collect(|t| {
        let duration = t.count(ended)?.checked_sub(t.count(born)?);
        Ok(LifeRow {
            strategy: t.text(strategy).to_owned(),
            founder: t.count(born)? == 0,
            duration: duration.ok_or_else(|| t.fault(ended, "expected a round no earlier than born"))?,
            failed: match t.text(failed) {
                "1" | "true" => true,
                "0" | "false" => false,
                _ => return Err(t.fault(failed, "expected 1 for a failure or 0")),
            },
        })
    })
}

#[cfg(test)]
mod tests;
