//! The sections of a page about several results.

use std::collections::BTreeMap;
use std::path::PathBuf;

use maud::{Markup, html};

use super::sections::{self, text};
use crate::chart::labels;
use crate::results::About;

/// A result with a name of its own.
pub(super) struct Named<'a> {
    /// Its title, or the name of its folder where titles repeat or are missing.
    pub(super) name: String,
    /// Its manifest.
    pub(super) about: &'a About,
}

/// Results with distinct names.
pub(super) fn named<'a>(results: &'a [About], dirs: &[PathBuf]) -> Vec<Named<'a>> {
    let titles: Vec<&str> = results.iter().map(|about| about.title.as_str()).collect();
    let named = results.iter().zip(labels(&titles, dirs));
    named.map(|(about, label)| Named { name: text(&label), about }).collect()
}

/// What the results answer: the question of all of them, if it is the same.
pub(super) fn question(results: &[Named]) -> String {
    let mut questions: Vec<String> = results.iter().map(|result| sections::question(result.about)).collect();
    questions.dedup();
    match &questions[..] {
        [one] => one.clone(),
        _ => "How do the answers of these results differ?".to_owned(),
    }
}

/// The answer of each result, and what limits it.
pub(super) fn answers(results: &[Named]) -> Markup {
    html! {
        section #answer aria-labelledby="answer-title" {
            h2 #answer-title { "Answers" }
            dl.answers {
                @for Named { name, about } in results {
                    dt { (name) }
                    dd {
                        p { (sections::sentence(&about.words.answer, about)) }
                        @for line in sections::limits(about) {
                            p.care { "Read with care: " (sections::sentence(&line, about)) }
                        }
                    }
                }
            }
        }
    }
}

/// The settings in which the results differ.
pub(super) fn differing(results: &[Named]) -> Markup {
    let rows = differences(results);
    html! {
        section #settings aria-labelledby="settings-title" {
            h2 #settings-title { "Settings in which they differ" }
            @if rows.is_empty() {
                p { "None." }
            } @else {
                div.scroll tabindex="0" role="group" aria-label="Table of settings" {
                    table {
                        thead {
                            tr {
                                th scope="col" { "Key" }
                                @for result in results { th scope="col" { (result.name) } }
                            }
                        }
                        tbody {
                            @for (key, values) in &rows {
                                tr {
                                    th scope="row" { code { (text(key)) } }
                                    @for value in values { td { (text(value)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Keys whose values are not the same in all results, with the values.
fn differences(results: &[Named]) -> Vec<(String, Vec<String>)> {
    let mut keys: Vec<&str> = Vec::new();
    let mut defaults: BTreeMap<&str, &str> = BTreeMap::new();
    for change in results.iter().flat_map(|result| &result.about.changes) {
        if !keys.contains(&change.key.as_str()) {
            keys.push(&change.key);
        }
        if let Some(default) = &change.default {
            defaults.insert(&change.key, default);
        }
    }
    let value = |about: &About, key: &str| {
        let own = about.changes.iter().find(|change| change.key == key).map(|change| change.value.as_str());
        own.or_else(|| defaults.get(key).copied()).unwrap_or("none").to_owned()
    };
    let row = |key: &str| -> (String, Vec<String>) {
        (key.to_owned(), results.iter().map(|result| value(result.about, key)).collect())
    };
    keys.into_iter().map(row).filter(|(_, values)| values.windows(2).any(|pair| pair[0] != pair[1])).collect()
}

/// How a result was made, and how to make it again.
pub(super) fn made(result: &Named) -> Markup {
    html! {
        section {
            h2 { "How " (result.name) " was made" }
            (sections::facts(result.about))
            (sections::again(result.about))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::ChangeNote;

    #[test]
    fn a_key_is_listed_where_values_differ_and_a_default_counts_as_a_value() {
        let change = |key: &str, value: &str| ChangeNote {
            key: key.to_owned(),
            value: value.to_owned(),
            default: Some("0.3".to_owned()),
        };
        let of = |changes: Vec<ChangeNote>| About { changes, ..About::default() };
        let results =
            [of(vec![change("calls.fee", "0"), change("seed", "2")]), of(vec![change("seed", "2")])];
        let names = named(&results, &["out/a".into(), "out/b".into()]);
        assert_eq!([&names[0].name, &names[1].name], ["a", "b"]);
        assert_eq!(differences(&names), [("calls.fee".to_owned(), vec!["0".to_owned(), "0.3".to_owned()])]);
    }
}
