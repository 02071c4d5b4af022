//! The turns of a slot among strangers: all side by side, but where somebody is able to help.

use super::Crowd;
use super::seats::{NONE, SEAT, SEATS};
use crate::draws::happens;
use crate::model::agent::Agent;
use crate::model::judging::{Act, learn};
use crate::model::ledger::{Count, Tally, solve};
use crate::model::record::Channel;
use crate::model::slot_luck::{Row, width};
use crate::model::talker::Talker;

impl<'a> Crowd<'a> {
    /// Who pushes, who encourages, and who could solve a need in these turns.
    #[allow(clippy::needless_range_loop)] // a position in many lanes
    pub(super) fn decide(&mut self) {
        let (guests, slot, n) = (&self.guests, &mut self.slot, self.n);
        let (ask, serve) = (slot.luck.row(Row::Ask), slot.luck.row(Row::Serve));
        for seat in 0..width(n).min(SEATS) {
            let talks = slot.other[seat] != SEAT[seat];
            let (own, others) = (guests.fields[seat], slot.others_fields[seat]);
            let may_push = (own & NONE != NONE) & (guests.pushed[seat] == 0);
            let pushes = may_push & happens(ask[seat], guests.ask[seat]);
            let serves = !pushes & happens(serve[seat], guests.serve[seat]);
            let (helper, helped) = if pushes { (others, own) } else { (own, others) };
            let able = helper >> 16 == helped & NONE;
            let liked = slot.others_standing[seat] >= guests.min_opinion[seat];
            let helps_gladly = liked | (others & NONE == NONE);
            slot.pushes[seat] = u32::from(talks & pushes);
            slot.able[seat] = u32::from(talks & able);
            slot.encourages[seat] = u32::from(talks & serves & !able & helps_gladly);
        }
    }

    /// Everybody's act is judged, but where somebody is able: see [`Crowd::help`].
    #[allow(clippy::needless_range_loop)] // a position in many lanes
    pub(super) fn judge(&mut self) {
        let rules = self.setting.rules;
        let (slot, guests, n) = (&self.slot, &mut self.guests, self.n);
        let credit = rules.encourage_credit;
        let words = slot.luck.row(Row::Act);
        for seat in 0..width(n).min(SEATS) {
            // Everything is read before anything is chosen, so that choosing needs no branch.
            let (word, pushes, encourages) =
                (words[seat], slot.pushes[seat] != 0, slot.encourages[seat] != 0);
            let (standing, motive, push) =
                (guests.standing[seat], guests.motive[seat], guests.push_verdict[seat]);
            let (misread, misjudged) = (guests.misread[seat], guests.misjudged[seat]);
            let is_read = happens(word, guests.read[seat]);
            let counts = (pushes | encourages) & happens(word, guests.seen[seat]);
            let by_norm = if pushes { push } else { credit };
            let verdict = if is_read { motive } else { by_norm };
            let is_wrong = happens(word, if is_read { misread } else { misjudged });
            let moved = learn(standing, if is_wrong { -verdict } else { verdict }, rules.learning);
            guests.next[seat] = if counts { moved } else { standing };
        }
    }

    /// The turns of a pair in which somebody is able to solve the other's need, one after the other.
    pub(super) fn help(&mut self, first: usize, second: usize, agents: &[&Agent], tally: &mut Tally) {
        for seat in [first, second] {
            self.guests.next[seat] = self.guests.standing[seat];
        }
        self.turn(first, second, agents, tally);
        self.turn(second, first, agents, tally);
    }

    /// One turn of `a` toward `b`.
    ///
    /// Whoever pushes asks the other to help, whoever serves offers help itself: in both cases there is a
    /// helper who may be able, and a helped who may be liked enough.
    fn turn(&mut self, a: usize, b: usize, agents: &[&Agent], tally: &mut Tally) {
        let (guests, luck) = (&self.guests, &self.slot.luck);
        let word = |row| luck.row(row)[a];
        let pushes =
            guests.need(a) != NONE && guests.pushed[a] == 0 && happens(word(Row::Ask), guests.ask[a]);
        let serves = !pushes && happens(word(Row::Serve), guests.serve[a]);
        let (helper, helped) = if pushes { (b, a) } else { (a, b) };
        let able = guests.expertise(helper) == guests.need(helped);
        let willing = guests.standing[helped] >= guests.min_opinion[helper];
        let encourages = serves && !able && (willing || guests.need(b) == NONE);
        let (act, reply) = (word(Row::Act), word(Row::Reply));
        self.slot.pushes[a] = pushes.into();
        self.slot.encourages[a] = encourages.into();
        let mut does = encourages.then_some(Act::Encourage);
        if able && (pushes || serves) {
            let helps = willing && self.assists((a, helper, helped), pushes, agents, tally);
            does = Some(if helps { Act::Help } else { Act::Refuse });
        } else if able && self.setting.rules.scenario.needs.visible {
            does = Some(Act::Refuse);
        }
        if does == Some(Act::Refuse) {
            tally.count(agents[helper].strategy, Count::Refusals, 1);
        }
        if pushes {
            self.weigh(a, b, Act::Push, act);
        }
        if let Some(does) = does {
            self.weigh(helper, helped, does, if pushes { reply } else { act });
        }
    }

    /// Whether a helper who is able and willing solves the need of `helped`, in the turn of `mover`.
    fn assists(
        &mut self,
        (mover, helper, helped): (usize, usize, usize),
        pushed: bool,
        agents: &[&Agent],
        tally: &mut Tally,
    ) -> bool {
        let word = self.slot.luck.row(Row::Answer)[mover];
        let talker = self.talker(helper);
        let succeeds = if pushed {
            happens(word, talker.comply) && !happens(word, talker.comply_fails)
        } else {
            !happens(word, talker.fails)
        };
        if succeeds {
            solve(agents[helper], agents[helped], if pushed { Channel::Push } else { Channel::Gift }, tally);
            self.guests.fields[helped] |= NONE;
        }
        succeeds
    }

    /// Moves an actor's standing toward the verdict on one of its acts.
    fn weigh(&mut self, actor: usize, recipient: usize, act: Act, word: u32) {
        let (talker, good) = (self.talker(actor), self.guests.standing[recipient] >= 0.0);
        if !happens(word, talker.seen) {
            return;
        }
        let (verdict, wrong) = if happens(word, talker.read) {
            (talker.motive, talker.misread)
        } else {
            (talker.by_norm[act as usize][usize::from(good)], talker.misjudged)
        };
        let verdict = if happens(word, wrong) { -verdict } else { verdict };
        self.guests.next[actor] = learn(self.guests.next[actor], verdict, self.setting.rules.learning);
    }

    pub(super) fn talker(&self, seat: usize) -> &'a Talker {
        &self.setting.rules.talkers[self.guests.talker[seat] as usize]
    }
}
