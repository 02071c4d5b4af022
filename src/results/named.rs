//! Tables whose rows end with the names of people, where a file of people gives them.

use std::borrow::Cow;
use std::sync::Arc;

use super::ResultsError;
use super::columns::{Column, Kind, Table};
use super::table::{Cell, TableWriter};
use super::target::Target;
use crate::model::AgentId;
use crate::scenario::Scenario;

/// The names of the people of the first round, by agent; empty if they have none. Newcomers have none.
#[derive(Clone, Debug)]
pub(super) struct PeopleNames(Arc<[String]>);

impl PeopleNames {
    /// The names that a scenario gives.
    pub(super) fn of(scenario: &Scenario) -> Self {
        Self(scenario.community().names.as_slice().into())
    }

    /// The names by agent.
    pub(super) fn all(&self) -> &[String] {
        &self.0
    }
}

/// A table with a column of names for each of its columns of agents. Without names it has its own columns only.
pub(super) struct NamedTable {
    table: TableWriter,
    /// Positions of the columns of agents.
    agents: Vec<usize>,
    names: PeopleNames,
}

impl NamedTable {
    /// Starts a table in a file of this name, or of its own. Its columns `agents` have numbers of agents.
    pub(super) fn start(
        target: &mut Target,
        mut table: Table,
        file: Option<&str>,
        agents: &[&str],
        names: &PeopleNames,
    ) -> Result<Self, ResultsError> {
        let agents = if names.0.is_empty() { &[] } else { agents };
        let position = |name: &&str| {
            table.columns.iter().position(|column| column.name == *name).expect("a column of the table")
        };
        let positions = agents.iter().map(position).collect();
        table.columns.extend(agents.iter().map(|name| Column {
            name: if *name == "agent" { Cow::Borrowed("name") } else { Cow::Owned(format!("{name}_name")) },
            kind: Kind::Text,
            unit: Cow::Borrowed(""),
            meaning: Cow::Owned(format!(
                "Name of `{name}` in the file of people; empty for newcomers, who have none."
            )),
            optional: true,
        }));
        let table = match file {
            Some(file) => target.table_in(table, file)?,
            None => target.table(table)?,
        };
        Ok(Self { table, agents: positions, names: names.clone() })
    }

    /// Adds a row. Agents for whom `is_newcomer` holds have no name.
    pub(super) fn row(
        &mut self,
        cells: &[Cell<'_>],
        is_newcomer: impl Fn(AgentId) -> bool,
    ) -> Result<(), ResultsError> {
        if self.agents.is_empty() {
            return self.table.row(cells);
        }
        let name = |column: &usize| {
            let agent = match cells[*column] {
                Cell::Count(agent) => AgentId::try_from(agent).ok(),
                _ => None,
            };
            let known = agent.filter(|agent| !is_newcomer(*agent));
            Cell::Text(known.map_or("", |agent| &self.names.0[agent as usize]))
        };
        let row: Vec<Cell<'_>> = cells.iter().copied().chain(self.agents.iter().map(name)).collect();
        self.table.row(&row)
    }

    /// The table itself, to be completed.
    pub(super) fn into_table(self) -> TableWriter {
        self.table
    }
}
