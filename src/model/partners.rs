//! Who has met whom at one event, for counting distinct partners.

/// The partners that each guest has had, guests named by seat: one row per guest, in whichever form takes less
/// memory. A list ends with the slots, a row of bits with the guests.
#[derive(Clone, Debug, Default)]
pub(super) struct PartnersMet {
    /// Length of a row.
    width: usize,
    /// A bit per guest, the own one if it once talked to nobody; empty where lists are kept.
    bits: Vec<u64>,
    /// The partners so far, and how many.
    lists: Vec<u32>,
    counts: Vec<u32>,
}

impl PartnersMet {
    /// Begins with `n` guests who have met nobody, for an event of `slots` slots.
    pub(super) fn open(&mut self, n: usize, slots: u32) {
        let (words, partners) = (n.div_ceil(64), n.saturating_sub(1).min(slots as usize));
        self.bits.clear();
        self.lists.clear();
        self.counts.clear();
        if words <= partners.div_ceil(2) {
            self.width = words;
            self.bits.resize(n * words, 0);
        } else {
            self.width = partners;
            self.lists.resize(n * partners, 0);
            self.counts.resize(n, 0);
        }
    }

    /// Notes to whom each guest talks, to itself if to nobody.
    pub(super) fn note(&mut self, partner: &[u32]) {
        if self.bits.is_empty() {
            (0..).zip(partner).filter(|(seat, other)| seat != *other).for_each(|(seat, &other)| {
                self.list(seat, other);
            });
            return;
        }
        for (row, &other) in self.bits.chunks_exact_mut(self.width).zip(partner) {
            row[other as usize / 64] |= 1 << (other % 64);
        }
    }

    fn list(&mut self, seat: u32, other: u32) {
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
        let first = seat as usize * self.width;
        match self.bits.get(first + other as usize / 64) {
            Some(word) => word >> (other % 64) & 1 == 1,
            None => self.lists[first..][..self.counts[seat as usize] as usize].contains(&other),
        }
    }

    /// Distinct partners that a guest has had.
    pub(super) fn count(&self, seat: u32) -> u32 {
        if let Some(count) = self.counts.get(seat as usize) {
            return *count;
        }
        let row = &self.bits[seat as usize * self.width..][..self.width];
        // Whoever talked to nobody was noted with itself.
        let alone = row[seat as usize / 64] >> (seat % 64) & 1;
        row.iter().map(|word| word.count_ones()).sum::<u32>() - u32::from(alone == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partner_met_again_counts_once_in_either_form() {
        // Many slots and few guests take bits, few slots and many guests lists.
        for (n, slots, bits) in [(70, 12, true), (300, 3, false), (2, 1, true), (0, 5, true)] {
            let mut met = PartnersMet::default();
            met.open(n, slots);
            assert_eq!(met.counts.is_empty(), bits, "{n} guests, {slots} slots");
            if n > 2 {
                let last = u32::try_from(n - 1).unwrap();
                for other in [1, last, 1, 1, last] {
                    let mut partner: Vec<u32> = (0..=last).collect();
                    partner.swap(0, other as usize);
                    met.note(&partner);
                }
                assert_eq!((met.count(0), met.count(1), met.count(last), met.count(2)), (2, 1, 1, 0));
                assert!(met.has(0, last) && met.has(last, 0) && !met.has(1, last) && !met.has(2, 0));
            }
        }
    }
}
