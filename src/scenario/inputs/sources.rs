//! Reads the files that a scenario names.

use std::sync::Arc;

use super::super::diagnostics::{Fault, Place};
use super::super::document::Document;
use super::super::settings::PopulationRules;
use super::super::table::Section;
use super::super::wording::shorten;
use super::edges::Edges;
use super::file::{BYTES_MAX, Files, InputFile};
use super::people::{self, PeopleFile};
use super::report::Reporter;
use super::{edge_list, gexf, graphml};

/// The keys that name files.
pub(super) const AGENTS_FILE: &str = "agents_file";
pub(super) const NETWORK_FILE: &str = "network_file";

/// What the files of a scenario hold.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// The files, in the order in which places refer to them.
    pub(super) files: Vec<InputFile>,
    /// Where the scenario names the people's file, and its name.
    pub(super) people_key: Option<(Place, String)>,
    /// The people as far as they can be read; none if there is no file of them.
    pub(super) people_read: Option<PeopleFile>,
    /// The network as far as it can be read, with the position of its file; none if there is none.
    pub(super) network_read: Option<(usize, Edges)>,
    /// Whether the network has no fault.
    network_is_whole: bool,
}

impl Inputs {
    /// Reads the files that a document names. What is faulty is reported.
    pub(in super::super) fn read(
        document: &Document<'_>,
        files: &dyn Files,
        faults: &mut Vec<Fault>,
    ) -> Self {
        let mut inputs = Self { people_key: named(document, AGENTS_FILE), ..Self::default() };
        if let Some((place, name)) = inputs.people_key.clone()
            && let Some((file, mut reporter)) = inputs.open(AGENTS_FILE, &place, &name, files, faults)
        {
            inputs.people_read = people::read(&inputs.files[file].text, &mut reporter);
            reporter.finish(&name, faults);
            inputs.files[file].about =
                inputs.people_read.as_ref().map_or_else(String::new, |people| people.about.clone());
        }
        if let Some((place, name)) = named(document, NETWORK_FILE)
            && let Some((file, mut reporter)) = inputs.open(NETWORK_FILE, &place, &name, files, faults)
        {
            let edges = read_network(&inputs.files[file].text, &name, &mut reporter);
            if let Some(edges) = &edges {
                edges.check(&mut reporter);
                edges.check_trust(&mut reporter);
            }
            inputs.network_is_whole = reporter.is_clean();
            reporter.finish(&name, faults);
            inputs.network_read = edges.map(|edges| (file, edges));
            let about = inputs.network_read.as_ref().map(|(_, edges)| edges.about.clone());
            inputs.files[file].about = about.unwrap_or_default();
        }
        inputs
    }

    /// The people; none if there is no file of them, or it is faulty.
    pub(super) fn people(&self) -> Option<&PeopleFile> {
        self.people_read.as_ref().filter(|people| people.is_whole)
    }

    /// The network with the position of its file; none if there is none, or it is faulty.
    pub(super) fn network(&self) -> Option<&(usize, Edges)> {
        self.network_read.as_ref().filter(|_| self.network_is_whole)
    }

    /// The files, for the record.
    pub(in super::super) fn files(&self) -> &[InputFile] {
        &self.files
    }

    /// Names and texts of the files, for messages.
    pub(in super::super) fn texts(&self) -> Vec<(String, Arc<str>)> {
        self.files.iter().map(|file| (file.name.clone(), Arc::clone(&file.text))).collect()
    }

    /// Reads one file, and keeps its text.
    fn open(
        &mut self,
        key: &str,
        place: &Place,
        name: &str,
        files: &dyn Files,
        faults: &mut Vec<Fault>,
    ) -> Option<(usize, Reporter)> {
        let key = format!("{}.{key}", PopulationRules::SPEC.name);
        let bytes = match files.read(name) {
            Ok(bytes) => bytes,
            Err(unread) => {
                let message = format!("{key}: cannot read `{}`: {}", shorten(name), unread.problem);
                faults.push(Fault::new(message, unread.fix).at(place, ""));
                return None;
            }
        };
        debug_assert!(bytes.len() as u64 <= BYTES_MAX, "readers give no more");
        let file = self.files.len();
        let mut reporter = Reporter::new(file);
        let (text, is_text) = decode(bytes, name, &mut reporter);
        self.files.push(InputFile { key, name: name.to_owned(), text: text.into(), about: String::new() });
        if is_text {
            return Some((file, reporter));
        }
        reporter.finish(name, faults);
        None
    }
}

/// The text that a key of `[population]` has, and where; none if it is left out or empty.
fn named(document: &Document<'_>, key: &str) -> Option<(Place, String)> {
    let given = document.tables(PopulationRules::SPEC.name).first()?.get(key)?;
    let name = given.value.text().filter(|name| !name.is_empty() && !name.chars().any(char::is_control))?;
    Some((given.place.clone(), name.to_owned()))
}

fn read_network(text: &str, name: &str, reporter: &mut Reporter) -> Option<Edges> {
    let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
    match ending.as_str() {
        "graphml" => Some(graphml::read(text, reporter)),
        "gexf" => Some(gexf::read(text, reporter)),
        "csv" | "tsv" | "txt" => edge_list::read(text, reporter),
        _ => {
            let message = format!("population.network_file: the format of `{}` is not known", shorten(name));
            reporter.add(0..0, "", message, "name it by its format: .csv, .graphml or .gexf");
            None
        }
    }
}

/// The text of a file, and whether it is text in UTF-8. If it is not, that is reported.
fn decode(bytes: Vec<u8>, name: &str, reporter: &mut Reporter) -> (String, bool) {
    const FIX: &str = "save it as UTF-8; in a spreadsheet choose \"CSV UTF-8\"";
    let name = shorten(name);
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        reporter.add(0..0, "", format!("`{name}` is UTF-16 text, but must be UTF-8"), FIX);
        return (String::new(), false);
    }
    if bytes.contains(&0) {
        let fix = "name a CSV, GraphML or GEXF file; save a spreadsheet as CSV first";
        reporter.add(0..0, "", format!("`{name}` is not a text file"), fix);
        return (String::new(), false);
    }
    match String::from_utf8(bytes) {
        Ok(text) => (text, true),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let byte = error.as_bytes()[at];
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let message = format!("`{name}` is not UTF-8 text: byte {byte} is invalid");
            let help = format!("the letter here was written in another encoding; {FIX}");
            reporter.add(at..at + char::REPLACEMENT_CHARACTER.len_utf8(), "here", message, help);
            (text, false)
        }
    }
}
