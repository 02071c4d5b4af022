//! Stories: their sums in random worlds, and their causes in small logs made by hand.

use super::*;
use crate::experiment::run_world;
use crate::model::{ActKind, Channel, EventId};
use crate::scenario::Scenario;

const SMALL: &[&str] = &[
    "population.agents=90",
    "population.ties_max=12",
    "mixer.size=12",
    "mixer.slots=6",
    "rounds=12",
    "burn_in=6",
    "bet.worlds=2",
    "bet.focals=4",
    "bet.horizons=[0, 3, 20]",
];

/// Settings that each bring another part of the model into play.
const SETTINGS: &[&[&str]] = &[
    &[],
    &["bet.campaign=8", "calls.rate=0.6"],
    &["reputation.kind=public"],
    &["reputation.observe=0.3", "mixer.familiarity=3"],
    &["survival.endowment=3", "survival.overhead=0.9", "survival.replace_after=2", "bet.usual=any"],
    &["evolution.rate=0.4", "evolution.window=3", "bet.campaign=4", "bet.usual=any"],
    &["population.town_size=20", "mixer.travel=0.4", "mixer.every=1", "mixer.travel_cost=0.7"],
    &["calls.rate=1", "calls.depth=6", "calls.capacity=2", "calls.min_opinion=-1", "needs.rate=0.5"],
    &["population.tie_cost=0.01", "help.refer_cost=0.03", "calls.finder_fee=0.07", "calls.fee=0.31"],
    &["help.pay_forward=0.5", "help.execution_error=0.1", "needs.visible=true"],
    &["help.reciprocity=0.8", "population.town_size=30"],
    &["needs.at_once=3", "needs.rate=0.5", "needs.sizes=[1, 5]", "needs.size_shares=[0.8, 0.2]"],
    &["bet.design=crossover", "bet.gap=12", "population.ties_max=0"],
];

pub(super) fn plan(sets: &[&str], more: &[&str]) -> BetPlan {
    let sets: Vec<&str> = SMALL.iter().chain(sets).chain(more).copied().collect();
    BetPlan::new(&Scenario::parse_bet("", &sets).unwrap_or_else(|faults| panic!("{faults}")), false)
}

pub(super) fn told(plan: &BetPlan, of: (u32, AgentId)) -> Story {
    story(plan, of, Parallelism::SERIAL, &Progress::default()).expect("nobody stops it")
}

#[test]
fn the_amounts_of_a_story_sum_to_the_difference_at_every_horizon() {
    for sets in SETTINGS {
        for seed in ["seed=1", "seed=2"] {
            assert!(check_twins(&plan(sets, &[seed]), 1, sets) > 0, "{sets:?}: some evening matters");
        }
    }
}

/// Checks the stories of all focal agents of a world against its record. How many steps they have.
pub(super) fn check_twins(plan: &BetPlan, world: u32, sets: &[&str]) -> usize {
    let record = run_world(plan, world, Parallelism::SERIAL, &Progress::default()).unwrap();
    let mut steps = 0;
    for twin in &record.twins {
        let story = told(plan, (world, twin.focal));
        steps += story.steps.len();
        for horizon in &twin.horizons {
            let last = plan.event_round() + horizon.horizon;
            let until = story.steps.iter().filter(|step| step.round <= last);
            let sum: Amount = until.filter_map(StoryStep::difference).sum();
            assert_eq!(sum, horizon.second.net - horizon.first.net, "{sets:?} {} {last}", twin.focal);
        }
        check(&story, sets);
    }
    steps
}

/// What holds of every story.
fn check(story: &Story, sets: &[&str]) {
    let mut pays = vec![false; story.steps.len()];
    for (place, step) in story.steps.iter().enumerate().rev() {
        pays[place] |= step.amount.is_some();
        assert!(pays[place], "{sets:?}: each step pays, or leads to one that does: {step:?}");
        if let Some(cause) = step.cause {
            assert!(cause < place && story.steps[cause].round <= step.round, "{sets:?}: {step:?}");
            pays[cause] = true;
        }
        assert_eq!(step.cause.is_none(), [Reason::None, Reason::Evening].contains(&step.reason));
        assert_eq!(step.kind == StepKind::Evening, step.reason == Reason::Evening);
        if let StepKind::Cost(name) = step.kind {
            assert!(["overhead", "travel_cost"].contains(&name), "acts show all other payments: {name}");
        }
    }
}

#[test]
fn equal_strategies_have_an_empty_story() {
    for sets in SETTINGS {
        let plan = plan(sets, &["bet.first=servant", "bet.second=servant"]);
        let focal = focals_of(&plan, 0, Parallelism::SERIAL, &Progress::default()).unwrap()[0];
        assert_eq!(told(&plan, (0, focal)).steps, [], "{sets:?}");
    }
}

#[test]
fn most_money_has_a_cause_and_goes_back_to_the_evening() {
    let plan = plan(&[], &["bet.horizons=[20]", "bet.focals=12"]);
    let (mut all, mut explained) = (0, 0);
    for focal in focals_of(&plan, 0, Parallelism::SERIAL, &Progress::default()).unwrap() {
        let story = told(&plan, (0, focal));
        for step in story.steps.iter().filter(|step| step.amount.is_some()) {
            let mut origin = step;
            while let Some(cause) = origin.cause {
                origin = &story.steps[cause];
            }
            all += 1;
            explained += usize::from(origin.kind == StepKind::Evening);
        }
    }
    assert!(all > 50 && 10 * explained > 8 * all, "{explained} of {all} payments go back to the evening");
}

#[test]
fn a_story_that_is_stopped_is_none() {
    let progress = Progress::default();
    progress.stop();
    assert!(story(&plan(&[], &[]), (0, 1), Parallelism::SERIAL, &progress).is_none());
}

/// An act outside mixers.
fn act(kind: ActKind, actor: AgentId, other: Option<AgentId>) -> ActRecord {
    ActRecord { other, ..ActRecord::new(0, kind, actor) }
}

/// An act in a slot of the only event.
fn at_event(slot: u32, kind: ActKind, actor: AgentId, other: AgentId) -> ActRecord {
    let event = Some(EventId { town: 0, number: 0 });
    ActRecord { event, slot: Some(slot), ..act(kind, actor, Some(other)) }
}

/// An act in the search of a caller.
fn in_search(kind: ActKind, actor: AgentId, other: AgentId, caller: AgentId) -> ActRecord {
    ActRecord { caller: Some(caller), ..act(kind, actor, Some(other)) }
}

fn judges(at: ActRecord, opinion: [f32; 2]) -> ActRecord {
    ActRecord { opinion: Some(opinion), ..at }
}

/// A call of an expert that is taken.
fn call(caller: AgentId, expert: AgentId) -> [ActRecord; 3] {
    let on = |channel, act| ActRecord { channel: Some(channel), ..act };
    [
        in_search(ActKind::Call, caller, expert, caller),
        on(Channel::Call, in_search(ActKind::Assist, expert, caller, caller)),
        on(Channel::Pull, in_search(ActKind::Fee, caller, expert, caller)),
    ]
}

/// The steps of rounds made by hand, from the event on; the focal agent is 0. The first element has the acts of the two
/// worlds in the event's round, and so on.
fn steps_of(rounds: &[[Vec<ActRecord>; 2]]) -> Vec<Rc<Node>> {
    steps_under(&[], rounds)
}

/// The same under these settings.
fn steps_under(sets: &[&str], rounds: &[[Vec<ActRecord>; 2]]) -> Vec<Rc<Node>> {
    let plan = plan(sets, &[]);
    let world = Simulation::new(plan.rules(), 1, Parallelism::SERIAL);
    let mut teller = Teller::new(&plan, 0, &world);
    let mut found = Vec::new();
    for (round, acts) in (plan.event_round()..).zip(rounds) {
        let acts = acts
            .each_ref()
            .map(|acts| acts.iter().map(|act| ActRecord { round, ..*act }).collect::<Vec<_>>());
        let steps = teller.compare(round, Acts([&acts[0], &acts[1]]));
        found.extend(steps.of_acts.iter().flat_map(BTreeMap::values).cloned());
    }
    found
}

/// The one step of this kind by this agent in this world.
fn find(steps: &[Rc<Node>], side: usize, kind: ActKind, actor: AgentId) -> Rc<Node> {
    let mut found =
        steps.iter().filter(|s| s.side == Some(side) && s.kind == StepKind::Act(kind) && s.actor == actor);
    let step = found.next().unwrap_or_else(|| panic!("{kind:?} by {actor}"));
    assert!(found.next().is_none());
    Rc::clone(step)
}

/// The reasons and kinds from a step back to its origin.
fn chain(step: &Rc<Node>) -> Vec<(&'static str, &'static str)> {
    let mut chain = vec![(step.kind.name(), step.reason.name())];
    let mut next = step.cause.as_ref();
    while let Some(step) = next {
        chain.push((step.kind.name(), step.reason.name()));
        next = step.cause.as_ref();
    }
    chain
}

const NOTHING: [Vec<ActRecord>; 2] = [Vec::new(), Vec::new()];

#[test]
fn the_focal_agent_acts_by_its_behaviour_and_others_answer_it() {
    let talk = at_event(0, ActKind::Talk, 0, 1);
    let push = at_event(0, ActKind::Push, 0, 1);
    let assist = ActRecord { channel: Some(Channel::Push), ..at_event(0, ActKind::Assist, 1, 0) };
    let encourage = at_event(0, ActKind::Encourage, 0, 1);
    let steps = steps_of(&[[vec![talk, push, assist], vec![talk, encourage]]]);
    assert_eq!(steps.len(), 3);
    let evening = ("evening", "evening");
    assert_eq!(
        chain(&find(&steps, 0, ActKind::Assist, 1)),
        [("assist", "turn"), ("push", "behaviour"), evening]
    );
    assert_eq!(chain(&find(&steps, 1, ActKind::Encourage, 0)), [("encourage", "behaviour"), evening]);
}

#[test]
fn a_call_goes_back_through_gossip_and_a_judgement_to_the_evening() {
    let talk = at_event(0, ActKind::Talk, 0, 1);
    let help = ActRecord { channel: Some(Channel::Gift), ..at_event(0, ActKind::Assist, 0, 1) };
    let judge = judges(at_event(0, ActKind::Judge, 1, 0), [0.0, 0.5]);
    let gossip = ActRecord { third: Some(0), ..judges(act(ActKind::Gossip, 1, Some(2)), [0.0, 0.2]) };
    let steps = steps_of(&[
        [vec![talk], vec![talk, help, judge]],
        [vec![], vec![gossip]],
        [call(2, 9).to_vec(), call(2, 0).to_vec()],
    ]);
    let expected = [
        ("fee", "call"),
        ("assist", "call"),
        ("call", "opinion"),
        ("gossip", "opinion"),
        ("judge", "judged"),
        ("assist", "behaviour"),
        ("evening", "evening"),
    ];
    let fees: Vec<_> = steps.iter().filter(|s| s.kind == StepKind::Act(ActKind::Fee)).collect();
    assert!(fees.len() == 2 && fees.iter().all(|fee| chain(fee) == expected), "both fees go back to it");
    let calls = steps.iter().filter(|s| s.kind == StepKind::Act(ActKind::Call));
    let calls: Vec<_> = calls.map(|call| (call.side, call.other, call.instead)).collect();
    assert_eq!(calls, [(Some(0), Some(9), Some(0)), (Some(1), Some(0), Some(9))]);
}

#[test]
fn a_favour_is_returned_to_whom_one_was_helped_by_where_favours_are_returned() {
    let talk = at_event(0, ActKind::Talk, 0, 1);
    let help = ActRecord { channel: Some(Channel::Gift), ..at_event(0, ActKind::Assist, 0, 1) };
    let [called, assist, fee] = call(0, 1);
    let refuse = in_search(ActKind::Refuse, 1, 0, 0);
    let rounds = [[vec![talk], vec![talk, help]], [vec![called, refuse], vec![called, assist, fee]]];
    let helped_back = |sets: &[&str]| chain(&find(&steps_under(sets, &rounds), 1, ActKind::Assist, 1));
    let returned = helped_back(&["help.reciprocity=0.5"]);
    assert_eq!(returned, [("assist", "favour"), ("assist", "behaviour"), ("evening", "evening")]);
    assert_eq!(helped_back(&[])[0], ("assist", "none"));
}

#[test]
fn an_expert_is_free_because_another_did_not_call_and_calls_follow_referrals() {
    let talk = at_event(0, ActKind::Talk, 0, 3);
    let refer = ActRecord { third: Some(5), ..at_event(0, ActKind::Refer, 0, 3) };
    let [called, assist, fee] = call(4, 0);
    let busy = in_search(ActKind::Busy, 0, 4, 4);
    let first = [vec![talk], call(3, 0).to_vec(), vec![called, busy]].concat();
    let second = [vec![talk, refer], call(3, 5).to_vec(), vec![called, assist, fee]].concat();
    let steps = steps_of(&[[first, second]]);
    let evening = ("evening", "evening");
    let referred = [("call", "referral"), ("refer", "behaviour"), evening];
    assert_eq!(chain(&find(&steps, 1, ActKind::Call, 3)), referred);
    let free = find(&steps, 1, ActKind::Assist, 0);
    assert_eq!(
        (free.other, chain(&free)[..2].to_vec()),
        (Some(4), vec![("assist", "capacity"), ("call", "referral")])
    );
    assert_eq!(chain(&find(&steps, 0, ActKind::Busy, 0))[0], ("busy", "capacity"));
}

#[test]
fn needs_differ_until_both_worlds_agree_again() {
    let talk = at_event(0, ActKind::Talk, 0, 1);
    let help = ActRecord { channel: Some(Channel::Gift), ..at_event(0, ActKind::Assist, 0, 1) };
    let need = ActRecord { domain: Some(1), ..act(ActKind::Need, 1, None) };
    let push = at_event(0, ActKind::Push, 1, 2);
    let other = at_event(0, ActKind::Talk, 1, 2);
    let steps = steps_of(&[
        [vec![talk], vec![talk, help]],
        [vec![act(ActKind::Lapse, 1, None)], vec![]],
        [vec![need], vec![need]],
        NOTHING,
        [vec![other, push], vec![other]],
    ]);
    let evening = ("evening", "evening");
    assert_eq!(
        chain(&find(&steps, 0, ActKind::Lapse, 1)),
        [("lapse", "need"), ("assist", "behaviour"), evening]
    );
    assert_eq!(
        chain(&find(&steps, 0, ActKind::Push, 1)),
        [("push", "none")],
        "nothing is known to explain it"
    );
    assert_eq!(steps.len(), 3, "what both worlds have is no step");
}

#[test]
fn opinions_that_agree_again_explain_nothing() {
    let talk = at_event(0, ActKind::Talk, 0, 1);
    let help = ActRecord { channel: Some(Channel::Gift), ..at_event(0, ActKind::Assist, 0, 1) };
    let judge = |opinion| judges(at_event(0, ActKind::Judge, 1, 0), opinion);
    let again = |opinion| judges(at_event(1, ActKind::Judge, 1, 0), opinion);
    let both = |opinion| vec![talk, help, again(opinion)];
    let differ = steps_of(&[
        [vec![talk], vec![talk, help, judge([0.0, 0.5])]],
        [both([0.0, 0.5]), both([0.5, 0.75])],
        [vec![], call(1, 0).to_vec()],
    ]);
    let reason = |steps: &[Rc<Node>]| find(steps, 1, ActKind::Call, 1).reason;
    assert_eq!(reason(&differ), Reason::Opinion);
    let agree = steps_of(&[
        [vec![talk], vec![talk, judge([0.0, 0.5])]],
        [both([0.0, 1.0]), both([0.5, 1.0])],
        [vec![], call(1, 0).to_vec()],
    ]);
    assert_eq!(reason(&agree), Reason::Contacts, "the tie was made in one world first");
}

#[test]
fn the_same_act_is_judged_otherwise_if_the_focal_agent_acts_by_another_strategy() {
    let talk = at_event(0, ActKind::Talk, 0, 1);
    let help = ActRecord { channel: Some(Channel::Gift), ..at_event(0, ActKind::Assist, 0, 1) };
    let judge = |opinion| judges(at_event(0, ActKind::Judge, 1, 0), [0.0, opinion]);
    let steps = steps_of(&[
        [vec![talk, help, judge(0.2)], vec![talk, help, judge(0.5)]],
        [vec![], call(1, 0).to_vec()],
    ]);
    let expected = [("call", "opinion"), ("judge", "behaviour"), ("evening", "evening")];
    assert_eq!(chain(&find(&steps, 1, ActKind::Call, 1)), expected);
}

#[test]
fn an_expert_takes_those_first_of_whom_it_thinks_best() {
    let talk = at_event(0, ActKind::Talk, 0, 1);
    let help = ActRecord { channel: Some(Channel::Gift), ..at_event(0, ActKind::Assist, 0, 1) };
    let gossip = ActRecord { third: Some(1), ..judges(act(ActKind::Gossip, 1, Some(9)), [0.0, 0.3]) };
    let ([called, assist, fee], [also, taken, paid]) = (call(3, 9), call(1, 9));
    let busy = |caller| in_search(ActKind::Busy, 9, caller, caller);
    let steps = steps_of(&[
        [vec![talk], vec![talk, help, gossip]],
        [vec![also, busy(1), called, assist, fee], vec![also, taken, paid, called, busy(3)]],
    ]);
    let answers = steps.iter().filter(|step| step.kind == StepKind::Act(ActKind::Busy));
    let reasons: Vec<_> = answers.map(|step| (step.other, step.reason)).collect();
    assert_eq!(reasons, [(Some(1), Reason::Opinion), (Some(3), Reason::Capacity)]);
}

#[test]
fn equal_payments_in_other_slots_of_a_round_are_no_difference() {
    let entry =
        |place, amount| Entry { act: Some(place), name: "gift", other: Some(3), amount: Amount::of(amount) };
    let steps = RoundSteps::default();
    let left = only_in_one([vec![entry(0, 3.0), entry(4, 3.0)], vec![entry(7, 3.0), entry(8, 1.0)]], &steps);
    assert_eq!(left, [(1, entry(8, 1.0)), (0, entry(4, 3.0))]);
}
