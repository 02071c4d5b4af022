//! A changed choice of one agent leaves everybody else's luck alone.

use mingle::model::{AgentRecord, Rules, Simulation};
use mingle::parallel::Team;
use mingle::scenario::Scenario;

use crate::support::scenario;

type State = Vec<(AgentRecord, Vec<(u32, f32)>)>;

/// The state of every agent after the round in which `focal` lived by another strategy, and after
/// each of `further` rounds.
fn histories(scenario: &Scenario, focal: u32, flip: Option<u16>, at: u32, further: u32) -> Vec<State> {
    let rules = Rules::new(scenario);
    let mut simulation = Simulation::new(&rules, scenario.seed, Team::ALONE);
    (0..at).for_each(|_| drop(simulation.step(Team::ALONE)));
    let usual = simulation.agents()[focal as usize].strategy;
    simulation.set_strategy(focal, flip.unwrap_or(usual));
    let mut states = Vec::new();
    for _ in 0..=further {
        simulation.step(Team::ALONE);
        simulation.set_strategy(focal, usual);
        let ties = (0..scenario.population.agents).map(|a| simulation.ties_of(a));
        states.push(simulation.agents().into_iter().zip(ties).collect());
    }
    states
}

fn changed(one: &State, other: &State) -> Vec<u32> {
    (0u32..).zip(one.iter().zip(other)).filter(|(_, (a, b))| a != b).map(|(id, _)| id).collect()
}

/// A warrior who attends the mixer of round 8.
fn attending_warrior(scenario: &Scenario) -> u32 {
    let before = histories(scenario, 0, None, 7, 1);
    let attended = |k: usize, a: u32| before[k][a as usize].0.amounts[10];
    (0..scenario.population.agents)
        .find(|&a| before[0][a as usize].0.strategy == 0 && attended(1, a) > attended(0, a))
        .expect("half of the warriors attend")
}

#[test]
fn one_flipped_night_touches_only_the_same_event() {
    for kind in ["private", "public"] {
        let kind = format!("reputation.kind={kind}");
        // Without calls and gossip, only the guests of the focal agent's event can be reached in the round.
        let scenario = scenario(QUIET, &["population.agents=1200", "calls.rate=0", "rounds=60", &kind]);
        let focal = attending_warrior(&scenario);
        let usual = histories(&scenario, focal, None, 8, 0);
        let flipped = histories(&scenario, focal, Some(1), 8, 0);
        let reached = changed(&usual[0], &flipped[0]);
        assert!(reached.contains(&focal), "another strategy has other outcomes");
        // Referrals given at the mixer are followed by phone in the same round, so experts
        // outside of the event can be reached; nobody else.
        assert!(reached.len() <= 2 * 40, "{} agents changed in an event of 40", reached.len());
        assert!(reached.len() >= 2);
    }
}

/// The default strategies without gossip.
const QUIET: &str = r#"
[[strategy]]
name = "warrior"
gossip = 0
[[strategy]]
name = "servant"
gossip = 0
[[strategy]]
name = "abstainer"
gossip = 0
"#;

#[test]
fn other_towns_never_hear_of_a_flipped_night() {
    let scenario = scenario("", &["population.agents=1200", "population.town_size=300", "rounds=60"]);
    let focal = attending_warrior(&scenario);
    let usual = histories(&scenario, focal, None, 8, 50);
    let flipped = histories(&scenario, focal, Some(1), 8, 50);
    let town = usual[0][focal as usize].0.town;
    for (one, other) in usual.iter().zip(&flipped) {
        for id in changed(one, other) {
            assert_eq!(one[id as usize].0.town, town, "without travel nothing leaves the town");
        }
    }
    let last = changed(&usual[50], &flipped[50]);
    assert!(last.len() > 100, "within the town the change has spread to {} of 300", last.len());
}

#[test]
fn another_name_for_the_same_behaviour_changes_nothing() {
    let twins = r#"
[[strategy]]
name = "warrior"
share = 0.5
[[strategy]]
name = "copy"
share = 0.5
attend = 0.5
ask = 0.9
serve = 0.1
comply = 0.5
refer = 0.1
linger = 0.2
min_opinion = -1
"#;
    let scenario = scenario(twins, &["population.agents=400", "rounds=60"]);
    let focal = attending_warrior(&scenario);
    let usual = histories(&scenario, focal, None, 8, 10);
    let flipped = histories(&scenario, focal, Some(1), 8, 10);
    assert!(usual.iter().zip(&flipped).all(|(a, b)| changed(a, b).is_empty()));
}
