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
    use super::super::memory::MemoryFiles;
    use super::super::tests::of_people_with_names;
    use super::*;
    use crate::amount::Amount;
    use crate::model::{LifeRecord, PersonRecord, SampleRecord, TieRecord};

    #[test]
    fn people_have_their_names_and_those_who_took_the_place_of_another_have_none() {
        let scenario = of_people_with_names();
        let (names, files) = (PeopleNames::of(&scenario), MemoryFiles::default());
        let mut tables = SampleTables::start(&mut Target::Memory(files.clone()), &names).unwrap();
        // The place of Ada was taken in round 4; Cy failed in the last round, and Bo is still there.
        let life = |agent, born, ended, failed| LifeRecord { agent, strategy: 0, born, ended, failed };
        let person = |agent| PersonRecord {
            agent,
            strategy: 0,
            region: 0,
            town: 0,
            taken_calls: 0,
            net_total: Amount::ZERO,
        };
        let record = ReplicateRecord {
            lives: vec![life(0, 0, 3, true), life(0, 4, 9, false), life(1, 0, 9, false), life(2, 0, 9, true)],
            sample: SampleRecord {
                people: vec![person(0), person(1), person(2)],
                ties: vec![TieRecord { agent: 0, contact: 1, trust: 0.5 }],
            },
            ..ReplicateRecord::default()
        };
        let [strategies, regions] = [["a"], ["home"]].map(|names| names.map(str::to_owned));
        tables.write(&record, &strategies, &regions).unwrap();
        tables.into_tables().into_iter().for_each(|table| drop(table.finish().unwrap()));
        let files = files.take();
        let names = |file: &str| -> Vec<String> {
            let text = String::from_utf8(files.get(file).unwrap().to_vec()).unwrap();
            text.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().to_owned()).collect()
        };
        assert_eq!(names("people_sample.csv"), ["", "Bo", "Cy"]);
        assert_eq!(names("ties_sample.csv"), ["Bo"], "of the contact");
    }

    #[test]
    fn keys_are_columns() {
        for table in [people_sample(), ties_sample()] {
            let names: Vec<_> = table.columns.iter().map(|column| column.name.as_ref()).collect();
            assert!(table.key.iter().all(|key| names.contains(key)), "{}", table.name);
        }
    }
}
