//! Random files: none makes the program panic, and what passes the checks runs.

use mingle::{Parallelism, Rules, Scenario, Simulation};
use proptest::prelude::*;

use super::SCENARIO;

/// Pieces of files, faulty and not.
const PIECES: [&str; 40] = [
    "name",
    "strategy",
    "region",
    "town",
    "expertise",
    "from",
    "to",
    "trust",
    "type",
    "\n",
    "\n",
    "\r\n",
    ",",
    ",",
    ",",
    ";",
    "\t",
    "\"",
    "Ada",
    "Bo",
    "servant",
    "warrior",
    "north",
    "south",
    "0",
    "1",
    "0.5",
    "-1",
    "nan",
    "1e9",
    "é",
    "\u{feff}",
    "directed",
    "undirected",
    "<graphml>",
    "<graph edgedefault=\"undirected\">",
    "<node id=\"Ada\"/>",
    "<edge source=\"Ada\" target=\"Bo\"/>",
    "</graph></graphml>",
    "&#x0;",
];

/// Rows that are often right.
fn people() -> impl Strategy<Value = String> {
    let row = (0..4_u32, 0..2_usize, 0..2_usize, 0..5_u32, any::<bool>());
    prop::collection::vec(row, 1..9).prop_map(|rows| {
        let rows = rows.into_iter().enumerate().map(|(place, (town, strategy, region, domain, numbered))| {
            let name = if numbered { format!("p{place}") } else { format!("p{town}") };
            let strategy = ["servant", "warrior"][strategy];
            let region = ["north", "south"][region];
            format!("{name},{strategy},{region},{region}{town},{domain}\n")
        });
        format!("name,strategy,region,town,expertise\n{}", rows.collect::<String>())
    })
}

fn ties() -> impl Strategy<Value = String> {
    prop::collection::vec((0..9_u32, 0..9_u32, -12..13_i32), 0..14).prop_map(|rows| {
        let rows =
            rows.into_iter().map(|(from, to, trust)| format!("p{from},p{to},{}\n", f64::from(trust) / 10.0));
        format!("from,to,trust\n{}", rows.collect::<String>())
    })
}

/// Reads the files and, if they are right, runs some rounds. Returns whether they are.
fn runs(people: &str, network: &str, ties: &str) -> bool {
    let text = SCENARIO.replace("ties.csv", network);
    let files = [("people.csv", people.as_bytes()), (network, ties.as_bytes())];
    match Scenario::parse_with_files(&text, &[], &files) {
        Ok(scenario) => {
            let rules = Rules::new(&scenario);
            let mut world = Simulation::new(&rules, 5, Parallelism::SERIAL);
            (0..5).for_each(|_| drop(world.step(Parallelism::SERIAL)));
            assert_eq!(world.agents().len(), scenario.population.agents as usize);
            let again = Scenario::parse_with_files(&scenario.to_toml(), &[], &files);
            assert_eq!(again.unwrap_or_else(|faults| panic!("{faults}")), scenario);
            true
        }
        Err(faults) => {
            assert!(!faults.faults().is_empty() && !faults.render(true).is_empty());
            let places = faults.faults().iter().map(|fault| faults.place(fault));
            assert!(places.flatten().all(|(_, line, column)| line > 0 && column > 0));
            false
        }
    }
}

proptest! {
    // A failure is a case for a test of its own, not for a file beside the sources.
    #![proptest_config(prop::test_runner::Config { failure_persistence: None, ..Default::default() })]

    #[test]
    fn files_that_pass_the_checks_run(people in people(), ties in ties()) {
        runs(&people, "ties.csv", &ties);
    }

    #[test]
    fn no_pieces_of_files_make_it_panic(
        people in prop::collection::vec(0..PIECES.len(), 0..60),
        ties in prop::collection::vec(0..PIECES.len(), 0..60),
        network in 0..3_usize,
    ) {
        let text = |picks: &[usize]| picks.iter().map(|pick| PIECES[*pick]).collect::<String>();
        runs(&text(&people), ["ties.csv", "ties.graphml", "ties.gexf"][network], &text(&ties));
    }

    #[test]
    fn no_bytes_make_it_panic(people in prop::collection::vec(any::<u8>(), 0..80), ties in ".{0,80}") {
        let files = [("people.csv", &people[..]), ("ties.graphml", ties.as_bytes())];
        let text = SCENARIO.replace("ties.csv", "ties.graphml");
        let faults = Scenario::parse_with_files(&text, &[], &files).unwrap_err();
        prop_assert!(!faults.render(false).is_empty());
    }
}

#[test]
fn some_of_these_files_are_right() {
    let people = "name,strategy,region,town,expertise\np0,servant,north,a,0\np1,warrior,south,b,4\n";
    assert!(runs(people, "ties.csv", "from,to,trust\np0,p1,1\n"));
    assert!(runs(people, "ties.csv", "from,to,trust\n"));
    assert!(!runs(people, "ties.csv", "from,to,trust\np0,p0,1\n"));
}
