//! Networks of ties: the same ties in every format, and the same people as in the other tables.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mingle::{Parallelism, Rules, Scenario, Simulation};

use crate::support::{done, refused};

const SCENARIO: &str = "rounds = 30\nburn_in = 7\nreplicates = 2\n[population]\nagents = 60\nties_max = 8\n\
    [survival]\noverhead = 1.5\nendowment = 4\nreplace_after = 2\n\
    [[strategy]]\nname = \"<get> & \\\"go\\\"\"\nshare = 0.5\n[[strategy]]\nname = \"servant\"\nshare = 0.5\n";

fn run(dir: &Path, more: &[&str]) {
    fs::write(dir.join("s.toml"), SCENARIO).unwrap();
    done(dir, &[&["run", "s.toml", "--no-charts", "--force", "--out", "out"], more].concat());
}

fn rows(dir: &Path, file: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(dir.join("out").join(file)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// The values of these attributes of every element of this name, in the order of the file.
fn elements(text: &str, name: &str, attributes: &[&str]) -> Vec<Vec<String>> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => return found,
            quick_xml::events::Event::Start(element) | quick_xml::events::Event::Empty(element)
                if element.name().as_ref() == name.as_bytes() =>
            {
                let value = |name: &&str| {
                    let attribute = element.try_get_attribute(name).unwrap();
                    attribute.map_or(String::new(), |a| a.unescape_value().unwrap().into_owned())
                };
                found.push(attributes.iter().map(value).collect());
            }
            _ => {}
        }
    }
}

#[test]
fn networks_are_those_of_the_simulation_in_every_format() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), &["--network", "19,3,29"]);
    let scenario = Scenario::parse(SCENARIO, &[]).unwrap();
    let rules = Rules::new(&scenario);
    let mut world = Simulation::new(&rules, scenario.seed, Parallelism::SERIAL);
    let (mut ties, mut nodes) = (Vec::new(), Vec::new());
    for round in 0..30 {
        world.step(Parallelism::SERIAL);
        if [3, 19, 29].contains(&round) {
            let agents = world.agents();
            nodes.extend(
                agents.iter().filter(|a| a.active).map(|a| (round, a.agent, a.net_total.to_string())),
            );
            for from in 0..60 {
                ties.extend(world.ties_of(from).into_iter().map(|(to, trust)| (round, from, to, trust)));
            }
        }
    }
    assert!(nodes.len() < 180, "some places are empty");
    let number = |row: &BTreeMap<String, String>, column: &str| row[column].parse::<u32>().unwrap();
    let tie = |row: &BTreeMap<String, String>| {
        let [round, from, to] = ["round", "from", "to"].map(|column| number(row, column));
        (round, from, to, row["trust"].parse::<f32>().unwrap())
    };
    assert_eq!(rows(dir.path(), "ties.csv").iter().map(tie).collect::<Vec<_>>(), ties);
    let node = |row: &BTreeMap<String, String>| {
        (number(row, "round"), number(row, "agent"), row["net_total"].clone())
    };
    assert_eq!(rows(dir.path(), "nodes.csv").iter().map(node).collect::<Vec<_>>(), nodes);

    let read = |file: &str| fs::read_to_string(dir.path().join("out").join(file)).unwrap();
    let graphml = read("network.graphml");
    let ends = |ties: &[(u32, u32, u32, f32)]| -> Vec<Vec<String>> {
        ties.iter().map(|(_, from, to, _)| vec![from.to_string(), to.to_string()]).collect()
    };
    assert_eq!(elements(&graphml, "edge", &["source", "target"]), ends(&ties));
    let mut people: Vec<u32> = nodes.iter().map(|(_, agent, _)| *agent).collect();
    people.sort_unstable();
    people.dedup();
    assert_eq!(elements(&graphml, "node", &["id"]).len(), people.len());
    assert!(graphml.contains("&lt;get&gt; &amp; &quot;go&quot;"), "names are escaped");

    let gexf = read("network.gexf");
    let mut pairs: Vec<(u32, u32)> = ties.iter().map(|(_, from, to, _)| (*from, *to)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    assert_eq!(elements(&gexf, "edge", &["id"]).len(), pairs.len());
    let spells = elements(&gexf, "spell", &["start", "end"]);
    assert_eq!(spells.len(), ties.len() + nodes.len());
    let times = [["3", "19"], ["19", "29"], ["29", "30"]];
    assert!(spells.iter().all(|spell| times.iter().any(|time| spell[..] == time[..])));
}

#[test]
fn networks_change_no_other_table_are_verified_and_go_with_the_result() {
    let dir = tempfile::tempdir().unwrap();
    let read = || {
        ["rounds.csv", "flows.csv", "agents.csv"]
            .map(|file| fs::read(dir.path().join("out").join(file)).unwrap())
    };
    run(dir.path(), &["--agents", "--threads", "1"]);
    let without = read();
    run(dir.path(), &["--network", "5,12", "--agents", "--threads", "2"]);
    assert!(read() == without);
    // The agents of the last round are those of the network of that round.
    run(dir.path(), &["--network", "29", "--agents"]);
    let last: Vec<String> = rows(dir.path(), "agents.csv")
        .iter()
        .filter(|row| row["replicate"] == "0" && row["active"] == "1")
        .map(|row| row["net_total"].clone())
        .collect();
    assert_eq!(
        rows(dir.path(), "nodes.csv").iter().map(|row| row["net_total"].clone()).collect::<Vec<_>>(),
        last
    );
    let text = done(dir.path(), &["verify", "out", "--all"]);
    assert!(text.contains("ties.csv: all"), "{text}");
    run(dir.path(), &[]);
    for file in ["nodes.csv", "ties.csv", "network.graphml", "network.gexf"] {
        assert!(!dir.path().join("out").join(file).exists(), "{file} of the older result is gone");
    }
    let text = refused(dir.path(), &["run", "s.toml", "--network", "30"], 2);
    assert!(
        text.contains("`--network 30`: the scenario has 30 rounds, numbered 0 to 29; end with 29 at most"),
        "{text}"
    );
}
