//! The words that decide one slot of an event.

use crate::draws::{BLOCK, Blocks};

/// What the words of a slot decide: a row of one word per seat for each. A turn's words are
/// those of the seat that moves.
#[derive(Clone, Copy)]
pub(super) enum Row {
    Order,
    Ask,
    Serve,
    /// Whether to comply or to refer, whether an assist fails, and who is best among equals.
    Answer,
    /// What becomes of the mover's act.
    Act,
    /// What becomes of the other's answer.
    Reply,
}

const N_ROWS: usize = 6;

/// Words in a row for `n` guests. There are some to spare, so that one guest more leaves the words of all
/// others where they are, most of the time.
pub(super) fn width(n: usize) -> usize {
    n.next_multiple_of(8)
}

/// The words of one slot of an event, and those after them that were made with them.
#[derive(Debug, Default)]
pub(super) struct SlotDraws {
    words: Vec<u32>,
    /// Words of the slot, and all that are there.
    n: usize,
    made: usize,
    width: usize,
}

impl SlotDraws {
    /// Forgets all words: another event begins.
    pub(super) fn clear(&mut self) {
        (self.n, self.made) = (0, 0);
    }

    /// Draws the words of the next slot of an event for `n` guests.
    pub(super) fn draw(&mut self, n: usize, blocks: &mut Blocks) {
        self.words.copy_within(self.n..self.made, 0);
        self.made -= self.n;
        self.width = width(n);
        self.n = N_ROWS * self.width;
        if self.words.len() < self.n + BLOCK {
            self.words.resize(self.n + BLOCK, 0);
        }
        while self.made < self.n {
            let (_, rest) = self.words.split_at_mut(self.made);
            blocks.fill(rest.first_chunk_mut().expect("there is room for a block more"));
            self.made += BLOCK;
        }
    }

    /// One word per seat, and some to spare.
    pub(super) fn row(&self, row: Row) -> &[u32] {
        &self.words[row as usize * self.width..][..self.width]
    }

    /// The words of the turn of one seat.
    #[inline]
    pub(super) fn turn(&self, mover: usize) -> TurnDraws<'_> {
        TurnDraws { slot: self, mover }
    }
}

/// The words that decide one turn, read when they are needed: most turns need few of them.
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
    fn the_words_of_the_slots_are_those_of_the_stream_also_where_memory_serves_again() {
        let mut slot = SlotDraws::default();
        // Rows of 8, 32 and 40 words: slots that end within a block, with one, and beyond another.
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
