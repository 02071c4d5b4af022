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

#[cfg(test)]
mod tests {
    use super::super::tests::folder;
    use super::*;

    #[test]
    fn a_range_may_be_open_above_and_a_quantity_unmeasured() {
        let dir = folder(
            "evidence.csv",
            "pattern,quantity,scenario,published_low,published_high,range_high,measured,ci_low,ci_high,verdict,pattern_verdict\n\
             talk,share,small,0.25,0.5,0.75,0.5,0.25,0.75,reproduced,not reproduced\n\
             gossip,slope,large,0,0,,,,,failed,failed\n",
        );
        let rows = read_patterns(dir.path()).unwrap();
        assert_eq!(rows.len(), 2);
        let words = |row: &PatternRow| {
            let PatternRow { pattern, quantity, scenario, verdict, pattern_verdict, .. } = row;
            [pattern, quantity, scenario, verdict, pattern_verdict].map(String::clone)
        };
        assert_eq!(words(&rows[0]), ["talk", "share", "small", "reproduced", "not reproduced"]);
        assert_eq!(
            (rows[0].published, rows[0].range_high, rows[1].range_high),
            ([0.25, 0.5], Some(0.75), None)
        );
        assert_eq!(rows[0].measured, Interval::around(0.5, Some(0.25)));
        assert!(rows[1].measured.mean.is_nan() && rows[1].measured.ends().is_none());
    }
}
