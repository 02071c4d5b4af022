//! The acts of the phase, for those who ask for them.

use super::call::{Call, CallOutcome, Judgement, Searches};
use super::messages::CallersOpinions;
use crate::model::act::{ActKind, ActRecord};
use crate::model::judge::learn;
use crate::model::population::World;
use crate::model::record::Channel;

/// The acts of the phase, in the order of the callers: the links of a chain, the call, and its outcome.
pub(super) fn observe(
    world: &World<'_>,
    round: u32,
    searches: &Searches,
    outcomes: &[CallOutcome],
) -> Vec<ActRecord> {
    let mut acts = Vec::new();
    let mut calls = searches.calls.iter().zip(outcomes).peekable();
    let mut chains = searches.payers.chunk_by(|a, b| a.1 == b.1).peekable();
    loop {
        let next = [calls.peek().map(|(call, _)| call.caller), chains.peek().map(|chain| chain[0].1)];
        let Some(caller) = next.into_iter().flatten().min() else { return acts };
        let call = calls.next_if(|(call, _)| call.caller == caller);
        let expert = call.map(|(call, _)| call.expert);
        if let Some(chain) = chains.next_if(|chain| chain[0].1 == caller) {
            let after = chain[1..].iter().map(|(link, _)| Some(*link)).chain([expert]);
            for (&(link, _), third) in chain.iter().zip(after) {
                let act = ActRecord::new(round, ActKind::Refer, link).toward(caller).of_search(caller);
                acts.push(ActRecord { third, ..act });
            }
        }
        call.into_iter().for_each(|(call, outcome)| observe_call(world, round, call, *outcome, &mut acts));
    }
}

/// A call and its outcome.
fn observe_call(world: &World<'_>, round: u32, call: &Call, outcome: CallOutcome, acts: &mut Vec<ActRecord>) {
    let (caller, expert) = (call.caller, call.expert);
    let act = |kind, actor, other| ActRecord::new(round, kind, actor).toward(other).of_search(caller);
    let third = call.chain.links().last().copied();
    acts.push(ActRecord { third, ..act(ActKind::Call, caller, expert) });
    match outcome {
        CallOutcome::Busy => acts.push(act(ActKind::Busy, expert, caller)),
        CallOutcome::Refused => acts.push(act(ActKind::Refuse, expert, caller)),
        CallOutcome::Taken => {
            let (prices, size) =
                (&world.rules.prices, world.needs.size(caller, world.expertise[expert as usize]));
            let paying = |act: ActRecord, channel| act.paying(prices, channel, size);
            acts.push(paying(act(ActKind::Assist, expert, caller), Channel::Call));
            acts.push(paying(act(ActKind::Fee, caller, expert), Channel::Pull));
            let links = call.chain.links().iter();
            acts.extend(links.map(|&link| paying(act(ActKind::Finder, caller, link), Channel::Finder)));
        }
    }
}

/// The judgements of the callers that change an opinion, in the order of the callers, before they are applied.
pub(super) fn observe_judgements(
    world: &World<'_>,
    round: u32,
    calls: &[Call],
    judgements: &[Vec<Judgement>],
) -> Vec<ActRecord> {
    let mut acts = Vec::new();
    let mut judge = |caller, actor, opinion: [f32; 2]| {
        if opinion[0] != opinion[1] {
            let act = ActRecord::new(round, ActKind::Judge, caller).toward(actor).of_search(caller);
            acts.push(act.moving(opinion));
        }
    };
    if world.rules.public {
        let standings = world.standings.clone();
        for (call, judgements) in calls.iter().zip(judgements) {
            for &(actor, verdict) in judgements {
                let before = standings.get(actor);
                let after = learn(before, verdict, world.rules.learning);
                standings.set(actor, after);
                judge(call.caller, actor, [before, after]);
            }
        }
        return acts;
    }
    let opinions = CallersOpinions::new(world);
    for (call, judgements) in calls.iter().zip(judgements) {
        let mut ties = world.ties.copy_of(&[call.caller]);
        let mut row = ties.rows(0..1);
        opinions
            .change(call, judgements, &mut row.row(0), |actor, opinion| judge(call.caller, actor, opinion));
    }
    acts
}
