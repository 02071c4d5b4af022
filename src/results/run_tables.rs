//! The tables of a run with a row for each replicate, or more.

use super::columns;
use super::named::{NamedTable, PeopleNames};
use super::names::Names;
use super::sample::SampleTables;
use super::table::{Cell, TableWriter};
use super::target::Target;
use super::{FileNote, ResultsError, Table};
use crate::experiment::{ReplicateRecord, SPREAD_QUANTILES};
use crate::model::N_METRICS;
use crate::scenario::Scenario;

/// The tables to which every replicate adds its rows.
pub(super) struct RunTables {
    rounds: TableWriter,
    flows: TableWriter,
    distribution: TableWriter,
    spread: TableWriter,
    /// With more than one region.
    regions: Option<TableWriter>,
    /// If asked for.
    agents: Option<NamedTable>,
    /// Under survival.
    survival: Option<NamedTable>,
    /// If agents keep ties.
    sample: Option<SampleTables>,
}

impl RunTables {
    /// Starts the tables that a run of `scenario` has.
    pub(super) fn start(
        target: &mut Target,
        scenario: &Scenario,
        agents: bool,
        people: &PeopleNames,
    ) -> Result<Self, ResultsError> {
        let several = scenario.regions.len() > 1;
        let regions = several.then(|| target.table(columns::regions())).transpose()?;
        let mut named_if = |wanted: bool, table: fn() -> Table| {
            wanted.then(|| NamedTable::start(target, table(), None, &["agent"], people)).transpose()
        };
        let agents = named_if(agents, columns::agents)?;
        let survival = named_if(scenario.survival.is_some(), columns::survival)?;
        Ok(Self {
            rounds: target.table(columns::rounds())?,
            flows: target.table(columns::flows())?,
            distribution: target.table(columns::distribution())?,
            spread: target.table(columns::spread())?,
            regions,
            agents,
            survival,
            sample: (scenario.population.ties_max > 0)
                .then(|| SampleTables::start(target, people))
                .transpose()?,
        })
    }

    /// Adds the rows of the next replicate.
    pub(super) fn write(&mut self, record: &ReplicateRecord, names: Names<'_>) -> Result<(), ResultsError> {
        self.write_rounds(record, names)?;
        self.write_flows(record, names)?;
        self.write_regions(record, names)?;
        self.write_distribution(record, names)?;
        self.write_spread(record, names)?;
        self.write_agents(record, names)?;
        self.write_survival(record, names)?;
        self.sample.iter_mut().try_for_each(|sample| sample.write(record, names.strategies, names.regions))
    }

    /// Completes the tables, rounds first.
    pub(super) fn finish(self) -> Result<Vec<(Table, FileNote)>, ResultsError> {
        let always = [self.rounds, self.flows, self.distribution, self.spread].map(Some);
        let [agents, survival] = [self.agents, self.survival].map(|table| table.map(NamedTable::into_table));
        let some = [self.regions, agents, survival];
        let sample = self.sample.into_iter().flat_map(SampleTables::into_tables);
        always.into_iter().chain(some).flatten().chain(sample).map(TableWriter::finish).collect()
    }

    fn write_rounds(&mut self, record: &ReplicateRecord, names: Names<'_>) -> Result<(), ResultsError> {
        const FIRST: usize = 4;
        let mut row = [Cell::Count(record.replicate.into()); FIRST + N_METRICS];
        for round in &record.rounds {
            row[1] = Cell::Count(round.round.into());
            row[2] = Cell::Text(&names.strategies[usize::from(round.strategy)]);
            row[3] = Cell::Count(round.agents.into());
            row[FIRST..].iter_mut().zip(&round.values).for_each(|(cell, &v)| *cell = Cell::Real(v));
            self.rounds.row(&row)?;
        }
        Ok(())
    }

    fn write_flows(&mut self, record: &ReplicateRecord, names: Names<'_>) -> Result<(), ResultsError> {
        for flow in &record.flows {
            self.flows.row(&[
                Cell::Count(record.replicate.into()),
                Cell::Text(&names.strategies[usize::from(flow.from)]),
                Cell::Text(&names.strategies[usize::from(flow.to)]),
                Cell::Text(flow.channel.name()),
                Cell::Amount(flow.value),
            ])?;
        }
        Ok(())
    }

    fn write_regions(&mut self, record: &ReplicateRecord, names: Names<'_>) -> Result<(), ResultsError> {
        let Some(table) = &mut self.regions else { return Ok(()) };
        for row in &record.regions {
            table.row(&[
                Cell::Count(record.replicate.into()),
                Cell::Text(&names.regions[usize::from(row.region)]),
                Cell::Text(&names.strategies[usize::from(row.strategy)]),
                Cell::Count(row.agent_rounds),
                Cell::Real(row.net),
            ])?;
        }
        Ok(())
    }

    fn write_distribution(&mut self, record: &ReplicateRecord, names: Names<'_>) -> Result<(), ResultsError> {
        for (strategy, quantiles) in names.strategies.iter().zip(&record.quantiles) {
            let last = quantiles.len().saturating_sub(1).max(1) as f64;
            // A strategy without members has no quantiles.
            for (place, &value) in quantiles.iter().enumerate().filter(|(_, v)| !v.is_nan()) {
                self.distribution.row(&[
                    Cell::Count(record.replicate.into()),
                    Cell::Text(strategy),
                    Cell::Real(place as f64 / last),
                    Cell::Real(value),
                ])?;
            }
        }
        Ok(())
    }

    fn write_spread(&mut self, record: &ReplicateRecord, names: Names<'_>) -> Result<(), ResultsError> {
        for row in &record.spread {
            for (quantile, value) in SPREAD_QUANTILES.into_iter().zip(row.quantiles) {
                self.spread.row(&[
                    Cell::Count(record.replicate.into()),
                    Cell::Count(row.round.into()),
                    Cell::Text(&names.strategies[usize::from(row.strategy)]),
                    Cell::Real(quantile),
                    Cell::Real(value),
                ])?;
            }
        }
        Ok(())
    }

    fn write_agents(&mut self, record: &ReplicateRecord, names: Names<'_>) -> Result<(), ResultsError> {
        let Some(table) = &mut self.agents else { return Ok(()) };
        for agent in &record.agents {
            let count = |n: Option<u32>| Cell::optional(n.map(f64::from));
            let mut row = vec![
                Cell::Count(record.replicate.into()),
                Cell::Count(agent.agent.into()),
                Cell::Text(&names.strategies[usize::from(agent.strategy)]),
                Cell::Text(&names.regions[usize::from(agent.region)]),
                Cell::Count(agent.town.into()),
                Cell::Count(agent.expertise.into()),
                Cell::Flag(agent.active),
                Cell::Count(agent.born.into()),
                count(agent.need.map(|(domain, _)| domain.into())),
                count(agent.need.map(|(_, opened)| opened)),
                Cell::Count(agent.ties.into()),
                Cell::optional(agent.standing),
                agent.capital.map_or(Cell::Real(f64::NAN), Cell::Amount),
                Cell::Amount(agent.net_total),
            ];
            row.extend(agent.amounts.map(Cell::Amount));
            table.row(&row, |_| agent.born > 0)?;
        }
        Ok(())
    }

    fn write_survival(&mut self, record: &ReplicateRecord, names: Names<'_>) -> Result<(), ResultsError> {
        let Some(table) = &mut self.survival else { return Ok(()) };
        for life in &record.lives {
            let row = [
                Cell::Count(record.replicate.into()),
                Cell::Count(life.agent.into()),
                Cell::Text(&names.strategies[usize::from(life.strategy)]),
                Cell::Count(life.born.into()),
                Cell::Count(life.ended.into()),
                Cell::Flag(life.failed),
            ];
            table.row(&row, |_| life.born > 0)?;
        }
        Ok(())
    }
}
