//! The traits of strategies: in which of them two strategies differ, and the factors of a sweep that splits the contrast
//! of the two over these.

use super::experiments::{Factor, Scale, SweepDesign};
use super::path::of_entry;
use super::settings::{Settings, Strategy};
use super::table::Section;

/// A trait of strategies.
#[derive(Debug)]
pub(crate) struct Trait {
    /// Its key.
    pub(crate) name: &'static str,
    /// Whether it is about what an agent does at mixers, once it is there.
    pub(crate) at_mixers: bool,
    /// Its mean and its standard deviation among people.
    pub(crate) get: fn(&Strategy) -> [f64; 2],
    pub(crate) set: fn(&mut Strategy, [f64; 2]),
}

macro_rules! traits {
    ($($name:ident $sd:ident: $at_mixers:literal),+ $(,)?) => {
        &[$(Trait {
            name: stringify!($name),
            at_mixers: $at_mixers,
            get: |s| [s.$name, s.$sd],
            set: |s, value| [s.$name, s.$sd] = value,
        }),+]
    };
}

/// All traits, in the order of the table of keys.
pub(super) const TRAITS: &[Trait] = traits! {
    attend attend_sd: false,
    ask ask_sd: true,
    serve serve_sd: true,
    comply comply_sd: true,
    refer refer_sd: true,
    linger linger_sd: true,
    min_opinion min_opinion_sd: true,
    gossip gossip_sd: false,
    polish polish_sd: true,
};

/// Maximum number of traits over which a sweep splits a contrast: 256 points.
pub(super) const SPLIT_MAX: usize = 8;

/// The traits in which two strategies differ.
pub(crate) fn differing_traits(one: &Strategy, other: &Strategy) -> impl Iterator<Item = &'static Trait> {
    TRAITS.iter().filter(|t| (t.get)(one) != (t.get)(other))
}

/// Lets a sweep that splits a contrast vary the traits of its second strategy, in place of the factors of the file.
pub(super) fn vary(settings: &mut Settings) {
    let Some(sweep) = settings.sweep.as_ref().filter(|sweep| sweep.design == SweepDesign::FactorialTraits)
    else {
        return;
    };
    let named = |name: &str, otherwise: usize| {
        let found = settings.strategies.iter().find(|strategy| strategy.name == name);
        found.unwrap_or(&settings.strategies[otherwise])
    };
    settings.factors = trait_factors(named(&sweep.first, 0), named(&sweep.second, 1));
}

/// A factor for each trait in which two strategies differ. It gives the second the trait of the first, or its own.
pub(super) fn trait_factors(first: &Strategy, second: &Strategy) -> Vec<Factor> {
    let factor = |t: &Trait| Factor {
        name: t.name.to_owned(),
        keys: vec![of_entry(Strategy::SPEC.name, &second.name, t.name)],
        min: 0.0,
        max: 1.0,
        scale: Scale::Linear,
        levels: 2,
        values: [first, second].map(|strategy| (t.get)(strategy)[0].to_string()).to_vec(),
    };
    differing_traits(first, second).map(factor).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn every_key_of_a_strategy_but_its_name_and_share_is_a_trait() {
        let means = Strategy::SPEC.keys.iter().filter(|key| key.spread_of().is_none());
        let keys = means.map(|key| key.name);
        let expected: Vec<&str> = keys.filter(|key| !["name", "share"].contains(key)).collect();
        assert_eq!(TRAITS.iter().map(|t| t.name).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_factor_has_the_trait_of_the_first_strategy_and_then_that_of_the_second() {
        let scenario = Scenario::parse("", &["strategy.warrior.gossip=0.1"]).unwrap();
        let factors = trait_factors(&scenario.strategies[0], &scenario.strategies[1]);
        let names: Vec<&str> = factors.iter().map(|factor| factor.name.as_str()).collect();
        assert_eq!(names, ["ask", "serve", "comply", "refer", "linger", "min_opinion", "gossip"]);
        assert_eq!(factors[0].keys, ["strategy.\"servant\".ask"]);
        assert_eq!(factors[5].values, ["-1", "0"]);
        assert_eq!(factors[6].values, ["0.1", "0.3"]);
        assert!(trait_factors(&scenario.strategies[0], &scenario.strategies[0]).is_empty());
    }
}
