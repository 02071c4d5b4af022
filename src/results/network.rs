//! Who knows whom at chosen rounds: `nodes.csv` and `ties.csv`, and the same as GraphML and GEXF.

use super::columns::{Kind, REPLICATE, Table, column};
use super::named::{NamedTable, PeopleNames};
use super::names::Names;
use super::table::{Cell, TableWriter};
use super::target::Target;
use super::{FileNote, ResultsError, graphml};
use crate::experiment::Network;

/// The finished files of networks.
#[derive(Default)]
pub(super) struct NetworkFiles {
    pub(super) tables: Vec<TableWriter>,
    pub(super) others: Vec<FileNote>,
}

/// Writes the networks of a replicate, in the order of their rounds.
pub(super) fn write(
    replicate: u32,
    networks: &[Network],
    names: Names<'_>,
    people: &PeopleNames,
    target: &mut Target,
) -> Result<NetworkFiles, ResultsError> {
    let mut nodes = NamedTable::start(target, nodes(), None, &["agent"], people)?;
    let mut ties = NamedTable::start(target, ties(), None, &["from", "to"], people)?;
    for network in networks {
        let round = Cell::Count(network.round.into());
        for agent in network.agents.iter().filter(|agent| agent.active) {
            let row = [
                Cell::Count(replicate.into()),
                round,
                Cell::Count(agent.agent.into()),
                Cell::Text(names.strategy(agent.strategy)),
                Cell::Text(names.region(agent.region)),
                Cell::Count(agent.town.into()),
                Cell::Count(agent.expertise.into()),
                Cell::Amount(agent.net_total),
            ];
            nodes.row(&row, |_| agent.born > 0)?;
        }
        for &(from, to, trust) in &network.ties {
            let (from, to) = (Cell::Count(from.into()), Cell::Count(to.into()));
            let row = [Cell::Count(replicate.into()), round, from, to, Cell::Single(trust)];
            ties.row(&row, |agent| network.agents[agent as usize].born > 0)?;
        }
    }
    let others = vec![
        target.stream(super::own::GRAPHML, |to| graphml::write_graphml(to, networks, names))?,
        target.stream(super::own::GEXF, |to| graphml::write_gexf(to, networks, names))?,
    ];
    Ok(NetworkFiles { tables: vec![nodes.into_table(), ties.into_table()], others })
}

fn nodes() -> Table {
    Table {
        name: "nodes",
        meaning: "One row per active agent at the end of each chosen round, in one replicate.",
        columns: vec![
            REPLICATE,
            column("round", Kind::Count, "rounds", "Round (week), from 0."),
            column("agent", Kind::Count, "index", "Agent (place in the population), from 0."),
            column("strategy", Kind::Strategy, "", "Name of the strategy."),
            column("region", Kind::Region, "", "Name of the home region."),
            column("town", Kind::Count, "index", "Home town, from 0 across all regions."),
            column("expertise", Kind::Count, "index", "Domain of expertise, from 0."),
            column("net_total", Kind::Real, "benefit", "Net benefit since birth."),
        ],
        key: &["replicate", "round", "agent"],
    }
}

fn ties() -> Table {
    Table {
        name: "ties",
        meaning: "One row per tie at the end of each chosen round: an edge list with directions.",
        columns: vec![
            REPLICATE,
            column("round", Kind::Count, "rounds", "Round (week), from 0."),
            column("from", Kind::Count, "index", "Agent who knows the other."),
            column("to", Kind::Count, "index", "Agent who is known."),
            column("trust", Kind::Real, "trust", "Trust of the first in the second, -1 to 1."),
        ],
        key: &["replicate", "round", "from", "to"],
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::MemoryFiles;
    use super::super::tests::of_people_with_names;
    use super::*;
    use crate::amount::Amount;
    use crate::model::{AgentRecord, N_AMOUNTS};

    #[test]
    fn of_people_who_have_names_newcomers_have_none_and_empty_places_have_no_row() {
        let scenario = of_people_with_names();
        let agent = |agent: u32, born: u32, active: bool| AgentRecord {
            agent,
            strategy: 1,
            region: 0,
            town: 2,
            expertise: 3,
            active,
            born,
            need: None,
            ties: 1,
            standing: None,
            capital: None,
            net_total: Amount::of(-0.25),
            amounts: [Amount::ZERO; N_AMOUNTS],
        };
        let network = Network {
            round: 7,
            agents: vec![agent(0, 0, true), agent(1, 5, true), agent(2, 0, false)],
            ties: vec![(0, 1, 0.5), (1, 0, -0.25)],
        };
        let (people, files) = (PeopleNames::of(&scenario), MemoryFiles::default());
        let [strategies, regions] = [vec!["a".to_owned(), "b".to_owned()], vec!["home".to_owned()]];
        let names = Names { strategies: &strategies, regions: &regions, people: people.all() };
        let mut target = Target::Memory(files.clone());
        for table in write(4, &[network], names, &people, &mut target).unwrap().tables {
            table.finish().unwrap();
        }
        let files = files.take();
        let lines = |file: &str| -> Vec<String> {
            String::from_utf8(files.get(file).unwrap().to_vec())
                .unwrap()
                .lines()
                .skip(1)
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(lines("nodes.csv"), ["4,7,0,b,home,2,3,-0.25,Ada", "4,7,1,b,home,2,3,-0.25,"]);
        assert_eq!(lines("ties.csv"), ["4,7,0,1,0.5,Ada,", "4,7,1,0,-0.25,,Ada"]);
    }
}
