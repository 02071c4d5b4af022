//! Where a scenario comes from.

/// A scenario as it was found: its bytes, and the name that messages call it by.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Shown in messages, usually the path as the user gave it.
    pub name: &'a str,
    /// The content, TOML in UTF-8; empty is legal and means all defaults.
    pub bytes: &'a [u8],
}
