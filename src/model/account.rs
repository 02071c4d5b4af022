//! Accounts: numbers of payments by kind, and their amounts.

use super::payment::{KINDS, N_AMOUNTS, N_COUNTERS, N_PAYMENT_KINDS, PaymentKind, SURPLUS};
use crate::amount::Amount;
use crate::scenario::Scenario;

/// Numbers of payments, of one agent or of many, by `PaymentKind::counter`. Kinds that always occur together share
/// a counter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payments(pub(super) [u64; N_COUNTERS]);

impl Payments {
    /// The payments since `earlier`.
    ///
    /// # Panics
    /// If a count is smaller than in `earlier`.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let since = |k: usize| self.0[k].checked_sub(earlier.0[k]).expect("payments only grow");
        Self(std::array::from_fn(since))
    }

    /// The sum of these and others.
    #[must_use]
    pub fn and(mut self, others: &Self) -> Self {
        self.add(others);
        self
    }

    /// Adds others.
    #[inline]
    pub(super) fn add(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(sum, n)| *sum += n);
    }

    /// Adds the counts of one agent by the counters from `first` on.
    #[inline]
    pub(super) fn add_counts<const N: usize>(&mut self, first: usize, counts: [u64; N]) {
        self.0[first..first + N].iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
    }

    /// Number of payments of a kind.
    pub(super) fn of(&self, kind: PaymentKind) -> u64 {
        self.0[kind.counter()]
    }

    /// Number of units of a kind, each worth its price: more than one per payment where needs have sizes.
    pub(super) fn units(&self, kind: PaymentKind) -> u64 {
        self.of(kind) + KINDS[kind as usize].surplus.map_or(0, |counter| self.0[counter])
    }
}

/// A life at one place of the population.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// First round lived, 0 for the first generation.
    pub born: u32,
    /// Position of the strategy in the scenario; none if the agent has failed.
    pub strategy: Option<u16>,
    /// All payments since birth.
    pub payments: Payments,
}

/// The prices of payments, in billionths. A price fits in 64 bits, because amounts of a scenario are at most 1e9
/// units.
#[derive(Clone, Debug)]
pub struct Prices {
    per_unit: [i64; N_PAYMENT_KINDS],
    /// Benefit less cost of one unit, by counter.
    net: [i64; N_COUNTERS],
    /// The same, for payments in money only.
    money: [i64; N_COUNTERS],
    endowment: i128,
}

impl Prices {
    /// The prices of a scenario.
    pub(crate) fn new(s: &Scenario) -> Self {
        let endowment = s.survival.as_ref().map_or(0, |v| Amount::of(v.endowment).billionths());
        let mut prices =
            Self { per_unit: [0; N_PAYMENT_KINDS], net: [0; N_COUNTERS], money: [0; N_COUNTERS], endowment };
        for (kind, spec) in PaymentKind::ALL.into_iter().zip(&KINDS) {
            let price = i64::try_from((spec.price)(s).billionths()).expect("at most 1e9 units");
            let signed = if spec.is_benefit() { price } else { -price };
            prices.per_unit[kind as usize] = price;
            for counter in std::iter::once(spec.counter).chain(spec.surplus) {
                prices.net[counter] += signed;
                prices.money[counter] += if spec.is_money { signed } else { 0 };
            }
        }
        prices
    }

    /// The amount of `n` units of a kind, as a positive number. A payment is one unit, unless needs have sizes.
    #[inline]
    pub(super) fn amount(&self, kind: PaymentKind, n: u64) -> Amount {
        Amount::from_billionths(i128::from(self.per_unit[kind as usize]) * i128::from(n))
    }

    /// Benefits less costs.
    pub fn net(&self, payments: &Payments) -> Amount {
        Amount::from_billionths(sum(&self.net, payments))
    }

    /// Capital: the endowment plus the net benefit in money.
    pub fn capital(&self, payments: &Payments) -> Amount {
        Amount::from_billionths(self.endowment + sum(&self.money, payments))
    }

    /// The amounts of the tables: benefits and costs, all as positive numbers.
    pub fn amounts(&self, payments: &Payments) -> [Amount; N_AMOUNTS] {
        let mut amounts = [Amount::ZERO; N_AMOUNTS];
        for (kind, spec) in PaymentKind::ALL.into_iter().zip(&KINDS) {
            amounts[spec.amount] += self.amount(kind, payments.units(kind));
        }
        amounts
    }
}

/// The sum of prices times counts. It fits in 128 bits even for 2^63 payments by each counter at 1e9 units: see
/// the test.
#[inline]
fn sum(prices: &[i64; N_COUNTERS], payments: &Payments) -> i128 {
    let of = |prices: &[i64], counts: &[u64]| -> i128 {
        prices.iter().zip(counts).map(|(price, n)| i128::from(*price) * i128::from(*n)).sum()
    };
    let (usual, surplus) = payments.0.split_at(SURPLUS);
    // Where needs have no sizes, there is nothing more.
    let more = if surplus.iter().all(|n| *n == 0) { 0 } else { of(&prices[SURPLUS..], surplus) };
    of(&prices[..SURPLUS], usual) + more
}

#[cfg(test)]
mod tests {
    use super::super::payment::PaymentSpec;
    use super::*;
    use crate::scenario::Scenario;

    fn prices(text: &str) -> Prices {
        Prices::new(&Scenario::parse(text, &[]).unwrap())
    }

    #[test]
    fn a_capital_of_exactly_nothing_is_not_below_zero() {
        let prices = prices("[survival]\nendowment = 0.3\noverhead = 0.1");
        let capital_after = |rounds| {
            let mut payments = Payments::default();
            payments.0[PaymentKind::Encouragement.counter()] = 7;
            payments.0[PaymentKind::Overhead.counter()] = rounds;
            prices.capital(&payments)
        };
        assert_eq!(capital_after(3), Amount::ZERO, "encouragement is no money, and 0.3 is three times 0.1");
        assert_eq!(capital_after(4), Amount::of(-0.1));
    }

    #[test]
    fn a_fee_paid_is_a_fee_received() {
        let prices = prices("[needs]\nvalue = 0.7\n[calls]\nfee = 0.35\nfinder_fee = 0.1");
        let amount = |kind| prices.amount(kind, 3).to_string();
        assert_eq!([PaymentKind::Pull, PaymentKind::FeePaid].map(amount), ["0.735", "0.735"]);
        assert_eq!([PaymentKind::Finder, PaymentKind::FinderPaid].map(amount), ["0.21", "0.21"]);
    }

    #[test]
    fn the_largest_sums_fit() {
        let most = Payments([u64::MAX / 2; N_COUNTERS]);
        let prices = prices(
            "[population]\ntie_cost = 1e9\n[needs]\nvalue = 1e9\n[help]\nassist_cost = 1e9\nrefer_cost = 1e9\nencourage_value = 1e9\n\
             encourage_cost = 1e9\n[mixer]\ncost = 1e9\ntravel_cost = 1e9\n[calls]\nfee = 1.0\n\
             finder_fee = 0.0\n[survival]\nendowment = 1e9\noverhead = 1e9",
        );
        // Benefits come first, so partial sums are as large as they can be. A sum panics if it is too large.
        let sum = |is_chosen: fn(&PaymentSpec) -> bool| -> Amount {
            let kinds = PaymentKind::ALL.into_iter().zip(&KINDS).filter(|(_, spec)| is_chosen(spec));
            let sign = |spec: &PaymentSpec, amount: Amount| if spec.is_benefit() { amount } else { -amount };
            kinds.map(|(kind, spec)| sign(spec, prices.amount(kind, most.units(kind)))).sum()
        };
        assert_eq!(prices.net(&most), sum(|_| true));
        assert_eq!(prices.capital(&most), Amount::of(1e9) + sum(|spec| spec.is_money));
    }

    #[test]
    fn payments_since_a_part_of_a_sum_are_the_other_part() {
        let [one, other] = [1, 5].map(|first| Payments(std::array::from_fn(|k| first + 3 * k as u64)));
        assert_eq!((one.and(&other).since(&one), one.and(&other).since(&other)), (other, one));
    }
}
