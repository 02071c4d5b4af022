//! The guests of one event, by seat: one column per quantity.
//!
//! Booleans are 32-bit numbers (1 and 0), so that vectors of all columns hold the same seats.

use super::agent::Agent;
use super::behaviour::{Actor, Behaviour};
use super::column::Column;
use super::decide::{Facts, NO_NEED, facts};
use super::judge::{Act, Observation};
use super::need_state::NeedState;
use super::opinion::Opinions;
use super::rules::Rules;
use super::ties::{ANYWHERE, AgentId, Hint, Referral};

/// A guest at the start of an event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guest<'w> {
    /// The agent's number.
    pub id: AgentId,
    /// The agent's state.
    pub agent: &'w Agent,
    /// Its strategy.
    pub strategy: u16,
    /// Its domain of expertise.
    pub expertise: u16,
    /// Its properties as an actor at this event.
    pub actor: Actor<'w>,
    /// Its behaviour toward those to whom it returns a favour; `None` if nobody does.
    pub helpful: Option<&'w Behaviour>,
    /// Whether the event is outside its home town.
    pub travelled: bool,
    /// Its public standing; the prior under private reputation.
    pub standing: f32,
}

/// Declares the columns, each with its value for unused seats.
macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident: $number:ty = $nobody:expr),+ $(,)?) => {
        /// State that lasts only for the event, by seat.
        #[derive(Debug, Default)]
        pub(super) struct Seats<'w> {
            /// The guests.
            pub guests: Vec<Guest<'w>>,
            /// Each guest's behaviour toward those to whom it returns no favour; empty if nobody does.
            pub usual: Vec<&'w Behaviour>,
            /// The latest referral of the event.
            pub referral: Vec<Option<Referral>>,
            $($(#[$doc])* pub $name: Column<$number>,)+
        }

        impl Seats<'_> {
            /// Resets all columns for this number of guests.
            fn reset(&mut self, guests: usize) {
                $(self.$name.reset(guests, $nobody);)+
            }
        }
    };
}

columns! {
    /// Strategy.
    strategy: u32 = 0,
    /// Expertise and open need.
    facts: Facts = NO_NEED,
    /// Whether it has pushed in the current conversation.
    pushed: u32 = 0,
    /// Public standing at the start of the slot.
    standing: f32 = 0.0,
    /// Public standing after the slot's verdicts.
    next: f32 = 0.0,
    /// Threshold of `ask`.
    ask: i32 = -1,
    /// Threshold of `serve`.
    serve: i32 = -1,
    /// Least opinion, as stored, of agents whom it helps.
    min_opinion: f32 = 0.0,
    /// `Observation::seen` of its acts in its home region.
    seen: i32 = -1,
    /// `Observation::read`, likewise.
    read: i32 = -1,
    /// `Observation::misread`, likewise.
    misread: i32 = -1,
    /// `Observation::misjudged`, likewise.
    misjudged: i32 = -1,
    /// The verdict of an observer who reads its motive.
    motive: f32 = 0.0,
    /// The base verdict on a push in its home region.
    push_verdict: f32 = 0.0,
    /// The facts about the partner of the slot.
    others_facts: Facts = NO_NEED,
    /// The partner's standing at the start of the slot.
    others_standing: f32 = 0.0,
    /// Probable position of the tie to the partner in its row.
    place: Hint = ANYWHERE,
    /// Whether it pushes in the slot.
    pushes: u32 = 0,
    /// Whether it encourages in the slot.
    encourages: u32 = 0,
    /// Whether its turn of the slot cannot be decided from these columns.
    open: u32 = 0,
    /// Pushes so far.
    n_pushes: u32 = 0,
    /// Encouragements given.
    given: u32 = 0,
    /// Encouragements received.
    received: u32 = 0,
    /// Conversations begun.
    talks: u32 = 0,
    /// Slots in conversation.
    slots: u32 = 0,
}

impl<'w> Seats<'w> {
    /// Enters the need of a guest that matters to another.
    pub(super) fn choose_need(&mut self, seat: usize, other: usize, needs: &NeedState) {
        let (guest, expertise) = (&self.guests[seat], self.guests[other].expertise);
        self.facts[seat] = facts(guest.expertise, needs.toward((guest.id, guest.agent), expertise));
    }

    /// Fills the columns for the guests of an event.
    pub(super) fn seat(&mut self, guests: &[Guest<'w>], rules: &Rules, opinions: Opinions<'_>) {
        self.guests.clear();
        self.guests.extend_from_slice(guests);
        self.referral.clear();
        self.referral.resize(guests.len(), None);
        self.usual.clear();
        self.usual.extend(guests.iter().filter(|g| g.helpful.is_some()).map(|g| g.actor.behaviour));
        self.reset(guests.len());
        for (seat, guest) in guests.iter().enumerate() {
            let (behaviour, region) = (guest.actor.behaviour, usize::from(guest.actor.region));
            let observation = rules.observations.of(guest.actor, guest.actor.region);
            self.strategy[seat] = guest.strategy.into();
            self.facts[seat] = facts(guest.expertise, guest.agent.need());
            self.standing[seat] = guest.standing;
            self.next[seat] = guest.standing;
            self.ask[seat] = behaviour.ask;
            self.behave(seat, behaviour, opinions);
            self.motive[seat] = behaviour.motive;
            self.push_verdict[seat] = rules.by_norm[region][Act::Push as usize][0];
            let Observation { seen, read, misread, misjudged } = observation;
            (self.seen[seat], self.read[seat]) = (seen, read);
            (self.misread[seat], self.misjudged[seat]) = (misread, misjudged);
        }
    }

    /// Gives a guest a behaviour that differs from its own in whom it helps.
    #[inline]
    pub(super) fn behave(&mut self, seat: usize, behaviour: &'w Behaviour, opinions: Opinions<'_>) {
        self.guests[seat].actor.behaviour = behaviour;
        self.serve[seat] = behaviour.serve;
        self.min_opinion[seat] = opinions.threshold(behaviour.min_opinion);
    }
}
