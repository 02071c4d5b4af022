//! Which mutant is on. `mutants.py` puts this file into a copy of the crate.
//!
//! The variable `MINGLE_MUTANT` is the number of a mutant, or `trace:FILE`: then no mutant is on, and the number of each that is
//! reached is written to FILE, once for each process.

use std::io::Write;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::OnceLock;

const UNKNOWN: u32 = u32::MAX;
const NONE: u32 = u32::MAX - 1;
const TRACE: u32 = u32::MAX - 2;

static ACTIVE: AtomicU32 = AtomicU32::new(UNKNOWN);
static TRACED: OnceLock<std::fs::File> = OnceLock::new();
static REACHED: [AtomicU64; 1024] = [const { AtomicU64::new(0) }; 1024];

/// Is this mutant on?
#[inline]
pub(crate) fn on(mutant: u32) -> bool {
    let active = ACTIVE.load(Ordering::Relaxed);
    active == mutant || (active >= TRACE && look(active, mutant))
}

#[cold]
#[inline(never)]
fn look(active: u32, mutant: u32) -> bool {
    match active {
        NONE => false,
        TRACE => {
            let (word, bit) = (mutant as usize / 64, 1 << (mutant % 64));
            if REACHED[word].fetch_or(bit, Ordering::Relaxed) & bit == 0 {
                let _ = TRACED.get().expect("set first").write_all(format!("{mutant}\n").as_bytes());
            }
            false
        }
        _ => {
            let value = std::env::var("MINGLE_MUTANT").unwrap_or_default();
            let active = if let Some(file) = value.strip_prefix("trace:") {
                let file = std::fs::OpenOptions::new().append(true).create(true).open(file);
                TRACED.get_or_init(|| file.expect("the trace can be written"));
                TRACE
            } else {
                value.parse().unwrap_or(NONE)
            };
            ACTIVE.store(active, Ordering::Relaxed);
            on(mutant)
        }
    }
}
