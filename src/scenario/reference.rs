//! The table of keys for readers.

use super::keys::SECTIONS;
use super::table::{AUTO, Key, Kind, Shape};
use super::wording;

/// The entry of one key in the reference.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyInfo {
    /// Path as in an override: `needs.rate`, `strategy.NAME.attend`.
    pub path: String,
    /// Type and range.
    pub range: String,
    /// Default.
    pub default: String,
    /// Unit; can be empty.
    pub unit: &'static str,
    /// Meaning, in one sentence.
    pub doc: &'static str,
}

/// All keys that a scenario can have, in the order of `docs/scenario.md`.
///
/// ```
/// let keys = mingle::settings::keys();
/// let fee = keys.iter().find(|key| key.path == "calls.fee").expect("calls have a fee");
/// assert_eq!((fee.range.as_str(), fee.default.as_str()), ("0 to 1", "0.3"));
/// ```
#[must_use]
pub fn keys() -> Vec<KeyInfo> {
    let keys = SECTIONS.iter().flat_map(|spec| spec.keys.iter().map(move |key| (spec, key)));
    keys.map(|(spec, key)| KeyInfo {
        path: match spec.shape {
            Shape::Top => key.name.to_owned(),
            Shape::List => format!("{}.NAME.{}", spec.name, key.name),
            Shape::Always | Shape::Optional => format!("{}.{}", spec.name, key.name),
        },
        range: key.rule.kind.brief(),
        default: key.rule.fallback.describe(),
        unit: key.unit,
        doc: key.doc,
    })
    .collect()
}

impl Key {
    /// Name and meaning, for a message.
    pub(super) fn about(&self) -> String {
        let meaning = self.doc.trim_end_matches('.');
        let mut letters = meaning.chars();
        let first = letters.next().map(char::to_lowercase);
        format!("{}: {}{}", self.name, first.into_iter().flatten().collect::<String>(), letters.as_str())
    }

    /// Meaning and unit, for the schema.
    pub(super) fn description(&self) -> String {
        if self.unit.is_empty() { self.doc.to_owned() } else { format!("{} Unit: {}.", self.doc, self.unit) }
    }
}

impl Kind {
    /// The range for a cell of a table.
    fn brief(&self) -> String {
        match self {
            Self::Real { min, max } => format!("{} to {}", wording::real(*min), wording::real(*max)),
            Self::Whole { min, max } => {
                format!("{} to {}, whole", wording::grouped(*min), wording::grouped(*max))
            }
            Self::WholeOrAuto { min, max } => {
                format!("{}; \"{AUTO}\"", Self::Whole { min: *min, max: *max }.brief())
            }
            Self::Rising { min, max, .. } => format!("{min} to {}, whole, rising", wording::grouped(*max)),
            Self::Reals { min, max, most } => {
                format!("{} to {}, at most {most}", wording::real(*min), wording::real(*max))
            }
            Self::Flag | Self::Choice(_) | Self::Text { .. } | Self::Items { .. } => self.allowed(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::{Fallback, PRESETS, Value};
    use super::*;

    const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/scenario.md");
    const BEGIN: &str = "<!-- reference: written by `MINGLE_BLESS=1 cargo test --lib scenario` -->\n";
    const END: &str = "<!-- end of reference -->\n";

    /// The reference part of `docs/scenario.md`.
    fn markdown() -> String {
        let mut text = String::new();
        let rows = keys();
        let mut rows = rows.iter();
        for spec in &SECTIONS {
            let heading = if spec.shape == Shape::Top {
                "Before the first section".to_owned()
            } else {
                format!("`{}`", spec.header())
            };
            text.push_str(&format!("\n### {heading}\n\n{}\n\n", spec.doc));
            text.push_str("| key | range | default | unit | meaning |\n|---|---|---|---|---|\n");
            for (key, row) in spec.keys.iter().zip(&mut rows) {
                let default = match &key.rule.fallback {
                    Fallback::Is(_) => format!("`{}`", row.default),
                    _ => row.default.clone(),
                };
                text.push_str(&format!(
                    "| `{}` | {} | {default} | {} | {} |\n",
                    key.name, row.range, row.unit, row.doc
                ));
            }
            if spec.keys.iter().any(|key| matches!(key.rule.fallback, Fallback::Preset(_))) {
                text.push_str(&presets(spec.keys));
            }
        }
        text
    }

    /// The presets side by side.
    fn presets(keys: &[Key]) -> String {
        let mut text = format!("\nThe presets:\n\n| key | {} |\n|---|---|---|---|\n", PRESETS.join(" | "));
        for key in keys {
            if let Fallback::Preset(values) | Fallback::PresetOnly(values) = &key.rule.fallback {
                let values = values.map(|value| Value::Real(value).to_toml());
                text.push_str(&format!("| `{}` | {} |\n", key.name, values.join(" | ")));
            }
        }
        text
    }

    #[test]
    fn the_reference_page_is_up_to_date() {
        let page = std::fs::read_to_string(PAGE).expect("docs/scenario.md can be read");
        let (before, rest) = page.split_once(BEGIN).expect("the page has a mark where the reference begins");
        let (written, after) = rest.split_once(END).expect("the page has a mark where the reference ends");
        let wanted = format!("{}\n", markdown());
        if std::env::var_os("MINGLE_BLESS").is_some() {
            std::fs::write(PAGE, format!("{before}{BEGIN}{wanted}{END}{after}"))
                .expect("docs/scenario.md can be written");
        } else {
            assert_eq!(written, wanted, "run MINGLE_BLESS=1 cargo test --lib scenario");
        }
    }

    /// The default of a key of the model, as the page about the model writes it.
    fn default_of_model(key: &Key, row: &KeyInfo) -> Option<String> {
        match &key.rule.fallback {
            Fallback::Preset(values) | Fallback::PresetOnly(values) => {
                Some(values.map(|value| Value::Real(value).to_toml()).join(" / "))
            }
            Fallback::Required | Fallback::OnlyRegion | Fallback::Reputation => None,
            _ => Some(row.default.clone()),
        }
    }

    #[test]
    fn the_page_about_the_model_has_a_source_for_every_default() {
        const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/model.md");
        let page = std::fs::read_to_string(MODEL).expect("docs/model.md can be read");
        let table = page.split("### 5.1").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("5.1");
        let rows = keys();
        let mut rows = rows.iter();
        for spec in &SECTIONS {
            for (key, row) in spec.keys.iter().zip(&mut rows) {
                let of_experiments =
                    spec.shape == Shape::Top || ["change", "bet", "sweep", "factor"].contains(&spec.name);
                // Nobody differs by default.
                if of_experiments || key.spread_of().is_some() {
                    continue;
                }
                if let Some(default) = default_of_model(key, row) {
                    let wanted = format!("| `{}` | `{default}` | ", row.path);
                    assert!(table.contains(&wanted), "docs/model.md, section 5.1, lacks: {wanted}");
                }
            }
        }
    }

    #[test]
    fn the_examples_of_the_page_are_valid() {
        let page = std::fs::read_to_string(PAGE).expect("docs/scenario.md can be read");
        let blocks: Vec<&str> =
            page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        assert_eq!(blocks.len(), 8);
        for block in blocks {
            let source = super::super::Source { name: PAGE, bytes: block.as_bytes() };
            assert!(super::super::parse(&source, &[]).is_ok(), "{block}");
        }
    }

    #[test]
    fn paths_are_unique_and_docs_are_sentences() {
        let rows = keys();
        for (position, row) in rows.iter().enumerate() {
            assert!(rows[..position].iter().all(|other| other.path != row.path), "{} twice", row.path);
            assert!(
                row.doc.ends_with('.') && !row.range.is_empty() && !row.default.is_empty(),
                "{}",
                row.path
            );
        }
    }
}
