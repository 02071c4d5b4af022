//! The random words of one slot of an event.

use crate::draws::{BLOCK, Blocks};

/// The rows of random words of a slot. Each row has one word per seat. A turn uses the words of the seat that moves.
#[derive(Clone, Copy)]
pub(super) enum Row {
    Order,
    Ask,
    Serve,
    /// Whether the helper complies or refers, whether an assist fails, and which of equal contacts is best.
    Answer,
    /// The judgement of the mover's act.
    Act,
    /// The judgement of the reply.
    Reply,
}

const N_ROWS: usize = 6;

/// Number of words in a row for `n` guests: rounded up, so that one more guest usually does not shift the words of
/// the others.
pub(super) fn width(n: usize) -> usize {
    n.next_multiple_of(8)
}

/// The random words of one slot of an event, and further words that were generated in the same blocks.
#[derive(Debug, Default)]
pub(super) struct SlotDraws {
    words: Vec<u32>,
    /// Number of words of the slot.
    n: usize,
    /// Number of words generated.
    generated: usize,
    width: usize,
}

impl SlotDraws {
    /// Removes all words, before another event.
    pub(super) fn clear(&mut self) {
        (self.n, self.generated) = (0, 0);
    }

    /// Draws the words of the next slot for `n` guests.
    pub(super) fn draw(&mut self, n: usize, blocks: &mut Blocks) {
        self.words.copy_within(self.n..self.generated, 0);
        self.generated -= self.n;
        self.width = width(n);
        self.n = N_ROWS * self.width;
        if self.words.len() < self.n + BLOCK {
            self.words.resize(self.n + BLOCK, 0);
        }
        while self.generated < self.n {
            let (_, rest) = self.words.split_at_mut(self.generated);
            blocks.fill(rest.first_chunk_mut().expect("one more block fits"));
            self.generated += BLOCK;
        }
    }

    /// A row: one word per seat, then padding.
    pub(super) fn row(&self, row: Row) -> &[u32] {
        &self.words[row as usize * self.width..][..self.width]
    }

    /// The words of one seat's turn.
    #[inline]
    pub(super) fn turn(&self, mover: usize) -> TurnDraws<'_> {
        TurnDraws { slot: self, mover }
    }
}

/// The random words of one turn. They are read on demand, because most turns need few of them.
#[derive(Clone, Copy)]
pub(super) struct TurnDraws<'a> {
    slot: &'a SlotDraws,
    mover: usize,
}

impl TurnDraws<'_> {
    /// The mover's word in a row.
    #[inline]
    pub(super) fn word(&self, row: Row) -> u32 {
        self.slot.words[row as usize * self.slot.width + self.mover]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Purpose, RandomKey};

    #[test]
    fn the_words_of_the_slots_are_those_of_the_stream_also_in_reused_memory() {
        let mut slot = SlotDraws::default();
        // Rows of 8, 32 and 40 words: slots that end within a block, at its end, and in a later block.
        for (unit, n) in [(0, 7), (1, 32), (2, 33), (3, 2)] {
            let mut words = vec![0; 5 * N_ROWS * width(n)];
            RandomKey::new(4).stream(1, Purpose::Event, unit).fill(&mut words);
            let mut blocks = RandomKey::new(4).blocks(1, Purpose::Event, unit);
            slot.clear();
            for expected in words.chunks(N_ROWS * width(n)) {
                slot.draw(n, &mut blocks);
                let rows = [Row::Order, Row::Ask, Row::Serve, Row::Answer, Row::Act, Row::Reply];
                assert_eq!(rows.map(|row| slot.row(row)).concat(), expected, "{n} guests");
            }
        }
    }
}
