//! The population: agents in towns in regions, and their initial state.

use std::ops::Range;

use super::account::Payments;
use super::agent::{Agent, Fees, Tenure};
use super::favours::Favours;
use super::gratitude::LastHelped;
use super::intervention::Intervention;
use super::need_state::NeedState;
use super::opinion::{Opinions, Standings, Thresholds};
use super::payment::SURPLUS;
use super::people::{People, first_trust};
use super::precision::single;
use super::rules::Rules;
use super::settled::Settled;
use super::shares::apportion;
use super::tie_table::TieTable;
use super::ties::{AgentId, Decay};
use super::towns::Towns;
use crate::amount::Amount;
use crate::draws::{Purpose, RandomKey, below};
use crate::parallel::Parallelism;

/// Agents per task of a phase, for any number of threads. Sums of opinions are added part by part, so another
/// size can change their last digits. Nothing else depends on it.
pub(super) const PART: usize = 4096;

/// Consecutive ranges of at most [`PART`] of these agents.
pub(super) fn parts_of(agents: Range<AgentId>) -> Vec<Range<AgentId>> {
    let part = u32::try_from(PART).expect("a part is small");
    let end = agents.end;
    agents.step_by(PART).map(|first| first..end.min(first.saturating_add(part))).collect()
}

/// Everything that a round reads and changes.
#[derive(Clone, Debug)]
pub(super) struct World<'a> {
    /// The rules, which no round changes.
    pub rules: &'a Rules,
    /// The key of the replicate's random numbers.
    pub random_key: RandomKey,
    /// By [`AgentId`].
    pub agents: Vec<Agent>,
    /// Each agent's fees in calls; empty if `ties_max` is 0, because then there are no calls.
    pub fees: Vec<Fees>,
    /// Each agent's first round, overhead and rounds of ties; empty without survival, unless ties cost something.
    pub tenures: Vec<Tenure>,
    /// When each agent was last helped; empty if nobody pays forward.
    pub last_helped: LastHelped,
    /// The favours that agents owe each other; none if nobody returns any.
    pub favours: Favours,
    /// What payments before changes of prices came to more than at the prices in force.
    pub settled: Settled,
    /// Further needs of agents, and sizes of needs; empty if agents have one need at a time, all worth the same.
    pub needs: NeedState,
    /// Each agent's domain of expertise.
    pub expertise: Vec<u16>,
    /// Home towns and regions.
    pub towns: Towns,
    /// The ties of all agents.
    pub ties: TieTable,
    /// What people have of their own, if they differ. It follows from births and strategies.
    pub people: People,
    /// Public standings; empty if reputation is private.
    pub standings: Standings,
    /// Thresholds for opinions in this round.
    pub thresholds: Thresholds,
    /// The intervention, if there is one.
    pub intervention: Option<Intervention>,
}

impl<'a> World<'a> {
    /// The world of a replicate before its first round.
    pub(super) fn new(rules: &'a Rules, seed: u64, par: Parallelism<'_>) -> Self {
        let (s, random_key) = (&rules.scenario, RandomKey::new(seed));
        let n = s.population.agents;
        let strategies = s.community().strategies.clone().unwrap_or_else(|| {
            let shares: Vec<f64> = s.strategies.iter().map(|t| t.share).collect();
            assign_at_random(&apportion(&shares, n), random_key, Purpose::InitialStrategies, par)
        });
        let expertise = s.community().expertise.clone().unwrap_or_else(|| {
            let domains = s.population.domains;
            let even = vec![1.0 / f64::from(domains); domains as usize];
            assign_at_random(&apportion(&even, n), random_key, Purpose::Expertise, par)
        });
        let agents: Vec<Agent> = strategies.into_iter().map(Agent::new).collect();
        let mut world = Self {
            rules,
            random_key,
            people: People::new(rules, random_key, &agents, par),
            agents,
            fees: vec![Fees::default(); if s.population.ties_max > 0 { n as usize } else { 0 }],
            tenures: vec![
                Tenure::default();
                if s.survival.is_some() || rules.charges_ties { n as usize } else { 0 }
            ],
            last_helped: LastHelped::new(if s.help.pay_forward > 0.0 { n as usize } else { 0 }),
            favours: Favours::new(&s.help),
            settled: Settled::default(),
            needs: NeedState::new(n as usize, &s.needs),
            expertise,
            towns: Towns::new(rules),
            ties: TieTable::new(n as usize, s.population.ties_max as usize),
            standings: Standings::new(if rules.public { n as usize } else { 0 }, rules.prior),
            thresholds: Thresholds::new(rules, Decay::START),
            intervention: None,
        };
        world.add_start_ties(par);
        world
    }

    /// Whether the state of agents, ties and standings is the same as in another world.
    pub(super) fn same_state_as(&self, other: &Self) -> bool {
        self.agents == other.agents
            && self.fees == other.fees
            && self.tenures == other.tenures
            && self.last_helped == other.last_helped
            && self.favours == other.favours
            && self.settled == other.settled
            && self.needs == other.needs
            && self.standings == other.standings
            && (0..self.n_agents()).all(|agent| self.ties.of(agent) == other.ties.of(agent))
    }

    /// Number of agents, active or not.
    pub(super) fn n_agents(&self) -> AgentId {
        u32::try_from(self.agents.len()).expect("agents are numbered in 32 bits")
    }

    /// An agent's fees in calls.
    #[inline]
    pub(super) fn fees(&self, agent: AgentId) -> Fees {
        self.fees.get(agent as usize).copied().unwrap_or_default()
    }

    /// An agent's first round, overhead and rounds of ties.
    pub(super) fn tenure(&self, agent: AgentId) -> Tenure {
        self.tenures.get(agent as usize).copied().unwrap_or_default()
    }

    /// All payments of an agent since birth.
    #[inline]
    pub(super) fn payments(&self, agent: AgentId) -> Payments {
        let mut payments = Payments::default();
        self.add_payments(agent, &mut payments);
        payments
    }

    /// Adds all payments of an agent since birth to others. It is called for every agent in every round.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "a call costs more than the sums")]
    pub(super) fn add_payments(&self, agent: AgentId, payments: &mut Payments) {
        let own = self.agents[agent as usize].payments(self.fees(agent), self.tenure(agent));
        payments.add_counts(0, own);
        if self.needs.have_sizes() {
            payments.add_counts(SURPLUS, self.needs.units(agent));
        }
    }

    /// Number of open needs of an agent.
    #[inline]
    pub(super) fn n_needs(&self, agent: AgentId) -> u32 {
        self.needs.number((agent, &self.agents[agent as usize]))
    }

    /// Gives an agent a strategy.
    pub(super) fn set_strategy(&mut self, agent: AgentId, strategy: u16) {
        self.agents[agent as usize].strategy = strategy;
        let born = self.tenure(agent).born();
        self.people.renew(self.rules, self.random_key, (agent, born), strategy);
    }

    /// The net benefit of an agent since birth.
    #[inline]
    pub(super) fn net(&self, agent: AgentId) -> Amount {
        let net = self.rules.prices.net(&self.payments(agent));
        if self.settled.is_kept() { net + self.settled.of(agent).net() } else { net }
    }

    /// The capital of an agent, under survival.
    #[inline]
    pub(super) fn capital(&self, agent: AgentId) -> Amount {
        let capital = self.rules.prices.capital(&self.payments(agent)) + self.people.surplus(agent);
        if self.settled.is_kept() { capital + self.settled.of(agent).money() } else { capital }
    }

    /// How opinions are read in this round.
    pub(super) fn opinions(&self) -> Opinions<'_> {
        Opinions::new(self.rules.public, &self.thresholds, &self.standings)
    }

    /// How the trust of ties is read in this round.
    pub(super) fn decay(&self) -> &Decay {
        &self.thresholds.decay
    }

    /// Ties of an agent: contact and current trust, sorted by contact.
    pub(super) fn ties_of(&self, agent: AgentId) -> Vec<(AgentId, f32)> {
        let (ties, decay) = (self.ties.of(agent), self.decay());
        let both = ties.contacts.iter().zip(ties.trust);
        let mut ties: Vec<_> = both.map(|(&contact, &trust)| (contact, decay.read(trust))).collect();
        ties.sort_unstable_by_key(|(contact, _)| *contact);
        ties
    }

    /// Applies one round of decay to all trust.
    pub(super) fn fade(&mut self, par: Parallelism<'_>) {
        let (decay, rebase) = self.decay().next(self.rules.scenario.reputation.fade);
        if let Some(scale) = rebase {
            self.ties.rebase(scale, par);
        }
        self.thresholds = Thresholds::new(self.rules, decay);
    }

    /// Consecutive ranges of agents, one per task of a phase.
    pub(super) fn parts(&self) -> Vec<Range<AgentId>> {
        parts_of(0..self.n_agents())
    }

    /// Makes the initial ties: those of a file of ties; else each agent names `start_ties` / 2 others of its town, and
    /// each pair gets a tie in both directions.
    fn add_start_ties(&mut self, par: Parallelism<'_>) {
        let p = &self.rules.scenario.population;
        if p.ties_max == 0 {
            return;
        }
        let (usual, decay) = (single(p.start_trust), Decay::START);
        let own = first_trust(self.rules, self.random_key, &self.agents, par);
        let trust = |agent: AgentId| own.get(agent as usize).copied().unwrap_or(usual);
        if let Some(ties) = &self.rules.scenario.community().ties {
            for agent in 0..self.n_agents() {
                for (other, given) in ties.of(agent) {
                    self.ties.of_mut(agent).ensure(other, given.unwrap_or(trust(agent)), &decay);
                }
            }
            return;
        }
        for town in 0..self.towns.len() {
            let residents = self.towns.residents(town);
            let others = residents.end - residents.start - 1;
            for agent in residents.clone() {
                let mut draws = self.random_key.stream(0, Purpose::StartTies, agent.into());
                let mut named: Vec<AgentId> = Vec::new();
                while named.len() < (p.start_ties / 2).min(others) as usize {
                    let pick = residents.start + below(draws.word(), others);
                    let other = if pick >= agent { pick + 1 } else { pick };
                    if !named.contains(&other) {
                        named.push(other);
                        self.ties.of_mut(agent).ensure(other, trust(agent), &decay);
                        self.ties.of_mut(other).ensure(agent, trust(other), &decay);
                    }
                }
            }
        }
    }
}

/// Assigns one of the kinds `0, 1 ...` to each agent at random, exactly `counts` of each.
fn assign_at_random(
    counts: &[u32],
    random_key: RandomKey,
    purpose: Purpose,
    par: Parallelism<'_>,
) -> Vec<u16> {
    let n: u32 = counts.iter().sum();
    let mut words = random_key.agents(0, purpose, 0, 1);
    let mut order: Vec<u64> = (0..n).map(|id| u64::from(words.word()) << 32 | u64::from(id)).collect();
    par.sort_distinct(&mut order);
    let kinds = (0u16..).zip(counts).flat_map(|(kind, &count)| std::iter::repeat_n(kind, count as usize));
    let mut assigned = vec![0; n as usize];
    for (key, kind) in order.into_iter().zip(kinds) {
        // The low half of a key is the agent.
        #[allow(clippy::cast_possible_truncation)]
        let agent = key as AgentId;
        assigned[agent as usize] = kind;
    }
    assigned
}

#[cfg(test)]
mod tests {
    use super::super::favours::Help;
    use super::super::open_needs::Need;
    use super::super::payment::PaymentKind;
    use super::super::round::Simulation;
    use super::*;
    use crate::scenario::Scenario;

    fn scenario(sets: &[&str]) -> Scenario {
        Scenario::parse("", sets).unwrap_or_else(|faults| panic!("{faults}"))
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

    #[test]
    fn worlds_that_differ_in_one_thing_alone_are_in_different_states() {
        let sets = [
            "population.agents=20",
            "survival.overhead=1",
            "help.pay_forward=0.5",
            "help.reciprocity=0.5",
            "needs.at_once=2",
            "reputation.kind=public",
        ];
        let rules = Rules::new(&scenario(&sets));
        let world = World::new(&rules, 5, Parallelism::SERIAL);
        let changes: [fn(&mut World<'_>); 9] = [
            |w| w.agents[3].strategy += 1,
            |w| w.fees[3].post(PaymentKind::FinderPaid, 1),
            |w| w.tenures[3].add_overhead(),
            |w| w.last_helped.record(3, 0),
            |w| w.favours.settle(&[Help { helper: 3, helped: 4 }], 0),
            |w| w.settled.settle([Payments::default()].into_iter(), [&w.rules.prices; 2]),
            |w| w.needs.open((3, &Agent::new(0)), Need { domain: 1, opened: 0, size: 1 }),
            |w| w.standings.set(3, 0.75),
            |w| w.ties.of_mut(3).clear(),
        ];
        assert!(world.same_state_as(&world.clone()));
        for (place, change) in changes.iter().enumerate() {
            let mut other = world.clone();
            change(&mut other);
            assert!(!world.same_state_as(&other), "change {place}");
        }
    }

    #[test]
    fn the_same_world_in_another_round_is_in_another_state() {
        // Nothing happens in it.
        let sets = ["population.agents=20", "needs.rate=0", "mixer.every=9", "strategy.warrior.gossip=0"];
        let sets = [&sets[..], &["strategy.servant.gossip=0", "strategy.abstainer.gossip=0"]].concat();
        let rules = Rules::new(&scenario(&sets));
        let mut world = Simulation::new(&rules, 5, Parallelism::SERIAL);
        world.advance(Parallelism::SERIAL);
        let mut later = world.clone();
        later.advance(Parallelism::SERIAL);
        assert!(world.same_state_as(&world.clone()) && !world.same_state_as(&later));
        world.advance(Parallelism::SERIAL);
        assert!(world.same_state_as(&later));
    }
}
