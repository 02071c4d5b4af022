//! One event: its slots, from the ending of old conversations to the turns of the new pairs.

use super::conversation::{Acts, Guest, Setting};
use super::ledger::{Count, Tally};
use super::matching::{Choice, Company, Ended, Pair};
use super::opinion::Standings;
use super::slot_luck::{Row, SlotLuck, width};
use super::ties::{AgentId, Referral};
use crate::draws::{Blocks, Luck, Purpose, Stream, chance};

/// An event under way.
pub(super) struct Event<'a> {
    setting: Setting<'a>,
    guests: Vec<Guest<'a>>,
    company: Company,
    luck: SlotLuck,
    blocks: Blocks,
    /// Between whom guests choose; none where acquaintances count no more than strangers.
    choices: Option<Stream>,
    /// Who stays in a conversation; none where nobody ever does.
    linger: Option<Stream>,
    /// What bystanders see; none under public reputation or where nobody watches.
    watched: Option<Stream>,
}

impl<'a> Event<'a> {
    /// An event of these guests, in the order of their seats; `unit` keys its luck.
    pub(super) fn new(setting: Setting<'a>, guests: Vec<Guest<'a>>, luck: Luck, unit: u64) -> Self {
        let s = &setting.rules.scenario;
        let round = setting.round;
        let watched = !setting.rules.public && s.reputation.observe > 0.0;
        Self {
            setting,
            company: Company::new(guests.len(), s.mixer.slots),
            luck: SlotLuck::default(),
            blocks: luck.blocks(round, Purpose::Event, unit),
            linger: setting.rules.lingers.then(|| luck.stream(round, Purpose::Linger, unit)),
            choices: (s.mixer.familiarity > 1.0).then(|| luck.stream(round, Purpose::Choices, unit)),
            watched: watched.then(|| luck.stream(round, Purpose::Bystanders, unit)),
            guests,
        }
    }

    /// Holds one slot. Slots are held in order, each once: their words follow one another.
    pub(super) fn hold_slot(&mut self, slot: u32, tally: &mut Tally) {
        // Taken out for the slot, so that its memory serves the next one, too.
        let mut luck = std::mem::take(&mut self.luck);
        luck.draw(self.guests.len(), &mut self.blocks);
        let ended = self.end_conversations();
        self.part(&ended, tally);
        self.company.keep(ended);
        self.pair_up(slot, &luck);
        let pairs = self.company.pairs();
        for &Pair { first, second, is_new } in &pairs {
            if is_new {
                let (a, b) = self.two(first, second);
                (a.pushed, b.pushed) = (false, false);
            }
            self.turn(slot, (first, second), &luck, tally);
            self.turn(slot, (second, first), &luck, tally);
        }
        self.company.keep_pairs(pairs);
        self.luck = luck;
    }

    /// Ends every conversation in which not both stay.
    fn end_conversations(&mut self) -> Vec<Ended> {
        let Some(stream) = &mut self.linger else { return self.company.end_conversations(|_| false) };
        let mut words = vec![0; width(self.guests.len())];
        stream.fill(&mut words);
        let (guests, manners) = (&self.guests, self.setting.rules.manners.as_slice());
        let linger = |seat: u32| manners[usize::from(guests[seat as usize].manner)].linger;
        self.company.end_conversations(|seat| chance(words[seat as usize], linger(seat)))
    }

    /// Matches the free guests, by choice where acquaintances count for more than strangers.
    fn pair_up(&mut self, slot: u32, luck: &SlotLuck) {
        let Some(stream) = &mut self.choices else {
            self.company.pair_up(luck.row(Row::Order), None);
            return;
        };
        let n = width(self.guests.len());
        let mut words = vec![0; 4 * n];
        stream.seek(u64::from(slot) * words.len() as u64);
        stream.fill(&mut words);
        let (candidates, tosses) = words.split_at(2 * n);
        let (tosses, movers) = tosses.split_at(n);
        let guests = &self.guests;
        let familiarity = self.setting.rules.scenario.mixer.familiarity;
        let weight = |a: u32, b: u32| {
            let known = guests[a as usize].ties.view().find(guests[b as usize].id).is_some();
            if known { familiarity } else { 1.0 }
        };
        let prefers = |guest: u32, first, second| {
            let (w1, w2) = (weight(guest, first), weight(guest, second));
            chance(tosses[guest as usize], w1 / (w1 + w2))
        };
        let choice = Choice { candidates, movers, prefers: &prefers };
        self.company.pair_up(luck.row(Row::Order), Some(&choice));
    }

    /// Two guests, to be changed.
    fn two(&mut self, a: u32, b: u32) -> (&mut Guest<'a>, &mut Guest<'a>) {
        let [a, b] = self.guests.get_disjoint_mut([a as usize, b as usize]).expect("nobody talks to oneself");
        (a, b)
    }

    /// A turn of the first toward the second, and what bystanders make of it.
    fn turn(&mut self, slot: u32, (a, b): (u32, u32), luck: &SlotLuck, tally: &mut Tally) {
        let setting = self.setting;
        let [guest, other] =
            self.guests.get_disjoint_mut([a as usize, b as usize]).expect("nobody talks to oneself");
        let acts = setting.turn(guest, other, luck.turn(a), tally);
        if self.watched.is_some() {
            self.witness(slot, (a, b), acts);
        }
    }

    /// Every other guest sees each act with chance `observe` and judges it.
    fn witness(&mut self, slot: u32, (a, b): (u32, u32), acts: Acts) {
        let n = width(self.guests.len()) as u64;
        for (k, (act, actor, recipient)) in (0u64..).zip([(acts[0], a, b), (acts[1], b, a)]) {
            let (Some(act), Some(words)) = (act, self.watched.as_mut()) else { continue };
            words.seek(((u64::from(slot) * n + u64::from(a)) * 2 + k) * n);
            let whom = self.guests[recipient as usize].id;
            let actor_seen = (self.guests[actor as usize].id, self.guests[actor as usize].actor);
            for (seat, judge) in (0u32..).zip(&mut self.guests) {
                let word = words.word();
                if seat != a && seat != b {
                    self.setting.witness(judge, actor_seen, whom, act, word);
                }
            }
        }
    }

    /// Ends conversations: each leaves a tie on both sides.
    fn part(&mut self, ended: &[Ended], tally: &mut Tally) {
        let (prior, decay) = (self.setting.opinions.prior(), self.setting.opinions.decay());
        for &(a, b, slots) in ended {
            let (a, b) = self.two(a, b);
            a.ties.part(b.id, prior, decay);
            b.ties.part(a.id, prior, decay);
            for strategy in [a.agent.strategy, b.agent.strategy] {
                tally.count(strategy, Count::Conversations, 1);
                tally.count(strategy, Count::ConversationSlots, slots.into());
            }
        }
    }

    /// Makes the slot's verdicts the standings of its guests (public reputation).
    pub(super) fn settle(&mut self) {
        if self.setting.rules.public {
            self.guests.iter_mut().for_each(|guest| guest.standing = guest.standing_next);
        }
    }

    /// Lets everybody know the standings of its guests (public reputation).
    pub(super) fn publish(&self, standings: &Standings) {
        if self.setting.rules.public {
            self.guests.iter().for_each(|guest| standings.set(guest.id, guest.standing));
        }
    }

    /// Whom the agent with a role has talked to so far; nobody if it is not here.
    pub(super) fn partners_of_role(&self) -> Vec<AgentId> {
        self.setting.role.map_or_else(Vec::new, |role| self.partners_of(role.agent))
    }

    /// Whom an agent has talked to so far; nobody if it is not here.
    pub(super) fn partners_of(&self, agent: AgentId) -> Vec<AgentId> {
        let seat = (0u32..).zip(&self.guests).find(|(_, guest)| guest.id == agent);
        let partners = seat.into_iter().flat_map(|(seat, _)| self.company.partners(seat));
        partners.map(|other| self.guests[other as usize].id).collect()
    }

    /// Ends the last conversations, counts the guests, and hands over whom to call.
    pub(super) fn close(&mut self, tally: &mut Tally, referrals: &mut Vec<(AgentId, Referral)>) {
        let ended = self.company.end_conversations(|_| false);
        self.part(&ended, tally);
        for (seat, guest) in (0u32..).zip(&self.guests) {
            let strategy = guest.agent.strategy;
            tally.count(strategy, Count::Guests, 1);
            tally.count(strategy, Count::Travellers, guest.travelled.into());
            tally.count(strategy, Count::Contacts, self.company.n_met(seat).into());
            if let (Some(referral), Some(_)) = (guest.referral, guest.agent.need()) {
                referrals.push((guest.id, referral));
            }
        }
    }
}
