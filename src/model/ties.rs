//! Ties: whom an agent knows, how far it trusts them, and since when that has faded.
//!
//! A tie takes 8 bytes: the contact, its trust in steps of 1/32767 and the round of the last
//! refreshing. Trust fades by a constant factor per round, so nothing is touched until it is
//! read. Each agent owns a row of equal length; whoever holds the row may change it.

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

/// Trust of 1 in stored steps.
const TRUST_ONE: f32 = 32767.0;

/// What a tie holds besides its contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    trust: i16,
    refreshed: u16,
}

impl Mark {
    /// A mark of `trust` (-1 to 1), refreshed in round `now`.
    fn new(trust: f32, now: u32) -> Self {
        debug_assert!((-1.0..=1.0).contains(&trust), "trust {trust} out of range");
        let steps = trust * TRUST_ONE;
        // Halves go away from zero; the range of trust keeps the steps in 16 bits, the range of
        // rounds keeps the round in 16 bits.
        #[allow(clippy::cast_possible_truncation)]
        let mark = Self { trust: (steps + 0.5_f32.copysign(steps)) as i16, refreshed: now as u16 };
        mark
    }
}

/// How trust is read in one round.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fading<'a> {
    /// What is left after 0, 1, 2 ... rounds.
    pub table: &'a [f32],
    /// The round.
    pub now: u32,
}

impl Fading<'_> {
    /// Trust of a tie as read now.
    #[inline]
    pub(super) fn read(&self, mark: Mark) -> f32 {
        f32::from(mark.trust)
            * (1.0 / TRUST_ONE)
            * self.table[(self.now - u32::from(mark.refreshed)) as usize]
    }
}

/// Position of `contact` in a row.
#[inline]
fn find(contacts: &[AgentId], contact: AgentId) -> Option<usize> {
    // Whole blocks are compared without a branch inside, so that the compiler uses vectors; only
    // the block with a hit is searched one by one.
    const BLOCK: usize = 16;
    let mut first = 0;
    for block in contacts.chunks(BLOCK) {
        let hit = match <&[AgentId; BLOCK]>::try_from(block) {
            Ok(whole) => whole.iter().fold(false, |hit, &c| hit | (c == contact)),
            Err(_) => true,
        };
        if hit && let Some(k) = block.iter().position(|&c| c == contact) {
            return Some(first + k);
        }
        first += BLOCK;
    }
    None
}

/// The ties of one agent, to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ties<'a> {
    /// The contacts, in no meaningful order.
    pub contacts: &'a [AgentId],
    /// What each tie holds besides.
    pub marks: &'a [Mark],
}

impl<'a> Ties<'a> {
    /// Number of ties.
    pub(super) fn len(&self) -> usize {
        self.contacts.len()
    }

    /// Trust in `contact` as read, if there is a tie.
    #[inline]
    pub(super) fn trust(&self, contact: AgentId, fading: Fading<'_>) -> Option<f32> {
        find(self.contacts, contact).map(|i| fading.read(self.marks[i]))
    }

    /// All ties with trust as read.
    pub(super) fn iter(&self, fading: Fading<'a>) -> impl Iterator<Item = (AgentId, f32)> + use<'a> {
        self.contacts.iter().zip(self.marks).map(move |(&c, &m)| (c, fading.read(m)))
    }

    /// Trust of the tie at `position` as read.
    pub(crate) fn trust_at(&self, position: usize, fading: Fading<'_>) -> f32 {
        fading.read(self.marks[position])
    }

    /// Positions of the ties with trust as read above 0, in the order of the row.
    pub(crate) fn trusted(&self, fading: Fading<'_>) -> impl Iterator<Item = usize> {
        // What is left after the longest time is least. Unless it vanishes, fading keeps the sign,
        // and nothing needs to be read.
        let fades_out = fading.table[fading.now as usize] < 1e-30;
        let marks = self.marks.iter().enumerate();
        marks
            .filter(move |(_, mark)| mark.trust > 0 && (!fades_out || fading.read(**mark) > 0.0))
            .map(|(i, _)| i)
    }
}

/// The ties of one agent, to be changed.
#[derive(Debug)]
pub(super) struct TiesMut<'a> {
    /// The contacts, and room for more.
    pub contacts: &'a mut [AgentId],
    /// What each tie holds besides.
    pub marks: &'a mut [Mark],
    /// Number of ties.
    pub len: &'a mut u16,
}

impl TiesMut<'_> {
    /// The same ties, to be read.
    #[inline]
    pub(super) fn view(&self) -> Ties<'_> {
        let n = usize::from(*self.len);
        Ties { contacts: &self.contacts[..n], marks: &self.marks[..n] }
    }

    /// Changes the trust in `contact`, `prior` without a tie, and refreshes the tie; makes one if
    /// there is none.
    pub(crate) fn change(
        &mut self,
        contact: AgentId,
        prior: f32,
        fading: Fading<'_>,
        change: impl FnOnce(f32) -> f32,
    ) {
        match find(self.view().contacts, contact) {
            Some(i) => self.marks[i] = Mark::new(change(fading.read(self.marks[i])), fading.now),
            None => self.insert(contact, change(prior), fading),
        }
    }

    /// Makes a tie of `trust` unless there is one.
    pub(super) fn meet(&mut self, contact: AgentId, trust: f32, fading: Fading<'_>) {
        if find(self.view().contacts, contact).is_none() {
            self.insert(contact, trust, fading);
        }
    }

    /// What the end of a conversation leaves: a tie of at least `prior`, unless trust is
    /// negative, refreshed.
    #[inline]
    pub(super) fn part(&mut self, contact: AgentId, prior: f32, fading: Fading<'_>) {
        if self.contacts.is_empty() {
            return;
        }
        match find(self.view().contacts, contact) {
            Some(i) => {
                let trust = fading.read(self.marks[i]);
                let trust = if trust >= 0.0 { trust.max(prior) } else { trust };
                self.marks[i] = Mark::new(trust, fading.now);
            }
            None => self.insert(contact, prior, fading),
        }
    }

    /// Adds a tie; in a full row the one with the least |trust as read| goes, of equals the one
    /// refreshed longest ago, of those the first in the row.
    fn insert(&mut self, contact: AgentId, trust: f32, fading: Fading<'_>) {
        if self.contacts.is_empty() {
            return;
        }
        let n = usize::from(*self.len);
        let i = if n < self.contacts.len() {
            *self.len += 1;
            n
        } else {
            self.weakest(fading)
        };
        self.contacts[i] = contact;
        self.marks[i] = Mark::new(trust, fading.now);
    }

    /// Position of the tie that goes when a row is full.
    fn weakest(&self, fading: Fading<'_>) -> usize {
        // One number per tie that sorts as (|trust as read|, round refreshed, position) do: floats
        // that are not negative sort as their bits. So the loop has no branch to guess wrong.
        let key = |(i, &mark): (usize, &Mark)| {
            let trust = fading.read(mark).abs().to_bits();
            u64::from(trust) << 32 | u64::from(mark.refreshed) << 16 | i as u64
        };
        let least = self.marks.iter().enumerate().map(key).fold(u64::MAX, u64::min);
        // The low 16 bits are the position.
        #[allow(clippy::cast_possible_truncation)]
        let position = least as u16;
        usize::from(position)
    }

    /// Becomes the same as another row, which is as long at most.
    pub(super) fn copy_from(&mut self, other: Ties<'_>) {
        let n = other.len();
        self.contacts[..n].copy_from_slice(other.contacts);
        self.marks[..n].copy_from_slice(other.marks);
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
                self.contacts[kept] = self.contacts[i];
                self.marks[kept] = self.marks[i];
                kept += 1;
            }
        }
        *self.len = u16::try_from(kept).expect("no more ties than before");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tie_book::TieBook;

    const FADE: [f32; 4] = [1.0, 0.5, 0.25, 0.125];

    fn at(now: u32) -> Fading<'static> {
        Fading { table: &FADE, now }
    }

    #[test]
    fn trust_fades_until_refreshed() {
        let mut book = TieBook::new(1, 2);
        book.of_mut(0).change(7, 0.0, at(0), |_| 1.0);
        assert_eq!(book.of(0).trust(7, at(2)), Some(0.25));
        book.of_mut(0).change(7, 0.0, at(2), |_| 1.0);
        assert_eq!(book.of(0).trust(7, at(3)), Some(0.5));
        assert_eq!(book.of(0).trust(8, at(3)), None);
    }

    #[test]
    fn a_full_row_drops_its_weakest_tie_then_the_oldest() {
        let mut book = TieBook::new(1, 3);
        for (contact, trust, round) in [(1, 0.5, 1), (2, -1.0, 1), (3, 0.25, 0), (4, 0.8, 1)] {
            book.of_mut(0).change(contact, 0.0, at(round), |_| trust);
        }
        assert_eq!(book.of(0).contacts, [1, 2, 4], "0.25 had faded most");
        let mut equals = TieBook::new(1, 2);
        equals.of_mut(0).change(1, 0.0, at(1), |_| 0.25);
        equals.of_mut(0).change(2, 0.0, at(0), |_| 0.5);
        equals.of_mut(0).change(3, 0.0, at(1), |_| 1.0);
        assert_eq!(equals.of(0).contacts, [1, 3], "of equal trust, 2 was refreshed longer ago");
    }

    #[test]
    fn parting_lifts_trust_to_the_prior_but_not_out_of_dislike() {
        let mut book = TieBook::new(1, 4);
        book.of_mut(0).change(1, 0.0, at(0), |_| 0.05);
        book.of_mut(0).change(2, 0.0, at(0), |_| -0.5);
        for contact in 1..=3 {
            book.of_mut(0).part(contact, 0.1, at(0));
        }
        let read = |c| book.of(0).trust(c, at(0)).unwrap();
        assert!((read(1) - 0.1).abs() < 1e-4 && (read(2) + 0.5).abs() < 1e-4 && (read(3) - 0.1).abs() < 1e-4);
    }

    #[test]
    fn found_at_every_position_of_a_long_row() {
        let row: Vec<AgentId> = (100..150).collect();
        for (i, &contact) in row.iter().enumerate() {
            assert_eq!(find(&row, contact), Some(i));
        }
        assert_eq!(find(&row, 99), None);
    }

    #[test]
    fn trust_of_one_is_exact() {
        let mut book = TieBook::new(1, 1);
        for trust in [1.0, -1.0, 0.0] {
            book.of_mut(0).change(1, 0.0, at(0), |_| trust);
            assert_eq!(book.of(0).trust(1, at(0)), Some(trust));
        }
    }
}
