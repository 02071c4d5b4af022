//! Published patterns beside what scenarios show: `evidence.csv`.

use serde::Serialize;

use super::columns::{Kind, Table, column, optional};
use super::table::Cell;
use crate::stats::Interval;

/// The title of such a result.
pub(super) const TITLE: &str = "Published patterns and what the model shows of them";

/// One line of `evidence.csv`: a quantity of a published pattern in one scenario.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct EvidenceRow {
    /// Name of the pattern.
    pub(crate) pattern: String,
    /// Name of the quantity.
    pub(crate) quantity: String,
    /// Name of the scenario, without its folder and ending.
    pub(crate) scenario: String,
    /// Authors, year and title of the study.
    pub(crate) source: String,
    /// The published value: both ends of a range, or twice the same number.
    pub(crate) published: [f64; 2],
    /// The range that counts as reproduced; its end can be infinite.
    pub(crate) range: [f64; 2],
    /// The value without effect, for patterns that are one.
    pub(crate) no_effect: Option<f64>,
    /// What the scenario shows.
    #[serde(flatten)]
    pub(crate) measured: Interval,
    /// Number of independent values behind it.
    pub(crate) values: u64,
    /// Whether the scenario was fitted to this quantity.
    pub(crate) fitted: bool,
    /// The verdict on the quantity.
    pub(crate) verdict: String,
    /// The verdict on the pattern in this scenario.
    pub(crate) pattern_verdict: String,
    /// Why the quantity is not as published; empty where it is.
    pub(crate) why: String,
}

impl EvidenceRow {
    /// The cells of the row.
    pub(super) fn cells(&self) -> Vec<Cell<'_>> {
        let [mean, low, high] = Cell::interval(&self.measured);
        let end = |end: f64| Cell::optional(end.is_finite().then_some(end));
        vec![
            Cell::Text(&self.pattern),
            Cell::Text(&self.quantity),
            Cell::Text(&self.scenario),
            Cell::Text(&self.source),
            Cell::Real(self.published[0]),
            Cell::Real(self.published[1]),
            end(self.range[0]),
            end(self.range[1]),
            Cell::optional(self.no_effect),
            mean,
            low,
            high,
            Cell::Count(self.values),
            Cell::Flag(self.fitted),
            Cell::Text(&self.verdict),
            Cell::Text(&self.pattern_verdict),
            Cell::Text(&self.why),
        ]
    }
}

/// `evidence.csv`
pub(super) fn table() -> Table {
    let unit = "of the quantity";
    Table {
        name: "evidence",
        meaning: "Published patterns, and what two scenarios show of them.",
        columns: vec![
            column("pattern", Kind::Text, "", "Name of the pattern."),
            column("quantity", Kind::Text, "", "Name of the quantity."),
            column("scenario", Kind::Text, "", "Name of the scenario file."),
            column("source", Kind::Text, "", "Authors, year and title of the study."),
            column("published_low", Kind::Real, unit, "Published value; of a range its lower end."),
            column("published_high", Kind::Real, unit, "The same value; of a range its upper end."),
            optional("range_low", Kind::Real, unit, "Lower end of the range that counts as reproduced."),
            optional("range_high", Kind::Real, unit, "Upper end; empty for a direction."),
            optional("no_effect", Kind::Real, unit, "Value without effect, for patterns that are one."),
            optional("measured", Kind::Real, unit, "Mean over replicates (worlds)."),
            optional("ci_low", Kind::Real, unit, "Lower end of its {level} interval."),
            optional("ci_high", Kind::Real, unit, "Upper end, likewise."),
            column("values", Kind::Count, "values", "Number of replicates (worlds)."),
            column("fitted", Kind::Flag, "", "Whether the scenario was fitted to this quantity."),
            column(
                "verdict",
                Kind::Text,
                "",
                "reproduced: the interval is in the range; partly: it reaches into it, or shows a clear effect of \
                 another size in the published direction; else not.",
            ),
            column(
                "pattern_verdict",
                Kind::Text,
                "",
                "reproduced or not if all quantities of the pattern are in this scenario, else partly.",
            ),
            optional("why", Kind::Text, "", "Why the quantity is not as published."),
        ],
        key: &["pattern", "quantity", "scenario"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_a_cell_for_each_column_and_an_open_range_an_empty_one() {
        let text = |of: &str| of.to_owned();
        let row = EvidenceRow {
            pattern: text("talk"),
            quantity: text("share"),
            scenario: text("chamber"),
            source: text("A 1999"),
            published: [0.25, 0.5],
            range: [0.125, f64::INFINITY],
            no_effect: None,
            measured: Interval::around(0.375, Some(0.125)),
            values: 20,
            fitted: false,
            verdict: text("reproduced"),
            pattern_verdict: text("partly"),
            why: String::new(),
        };
        let (cells, columns) = (row.cells(), table().columns);
        let cell = |name: &str| cells[columns.iter().position(|column| column.name == name).unwrap()];
        assert_eq!(cells.len(), columns.len());
        for (name, number) in [
            ("published_low", 0.25),
            ("published_high", 0.5),
            ("range_low", 0.125),
            ("measured", 0.375),
            ("ci_low", 0.25),
            ("ci_high", 0.5),
        ] {
            assert_eq!(cell(name), Cell::Real(number), "{name}");
        }
        let is_empty = |name: &str| matches!(cell(name), Cell::Real(number) if number.is_nan());
        assert!(is_empty("range_high") && is_empty("no_effect"));
        assert_eq!(
            (cell("verdict"), cell("pattern_verdict")),
            (Cell::Text("reproduced"), Cell::Text("partly"))
        );
        assert_eq!(
            (cell("values"), cell("fitted"), cell("why")),
            (Cell::Count(20), Cell::Flag(false), Cell::Text(""))
        );
    }
}
