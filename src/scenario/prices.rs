//! Keys that are nothing but prices: nobody's behaviour depends on them.

use super::assignment::Assignment;
use super::experiments::Factor;
use super::path::Path;
use super::settings::{Scenario, Settings};

const TIE_COST: &str = "population.tie_cost";

/// Keys that turn counts of payments into amounts, and do nothing else unless somebody reacts to them.
const PRICES: [&str; 10] = [
    TIE_COST,
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

/// Sections of the mechanisms that react to all amounts: capital, and comparing oneself with others.
const REACTING: [&str; 2] = ["survival", "evolution"];

/// A mechanism that reacts to some prices.
struct Reaction {
    /// The key that turns it on.
    key: &'static str,
    is_on: fn(&Settings) -> bool,
    prices: &'static [&'static str],
}

/// The mechanisms that react to some prices.
const REACTIONS: [Reaction; 3] = [
    Reaction {
        key: "calls.price_sensitivity",
        is_on: |s| s.calls.price_sensitivity > 0.0,
        prices: &["calls.fee"],
    },
    Reaction {
        key: "calls.only_if_pays",
        is_on: |s| s.calls.only_if_pays,
        prices: &["calls.fee", "needs.value", "help.assist_cost"],
    },
    Reaction {
        key: "help.cost_sensitivity",
        is_on: |s| s.help.cost_sensitivity > 0.0,
        prices: &["needs.value", "help.assist_cost", "help.refer_cost"],
    },
];

impl Scenario {
    /// Whether a factor sets prices only, and nobody reacts to them.
    pub(crate) fn is_price(&self, factor: &Factor) -> bool {
        factor.keys.iter().all(|key| self.is_mere_price(key))
    }

    /// Whether an assignment sets a price to which nobody reacts.
    pub(crate) fn sets_price(&self, assignment: &Assignment) -> bool {
        self.is_mere_price(assignment.path())
    }

    /// Whether keeping a tie costs something, at some point of a sweep at least.
    pub(crate) fn charges_ties(&self) -> bool {
        self.population.tie_cost > 0.0 || self.is_swept(TIE_COST)
    }

    /// Whether a price changes at a round.
    pub(crate) fn changes_prices(&self) -> bool {
        let overhead = Path::parse("survival.overhead");
        self.scheduled.iter().any(|change| {
            let path = Path::parse(&change.key);
            path.is(&overhead) || PRICES.iter().any(|price| path.is(&Path::parse(price)))
        })
    }

    /// Whether a key is a price to which nobody reacts, at any point of a sweep.
    fn is_mere_price(&self, path: &str) -> bool {
        let path = Path::parse(path);
        let is_among = |keys: &[&str]| keys.iter().any(|key| path.is(&Path::parse(key)));
        let matters = |reaction: &Reaction| {
            is_among(reaction.prices) && ((reaction.is_on)(self) || self.is_swept(reaction.key))
        };
        is_among(&PRICES) && !self.reacts_to_all_prices() && !REACTIONS.iter().any(matters)
    }

    /// Whether agents react to every amount, at some point of a sweep at least.
    fn reacts_to_all_prices(&self) -> bool {
        let sets_one = |factor: &Factor| {
            factor
                .keys
                .iter()
                .any(|key| Path::parse(key).section.is_some_and(|name| REACTING.contains(&name)))
        };
        self.survival.is_some() || self.evolution.is_some() || self.factors.iter().any(sets_one)
    }

    /// Whether a factor sets this key.
    fn is_swept(&self, path: &str) -> bool {
        let path = Path::parse(path);
        self.factors.iter().flat_map(|factor| &factor.keys).any(|key| Path::parse(key).is(&path))
    }
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

    /// The prices among the keys, each of them a factor.
    fn mere_prices(more: &str) -> Vec<String> {
        let factor = |key: &str| format!("[[factor]]\nname = \"{key}\"\nkeys = \"{key}\"\nmax = 0.1\n");
        let text = format!("{more}{}", PRICES.map(factor).concat());
        let scenario = Scenario::parse(&text, &[]).unwrap_or_else(|faults| panic!("{faults}"));
        let factors = scenario.factors.iter().filter(|factor| scenario.is_price(factor));
        factors.map(|factor| factor.name.clone()).collect()
    }

    #[test]
    fn a_price_to_which_somebody_reacts_is_none_and_the_others_are() {
        let swept = |key: &str, values: &str| {
            format!("[[factor]]\nname = \"how much\"\nkeys = \"{key}\"\nvalues = {values}\n")
        };
        let cases = [
            ("[calls]\nprice_sensitivity = 0.1\n".to_owned(), &["calls.fee"][..]),
            ("[calls]\nonly_if_pays = true\n".to_owned(), &["calls.fee", "needs.value", "help.assist_cost"]),
            (
                "[help]\ncost_sensitivity = 1\n".to_owned(),
                &["needs.value", "help.assist_cost", "help.refer_cost"],
            ),
            (swept("calls. price_sensitivity", "[0.0]"), &["calls.fee"]),
            (swept("calls.only_if_pays", "[false]"), &["calls.fee", "needs.value", "help.assist_cost"]),
        ];
        assert_eq!(mere_prices(""), PRICES);
        for (text, reacted_to) in cases {
            let others: Vec<&str> = PRICES.into_iter().filter(|key| !reacted_to.contains(key)).collect();
            assert_eq!(mere_prices(&text), others, "{text}");
        }
    }
}
