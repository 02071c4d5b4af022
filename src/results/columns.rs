//! Declares every column of every table. Headers, schema and documentation follow from here.

use std::borrow::Cow;

use crate::model::{AMOUNTS, METRICS};

/// The kind of a column's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A strategy's name.
    Strategy,
    /// A region's name.
    Region,
    /// A metric's name.
    Metric,
    /// A channel's name.
    Channel,
    /// Any other name.
    Text,
    /// A whole number of at least 0.
    Count,
    /// 1 for yes, 0 for no.
    Flag,
    /// A number from 0 to 1.
    Share,
    /// Any number.
    Real,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// Name in the header.
    pub name: Cow<'static, str>,
    /// Kind of its values.
    pub kind: Kind,
    /// Unit; empty for names.
    pub unit: Cow<'static, str>,
    /// Meaning, in one sentence. `{level}` stands for the level of the result, `{error}` for the chance of an error.
    pub meaning: Cow<'static, str>,
    /// Whether cells can be empty, because there is nothing to report.
    pub optional: bool,
}

/// A table of a result: one CSV file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// Name; the file is `NAME.csv`.
    pub name: &'static str,
    /// Meaning of its rows, in one sentence.
    pub meaning: &'static str,
    /// Columns, in the order of the file.
    pub columns: Vec<Column>,
    /// Columns that together identify a row.
    pub key: &'static [&'static str],
}

impl Table {
    /// The name of the table's file.
    pub(crate) fn file(&self) -> String {
        format!("{}.csv", self.name)
    }
}

pub(super) const fn column(
    name: &'static str,
    kind: Kind,
    unit: &'static str,
    meaning: &'static str,
) -> Column {
    of(name, kind, unit, meaning, false)
}

pub(super) const fn optional(
    name: &'static str,
    kind: Kind,
    unit: &'static str,
    meaning: &'static str,
) -> Column {
    of(name, kind, unit, meaning, true)
}

const fn of(
    name: &'static str,
    kind: Kind,
    unit: &'static str,
    meaning: &'static str,
    optional: bool,
) -> Column {
    let (name, unit, meaning) = (Cow::Borrowed(name), Cow::Borrowed(unit), Cow::Borrowed(meaning));
    Column { name, kind, unit, meaning, optional }
}

/// The columns `ci_low` and `ci_high` of an interval, which is empty if the spread is not known.
pub(super) fn interval(unit: &'static str, of: &str) -> [Column; 2] {
    [("ci_low", "Lower"), ("ci_high", "Upper")].map(|(name, end)| Column {
        meaning: Cow::Owned(format!("{end} end of {of}.")),
        ..optional(name, Kind::Real, unit, "")
    })
}

pub(super) const REPLICATE: Column = column("replicate", Kind::Count, "index", "Replicate, from 0.");
pub(super) const STRATEGY: Column = column("strategy", Kind::Strategy, "", "Name of the strategy.");
pub(super) const AGENT: Column =
    column("agent", Kind::Count, "index", "Agent (place in the population), from 0.");
pub(super) const METRIC: Column = column("metric", Kind::Metric, "", "Name of the metric.");
pub(super) const REPLICATES: Column =
    column("replicates", Kind::Count, "replicates", "Number of replicates that report the metric.");

/// Columns of a sweep's tables that depend on all of its points. All other columns of a row depend on its point alone.
pub(super) const OF_ALL_POINTS: [&str; 3] = ["all_low", "all_high", "side"];

/// `rounds.csv`
pub(super) fn rounds() -> Table {
    let mut columns = vec![
        REPLICATE,
        column("round", Kind::Count, "rounds", "Round (week), from 0."),
        STRATEGY,
        column(
            "agents",
            Kind::Count,
            "agents",
            "Active members, before the round's failures and changes of strategy.",
        ),
    ];
    columns.extend(METRICS.iter().map(|m| optional(m.name, Kind::Real, m.unit, m.meaning)));
    Table {
        name: "rounds",
        meaning: "One row per replicate, round and strategy; amounts are means per active member.",
        columns,
        key: &["replicate", "round", "strategy"],
    }
}

/// `summary.csv`
pub(super) fn summary() -> Table {
    let [low, high] = interval("of the metric", "the mean's {level} t interval");
    Table {
        name: "summary",
        meaning: "Each strategy's mean over the rounds after burn-in, over replicates.",
        columns: vec![
            STRATEGY,
            METRIC,
            column("mean", Kind::Real, "of the metric", "Mean over replicates of the mean over rounds."),
            low,
            high,
            optional("sd", Kind::Real, "of the metric", "Standard deviation between replicates."),
            REPLICATES,
        ],
        key: &["strategy", "metric"],
    }
}

/// `contrasts.csv`
pub(super) fn contrasts() -> Table {
    let [low, high] = interval("of the metric", "the difference's {level} t interval");
    Table {
        name: "contrasts",
        meaning: "The difference between two strategies, paired by replicate.",
        columns: vec![
            column("first", Kind::Strategy, "", "Name of the strategy that is subtracted."),
            column("second", Kind::Strategy, "", "Name of the strategy that it is subtracted from."),
            METRIC,
            column("difference", Kind::Real, "of the metric", "Mean of second - first."),
            low,
            high,
            optional("p_value", Kind::Share, "probability", "Two-sided p-value of the paired t test."),
            REPLICATES,
            optional(
                "p_adjusted",
                Kind::Share,
                "probability",
                "The p-value adjusted for all pairs of strategies (Holm), and for the looks of a run until decided.",
            ),
            optional(
                "detectable",
                Kind::Real,
                "of the metric",
                "Smallest difference that as many replicates show with a chance of 80% (t test of this pair at {error}).",
            ),
            optional(
                "replicates_needed",
                Kind::Count,
                "replicates",
                "Replicates, in all, that show a difference as large with a chance of 80%; empty above 1,000,000.",
            ),
        ],
        key: &["first", "second", "metric"],
    }
}

/// `stationarity.csv`
pub(super) fn stationarity() -> Table {
    let [low, high] = interval("of the metric", "the drift's {level} t interval");
    Table {
        name: "stationarity",
        meaning: "Whether metrics are steady after burn-in, for each strategy, and for pairs' net benefit.",
        columns: vec![
            METRIC,
            optional("first", Kind::Strategy, "", "Name of the strategy that is subtracted, for a pair."),
            column("second", Kind::Strategy, "", "Name of the strategy."),
            optional(
                "proposed_burn_in",
                Kind::Real,
                "rounds",
                "First rounds that are best left out, by the marginal standard error rule.",
            ),
            column("drift", Kind::Real, "of the metric", "Change over the rounds after burn-in, by a line."),
            low,
            high,
            optional("p_value", Kind::Share, "probability", "Two-sided p-value of the t test of no drift."),
            REPLICATES,
        ],
        key: &["metric", "first", "second"],
    }
}

/// `validation.csv`
pub(super) fn validation() -> Table {
    Table {
        name: "validation",
        meaning: "Special cases of the model whose answer is known, and what was measured.",
        columns: vec![
            column("case", Kind::Text, "", "Name of the case."),
            column("quantity", Kind::Text, "", "Name of the quantity."),
            column("source", Kind::Text, "", "Source of the formula."),
            column("scenario", Kind::Text, "", "Scenario file."),
            optional("settings", Kind::Text, "", "Values that replace those of the file, as key=value."),
            column("expected", Kind::Real, "of the quantity", "Value by the formula."),
            column("measured", Kind::Real, "of the quantity", "Mean of the measured values."),
            column("standard_error", Kind::Real, "of the quantity", "Standard error of that mean."),
            column(
                "allowance",
                Kind::Real,
                "of the quantity",
                "How far the expected value of the finite model can be from the formula.",
            ),
            optional("z", Kind::Real, "standard errors", "Measured less expected, in standard errors."),
            column(
                "limit",
                Kind::Real,
                "standard errors",
                "Distance within which the two agree, beyond the allowance.",
            ),
            column("values", Kind::Count, "values", "Number of independent measured values."),
            column("agrees", Kind::Flag, "", "Whether the two agree."),
        ],
        key: &["case", "quantity"],
    }
}

/// `flows.csv`
pub(super) fn flows() -> Table {
    Table {
        name: "flows",
        meaning: "Value that passed between strategies in the rounds after burn-in.",
        columns: vec![
            REPLICATE,
            column("from", Kind::Strategy, "", "Strategy of those who helped or paid."),
            column("to", Kind::Strategy, "", "Strategy of those who received."),
            column("channel", Kind::Channel, "", "How the value passed."),
            column("value", Kind::Real, "benefit", "Total value."),
        ],
        key: &["replicate", "from", "to", "channel"],
    }
}

/// `distribution.csv`
pub(super) fn distribution() -> Table {
    Table {
        name: "distribution",
        meaning: "How net benefit since birth is spread over a strategy's members at the end.",
        columns: vec![
            REPLICATE,
            STRATEGY,
            column("quantile", Kind::Share, "share", "Share of the members with at most this much."),
            column("net_total", Kind::Real, "benefit", "Net benefit since birth."),
        ],
        key: &["replicate", "strategy", "quantile"],
    }
}

/// `spread.csv`
pub(super) fn spread() -> Table {
    Table {
        name: "spread",
        meaning: "How net benefit since birth is spread over a strategy's members over time: every 13th round and \
                  the last.",
        columns: vec![
            REPLICATE,
            column("round", Kind::Count, "rounds", "Round (week), from 0."),
            STRATEGY,
            column("quantile", Kind::Share, "share", "Share of the members with at most this much."),
            column("net_total", Kind::Real, "benefit", "Net benefit since birth, up to and with this round."),
        ],
        key: &["replicate", "round", "strategy", "quantile"],
    }
}

/// `regions.csv`
pub(super) fn regions() -> Table {
    Table {
        name: "regions",
        meaning: "Each strategy's net benefit by home region in the rounds after burn-in.",
        columns: vec![
            REPLICATE,
            column("region", Kind::Region, "", "Name of the home region."),
            STRATEGY,
            column("agent_rounds", Kind::Count, "rounds", "Rounds lived by members, summed over members."),
            optional("net", Kind::Real, "benefit", "Net benefit per member and round."),
        ],
        key: &["replicate", "region", "strategy"],
    }
}

/// `agents.csv`
pub(super) fn agents() -> Table {
    let mut columns = vec![
        REPLICATE,
        AGENT,
        STRATEGY,
        column("region", Kind::Region, "", "Name of the home region."),
        column("town", Kind::Count, "index", "Home town, from 0 across all regions."),
        column("expertise", Kind::Count, "index", "Domain of expertise, from 0."),
        column("active", Kind::Flag, "", "0 while the place of a failed agent is empty."),
        column("born", Kind::Count, "rounds", "First round lived."),
        optional("need", Kind::Count, "index", "Domain of the open need, of several that of the first."),
        optional("need_opened", Kind::Count, "rounds", "Round in which the need opened."),
        column("ties", Kind::Count, "ties", "Ties held."),
        optional("standing", Kind::Real, "opinion", "Standing, under public reputation."),
        optional("capital", Kind::Real, "benefit", "Capital, under survival."),
        column("net_total", Kind::Real, "benefit", "Net benefit since birth."),
    ];
    columns.extend(AMOUNTS.iter().map(|m| column(m.name, Kind::Real, m.unit, m.meaning)));
    Table {
        name: "agents",
        meaning: "Every agent at the end of each replicate; amounts are totals since birth.",
        columns,
        key: &["replicate", "agent"],
    }
}

/// `survival.csv`
pub(super) fn survival() -> Table {
    Table {
        name: "survival",
        meaning: "Every life, from birth to failure or to the end of the run.",
        columns: vec![
            REPLICATE,
            AGENT,
            column("strategy", Kind::Strategy, "", "Strategy at the end of the life."),
            column(
                "born",
                Kind::Count,
                "rounds",
                "First round lived: 0 for founders; later for newcomers, who start without ties.",
            ),
            column("ended", Kind::Count, "rounds", "First round not lived."),
            column("failed", Kind::Flag, "", "1 for a failure, 0 where the run ended first."),
        ],
        key: &["replicate", "agent", "born"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_its_own_name_and_every_key_is_a_column() {
        for table in [
            rounds(),
            summary(),
            contrasts(),
            stationarity(),
            super::super::change_rows::table(),
            flows(),
            regions(),
            distribution(),
            spread(),
            agents(),
            survival(),
        ] {
            let mut names: Vec<_> = table.columns.iter().map(|c| c.name.as_ref()).collect();
            assert!(table.key.iter().all(|k| names.contains(k)), "{}", table.name);
            names.sort_unstable();
            assert!(names.windows(2).all(|w| w[0] != w[1]), "{}", table.name);
        }
    }

    #[test]
    fn the_amounts_of_an_agent_are_the_benefit_and_cost_columns() {
        let names: Vec<_> = agents().columns[14..].iter().map(|c| c.name.to_string()).collect();
        assert_eq!((names[0].as_str(), names[12].as_str(), names.len()), ("push", "overhead", 13));
    }
}
