//! Survival: agents without capital fail, and newcomers take their places later.

use std::collections::VecDeque;

use super::agent::{Agent, Fees, Tenure};
use super::population::{PART, World};
use super::record::LifeRecord;
use super::shares::by_share;
use super::ties::AgentId;
use crate::amount::Amount;
use crate::draws::Purpose;
use crate::parallel::Parallelism;

/// Empty places, and the lives that ended in failure.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Exits {
    /// Empty places, by the round in which newcomers take them.
    vacant: VecDeque<(u32, Vec<AgentId>)>,
    /// Lives that ended in failure, in order.
    pub lives: Vec<LifeRecord>,
}

impl Exits {
    /// Fills the places that have been empty for `replace_after` rounds, and returns them. A newcomer has the same
    /// town and expertise, no ties, a standing of `prior`, and a strategy drawn by the initial shares.
    pub(super) fn replace(&mut self, world: &mut World<'_>, round: u32) -> Vec<AgentId> {
        let mut newcomers = Vec::new();
        while self.vacant.front().is_some_and(|(due, _)| *due <= round) {
            newcomers.extend(self.vacant.pop_front().expect("it is not empty").1);
        }
        for &id in &newcomers {
            let word = world.random_key.agents(round, Purpose::Newcomers, id, 1).word();
            let strategy = by_share(&world.rules.share_sums, word);
            let strategy = u16::try_from(strategy).expect("strategies are numbered in 16 bits");
            world.agents[id as usize] = Agent::new(strategy);
            world.tenures[id as usize] = Tenure::from(round);
            world.people.renew(world.rules, world.random_key, (id, round), strategy);
            world.fees.get_mut(id as usize).into_iter().for_each(|fees| *fees = Fees::default());
            world.last_helped.forget(id);
            world.settled.forget(id);
            world.needs.forget(id);
            world.ties.of_mut(id).clear();
            if world.rules.public {
                world.standings.set(id, world.rules.prior);
            }
        }
        newcomers
    }

    /// Removes the agents who failed in `round`, with their ties and all ties to them. Their places stay empty for
    /// `replace_after` rounds.
    pub(super) fn remove_failed(
        &mut self,
        world: &mut World<'_>,
        round: u32,
        failed: &[AgentId],
        replace_after: u32,
        par: Parallelism<'_>,
    ) {
        if failed.is_empty() {
            return;
        }
        for &id in failed {
            let born = world.tenure(id).born();
            let agent = &mut world.agents[id as usize];
            self.lives.push(LifeRecord {
                agent: id,
                strategy: agent.strategy,
                born,
                ended: round + 1,
                failed: true,
            });
            agent.leave();
            world.needs.lose(id);
            world.ties.of_mut(id).clear();
        }
        let has_failed = |id: AgentId| failed.binary_search(&id).is_ok();
        world.favours.forget(has_failed);
        par.map(world.ties.parts_mut(PART), |mut rows| rows.for_each(|mut ties| ties.remove(has_failed)));
        self.vacant.push_back((round.saturating_add(1).saturating_add(replace_after), failed.to_vec()));
    }
}

/// The active agents whose capital is below zero, in order.
pub(super) fn find_failed(world: &World<'_>, par: Parallelism<'_>) -> Vec<AgentId> {
    let is_below_zero =
        |id: &AgentId| world.agents[*id as usize].is_active() && world.capital(*id) < Amount::ZERO;
    par.map(world.parts(), |part| part.filter(is_below_zero).collect::<Vec<_>>()).concat()
}
