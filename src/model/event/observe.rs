//! The acts of an event, for those who ask for them. What records them is kept out of the loops of those who do not.

use super::{Acts, Event};
use crate::model::act::{ActKind, ActRecord, EventId};
use crate::model::matching::Pair;
use crate::model::record::Channel;
use crate::model::ties::AgentId;

impl Event<'_> {
    /// Starts the record of an event with the arrival of its guests.
    #[cold]
    pub(super) fn record_arrivals(&mut self, unit: u64) {
        let town = u32::try_from(unit >> 32).expect("the upper half of a unit is the town");
        let number = u32::try_from(unit & u64::from(u32::MAX)).expect("the lower half is the number");
        let event = EventId { town, number };
        let round = self.context.round;
        let arrival = |id| ActRecord { event: Some(event), ..ActRecord::new(round, ActKind::Attend, id) };
        let rows = self.seats.guests.iter().map(|guest| arrival(guest.id)).collect();
        self.acts = Some(Acts { event, rows, in_turns: Vec::new() });
    }

    /// Records help or a refusal in the turn of a seat, if the round is observed.
    #[inline]
    pub(super) fn observe_in_turn(
        &mut self,
        turn: usize,
        kind: ActKind,
        pair: [usize; 2],
        third: Option<AgentId>,
        channel: Option<Channel>,
    ) {
        if self.acts.is_some() {
            self.record_in_turn(turn, kind, pair, third, channel);
        }
    }

    #[cold]
    fn record_in_turn(
        &mut self,
        turn: usize,
        kind: ActKind,
        [actor, other]: [usize; 2],
        third: Option<AgentId>,
        channel: Option<Channel>,
    ) {
        if let Some(acts) = &mut self.acts {
            let [actor, other] = [actor, other].map(|seat| self.seats.guests[seat].id);
            let act = ActRecord::new(self.context.round, kind, actor).toward(other);
            acts.in_turns.push((turn, ActRecord { third, channel, ..act }));
        }
    }

    /// Records the pairs of a slot with their turns, after it has run.
    #[cold]
    pub(super) fn record_slot(&mut self, slot: u32) {
        let Some(mut acts) = self.acts.take() else { return };
        let first = acts.rows.len();
        let mut in_turns = std::mem::take(&mut acts.in_turns).into_iter().peekable();
        let act = |kind, [actor, other]: Pair| {
            let [actor, other] = [actor, other].map(|seat| self.seats.guests[seat as usize].id);
            ActRecord::new(self.context.round, kind, actor).toward(other)
        };
        for &[one, other] in self.matching.pairs() {
            acts.rows.push(act(ActKind::Talk, [one, other]));
            for pair in [[one, other], [other, one]] {
                let seat = pair[0] as usize;
                if self.seats.pushes[seat] != 0 {
                    acts.rows.push(act(ActKind::Push, pair));
                }
                while let Some((_, help)) = in_turns.next_if(|(turn, _)| *turn == seat) {
                    acts.rows.push(help);
                }
                if self.seats.encourages[seat] != 0 {
                    acts.rows.push(act(ActKind::Encourage, pair).on(Channel::Encouragement));
                }
            }
        }
        debug_assert!(in_turns.next().is_none(), "turns are taken in the order of the pairs");
        for row in &mut acts.rows[first..] {
            (row.event, row.slot) = (Some(acts.event), Some(slot));
        }
        self.acts = Some(acts);
    }

    /// The acts of the event, which are taken out of it.
    pub(in crate::model) fn take_acts(&mut self) -> Vec<ActRecord> {
        self.acts.take().map_or_else(Vec::new, |acts| acts.rows)
    }
}
