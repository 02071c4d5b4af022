//! Messages between agents: sorted by receiver, then applied by each receiver on its own.
//!
//! Phases in which anyone may reach anyone first read the whole world, then write messages, then
//! let every agent open its messages in the order in which they were written. So the outcome
//! cannot depend on who works on what.

use super::agent::{Agent, Fees};
use super::population::{PART, World};
use super::ties::{AgentId, TiesMut};
use crate::parallel::Parallelism;

/// Who gets a message, and what it says.
pub(super) type Message<L> = (AgentId, L);

/// Who opens a message, to be changed by it.
#[derive(Debug)]
pub(super) struct Receiver<'a> {
    /// Its own state.
    pub agent: &'a mut Agent,
    /// What it has been paid and has paid on the phone.
    pub fees: &'a mut Fees,
    /// Whom it knows.
    pub ties: TiesMut<'a>,
}

/// Lets each receiver open its messages in the order given, those of one piece after those of the one before.
///
/// # Panics
/// If there are messages where nobody can know anybody.
pub(super) fn deliver<L: Copy + Send + Sync>(
    world: &mut World<'_>,
    messages: Vec<Vec<Message<L>>>,
    par: Parallelism<'_>,
    open: impl Fn(Receiver<'_>, L) + Sync + Send,
) {
    if world.fees.is_empty() {
        assert!(messages.iter().all(Vec::is_empty), "nobody knows anybody");
        return;
    }
    let size = block(world.agents.len());
    let n_blocks = world.agents.len().div_ceil(size);
    let outboxes = par.map(messages, |piece| Outbox::sorted(piece, size, n_blocks));
    let people = world.agents.chunks_mut(size).zip(world.fees.chunks_mut(size));
    let blocks = people.zip(world.ties.parts_mut(size)).enumerate();
    par.map(blocks.collect(), |(block, ((agents, fees), mut rows))| {
        let mut messages: Vec<Message<L>> =
            outboxes.iter().flat_map(|outbox| outbox.of(block)).copied().collect();
        // A stable sort keeps the order of each receiver's messages.
        messages.sort_by_key(|(receiver, _)| *receiver);
        for (receiver, message) in messages {
            let place = receiver as usize - block * size;
            let (agent, fees) = (&mut agents[place], &mut fees[place]);
            open(Receiver { agent, fees, ties: rows.row(place) }, message);
        }
    });
}

/// Agents to whom messages are brought as one task: a part, or in a large population several, so that there
/// are not so many blocks that most outboxes have nothing for them.
fn block(n_agents: usize) -> usize {
    const MOST: usize = 256;
    n_agents.div_ceil(MOST).next_multiple_of(PART)
}

/// Letters by the block of their receivers, otherwise in the order given.
struct Outbox<L> {
    messages: Vec<Message<L>>,
    /// Where the messages of each block begin, and those of the last one end.
    starts: Vec<usize>,
}

impl<L: Copy> Outbox<L> {
    /// Counted out, since there are few blocks.
    fn sorted(messages: Vec<Message<L>>, size: usize, n_blocks: usize) -> Self {
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
    fn of(&self, block: usize) -> &[Message<L>] {
        &self.messages[self.starts[block]..self.starts[block + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rules::Rules;
    use crate::scenario::Scenario;

    #[test]
    fn letters_reach_their_receivers_in_the_order_in_which_they_were_written() {
        let scenario = Scenario::parse("", &[&format!("population.agents={}", 2 * PART + 10)]).unwrap();
        let rules = Rules::new(&scenario);
        let mut world = World::new(&rules, 1, Parallelism::SERIAL);
        let far = world.n_agents() - 1;
        let messages: Vec<Message<u32>> = [far, 3, far, 5000, 3, far].into_iter().zip(0..).collect();
        let pieces = messages.chunks(2).map(<[_]>::to_vec).collect();
        let opened = std::sync::Mutex::new(Vec::new());
        deliver(&mut world, pieces, Parallelism::SERIAL, |_, message| {
            opened.lock().unwrap().push(message);
        });
        assert_eq!(opened.into_inner().unwrap(), [1, 4, 3, 0, 2, 5]);
    }
}
