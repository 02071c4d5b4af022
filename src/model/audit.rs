//! Checks of the ledger: totals of the whole run against the accounts of the agents, after every round.

use super::account::Payments;
use super::ledger::{Count, Tally};
use super::payment::{KINDS, PaymentKind, Tallied};
use super::population::World;
use super::ties::AgentId;

/// Totals since the first round that the checks need, except the payments. Kept in debug builds only.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Audit {
    opened: u64,
    lapsed: u64,
    lost: u64,
    /// Payments of agents who failed.
    failed_payments: Payments,
}

impl Audit {
    /// Adds a round and checks three identities. The payments of all rounds (`payments`) equal the sum of the
    /// agents' accounts. What is given on a channel is received. Needs opened = solved + lapsed + open + lost.
    /// `failed` are the agents who are about to be removed.
    ///
    /// # Panics
    /// In debug builds, if an identity does not hold.
    pub(super) fn check(
        &mut self,
        world: &World<'_>,
        tally: &Tally,
        failed: &[AgentId],
        payments: &Payments,
    ) {
        if !cfg!(debug_assertions) {
            return;
        }
        self.add(world, tally);
        let mut accounts = self.failed_payments;
        for (id, _) in (0..).zip(&world.agents).filter(|(_, a)| a.is_active()) {
            accounts.add(&world.payments(id));
        }
        assert_eq!(&accounts, payments, "accounts of the agents against the flows of all rounds");
        for (kind, spec) in PaymentKind::ALL.into_iter().zip(&KINDS) {
            if let Tallied::Given(channels) = spec.tallied {
                let received = |count: fn(&Payments, PaymentKind) -> u64| -> u64 {
                    channels.iter().map(|channel| count(payments, channel.received())).sum()
                };
                assert_eq!(payments.of(kind), received(Payments::of), "{kind:?}: what is given is received");
                if spec.surplus.is_some() {
                    let units = received(Payments::units);
                    assert_eq!(payments.units(kind), units, "{kind:?}: as much as is given is received");
                }
            }
        }
        let solved = payments.of(PaymentKind::Assist);
        let open: u64 = (0..world.n_agents()).map(|id| u64::from(world.n_needs(id))).sum();
        let lost_now = tally_sum(world, tally, Count::NeedsLost);
        assert_eq!(self.opened, solved + self.lapsed + self.lost + open - lost_now, "needs are conserved");
        for &id in failed {
            self.failed_payments.add(&world.payments(id));
        }
    }

    fn add(&mut self, world: &World<'_>, tally: &Tally) {
        self.opened += tally_sum(world, tally, Count::NeedsOpened);
        self.lapsed += tally_sum(world, tally, Count::NeedsLapsed);
        self.lost += tally_sum(world, tally, Count::NeedsLost);
    }
}

fn tally_sum(world: &World<'_>, tally: &Tally, what: Count) -> u64 {
    (0..world.rules.n_strategies()).map(|s| tally.counted(s, what)).sum()
}
