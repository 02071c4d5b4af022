//! Guests who return favours to those whom they meet.

use super::Event;
use crate::model::favours::Help;
use crate::model::ties::AgentId;

impl Event<'_> {
    /// Sets the behaviour of all guests whose conversation begins in this slot: helpful if they return a favour to their
    /// partner, else their usual one.
    #[cold]
    pub(super) fn return_favours(&mut self) {
        let (context, matching) = (self.context, &self.matching);
        for seat in 0..self.seats.guests.len() {
            let (guest, other) = (self.seats.guests[seat], matching.partner()[seat] as usize);
            if let (Some(helpful), 1) = (guest.helpful, matching.is_new()[seat]) {
                let other = self.seats.guests[other].id;
                let returns = context.favours.returns(guest.id, other, context.round, context.random_key);
                let behaviour = if returns { helpful } else { self.seats.usual[seat] };
                self.seats.behave(seat, behaviour, context.opinions);
            }
        }
    }

    /// Remembers help, if there is somebody who returns favours.
    #[inline]
    pub(super) fn remember_help(&mut self, helper: AgentId, helped: AgentId) {
        if self.context.favours.are_kept() {
            self.help.push(Help { helper, helped });
        }
    }
}
