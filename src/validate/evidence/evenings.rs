//! What guests do at mixers: whom they meet, and how their conversations end.

use std::collections::BTreeMap;

use super::network::{Ties, knows};
use crate::model::{ActKind, ActRecord, AgentId, EventId};
use crate::stats::Moments;

/// The guests of an event, and the slots in which two of them talk.
#[derive(Debug, Default)]
struct Event {
    guests: Vec<AgentId>,
    talks: BTreeMap<(AgentId, AgentId), Vec<u32>>,
}

/// Sums over events.
#[derive(Debug)]
pub(super) struct Evenings {
    /// The number of slots of an event.
    slots: u32,
    /// Each agent's chance to stay in a conversation for one more slot.
    linger: Vec<f64>,
    guests: u64,
    /// Ordered pairs of guests of an event, by whether the first knows the second (0 no, 1 yes), then by whether they
    /// meet.
    pairs: [[u64; 2]; 2],
    /// Conversations, and those of them that the end of the event closed.
    conversations: u64,
    closed: u64,
    /// Expected number of those that ended because both wanted, given that they ended.
    both: f64,
    /// Slots that a pair talks at an event, over the pairs that meet.
    pair_slots: Moments,
}

impl Evenings {
    pub(super) fn new(slots: u32, linger: Vec<f64>) -> Self {
        Self {
            slots,
            linger,
            guests: 0,
            pairs: [[0; 2]; 2],
            conversations: 0,
            closed: 0,
            both: 0.0,
            pair_slots: Moments::default(),
        }
    }

    /// Adds the events of a round; `before` are the ties as guests came. Returns who met whom as a stranger.
    pub(super) fn add(&mut self, acts: &[ActRecord], before: &Ties) -> Vec<(AgentId, AgentId)> {
        let mut events: BTreeMap<EventId, Event> = BTreeMap::new();
        for act in acts {
            let Some(event) = act.event.map(|id| events.entry(id).or_default()) else { continue };
            match (act.kind, act.other, act.slot) {
                (ActKind::Attend, ..) => event.guests.push(act.actor),
                (ActKind::Talk, Some(other), Some(slot)) => {
                    let pair = (act.actor.min(other), act.actor.max(other));
                    event.talks.entry(pair).or_default().push(slot);
                }
                _ => {}
            }
        }
        events.into_values().flat_map(|event| self.add_event(event, before)).collect()
    }

    fn add_event(&mut self, event: Event, before: &Ties) -> Vec<(AgentId, AgentId)> {
        let Event { mut guests, talks } = event;
        guests.sort_unstable();
        let n = guests.len() as u64;
        self.guests += n;
        let is_guest = |(contact, _): &&(AgentId, f32)| guests.binary_search(contact).is_ok();
        let known = guests.iter().map(|guest| before[*guest as usize].iter().filter(is_guest).count() as u64);
        let (known, mut met_known, mut strangers) = (known.sum::<u64>(), 0, Vec::new());
        for ((a, b), slots) in &talks {
            self.pair_slots.push(slots.len() as f64);
            self.add_conversations((*a, *b), slots);
            for (ego, alter) in [(*a, *b), (*b, *a)] {
                if knows(before, ego, alter) { met_known += 1 } else { strangers.push((ego, alter)) }
            }
        }
        let met_unknown = strangers.len() as u64;
        let unknown = n * n.saturating_sub(1) - known;
        self.pairs[1][1] += met_known;
        self.pairs[1][0] += known - met_known;
        self.pairs[0][1] += met_unknown;
        self.pairs[0][0] += unknown - met_unknown;
        strangers
    }

    /// Adds the conversations of a pair: slots without a gap.
    fn add_conversations(&mut self, (a, b): (AgentId, AgentId), slots: &[u32]) {
        for talk in slots.chunk_by(|earlier, later| earlier + 1 == *later) {
            self.conversations += 1;
            if talk.last().is_some_and(|last| last + 1 == self.slots) {
                self.closed += 1;
                continue;
            }
            let [a, b] = [a, b].map(|id| self.linger[id as usize]);
            // It ended, so not both stayed.
            self.both += (1.0 - a) * (1.0 - b) / (1.0 - a * b);
        }
    }

    /// Distinct partners of a guest at an event.
    pub(super) fn encounters(&self) -> f64 {
        (self.pairs[0][1] + self.pairs[1][1]) as f64 / self.guests as f64
    }

    /// Share of the other guests whom a guest knows.
    pub(super) fn guests_known(&self) -> f64 {
        let known = self.pairs[1][0] + self.pairs[1][1];
        known as f64 / (known + self.pairs[0][0] + self.pairs[0][1]) as f64
    }

    /// Share of the partners whom a guest knew.
    pub(super) fn partners_known(&self) -> f64 {
        self.pairs[1][1] as f64 / (self.pairs[0][1] + self.pairs[1][1]) as f64
    }

    /// The odds of meeting somebody known against those of meeting a stranger.
    pub(super) fn odds_ratio(&self) -> f64 {
        let [[missed_strangers, strangers], [missed_known, known]] = self.pairs.map(|p| p.map(|n| n as f64));
        (known / missed_known) / (strangers / missed_strangers)
    }

    /// Share of the conversations that end because one of the two wants it, or both.
    pub(super) fn ended_by_wish(&self) -> f64 {
        (self.conversations - self.closed) as f64 / self.conversations as f64
    }

    /// Share of the conversations that end because both want it.
    pub(super) fn ended_by_both(&self) -> f64 {
        self.both / self.conversations as f64
    }

    /// Squared coefficient of variation of the time that pairs talk at an event.
    pub(super) fn pair_time_cv2(&self) -> f64 {
        let ratio = self.pair_slots.sd().unwrap_or(f64::NAN) / self.pair_slots.mean();
        ratio * ratio
    }

    /// Number of conversations.
    pub(super) fn conversations(&self) -> u64 {
        self.conversations
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    /// Acts of an event: guests 0 to 3; who talks in which slot.
    fn acts(talks: &[(u32, AgentId, AgentId)]) -> Vec<ActRecord> {
        let scenario = Scenario::parse("[population]\nagents = 4\n[needs]\nrate = 1", &[]).unwrap();
        let rules = crate::model::Rules::new(&scenario);
        let serial = crate::parallel::Parallelism::SERIAL;
        let mut some = Vec::new();
        crate::model::Simulation::new(&rules, 1, serial).step_observed(serial, &mut some);
        let event = Some(EventId { town: 0, number: 0 });
        let blank = ActRecord { event, other: None, slot: None, third: None, ..some[0] };
        let guests = (0..4).map(|actor| ActRecord { kind: ActKind::Attend, actor, ..blank });
        let talk = |&(slot, actor, other): &(u32, AgentId, AgentId)| ActRecord {
            kind: ActKind::Talk,
            actor,
            other: Some(other),
            slot: Some(slot),
            ..blank
        };
        guests.chain(talks.iter().map(talk)).collect()
    }

    #[test]
    fn encounters_and_endings_are_those_counted_by_hand() {
        // 0 and 1 know each other, and 2 knows 3. Slots 0 to 2.
        let before: Ties = vec![vec![(1, 0.1)], vec![(0, 0.1)], vec![(3, 0.1)], Vec::new()];
        let mut evenings = Evenings::new(3, vec![0.5, 0.5, 0.0, 0.0]);
        let met = evenings.add(&acts(&[(0, 1, 0), (0, 2, 3), (1, 0, 1), (1, 2, 3), (2, 0, 2)]), &before);
        assert_eq!(met, [(0, 2), (2, 0), (3, 2)]);
        assert_eq!(evenings.encounters(), 6.0 / 4.0);
        assert_eq!(evenings.guests_known(), 3.0 / 12.0);
        assert_eq!(evenings.partners_known(), 3.0 / 6.0);
        assert_eq!(evenings.pairs, [[6, 3], [0, 3]]);
        assert!(evenings.odds_ratio().is_infinite());
        // Three conversations: the last one is closed by the end; 2 and 3 never stay, 0 and 1 both leave in 1 of 3.
        assert!((evenings.ended_by_wish() - 2.0 / 3.0).abs() < 1e-15);
        assert!((evenings.ended_by_both() - (1.0 + 1.0 / 3.0) / 3.0).abs() < 1e-15);
        // Pairs talk for 2, 2 and 1 slots.
        assert!((evenings.pair_time_cv2() - (1.0 / 3.0) / (25.0 / 9.0)).abs() < 1e-12);
        assert_eq!(evenings.conversations(), 3);
    }
}
