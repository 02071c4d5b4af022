//! The crossover design: one life with two events, with one strategy's behaviour at each. Unlike twins, this is
//! possible in reality.

use super::record::CrossoverRecord;
use super::runner::Runner;
use crate::amount::Amount;
use crate::model::{AgentId, Intervention, Life, Simulation};

/// Runs the crossover for all focal agents. In the order drawn they start with `first` and with `second` in turn.
pub(super) fn run(
    runner: &Runner<'_, '_>,
    before: &Simulation<'_>,
    focals: &[AgentId],
) -> Option<Vec<CrossoverRecord>> {
    let orders = [false, true].into_iter().cycle();
    let lives: Vec<(AgentId, bool)> = focals.iter().copied().zip(orders).collect();
    runner
        .each(lives, |runner, (focal, second_came_first)| run_life(runner, before, focal, second_came_first))
}

/// Runs one life in a copy of the world.
fn run_life(
    runner: &Runner<'_, '_>,
    before: &Simulation<'_>,
    focal: AgentId,
    second_came_first: bool,
) -> Option<CrossoverRecord> {
    let plan = runner.plan;
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
            runner.advance(&mut world)?;
            latest = own(world.life(focal), before, focal).or(latest);
        }
        if let (Some(start), Some(latest)) = (start, latest) {
            gained[event] = plan.rules().prices.net(&latest.payments.since(&start.payments));
        }
        for _ in 0..waits {
            runner.advance(&mut world)?;
        }
    }
    if second_came_first {
        gained.reverse();
    }
    Some(CrossoverRecord { focal, second_came_first, first: gained[0], second: gained[1] })
}

/// The life, if it is the focal agent's own and not that of a newcomer in its place.
fn own(life: Life, before: &Simulation<'_>, focal: AgentId) -> Option<Life> {
    (life.born == before.life(focal).born).then_some(life)
}
