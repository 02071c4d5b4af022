//! The rows of `changes.csv`.

use serde::Serialize;

use super::columns::{Kind, METRIC, REPLICATES, Table, column, interval, optional};
use super::summary::named;
use super::table::Cell;
use crate::stats::Interval;

/// One line of `changes.csv`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ChangeRow {
    /// First round of the new values.
    pub round: u32,
    /// The settings that change, as overrides set them.
    pub changed: String,
    /// Name of the strategy that is subtracted; none where the row is about one strategy.
    pub first: Option<String>,
    /// Name of the strategy.
    pub second: String,
    /// Name of the metric.
    pub metric: &'static str,
    /// Mean over replicates of the mean over the rounds before.
    pub before: f64,
    /// The same of the rounds after.
    pub after: f64,
    /// Mean of after - before, paired by replicate; no interval with one replicate.
    #[serde(flatten, serialize_with = "as_difference")]
    pub difference: Interval,
    /// Two-sided p-value of the paired t test, likewise.
    pub p_value: Option<f64>,
    /// The p-value adjusted for all strategies and pairs of the metric at this change (Holm).
    pub p_adjusted: Option<f64>,
    /// Number of pairs.
    pub replicates: u64,
    /// Number of rounds before that count.
    pub rounds_before: u32,
    /// Number of rounds after that count.
    pub rounds_after: u32,
}

/// Serialises a mean under the name of its column, `difference`.
fn as_difference<S: serde::Serializer>(interval: &Interval, serializer: S) -> Result<S::Ok, S::Error> {
    named("difference", interval, serializer)
}

impl ChangeRow {
    /// The cells, in the order of the columns.
    pub(super) fn cells(&self) -> [Cell<'_>; 15] {
        let [difference, low, high] = Cell::interval(&self.difference);
        [
            Cell::Count(self.round.into()),
            Cell::Text(&self.changed),
            Cell::Text(self.first.as_deref().unwrap_or_default()),
            Cell::Text(&self.second),
            Cell::Text(self.metric),
            Cell::Real(self.before),
            Cell::Real(self.after),
            difference,
            low,
            high,
            Cell::optional(self.p_value),
            Cell::optional(self.p_adjusted),
            Cell::Count(self.replicates),
            Cell::Count(self.rounds_before.into()),
            Cell::Count(self.rounds_after.into()),
        ]
    }
}

/// `changes.csv`
pub(super) fn table() -> Table {
    let [low, high] = interval("of the metric", "the difference's {level} t interval");
    Table {
        name: "changes",
        meaning: "What differs after settings change at a round, for each strategy and for pairs.",
        columns: vec![
            column("round", Kind::Count, "rounds", "First round of the new values."),
            column(
                "changed",
                Kind::Text,
                "",
                "The settings that change, as KEY=VALUE; several with semicolons.",
            ),
            optional("first", Kind::Strategy, "", "Name of the strategy that is subtracted, for a pair."),
            column("second", Kind::Strategy, "", "Name of the strategy."),
            METRIC,
            column("before", Kind::Real, "of the metric", "Mean over the rounds before that count."),
            column("after", Kind::Real, "of the metric", "Mean over the rounds after that count."),
            column("difference", Kind::Real, "of the metric", "Mean of after - before, paired by replicate."),
            low,
            high,
            optional("p_value", Kind::Share, "probability", "Two-sided p-value of the paired t test."),
            optional(
                "p_adjusted",
                Kind::Share,
                "probability",
                "The p-value adjusted for all strategies and pairs of the metric at this change (Holm).",
            ),
            REPLICATES,
            column(
                "rounds_before",
                Kind::Count,
                "rounds",
                "Rounds before that count: from burn-in or the change before on, in whole cycles of mixers.",
            ),
            column(
                "rounds_after",
                Kind::Count,
                "rounds",
                "Rounds after that count: to the next change or the end, in whole cycles of mixers.",
            ),
        ],
        key: &["round", "first", "second", "metric"],
    }
}
