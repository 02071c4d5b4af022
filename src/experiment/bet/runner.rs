//! The runner of a world's bet: the plan, the threads and the progress.

use super::plan::BetPlan;
use crate::experiment::{LARGE, Progress};
use crate::model::Simulation;
use crate::parallel::Parallelism;

/// The plan, the threads and the progress of a world's bet.
#[derive(Clone, Copy)]
pub(super) struct Runner<'p, 't> {
    /// The plan.
    pub(super) plan: &'p BetPlan,
    /// The threads to use.
    pub(super) par: Parallelism<'t>,
    /// The progress, and the request to stop.
    pub(super) progress: &'p Progress,
}

impl Runner<'_, '_> {
    /// Simulates one round. `None` if a stop was requested.
    pub(super) fn advance(&self, world: &mut Simulation<'_>) -> Option<()> {
        if self.progress.is_stopped() {
            return None;
        }
        world.advance(self.par);
        Some(())
    }

    /// Applies `f` to each item; results in order. `None` if a stop was requested. The items run in parallel. In large
    /// worlds they run one after the other and the threads share each round, so that few worlds are in memory.
    pub(super) fn each<T: Send, R: Send>(
        &self,
        items: Vec<T>,
        f: impl Fn(&Runner<'_, '_>, T) -> Option<R> + Sync + Send,
    ) -> Option<Vec<R>> {
        if self.plan.rules().scenario.population.agents >= LARGE {
            return items.into_iter().map(|item| f(self, item)).collect();
        }
        let serial = Runner { plan: self.plan, par: Parallelism::SERIAL, progress: self.progress };
        self.par.map(items, |item| f(&serial, item)).into_iter().collect()
    }

    /// Reports that one focal agent is done.
    pub(super) fn focal_done(&self) {
        self.progress.round();
    }
}
