//! Amounts of payments made before prices changed.

use super::account::{Payments, Prices};
use super::payment::{KINDS, N_AMOUNTS, PaymentKind};
use super::ties::AgentId;
use crate::amount::Amount;

/// What earlier payments came to more than at the prices in force, by benefit and cost, all as positive amounts of the
/// tables. Added to the amounts of all payments at the prices in force, it gives each payment its price of its time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Correction([Amount; N_AMOUNTS]);

/// Bytes of a correction.
pub(crate) const CORRECTION_BYTES: u64 = size_of::<Correction>() as u64;

impl Correction {
    /// Nothing to correct.
    pub(super) const NONE: Self = Self([Amount::ZERO; N_AMOUNTS]);

    /// Takes account of a change of prices after these payments.
    pub(super) fn settle(&mut self, payments: &Payments, [before, after]: [&Prices; 2]) {
        let both = before.amounts(payments).into_iter().zip(after.amounts(payments));
        self.0.iter_mut().zip(both).for_each(|(sum, (before, after))| *sum += before - after);
    }

    /// The amounts of the tables, corrected.
    pub(super) fn amounts(&self, mut amounts: [Amount; N_AMOUNTS]) -> [Amount; N_AMOUNTS] {
        amounts.iter_mut().zip(self.0).for_each(|(amount, more)| *amount += more);
        amounts
    }

    /// Benefits less costs.
    pub(super) fn net(&self) -> Amount {
        self.sum(|_| true)
    }

    /// The same in money only.
    pub(super) fn money(&self) -> Amount {
        self.sum(|spec| spec.is_money)
    }

    fn sum(&self, counts: impl Fn(&super::payment::PaymentSpec) -> bool) -> Amount {
        // Kinds of the same amount are all benefits or all costs, and all money or none of it.
        let of = |(place, amount): (usize, &Amount)| {
            let spec = KINDS.iter().find(|spec| spec.amount == place && counts(spec))?;
            Some(if spec.is_benefit() { *amount } else { -*amount })
        };
        self.0.iter().enumerate().filter_map(of).sum()
    }
}

/// The corrections of all agents; empty as long as no price has changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Settled(Vec<Correction>);

impl Settled {
    /// Takes account of a change of prices; these are all agents' payments.
    pub(super) fn settle(&mut self, payments: impl ExactSizeIterator<Item = Payments>, prices: [&Prices; 2]) {
        self.0.resize(payments.len(), Correction::NONE);
        self.0.iter_mut().zip(payments).for_each(|(own, payments)| own.settle(&payments, prices));
    }

    /// The correction of an agent.
    #[inline]
    pub(super) fn of(&self, agent: AgentId) -> Correction {
        self.0.get(agent as usize).copied().unwrap_or(Correction::NONE)
    }

    /// Whether any price has changed.
    #[inline]
    pub(super) fn is_kept(&self) -> bool {
        !self.0.is_empty()
    }

    /// Forgets it: a newcomer takes the place.
    pub(super) fn forget(&mut self, agent: AgentId) {
        self.0.get_mut(agent as usize).into_iter().for_each(|own| *own = Correction::NONE);
    }
}

impl Prices {
    /// Whether a payment of some kind has another price.
    pub(super) fn differ_from(&self, other: &Self) -> bool {
        PaymentKind::ALL.into_iter().any(|kind| self.amount(kind, 1) != other.amount(kind, 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    fn prices(set: &str) -> Prices {
        Prices::new(&Scenario::parse("[survival]\noverhead = 0.5", &[set]).unwrap())
    }

    #[test]
    fn each_payment_keeps_the_price_of_its_time() {
        let [first, second, third] =
            ["help.assist_cost=1", "help.assist_cost=2.5", "needs.value=7"].map(prices);
        // As many payments by each counter at each change, and at the end.
        let counted = |n| Payments([n; super::super::payment::N_COUNTERS]);
        let mut correction = Correction::NONE;
        correction.settle(&counted(10), [&first, &second]);
        correction.settle(&counted(14), [&second, &third]);
        let expected = first.net(&counted(10)) + second.net(&counted(4)) + third.net(&counted(6));
        assert_eq!(third.net(&counted(20)) + correction.net(), expected);
        let money = first.capital(&counted(10)) + second.capital(&counted(4)) + third.capital(&counted(6));
        // Each capital has the endowment in it.
        let endowment = first.capital(&Payments::default());
        assert_eq!(third.capital(&counted(20)) + correction.money(), money - endowment - endowment);
        let amounts = correction.amounts(third.amounts(&counted(20)));
        let parts = [(&first, 10), (&second, 4), (&third, 6)].map(|(p, n)| p.amounts(&counted(n)));
        assert!((0..N_AMOUNTS).all(|k| amounts[k] == parts[0][k] + parts[1][k] + parts[2][k]));
        assert!(first.differ_from(&second) && !first.differ_from(&first.clone()));
    }
}
