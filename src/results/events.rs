//! `events.csv`: the log of a run, one row per act.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::ResultsError;
use super::columns::{Column, Kind, Table, column, optional};
use super::named::{NamedTable, PeopleNames};
use super::own::{EVENTS, EVENTS_GZIP};
use super::table::{Cell, TableWriter};
use super::target::Target;
use crate::model::{ActKind, ActRecord, AgentId};

/// Which acts of a run are written to its log of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventLog {
    /// First and last replicate, from 0.
    pub replicates: [u32; 2],
    /// First and last round, from 0.
    pub rounds: [u32; 2],
    /// Whether the file is compressed: `events.csv.gz` in place of `events.csv`.
    pub gzip: bool,
}

impl EventLog {
    /// Name of the file.
    pub(crate) fn file(&self) -> &'static str {
        if self.gzip { EVENTS_GZIP } else { EVENTS }
    }

    /// The options of the command line that ask for it.
    pub(crate) fn options(&self) -> String {
        let range = |[first, last]: [u32; 2]| format!("{first}..{last}");
        let (file, replicates, rounds) = (self.file(), range(self.replicates), range(self.rounds));
        format!("--events={file} --events-replicates {replicates} --events-rounds {rounds}")
    }

    /// Whether acts of this replicate are written.
    pub(crate) fn has(&self, replicate: u32) -> bool {
        (self.replicates[0]..=self.replicates[1]).contains(&replicate)
    }
}

/// Writes the log of events.
pub(super) struct EventWriter {
    table: NamedTable,
    /// First round that is written.
    first: u32,
    /// The replicate that is being written, and the places that newcomers have taken in it.
    newcomers: (u32, BTreeSet<AgentId>),
}

impl EventWriter {
    /// Starts the log in a new result.
    pub(super) fn new(log: EventLog, names: &PeopleNames, target: &mut Target) -> Result<Self, ResultsError> {
        let agents = ["actor", "other", "third", "caller"];
        let table = NamedTable::start(target, table(), Some(log.file()), &agents, names)?;
        Ok(Self { table, first: log.rounds[0], newcomers: (0, BTreeSet::new()) })
    }

    /// Adds acts of a replicate, if they are of the rounds that are written.
    pub(super) fn acts(
        &mut self,
        replicate: u32,
        acts: &[ActRecord],
        strategies: &[String],
    ) -> Result<(), ResultsError> {
        if self.newcomers.0 != replicate {
            self.newcomers = (replicate, BTreeSet::new());
        }
        for act in acts {
            if act.kind == ActKind::Enter {
                self.newcomers.1.insert(act.actor);
            }
            if act.round >= self.first {
                let newcomers = &self.newcomers.1;
                self.table.row(&cells(replicate, act, strategies), |agent| newcomers.contains(&agent))?;
            }
        }
        Ok(())
    }

    /// The table, complete.
    pub(super) fn finish(self) -> TableWriter {
        self.table.into_table()
    }
}

const N_COLUMNS: usize = 18;

fn cells<'a>(replicate: u32, act: &ActRecord, strategies: &'a [String]) -> [Cell<'a>; N_COLUMNS] {
    let count = |n: Option<u32>| n.map_or(Cell::Real(f64::NAN), |n| Cell::Count(n.into()));
    let name = |strategy: u16| Cell::Text(&strategies[usize::from(strategy)]);
    let opinion = |place: usize| act.opinion.map_or(Cell::Real(f64::NAN), |both| Cell::Single(both[place]));
    [
        Cell::Count(replicate.into()),
        Cell::Count(act.round.into()),
        Cell::Text(act.phase().name()),
        count(act.event.map(|event| event.town)),
        count(act.event.map(|event| event.number)),
        count(act.slot),
        Cell::Text(act.kind.name()),
        Cell::Count(act.actor.into()),
        name(act.strategy),
        count(act.other),
        act.other_strategy.map_or(Cell::Text(""), name),
        count(act.third),
        count(act.domain.map(u32::from)),
        Cell::Text(act.channel.map_or("", |channel| channel.name())),
        act.channel.map_or(Cell::Real(f64::NAN), |_| Cell::Amount(act.amount)),
        count(act.caller),
        opinion(0),
        opinion(1),
    ]
}

fn table() -> Table {
    let agent = |name, meaning| optional(name, Kind::Count, "index", meaning);
    let mut columns = vec![
        column("replicate", Kind::Count, "index", "Replicate, from 0."),
        column("round", Kind::Count, "rounds", "Round (week), from 0."),
        column("phase", Kind::Text, "", "Phase of the round: needs, mixers, calls, gossip or close."),
        optional("town", Kind::Count, "index", "Town of the event, for acts at mixers."),
        optional("event", Kind::Count, "index", "Event in the town in this round, for acts at mixers."),
        optional("slot", Kind::Count, "slots", "Slot of the event, from 0."),
        column("act", Kind::Text, "", ACTS),
        column("actor", Kind::Count, "index", "Agent who acts."),
        column("actor_strategy", Kind::Strategy, "", "Its strategy in the round."),
        agent("other", "Agent toward whom or with whom it acts."),
        optional(
            "other_strategy",
            Kind::Strategy,
            "",
            "Strategy of that agent in the round; of an adopt act, the new strategy of the actor.",
        ),
        agent(
            "third",
            "Of a refer act, the expert or the next person on the chain; of a call, who named the expert; of gossip, \
             whom it is about.",
        ),
        optional("domain", Kind::Count, "index", "Domain of a need that arises."),
    ];
    columns.extend(more_columns());
    debug_assert_eq!(columns.len(), N_COLUMNS);
    Table {
        name: "events",
        meaning: "One row per act, in the order of the phases of each round; within calls and gossip in the order of \
                  those who call and speak.",
        columns,
        key: &[],
    }
}

fn more_columns() -> [Column; 5] {
    [
        optional("channel", Kind::Channel, "", "Channel on which value passes from actor to other."),
        optional(
            "amount",
            Kind::Real,
            "benefit",
            "What other receives by it; costs of the actor are not in it.",
        ),
        optional("caller", Kind::Count, "index", "In calls, who searches; it searches once in a round."),
        optional(
            "opinion_before",
            Kind::Real,
            "opinion",
            "Judge: the actor's opinion of other (public: its standing) before; gossip: that of other of third.",
        ),
        optional("opinion_after", Kind::Real, "opinion", "The same afterwards."),
    ]
}

const ACTS: &str = "What is done: enter, lapse and need; attend, talk, push, assist, refuse, refer and encourage; call, \
                    busy, fee and finder; judge (only if it changes an opinion); gossip; fail and adopt.";

#[cfg(test)]
mod tests {
    use super::super::memory::MemoryFiles;
    use super::super::tests::of_people_with_names;
    use super::*;

    #[test]
    fn who_took_the_place_of_another_has_no_name_from_then_on_in_this_replicate() {
        let scenario = of_people_with_names();
        let (names, files) = (PeopleNames::of(&scenario), MemoryFiles::default());
        let log = EventLog { replicates: [0, 1], rounds: [3, 9], gzip: false };
        let mut writer = EventWriter::new(log, &names, &mut Target::Memory(files.clone())).unwrap();
        let act = |round, kind, actor, other| ActRecord { other, ..ActRecord::new(round, kind, actor) };
        let strategies = ["a".to_owned()];
        let mut acts = |replicate, acts: &[ActRecord]| writer.acts(replicate, acts, &strategies).unwrap();
        let talk = |round| act(round, ActKind::Talk, 0, Some(1));
        acts(0, &[talk(2), talk(3), act(4, ActKind::Enter, 1, None), talk(4)]);
        acts(0, &[talk(5)]);
        // It entered in a round that is not written.
        acts(1, &[talk(1), act(2, ActKind::Enter, 0, None), talk(3)]);
        writer.finish().finish().unwrap();
        let files = files.take();
        let text = std::str::from_utf8(files.get("events.csv").unwrap()).unwrap();
        let rows: Vec<[&str; 4]> = text
            .lines()
            .skip(1)
            .map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                let [.., actor, other, _, _] = cells[..] else { panic!("{line}") };
                [cells[0], cells[1], actor, other]
            })
            .collect();
        let expected = [
            ["0", "3", "Ada", "Bo"],
            ["0", "4", "", ""],
            ["0", "4", "Ada", ""],
            ["0", "5", "Ada", ""],
            ["1", "3", "", "Bo"],
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn the_column_of_acts_names_each_kind() {
        for kind in ActKind::ALL {
            assert!(ACTS.contains(kind.name()), "{}", kind.name());
        }
    }
}
