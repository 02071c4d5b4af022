//! Keys that are nothing but prices: nobody's behaviour depends on them.

use super::assignment::Assignment;
use super::experiments::Factor;
use super::path::Path;
use super::settings::Scenario;

/// Keys that turn counts of payments into amounts, and do nothing else.
const PRICES: [&str; 9] = [
    "needs.value",
    "help.assist_cost",
    "help.refer_cost",
    "help.encourage_value",
    "help.encourage_cost",
    "mixer.cost",
    "mixer.travel_cost",
    "calls.fee",
    "calls.finder_fee",
];

/// Sections of the mechanisms that react to amounts: capital, and comparing oneself with others.
const REACTING: [&str; 2] = ["survival", "evolution"];

impl Scenario {
    /// Whether agents react to amounts, at some point of a sweep at least.
    pub(crate) fn reacts_to_prices(&self) -> bool {
        let sets_one = |factor: &Factor| {
            factor
                .keys
                .iter()
                .any(|key| Path::parse(key).section.is_some_and(|name| REACTING.contains(&name)))
        };
        self.survival.is_some() || self.evolution.is_some() || self.factors.iter().any(sets_one)
    }

    /// Whether a factor sets prices only, and nobody reacts to them.
    pub(crate) fn is_price(&self, factor: &Factor) -> bool {
        !self.reacts_to_prices() && factor.keys.iter().all(|key| is_price(key))
    }
}

impl Assignment {
    /// Whether it sets a price.
    pub(crate) fn is_of_price(&self) -> bool {
        is_price(self.path())
    }
}

fn is_price(path: &str) -> bool {
    PRICES.iter().any(|price| Path::parse(path).is(&Path::parse(price)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTORS: &str = "[[factor]]\nname = \"fee\"\nkeys = \"calls. fee\"\n[[factor]]\nname = \"both\"\n\
        keys = [\"help.assist_cost\", \"needs.rate\"]\n[[factor]]\nname = \"costs\"\n\
        keys = [\"help.refer_cost\", \"mixer.cost\"]\n";

    fn prices(text: &str) -> Vec<bool> {
        let scenario = Scenario::parse(text, &[]).unwrap_or_else(|faults| panic!("{faults}"));
        scenario.factors.iter().map(|factor| scenario.is_price(factor)).collect()
    }

    #[test]
    fn a_factor_is_a_price_where_all_of_its_keys_are() {
        assert_eq!(prices(FACTORS), [true, false, true]);
    }

    #[test]
    fn capital_and_imitation_react_to_prices() {
        for section in ["[survival]\n", "[evolution]\n"] {
            assert_eq!(prices(&format!("{section}{FACTORS}")), [false; 3]);
        }
        let more = "[[factor]]\nname = \"overhead\"\nkeys = \"survival.overhead\"\n";
        assert_eq!(prices(&format!("{FACTORS}{more}")), [false; 4], "a factor can bring the section");
    }
}
