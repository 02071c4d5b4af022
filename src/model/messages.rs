//! Messages between agents: sorted by receiver, then applied to each receiver separately.
//!
//! In some phases any agent can affect any other. Such a phase reads the whole world and writes messages. Then the
//! messages of each receiver are applied in the order in which they were written. So the result does not depend on
//! how work is shared among threads.

use super::agent::{Agent, Fees};
use super::population::{PART, World};
use super::ties::{AgentId, TiesMut};
use crate::parallel::Parallelism;

/// A message: the receiver and the content.
pub(super) type Message<C> = (AgentId, C);

/// The state of a receiver that a message can change.
#[derive(Debug)]
pub(super) struct Receiver<'a> {
    /// The agent.
    pub agent: &'a mut Agent,
    /// Its fees in calls.
    pub fees: &'a mut Fees,
    /// Its ties.
    pub ties: TiesMut<'a>,
}

/// Applies all messages to their receivers: for each receiver in the order of the pieces, and within a piece in the
/// order given.
///
/// # Panics
/// If there are messages although `ties_max` is 0.
pub(super) fn deliver<C: Copy + Send + Sync>(
    world: &mut World<'_>,
    messages: Vec<Vec<Message<C>>>,
    par: Parallelism<'_>,
    apply: impl Fn(Receiver<'_>, C) + Sync + Send,
) {
    if world.fees.is_empty() {
        assert!(messages.iter().all(Vec::is_empty), "without ties there are no messages");
        return;
    }
    let size = block(world.agents.len());
    let n_blocks = world.agents.len().div_ceil(size);
    let outboxes = par.map(messages, |piece| Outbox::sorted(piece, size, n_blocks));
    let receivers = world.agents.chunks_mut(size).zip(world.fees.chunks_mut(size));
    let blocks = receivers.zip(world.ties.parts_mut(size)).enumerate();
    par.map(blocks.collect(), |(block, ((agents, fees), mut rows))| {
        let mut messages: Vec<Message<C>> =
            outboxes.iter().flat_map(|outbox| outbox.of(block)).copied().collect();
        // A stable sort keeps the order of each receiver's messages.
        messages.sort_by_key(|(receiver, _)| *receiver);
        for (receiver, message) in messages {
            let place = receiver as usize - block * size;
            let (agent, fees) = (&mut agents[place], &mut fees[place]);
            apply(Receiver { agent, fees, ties: rows.row(place) }, message);
        }
    });
}

/// Number of receivers per task: a multiple of a part, so that there are at most 256 blocks and few of them are
/// empty in an outbox.
fn block(n_agents: usize) -> usize {
    const MOST: usize = 256;
    n_agents.div_ceil(MOST).next_multiple_of(PART)
}

/// Messages sorted by the block of their receivers; within a block in the order given.
struct Outbox<C> {
    messages: Vec<Message<C>>,
    /// First position of each block, then the number of messages.
    starts: Vec<usize>,
}

impl<C: Copy> Outbox<C> {
    /// Sorts messages by counting, because there are few blocks.
    fn sorted(messages: Vec<Message<C>>, size: usize, n_blocks: usize) -> Self {
        if n_blocks == 1 {
            return Self { starts: vec![0, messages.len()], messages };
        }
        let block = |receiver: AgentId| receiver as usize / size;
        let mut starts = vec![0; n_blocks + 1];
        messages.iter().for_each(|(receiver, _)| starts[block(*receiver) + 1] += 1);
        (0..n_blocks).for_each(|d| starts[d + 1] += starts[d]);
        let (mut sorted, mut next) = (messages.clone(), starts.clone());
        for message in messages {
            let place = &mut next[block(message.0)];
            sorted[*place] = message;
            *place += 1;
        }
        Self { messages: sorted, starts }
    }

    /// The messages of a block.
    fn of(&self, block: usize) -> &[Message<C>] {
        &self.messages[self.starts[block]..self.starts[block + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rules::Rules;
    use crate::scenario::Scenario;

    #[test]
    fn messages_are_applied_in_the_order_in_which_they_were_written() {
        let scenario = Scenario::parse("", &[&format!("population.agents={}", 2 * PART + 10)]).unwrap();
        let rules = Rules::new(&scenario);
        let mut world = World::new(&rules, 1, Parallelism::SERIAL);
        let far = world.n_agents() - 1;
        let messages: Vec<Message<u32>> = [far, 3, far, 5000, 3, far].into_iter().zip(0..).collect();
        for size in [1, 2, 6] {
            let pieces = messages.chunks(size).map(<[_]>::to_vec).collect();
            let applied = std::sync::Mutex::new(Vec::new());
            deliver(&mut world, pieces, Parallelism::SERIAL, |_, message| {
                applied.lock().unwrap().push(message);
            });
            assert_eq!(applied.into_inner().unwrap(), [1, 4, 3, 0, 2, 5], "{size} in a piece");
        }
    }
}
