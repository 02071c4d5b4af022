//! Mixers of strangers: nobody has ties to take out of the book.

use super::{Arrival, EVENTS_PER_TASK, Hall, MixerOutcome};
use crate::model::agent::Agent;
use crate::model::crowd::{Crowd, Stranger};
use crate::model::population::World;
use crate::model::roll::{EventPlan, Roll};
use crate::model::talker;
use crate::model::ties::AgentId;
use crate::parallel::Team;

/// Holds this round's mixers in all towns.
pub(super) fn hold_among_strangers(world: &World<'_>, round: u32, team: Team<'_>) -> MixerOutcome {
    let roll = Roll::call(world, round, team);
    let hall = Hall::new(world, round, &roll);
    let mut outcome = MixerOutcome::new(world.rules);
    for part in team.map(roll.events.chunks(EVENTS_PER_TASK).collect(), |plans| hall.hold_strangers(plans)) {
        outcome.add(part);
    }
    outcome
}

impl Hall<'_> {
    /// Holds some events one after the other, in the same memory.
    fn hold_strangers(&self, plans: &[EventPlan]) -> MixerOutcome {
        let (world, rules) = (self.world, self.setting.rules);
        let mut outcome = MixerOutcome::new(rules);
        let mut crowd = Crowd::new(self.setting);
        let ids = self.ids(plans);
        let agents: Vec<&Agent> = ids.iter().map(|&id| &world.agents[id as usize]).collect();
        let strangers = self.arrive(plans, &ids, &agents);
        let mut first = 0;
        for plan in plans {
            let event = first..first + plan.n_guests();
            first = event.end;
            let (ids, agents) = (&ids[event.clone()], &agents[event.clone()]);
            crowd.hold(&strangers[event], agents, world.luck, plan.unit(), &mut outcome.tally);
            ids.iter().zip(crowd.standings()).for_each(|(&id, standing)| world.standings.set(id, standing));
            let role = self.setting.role.and_then(|role| ids.iter().position(|&id| id == role.agent));
            let partners = role.into_iter().flat_map(|seat| crowd.partners(seat));
            outcome.partners.extend(partners.map(|seat| ids[seat]));
        }
        crowd.finish(&mut outcome.tally);
        outcome
    }

    /// The guests of some events as they arrive. Each quantity is looked up for all of them at once, and
    /// before anything else is done: so many reads from all over the memory go on side by side.
    fn arrive(&self, plans: &[EventPlan], ids: &[AgentId], agents: &[&Agent]) -> Vec<Stranger> {
        let (world, doors) = (self.world, self.doors());
        let n_regions = u32::try_from(self.setting.rules.scenario.regions.len()).expect("in 16 bits");
        let strategies: Vec<u16> = agents.iter().map(|agent| agent.strategy).collect();
        let expertise: Vec<u16> = ids.iter().map(|&id| world.expertise[id as usize]).collect();
        let standings: Vec<f32> = ids.iter().map(|&id| world.standings.get(id)).collect();
        let looked_up = expertise.into_iter().zip(standings);
        let mut guests = ids.iter().zip(strategies).zip(looked_up);
        let mut strangers = Vec::with_capacity(ids.len());
        for plan in plans {
            let guests = guests.by_ref().take(plan.n_guests());
            strangers.extend(guests.map(|((&id, strategy), (expertise, standing))| {
                let Arrival { manner, region, abroad, travelled } = Arrival::new(&doors, id, strategy, plan);
                let talker = talker::position(manner, region, n_regions, abroad);
                Stranger { talker, expertise, standing, travelled }
            }));
        }
        strangers
    }
}
