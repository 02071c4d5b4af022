//! The phone in variants: only those search again who differ or asked somebody who does.

use super::{Call, Fate, Judgement, Searches, choose_callers, judge, open, seek_help, write_letters};
use crate::draws::Purpose;
use crate::model::population::World;
use crate::model::ties::{AgentId, Referral};
use crate::model::variant::Variant;
use crate::parallel::Team;

/// Goes through the phase in each variant, before the base has; `base` is what came of its searches.
pub(super) fn ring_phones(
    world: &World<'_>,
    variants: &mut [Variant],
    round: u32,
    referrals: &[(AgentId, Referral)],
    base: (&Searches, &[Fate]),
) {
    if variants.is_empty() {
        return;
    }
    let mut words = vec![0; world.agents.len()];
    world.luck.agents(round, Purpose::PickUp, 0, 1).fill(&mut words);
    for variant in variants {
        let afresh = search_afresh(base.0, variant);
        let searches = search(world, variant, round, (referrals, &words), (base.0, &afresh));
        ring(world, variant, round, base, (&searches, &afresh));
        // Referrals are for this round's calls.
        variant.referred.clear();
    }
}

/// Whose search may come to something else than in the base, in order.
fn search_afresh(base: &Searches, variant: &Variant) -> Vec<AgentId> {
    let mut afresh = variant.differing().to_vec();
    afresh.extend(variant.referred.iter().map(|(helped, _)| *helped));
    let asked = base.asked.iter().filter(|(link, _)| variant.has(*link));
    afresh.extend(asked.map(|(_, caller)| *caller));
    afresh.sort_unstable();
    afresh.dedup();
    afresh
}

/// All searches: those done afresh, and the base's.
fn search(
    world: &World<'_>,
    variant: &Variant,
    round: u32,
    (referrals, words): (&[(AgentId, Referral)], &[u32]),
    (base, afresh): (&Searches, &[AgentId]),
) -> Searches {
    let seen = variant.seen(world);
    let mut searches = Searches::default();
    for &caller in afresh {
        let referral = || match variant.referred.binary_search_by_key(&caller, |(helped, _)| *helped) {
            Ok(i) => variant.referred[i].1,
            Err(_) => {
                let i = referrals.binary_search_by_key(&caller, |(helped, _)| *helped).ok()?;
                Some(referrals[i].1)
            }
        };
        let word = words[caller as usize];
        seek_help(world, &seen, round, caller, (word, referral), &mut searches);
    }
    let kept = |caller: AgentId| afresh.binary_search(&caller).is_err();
    searches.calls.extend(base.calls.iter().filter(|call| kept(call.caller)).cloned());
    searches.calls.sort_unstable_by_key(|call| call.caller);
    searches.payers.extend(base.payers.iter().filter(|(_, caller)| kept(*caller)));
    searches
}

/// Experts choose, and everything reaches those who differ or get something else than in the base.
fn ring(
    world: &World<'_>,
    variant: &mut Variant,
    round: u32,
    base: (&Searches, &[Fate]),
    (searches, afresh): (&Searches, &[AgentId]),
) {
    let fates = choose_callers(world, &variant.seen(world), round, &searches.calls, Team::ALONE);
    let here = (searches, fates.as_slice());
    others_reached(base, here, afresh).into_iter().for_each(|id| variant.take(id, world));
    let judged = |(call, &fate): (&Call, &Fate)| {
        if variant.has(call.caller) { judge(world, round, call, fate) } else { Vec::new() }
    };
    let judgements: Vec<Vec<Judgement>> = searches.calls.iter().zip(&fates).map(judged).collect();
    let letters = write_letters(searches, &fates, Team::ALONE);
    variant.deliver(letters.into_iter().flatten(), open(world, round, &searches.calls, &fates, &judgements));
}

/// Whom a call or a referral reaches in one of two worlds, and not in the other, or may do so.
fn others_reached(
    base: (&Searches, &[Fate]),
    here: (&Searches, &[Fate]),
    afresh: &[AgentId],
) -> Vec<AgentId> {
    let mut reached = Vec::new();
    for searches in [base.0, here.0] {
        let again = searches.payers.iter().filter(|(_, caller)| afresh.binary_search(caller).is_ok());
        reached.extend(again.map(|(payer, _)| *payer));
    }
    let mut base = base.0.calls.iter().zip(base.1).peekable();
    let mut here = here.0.calls.iter().zip(here.1).peekable();
    loop {
        let next = [base.peek(), here.peek()].into_iter().flatten().map(|(call, _)| call.caller).min();
        let Some(caller) = next else { return reached };
        let there = base.next_if(|(call, _)| call.caller == caller);
        let here = here.next_if(|(call, _)| call.caller == caller);
        if there == here {
            continue;
        }
        for (call, fate) in [there, here].into_iter().flatten() {
            reached.push(call.caller);
            if *fate == Fate::Taken {
                reached.push(call.expert);
                reached.extend(call.chain.links());
            }
        }
    }
}
