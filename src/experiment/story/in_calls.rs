//! Causes of what happens in the phase of calls.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::context::{Context, by, first};
use super::node::{Cause, Node, Reason, UNKNOWN, latest};
use super::pairing::Stage;
use crate::model::{ActKind, ActRecord, AgentId};

/// What searches have in common over both worlds.
#[derive(Default)]
struct Searches {
    /// Whom a caller asks or calls in one of the worlds only.
    named: BTreeMap<AgentId, Vec<AgentId>>,
    /// By world, the latest step of a caller's search.
    latest: [BTreeMap<AgentId, Rc<Node>>; 2],
    /// By world and caller, the call that this world has alone.
    calls: [BTreeMap<AgentId, Rc<Node>>; 2],
    /// All who call an expert, in either world.
    callers: BTreeMap<AgentId, Vec<AgentId>>,
    /// The first call of an expert that one world has alone.
    of_experts: BTreeMap<AgentId, (AgentId, Rc<Node>)>,
    /// By world and caller, the answer that this world has alone.
    answers: [BTreeMap<AgentId, Rc<Node>>; 2],
}

/// The steps of the phase: searches, answers, fees, judgements.
pub(super) fn calls(c: &mut Context<'_>, stage: &Stage) {
    let mut searches = Searches::default();
    for (_, act) in each(c, stage) {
        if matches!(act.kind, ActKind::Refer | ActKind::Call) {
            let named = searches.named.entry(act.caller.unwrap_or(act.actor)).or_default();
            named.extend([Some(act.actor), act.other, act.third].into_iter().flatten());
        }
    }
    searches.callers = callers(c, stage);
    let called = callees(c, stage);
    for ((side, place), act) in each(c, stage) {
        let caller = act.caller.unwrap_or(act.actor);
        match act.kind {
            ActKind::Refer => {
                let cause = search(c, &searches, side, &act);
                searches.latest[side].insert(caller, c.add(side, place, cause));
            }
            ActKind::Call => {
                let cause = search(c, &searches, side, &act);
                let node = c.add_call(side, place, cause, called[1 - side].get(&caller).copied());
                if let Some(expert) = act.other {
                    searches.of_experts.entry(expert).or_insert_with(|| (caller, Rc::clone(&node)));
                }
                searches.calls[side].insert(caller, node);
            }
            _ => {}
        }
    }
    for ((side, place), act) in each(c, stage) {
        if matches!(act.kind, ActKind::Assist | ActKind::Refuse | ActKind::Busy) {
            let cause = answer(c, &searches, side, &act);
            searches.answers[side].insert(act.caller.unwrap_or(act.actor), c.add(side, place, cause));
        }
    }
    for ((side, place), act) in each(c, stage) {
        match act.kind {
            ActKind::Fee | ActKind::Finder => {
                let cause = payment(&searches, side, &act);
                c.add(side, place, cause);
            }
            ActKind::Judge => {
                let cause = judgement(c, &searches, side, &act);
                c.add(side, place, cause);
            }
            _ => {}
        }
    }
}

/// All acts that only one world has, with their world and position.
fn each(c: &Context<'_>, stage: &Stage) -> Vec<((usize, usize), ActRecord)> {
    let sides = stage.only.iter().enumerate();
    sides
        .flat_map(|(side, places)| places.iter().map(move |&place| ((side, place), c.act(side, place))))
        .collect()
}

/// The callers of each expert, in either world.
fn callers(c: &Context<'_>, stage: &Stage) -> BTreeMap<AgentId, Vec<AgentId>> {
    let mut callers: BTreeMap<AgentId, Vec<AgentId>> = BTreeMap::new();
    let shared = stage.both.iter().map(|&[place, _]| c.act(0, place));
    let calls = shared.chain(each(c, stage).into_iter().map(|(_, act)| act));
    for call in calls.filter(|act| act.kind == ActKind::Call) {
        call.other.into_iter().for_each(|expert| callers.entry(expert).or_default().push(call.actor));
    }
    callers
}

/// By world, whom each caller calls, among the calls that one world has alone.
fn callees(c: &Context<'_>, stage: &Stage) -> [BTreeMap<AgentId, AgentId>; 2] {
    let mut called: [BTreeMap<AgentId, AgentId>; 2] = Default::default();
    for ((side, _), act) in each(c, stage) {
        if let (ActKind::Call, Some(expert)) = (act.kind, act.other) {
            called[side].insert(act.actor, expert);
        }
    }
    called
}

/// Why a caller asks or calls somebody: its need differs, it was referred at a mixer, a link named or passed on, the caller
/// or a link thinks differently of somebody, one of them lives differently, or knows others.
fn search(c: &Context<'_>, searches: &Searches, side: usize, act: &ActRecord) -> Cause {
    let caller = act.caller.unwrap_or(act.actor);
    let named = searches.named.get(&caller).map_or(&[][..], Vec::as_slice);
    let opinion = || {
        let pairs = named.iter().flat_map(|&about| [(caller, about), (act.actor, about), (about, act.actor)]);
        let found: Vec<_> = pairs.filter_map(|(of, about)| c.state.opinion(of, about)).collect();
        latest(found.iter().map(Some))
    };
    first([
        c.state.need(caller).map(by(Reason::Need)),
        c.steps.referred.get(&caller).cloned().map(by(Reason::Referral)),
        searches.latest[side].get(&caller).cloned().map(by(Reason::Referral)),
        opinion().map(by(Reason::Opinion)),
        c.behaviour(&[act.actor, caller]),
        c.state.contacts(act.actor).or_else(|| c.state.contacts(caller)).map(by(Reason::Contacts)),
    ])
}

/// Why an expert answers in this way: it was called in this world only, it thinks differently of the caller or owes it a
/// favour in one world only, others call
/// it, it thinks differently of others who call it, or it lives differently.
fn answer(c: &Context<'_>, searches: &Searches, side: usize, act: &ActRecord) -> Cause {
    let (expert, caller) = (act.actor, act.caller.or(act.other).unwrap_or(act.actor));
    let others = searches.of_experts.get(&expert).filter(|(other, _)| *other != caller);
    // The expert takes those first of whom it thinks best.
    let ahead = || {
        let callers = searches.callers.get(&expert).into_iter().flatten();
        let found: Vec<_> = callers.filter_map(|&other| c.state.opinion(expert, other)).collect();
        latest(found.iter().map(Some))
    };
    first([
        searches.calls[side].get(&caller).cloned().map(by(Reason::Call)),
        c.state.opinion(expert, caller).map(by(Reason::Opinion)),
        c.state.favour(expert, caller).map(by(Reason::Favour)),
        others.map(|(_, node)| (Some(Rc::clone(node)), Reason::Capacity)),
        ahead().map(by(Reason::Capacity)),
        c.behaviour(&[expert]),
    ])
}

/// A fee follows from the answer; a finder's fee also from who named the expert.
fn payment(searches: &Searches, side: usize, act: &ActRecord) -> Cause {
    let caller = act.caller.unwrap_or(act.actor);
    let answered = searches.answers[side].get(&caller).cloned().map(by(Reason::Call));
    let found = searches.latest[side].get(&caller).cloned().map(by(Reason::Referral));
    answered.or(found).unwrap_or(UNKNOWN)
}

/// A judgement follows from the answer, from who named the expert, or from what the caller thought before.
fn judgement(c: &Context<'_>, searches: &Searches, side: usize, act: &ActRecord) -> Cause {
    let caller = act.caller.unwrap_or(act.actor);
    let about = act.other.unwrap_or(act.actor);
    let of = |steps: &[BTreeMap<AgentId, Rc<Node>>; 2]| steps[side].get(&caller).cloned();
    first([
        of(&searches.answers).or_else(|| of(&searches.latest)).map(by(Reason::Judged)),
        searches.answers[1 - side].get(&caller).cloned().map(by(Reason::Judged)),
        c.state.opinion(caller, about).map(by(Reason::Opinion)),
        c.behaviour(&[about]),
    ])
}
