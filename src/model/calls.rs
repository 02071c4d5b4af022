//! Phase 3: calls.
//!
//! All searches read the world as it is at the start of the phase. Then experts choose among their callers. After
//! that needs close, fees are paid and opinions change: first on the callers' side, in the order of the callers,
//! then on the experts' side.

use super::act::ActRecord;
use super::behaviour::Actor;
use super::favours::Help;
use super::judge::{Act, learn};
use super::ledger::{Count, Tally};
use super::messages::deliver;
use super::population::{PART, World};
use super::record::Channel;
use super::ties::{AgentId, Referral};
use crate::draws::{Purpose, bernoulli, happens};
use crate::parallel::Parallelism;

mod call;
mod messages;
mod observe;

use call::{Call, CallOutcome, Chain, Judgement, Searches, in_parts};
use messages::{apply, write_messages};
use observe::{observe, observe_judgements};

/// Positions of the random words in a caller's stream.
mod position {
    /// Breaks ties in opinion among experts whom the caller knows.
    pub(super) const EXPERT: u64 = 0;
    /// Breaks ties in opinion among contacts whom the caller can ask.
    pub(super) const ASKED: u64 = 1;
    /// Breaks ties in opinion among callers of one expert.
    pub(super) const RANK: u64 = 2;
    /// Three words per link: whether it refers, and how it chooses among equal contacts when it names an expert
    /// and when it passes the search on.
    pub(super) const LINKS: u64 = 3;
    /// One word per judgement: of the expert, then of each link.
    pub(super) const JUDGING: u64 = 32;
}

/// Runs the phase. `referrals` are those of this round's mixers, sorted by caller. Acts are added to `acts`, if there
/// is somebody who asks for them.
pub(super) fn make_calls(
    world: &mut World<'_>,
    round: u32,
    referrals: &[(AgentId, Referral)],
    acts: Option<&mut Vec<ActRecord>>,
    par: Parallelism<'_>,
) -> Tally {
    let parts = par.map(world.parts(), |part| search_part(world, round, part, referrals));
    let mut searches = Searches::default();
    for part in parts {
        searches.calls.extend(part.calls);
        searches.payers.extend(part.payers);
    }
    let outcomes = choose_callers(world, round, &searches.calls, par);
    remember_help(world, round, &searches.calls, &outcomes);
    let calls = searches.calls.iter().zip(&outcomes);
    let taken = || calls.clone().filter(|(_, outcome)| **outcome == CallOutcome::Taken).map(|(call, _)| call);
    let tally = count(world, &searches, &outcomes, par);
    let judged = |i: usize| judge(world, round, &searches.calls[i], outcomes[i]);
    let judgements: Vec<Vec<Judgement>> = for_all(searches.calls.len(), par, judged);
    if let Some(acts) = acts {
        acts.extend(observe(world, round, &searches, &outcomes));
        acts.extend(observe_judgements(world, round, &searches.calls, &judgements));
    }
    if world.rules.public {
        // The verdicts on one actor apply in the order of the acts, which is the order of the callers.
        for &(actor, verdict) in judgements.iter().flatten() {
            let standing = world.standings.get(actor);
            world.standings.set(actor, learn(standing, verdict, world.rules.learning));
        }
    }
    let messages = write_messages(&searches, &outcomes, par);
    let apply = apply(world, &searches.calls, &outcomes, &judgements);
    deliver(world, messages, par, apply);
    for call in taken() {
        let caller = (call.caller, &world.agents[call.caller as usize]);
        let domain = world.expertise[call.expert as usize];
        world.needs.solve_by_call(caller, domain, call.expert, call.chain.links());
    }
    tally
}

/// Remembers the calls taken, if there is somebody who pays forward or returns favours.
fn remember_help(world: &mut World<'_>, round: u32, calls: &[Call], outcomes: &[CallOutcome]) {
    let taken = || {
        let calls = calls.iter().zip(outcomes);
        calls.filter(|(_, outcome)| **outcome == CallOutcome::Taken).map(|(call, _)| call)
    };
    if world.last_helped.is_kept() {
        taken().for_each(|call| world.last_helped.record(call.caller, round));
    }
    if world.favours.are_kept() {
        let help: Vec<Help> = taken().map(|call| Help { helper: call.expert, helped: call.caller }).collect();
        world.favours.settle(&help, round);
    }
}

/// Applies `f` to each of `n` calls; results in order.
fn for_all<R: Send>(n: usize, par: Parallelism<'_>, f: impl Fn(usize) -> R + Sync + Send) -> Vec<R> {
    par.map(in_parts(n), |part| part.map(&f).collect::<Vec<_>>()).into_iter().flatten().collect()
}

/// The searches of a part of the population.
fn search_part(
    world: &World<'_>,
    round: u32,
    part: std::ops::Range<AgentId>,
    referrals: &[(AgentId, Referral)],
) -> Searches {
    let mut starts = world.random_key.agents(round, Purpose::StartSearch, part.start, 1);
    let mut found = Searches::default();
    for caller in part {
        let word = starts.word();
        let referral = || {
            let i = referrals.binary_search_by_key(&caller, |(helped, _)| *helped).ok()?;
            Some(referrals[i].1)
        };
        seek_help(world, round, caller, (word, referral), &mut found);
    }
    found
}

/// An agent with an open need calls the expert of its referral, or else searches for one in its first need with chance
/// `rate`; less often if callers weigh the fee.
#[inline]
fn seek_help(
    world: &World<'_>,
    round: u32,
    caller: AgentId,
    (word, referral): (u32, impl FnOnce() -> Option<Referral>),
    found: &mut Searches,
) {
    let Some(need) = world.agents[caller as usize].need() else { return };
    let reactions = &world.rules.reactions;
    if let Some(Referral { expert, referrer, trust }) = referral() {
        if !bernoulli(word, reactions.call) {
            return;
        }
        let mut chain = Chain::default();
        chain.push(referrer);
        let rank = world.random_key.stream(round, Purpose::Call, caller.into()).word_at(position::RANK);
        found.calls.push(Call { caller, expert, chain, trust, rank });
    } else if bernoulli(word, world.rules.scenario.calls.rate * reactions.call) {
        search(world, round, caller, need, found);
    }
}

/// One caller's search: its own best expert, or else the expert whom a chain of best ties names.
fn search(world: &World<'_>, round: u32, caller: AgentId, need: u16, found: &mut Searches) {
    let (rules, opinions) = (world.rules, world.opinions());
    let mut draws = world.random_key.stream(round, Purpose::Call, caller.into());
    let able = |k: AgentId| world.expertise[k as usize] == need && k != caller;
    let own = world.ties.of(caller);
    if let Some((expert, trust)) = opinions.best(own, able, draws.word_at(position::EXPERT)) {
        let rank = draws.word_at(position::RANK);
        found.calls.push(Call { caller, expert, chain: Chain::default(), trust, rank });
        return;
    }
    let depth = rules.scenario.calls.depth as usize;
    let mut chain = Chain::default();
    let (mut asker, mut product) = (caller, 1.0);
    let asked_word = draws.word_at(position::ASKED);
    let mut next = if depth > 0 { opinions.best(own, |_| true, asked_word) } else { None };
    while let Some((link, opinion)) = next {
        let at = position::LINKS + 3 * chain.len as u64;
        let (behaviour, ties) = (world.behaviour_in_call(link, asker, round), world.ties.of(link));
        if opinions.stored(ties, asker) < opinions.threshold(behaviour.min_opinion)
            || !happens(draws.word_at(at), behaviour.refer)
        {
            break;
        }
        product *= opinion;
        let is_new = |k: AgentId| k != caller && !chain.links().contains(&k);
        let named = opinions.best(ties, |k| able(k) && is_new(k), draws.word_at(at + 1));
        // The last link of the longest chain can name an expert, but not pass the search on.
        let may_pass = named.is_none() && chain.len + 1 < depth;
        next = if may_pass { opinions.best(ties, is_new, draws.word_at(at + 2)) } else { None };
        if named.is_some() || next.is_some() {
            chain.push(link);
        }
        if let Some((expert, opinion)) = named {
            let rank = draws.word_at(position::RANK);
            found.calls.push(Call { caller, expert, chain, trust: product * opinion, rank });
        }
        asker = link;
    }
    // Every link that named or passed on pays, also if the search then fails.
    found.payers.extend(chain.links().iter().map(|&link| (link, caller)));
}

/// Each expert takes first the callers to whom it returns a favour, then those of whom its opinion is highest, up to its
/// capacity, and refuses the others below its least opinion, or all if calls do not pay.
fn choose_callers(world: &World<'_>, round: u32, calls: &[Call], par: Parallelism<'_>) -> Vec<CallOutcome> {
    struct Request {
        expert: AgentId,
        returns_favour: bool,
        opinion: f32,
        rank: u32,
        call: usize,
    }
    let opinions = world.opinions();
    let request = |i: usize| Request {
        expert: calls[i].expert,
        returns_favour: world.returns_favour(calls[i].expert, calls[i].caller, round),
        opinion: opinions.stored(world.ties.of(calls[i].expert), calls[i].caller),
        rank: calls[i].rank,
        call: i,
    };
    let mut requests = for_all(calls.len(), par, request);
    par.sort_by(&mut requests, |p, q| {
        // Adding 0 turns -0 into 0.
        let by_opinion = (q.opinion + 0.0).total_cmp(&(p.opinion + 0.0));
        let by_favour = q.returns_favour.cmp(&p.returns_favour);
        p.expert
            .cmp(&q.expert)
            .then(by_favour)
            .then(by_opinion)
            .then(p.rank.cmp(&q.rank))
            .then(p.call.cmp(&q.call))
    });
    let (capacity, pays) = (world.rules.scenario.calls.capacity as usize, world.rules.reactions.calls_pay);
    let mut outcomes = vec![CallOutcome::Busy; calls.len()];
    for requests in requests.chunk_by(|p, q| p.expert == q.expert) {
        let min_opinion = opinions.threshold(world.behaviour(requests[0].expert).min_opinion);
        for (place, request) in requests.iter().enumerate() {
            if !pays || (request.opinion < min_opinion && !request.returns_favour) {
                outcomes[request.call] = CallOutcome::Refused;
            } else if place < capacity {
                outcomes[request.call] = CallOutcome::Taken;
            }
        }
    }
    outcomes
}

/// Counts calls, referrals, and the flows of the calls taken.
fn count(world: &World<'_>, searches: &Searches, outcomes: &[CallOutcome], par: Parallelism<'_>) -> Tally {
    let strategy = |agent: AgentId| world.agents[agent as usize].strategy;
    let mut tally = Tally::new(world.rules.n_strategies());
    let referred = par.map(searches.payers.chunks(PART).collect(), |payers| {
        let mut tally = Tally::new(world.rules.n_strategies());
        payers.iter().for_each(|&(payer, _)| tally.count(strategy(payer), Count::Referrals, 1));
        tally
    });
    let called = par.map(in_parts(outcomes.len()), |part| {
        let mut tally = Tally::new(world.rules.n_strategies());
        for (call, outcome) in searches.calls[part.clone()].iter().zip(&outcomes[part]) {
            let (caller, expert) = (strategy(call.caller), strategy(call.expert));
            tally.count(expert, Count::InboundCalls, 1);
            match outcome {
                CallOutcome::Busy => {}
                CallOutcome::Refused => tally.count(expert, Count::Refusals, 1),
                CallOutcome::Taken => {
                    let size = world.needs.size(call.caller, world.expertise[call.expert as usize]);
                    tally.flow(expert, caller, Channel::Call, size);
                    tally.flow(caller, expert, Channel::Pull, size);
                    for &link in call.chain.links() {
                        tally.flow(caller, strategy(link), Channel::Finder, size);
                    }
                }
            }
        }
        tally
    });
    referred.iter().chain(&called).for_each(|part| tally.add(part));
    tally
}

/// The caller's judgements: of the expert, and of each link if the call was taken.
fn judge(world: &World<'_>, round: u32, call: &Call, outcome: CallOutcome) -> Vec<Judgement> {
    let rules = world.rules;
    let acts: Vec<(AgentId, Act)> = match outcome {
        CallOutcome::Busy => return Vec::new(),
        CallOutcome::Refused => vec![(call.expert, Act::Refuse)],
        CallOutcome::Taken => {
            let helpers = std::iter::once(call.expert).chain(call.chain.links().iter().copied());
            helpers.map(|helper| (helper, Act::Help)).collect()
        }
    };
    let region = |agent: AgentId| world.towns.region(world.towns.of(agent));
    let mut draws = world.random_key.stream(round, Purpose::Call, call.caller.into());
    draws.seek(position::JUDGING);
    let mut judgements = Vec::with_capacity(acts.len());
    for (helper, act) in acts {
        let word = draws.word();
        let behaviour = world.behaviour(helper);
        let actor = Actor { behaviour, region: region(helper), abroad: false };
        // Under private reputation the recipient is the judge itself, and counts as good.
        let (home, good) = if rules.public {
            (actor.region, world.standings.get(call.caller) >= 0.0)
        } else {
            (region(call.caller), true)
        };
        let by_norm = rules.by_norm[usize::from(home)][act as usize][usize::from(good)];
        let observation = rules.observations.of(actor, home);
        let (is_seen, verdict) = observation.verdict(word, behaviour.motive, by_norm);
        judgements.extend(is_seen.then_some((helper, verdict)));
    }
    judgements
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rules::Rules;
    use crate::model::ties::Decay;
    use crate::scenario::Scenario;

    /// What becomes of calls of agent 0 by the agents 1, 2 and so on, of whom it thinks this, with these ranks.
    fn outcomes(callers: &[(f32, u32)], capacity: u32) -> Vec<CallOutcome> {
        let sets = ["population.agents=9", "population.start_ties=0", &format!("calls.capacity={capacity}")];
        let text = "[[strategy]]\nname = \"a\"\nshare = 1\nmin_opinion = -0.25\n";
        let rules = Rules::new(&Scenario::parse(text, &sets).unwrap());
        let mut world = World::new(&rules, 1, Parallelism::SERIAL);
        let mut calls = Vec::new();
        for (caller, &(opinion, rank)) in (1..).zip(callers) {
            world.ties.of_mut(0).ensure(caller, opinion, &Decay::START);
            calls.push(Call { caller, expert: 0, chain: Chain::default(), trust: 0.0, rank });
        }
        choose_callers(&world, 0, &calls, Parallelism::SERIAL)
    }

    #[test]
    fn an_expert_takes_those_of_whom_it_thinks_best_and_of_equals_the_first_in_rank() {
        use CallOutcome::{Busy, Refused, Taken};
        assert_eq!(outcomes(&[(0.1, 1), (0.5, 2), (0.3, 3)], 2), [Busy, Taken, Taken]);
        assert_eq!(outcomes(&[(0.1, 3), (0.1, 1), (0.1, 2)], 2), [Busy, Taken, Taken]);
        assert_eq!(outcomes(&[(-0.5, 1), (-0.25, 2), (-0.2, 3)], 9), [Refused, Taken, Taken]);
        assert_eq!(outcomes(&[(0.5, 1), (-0.5, 2)], 0), [Busy, Refused]);
        // Zero is one number, whatever its sign.
        for [one, other] in [[0.0, -0.0], [-0.0, 0.0]] {
            assert_eq!(outcomes(&[(one, 2), (other, 1)], 1), [Busy, Taken]);
            assert_eq!(outcomes(&[(one, 1), (other, 2)], 1), [Taken, Busy]);
        }
    }
}
