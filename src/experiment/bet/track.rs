//! What came to a few agents, and to everybody, since the event.

use super::plan::BetPlan;
use crate::model::{AgentId, Payments, Simulation};

/// One life followed from the event on. What a newcomer in its place gains is not its own.
#[derive(Clone, Copy, Debug)]
struct Followed {
    agent: AgentId,
    born: u32,
    before: Payments,
    latest: Payments,
}

impl Followed {
    /// A life that takes part in the event's round, whose start `before` is and whose end `after`.
    fn new(agent: AgentId, before: &Simulation<'_>, after: &Simulation<'_>) -> Self {
        let (then, now) = (before.life(agent), after.life(agent));
        // An agent born in this very round has had nothing before.
        let nothing = then.payments.since(&then.payments);
        let before = if then.born == now.born { then.payments } else { nothing };
        Self { agent, born: now.born, before, latest: now.payments }
    }

    fn look(&mut self, world: &Simulation<'_>) {
        let life = world.life(self.agent);
        if life.born == self.born {
            self.latest = life.payments;
        }
    }

    fn gained(&self) -> Payments {
        self.latest.since(&self.before)
    }
}

/// What a world had paid by one horizon, since the event.
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
    posted_before: Payments,
    /// By horizon.
    pub(super) paid: Vec<Paid>,
}

impl Track {
    /// Begins with the end of the event's round, `after`; `before` is its start.
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
            posted_before: before.payments(),
            paid: Vec::new(),
        }
    }

    /// Looks at its world after a round; call it after every round from the event's on.
    pub(super) fn look(&mut self, plan: &BetPlan, world: &Simulation<'_>) {
        self.focal.look(world);
        self.partners.iter_mut().for_each(|p| p.look(world));
        let since_event = world.rounds_done() - 1 - plan.event_round();
        if plan.horizons().get(self.paid.len()) == Some(&since_event) {
            let nothing = self.posted_before.since(&self.posted_before);
            let partners = self.partners.iter().map(Followed::gained);
            self.paid.push(Paid {
                focal: self.focal.gained(),
                partners: partners.fold(nothing, |sum, gained| sum.and(&gained)),
                everyone: world.payments().since(&self.posted_before),
            });
        }
    }
}
