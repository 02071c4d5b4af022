//! Observed acts: they are all that happens, and nothing changes because somebody looks.

use std::collections::{BTreeMap, BTreeSet};

use mingle::records::{ActKind, ActRecord, AgentRecord, Channel, M, RoundRecord};
use mingle::{Amount, Intervention, Parallelism, Rules, Scenario, Simulation, ThreadPool};

const SERIAL: Parallelism<'static> = Parallelism::SERIAL;

/// Scenarios in which every mechanism of mixers and calls occurs.
const SETS: [&[&str]; 8] = [
    &[],
    &["reputation.kind=public"],
    &["reputation.observe=0.2", "mixer.familiarity=3", "needs.visible=true"],
    &["population.town_size=40", "mixer.size=15", "mixer.travel=0.3", "calls.depth=4", "calls.capacity=0"],
    &[
        "survival.overhead=1",
        "survival.endowment=5",
        "calls.depth=0",
        "population.domains=2",
        "needs.patience=2",
    ],
    &["help.reciprocity=0.7", "help.pay_forward=0.2", "population.town_size=20", "needs.rate=0.4"],
    &["needs.sizes=[2, 5]", "needs.size_shares=[0.5, 0.5]", "calls.rate=0.7"],
    &[
        "needs.at_once=3",
        "needs.rate=0.7",
        "needs.patience=2",
        "reputation.observe=0.2",
        "survival.overhead=1",
    ],
];

fn scenario(sets: &[&str]) -> Scenario {
    let common = ["population.agents=160", "rounds=14", "burn_in=0", "mixer.every=2"];
    Scenario::parse("", &[&common[..], sets].concat()).unwrap()
}

/// Number of acts of a kind, by the strategy of their actor.
fn counted(acts: &[ActRecord], kind: ActKind, strategies: &[u16]) -> Vec<u64> {
    let mut counts = vec![0; 3];
    let kept = acts.iter().filter(|act| act.kind == kind);
    kept.for_each(|act| counts[usize::from(strategies[act.actor as usize])] += 1);
    counts
}

/// A metric per member, times the members.
fn total(records: &[RoundRecord], metric: M) -> Vec<f64> {
    let of = |record: &RoundRecord| match metric {
        M::Guests => record.values[metric as usize],
        _ => record.values[metric as usize] * f64::from(record.agents),
    };
    records.iter().map(of).collect()
}

fn assert_same(metric: M, records: &[RoundRecord], counts: &[u64], round: u32) {
    for (strategy, (expected, found)) in total(records, metric).into_iter().zip(counts).enumerate() {
        let expected = if expected.is_nan() { 0.0 } else { expected };
        assert!(
            (expected - *found as f64).abs() < 1e-6,
            "{metric:?} of strategy {strategy} in round {round}: {expected} recorded, {found} observed"
        );
    }
}

#[test]
fn acts_add_up_to_the_records_and_flows_of_the_round() {
    for sets in SETS {
        let scenario = scenario(sets);
        let rules = Rules::new(&scenario);
        let mut world = Simulation::new(&rules, 7, SERIAL);
        let mut flows_before = world.flows();
        for round in 0..scenario.rounds {
            let before = world.agents();
            let mut acts = Vec::new();
            let records = world.step_observed(SERIAL, &mut acts);
            assert!(acts.iter().all(|act| act.round == round));
            // Newcomers take their places at the start of the round, imitators change at its end.
            let newcomer = |now: &AgentRecord| now.born == round && round > 0;
            let both = before.iter().zip(world.agents());
            let strategies: Vec<u16> =
                both.map(|(was, now)| if newcomer(&now) { now.strategy } else { was.strategy }).collect();
            for act in &acts {
                assert_eq!(act.strategy, strategies[act.actor as usize], "{act:?}");
                let other = act.other.map(|other| strategies[other as usize]);
                assert!(act.kind == ActKind::Adopt || act.other_strategy == other, "{act:?}");
            }
            for (kind, metric) in [
                (ActKind::Need, M::NeedsOpened),
                (ActKind::Lapse, M::NeedsLapsed),
                (ActKind::Attend, M::Guests),
                (ActKind::Push, M::ActsPush),
                (ActKind::Assist, M::ActsAssist),
                (ActKind::Refuse, M::ActsRefuse),
                (ActKind::Refer, M::ActsRefer),
                (ActKind::Encourage, M::ActsEncourage),
            ] {
                assert_same(metric, &records, &counted(&acts, kind, &strategies), round);
            }
            let talks = acts.iter().filter(|act| act.kind == ActKind::Talk).count();
            assert_eq!(talks as u64, world.pair_slots(), "{sets:?} in round {round}");
            for (before, after) in flows_before.iter().zip(&world.flows()) {
                let on = |act: &&ActRecord| {
                    let [from, to] =
                        [Some(act.actor), act.other].map(|id| id.map(|id| strategies[id as usize]));
                    act.channel == Some(after.channel) && from == Some(after.from) && to == Some(after.to)
                };
                let observed: Amount = acts.iter().filter(on).map(|act| act.amount).sum();
                assert_eq!(observed, after.value - before.value, "{:?} in round {round}", after.channel);
            }
            flows_before = world.flows();
        }
        let all: Amount = flows_before.iter().map(|flow| flow.value).sum();
        assert!(all > Amount::ZERO && world.regions().is_empty(), "there is one region");
    }
}

#[test]
fn partners_are_those_with_whom_one_talked() {
    let scenario = scenario(&["population.town_size=40", "mixer.size=15", "mixer.travel=0.3"]);
    let rules = Rules::new(&scenario);
    let mut world = Simulation::new(&rules, 7, SERIAL);
    let mut met_somebody = false;
    world.set_intervention(Some(Intervention { agent: 9, invited: 0, behaviour: 1, until: 13 }));
    for _ in (0..scenario.rounds).step_by(2) {
        let mut acts = Vec::new();
        world.step_observed(SERIAL, &mut acts);
        let talks = acts.iter().filter(|act| act.kind == ActKind::Talk);
        let met = talks.filter_map(|act| match (act.actor, act.other.unwrap()) {
            (9, other) | (other, 9) => Some(other),
            _ => None,
        });
        let met: BTreeSet<u32> = met.collect();
        assert_eq!(world.partners().len(), met.len(), "each once");
        assert_eq!(world.partners().iter().copied().collect::<BTreeSet<u32>>(), met);
        met_somebody |= !met.is_empty();
        world.step(SERIAL);
    }
    assert!(met_somebody);
}

#[test]
fn those_who_talked_know_each_other_whether_anybody_lingers_or_not() {
    let quick = ["strategy.warrior.linger=0", "strategy.servant.linger=0", "strategy.abstainer.linger=0"];
    for sets in [&[][..], &quick] {
        let common = ["population.start_ties=0", "population.ties_max=159", "calls.rate=0", "needs.rate=0"];
        let scenario = scenario(&[&common[..], sets].concat());
        let rules = Rules::new(&scenario);
        let (mut world, mut acts) = (Simulation::new(&rules, 7, SERIAL), Vec::new());
        world.step_observed(SERIAL, &mut acts);
        let talks: Vec<&ActRecord> = acts.iter().filter(|act| act.kind == ActKind::Talk).collect();
        assert!(!talks.is_empty());
        let knows = |one, other| world.ties_of(one).iter().any(|(contact, _)| *contact == other);
        for act in talks {
            let other = act.other.unwrap();
            assert!(knows(act.actor, other) && knows(other, act.actor), "{act:?}");
        }
    }
}

#[test]
fn who_thinks_too_little_of_somebody_with_a_need_does_not_encourage_it() {
    for (min_opinion, encourage) in [("-1", true), ("0.5", false)] {
        for ties_max in ["0", "50"] {
            // Everybody serves, and has a need from the first round on, which few can solve.
            let traits = |name: &str| {
                [format!("strategy.{name}.serve=1"), format!("strategy.{name}.min_opinion={min_opinion}")]
            };
            let sets = ["warrior", "servant", "abstainer"].map(traits).concat();
            let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
            let ties_max = format!("population.ties_max={ties_max}");
            let common = [
                "needs.rate=1",
                "reputation.learning=0",
                "population.start_ties=0",
                "strategy.warrior.ask=0",
                "strategy.servant.ask=0",
                &ties_max,
            ];
            let scenario = scenario(&[&common[..], &sets].concat());
            let rules = Rules::new(&scenario);
            let (mut world, mut acts) = (Simulation::new(&rules, 7, SERIAL), Vec::new());
            world.step_observed(SERIAL, &mut acts);
            assert!(acts.iter().any(|act| act.kind == ActKind::Talk));
            assert_eq!(
                acts.iter().any(|act| act.kind == ActKind::Encourage),
                encourage,
                "{min_opinion}, {ties_max}"
            );
        }
    }
}

#[test]
fn an_opinion_that_is_equal_to_the_least_is_enough_to_help() {
    for (min_opinion, enough) in [("0.3", true), ("0.301", false)] {
        // Everybody thinks the same of everybody, whatever happens.
        let traits = |name: &str| {
            let chances = ["serve=1", "comply=1", "refer=1"].map(|set| format!("strategy.{name}.{set}"));
            [&chances[..], &[format!("strategy.{name}.min_opinion={min_opinion}")]].concat()
        };
        let sets = ["warrior", "servant", "abstainer"].map(traits).concat();
        let common = "reputation.prior=0.3 reputation.vouch=1 reputation.fade=1 reputation.learning=0 calls.rate=0.5 \
                      reputation.gossip_weight=0 help.execution_error=0 calls.capacity=160 needs.rate=0.5";
        let sets: Vec<&str> = common.split_whitespace().chain(sets.iter().map(String::as_str)).collect();
        let scenario = scenario(&sets);
        let rules = Rules::new(&scenario);
        let (mut world, mut acts) = (Simulation::new(&rules, 7, SERIAL), Vec::new());
        world.step_observed(SERIAL, &mut acts);
        for at_mixer in [true, false] {
            let of = |kind| acts.iter().any(|act| act.kind == kind && act.event.is_some() == at_mixer);
            assert_eq!(of(ActKind::Assist), enough, "{min_opinion}");
            assert_eq!(of(ActKind::Refer), enough, "{min_opinion}");
            assert_eq!(of(ActKind::Refuse), !enough, "{min_opinion}");
        }
    }
}

#[test]
fn judgements_follow_one_another_and_the_last_is_what_is_thought_afterwards() {
    for public in [false, true] {
        let kind = if public { "reputation.kind=public" } else { "reputation.kind=private" };
        let sets =
            [kind, "population.ties_max=159", "strategy.warrior.gossip=0", "strategy.servant.gossip=0"];
        let scenario = scenario(&[&sets[..], &["strategy.abstainer.gossip=0", "calls.rate=0.7"]].concat());
        let prior = scenario.reputation.prior as f32;
        // At the end of a conversation and after a call trust rises to the prior.
        let same = |now: f32, last: f32| {
            let risen = !public && (0.0..prior).contains(&last);
            (now - last).abs() < 1e-5 || (risen && (now - prior).abs() < 1e-5)
        };
        let rules = Rules::new(&scenario);
        let (mut world, mut phases) = (Simulation::new(&rules, 7, SERIAL), [0, 0]);
        for _ in 0..scenario.rounds {
            let mut last: BTreeMap<(u32, u32), f32> = BTreeMap::new();
            if public {
                last.extend(
                    world.agents().iter().map(|agent| ((0, agent.agent), agent.standing.unwrap() as f32)),
                );
            }
            let mut acts = Vec::new();
            world.step_observed(SERIAL, &mut acts);
            for act in acts.iter().filter(|act| act.kind == ActKind::Judge) {
                let [before, after] = act.opinion.unwrap();
                let pair = (if public { 0 } else { act.actor }, act.other.unwrap());
                let opinion = last.entry(pair).or_insert(before);
                assert!(same(before, *opinion), "{act:?} after {opinion}");
                *opinion = after;
                phases[usize::from(act.event.is_none())] += 1;
            }
            let judged = acts.windows(2).filter(|two| two[1].kind == ActKind::Judge).map(|two| two[0].kind);
            assert!(judged.into_iter().all(|kind| kind != ActKind::Talk), "an act comes before its verdict");
            for ((judge, of), opinion) in last {
                let now = if public {
                    world.agents()[of as usize].standing.unwrap() as f32
                } else {
                    world.ties_of(judge).iter().find(|(contact, _)| *contact == of).unwrap().1
                };
                assert!(same(now, opinion), "{judge} thinks {now} of {of}, not {opinion}");
            }
        }
        assert!(phases.iter().all(|n| *n > 100), "there are judgements at mixers and in calls: {phases:?}");
    }
}

#[test]
fn calls_have_one_outcome_and_their_chains_are_told_link_by_link() {
    let scenario = scenario(&["calls.depth=4", "calls.rate=0.9", "rounds=30", "population.domains=24"]);
    let rules = Rules::new(&scenario);
    let mut world = Simulation::new(&rules, 3, SERIAL);
    let mut longest = 0;
    for _ in 0..scenario.rounds {
        let mut acts = Vec::new();
        world.step_observed(SERIAL, &mut acts);
        let phone: Vec<&ActRecord> = acts.iter().filter(|act| act.event.is_none()).collect();
        for call in phone.iter().filter(|act| act.kind == ActKind::Call) {
            let (caller, expert) = (call.actor, call.other.unwrap());
            let outcome = |act: &&&ActRecord| {
                let answers = [ActKind::Assist, ActKind::Refuse, ActKind::Busy].contains(&act.kind);
                answers && act.actor == expert && act.other == Some(caller)
            };
            assert_eq!(phone.iter().filter(outcome).count(), 1);
            let chain: Vec<&&ActRecord> =
                phone.iter().filter(|act| act.kind == ActKind::Refer && act.other == Some(caller)).collect();
            longest = longest.max(chain.len());
            assert!(chain.windows(2).all(|pair| pair[0].third == Some(pair[1].actor)), "{chain:?}");
            if let Some(last) = chain.last() {
                assert_eq!((last.third, Some(last.actor)), (Some(expert), call.third));
            }
            let is_taken = phone.iter().any(|act| act.kind == ActKind::Fee && act.actor == caller);
            let finders = phone.iter().filter(|act| act.kind == ActKind::Finder && act.actor == caller);
            let n_links = chain.len().max(call.third.iter().len());
            assert_eq!(finders.count(), if is_taken { n_links } else { 0 });
        }
    }
    assert!(longest >= 2, "some chains have several links");
}

#[test]
fn who_helps_only_in_return_helps_the_one_who_helped_it_last_and_not_for_long() {
    let text = "[[strategy]]\nname = \"giver\"\nshare = 0.3\nattend = 1\nserve = 1\nmin_opinion = -1\n\
        [[strategy]]\nname = \"taker\"\nshare = 0.7\nattend = 1\nserve = 0\ncomply = 0\nrefer = 0\n";
    let sets = [
        "population.agents=120",
        "population.town_size=12",
        "population.domains=3",
        "needs.rate=0.5",
        "mixer.every=2",
        "calls.rate=0",
        "calls.capacity=0",
        "rounds=60",
        "help.reciprocity=1",
        "help.reciprocity_rounds=6",
    ];
    let scenario = Scenario::parse(text, &sets).unwrap();
    let rules = Rules::new(&scenario);
    let mut world = Simulation::new(&rules, 3, SERIAL);
    // Of each pair: who helped last, and when.
    let mut last = std::collections::BTreeMap::new();
    let mut returned = 0;
    for round in 0..scenario.rounds {
        let mut acts = Vec::new();
        world.step_observed(SERIAL, &mut acts);
        let agents = world.agents();
        let help: Vec<[u32; 2]> = acts
            .iter()
            .filter(|act| act.kind == ActKind::Assist)
            .map(|act| [act.actor, act.other.unwrap()])
            .collect();
        let pair = |[a, b]: [u32; 2]| [a.min(b), a.max(b)];
        for &[helper, helped] in help.iter().filter(|[helper, _]| agents[*helper as usize].strategy == 1) {
            let (by, when) = last[&pair([helper, helped])];
            assert_eq!(by, helped, "{helper} returns help in round {round}");
            assert!((1..=6).contains(&(round - when)), "help of round {when} in round {round}");
            returned += 1;
        }
        last.extend(help.into_iter().map(|both| (pair(both), (both[0], round))));
    }
    assert!(returned > 100, "{returned}");
}

#[test]
fn who_is_watched_acts_as_unwatched_on_any_number_of_threads() {
    for sets in SETS {
        let scenario = scenario(sets);
        let rules = Rules::new(&scenario);
        let mut plain = Simulation::new(&rules, 5, SERIAL);
        let mut watched = plain.clone();
        let mut shared = plain.clone();
        let pool = ThreadPool::new(2).unwrap();
        for _ in 0..scenario.rounds {
            let (mut alone, mut together) = (Vec::new(), Vec::new());
            let records = plain.step(SERIAL);
            assert_eq!(format!("{records:?}"), format!("{:?}", watched.step_observed(SERIAL, &mut alone)));
            pool.install(|par| shared.step_observed(par, &mut together));
            assert_eq!(alone, together);
        }
        assert!(plain.same_state_as(&watched));
    }
}

#[test]
fn acts_of_a_slot_are_between_the_two_who_talk() {
    let scenario = scenario(&["reputation.observe=0.1"]);
    let rules = Rules::new(&scenario);
    let mut acts = Vec::new();
    Simulation::new(&rules, 2, SERIAL).step_observed(SERIAL, &mut acts);
    let mut pair = [0; 2];
    for act in acts.iter().filter(|act| act.slot.is_some()) {
        let both = [act.actor, act.other.unwrap()];
        if act.kind == ActKind::Talk {
            pair = both;
        }
        // Bystanders judge those who talk.
        let told = both == pair || both == [pair[1], pair[0]];
        let judged = act.kind == ActKind::Judge && pair.contains(&both[1]);
        assert!(told || judged, "{act:?} is told in the talk of {pair:?}");
        assert_eq!(act.channel == Some(Channel::Encouragement), act.kind == ActKind::Encourage);
    }
}
