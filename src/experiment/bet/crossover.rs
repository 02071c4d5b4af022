//! As one would really do it: one life, two events, one strategy at each.

use super::{CrossoverRecord, Play};
use crate::model::{AgentId, Life, Role, Simulation};

/// The lives of all focal agents. Of those drawn one after another, one begins with `first` and
/// the next with `second`.
pub(super) fn play(
    play: &Play<'_, '_>,
    before: &Simulation<'_>,
    focals: &[AgentId],
) -> Option<Vec<CrossoverRecord>> {
    let orders = [false, true].into_iter().cycle();
    focals.iter().zip(orders).map(|(&focal, second_first)| live(play, before, focal, second_first)).collect()
}

fn live(
    play: &Play<'_, '_>,
    before: &Simulation<'_>,
    focal: AgentId,
    second_came_first: bool,
) -> Option<CrossoverRecord> {
    let plan = play.plan;
    let gap = plan.rules().scenario.crossover_gap(plan.bet());
    let window = plan.window().expect("the bet is a crossover");
    let mut manners = plan.sides();
    if second_came_first {
        manners.reverse();
    }
    let mut world = before.clone();
    let born = before.life(focal).born;
    let mut gained = [0.0; 2];
    for ((manner, gained), waits) in manners.into_iter().zip(&mut gained).zip([gap - window, 0]) {
        let now = world.rounds_done();
        let start = own(world.life(focal), born);
        let until = now + plan.bet().campaign.min(gap - 1);
        world.cast(start.map(|_| Role { agent: focal, summoned: now, manner, until }));
        let mut latest = start;
        for _ in 0..window {
            play.advance(&mut world)?;
            latest = own(world.life(focal), born).or(latest);
        }
        if let (Some(start), Some(latest)) = (start, latest) {
            *gained = plan.rules().net(&latest.payments.since(&start.payments));
        }
        for _ in 0..waits {
            play.advance(&mut world)?;
        }
    }
    if second_came_first {
        gained.reverse();
    }
    Some(CrossoverRecord { focal, second_came_first, first: gained[0], second: gained[1] })
}

/// The life, if it is still that of the focal agent and not of a newcomer in its place.
fn own(life: Life, born: u32) -> Option<Life> {
    (life.born == born).then_some(life)
}
