//! Same scenario and seed: the same records, for any number of threads, on every run.

use crate::support::{run, scenario};

/// Three regions of different manners.
const REGIONS: &str = "[[region]]\nname = \"a\"\nshare = 0.5\n\
    [[region]]\nname = \"b\"\nshare = 0.3\nlegibility = 0.8\n\
    [[region]]\nname = \"c\"\nshare = 0.2\npush_penalty = 0.9\n";

/// Settings that between them use every phase and every way of sharing the work.
const SETTINGS: [(&str, &str, &[&str]); 7] = [
    ("many small worlds", "", &["population.agents=300", "replicates=6", "rounds=24"]),
    ("one world in several parts", "", &["population.agents=9000", "replicates=1", "rounds=9"]),
    (
        "regions, towns, travel and familiarity",
        REGIONS,
        &[
            "population.agents=9000",
            "population.town_size=700",
            "mixer.travel=0.3",
            "mixer.familiarity=4",
            "replicates=1",
            "rounds=9",
        ],
    ),
    (
        "public standing",
        "",
        &["population.agents=9000", "reputation.kind=public", "replicates=1", "rounds=9", "mixer.every=1"],
    ),
    (
        "bystanders",
        "",
        &["population.agents=4500", "reputation.observe=0.3", "replicates=1", "rounds=5", "mixer.slots=4"],
    ),
    (
        "failures and imitation",
        REGIONS,
        &[
            "population.agents=9000",
            "replicates=1",
            "rounds=30",
            "survival.endowment=2",
            "survival.overhead=0.6",
            "evolution.rate=0.2",
            "evolution.mutation=0.1",
        ],
    ),
    (
        "people who differ",
        "",
        &[
            "population.agents=9000",
            "replicates=1",
            "rounds=20",
            "population.start_trust.sd=0.2",
            "strategy.warrior.ask.sd=0.1",
            "strategy.servant.attend.sd=0.2",
            "needs.rate.sd=0.05",
            "survival.endowment=2",
            "survival.endowment.sd=1",
            "survival.overhead=0.6",
            "evolution.rate=0.2",
        ],
    ),
];

#[test]
fn threads_change_nothing() {
    for (name, text, sets) in SETTINGS {
        let scenario = scenario(&format!("burn_in = 2\n{text}"), sets);
        // Debug output writes floats so that they read back to the bit, and NaN equal to NaN.
        let [one, two, eight] = [1, 2, 8].map(|n_threads| format!("{:?}", run(&scenario, n_threads)));
        assert!(one == two && one == eight, "{name}");
    }
}

#[test]
fn a_recorded_seed_alone_gives_its_replicate_again() {
    let sets = ["population.agents=300", "rounds=20"];
    let all = run(&scenario("replicates = 3\nburn_in = 5", &sets), 2);
    let seed = format!("seed={}", all[2].seed);
    let again = run(&scenario("replicates = 1\nburn_in = 5", &[&sets[..], &[&seed]].concat()), 1);
    assert_eq!(format!("{:?}", all[2].rounds), format!("{:?}", again[0].rounds));
    assert_ne!(format!("{:?}", all[1].rounds), format!("{:?}", again[0].rounds));
}
