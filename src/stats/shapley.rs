//! Shapley values: what each of a few players adds to the outcome of all, as the mean over all orders in which they
//! can be added (Shapley 1953, in Contributions to the Theory of Games II, 307-317).
//!
//! A set of players is a number whose bit `p` says whether player `p` is in it.

/// A step of an order: the set of players before it, the player added, and the number of orders with this step.
pub(crate) type Step = (usize, usize, u64);

/// The number of orders of `n` players.
pub(crate) fn factorial(n: usize) -> u64 {
    (1..=n as u64).product()
}

/// The number of orders of `n` players in which one of them comes right after a given set of `size` others.
fn orders(n: usize, size: usize) -> u64 {
    factorial(size) * factorial(n - size - 1)
}

/// All steps. The Shapley weight of a step is its share of all `n!` orders, `|S|! (n - |S| - 1)! / n!`.
pub(crate) fn all_steps(n: usize) -> Vec<Step> {
    let free = |set: usize| (0..n).filter(move |p| set >> p & 1 == 0);
    let step = move |set: usize, p| (set, p, orders(n, set.count_ones() as usize));
    (0..1_usize << n).flat_map(|set| free(set).map(move |p| step(set, p))).collect()
}

/// The Shapley value of each player, from the outcome of every set. They add up to the outcome of all players less that
/// of none.
///
/// # Panics
/// If the number of outcomes is not a power of 2.
pub(crate) fn shapley(outcomes: &[f64]) -> Vec<f64> {
    assert!(outcomes.len().is_power_of_two(), "an outcome for every set");
    let n = outcomes.len().trailing_zeros() as usize;
    let mut sums = vec![0.0; n];
    for (set, p, orders) in all_steps(n) {
        sums[p] += (outcomes[set | 1 << p] - outcomes[set]) * orders as f64;
    }
    sums.iter().map(|sum| sum / factorial(n) as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_counts_once() {
        for n in 0..=6 {
            let steps = all_steps(n);
            for p in 0..n {
                let orders: u64 = steps.iter().filter(|step| step.1 == p).map(|step| step.2).sum();
                assert_eq!(orders, factorial(n), "{n} players");
            }
        }
        // Three players: added to an empty set 1/3, to one other 1/6, to both others 1/3.
        let steps = all_steps(3);
        let orders = |set| steps.iter().find(|s| s.0 == set && s.1 == 0).unwrap().2;
        assert_eq!([0b000, 0b010, 0b110].map(orders), [2, 1, 2]);
    }

    #[test]
    fn values_are_those_of_a_game_solved_by_hand() {
        // The glove game: players 0 and 1 have a left glove each, player 2 the right one; only a pair has a value.
        let pair = |set: usize| f64::from(u8::from(set & 0b100 != 0 && set & 0b011 != 0));
        let outcomes: Vec<f64> = (0..8).map(pair).collect();
        let values = shapley(&outcomes);
        for (value, expected) in values.iter().zip([1.0 / 6.0, 1.0 / 6.0, 2.0 / 3.0]) {
            assert!((value - expected).abs() < 1e-15, "{values:?}");
        }
        // Two traits that pay only together share what they bring; the outcome of none is no part of it.
        assert_eq!(shapley(&[0.5, 0.5, 0.25, 1.5]), [0.625, 0.375]);
        assert_eq!(shapley(&[3.0]), [0.0; 0]);
    }
}
