//! Phase 4: gossip (private reputation only).

use super::messages::deliver;
use super::population::World;
use super::precision::single;
use super::ties::{ANYWHERE, AgentId, TiesMut};
use crate::draws::{Purpose, below, bernoulli};
use crate::parallel::Parallelism;

/// Words that decide what one agent tells.
const WORDS: u32 = 3;

/// What one agent tells another: whom it is about, and the teller's trust in them.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Gossip {
    teller: AgentId,
    listener: AgentId,
    about: AgentId,
    trust: f32,
    /// Whether the listener is willing to hear it.
    heard: bool,
}

/// What a listener hears: whom it is about, and the teller's trust in them.
type Heard = (AgentId, f32);

impl Gossip {
    /// To whom it goes, and what it says.
    fn message(&self) -> (AgentId, Heard) {
        (self.listener, (self.about, self.trust))
    }
}

/// With chance `gossip`, a tells a random tie b with trust > 0 about another random tie c of its
/// own, c not b. If b's opinion of a is > 0, b's trust in c moves by `gossip_weight` times
/// (a's trust less b's trust); without a tie b starts from the prior and gets one. What is told, and whether
/// the listener is willing, is as it stood when the phase began; each listener applies the
/// gossip in the order of the tellers' ids.
pub(super) fn spread_gossip(world: &mut World<'_>, round: u32, par: Parallelism<'_>) {
    if world.rules.public {
        return;
    }
    let gossip = par.map(world.parts(), |part| tell_part(world, round, part));
    let heard = |part: Vec<Gossip>| part.iter().filter(|t| t.heard).map(Gossip::message).collect();
    let messages = par.map(gossip, heard);
    let listen = listen(world);
    deliver(world, messages, par, |mut receiver, told| listen(&mut receiver.ties, told));
}

/// The gossip of a part of the population, in the order of the tellers.
fn tell_part(world: &World<'_>, round: u32, part: std::ops::Range<AgentId>) -> Vec<Gossip> {
    let mut words = world.random_key.agents(round, Purpose::Gossip, part.start, WORDS);
    let pick = |teller| pick(world, teller, [words.word(), words.word(), words.word()]);
    let picks: Vec<Pick> = part.filter_map(pick).collect();
    // Looked up, and asked, for all of them at once: so many reads from all over a town go on side by side.
    let mut gossip: Vec<Gossip> = picks.iter().map(|pick| pick.telling(world)).collect();
    for telling in &mut gossip {
        telling.heard = listens(world, telling.listener, telling.teller);
    }
    gossip
}

/// Which of its ties an agent talks to, and about which, by their positions in its row.
#[derive(Clone, Copy, Debug)]
struct Pick {
    teller: AgentId,
    listener: usize,
    about: usize,
    trust: f32,
}

impl Pick {
    /// Who these are; whether the listener hears it is to be asked.
    #[inline]
    fn telling(&self, world: &World<'_>) -> Gossip {
        let contacts = world.ties.of(self.teller).contacts;
        let (listener, about) = (contacts[self.listener], contacts[self.about]);
        Gossip { teller: self.teller, listener, about, trust: self.trust, heard: false }
    }
}

/// Which of its ties an agent talks to, and about which, if it talks at all.
#[inline]
fn pick(world: &World<'_>, teller: AgentId, [talks, to_whom, about_whom]: [u32; 3]) -> Option<Pick> {
    let agent = &world.agents[teller as usize];
    let traits = &world.rules.scenario.strategies[usize::from(agent.strategy)];
    if !agent.is_active() || !bernoulli(talks, traits.gossip) {
        return None;
    }
    let ties = world.ties.of(teller);
    if ties.len() < 2 {
        return None;
    }
    let n = |count: usize| u32::try_from(count).expect("ties are counted in 16 bits");
    // Counted without a branch, then looked for.
    let trusted = ties.trust.iter().map(|&trust| usize::from(trust > 0.0)).sum();
    let chosen = below(to_whom, n(trusted)) as usize;
    let places = ties.trust.iter().enumerate().filter(|&(_, &trust)| trust > 0.0);
    let listener = places.map(|(place, _)| place).nth(chosen)?;
    // Any tie but the listener's.
    let pick = below(about_whom, n(ties.len() - 1)) as usize;
    let about = if pick >= listener { pick + 1 } else { pick };
    Some(Pick { teller, listener, about, trust: world.decay().read(ties.trust[about]) })
}

/// Whether an agent is willing to hear what another tells.
fn listens(world: &World<'_>, listener: AgentId, teller: AgentId) -> bool {
    world.opinions().stored(world.ties.of(listener), teller) > 0.0
}

/// What a telling does to its listener.
fn listen(world: &World<'_>) -> impl Fn(&mut TiesMut<'_>, Heard) + use<> {
    let (prior, decay) = (world.thresholds.prior, *world.decay());
    let weight = single(world.rules.scenario.reputation.gossip_weight);
    move |ties, (about, told)| {
        let heard = |trust: f32| (trust + weight * (told - trust)).clamp(-1.0, 1.0);
        ties.change((about, ANYWHERE), prior, &decay, heard);
    }
}
