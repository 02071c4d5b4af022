//! Memory of one world: between rounds, within a round, and for the acts of a round.

use crate::amount::Amount;
use crate::model::{
    ActRecord, CORRECTION_BYTES, EVENTS_AT_ONCE, FAVOUR_BYTES, NEED_BYTES, PERSON_BYTES, SURPLUS_BYTES,
};
use crate::scenario::{ReputationKind, Scenario};

/// Memory for the acts of a round, in lists that double when they grow.
pub(crate) fn acts_bytes(scenario: &Scenario) -> u64 {
    /// Acts of a guest in a slot: half a talk, and at most two acts. Each act has a judgement, and those of bystanders.
    const ACTS_OF_GUEST: f64 = 2.5;
    const JUDGED: f64 = 2.0;
    /// Acts of an agent outside mixers.
    const ACTS_OF_AGENT: f64 = 2.0;
    let (guests, reputation) = (guests(scenario), &scenario.reputation);
    let others = guests.min(scenario.mixer.size.into()) as f64;
    let private = reputation.kind == ReputationKind::Private;
    let judges = 1.0 + if private { reputation.observe * others } else { 0.0 };
    let guest = f64::from(scenario.mixer.slots) * (ACTS_OF_GUEST + JUDGED * judges);
    let acts = guests as f64 * guest + f64::from(scenario.population.agents) * ACTS_OF_AGENT;
    // Beyond 64 bits it is more than any machine has.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let bytes = (2.0 * acts * size_of::<ActRecord>() as f64).ceil() as u64;
    bytes
}

/// The number of guests of all events of a round, on average.
fn guests(scenario: &Scenario) -> u64 {
    let attending: f64 = scenario.strategies.iter().map(|s| s.share * s.attend).sum();
    // Shares and chances are 0 to 1, so this is a number of agents.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let guests = (f64::from(scenario.population.agents) * attending.min(1.0)).ceil() as u64;
    guests
}

/// Memory that is used within a round only: attendance, copies of the guests' ties, and messages of calls and gossip.
pub(super) fn round_bytes(scenario: &Scenario) -> u64 {
    let later = scenario.periods().map(|(_, period)| round_bytes_by_rules(&period));
    round_bytes_by_rules(scenario).max(later.max().unwrap_or(0))
}

/// The same by the rules of a period.
fn round_bytes_by_rules(scenario: &Scenario) -> u64 {
    /// Bytes per guest in the attendance.
    const ATTENDANCE_BYTES: u64 = 16;
    /// Further bytes per guest at an event, besides copies of ties.
    const SEAT_BYTES: u64 = 12;
    /// Bytes per guest for the state of its event.
    const EVENT_BYTES: u64 = 260;
    /// Bytes per agent for messages.
    const MESSAGE_BYTES: u64 = 10;
    let agents = u64::from(scenario.population.agents);
    let ties = u64::from(scenario.population.ties_max);
    let private = scenario.reputation.kind == ReputationKind::Private;
    let guests = guests(scenario);
    let seat = SEAT_BYTES + TIE_BYTES * ties;
    let seated = if private || ties == 0 {
        seat * guests.min(EVENTS_AT_ONCE * u64::from(scenario.mixer.size))
    } else {
        // All events of a round run slot by slot, so all are in memory.
        (seat + EVENT_BYTES) * guests
    };
    let messages = if private { MESSAGE_BYTES * agents } else { 0 };
    ATTENDANCE_BYTES * guests + seated + messages
}

/// Bytes of an agent's state, of its fees, of its tenure (under survival, or if ties cost something), of when it was
/// helped (if people pay forward), and of one tie, measured on worlds of up
/// to a million agents.
const AGENT_BYTES: u64 = 44;
const FEES_BYTES: u64 = 12;
const TENURE_BYTES: u64 = 8;
const HELPED_BYTES: u64 = 2;
const TIE_BYTES: u64 = 8;

/// Bytes per agent between rounds, at most, with what changes of prices add.
pub(crate) fn world_bytes(scenario: &Scenario) -> u64 {
    let later = scenario.periods().map(|(_, period)| bytes_by_rules(&period));
    let settled = if scenario.changes_prices() { CORRECTION_BYTES } else { 0 };
    bytes_by_rules(scenario).max(later.max().unwrap_or(0)) + settled
}

/// Bytes per agent between rounds by the rules of a period.
fn bytes_by_rules(scenario: &Scenario) -> u64 {
    let ties = u64::from(scenario.population.ties_max);
    let fees = if ties > 0 { FEES_BYTES } else { 0 };
    let tenure = if scenario.survival.is_some() || scenario.charges_ties() { TENURE_BYTES } else { 0 };
    let helped = if scenario.help.pay_forward > 0.0 { HELPED_BYTES } else { 0 };
    let at_once = u64::from(scenario.needs.at_once);
    let needs = if at_once > 1 { at_once * NEED_BYTES } else { 0 };
    let sizes = if scenario.needs.have_sizes() { SURPLUS_BYTES } else { 0 };
    let grateful = scenario.help.pay_forward > 0.0 || scenario.help.reciprocity > 0.0;
    let copies = if grateful { 2 } else { 1 };
    let person = if scenario.people_differ() { copies * PERSON_BYTES } else { 0 };
    let endowed = scenario.survival.as_ref().is_some_and(|survival| survival.endowment_sd > 0.0);
    let surplus = if endowed { size_of::<Amount>() as u64 } else { 0 };
    let mechanisms = helped + favours_bytes(scenario) + needs + sizes + person + surplus;
    AGENT_BYTES + fees + tenure + mechanisms + TIE_BYTES * ties
}

/// Bytes per agent for favours, if there is somebody who returns them: one for each need that is solved while it is owed.
fn favours_bytes(scenario: &Scenario) -> u64 {
    /// The list grows by doubling.
    const SPARE: f64 = 2.0;
    if scenario.help.reciprocity == 0.0 {
        return 0;
    }
    let rounds = f64::from(scenario.help.reciprocity_rounds.min(scenario.rounds));
    let most = (rounds * scenario.needs.rate).min(f64::from(scenario.population.agents - 1));
    // At most the number of rounds, which is small.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let bytes = (SPARE * most * FAVOUR_BYTES as f64).ceil() as u64;
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_acts_of_a_round_take_less_than_estimated_and_not_much_less() {
        for sets in [&[][..], &["reputation.observe=0.3"], &["reputation.kind=public"]] {
            let common = ["population.agents=2000", "rounds=5", "burn_in=0"];
            let scenario = Scenario::parse("", &[&common[..], sets].concat()).unwrap();
            let rules = crate::model::Rules::new(&scenario);
            let mut world = crate::model::Simulation::new(&rules, 1, crate::parallel::Parallelism::SERIAL);
            let mut acts = Vec::new();
            world.step_observed(crate::parallel::Parallelism::SERIAL, &mut acts);
            let (real, estimate) = ((acts.len() * size_of::<ActRecord>()) as u64, acts_bytes(&scenario));
            assert!(2 * real <= estimate && estimate <= 12 * real, "{sets:?}: {real} of {estimate}");
        }
    }

    #[test]
    fn people_who_differ_take_memory() {
        let of = |sets: &[&str]| world_bytes(&Scenario::parse("", sets).unwrap());
        assert_eq!(of(&["strategy.warrior.ask.sd=0.1"]) - of(&[]), PERSON_BYTES);
        assert_eq!(of(&["population.start_trust.sd=0.1"]), of(&[]), "it is needed at the start only");
        assert_eq!(of(&["survival.endowment.sd=1"]) - of(&["survival.overhead=0"]), 16);
    }

    #[test]
    fn favours_take_memory_as_long_as_they_are_owed() {
        let of = |sets: &[&str]| world_bytes(&Scenario::parse("", sets).unwrap());
        let owed = |rounds: &str| of(&["help.reciprocity=0.1", rounds]) - of(&[]);
        // A tenth of the needs of each round, with as much to spare.
        assert_eq!(owed("help.reciprocity_rounds=20"), 2 * 2 * FAVOUR_BYTES);
        assert_eq!(owed("help.reciprocity_rounds=1000"), (312 * FAVOUR_BYTES).div_ceil(10));
    }

    #[test]
    fn sizes_of_needs_and_further_needs_take_memory() {
        let of = |sets: &[&str]| world_bytes(&Scenario::parse("", sets).unwrap());
        assert_eq!(of(&["needs.sizes=[1, 10]", "needs.size_shares=[0.9, 0.1]"]) - of(&[]), 40);
        assert_eq!(of(&["needs.at_once=5"]) - of(&[]), 30);
    }
}
