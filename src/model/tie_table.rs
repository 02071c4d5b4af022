//! The ties of all agents: rows of equal length, one after the other.

use super::ties::{AgentId, Ties, TiesMut, rebased};
use crate::parallel::Parallelism;

/// The ties of all agents: rows of equal length, one after the other.
#[derive(Clone, Debug)]
pub(super) struct TieTable {
    contacts: Vec<AgentId>,
    trust: Vec<f32>,
    lens: Vec<u16>,
    per_agent: usize,
}

impl TieTable {
    /// An empty table for `n_agents` with at most `per_agent` ties each.
    pub(super) fn new(n_agents: usize, per_agent: usize) -> Self {
        let n = n_agents * per_agent;
        Self { contacts: vec![0; n], trust: vec![0.0; n], lens: vec![0; n_agents], per_agent }
    }

    /// The ties of one agent.
    #[inline]
    pub(super) fn of(&self, agent: AgentId) -> Ties<'_> {
        let agent = agent as usize;
        let first = agent * self.per_agent;
        let row = first..first + usize::from(self.lens[agent]);
        Ties { contacts: &self.contacts[row.clone()], trust: &self.trust[row] }
    }

    /// The ties of one agent, mutable.
    pub(super) fn of_mut(&mut self, agent: AgentId) -> TiesMut<'_> {
        let row = self.row(agent);
        TiesMut {
            contacts: &mut self.contacts[row.clone()],
            trust: &mut self.trust[row],
            len: &mut self.lens[agent as usize],
        }
    }

    /// A table with copies of the rows of some agents, in the order given.
    pub(super) fn copy_of(&self, agents: &[AgentId]) -> Self {
        let n = agents.len() * self.per_agent;
        let (mut contacts, mut trust) = (Vec::with_capacity(n), Vec::with_capacity(n));
        for &agent in agents {
            let row = self.row(agent);
            contacts.extend_from_slice(&self.contacts[row.clone()]);
            trust.extend_from_slice(&self.trust[row]);
        }
        let lens = agents.iter().map(|&agent| self.lens[agent as usize]).collect();
        Self { contacts, trust, lens, per_agent: self.per_agent }
    }

    /// Writes back the rows of copies. Each copy is given with its agents, in its order. No agent occurs twice.
    pub(super) fn write_back(&mut self, copies: &[(&[AgentId], &Self)], par: Parallelism<'_>) {
        /// Parts of the table that are written at the same time.
        const PARTS: usize = 64;
        if self.per_agent == 0 {
            return;
        }
        let size = self.lens.len().div_ceil(PARTS).max(1);
        // For each part of the table: the copy, the row in the copy, and the row in the part.
        let mut new = vec![Vec::new(); PARTS];
        for (k, (agents, _)) in copies.iter().enumerate() {
            for (row, &agent) in (0..).zip(*agents) {
                new[agent as usize / size].push((k, row, agent as usize % size));
            }
        }
        par.map(self.parts_mut(size).into_iter().zip(new).collect(), |(mut rows, new)| {
            for (k, row, place) in new {
                rows.row(place).copy_from(copies[k].1.of(row));
            }
        });
    }

    /// Starts a new epoch: multiplies the stored trust of all ties by the last scale.
    pub(super) fn rebase(&mut self, scale: f32, par: Parallelism<'_>) {
        /// Ties per task.
        const PART: usize = 1 << 16;
        par.map(self.trust.chunks_mut(PART).collect(), |part| {
            part.iter_mut().for_each(|trust| *trust = rebased(*trust, scale));
        });
    }

    /// The range of an agent's row.
    #[inline]
    fn row(&self, agent: AgentId) -> std::ops::Range<usize> {
        agent as usize * self.per_agent..(agent as usize + 1) * self.per_agent
    }

    /// The rows of consecutive agents, mutable.
    pub(super) fn rows(&mut self, agents: std::ops::Range<usize>) -> TieRows<'_> {
        let row = agents.start * self.per_agent..agents.end * self.per_agent;
        TieRows {
            contacts: &mut self.contacts[row.clone()],
            trust: &mut self.trust[row],
            lens: &mut self.lens[agents],
            per_agent: self.per_agent,
        }
    }

    /// All rows, in consecutive parts of `size` agents.
    pub(super) fn parts_mut(&mut self, size: usize) -> Vec<TieRows<'_>> {
        let mut contacts = self.contacts.chunks_mut((size * self.per_agent).max(1));
        let mut trust = self.trust.chunks_mut((size * self.per_agent).max(1));
        let per_agent = self.per_agent;
        self.lens
            .chunks_mut(size)
            .map(|lens| TieRows {
                contacts: contacts.next().unwrap_or_default(),
                trust: trust.next().unwrap_or_default(),
                lens,
                per_agent,
            })
            .collect()
    }
}

/// The rows of consecutive agents, mutable.
#[derive(Debug)]
pub(super) struct TieRows<'a> {
    contacts: &'a mut [AgentId],
    trust: &'a mut [f32],
    lens: &'a mut [u16],
    per_agent: usize,
}

impl TieRows<'_> {
    /// Calls `change` with the ties of every agent, in order.
    pub(super) fn for_each(&mut self, mut change: impl FnMut(TiesMut<'_>)) {
        for position in 0..self.lens.len() {
            change(self.row(position));
        }
    }

    /// Whether rows can hold ties (`ties_max` is above 0).
    pub(super) fn can_hold_ties(&self) -> bool {
        self.per_agent > 0
    }

    /// The ties of the agent at `position` in this part.
    #[inline]
    pub(super) fn of(&self, position: usize) -> Ties<'_> {
        let first = position * self.per_agent;
        let row = first..first + usize::from(self.lens[position]);
        Ties { contacts: &self.contacts[row.clone()], trust: &self.trust[row] }
    }

    /// The ties of the agent at `position` in this part, mutable.
    #[inline]
    pub(super) fn row(&mut self, position: usize) -> TiesMut<'_> {
        let row = position * self.per_agent..(position + 1) * self.per_agent;
        TiesMut {
            contacts: &mut self.contacts[row.clone()],
            trust: &mut self.trust[row],
            len: &mut self.lens[position],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ties::{ANYWHERE, Decay};

    const START: &Decay = &Decay::START;

    #[test]
    fn a_table_without_capacity_keeps_no_tie() {
        let mut table = TieTable::new(2, 0);
        table.of_mut(1).change((0, ANYWHERE), 0.0, START, |_| 1.0);
        assert_eq!(table.of(1).len(), 0);
        assert!(!table.rows(0..2).can_hold_ties());
    }

    #[test]
    fn a_copy_holds_the_given_rows_and_is_written_back() {
        let mut table = TieTable::new(5, 2);
        for agent in 0..5 {
            table.of_mut(agent).change((agent + 10, ANYWHERE), 0.0, START, |_| 0.5);
        }
        let mut copy = table.copy_of(&[3, 1]);
        assert_eq!((copy.of(0), copy.of(1)), (table.of(3), table.of(1)));
        copy.of_mut(1).change((20, ANYWHERE), 0.0, START, |_| 1.0);
        table.write_back(&[(&[3, 1], &copy)], Parallelism::SERIAL);
        assert_eq!(table.of(1).contacts, [11, 20]);
        assert_eq!((table.of(3).contacts, table.of(2).contacts), (&[13][..], &[12][..]));
    }
}
