//! The distinct partners of each guest of an event.

/// The partners of each guest so far, by seat: a list as long as the number of slots, or a bit set as long as the
/// number of guests, whichever takes less memory.
#[derive(Clone, Debug, Default)]
pub(super) struct PartnersMet {
    /// Number of guests.
    n: usize,
    /// Length of a list.
    width: usize,
    /// A bit per guest; the own bit is set if the guest was alone in a slot. The first words of all guests come
    /// first, then the second words, so that a loop over the guests has no inner loop. Empty if lists are kept.
    bits: Vec<u64>,
    /// The partners so far.
    lists: Vec<u32>,
    /// Numbers of partners so far.
    counts: Vec<u32>,
}

impl PartnersMet {
    /// Starts an event of `slots` slots with `n` guests who have met nobody.
    pub(super) fn open(&mut self, n: usize, slots: u32) {
        let (words, partners) = (n.div_ceil(64), n.saturating_sub(1).min(slots as usize));
        self.bits.clear();
        self.lists.clear();
        self.counts.clear();
        (self.n, self.width) = (n, partners);
        if words <= partners.div_ceil(2) {
            self.bits.resize(n * words, 0);
        } else {
            self.lists.resize(n * partners, 0);
            self.counts.resize(n, 0);
        }
    }

    /// Records the partner of each guest; a guest who is alone is its own partner.
    pub(super) fn record(&mut self, partner: &[u32]) {
        if self.bits.is_empty() {
            (0..).zip(partner).filter(|(seat, other)| seat != *other).for_each(|(seat, &other)| {
                self.add_to_list(seat, other);
            });
            return;
        }
        for (word, bits) in (0..).zip(self.bits.chunks_exact_mut(self.n)) {
            for (bits, &other) in bits.iter_mut().zip(partner) {
                *bits |= u64::from(other / 64 == word) << (other % 64);
            }
        }
    }

    fn add_to_list(&mut self, seat: u32, other: u32) {
        let count = &mut self.counts[seat as usize];
        let row = &mut self.lists[seat as usize * self.width..][..self.width];
        if !row[..*count as usize].contains(&other) {
            row[*count as usize] = other;
            *count += 1;
        }
    }

    /// Whether a guest has talked to another.
    pub(super) fn has(&self, seat: u32, other: u32) -> bool {
        if seat == other {
            return false;
        }
        if let Some(&count) = self.counts.get(seat as usize) {
            return self.lists[seat as usize * self.width..][..count as usize].contains(&other);
        }
        self.has_bit(seat, other)
    }

    fn has_bit(&self, seat: u32, other: u32) -> bool {
        self.bits[other as usize / 64 * self.n + seat as usize] >> (other % 64) & 1 == 1
    }

    /// Number of distinct partners of a guest so far.
    pub(super) fn count(&self, seat: u32) -> u32 {
        if let Some(count) = self.counts.get(seat as usize) {
            return *count;
        }
        let bits = self.bits[seat as usize..].iter().step_by(self.n);
        // A guest that was alone is recorded as its own partner.
        bits.map(|bits| bits.count_ones()).sum::<u32>() - u32::from(self.has_bit(seat, seat))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partner_met_again_counts_once_in_either_form() {
        // Bits for many slots and few guests, lists for few slots and many guests.
        for (n, slots, bits) in [(70, 12, true), (300, 3, false), (2, 1, true), (0, 5, true)] {
            let mut met = PartnersMet::default();
            met.open(n, slots);
            assert_eq!(met.counts.is_empty(), bits, "{n} guests, {slots} slots");
            if n > 2 {
                let last = u32::try_from(n - 1).unwrap();
                for other in [1, last, 1, 1, last] {
                    let mut partner: Vec<u32> = (0..=last).collect();
                    partner.swap(0, other as usize);
                    partner.swap(5, 9);
                    met.record(&partner);
                }
                assert_eq!((met.count(0), met.count(1), met.count(last), met.count(2)), (2, 1, 1, 0));
                assert!(met.has(0, last) && met.has(last, 0) && !met.has(1, last) && !met.has(2, 0));
                assert!(
                    met.has(5, 9) && met.has(9, 5) && !met.has(5, 0) && !met.has(9, last) && !met.has(9, 0)
                );
                assert_eq!((met.count(5), met.count(9), met.count(6)), (1, 1, 0));
            }
        }
    }
}
