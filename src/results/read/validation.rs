//! Reading of `validation.csv`.

use std::path::Path;

use super::ReadError;
use super::source::Source;

/// One row of `validation.csv`, as charts need it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DeviationRow {
    /// Name of the case.
    pub(crate) case: String,
    /// Name of the quantity.
    pub(crate) quantity: String,
    /// Measured less expected.
    pub(crate) deviation: f64,
    /// Standard error of what was measured.
    pub(crate) standard_error: f64,
    /// How far the expected value of the finite model can be from the formula.
    pub(crate) allowance: f64,
    /// Number of standard errors within which the two agree, beyond the allowance.
    pub(crate) limit: f64,
    /// Whether they agree.
    pub(crate) agrees: bool,
}

/// Reads `validation.csv`.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_validation(dir: &Path) -> Result<Vec<DeviationRow>, ReadError> {
    let mut table = Source::open(dir, "validation.csv")?;
    let [case, quantity] = table.columns(["case", "quantity"])?;
    let numbers = ["expected", "measured", "standard_error", "allowance", "limit", "agrees"];
    let [expected, measured, standard_error, allowance, limit, agrees] = table.columns(numbers)?;
    table.collect(|t| {
        Ok(DeviationRow {
            case: t.text(case).to_owned(),
            quantity: t.text(quantity).to_owned(),
            deviation: t.number(measured)? - t.number(expected)?,
            standard_error: t.number(standard_error)?,
            allowance: t.number(allowance)?,
            limit: t.number(limit)?,
            agrees: t.count(agrees)? == 1,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::folder;
    use super::*;

    #[test]
    fn a_deviation_is_what_was_measured_less_what_was_expected() {
        let text = "case,quantity,expected,measured,standard_error,allowance,limit,agrees\n\
                    gifts,mean,0.5,0.25,0.125,0.0625,4,1\ngifts,share,2,5,0.5,0,4,0\n";
        let rows = read_validation(folder("validation.csv", text).path()).unwrap();
        let numbers = |row: &DeviationRow| {
            (row.quantity.clone(), [row.deviation, row.standard_error, row.allowance, row.limit], row.agrees)
        };
        assert_eq!(numbers(&rows[0]), ("mean".to_owned(), [-0.25, 0.125, 0.0625, 4.0], true));
        assert_eq!(numbers(&rows[1]), ("share".to_owned(), [3.0, 0.5, 0.0, 4.0], false));
    }
}
