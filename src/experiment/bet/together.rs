//! Twins in lockstep: every focal agent's two worlds are variants of the one in which nobody has a
//! role, and only what differs in them is computed.

use super::track::{Track, follow};
use super::twins::{Pair, record, union};
use super::worlds::in_batches;
use super::{Play, TwinRecord};
use crate::model::{AgentId, Lockstep, Role, Simulation};

/// The twins of all focal agents, from the world at the start of the event's round.
pub(super) fn play(
    play: &Play<'_, '_>,
    before: &Simulation<'_>,
    focals: &[AgentId],
) -> Option<Vec<TwinRecord>> {
    in_batches(play, focals, 2, |play, focals| play_batch(play, before, focals))
}

fn play_batch(play: &Play<'_, '_>, before: &Simulation<'_>, focals: &[AgentId]) -> Option<Vec<TwinRecord>> {
    let plan = play.plan;
    let roles: Vec<_> =
        focals.iter().flat_map(|&focal| plan.sides().map(|manner| plan.role(focal, manner))).collect();
    let mut worlds = Lockstep::with_roles(before.clone(), &roles);
    play.advance(&mut worlds)?;
    let partners = |k: usize| union(worlds.partners(2 * k), worlds.partners(2 * k + 1));
    let partners: Vec<Vec<AgentId>> = (0..focals.len()).map(partners).collect();
    let track = |(i, role): (usize, &Role)| Track::new(role.agent, &partners[i / 2], before, &worlds, i);
    let mut tracks: Vec<Track> = roles.iter().enumerate().map(track).collect();
    follow(play, &mut worlds, &mut tracks)?;
    let mut paid = tracks.into_iter().map(|track| Some(track.paid));
    let mut next = || paid.next().expect("a track per role");
    let pairs = focals.iter().zip(partners).map(|(&focal, partners)| {
        play.focal_done();
        record(plan, Pair { focal, partners, paid: [next(), next()] })
    });
    Some(pairs.collect())
}
