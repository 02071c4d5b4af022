//! Phase 4: gossip (private reputation only).

use super::mail::deliver;
use super::opinion::Regard;
use super::population::World;
use super::rules::single;
use super::ties::AgentId;
use crate::draws::{Purpose, below, chance};
use crate::parallel::Team;

/// What a listener hears: whom it is about, and the teller's trust in them.
type Telling = (AgentId, f32);

/// With chance `gossip`, a tells a random tie b with trust > 0 about another random tie c of its
/// own, c not b. If b's opinion of a is > 0, b's trust in c moves by `gossip_weight` times
/// (a's trust less b's trust); without a tie b starts from the prior and gets one. What is told, and whether
/// the listener is willing, is as it stood when the phase began; each listener applies the
/// tellings in the order of the tellers' ids.
pub(super) fn spread_gossip(world: &mut World<'_>, round: u32, team: Team<'_>) {
    if world.rules.public {
        return;
    }
    let tellings: Vec<(AgentId, Telling)> =
        team.map(world.parts(), |part| tell(world, round, part)).into_iter().flatten().collect();
    let (prior, fading) = (world.rules.prior, world.fading(round));
    let weight = single(world.rules.scenario.reputation.gossip_weight);
    deliver(&mut world.agents, &mut world.ties, tellings, team, |_, ties, (about, told)| {
        ties.change(about, prior, fading, |trust| (trust + weight * (told - trust)).clamp(-1.0, 1.0));
    });
}

/// The tellings of a part of the population, by listener, in the order of the tellers.
fn tell(world: &World<'_>, round: u32, part: std::ops::Range<AgentId>) -> Vec<(AgentId, Telling)> {
    let (rules, fading) = (world.rules, world.fading(round));
    let regard = Regard::new(rules, fading, &world.standings);
    let mut words = world.luck.agents(round, Purpose::Gossip, part.start, 3);
    let mut tellings = Vec::new();
    for teller in part {
        let [talks, to_whom, about_whom] = [words.word(), words.word(), words.word()];
        let agent = &world.agents[teller as usize];
        let traits = &rules.scenario.strategies[usize::from(agent.strategy)];
        let ties = world.ties.of(teller);
        if !agent.is_active() || ties.len() < 2 || !chance(talks, traits.gossip) {
            continue;
        }
        let n = |count: usize| u32::try_from(count).expect("ties are counted in 16 bits");
        let n_trusted = n(ties.trusted(fading).count());
        let Some(position) = ties.trusted(fading).nth(below(to_whom, n_trusted) as usize) else { continue };
        let listener = ties.contacts()[position];
        // Any tie but the listener's.
        let pick = below(about_whom, n(ties.len() - 1)) as usize;
        let about = if pick >= position { pick + 1 } else { pick };
        let telling = (ties.contacts()[about], ties.trust_at(about, fading));
        if regard.opinion(world.ties.of(listener), teller) > 0.0 {
            tellings.push((listener, telling));
        }
    }
    tellings
}
