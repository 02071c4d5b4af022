//! The acts of an event, for those who ask for them. What records them is kept out of the loops of those who do not.

use super::{Acts, Event};
use crate::model::act::{ActKind, ActRecord, EventId};
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

    /// Records help or a refusal in the turn of a seat, if the round is observed. What is `paid` are units on a channel.
    #[inline]
    pub(super) fn observe_in_turn(
        &mut self,
        turn: usize,
        kind: ActKind,
        pair: [usize; 2],
        third: Option<AgentId>,
        paid: Option<(Channel, u32)>,
    ) {
        if self.acts.is_some() {
            self.record_in_turn(turn, kind, pair, third, paid);
        }
    }

    #[cold]
    fn record_in_turn(
        &mut self,
        turn: usize,
        kind: ActKind,
        pair: [usize; 2],
        third: Option<AgentId>,
        paid: Option<(Channel, u32)>,
    ) {
        let act = ActRecord { third, ..self.act(kind, pair) };
        let prices = &self.context.rules.prices;
        let act = paid.map_or(act, |(channel, units)| act.paying(prices, channel, units));
        if let Some(acts) = &mut self.acts {
            acts.in_turns.push((turn, act));
        }
    }

    /// Records that a judgement in the turn of a seat changes an opinion, if the round is observed.
    #[inline]
    pub(super) fn observe_judgement(&mut self, turn: usize, pair: [usize; 2], opinion: [f32; 2]) {
        if self.acts.is_some() {
            self.record_judgement(turn, pair, opinion);
        }
    }

    #[cold]
    fn record_judgement(&mut self, turn: usize, pair: [usize; 2], opinion: [f32; 2]) {
        let act = self.act(ActKind::Judge, pair).moving(opinion);
        if let (Some(acts), true) = (&mut self.acts, opinion[0] != opinion[1]) {
            acts.in_turns.push((turn, act));
        }
    }

    /// An act of the guest in one seat toward the guest in another.
    fn act(&self, kind: ActKind, pair: [usize; 2]) -> ActRecord {
        let [actor, other] = pair.map(|seat| self.seats.guests[seat].id);
        ActRecord::new(self.context.round, kind, actor).toward(other)
    }

    /// The change of standing by a verdict that was computed from the columns, in the turn of a seat.
    fn column_judgement(&self, [seat, judge]: [usize; 2]) -> Option<ActRecord> {
        let s = &self.seats;
        if !self.context.rules.public || s.open[seat] | s.open[judge] != 0 {
            return None;
        }
        let opinion = [s.standing[seat], s.next[seat]];
        (opinion[0] != opinion[1]).then(|| self.act(ActKind::Judge, [judge, seat]).moving(opinion))
    }

    /// Records the pairs of a slot with their turns, before the columns become those of the next slot.
    #[cold]
    pub(super) fn record_slot(&mut self, slot: u32) {
        let Some(mut acts) = self.acts.take() else { return };
        let first = acts.rows.len();
        let mut in_turns = std::mem::take(&mut acts.in_turns).into_iter().peekable();
        for &[one, other] in self.matching.pairs() {
            let pair = [one as usize, other as usize];
            acts.rows.push(self.act(ActKind::Talk, pair));
            for [seat, partner] in [pair, [pair[1], pair[0]]] {
                let mut judgements = Vec::new();
                if self.seats.pushes[seat] != 0 {
                    acts.rows.push(self.act(ActKind::Push, [seat, partner]));
                }
                while let Some((_, act)) = in_turns.next_if(|(turn, _)| *turn == seat) {
                    if act.kind == ActKind::Judge { &mut judgements } else { &mut acts.rows }.push(act);
                }
                if self.seats.encourages[seat] != 0 {
                    let act = self.act(ActKind::Encourage, [seat, partner]);
                    acts.rows.push(act.paying(&self.context.rules.prices, Channel::Encouragement, 1));
                }
                acts.rows.extend(judgements);
                acts.rows.extend(self.column_judgement([seat, partner]));
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
