//! Worlds that go on side by side after the event, whichever way they are run.

use super::Play;
use crate::experiment::LARGE;
use crate::model::{AgentId, Life, Lockstep, Payments, Role, Rules, Simulation};
use crate::parallel::Team;

/// How many worlds go on together at most. Every batch of them runs their common base once more, so few are
/// dear where the base is; many do not stay in the cache, and may each come to hold a world's agents.
pub(super) fn at_once(rules: &Rules) -> usize {
    let agents = rules.scenario.population.agents;
    (agents / 250).clamp(8, 20).min(400_000 / agents).max(4) as usize
}

/// One or more worlds, by number from 0, that go on together.
pub(super) trait Worlds {
    /// One round of all.
    fn advance(&mut self, team: Team<'_>);
    /// Gives an agent a role in one of them, or nobody.
    fn cast(&mut self, world: usize, role: Option<Role>);
    /// The life in a place of one of them.
    fn life(&self, world: usize, agent: AgentId) -> Life;
    /// The payments of everybody in one of them.
    fn posted(&self, world: usize) -> Payments;
    /// Rounds done.
    fn rounds_done(&self) -> u32;
}

impl Worlds for Lockstep<'_> {
    fn advance(&mut self, team: Team<'_>) {
        self.advance(team);
    }

    fn cast(&mut self, world: usize, role: Option<Role>) {
        self.cast(world, role);
    }

    fn life(&self, world: usize, agent: AgentId) -> Life {
        self.life(world, agent)
    }

    fn posted(&self, world: usize) -> Payments {
        self.posted(world)
    }

    fn rounds_done(&self) -> u32 {
        self.base().rounds_done()
    }
}

/// A single world, number 0.
impl Worlds for Simulation<'_> {
    fn advance(&mut self, team: Team<'_>) {
        self.advance(team);
    }

    fn cast(&mut self, world: usize, role: Option<Role>) {
        debug_assert_eq!(world, 0, "there is one world");
        self.cast(role);
    }

    fn life(&self, world: usize, agent: AgentId) -> Life {
        debug_assert_eq!(world, 0, "there is one world");
        self.life(agent)
    }

    fn posted(&self, world: usize) -> Payments {
        debug_assert_eq!(world, 0, "there is one world");
        self.posted()
    }

    fn rounds_done(&self) -> u32 {
        self.rounds_done()
    }
}

/// `f` of focal agents, who have so many worlds each, in batches; all their outcomes in order. Batches are
/// shared out over the threads unless worlds are so large that those of one batch are enough; then the
/// threads share its rounds.
pub(super) fn in_batches<F: Copy + Send + Sync, R: Send>(
    play: &Play<'_, '_>,
    focals: &[F],
    worlds_each: usize,
    f: impl Fn(&Play<'_, '_>, &[F]) -> Option<Vec<R>> + Sync + Send,
) -> Option<Vec<R>> {
    let batches: Vec<&[F]> = focals.chunks(at_once(play.plan.rules()) / worlds_each).collect();
    let done: Vec<Option<Vec<R>>> = if is_large(play.plan.rules()) {
        batches.into_iter().map(|batch| f(play, batch)).collect()
    } else {
        let alone = Play { plan: play.plan, team: Team::ALONE, progress: play.progress };
        play.team.map(batches, |batch| f(&alone, batch))
    };
    done.into_iter().collect::<Option<Vec<_>>>().map(|done| done.into_iter().flatten().collect())
}

/// Whether no more of such worlds should be in memory than need be.
pub(super) fn is_large(rules: &Rules) -> bool {
    rules.scenario.population.agents >= LARGE
}
