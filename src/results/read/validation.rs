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
