//! Scenarios with people and ties from files.

use mingle::{Parallelism, Progress, Rules, Scenario};

use crate::{accepted, refused};

/// More people take long to simulate.
const PEOPLE_MAX: u32 = 300;

/// Reads people and ties from these texts, and simulates them for two rounds. Files with empty texts are not named.
pub fn community(files: &[(&str, &str, &str)]) {
    let given: Vec<_> = files.iter().filter(|(_, _, text)| !text.is_empty()).collect();
    let mut text = "rounds = 2\nburn_in = 0\nreplicates = 1\n[population]\n".to_owned();
    if given.iter().all(|(key, _, _)| *key != "agents_file") {
        text += "agents = 40\n";
    }
    given.iter().for_each(|(key, name, _)| text += &format!("{key} = \"{name}\"\n"));
    let bytes: Vec<(&str, &[u8])> = given.iter().map(|(_, name, text)| (*name, text.as_bytes())).collect();
    let scenario = match Scenario::parse_with_files(&text, &[], &bytes) {
        Ok(scenario) => scenario,
        Err(faults) => {
            let texts = given.iter().map(|(_, name, text)| (*name, *text));
            let texts: Vec<_> = texts.chain([("scenario", text.as_str())]).collect();
            for fault in faults.faults() {
                assert!(faults.place(fault).is_some(), "no place: {}", fault.message());
            }
            return refused(&faults, &texts);
        }
    };
    accepted(&scenario, &bytes);
    if scenario.population.agents <= PEOPLE_MAX {
        let done = mingle::run_replicate(&Rules::new(&scenario), 0, Parallelism::SERIAL, &Progress::default());
        assert!(done.is_some(), "nobody stopped it");
    }
}
