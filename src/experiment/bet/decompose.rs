//! Decomposition: the difference between the twins split over the traits that differ, as Shapley values under common
//! random numbers.

use super::plan::EXACT_MAX;
use super::record::PartsRecord;
use super::runner::Runner;
use super::track::Track;
use crate::amount::Amount;
use crate::draws::{Purpose, RandomKey, below};
use crate::experiment::LARGE;
use crate::model::{AgentId, Simulation};
use crate::stats::{Step, all_steps, factorial};

/// Number of random orders of the traits per focal agent, if there are too many combinations.
const ORDERS: u64 = 16;

/// Runs the decomposition for all focal agents.
pub(super) fn run(
    runner: &Runner<'_, '_>,
    before: &Simulation<'_>,
    focals: &[AgentId],
    seed: u64,
) -> Option<Vec<PartsRecord>> {
    runner.each(focals.to_vec(), |runner, focal| split(runner, before, focal, seed))
}

fn split(runner: &Runner<'_, '_>, before: &Simulation<'_>, focal: AgentId, seed: u64) -> Option<PartsRecord> {
    let n = runner.plan.differing_traits().len();
    let mut outcomes = Outcomes::new(runner, before, focal, n);
    let (steps, divisor) = if n <= EXACT_MAX {
        (all_steps(n), factorial(n))
    } else {
        (drawn_steps(n, RandomKey::new(seed), focal), ORDERS)
    };
    let mut parts = vec![vec![Amount::ZERO; n]; runner.plan.horizons().len()];
    let mut needed: Vec<usize> = steps.iter().flat_map(|&(set, t, _)| [set, set | 1 << t]).collect();
    needed.sort_unstable();
    needed.dedup();
    outcomes.run(&needed)?;
    for (set, t, weight) in steps {
        let (without, with) = (outcomes.of(set), outcomes.of(set | 1 << t));
        for (parts, (with, without)) in parts.iter_mut().zip(with.iter().zip(without)) {
            parts[t] += (*with - *without) * weight;
        }
    }
    Some(PartsRecord { focal, parts, divisor })
}

/// The steps of random orders of the traits. All orders are equally likely, so the estimate is unbiased (Castro,
/// Gomez & Tejada 2009, Computers & Operations Research 36, 1726-1730).
fn drawn_steps(n: usize, random_key: RandomKey, focal: AgentId) -> Vec<Step> {
    let mut words = random_key.stream(0, Purpose::Orders, focal.into());
    let mut steps = Vec::new();
    for _ in 0..ORDERS {
        let mut order: Vec<usize> = (0..n).collect();
        for i in (1..n).rev() {
            order.swap(i, below(words.word(), u32::try_from(i + 1).expect("traits are few")) as usize);
        }
        let mut set = 0;
        for t in order {
            steps.push((set, t, 1));
            set |= 1 << t;
        }
    }
    steps
}

/// The focal agent's net benefit at every horizon, by the set of traits taken from `second`.
struct Outcomes<'a, 'p, 't, 'w> {
    runner: &'a Runner<'p, 't>,
    before: &'a Simulation<'w>,
    focal: AgentId,
    nets: Vec<Option<Vec<Amount>>>,
}

impl<'a, 'p, 't, 'w> Outcomes<'a, 'p, 't, 'w> {
    fn new(runner: &'a Runner<'p, 't>, before: &'a Simulation<'w>, focal: AgentId, n: usize) -> Self {
        Self { runner, before, focal, nets: vec![None; 1 << n] }
    }

    fn of(&self, set: usize) -> &[Amount] {
        self.nets[set].as_deref().expect("every set needed was run")
    }

    /// Runs the worlds of these sets. Worlds with the same state after the event stay the same, unless the
    /// intervention continues at later mixers. So only one of them is run to the end. Large worlds are not kept for
    /// comparison.
    fn run(&mut self, sets: &[usize]) -> Option<()> {
        let (runner, plan) = (self.runner, self.runner.plan);
        let continues = plan.bet().campaign >= plan.rules().scenario.mixer.every;
        let compared = !continues && plan.rules().scenario.population.agents < LARGE;
        let mut distinct: Vec<(Simulation<'w>, Vec<usize>)> = Vec::new();
        for &set in sets {
            let mut world = self.before.clone();
            world.set_intervention(Some(plan.intervention(self.focal, plan.mixed_behaviour(set))));
            runner.advance(&mut world)?;
            match distinct.iter_mut().find(|(other, _)| other.same_state_as(&world)) {
                Some((_, sets)) => sets.push(set),
                None if !compared => self.nets[set] = Some(self.finish(world)?),
                None => distinct.push((world, vec![set])),
            }
        }
        for (world, sets) in distinct {
            let nets = self.finish(world)?;
            for set in sets {
                self.nets[set] = Some(nets.clone());
            }
        }
        Some(())
    }

    /// Runs a world from the end of the event's round, and returns net benefit at every horizon.
    fn finish(&self, mut world: Simulation<'w>) -> Option<Vec<Amount>> {
        let (runner, plan) = (self.runner, self.runner.plan);
        let mut track = Track::new(self.focal, &[], self.before, &world);
        track.update(plan, &world);
        for _ in 0..plan.last_horizon() {
            runner.advance(&mut world)?;
            track.update(plan, &world);
        }
        Some(track.paid.iter().map(|paid| plan.rules().prices.net(&paid.focal)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_order_adds_each_trait_once() {
        let steps = drawn_steps(7, RandomKey::new(1), 3);
        assert_eq!(steps.len() as u64, 7 * ORDERS);
        assert!(steps.iter().all(|&(set, t, _)| set >> t & 1 == 0));
        let additions = |t| steps.iter().filter(|step| step.1 == t).count() as u64;
        assert!((0..7).all(|t| additions(t) == ORDERS));
        assert_ne!(steps, drawn_steps(7, RandomKey::new(1), 4));
    }
}
