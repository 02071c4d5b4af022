//! Stories in random scenarios: their amounts sum to the difference, whatever is on.

use proptest::prelude::*;

use super::tests::check_twins;
use crate::experiment::BetPlan;
use crate::scenario::Scenario;

fn any_sets() -> impl Strategy<Value = Vec<String>> {
    let size = (20u32..70, 0u32..14, 2u32..14, 1u32..6, 1u32..4);
    let calls = (0.0f64..=1.0, 0u32..4, 0u32..3, 0u32..40, 0u32..10);
    let people = (any::<bool>(), 0.0f64..0.4, 0.0f64..0.6, 0u32..8, any::<u32>());
    let more = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), 0.0f64..0.5);
    (size, calls, people, more).prop_map(|(n, c, p, more)| {
        let mut sets = vec![
            format!("population.agents={}", n.0),
            format!("population.ties_max={}", n.1),
            "population.domains=4".to_owned(),
            format!("mixer.size={}", n.2),
            format!("mixer.slots={}", n.3),
            format!("mixer.every={}", n.4),
            format!("calls.rate={}", c.0),
            format!("calls.depth={}", c.1),
            format!("calls.capacity={}", c.2),
            format!("calls.fee=0.{:02}", c.3),
            format!("calls.finder_fee=0.0{}", c.4),
            format!("reputation.kind={}", if p.0 { "public" } else { "private" }),
            format!("reputation.observe={}", p.1),
            format!("needs.rate={}", p.2),
            format!("bet.campaign={}", p.3),
            format!("seed={}", p.4),
            format!("help.pay_forward={}", if more.2 { more.4 } else { 0.0 }),
            format!("mixer.familiarity={}", if more.3 { 3 } else { 1 }),
        ];
        if more.0 {
            let set = ["survival.endowment=4", "survival.overhead=0.7", "survival.replace_after=1"];
            sets.extend(set.map(String::from));
        }
        if more.1 {
            sets.push("evolution.rate=0.3".to_owned());
        }
        sets
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn amounts_sum_to_the_difference_in_any_scenario(sets in any_sets()) {
        let common =
            ["rounds=12", "burn_in=5", "bet.usual=any", "bet.worlds=1", "bet.focals=3", "bet.horizons=[0, 2, 14]"];
        let all: Vec<&str> = common.into_iter().chain(sets.iter().map(String::as_str)).collect();
        let scenario = Scenario::parse_bet("", &all).unwrap_or_else(|faults| panic!("{faults}"));
        check_twins(&BetPlan::new(&scenario, false), 0, &all);
    }
}
