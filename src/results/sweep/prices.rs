//! Factors that are nothing but prices: nobody's behaviour depends on them.

use crate::scenario::{Factor, Scenario};

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

/// Whether a factor sets prices only, and nobody reacts to them: capital under `[survival]` and comparing under
/// `[evolution]` would.
pub(super) fn is_price(factor: &Factor, scenario: &Scenario) -> bool {
    scenario.survival.is_none()
        && scenario.evolution.is_none()
        && factor.keys.iter().all(|key| {
            let alone = Factor { keys: vec![key.clone()], ..factor.clone() };
            PRICES.iter().any(|price| alone.sets_key(price))
        })
}

/// What is to be known of a sweep's prices; nothing where there are none.
pub(super) fn reported(scenario: &Scenario) -> Option<String> {
    let prices = scenario.factors.iter().filter(|factor| is_price(factor, scenario));
    let names: Vec<&str> = prices.map(|factor| factor.name.as_str()).collect();
    let are = match names[..] {
        [] => return None,
        [one] => format!("{one} is a price: nobody reacts to it"),
        _ => format!("{} are prices: nobody reacts to them", names.join(", ")),
    };
    Some(format!("{are}, so behaviour is the same at all values and net benefit changes by arithmetic alone"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Source, parse};

    fn scenario(lines: &str) -> Scenario {
        let source = Source { name: "test", bytes: lines.as_bytes() };
        parse(&source, &[]).unwrap_or_else(|faults| panic!("{faults}"))
    }

    const FACTORS: &str = "[[factor]]\nname = \"fee\"\nkeys = \"calls. fee\"\n[[factor]]\nname = \"both\"\n\
        keys = [\"help.assist_cost\", \"needs.rate\"]\n[[factor]]\nname = \"costs\"\n\
        keys = [\"help.refer_cost\", \"mixer.cost\"]\n";

    #[test]
    fn a_factor_is_a_price_where_all_of_its_keys_are() {
        let scenario = scenario(FACTORS);
        let prices: Vec<bool> = scenario.factors.iter().map(|f| is_price(f, &scenario)).collect();
        assert_eq!(prices, [true, false, true]);
        assert!(reported(&scenario).unwrap().starts_with("fee, costs are prices: nobody reacts to them"));
    }

    #[test]
    fn capital_and_imitation_react_to_prices() {
        for section in ["[survival]\n", "[evolution]\n"] {
            assert_eq!(reported(&scenario(&format!("{section}{FACTORS}"))), None);
        }
    }
}
