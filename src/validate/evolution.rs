//! Cases of imitation: fixation, drift and large populations.

use super::case::{Case, Quantity, theory_file};
use super::theory::{fermi, fixation, imitated_share, loss_to_gain};
use crate::experiment::ReplicateRecord;

pub(super) fn cases() -> Vec<Case> {
    vec![fixation_of_constant_advantage(), drift(), fixation_by_frequency(), large_population()]
}

const FERMI: &str = "Traulsen, Nowak & Pacheco 2006";

/// Now and then two agents revise in the same round, which the process has one after the other.
const SAME_ROUND: f64 = 0.005;

/// Agents in the populations in which one mutant starts.
const FEW: u32 = 10;

/// The share of the first strategy in the records of a round, by replicate.
fn shares(records: &[ReplicateRecord], round: u32) -> Vec<f64> {
    let share = |record: &ReplicateRecord| {
        let agents = |first_only: bool| -> f64 {
            let rows = record.rounds.iter().filter(|r| r.round == round);
            rows.filter(|r| !first_only || r.strategy == 0).map(|r| f64::from(r.agents)).sum()
        };
        agents(true) / agents(false)
    };
    records.iter().map(share).collect()
}

/// The share of the first strategy in the last round; nearly all replicates have fixated by then.
fn taken_over(expected: f64) -> Quantity {
    Quantity::of_run("fixation", expected, |s, records| shares(records, s.rounds - 1))
}

fn fixation_of_constant_advantage() -> Case {
    let (intensity, advantage) = (0.15, 1.0);
    let ratio = fermi(intensity, -advantage) / fermi(intensity, advantage);
    Case {
        number: 0,
        name: "fixation-constant".to_owned(),
        claim: format!("chance that one mutant among {FEW} with a constant advantage takes over"),
        source: FERMI,
        file: theory_file!("fixation.toml"),
        sets: vec![format!("evolution.intensity={intensity}")],
        quantities: vec![taken_over(fixation(FEW, |_| ratio)).within(SAME_ROUND)],
    }
}

fn drift() -> Case {
    Case {
        number: 0,
        name: "fixation-neutral".to_owned(),
        claim: format!("chance that one neutral mutant among {FEW} takes over"),
        source: "Kimura 1968",
        file: theory_file!("fixation.toml"),
        sets: vec!["evolution.intensity=0".to_owned()],
        // Exact also if agents revise in the same round, because a share keeps its mean.
        quantities: vec![taken_over(1.0 / f64::from(FEW))],
    }
}

fn fixation_by_frequency() -> Case {
    const INTENSITY: f64 = 0.2;
    const VALUE: f64 = 1.0;
    const COST: f64 = 0.5;
    // An "open" mutant is helped whether its partner grants requests or helps unasked.
    let payoff = |mutant: bool, partner: bool| match (mutant, partner) {
        (true, true) | (false, false) => VALUE - COST,
        (true, false) => VALUE,
        (false, true) => -COST,
    };
    let expected = fixation(FEW, |k| loss_to_gain(FEW, k, INTENSITY, payoff));
    Case {
        number: 0,
        name: "fixation-by-frequency".to_owned(),
        claim: format!("chance that one mutant among {FEW} takes over if payoffs depend on frequencies"),
        source: FERMI,
        file: theory_file!("frequency.toml"),
        sets: vec![
            format!("evolution.intensity={INTENSITY}"),
            format!("needs.value={VALUE}"),
            format!("help.assist_cost={COST}"),
        ],
        quantities: vec![taken_over(expected).within(SAME_ROUND)],
    }
}

fn large_population() -> Case {
    let share = |round: u32| imitated_share(0.2, round, 10_000.0, 0.1, 0.4, 1.0);
    let at = |round: u32| {
        Quantity::of_run(format!("share in round {round}"), share(round), move |_, records| {
            shares(records, round)
        })
        // The mean of a curved function of a share that varies by about 0.02.
        .within(0.001)
    };
    Case {
        number: 0,
        name: "replicator".to_owned(),
        claim: "share of a strategy with a constant advantage in a large population".to_owned(),
        source: "replicator dynamics of the Fermi rule (Traulsen, Nowak & Pacheco 2006)",
        file: theory_file!("replicator.toml"),
        sets: Vec::new(),
        quantities: [50, 100, 150].map(at).into(),
    }
}
