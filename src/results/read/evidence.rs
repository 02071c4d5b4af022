//! Reading of `evidence.csv`.

use std::path::Path;

use super::ReadError;
use super::source::Source;
use crate::stats::Interval;

/// One row of `evidence.csv`, as charts need it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PatternRow {
    /// Name of the pattern.
    pub(crate) pattern: String,
    /// Name of the quantity.
    pub(crate) quantity: String,
    /// Name of the scenario.
    pub(crate) scenario: String,
    /// The ends of what was published.
    pub(crate) published: [f64; 2],
    /// The upper end of the range that counts as reproduced; none of a direction.
    pub(crate) range_high: Option<f64>,
    /// What the scenario shows.
    pub(crate) measured: Interval,
    /// The verdict on the quantity.
    pub(crate) verdict: String,
    /// The verdict on the pattern in this scenario.
    pub(crate) pattern_verdict: String,
}

/// Reads `evidence.csv`.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_patterns(dir: &Path) -> Result<Vec<PatternRow>, ReadError> {
    let mut table = Source::open(dir, "evidence.csv")?;
    let [pattern, quantity, scenario, verdict, pattern_verdict] =
        table.columns(["pattern", "quantity", "scenario", "verdict", "pattern_verdict"])?;
    let [low, high, range_high] = table.columns(["published_low", "published_high", "range_high"])?;
    let measured = table.columns(["measured", "ci_low", "ci_high"])?;
    table.collect(|t| {
        let text = |column: usize| t.text(column).to_owned();
        Ok(PatternRow {
            pattern: text(pattern),
            quantity: text(quantity),
            scenario: text(scenario),
            published: [t.number(low)?, t.number(high)?],
            range_high: Some(t.number(range_high)?).filter(|end| !end.is_nan()),
            measured: t.interval(measured)?,
            verdict: text(verdict),
            pattern_verdict: text(pattern_verdict),
        })
    })
}
