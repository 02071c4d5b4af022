//! The rows of a replicate, table by table.

use super::super::ResultsError;
use super::super::table::Cell;
use super::RunWriter;
use crate::experiment::ReplicateRecord;
use crate::model::N_METRICS;

impl RunWriter {
    pub(super) fn write_rounds(&mut self, record: &ReplicateRecord) -> Result<(), ResultsError> {
        const FIRST: usize = 4;
        let mut row = [Cell::Count(record.replicate.into()); FIRST + N_METRICS];
        for round in &record.rounds {
            row[1] = Cell::Count(round.round.into());
            row[2] = Cell::Text(&self.strategies[usize::from(round.strategy)]);
            row[3] = Cell::Count(round.agents.into());
            row[FIRST..].iter_mut().zip(&round.values).for_each(|(cell, &v)| *cell = Cell::Real(v));
            self.rounds.row(&row)?;
        }
        Ok(())
    }

    pub(super) fn write_flows(&mut self, record: &ReplicateRecord) -> Result<(), ResultsError> {
        for flow in &record.flows {
            self.flows.row(&[
                Cell::Count(record.replicate.into()),
                Cell::Text(&self.strategies[usize::from(flow.from)]),
                Cell::Text(&self.strategies[usize::from(flow.to)]),
                Cell::Text(flow.channel.name()),
                Cell::Amount(flow.value),
            ])?;
        }
        Ok(())
    }

    pub(super) fn write_regions(&mut self, record: &ReplicateRecord) -> Result<(), ResultsError> {
        let Some(table) = &mut self.regions else { return Ok(()) };
        for row in &record.regions {
            table.row(&[
                Cell::Count(record.replicate.into()),
                Cell::Text(&self.region_names[usize::from(row.region)]),
                Cell::Text(&self.strategies[usize::from(row.strategy)]),
                Cell::Count(row.agent_rounds),
                Cell::Real(row.net),
            ])?;
        }
        Ok(())
    }

    pub(super) fn write_distribution(&mut self, record: &ReplicateRecord) -> Result<(), ResultsError> {
        for (strategy, quantiles) in self.strategies.iter().zip(&record.quantiles) {
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

    pub(super) fn write_agents(&mut self, record: &ReplicateRecord) -> Result<(), ResultsError> {
        let Some(table) = &mut self.agents else { return Ok(()) };
        for agent in &record.agents {
            let count = |n: Option<u32>| Cell::optional(n.map(f64::from));
            let mut row = vec![
                Cell::Count(record.replicate.into()),
                Cell::Count(agent.agent.into()),
                Cell::Text(&self.strategies[usize::from(agent.strategy)]),
                Cell::Text(&self.region_names[usize::from(agent.region)]),
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
            table.row(&row)?;
        }
        Ok(())
    }

    pub(super) fn write_survival(&mut self, record: &ReplicateRecord) -> Result<(), ResultsError> {
        let Some(table) = &mut self.survival else { return Ok(()) };
        for life in &record.lives {
            table.row(&[
                Cell::Count(record.replicate.into()),
                Cell::Count(life.agent.into()),
                Cell::Text(&self.strategies[usize::from(life.strategy)]),
                Cell::Count(life.born.into()),
                Cell::Count(life.ended.into()),
                Cell::Flag(life.failed),
            ])?;
        }
        Ok(())
    }
}
