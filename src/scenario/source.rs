//! The source text of a scenario.

/// The source of a scenario: its bytes, and its name in messages.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Name in messages, usually the path as the user gave it.
    pub name: &'a str,
    /// The content, TOML in UTF-8. Empty content is valid and means all defaults.
    pub bytes: &'a [u8],
}
