//! The chart of a validation: how far measured values are from the expected ones.

use super::canvas::Picture;
use super::dots::{Row, dots_within};
use super::frame::Head;
use super::theme::{INK, Style};
use crate::results::DeviationRow;
use crate::stats::Interval;

/// Dots farther off are drawn here, so that they do not hide the others.
const MOST: f64 = 10.0;

/// One dot for each quantity, one row for each case.
pub(super) fn draw(all: &[DeviationRow]) -> Option<Picture> {
    let rows = all
        .chunk_by(|a, b| a.case == b.case)
        .map(|case| Row { label: case[0].case.clone(), dots: case.iter().map(dot).collect() });
    let head = Head {
        title: title(all),
        subtitle:
            "Measured less expected value, as a share of the largest deviation that agrees with the formula: \
                   dots within -1 and 1 agree. One dot = one quantity"
                .to_owned(),
    };
    let x_title = "Share of the largest deviation that agrees";
    dots_within(&head, &rows.collect::<Vec<_>>(), x_title, true, MOST)
}

fn title(all: &[DeviationRow]) -> String {
    let off: Vec<String> =
        all.iter().filter(|row| !row.agrees).map(|row| format!("{} ({})", row.case, row.quantity)).collect();
    match off.as_slice() {
        [] => format!("All {} quantities agree with their formulas", all.len()),
        off => format!(
            "{} of {} quantities disagree with their formulas: {}",
            off.len(),
            all.len(),
            off.join(", ")
        ),
    }
}

fn dot(row: &DeviationRow) -> (String, Style, Interval) {
    let largest = row.allowance + row.limit * row.standard_error;
    // Without spread and allowance only the expected value agrees.
    let share = if row.deviation == 0.0 { 0.0 } else { row.deviation / largest };
    let style = Style { colour: INK, dash: &[] };
    (row.quantity.clone(), style, Interval::around(share, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(quantity: &str, deviation: f64, agrees: bool) -> DeviationRow {
        DeviationRow {
            case: "case".to_owned(),
            quantity: quantity.to_owned(),
            deviation,
            standard_error: 0.1,
            allowance: 0.1,
            limit: 4.0,
            agrees,
        }
    }

    #[test]
    fn titles_name_what_disagrees_and_dots_are_shares_of_what_is_allowed() {
        let all = vec![row("a", 0.25, true), row("b", -0.5, true), row("c", 0.6, false)];
        assert_eq!(title(&all[..2]), "All 2 quantities agree with their formulas");
        assert_eq!(title(&all), "1 of 3 quantities disagree with their formulas: case (c)");
        let shares: Vec<f64> = all.iter().map(|row| dot(row).2.mean).collect();
        assert!(shares.iter().zip([0.5, -1.0, 1.2]).all(|(a, b)| (a - b).abs() < 1e-12), "{shares:?}");
        let exact = DeviationRow { standard_error: 0.0, allowance: 0.0, ..row("d", 0.0, true) };
        assert!(dot(&exact).2.mean == 0.0);
        let far = draw(&[row("e", 30.0, false)]).unwrap().unwrap();
        assert!(far.svg.contains("60.0 \u{2192}"), "{}", far.svg);
        let drawing = draw(&all).unwrap().unwrap();
        assert!(drawing.svg.contains("1 of 3 quantities"));
        let names: Vec<&[String]> = drawing.tables[0].rows.iter().map(|row| &row.cells[..2]).collect();
        assert_eq!(names, [["case", "a"], ["case", "b"], ["case", "c"]]);
    }
}
