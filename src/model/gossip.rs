//! Phase 4: gossip (private reputation only).

use super::messages::deliver;
use super::population::World;
use super::precision::single;
use super::ties::{ANYWHERE, AgentId, TiesMut};
use crate::draws::{Purpose, below, bernoulli};
use crate::parallel::Parallelism;

/// Random words per agent.
const WORDS: u32 = 3;

/// Gossip of a speaker to a listener about a third agent.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Gossip {
    speaker: AgentId,
    listener: AgentId,
    about: AgentId,
    /// The speaker's trust in the third agent.
    trust: f32,
    /// Whether the listener accepts it.
    accepted: bool,
}

/// The third agent, and the speaker's trust in it.
type Report = (AgentId, f32);

impl Gossip {
    /// The message to the listener.
    fn message(&self) -> (AgentId, Report) {
        (self.listener, (self.about, self.trust))
    }
}

/// With chance `gossip` an agent a talks to a random contact b, among those with trust > 0, about a random contact
/// c other than b. If b's opinion of a is > 0, b's trust in c moves by `gossip_weight` times (a's trust less b's
/// trust). Without a tie to c, b starts from the prior and gets one. What is reported and accepted depends on the
/// state at the start of the phase. Each listener applies gossip in the order of the speakers.
pub(super) fn spread_gossip(world: &mut World<'_>, round: u32, par: Parallelism<'_>) {
    if world.rules.public {
        return;
    }
    let gossip = par.map(world.parts(), |part| gossip_of_part(world, round, part));
    let accepted = |part: Vec<Gossip>| part.iter().filter(|g| g.accepted).map(Gossip::message).collect();
    let messages = par.map(gossip, accepted);
    let apply = apply_gossip(world);
    deliver(world, messages, par, |mut receiver, report| apply(&mut receiver.ties, report));
}

/// The gossip of a part of the population, in the order of the speakers.
fn gossip_of_part(world: &World<'_>, round: u32, part: std::ops::Range<AgentId>) -> Vec<Gossip> {
    let mut words = world.random_key.agents(round, Purpose::Gossip, part.start, WORDS);
    let pick = |speaker| pick(world, speaker, [words.word(), words.word(), words.word()]);
    let picks: Vec<Pick> = part.filter_map(pick).collect();
    // In separate loops, so that reads of scattered memory overlap.
    let mut gossip: Vec<Gossip> = picks.iter().map(|pick| pick.gossip(world)).collect();
    for gossip in &mut gossip {
        gossip.accepted = is_willing(world, gossip.listener, gossip.speaker);
    }
    gossip
}

/// The listener and the third agent that a speaker picks, as positions in its row of ties.
#[derive(Clone, Copy, Debug)]
struct Pick {
    speaker: AgentId,
    listener: usize,
    about: usize,
    trust: f32,
}

impl Pick {
    /// The gossip of this pick; whether it is accepted is decided later.
    #[inline]
    fn gossip(&self, world: &World<'_>) -> Gossip {
        let contacts = world.ties.of(self.speaker).contacts;
        let (listener, about) = (contacts[self.listener], contacts[self.about]);
        Gossip { speaker: self.speaker, listener, about, trust: self.trust, accepted: false }
    }
}

/// The pick of an agent; `None` if it does not gossip.
#[inline]
fn pick(world: &World<'_>, speaker: AgentId, [talks, to_whom, about_whom]: [u32; 3]) -> Option<Pick> {
    let agent = &world.agents[speaker as usize];
    let traits = &world.rules.scenario.strategies[usize::from(agent.strategy)];
    if !agent.is_active() || !bernoulli(talks, traits.gossip) {
        return None;
    }
    let ties = world.ties.of(speaker);
    if ties.len() < 2 {
        return None;
    }
    let n = |count: usize| u32::try_from(count).expect("ties are counted in 16 bits");
    // Counted without a branch, then searched.
    let trusted = ties.trust.iter().map(|&trust| usize::from(trust > 0.0)).sum();
    let chosen = below(to_whom, n(trusted)) as usize;
    let places = ties.trust.iter().enumerate().filter(|&(_, &trust)| trust > 0.0);
    let listener = places.map(|(place, _)| place).nth(chosen)?;
    // Any tie but the listener's.
    let pick = below(about_whom, n(ties.len() - 1)) as usize;
    let about = if pick >= listener { pick + 1 } else { pick };
    Some(Pick { speaker, listener, about, trust: world.decay().read(ties.trust[about]) })
}

/// Whether a listener accepts gossip of a speaker.
fn is_willing(world: &World<'_>, listener: AgentId, speaker: AgentId) -> bool {
    world.opinions().stored(world.ties.of(listener), speaker) > 0.0
}

/// A function that applies a report to the ties of its listener.
fn apply_gossip(world: &World<'_>) -> impl Fn(&mut TiesMut<'_>, Report) + use<> {
    let (prior, decay) = (world.thresholds.prior, *world.decay());
    let weight = single(world.rules.scenario.reputation.gossip_weight);
    move |ties, (about, reported)| {
        let moved = |trust: f32| (trust + weight * (reported - trust)).clamp(-1.0, 1.0);
        ties.change((about, ANYWHERE), prior, &decay, moved);
    }
}
