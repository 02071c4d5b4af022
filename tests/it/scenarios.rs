//! The scenarios that are shipped: each is valid, says what it shows, and still shows it.

use std::fs;
use std::path::Path;

use mingle::records::M;
use mingle::settings::SweepDesign;
use mingle::summaries::{Interval, Level};
use mingle::{BetPlan, Parallelism, Rules, Scenario, Simulation, SweepPlan};

use crate::support::{means, run, scenario, sources_below};
use crate::sweep::{done, rows};

/// A shipped file: its stem, and its text.
pub(crate) struct Shipped {
    pub(crate) stem: String,
    pub(crate) text: String,
}

impl Shipped {
    /// The scenario with overrides.
    pub(crate) fn parse(&self, sets: &[String]) -> Scenario {
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let files = files();
        let files: Vec<(&str, &[u8])> =
            files.iter().map(|(name, bytes)| (name.as_str(), &bytes[..])).collect();
        let scenario = Scenario::parse_with_files(&self.text, &sets, &files);
        scenario.unwrap_or_else(|faults| panic!("{}: {faults}", self.stem))
    }

    /// The scenario shrunk until it runs in no time.
    fn small(&self, agents: u32, rounds: u32, burn_in: u32, replicates: u32) -> Scenario {
        self.parse(&self.small_sets(agents, rounds, burn_in, replicates))
    }

    /// Overrides that shrink the scenario, with as many towns as before. The people of a file are as many as they are.
    pub(crate) fn small_sets(&self, agents: u32, rounds: u32, burn_in: u32, replicates: u32) -> Vec<String> {
        let full = self.parse(&[]).population.clone();
        let town_size = (u64::from(full.town_size) * u64::from(agents)).div_ceil(u64::from(full.agents));
        let size = [format!("population.agents={agents}"), format!("population.town_size={town_size}")];
        let length =
            [format!("rounds={rounds}"), format!("burn_in={burn_in}"), format!("replicates={replicates}")];
        size.into_iter().filter(|_| full.agents_file.is_empty()).chain(length).collect()
    }

    /// Whether a section, or a list of sections, has this header.
    pub(crate) fn has(&self, header: &str) -> bool {
        self.text.lines().any(|line| line.starts_with(header))
    }
}

/// Overrides that shrink a bet until it is played in no time.
pub(crate) const SMALL_BET: [&str; 6] = [
    "population.agents=120",
    "population.town_size=0",
    "burn_in=8",
    "bet.worlds=3",
    "bet.focals=3",
    "bet.horizons=[0, 4, 9]",
];

/// Overrides that shrink a sweep until it is done in no time.
pub(crate) fn small_sweep(file: &Shipped) -> Vec<String> {
    let plan = plan_of(file);
    let mut sets: Vec<String> = [
        "population.agents=120",
        "population.town_size=0",
        "replicates=2",
        "rounds=20",
        "burn_in=8",
        "sweep.points=2",
    ]
    .map(str::to_owned)
    .to_vec();
    let ranges = plan.scenario().factors.iter().filter(|factor| factor.values.is_empty());
    sets.extend(ranges.map(|factor| format!("factor.\"{}\".levels=2", factor.name)));
    if plan.rules().refine {
        sets.push("sweep.depth=1".to_owned());
    }
    if plan.bets() {
        sets.extend(["bet.worlds=2", "bet.focals=2", "bet.horizons=[0, 4]"].map(str::to_owned));
    }
    sets
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios"))
}

fn read(name: &str) -> Shipped {
    let text = fs::read_to_string(folder().join(name)).unwrap();
    Shipped { stem: name.strip_suffix(".toml").unwrap().to_owned(), text }
}

/// The files that scenarios name, by their names.
pub(crate) fn files() -> Vec<(String, Vec<u8>)> {
    let names = sources_below("scenarios").into_iter().filter(|name| name.ends_with(".csv"));
    names
        .map(|path| {
            let name = path.strip_prefix("scenarios/").unwrap().to_owned();
            let bytes = fs::read(folder().join(&name)).unwrap();
            (name, bytes)
        })
        .collect()
}

/// Every scenario of the folder, by name; those in `bench` make no claim.
pub(crate) fn shipped() -> Vec<Shipped> {
    let files = sources_below("scenarios");
    let names = files.iter().filter_map(|file| file.strip_prefix("scenarios/"));
    let mut names: Vec<&str> = names.filter(|name| !name.contains('/') && name.ends_with(".toml")).collect();
    names.sort_unstable();
    assert!(names.contains(&"chamber-mixer.toml"), "{names:?}");
    names.iter().map(|name| read(name)).collect()
}

/// The servants' lead over warriors in net benefit, replicate by replicate.
fn lead_of_servants(scenario: &Scenario) -> Interval {
    let records = run(scenario, 2);
    let net = |name| {
        let strategy = scenario.strategies.iter().position(|s| s.name == name).unwrap();
        means(&records, u16::try_from(strategy).unwrap(), M::Net, scenario.burn_in)
    };
    let leads: Vec<f64> = net("servant").iter().zip(net("warrior")).map(|(one, other)| one - other).collect();
    Interval::of(&leads, Level::USUAL)
}

#[test]
fn every_shipped_file_is_valid_as_it_is() {
    for file in shipped() {
        let scenario = file.parse(&[]);
        assert!(!scenario.title.is_empty() && scenario.replicates >= 2, "{}", file.stem);
    }
}

/// Zachary 1977: 34 members and 78 ties; members 1 and 34 have 16 and 17 of them.
#[test]
fn the_karate_club_has_the_ties_of_its_study() {
    let club = read("karate-club.toml").parse(&[]);
    let rules = Rules::new(&club);
    let simulation = Simulation::new(&rules, 1, Parallelism::SERIAL);
    let contacts = |agent| -> Vec<u32> {
        simulation
            .ties_of(agent)
            .into_iter()
            .map(|(contact, trust)| {
                assert_eq!(f64::from(trust), f64::from(0.3_f32));
                contact
            })
            .collect()
    };
    let all: Vec<Vec<u32>> = (0..34).map(contacts).collect();
    assert_eq!((club.population.agents, all.iter().map(Vec::len).sum::<usize>()), (34, 2 * 78));
    assert_eq!((all[0].len(), all[33].len(), all.iter().map(Vec::len).max()), (16, 17, Some(17)));
    assert!((0..34).all(|a| all[a].iter().all(|&b| all[b as usize].contains(&u32::try_from(a).unwrap()))));
    assert!(!all[0].contains(&33), "the two leaders do not meet");
}

#[test]
fn in_the_plain_setting_all_are_busy_in_every_slot() {
    let plain = read("bench/plain.toml").parse(&[
        "population.agents=320".to_owned(),
        "rounds=2".to_owned(),
        "burn_in=0".to_owned(),
    ]);
    let rules = Rules::new(&plain);
    let mut simulation = Simulation::new(&rules, 1, Parallelism::SERIAL);
    for _ in 0..2 {
        let records = simulation.step(Parallelism::SERIAL);
        assert_eq!(simulation.pair_slots(), 320 / 2 * 8);
        for row in &records {
            let [ties, calls] = [M::Ties, M::InboundCalls].map(|m| row.values[m as usize]);
            assert!(ties == 0.0 && calls == 0.0, "{row:?}");
        }
    }
}

/// It runs longer than by default, until a steady state.
#[test]
fn the_first_shipped_file_spells_out_the_defaults() {
    let usual = ["rounds=156", "burn_in=52", "replicates=20"].map(str::to_owned);
    assert_eq!(read("chamber-mixer.toml").parse(&usual), Scenario::default());
}

/// A default that follows another key must not be pinned there, or changing that key does nothing.
#[test]
fn overrides_of_the_first_shipped_file_act_as_on_an_empty_one() {
    let length = ["rounds=156", "burn_in=52", "replicates=20"];
    for set in ["reputation.kind=public", "reputation.legibility=0", "reputation.push_penalty=0"] {
        let sets: Vec<String> = length.iter().chain([&set]).map(|&set| set.to_owned()).collect();
        assert_eq!(read("chamber-mixer.toml").parse(&sets), scenario("", &[set]), "{set}");
    }
}

#[test]
fn every_shipped_file_opens_by_saying_what_it_shows() {
    for file in shipped() {
        let opening: Vec<&str> = file.text.lines().take_while(|line| line.starts_with('#')).collect();
        assert!(opening.len() >= 5, "{}", file.stem);
        assert!(opening.iter().any(|line| line.contains("As shipped")), "{}: what comes out?", file.stem);
        assert!(opening.join("\n").contains("interval"), "{}: how sure is that?", file.stem);
        for line in file.text.lines() {
            assert!(line.chars().count() <= 100, "{}: {line}", file.stem);
        }
    }
}

#[test]
fn warriors_win_in_their_paradise() {
    let lead = lead_of_servants(&read("warriors-paradise.toml").small(400, 60, 20, 6));
    assert!(lead.high.unwrap() < -0.1, "{lead:?}");
}

#[test]
fn servants_win_in_their_paradise() {
    let lead = lead_of_servants(&read("servants-paradise.toml").small(400, 60, 20, 6));
    assert!(lead.low.unwrap() > 0.1, "{lead:?}");
}

/// The shipped files that have a section, or a list of sections, of this header.
fn shipped_with(header: &str) -> Vec<Shipped> {
    let files: Vec<Shipped> = shipped().into_iter().filter(|file| file.has(header)).collect();
    assert!(!files.is_empty(), "no scenario has {header}");
    files
}

/// The plan of a shipped sweep as it is.
fn plan_of(file: &Shipped) -> SweepPlan {
    let scenario = mingle::parse_sweep(&file.text, &[]);
    SweepPlan::new(scenario.unwrap_or_else(|faults| panic!("{}: {faults}", file.stem)), Vec::new())
}

/// A table's cells that stand in these columns, all of them numbers.
fn numbers(rows: &[Vec<String>], column: usize) -> Vec<f64> {
    rows.iter().map(|row| row[column].parse().unwrap_or_else(|_| panic!("{row:?} has no number"))).collect()
}

#[test]
fn every_point_of_a_shipped_sweep_can_be_played() {
    const CHECKED_MAX: usize = 3_000;
    for file in shipped_with("[[factor]]") {
        let plan = plan_of(&file);
        assert!(plan.n_points() > 1, "{}", file.stem);
        let step = usize::try_from(plan.n_points()).unwrap().div_ceil(CHECKED_MAX);
        for number in (0..plan.n_points()).step_by(step) {
            let scenario = plan.scenario_at(&plan.point(number));
            scenario.unwrap_or_else(|fault| panic!("{}: {fault}", file.stem));
        }
    }
}

#[test]
fn every_shipped_sweep_fills_the_tables_of_its_design() {
    for file in shipped_with("[[factor]]") {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("shipped.toml"), &file.text).unwrap();
        let plan = plan_of(&file);
        let (design, bets, n_factors) = (plan.rules().design, plan.bets(), plan.scenario().factors.len());
        let sets = small_sweep(&file);
        let arguments = ["sweep", "shipped.toml", "--no-charts", "--out", "a"].into_iter();
        let sets = sets.iter().flat_map(|set| ["--set", set]);
        done(dir.path(), &arguments.chain(sets).collect::<Vec<_>>());
        let a = dir.path().join("a");
        let mut tables = vec![if bets { "sweep_bet" } else { "sweep_contrasts" }];
        if design == SweepDesign::Sobol {
            tables.extend(["sweep_sobol", "sweep_noise"]);
            let indices = rows(&a.join("sweep_sobol.csv"), |row| row[0] == "net");
            assert_eq!(indices.len(), n_factors, "{}", file.stem);
            assert!(numbers(&indices, 5).iter().all(|total| total.is_finite()), "{}", file.stem);
        }
        for table in tables {
            assert!(!rows(&a.join(format!("{table}.csv")), |_| true).is_empty(), "{}: {table}", file.stem);
        }
        let points = rows(&a.join(if bets { "sweep_bet.csv" } else { "sweep.csv" }), |_| true);
        let mut visited: Vec<u64> = points.iter().map(|row| row[0].parse().unwrap()).collect();
        visited.dedup();
        let least = match design {
            SweepDesign::Sobol => 2 * (n_factors + 2),
            SweepDesign::Grid if n_factors == 1 => plan.scenario().factors[0].values.len(),
            SweepDesign::OneAtATime => 2 * n_factors,
            _ => 1 << n_factors,
        };
        assert!(visited.len() >= least, "{}: {visited:?}", file.stem);
        if bets {
            assert_eq!(points.len(), 2 * visited.len(), "two horizons at each point");
        }
        // Different points have different outcomes: what a factor sets is looked at.
        let mut means = numbers(&points, 1 + n_factors + 2);
        means.sort_unstable_by(f64::total_cmp);
        means.dedup();
        // One factor at a time, a point can be the scenario itself, and some settings matter little.
        let equal = if design == SweepDesign::OneAtATime { visited.len() / 10 } else { 0 };
        assert!(means.len() >= visited.len() - equal, "{}: {means:?}", file.stem);
    }
}

#[test]
fn every_shipped_bet_is_played_as_one() {
    for file in shipped_with("[bet]") {
        let full = Scenario::parse_bet(&file.text, &[]);
        let full = full.unwrap_or_else(|faults| panic!("{}: {faults}", file.stem));
        assert!(!BetPlan::new(&full, true).differing_traits().is_empty(), "{}: nothing to bet on", file.stem);
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("shipped.toml"), &file.text).unwrap();
        let arguments = ["bet", "shipped.toml", "--no-charts", "--out", "a"].into_iter();
        done(
            dir.path(),
            &arguments.chain(SMALL_BET.iter().flat_map(|set| ["--set", set])).collect::<Vec<_>>(),
        );
        let summary = rows(&dir.path().join("a/bet_summary.csv"), |_| true);
        assert_eq!(
            summary.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(),
            ["0", "4", "9"],
            "{}",
            file.stem
        );
        let twins = rows(&dir.path().join("a/bet.csv"), |_| true);
        assert_eq!(twins.len(), 3 * 3 * 3, "{}: worlds, focal agents and horizons", file.stem);
        let [first, second, difference] = [3, 4, 5].map(|column| numbers(&twins, column));
        for ((first, second), difference) in first.iter().zip(&second).zip(&difference) {
            assert!((second - first - difference).abs() < 1e-9, "{}: {second} - {first}", file.stem);
        }
        assert!(difference.iter().any(|d| *d != 0.0), "{}: the two never differ", file.stem);
    }
}
