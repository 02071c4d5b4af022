//! Payments of a focal agent, its partners and all agents since the event.

use super::plan::BetPlan;
use crate::model::{AgentId, Payments, Simulation};

/// The payments of one life from the event on. Payments of a newcomer in its place do not count.
#[derive(Clone, Copy, Debug)]
struct Followed {
    agent: AgentId,
    born: u32,
    before: Payments,
    latest: Payments,
}

impl Followed {
    /// The life of an agent in the event's round; `before` is the start of the round and `after` its end.
    fn new(agent: AgentId, before: &Simulation<'_>, after: &Simulation<'_>) -> Self {
        let (then, now) = (before.life(agent), after.life(agent));
        // An agent born in this round has no earlier payments.
        let nothing = then.payments.since(&then.payments);
        let before = if then.born == now.born { then.payments } else { nothing };
        Self { agent, born: now.born, before, latest: now.payments }
    }

    fn update(&mut self, world: &Simulation<'_>) {
        let life = world.life(self.agent);
        if life.born == self.born {
            self.latest = life.payments;
        }
    }

    fn gained(&self) -> Payments {
        self.latest.since(&self.before)
    }
}

/// The payments in a world from the event up to one horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Paid {
    pub(super) focal: Payments,
    pub(super) partners: Payments,
    pub(super) everyone: Payments,
}

/// Follows a focal agent and its partners through a world.
#[derive(Clone, Debug)]
pub(super) struct Track {
    focal: Followed,
    partners: Vec<Followed>,
    payments_before: Payments,
    /// By horizon.
    pub(super) paid: Vec<Paid>,
}

impl Track {
    /// Starts at the end of the event's round, `after`; `before` is the start of the round.
    pub(super) fn new(
        focal: AgentId,
        partners: &[AgentId],
        before: &Simulation<'_>,
        after: &Simulation<'_>,
    ) -> Self {
        let followed = |&agent: &AgentId| Followed::new(agent, before, after);
        Self {
            focal: followed(&focal),
            partners: partners.iter().map(followed).collect(),
            payments_before: before.payments(),
            paid: Vec::new(),
        }
    }

    /// Updates the payments after a round. It is called after every round, from the event's round on.
    pub(super) fn update(&mut self, plan: &BetPlan, world: &Simulation<'_>) {
        self.focal.update(world);
        self.partners.iter_mut().for_each(|p| p.update(world));
        let since_event = world.rounds_done() - 1 - plan.event_round();
        if plan.horizons().get(self.paid.len()) == Some(&since_event) {
            let nothing = self.payments_before.since(&self.payments_before);
            let partners = self.partners.iter().map(Followed::gained);
            self.paid.push(Paid {
                focal: self.focal.gained(),
                partners: partners.fold(nothing, |sum, gained| sum.and(&gained)),
                everyone: world.payments().since(&self.payments_before),
            });
        }
    }
}
