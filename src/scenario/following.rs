//! Keys that a scenario leaves out and whose values follow from other keys.

use super::document::Document;
use super::resolve::follows_another;
use super::source::Provenance;
use super::{overrides, syntax};

/// The keys that are left out and whose value follows from another key, as `burn_in` from `rounds`.
///
/// Two scenarios with the same values in force are equal at every point of a sweep only if these keys are the same
/// too. Faults are not reported.
#[must_use]
pub(crate) fn following_keys(provenance: &Provenance) -> Vec<String> {
    let given = provenance.given();
    let Ok(text) = syntax::decode(provenance.text.as_bytes()) else { return Vec::new() };
    let mut faults = Vec::new();
    let Some(root) = syntax::parse(text, &mut faults) else { return Vec::new() };
    let mut document = Document::from_toml(root.get_ref(), &mut faults);
    overrides::apply(&mut document, &given, &mut faults);
    let mut keys = Vec::new();
    for table in document.sections.iter().flatten() {
        let left_out = table.spec.keys.iter().zip(&table.given).filter(|(_, given)| given.is_none());
        keys.extend(left_out.filter(|(key, _)| follows_another(key)).map(|(key, _)| table.path(key.name)));
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn following(text: &str, sets: &[&str]) -> Vec<String> {
        let overrides = sets.iter().map(|set| (*set).to_owned()).collect();
        following_keys(&Provenance { text: text.to_owned(), overrides, ..Provenance::default() })
    }

    #[test]
    fn keys_follow_others_until_they_are_given() {
        let all = ["burn_in", "reputation.observe", "region.home.legibility", "region.home.push_penalty"];
        assert_eq!(following("", &[]), all);
        assert_eq!(following("burn_in = 3\n[reputation]\nobserve = 0.5\n", &[]), all[2..]);
        let sets = ["burn_in=52", "region.home.legibility=0.5", "region.home.push_penalty=0.3"];
        assert_eq!(following("rounds = 100\n", &sets), ["reputation.observe"]);
    }
}
