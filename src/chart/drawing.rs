//! A figure that was drawn: its SVG document, its words, and what it shows in numbers.

use super::axis::number;
use crate::stats::Interval;

/// Maximum number of cells of a table beside a figure: of longer ones every n-th row is kept.
const CELLS_MAX: usize = 3000;

/// A position on a figure, in pixels from the top left.
pub(super) type Point = (f64, f64);

/// A figure.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Drawing {
    /// The document.
    pub(crate) svg: String,
    /// Width and height in pixels.
    pub(crate) size: (f64, f64),
    /// Height of title and subtitle at the top.
    pub(crate) head: f64,
    /// What the data show.
    pub(crate) title: String,
    /// What is drawn.
    pub(crate) subtitle: String,
    /// The numbers.
    pub(crate) tables: Vec<Table>,
}

/// Numbers of a figure, for readers who do not see it, and for the values under the pointer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Table {
    /// The part of the figure; empty if it has only one.
    pub(crate) caption: String,
    /// Names of the columns.
    pub(crate) columns: Vec<String>,
    /// The rows.
    pub(crate) rows: Vec<Row>,
    /// Every how many rows one is kept.
    pub(crate) every: usize,
}

/// A row of numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// One for each column.
    pub(crate) cells: Vec<String>,
    /// Where the figure shows them.
    pub(crate) spots: Vec<Spot>,
}

/// A rectangle of a figure, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spot {
    /// Upper left corner.
    pub(crate) from: Point,
    /// Lower right corner.
    pub(crate) to: Point,
}

impl Spot {
    /// The rectangle between two corners, in any order.
    pub(super) fn between(a: Point, b: Point) -> Self {
        Self { from: (a.0.min(b.0), a.1.min(b.1)), to: (a.0.max(b.0), a.1.max(b.1)) }
    }

    /// A square around a point.
    pub(super) fn around((x, y): Point, half: f64) -> Self {
        Self { from: (x - half, y - half), to: (x + half, y + half) }
    }
}

impl Table {
    /// Keeps every n-th row of a long table, and the last one.
    pub(super) fn thin(&mut self) {
        let rows_max = (CELLS_MAX / self.columns.len().max(1)).max(2);
        let n = self.rows.len();
        self.every = n.div_ceil(rows_max).max(1);
        let (every, mut place) = (self.every, 0);
        self.rows.retain(|_| {
            let keeps = place % every == 0 || place + 1 == n;
            place += 1;
            keeps
        });
    }
}

/// A mean and its interval as the text of a cell, with as many digits as the interval supports.
pub(super) fn cell(of: &Interval) -> String {
    if of.mean.is_nan() {
        return String::new();
    }
    let Some((low, high)) = of.ends() else { return number(of.mean) };
    let digits = decimals((high - low) / 2.0);
    let text = |value: f64| format!("{value:.digits$}").replace('-', "\u{2212}");
    format!("{} ({} to {})", text(of.mean), text(low), text(high))
}

/// The same, as percentages.
pub(super) fn percent_cell(of: &Interval) -> String {
    let text = |share: f64| format!("{:.1}%", share * 100.0);
    match (of.mean.is_nan(), of.ends()) {
        (true, _) => String::new(),
        (_, Some((low, high))) => format!("{} ({} to {})", text(of.mean), text(low), text(high)),
        (_, None) => text(of.mean),
    }
}

/// Number of decimals with which a half-width has two digits.
fn decimals(half_width: f64) -> usize {
    const DECIMALS_MAX: usize = 8;
    let (mut digits, mut unit) = (0, 10.0);
    while half_width < unit && digits < DECIMALS_MAX {
        unit /= 10.0;
        digits += 1;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_table_keeps_its_first_and_last_row_and_says_so() {
        let row = |k: usize| Row { cells: vec![k.to_string()], spots: Vec::new() };
        let columns = vec!["a".to_owned(), "b".to_owned()];
        let mut table = Table { columns, rows: (0..10_000).map(row).collect(), ..Table::default() };
        table.thin();
        assert_eq!(table.every, 7);
        assert!(table.rows.len() <= CELLS_MAX / 2 + 1);
        assert_eq!([&table.rows[0], table.rows.last().unwrap()].map(|r| r.cells[0].as_str()), ["0", "9999"]);
        let mut short =
            Table { columns: vec!["a".to_owned()], rows: (0..9).map(row).collect(), ..Table::default() };
        short.thin();
        assert_eq!((short.every, short.rows.len()), (1, 9));
    }

    #[test]
    fn a_cell_has_the_interval_behind_the_mean() {
        let of = Interval { mean: 0.5, low: Some(0.25), high: Some(0.75) };
        assert_eq!(cell(&of), "0.50 (0.25 to 0.75)");
        let narrow = Interval { mean: -0.4812, low: Some(-0.488), high: Some(-0.4744) };
        assert_eq!(cell(&narrow), "\u{2212}0.4812 (\u{2212}0.4880 to \u{2212}0.4744)");
        assert_eq!(cell(&Interval { mean: 150.0, low: Some(110.0), high: Some(190.0) }), "150 (110 to 190)");
        assert_eq!(percent_cell(&of), "50.0% (25.0% to 75.0%)");
        assert_eq!(cell(&Interval { mean: 0.5, low: None, high: None }), "0.50");
        assert_eq!(cell(&Interval { mean: f64::NAN, low: None, high: None }), "");
    }
}
