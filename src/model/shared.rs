//! Numbers that can be changed through a shared reference.
//!
//! At any time only one task changes an agent: the task that runs its event. Guests of an event are scattered over the
//! population, so exclusive borrowing would require copying them out and back. Relaxed atomics avoid this and are as
//! fast as ordinary loads and stores. Between phases agents are borrowed as usual. If an agent were at two events at
//! once, a payment could be missing from its account; the audit of debug builds would find that.

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
    /// A shared 16-bit number.
    Shared16, AtomicU16, u16
);
shared!(
    /// A shared 32-bit number.
    Shared32, AtomicU32, u32
);
