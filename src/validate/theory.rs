//! Closed forms of the literature, as pure functions. None of them uses the model.

/// `x` to the power `n`, by multiplication, so that it is the same on every platform.
fn power(x: f64, n: u32) -> f64 {
    (0..n).map(|_| x).product()
}

/// The verdicts of a norm, as the chance of a good standing: help to the good, help to the bad, refusal of the good,
/// refusal of the bad.
pub(super) type Norm = [f64; 4];

/// The four norms (Ohtsuki and Iwasa 2004; Santos, Santos and Pacheco 2018), by their names in scenarios.
pub(super) const NORMS: [(&str, Norm); 4] = [
    ("stern-judging", [1.0, 0.0, 0.0, 1.0]),
    ("simple-standing", [1.0, 1.0, 0.0, 1.0]),
    ("image-scoring", [1.0, 1.0, 0.0, 0.0]),
    ("shunning", [1.0, 0.0, 0.0, 0.0]),
];

/// A strategy of the donation game.
#[derive(Clone, Copy, Debug)]
pub(super) struct Player {
    /// Share of the population.
    pub share: f64,
    /// Chance of intending to help a good recipient.
    pub to_good: f64,
    /// Chance of intending to help a bad recipient.
    pub to_bad: f64,
}

impl Player {
    /// Helps everyone.
    pub(super) fn always(share: f64) -> Self {
        Self { share, to_good: 1.0, to_bad: 1.0 }
    }

    /// Helps nobody.
    pub(super) fn never(share: f64) -> Self {
        Self { share, to_good: 0.0, to_bad: 0.0 }
    }

    /// Helps the good.
    pub(super) fn discriminate(share: f64) -> Self {
        Self { share, to_good: 1.0, to_bad: 0.0 }
    }
}

/// The donation game with public, binary reputation in a large population.
#[derive(Clone, Copy, Debug)]
pub(super) struct DonationGame {
    /// The norm.
    pub norm: Norm,
    /// Chance that intended help fails.
    pub execution_error: f64,
    /// Chance that a verdict has the wrong sign.
    pub assessment_error: f64,
    /// Benefit of help to the recipient.
    pub benefit: f64,
    /// Cost of help to the donor.
    pub cost: f64,
}

/// The steady state of a donation game.
#[derive(Clone, Debug)]
pub(super) struct SteadyState {
    /// Share of the population with a good standing.
    pub good: f64,
    /// The same within each strategy.
    pub good_of: Vec<f64>,
    /// Mean payoff of each strategy, per round.
    pub payoff: Vec<f64>,
    /// Share of rounds in which a member of the population helps.
    pub cooperation: f64,
}

impl DonationGame {
    /// Chance that a player gets a good standing by its act toward a recipient who is good, or bad.
    fn verdict(&self, player: &Player, recipient_good: bool) -> f64 {
        let (intends, k) = if recipient_good { (player.to_good, 0) } else { (player.to_bad, 1) };
        let helps = intends * (1.0 - self.execution_error);
        let good = helps * self.norm[k] + (1.0 - helps) * self.norm[k + 2];
        good * (1.0 - self.assessment_error) + (1.0 - good) * self.assessment_error
    }

    /// The steady state of a population with these players: the share of the good is the fixed point of a linear map.
    pub(super) fn steady_state(&self, players: &[Player]) -> SteadyState {
        let mean = |of: &dyn Fn(&Player) -> f64| -> f64 { players.iter().map(|p| p.share * of(p)).sum() };
        let (by_good, by_bad) = (mean(&|p| self.verdict(p, true)), mean(&|p| self.verdict(p, false)));
        let good = by_bad / (1.0 - by_good + by_bad);
        let good_of: Vec<f64> = players
            .iter()
            .map(|p| good * self.verdict(p, true) + (1.0 - good) * self.verdict(p, false))
            .collect();
        let (to_good, to_bad) = (mean(&|p| p.to_good), mean(&|p| p.to_bad));
        let payoff = players.iter().zip(&good_of).map(|(p, own)| {
            let received = to_good * own + to_bad * (1.0 - own);
            let given = p.to_good * good + p.to_bad * (1.0 - good);
            (1.0 - self.execution_error) * (self.benefit * received - self.cost * given)
        });
        let intended = to_good * good + to_bad * (1.0 - good);
        SteadyState {
            good,
            payoff: payoff.collect(),
            cooperation: intended * (1.0 - self.execution_error),
            good_of,
        }
    }
}

/// Ratio of benefit to cost above which those who help the good resist few who never help, under all four norms.
pub(super) fn invasion_threshold(execution_error: f64, assessment_error: f64) -> f64 {
    1.0 / ((1.0 - execution_error) * (1.0 - 2.0 * assessment_error))
}

/// Accuracy in reading motives above which servants who help the good gain more than few warriors.
pub(super) fn reading_threshold(benefit: f64, cost: f64) -> f64 {
    benefit / (2.0 * benefit - cost)
}

/// Payoffs of warriors (a share of `warriors`), who never help, and of servants, who help those whose motive seems good,
/// if a motive is read rightly with chance `accuracy`.
pub(super) fn motive_payoffs(accuracy: f64, warriors: f64, benefit: f64, cost: f64) -> [f64; 2] {
    let servants = 1.0 - warriors;
    let given = servants * accuracy + warriors * (1.0 - accuracy);
    [benefit * servants * (1.0 - accuracy), benefit * servants * accuracy - cost * given]
}

/// Mean of the number of distinct partners of a guest among `guests` over `slots` random matchings.
pub(super) fn partners_mean(guests: f64, slots: u32) -> f64 {
    let others = guests - 1.0;
    others * (1.0 - power(1.0 - 1.0 / others, slots))
}

/// Variance of the same: that of the number of boxes that are not empty.
pub(super) fn partners_variance(guests: f64, slots: u32) -> f64 {
    let others = guests - 1.0;
    let one_unmet = power(1.0 - 1.0 / others, slots);
    let two_unmet = power(1.0 - 2.0 / others, slots);
    others * one_unmet + others * (others - 1.0) * two_unmet - others * one_unmet * others * one_unmet
}

/// Number of conversations of a guest over `slots` slots in each of which it talks, if both stay with chance `linger`.
pub(super) fn conversations(linger: f64, slots: f64) -> f64 {
    1.0 + (slots - 1.0) * (1.0 - linger * linger)
}

/// Chance that a need is solved on an evening of `slots` slots, in each of which a random other is met.
pub(super) fn need_met(guests: f64, experts: f64, slots: u32) -> f64 {
    1.0 - power(1.0 - experts / (guests - 1.0), slots)
}

/// Mean number of calls that an expert takes, if `callers` callers each choose one of as many experts.
pub(super) fn calls_taken(callers: u32, capacity: u32) -> f64 {
    let p = 1.0 / f64::from(callers);
    let mut chance = power(1.0 - p, callers);
    let mut mean = 0.0;
    for calls in 1..=callers {
        chance *= f64::from(callers - calls + 1) / f64::from(calls) * p / (1.0 - p);
        mean += f64::from(calls.min(capacity)) * chance;
    }
    mean
}

/// Chance that an expert is among the first `seen` persons along a ring, drawn from `others` persons.
pub(super) fn found_along_ring(others: f64, experts: f64, seen: u32) -> f64 {
    let missed: f64 = (0..seen).map(|k| 1.0 - experts / (others - f64::from(k))).product();
    1.0 - missed
}

/// Chance that one mutant takes over a population of `n`, if with k mutants a loss is `ratio(k)` times as likely as a
/// gain (Traulsen, Nowak and Pacheco 2006).
pub(super) fn fixation(n: u32, ratio: impl Fn(u32) -> f64) -> f64 {
    let mut product = 1.0;
    let sum: f64 = (1..n)
        .map(|k| {
            product *= ratio(k);
            product
        })
        .sum();
    1.0 / (1.0 + sum)
}

/// Chance of adopting the strategy of another whose payoff is higher by `advantage` (the Fermi function).
pub(super) fn fermi(intensity: f64, advantage: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-intensity * advantage))
}

/// The ratio for [`fixation`] with k mutants among n, if everyone plays one game against a random other in each round,
/// and then one compares its payoff of this round with that of another. `payoff` is that of a player, mutant or not,
/// against a partner, mutant or not.
pub(super) fn loss_to_gain(n: u32, k: u32, intensity: f64, payoff: impl Fn(bool, bool) -> f64) -> f64 {
    let (n, k) = (f64::from(n), f64::from(k));
    let (mut gain, mut loss) = (0.0, 0.0);
    let mut add = |chance: f64, mutant: f64, resident: f64| {
        gain += chance * fermi(intensity, mutant - resident);
        loss += chance * fermi(intensity, resident - mutant);
    };
    // The two who are compared were partners, or each had another partner.
    add(1.0 / (n - 1.0), payoff(true, false), payoff(false, true));
    for (mutants_partner, residents_partner) in [(true, true), (true, false), (false, true), (false, false)] {
        let left = |mutants: bool| if mutants { k - 1.0 } else { n - k - 1.0 };
        let first = left(mutants_partner) / (n - 2.0);
        let taken = f64::from(u8::from(mutants_partner == residents_partner));
        let second = (left(residents_partner) - taken).max(0.0) / (n - 3.0);
        let chance = (n - 2.0) / (n - 1.0) * first * second;
        add(chance, payoff(true, mutants_partner), payoff(false, residents_partner));
    }
    loss / gain
}

/// Share of a strategy after `rounds` rounds of imitation in a population of `n`, in which a share `rate` compare in
/// each round and the strategy has a constant advantage (the discrete replicator equation of the Fermi rule).
pub(super) fn imitated_share(
    start: f64,
    rounds: u32,
    n: f64,
    rate: f64,
    intensity: f64,
    advantage: f64,
) -> f64 {
    let drive = fermi(intensity, advantage) - fermi(intensity, -advantage);
    (0..rounds).fold(start, |x, _| x + rate * x * (1.0 - x) * n / (n - 1.0) * drive)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_digits(ours: f64, published: f64, digits: u32) {
        assert!((ours - published).abs() < 0.5001 * power(0.1, digits), "{ours} for {published}");
    }

    fn game(norm: Norm, error: f64) -> DonationGame {
        DonationGame { norm, execution_error: error, assessment_error: error, benefit: 5.0, cost: 1.0 }
    }

    #[test]
    fn the_donation_game_has_the_values_of_an_independent_program() {
        let all = [Player::discriminate(1.0)];
        for (k, good, cooperation) in
            [(0, 0.98039, 0.97059), (1, 0.98039, 0.97059), (2, 0.33557, 0.33221), (3, 0.33557, 0.33221)]
        {
            let state = game(NORMS[k].1, 0.01).steady_state(&all);
            assert_digits(state.good, good, 5);
            assert_digits(state.cooperation, cooperation, 5);
        }
        let three = [Player::always(0.2), Player::never(0.3), Player::discriminate(0.5)];
        for (k, good, good_of, payoff) in [
            (0, 0.68908, [0.653, 0.330, 0.919], [1.551, 1.733, 2.478]),
            (1, 0.72993, [0.917, 0.293, 0.917], [2.178, 1.646, 2.435]),
            (2, 0.38603, [0.905, 0.050, 0.380], [2.149, 1.069, 1.486]),
            (3, 0.12453, [0.156, 0.050, 0.156], [0.372, 1.069, 1.203]),
        ] {
            let state = game(NORMS[k].1, 0.05).steady_state(&three);
            assert_digits(state.good, good, 5);
            for s in 0..3 {
                assert_digits(state.good_of[s], good_of[s], 3);
                assert_digits(state.payoff[s], payoff[s], 3);
            }
        }
    }

    #[test]
    fn few_who_never_help_gain_as_much_as_the_others_at_the_threshold() {
        let threshold = invasion_threshold(0.05, 0.05);
        assert_digits(threshold, 1.1696, 4);
        for (name, norm) in NORMS {
            let game = DonationGame { benefit: threshold, ..game(norm, 0.05) };
            let state = game.steady_state(&[Player::never(0.0), Player::discriminate(1.0)]);
            assert!((state.payoff[0] - state.payoff[1]).abs() < 1e-12, "{name}: {state:?}");
        }
    }

    #[test]
    fn partners_are_the_occupied_boxes() {
        assert_digits(partners_mean(100.0, 14), 13.1169, 4);
        assert_digits(partners_variance(100.0, 14), 0.7428, 4);
        assert!((partners_mean(4.0, 1) - 1.0).abs() < 1e-12 && partners_variance(4.0, 1).abs() < 1e-12);
    }

    #[test]
    fn fixation_is_the_geometric_sum_for_constant_payoffs_and_one_in_n_for_equal_ones() {
        let ratio = libm::exp(-0.15);
        assert_digits(fixation(10, |_| ratio), (1.0 - ratio) / (1.0 - power(ratio, 10)), 12);
        assert_digits(fixation(10, |k| loss_to_gain(10, k, 0.3, |_, _| 1.0)), 0.1, 12);
        // One who is always better by the same amount, whoever plays whom.
        let constant = |k| loss_to_gain(10, k, 0.15, |mutant, _| f64::from(u8::from(mutant)));
        assert_digits(fixation(10, constant), fixation(10, |_| ratio), 12);
        // The coordination game of weights 5, 0, 3 and 1 with mean payoffs, N = 20, intensity 0.1.
        let mean = |k: u32| {
            let (k, n) = (f64::from(k), 20.0);
            let own = (5.0 * (k - 1.0)) / (n - 1.0);
            let other = (3.0 * k + (n - k - 1.0)) / (n - 1.0);
            libm::exp(-0.1 * (own - other))
        };
        assert_digits(fixation(20, mean), 0.041376, 6);
    }

    #[test]
    fn an_expert_with_room_for_all_takes_one_call_on_average() {
        assert_digits(calls_taken(25, 25), 1.0, 12);
        assert_digits(calls_taken(25, 1), 1.0 - power(24.0 / 25.0, 25), 12);
        assert_digits(found_along_ring(3.0, 1.0, 3), 1.0, 12);
        assert_digits(found_along_ring(3.0, 1.0, 1), 1.0 / 3.0, 12);
        assert_digits(reading_threshold(5.0, 1.0), 0.5556, 4);
        let [warrior, servant] = motive_payoffs(reading_threshold(5.0, 1.0), 0.0, 5.0, 1.0);
        assert_digits(warrior, servant, 12);
        assert_digits(conversations(0.0, 12.0), 12.0, 12);
        assert_digits(need_met(11.0, 1.0, 1), 0.1, 12);
        assert_digits(imitated_share(0.3, 5, 100.0, 0.1, 0.0, 2.0), 0.3, 12);
    }
}
