//! Accounts by region: net benefit of each strategy's members in each home region.

use std::ops::Range;

use super::account::{Payments, Prices};
use super::population::{World, parts_of};
use super::record::RegionRecord;
use super::ties::AgentId;
use crate::amount::Amount;
use crate::parallel::Parallelism;

/// Number of members of one strategy in one region, and the sum of their payments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Cell {
    members: u64,
    payments: Payments,
    /// Net benefit of payments before changes of prices, which are not among `payments` any more.
    settled: Amount,
}

impl Cell {
    fn add(&mut self, other: &Self) {
        self.members += other.members;
        self.payments.add(&other.payments);
        self.settled += other.settled;
    }

    /// The payments since `opening`, by the same members.
    fn since(&self, opening: &Self) -> Self {
        assert_eq!(self.members, opening.members, "members do not change within a round");
        let payments = self.payments.since(&opening.payments);
        Self { members: self.members, payments, settled: Amount::ZERO }
    }
}

/// Payments by home region and strategy, summed over rounds.
///
/// A round's payments are the members' accounts at the end of the round less the same accounts at its start.
/// Failures and imitation come after the end. Payments are counted as integers, so sums do not depend on the order.
#[derive(Clone, Debug)]
pub(super) struct RegionAccounts {
    /// Consecutive agents of one region, one task each.
    parts: Vec<(usize, Range<AgentId>)>,
    n_strategies: usize,
    /// Accounts at the start of the round, by region, then strategy.
    opening: Vec<Cell>,
    /// Payments of all rounds, by region, then strategy.
    totals: Vec<Cell>,
}

impl RegionAccounts {
    /// Empty accounts for a world's regions.
    pub(super) fn new(world: &World<'_>) -> Self {
        let n_strategies = world.rules.n_strategies();
        let n_regions = world.rules.scenario.regions.len();
        let mut parts = Vec::new();
        for (region, number) in (0..n_regions).zip(0u16..) {
            let residents = parts_of(world.towns.residents_of_region(number));
            parts.extend(residents.into_iter().map(|part| (region, part)));
        }
        let empty = vec![Cell::default(); n_regions * n_strategies];
        Self { parts, n_strategies, opening: empty.clone(), totals: empty }
    }

    /// Records the accounts at the start of a round, after newcomers have entered.
    pub(super) fn begin_round(&mut self, world: &World<'_>, par: Parallelism<'_>) {
        self.opening = self.sum_accounts(world, par);
    }

    /// Adds the payments since [`RegionAccounts::begin_round`], before failures and changes of strategy.
    pub(super) fn end_round(&mut self, world: &World<'_>, par: Parallelism<'_>) {
        let closing = self.sum_accounts(world, par);
        for ((total, now), before) in self.totals.iter_mut().zip(&closing).zip(&self.opening) {
            total.add(&now.since(before));
        }
    }

    /// Settles all payments so far at these prices, because others begin.
    pub(super) fn settle(&mut self, prices: &Prices) {
        for cell in &mut self.totals {
            cell.settled += prices.net(&std::mem::take(&mut cell.payments));
        }
    }

    /// Sums of the members' accounts since birth, by region and strategy.
    fn sum_accounts(&self, world: &World<'_>, par: Parallelism<'_>) -> Vec<Cell> {
        let n_strategies = self.n_strategies;
        let parts = par.map(self.parts.clone(), |(region, residents)| {
            let mut cells = vec![Cell::default(); n_strategies];
            for id in residents {
                let agent = &world.agents[id as usize];
                if agent.is_active() {
                    let own = &mut cells[usize::from(agent.strategy)];
                    own.members += 1;
                    world.add_payments(id, &mut own.payments);
                }
            }
            (region, cells)
        });
        let mut sums = vec![Cell::default(); self.opening.len()];
        for (region, cells) in &parts {
            let row = &mut sums[region * n_strategies..][..n_strategies];
            row.iter_mut().zip(cells).for_each(|(sum, part)| sum.add(part));
        }
        sums
    }

    /// All regions and strategies, in order.
    pub(super) fn records(&self, prices: &Prices) -> Vec<RegionRecord> {
        let rows = (0u16..).zip(self.totals.chunks(self.n_strategies));
        let cells = rows.flat_map(|(region, row)| (0u16..).zip(row).map(move |(s, cell)| (region, s, cell)));
        cells
            .map(|(region, strategy, cell)| RegionRecord {
                region,
                strategy,
                agent_rounds: cell.members,
                net: (cell.settled + prices.net(&cell.payments)).per(cell.members),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::payment::PaymentKind;
    use super::*;
    use crate::model::Rules;
    use crate::scenario::Scenario;

    const TWO_REGIONS: &str = "[population]\nagents = 10\ndomains = 2\n[mixer]\ncost = 1.0\n\
        [[region]]\nname = \"a\"\nshare = 0.4\n[[region]]\nname = \"b\"\nshare = 0.6\n\
        [[strategy]]\nname = \"warrior\"\nshare = 1.0\n";

    #[test]
    fn only_payments_within_the_round_count() {
        let scenario = Scenario::parse(TWO_REGIONS, &[]).unwrap();
        let rules = Rules::new(&scenario);
        let mut world = World::new(&rules, 1, Parallelism::SERIAL);
        let mut accounts = RegionAccounts::new(&world);
        world.agents.iter_mut().for_each(|a| a.post(PaymentKind::Attend, 7));
        world.agents[9].leave();
        accounts.begin_round(&world, Parallelism::SERIAL);
        world.agents[0].post(PaymentKind::Attend, 2);
        world.agents[5].post(PaymentKind::Attend, 1);
        accounts.end_round(&world, Parallelism::SERIAL);
        let rows = accounts.records(&rules.prices);
        assert_eq!(rows.iter().map(|r| (r.region, r.agent_rounds)).collect::<Vec<_>>(), [(0, 4), (1, 5)]);
        assert_eq!(rows.iter().map(|r| r.net).collect::<Vec<_>>(), [-0.5, -0.2]);
    }
}
