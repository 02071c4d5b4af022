//! Events of strangers: standing is public and nobody keeps ties.
//!
//! The same slots and turns as in [`super::event`] and [`super::conversation`], to the bit, without all that
//! ties ask for: nobody can refer, and nothing is left of a conversation. So a slot is computed for all
//! guests side by side. Each quantity is an array by seat, and the loops over it have no
//! branches: compilers make vectors of them, and what is decided by chance is not left to the
//! processor to guess. Only where somebody is able to solve a need, which is rare, the two take their
//! turns one after the other.

mod seats;
mod turns;

use super::agent::Agent;
use super::conversation::Setting;
use super::judging::Act;
use super::ledger::{Count, Tally, attend};
use super::matching::{Company, Ended};
use super::payment::{Channel, Post};
use super::rules::Rules;
use super::slot_luck::{Row, width};
use crate::draws::{Luck, Purpose, Stream, below, happens};
use seats::{Deeds, Guests, LAST, NONE, SEAT, SEATS, Slot};

/// A guest as it arrives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stranger {
    /// How it talks: position in [`Rules`]' talkers.
    pub talker: u32,
    /// Its domain of expertise.
    pub expertise: u16,
    /// Its public standing.
    pub standing: f32,
    /// Whether it comes from another town.
    pub travelled: bool,
}

/// The events of a task, one after the other, in the same memory.
pub(super) struct Crowd<'a> {
    setting: Setting<'a>,
    n: usize,
    guests: Guests,
    deeds: Deeds,
    slot: Slot,
    /// Encouragements from strategy to strategy.
    encouraged: Vec<u64>,
}

impl<'a> Crowd<'a> {
    /// Whether events are of this kind.
    pub(super) fn suits(rules: &Rules) -> bool {
        let (population, mixer) = (&rules.scenario.population, &rules.scenario.mixer);
        // A summoned guest makes an event no larger than its size allows: it is counted before.
        let few = mixer.size as usize <= SEATS;
        rules.public && population.ties_max == 0 && mixer.familiarity <= 1.0 && few
    }

    /// A place for events of such rules.
    pub(super) fn new(setting: Setting<'a>) -> Self {
        let n_strategies = setting.rules.n_strategies();
        Self {
            setting,
            n: 0,
            guests: Guests::NOBODY,
            deeds: Deeds::NONE,
            slot: Slot::empty(),
            encouraged: vec![0; n_strategies * n_strategies],
        }
    }

    /// Holds an event, from opening to close. Guests are at most [`SEATS`]; those with an open need
    /// have it in `agents` before and after.
    pub(super) fn hold(
        &mut self,
        guests: &[Stranger],
        agents: &[&Agent],
        luck: Luck,
        unit: u64,
        tally: &mut Tally,
    ) {
        self.seat(guests, agents);
        let (round, rules) = (self.setting.regard.fading.now, self.setting.rules);
        let mut blocks = luck.blocks(round, Purpose::Event, unit);
        self.slot.luck.clear();
        let slots = rules.scenario.mixer.slots;
        let mut lingering =
            rules.lingers.then(|| (Company::new(self.n, slots), luck.stream(round, Purpose::Linger, unit)));
        for _ in 0..slots {
            self.slot.luck.draw(self.n, &mut blocks);
            match &mut lingering {
                Some((company, linger)) => self.go_on(company, linger),
                None => self.pair_up(),
            }
            self.decide();
            self.judge();
            self.assist(agents, tally);
            self.encourage();
            self.note();
        }
        if let Some((company, _)) = &mut lingering {
            let ended = company.end_conversations(|_| false);
            self.part(&ended);
        } else {
            // A conversation in every slot.
            self.deeds.talks = self.deeds.sat_out.map(|slots_alone| slots - slots_alone);
            self.deeds.slots = self.deeds.talks;
        }
        self.leave(agents, tally);
    }

    /// Seats the guests.
    fn seat(&mut self, guests: &[Stranger], agents: &[&Agent]) {
        self.n = agents.len();
        assert!(self.n <= SEATS, "{} guests at one event of strangers", self.n);
        self.deeds = Deeds::NONE;
        let all = &mut self.guests;
        let n_strategies = u32::try_from(self.setting.rules.n_strategies()).expect("in 16 bits");
        for (seat, (guest, agent)) in guests.iter().zip(agents).enumerate() {
            let talker = &self.setting.rules.talkers[guest.talker as usize];
            all.talker[seat] = guest.talker;
            all.strategy[seat] = agent.strategy.into();
            all.flows[seat] = u32::from(agent.strategy) * n_strategies;
            all.travelled[seat] = guest.travelled.into();
            all.fields[seat] = u32::from(guest.expertise) << 16 | agent.need().map_or(NONE, u32::from);
            all.pushed[seat] = 0;
            all.standing[seat] = guest.standing;
            all.next[seat] = guest.standing;
            all.ask[seat] = talker.ask;
            all.serve[seat] = talker.serve;
            all.min_opinion[seat] = talker.min_opinion;
            all.seen[seat] = talker.seen;
            all.read[seat] = talker.read;
            all.misread[seat] = talker.misread;
            all.misjudged[seat] = talker.misjudged;
            all.motive[seat] = talker.motive;
            all.push_verdict[seat] = talker.by_norm[Act::Push as usize][0];
        }
    }

    /// Pairs everybody up, where nobody ever stays: neighbours in a random order, as [`Company`] does.
    fn pair_up(&mut self) {
        let n = self.n.min(SEATS);
        let (order, words) = (&mut self.slot.order, self.slot.luck.row(Row::Order));
        (0u8..).zip(order.iter_mut()).for_each(|(seat, place)| *place = seat);
        for i in (1..n).rev() {
            // At most 64, so 32 bits hold it.
            #[allow(clippy::cast_possible_truncation)]
            let pick = below(words[i], i as u32 + 1) as usize & LAST;
            order.swap(i, pick);
        }
        self.slot.n_pairs = 0;
        for k in 0..n / 2 {
            self.join(self.slot.order[2 * k], self.slot.order[2 * k + 1]);
        }
        if n % 2 == 1 {
            let alone = self.slot.order[n - 1];
            self.slot.other[usize::from(alone) & LAST] = alone.into();
            self.deeds.sat_out[usize::from(alone) & LAST] += 1;
        }
    }

    /// Lets two talk, the first of whom moves first.
    fn join(&mut self, first: u8, second: u8) {
        let (guests, slot) = (&self.guests, &mut self.slot);
        slot.first[slot.n_pairs & LAST] = first;
        slot.n_pairs += 1;
        for (seat, other) in [(first, second), (second, first)] {
            let (seat, talks_to) = (usize::from(seat) & LAST, usize::from(other) & LAST);
            slot.other[seat] = other.into();
            slot.others_fields[seat] = guests.fields[talks_to];
            slot.others_standing[seat] = guests.standing[talks_to];
            self.deeds.met[seat] |= 1 << talks_to;
        }
    }

    /// Ends conversations in which not both stay, and pairs up who is free.
    fn go_on(&mut self, company: &mut Company, linger: &mut Stream) {
        let mut words = [0; SEATS];
        linger.fill(&mut words[..width(self.n)]);
        let talkers = &self.setting.rules.talkers;
        let stays = |seat: u32| {
            let talker = &talkers[self.guests.talker[seat as usize] as usize];
            happens(words[seat as usize], talker.linger)
        };
        let ended = company.end_conversations(stays);
        self.part(&ended);
        company.keep(ended);
        company.pair_up(self.slot.luck.row(Row::Order), None);
        let pairs = company.pairs();
        let narrow = |seat| u8::try_from(seat).expect("seats are few");
        self.slot.n_pairs = 0;
        self.slot.other = SEAT;
        for pair in &pairs {
            self.join(narrow(pair.first), narrow(pair.second));
            for seat in [pair.first, pair.second] {
                self.guests.pushed[seat as usize] &= u32::from(!pair.is_new);
            }
        }
        company.keep_pairs(pairs);
    }

    fn part(&mut self, ended: &[Ended]) {
        for &(a, b, slots) in ended {
            for seat in [a, b] {
                self.deeds.talks[seat as usize] += 1;
                self.deeds.slots[seat as usize] += slots;
            }
        }
    }

    /// Help, in the pairs in which somebody is able to.
    fn assist(&mut self, agents: &[&Agent], tally: &mut Tally) {
        let slot = &self.slot;
        let mut able = 0_u64;
        for k in 0..slot.n_pairs {
            let [first, second] = slot.pair(k);
            able |= u64::from(slot.able[first] | slot.able[second]) << k;
        }
        // Few pairs, and nobody can foresee which: to look for each of them saves guessing at all.
        while able != 0 {
            let [first, second] = self.slot.pair(able.trailing_zeros() as usize);
            self.help(first, second, agents, tally);
            able &= able - 1;
        }
    }

    /// Encouragement, from whom and to whom.
    fn encourage(&mut self) {
        let (guests, slot, received) = (&self.guests, &self.slot, &mut self.deeds.received);
        let encouraged = self.encouraged.as_mut_slice();
        for k in 0..slot.n_pairs {
            let [first, second] = slot.pair(k);
            for (giver, receiver) in [(first, second), (second, first)] {
                let encourages = slot.encourages[giver];
                received[receiver] += encourages;
                let flow = guests.flows[giver] + guests.strategy[receiver];
                encouraged[flow as usize] += u64::from(encourages);
            }
        }
    }

    /// Notes what was done in the slot.
    fn note(&mut self) {
        let (guests, deeds, slot) = (&mut self.guests, &mut self.deeds, &self.slot);
        let lingers = u32::from(self.setting.rules.lingers);
        for seat in 0..width(self.n).min(SEATS) {
            deeds.pushes[seat] += slot.pushes[seat];
            deeds.given[seat] += slot.encourages[seat];
            guests.standing[seat] = guests.next[seat];
            // Where nobody stays, the next slot's conversations are all new.
            guests.pushed[seat] |= slot.pushes[seat] & lingers;
        }
    }

    /// Counts what the guests did, on their accounts and for their strategies.
    fn leave(&mut self, agents: &[&Agent], tally: &mut Tally) {
        let deeds = &self.deeds;
        // Accounts for themselves, and with nothing to wait for: they may be far away in memory.
        for (seat, agent) in agents.iter().enumerate() {
            attend(agent, self.guests.travelled[seat] != 0);
            agent.post(Post::Encourage, deeds.given[seat]);
            agent.post(Post::Encouragement, deeds.received[seat]);
        }
        for seat in 0..self.n {
            let counted = [
                (Count::Guests, 1),
                (Count::Travellers, self.guests.travelled[seat]),
                (Count::Contacts, self.met(seat).count_ones()),
                (Count::Pushes, deeds.pushes[seat]),
                (Count::Conversations, deeds.talks[seat]),
                (Count::ConversationSlots, deeds.slots[seat]),
            ];
            tally.count_all(self.guests.strategy[seat], counted);
        }
    }

    /// Whom a guest has met: a bit per seat.
    fn met(&self, seat: usize) -> u64 {
        self.deeds.met[seat]
    }

    /// The guests' standings after the event, by seat.
    pub(super) fn standings(&self) -> impl Iterator<Item = f32> + '_ {
        self.guests.standing[..self.n].iter().copied()
    }

    /// Whom a guest has talked to, by seat.
    pub(super) fn partners(&self, seat: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.n).filter(move |other| self.met(seat) >> other & 1 == 1)
    }

    /// Counts the encouragements of all events.
    pub(super) fn finish(self, tally: &mut Tally) {
        let strategies = || 0..u16::try_from(self.setting.rules.n_strategies()).expect("in 16 bits");
        let pairs = strategies().flat_map(|from| strategies().map(move |to| (from, to)));
        for ((from, to), n) in pairs.zip(&self.encouraged) {
            tally.flow_many(from, to, Channel::Encouragement, *n);
        }
    }
}
