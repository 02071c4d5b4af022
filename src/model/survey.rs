//! Records: of every strategy in each round, and of every agent at the end.

use super::account::{Payments, Prices};
use super::ledger::{Count, Tally};
use super::payment::PaymentKind;
use super::population::World;
use super::record::{AgentRecord, M, N_METRICS, RoundRecord};
use super::ties::AgentId;
use crate::amount::Amount;
use crate::parallel::Parallelism;

/// Sums over the members of one strategy.
#[derive(Clone, Debug, Default)]
struct Sums {
    active: u64,
    /// Payments since birth.
    payments: Payments,
    /// What earlier ones of these came to more than at the prices in force.
    settled: Amount,
    ties: u64,
    needs_open: u64,
    /// Sum of the opinions held about members.
    opinion: f64,
    /// Number of opinions held about members.
    opinions: u64,
    standing_good: u64,
}

/// Sum and number of opinions held about the members of one strategy.
#[derive(Clone, Copy, Debug, Default)]
struct OpinionSum {
    sum: f64,
    n: u64,
}

/// Number of separate sums of opinions per strategy, which are used in turn. Summing opinions is most of the work of
/// a record, and a single sum would make each addition wait for the one before.
const LANES: usize = 4;

impl OpinionSum {
    #[inline]
    fn add(&mut self, opinion: f32) {
        self.sum += f64::from(opinion);
        self.n += 1;
    }
}

impl Sums {
    fn add(&mut self, part: &Self) {
        self.active += part.active;
        self.payments.add(&part.payments);
        self.settled += part.settled;
        self.ties += part.ties;
        self.needs_open += part.needs_open;
        self.opinion += part.opinion;
        self.opinions += part.opinions;
        self.standing_good += part.standing_good;
    }
}

/// Counts the open needs of agents who are about to be removed.
pub(super) fn count_lost_needs(world: &World<'_>, tally: &mut Tally, failed: &[AgentId]) {
    for &id in failed {
        let strategy = world.agents[id as usize].strategy;
        tally.count(strategy, Count::NeedsLost, world.n_needs(id).into());
    }
}

/// The records of a round at each of these prices, one per strategy: from the counts of the round and the state at its
/// end, before failures and changes of strategy.
pub(super) fn survey(
    world: &World<'_>,
    round: u32,
    tally: &Tally,
    prices: &[&Prices],
    par: Parallelism<'_>,
) -> Vec<Vec<RoundRecord>> {
    if prices.is_empty() {
        return Vec::new();
    }
    let sums = sum_members(world, par);
    let at = |prices: &Prices| {
        let records = (0u16..).zip(&sums);
        records.map(|(strategy, sums)| record(world, round, strategy, prices, sums, tally)).collect()
    };
    prices.iter().map(|prices| at(prices)).collect()
}

/// Sums over all members, by strategy. Parts are added in order, so sums of floats do not depend on threads.
fn sum_members(world: &World<'_>, par: Parallelism<'_>) -> Vec<Sums> {
    let n_strategies = world.rules.n_strategies();
    // A dense copy, so that looking up the strategies of contacts stays in the cache.
    let strategies: Vec<u16> = world.agents.iter().map(|a| a.strategy).collect();
    let parts = par.map(world.parts(), |part| sum_part(world, &strategies, part));
    let mut sums = vec![Sums::default(); n_strategies];
    for part in &parts {
        sums.iter_mut().zip(part).for_each(|(sum, part)| sum.add(part));
    }
    sums
}

fn sum_part(world: &World<'_>, strategies: &[u16], part: std::ops::Range<AgentId>) -> Vec<Sums> {
    let n_strategies = world.rules.n_strategies();
    let mut sums = vec![Sums::default(); n_strategies];
    let mut opinions = vec![[OpinionSum::default(); LANES]; n_strategies];
    for id in part {
        let agent = &world.agents[id as usize];
        if !agent.is_active() {
            continue;
        }
        let strategy = usize::from(agent.strategy);
        let own = &mut sums[strategy];
        own.active += 1;
        world.add_payments(id, &mut own.payments);
        if world.settled.is_kept() {
            own.settled += world.settled.of(id).net();
        }
        own.needs_open += u64::from(world.n_needs(id));
        let ties = world.ties.of(id);
        own.ties += ties.len() as u64;
        if world.rules.public {
            let standing = world.standings.get(id);
            opinions[strategy][0].add(standing);
            own.standing_good += u64::from(standing >= 0.0);
        } else {
            let mut add = |lane: usize, contact: AgentId, trust: f32| {
                opinions[usize::from(strategies[contact as usize])][lane].add(trust);
            };
            let (contacts, last_contacts) = ties.contacts.as_chunks::<LANES>();
            let (trust, last_trust) = ties.trust.as_chunks::<LANES>();
            for (contacts, trust) in contacts.iter().zip(trust) {
                (0..LANES).for_each(|lane| add(lane, contacts[lane], trust[lane]));
            }
            let last = last_contacts.iter().zip(last_trust).enumerate();
            last.for_each(|(lane, (&contact, &trust))| add(lane, contact, trust));
        }
    }
    for (sum, held) in sums.iter_mut().zip(opinions) {
        // The sum of stored trust, converted to trust as read.
        sum.opinion = held.iter().map(|held| held.sum).sum::<f64>() * world.opinions().scale();
        sum.opinions = held.iter().map(|held| held.n).sum();
    }
    sums
}

/// A count as a float. Counts are far below 2^53, so this is exact.
#[allow(clippy::cast_precision_loss)]
fn number(count: u64) -> f64 {
    count as f64
}

/// `sum / n`; NaN if `n` is 0.
fn mean(sum: f64, n: u64) -> f64 {
    if n == 0 { f64::NAN } else { sum / number(n) }
}

fn record(
    world: &World<'_>,
    round: u32,
    strategy: u16,
    prices: &Prices,
    sums: &Sums,
    tally: &Tally,
) -> RoundRecord {
    let s = usize::from(strategy);
    let payments = tally.payments(s);
    let mut values = [f64::NAN; N_METRICS];
    let mut set = |metric: M, value: f64| values[metric as usize] = value;
    let per_agent = |n: u64| mean(number(n), sums.active);
    let counted = |what| tally.counted(s, what);
    set(M::Net, prices.net(&payments).per(sums.active));
    set(M::NetTotal, (prices.net(&sums.payments) + sums.settled).per(sums.active));
    set(M::Ties, per_agent(sums.ties));
    set(M::NeedsOpen, per_agent(sums.needs_open - counted(Count::NeedsLost)));
    for (metric, count) in [
        (M::NeedsOpened, Count::NeedsOpened),
        (M::NeedsLapsed, Count::NeedsLapsed),
        (M::NeedsLost, Count::NeedsLost),
        (M::ActsPush, Count::Pushes),
        (M::ActsRefer, Count::Referrals),
        (M::ActsRefuse, Count::Refusals),
        (M::InboundCalls, Count::InboundCalls),
    ] {
        set(metric, per_agent(counted(count)));
    }
    set(M::TakenCalls, per_agent(payments.of(PaymentKind::Pull)));
    set(M::ActsAssist, per_agent(payments.of(PaymentKind::Assist)));
    set(M::ActsEncourage, per_agent(payments.of(PaymentKind::Encourage)));
    let solved =
        [PaymentKind::Push, PaymentKind::Gift, PaymentKind::Call].map(|kind| payments.of(kind)).iter().sum();
    set(M::NeedsSolved, per_agent(solved));
    // The sum is scaled in double precision, so a mean of opinions of 1 can be a little more.
    set(M::Opinion, mean(sums.opinion, sums.opinions).clamp(-1.0, 1.0));
    if world.rules.public {
        set(M::StandingGood, per_agent(sums.standing_good));
    }
    if round.is_multiple_of(world.rules.scenario.mixer.every) {
        let guests = counted(Count::Guests);
        set(M::Guests, number(guests));
        set(M::Contacts, mean(number(counted(Count::Contacts)), guests));
        let talks = counted(Count::Conversations);
        set(M::ConversationSlots, mean(number(counted(Count::ConversationSlots)), talks));
    }
    for (amount, value) in prices.amounts(&payments).iter().zip(&mut values[M::Net as usize + 1..]) {
        *value = amount.per(sums.active);
    }
    let agents = u32::try_from(sums.active).expect("agents are numbered in 32 bits");
    RoundRecord { round, strategy, agents, values }
}

/// Net benefit since birth of every active agent, by strategy, in the order of their ids.
pub(super) fn nets_by_strategy(world: &World<'_>) -> Vec<Vec<f64>> {
    let mut nets = vec![Vec::new(); world.rules.n_strategies()];
    for (id, agent) in (0..).zip(&world.agents).filter(|(_, a)| a.is_active()) {
        nets[usize::from(agent.strategy)].push(world.net(id).per(1));
    }
    nets
}

/// The final state of every agent.
pub(super) fn agent_records(world: &World<'_>) -> Vec<AgentRecord> {
    let (rules, prices) = (world.rules, &world.rules.prices);
    (0..world.n_agents())
        .zip(&world.agents)
        .map(|(id, agent)| {
            let (town, payments) = (world.towns.of(id), world.payments(id));
            AgentRecord {
                agent: id,
                strategy: agent.strategy,
                region: world.towns.region(town),
                town,
                expertise: world.expertise[id as usize],
                active: agent.is_active(),
                born: world.tenure(id).born(),
                need: agent.need().map(|domain| (domain, agent.need_opened())),
                ties: u32::try_from(world.ties.of(id).len()).expect("ties are counted in 16 bits"),
                standing: rules.public.then(|| f64::from(world.standings.get(id))),
                capital: rules.scenario.survival.is_some().then(|| world.capital(id)),
                net_total: world.net(id),
                amounts: world.settled.of(id).amounts(prices.amounts(&payments)),
            }
        })
        .collect()
}
