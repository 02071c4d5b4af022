//! Faulty scenarios and what exactly is said about them.
//!
//! Every test is a whole file, its overrides, and the whole message. The texts begin with a line
//! break for the eye; it is no part of the file or of the message.

mod factors;
mod files;
mod numbers;
mod overrides;
mod points;
mod structure;
mod syntax;
mod together;
mod values;

use mingle::scenario::{Override, Source, parse};

/// What is said about a faulty file, in plain text.
fn reported(text: &str, sets: &[&str]) -> String {
    let overrides: Vec<Override> = sets.iter().map(|set| Override::set(set)).collect();
    let text = text.strip_prefix('\n').unwrap_or(text);
    reported_of(text.as_bytes(), &overrides)
}

/// The same for any bytes and any overrides.
fn reported_of(bytes: &[u8], overrides: &[Override]) -> String {
    match parse(&Source { name: "shop.toml", bytes }, overrides) {
        Ok(_) => "\nnothing: the file is valid\n".to_owned(),
        Err(faults) => format!("\n{}", faults.render(false)),
    }
}
