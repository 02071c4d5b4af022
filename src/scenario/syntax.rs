//! From bytes to TOML: what is not text, and what is not TOML, told so that a newcomer can mend it.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

use super::diagnostics::{Fault, Place};
use super::wording::shorten;

/// Most faults of syntax that are told; after a few the reader has lost the thread, and so has the parser.
const SYNTAX_FAULTS: usize = 10;

/// Most keys told to be there twice; each costs a search for the first.
const DUPLICATES: usize = 1_000;

/// The text of a file, without the mark that some editors put at the start; or the text as far as it can
/// be shown, and what is wrong with it.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, (String, Fault)> {
    let invalid = match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => return Ok(text),
        Ok(text) => text.find('\0').unwrap_or(0),
        Err(error) => error.valid_up_to(),
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let help = "save it as UTF-8; some editors call this encoding \"UTF-8 without BOM\"";
        return Err((String::new(), Fault::new("the file is UTF-16 text, but must be UTF-8", help)));
    }
    if bytes.contains(&0) {
        let help = "give the path of a scenario, a text file in TOML";
        return Err((String::new(), Fault::new("this is not a text file", help)));
    }
    let text = String::from_utf8_lossy(bytes).into_owned();
    let message = format!("the file is not UTF-8 text: byte {} is invalid", bytes[invalid]);
    let fault = Fault::new(message, "save it as UTF-8; the letter here was written in another encoding")
        .at(&Place::file(invalid..invalid + char::REPLACEMENT_CHARACTER.len_utf8()), "here");
    Err((text, fault))
}

/// The document, if its keys can be trusted to be what the writer meant; faults of syntax are added.
pub(super) fn parse<'a>(text: &'a str, faults: &mut Vec<Fault>) -> Option<Spanned<DeTable<'a>>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut last_line = None;
    let mut told = 0;
    let mut twice = 0;
    let mut trusted = true;
    for error in errors {
        let span = error.span().unwrap_or(text.len()..text.len());
        if error.message().starts_with("duplicate key") {
            twice += 1;
            if twice <= DUPLICATES {
                faults.push(duplicate(text, root.get_ref(), span));
            }
            continue;
        }
        trusted = false;
        if told >= SYNTAX_FAULTS {
            continue;
        }
        let line = text[..text.floor_char_boundary(span.start)].matches('\n').count();
        // One slip often confuses the parser several times on its line.
        if last_line != Some(line) {
            faults.push(fault(text, &error, span));
            told += 1;
        }
        last_line = Some(line);
    }
    trusted.then_some(root)
}

/// A fault of syntax in the parser's words, with advice in ours.
fn fault(text: &str, error: &toml::de::Error, span: Range<usize>) -> Fault {
    let told = error.message();
    let (what, expected) = match told.split_once(", expected ") {
        Some((what, expected)) => (what, format!("expected {}", expected.replace('`', "'"))),
        None => (told, String::new()),
    };
    let at_end = text[text.floor_char_boundary(span.start)..].trim_start_matches([' ', '\t']).chars().next();
    let nothing = span.is_empty() && matches!(at_end, None | Some('\n' | '\r' | '#'));
    let (what, expected) = match what {
        "string values must be quoted" if nothing => ("missing value", "expected a value".to_owned()),
        _ => (what, expected.replace("literal string", "quotes around text")),
    };
    let written = shorten(text.get(span.clone()).unwrap_or_default().trim());
    let help = match what {
        "string values must be quoted" => format!("put it between double quotes: \"{written}\""),
        "missing value" | "missing value for key" => {
            "write the value after the `=`, on the same line: rate = 0.1".to_owned()
        }
        "key with no value" | "missing assignment between key-value pairs" => {
            "write one key per line, with `=` between key and value: rate = 0.1".to_owned()
        }
        what if what.starts_with("unclosed table") || what.starts_with("unclosed array table") => {
            "a header stands in brackets on a line of its own: [needs], or [[strategy]] for a list".to_owned()
        }
        what if what.contains("leading zero") => "write the number without zeros in front".to_owned(),
        what if what.contains("basic string") || expected.contains("'\"'") => {
            "text begins and ends with a double quote: \"shop\"".to_owned()
        }
        _ => "a scenario is TOML: lines such as rate = 0.1 below headers such as [needs]; text in double quotes, comments after #".to_owned(),
    };
    Fault::new(format!("not valid TOML: {what}"), help).at(&Place::file(span), expected)
}

/// A key or header that stands twice where TOML allows it once.
fn duplicate(text: &str, root: &DeTable<'_>, span: Range<usize>) -> Fault {
    let name = text.get(span.clone()).unwrap_or_default();
    let message = format!("`{}` is given twice", shorten(name.trim_matches(['"', '\''])));
    let fault = Fault::new(message, "keep one of the two").at(&Place::file(span.clone()), "given again");
    match first_given(root, name, span.start) {
        Some(first) if first != span => fault.at(&Place::file(first), "first given here"),
        _ => fault,
    }
}

/// Where `name` was first given in the table whose header is the last before `at`.
fn first_given(root: &DeTable<'_>, name: &str, at: usize) -> Option<Range<usize>> {
    let mut header = 0;
    let mut home = root;
    for (_, value) in root {
        let items = value.get_ref().as_array().into_iter().flat_map(|items| items.iter());
        for table in std::iter::once(value).chain(items) {
            let start = table.span().start;
            if let Some(keys) = table.get_ref().as_table()
                && (header..at).contains(&start)
            {
                header = start;
                home = keys;
            }
        }
    }
    home.get_key_value(name).map(|(key, _)| key.span()).filter(|first| first.start < at)
}
