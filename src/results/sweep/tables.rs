//! The columns of a sweep's tables.

use std::borrow::Cow;

use super::super::bet::bet_summary_table;
use super::super::columns::{self, Column, Kind, Table, column};
use super::together;
use crate::experiment::outcome_names;
use crate::scenario::{self, Diagnostics, Factor, Files, NoFiles, Override, Purpose, Scenario, Source};

/// The point, and the value of every factor.
fn leading(factors: &[Factor]) -> Vec<Column> {
    let point = column("point", Kind::Count, "index", "Number of the design point, from 0.");
    let factors = factors.iter().map(|factor| {
        let kind = if factor.is_numeric() { Kind::Real } else { Kind::Text };
        let unit = if kind == Kind::Real { "of the key" } else { "" };
        let meaning = format!("Value of {}.", factor.keys.join(", "));
        Column {
            name: Cow::Owned(factor.name.clone()),
            kind,
            unit: Cow::Borrowed(unit),
            meaning: Cow::Owned(meaning),
            optional: false,
        }
    });
    [point].into_iter().chain(factors).collect()
}

/// `sweep.csv`
pub(super) fn sweep(factors: &[Factor]) -> Table {
    let mut columns = leading(factors);
    columns.extend(columns::summary().columns);
    Table {
        name: "sweep",
        meaning: "Each strategy's mean over the rounds after burn-in at every design point.",
        columns,
        key: &["point", "strategy", "metric"],
    }
}

/// `sweep_contrasts.csv`
pub(super) fn contrasts(factors: &[Factor]) -> Table {
    let mut columns = leading(factors);
    columns.extend(columns::contrasts().columns);
    columns.extend(together::columns());
    Table {
        name: "sweep_contrasts",
        meaning: "The difference between two strategies at every design point.",
        columns,
        key: &["point", "first", "second", "metric"],
    }
}

/// `sweep_stationarity.csv`
pub(super) fn stationarity(factors: &[Factor]) -> Table {
    let mut columns = leading(factors);
    let of_runs = columns::stationarity().columns;
    columns.extend(
        of_runs.into_iter().filter(|column| !["metric", "proposed_burn_in"].contains(&&*column.name)),
    );
    columns.push(columns::optional(
        "p_adjusted",
        Kind::Share,
        "probability",
        "The p-value adjusted for all strategies and pairs at the point (Holm).",
    ));
    Table {
        name: "sweep_stationarity",
        meaning: "The drift of net benefit after burn-in at every design point, for each strategy and pair.",
        columns,
        key: &["point", "first", "second"],
    }
}

/// `sweep_bet.csv`
pub(super) fn bet(factors: &[Factor]) -> Table {
    let mut columns = leading(factors);
    columns.extend(bet_summary_table().columns);
    columns.push(column("worlds", Kind::Count, "worlds", "Independent worlds behind the row."));
    columns.extend(together::columns());
    Table {
        name: "sweep_bet",
        meaning: "The bet's difference second - first by horizon at every design point.",
        columns,
        key: &["point", "horizon"],
    }
}

/// Reads and checks the scenario of a sweep, with the metrics that a sweep can keep, and the columns that no factor
/// can be named after.
///
/// # Errors
///
/// All faults of the text and of the overrides at once.
pub(crate) fn parse_sweep(source: &Source<'_>, overrides: &[Override]) -> Result<Scenario, Diagnostics> {
    parse_sweep_with(source, &NoFiles, overrides)
}

/// The same with the files that the scenario names.
///
/// # Errors
/// All faults of these too.
pub(crate) fn parse_sweep_with(
    source: &Source<'_>,
    files: &dyn Files,
    overrides: &[Override],
) -> Result<Scenario, Diagnostics> {
    let columns = sweep_columns();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let purpose = Purpose::Sweep { metrics: &outcome_names(), columns: &columns };
    scenario::parse_with(source, files, overrides, purpose)
}

/// Names of the other columns of tables with a column per factor.
fn sweep_columns() -> Vec<String> {
    let tables = [sweep(&[]), contrasts(&[]), stationarity(&[]), bet(&[])];
    let mut names: Vec<String> =
        tables.iter().flat_map(|table| &table.columns).map(|column| column.name.to_string()).collect();
    names.sort_unstable();
    names.dedup();
    names
}
