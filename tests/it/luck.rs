//! A changed choice of one agent leaves everybody else's luck alone.

use mingle::records::{AgentRecord, M};
use mingle::{Parallelism, Rules, Scenario, Simulation};

use crate::support::scenario;

type State = Vec<(AgentRecord, Vec<(u32, f32)>)>;

/// The state of every agent after the round in which `focal` lived by another strategy, and after
/// each of `further` rounds.
fn histories(scenario: &Scenario, focal: u32, flip: Option<u16>, at: u32, further: u32) -> Vec<State> {
    let rules = Rules::new(scenario);
    let mut simulation = Simulation::new(&rules, scenario.seed, Parallelism::SERIAL);
    (0..at).for_each(|_| drop(simulation.step(Parallelism::SERIAL)));
    let usual = simulation.agents()[focal as usize].strategy;
    simulation.set_strategy(focal, flip.unwrap_or(usual));
    let mut states = Vec::new();
    for _ in 0..=further {
        simulation.step(Parallelism::SERIAL);
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

/// Those who paid for a mixer in the round between two states.
fn attended(before: &State, after: &State) -> Vec<u32> {
    let paid = |state: &State, id: u32| state[id as usize].0.amounts[10];
    (0..).zip(before).map(|(id, _)| id).filter(|&id| paid(after, id) > paid(before, id)).collect()
}

#[test]
fn one_flipped_night_touches_only_the_guests_of_the_same_event() {
    for kind in ["private", "public"] {
        let kind = format!("reputation.kind={kind}");
        // Towns of 40 that nobody leaves, so that a town's guests are those of one event of 40; without calls,
        // gossip and referrals nobody else can be reached in the round.
        let towns = ["population.agents=1200", "population.town_size=40", "rounds=60", "calls.rate=0", &kind];
        let referrals = ["warrior", "servant", "abstainer"].map(|name| format!("strategy.{name}.refer=0"));
        let sets: Vec<&str> = towns.into_iter().chain(referrals.iter().map(String::as_str)).collect();
        let scenario = scenario(QUIET, &sets);
        let focal = attending_warrior(&scenario);
        let before = &histories(&scenario, focal, None, 7, 0)[0];
        let usual = &histories(&scenario, focal, None, 8, 0)[0];
        let flipped = &histories(&scenario, focal, Some(1), 8, 0)[0];
        let town = usual[focal as usize].0.town;
        let guests = attended(before, usual);
        assert_eq!(guests, attended(before, flipped), "who comes is decided before anybody talks");
        let at_event: Vec<u32> =
            guests.iter().copied().filter(|&id| usual[id as usize].0.town == town).collect();
        let reached = changed(usual, flipped);
        assert!(reached.contains(&focal), "another strategy has other outcomes");
        assert!(reached.len() >= 2, "and those whom it met have others, too");
        for id in &reached {
            assert!(at_event.contains(id), "{id} was not among the guests {at_event:?} of {focal}");
        }
        assert!(at_event.len() < guests.len() / 10, "most guests were at other events");
    }
}

#[test]
fn a_flipped_night_in_a_large_town_reaches_guests_and_those_who_are_called_and_nobody_else() {
    for kind in ["private", "public"] {
        let kind = format!("reputation.kind={kind}");
        // An expert who refused a call would be judged for it without being paid or at the event.
        let nobody_refuses = "strategy.servant.min_opinion=-1";
        let sets = ["population.agents=1200", "calls.rate=0", "rounds=60", nobody_refuses, &kind];
        let scenario = scenario(QUIET, &sets);
        let focal = attending_warrior(&scenario);
        let before = &histories(&scenario, focal, None, 7, 0)[0];
        let usual = &histories(&scenario, focal, None, 8, 0)[0];
        let flipped = &histories(&scenario, focal, Some(1), 8, 0)[0];
        let guests = attended(before, usual);
        let reached = changed(usual, flipped);
        assert!(reached.contains(&focal) && reached.len() <= 2 * 40, "{} for an event of 40", reached.len());
        // A referral at a mixer is followed by phone in the same round: the expert is paid, and need not be there.
        for &id in reached.iter().filter(|id| !guests.contains(id)) {
            let [then, one, other] = [before, usual, flipped].map(|state| &state[id as usize].0.amounts);
            assert!(one != then || other != then, "{id} neither attended nor was paid");
        }
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
fn sizes_of_needs_change_amounts_and_no_act() {
    let run = |sets: &[&str]| {
        let scenario = scenario("", &[&["population.agents=300", "rounds=40", "burn_in=0"], sets].concat());
        let rules = Rules::new(&scenario);
        let mut simulation = Simulation::new(&rules, 5, Parallelism::SERIAL);
        let records: Vec<_> = (0..40).flat_map(|_| simulation.step(Parallelism::SERIAL)).collect();
        let ties: Vec<_> = (0..300).map(|agent| simulation.ties_of(agent)).collect();
        (records, ties)
    };
    let (usual, ties) = run(&[]);
    let (sized, ties_sized) = run(&["needs.sizes=[2, 5]", "needs.size_shares=[0.5, 0.5]"]);
    assert_eq!(ties, ties_sized);
    // Whatever depends on a need's value: net benefit, what is solved and what is paid for it.
    let depend = [M::Net, M::NetTotal, M::Push, M::Gift, M::Call, M::Pull, M::Finder, M::FeesPaid];
    let depend = depend.map(|metric| metric as usize);
    let mut larger = 0;
    for (one, other) in usual.iter().zip(&sized) {
        for (metric, (a, b)) in one.values.iter().zip(&other.values).enumerate() {
            assert!(
                depend.contains(&metric) || a.to_bits() == b.to_bits(),
                "{metric} in round {}",
                one.round
            );
        }
        let [a, b] = [one, other].map(|record| record.values[M::Call as usize]);
        assert!(2.0 * a <= b + 1e-9 && b <= 5.0 * a + 1e-9, "{a} and {b}");
        larger += usize::from(b > 2.0 * a + 1e-9);
    }
    assert!(larger > 20, "calls for larger needs in {larger} rows");
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
