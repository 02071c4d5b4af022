//! One event and its slots. In a slot some conversations end, free guests pair up, and all pairs take their turns.
//!
//! The turns of all guests are decided first, in loops over columns ([`Event::decide`]). For most pairs that is all:
//! an encouragement, a push without effect, or nothing. If a need can be solved or a private opinion is needed, the
//! pair takes its turns one after the other ([`Event::turn`]), by the same rules.

mod choice;
mod favours;
mod observe;
mod turn;

use super::act::{ActRecord, EventId};
use super::decide::{Answer, intend, outcome};
use super::favours::{Favours, Help};
use super::gratitude::LastHelped;
use super::judge::{Act, Observation, learn};
use super::ledger::{self, Count, Tally};
use super::matching::{Matching, Pair};
use super::need_state::NeedState;
use super::opinion::Opinions;
use super::rules::Rules;
use super::seats::{Guest, Seats};
use super::slot_draws::{Row, SlotDraws, width};
use super::tie_table::TieRows;
use super::ties::{ANYWHERE, AgentId, Referral};
use super::towns::Towns;
use crate::draws::{Blocks, Purpose, RandomKey, Stream, happens};

/// The context that all events of a round share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'w> {
    /// The rules.
    pub rules: &'w Rules,
    /// Opinions in this round.
    pub opinions: Opinions<'w>,
    /// Expertise of all agents.
    pub expertise: &'w [u16],
    /// Home towns of all agents.
    pub towns: &'w Towns,
    /// When agents were last helped.
    pub last_helped: &'w LastHelped,
    /// The favours that agents owe each other.
    pub favours: &'w Favours,
    /// Further needs and sizes of needs.
    pub needs: &'w NeedState,
    /// The key of the replicate's random numbers.
    pub random_key: RandomKey,
    /// The round.
    pub round: u32,
    /// Whether acts are recorded.
    pub observed: bool,
}

/// The state of an event. Its memory is reused for further events ([`Event::reopen`]).
pub(super) struct Event<'w> {
    context: Context<'w>,
    seats: Seats<'w>,
    matching: Matching,
    draws: SlotDraws,
    blocks: Blocks,
    /// Draws for the choice of partners; `None` if all weigh the same.
    choices: Option<Stream>,
    /// Draws for staying in a conversation; `None` if nobody ever stays.
    linger: Option<Stream>,
    /// Draws for staying out of politeness; `None` if nobody does.
    politeness: Option<Stream>,
    /// Draws for bystanders; `None` under public reputation or if `observe` is 0.
    bystanders: Option<Stream>,
    /// The acts so far; `None` if nobody asks for them.
    acts: Option<Acts>,
    /// Help that solved a need, in its order; empty if nobody returns favours.
    pub(super) help: Vec<Help>,
}

/// The acts of an event so far.
#[derive(Debug)]
struct Acts {
    event: EventId,
    rows: Vec<ActRecord>,
    /// Help, refusals and judgements of the current slot in their order, each with the seat whose turn it was.
    in_turns: Vec<(usize, ActRecord)>,
}

impl<'w> Event<'w> {
    /// An event of these guests, in the order of their seats; `unit` keys its draws.
    pub(super) fn new(context: Context<'w>, guests: &[Guest<'w>], unit: u64) -> Self {
        let mut event = Self {
            context,
            seats: Seats::default(),
            matching: Matching::default(),
            draws: SlotDraws::default(),
            blocks: context.random_key.blocks(context.round, Purpose::Event, unit),
            choices: None,
            linger: None,
            politeness: None,
            bystanders: None,
            acts: None,
            help: Vec::new(),
        };
        event.reopen(guests, unit);
        event
    }

    /// Starts another event in the same memory.
    pub(super) fn reopen(&mut self, guests: &[Guest<'w>], unit: u64) {
        let Context { rules, random_key, round, .. } = self.context;
        let s = &rules.scenario;
        self.seats.seat(guests, rules, self.context.opinions);
        self.matching.open(guests.len(), s.mixer.slots);
        self.draws.clear();
        let stream = |needed: bool, purpose| needed.then(|| random_key.stream(round, purpose, unit));
        self.blocks = random_key.blocks(round, Purpose::Event, unit);
        self.linger = stream(rules.lingers, Purpose::Linger);
        self.politeness = stream(rules.lingers && s.mixer.politeness > 0.0, Purpose::Politeness);
        self.choices = stream(rules.weighs_candidates, Purpose::Choices);
        self.bystanders = stream(!rules.public && s.reputation.observe > 0.0, Purpose::Bystanders);
        if self.context.observed {
            self.record_arrivals(unit);
        }
    }

    /// Runs one slot. Slots are run in order, each once, because their random words follow one another. `ties` are
    /// those of the guests, by seat.
    pub(super) fn run_slot(&mut self, slot: u32, ties: &mut TieRows<'_>, tally: &mut Tally) {
        self.draws.draw(self.seats.guests.len(), &mut self.blocks);
        self.end_conversations(ties);
        self.pair_up(slot, ties);
        if self.context.favours.are_kept() {
            self.return_favours();
        }
        if self.context.needs.are_several() {
            self.choose_needs();
        }
        self.copy_partner_columns();
        self.decide();
        if self.context.rules.public {
            self.judge_columns();
        }
        // Moved out of `self` for the loop, which does not change the pairs.
        let matching = std::mem::take(&mut self.matching);
        for &[first, second] in matching.pairs() {
            let (a, b) = (first as usize, second as usize);
            if self.seats.open[a] | self.seats.open[b] != 0 {
                (self.seats.next[a], self.seats.next[b]) = (self.seats.standing[a], self.seats.standing[b]);
                self.turn(slot, (a, b), ties, tally);
                self.turn(slot, (b, a), ties, tally);
            } else if !self.context.rules.public {
                self.judge_decided(slot, (a, b), ties);
                self.judge_decided(slot, (b, a), ties);
            }
        }
        self.matching = matching;
        if self.acts.is_some() {
            self.record_slot(slot);
        }
        self.count(tally);
    }

    /// Ends every conversation that both guests want to end, or one of them who does not stay out of politeness.
    fn end_conversations(&mut self, ties: &mut TieRows<'_>) {
        let (opinions, seats) = (self.context.opinions, &self.seats);
        let guests = &seats.guests;
        let mut ended = |pair| renew_ties(opinions, seats, ties, pair);
        let Some(stream) = &mut self.linger else {
            if self.context.rules.scenario.population.ties_max > 0 {
                self.matching.pairs().iter().copied().for_each(ended);
            }
            return self.matching.end_all();
        };
        let mut words = vec![0; width(guests.len())];
        stream.fill(&mut words);
        let rules = self.context.rules;
        let linger = |seat: u32| guests[seat as usize].actor.behaviour.linger;
        let wants = |seat: u32| happens(words[seat as usize], linger(seat));
        let Some(stream) = &mut self.politeness else {
            return self.matching.end_conversations(|a, b| wants(a) && wants(b), &mut ended);
        };
        let mut words = vec![0; width(guests.len())];
        stream.fill(&mut words);
        let yields = |seat: u32| happens(words[seat as usize], rules.politeness);
        let goes_on = |a, b| match (wants(a), wants(b)) {
            (true, true) => true,
            (true, false) => yields(b),
            (false, true) => yields(a),
            (false, false) => false,
        };
        self.matching.end_conversations(goes_on, &mut ended);
    }

    /// Several needs at once: enters the need of each guest that matters to its partner.
    fn choose_needs(&mut self) {
        let matching = std::mem::take(&mut self.matching);
        for &[a, b] in matching.pairs() {
            self.seats.choose_need(a as usize, b as usize, self.context.needs);
            self.seats.choose_need(b as usize, a as usize, self.context.needs);
        }
        self.matching = matching;
    }

    /// Copies facts and standing of each guest's partner to the guest's seat, and counts conversations.
    fn copy_partner_columns(&mut self) {
        let (w, s) = (width(self.seats.guests.len()), &mut self.seats);
        let (partner, is_new) = (self.matching.partner().first(w), self.matching.is_new().first(w));
        let (facts, others_facts) = (s.facts.first(w), s.others_facts.first_mut(w));
        let (standing, others_standing) = (s.standing.first(w), s.others_standing.first_mut(w));
        for i in 0..w {
            let other = partner[i] as usize;
            others_facts[i] = facts[other];
            others_standing[i] = standing[other];
        }
        // One loop per column, because the compiler does not vectorise a loop that changes many.
        for (place, is_new) in s.place.first_mut(w).iter_mut().zip(is_new) {
            *place = if *is_new != 0 { ANYWHERE } else { *place };
        }
        s.talks.first_mut(w).iter_mut().zip(is_new).for_each(|(talks, is_new)| *talks += is_new);
        for ((slots, partner), seat) in s.slots.first_mut(w).iter_mut().zip(partner).zip(0..) {
            *slots += u32::from(*partner != seat);
        }
        // A push counts for the conversation in which it is made.
        s.pushed.first_mut(w).iter_mut().zip(is_new).for_each(|(pushed, is_new)| *pushed &= !is_new);
    }

    /// Decides the turns of the slot from the columns. A turn that needs more than the columns stays open.
    fn decide(&mut self) {
        let rules = self.context.rules;
        let (visible, public) = (rules.scenario.needs.visible, rules.public);
        let can_refer = rules.scenario.population.ties_max > 0;
        let w = width(self.seats.guests.len());
        let (ask_words, serve_words) = (&self.draws.row(Row::Ask)[..w], &self.draws.row(Row::Serve)[..w]);
        let (partner, s) = (self.matching.partner().first(w), &mut self.seats);
        let (own, others, pushed) = (s.facts.first(w), s.others_facts.first(w), s.pushed.first(w));
        let (ask, serve) = (s.ask.first(w), s.serve.first(w));
        let (standing, min_opinion) = (s.others_standing.first(w), s.min_opinion.first(w));
        let pushes = s.pushes.first_mut(w);
        let (encourages, open) = (s.encourages.first_mut(w), s.open.first_mut(w));
        for i in 0..w {
            let talks = partner[i] != seat_number(i);
            let (asks, serves) = (happens(ask_words[i], ask[i]), happens(serve_words[i], serve[i]));
            let intention = intend(own[i], others[i], pushed[i] != 0, asks, serves);
            // Right only if no able guest is asked and nobody is referred; otherwise the turn is open.
            let willing = !public | (standing[i] >= min_opinion[i]);
            let answer = Answer { willing, grants: false, fails: false, refers: false };
            let outcome = outcome(intention, others[i], answer, visible);
            let asks_more = intention.able | can_refer | (!public & intention.serves);
            let is_open = (intention.concerns_help(others[i]) & asks_more) | outcome.refuses;
            pushes[i] = u32::from(talks & intention.pushes);
            encourages[i] = u32::from(talks & outcome.encourages);
            open[i] = u32::from(talks & is_open);
        }
    }

    /// Public reputation: applies the verdicts on the decided acts to the standings of the actors.
    fn judge_columns(&mut self) {
        let rules = self.context.rules;
        let (credit, learning) = (rules.by_norm[0][Act::Encourage as usize][0], rules.learning);
        let w = width(self.seats.guests.len());
        let (words, s) = (&self.draws.row(Row::Act)[..w], &mut self.seats);
        let (pushes, encourages) = (s.pushes.first(w), s.encourages.first(w));
        let (standing, motive) = (s.standing.first(w), s.motive.first(w));
        let (push_verdict, seen, read) = (s.push_verdict.first(w), s.seen.first(w), s.read.first(w));
        let (misread, misjudged) = (s.misread.first(w), s.misjudged.first(w));
        let next = s.next.first_mut(w);
        for i in 0..w {
            // All values are loaded before the selections, so that these need no branches.
            let (word, pushes, encourages) = (words[i], pushes[i] != 0, encourages[i] != 0);
            let (standing, motive, push_verdict) = (standing[i], motive[i], push_verdict[i]);
            let (seen, read, misread, misjudged) = (seen[i], read[i], misread[i], misjudged[i]);
            let by_norm = if pushes { push_verdict } else { credit };
            let (is_seen, verdict) =
                Observation { seen, read, misread, misjudged }.verdict(word, motive, by_norm);
            let moved = learn(standing, verdict, learning);
            next[i] = if (pushes | encourages) & is_seen { moved } else { standing };
        }
    }

    /// Counts the acts of the slot, and updates the standings of the guests by its verdicts.
    fn count(&mut self, tally: &mut Tally) {
        let (w, s) = (width(self.seats.guests.len()), &mut self.seats);
        let (partner, strategy) = (self.matching.partner().first(w), s.strategy.first(w));
        let (encourages, received) = (s.encourages.first(w), s.received.first_mut(w));
        for i in 0..w {
            let other = partner[i] as usize;
            // Without a branch, because it could not be predicted.
            received[i] += encourages[other];
            tally.encourage(strategy[i], strategy[other], encourages[i].into());
        }
        let pushes = s.pushes.first(w);
        let (n_pushes, given, pushed) =
            (s.n_pushes.first_mut(w), s.given.first_mut(w), s.pushed.first_mut(w));
        for i in 0..w {
            pushed[i] |= pushes[i];
            n_pushes[i] += pushes[i];
            given[i] += encourages[i];
        }
        if self.context.rules.public {
            s.standing.first_mut(w).copy_from_slice(s.next.first(w));
        }
    }

    /// The guests and their standings.
    pub(super) fn standings(&self) -> impl Iterator<Item = (AgentId, f32)> + '_ {
        self.seats.guests.iter().enumerate().map(|(seat, guest)| (guest.id, self.seats.standing[seat]))
    }

    /// The partners of an agent so far, by seat; empty if it is not a guest.
    pub(super) fn partners_of(&self, agent: AgentId) -> Vec<AgentId> {
        let guests = &self.seats.guests;
        let seat = (0u32..).zip(guests).find(|(_, guest)| guest.id == agent);
        let partners = seat.into_iter().flat_map(|(seat, _)| self.matching.partners(seat));
        partners.map(|other| guests[other as usize].id).collect()
    }

    /// Ends the last conversations, posts payments, counts the guests' acts, and appends open referrals.
    pub(super) fn close(
        &mut self,
        ties: &mut TieRows<'_>,
        tally: &mut Tally,
        referrals: &mut Vec<(AgentId, Referral)>,
    ) {
        let (opinions, s) = (self.context.opinions, &self.seats);
        self.matching.pairs().iter().for_each(|&pair| renew_ties(opinions, s, ties, pair));
        for (seat, guest) in s.guests.iter().enumerate() {
            ledger::attend(guest.agent, guest.travelled);
            ledger::encourage(guest.agent, s.given[seat], s.received[seat]);
            // A referral lapses when no need is left for its expert.
            let is_open = |referral: &Referral| {
                let domain = self.context.expertise[referral.expert as usize];
                self.context.needs.has((guest.id, guest.agent), domain)
            };
            referrals.extend(s.referral[seat].filter(is_open).map(|referral| (guest.id, referral)));
        }
        for (seat, guest) in (0u32..).zip(&s.guests) {
            let place = seat as usize;
            let counted = [
                (Count::Guests, 1),
                (Count::Travellers, guest.travelled.into()),
                (Count::Contacts, self.matching.n_met(seat)),
                (Count::Pushes, s.n_pushes[place]),
                (Count::Conversations, s.talks[place]),
                (Count::ConversationSlots, s.slots[place]),
            ];
            tally.count_all(guest.strategy.into(), counted);
        }
    }
}

/// A seat's number as a value of columns.
#[inline(always)]
fn seat_number(seat: usize) -> u32 {
    // Guests are agents, who are numbered in 32 bits.
    #[allow(clippy::cast_possible_truncation)]
    let number = seat as u32;
    number
}

/// Renews the ties of both parties at the end of a conversation.
#[inline]
fn renew_ties(opinions: Opinions<'_>, seats: &Seats<'_>, ties: &mut TieRows<'_>, [a, b]: Pair) {
    if ties.can_hold_ties() {
        let (prior, decay) = (opinions.prior(), opinions.decay());
        for (own, other) in [(a as usize, b as usize), (b as usize, a as usize)] {
            let contact = (seats.guests[other].id, seats.place[own]);
            ties.row(own).renew(contact, prior, decay);
        }
    }
}
