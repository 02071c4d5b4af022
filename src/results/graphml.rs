//! Networks as GraphML (for igraph, networkx, Cytoscape) and as GEXF over time (for Gephi).
//!
//! GraphML: Brandes et al. 2002, GraphML Progress Report; one edge per tie and round. GEXF 1.2: an edge has a spell from
//! each chosen round in which it exists to the next chosen one.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::names::Names;
use super::words::characters;
use crate::experiment::Network;
use crate::model::{AgentId, AgentRecord};

type Xml<'a> = Writer<&'a mut dyn Write>;

/// Attributes of nodes: name, and type in GraphML and GEXF.
const NODE_ATTRIBUTES: [(&str, &str, &str); 5] = [
    ("strategy", "string", "string"),
    ("region", "string", "string"),
    ("town", "long", "long"),
    ("expertise", "int", "integer"),
    ("net_total", "double", "double"),
];

/// The values of [`NODE_ATTRIBUTES`].
fn values(agent: &AgentRecord, names: Names<'_>) -> [String; 5] {
    [
        characters(names.strategy(agent.strategy)),
        characters(names.region(agent.region)),
        agent.town.to_string(),
        agent.expertise.to_string(),
        agent.net_total.to_string(),
    ]
}

/// The last state of every agent that is active in a network, and the networks in which it is, by position.
fn people(networks: &[Network]) -> BTreeMap<AgentId, (&AgentRecord, Vec<usize>)> {
    let mut people: BTreeMap<AgentId, (&AgentRecord, Vec<usize>)> = BTreeMap::new();
    for (place, network) in networks.iter().enumerate() {
        for agent in network.agents.iter().filter(|agent| agent.active) {
            let (last, places) = people.entry(agent.agent).or_insert((agent, Vec::new()));
            *last = agent;
            places.push(place);
        }
    }
    people
}

fn start(to: &mut dyn Write) -> io::Result<Xml<'_>> {
    let mut xml = Writer::new_with_indent(to, b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    Ok(xml)
}

/// Ends a file with a line break.
fn end(xml: Xml<'_>) -> io::Result<()> {
    xml.into_inner().write_all(b"\n")
}

pub(super) fn write_graphml(to: &mut dyn Write, networks: &[Network], names: Names<'_>) -> io::Result<()> {
    let mut xml = start(to)?;
    let root =
        xml.create_element("graphml").with_attribute(("xmlns", "http://graphml.graphdrawing.org/xmlns"));
    root.write_inner_content(|xml| {
        let edge = [("round", "int"), ("trust", "double")].map(|(name, kind)| (name, "edge", kind));
        let node = NODE_ATTRIBUTES.map(|(name, kind, _)| (name, "node", kind));
        let name = (!names.people.is_empty()).then_some(("name", "node", "string"));
        for (name, of, kind) in node.into_iter().chain(name).chain(edge) {
            let key = xml.create_element("key").with_attributes([("id", name), ("for", of)]);
            key.with_attributes([("attr.name", name), ("attr.type", kind)]).write_empty()?;
        }
        let graph = xml.create_element("graph").with_attribute(("edgedefault", "directed"));
        graph.write_inner_content(|xml| {
            for (id, (agent, _)) in people(networks) {
                let node = xml.create_element("node").with_attribute(("id", id.to_string().as_str()));
                node.write_inner_content(|xml| {
                    let data = NODE_ATTRIBUTES.map(|(name, ..)| name).into_iter().zip(values(agent, names));
                    data.into_iter().try_for_each(|(name, value)| write_data(xml, name, &value))?;
                    let person = names.person(id, agent.born).map(characters);
                    person.map_or(Ok(()), |name| write_data(xml, "name", &name))
                })?;
            }
            networks.iter().try_for_each(|network| write_edges(xml, network))
        })?;
        Ok(())
    })?;
    end(xml)
}

/// One edge per tie.
fn write_edges(xml: &mut Xml<'_>, network: &Network) -> io::Result<()> {
    let round = network.round.to_string();
    for (from, to, trust) in &network.ties {
        let (from, to, trust) = (from.to_string(), to.to_string(), trust.to_string());
        let ends = [("source", from.as_str()), ("target", to.as_str())];
        xml.create_element("edge").with_attributes(ends).write_inner_content(|xml| {
            write_data(xml, "round", &round)?;
            write_data(xml, "trust", &trust)
        })?;
    }
    Ok(())
}

fn write_data(xml: &mut Xml<'_>, key: &str, value: &str) -> io::Result<()> {
    xml.create_element("data")
        .with_attribute(("key", key))
        .write_text_content(BytesText::new(value))
        .map(drop)
}

pub(super) fn write_gexf(to: &mut dyn Write, networks: &[Network], names: Names<'_>) -> io::Result<()> {
    let mut xml = start(to)?;
    let root = xml.create_element("gexf");
    let root = root.with_attributes([("xmlns", "http://www.gexf.net/1.2draft"), ("version", "1.2")]);
    root.write_inner_content(|xml| {
        let kind = [("mode", "dynamic"), ("defaultedgetype", "directed"), ("timeformat", "double")];
        xml.create_element("graph").with_attributes(kind).write_inner_content(|xml| {
            write_attributes(
                xml,
                "node",
                "static",
                &NODE_ATTRIBUTES.map(|(name, _, kind)| (name, kind))[..4],
            )?;
            write_attributes(xml, "node", "dynamic", &[("net_total", "double")])?;
            write_attributes(xml, "edge", "dynamic", &[("trust", "double")])?;
            write_nodes_over_time(xml, networks, names)?;
            write_edges_over_time(xml, networks)
        })?;
        Ok(())
    })?;
    end(xml)
}

fn write_attributes(xml: &mut Xml<'_>, of: &str, mode: &str, names: &[(&str, &str)]) -> io::Result<()> {
    let list = xml.create_element("attributes").with_attributes([("class", of), ("mode", mode)]);
    let write = |xml: &mut Xml<'_>| {
        names.iter().try_for_each(|&(name, kind)| {
            let attribute = xml.create_element("attribute");
            attribute.with_attributes([("id", name), ("title", name), ("type", kind)]).write_empty().map(drop)
        })
    };
    list.write_inner_content(write).map(drop)
}

/// Start and end of the time for which a network stands: to the next one, and of the last one a round.
fn times(networks: &[Network], place: usize) -> [String; 2] {
    let start = networks[place].round;
    let end = networks.get(place + 1).map_or(start + 1, |next| next.round);
    [start.to_string(), end.to_string()]
}

fn write_nodes_over_time(xml: &mut Xml<'_>, networks: &[Network], names: Names<'_>) -> io::Result<()> {
    let write = |xml: &mut Xml<'_>| {
        people(networks).into_iter().try_for_each(|(id, (agent, places))| {
            let label = names.person(id, agent.born).map_or_else(|| id.to_string(), characters);
            let id = id.to_string();
            let node =
                xml.create_element("node").with_attributes([("id", id.as_str()), ("label", label.as_str())]);
            let inner = |xml: &mut Xml<'_>| write_node_over_time(xml, networks, agent, &places, names);
            node.write_inner_content(inner).map(drop)
        })
    };
    xml.create_element("nodes").write_inner_content(write).map(drop)
}

fn write_node_over_time(
    xml: &mut Xml<'_>,
    networks: &[Network],
    last: &AgentRecord,
    places: &[usize],
    names: Names<'_>,
) -> io::Result<()> {
    let values = values(last, names);
    let write = |xml: &mut Xml<'_>| {
        for ((name, ..), value) in NODE_ATTRIBUTES.iter().zip(&values).take(4) {
            write_value(xml, name, value, None)?;
        }
        places.iter().try_for_each(|&place| {
            let now = &networks[place].agents[last.agent as usize];
            write_value(xml, "net_total", &now.net_total.to_string(), Some(times(networks, place)))
        })
    };
    xml.create_element("attvalues").write_inner_content(write)?;
    write_spells(xml, networks, places.iter().copied())
}

fn write_edges_over_time(xml: &mut Xml<'_>, networks: &[Network]) -> io::Result<()> {
    let mut edges: BTreeMap<(AgentId, AgentId), Vec<(usize, f32)>> = BTreeMap::new();
    for (place, network) in networks.iter().enumerate() {
        for &(from, to, trust) in &network.ties {
            edges.entry((from, to)).or_default().push((place, trust));
        }
    }
    let write = |xml: &mut Xml<'_>| {
        for (id, ((from, to), times_and_trust)) in edges.iter().enumerate() {
            let [id, from, to] = [id.to_string(), from.to_string(), to.to_string()];
            let edge = xml.create_element("edge");
            let edge = edge.with_attributes([("id", id.as_str()), ("source", &from), ("target", &to)]);
            edge.write_inner_content(|xml| {
                xml.create_element("attvalues").write_inner_content(|xml| {
                    times_and_trust.iter().try_for_each(|(place, trust)| {
                        write_value(xml, "trust", &trust.to_string(), Some(times(networks, *place)))
                    })
                })?;
                write_spells(xml, networks, times_and_trust.iter().map(|(place, _)| *place))
            })?;
        }
        Ok(())
    };
    xml.create_element("edges").write_inner_content(write).map(drop)
}

/// The value of an attribute, at all times or from one to another.
fn write_value(xml: &mut Xml<'_>, of: &str, value: &str, times: Option<[String; 2]>) -> io::Result<()> {
    let element = xml.create_element("attvalue").with_attributes([("for", of), ("value", value)]);
    let element = match &times {
        Some([start, end]) => element.with_attributes([("start", start.as_str()), ("end", end.as_str())]),
        None => element,
    };
    element.write_empty().map(drop)
}

/// The times at which a node or an edge exists.
fn write_spells(
    xml: &mut Xml<'_>,
    networks: &[Network],
    mut places: impl Iterator<Item = usize>,
) -> io::Result<()> {
    let write = |xml: &mut Xml<'_>| {
        places.try_for_each(|place| {
            let [start, end] = times(networks, place);
            let spell = xml.create_element("spell");
            spell.with_attributes([("start", start.as_str()), ("end", end.as_str())]).write_empty().map(drop)
        })
    };
    xml.create_element("spells").write_inner_content(write).map(drop)
}
