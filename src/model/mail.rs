//! Messages between agents: sorted by receiver, then applied by each receiver on its own.
//!
//! Phases in which anyone may reach anyone first read the whole world, then write letters, then
//! let every agent open its letters in the order in which they were written. So the outcome
//! cannot depend on who works on what.

use super::agent::Agent;
use super::population::PART;
use super::tie_book::TieBook;
use super::ties::{AgentId, TiesMut};
use crate::parallel::Team;

/// Lets each receiver open its letters in the order given; `open` gets its state and its ties.
pub(super) fn deliver<L: Copy + Send + Sync>(
    agents: &mut [Agent],
    ties: &mut TieBook,
    letters: &[(AgentId, L)],
    team: Team<'_>,
    open: impl Fn(&mut Agent, &mut TiesMut<'_>, L) + Sync + Send,
) {
    let n_parts = agents.len().div_ceil(PART);
    let mut sorted = by_part(letters, n_parts);
    let mut rest = sorted.as_mut_slice();
    let parts = agents.chunks_mut(PART).zip(ties.parts_mut(PART));
    let parts = (0usize..).step_by(PART).zip(parts).map(|(first, part)| {
        let n = rest.partition_point(|(receiver, _)| (*receiver as usize) < first + PART);
        let (own, others) = std::mem::take(&mut rest).split_at_mut(n);
        rest = others;
        (first, part, own)
    });
    team.map(parts.collect(), |(first, (agents, mut rows), own)| {
        // A stable sort keeps the order of each receiver's letters.
        own.sort_by_key(|(receiver, _)| *receiver);
        for &mut (receiver, letter) in own {
            let place = receiver as usize - first;
            open(&mut agents[place], &mut rows.row(place), letter);
        }
    });
}

/// The letters by the part of the population that their receivers belong to, otherwise in the order given:
/// counted out, since only few of them go to one part.
fn by_part<L: Copy>(letters: &[(AgentId, L)], n_parts: usize) -> Vec<(AgentId, L)> {
    let part = |receiver: AgentId| receiver as usize / PART;
    let mut next = vec![0; n_parts + 1];
    letters.iter().for_each(|(receiver, _)| next[part(*receiver) + 1] += 1);
    (0..n_parts).for_each(|p| next[p + 1] += next[p]);
    let mut sorted = letters.to_vec();
    for letter in letters {
        let place = &mut next[part(letter.0)];
        sorted[*place] = *letter;
        *place += 1;
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_reach_their_receivers_in_the_order_in_which_they_were_written() {
        let n = 2 * PART + 10;
        let mut agents = vec![Agent::new(0, 0); n];
        let mut ties = TieBook::new(n, 2);
        let far = AgentId::try_from(n - 1).unwrap();
        let letters: Vec<(AgentId, u32)> = [far, 3, far, 5000, 3, far].into_iter().zip(0..).collect();
        let opened = std::sync::Mutex::new(Vec::new());
        deliver(&mut agents, &mut ties, &letters, Team::ALONE, |_, _, letter| {
            opened.lock().unwrap().push(letter);
        });
        assert_eq!(opened.into_inner().unwrap(), [1, 4, 3, 0, 2, 5]);
    }
}
