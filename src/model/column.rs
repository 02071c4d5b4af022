//! A column: one quantity of all guests of an event.

use std::ops::{Index, IndexMut};

use super::slot_draws::width;

/// One 32-bit number per seat, padded with unused seats to the width of a row of random words. Loops over the seats
/// of several columns have no branches, so that the compiler vectorises them.
#[derive(Clone, Debug, Default)]
pub(super) struct Column<T>(Vec<T>);

impl<T: Copy> Column<T> {
    /// Sets all seats of an event of `n` guests to `number`.
    pub(super) fn reset(&mut self, n: usize, number: T) {
        self.0.clear();
        self.0.resize(width(n), number);
    }

    /// The numbers of the first `n` seats.
    #[inline]
    pub(super) fn first(&self, n: usize) -> &[T] {
        &self.0[..n]
    }

    /// The numbers of the first `n` seats, mutable.
    #[inline]
    pub(super) fn first_mut(&mut self, n: usize) -> &mut [T] {
        &mut self.0[..n]
    }
}

impl<T> Index<usize> for Column<T> {
    type Output = T;

    #[inline]
    fn index(&self, seat: usize) -> &T {
        &self.0[seat]
    }
}

impl<T> IndexMut<usize> for Column<T> {
    #[inline]
    fn index_mut(&mut self, seat: usize) -> &mut T {
        &mut self.0[seat]
    }
}
