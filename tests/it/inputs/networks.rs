//! Networks in every format: the same ties, the same results, and what is written is read back.

use std::fs;
use std::path::Path;

use mingle::Scenario;

use super::{PEOPLE, SCENARIO, TIES, done, first_ties, folder, rows, scenario};

/// The scenario with the ties of this file.
fn with(network: &str, ties: &str) -> Scenario {
    let text = SCENARIO.replace("ties.csv", network);
    let files = [("people.csv", PEOPLE.as_bytes()), (network, ties.as_bytes())];
    Scenario::parse_with_files(&text, &[], &files).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The ties of this file's edge list, as networkx 3.6 writes them with `write_graphml`.
const NETWORKX_GRAPHML: &str = r#"<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
  <key id="d0" for="edge" attr.name="trust" attr.type="double" />
  <graph edgedefault="directed">
    <node id="Ada" />
    <node id="Bo" />
    <node id="Cy" />
    <node id="Eve, Jr" />
    <node id="Di" />
    <node id="Flo" />
    <edge source="Ada" target="Bo">
      <data key="d0">0.5</data>
    </edge>
    <edge source="Bo" target="Ada">
      <data key="d0">-0.25</data>
    </edge>
    <edge source="Cy" target="Eve, Jr">
      <data key="d0">1.0</data>
    </edge>
    <edge source="Eve, Jr" target="Cy">
      <data key="d0">0.0</data>
    </edge>
    <edge source="Di" target="Flo">
      <data key="d0">0.1</data>
    </edge>
  </graph>
</graphml>
"#;

/// The same as networkx 3.6 writes it with `write_gexf`.
const NETWORKX_GEXF: &str = r#"<?xml version='1.0' encoding='utf-8'?>
<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.gexf.net/1.2draft http://www.gexf.net/1.2draft/gexf.xsd" version="1.2">
  <meta lastmodifieddate="2026-11-28">
    <creator>NetworkX 3.6.1</creator>
  </meta>
  <graph defaultedgetype="directed" mode="static" name="">
    <attributes mode="static" class="edge">
      <attribute id="0" title="trust" type="double" />
    </attributes>
    <nodes>
      <node id="Ada" label="Ada" />
      <node id="Bo" label="Bo" />
      <node id="Cy" label="Cy" />
      <node id="Eve, Jr" label="Eve, Jr" />
      <node id="Di" label="Di" />
      <node id="Flo" label="Flo" />
    </nodes>
    <edges>
      <edge source="Ada" target="Bo" id="0"><attvalues><attvalue for="0" value="0.5" /></attvalues></edge>
      <edge source="Bo" target="Ada" id="1"><attvalues><attvalue for="0" value="-0.25" /></attvalues></edge>
      <edge source="Cy" target="Eve, Jr" id="2"><attvalues><attvalue for="0" value="1.0" /></attvalues></edge>
      <edge source="Eve, Jr" target="Cy" id="3"><attvalues><attvalue for="0" value="0.0" /></attvalues></edge>
      <edge source="Di" target="Flo" id="4"><attvalues><attvalue for="0" value="0.1" /></attvalues></edge>
    </edges>
  </graph>
</gexf>
"#;

/// The same as igraph 1.0 writes it: people are called by an attribute, and edges stand before the nodes here.
const IGRAPH_GRAPHML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="v_name" for="node" attr.name="name" attr.type="string"/>
  <key id="e_trust" for="edge" attr.name="trust" attr.type="double"><default>0.1</default></key>
  <graph id="G" edgedefault="directed">
    <edge source="n0" target="n1"><data key="e_trust">0.5</data></edge>
    <edge source="n1" target="n0"><data key="e_trust">-0.25</data></edge>
    <edge source="n2" target="n3"><data key="e_trust">1</data></edge>
    <edge source="n3" target="n2"><data key="e_trust">0</data></edge>
    <edge source="n4" target="n5"/>
    <node id="n0"><data key="v_name">Ada</data></node>
    <node id="n1"><data key="v_name">Bo</data></node>
    <node id="n2"><data key="v_name">Cy</data></node>
    <node id="n3"><data key="v_name">E&#118;e, <![CDATA[Jr]]></data></node>
    <node id="n4"><data key="v_name">Di</data></node>
    <node id="n5"><data key="v_name">Flo</data></node>
  </graph>
</graphml>
"#;

#[test]
fn ties_are_the_same_in_every_format_and_from_every_program() {
    let expected = first_ties(&scenario(&[], PEOPLE, TIES));
    assert_eq!(expected.len(), 5);
    for (network, ties) in
        [("n.graphml", NETWORKX_GRAPHML), ("n.gexf", NETWORKX_GEXF), ("n.GraphML", IGRAPH_GRAPHML)]
    {
        assert_eq!(first_ties(&with(network, ties)), expected, "{network}");
    }
    // Rows in another order are the same ties.
    let mut lines: Vec<&str> = TIES.lines().collect();
    lines[1..].reverse();
    assert_eq!(first_ties(&scenario(&[], PEOPLE, &lines.join("\n"))), expected);
}

#[test]
fn formats_and_threads_give_the_same_bytes() {
    let files = [
        ("people.csv", PEOPLE),
        ("ties.csv", TIES),
        ("n.graphml", NETWORKX_GRAPHML),
        ("n.gexf", NETWORKX_GEXF),
    ];
    let dir = folder(SCENARIO, &files);
    let mut first = None;
    for (out, network, threads) in
        [("a", "ties.csv", "1"), ("b", "ties.csv", "2"), ("c", "n.graphml", "2"), ("d", "n.gexf", "1")]
    {
        let set = format!("population.network_file={network}");
        let more = ["--agents", "--no-charts", "--threads", threads, "--out", out];
        done(dir.path(), &[&["run", "s.toml", "--set", &set], &more[..]].concat());
        let tables = ["rounds.csv", "flows.csv", "agents.csv", "ties_sample.csv"]
            .map(|file| fs::read(dir.path().join(out).join(file)).unwrap());
        assert!(*first.get_or_insert(tables.clone()) == tables, "{network} with {threads} threads");
    }
}

#[test]
fn attributes_of_nodes_are_not_those_of_edges() {
    // The trust of a person, under the identifier of the trust of a tie.
    let attributes = |class: &str, id: &str| {
        format!(
            "<attributes class=\"{class}\"><attribute id=\"{id}\" title=\"trust\" type=\"double\"/></attributes>"
        )
    };
    let gexf = |attributes: &str| {
        format!(
            "<gexf><graph defaultedgetype=\"directed\">{attributes}<nodes><node id=\"Ada\"/><node id=\"Bo\"/></nodes>\
             <edges><edge source=\"Ada\" target=\"Bo\"><attvalues><attvalue for=\"0\" value=\"0.5\"/></attvalues></edge></edges>\
             </graph></gexf>"
        )
    };
    let ties = |attributes: &str| first_ties(&with("ties.gexf", &gexf(attributes)));
    let usual = ties("");
    assert_eq!(ties(&attributes("node", "0")), usual, "an attribute of nodes");
    let trusted = ties(&(attributes("node", "1") + &attributes("edge", "0")));
    assert!(trusted != usual && trusted == ties(&attributes("edge", "0")), "{trusted:?}");
}

#[test]
fn undirected_edges_are_ties_in_both_directions() {
    let edges = |default: &str| {
        format!(
            "<graphml><graph edgedefault=\"{default}\"><node id=\"Ada\"/><node id=\"Bo\"/><node id=\"Di\"/>\
             <edge source=\"Ada\" target=\"Bo\"/><edge source=\"Ada\" target=\"Di\" directed=\"true\"/>\
             <edge source=\"Di\" target=\"Bo\" directed=\"false\"/></graph></graphml>"
        )
    };
    let pairs = |scenario: &Scenario| -> Vec<(u32, u32)> {
        first_ties(scenario).iter().map(|(from, to, _)| (*from, *to)).collect()
    };
    // Bo is 0, Di 2 and Ada 3.
    assert_eq!(pairs(&with("n.graphml", &edges("undirected"))), [(0, 2), (0, 3), (2, 0), (3, 0), (3, 2)]);
    assert_eq!(pairs(&with("n.graphml", &edges("directed"))), [(0, 2), (2, 0), (3, 0), (3, 2)]);
    let gexf = |default: &str| {
        format!(
            "<gexf><graph {default}><nodes><node id=\"1\" label=\"Ada\"/><node id=\"2\" label=\"Bo\"/></nodes>\
             <edges><edge source=\"1\" target=\"2\"/></edges></graph></gexf>"
        )
    };
    assert_eq!(pairs(&with("n.gexf", &gexf(""))), [(0, 3), (3, 0)]);
    assert_eq!(pairs(&with("n.gexf", &gexf("defaultedgetype=\"directed\""))), [(3, 0)]);
    // The type of an edge goes before that of the graph.
    for (default, kind, expected) in [
        ("", "directed", &[(3, 0)][..]),
        ("", "undirected", &[(0, 3), (3, 0)]),
        ("defaultedgetype=\"directed\"", "undirected", &[(0, 3), (3, 0)]),
        ("defaultedgetype=\"directed\"", "mutual", &[(0, 3), (3, 0)]),
    ] {
        let typed = gexf(default).replace("target=\"2\"", &format!("target=\"2\" type=\"{kind}\""));
        assert_eq!(pairs(&with("n.gexf", &typed)), expected, "{default} {kind}");
    }
    let list = scenario(&[], PEOPLE, "Source,Target,Type,Weight\nAda,Bo,Undirected,1\nAda,Di,Directed,2\n");
    assert_eq!(pairs(&list), [(0, 3), (3, 0), (3, 2)]);
}

/// The ties in the table of a result.
fn written(out: &Path) -> Vec<(u32, u32, f32)> {
    let tie = |row: &std::collections::BTreeMap<String, String>| {
        (row["from"].parse().unwrap(), row["to"].parse().unwrap(), row["trust"].parse().unwrap())
    };
    rows(&out.join("ties.csv")).iter().map(tie).collect()
}

/// Whether the networks of a result are the first ties of the scenario with these people.
fn read_back(dir: &Path, text: &str, people: Option<&str>) {
    let expected = written(&dir.join("out"));
    assert!(expected.len() > 9 && expected.iter().any(|tie| tie.2 != 0.3), "{expected:?}");
    for network in ["ties.csv", "network.graphml", "network.gexf"] {
        let ties = fs::read(dir.join("out").join(network)).unwrap();
        let mut files = vec![(network, &ties[..])];
        files.extend(people.map(|people| ("people.csv", people.as_bytes())));
        let set = format!("population.network_file={network}");
        let scenario = Scenario::parse_with_files(text, &[&set], &files);
        let scenario = scenario.unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(first_ties(&scenario), expected, "{network}");
    }
}

#[test]
fn a_network_that_was_written_is_read_back_as_it_was() {
    let dir = folder(SCENARIO, &[("people.csv", PEOPLE), ("ties.csv", TIES)]);
    let run = ["run", "s.toml", "--no-charts", "--out", "out", "--network", "9"];
    done(dir.path(), &run);
    read_back(dir.path(), SCENARIO, Some(PEOPLE));
}

#[test]
fn a_network_of_people_without_names_is_read_back_by_their_numbers() {
    let text = "rounds = 9\nburn_in = 1\nreplicates = 1\n[population]\nagents = 70\ntown_size = 20\n";
    let dir = folder(text, &[]);
    done(dir.path(), &["run", "s.toml", "--no-charts", "--out", "out", "--network", "7"]);
    read_back(dir.path(), text, None);
    // The table of nodes is a file of people: the same people in the same towns.
    let people = fs::read_to_string(dir.path().join("out/nodes.csv")).unwrap();
    let text = text.replace("agents = 70\ntown_size = 20\n", "agents_file = \"people.csv\"\n");
    read_back(dir.path(), &text, Some(&people));
    let scenario = Scenario::parse_with_files(&text, &[], &[("people.csv", people.as_bytes())]).unwrap();
    let rules = mingle::Rules::new(&scenario);
    let world = mingle::Simulation::new(&rules, 1, mingle::Parallelism::SERIAL);
    for (row, agent) in rows(&dir.path().join("out/nodes.csv")).iter().zip(world.agents()) {
        let now = [agent.agent, agent.town, agent.expertise.into()].map(|number| number.to_string());
        assert_eq!(["agent", "town", "expertise"].map(|column| row[column].clone()), now);
        assert_eq!(row["strategy"], scenario.strategies[usize::from(agent.strategy)].name);
    }
}

#[test]
fn a_network_of_several_rounds_is_refused() {
    let dir = folder(SCENARIO, &[("people.csv", PEOPLE), ("ties.csv", TIES)]);
    done(dir.path(), &["run", "s.toml", "--no-charts", "--out", "out", "--network", "3,9"]);
    for network in ["ties.csv", "network.graphml", "network.gexf"] {
        let ties = fs::read(dir.path().join("out").join(network)).unwrap();
        let set = format!("population.network_file={network}");
        let files = [("people.csv", PEOPLE.as_bytes()), (network, &ties[..])];
        let faults = Scenario::parse_with_files(SCENARIO, &[&set], &files).unwrap_err().to_string();
        assert!(faults.contains("the file has ties of several rounds, "), "{faults}");
    }
}
