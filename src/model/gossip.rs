//! Phase 4: gossip (private reputation only).

use super::act::{ActKind, ActRecord};
use super::messages::deliver;
use super::population::World;
use super::precision::single;
use super::ties::{ANYWHERE, AgentId, TiesMut};
use crate::draws::{Purpose, below, happens};
use crate::parallel::Parallelism;

/// Random words per agent.
const WORDS: u32 = 3;

/// The third agent, and the speaker's trust in it.
type Report = (AgentId, f32);

/// With chance `gossip` an agent a talks to a random contact b, among those with trust > 0, about a random contact
/// c other than b. If b's opinion of a is > 0, b's trust in c moves by `gossip_weight` times (a's trust less b's
/// trust). Without a tie to c, b starts from the prior and gets one. What is reported and accepted depends on the
/// state at the start of the phase. Each listener applies gossip in the order of the speakers.
pub(super) fn spread_gossip(
    world: &mut World<'_>,
    round: u32,
    acts: Option<&mut Vec<ActRecord>>,
    par: Parallelism<'_>,
) {
    if world.rules.public {
        return;
    }
    let apply = apply_gossip(world);
    let Some(acts) = acts else {
        let message = |gossip: Gossip| (gossip.listener, gossip.report);
        let messages = par.map(world.parts(), |part| gossip_of_part(world, round, part, message));
        return deliver(world, messages, par, |mut receiver, report| {
            apply(&mut receiver.ties, report);
        });
    };
    let accepted = par.map(world.parts(), |part| gossip_of_part(world, round, part, |gossip| gossip));
    for Gossip { speaker, listener, report } in accepted.into_iter().flatten() {
        let opinion = apply(&mut world.ties.of_mut(listener), report);
        let act = ActRecord::new(round, ActKind::Gossip, speaker).toward(listener).moving(opinion);
        acts.push(ActRecord { third: Some(report.0), ..act });
    }
}

/// Gossip that the listener accepts.
#[derive(Clone, Copy, Debug)]
struct Gossip {
    speaker: AgentId,
    listener: AgentId,
    report: Report,
}

/// The gossip of a part of the population that listeners accept, in the order of the speakers, each in the shape that
/// `made` gives it.
fn gossip_of_part<T>(
    world: &World<'_>,
    round: u32,
    part: std::ops::Range<AgentId>,
    made: impl Fn(Gossip) -> T,
) -> Vec<T> {
    let mut words = world.random_key.agents(round, Purpose::Gossip, part.start, WORDS);
    let pick = |speaker| pick(world, speaker, [words.word(), words.word(), words.word()]);
    let picks: Vec<Pick> = part.filter_map(pick).collect();
    // In separate loops, so that reads of scattered memory overlap.
    let contacts = |pick: &Pick| {
        let contacts = world.ties.of(pick.speaker).contacts;
        (contacts[pick.listener], contacts[pick.about])
    };
    let contacts: Vec<(AgentId, AgentId)> = picks.iter().map(contacts).collect();
    let accepted = picks.iter().zip(contacts).filter(|(pick, (listener, _))| {
        let opinion = world.opinions().stored(world.ties.of(*listener), pick.speaker);
        opinion > 0.0
    });
    let gossip = |(pick, (listener, about)): (&Pick, _)| Gossip {
        speaker: pick.speaker,
        listener,
        report: (about, pick.trust),
    };
    accepted.map(gossip).map(made).collect()
}

/// The listener and the third agent that a speaker picks, as positions in its row of ties.
#[derive(Clone, Copy, Debug)]
struct Pick {
    speaker: AgentId,
    listener: usize,
    about: usize,
    /// The speaker's trust in the third agent.
    trust: f32,
}

/// The pick of an agent; `None` if it does not gossip.
#[inline]
fn pick(world: &World<'_>, speaker: AgentId, [talks, to_whom, about_whom]: [u32; 3]) -> Option<Pick> {
    let agent = &world.agents[speaker as usize];
    if !agent.is_active() || !happens(talks, world.behaviour(speaker).gossip) {
        return None;
    }
    let ties = world.ties.of(speaker);
    if ties.len() < 2 {
        return None;
    }
    let listener = nth_trusted(ties.trust, below(to_whom, n_trusted(ties.trust)))?;
    // Any tie but the listener's.
    let others = u32::try_from(ties.len() - 1).expect("ties are counted in 16 bits");
    let pick = below(about_whom, others) as usize;
    let about = if pick >= listener { pick + 1 } else { pick };
    Some(Pick { speaker, listener, about, trust: world.decay().read(ties.trust[about]) })
}

/// Number of ties with trust above 0. It is counted without branches, so that the compiler vectorises this.
#[inline]
fn n_trusted(trust: &[f32]) -> u32 {
    trust.iter().map(|&trust| u32::from(trust > 0.0)).sum()
}

/// Position of the tie with trust above 0 before which there are `n` of these.
#[inline]
fn nth_trusted(trust: &[f32], mut n: u32) -> Option<usize> {
    /// Ties that are passed over at once.
    const BLOCK: usize = 16;
    let mut first = 0;
    for block in trust.chunks(BLOCK) {
        let here = n_trusted(block);
        if n < here {
            let places = block.iter().enumerate().filter(|(_, trust)| **trust > 0.0);
            return places.map(|(place, _)| first + place).nth(n as usize);
        }
        n -= here;
        first += BLOCK;
    }
    None
}

/// A function that applies a report to the ties of its listener. It returns the listener's opinion of the third agent
/// before and after.
fn apply_gossip(world: &World<'_>) -> impl Fn(&mut TiesMut<'_>, Report) -> [f32; 2] + use<> {
    let (prior, decay) = (world.thresholds.prior, *world.decay());
    let weight = single(world.rules.scenario.reputation.gossip_weight);
    move |ties, (about, reported)| {
        let mut opinion = [0.0; 2];
        ties.change((about, ANYWHERE), prior, &decay, |trust| {
            opinion = [trust, (trust + weight * (reported - trust)).clamp(-1.0, 1.0)];
            opinion[1]
        });
        opinion
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nth_trusted_contact_is_found_in_rows_of_any_length() {
        for n in 0_u16..60 {
            let row: Vec<f32> = (0..n).map(|k| f32::from(k * 29 % 7) - 3.0).collect();
            let places: Vec<usize> = (0..row.len()).filter(|place| row[*place] > 0.0).collect();
            assert_eq!(n_trusted(&row) as usize, places.len());
            for (k, place) in (0..).zip(&places) {
                assert_eq!(nth_trusted(&row, k), Some(*place), "{k} of {n}");
            }
            assert_eq!(nth_trusted(&row, n_trusted(&row)), None);
        }
    }
}
