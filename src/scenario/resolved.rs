//! Resolved scenarios, compared value by value. They are texts, so that those of other versions can be compared too.

use serde::Serialize;

/// A value that two resolved scenarios have differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Differing {
    /// Path of the key, as in an override.
    pub key: String,
    /// The value of each; `None` where it has no such key.
    pub values: [Option<String>; 2],
}

/// The values that two resolved scenarios have differently: in the order of the first, then what only the second has.
pub(crate) fn differing(first: &str, second: &str) -> Vec<Differing> {
    let [first, second] = [first, second].map(values);
    let find = |values: &[(String, String)], key: &str| {
        values.iter().find(|(other, _)| other == key).map(|(_, value)| value.clone())
    };
    let only_second = second.iter().filter(|(key, _)| find(&first, key).is_none());
    let keys = first.iter().chain(only_second).map(|(key, _)| key);
    let both =
        keys.map(|key| Differing { key: key.clone(), values: [find(&first, key), find(&second, key)] });
    both.filter(|both| both.values[0] != both.values[1]).collect()
}

/// The values of a resolved scenario with their paths, without the names of sections, which are in the paths.
fn values(resolved: &str) -> Vec<(String, String)> {
    let mut section = String::new();
    let mut all = Vec::new();
    for line in resolved.lines() {
        if let Some(header) = line.strip_prefix('[') {
            section = format!("{}.", header.trim_matches(['[', ']']));
        } else if let Some((key, value)) = line.split_once(" = ") {
            // What has no name is told apart by the round and the key that it changes.
            if key == "name" || (section.starts_with("change.") && ["round", "key"].contains(&key)) {
                section += &format!("{}.", value.trim_matches('"'));
            } else if section.starts_with("change.") {
                all.push((section.trim_end_matches('.').to_owned(), value.trim_matches('"').to_owned()));
            } else {
                all.push((format!("{section}{key}"), value.to_owned()));
            }
        }
    }
    all
}
