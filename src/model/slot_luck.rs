//! The words that decide one slot of an event.

use super::judging::Verdicts;
use crate::draws::Stream;

/// What the words of a slot decide: a row of one word per seat for each. A turn's words are
/// those of the seat that moves.
#[derive(Clone, Copy)]
pub(super) enum Row {
    Order,
    Linger,
    /// Who moves first of a pair that formed by choice.
    Mover,
    Ask,
    Serve,
    /// Whether to comply or to refer.
    Answer,
    /// Whether an assist fails.
    Error,
    /// Breaks equals among contacts.
    Best,
    /// Whether the mover's act enters the public standing; the two that follow judge it.
    ActSeen,
    ActRead,
    ActMisjudge,
    /// The same for the other's answer.
    ReplySeen,
    ReplyRead,
    ReplyMisjudge,
}

const N_ROWS: usize = 14;

/// The words of one slot of an event.
#[derive(Default)]
pub(super) struct SlotLuck {
    words: Vec<u32>,
    n: usize,
}

impl SlotLuck {
    /// Draws the words of the next slot for `n` guests.
    pub(super) fn draw(&mut self, n: usize, stream: &mut Stream) {
        self.n = n;
        self.words.resize(N_ROWS * n, 0);
        stream.fill(&mut self.words);
    }

    /// One word per seat.
    pub(super) fn row(&self, row: Row) -> &[u32] {
        &self.words[row as usize * self.n..][..self.n]
    }

    /// The word of one seat.
    #[inline]
    pub(super) fn word(&self, row: Row, seat: u32) -> u32 {
        self.words[row as usize * self.n + seat as usize]
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
        self.slot.word(row, self.mover)
    }

    /// What becomes of the mover's act.
    #[inline]
    pub(super) fn act(&self) -> ActLuck {
        self.judged(Row::ActSeen, Row::ActRead, Row::ActMisjudge)
    }

    /// What becomes of the other's answer.
    #[inline]
    pub(super) fn reply(&self) -> ActLuck {
        self.judged(Row::ReplySeen, Row::ReplyRead, Row::ReplyMisjudge)
    }

    #[inline]
    fn judged(&self, seen: Row, read: Row, misjudge: Row) -> ActLuck {
        let verdicts = Verdicts { read: self.word(read), misjudge: self.word(misjudge) };
        ActLuck { seen: self.word(seen), verdicts }
    }
}

/// The words that decide what becomes of one act.
#[derive(Clone, Copy, Debug)]
pub(super) struct ActLuck {
    /// Whether a public act enters the standing.
    pub seen: u32,
    /// How it is judged.
    pub verdicts: Verdicts,
}
