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

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[[factor]]\nname = \"fee\"\nkeys = [\"calls.fee\", \"mixer.cost\"]\n\
                        [[factor]]\nname = \"norm\"\nkeys = \"reputation.norm\"\nvalues = [\"shunning\"]\n";

    #[test]
    fn the_tables_of_a_sweep_are_those_of_a_run_after_the_point_and_its_factors() {
        let scenario = parse_sweep(&Source { name: "test", bytes: TEXT.as_bytes() }, &[]).unwrap();
        let factors = &scenario.factors;
        for table in [sweep(factors), contrasts(factors), stationarity(factors), bet(factors)] {
            let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_ref()).collect();
            assert_eq!(names[..3], ["point", "fee", "norm"], "{}", table.name);
            assert!(table.key.iter().all(|key| names.contains(key)), "{}", table.name);
            let [fee, norm] = [&table.columns[1], &table.columns[2]];
            assert_eq!((fee.kind, fee.unit.as_ref()), (Kind::Real, "of the key"));
            assert_eq!(fee.meaning, "Value of calls.fee, mixer.cost.");
            assert_eq!((norm.kind, norm.unit.as_ref()), (Kind::Text, ""));
        }
        let names = |table: Table| -> Vec<String> {
            table.columns[3..].iter().map(|column| column.name.to_string()).collect()
        };
        let of_run =
            |table: Table| names(Table { columns: [leading(factors), table.columns].concat(), ..table });
        assert_eq!(names(sweep(factors)), of_run(columns::summary()));
        let together = ["all_low", "all_high", "side"].map(str::to_owned);
        assert_eq!(names(contrasts(factors)), [&of_run(columns::contrasts())[..], &together].concat());
        assert_eq!(
            names(stationarity(factors)),
            ["first", "second", "drift", "ci_low", "ci_high", "p_value", "replicates", "p_adjusted"]
        );
        let worlds = [&["worlds".to_owned()][..], &together].concat();
        assert_eq!(names(bet(factors)), [of_run(bet_summary_table()), worlds].concat());
    }

    #[test]
    fn no_factor_has_the_name_of_another_column() {
        for column in ["point", "strategy", "first", "horizon", "p_adjusted", "worlds", "side"] {
            let text = TEXT.replace("\"fee\"", &format!("\"{column}\""));
            assert!(parse_sweep(&Source { name: "test", bytes: text.as_bytes() }, &[]).is_err(), "{column}");
        }
    }
}
