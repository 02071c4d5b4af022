//! Newcomers in the worlds of a story.

use super::tests::{plan, told};
use super::*;

#[test]
fn newcomers_of_a_story_are_those_who_live_in_its_worlds() {
    let sets = ["survival.endowment=3", "survival.overhead=0.9", "survival.replace_after=2", "burn_in=3"];
    let plan = plan(&sets, &["bet.usual=any"]);
    let focal = focals_of(&plan, 0, Parallelism::SERIAL, &Progress::default()).unwrap()[0];
    let story = told(&plan, (0, focal));
    for (side, intervention) in plan.interventions(focal).into_iter().enumerate() {
        let mut world = Simulation::new(plan.rules(), plan.rules().scenario.seed, Parallelism::SERIAL);
        let (mut events, mut lives) = (0, 0);
        while world.rounds_done() <= plan.event_round() + plan.last_horizon() {
            if world.rounds_done() == plan.event_round() {
                world.set_intervention(Some(intervention));
                events += 1;
            }
            world.advance(Parallelism::SERIAL);
            let round = world.rounds_done() - 1;
            let step = StoryStep { round, side: Some(side), ..story.steps[0] };
            for agent in 0..90 {
                // The place of one who has failed is not yet a newcomer's.
                let life = world.life(agent);
                let is_newcomer = round >= plan.event_round() && life.born > 0;
                if is_newcomer {
                    assert!(story.is_newcomer(agent, &step), "{agent} in round {round}");
                    lives += 1;
                } else if round >= plan.event_round() {
                    assert!(!story.is_newcomer(agent, &step), "{agent} in round {round}");
                }
            }
        }
        assert!(events == 1 && lives > 0, "somebody fails and is followed");
    }
}
