//! Reactions to prices: the shares of callers and helpers whom a price leaves.

use super::account::Prices;
use super::payment::PaymentKind;
use crate::scenario::Scenario;

/// Factors of chances, each 1 if nobody weighs prices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reactions {
    /// Factor of the chance to call.
    pub call: f64,
    /// Factor of the chance to assist, asked or unasked.
    pub assist: f64,
    /// Factor of the chance to refer, at mixers and in calls.
    pub refer: f64,
    /// Whether experts take calls at all at this fee: whether it pays on average.
    pub calls_pay: bool,
}

impl Reactions {
    /// The reactions to the prices of a scenario.
    pub(super) fn new(s: &Scenario, prices: &Prices) -> Self {
        // Nobody knows the size of another's need, so all go by the mean.
        let sizes = s.needs.sizes.iter().zip(&s.needs.size_shares);
        let mean = sizes.map(|(&size, share)| f64::from(size) * share).sum::<f64>();
        let help = |cost| demand(s.help.cost_sensitivity, cost, s.needs.value * mean);
        let [fee, cost] = [PaymentKind::Pull, PaymentKind::Assist].map(|kind| prices.amount(kind, 1));
        Self {
            call: demand(s.calls.price_sensitivity, s.calls.fee, 1.0),
            assist: help(s.help.assist_cost),
            refer: help(s.help.refer_cost),
            calls_pay: !s.calls.only_if_pays || fee.times(mean) >= cost,
        }
    }
}

/// A linear demand curve: the share that acts at this cost, 1 - `sensitivity` x `cost` / `value`, at least 0.
fn demand(sensitivity: f64, cost: f64, value: f64) -> f64 {
    let burden = sensitivity * cost;
    // Without a burden a value of 0 deters nobody.
    if burden > 0.0 { (1.0 - burden / value).max(0.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reactions(text: &str) -> Reactions {
        let scenario = Scenario::parse(text, &[]).unwrap_or_else(|faults| panic!("{faults}"));
        Reactions::new(&scenario, &Prices::new(&scenario))
    }

    const NONE: Reactions = Reactions { call: 1.0, assist: 1.0, refer: 1.0, calls_pay: true };

    #[test]
    fn prices_change_nothing_unless_somebody_weighs_them() {
        assert_eq!(reactions("[help]\nassist_cost = 50\n[calls]\nfee = 0"), NONE);
        assert_eq!(
            reactions("[needs]\nvalue = 0\n[help]\nassist_cost = 0\nrefer_cost = 0\ncost_sensitivity = 3"),
            NONE
        );
    }

    #[test]
    fn demand_falls_linearly_to_nothing() {
        assert_eq!(reactions("[calls]\nfee = 0.25\nprice_sensitivity = 2"), Reactions { call: 0.5, ..NONE });
        assert_eq!(reactions("[calls]\nfee = 0.25\nprice_sensitivity = 5"), Reactions { call: 0.0, ..NONE });
        let weighed = "[needs]\nvalue = 8\n[help]\nassist_cost = 1\nrefer_cost = 0.5\ncost_sensitivity = 4";
        assert_eq!(reactions(weighed), Reactions { assist: 0.5, refer: 0.75, ..NONE });
        let worthless = "[needs]\nvalue = 0\n[help]\nrefer_cost = 0\ncost_sensitivity = 0.1";
        assert_eq!(reactions(worthless), Reactions { assist: 0.0, ..NONE });
    }

    #[test]
    fn others_go_by_the_mean_size_of_needs() {
        let sizes = "[needs]\nvalue = 2\nsizes = [1, 9]\nsize_shares = [0.75, 0.25]\n";
        let weighed = format!("{sizes}[help]\nassist_cost = 1\nrefer_cost = 0.5\ncost_sensitivity = 3");
        assert_eq!(reactions(&weighed), Reactions { assist: 0.5, refer: 0.75, ..NONE });
        let pays = |fee| reactions(&format!("{sizes}[calls]\nonly_if_pays = true\nfee = {fee}")).calls_pay;
        assert_eq!([0.1666, 0.1667].map(pays), [false, true], "a fee of a sixth is 1 on average");
    }

    #[test]
    fn a_fee_equal_to_the_cost_pays() {
        let pays = |fee| {
            reactions(&format!(
                "[needs]\nvalue = 3\n[help]\nassist_cost = 0.3\n[calls]\nonly_if_pays = true\nfee = {fee}"
            ))
            .calls_pay
        };
        assert_eq!([0.0999, 0.1, 0.2].map(pays), [false, true, true], "amounts are compared as decimals");
    }
}
