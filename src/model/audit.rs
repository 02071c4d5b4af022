//! The books of a whole run, compared with the accounts of the agents after every round.

use super::account::{N_POSTS, Post};
use super::ledger::{Count, Tally};
use super::population::World;
use super::ties::AgentId;

/// Running totals since the first round, besides the payments. Kept in debug builds only.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Audit {
    opened: u64,
    lapsed: u64,
    lost: u64,
    /// Payments of agents who failed.
    buried: [u64; N_POSTS],
}

impl Audit {
    /// Adds a round and checks the ledger's identities: what was posted between strategies is
    /// what stands in the accounts; every payment has a payer and a receiver; needs opened =
    /// solved + lapsed + open + lost. `failed` are about to leave, `posted` are the payments of
    /// all rounds.
    ///
    /// # Panics
    /// In debug builds, if the books do not balance.
    pub(super) fn check(
        &mut self,
        world: &World<'_>,
        tally: &Tally,
        failed: &[AgentId],
        posted: &[u64; N_POSTS],
    ) {
        if !cfg!(debug_assertions) {
            return;
        }
        self.add(world, tally);
        let mut accounts = self.buried;
        for (id, _) in (0..).zip(&world.agents).filter(|(_, a)| a.is_active()) {
            accounts.iter_mut().zip(world.counts(id)).for_each(|(sum, n)| *sum += u64::from(n));
        }
        assert_eq!(&accounts, posted, "accounts of the agents against the flows of all rounds");
        let total = |post: Post| posted[post as usize];
        assert_eq!(total(Post::Call), total(Post::Pull), "every fee paid is received");
        assert_eq!(total(Post::FinderPaid), total(Post::Finder), "every finder's fee paid is received");
        assert_eq!(total(Post::Encourage), total(Post::Encouragement), "kind words have a listener");
        let solved = total(Post::Push) + total(Post::Gift) + total(Post::Call);
        assert_eq!(solved, total(Post::Assist), "every solved need has a helper");
        let open = world.agents.iter().filter(|a| a.need().is_some()).count() as u64;
        let lost_now = tally_sum(world, tally, Count::NeedsLost);
        assert_eq!(self.opened, solved + self.lapsed + self.lost + open - lost_now, "needs are conserved");
        for &id in failed {
            self.buried.iter_mut().zip(world.counts(id)).for_each(|(sum, n)| *sum += u64::from(n));
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
