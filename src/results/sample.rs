//! The tables of the sample of people of a run.

use std::collections::BTreeSet;

use super::ResultsError;
use super::columns::{AGENT, Kind, REPLICATE, STRATEGY, Table, column};
use super::named::{NamedTable, PeopleNames};
use super::table::{Cell, TableWriter};
use super::target::Target;
use crate::experiment::ReplicateRecord;
use crate::model::AgentId;

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
    people: NamedTable,
    ties: NamedTable,
}

impl SampleTables {
    pub(super) fn start(target: &mut Target, names: &PeopleNames) -> Result<Self, ResultsError> {
        Ok(Self {
            people: NamedTable::start(target, people_sample(), None, &["agent"], names)?,
            ties: NamedTable::start(target, ties_sample(), None, &["agent", "contact"], names)?,
        })
    }

    pub(super) fn into_tables(self) -> [TableWriter; 2] {
        [self.people, self.ties].map(NamedTable::into_table)
    }

    /// Adds the sample of a replicate, if it has one, with the names of strategies and regions.
    pub(super) fn write(
        &mut self,
        record: &ReplicateRecord,
        strategies: &[String],
        regions: &[String],
    ) -> Result<(), ResultsError> {
        let replicate = Cell::Count(record.replicate.into());
        // Lives that last to the end are those of the sample.
        let later = record.lives.iter().filter(|life| !life.failed && life.born > 0);
        let newcomers: BTreeSet<AgentId> = later.map(|life| life.agent).collect();
        let is_newcomer = |agent| newcomers.contains(&agent);
        for person in &record.sample.people {
            let row = [
                replicate,
                Cell::Count(person.agent.into()),
                Cell::Text(&strategies[usize::from(person.strategy)]),
                Cell::Text(&regions[usize::from(person.region)]),
                Cell::Count(person.town.into()),
                Cell::Count(person.taken_calls),
                Cell::Amount(person.net_total),
            ];
            self.people.row(&row, is_newcomer)?;
        }
        for tie in &record.sample.ties {
            let row = [
                replicate,
                Cell::Count(tie.agent.into()),
                Cell::Count(tie.contact.into()),
                Cell::Real(tie.trust.into()),
            ];
            self.ties.row(&row, is_newcomer)?;
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
