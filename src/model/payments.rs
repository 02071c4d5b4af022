//! Payments as experiments read them: counts that add up and subtract exactly.

use super::account::N_POSTS;

/// Payments of one agent or of many, by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payments(pub(super) [u64; N_POSTS]);

impl Payments {
    /// What came since `earlier`.
    ///
    /// # Panics
    /// If `earlier` is later: payments only grow.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let mut posts = self.0;
        posts.iter_mut().zip(&earlier.0).for_each(|(n, before)| {
            *n = n.checked_sub(*before).expect("payments only grow");
        });
        Self(posts)
    }

    /// These and others.
    #[must_use]
    pub fn and(&self, others: &Self) -> Self {
        let mut posts = self.0;
        posts.iter_mut().zip(&others.0).for_each(|(sum, n)| *sum += n);
        Self(posts)
    }

    // Counts stay far below 2^53, where every whole number is exact.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn as_reals(&self) -> [f64; N_POSTS] {
        self.0.map(|n| n as f64)
    }
}

/// The life in one place of the population.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// First round lived, 0 for the first generation.
    pub born: u32,
    /// Position of the strategy in the scenario; none after failing.
    pub strategy: Option<u16>,
    /// All payments since birth.
    pub payments: Payments,
}
