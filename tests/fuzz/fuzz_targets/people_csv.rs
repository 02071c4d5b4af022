//! Any texts are read as people and their ties in CSV files and simulated, or refused with places and advice.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingle_fuzz::{Counting, community, parts};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fuzz_target!(|data: &[u8]| {
    let Some([people, ties]) = parts(data) else { return };
    community(&[("agents_file", "people.csv", people), ("network_file", "ties.csv", ties)]);
});
