//! As one would really do it: one life, two events, one strategy at each.

use super::worlds::{Worlds, in_batches};
use super::{CrossoverRecord, Play};
use crate::model::{AgentId, Life, Lockstep, Role, Simulation};

/// The lives of all focal agents. Of those drawn one after another, one begins with `first` and
/// the next with `second`.
pub(super) fn play(
    play: &Play<'_, '_>,
    before: &Simulation<'_>,
    focals: &[AgentId],
) -> Option<Vec<CrossoverRecord>> {
    let orders = [false, true].into_iter().cycle();
    let lives: Vec<(AgentId, bool)> = focals.iter().copied().zip(orders).collect();
    if !Lockstep::serves(play.plan.rules()) {
        let alone = lives.iter().map(|&life| live(play, before, &mut before.clone(), &[life]));
        return Some(alone.collect::<Option<Vec<_>>>()?.concat());
    }
    in_batches(play, &lives, 1, |play, lives| {
        live(play, before, &mut Lockstep::new(before.clone(), lives.len()), lives)
    })
}

/// Focal agents, each with whether `second` came first, in a world each.
fn live(
    play: &Play<'_, '_>,
    before: &Simulation<'_>,
    worlds: &mut impl Worlds,
    lives: &[(AgentId, bool)],
) -> Option<Vec<CrossoverRecord>> {
    let plan = play.plan;
    let gap = plan.rules().scenario.crossover_gap(plan.bet());
    let window = plan.window().expect("the bet is a crossover");
    let mut gained = vec![[0.0; 2]; lives.len()];
    for (event, waits) in [gap - window, 0].into_iter().enumerate() {
        let now = worlds.rounds_done();
        let until = now + plan.bet().campaign.min(gap - 1);
        let mut spans = Vec::with_capacity(lives.len());
        for (i, &(focal, second_came_first)) in lives.iter().enumerate() {
            let manner = plan.sides()[usize::from((event == 1) != second_came_first)];
            let start = own(worlds.life(i, focal), before, focal);
            worlds.cast(i, start.map(|_| Role { agent: focal, summoned: now, manner, until }));
            spans.push((start, start));
        }
        for _ in 0..window {
            play.advance(worlds)?;
            for (i, (&(focal, _), (_, latest))) in lives.iter().zip(&mut spans).enumerate() {
                *latest = own(worlds.life(i, focal), before, focal).or(*latest);
            }
        }
        for (gained, span) in gained.iter_mut().zip(spans) {
            if let (Some(start), Some(latest)) = span {
                gained[event] = plan.rules().net(&latest.payments.since(&start.payments));
            }
        }
        for _ in 0..waits {
            play.advance(worlds)?;
        }
    }
    let records = lives.iter().zip(gained).map(|(&(focal, second_came_first), mut gained)| {
        if second_came_first {
            gained.reverse();
        }
        CrossoverRecord { focal, second_came_first, first: gained[0], second: gained[1] }
    });
    Some(records.collect())
}

/// The life, if it is still that of the focal agent and not of a newcomer in its place.
fn own(life: Life, before: &Simulation<'_>, focal: AgentId) -> Option<Life> {
    (life.born == before.life(focal).born).then_some(life)
}
