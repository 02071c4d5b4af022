//! Cases of reputation: the donation game, and motives that are read.

use super::case::{Case, Quantity, theory_file};
use super::theory::{DonationGame, NORMS, Player, invasion_threshold, motive_payoffs, reading_threshold};
use crate::model::M;

/// Allowance for a population that is not infinite, in shares.
const FINITE: f64 = 0.002;

/// Values of help around the threshold of the cases of invasion, at a cost of 1.
const BELOW: f64 = 1.0;
const ABOVE: f64 = 1.4;

const DONATION: &str = "Ohtsuki & Iwasa 2004; Santos, Santos & Pacheco 2018";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, _) in NORMS {
        cases.push(all_discriminate(name));
        cases.push(mixture(name));
        cases.extend([BELOW, ABOVE].map(|benefit| invasion(name, benefit)));
    }
    cases.extend([0.5, 0.65].map(motives));
    cases.extend(["stern-judging", "image-scoring"].map(private_opinions));
    cases
}

/// The game with errors of 5%, in which help is worth 5 and costs 1.
fn game(norm: &str) -> DonationGame {
    let (_, verdicts) = NORMS.into_iter().find(|(name, _)| *name == norm).expect("one of the four norms");
    DonationGame { norm: verdicts, execution_error: 0.05, assessment_error: 0.05, benefit: 5.0, cost: 1.0 }
}

fn all_discriminate(norm: &str) -> Case {
    let state = game(norm).steady_state(&[Player::discriminate(1.0)]);
    Case {
        number: 0,
        name: format!("donation-{norm}"),
        claim: format!("how many are good, and how often they help, if all discriminate by {norm}"),
        source: DONATION,
        file: theory_file!("donation.toml"),
        sets: vec![format!("reputation.norm={norm}")],
        quantities: vec![
            Quantity::mean("good", state.good, 0, M::StandingGood).within(FINITE),
            Quantity::mean("cooperation", state.cooperation, 0, M::ActsAssist).within(FINITE),
        ],
    }
}

fn mixture(norm: &str) -> Case {
    let players = [Player::always(0.2), Player::never(0.3), Player::discriminate(0.5)];
    let state = game(norm).steady_state(&players);
    let mut quantities = Vec::new();
    for (k, name) in (0u16..).zip(["always", "never", "discriminate"]) {
        let (good, payoff) = (state.good_of[usize::from(k)], state.payoff[usize::from(k)]);
        quantities.push(Quantity::mean(format!("good: {name}"), good, k, M::StandingGood).within(FINITE));
        // A payoff is at most 5 times a share.
        quantities.push(Quantity::mean(format!("payoff: {name}"), payoff, k, M::Net).within(5.0 * FINITE));
    }
    Case {
        number: 0,
        name: format!("mixture-{norm}"),
        claim: format!("standings and payoffs of three strategies under {norm}"),
        source: DONATION,
        file: theory_file!("mixture.toml"),
        sets: vec![format!("reputation.norm={norm}")],
        quantities,
    }
}

/// Few who never help, with help that is worth `benefit`, below or above the threshold of 1.17.
fn invasion(norm: &str, benefit: f64) -> Case {
    let side = if benefit < invasion_threshold(0.05, 0.05) { "below" } else { "above" };
    let players = [Player::never(0.02), Player::discriminate(0.98)];
    let state = DonationGame { benefit, ..game(norm) }.steady_state(&players);
    let advantage = state.payoff[1] - state.payoff[0];
    Case {
        number: 0,
        name: format!("invasion-{norm}-{side}"),
        claim: format!("what discriminating by {norm} gains over never helping, {side} the threshold"),
        source: DONATION,
        file: theory_file!("invasion.toml"),
        sets: vec![format!("reputation.norm={norm}"), format!("needs.value={benefit}")],
        quantities: vec![Quantity::difference("advantage", advantage, M::Net).within(FINITE)],
    }
}

/// Motives that are read with this accuracy, below or above the threshold of 5/9.
fn motives(accuracy: f64) -> Case {
    let side = if accuracy < reading_threshold(5.0, 1.0) { "below" } else { "above" };
    let [warrior, servant] = motive_payoffs(accuracy, 0.02, 5.0, 1.0);
    Case {
        number: 0,
        name: format!("motives-{side}"),
        claim: format!("payoffs of servants and few warriors if only motives count, {side} the threshold"),
        source: "derived from the donation game: a motive is read rightly with a constant chance",
        file: theory_file!("motives.toml"),
        sets: vec![format!("reputation.assessment_error={}", 1.0 - accuracy)],
        quantities: vec![
            Quantity::mean("payoff: warrior", warrior, 0, M::Net).within(FINITE),
            Quantity::mean("payoff: servant", servant, 1, M::Net).within(FINITE),
            Quantity::difference("advantage of servants", servant - warrior, M::Net).within(FINITE),
        ],
    }
}

fn private_opinions(norm: &str) -> Case {
    Case {
        number: 0,
        name: format!("private-{norm}"),
        claim: format!("private errors of assessment destroy agreement under {norm}: half of all help"),
        source: "Uchida & Sasaki 2013",
        file: theory_file!("private-opinions.toml"),
        sets: vec![format!("reputation.norm={norm}")],
        quantities: vec![
            // One of the 60 judges is the recipient, who takes itself to be good.
            Quantity::mean("cooperation", 0.5, 0, M::ActsAssist).within(1.0 / 60.0),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_lie_on_both_sides_of_the_thresholds() {
        let sign = |case: &Case| case.quantities.last().unwrap().expected.signum();
        for (norm, _) in NORMS {
            assert!(sign(&invasion(norm, BELOW)) < 0.0 && sign(&invasion(norm, ABOVE)) > 0.0, "{norm}");
        }
        assert!(sign(&motives(0.5)) < 0.0 && sign(&motives(0.65)) > 0.0);
    }
}
