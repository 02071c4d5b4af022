//! Reads the tables of a bet.

use serde::Deserialize;

use super::super::files::Files;
use super::ReadError;
use super::source::Source;
use crate::stats::{Interval, Level};

/// The part of a bet's manifest that charts need.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct BetOutline {
    /// Title of the scenario.
    pub title: Option<String>,
    /// Names of the strategies in the order of the scenario.
    pub strategies: Vec<String>,
    /// The level of confidence of intervals.
    pub level: Level,
    /// The bet.
    pub bet: BetNames,
}

/// The strategies and rounds of a bet.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct BetNames {
    /// The focal agents' own strategy, or "any".
    pub usual: String,
    /// Behaviour in the first world.
    pub first: String,
    /// Behaviour in the second world.
    pub second: String,
    /// Further rounds of the campaign.
    pub campaign: u32,
    /// Rounds after each event of a crossover.
    pub window: Option<u32>,
    /// A warning where intervals may hold less often than said.
    pub caution: Option<String>,
}

/// Reads `manifest.json` of a bet.
///
/// # Errors
/// If the file is missing, or is no JSON object of the expected types.
pub(crate) fn read_bet_outline<'a>(files: impl Into<Files<'a>>) -> Result<BetOutline, ReadError> {
    Ok(files.into().json("manifest.json")?)
}

/// One row of `bet_summary.csv`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BetSummaryRow {
    /// Rounds after the event.
    pub horizon: u32,
    /// Number of focal agents.
    pub twins: u32,
    /// Mean difference; no interval of one world.
    pub mean: Interval,
    /// Shares of focal agents who gained more as the first, and as the second strategy; no interval of one world.
    pub chances: [Interval; 2],
    /// Share of focal agents who gained the same.
    pub tie: f64,
    /// The share who gained more as the second strategy less that as the first. A table of an older version has no
    /// interval.
    pub lead: Interval,
    /// Mean difference without the outer fifths, likewise.
    pub trimmed: Interval,
    /// Median difference, likewise.
    pub median: Interval,
}

/// Reads `bet_summary.csv`.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_bet_summary<'a>(files: impl Into<Files<'a>>) -> Result<Vec<BetSummaryRow>, ReadError> {
    let mut table = Source::open(files, "bet_summary.csv")?;
    let [horizon, twins, tie, middle] = table.columns(["horizon", "twins", "p_tie", "median"])?;
    let mean = table.columns(["mean", "ci_low", "ci_high"])?;
    let first = table.columns(["p_first", "p_first_low", "p_first_high"])?;
    let second = table.columns(["p_second", "p_second_low", "p_second_high"])?;
    let newer = |table: &Source<'_>, names: [&str; 3]| -> Option<[usize; 3]> {
        let [a, b, c] = names.map(|name| table.column(name));
        Some([a?, b?, c?])
    };
    let lead = newer(&table, ["p_lead", "p_lead_low", "p_lead_high"]);
    let trimmed = newer(&table, ["trimmed", "trimmed_low", "trimmed_high"]);
    let median = newer(&table, ["median", "median_low", "median_high"]);
    table.collect(|t| {
        let optional = |columns: Option<[usize; 3]>, without: f64| {
            columns.map_or(Ok(Interval::around(without, None)), |columns| t.interval(columns))
        };
        let chances = [t.interval(first)?, t.interval(second)?];
        Ok(BetSummaryRow {
            horizon: t.count(horizon)?,
            twins: t.count(twins)?,
            mean: t.interval(mean)?,
            chances,
            tie: t.number(tie)?,
            lead: optional(lead, chances[1].mean - chances[0].mean)?,
            trimmed: optional(trimmed, f64::NAN)?,
            median: optional(median, t.number(middle)?)?,
        })
    })
}

/// Reads the differences of `bet.csv` at one horizon, by world and focal agent.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_bet_differences<'a>(files: impl Into<Files<'a>>, at: u32) -> Result<Vec<f64>, ReadError> {
    let mut table = Source::open(files, "bet.csv")?;
    let [horizon, difference] = table.columns(["horizon", "difference"])?;
    let mut differences = Vec::new();
    while table.next()? {
        if table.count(horizon)? == at {
            differences.push(table.number(difference)?);
        }
    }
    Ok(differences)
}

/// A mean with its interval at one horizon.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BetMeanRow {
    /// Rounds after the event; 0 in `bet_crossover_summary.csv`, which has one horizon.
    pub horizon: u32,
    /// A channel, a trait, a group of agents, or a quantity.
    pub what: String,
    /// Mean, with its interval if there is one.
    pub mean: Interval,
}

/// Reads `bet_channels.csv`, `bet_others.csv`, `bet_parts.csv` or `bet_crossover_summary.csv`; `what`
/// is the column that names a row.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_bet_means<'a>(
    files: impl Into<Files<'a>>,
    file: &str,
    what: &str,
) -> Result<Vec<BetMeanRow>, ReadError> {
    let mut table = Source::open(files, file)?;
    let [what, mean, low, high] = table.columns([what, "mean", "ci_low", "ci_high"])?;
    let horizon = table.column("horizon");
    table.collect(|t| {
        Ok(BetMeanRow {
            horizon: horizon.map_or(Ok(0), |h| t.count(h))?,
            what: t.text(what).to_owned(),
            mean: t.interval([mean, low, high])?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::folder;
    use super::*;

    #[test]
    fn a_manifest_names_the_sides_of_its_bet_and_may_leave_everything_out() {
        let read = |text: &str| read_bet_outline(folder("manifest.json", text).path()).unwrap();
        assert_eq!(read("{}"), BetOutline::default());
        let outline = read(
            "{\"title\": \"A\", \"strategies\": [\"b\", \"c\"], \"level\": 0.9, \"bet\": {\"usual\": \"any\", \"first\": \"b\", \
             \"second\": \"c\", \"campaign\": 2, \"window\": 26, \"caution\": \"few\", \"worlds\": 9}}",
        );
        let bet = BetNames {
            usual: "any".to_owned(),
            first: "b".to_owned(),
            second: "c".to_owned(),
            campaign: 2,
            window: Some(26),
            caution: Some("few".to_owned()),
        };
        let [title, b, c] = ["A", "b", "c"].map(str::to_owned);
        let level = Level::of(0.9).unwrap();
        assert_eq!(outline, BetOutline { title: Some(title), strategies: vec![b, c], level, bet });
    }

    #[test]
    fn a_table_of_an_older_version_has_a_lead_without_an_interval() {
        let columns = "horizon,twins,p_tie,median,mean,ci_low,ci_high,p_first,p_first_low,p_first_high,p_second,\
                       p_second_low,p_second_high";
        let row = "40,20,0.125,0.5,1,0.5,1.5,0.25,0.125,0.375,0.625,0.5,0.75";
        let old = read_bet_summary(folder("bet_summary.csv", &format!("{columns}\n{row}\n")).path()).unwrap();
        assert_eq!(old.len(), 1);
        let BetSummaryRow { horizon, twins, mean, chances, tie, lead, trimmed, median } = &old[0];
        assert_eq!((*horizon, *twins, *tie), (40, 20, 0.125));
        let around = |mean, half| Interval::around(mean, Some(half));
        assert_eq!((*mean, *chances), (around(1.0, 0.5), [around(0.25, 0.125), around(0.625, 0.125)]));
        assert_eq!([*lead, *median], [0.375, 0.5].map(|mean| Interval::around(mean, None)));
        assert!(trimmed.mean.is_nan() && trimmed.ends().is_none());
        let more = ",p_lead,p_lead_low,p_lead_high,trimmed,trimmed_low,trimmed_high,median_low,median_high";
        let cells = ",0.5,0.25,0.75,2,1,3,0.25,0.75";
        let text = format!("{columns}{more}\n{row}{cells}\n");
        let new = &read_bet_summary(folder("bet_summary.csv", &text).path()).unwrap()[0];
        let expected = [around(0.5, 0.25), around(2.0, 1.0), around(0.5, 0.25)];
        assert_eq!([new.lead, new.trimmed, new.median], expected);
    }
}
