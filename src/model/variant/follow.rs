//! A variant at an event that is, but for the states of some guests, the base's: who sits where, who
//! talks to whom and for how long is the same, so only the turns of pairs in which somebody differs
//! are gone through again.

use super::super::account::Fees;
use super::super::agent::Agent;
use super::super::conversation::{Guest, Setting};
use super::super::ledger::{Tally, attend};
use super::super::matching::{Ended, Pair};
use super::super::slot_luck::SlotLuck;
use super::super::ties::{AgentId, TiesMut};
use super::{AtEvent, Variant};

/// A guest of the base in the state that it has in a variant.
fn seat<'a>(guest: &Guest<'_>, agent: &'a Agent, ties: TiesMut<'a>, at_event: AtEvent) -> Guest<'a> {
    let &Guest { id, expertise, manner, region, actor, travelled, standing, standing_next, .. } = guest;
    let AtEvent { pushed, referral } = at_event;
    Guest {
        id,
        agent,
        ties,
        expertise,
        manner,
        region,
        actor,
        travelled,
        pushed,
        referral,
        standing,
        standing_next,
    }
}

impl AtEvent {
    fn of(guest: &Guest<'_>) -> Self {
        Self { pushed: guest.pushed, referral: guest.referral }
    }
}

impl Variant {
    /// Whether an event of these guests concerns this variant.
    pub(in super::super) fn attends(&self, mut guests: impl Iterator<Item = AgentId>) -> bool {
        guests.any(|id| self.has(id) || self.role.is_some_and(|role| role.agent == id))
    }

    /// The guests have arrived.
    pub(in super::super) fn arrive(&mut self, guests: &[Guest<'_>]) {
        for guest in guests {
            if let Some(row) = self.row(guest.id) {
                attend(&self.agents[row], guest.travelled);
                self.at_event[row] = AtEvent::default();
            }
        }
    }

    /// Conversations have ended: who is as in the base parts as in the base.
    pub(in super::super) fn part(&mut self, setting: &Setting<'_>, guests: &[Guest<'_>], ended: &[Ended]) {
        let (prior, fading) = (setting.rules.prior, setting.regard.fading);
        for &(a, b, _) in ended {
            let [a, b] = [a, b].map(|seat| guests[seat as usize].id);
            for (own, other) in [(a, b), (b, a)] {
                if let Some(row) = self.row(own) {
                    self.ties.nth_mut(row).part(other, prior, fading);
                }
            }
        }
    }

    /// Both turns of every pair of a slot in which somebody differs, before the base's guests, who are
    /// as the slot found them, take theirs.
    pub(in super::super) fn talk(
        &mut self,
        setting: &Setting<'_>,
        guests: &[Guest<'_>],
        pairs: &[Pair],
        luck: &SlotLuck,
    ) {
        // Taken out for the slot; nobody reads what is counted here.
        let mut uncounted = self.uncounted.take().unwrap_or_else(|| Tally::new(setting.rules.n_strategies()));
        for &Pair { first, second, is_new } in pairs {
            let [one, other] = [first, second].map(|seat| &guests[seat as usize]);
            if !(self.has(one.id) || self.has(other.id)) {
                continue;
            }
            let rows = [(one, first), (other, second)].map(|(guest, seat)| {
                self.row(guest.id).unwrap_or_else(|| {
                    let agent = (guest.agent, Fees::of(setting.fees, guest.id));
                    self.keep(guest.id, agent, guest.ties.view(), AtEvent::of(guest));
                    self.taken.push(seat);
                    self.ids.len() - 1
                })
            });
            let before = rows.map(|row| self.at_event[row]);
            let before = if is_new { before.map(|at| AtEvent { pushed: false, ..at }) } else { before };
            let [a, b] = self.agents.get_disjoint_mut(rows).expect("nobody talks to oneself");
            let [a_ties, b_ties] = self.ties.two_mut(rows[0], rows[1]);
            let mut a = seat(one, a, a_ties, before[0]);
            let mut b = seat(other, b, b_ties, before[1]);
            setting.turn(&mut a, &mut b, luck.turn(first), &mut uncounted);
            setting.turn(&mut b, &mut a, luck.turn(second), &mut uncounted);
            let after = [AtEvent::of(&a), AtEvent::of(&b)];
            rows.into_iter().zip(after).for_each(|(row, at)| self.at_event[row] = at);
        }
        self.uncounted = Some(uncounted);
    }

    /// The base has gone through the slot as well: of those who differ since this slot, lets those go who
    /// came out of it as in the base.
    pub(in super::super) fn compare(&mut self, setting: &Setting<'_>, guests: &[Guest<'_>]) {
        while let Some(seat) = self.taken.pop() {
            let guest = &guests[seat as usize];
            let Some(row) = self.row(guest.id) else { continue };
            let same = self.agents[row].acts_as(guest.agent)
                && self.at_event[row] == AtEvent::of(guest)
                && self.ties.nth(row) == guest.ties.view();
            if same {
                let base = guest.agent.counts(Fees::of(setting.fees, guest.id), 0);
                self.release(row, base);
            }
        }
    }

    /// The event is over: takes down whom its guests were referred to, where that may differ.
    pub(in super::super) fn leave(&mut self, guests: &[Guest<'_>]) {
        for guest in guests {
            if let Some(row) = self.row(guest.id) {
                let referral = self.at_event[row].referral;
                self.referred.push((guest.id, referral.filter(|_| self.agents[row].need().is_some())));
            }
        }
    }
}
