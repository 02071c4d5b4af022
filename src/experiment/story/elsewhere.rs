//! Causes of what happens in the other phases: needs, gossip, failures and imitation.

use super::context::{Context, by, first};
use super::node::{Cause, Reason, latest};
use super::pairing::Stage;
use crate::model::{ActKind, ActRecord};

/// The steps of a phase in which each agent acts by itself.
pub(super) fn elsewhere(c: &mut Context<'_>, stage: &Stage) {
    for (side, places) in stage.only.iter().enumerate() {
        for &place in places {
            let act = c.act(side, place);
            let cause = match act.kind {
                ActKind::Gossip => gossip(c, &act),
                ActKind::Lapse | ActKind::Need => {
                    first([c.state.need(act.actor).map(by(Reason::Need)), c.behaviour(&[act.actor])])
                }
                // Failure, imitation, and newcomers after a failure.
                _ => first([
                    c.state.life(act.actor).map(by(Reason::Life)),
                    c.state.account(act.actor).map(by(Reason::Account)),
                ]),
            };
            c.add(side, place, cause);
        }
    }
}

/// Why an agent tells another something: what it or the listener thinks differs, or whom it knows.
fn gossip(c: &Context<'_>, act: &ActRecord) -> Cause {
    let speaker = act.actor;
    let pairs =
        [act.other.map(|listener| (speaker, listener)), act.other.map(|listener| (listener, speaker))];
    let about = act.third.map(|third| (speaker, third));
    let opinions = pairs.into_iter().chain([about]).flatten();
    let found: Vec<_> = opinions.filter_map(|(of, about)| c.state.opinion(of, about)).collect();
    first([
        latest(found.iter().map(Some)).map(by(Reason::Opinion)),
        c.behaviour(&[speaker]),
        c.state.contacts(speaker).map(by(Reason::Contacts)),
    ])
}
