//! What a result shows, in sentences: what the terminal says, and reports repeat.

use serde::{Deserialize, Serialize};

/// Sentences about a result, made from its tables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Words {
    /// The answer in one sentence, with its certainty.
    pub answer: String,
    /// What else the tables show.
    pub more: Vec<String>,
    /// The stories of focal agents of a bet; empty if none was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub story: Vec<String>,
    /// What limits the conclusions that can be drawn.
    pub warnings: Vec<String>,
}

/// Text whose control characters are written out, as `\u{1b}`; line breaks and tabs stay.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_control(c) && c != '\n' && c != '\t' {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Text of any origin as a document may hold it: control characters, also those that change the direction of text, are
/// written out, and characters that no document can hold are replaced.
pub(crate) fn in_document(text: &str) -> String {
    characters(&visible(text))
}

/// The text with a replacement for each code that is no character, which no XML or HTML document can hold.
pub(super) fn characters(text: &str) -> String {
    let is_none = |c: char| u32::from(c) & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}');
    text.chars().map(|c| if is_none(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Whether a terminal or a browser can interpret a character: control characters, C1 included, and those that change
/// the direction of text.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=+,:@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
