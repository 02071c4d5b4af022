//! Whom guests choose to talk to.

use super::Event;
use crate::draws::bernoulli;
use crate::model::matching::Choice;
use crate::model::slot_draws::{Row, width};
use crate::model::tie_table::TieRows;
use crate::model::ties::ANYWHERE;
use crate::model::weights::{Candidate, first_chance, weight};

impl Event<'_> {
    /// Matches the free guests: by choice if they weigh candidates, else evenly.
    pub(super) fn pair_up(&mut self, slot: u32, ties: &TieRows<'_>) {
        let none_stay = self.linger.is_none();
        let Some(stream) = &mut self.choices else {
            return self.matching.pair_up(self.draws.row(Row::Order), None, none_stay);
        };
        let n = width(self.seats.guests.len());
        let mut words = vec![0; 4 * n];
        stream.seek(u64::from(slot) * words.len() as u64);
        stream.fill(&mut words);
        let (candidates, tosses) = words.split_at(2 * n);
        let (tosses, movers) = tosses.split_at(n);
        // Moved out of `self`, which the choice only reads.
        let mut matching = std::mem::take(&mut self.matching);
        let mixer = &self.context.rules.scenario.mixer;
        let weight =
            |guest: u32, other: u32| weight(mixer, self.candidate(guest as usize, other as usize, ties));
        let prefers = |guest: u32, first: u32, second: u32| {
            bernoulli(tosses[guest as usize], first_chance(weight(guest, first), weight(guest, second)))
        };
        let choice = Choice { candidates, movers, prefers: &prefers };
        matching.pair_up(self.draws.row(Row::Order), Some(&choice), none_stay);
        self.matching = matching;
    }

    /// What a guest knows of another that matters to its choice.
    fn candidate(&self, guest: usize, other: usize, ties: &TieRows<'_>) -> Candidate {
        let (rules, opinions, towns) = (self.context.rules, self.context.opinions, self.context.towns);
        let mixer = &rules.scenario.mixer;
        let [own, of_other] = [guest, other].map(|seat| &self.seats.guests[seat]);
        let (row, others_row) = (ties.of(guest), ties.of(other));
        let tie = row.find(of_other.id, ANYWHERE);
        let opinion = if rules.public {
            self.seats.standing[other]
        } else {
            opinions.value(tie.unwrap_or(opinions.prior()))
        };
        let shares_a_contact = || row.contacts.iter().any(|&k| others_row.find(k, ANYWHERE).is_some());
        Candidate {
            known: tie.is_some(),
            opinion: opinion.into(),
            // What takes time is looked up only if it matters.
            same_town: mixer.same_town != 1.0 && towns.of(own.id) == towns.of(of_other.id),
            same_region: own.actor.region == of_other.actor.region,
            same_domain: own.expertise == of_other.expertise,
            mutual: mixer.mutual != 1.0 && shares_a_contact(),
        }
    }
}
