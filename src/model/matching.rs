//! Who talks to whom in a slot: an even matching that one guest's choice disturbs little.
//!
//! A random order of all guests is drawn whoever is free. Neighbours in it (first and second,
//! third and fourth ...) who are both free talk to each other; the free guests who are left
//! pair up in the order. Renaming the free guests renames the outcome and changes nothing else,
//! so every matching of them is equally likely, and so is who of a pair comes first in the
//! order and moves first.

use crate::draws::below;

/// Stands for "talks to nobody".
const ALONE: u32 = u32::MAX;

/// Who is free, who talks to whom and since when, at one event; guests are named by seat.
#[derive(Clone, Debug)]
pub(super) struct Company {
    partner: Vec<u32>,
    length: Vec<u32>,
    order: Vec<u32>,
    met: Vec<u32>,
    n_met: Vec<u32>,
    most_met: usize,
}

impl Company {
    /// `n` guests who have not met, for an event of `slots` slots.
    pub(super) fn new(n: usize, slots: u32) -> Self {
        let most_met = n.saturating_sub(1).min(slots as usize);
        Self {
            partner: vec![ALONE; n],
            length: vec![0; n],
            order: Vec::with_capacity(n),
            met: vec![0; n * most_met],
            n_met: vec![0; n],
            most_met,
        }
    }

    /// Ends every conversation in which not both stay; returns each as (a, b, slots).
    pub(super) fn end_conversations(&mut self, stays: impl Fn(u32) -> bool) -> Vec<(u32, u32, u32)> {
        let mut ended = Vec::new();
        for a in self.seats() {
            let b = self.partner[a as usize];
            if b != ALONE && a < b && !(stays(a) && stays(b)) {
                ended.push((a, b, self.length[a as usize]));
                self.partner[a as usize] = ALONE;
                self.partner[b as usize] = ALONE;
            }
        }
        ended
    }

    /// Matches the free guests, given a word per seat. `choose(guest, first, second)` says whether
    /// the guest prefers the first of two candidates; without it the matching is even.
    /// One odd free guest sits out.
    pub(super) fn pair_up(&mut self, words: &[u32], choose: Option<&dyn Fn(u32, u32, u32) -> bool>) {
        self.shuffle(words);
        let order = std::mem::take(&mut self.order);
        let free = |company: &Self, seat: u32| company.partner[seat as usize] == ALONE;
        let mut rest = Vec::new();
        for pair in order.chunks(2) {
            match *pair {
                [a, b] if choose.is_none() && free(self, a) && free(self, b) => self.join(a, b),
                _ => rest.extend(pair.iter().copied().filter(|&s| free(self, s))),
            }
        }
        match choose {
            None => rest.chunks_exact(2).for_each(|pair| self.join(pair[0], pair[1])),
            Some(choose) => self.pair_by_choice(rest, choose),
        }
        self.order = order;
        for &seat in &self.order {
            if self.partner[seat as usize] != ALONE {
                self.length[seat as usize] += 1;
            }
        }
    }

    /// Each free guest in turn chooses between two random free guests.
    fn pair_by_choice(&mut self, mut rest: Vec<u32>, choose: &dyn Fn(u32, u32, u32) -> bool) {
        // From the end, so that taking one out moves few; the order is random either way.
        while let Some(guest) = rest.pop() {
            let Some(first) = rest.pop() else { break };
            match rest.pop() {
                Some(second) if choose(guest, first, second) => {
                    self.join(guest, first);
                    rest.push(second);
                }
                Some(second) => {
                    self.join(guest, second);
                    rest.push(first);
                }
                None => self.join(guest, first),
            }
        }
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
            let (seat, n) = (one as usize, self.n_met[one as usize] as usize);
            self.partner[seat] = other;
            self.length[seat] = 0;
            let met = &mut self.met[seat * self.most_met..][..self.most_met];
            if !met[..n].contains(&other) {
                met[n] = other;
                self.n_met[seat] += 1;
            }
        }
    }

    /// Whether the conversation of this seat has just begun.
    pub(super) fn is_new(&self, seat: u32) -> bool {
        self.length[seat as usize] == 1
    }

    /// The pairs that talk, who moves first named first, in the order of the slot.
    pub(super) fn pairs(&self) -> Vec<(u32, u32)> {
        let mut seen = vec![false; self.partner.len()];
        let mut pairs = Vec::with_capacity(self.partner.len() / 2);
        for &a in &self.order {
            let b = self.partner[a as usize];
            if b != ALONE && !seen[a as usize] {
                seen[b as usize] = true;
                pairs.push((a, b));
            }
        }
        pairs
    }

    /// Distinct partners that a guest has had.
    pub(super) fn n_met(&self, seat: u32) -> u32 {
        self.n_met[seat as usize]
    }

    fn seats(&self) -> std::ops::Range<u32> {
        0..u32::try_from(self.partner.len()).expect("guests are agents")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Luck, Purpose, Stream};

    fn words(stream: &mut Stream, n: usize) -> Vec<u32> {
        (0..n).map(|_| stream.word()).collect()
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
            assert!(company.seats().all(|s| n == 1 || company.n_met(s) <= 1));
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
            let mut pairs = company.pairs();
            pairs.sort_unstable();
            *counts.entry(pairs).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 24, "12 outcomes of the free times 2 movers of the pair that talks on");
        let expected = f64::from(n) / 24.0;
        let chi_square: f64 = counts.values().map(|&c| (f64::from(c) - expected).powi(2) / expected).sum();
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
        assert_eq!(company.end_conversations(|s| s == 0), [(0, 1, 3)]);
        company.pair_up(&words(&mut luck, 2), None);
        assert!(
            company.is_new(0) && company.n_met(0) == 1,
            "meeting again is a new talk with an old partner"
        );
    }

    #[test]
    fn a_preferred_candidate_is_chosen() {
        let mut luck = stream(5);
        for _ in 0..100 {
            let mut company = Company::new(3, 1);
            // Everyone prefers seat 2 where it is a candidate.
            company.pair_up(&words(&mut luck, 3), Some(&|_, first, _| first == 2));
            assert_ne!(company.partner[2], ALONE);
        }
    }
}
