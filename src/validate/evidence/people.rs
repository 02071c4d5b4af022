//! What people do for one another within a year, and what they gain.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{ActKind, ActRecord, AgentId, Channel};
use crate::scenario::{Strategy, differing_traits};
use crate::stats::Concentration;

/// The share of the people whose help is compared with that of all: between the 3 and the 5% of the study.
const TOP: f64 = 0.04;

/// Acts of help, and calls.
#[derive(Debug)]
pub(super) struct People {
    /// Needs solved for others and referrals given, by agent.
    help: Vec<u32>,
    /// Who helped whom, in both orders.
    exchanged: BTreeSet<(AgentId, AgentId)>,
    referrals: u64,
    calls: u64,
    /// Calls taken, by the number of people between caller and expert: none, one, more.
    between: [u64; 3],
}

impl People {
    pub(super) fn new(n_agents: usize) -> Self {
        Self { help: vec![0; n_agents], exchanged: BTreeSet::new(), referrals: 0, calls: 0, between: [0; 3] }
    }

    /// Adds the acts of a round.
    pub(super) fn add(&mut self, acts: &[ActRecord]) {
        for act in acts.iter().filter(|act| [ActKind::Assist, ActKind::Refer].contains(&act.kind)) {
            self.help[act.actor as usize] += 1;
            self.referrals += u64::from(act.kind == ActKind::Refer);
            let pair = act.other.map(|other| [(act.actor, other), (other, act.actor)]);
            self.exchanged.extend(pair.into_iter().flatten());
        }
        let on_the_phone = || acts.iter().filter(|act| act.event.is_none());
        // An agent calls at most once in a round. The act of a call names only the last person in between.
        let mut links: BTreeMap<AgentId, usize> = BTreeMap::new();
        for act in on_the_phone() {
            match (act.kind, act.other) {
                (ActKind::Refer, Some(caller)) => *links.entry(caller).or_default() += 1,
                (ActKind::Call, _) => self.calls += 1,
                _ => {}
            }
        }
        // Who was referred at the mixer calls without a chain of its own.
        for act in on_the_phone().filter(|act| act.kind == ActKind::Call && act.third.is_some()) {
            links.entry(act.actor).or_insert(1);
        }
        for act in on_the_phone().filter(|act| act.channel == Some(Channel::Call)) {
            let caller = act.other.expect("a call has a caller");
            self.between[links.get(&caller).map_or(0, |n| (*n).min(2))] += 1;
        }
    }

    /// Referrals of an agent.
    pub(super) fn referrals(&self) -> f64 {
        self.referrals as f64 / self.help.len() as f64
    }

    /// Number of calls.
    pub(super) fn calls(&self) -> u64 {
        self.calls
    }

    /// Share of all help that the few who help most give.
    pub(super) fn top_helpers(&self) -> f64 {
        let help = self.help.iter().map(|n| f64::from(*n)).collect();
        Concentration::of(help).map_or(f64::NAN, |help| help.top(TOP))
    }

    /// Shares of the calls taken by the number of people between: none, one, more.
    pub(super) fn between(&self) -> [f64; 3] {
        let all = self.between.iter().sum::<u64>() as f64;
        self.between.map(|n| n as f64 / all)
    }

    /// Number of people with whom each agent exchanged help.
    pub(super) fn peers(&self) -> Vec<f64> {
        let mut peers = vec![0.0; self.help.len()];
        self.exchanged.iter().for_each(|(agent, _)| peers[*agent as usize] += 1.0);
        peers
    }
}

/// Whether a strategy comes to mixers to serve rather than to ask (true), the other way round (false), or neither.
fn manner(strategy: &Strategy) -> Option<bool> {
    let motive = strategy.serve - strategy.ask;
    (strategy.attend > 0.0 && motive != 0.0).then_some(motive > 0.0)
}

/// Mean of a quantity over the members of a strategy, or of several.
fn mean_of(values: &[f64], strategies: &[u16], is_member: impl Fn(usize) -> bool) -> f64 {
    let members = values.iter().zip(strategies).filter(|(_, strategy)| is_member(usize::from(**strategy)));
    let (sum, n) = members.fold((0.0, 0_u32), |(sum, n), (value, _)| (sum + value, n + 1));
    sum / f64::from(n)
}

/// By how much those who serve have more of a quantity than those who ask, as a share.
pub(super) fn gain_of_manner(values: &[f64], agents: &[u16], strategies: &[Strategy]) -> f64 {
    let mean = |serves: bool| mean_of(values, agents, |s| manner(&strategies[s]) == Some(serves));
    mean(true) / mean(false) - 1.0
}

/// By how much those who attend have more of a quantity than those who differ in nothing but that they never do, as a
/// share; NaN without such a pair of strategies.
pub(super) fn gain_of_attending(values: &[f64], agents: &[u16], strategies: &[Strategy]) -> f64 {
    let only_attendance = |a: &Strategy, b: &Strategy| {
        a.attend > 0.0 && b.attend == 0.0 && differing_traits(a, b).all(|t| t.name == "attend")
    };
    let pairs = strategies.iter().enumerate().flat_map(|(a, one)| {
        let others = strategies.iter().enumerate().filter(move |(_, other)| only_attendance(one, other));
        others.map(move |(b, _)| (a, b))
    });
    let gain = |(a, b)| mean_of(values, agents, |s| s == a) / mean_of(values, agents, |s| s == b) - 1.0;
    pairs.map(gain).next().unwrap_or(f64::NAN)
}

/// How many times as often as in the whole those who serve are among the tenth with the least and with the most of a
/// quantity, among those who attend.
pub(super) fn givers_at_ends(values: &[f64], agents: &[u16], strategies: &[Strategy]) -> [f64; 2] {
    let all = values.iter().zip(agents);
    let of = |(value, s): (&f64, &u16)| Some((*value, manner(&strategies[usize::from(*s)])?));
    let mut ranked: Vec<(f64, bool)> = all.filter_map(of).collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let share = |people: &[(f64, bool)]| people.iter().filter(|p| p.1).count() as f64 / people.len() as f64;
    let tenth = ranked.len() / 10;
    let ends = [&ranked[..tenth], &ranked[ranked.len() - tenth..]];
    ends.map(|end| share(end) / share(&ranked))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Rules, Simulation};
    use crate::parallel::Parallelism;
    use crate::scenario::Scenario;

    #[test]
    fn acts_of_a_year_are_counted_as_the_records_count_them() {
        let sets = ["population.agents=300", "calls.depth=4", "population.domains=30", "rounds=30"];
        let scenario = Scenario::parse("", &sets).unwrap();
        let rules = Rules::new(&scenario);
        let mut world = Simulation::new(&rules, 3, Parallelism::SERIAL);
        let mut people = People::new(300);
        let (mut help, mut referrals, mut taken, mut finders) = (0.0, 0.0, 0.0, 0);
        for _ in 0..30 {
            let mut acts = Vec::new();
            let records = world.step_observed(Parallelism::SERIAL, &mut acts);
            people.add(&acts);
            let total = |m: crate::model::M| -> f64 {
                records.iter().map(|r| r.values[m as usize] * f64::from(r.agents)).sum()
            };
            referrals += total(crate::model::M::ActsRefer);
            help += total(crate::model::M::ActsAssist);
            taken += total(crate::model::M::TakenCalls);
            finders += acts.iter().filter(|act| act.kind == ActKind::Finder).count();
        }
        assert!((f64::from(people.help.iter().sum::<u32>()) - help - referrals).abs() < 1e-6);
        assert!((people.referrals() * 300.0 - referrals).abs() < 1e-6);
        assert!((people.between.iter().sum::<u64>() as f64 - taken).abs() < 1e-6);
        // Each person in between is paid; with three and more there are further ones.
        let counted = people.between[1] + 2 * people.between[2];
        assert!(people.between.iter().all(|n| *n > 0) && counted <= finders as u64, "{people:?}");
        assert!(people.calls() as f64 >= taken);
        let peers: f64 = people.peers().iter().sum();
        assert!(peers > 0.0 && peers <= 2.0 * (help + referrals));
        assert!((0.04..0.5).contains(&people.top_helpers()));
    }

    #[test]
    fn groups_are_compared_by_their_traits() {
        let strategies = Scenario::default().strategies.clone();
        // Two warriors, two servants, an abstainer.
        let (agents, values) = ([0, 0, 1, 1, 2], [1.0, 3.0, 2.0, 4.0, 2.0]);
        assert_eq!(gain_of_manner(&values, &agents, &strategies), 0.5);
        assert_eq!(gain_of_attending(&values, &agents, &strategies), 0.5);
        assert!(gain_of_attending(&values, &agents, &strategies[..2]).is_nan());
        // Ten warriors in the middle, five servants at each end; abstainers do not count.
        let agents: Vec<u16> = [vec![1; 5], vec![0; 10], vec![1; 5], vec![2; 50]].concat();
        let values: Vec<f64> = (0..70).map(f64::from).collect();
        assert_eq!(givers_at_ends(&values, &agents, &strategies), [2.0, 2.0]);
    }
}
