//! Messages between agents: sorted by receiver, then applied by each receiver on its own.
//!
//! Phases in which anyone may reach anyone first read the whole world, then write letters, then
//! let every agent open its letters in the order in which they were written. So the outcome
//! cannot depend on who works on what.

use super::agent::Agent;
use super::population::PART;
use super::ties::{AgentId, TieBook, TiesMut};
use crate::parallel::Team;

/// Lets each receiver open its letters in the order given; `open` gets its state and its ties.
pub(super) fn deliver<L: Copy + Send + Sync>(
    agents: &mut [Agent],
    ties: &mut TieBook,
    mut letters: Vec<(AgentId, L)>,
    team: Team<'_>,
    open: impl Fn(&mut Agent, &mut TiesMut<'_>, L) + Sync + Send,
) {
    // A stable sort keeps the order of each receiver's letters.
    team.sort_stable(&mut letters, |(receiver, _)| *receiver);
    let parts = agents.chunks_mut(PART).zip(ties.parts_mut(PART));
    let parts: Vec<_> = (0usize..).step_by(PART).zip(parts).collect();
    team.map(parts, |(first, (agents, mut rows))| {
        let end = first + agents.len();
        let lo = letters.partition_point(|(receiver, _)| (*receiver as usize) < first);
        let hi = letters.partition_point(|(receiver, _)| (*receiver as usize) < end);
        for &(receiver, letter) in &letters[lo..hi] {
            let place = receiver as usize - first;
            open(&mut agents[place], &mut rows.row(place), letter);
        }
    });
}
