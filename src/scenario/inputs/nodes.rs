//! Nodes and edges of a network in XML, in any order.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use super::super::wording::{grouped, shorten};
use super::edges::{Edges, trust};
use super::report::Reporter;

/// An edge whose ends are ids of nodes.
#[derive(Debug)]
pub(super) struct IdEdge {
    pub(super) ends: [String; 2],
    pub(super) trust: Option<String>,
    pub(super) both: bool,
    pub(super) span: Range<usize>,
}

/// Nodes and edges by their ids.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// Name and place of each node.
    nodes: BTreeMap<String, (String, Range<usize>)>,
    edges: Vec<IdEdge>,
}

impl Graph {
    /// Adds a node; without a name it is called by its id.
    pub(super) fn node(
        &mut self,
        id: String,
        name: Option<String>,
        span: Range<usize>,
        reporter: &mut Reporter,
    ) {
        let name = name
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| id.clone());
        match self.nodes.entry(id) {
            Entry::Vacant(place) => drop(place.insert((name, span))),
            Entry::Occupied(place) => {
                let message = format!("two nodes have the id `{}`", shorten(place.key()));
                reporter.add(span, "again", message, "leave out one of the two, or give it another id");
            }
        }
    }

    /// Adds an edge.
    pub(super) fn edge(&mut self, edge: IdEdge) {
        self.edges.push(edge);
    }

    /// The ties between the people whom the nodes are. What is faulty is reported.
    pub(super) fn finish(self, edges: &mut Edges, reporter: &mut Reporter) {
        for edge in self.edges {
            let name = |id: &String| self.nodes.get(id).map(|(name, _)| name.as_str());
            let [Some(from), Some(to)] = [name(&edge.ends[0]), name(&edge.ends[1])] else {
                for id in edge.ends.iter().filter(|id| !self.nodes.contains_key(*id)) {
                    let message = format!("an edge leads to `{}`, which is no node", shorten(id));
                    reporter.add(
                        edge.span.clone(),
                        "no such node",
                        message,
                        "add the node, or leave out the edge",
                    );
                }
                continue;
            };
            let trust = edge.trust.as_deref().map(|text| match trust(text.trim()) {
                Ok(trust) => trust,
                Err((message, help)) => {
                    reporter.add(edge.span.clone(), "", message, help);
                    0.0
                }
            });
            let spans = [&edge.ends[0], &edge.ends[1]].map(|id| || self.nodes[id].1.clone());
            edges.add([from, to], trust, edge.both, [&spans[0], &spans[1]], edge.span.clone());
        }
        edges.about = format!(
            "{} ties between {} nodes{}",
            grouped(edges.n_ties() as u64),
            grouped(self.nodes.len() as u64),
            if edges.list.iter().any(|edge| edge.trust.is_some()) { ", with trust" } else { "" }
        );
    }
}

/// Whether the type of an attribute is one of numbers; a missing or other one is a fault.
pub(super) fn is_of_numbers(
    kind: Option<&str>,
    (name, attribute): (&str, &str),
    span: Range<usize>,
    reporter: &mut Reporter,
) -> bool {
    let numbers = ["double", "float", "int", "integer", "long"];
    if kind.is_some_and(|kind| numbers.contains(&kind.to_lowercase().as_str())) {
        return true;
    }
    let message = match kind {
        None => format!("the attribute `{name}` of edges has no {attribute}"),
        Some(kind) => format!("the attribute `{name}` of edges has the type `{}`", shorten(kind)),
    };
    reporter.add(span, "", message, format!("write {attribute}=\"double\""));
    false
}
