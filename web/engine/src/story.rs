//! Stories of single agents: an evening with the weeks after it, and a person's two evenings in a bet.

use std::collections::BTreeSet;

use mingle::records::{ActKind, ActRecord, AgentRecord, EventId, Phase};
use mingle::{BetPlan, Parallelism, Rules, Scenario, Simulation, replicate_seed};
use serde_json::{Value, json};

use crate::acts::{concerns, is_shown, row};

const SERIAL: Parallelism<'static> = Parallelism::SERIAL;

/// Person, strategy, expertise and need.
fn person(agent: &AgentRecord, need: Option<u16>) -> Value {
    json!({ "id": agent.agent, "strategy": agent.strategy, "expertise": agent.expertise, "need": need })
}

/// Rounds before the evening, at most. Ties have grown by then, and the reader waits for these rounds.
const ROUNDS_BEFORE: u32 = 52;

/// The first mixer from the end of the burn-in on, or from [`ROUNDS_BEFORE`] on if that is earlier; the last one of the
/// run if there is none.
pub(crate) fn evening_round(scenario: &Scenario) -> u32 {
    let every = scenario.mixer.every;
    let first = scenario.burn_in.min(ROUNDS_BEFORE).div_ceil(every) * every;
    if first < scenario.rounds { first } else { (scenario.rounds - 1) / every * every }
}

/// One event of the first replicate, and the calls of its guests in that round and in `weeks` further ones.
pub(crate) fn evening(scenario: &Scenario, weeks: u32) -> Value {
    let rules = Rules::new(scenario);
    let mut world = Simulation::new(&rules, replicate_seed(scenario.seed, 0), SERIAL);
    let round = evening_round(scenario);
    (0..round).for_each(|_| world.advance(SERIAL));
    let mut needs: Vec<Option<u16>> = world.agents().iter().map(|a| a.need.map(|(domain, _)| domain)).collect();
    let mut acts = Vec::new();
    world.step_observed(SERIAL, &mut acts);
    for act in &acts {
        match act.kind {
            ActKind::Lapse => needs[act.actor as usize] = None,
            ActKind::Need => needs[act.actor as usize] = act.domain,
            _ => {}
        }
    }
    let event: Option<EventId> = acts.iter().find_map(|act| act.event);
    let at_event: Vec<&ActRecord> =
        acts.iter().filter(|act| act.event.is_some() && act.event == event).collect();
    let guests: BTreeSet<u32> =
        at_event.iter().filter(|act| act.kind == ActKind::Attend).map(|act| act.actor).collect();
    let evening: Vec<Value> =
        at_event.iter().filter(|act| act.kind != ActKind::Attend && is_shown(act)).map(|act| row(act)).collect();
    let mut calls = acts.clone();
    for _ in 0..weeks.min(scenario.rounds - round - 1) {
        world.step_observed(SERIAL, &mut calls);
    }
    calls.retain(|act| act.phase() == Phase::Calls && is_shown(act));
    let calls = chains_of(&calls, &guests);
    let agents = world.agents();
    let named: BTreeSet<u32> = guests.iter().copied().chain(calls.iter().flat_map(people)).collect();
    let people: Vec<Value> =
        named.iter().map(|&id| person(&agents[id as usize], needs[id as usize])).collect();
    let calls: Vec<Value> = calls.iter().map(row).collect();
    json!({
        "round": round,
        "slots": scenario.mixer.slots,
        "guests": guests,
        "people": people,
        "evening": evening,
        "calls": calls,
    })
}

/// The agents in an act.
fn people(act: &ActRecord) -> Vec<u32> {
    [Some(act.actor), act.other, act.third].into_iter().flatten().collect()
}

/// The agent whose need an act of the phase of calls is about.
fn caller(act: &ActRecord) -> u32 {
    match act.kind {
        ActKind::Call | ActKind::Fee | ActKind::Finder => act.actor,
        _ => act.other.unwrap_or(act.actor),
    }
}

/// The acts of all searches in which a guest is the caller or the expert.
fn chains_of(acts: &[ActRecord], guests: &BTreeSet<u32>) -> Vec<ActRecord> {
    let searches: BTreeSet<(u32, u32)> = acts
        .iter()
        .filter(|act| act.kind == ActKind::Call)
        .filter(|act| guests.contains(&act.actor) || act.other.is_some_and(|other| guests.contains(&other)))
        .map(|act| (act.round, act.actor))
        .collect();
    acts.iter().filter(|act| searches.contains(&(act.round, caller(act)))).copied().collect()
}

/// The two lives of one focal agent of the first world: all acts that concern it, and its net benefit since the evening
/// after each round. `focal` is its position in the draw.
pub(crate) fn twins(scenario: &Scenario, focal: usize) -> Option<Value> {
    let plan = BetPlan::new(scenario, false);
    let rules = plan.rules();
    let seed = replicate_seed(scenario.seed, 0);
    let mut before = Simulation::new(rules, seed, SERIAL);
    (0..plan.event_round()).for_each(|_| before.advance(SERIAL));
    let focals = plan.draw_focals(&before, seed);
    let &focal = focals.get(focal.checked_rem(focals.len())?)?;
    let start = before.life(focal);
    let last = *plan.horizons().last()?;
    let mut named = BTreeSet::from([focal]);
    let lives = plan.interventions(focal).map(|intervention| {
        let mut world = before.clone();
        world.set_intervention(Some(intervention));
        let (mut own, mut nets) = (Vec::new(), Vec::new());
        for _ in 0..=last {
            let mut acts = Vec::new();
            world.step_observed(SERIAL, &mut acts);
            own.extend(acts.into_iter().filter(|act| is_shown(act) && concerns(act, focal)));
            let life = world.life(focal);
            // After a failure the place is empty, or somebody else's.
            if life.born != start.born || life.strategy.is_none() {
                break;
            }
            nets.push(rules.prices.net(&life.payments.since(&start.payments)).per(1));
        }
        own.iter().for_each(|act| named.extend(people(act)));
        json!({ "acts": own.iter().map(row).collect::<Vec<_>>(), "net": nets })
    });
    let agents = before.agents();
    let people: Vec<Value> = named
        .iter()
        .map(|&id| person(&agents[id as usize], agents[id as usize].need.map(|(domain, _)| domain)))
        .collect();
    let bet = plan.bet();
    Some(json!({
        "focal": focal,
        "focals": focals.len(),
        "round": plan.event_round(),
        "slots": scenario.mixer.slots,
        "sides": [bet.first, bet.second],
        "people": people,
        "lives": lives,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_evening_is_a_mixer_after_burn_in_or_a_year_that_the_run_reaches() {
        for (sets, round) in [
            (&["mixer.every=4", "burn_in=50"][..], 52),
            (&["mixer.every=4", "burn_in=52"], 52),
            (&["mixer.every=8", "burn_in=130"], 56),
            (&["mixer.every=4", "burn_in=9"], 12),
            (&["mixer.every=100", "burn_in=101"], 100),
            (&["mixer.every=500"], 0),
        ] {
            assert_eq!(evening_round(&Scenario::parse("", sets).unwrap()), round, "{sets:?}");
        }
    }

    #[test]
    fn an_evening_has_guests_who_talk_and_calls_that_concern_them() {
        let story = evening(&Scenario::parse("", &["population.agents=300"]).unwrap(), 8);
        let guests: Vec<u64> =
            story["guests"].as_array().unwrap().iter().map(|id| id.as_u64().unwrap()).collect();
        assert!(guests.len() > 10);
        let rows = |name: &str| story[name].as_array().unwrap().clone();
        assert!(rows("evening").iter().any(|act| act[2] == "talk"));
        let calls: Vec<_> = rows("calls").into_iter().filter(|act| act[2] == "call").collect();
        assert!(!calls.is_empty());
        for call in calls {
            let [caller, expert] = [&call[3], &call[4]].map(|id| id.as_u64().unwrap());
            assert!(guests.contains(&caller) || guests.contains(&expert), "{call}");
        }
    }

    #[test]
    fn the_two_lives_of_a_story_end_as_in_the_bet() {
        let sets = ["population.agents=80", "burn_in=8", "bet.worlds=1", "bet.focals=2", "bet.horizons=[0, 9]"];
        let scenario = Scenario::parse_bet("", &sets).unwrap();
        let world = &mingle::bet(&scenario, &mingle::ThreadPool::new(1).unwrap())[0];
        for (number, twin) in world.twins.iter().enumerate() {
            let story = twins(&scenario, number).unwrap();
            assert_eq!(story["focal"], twin.focal);
            for (horizon, at) in [(0, &twin.horizons[0]), (9, &twin.horizons[1])] {
                assert_eq!(story["lives"][0]["net"][horizon], at.first.net.per(1));
                assert_eq!(story["lives"][1]["net"][horizon], at.second.net.per(1));
            }
        }
    }
}
