//! A network as GraphML (Brandes et al. 2002, GraphML Progress Report), as networkx, igraph and this program write it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::edges::Edges;
use super::nodes::{Graph, IdEdge, is_of_numbers};
use super::report::Reporter;
use super::xml::{self, Element, Step};

/// A `<key>`: what a `<data>` of edges or nodes means.
#[derive(Debug)]
struct Key {
    name: String,
    default: Option<String>,
}

/// The node or edge that is being read.
#[derive(Debug)]
enum Part {
    Node { id: String, name: Option<String>, span: Range<usize> },
    Edge(IdEdge),
}

/// What has been read so far.
#[derive(Debug, Default)]
struct Reading {
    keys: BTreeMap<String, Key>,
    /// The key that is being read.
    key: Option<String>,
    /// Whether edges have directions, unless they say otherwise.
    directed: Option<bool>,
    part: Option<Part>,
    /// The key of the `<data>` that is being read.
    data: Option<(String, Range<usize>)>,
    text: String,
    graph: Graph,
    edges: Edges,
}

/// Reads the file. What is faulty is reported.
pub(super) fn read(text: &str, reporter: &mut Reporter) -> Edges {
    let mut reading = Reading::default();
    xml::read(text, "graphml", reporter, |step, reporter| match step {
        Step::Open(element) => reading.open(element, reporter),
        Step::Text(text) => reading.text += text,
        Step::Close(name) => reading.close(name, reporter),
    });
    let Reading { graph, mut edges, .. } = reading;
    graph.finish(&mut edges, reporter);
    edges
}

impl Reading {
    fn open(&mut self, element: &Element<'_>, reporter: &mut Reporter) {
        self.text.clear();
        match element.name {
            "key" => self.open_key(element, reporter),
            "graph" => self.open_graph(element, reporter),
            "node" => {
                let id = element.require("id", reporter);
                self.part = id.map(|id| Part::Node { id, name: None, span: element.span.clone() });
            }
            "edge" => self.open_edge(element, reporter),
            "data" => self.data = element.require("key", reporter).map(|key| (key, element.span.clone())),
            "hyperedge" => {
                let message = "the network has a <hyperedge>, which joins more than two";
                reporter.add(element.span.clone(), "", message, "write an edge for each pair of its people");
            }
            _ => {}
        }
    }

    fn open_key(&mut self, element: &Element<'_>, reporter: &mut Reporter) {
        let Some(id) = element.require("id", reporter) else { return };
        let name = element.get("attr.name").unwrap_or_else(|| id.clone());
        let of = element.get("for").unwrap_or_else(|| "all".to_owned());
        if name == "trust" && ["edge", "all"].contains(&of.as_str()) {
            let kind = element.get("attr.type");
            is_of_numbers(kind.as_deref(), (&name, "attr.type"), element.span.clone(), reporter);
        }
        self.key = Some(id.clone());
        self.keys.insert(id, Key { name, default: None });
    }

    fn open_graph(&mut self, element: &Element<'_>, reporter: &mut Reporter) {
        if self.directed.is_some() {
            let message = "the file has more than one <graph>";
            reporter.add(
                element.span.clone(),
                "another one",
                message,
                "keep one of them; graphs within nodes are not read",
            );
            return;
        }
        self.directed = Some(match element.require("edgedefault", reporter).as_deref() {
            Some("directed") | None => true,
            Some("undirected") => false,
            Some(other) => {
                let other = super::super::wording::shorten(other);
                let message = format!("edgedefault must be directed or undirected, but is `{other}`");
                reporter.add(element.span.clone(), "", message, "write one of the two");
                true
            }
        });
    }

    fn open_edge(&mut self, element: &Element<'_>, reporter: &mut Reporter) {
        let ends = [element.require("source", reporter), element.require("target", reporter)];
        let directed = match element.get("directed").as_deref() {
            Some("true") => true,
            Some("false") => false,
            _ => self.directed.unwrap_or(true),
        };
        let [Some(from), Some(to)] = ends else { return };
        let edge = IdEdge { ends: [from, to], trust: None, both: !directed, span: element.span.clone() };
        self.part = Some(Part::Edge(edge));
    }

    fn close(&mut self, name: &str, reporter: &mut Reporter) {
        let text = std::mem::take(&mut self.text);
        match name {
            "default" => {
                let key = self.key.as_ref().and_then(|key| self.keys.get_mut(key));
                key.into_iter().for_each(|key| key.default = Some(text.trim().to_owned()));
            }
            "key" => self.key = None,
            "data" => self.close_data(text, reporter),
            "node" => {
                if let Some(Part::Node { id, name, span }) = self.part.take() {
                    self.graph.node(id, name, span, reporter);
                }
            }
            "edge" => {
                if let Some(Part::Edge(mut edge)) = self.part.take() {
                    let default = self
                        .keys
                        .values()
                        .find(|key| key.name == "trust")
                        .and_then(|key| key.default.clone());
                    edge.trust = edge.trust.or(default);
                    self.graph.edge(edge);
                }
            }
            _ => {}
        }
    }

    /// Keeps a value of a node or an edge, if it matters.
    fn close_data(&mut self, text: String, reporter: &mut Reporter) {
        let Some((key, span)) = self.data.take() else { return };
        let meaning = self.keys.get(&key).map(|key| key.name.as_str());
        match (&mut self.part, meaning) {
            (_, None) => {
                let message =
                    format!("there is no <key> with the id `{}`", super::super::wording::shorten(&key));
                let help = "declare it with its name and type: <key id=\"trust\" for=\"edge\" attr.name=\"trust\" attr.type=\"double\"/>";
                reporter.add(span, "not declared", message, help);
            }
            (Some(Part::Node { name, .. }), Some("name")) => *name = Some(text),
            (Some(Part::Edge(edge)), Some("trust")) => edge.trust = Some(text),
            (Some(Part::Edge(_)), Some("round")) => self.edges.in_round(text.trim(), span, reporter),
            _ => {}
        }
    }
}
