//! Reads the sample of people of a run.

use super::super::files::Files;
use super::ReadError;
use super::source::Source;

/// One row of `people_sample.csv`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PersonRow {
    /// Agent, from 0.
    pub agent: u32,
    /// Name; none without names, and for newcomers.
    pub name: Option<String>,
    /// Strategy's name.
    pub strategy: String,
    /// Calls taken since birth.
    pub taken_calls: u32,
    /// Net benefit since birth.
    pub net_total: f64,
}

/// One row of `ties_sample.csv`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TieRow {
    /// Agent who holds the tie.
    pub agent: u32,
    /// Agent whom it leads to.
    pub contact: u32,
    /// Trust, -1 to 1.
    pub trust: f64,
}

/// Reads `people_sample.csv`.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_people<'a>(files: impl Into<Files<'a>>) -> Result<Vec<PersonRow>, ReadError> {
    let mut table = Source::open(files, "people_sample.csv")?;
    let [agent, strategy, taken_calls, net_total] =
        table.columns(["agent", "strategy", "taken_calls", "net_total"])?;
    let name = table.column("name");
    table.collect(|t| {
        Ok(PersonRow {
            agent: t.count(agent)?,
            name: name.map(|name| t.text(name)).filter(|name| !name.is_empty()).map(str::to_owned),
            strategy: t.text(strategy).to_owned(),
            taken_calls: t.count(taken_calls)?,
            net_total: t.number(net_total)?,
        })
    })
}

/// Reads `ties_sample.csv`.
///
/// # Errors
/// As [`read_people`].
pub(crate) fn read_ties<'a>(files: impl Into<Files<'a>>) -> Result<Vec<TieRow>, ReadError> {
    let mut table = Source::open(files, "ties_sample.csv")?;
    let [agent, contact, trust] = table.columns(["agent", "contact", "trust"])?;
    table.collect(|t| {
        Ok(TieRow { agent: t.count(agent)?, contact: t.count(contact)?, trust: t.number(trust)? })
    })
}
