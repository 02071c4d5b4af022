//! What every part of a world's bet needs.

use std::sync::atomic::Ordering;

use super::plan::BetPlan;
use crate::experiment::{LARGE, Progress};
use crate::model::Simulation;
use crate::parallel::Parallelism;

/// What every part of a world's bet needs.
#[derive(Clone, Copy)]
pub(super) struct Play<'p, 't> {
    /// What is bet on.
    pub(super) plan: &'p BetPlan,
    /// Who does the work.
    pub(super) par: Parallelism<'t>,
    /// Whether to stop, and how far it is.
    pub(super) progress: &'p Progress,
}

impl Play<'_, '_> {
    /// One round, or nothing if the bet is to stop.
    pub(super) fn advance(&self, world: &mut Simulation<'_>) -> Option<()> {
        if self.progress.stop.load(Ordering::Relaxed) {
            return None;
        }
        world.advance(self.par);
        Some(())
    }

    /// `f` of each item, in order, or nothing if the bet is to stop. Items are shared out over the threads,
    /// but in large worlds, of which few are held at once: there the threads share each round.
    pub(super) fn each<T: Send, R: Send>(
        &self,
        items: Vec<T>,
        f: impl Fn(&Play<'_, '_>, T) -> Option<R> + Sync + Send,
    ) -> Option<Vec<R>> {
        if self.plan.rules().scenario.population.agents >= LARGE {
            return items.into_iter().map(|item| f(self, item)).collect();
        }
        let alone = Play { plan: self.plan, par: Parallelism::SERIAL, progress: self.progress };
        self.par.map(items, |item| f(&alone, item)).into_iter().collect()
    }

    /// Tells whoever watches that a share of the world is done.
    pub(super) fn focal_done(&self) {
        self.progress.rounds_done.fetch_add(1, Ordering::Relaxed);
    }
}
