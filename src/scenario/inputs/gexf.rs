//! A network as GEXF, as Gephi, networkx and this program write it.

use std::collections::BTreeMap;

use super::edges::Edges;
use super::nodes::{Graph, IdEdge, is_of_numbers};
use super::report::Reporter;
use super::xml::{self, Element, Step};

/// What has been read so far.
#[derive(Debug, Default)]
struct Reading {
    /// Whether edges have directions, unless they say otherwise.
    directed: bool,
    /// Whether the attributes that are being read are those of edges.
    of_edges: bool,
    /// Names of the attributes of edges, by id.
    attributes: BTreeMap<String, String>,
    edge: Option<IdEdge>,
    graph: Graph,
    edges: Edges,
}

/// Reads the file. What is faulty is reported.
pub(super) fn read(text: &str, reporter: &mut Reporter) -> Edges {
    let mut reading = Reading::default();
    xml::read(text, "gexf", reporter, |step, reporter| match step {
        Step::Open(element) => reading.open(element, reporter),
        Step::Text(_) => {}
        Step::Close(name) => {
            if let ("edge", Some(edge)) = (name, reading.edge.take_if(|_| name == "edge")) {
                reading.graph.edge(edge);
            }
        }
    });
    let Reading { graph, mut edges, .. } = reading;
    graph.finish(&mut edges, reporter);
    edges
}

impl Reading {
    fn open(&mut self, element: &Element<'_>, reporter: &mut Reporter) {
        match element.name {
            // Without a default edges have no direction, says the format.
            "graph" => self.directed = element.get("defaultedgetype").as_deref() == Some("directed"),
            "attributes" => self.of_edges = element.get("class").as_deref() == Some("edge"),
            "attribute" if self.of_edges => self.open_attribute(element, reporter),
            "node" => {
                if let Some(id) = element.require("id", reporter) {
                    self.graph.node(id, element.get("label"), element.span.clone(), reporter);
                }
            }
            "edge" => {
                let ends = [element.require("source", reporter), element.require("target", reporter)];
                let both = match element.get("type").as_deref() {
                    Some("directed") => false,
                    Some("undirected" | "mutual") => true,
                    _ => !self.directed,
                };
                if let [Some(from), Some(to)] = ends {
                    self.edge =
                        Some(IdEdge { ends: [from, to], trust: None, both, span: element.span.clone() });
                }
            }
            "attvalue" => self.value(element, reporter),
            _ => {}
        }
    }

    fn open_attribute(&mut self, element: &Element<'_>, reporter: &mut Reporter) {
        let Some(id) = element.require("id", reporter) else { return };
        let title = element.get("title").unwrap_or_else(|| id.clone());
        if title == "trust" {
            is_of_numbers(element.get("type").as_deref(), (&title, "type"), element.span.clone(), reporter);
        }
        self.attributes.insert(id, title);
    }

    /// Keeps the trust of an edge, which can be that of a round.
    fn value(&mut self, element: &Element<'_>, reporter: &mut Reporter) {
        let Some(edge) = &mut self.edge else { return };
        let of = element.get("for").unwrap_or_default();
        if self.attributes.get(&of).map(String::as_str) != Some("trust") {
            return;
        }
        edge.trust = element.require("value", reporter);
        if let Some(start) = element.get("start") {
            self.edges.in_round(&start, element.span.clone(), reporter);
        }
    }
}
