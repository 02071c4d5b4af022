//! From bytes to TOML. Faults of encoding and syntax come with advice for newcomers.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

use super::advice;
use super::diagnostics::{Fault, Place, line_of};
use super::wording::{counted, shorten};

/// Maximum number of reported faults of syntax; later ones are often consequences of the first.
const SYNTAX_FAULTS: usize = 10;

/// Maximum number of reported duplicate keys; each needs a search for the first occurrence.
const DUPLICATES: usize = 1_000;

/// The text of a file without a byte order mark; or the readable part of the text, and a fault.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, Box<(String, Fault)>> {
    let invalid = match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => return Ok(text),
        Ok(text) => text.find('\0').unwrap_or(0),
        Err(error) => error.valid_up_to(),
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let help = "save it as UTF-8; some editors call this encoding \"UTF-8 without BOM\"";
        let fault = Fault::new("the file is UTF-16 text, but must be UTF-8", help);
        return Err(Box::new((String::new(), fault)));
    }
    if bytes.contains(&0) {
        let help = "give the path of a scenario, a text file in TOML";
        return Err(Box::new((String::new(), Fault::new("this is not a text file", help))));
    }
    let text = String::from_utf8_lossy(bytes).into_owned();
    let message = format!("the file is not UTF-8 text: byte {} is invalid", bytes[invalid]);
    let fault = Fault::new(message, "save it as UTF-8; the letter here was written in another encoding")
        .at(&Place::file(invalid..invalid + char::REPLACEMENT_CHARACTER.len_utf8()), "here");
    Err(Box::new((text, fault)))
}

/// The document, if its keys are reliable despite faults of syntax, which are added to the faults.
pub(super) fn parse<'a>(text: &'a str, faults: &mut Vec<Fault>) -> Option<Spanned<DeTable<'a>>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut last_line = None;
    let mut told = 0;
    let mut twice: Vec<Range<usize>> = Vec::new();
    let mut trusted = true;
    for error in errors {
        let span = error.span().unwrap_or(text.len()..text.len());
        if error.message().starts_with("duplicate key") {
            twice.push(span);
            continue;
        }
        trusted = false;
        if told >= SYNTAX_FAULTS {
            continue;
        }
        let line = text[..text.floor_char_boundary(span.start)].matches('\n').count();
        // One mistake often causes several faults on its line.
        if last_line != Some(line) {
            faults.push(fault(text, &error, span));
            told += 1;
        }
        last_line = Some(line);
    }
    faults.extend(twice.iter().take(DUPLICATES).map(|span| duplicate(text, root.get_ref(), span.clone())));
    if let Some(first) = twice.get(DUPLICATES) {
        let more = twice.len() - DUPLICATES;
        let message = format!("keys or headers are given twice in {}", counted(more, "more place"));
        let fault = Fault::new(message, "mend the others first; many have the same cause");
        faults.push(fault.standing_for(more).at(&Place::file(first.clone()), "the first of them"));
    }
    trusted.then_some(root)
}

/// A fault of syntax with the parser's message and our advice.
fn fault(text: &str, error: &toml::de::Error, span: Range<usize>) -> Fault {
    let told = error.message();
    let (what, expected) = told.split_once(", expected ").unwrap_or((told, ""));
    let expected = match expected {
        "" | "nothing" => String::new(),
        "newline, `#`" => "expected the end of the line".to_owned(),
        _ => format!("expected {}", expected.replace('`', "'")),
    };
    let line = text[line_of(text, span.start)].trim();
    let (what, expected) = match what {
        "string values must be quoted" if line.ends_with('=') => ("missing value", "expected a value"),
        "string values must be quoted" => ("neither a number, true or false, nor text in quotes", ""),
        "key with no value" => ("missing `=`", expected.as_str()),
        _ => (what, expected.as_str()),
    };
    let help = advice::for_line(line).unwrap_or_else(|| {
        "write one key per line, such as rate = 0.1, below a header such as [needs]; comments begin with #".to_owned()
    });
    Fault::new(format!("not valid TOML: {what}"), help).at(&Place::file(span), expected)
}

/// A key or header that occurs twice where TOML allows it once.
fn duplicate(text: &str, root: &DeTable<'_>, span: Range<usize>) -> Fault {
    let name = text.get(span.clone()).unwrap_or_default();
    let message = format!("`{}` is given twice", shorten(name.trim_matches(['"', '\''])));
    let line = text[line_of(text, span.start)].trim();
    let (help, first) = if line.starts_with('[') {
        let same = text[..span.start].lines().position(|earlier| earlier.trim() == line);
        ("put the keys of both below one header", same.map(|index| header_on(text, index)))
    } else {
        ("keep one of the two", first_given(root, name, span.start))
    };
    let fault = Fault::new(message, help).at(&Place::file(span), "given again");
    match first {
        Some(first) => fault.at(&Place::file(first), "first given here"),
        None => fault,
    }
}

/// The header on the line of this index.
fn header_on(text: &str, index: usize) -> Range<usize> {
    let start = text.split_inclusive('\n').take(index).map(str::len).sum::<usize>();
    let line = line_of(text, start);
    let indent = text[line.clone()].len() - text[line.clone()].trim_start().len();
    line.start + indent..line.end
}

/// The place where `name` was first given in the table whose header is the last before `at`.
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
