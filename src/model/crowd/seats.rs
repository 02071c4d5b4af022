//! The guests of an event of strangers, by seat.

use crate::model::slot_luck::SlotLuck;

/// Most guests of such an event: a bit each says whom one has met.
pub(super) const SEATS: usize = 64;

/// Stands for "no need": no expertise has this number.
pub(super) const NONE: u32 = u16::MAX as u32;

/// The last seat; as a mask, for positions of which the compiler cannot know that they are seats.
pub(super) const LAST: usize = SEATS - 1;

/// A quantity by seat.
pub(super) type Lane<T> = [T; SEATS];

/// The guests of one event, by seat. Yes and no are 1 and 0, so that all lanes are as wide and a vector
/// holds the same seats of each.
#[derive(Debug)]
pub(super) struct Guests {
    pub(super) talker: Lane<u32>,
    pub(super) strategy: Lane<u32>,
    /// Where the flows from its strategy begin.
    pub(super) flows: Lane<u32>,
    pub(super) travelled: Lane<u32>,
    /// The expertise in the upper half, the open need in the lower.
    pub(super) fields: Lane<u32>,
    /// Whether it has pushed in the running conversation.
    pub(super) pushed: Lane<u32>,
    /// Standing when the slot began, and with the slot's verdicts.
    pub(super) standing: Lane<f32>,
    pub(super) next: Lane<f32>,
    /// Of its [`Talker`](crate::model::talker::Talker), what every slot asks for.
    pub(super) ask: Lane<i32>,
    pub(super) serve: Lane<i32>,
    pub(super) min_opinion: Lane<f32>,
    pub(super) seen: Lane<i32>,
    pub(super) read: Lane<i32>,
    pub(super) misread: Lane<i32>,
    pub(super) misjudged: Lane<i32>,
    pub(super) motive: Lane<f32>,
    pub(super) push_verdict: Lane<f32>,
}

/// What the guests of one event have done so far, by seat.
#[derive(Debug)]
pub(super) struct Deeds {
    pub(super) pushes: Lane<u32>,
    pub(super) given: Lane<u32>,
    pub(super) received: Lane<u32>,
    /// Whom it has met: a bit per seat.
    pub(super) met: Lane<u64>,
    /// Slots in which nobody was left to talk to, where nobody ever stays.
    pub(super) sat_out: Lane<u32>,
    /// Conversations that ended, and their slots.
    pub(super) talks: Lane<u32>,
    pub(super) slots: Lane<u32>,
}

/// One slot, by the seat that moves.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) luck: SlotLuck,
    pub(super) order: Lane<u8>,
    /// Who moves first, pair by pair.
    pub(super) first: Lane<u8>,
    pub(super) n_pairs: usize,
    /// To whom a guest talks, to itself if to nobody, and how that other stands when the slot begins.
    pub(super) other: Lane<u32>,
    pub(super) others_fields: Lane<u32>,
    pub(super) others_standing: Lane<f32>,
    pub(super) pushes: Lane<u32>,
    pub(super) encourages: Lane<u32>,
    /// Whether one of the two can solve the other's need in this turn.
    pub(super) able: Lane<u32>,
}

/// Every seat's own number.
pub(super) const SEAT: Lane<u32> = {
    let mut seat = [0; SEATS];
    let mut k = 1;
    while k < SEATS {
        seat[k] = seat[k - 1] + 1;
        k += 1;
    }
    seat
};

impl Guests {
    pub(super) const NOBODY: Self = Self {
        talker: [0; SEATS],
        strategy: [0; SEATS],
        flows: [0; SEATS],
        travelled: [0; SEATS],
        fields: [NONE; SEATS],
        pushed: [0; SEATS],
        standing: [0.0; SEATS],
        next: [0.0; SEATS],
        ask: [0; SEATS],
        serve: [0; SEATS],
        min_opinion: [0.0; SEATS],
        seen: [0; SEATS],
        read: [0; SEATS],
        misread: [0; SEATS],
        misjudged: [0; SEATS],
        motive: [0.0; SEATS],
        push_verdict: [0.0; SEATS],
    };

    pub(super) fn expertise(&self, seat: usize) -> u32 {
        self.fields[seat] >> 16
    }

    pub(super) fn need(&self, seat: usize) -> u32 {
        self.fields[seat] & NONE
    }
}

impl Deeds {
    pub(super) const NONE: Self = Self {
        pushes: [0; SEATS],
        given: [0; SEATS],
        received: [0; SEATS],
        met: [0; SEATS],
        sat_out: [0; SEATS],
        talks: [0; SEATS],
        slots: [0; SEATS],
    };
}

impl Slot {
    pub(super) fn empty() -> Self {
        Self {
            luck: SlotLuck::default(),
            order: [0; SEATS],
            first: [0; SEATS],
            n_pairs: 0,
            other: SEAT,
            others_fields: [NONE; SEATS],
            others_standing: [0.0; SEATS],
            pushes: [0; SEATS],
            encourages: [0; SEATS],
            able: [0; SEATS],
        }
    }

    /// The seats of a pair; the first moves first.
    #[inline]
    pub(super) fn pair(&self, k: usize) -> [usize; 2] {
        let first = usize::from(self.first[k & LAST]) & LAST;
        [first, self.other[first] as usize & LAST]
    }
}
