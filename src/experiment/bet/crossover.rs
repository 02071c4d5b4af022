//! As one would really do it: one life, two events, one strategy at each.

use super::play::Play;
use super::record::CrossoverRecord;
use crate::amount::Amount;
use crate::model::{AgentId, Intervention, Life, Simulation};

/// The lives of all focal agents. Of those drawn one after another, one begins with `first` and
/// the next with `second`.
pub(super) fn play(
    play: &Play<'_, '_>,
    before: &Simulation<'_>,
    focals: &[AgentId],
) -> Option<Vec<CrossoverRecord>> {
    let orders = [false, true].into_iter().cycle();
    let lives: Vec<(AgentId, bool)> = focals.iter().copied().zip(orders).collect();
    play.each(lives, |play, (focal, second_came_first)| live(play, before, focal, second_came_first))
}

/// One life in a copy of the world.
fn live(
    play: &Play<'_, '_>,
    before: &Simulation<'_>,
    focal: AgentId,
    second_came_first: bool,
) -> Option<CrossoverRecord> {
    let plan = play.plan;
    let gap = plan.rules().scenario.crossover_gap(plan.bet());
    let window = plan.window().expect("the bet is a crossover");
    let mut world = before.clone();
    let mut gained = [Amount::ZERO; 2];
    for (event, waits) in [gap - window, 0].into_iter().enumerate() {
        let now = world.rounds_done();
        let until = now + plan.bet().campaign.min(gap - 1);
        let behaviour = plan.sides()[usize::from((event == 1) != second_came_first)];
        let start = own(world.life(focal), before, focal);
        world.set_intervention(start.map(|_| Intervention { agent: focal, invited: now, behaviour, until }));
        let mut latest = start;
        for _ in 0..window {
            play.advance(&mut world)?;
            latest = own(world.life(focal), before, focal).or(latest);
        }
        if let (Some(start), Some(latest)) = (start, latest) {
            gained[event] = plan.rules().prices.net(&latest.payments.since(&start.payments));
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
fn own(life: Life, before: &Simulation<'_>, focal: AgentId) -> Option<Life> {
    (life.born == before.life(focal).born).then_some(life)
}
