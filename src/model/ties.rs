//! Ties: an agent's contacts, and its trust in them.
//!
//! A tie takes 8 bytes: the contact and the trust. All trust decays by the same factor per round. So ties store trust
//! normalised to a common epoch, and one number, the scale of [`Decay`], converts it to trust as read. Each agent
//! has a row of the same length.

use super::precision::single;
use crate::draws::below;

/// Number of an agent, from 0: its place in the population.
pub type AgentId = u32;

/// A referral at a mixer. The helped agent calls the expert in the same round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Referral {
    /// The expert.
    pub expert: AgentId,
    /// The agent who made the referral.
    pub referrer: AgentId,
    /// Trust in the expert that comes with the referral.
    pub trust: f32,
}

/// The decay of trust in one round: trust as read = stored trust x scale.
///
/// The scale is `fade`^k, k rounds after the epoch. When it gets small, the stored trust of all ties is multiplied
/// by it and a new epoch begins; see [`Decay::next`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Decay {
    round: u32,
    /// `fade`^k by repeated multiplication, in double precision.
    factor: f64,
    /// `factor` in single precision.
    scale: f32,
    /// The largest stored trust that is at most 1 as read.
    limit: f32,
}

/// A new epoch begins when the scale is below this.
const SCALE_MIN: f64 = 1.0 / (1_u64 << 40) as f64;

/// Trust with a smaller absolute value becomes 0 at the start of an epoch: 2^-80.
const VANISHED: f32 = 1.0 / (1_u128 << 80) as f32;

impl Decay {
    /// The decay in round 0.
    pub(super) const START: Self = Self { round: 0, factor: 1.0, scale: 1.0, limit: 1.0 };

    /// The decay in the next round. If a new epoch begins with it, also the factor for all stored trust.
    pub(super) fn next(self, fade: f64) -> (Self, Option<f32>) {
        let (round, factor) = (self.round + 1, self.factor * fade);
        let scale = single(factor);
        if factor < SCALE_MIN {
            return (Self { round, ..Self::START }, Some(scale));
        }
        // Times the scale this is at most half a step above 1, and so rounded to 1.
        (Self { round, factor, scale, limit: 1.0 / scale }, None)
    }

    /// Converts stored trust to trust as read, -1 to 1.
    #[inline]
    pub(super) fn read(&self, stored: f32) -> f32 {
        stored * self.scale
    }

    /// Converts trust as read to stored trust. This is monotonic, so stored trust can be compared.
    #[inline]
    pub(super) fn store(&self, trust: f32) -> f32 {
        debug_assert!((-1.0..=1.0).contains(&trust), "trust {trust} out of range");
        (trust / self.scale).clamp(-self.limit, self.limit)
    }

    /// Start of the search for the weakest of `n` ties. It differs from round to round, so that among equally weak
    /// ties those at the beginning of the row are not always replaced first.
    #[inline]
    fn first_place(&self, n: usize) -> usize {
        // A multiple of 2^32 divided by the golden ratio spreads the rounds evenly.
        below(self.round.wrapping_mul(0x9E37_79B1), u32::try_from(n).expect("ties are counted in 16 bits"))
            as usize
    }
}

/// Stored trust of a new epoch, given that of the old one and its last scale.
#[inline]
pub(super) fn rebased(stored: f32, scale: f32) -> f32 {
    let trust = stored * scale;
    if trust.abs() < VANISHED { 0.0 } else { trust }
}

/// Numbers that are compared together, without branches, so that the compiler vectorises this.
const BLOCK: usize = 16;

/// Position of the first number for which `is` holds. Only the block with a hit is searched one by one.
#[inline]
fn position<T>(row: &[T], is: impl Fn(&T) -> bool) -> Option<usize> {
    let (blocks, rest) = row.as_chunks::<BLOCK>();
    let has_hit = |block: &[T; BLOCK]| block.iter().fold(false, |hit, number| hit | is(number));
    match blocks.iter().position(has_hit) {
        Some(k) => blocks[k].iter().position(is).map(|place| k * BLOCK + place),
        None => rest.iter().position(is).map(|place| row.len() - rest.len() + place),
    }
}

/// The smallest absolute value of a row; infinity if it is empty. No number is NaN.
#[inline]
fn least_absolute(row: &[f32]) -> f32 {
    let least_of = |a: f32, b: f32| if a < b { a } else { b };
    let Some(last) = row.last_chunk::<BLOCK>() else {
        return row.iter().fold(f32::INFINITY, |least, number| least_of(number.abs(), least));
    };
    let mut least = last.map(f32::abs);
    for block in row.as_chunks::<BLOCK>().0 {
        least.iter_mut().zip(block).for_each(|(least, number)| *least = least_of(number.abs(), *least));
    }
    for half in [8, 4, 2, 1] {
        (0..half).for_each(|k| least[k] = least_of(least[k], least[k + half]));
    }
    least[0]
}

/// Probable position of a contact in a row; it is checked before the row is searched.
pub(super) type Hint = u32;

/// The hint if the position is not known.
pub(super) const ANYWHERE: Hint = u32::MAX;

/// Position of `contact` in a row.
#[inline]
fn find(contacts: &[AgentId], contact: AgentId, hint: Hint) -> Option<usize> {
    if contacts.get(hint as usize) == Some(&contact) {
        return Some(hint as usize);
    }
    position(contacts, |&c| c == contact)
}

/// A position as a hint.
#[inline]
fn hint_at(position: usize) -> Hint {
    Hint::try_from(position).unwrap_or(ANYWHERE)
}

/// The ties of one agent.
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

/// The ties of one agent, mutable.
#[derive(Debug)]
pub(super) struct TiesMut<'a> {
    /// The contacts, then unused entries.
    pub contacts: &'a mut [AgentId],
    /// Stored trust, by contact.
    pub trust: &'a mut [f32],
    /// Number of ties.
    pub len: &'a mut u16,
}

impl TiesMut<'_> {
    /// A shared view of the ties.
    #[inline]
    pub(super) fn view(&self) -> Ties<'_> {
        let n = usize::from(*self.len);
        Ties { contacts: &self.contacts[..n], trust: &self.trust[..n] }
    }

    /// Changes trust as read in `contact`. Without a tie it starts from the stored `prior`, and a tie is made. Returns
    /// the position of the tie.
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

    /// Adds a tie with stored `trust`, unless there is a tie to `contact` already.
    pub(super) fn ensure(&mut self, contact: AgentId, trust: f32, decay: &Decay) {
        if find(self.view().contacts, contact, ANYWHERE).is_none() {
            self.insert(contact, trust, decay);
        }
    }

    /// Renews a tie after a conversation: adds it with the stored `prior`, or raises its trust to the prior unless
    /// it is negative.
    #[inline]
    pub(super) fn renew(&mut self, (contact, hint): (AgentId, Hint), prior: f32, decay: &Decay) {
        match find(self.view().contacts, contact, hint) {
            Some(i) if self.trust[i] >= 0.0 => self.trust[i] = self.trust[i].max(prior),
            Some(_) => {}
            None => {
                self.insert(contact, prior, decay);
            }
        }
    }

    /// Adds a tie with stored `trust`; in a full row it replaces the weakest. Returns its position.
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

    /// Position of the tie with the smallest absolute trust. Among equals it is the first from
    /// [`Decay::first_place`] on, or else the first of all.
    fn weakest(&self, decay: &Decay) -> usize {
        let least = least_absolute(self.trust);
        let first = decay.first_place(self.trust.len());
        let is_least = |trust: &f32| trust.abs() == least;
        let later = position(&self.trust[first..], is_least).map(|i| first + i);
        later.or_else(|| position(self.trust, is_least)).expect("a full row is not empty")
    }

    /// Copies another row, which is not longer than this one.
    pub(super) fn copy_from(&mut self, other: Ties<'_>) {
        let n = other.len();
        self.contacts[..n].copy_from_slice(other.contacts);
        self.trust[..n].copy_from_slice(other.trust);
        *self.len = u16::try_from(n).expect("ties are counted in 16 bits");
    }

    /// Removes all ties.
    pub(super) fn clear(&mut self) {
        *self.len = 0;
    }

    /// Removes the ties to contacts for which `is_removed` holds, and keeps the order of the others.
    pub(super) fn remove(&mut self, is_removed: impl Fn(AgentId) -> bool) {
        let mut kept = 0;
        for i in 0..usize::from(*self.len) {
            if !is_removed(self.contacts[i]) {
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

    /// Applies decay for a number of rounds to the table, and returns it.
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
    fn trust_below_two_to_the_power_of_minus_80_becomes_0_in_a_new_epoch() {
        let least = single(1.0 / (1_u64 << 40) as f64);
        let rebase = |scale| [least, -least].map(|stored| rebased(stored, scale));
        assert_eq!(rebase(least), [least * least, -least * least]);
        assert_eq!(rebase(least / 2.0), [0.0, 0.0]);
        let begins = |rounds| wait(&mut TieTable::new(1, 1), Decay::START, 0.5, rounds).factor == 1.0;
        assert_eq!([40, 41].map(begins), [false, true]);
    }

    #[test]
    fn with_fade_0_trust_lasts_one_round_and_every_place_is_replaced() {
        let mut table = TieTable::new(1, 12);
        let mut decay = Decay::START;
        (0..12).for_each(|contact| table.of_mut(0).ensure(contact, 0.5, &decay));
        for round in 1..200 {
            decay = wait(&mut table, decay, 0.0, 1);
            assert!(table.of(0).trust.iter().all(|trust| *trust == 0.0));
            table.of_mut(0).ensure(100 + round, 0.5, &decay);
            assert_eq!(read(&table, 100 + round, decay), Some(0.5));
        }
        assert!(table.of(0).contacts.iter().all(|contact| *contact > 200), "{:?}", table.of(0).contacts);
    }

    #[test]
    fn trust_as_read_is_never_above_one() {
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
        (0..100).for_each(|contact| equals.of_mut(0).ensure(contact, 0.25, &decay));
        let first = decay.first_place(100);
        equals.of_mut(0).ensure(200, 1.0, &decay);
        equals.of_mut(0).ensure(201, 1.0, &decay);
        assert_eq!(equals.of(0).contacts[first..first + 2], [200, 201], "from the first place on");
    }

    #[test]
    fn renewing_raises_trust_to_the_prior_unless_it_is_negative() {
        let (mut table, decay) = (TieTable::new(1, 4), Decay::START);
        table.of_mut(0).change((1, ANYWHERE), 0.0, &decay, |_| 0.05);
        table.of_mut(0).change((2, ANYWHERE), 0.0, &decay, |_| -0.5);
        for contact in 1..=3 {
            table.of_mut(0).renew((contact, ANYWHERE), 0.1, &decay);
        }
        assert_eq!([1, 2, 3].map(|c| read(&table, c, decay)), [Some(0.1), Some(-0.5), Some(0.1)]);
    }

    #[test]
    fn the_first_hit_and_the_least_are_found_in_rows_of_any_length() {
        for n in 0_u16..70 {
            // Numbers that repeat, of either sign.
            let row: Vec<f32> = (0..n).map(|k| f32::from(k * 29 % 31) - 12.5).collect();
            let least = row.iter().map(|number| number.abs()).fold(f32::INFINITY, f32::min);
            assert_eq!(least_absolute(&row), least, "{n}");
            for sought in 0..31_u16 {
                let is = |number: &f32| *number == f32::from(sought) - 12.5;
                assert_eq!(position(&row, is), row.iter().position(is), "{sought} of {n}");
            }
        }
    }

    #[test]
    fn a_contact_is_found_at_every_position_of_a_long_row() {
        let row: Vec<AgentId> = (100..150).collect();
        for (i, &contact) in row.iter().enumerate() {
            for hint in [ANYWHERE, 0, 49, hint_at(i)] {
                assert_eq!(find(&row, contact, hint), Some(i));
            }
        }
        assert_eq!(find(&row, 99, 7), None);
    }
}
