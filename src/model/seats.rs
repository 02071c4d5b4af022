//! The guests of one event, by seat: an array for each quantity.
//!
//! Yes and no are 1 and 0, so that all columns are as wide and a vector holds the same seats of each.

use super::agent::Agent;
use super::behaviour::Actor;
use super::column::Column;
use super::decide::{Facts, NO_NEED, facts};
use super::judge::{Act, Observation};
use super::rules::Rules;
use super::ties::{ANYWHERE, AgentId, Hint, Referral};

/// A guest as it arrives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guest<'w> {
    /// Who it is.
    pub id: AgentId,
    /// Its state.
    pub agent: &'w Agent,
    /// Its strategy.
    pub strategy: u16,
    /// Its domain of expertise.
    pub expertise: u16,
    /// How others see its acts here.
    pub actor: Actor,
    /// Whether it came from another town.
    pub travelled: bool,
    /// Its public standing; the prior under private reputation.
    pub standing: f32,
}

/// Columns by seat, each with what it holds for seats that nobody has.
macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident: $number:ty = $nobody:expr),+ $(,)?) => {
        /// What lasts only as long as the event, by seat.
        #[derive(Debug, Default)]
        pub(super) struct Seats<'w> {
            /// Who sits there.
            pub guests: Vec<Guest<'w>>,
            /// The latest referral of the event.
            pub referral: Vec<Option<Referral>>,
            $($(#[$doc])* pub $name: Column<$number>,)+
        }

        impl Seats<'_> {
            /// Makes room for so many guests.
            fn empty(&mut self, guests: usize) {
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
    /// Whether it has pushed in the running conversation.
    pushed: u32 = 0,
    /// Public standing when the slot began.
    standing: f32 = 0.0,
    /// Public standing with the slot's verdicts.
    next: f32 = 0.0,
    /// Thresholds of the behaviour that every slot asks for.
    ask: i32 = -1,
    /// Likewise.
    serve: i32 = -1,
    /// Least standing of those whom it helps.
    min_opinion: f32 = 0.0,
    /// How acts are seen in the own region.
    seen: i32 = -1,
    /// Likewise.
    read: i32 = -1,
    /// Likewise.
    misread: i32 = -1,
    /// Likewise.
    misjudged: i32 = -1,
    /// What its motive is worth to those who read it.
    motive: f32 = 0.0,
    /// The verdict on a push in the own region.
    push_verdict: f32 = 0.0,
    /// The facts about the partner of the slot.
    others_facts: Facts = NO_NEED,
    /// The partner's standing when the slot began.
    others_standing: f32 = 0.0,
    /// Where in its row the tie to the partner may be.
    place: Hint = ANYWHERE,
    /// Whether it pushes in the slot.
    pushes: u32 = 0,
    /// Whether it encourages in the slot.
    encourages: u32 = 0,
    /// Whether its turn of the slot takes more than these columns to tell.
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
    /// Seats the guests of an event.
    pub(super) fn seat(&mut self, guests: &[Guest<'w>], rules: &Rules) {
        self.guests.clear();
        self.guests.extend_from_slice(guests);
        self.referral.clear();
        self.referral.resize(guests.len(), None);
        self.empty(guests.len());
        for (seat, guest) in guests.iter().enumerate() {
            let Actor { behaviour, region, .. } = guest.actor;
            let (behaviour, region) = (usize::from(behaviour), usize::from(region));
            let observation = rules.observations.of(guest.actor, guest.actor.region);
            self.strategy[seat] = guest.strategy.into();
            self.facts[seat] = facts(guest.expertise, guest.agent.need());
            self.standing[seat] = guest.standing;
            self.next[seat] = guest.standing;
            self.ask[seat] = rules.behaviours[behaviour].ask;
            self.serve[seat] = rules.behaviours[behaviour].serve;
            self.min_opinion[seat] = rules.min_opinion[behaviour];
            self.motive[seat] = rules.behaviours[behaviour].motive;
            self.push_verdict[seat] = rules.by_norm[region][Act::Push as usize][0];
            let Observation { seen, read, misread, misjudged } = observation;
            (self.seen[seat], self.read[seat]) = (seen, read);
            (self.misread[seat], self.misjudged[seat]) = (misread, misjudged);
        }
    }
}
