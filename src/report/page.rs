//! The page as a whole.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::figures;
use super::sections::{self, text};
use super::style::{self, SCRIPT};
use super::together::{self, Named};
use crate::chart::Figure;
use crate::results::{About, REPORT_MARK};

/// The page about one result.
pub(super) fn of_result(about: &About, figures: &[Figure]) -> String {
    let title = if about.title.is_empty() { sections::kind(about).to_owned() } else { text(&about.title) };
    let head = html! {
        p.kind { (sections::kind(about)) }
        h1 { (title) }
        p.question { (text(&sections::question(about))) }
    };
    let before = html! {
        (sections::answer(about))
        (sections::stories(about))
        (sections::warnings(about))
    };
    let after = html! {
        @if sections::has_scenario(about) { (sections::settings(about)) }
        (sections::made(about))
        (sections::repeat(about))
        (sections::cite(&[about]))
    };
    page(&title, &head, &before, figures, about.options.charts, &after)
}

/// The page about several results.
pub(super) fn of_results(results: &[Named], figures: &[Figure]) -> String {
    let title = format!("{} results compared", results.len());
    let head = html! {
        p.kind { "Comparison" }
        h1 { (title) }
        p.question { (text(&together::question(results))) }
    };
    let abouts: Vec<&About> = results.iter().map(|result| result.about).collect();
    let after = html! {
        (together::differing(results))
        @for result in results { (together::made(result)) }
        (sections::cite(&abouts))
    };
    page(&title, &head, &together::answers(results), figures, true, &after)
}

/// A document: what comes before the charts, the charts as far as they fit, and what comes after them.
fn page(
    title: &str,
    head: &Markup,
    before: &Markup,
    figures: &[Figure],
    charts: bool,
    after: &Markup,
) -> String {
    let css = style::css();
    let around = css.len() + SCRIPT.len() + head.0.len() + before.0.len() + after.0.len();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                (PreEscaped(REPORT_MARK)) (env!("CARGO_PKG_VERSION")) (PreEscaped("\">"))
                meta http-equiv="Content-Security-Policy" content=(style::policy(&css));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " – mingle" }
                style { (PreEscaped(&css)) }
            }
            body {
                header { (head) }
                main {
                    (before)
                    (figures::section(figures, charts, around))
                    (after)
                }
                footer {
                    p { "Made by mingle " (env!("CARGO_PKG_VERSION")) " from the files of the result alone." }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}
