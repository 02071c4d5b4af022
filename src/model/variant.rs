//! A variant of a world: the same world but for what one agent's role has changed in it so far.
//!
//! It holds the agents who differ, and nobody else: whoever is as in the base is read there. A phase
//! is gone through in the variant, for whom it concerns, before it is in the base, so what a variant
//! reads of the base is the state that the phase finds. An agent who is again as in the base, to the
//! bit, is let go. What its account holds beyond the base's is written down: nothing but the account
//! itself depends on that where nobody fails and nobody imitates.

mod follow;

use super::account::{Counts, Fees, N_POSTS};
use super::agent::Agent;
use super::ledger::Tally;
use super::mail::Receiver;
use super::payments::{Life, Payments};
use super::population::{Role, World};
use super::tie_book::TieBook;
use super::ties::{AgentId, Referral, Ties, TiesMut};

/// Agents to be read.
pub(super) trait People {
    /// An agent's state.
    fn agent(&self, id: AgentId) -> &Agent;
    /// Whom it knows.
    fn ties(&self, id: AgentId) -> Ties<'_>;
}

impl People for World<'_> {
    #[inline]
    fn agent(&self, id: AgentId) -> &Agent {
        &self.agents[id as usize]
    }

    #[inline]
    fn ties(&self, id: AgentId) -> Ties<'_> {
        self.ties.of(id)
    }
}

/// The people of a variant: those who differ from the base, and the base's.
pub(super) struct Seen<'a> {
    base: &'a World<'a>,
    variant: &'a Variant,
}

impl People for Seen<'_> {
    #[inline]
    fn agent(&self, id: AgentId) -> &Agent {
        self.variant.row(id).map_or_else(|| self.base.agent(id), |row| &self.variant.agents[row])
    }

    #[inline]
    fn ties(&self, id: AgentId) -> Ties<'_> {
        self.variant.row(id).map_or_else(|| self.base.ties(id), |row| self.variant.ties.nth(row))
    }
}

/// What lasts only as long as an event.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct AtEvent {
    pushed: bool,
    referral: Option<Referral>,
}

/// Payments in a variant less those in its base.
type Difference = [i64; N_POSTS];

/// What is different in a variant of a world.
#[derive(Clone, Debug)]
pub(super) struct Variant {
    /// Who acts otherwise than by its strategy at mixers, if somebody does.
    pub role: Option<Role>,
    /// Whom the agent with the role talked to at the last mixer.
    pub partners: Vec<AgentId>,
    /// The referrals that the round's mixer left, if any, to those whose are not read in the base; by agent.
    pub referred: Vec<(AgentId, Option<Referral>)>,
    /// By agent: its row among those who differ.
    place: Vec<u32>,
    /// By row.
    ids: Vec<AgentId>,
    agents: Vec<Agent>,
    fees: Vec<Fees>,
    ties: TieBook,
    at_event: Vec<AtEvent>,
    /// Seats of the guests who differ since the running slot of an event, as far as is known.
    taken: Vec<u32>,
    /// Memory of counts that nobody reads.
    uncounted: Option<Tally>,
    owed: Owed,
}

/// Stands for "nowhere" where places are listed by agent.
const NOWHERE: u32 = u32::MAX;

fn place_after(rows: usize) -> u32 {
    u32::try_from(rows).expect("there are no more rows than agents")
}

/// What accounts of agents who are as in the base hold beyond the base's.
#[derive(Clone, Debug, PartialEq)]
struct Owed {
    place: Vec<u32>,
    each: Vec<Difference>,
    total: Difference,
}

impl Owed {
    fn add(&mut self, id: AgentId, difference: Difference) {
        let place = &mut self.place[id as usize];
        if *place == NOWHERE {
            *place = place_after(self.each.len());
            self.each.push([0; N_POSTS]);
        }
        let own = &mut self.each[*place as usize];
        own.iter_mut().zip(difference).for_each(|(sum, n)| *sum += n);
        self.total.iter_mut().zip(difference).for_each(|(sum, n)| *sum += n);
    }

    fn of(&self, id: AgentId) -> Difference {
        self.each.get(self.place[id as usize] as usize).copied().unwrap_or([0; N_POSTS])
    }
}

/// What was paid beyond other payments.
fn beyond(own: Counts, base: Counts) -> Difference {
    let mut own = own.map(i64::from);
    own.iter_mut().zip(base).for_each(|(n, base)| *n -= i64::from(base));
    own
}

impl Variant {
    /// A variant in which nobody differs, yet.
    pub(super) fn new(base: &World<'_>) -> Self {
        let nowhere = vec![NOWHERE; base.agents.len()];
        Self {
            role: None,
            partners: Vec::new(),
            referred: Vec::new(),
            place: nowhere.clone(),
            ids: Vec::new(),
            agents: Vec::new(),
            fees: Vec::new(),
            ties: base.ties.empty_like(),
            at_event: Vec::new(),
            taken: Vec::new(),
            uncounted: None,
            owed: Owed { place: nowhere, each: Vec::new(), total: [0; N_POSTS] },
        }
    }

    /// Everybody as they are here.
    pub(super) fn seen<'a>(&'a self, base: &'a World<'_>) -> Seen<'a> {
        Seen { base, variant: self }
    }

    /// Where an agent who differs is kept.
    #[inline]
    fn row(&self, id: AgentId) -> Option<usize> {
        let place = self.place[id as usize];
        (place != NOWHERE).then_some(place as usize)
    }

    /// Whether an agent differs, as far as is known.
    #[inline]
    pub(super) fn has(&self, id: AgentId) -> bool {
        self.place[id as usize] != NOWHERE
    }

    /// Who differs, in no meaningful order.
    pub(super) fn differing(&self) -> &[AgentId] {
        &self.ids
    }

    /// Keeps an agent here from now on, as it is in the base unless it differs already.
    pub(super) fn take(&mut self, id: AgentId, base: &World<'_>) {
        if !self.has(id) {
            self.keep(id, (base.agent(id), base.fees(id)), base.ties(id), AtEvent::default());
        }
    }

    fn keep(&mut self, id: AgentId, (agent, fees): (&Agent, Fees), ties: Ties<'_>, at_event: AtEvent) {
        self.place[id as usize] = place_after(self.ids.len());
        self.ids.push(id);
        self.agents.push(agent.clone());
        self.fees.push(fees);
        self.ties.push(ties);
        self.at_event.push(at_event);
    }

    /// All payments of an agent who differs: where variants are kept nobody has overhead.
    fn counts(&self, row: usize) -> Counts {
        self.agents[row].counts(self.fees[row], 0)
    }

    /// Lets an agent go who is as in the base, where its payments are these.
    fn release(&mut self, row: usize, base: Counts) {
        let (id, own) = (self.ids[row], self.counts(row));
        if own != base {
            self.owed.add(id, beyond(own, base));
        }
        self.place[id as usize] = NOWHERE;
        self.ids.swap_remove(row);
        self.agents.swap_remove(row);
        self.fees.swap_remove(row);
        self.ties.swap_remove(row);
        self.at_event.swap_remove(row);
        if let Some(&moved) = self.ids.get(row) {
            self.place[moved as usize] = place_after(row);
        }
    }

    /// Lets everybody go who is as in the base; both have gone through the same phases.
    pub(super) fn settle(&mut self, base: &World<'_>) {
        for row in (0..self.ids.len()).rev() {
            let id = self.ids[row];
            if self.agents[row].acts_as(base.agent(id)) && self.ties.nth(row) == base.ties(id) {
                self.release(row, base.counts(id));
            }
        }
    }

    /// Those who differ, to be changed.
    pub(super) fn rows_mut(&mut self) -> impl Iterator<Item = (AgentId, &mut Agent, TiesMut<'_>)> {
        let rows = self.ids.iter().zip(self.agents.iter_mut()).zip(self.ties.rows_mut());
        rows.map(|((&id, agent), ties)| (id, agent, ties))
    }

    /// Lets each receiver open its letters in the order given, as [`super::mail::deliver`] does; who is
    /// not kept here gets none.
    pub(super) fn deliver<L>(
        &mut self,
        letters: impl Iterator<Item = (AgentId, L)>,
        open: impl Fn(Receiver<'_>, L),
    ) {
        for (receiver, letter) in letters {
            if let Some(row) = self.row(receiver) {
                let (agent, fees) = (&mut self.agents[row], &mut self.fees[row]);
                open(Receiver { agent, fees, ties: self.ties.nth_mut(row) }, letter);
            }
        }
    }

    /// The life in a place here.
    pub(super) fn life(&self, id: AgentId, base: &World<'_>) -> Life {
        let counts = self.row(id).map_or_else(|| base.counts(id), |row| self.counts(row));
        let payments = Payments(counts.map(u64::from)).changed(&self.owed.of(id));
        let (seen, born) = (self.seen(base), base.tenure(id).born());
        let agent = seen.agent(id);
        Life { born, strategy: agent.is_active().then_some(agent.strategy), payments }
    }

    /// The payments of everybody here, from what they are in the base.
    pub(super) fn posted(&self, base: &World<'_>, posted: &Payments) -> Payments {
        let mut difference = self.owed.total;
        for (row, &id) in self.ids.iter().enumerate() {
            let own = beyond(self.counts(row), base.counts(id));
            difference.iter_mut().zip(own).for_each(|(sum, n)| *sum += n);
        }
        posted.changed(&difference)
    }

    /// Whether another variant of the same base is in the same state.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        let same = |(row, &id): (usize, &AgentId)| {
            other.row(id).is_some_and(|at| {
                self.agents[row] == other.agents[at]
                    && self.fees[row] == other.fees[at]
                    && self.ties.nth(row) == other.ties.nth(at)
            })
        };
        let owes_as = |id| self.owed.of(id) == other.owed.of(id);
        self.ids.len() == other.ids.len()
            && self.ids.iter().enumerate().all(same)
            && self.owed.total == other.owed.total
            && (0..place_after(self.place.len())).all(owes_as)
    }
}
