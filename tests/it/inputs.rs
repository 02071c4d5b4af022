//! People and networks from files: what is read, what is written, and that results can be repeated.

mod faults;
mod faults_of_xml;
mod kept;
mod networks;
mod random;

use std::fs;
use std::path::Path;

use mingle::{Parallelism, Rules, Scenario, Simulation};

use crate::support::{call, done};

/// A scenario of the people and ties in two files.
const SCENARIO: &str = "rounds = 12\nburn_in = 3\nreplicates = 2\n[population]\nties_max = 6\n\
    agents_file = \"people.csv\"\nnetwork_file = \"ties.csv\"\n[mixer]\nevery = 2\nsize = 8\n\
    [[strategy]]\nname = \"servant\"\n[[strategy]]\nname = \"warrior\"\n\
    [[region]]\nname = \"north\"\n[[region]]\nname = \"south\"\n";

/// People who are sorted neither by region nor by town.
const PEOPLE: &str = "name,email,strategy,region,town,expertise\n\
    Ada,a@x,servant,south,Rome,law\nBo,b@x,warrior,north,Oslo,tax\nCy,c@x,servant,south,Rome,tax\n\
    Di,d@x,warrior,north,Turku,law\n\"Eve, Jr\",e@x,warrior,north,Oslo,art\nFlo,f@x,servant,south,Bari,art\n";

const TIES: &str =
    "from,to,trust\nAda,Bo,0.5\nBo,Ada,-0.25\nCy,\"Eve, Jr\",1\n\"Eve, Jr\",Cy,0\nDi,Flo,0.1\n";

/// The scenario with these people and ties.
fn scenario(sets: &[&str], people: &str, ties: &str) -> Scenario {
    let files = [("people.csv", people.as_bytes()), ("ties.csv", ties.as_bytes())];
    Scenario::parse_with_files(SCENARIO, sets, &files).unwrap_or_else(|faults| panic!("{faults}"))
}

/// What a command says that fails.
fn failed(dir: &Path, arguments: &[&str]) -> String {
    let (code, _, err) = call(dir, arguments);
    assert_ne!(code, 0, "{arguments:?}");
    err
}

/// A folder with the scenario and its files.
fn folder(text: &str, files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("s.toml"), text).unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

/// The folder with the people and ties of this file.
fn usual() -> tempfile::TempDir {
    folder(SCENARIO, &[("people.csv", PEOPLE), ("ties.csv", TIES)])
}

/// All ties at the start.
fn first_ties(scenario: &Scenario) -> Vec<(u32, u32, f32)> {
    let rules = Rules::new(scenario);
    let simulation = Simulation::new(&rules, 7, Parallelism::SERIAL);
    let ties = |from| simulation.ties_of(from).into_iter().map(move |(to, trust)| (from, to, trust));
    (0..scenario.population.agents).flat_map(ties).collect()
}

/// Rows of a table, each cell by its column.
fn rows(file: &Path) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn people_are_numbered_by_region_and_town_and_keep_what_their_row_says() {
    let scenario = scenario(&[], PEOPLE, TIES);
    assert_eq!((scenario.population.agents, scenario.population.domains), (6, 3));
    let shares: Vec<f64> = scenario.strategies.iter().map(|strategy| strategy.share).collect();
    assert_eq!(shares, [0.5, 0.5]);
    let rules = Rules::new(&scenario);
    let world = Simulation::new(&rules, 3, Parallelism::SERIAL);
    let found: Vec<_> = world.agents().iter().map(|a| (a.region, a.town, a.strategy, a.expertise)).collect();
    // Bo and Eve in Oslo, Di in Turku; then Ada and Cy in Rome, Flo in Bari.
    let expected = [(0, 0, 1, 1), (0, 0, 1, 2), (0, 1, 1, 0), (1, 2, 0, 0), (1, 2, 0, 1), (1, 3, 0, 2)];
    assert_eq!(found, expected);
    assert_eq!(first_ties(&scenario), [(0, 3, -0.25), (1, 4, 0.0), (2, 5, 0.1), (3, 0, 0.5), (4, 1, 1.0)]);
}

#[test]
fn what_the_files_leave_out_is_set_as_without_them() {
    let text = "rounds = 9\nburn_in = 2\nreplicates = 1\n[population]\nagents_file = \"people.csv\"\n";
    let names: String = (0..60).map(|person| format!("p{person}\n")).collect();
    let people = format!("name\n{names}");
    let with = Scenario::parse_with_files(text, &[], &[("people.csv", people.as_bytes())]).unwrap();
    let sets = ["population.agents_file=", "population.agents=60"];
    let without = Scenario::parse(text, &sets).unwrap();
    let [with_ties, without_ties] = [&with, &without].map(first_ties);
    assert_eq!(with_ties, without_ties);
    let run = |scenario| {
        let rules = Rules::new(scenario);
        let mut world = Simulation::new(&rules, 5, Parallelism::SERIAL);
        (0..9).for_each(|_| drop(world.step(Parallelism::SERIAL)));
        world.agents()
    };
    assert_eq!(run(&with), run(&without));
    // Without trust the ties have that of the scenario, which can differ between people.
    let bare = scenario(
        &["population.start_trust={mean=0.3, sd=0.1}"],
        PEOPLE,
        "from,to\nAda,Bo\nAda,Cy\nFlo,Ada\n",
    );
    let ties = first_ties(&bare);
    assert_eq!(ties[0].2.to_bits(), ties[1].2.to_bits(), "both of Ada");
    assert!(ties[0].2 != ties[2].2 && ties.iter().all(|tie| (tie.2 - 0.3).abs() < 0.2), "{ties:?}");
}

#[test]
fn a_spreadsheet_may_write_semicolons_tabs_crlf_and_a_byte_order_mark() {
    let plain = scenario(&[], PEOPLE, TIES);
    let people = PEOPLE.replace("\"Eve, Jr\"", "Eve; Jr").replace(',', ";").replace("Eve; Jr", "\"Eve, Jr\"");
    let ties = TIES.replace("\"Eve, Jr\"", "Eve; Jr").replace(',', "\t").replace("Eve; Jr", "\"Eve, Jr\"");
    let odd = scenario(
        &[],
        &format!("\u{feff}{}", people.replace('\n', "\r\n")),
        &format!("\u{feff}\r\n\r\n{ties}\n\n"),
    );
    assert_eq!(odd, plain);
    assert_eq!(first_ties(&odd), first_ties(&plain));
    // Upper and lower case of columns, and spaces around cells, do not matter.
    let spaced =
        PEOPLE.replace("name,email", "NAME , e-mail").replace("Ada,", " Ada ,").replace(",north", ", north");
    assert_eq!(scenario(&[], &spaced, TIES), plain);
}

#[test]
fn check_says_what_was_read() {
    let dir = usual();
    let text = done(dir.path(), &["check", "s.toml"]);
    assert!(
        text.contains(
            "people.csv: 6 people; columns name, strategy, region, town and expertise; not used: email"
        ),
        "{text}"
    );
    assert!(text.contains("ties.csv: 5 ties; columns from, to and trust"), "{text}");
    let json = done(dir.path(), &["check", "s.toml", "--json"]);
    let json: serde_json::Value = serde_json::from_str(json.lines().collect::<String>().as_str()).unwrap();
    assert_eq!(json["inputs"][1]["key"], "population.network_file");
    assert!(json["inputs"][0]["about"].as_str().unwrap().starts_with("6 people"));
}

#[test]
fn names_are_in_every_table_of_people_and_newcomers_have_none() {
    let dir = usual();
    let more = [
        "--agents",
        "--events",
        "--events-replicates",
        "0..1",
        "--events-rounds",
        "4..11",
        "--network",
        "11",
    ];
    let sets = [
        "--set",
        "survival.endowment=1",
        "--set",
        "survival.overhead=0.7",
        "--set",
        "survival.replace_after=1",
    ];
    done(dir.path(), &[&["run", "s.toml", "--no-charts", "--out", "out"], &more[..], &sets].concat());
    let table = |file: &str| rows(&dir.path().join("out").join(file));
    let names = ["Bo", "Eve, Jr", "Di", "Ada", "Cy", "Flo"];
    let name = |agent: &str, founder: bool| {
        if founder { names[agent.parse::<usize>().unwrap()] } else { "" }
    };
    let lives = table("survival.csv");
    assert!(lives.iter().any(|life| life["born"] == "0") && lives.iter().any(|life| life["born"] != "0"));
    for file in ["survival.csv", "agents.csv"] {
        for row in table(file) {
            assert_eq!(row["name"], name(&row["agent"], row["born"] == "0"), "{file}");
        }
    }
    // The first life in a place ends where the table of lives says so.
    let ends = |replicate: &str, agent: &str| -> u32 {
        let own = |life: &&_| -> bool {
            let life: &std::collections::BTreeMap<String, String> = life;
            life["replicate"] == replicate && life["agent"] == agent && life["born"] == "0"
        };
        lives.iter().find(own).unwrap()["ended"].parse().unwrap()
    };
    let events = table("events.csv");
    assert!(events.iter().all(|event| event["round"].parse::<u32>().unwrap() >= 4));
    for event in &events {
        for column in ["actor", "other", "third", "caller"] {
            let agent = &event[column];
            // It fails in the last round that it lives, and is in the acts of that round.
            let founder = !agent.is_empty()
                && event["round"].parse::<u32>().unwrap() < ends(&event["replicate"], agent);
            let expected = if agent.is_empty() { "" } else { name(agent, founder) };
            assert_eq!(event[&format!("{column}_name")], expected, "{event:?}");
        }
    }
    let lasts = |agent: &str| ends("0", agent) == 12;
    for file in ["people_sample.csv", "nodes.csv"] {
        for row in table(file) {
            assert_eq!(row["name"], name(&row["agent"], lasts(&row["agent"])), "{file}");
        }
    }
    for (file, ends) in [
        ("ties.csv", [["from", "from_name"], ["to", "to_name"]]),
        ("ties_sample.csv", [["agent", "name"], ["contact", "contact_name"]]),
    ] {
        for row in table(file) {
            for [agent, of] in ends {
                assert_eq!(row[of], name(&row[agent], lasts(&row[agent])), "{file}");
            }
        }
    }
}

#[test]
fn a_story_and_the_picture_of_people_have_their_names() {
    let dir = usual();
    let sets = ["--set", "bet.worlds=4", "--set", "bet.focals=2", "--set", "bet.horizons=[0, 5]"];
    let told =
        done(dir.path(), &[&["bet", "s.toml", "--story", "luckiest", "--out", "bet"], &sets[..]].concat());
    let names = ["Bo", "Eve, Jr", "Di", "Ada", "Cy", "Flo"];
    let story = rows(&dir.path().join("bet/story.csv"));
    assert!(!story.is_empty());
    for row in &story {
        for column in ["focal", "actor", "other", "third", "instead"] {
            let expected = row[column].parse::<usize>().map_or("", |agent| names[agent]);
            assert_eq!(row[&format!("{column}_name")], expected, "{row:?}");
        }
    }
    let focal = &story[0]["focal_name"];
    assert!(told.contains(&format!("the luckiest focal agent, {focal} of world")), "{told}");
    let chart = fs::read_to_string(dir.path().join("bet/charts/bet_story_luckiest.svg")).unwrap();
    assert!(chart.contains(&format!("{focal} of world")), "the chart is drawn from the table");

    done(dir.path(), &["run", "s.toml", "--out", "run"]);
    let people = rows(&dir.path().join("run/people_sample.csv"));
    let chart = fs::read_to_string(dir.path().join("run/charts/people.svg")).unwrap();
    let busiest = people.iter().max_by_key(|row| row["taken_calls"].parse::<u32>().unwrap()).unwrap();
    assert!(chart.contains(&busiest["name"]), "the one with most calls is named first: {people:?}");
}

#[test]
fn equal_strategies_make_no_difference_in_a_bet_and_focal_agents_have_names() {
    let dir = usual();
    let sets = ["--set", "bet.worlds=3", "--set", "bet.focals=2", "--set", "bet.horizons=[0, 5]"];
    let same = ["--set", "bet.second=warrior"];
    done(dir.path(), &[&["bet", "s.toml", "--no-charts", "--out", "same"], &sets[..], &same].concat());
    done(dir.path(), &[&["bet", "s.toml", "--no-charts", "--out", "other"], &sets[..]].concat());
    let differences = |result: &str| -> Vec<String> {
        rows(&dir.path().join(result).join("bet.csv")).iter().map(|row| row["difference"].clone()).collect()
    };
    assert!(differences("same").iter().all(|difference| difference == "0"));
    assert!(differences("other").iter().any(|difference| difference != "0"));
    for row in rows(&dir.path().join("other/bet.csv")) {
        let names = ["Bo", "Eve, Jr", "Di"];
        assert_eq!(row["focal_name"], names[row["focal"].parse::<usize>().unwrap()]);
    }
}

#[test]
fn check_says_which_trust_ties_begin_with_and_how_columns_are_separated() {
    let check = |ties: &str| {
        let dir = folder(SCENARIO, &[("people.csv", PEOPLE), ("ties.csv", ties)]);
        done(dir.path(), &["check", "s.toml"])
    };
    let text = check("from;to\nAda;Bo\nCy;Di\nDi;Flo\n");
    assert!(text.contains("ties.csv: 3 ties; columns from and to; separated by semicolons\n"), "{text}");
    assert!(
        text.contains("the 3 ties begin with a trust of 0.3 (start_trust); start_ties is not used"),
        "{text}"
    );
    let text = check(TIES);
    assert!(text.contains("ties.csv: 5 ties; columns from, to and trust\n"), "{text}");
    assert!(text.contains("  start_ties and start_trust are not used\n"), "{text}");
}
