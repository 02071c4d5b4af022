//! Matching of guests in a slot: uniform, and little affected by the behaviour of a single guest.
//!
//! A random order of all guests is drawn, free or not. Neighbours in this order (first and second, third and fourth
//! ...) talk if both are free. The other free guests pair up in the same order. The method treats all free guests
//! alike, so every matching of them is equally likely. The first of a pair in the order moves first, and either is
//! equally likely to be the first.

use super::column::Column;
use super::partners::PartnersMet;
use super::slot_draws::width;
use crate::draws::{below, bernoulli};

/// How guests choose their partners if they weigh candidates.
pub(crate) struct Choice<'a> {
    /// Two random words per seat: its two candidates.
    pub(crate) candidates: &'a [u32],
    /// A random word per seat: whether it moves first toward the partner that it chose.
    pub(crate) movers: &'a [u32],
    /// Whether a guest (the first argument) prefers the first of two candidates.
    pub(crate) prefers: &'a dyn Fn(u32, u32, u32) -> bool,
}

/// The free guests; drawing and removing one takes constant time.
struct FreeGuests {
    seats: Vec<u32>,
    places: Vec<usize>,
}

impl FreeGuests {
    fn new(seats: &[u32], n: usize) -> Self {
        let mut places = vec![0; n];
        seats.iter().enumerate().for_each(|(place, &seat)| places[seat as usize] = place);
        Self { seats: seats.to_vec(), places }
    }

    fn remove(&mut self, seat: u32) {
        let place = self.places[seat as usize];
        self.seats.swap_remove(place);
        if let Some(&moved) = self.seats.get(place) {
            self.places[moved as usize] = place;
        }
    }

    /// Two different seats, drawn evenly by the random words of `guest`; the same seat twice if only one is left.
    fn draw_two(&self, words: &[u32], guest: u32) -> Option<(u32, u32)> {
        let n = u32::try_from(self.seats.len()).expect("guests are agents");
        let [word, other_word] = [0, 1].map(|k| words[2 * guest as usize + k]);
        let first = below(word, n) as usize;
        let other = below(other_word, n.saturating_sub(1)) as usize;
        let second = if n > 1 && other >= first { other + 1 } else { other };
        Some((*self.seats.get(first)?, self.seats[second]))
    }
}

/// Two guests who talk in a slot, by seat; the first moves first.
pub(super) type Pair = [u32; 2];

/// The pairs of guests at one event. A guest is given by its seat.
#[derive(Clone, Debug, Default)]
pub(super) struct Matching {
    n: usize,
    /// The partner of each seat; the seat itself if it talks to nobody.
    partner: Column<u32>,
    /// 1 if the conversation began with this slot, else 0.
    is_new: Column<u32>,
    order: Vec<u32>,
    /// The pairs of the latest slot, in the slot's order.
    pairs: Vec<Pair>,
    met: PartnersMet,
    left_over: Vec<u32>,
    listed: Vec<bool>,
}

impl Matching {
    /// Starts an event of `slots` slots with `n` guests who have not met.
    pub(super) fn open(&mut self, n: usize, slots: u32) {
        self.n = n;
        self.pairs.clear();
        self.is_new.reset(n, 0);
        self.met.open(n, slots);
        self.end_all();
    }

    /// Ends all conversations.
    pub(super) fn end_all(&mut self) {
        self.partner.reset(self.n, 0);
        (0..).zip(self.partner.first_mut(width(self.n))).for_each(|(seat, partner)| *partner = seat);
    }

    /// Ends every conversation that does not go on, and calls `ended` for its pair.
    pub(super) fn end_conversations(
        &mut self,
        goes_on: impl Fn(u32, u32) -> bool,
        mut ended: impl FnMut(Pair),
    ) {
        for &[first, second] in &self.pairs {
            if !goes_on(first, second) {
                ended([first, second]);
                self.partner[first as usize] = first;
                self.partner[second as usize] = second;
            }
        }
    }

    /// Matches the free guests evenly or by choice, given a random word per seat. If their number is odd, one
    /// guest stays alone. `none_stay` means that all guests are free.
    pub(super) fn pair_up(&mut self, words: &[u32], choice: Option<&Choice<'_>>, none_stay: bool) {
        self.is_new.reset(self.n, 0);
        self.shuffle(words);
        let mut order = std::mem::take(&mut self.order);
        match choice {
            None if none_stay => self.pair_all(&order),
            None => self.pair_evenly(&order),
            Some(choice) => self.pair_by_choice(&mut order, choice),
        }
        if choice.is_some() || !none_stay {
            self.list_pairs(&order);
        }
        self.order = order;
        self.met.record(self.partner.first(self.n));
    }

    /// Pairs neighbours in the order if all guests are free. These are then the pairs in the slot's order.
    fn pair_all(&mut self, order: &[u32]) {
        self.pairs.clear();
        self.pairs.extend_from_slice(order.as_chunks().0);
        let (w, n) = (width(self.n), self.n);
        let (partner, is_new) = (self.partner.first_mut(w), self.is_new.first_mut(w));
        for &[a, b] in &self.pairs {
            (partner[a as usize], partner[b as usize]) = (b, a);
        }
        is_new[..n].fill(1);
        if let [.., alone] = order
            && n % 2 == 1
        {
            is_new[*alone as usize] = 0;
        }
    }

    /// Pairs neighbours in the order who are both free, then the other free guests.
    fn pair_evenly(&mut self, order: &[u32]) {
        let mut left_over = std::mem::take(&mut self.left_over);
        left_over.clear();
        for pair in order.chunks(2) {
            match *pair {
                [a, b] if self.is_free(a) && self.is_free(b) => self.start(a, b),
                _ => left_over.extend(pair.iter().copied().filter(|&s| self.is_free(s))),
            }
        }
        left_over.chunks_exact(2).for_each(|pair| self.start(pair[0], pair[1]));
        self.left_over = left_over;
    }

    /// In the order, each guest who is still free chooses between two candidates, drawn evenly from the others who
    /// are still free. Which of the pair moves first is drawn too.
    fn pair_by_choice(&mut self, order: &mut [u32], choice: &Choice<'_>) {
        let choosers: Vec<u32> = order.iter().copied().filter(|&s| self.is_free(s)).collect();
        let mut free = FreeGuests::new(&choosers, order.len());
        let mut place = vec![0; order.len()];
        (0u32..).zip(order.iter()).for_each(|(at, &seat)| place[seat as usize] = at as usize);
        for guest in choosers {
            if !self.is_free(guest) {
                continue;
            }
            free.remove(guest);
            let Some((first, second)) = free.draw_two(choice.candidates, guest) else { break };
            let other = if (choice.prefers)(guest, first, second) { first } else { second };
            free.remove(other);
            self.start(guest, other);
            // The first in the order moves first. So far that is the chooser.
            if !bernoulli(choice.movers[guest as usize], 0.5) {
                order.swap(place[guest as usize], place[other as usize]);
            }
        }
    }

    fn is_free(&self, seat: u32) -> bool {
        self.partner[seat as usize] == seat
    }

    /// A random order of all seats (Fisher and Yates).
    fn shuffle(&mut self, words: &[u32]) {
        self.order.clear();
        self.order.extend(0..u32::try_from(self.n).expect("guests are agents"));
        let order = self.order.as_mut_slice();
        for i in (1..order.len()).rev() {
            let bound = u32::try_from(i + 1).expect("guests are agents");
            order.swap(i, below(words[i], bound) as usize);
        }
    }

    /// Starts a conversation.
    #[inline]
    fn start(&mut self, a: u32, b: u32) {
        for (one, other) in [(a, b), (b, a)] {
            self.partner[one as usize] = other;
            self.is_new[one as usize] = 1;
        }
    }

    /// Lists the pairs of the slot in the slot's order.
    fn list_pairs(&mut self, order: &[u32]) {
        self.pairs.clear();
        self.listed.clear();
        self.listed.resize(self.n, false);
        for &first in order {
            let second = self.partner[first as usize];
            if second != first && !self.listed[first as usize] {
                self.listed[second as usize] = true;
                self.pairs.push([first, second]);
            }
        }
    }

    /// The pairs that talk, in the order of the slot.
    pub(super) fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// The partner of each seat; the seat itself if it talks to nobody.
    pub(super) fn partner(&self) -> &Column<u32> {
        &self.partner
    }

    /// By seat: 1 if its conversation began with this slot, else 0.
    pub(super) fn is_new(&self) -> &Column<u32> {
        &self.is_new
    }

    /// The partners of a guest so far, by seat.
    pub(super) fn partners(&self, seat: u32) -> impl Iterator<Item = u32> + '_ {
        (0..u32::try_from(self.n).expect("guests are agents")).filter(move |&other| self.met.has(seat, other))
    }

    /// Number of distinct partners of a guest so far.
    pub(super) fn n_met(&self, seat: u32) -> u32 {
        self.met.count(seat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Purpose, RandomKey, Stream};

    fn words(stream: &mut Stream, n: usize) -> Vec<u32> {
        (0..n).map(|_| stream.word()).collect()
    }

    /// The pairs in ascending order; the first of a pair moves first.
    fn sorted_pairs(matching: &Matching) -> Vec<(u32, u32)> {
        let mut pairs: Vec<_> = matching.pairs().iter().map(|&[first, second]| (first, second)).collect();
        pairs.sort_unstable();
        pairs
    }

    fn opened(n: usize, slots: u32) -> Matching {
        let mut matching = Matching::default();
        matching.open(n, slots);
        matching
    }

    fn stream(seed: u64) -> Stream {
        RandomKey::new(seed).stream(0, Purpose::Event, 0)
    }

    #[test]
    fn everyone_is_matched_but_an_odd_guest() {
        let mut draws = stream(1);
        for n in [0, 1, 2, 3, 7, 40] {
            let mut matching = opened(n, 3);
            matching.pair_up(&words(&mut draws, n), None, false);
            assert_eq!(matching.pairs().len(), n / 2);
            let met = |seat| matching.n_met(seat);
            assert!((0..u32::try_from(n).unwrap()).all(|seat| met(seat) <= 1));
        }
    }

    #[test]
    fn all_matchings_of_the_free_and_both_movers_are_equally_likely() {
        // Seats 0 and 1 talk on; the four others have 3 matchings, each with 4 choices of movers.
        let (mut draws, mut counts, n) = (stream(2), std::collections::BTreeMap::new(), 24_000);
        for _ in 0..n {
            let mut matching = opened(6, 2);
            matching.start(0, 1);
            matching.pair_up(&words(&mut draws, 6), None, false);
            *counts.entry(sorted_pairs(&matching)).or_insert(0) += 1;
        }
        assert_eq!(
            counts.len(),
            24,
            "12 outcomes of the free guests, times 2 first movers of the other pair"
        );
        let expected = f64::from(n) / 24.0;
        let chi_square: f64 =
            counts.values().map(|&c| (f64::from(c) - expected) * (f64::from(c) - expected) / expected).sum();
        // 23 degrees of freedom: 4 standard deviations above the mean.
        assert!(chi_square < 23.0 + 4.0 * (46.0_f64).sqrt(), "{chi_square}");
    }

    #[test]
    fn one_guest_who_stays_affects_few_others() {
        let mut draws = stream(3);
        let (mut changed, runs) = (0, 200);
        for _ in 0..runs {
            let (first, second) = (words(&mut draws, 40), words(&mut draws, 40));
            let partners = |stays: bool| {
                let mut matching = opened(40, 2);
                matching.pair_up(&first, None, false);
                matching.end_conversations(|a, b| stays && (a == 0 || b == 0), |_| ());
                matching.pair_up(&second, None, false);
                (0..40).map(|seat| matching.partner[seat]).collect::<Vec<_>>()
            };
            let (with, without) = (partners(true), partners(false));
            changed += with.iter().zip(&without).filter(|(a, b)| a != b).count();
        }
        assert!(changed / runs <= 8, "{} of 40 guests meet someone else on average", changed / runs);
    }

    #[test]
    fn conversations_go_on_while_both_stay() {
        let mut draws = stream(4);
        let mut matching = opened(2, 5);
        for slot in 0..3 {
            matching.pair_up(&words(&mut draws, 2), None, false);
            assert_eq!([0, 1].map(|seat| matching.is_new()[seat]), [u32::from(slot == 0); 2]);
            matching.end_conversations(|_, _| true, |_| panic!("both stay"));
        }
        let mut ended = Vec::new();
        matching.end_conversations(|_, _| false, |pair| ended.push(pair));
        assert!(matches!(ended[..], [[0, 1] | [1, 0]]), "{ended:?}");
        matching.pair_up(&words(&mut draws, 2), None, false);
        assert_eq!(matching.n_met(0), 1, "an old partner");
        assert_eq!([0, 1].map(|seat| matching.is_new()[seat]), [1, 1], "meeting again is a new talk");
    }

    #[test]
    fn where_all_are_free_pairs_are_the_same_straight_from_the_order() {
        let mut draws = stream(7);
        for n in [0, 1, 2, 9, 40] {
            let words = words(&mut draws, n);
            let [mut one, mut other] = [opened(n, 1), opened(n, 1)];
            one.pair_up(&words, None, false);
            other.pair_up(&words, None, true);
            assert_eq!((one.pairs(), one.partner().first(n)), (other.pairs(), other.partner().first(n)));
        }
    }

    #[test]
    fn a_preferred_candidate_is_chosen_and_either_moves_first() {
        let (mut draws, mut first_mover) = (stream(5), [0; 2]);
        for _ in 0..400 {
            let mut matching = opened(3, 1);
            // Everyone prefers seat 2 where it is a candidate, and with three guests it always is.
            let choice = Choice {
                candidates: &words(&mut draws, 6),
                movers: &words(&mut draws, 3),
                prefers: &|_, first, _| first == 2,
            };
            matching.pair_up(&words(&mut draws, 3), Some(&choice), false);
            let pairs = sorted_pairs(&matching);
            assert!(pairs.len() == 1 && (pairs[0].0 == 2 || pairs[0].1 == 2));
            first_mover[usize::from(pairs[0].0 == 2)] += 1;
        }
        assert!(first_mover.iter().all(|n| (140..=260).contains(n)), "{first_mover:?}");
    }

    #[test]
    fn without_a_preference_choosing_is_even() {
        let (mut draws, mut counts) = (stream(6), std::collections::BTreeMap::new());
        for _ in 0..12_000 {
            let mut matching = opened(4, 1);
            let tosses = words(&mut draws, 4);
            let choice = Choice {
                candidates: &words(&mut draws, 8),
                movers: &words(&mut draws, 4),
                prefers: &|guest, _, _| tosses[guest as usize] & 1 == 0,
            };
            matching.pair_up(&words(&mut draws, 4), Some(&choice), false);
            *counts.entry(sorted_pairs(&matching)).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 12, "3 matchings with 4 choices of movers");
        // Each is expected 1,000 times, with a standard deviation of about 30.
        assert!(counts.values().all(|n| (870..=1130).contains(n)), "{counts:?}");
    }
}
