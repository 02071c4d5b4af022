//! Factors that are nothing but prices, in words.

use crate::scenario::Scenario;

/// What is to be known of a sweep's prices; nothing where there are none.
pub(super) fn reported(scenario: &Scenario) -> Option<String> {
    let prices = scenario.factors.iter().filter(|factor| scenario.is_price(factor));
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

    #[test]
    fn prices_are_named_together() {
        let price = |name: &str, key: &str| format!("[[factor]]\nname = \"{name}\"\nkeys = \"{key}\"\n");
        let said = |factors: &[String]| reported(&Scenario::parse(&factors.concat(), &[]).unwrap());
        let (fee, cost, rate) =
            (price("fee", "calls.fee"), price("cost", "mixer.cost"), price("rate", "needs.rate"));
        let both = said(&[fee.clone(), rate.clone(), cost]).unwrap();
        assert!(both.starts_with("fee, cost are prices: nobody reacts to them, so"), "{both}");
        assert!(said(&[fee]).unwrap().starts_with("fee is a price"));
        assert_eq!(said(&[rate]), None);
    }
}
