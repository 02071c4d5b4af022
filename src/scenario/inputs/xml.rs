//! Elements of an XML file, one after the other. Entities of a DTD are not expanded, so a small file stays small.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::super::wording::shorten;
use super::report::Reporter;

/// What comes next in a file.
#[derive(Debug)]
pub(super) enum Step<'a> {
    /// An element begins.
    Open(&'a Element<'a>),
    /// Text, or a part of it.
    Text(&'a str),
    /// The element of this name ends. An empty element ends as others do.
    Close(&'a str),
}

/// The first tag of an element.
#[derive(Debug)]
pub(super) struct Element<'a> {
    /// Its name without prefix.
    pub(super) name: &'a str,
    tag: &'a BytesStart<'a>,
    /// Where the tag is.
    pub(super) span: Range<usize>,
}

impl Element<'_> {
    /// The value of an attribute, if it is there. A faulty one counts as missing; it was reported.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let attribute = self.tag.try_get_attribute(name).ok()??;
        Some(attribute.unescape_value().ok()?.trim().to_owned())
    }

    /// The value of an attribute that must be there, else a fault.
    pub(super) fn require(&self, name: &str, reporter: &mut Reporter) -> Option<String> {
        let value = self.get(name).filter(|value| !value.is_empty());
        if value.is_none() {
            let message = format!("an element <{}> has no {name}", self.name);
            reporter.add(self.span.clone(), "", message, format!("add {name}=\"...\" to it"));
        }
        value
    }

    /// Reports attributes that cannot be read.
    fn check(&self, reporter: &mut Reporter) {
        for attribute in self.tag.attributes() {
            let problem = match attribute {
                Ok(attribute) => attribute.unescape_value().err().map(|error| error.to_string()),
                Err(error) => Some(error.to_string()),
            };
            if let Some(problem) = problem {
                let message = format!("an element <{}> cannot be read: {problem}", shorten(self.name));
                reporter.add(
                    self.span.clone(),
                    "",
                    message,
                    "write the network again with the program that made it",
                );
                return;
            }
        }
    }
}

/// Calls `each` with all steps of a file whose first element is `root`. A file that is not well-formed is a fault.
pub(super) fn read(
    text: &str,
    root: &str,
    reporter: &mut Reporter,
    mut each: impl FnMut(Step<'_>, &mut Reporter),
) {
    // The reader would leave out a byte order mark without counting it.
    let xml = text.strip_prefix('\u{feff}').unwrap_or(text);
    let skipped = text.len() - xml.len();
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let (mut open, mut seen_root) = (0_usize, false);
    let here = |position: u64| skipped + usize::try_from(position).unwrap_or(xml.len()).min(xml.len());
    loop {
        let start = here(reader.buffer_position());
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let at = here(reader.error_position());
                let message = format!("the file is not well-formed XML: {error}");
                reporter.add(
                    at..at,
                    "here",
                    message,
                    "write the network again with the program that made it",
                );
                return;
            }
        };
        let end = here(reader.buffer_position());
        match event {
            Event::Start(tag) => {
                let name = String::from_utf8_lossy(tag.local_name().into_inner()).into_owned();
                let element = Element { name: &name, tag: &tag, span: start..end.max(start) };
                if !seen_root && name != root {
                    let message = format!("the first element must be <{root}>, but is <{}>", shorten(&name));
                    let help = "name the file by its format: .csv, .graphml or .gexf";
                    reporter.add(element.span, "", message, help);
                    return;
                }
                (open, seen_root) = (open + 1, true);
                element.check(reporter);
                each(Step::Open(&element), reporter);
            }
            Event::End(tag) => {
                open -= 1;
                each(Step::Close(&String::from_utf8_lossy(tag.local_name().into_inner())), reporter);
            }
            Event::Text(piece) => each(Step::Text(&String::from_utf8_lossy(&piece)), reporter),
            Event::CData(piece) => each(Step::Text(&String::from_utf8_lossy(&piece)), reporter),
            Event::GeneralRef(entity) => {
                let name = String::from_utf8_lossy(&entity).into_owned();
                let letter = entity.resolve_char_ref().ok().flatten().map(String::from);
                match letter.or_else(|| resolve_predefined_entity(&name).map(str::to_owned)) {
                    Some(letter) => each(Step::Text(&letter), reporter),
                    None => {
                        let message = format!("unknown entity `&{};`", shorten(&name));
                        let help = "write the text itself; entities that a file declares are not expanded";
                        reporter.add(start..end.max(start), "", message, help);
                        return;
                    }
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if open > 0 || !seen_root {
        let message = if seen_root { "the file ends within an element" } else { "the file has no element" };
        let help = format!("a part is missing; write it again, with </{root}> at its end");
        reporter.add(text.len()..text.len(), "the end of the file", message, help);
    }
}
