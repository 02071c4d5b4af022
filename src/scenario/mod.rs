//! Scenario files: text in, a checked [`Scenario`] or diagnostics out. No files, no printing.
//!
//! One table of keys (`keys`) says what there is: from it come reading, ranges, defaults, messages,
//! the schema and the reference page. A file goes through these steps, each in a module of its own:
//!
//! 1. `syntax`: bytes to TOML with positions;
//! 2. `document`: TOML to sections and keys of the table, what is unknown is a fault;
//! 3. `overrides`: single values replace those of the file;
//! 4. `resolve` and `read`: each value against its row of the table, or its default;
//! 5. `cross`: checks that concern several values at once.
//!
//! Every step goes on after a fault, so that all of them are told at once.

mod cross;
mod diagnostics;
mod document;
mod keys;
mod overrides;
mod read;
mod reference;
mod resolve;
mod schema;
mod settings;
mod syntax;
mod table;
mod unknown;
mod wording;
mod write;

pub use diagnostics::{Diagnostics, Fault};
pub use overrides::Override;
pub use reference::{KeyInfo, keys};
pub use schema::json_schema;
pub use settings::*;

use document::Document;
use resolve::Resolution;

/// A scenario as it was found: its bytes, and the name that messages call it by.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Shown in messages, usually the path as the user gave it.
    pub name: &'a str,
    /// The content, TOML in UTF-8; empty is legal and means all defaults.
    pub bytes: &'a [u8],
}

/// Reads and checks a scenario; `overrides` replace values of the file before these are checked.
///
/// # Errors
///
/// All the faults of the file and of the overrides at once.
pub fn parse(source: &Source<'_>, overrides: &[Override]) -> Result<Scenario, Diagnostics> {
    let shown = || overrides.iter().map(|given| given.shown().to_owned()).collect();
    let text = match syntax::decode(source.bytes) {
        Ok(text) => text,
        Err((text, fault)) => return Err(Diagnostics::new(source.name, &text, shown(), vec![fault])),
    };
    let mut faults = Vec::new();
    let scenario = syntax::parse(text, &mut faults).and_then(|root| {
        let mut document = Document::from_toml(root.get_ref(), &mut faults);
        overrides::apply(&mut document, overrides, &mut faults);
        let resolution = Resolution::of(&document, &mut faults);
        cross::check(&resolution, &mut faults);
        resolution.scenario()
    });
    match scenario {
        Some(scenario) if faults.is_empty() => Ok(scenario),
        _ => Err(Diagnostics::new(source.name, text, shown(), faults)),
    }
}

impl Default for Scenario {
    /// The scenario of an empty file.
    fn default() -> Self {
        parse(&Source { name: "defaults", bytes: b"" }, &[]).expect("the defaults of the table are valid")
    }
}
