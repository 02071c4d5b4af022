//! Who knows whom: a sample of agents with their ties to each other.

use mingle::records::ActKind;
use mingle::{Parallelism, Rules, Scenario, Simulation, replicate_seed};
use serde_json::{Value, json};

const SERIAL: Parallelism<'static> = Parallelism::SERIAL;

/// `people` agents at equal distances at the end of `rounds` rounds of the first replicate, with their ties to each
/// other and the calls that each took as an expert.
pub(crate) fn network(scenario: &Scenario, rounds: u32, people: u32) -> Value {
    let rules = Rules::new(scenario);
    let mut world = Simulation::new(&rules, replicate_seed(scenario.seed, 0), SERIAL);
    let mut calls = vec![0_u32; scenario.population.agents as usize];
    for _ in 0..rounds.min(scenario.rounds) {
        let mut acts = Vec::new();
        world.step_observed(SERIAL, &mut acts);
        let fees = acts.iter().filter(|act| act.kind == ActKind::Fee);
        fees.filter_map(|act| act.other).for_each(|expert| calls[expert as usize] += 1);
    }
    let agents = world.agents();
    let people = people.clamp(1, scenario.population.agents) as usize;
    let sample: Vec<u32> = (0..people).filter_map(|k| u32::try_from(k * agents.len() / people).ok()).collect();
    let mut ties = Vec::new();
    for (place, &agent) in sample.iter().enumerate() {
        for (contact, trust) in world.ties_of(agent) {
            if let Ok(other) = sample.binary_search(&contact) {
                ties.push(json!([place, other, trust]));
            }
        }
    }
    let people: Vec<Value> = sample
        .iter()
        .map(|&id| {
            let agent = &agents[id as usize];
            json!({ "id": id, "strategy": agent.strategy, "active": agent.active, "calls": calls[id as usize] })
        })
        .collect();
    json!({ "round": world.rounds_done(), "people": people, "ties": ties })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_no_agent_twice_and_ties_within_it() {
        let scenario = Scenario::parse("", &["population.agents=100", "rounds=20", "burn_in=4"]).unwrap();
        for people in [7, 100, 500] {
            let net = network(&scenario, 20, people);
            let ids: Vec<_> = net["people"].as_array().unwrap().iter().map(|p| p["id"].as_u64()).collect();
            assert!(ids.is_sorted_by(|a, b| a < b));
            let ties = net["ties"].as_array().unwrap();
            assert!(ties.iter().all(|tie| tie[0] != tie[1] && tie[1].as_u64().unwrap() < ids.len() as u64));
        }
    }
}
