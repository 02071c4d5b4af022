//! Cases of encounters: matching, conversations, gifts, busy lines and chains of referral.

use super::case::{Case, Quantity, theory_file};
use super::theory::{
    calls_taken, conversations, found_along_ring, need_met, partners_mean, partners_variance,
};
use crate::model::M;
use crate::stats::Moments;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    cases.extend([(6, 9), (40, 12), (100, 14)].map(|(guests, slots)| matching(guests, slots)));
    cases.extend([0.0, 0.5, 0.8].map(talks));
    cases.extend([(48, 12, 12), (60, 3, 4)].map(|(guests, domains, slots)| gifts(guests, domains, slots)));
    cases.extend([1, 2, 3].map(busy_lines));
    cases.extend([0, 1, 2, 4].map(referral_chains));
    cases
}

fn matching(guests: u32, slots: u32) -> Case {
    let mean = partners_mean(guests.into(), slots);
    let mut quantities = vec![Quantity::mean("mean", mean, 1, M::Contacts)];
    // The one guest of the first strategy is watched. A strategy of 1% has one member only among 100 guests.
    if guests == 100 {
        let variance = partners_variance(guests.into(), slots);
        quantities.push(Quantity::of_run("variance", variance, |_, records| {
            let variance = |watched: Moments| watched.sd().map_or(f64::NAN, |sd| sd * sd);
            let watched = records.iter().map(|record| {
                let rounds = record.rounds.iter().filter(|r| r.strategy == 0);
                rounds.map(|r| r.values[M::Contacts as usize]).collect()
            });
            watched.map(variance).collect()
        }));
    }
    Case {
        number: 0,
        name: format!("partners-of-{guests}-guests"),
        claim: format!("distinct partners of a guest among {guests} in {slots} slots"),
        source: "classical occupancy problem (Feller 1968, IV.2)",
        file: theory_file!("matching.toml"),
        sets: vec![
            format!("population.agents={guests}"),
            format!("mixer.size={guests}"),
            format!("mixer.slots={slots}"),
        ],
        quantities,
    }
}

fn talks(linger: f64) -> Case {
    const SLOTS: f64 = 60.0;
    let expected = conversations(linger, SLOTS);
    // Everyone talks in every slot, so the mean length gives the number.
    let number = Quantity::of_run("conversations", expected, |s, records| {
        let lengths = super::case::means(s, records, 0, M::ConversationSlots);
        lengths.iter().map(|length| SLOTS / length).collect()
    });
    Case {
        number: 0,
        name: format!("talks-linger-{linger}"),
        claim: format!("conversations in {SLOTS} slots if either stays with chance {linger}"),
        source: "geometric distribution",
        file: theory_file!("talks.toml"),
        sets: vec![format!("strategy.all.linger={linger}")],
        // The mean over rounds of lengths is not quite the reciprocal of that of numbers.
        quantities: vec![number.within(0.02)],
    }
}

fn gifts(guests: u32, domains: u32, slots: u32) -> Case {
    let expected = need_met(guests.into(), f64::from(guests) / f64::from(domains), slots);
    Case {
        number: 0,
        name: format!("gifts-of-{guests}-guests"),
        claim: format!("chance that a need in one of {domains} domains is met in {slots} slots"),
        source: "geometric distribution",
        file: theory_file!("gifts.toml"),
        sets: vec![
            format!("population.agents={guests}"),
            format!("population.domains={domains}"),
            format!("mixer.size={guests}"),
            format!("mixer.slots={slots}"),
        ],
        quantities: vec![Quantity::mean("needs solved", expected, 0, M::NeedsSolved)],
    }
}

fn busy_lines(capacity: u32) -> Case {
    /// Half of the 50 agents are experts in the needs of the other half.
    const CALLERS: u32 = 25;
    let taken = calls_taken(CALLERS, capacity);
    Case {
        number: 0,
        name: format!("busy-lines-{capacity}"),
        claim: format!("calls that an expert with a capacity of {capacity} takes, and calls that are lost"),
        source: "binomial arrivals at a server without a queue",
        file: theory_file!("busy-lines.toml"),
        sets: vec![format!("calls.capacity={capacity}")],
        quantities: vec![
            Quantity::mean("calls received", 1.0, 0, M::InboundCalls),
            Quantity::mean("calls taken", taken, 0, M::TakenCalls),
        ],
    }
}

fn referral_chains(depth: u32) -> Case {
    const AGENTS: f64 = 4000.0;
    const EXPERTS: f64 = 200.0;
    // The two contacts of the caller, and one further person for each link.
    let seen = 2 + depth;
    Case {
        number: 0,
        name: format!("chains-depth-{depth}"),
        claim: format!("chance that chains of up to {depth} people find an expert along a ring"),
        source: "hypergeometric distribution",
        file: theory_file!("referral-chains.toml"),
        sets: vec![format!("calls.depth={depth}")],
        quantities: vec![
            // Some rings are so short that a chain comes round, or both partners are the same person.
            Quantity::mean("needs solved", found_along_ring(AGENTS - 1.0, EXPERTS, seen), 0, M::NeedsSolved)
                .within(f64::from(seen) / AGENTS),
        ],
    }
}
