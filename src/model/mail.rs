//! Messages between agents: sorted by receiver, then applied by each receiver on its own.
//!
//! Phases in which anyone may reach anyone first read the whole world, then write letters, then
//! let every agent open its letters in the order in which they were written. So the outcome
//! cannot depend on who works on what.

use super::agent::{Agent, Fees};
use super::population::{PART, World};
use super::ties::{AgentId, TiesMut};
use crate::parallel::Team;

/// Who gets a letter, and what it says.
pub(super) type Letter<L> = (AgentId, L);

/// Who opens a letter, to be changed by it.
#[derive(Debug)]
pub(super) struct Receiver<'a> {
    /// Its own state.
    pub agent: &'a mut Agent,
    /// What it has been paid and has paid on the phone.
    pub fees: &'a mut Fees,
    /// Whom it knows.
    pub ties: TiesMut<'a>,
}

/// Lets each receiver open its letters in the order given, those of one piece after those of the one before.
///
/// # Panics
/// If there are letters where nobody can know anybody.
pub(super) fn deliver<L: Copy + Send + Sync>(
    world: &mut World<'_>,
    letters: Vec<Vec<Letter<L>>>,
    team: Team<'_>,
    open: impl Fn(Receiver<'_>, L) + Sync + Send,
) {
    if world.fees.is_empty() {
        assert!(letters.iter().all(Vec::is_empty), "nobody knows anybody");
        return;
    }
    let size = district(world.agents.len());
    let n_districts = world.agents.len().div_ceil(size);
    let bags = team.map(letters, |piece| Bag::sorted(piece, size, n_districts));
    let people = world.agents.chunks_mut(size).zip(world.fees.chunks_mut(size));
    let districts = people.zip(world.ties.parts_mut(size)).enumerate();
    team.map(districts.collect(), |(district, ((agents, fees), mut rows))| {
        let mut letters: Vec<Letter<L>> = bags.iter().flat_map(|bag| bag.of(district)).copied().collect();
        // A stable sort keeps the order of each receiver's letters.
        letters.sort_by_key(|(receiver, _)| *receiver);
        for (receiver, letter) in letters {
            let place = receiver as usize - district * size;
            let (agent, fees) = (&mut agents[place], &mut fees[place]);
            open(Receiver { agent, fees, ties: rows.row(place) }, letter);
        }
    });
}

/// Agents to whom letters are brought as one task: a part, or in a large population several, so that there
/// are not so many districts that most bags have nothing for them.
fn district(n_agents: usize) -> usize {
    const MOST: usize = 256;
    n_agents.div_ceil(MOST).next_multiple_of(PART)
}

/// Letters by the district of their receivers, otherwise in the order given.
struct Bag<L> {
    letters: Vec<Letter<L>>,
    /// Where the letters of each district begin, and those of the last one end.
    starts: Vec<usize>,
}

impl<L: Copy> Bag<L> {
    /// Counted out, since there are few districts.
    fn sorted(letters: Vec<Letter<L>>, size: usize, n_districts: usize) -> Self {
        if n_districts == 1 {
            return Self { starts: vec![0, letters.len()], letters };
        }
        let district = |receiver: AgentId| receiver as usize / size;
        let mut starts = vec![0; n_districts + 1];
        letters.iter().for_each(|(receiver, _)| starts[district(*receiver) + 1] += 1);
        (0..n_districts).for_each(|d| starts[d + 1] += starts[d]);
        let (mut sorted, mut next) = (letters.clone(), starts.clone());
        for letter in letters {
            let place = &mut next[district(letter.0)];
            sorted[*place] = letter;
            *place += 1;
        }
        Self { letters: sorted, starts }
    }

    /// The letters of a district.
    fn of(&self, district: usize) -> &[Letter<L>] {
        &self.letters[self.starts[district]..self.starts[district + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rules::Rules;
    use crate::scenario::Scenario;

    #[test]
    fn letters_reach_their_receivers_in_the_order_in_which_they_were_written() {
        let mut scenario = Scenario::default();
        scenario.population.agents = u32::try_from(2 * PART + 10).unwrap();
        let rules = Rules::new(&scenario);
        let mut world = World::new(&rules, 1, Team::ALONE);
        let far = world.n_agents() - 1;
        let letters: Vec<Letter<u32>> = [far, 3, far, 5000, 3, far].into_iter().zip(0..).collect();
        let pieces = letters.chunks(2).map(<[_]>::to_vec).collect();
        let opened = std::sync::Mutex::new(Vec::new());
        deliver(&mut world, pieces, Team::ALONE, |_, letter| {
            opened.lock().unwrap().push(letter);
        });
        assert_eq!(opened.into_inner().unwrap(), [1, 4, 3, 0, 2, 5]);
    }
}
