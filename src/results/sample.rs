//! The tables of the sample of people of a run.

use super::ResultsError;
use super::columns::{AGENT, Kind, REPLICATE, STRATEGY, Table, column};
use super::table::{Cell, TableWriter};
use super::target::Target;
use crate::experiment::ReplicateRecord;

/// `people_sample.csv`
fn people_sample() -> Table {
    Table {
        name: "people_sample",
        meaning: "Up to 150 people of the first replicate at its end: a neighbourhood, found along four ties of \
                  each, in the order in which they were found.",
        columns: vec![
            REPLICATE,
            AGENT,
            STRATEGY,
            column("region", Kind::Region, "", "Name of the home region."),
            column("town", Kind::Count, "index", "Home town, from 0 across all regions."),
            column("taken_calls", Kind::Count, "calls", "Calls taken as an expert since birth."),
            column("net_total", Kind::Real, "benefit", "Net benefit since birth."),
        ],
        key: &["replicate", "agent"],
    }
}

/// `ties_sample.csv`
fn ties_sample() -> Table {
    Table {
        name: "ties_sample",
        meaning: "All ties between the people in people_sample.csv, at the end.",
        columns: vec![
            REPLICATE,
            column("agent", Kind::Count, "index", "Agent who holds the tie."),
            column("contact", Kind::Count, "index", "Agent whom it leads to."),
            column("trust", Kind::Real, "opinion", "Trust, -1 to 1."),
        ],
        key: &["replicate", "agent", "contact"],
    }
}

/// People, and their ties to each other.
pub(super) struct SampleTables {
    people: TableWriter,
    ties: TableWriter,
}

impl SampleTables {
    pub(super) fn start(target: &mut Target) -> Result<Self, ResultsError> {
        Ok(Self { people: target.table(people_sample())?, ties: target.table(ties_sample())? })
    }

    pub(super) fn into_tables(self) -> [TableWriter; 2] {
        [self.people, self.ties]
    }

    /// Adds the sample of a replicate, if it has one, with the names of strategies and regions.
    pub(super) fn write(
        &mut self,
        record: &ReplicateRecord,
        strategies: &[String],
        regions: &[String],
    ) -> Result<(), ResultsError> {
        let replicate = Cell::Count(record.replicate.into());
        for person in &record.sample.people {
            self.people.row(&[
                replicate,
                Cell::Count(person.agent.into()),
                Cell::Text(&strategies[usize::from(person.strategy)]),
                Cell::Text(&regions[usize::from(person.region)]),
                Cell::Count(person.town.into()),
                Cell::Count(person.taken_calls),
                Cell::Amount(person.net_total),
            ])?;
        }
        for tie in &record.sample.ties {
            self.ties.row(&[
                replicate,
                Cell::Count(tie.agent.into()),
                Cell::Count(tie.contact.into()),
                Cell::Real(tie.trust.into()),
            ])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_columns() {
        for table in [people_sample(), ties_sample()] {
            let names: Vec<_> = table.columns.iter().map(|column| column.name.as_ref()).collect();
            assert!(table.key.iter().all(|key| names.contains(key)), "{}", table.name);
        }
    }
}
