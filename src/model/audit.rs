//! The books of a whole run, compared with the accounts of the agents after every round.

use super::account::Payments;
use super::ledger::{Count, Tally};
use super::payment::{KINDS, PaymentKind, Tallied};
use super::population::World;
use super::ties::AgentId;

/// Running totals since the first round, besides the payments. Kept in debug builds only.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Audit {
    opened: u64,
    lapsed: u64,
    lost: u64,
    /// Payments of agents who failed.
    buried: Payments,
}

impl Audit {
    /// Adds a round and checks the ledger's identities: what was posted between strategies is
    /// what stands in the accounts; every payment has a payer and a receiver; needs opened =
    /// solved + lapsed + open + lost. `failed` are about to leave, `posted` are the payments of
    /// all rounds.
    ///
    /// # Panics
    /// In debug builds, if the books do not balance.
    pub(super) fn check(&mut self, world: &World<'_>, tally: &Tally, failed: &[AgentId], posted: &Payments) {
        if !cfg!(debug_assertions) {
            return;
        }
        self.add(world, tally);
        let mut accounts = self.buried;
        for (id, _) in (0..).zip(&world.agents).filter(|(_, a)| a.is_active()) {
            accounts.add(&world.payments(id));
        }
        assert_eq!(&accounts, posted, "accounts of the agents against the flows of all rounds");
        for (post, kind) in PaymentKind::ALL.into_iter().zip(&KINDS) {
            if let Tallied::Given(channels) = kind.tallied {
                let received: u64 = channels.iter().map(|channel| posted.of(channel.received())).sum();
                assert_eq!(posted.of(post), received, "{post:?}: what is given is received");
            }
        }
        let solved = posted.of(PaymentKind::Assist);
        let open = world.agents.iter().filter(|a| a.need().is_some()).count() as u64;
        let lost_now = tally_sum(world, tally, Count::NeedsLost);
        assert_eq!(self.opened, solved + self.lapsed + self.lost + open - lost_now, "needs are conserved");
        for &id in failed {
            self.buried.add(&world.payments(id));
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
