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

use std::fs;

use crate::support::call;

/// What `mingle check` says about a faulty file.
fn reported(text: &str, sets: &[&str]) -> String {
    let text = text.strip_prefix('\n').unwrap_or(text);
    let options: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
    reported_of(&[("shop.toml", text.as_bytes())], &options)
}

/// The same for files of any bytes, the first of which is the scenario, and for any options.
fn reported_of(files: &[(&str, &[u8])], options: &[&str]) -> String {
    let dir = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, bytes)| fs::write(dir.path().join(name), bytes).unwrap());
    let (code, _, said) = call(dir.path(), &[&["check", files[0].0], options].concat());
    if code == 0 {
        assert_eq!(said, "");
        return "\nnothing: the file is valid\n".to_owned();
    }
    assert_eq!(code, 2, "{said}");
    format!("\n{said}")
}
