//! Where two worlds part.

use super::{Progress, replicate_seed};
use crate::model::{ActRecord, Rules, Simulation};
use crate::parallel::Parallelism;

/// The first acts in which two worlds differ.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Divergence {
    /// The round.
    pub round: u32,
    /// The first act of each world from which on they differ; `None` where a world has no further act in this round.
    pub acts: [Option<ActRecord>; 2],
}

/// Runs replicate 0 of two scenarios side by side until their acts differ. `None` if they never do, in the rounds that
/// both have; `Some(Err)` with the number of rounds compared if it was stopped.
pub(crate) fn divergence(
    rules: [&Rules; 2],
    par: Parallelism<'_>,
    progress: &Progress,
) -> Option<Result<Divergence, u32>> {
    let mut worlds = rules.map(|rules| Simulation::new(rules, replicate_seed(rules.scenario.seed, 0), par));
    let rounds = rules[0].scenario.rounds.min(rules[1].scenario.rounds);
    for round in 0..rounds {
        if progress.is_stopped() {
            return Some(Err(round));
        }
        let acts = worlds.each_mut().map(|world| {
            let mut acts = Vec::new();
            world.step_observed(par, &mut acts);
            acts
        });
        progress.round();
        if acts[0] != acts[1] {
            let same = acts[0].iter().zip(&acts[1]).take_while(|(a, b)| a == b).count();
            let [a, b] = &acts;
            return Some(Ok(Divergence { round, acts: [a.get(same).copied(), b.get(same).copied()] }));
        }
    }
    None
}

/// What one setting of the second world does if it alone is put into the first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Alone {
    /// The worlds part in the same way.
    Same,
    /// They part earlier, at another act, or with another act.
    Otherwise(Box<Divergence>),
    /// They do not part up to the end of the round in which the two worlds do.
    Nothing,
}

/// Compares the first world with itself under one setting of the second, up to the round of `found`. `None` if it was
/// stopped.
pub(crate) fn alone(
    rules: [&Rules; 2],
    found: &Divergence,
    par: Parallelism<'_>,
    progress: &Progress,
) -> Option<Alone> {
    let cut = rules.map(|rules| Rules::new(&rules.scenario.with_rounds(found.round + 1)));
    match divergence(cut.each_ref(), par, progress) {
        None => Some(Alone::Nothing),
        Some(Ok(parting)) if parting == *found => Some(Alone::Same),
        Some(Ok(parting)) => Some(Alone::Otherwise(Box::new(parting))),
        Some(Err(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ActKind;
    use crate::scenario::Scenario;

    fn rules(sets: &[&str]) -> Rules {
        let common = ["population.agents=80", "rounds=20", "mixer.every=3"];
        Rules::new(&Scenario::parse("", &[&common[..], sets].concat()).unwrap())
    }

    fn found(a: &[&str], b: &[&str]) -> Option<Divergence> {
        let (a, b) = (rules(a), rules(b));
        let found = divergence([&a, &b], Parallelism::SERIAL, &Progress::default());
        found.map(|found| found.expect("nobody stops it"))
    }

    #[test]
    fn equal_worlds_and_other_lengths_never_part() {
        assert_eq!(found(&[], &["rounds=15"]), None);
    }

    #[test]
    fn a_price_parts_worlds_at_the_first_payment_and_a_trait_at_the_first_act() {
        let fee = found(&[], &["calls.fee=0.2"]).expect("a fee is paid");
        assert_eq!(fee.acts.map(|act| act.map(|act| act.kind)), [Some(ActKind::Fee); 2]);
        let [a, b] = fee.acts.map(|act| act.map(|act| act.amount.to_string()));
        assert_eq!([a.as_deref(), b.as_deref()], [Some("3"), Some("2")]);
        let silent = found(&[], &["strategy.warrior.ask=0"]).expect("warriors push");
        assert_eq!(silent.round, 0);
        assert_eq!(silent.acts[0].map(|act| act.kind), Some(ActKind::Push));
    }

    #[test]
    fn each_setting_alone_parts_worlds_as_it_does_among_others() {
        let (a, both) = (rules(&[]), ["calls.fee=0.2", "strategy.warrior.ask=0", "needs.patience=19"]);
        let found = found(&[], &both).expect("warriors push");
        let alone = |set| alone([&a, &rules(&[set])], &found, Parallelism::SERIAL, &Progress::default());
        assert_eq!(alone(both[1]), Some(Alone::Same));
        assert_eq!(alone(both[2]), Some(Alone::Nothing), "no need lapses in the first round");
        let Some(Alone::Otherwise(fee)) = alone(both[0]) else { panic!("a fee is paid in the first round") };
        assert_eq!(fee.acts.map(|act| act.map(|act| act.kind)), [Some(ActKind::Fee); 2]);
    }

    #[test]
    fn what_stops_is_told_with_the_rounds_compared() {
        let (a, progress) = (rules(&[]), Progress::default());
        progress.stop();
        assert_eq!(divergence([&a, &a], Parallelism::SERIAL, &progress), Some(Err(0)));
    }
}
