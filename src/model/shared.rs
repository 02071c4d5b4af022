//! Numbers that are changed through a shared reference.
//!
//! At any time one task has an agent: the one that holds its event. Guests come from all over the population,
//! so this cannot be told by borrowing without copying them out and back. Atomics make it plain to the compiler; read
//! and written without any order between threads, they are ordinary loads and stores. Between phases all is
//! borrowed as usual. Were an agent ever at two events at once, a payment would be missing from its account,
//! which the books of a debug build tell.

use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};

macro_rules! shared {
    ($(#[$doc:meta])* $name:ident, $atomic:ident, $number:ident) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub(super) struct $name($atomic);

        impl $name {
            pub(super) const fn new(number: $number) -> Self {
                Self($atomic::new(number))
            }

            #[inline]
            pub(super) fn get(&self) -> $number {
                self.0.load(Ordering::Relaxed)
            }

            #[inline]
            pub(super) fn set(&self, number: $number) {
                self.0.store(number, Ordering::Relaxed);
            }
        }

        impl Clone for $name {
            fn clone(&self) -> Self {
                Self::new(self.get())
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.get() == other.get()
            }
        }
    };
}

shared!(
    /// A shared number of 16 bits.
    Shared16, AtomicU16, u16
);
shared!(
    /// A shared number of 32 bits.
    Shared32, AtomicU32, u32
);
