//! Who has met whom at one event, for counting distinct partners.

/// The partners that each guest has had, guests named by seat.
#[derive(Clone, Debug)]
pub(super) struct Met {
    rows: Rows,
    counts: Vec<u32>,
}

/// One row per guest, in whichever form takes less memory: a list ends with the slots, a row of bits
/// with the guests.
#[derive(Clone, Debug)]
enum Rows {
    /// A bit per other guest.
    Bits { rows: Vec<u64>, width: usize },
    /// The partners so far.
    Lists { rows: Vec<u32>, width: usize },
}

impl Met {
    /// `n` guests who have met nobody, for an event of `slots` slots.
    pub(super) fn new(n: usize, slots: u32) -> Self {
        let (words, partners) = (n.div_ceil(64), n.saturating_sub(1).min(slots as usize));
        let rows = if words <= partners.div_ceil(2) {
            Rows::Bits { rows: vec![0; n * words], width: words }
        } else {
            Rows::Lists { rows: vec![0; n * partners], width: partners }
        };
        Self { rows, counts: vec![0; n] }
    }

    /// Notes that a guest talks to another.
    #[inline]
    pub(super) fn note(&mut self, seat: u32, other: u32) {
        let (seat, count) = (seat as usize, &mut self.counts[seat as usize]);
        match &mut self.rows {
            Rows::Bits { rows, width } => {
                let word = &mut rows[seat * *width + other as usize / 64];
                let bit = 1 << (other % 64);
                *count += u32::from(*word & bit == 0);
                *word |= bit;
            }
            Rows::Lists { rows, width } => {
                let row = &mut rows[seat * *width..][..*width];
                if !row[..*count as usize].contains(&other) {
                    row[*count as usize] = other;
                    *count += 1;
                }
            }
        }
    }

    /// Whether a guest has talked to another.
    pub(super) fn has(&self, seat: u32, other: u32) -> bool {
        let seat = seat as usize;
        match &self.rows {
            Rows::Bits { rows, width } => rows[seat * width + other as usize / 64] >> (other % 64) & 1 == 1,
            Rows::Lists { rows, width } => {
                rows[seat * width..][..self.counts[seat] as usize].contains(&other)
            }
        }
    }

    /// Distinct partners that a guest has had.
    pub(super) fn count(&self, seat: u32) -> u32 {
        self.counts[seat as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partner_met_again_counts_once_in_either_form() {
        // Many slots and few guests take bits, few slots and many guests lists.
        for (n, slots, bits) in [(70, 12, true), (300, 3, false), (2, 1, true), (0, 5, true)] {
            let mut met = Met::new(n, slots);
            assert_eq!(matches!(met.rows, Rows::Bits { .. }), bits, "{n} guests, {slots} slots");
            if n > 2 {
                let last = u32::try_from(n - 1).unwrap();
                for other in [1, last, 1, 1, last] {
                    met.note(0, other);
                    met.note(other, 0);
                }
                assert_eq!((met.count(0), met.count(1), met.count(last), met.count(2)), (2, 1, 1, 0));
                assert!(met.has(0, last) && met.has(last, 0) && !met.has(1, last) && !met.has(2, 0));
            }
        }
    }
}
