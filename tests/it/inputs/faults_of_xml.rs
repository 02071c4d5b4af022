//! Every fault of ties in GraphML names its element and a fix.

use super::PEOPLE;
use super::faults::{faults, has, in_ties};

/// A GraphML with these keys, attributes of the graph and content.
fn graphml(keys: &str, graph: &str, content: &str) -> String {
    format!("<?xml version=\"1.0\"?>\n<graphml>\n{keys}\n<graph {graph}>\n{content}\n</graph>\n</graphml>\n")
}

const TRUST: &str = "<key id=\"t\" for=\"edge\" attr.name=\"trust\" attr.type=\"double\"/>";

/// Keys, attributes of the graph and content of faulty networks, with what is said of them.
const FAULTY_GRAPHML: [(&str, &str, &str, &[&str]); 15] = [
    (
        "<key id=\"t\" for=\"edge\" attr.name=\"trust\"/>",
        "edgedefault=\"directed\"",
        "",
        &[
            "the attribute `trust` of edges has no attr.type\n --> ties.graphml:3:1",
            "write attr.type=\"double\"",
        ],
    ),
    (
        "<key id=\"t\" for=\"edge\" attr.name=\"trust\" attr.type=\"string\"/>",
        "edgedefault=\"directed\"",
        "",
        &["the attribute `trust` of edges has the type `string`\n --> ties.graphml:3:1"],
    ),
    (TRUST, "", "", &["an element <graph> has no edgedefault\n --> ties.graphml:4:1"]),
    (TRUST, "edgedefault=\"both\"", "", &["edgedefault must be directed or undirected, but is `both`"]),
    (
        TRUST,
        "edgedefault=\"directed\"",
        "<edge source=\"Ada\" target=\"Zoe\"/>",
        &[
            "an edge leads to `Zoe`, which is no node\n --> ties.graphml:5:32",
            "add the node, or leave out the edge",
        ],
    ),
    (
        TRUST,
        "edgedefault=\"directed\"",
        "<edge source=\"Ada\"/>",
        &["an element <edge> has no target\n --> ties.graphml:5:32"],
    ),
    (
        TRUST,
        "edgedefault=\"directed\"",
        "<edge source=\"Ada\" target=\"Bo\"><data key=\"t\">2</data></edge>",
        &["trust must be a number from -1 to 1, but is `2`\n --> ties.graphml:5:32"],
    ),
    (
        TRUST,
        "edgedefault=\"directed\"",
        "<edge source=\"Ada\" target=\"Bo\"><data key=\"u\">1</data></edge>",
        &["there is no <key> with the id `u`"],
    ),
    (
        TRUST,
        "edgedefault=\"undirected\"",
        "<edge source=\"Ada\" target=\"Bo\"/><edge source=\"Bo\" target=\"Ada\"/>",
        &["is there twice", "an undirected edge is a tie in both directions"],
    ),
    (
        TRUST,
        "edgedefault=\"directed\"",
        "<edge source=\"Ada\" target=\"Bo\"><data key=\"t\">0</data></edge><edge source=\"Bo\" target=\"Ada\"/>",
        &["an edge has no trust, but others have"],
    ),
    (
        TRUST,
        "edgedefault=\"directed\"",
        "<node id=\"Ada\"/>",
        &["two nodes have the id `Ada`\n --> ties.graphml:5:32"],
    ),
    (TRUST, "edgedefault=\"directed\"", "<hyperedge/>", &["the network has a <hyperedge>"]),
    (
        TRUST,
        "edgedefault=\"directed\"",
        "<edge source=\"Ada\" target=\"&lol;\"/>",
        &["cannot be read", "lol"],
    ),
    (TRUST, "edgedefault=\"directed\"", "<edge></node>", &["the file is not well-formed XML"]),
    (TRUST, "edgedefault=\"directed\"", "<graph edgedefault=\"directed\"/>", &["more than one <graph>"]),
];

#[test]
fn faults_of_a_graphml_are_reported_with_their_elements() {
    let nodes = "<node id=\"Ada\"/><node id=\"Bo\"/>";
    for (keys, graph, content, expected) in FAULTY_GRAPHML {
        let text = graphml(keys, graph, &format!("{nodes}{content}"));
        has(&faults(&[], PEOPLE.as_bytes(), "ties.graphml", text.as_bytes()), expected);
    }
    in_ties(
        "ties.graphml",
        "<graphml><graph edgedefault=\"directed\">",
        &["the file ends within an element"],
    );
    in_ties("ties.graphml", "from,to\nAda,Bo\n", &["the file has no element"]);
    in_ties(
        "ties.graphml",
        "<gexf/>",
        &["the first element must be <graphml>, but is <gexf>\n --> ties.graphml:1:1"],
    );
    in_ties(
        "ties.gexf",
        "<gexf><graph><nodes><node/></nodes></graph></gexf>",
        &["an element <node> has no id"],
    );
    let untyped = "<gexf><graph><attributes class=\"edge\"><attribute id=\"0\" title=\"trust\"/></attributes></graph></gexf>";
    in_ties("ties.gexf", untyped, &["the attribute `trust` of edges has no type\n --> ties.gexf:1:39"]);
}

#[test]
fn a_byte_order_mark_moves_no_place() {
    let nodes = "<node id=\"Ada\"/><node id=\"Bo\"/>";
    for (keys, graph, content, _) in FAULTY_GRAPHML {
        let text = graphml(keys, graph, &format!("{nodes}{content}"));
        let of = |text: &str| faults(&[], PEOPLE.as_bytes(), "ties.graphml", text.as_bytes());
        assert_eq!(of(&format!("\u{feff}{text}")), of(&text));
    }
    let untyped = "<gexf><graph><attributes class=\"edge\"><attribute id=\"0\" title=\"trust\"/></attributes></graph></gexf>";
    in_ties("ties.gexf", &format!("\u{feff}{untyped}"), &["--> ties.gexf:1:39"]);
    in_ties("ties.graphml", "\u{feff}%<%<\"", &["the file is not well-formed XML", "--> ties.graphml:1:"]);
}

/// A file of a few bytes whose entities would expand to gigabytes.
#[test]
fn entities_are_not_expanded() {
    let mut text = "<!DOCTYPE g [<!ENTITY a0 \"lol\">".to_owned();
    for level in 1..30 {
        text += &format!("<!ENTITY a{level} \"&a{0};&a{0};\">", level - 1);
    }
    text += "]><graphml><graph edgedefault=\"directed\"><node id=\"Ada\"><data key=\"k\">&a29;</data></node></graph></graphml>";
    in_ties("ties.graphml", &text, &["unknown entity `&a29;`", "not expanded"]);
}
