//! Causes of what happens at mixers.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::context::{Context, by, first};
use super::node::{Cause, Node, Reason, UNKNOWN, latest};
use super::pairing::Stage;
use crate::model::{ActKind, ActRecord, AgentId, EventId};

/// The steps of arrivals: an agent comes or stays away because it lives differently. Who comes decides which event in its
/// town another guest is sent to.
pub(super) fn arrivals(c: &mut Context<'_>, stage: &Stage) {
    let mut others = Vec::new();
    let mut reasons: BTreeMap<u32, Rc<Node>> = BTreeMap::new();
    for (side, place) in each(stage) {
        let act = c.act(side, place);
        match c.behaviour(&[act.actor]) {
            Some(cause) => {
                let node = c.add(side, place, cause);
                act.event.into_iter().for_each(|event| drop(reasons.insert(event.town, Rc::clone(&node))));
            }
            None => others.push((side, place, act.event)),
        }
    }
    for (side, place, event) in others {
        let reason = event.and_then(|event| reasons.get(&event.town));
        c.add(side, place, reason.map_or(UNKNOWN, |node| (Some(Rc::clone(node)), Reason::Guests)));
    }
}

/// The steps of a slot of all mixers: conversations, then turns, then judgements.
pub(super) fn slot(c: &mut Context<'_>, stage: &Stage) {
    let talks = talks(c, stage);
    turns(c, stage, &talks);
    judgements(c, stage);
}

/// All acts that only one world has.
fn each(stage: &Stage) -> impl Iterator<Item = (usize, usize)> + use<'_> {
    stage.only.iter().enumerate().flat_map(|(side, places)| places.iter().map(move |&place| (side, place)))
}

/// Two agents, in either order.
type Pair = (AgentId, AgentId);

fn pair(act: &ActRecord) -> Option<Pair> {
    act.other.map(|other| (act.actor.min(other), act.actor.max(other)))
}

/// The conversations of a slot that one world has alone, by world and pair.
type Talks = [BTreeMap<Pair, Rc<Node>>; 2];

fn talks(c: &mut Context<'_>, stage: &Stage) -> Talks {
    let mut talks = Talks::default();
    let mut others = Vec::new();
    // The first at each event: who talks to whom decides who is left for the others.
    let mut explained: BTreeMap<Option<EventId>, Rc<Node>> = BTreeMap::new();
    for (side, place) in each(stage) {
        let act = c.act(side, place);
        let (ActKind::Talk, Some(pair)) = (act.kind, pair(&act)) else { continue };
        let cause = talk(c, &act, pair);
        if cause.0.is_none() {
            others.push((side, place, pair, act.event));
            continue;
        }
        let node = c.add(side, place, cause);
        explained.entry(act.event).or_insert_with(|| Rc::clone(&node));
        talks[side].insert(pair, node);
    }
    for (side, place, pair, event) in others {
        let node = explained.get(&event).cloned();
        let cause = node.map_or(UNKNOWN, by(Reason::Conversation));
        talks[side].insert(pair, c.add(side, place, cause));
    }
    talks
}

/// Why two guests talk in a slot: others came, their earlier conversations differ, one of them is the focal agent, or they
/// choose by what they know of each other.
fn talk(c: &Context<'_>, act: &ActRecord, (a, b): Pair) -> Cause {
    let arrived = || latest([c.steps.arrivals.get(&a), c.steps.arrivals.get(&b)]);
    let guests = || act.event.and_then(|event| c.steps.guests.get(&event)).cloned();
    let known = || {
        let opinions = [c.state.opinion(a, b), c.state.opinion(b, a)];
        latest(opinions.each_ref().map(Option::as_ref))
    };
    first([
        arrived().or_else(guests).map(by(Reason::Guests)),
        latest([c.steps.talks.get(&a), c.steps.talks.get(&b)]).map(by(Reason::Conversation)),
        c.evening.filter(|_| a == c.focal || b == c.focal).cloned().map(by(Reason::Behaviour)),
        Some(()).filter(|()| c.guests_choose).and_then(|()| known()).map(by(Reason::Opinion)),
    ])
}

/// An act in a conversation: the pair, the place among the pair's acts in the slot, the world, and the position.
type Turn = (Pair, usize, usize, usize);

fn turns(c: &mut Context<'_>, stage: &Stage, talks: &Talks) {
    let mut turns: Vec<Turn> = Vec::new();
    for (side, places) in stage.only.iter().enumerate() {
        let acts = places.iter().map(|&place| (place, c.act(side, place)));
        let acts = acts.filter(|(_, act)| !matches!(act.kind, ActKind::Talk | ActKind::Judge));
        turns.extend(
            acts.filter_map(|(place, act)| Some((pair(&act)?, place_in_talk(c, side, place), side, place))),
        );
    }
    turns.sort_unstable();
    // By world, the latest step of a pair.
    let mut last: [Option<(Pair, usize, Rc<Node>)>; 2] = [None, None];
    for (pair, at, side, place) in turns {
        let before = |(of, then, _): &&(Pair, usize, Rc<Node>)| *of == pair && *then < at;
        let own = last[side].as_ref().filter(before);
        let earlier =
            own.or_else(|| last[1 - side].as_ref().filter(before)).map(|(.., node)| Rc::clone(node));
        let act = c.act(side, place);
        let cause = turn(c, &act, talks[side].get(&pair), earlier);
        last[side] = Some((pair, at, c.add(side, place, cause)));
    }
}

/// How many acts come before this one in the conversation, in its slot.
fn place_in_talk(c: &Context<'_>, side: usize, place: usize) -> usize {
    let acts = c.acts.0[side][..place].iter().rev();
    acts.take_while(|act| act.kind != ActKind::Talk).filter(|act| act.kind != ActKind::Judge).count()
}

/// Why a guest does something in a conversation: they talk in one world only, it is the focal agent, it follows from what
/// was done before in this slot, a need, an opinion or a favour differs, it lives differently, it answers the focal agent, or they
/// talked before.
fn turn(c: &Context<'_>, act: &ActRecord, talk: Option<&Rc<Node>>, earlier: Option<Rc<Node>>) -> Cause {
    let (actor, other) = (act.actor, act.other.unwrap_or(act.actor));
    let helped = if act.kind == ActKind::Push { actor } else { other };
    let need = || c.state.need(helped).or_else(|| c.state.need(if helped == actor { other } else { actor }));
    let opinion = || {
        let known = act.third.and_then(|third| c.state.opinion(actor, third));
        latest([c.state.opinion(actor, other).as_ref(), known.as_ref()])
    };
    first([
        talk.cloned().map(by(Reason::Talk)),
        c.evening.filter(|_| actor == c.focal).cloned().map(by(Reason::Behaviour)),
        earlier.map(by(Reason::Turn)),
        need().map(by(Reason::Need)),
        opinion().map(by(Reason::Opinion)),
        c.state.favour(actor, other).map(by(Reason::Favour)),
        c.behaviour(&[actor, other]),
        c.evening.filter(|_| other == c.focal).cloned().map(by(Reason::Behaviour)),
        latest([c.steps.talks.get(&actor), c.steps.talks.get(&other)]).map(by(Reason::Conversation)),
        Some(())
            .filter(|()| act.kind == ActKind::Refer)
            .and_then(|()| c.state.contacts(actor))
            .map(by(Reason::Contacts)),
    ])
}

/// The steps of judgements: on an act that one world has alone, on the focal agent who acts by another strategy, or by an
/// opinion that differs.
fn judgements(c: &mut Context<'_>, stage: &Stage) {
    let mut judged: [BTreeMap<AgentId, Rc<Node>>; 2] = Default::default();
    for (side, act, node) in &c.steps.stage {
        judged[*side].insert(act.actor, Rc::clone(node));
    }
    for (side, place) in each(stage) {
        let act = c.act(side, place);
        if act.kind != ActKind::Judge {
            continue;
        }
        let about = act.other.unwrap_or(act.actor);
        let theirs = || judged[1 - side].get(&about).cloned();
        let cause = first([
            judged[side].get(&about).cloned().or_else(theirs).map(by(Reason::Judged)),
            c.evening.filter(|_| about == c.focal).cloned().map(by(Reason::Behaviour)),
            c.state.opinion(act.actor, about).map(by(Reason::Opinion)),
            c.behaviour(&[about]),
        ]);
        c.add(side, place, cause);
    }
}
