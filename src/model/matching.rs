//! Who talks to whom in a slot: an even matching that one guest's choice disturbs little.
//!
//! A random order of all guests is drawn whoever is free. Neighbours in it (first and second,
//! third and fourth ...) who are both free talk to each other; the free guests who are left
//! pair up in the order. Renaming the free guests renames the outcome and changes nothing else,
//! so every matching of them is equally likely, and so is who of a pair comes first in the
//! order and moves first.

use super::met::Met;
use crate::draws::{below, chance};

/// Stands for "talks to nobody".
const ALONE: u32 = u32::MAX;

/// How guests choose their partners where acquaintances count for more.
pub(crate) struct Choice<'a> {
    /// Two words per seat: which two candidates it chooses between.
    pub(crate) candidates: &'a [u32],
    /// A word per seat: whether it moves first toward the one it chose.
    pub(crate) movers: &'a [u32],
    /// Whether a guest (named first) prefers the first of two candidates.
    pub(crate) prefers: &'a dyn Fn(u32, u32, u32) -> bool,
}

/// The free guests, to be drawn from and taken out in constant time.
struct Pool {
    seats: Vec<u32>,
    places: Vec<usize>,
}

impl Pool {
    fn new(seats: &[u32], n: usize) -> Self {
        let mut places = vec![0; n];
        seats.iter().enumerate().for_each(|(place, &seat)| places[seat as usize] = place);
        Self { seats: seats.to_vec(), places }
    }

    fn take(&mut self, seat: u32) {
        let place = self.places[seat as usize];
        self.seats.swap_remove(place);
        if let Some(&moved) = self.seats.get(place) {
            self.places[moved as usize] = place;
        }
    }

    /// Two different seats, drawn evenly by the words of `guest`; the same twice if one is left.
    fn two(&self, words: &[u32], guest: u32) -> Option<(u32, u32)> {
        let n = u32::try_from(self.seats.len()).expect("guests are agents");
        let [word, other_word] = [0, 1].map(|k| words[2 * guest as usize + k]);
        let first = below(word, n) as usize;
        let other = below(other_word, n.saturating_sub(1)) as usize;
        let second = if n > 1 && other >= first { other + 1 } else { other };
        Some((*self.seats.get(first)?, self.seats[second]))
    }
}

/// A conversation that ended: two seats, and how many slots it had.
pub(super) type Ended = (u32, u32, u32);

/// Two who talk in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    /// The seat that moves first.
    pub first: u32,
    /// The other seat.
    pub second: u32,
    /// Whether the conversation begins with this slot.
    pub is_new: bool,
}

/// Who is free, who talks to whom and since when, at one event; guests are named by seat.
#[derive(Clone, Debug)]
pub(super) struct Company {
    partner: Vec<u32>,
    length: Vec<u32>,
    order: Vec<u32>,
    /// The pairs of the latest slot.
    pairs: Vec<Pair>,
    met: Met,
    scratch: Scratch,
}

/// Memory of the lists that every slot makes anew.
#[derive(Clone, Debug, Default)]
struct Scratch {
    ended: Vec<Ended>,
    rest: Vec<u32>,
    named: Vec<bool>,
}

impl Company {
    /// `n` guests who have not met, for an event of `slots` slots.
    pub(super) fn new(n: usize, slots: u32) -> Self {
        Self {
            partner: vec![ALONE; n],
            length: vec![0; n],
            order: Vec::with_capacity(n),
            pairs: Vec::with_capacity(n / 2),
            met: Met::new(n, slots),
            scratch: Scratch::default(),
        }
    }

    /// Gives a list of ended conversations back, so that its memory serves the next slot.
    pub(super) fn keep(&mut self, ended: Vec<Ended>) {
        self.scratch.ended = ended;
    }

    /// Gives the list of pairs back: the next slot asks which of them go on.
    pub(super) fn keep_pairs(&mut self, pairs: Vec<Pair>) {
        self.pairs = pairs;
    }

    /// Ends every conversation in which not both stay; returns each as (a, b, slots).
    pub(super) fn end_conversations(&mut self, stays: impl Fn(u32) -> bool) -> Vec<Ended> {
        let mut ended = std::mem::take(&mut self.scratch.ended);
        ended.clear();
        for &Pair { first, second, .. } in &self.pairs {
            if !(stays(first) && stays(second)) {
                ended.push((first, second, self.length[first as usize]));
                self.partner[first as usize] = ALONE;
                self.partner[second as usize] = ALONE;
            }
        }
        ended
    }

    /// Matches the free guests, given a word per seat; evenly, or by choice. One odd free guest
    /// sits out.
    pub(crate) fn pair_up(&mut self, words: &[u32], choice: Option<&Choice<'_>>) {
        self.shuffle(words);
        let mut order = std::mem::take(&mut self.order);
        match choice {
            None => self.pair_evenly(&order),
            Some(choice) => self.pair_by_choice(&mut order, choice),
        }
        self.order = order;
        self.list_pairs();
    }

    /// Neighbours in the order who are both free, then those left over.
    fn pair_evenly(&mut self, order: &[u32]) {
        let mut rest = std::mem::take(&mut self.scratch.rest);
        rest.clear();
        for pair in order.chunks(2) {
            match *pair {
                [a, b] if self.is_free(a) && self.is_free(b) => self.join(a, b),
                _ => rest.extend(pair.iter().copied().filter(|&s| self.is_free(s))),
            }
        }
        rest.chunks_exact(2).for_each(|pair| self.join(pair[0], pair[1]));
        self.scratch.rest = rest;
    }

    /// In the order, each guest who is still free chooses between two others drawn evenly from
    /// those still free; who of the two moves first is drawn, too.
    fn pair_by_choice(&mut self, order: &mut [u32], choice: &Choice<'_>) {
        let choosers: Vec<u32> = order.iter().copied().filter(|&s| self.is_free(s)).collect();
        let mut pool = Pool::new(&choosers, order.len());
        let mut place = vec![0; order.len()];
        (0u32..).zip(order.iter()).for_each(|(at, &seat)| place[seat as usize] = at as usize);
        for guest in choosers {
            if !self.is_free(guest) {
                continue;
            }
            pool.take(guest);
            let Some((first, second)) = pool.two(choice.candidates, guest) else { break };
            let other = if (choice.prefers)(guest, first, second) { first } else { second };
            pool.take(other);
            self.join(guest, other);
            // Who comes first in the order moves first, and the chooser always does.
            if !chance(choice.movers[guest as usize], 0.5) {
                order.swap(place[guest as usize], place[other as usize]);
            }
        }
    }

    fn is_free(&self, seat: u32) -> bool {
        self.partner[seat as usize] == ALONE
    }

    /// A random order of all seats (Fisher and Yates).
    fn shuffle(&mut self, words: &[u32]) {
        self.order.clear();
        self.order.extend(0..u32::try_from(self.partner.len()).expect("guests are agents"));
        for i in (1..self.order.len()).rev() {
            let bound = u32::try_from(i + 1).expect("guests are agents");
            self.order.swap(i, below(words[i], bound) as usize);
        }
    }

    /// Starts a conversation.
    fn join(&mut self, a: u32, b: u32) {
        for (one, other) in [(a, b), (b, a)] {
            self.partner[one as usize] = other;
            self.length[one as usize] = 0;
            self.met.note(one, other);
        }
    }

    /// Lists who talks in this slot, in its order, and counts the slot.
    fn list_pairs(&mut self) {
        self.pairs.clear();
        let named = &mut self.scratch.named;
        named.clear();
        named.resize(self.partner.len(), false);
        for neighbours in self.order.chunks(2) {
            for &first in neighbours {
                let second = self.partner[first as usize];
                if second == ALONE || named[first as usize] {
                    continue;
                }
                named[second as usize] = true;
                let length = &mut self.length[first as usize];
                *length += 1;
                let is_new = *length == 1;
                self.length[second as usize] = *length;
                self.pairs.push(Pair { first, second, is_new });
            }
        }
    }

    /// The pairs that talk, in the order of the slot; to be given back by [`Company::keep_pairs`].
    pub(super) fn pairs(&mut self) -> Vec<Pair> {
        std::mem::take(&mut self.pairs)
    }

    /// The partners that a guest has had, by seat.
    pub(super) fn partners(&self, seat: u32) -> impl Iterator<Item = u32> + '_ {
        (0u32..).zip(&self.partner).map(|(other, _)| other).filter(move |&other| self.met.has(seat, other))
    }

    /// Distinct partners that a guest has had.
    pub(super) fn n_met(&self, seat: u32) -> u32 {
        self.met.count(seat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Luck, Purpose, Stream};

    fn words(stream: &mut Stream, n: usize) -> Vec<u32> {
        (0..n).map(|_| stream.word()).collect()
    }

    /// Who talks, who moves first named first.
    fn sorted_pairs(company: &mut Company) -> Vec<(u32, u32)> {
        let mut pairs: Vec<_> = company.pairs().iter().map(|p| (p.first, p.second)).collect();
        pairs.sort_unstable();
        pairs
    }

    fn stream(seed: u64) -> Stream {
        Luck::new(seed).stream(0, Purpose::Event, 0)
    }

    #[test]
    fn everyone_is_matched_but_an_odd_guest() {
        let mut luck = stream(1);
        for n in [0, 1, 2, 3, 7, 40] {
            let mut company = Company::new(n, 3);
            company.pair_up(&words(&mut luck, n), None);
            assert_eq!(company.pairs().len(), n / 2);
            assert!((0..).zip(&company.partner).all(|(s, _)| n == 1 || company.n_met(s) <= 1));
        }
    }

    #[test]
    fn all_matchings_of_the_free_and_both_movers_are_equally_likely() {
        // Seats 0 and 1 talk on; the four others have 3 matchings, each with 4 choices of movers.
        let (mut luck, mut counts, n) = (stream(2), std::collections::BTreeMap::new(), 24_000);
        for _ in 0..n {
            let mut company = Company::new(6, 2);
            company.join(0, 1);
            company.pair_up(&words(&mut luck, 6), None);
            *counts.entry(sorted_pairs(&mut company)).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 24, "12 outcomes of the free times 2 movers of the pair that talks on");
        let expected = f64::from(n) / 24.0;
        let chi_square: f64 =
            counts.values().map(|&c| (f64::from(c) - expected) * (f64::from(c) - expected) / expected).sum();
        // 23 degrees of freedom: 4 standard deviations above the mean.
        assert!(chi_square < 23.0 + 4.0 * (46.0_f64).sqrt(), "{chi_square}");
    }

    #[test]
    fn one_guest_who_stays_disturbs_few_others() {
        let mut luck = stream(3);
        let (mut changed, runs) = (0, 200);
        for _ in 0..runs {
            let (first, second) = (words(&mut luck, 40), words(&mut luck, 40));
            let partners = |stays: bool| {
                let mut company = Company::new(40, 2);
                company.pair_up(&first, None);
                company.end_conversations(|s| stays && (s == 0 || s == company_partner(&first)));
                company.pair_up(&second, None);
                company.partner.clone()
            };
            let (with, without) = (partners(true), partners(false));
            changed += with.iter().zip(&without).filter(|(a, b)| a != b).count();
        }
        assert!(changed / runs <= 8, "{} of 40 guests meet someone else on average", changed / runs);
    }

    /// The partner that seat 0 gets in the first slot.
    fn company_partner(words: &[u32]) -> u32 {
        let mut company = Company::new(words.len(), 1);
        company.pair_up(words, None);
        company.partner[0]
    }

    #[test]
    fn conversations_go_on_while_both_stay_and_their_slots_are_counted() {
        let mut luck = stream(4);
        let mut company = Company::new(2, 5);
        for _ in 0..3 {
            company.pair_up(&words(&mut luck, 2), None);
            assert!(company.end_conversations(|_| true).is_empty(), "both stay");
        }
        let ended = company.end_conversations(|s| s == 0);
        assert!(matches!(ended[..], [(0, 1, 3) | (1, 0, 3)]), "{ended:?}");
        company.pair_up(&words(&mut luck, 2), None);
        assert_eq!(company.n_met(0), 1, "an old partner");
        assert!(company.pairs()[0].is_new, "meeting again is a new talk");
    }

    #[test]
    fn a_preferred_candidate_is_chosen_and_either_moves_first() {
        let (mut luck, mut first_mover) = (stream(5), [0; 2]);
        for _ in 0..400 {
            let mut company = Company::new(3, 1);
            // Everyone prefers seat 2 where it is a candidate, and with three guests it always is.
            let choice = Choice {
                candidates: &words(&mut luck, 6),
                movers: &words(&mut luck, 3),
                prefers: &|_, first, _| first == 2,
            };
            company.pair_up(&words(&mut luck, 3), Some(&choice));
            let pairs = sorted_pairs(&mut company);
            assert!(pairs.len() == 1 && (pairs[0].0 == 2 || pairs[0].1 == 2));
            first_mover[usize::from(pairs[0].0 == 2)] += 1;
        }
        assert!(first_mover.iter().all(|n| (140..=260).contains(n)), "{first_mover:?}");
    }

    #[test]
    fn without_a_preference_choosing_is_even() {
        let (mut luck, mut counts) = (stream(6), std::collections::BTreeMap::new());
        for _ in 0..12_000 {
            let mut company = Company::new(4, 1);
            let tosses = words(&mut luck, 4);
            let choice = Choice {
                candidates: &words(&mut luck, 8),
                movers: &words(&mut luck, 4),
                prefers: &|guest, _, _| tosses[guest as usize] & 1 == 0,
            };
            company.pair_up(&words(&mut luck, 4), Some(&choice));
            *counts.entry(sorted_pairs(&mut company)).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 12, "3 matchings with 4 choices of movers");
        // Each is expected 1,000 times, with a standard deviation of about 30.
        assert!(counts.values().all(|n| (870..=1130).contains(n)), "{counts:?}");
    }
}
