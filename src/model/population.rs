//! The population: agents in towns in regions, and how they are dealt at the start.

use super::account::Payments;
use super::agent::{Agent, Fees, Tenure};
use super::opinion::{Opinions, Standings, Thresholds};
use super::precision::single;
use super::rules::Rules;
use super::tie_table::TieTable;
use super::ties::{AgentId, Decay};
use crate::draws::{Purpose, RandomKey, below};
use crate::parallel::Parallelism;

/// Agents per task of a phase, for any number of threads. Sums of opinions are added up part by
/// part, so another size may move their last digits; nothing else depends on it.
pub(super) const PART: usize = 4096;

/// Which ids live where: towns are consecutive ids, regions consecutive towns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Towns {
    /// First id of each town, and after the last.
    starts: Vec<AgentId>,
    regions: Vec<u16>,
}

impl Towns {
    fn new(rules: &Rules) -> Self {
        let s = &rules.scenario;
        let shares: Vec<f64> = s.regions.iter().map(|r| r.share).collect();
        let (mut starts, mut regions) = (vec![0], Vec::new());
        for (region, n) in (0u16..).zip(deal(&shares, s.population.agents)) {
            let n_towns = match s.population.town_size {
                0 => u32::from(n > 0),
                size => n.div_ceil(size),
            };
            let first = *starts.last().expect("starts is never empty");
            for town in 1..=n_towns {
                starts.push(first + split(n, n_towns, town));
                regions.push(region);
            }
        }
        Self { starts, regions }
    }

    /// Number of towns.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.regions.len()).expect("a town has at least one agent")
    }

    /// The town where an agent lives.
    #[inline]
    pub(super) fn of(&self, agent: AgentId) -> u32 {
        let after = self.starts.partition_point(|&start| start <= agent);
        u32::try_from(after - 1).expect("a town has at least one agent")
    }

    /// The ids of a town's people.
    pub(super) fn people(&self, town: u32) -> std::ops::Range<AgentId> {
        self.starts[town as usize]..self.starts[town as usize + 1]
    }

    /// The ids of a region's people.
    pub(super) fn people_of_region(&self, region: u16) -> std::ops::Range<AgentId> {
        let first = self.regions.partition_point(|&r| r < region);
        let after = self.regions.partition_point(|&r| r <= region);
        self.starts[first]..self.starts[after]
    }

    /// The region of a town.
    #[inline]
    pub(super) fn region(&self, town: u32) -> u16 {
        self.regions[town as usize]
    }
}

/// Where part `k` of `n` things in `parts` even parts begins: sizes differ by one at most.
pub(super) fn split(n: u32, parts: u32, k: u32) -> u32 {
    u32::try_from(u64::from(n) * u64::from(k) / u64::from(parts)).expect("at most n")
}

/// `n` dealt by `shares` that sum to 1, exactly, by largest remainder; of equal remainders the
/// first comes first.
pub(super) fn deal(shares: &[f64], n: u32) -> Vec<u32> {
    // Shares are at most 1, so quotas are at most n.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let mut counts: Vec<u32> = shares.iter().map(|s| (s * f64::from(n) + 1e-9).floor() as u32).collect();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    let remainder = |i: usize| shares[i] * f64::from(n) - f64::from(counts[i]);
    // Remainders that differ by rounding only are equal.
    order.sort_by_key(|&i| (std::cmp::Reverse(quantised(remainder(i))), i));
    let missing = n.saturating_sub(counts.iter().sum());
    for &i in order.iter().cycle().take(missing as usize) {
        counts[i] += 1;
    }
    counts
}

/// A remainder in steps of 2^-30, so that rounding noise makes no order.
fn quantised(remainder: f64) -> i64 {
    // A remainder lies in -1 to 1.
    #[allow(clippy::cast_possible_truncation)]
    let steps = (remainder * f64::from(1 << 30)).round() as i64;
    steps
}

/// A part that one agent is given to play at mixers, whatever its strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intervention {
    /// Who plays it.
    pub agent: AgentId,
    /// The mixer of this round it attends for certain.
    pub invited: u32,
    /// How it acts: a strategy of the scenario, or a further behaviour of [`Rules::with_behaviours`].
    pub behaviour: u16,
    /// At mixers from `invited` to this round; at later ones it acts by its strategy again.
    pub until: u32,
}

impl Intervention {
    /// How the agent acts at a mixer of this round; none if by its strategy.
    pub(super) fn behaviour_in(&self, round: u32) -> Option<u16> {
        (self.invited..=self.until).contains(&round).then_some(self.behaviour)
    }
}

/// A world: everything that a round reads and changes.
#[derive(Clone, Debug)]
pub(super) struct World<'a> {
    /// What no round changes.
    pub rules: &'a Rules,
    /// The key of the replicate's random numbers.
    pub random_key: RandomKey,
    /// By [`AgentId`].
    pub agents: Vec<Agent>,
    /// What each agent has been paid and has paid on the phone; empty where nobody can know anybody.
    pub fees: Vec<Fees>,
    /// Since when each agent has had its place; empty where nobody can fail.
    pub tenures: Vec<Tenure>,
    /// Each agent's domain of expertise.
    pub expertise: Vec<u16>,
    /// Who lives where.
    pub towns: Towns,
    /// Who knows whom.
    pub ties: TieTable,
    /// Public reputation; empty when reputation is private.
    pub standings: Standings,
    /// How opinions are stored and compared in this round.
    pub thresholds: Thresholds,
    /// Who acts at mixers otherwise than by its strategy, if somebody does.
    pub intervention: Option<Intervention>,
}

impl<'a> World<'a> {
    /// The world of a replicate before its first round.
    pub(super) fn new(rules: &'a Rules, seed: u64, par: Parallelism<'_>) -> Self {
        let (s, random_key) = (&rules.scenario, RandomKey::new(seed));
        let n = s.population.agents;
        let shares: Vec<f64> = s.strategies.iter().map(|t| t.share).collect();
        let strategies = deal_out(&deal(&shares, n), random_key, Purpose::DealStrategies, par);
        let domains = s.population.domains;
        let even = vec![1.0 / f64::from(domains); domains as usize];
        let mut world = Self {
            rules,
            random_key,
            agents: strategies.into_iter().map(Agent::new).collect(),
            fees: vec![Fees::default(); if s.population.ties_max > 0 { n as usize } else { 0 }],
            tenures: vec![Tenure::default(); if s.survival.is_some() { n as usize } else { 0 }],
            expertise: deal_out(&deal(&even, n), random_key, Purpose::DealExpertise, par),
            towns: Towns::new(rules),
            ties: TieTable::new(n as usize, s.population.ties_max as usize),
            standings: Standings::new(if rules.public { n as usize } else { 0 }, rules.prior),
            thresholds: Thresholds::new(rules, Decay::START),
            intervention: None,
        };
        world.name_first_contacts();
        world
    }

    /// Whether agents, ties and standings are the same as in another world.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        self.agents == other.agents
            && self.fees == other.fees
            && self.tenures == other.tenures
            && self.standings.is_as(&other.standings)
            && (0..self.n_agents()).all(|agent| self.ties.of(agent) == other.ties.of(agent))
    }

    /// Number of agents, active or not.
    pub(super) fn n_agents(&self) -> AgentId {
        u32::try_from(self.agents.len()).expect("agents are numbered in 32 bits")
    }

    /// What an agent has been paid and has paid on the phone: nothing where nobody can know anybody.
    #[inline]
    pub(super) fn fees(&self, agent: AgentId) -> Fees {
        self.fees.get(agent as usize).copied().unwrap_or_default()
    }

    /// Since when an agent has had its place.
    pub(super) fn tenure(&self, agent: AgentId) -> Tenure {
        self.tenures.get(agent as usize).copied().unwrap_or_default()
    }

    /// All payments of an agent since birth.
    #[inline]
    pub(super) fn payments(&self, agent: AgentId) -> Payments {
        self.agents[agent as usize].payments(self.fees(agent), self.tenure(agent))
    }

    /// How opinions are read in this round.
    pub(super) fn opinions(&self) -> Opinions<'_> {
        Opinions::new(self.rules.public, &self.thresholds, &self.standings)
    }

    /// How the trust of ties is read in this round.
    pub(super) fn decay(&self) -> &Decay {
        &self.thresholds.decay
    }

    /// Lets all trust decay by a round.
    pub(super) fn fade(&mut self, par: Parallelism<'_>) {
        let (decay, rebase) = self.decay().next(self.rules.scenario.reputation.fade);
        if let Some(scale) = rebase {
            self.ties.rebase(scale, par);
        }
        self.thresholds = Thresholds::new(self.rules, decay);
    }

    /// Consecutive ranges of agents, one per task of a phase.
    pub(super) fn parts(&self) -> Vec<std::ops::Range<AgentId>> {
        let n = self.n_agents();
        let part = u32::try_from(PART).expect("a part is small");
        (0..n).step_by(PART).map(|lo| lo..n.min(lo.saturating_add(part))).collect()
    }

    /// Each agent names half of `start_ties` others of its town, and naming ties both.
    fn name_first_contacts(&mut self) {
        let p = &self.rules.scenario.population;
        if p.ties_max == 0 {
            return;
        }
        let (trust, decay) = (single(p.start_trust), Decay::START);
        for town in 0..self.towns.len() {
            let people = self.towns.people(town);
            let others = people.end - people.start - 1;
            for agent in people.clone() {
                let mut draws = self.random_key.stream(0, Purpose::StartTies, agent.into());
                let mut named: Vec<AgentId> = Vec::new();
                while named.len() < (p.start_ties / 2).min(others) as usize {
                    let pick = people.start + below(draws.word(), others);
                    let other = if pick >= agent { pick + 1 } else { pick };
                    if !named.contains(&other) {
                        named.push(other);
                        self.ties.of_mut(agent).meet(other, trust, &decay);
                        self.ties.of_mut(other).meet(agent, trust, &decay);
                    }
                }
            }
        }
    }
}

/// Gives each agent one of the kinds `0, 1 ...`, exactly `counts` of each, in random order.
fn deal_out(counts: &[u32], random_key: RandomKey, purpose: Purpose, par: Parallelism<'_>) -> Vec<u16> {
    let n: u32 = counts.iter().sum();
    let mut words = random_key.agents(0, purpose, 0, 1);
    let mut order: Vec<u64> = (0..n).map(|id| u64::from(words.word()) << 32 | u64::from(id)).collect();
    par.sort_distinct(&mut order);
    let kinds = (0u16..).zip(counts).flat_map(|(kind, &count)| std::iter::repeat_n(kind, count as usize));
    let mut dealt = vec![0; n as usize];
    for (key, kind) in order.into_iter().zip(kinds) {
        // The low half of a key is the agent.
        #[allow(clippy::cast_possible_truncation)]
        let agent = key as AgentId;
        dealt[agent as usize] = kind;
    }
    dealt
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    fn scenario(sets: &[&str]) -> Scenario {
        Scenario::parse("", sets).unwrap_or_else(|faults| panic!("{faults}"))
    }

    #[test]
    fn shares_are_dealt_exactly_by_largest_remainder() {
        assert_eq!(deal(&[0.4, 0.4, 0.2], 2000), [800, 800, 400]);
        assert_eq!(deal(&[0.4, 0.4, 0.2], 7), [3, 3, 1]);
        assert_eq!(deal(&[1.0 / 3.0; 3], 10), [4, 3, 3]);
        assert_eq!(deal(&[0.5, 0.5], 1), [1, 0]);
    }

    #[test]
    fn towns_are_even_and_cover_everyone() {
        let rules = Rules::new(&scenario(&["population.agents=1003", "population.town_size=100"]));
        let towns = Towns::new(&rules);
        assert_eq!(towns.len(), 11);
        let sizes: Vec<usize> = (0..11).map(|t| towns.people(t).len()).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 1003);
        assert!(sizes.iter().all(|n| (91..=92).contains(n)), "{sizes:?}");
        assert!((0..1003).all(|a| towns.people(towns.of(a)).contains(&a)));
    }

    #[test]
    fn first_ties_are_mutual_and_stay_in_town() {
        let rules = Rules::new(&scenario(&["population.agents=300", "population.town_size=50"]));
        let world = World::new(&rules, 5, Parallelism::SERIAL);
        for a in 0..300 {
            assert!(world.ties.of(a).len() >= 5);
            for &b in world.ties.of(a).contacts {
                assert!(world.ties.of(b).contacts.contains(&a));
                assert_eq!(world.towns.of(a), world.towns.of(b));
            }
        }
    }

    #[test]
    fn strategies_and_expertise_are_independent() {
        let rules = Rules::new(&scenario(&["population.agents=12000"]));
        let world = World::new(&rules, 5, Parallelism::SERIAL);
        let warriors_in_domain_0 =
            (0..12000).filter(|&a| world.agents[a].strategy == 0 && world.expertise[a] == 0).count();
        // 1000 experts, 40% warriors: mean 400, standard deviation about 15.
        assert!((340..=460).contains(&warriors_in_domain_0), "{warriors_in_domain_0}");
    }
}
