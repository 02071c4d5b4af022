//! The words that decide one slot of an event.

use crate::draws::Stream;

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

pub(super) const N_ROWS: usize = 6;

/// Words in a row for `n` guests. There are some to spare, so that one guest more leaves the words of all
/// others where they are, most of the time.
pub(super) fn width(n: usize) -> usize {
    n.next_multiple_of(8)
}

/// The words of one slot of an event.
#[derive(Default)]
pub(super) struct SlotLuck {
    words: Vec<u32>,
    width: usize,
}

impl SlotLuck {
    /// Draws the words of the next slot for `n` guests.
    pub(super) fn draw(&mut self, n: usize, stream: &mut Stream) {
        self.width = width(n);
        self.words.resize(N_ROWS * self.width, 0);
        stream.fill(&mut self.words);
    }

    /// One word per seat, and some to spare.
    pub(super) fn row(&self, row: Row) -> &[u32] {
        &self.words[row as usize * self.width..][..self.width]
    }

    /// The words of the turn of one seat.
    #[inline]
    pub(super) fn turn(&self, mover: u32) -> TurnLuck<'_> {
        TurnLuck { slot: self, mover }
    }
}

/// The words that decide one turn, read when they are needed: most turns need few of them.
#[derive(Clone, Copy)]
pub(super) struct TurnLuck<'a> {
    slot: &'a SlotLuck,
    mover: u32,
}

impl TurnLuck<'_> {
    /// The mover's word in a row.
    #[inline]
    pub(super) fn word(&self, row: Row) -> u32 {
        self.slot.words[row as usize * self.slot.width + self.mover as usize]
    }
}
