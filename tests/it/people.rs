//! People who differ.

use mingle::records::{M, WorldRecord};
use mingle::{Amount, Parallelism, Rules, Scenario, Simulation, SweepPlan, ThreadPool, bet};

use crate::support::{run, scenario};

const SMALL: [&str; 4] = ["population.agents=120", "rounds=30", "burn_in=5", "replicates=2"];

/// Everything in which people can differ, with a mean in the middle and room for a spread.
const KEYS: [(&str, f64); 13] = [
    ("strategy.warrior.attend", 0.5),
    ("strategy.warrior.ask", 0.7),
    ("strategy.warrior.serve", 0.3),
    ("strategy.warrior.comply", 0.5),
    ("strategy.warrior.refer", 0.4),
    ("strategy.warrior.linger", 0.4),
    ("strategy.warrior.min_opinion", 0.0),
    ("strategy.warrior.gossip", 0.4),
    ("strategy.warrior.polish", 0.5),
    ("population.start_trust", 0.1),
    ("needs.rate", 0.4),
    ("help.execution_error", 0.3),
    ("survival.endowment", 4.0),
];

#[test]
fn a_standard_deviation_of_zero_changes_no_byte_and_any_other_one_does() {
    for (key, mean) in KEYS {
        let with = |value: &str| {
            let set = format!("{key}={value}");
            let more = ["survival.overhead=0.6", "mixer.every=2", &set];
            let scenario = scenario("", &[&SMALL[..], &more].concat());
            (format!("{:?}", run(&scenario, 2)), scenario.to_toml())
        };
        let plain = with(&mean.to_string());
        assert_eq!(with(&format!("{{ mean = {mean}, sd = 0 }}")), plain, "{key}");
        let differing = with(&format!("{{ mean = {mean}, sd = 0.2 }}"));
        assert!(differing.0 != plain.0 && differing.1 != plain.1, "{key} has no effect");
    }
}

#[test]
fn a_number_is_given_alone_or_in_parts_and_each_part_is_a_key() {
    let text = "[needs]\nrate = { mean = 0.3, sd = 0.05 }\n[[strategy]]\nname = \"servant\"\nshare = 1\n\
                ask.sd = 0.05\nserve = { mean = 0.8 }\n";
    let scenario = scenario(text, &[]);
    let servant = &scenario.strategies[0];
    assert_eq!((scenario.needs.rate, scenario.needs.rate_sd), (0.3, 0.05));
    assert_eq!((servant.ask, servant.ask_sd), (0.1, 0.05), "the mean of the preset");
    assert_eq!((servant.serve, servant.serve_sd), (0.8, 0.0));
    let changes: Vec<(String, String)> = scenario.changes().into_iter().map(|c| (c.key, c.value)).collect();
    let expected = [
        ("needs.rate", "0.3"),
        ("needs.rate.sd", "0.05"),
        ("strategy.servant.share", "1.0"),
        ("strategy.servant.ask.sd", "0.05"),
        ("strategy.servant.serve", "0.8"),
    ];
    assert_eq!(changes, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    let written = scenario.to_toml();
    assert!(written.contains("\nask = { mean = 0.1, sd = 0.05 }\nserve = 0.8\n"), "{written}");
    assert_eq!(Scenario::parse(&written, &[]).unwrap(), scenario);
    let sets = ["strategy.servant.ask=0.2", "strategy.servant.serve.sd=0.1", "needs.rate={sd=0.02}"];
    let set = scenario.with(&sets).unwrap();
    let servant = &set.strategies[0];
    assert_eq!((servant.ask, servant.ask_sd), (0.2, 0.05), "the mean alone");
    assert_eq!((servant.serve, servant.serve_sd), (0.8, 0.1));
    assert_eq!((set.needs.rate, set.needs.rate_sd), (0.3, 0.02));
    assert_eq!(scenario.with(&["needs.rate.mean=0.4"]).unwrap().needs.rate, 0.4);
}

#[test]
fn a_sweep_varies_means_and_standard_deviations_apart() {
    let text = "[[factor]]\nname = \"ask\"\nkeys = [\"strategy.warrior.ask\"]\nmin = 0.4\nmax = 0.6\nlevels = 2\n\
                [[factor]]\nname = \"spread\"\nkeys = [\"strategy.warrior.ask.sd\", \"needs.rate.sd\"]\nmin = 0\n\
                max = 0.1\nlevels = 2\n";
    let plan = SweepPlan::new(mingle::parse_sweep(text, &["needs.rate=0.5"]).unwrap(), Vec::new());
    let mut found: Vec<[f64; 3]> = (0..plan.n_points())
        .map(|number| plan.scenario_at(&plan.point(number)).unwrap())
        .map(|point| [point.strategies[0].ask, point.strategies[0].ask_sd, point.needs.rate_sd])
        .collect();
    found.sort_by(|a, b| a.partial_cmp(b).unwrap());
    assert_eq!(found, [[0.4, 0.0, 0.0], [0.4, 0.1, 0.1], [0.6, 0.0, 0.0], [0.6, 0.1, 0.1]]);
}

#[test]
fn a_point_with_a_standard_deviation_that_its_mean_does_not_allow_is_reported() {
    let text = "[[factor]]\nname = \"ask\"\nkeys = [\"strategy.warrior.ask\"]\nvalues = [0.5, 1]\n";
    let plan =
        SweepPlan::new(mingle::parse_sweep(text, &["strategy.warrior.ask.sd=0.1"]).unwrap(), Vec::new());
    let faults: Vec<String> = (0..plan.n_points())
        .filter_map(|number| plan.scenario_at(&plan.point(number)).err())
        .map(|faults| faults.to_string())
        .collect();
    let [fault] = &faults[..] else { panic!("{faults:?}") };
    assert!(fault.contains("strategy.warrior.ask.sd must be 0 with a mean of 1, but is 0.1"), "{fault}");
}

#[test]
fn a_bet_between_equal_strategies_of_people_who_differ_is_exactly_zero() {
    let strategies = ["one", "other"].map(|name| {
        format!(
            "[[strategy]]\nname = \"{name}\"\nshare = 0.5\nask = {{ mean = 0.5, sd = 0.25 }}\nserve = {{ sd = 0.1 }}\n\
             comply.sd = 0.1\nlinger.sd = 0.1\nmin_opinion = {{ mean = -0.1, sd = 0.4 }}\n\
             polish = {{ mean = 0.5, sd = 0.2 }}\n"
        )
    });
    let bet_text = "[bet]\nusual = \"any\"\nfirst = \"one\"\nsecond = \"other\"\nworlds = 3\nfocals = 8\n\
                    horizons = [0, 8]\ncampaign = 8\n";
    let text = format!("{}{bet_text}", strategies.concat());
    let sets = [&SMALL[..3], &["help.execution_error.sd=0.05"]].concat();
    let played = |sets: &[&str]| -> Vec<WorldRecord> {
        let scenario = Scenario::parse_bet(&text, sets).unwrap_or_else(|faults| panic!("{faults}"));
        bet(&scenario, &ThreadPool::new(2).unwrap())
    };
    let gains = |records: &[WorldRecord]| -> Vec<Amount> {
        let twins = records.iter().flat_map(|world| &world.twins);
        twins.flat_map(|twin| &twin.horizons).map(|h| h.second.net - h.first.net).collect()
    };
    let equal = gains(&played(&sets));
    assert_eq!(equal.len(), 48);
    assert!(equal.iter().all(|gain| *gain == Amount::ZERO), "{equal:?}");
    let wider = gains(&played(&[&sets[..], &["strategy.other.ask.sd=0.05"]].concat()));
    assert!(wider.iter().any(|gain| *gain != Amount::ZERO), "another spread is another behaviour");
}

#[test]
fn needs_arise_at_each_persons_own_rate_and_at_the_mean_rate_over_all() {
    // Needs lapse after a round, so an agent has a new chance in every round.
    let sets = ["population.agents=4000", "population.ties_max=0", "needs.patience=1", "mixer.every=1000"];
    let text = "rounds = 400\nburn_in = 0\n[needs]\nrate = { mean = 0.1, sd = 0.1 }\n";
    let scenario = scenario(text, &sets);
    let rules = Rules::new(&scenario);
    let mut simulation = Simulation::new(&rules, 9, Parallelism::SERIAL);
    let (mut opened, mut with_need) = (0.0, vec![0.0_f64; 4000]);
    for _ in 0..scenario.rounds {
        for record in simulation.step(Parallelism::SERIAL) {
            opened += record.values[M::NeedsOpened as usize] * f64::from(record.agents);
        }
        for (n, agent) in with_need.iter_mut().zip(simulation.agents()) {
            *n += f64::from(u8::from(agent.need.is_some()));
        }
    }
    // 4,000 people with a standard deviation of 0.1 between them: a standard error of 0.0016.
    assert!((opened / 400.0 / 4000.0 - 0.1).abs() < 4.0 * 0.0016, "{}", opened / 1.6e6);
    let rates: Vec<f64> = with_need.iter().map(|n| n / 400.0).collect();
    let mean = rates.iter().sum::<f64>() / 4000.0;
    let variance = rates.iter().map(|r| (r - mean) * (r - mean)).sum::<f64>() / 3999.0;
    // Between people 0.01, and within each 0.08 / 400 on average by chance: E(p (1 - p)) = 0.1 - 0.01 - 0.01.
    assert!((variance / (0.01 + 0.0002) - 1.0).abs() < 0.1, "{variance}");
}
