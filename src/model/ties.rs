//! Ties: whom an agent knows, and how far it trusts them.
//!
//! A tie takes 8 bytes: the contact and its trust. All trust decays by the same factor a round, so what a tie
//! holds is normalised to a common epoch, and one number, the scale of [`Decay`], turns it into trust as read.
//! Each agent owns a row of equal length.

use super::precision::single;
use crate::draws::below;

/// Index of an agent (of its place in the population).
pub type AgentId = u32;

/// The expert that a referral pointed to; the helped calls it in the same round's calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Referral {
    /// The expert.
    pub expert: AgentId,
    /// Who referred.
    pub referrer: AgentId,
    /// Trust in the expert that the referral gave.
    pub trust: f32,
}

/// How the trust of all ties is read in one round: trust as read = stored trust x scale.
///
/// The scale is `fade`^k, k rounds after the epoch. When it gets small the stored trust of all ties is multiplied
/// by it once and a new epoch begins; see [`Decay::next`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Decay {
    round: u32,
    /// `fade`^k by repeated multiplication, before it is rounded to the scale.
    factor: f64,
    scale: f32,
    /// The largest stored trust that reads as 1 at most.
    limit: f32,
}

/// The least scale before a new epoch begins.
const SCALE_MIN: f64 = 1.0 / (1_u64 << 40) as f64;

/// Stored trust closer to 0 than this is 0 from the next epoch on: 2^-80.
const VANISHED: f32 = 1.0 / (1_u128 << 80) as f32;

impl Decay {
    /// In round 0.
    pub(super) const START: Self = Self { round: 0, factor: 1.0, scale: 1.0, limit: 1.0 };

    /// In the next round, and what stored trust is to be multiplied by if an epoch begins with it.
    pub(super) fn next(self, fade: f64) -> (Self, Option<f32>) {
        let (round, factor) = (self.round + 1, self.factor * fade);
        let scale = single(factor);
        if factor < SCALE_MIN {
            return (Self { round, ..Self::START }, Some(scale));
        }
        let mut limit = 1.0 / scale;
        while limit * scale > 1.0 {
            limit = limit.next_down();
        }
        (Self { round, factor, scale, limit }, None)
    }

    /// Trust as read, -1 to 1, of stored trust.
    #[inline]
    pub(super) fn read(&self, stored: f32) -> f32 {
        stored * self.scale
    }

    /// What is stored for trust as read. It rises with the trust, so stored numbers compare as trust does.
    #[inline]
    pub(super) fn store(&self, trust: f32) -> f32 {
        debug_assert!((-1.0..=1.0).contains(&trust), "trust {trust} out of range");
        (trust / self.scale).clamp(-self.limit, self.limit)
    }

    /// Where in a list of `n` the search for the weakest tie begins. It differs from round to round, so that ties
    /// in the first places do not always go first where many are equally weak.
    #[inline]
    fn first_place(&self, n: usize) -> usize {
        // A multiple of 2^32 divided by the golden ratio spreads the rounds evenly.
        below(self.round.wrapping_mul(0x9E37_79B1), u32::try_from(n).expect("ties are counted in 16 bits"))
            as usize
    }
}

/// Trust of a new epoch, given that of the old one and its last scale.
#[inline]
pub(super) fn rebased(stored: f32, scale: f32) -> f32 {
    let trust = stored * scale;
    if trust.abs() < VANISHED { 0.0 } else { trust }
}

/// Place of the first number for which `is` holds.
#[inline]
fn place<T>(row: &[T], is: impl Fn(&T) -> bool) -> Option<usize> {
    // Whole blocks are compared without a branch inside, so that the compiler uses vectors; only the block with a
    // hit is searched one by one.
    const BLOCK: usize = 16;
    let mut first = 0;
    for block in row.chunks(BLOCK) {
        let hit = match <&[T; BLOCK]>::try_from(block) {
            Ok(whole) => whole.iter().fold(false, |hit, number| hit | is(number)),
            Err(_) => true,
        };
        if hit && let Some(k) = block.iter().position(&is) {
            return Some(first + k);
        }
        first += BLOCK;
    }
    None
}

/// Where in a row a contact may be: looked at before the whole row is searched.
pub(super) type Hint = u32;

/// No idea.
pub(super) const ANYWHERE: Hint = u32::MAX;

/// Place of `contact` in a row.
#[inline]
fn find(contacts: &[AgentId], contact: AgentId, hint: Hint) -> Option<usize> {
    if contacts.get(hint as usize) == Some(&contact) {
        return Some(hint as usize);
    }
    place(contacts, |&c| c == contact)
}

/// A place as a hint.
#[inline]
fn hint_at(place: usize) -> Hint {
    Hint::try_from(place).unwrap_or(ANYWHERE)
}

/// The ties of one agent, to be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ties<'a> {
    /// The contacts.
    pub contacts: &'a [AgentId],
    /// Stored trust, by contact.
    pub trust: &'a [f32],
}

impl Ties<'_> {
    /// Number of ties.
    pub(super) fn len(&self) -> usize {
        self.contacts.len()
    }

    /// Stored trust in `contact`, if there is a tie.
    #[inline]
    pub(super) fn find(&self, contact: AgentId, hint: Hint) -> Option<f32> {
        find(self.contacts, contact, hint).map(|i| self.trust[i])
    }
}

/// The ties of one agent, to be changed.
#[derive(Debug)]
pub(super) struct TiesMut<'a> {
    /// The contacts, and room for more.
    pub contacts: &'a mut [AgentId],
    /// Stored trust, by contact.
    pub trust: &'a mut [f32],
    /// Number of ties.
    pub len: &'a mut u16,
}

impl TiesMut<'_> {
    /// The same ties, to be read.
    #[inline]
    pub(super) fn view(&self) -> Ties<'_> {
        let n = usize::from(*self.len);
        Ties { contacts: &self.contacts[..n], trust: &self.trust[..n] }
    }

    /// Changes trust as read in `contact`, which starts from the stored `prior` without a tie. Makes a tie if there
    /// is none. Returns where it is.
    #[inline]
    pub(super) fn change(
        &mut self,
        (contact, hint): (AgentId, Hint),
        prior: f32,
        decay: &Decay,
        change: impl FnOnce(f32) -> f32,
    ) -> Hint {
        match find(self.view().contacts, contact, hint) {
            Some(i) => {
                self.trust[i] = decay.store(change(decay.read(self.trust[i])));
                hint_at(i)
            }
            None => self.insert(contact, decay.store(change(decay.read(prior))), decay),
        }
    }

    /// Makes a tie of stored `trust` unless there is one.
    pub(super) fn meet(&mut self, contact: AgentId, trust: f32, decay: &Decay) {
        if find(self.view().contacts, contact, ANYWHERE).is_none() {
            self.insert(contact, trust, decay);
        }
    }

    /// What the end of a conversation leaves: a tie of at least the stored `prior`, unless trust is negative.
    #[inline]
    pub(super) fn part(&mut self, (contact, hint): (AgentId, Hint), prior: f32, decay: &Decay) {
        match find(self.view().contacts, contact, hint) {
            Some(i) if self.trust[i] >= 0.0 => self.trust[i] = self.trust[i].max(prior),
            Some(_) => {}
            None => {
                self.insert(contact, prior, decay);
            }
        }
    }

    /// Adds a tie of stored `trust`; in a full row it takes the place of the weakest. Returns where it is.
    fn insert(&mut self, contact: AgentId, trust: f32, decay: &Decay) -> Hint {
        if self.contacts.is_empty() {
            return ANYWHERE;
        }
        let n = usize::from(*self.len);
        let i = if n < self.contacts.len() {
            *self.len += 1;
            n
        } else {
            self.weakest(decay)
        };
        (self.contacts[i], self.trust[i]) = (contact, trust);
        hint_at(i)
    }

    /// Place of the tie with the least absolute trust: of equals the first from [`Decay::first_place`] on, or else
    /// the first of all.
    fn weakest(&self, decay: &Decay) -> usize {
        // In lanes, so that the compiler uses vectors. There is no NaN.
        const LANES: usize = 16;
        let least_of = |a: f32, b: f32| if a < b { a } else { b };
        let (lanes, rest) = self.trust.as_chunks::<LANES>();
        let mut least = [f32::INFINITY; LANES];
        for lane in lanes {
            for (least, trust) in least.iter_mut().zip(lane) {
                *least = least_of(trust.abs(), *least);
            }
        }
        let least =
            least.into_iter().chain(rest.iter().map(|trust| trust.abs())).fold(f32::INFINITY, least_of);
        let first = decay.first_place(self.trust.len());
        let is_least = |trust: &f32| trust.abs() == least;
        let later = place(&self.trust[first..], is_least).map(|i| first + i);
        later.or_else(|| place(self.trust, is_least)).expect("a full row is not empty")
    }

    /// Becomes the same as another row, which is as long at most.
    pub(super) fn copy_from(&mut self, other: Ties<'_>) {
        let n = other.len();
        self.contacts[..n].copy_from_slice(other.contacts);
        self.trust[..n].copy_from_slice(other.trust);
        *self.len = u16::try_from(n).expect("ties are counted in 16 bits");
    }

    /// Drops all ties.
    pub(super) fn clear(&mut self) {
        *self.len = 0;
    }

    /// Drops the ties to whom `gone` holds, keeping the order of the others.
    pub(super) fn forget(&mut self, gone: impl Fn(AgentId) -> bool) {
        let mut kept = 0;
        for i in 0..usize::from(*self.len) {
            if !gone(self.contacts[i]) {
                (self.contacts[kept], self.trust[kept]) = (self.contacts[i], self.trust[i]);
                kept += 1;
            }
        }
        *self.len = u16::try_from(kept).expect("no more ties than before");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tie_table::TieTable;
    use crate::parallel::Parallelism;

    /// The decay after so many rounds, and a table whose ties have gone through it.
    fn wait(table: &mut TieTable, mut decay: Decay, fade: f64, rounds: u32) -> Decay {
        for _ in 0..rounds {
            let (next, rebase) = decay.next(fade);
            rebase.into_iter().for_each(|scale| table.rebase(scale, Parallelism::SERIAL));
            decay = next;
        }
        decay
    }

    fn read(table: &TieTable, contact: AgentId, decay: Decay) -> Option<f32> {
        table.of(0).find(contact, ANYWHERE).map(|stored| decay.read(stored))
    }

    #[test]
    fn trust_fades_until_refreshed_over_any_number_of_epochs() {
        for (fade, rounds) in [(0.5, 3), (0.98, 5), (0.98, 4000), (0.5, 41), (1.0, 100)] {
            let mut table = TieTable::new(1, 2);
            table.of_mut(0).change((7, ANYWHERE), 0.0, &Decay::START, |_| 1.0);
            let decay = wait(&mut table, Decay::START, fade, rounds);
            let expected = libm::pow(fade, f64::from(rounds));
            let found = f64::from(read(&table, 7, decay).unwrap());
            assert!((found - expected).abs() <= 1e-6 * expected + 1e-24, "{found} for {expected}");
            table.of_mut(0).change((7, ANYWHERE), 0.0, &decay, |_| -1.0);
            let refreshed = read(&table, 7, decay).unwrap();
            assert!((-1.0..-0.999_999).contains(&refreshed), "{refreshed}");
        }
    }

    #[test]
    fn without_any_memory_trust_lasts_for_its_round_and_every_place_comes_to_be_taken() {
        let mut table = TieTable::new(1, 12);
        let mut decay = Decay::START;
        (0..12).for_each(|contact| table.of_mut(0).meet(contact, 0.5, &decay));
        for round in 1..200 {
            decay = wait(&mut table, decay, 0.0, 1);
            assert!(table.of(0).trust.iter().all(|trust| *trust == 0.0));
            table.of_mut(0).meet(100 + round, 0.5, &decay);
            assert_eq!(read(&table, 100 + round, decay), Some(0.5));
        }
        assert!(table.of(0).contacts.iter().all(|contact| *contact > 200), "{:?}", table.of(0).contacts);
    }

    #[test]
    fn nothing_reads_as_more_than_one() {
        let mut decay = Decay::START;
        for _ in 0..3000 {
            decay = decay.next(0.987).0;
            for trust in [1.0, -1.0] {
                let read = decay.read(decay.store(trust));
                assert!(read.abs() <= 1.0 && read.abs() > 0.999_999, "{read} in round {}", decay.round);
            }
        }
    }

    #[test]
    fn a_full_row_drops_its_weakest_tie() {
        let mut table = TieTable::new(1, 3);
        let decay = wait(&mut table, Decay::START, 0.5, 7);
        for (contact, trust) in [(1, 0.5), (2, -1.0), (3, 0.25), (4, 0.8)] {
            table.of_mut(0).change((contact, ANYWHERE), 0.0, &decay, |_| trust);
        }
        assert_eq!(table.of(0).contacts, [1, 2, 4]);
        let mut equals = TieTable::new(1, 100);
        (0..100).for_each(|contact| equals.of_mut(0).meet(contact, 0.25, &decay));
        let first = decay.first_place(100);
        equals.of_mut(0).meet(200, 1.0, &decay);
        equals.of_mut(0).meet(201, 1.0, &decay);
        assert_eq!(equals.of(0).contacts[first..first + 2], [200, 201], "the first ones from a place on");
    }

    #[test]
    fn parting_lifts_trust_to_the_prior_but_not_out_of_dislike() {
        let (mut table, decay) = (TieTable::new(1, 4), Decay::START);
        table.of_mut(0).change((1, ANYWHERE), 0.0, &decay, |_| 0.05);
        table.of_mut(0).change((2, ANYWHERE), 0.0, &decay, |_| -0.5);
        for contact in 1..=3 {
            table.of_mut(0).part((contact, ANYWHERE), 0.1, &decay);
        }
        assert_eq!([1, 2, 3].map(|c| read(&table, c, decay)), [Some(0.1), Some(-0.5), Some(0.1)]);
    }

    #[test]
    fn found_at_every_position_of_a_long_row() {
        let row: Vec<AgentId> = (100..150).collect();
        for (i, &contact) in row.iter().enumerate() {
            for hint in [ANYWHERE, 0, 49, hint_at(i)] {
                assert_eq!(find(&row, contact, hint), Some(i));
            }
        }
        assert_eq!(find(&row, 99, 7), None);
    }
}
