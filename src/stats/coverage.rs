//! How often the intervals of a bet cover the truth, measured on made-up worlds.
//!
//! The full table of docs/validation.md:
//! `cargo test --release --locked --lib stats::coverage -- --ignored --nocapture`

#![allow(clippy::print_stdout, reason = "the table is for people")]

use super::{
    Cluster, Clustered, Interval, Level, balance, break_even, quantile, quantile_ends, trimmed_mean,
    variance_ratio,
};

/// Weeks after the event.
const TIMES: [f64; 5] = [0.0, 4.0, 13.0, 26.0, 52.0];
const N_TIMES: usize = TIMES.len();

/// Net benefit of a twin as either strategy, by time.
type Twin = [[f64; 2]; N_TIMES];
type World = Vec<Twin>;

/// A generator that is good enough to simulate by (Knuth's multiplicative one).
struct Random(u64);

impl Random {
    fn of(seed: u64) -> Self {
        Self(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    fn exponential(&mut self) -> f64 {
        -libm::log(self.uniform())
    }
}

/// How the difference of a twin comes about.
#[derive(Clone, Copy, Debug)]
struct Made {
    /// What the event costs: one of these, by chance.
    costs: [f64; 4],
    /// Chance of a gain at once, and its mean.
    gain: (f64, f64),
    /// Mean gain a week of those who gain later, one of three.
    later: f64,
    /// By how much a world's luck changes chance and gains: a half is from half to one and a half times.
    luck: f64,
}

const MADE: [(&str, Made); 4] = [
    (
        "as the default bet",
        Made { costs: [-0.3, -0.65, -1.1, -2.0], gain: (0.07, 3.0), later: 0.075, luck: 0.5 },
    ),
    ("rare gains", Made { costs: [-0.3, -0.3, -0.3, -0.65], gain: (0.02, 4.0), later: 0.03, luck: 0.9 }),
    ("mostly ties", Made { costs: [0.0, 0.0, 0.0, -0.2], gain: (0.03, 1.0), later: 0.01, luck: 0.5 }),
    ("mostly gains", Made { costs: [0.3, 0.6, 1.0, 0.2], gain: (0.05, -6.0), later: -0.03, luck: 0.5 }),
];

impl Made {
    fn world(&self, focals: usize, random: &mut Random) -> World {
        let luck = 1.0 + self.luck * (2.0 * random.uniform() - 1.0);
        let hard = random.uniform();
        (0..focals).map(|_| self.twin(luck, hard, random)).collect()
    }

    fn twin(&self, luck: f64, hard: f64, random: &mut Random) -> Twin {
        let place = random.uniform() * 4.0;
        let cost = self.costs.into_iter().zip(1..).find(|(_, end)| place < f64::from(*end)).unwrap().0;
        let gains = random.uniform() < self.gain.0 * luck;
        let once = cost + if gains { self.gain.1 * random.exponential() } else { 0.0 };
        // In some worlds partners of the event call sooner.
        let (later, start) = (random.uniform() < 0.33, 30.0 * hard * random.uniform());
        let weekly = self.later * luck * random.exponential();
        let life = 5.0 * random.exponential();
        std::array::from_fn(|t| {
            let gained = if later { 3.0 * weekly * (TIMES[t] - start).max(0.0) } else { 0.0 };
            let first = life + 0.1 * life * TIMES[t];
            [first, first + once + gained]
        })
    }
}

fn clusters(worlds: &[World], time: usize, of: impl Fn(f64) -> f64) -> Vec<Cluster> {
    worlds.iter().map(|world| Cluster::of(differences(world, time).into_iter().map(&of))).collect()
}

fn differences(world: &World, time: usize) -> Vec<f64> {
    world.iter().map(|twin| twin[time][1] - twin[time][0]).map(|d| libm::round(d * 1e6) / 1e6).collect()
}

fn flag(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

const WHAT: [&str; 8] =
    ["mean", "p_second", "lead", "median", "q05, q95", "trimmed", "variance ratio", "break-even"];

/// The estimates at a time, in the order of [`WHAT`]; the quantiles near the ends are one after another.
fn estimates(worlds: &[World], time: usize) -> Vec<Vec<Interval>> {
    let groups: Vec<Vec<f64>> = worlds.iter().map(|world| differences(world, time)).collect();
    let mut sorted: Vec<f64> = groups.iter().flatten().copied().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |p: f64| {
        let [low, high] = quantile_ends(&groups, p, Level::USUAL);
        Interval { mean: quantile(&sorted, p).unwrap(), low, high }
    };
    let [wins, losses] =
        [clusters(worlds, time, |d| flag(d > 0.0)), clusters(worlds, time, |d| flag(d < 0.0))];
    let pairs: Vec<Vec<[f64; 2]>> =
        worlds.iter().map(|w| w.iter().map(|twin| twin[time]).collect()).collect();
    vec![
        vec![Clustered::skewed_mean(&clusters(worlds, time, |d| d), Level::USUAL).interval],
        vec![Clustered::share(&wins, Level::USUAL).interval],
        vec![balance(&wins, &losses, Level::USUAL)],
        vec![at(0.5)],
        vec![at(0.05), at(0.95)],
        trimmed_mean(&groups, 0.2, Level::USUAL).map(|found| found.interval).into_iter().collect(),
        variance_ratio(&pairs, Level::USUAL).into_iter().collect(),
        crossing(worlds).into_iter().collect(),
    ]
}

fn crossing(worlds: &[World]) -> Option<Interval> {
    let by_time: Vec<Vec<Cluster>> = (0..N_TIMES).map(|t| clusters(worlds, t, |d| d)).collect();
    let by_world: Vec<Vec<Cluster>> =
        (0..worlds.len()).map(|w| by_time.iter().map(|clusters| clusters[w]).collect()).collect();
    let found = break_even(&TIMES, &by_world, Level::USUAL)?;
    // Words need the upper end.
    found.high.map(|high| Interval { mean: found.at, low: found.low, high: Some(high) })
}

fn worlds(made: &Made, n: usize, focals: usize, random: &mut Random) -> Vec<World> {
    (0..n).map(|_| made.world(focals, random)).collect()
}

/// Shares of intervals that cover, in the order of [`WHAT`]; NaN where fewer than a tenth of the runs give one.
fn coverage(made: &Made, [n, focals]: [usize; 2], time: usize, runs: u64) -> Vec<f64> {
    let truth = estimates(&worlds(made, 20_000, 10, &mut Random::of(99)), time);
    let mut counts = vec![[0.0; 2]; WHAT.len()];
    for seed in 0..runs {
        let found = estimates(&worlds(made, n, focals, &mut Random::of(1000 + seed)), time);
        for ((found, truth), [given, covered]) in found.iter().zip(&truth).zip(&mut counts) {
            for (interval, truth) in found.iter().zip(truth) {
                if interval.low.is_none() && interval.high.is_none() {
                    continue;
                }
                let slack = 1e-3 * truth.mean.abs();
                let below = interval.low.is_none_or(|low| low <= truth.mean + slack);
                let above = interval.high.is_none_or(|high| truth.mean - slack <= high);
                *given += 1.0;
                *covered += flag(below && above);
            }
        }
    }
    let share =
        |[given, covered]: &[f64; 2]| if *given < 0.1 * runs as f64 { f64::NAN } else { covered / given };
    counts.iter().map(share).collect()
}

#[test]
fn intervals_of_a_bet_cover_the_truth() {
    // Binomial errors of 200 runs: 0.015 at 95%.
    for time in [0, 4] {
        let shares = coverage(&MADE[0].1, [25, 20], time, 200);
        let fine = WHAT.iter().zip(&shares).all(|(_, share)| share.is_nan() || *share > 0.895);
        assert!(fine, "{WHAT:?}: {shares:?}");
    }
    // Chances and leads hold also where worlds and focal agents are few, and chances are near 0.
    for (made, size) in [(&MADE[1].1, [5, 20]), (&MADE[2].1, [25, 1])] {
        let shares = coverage(made, size, 0, 300);
        assert!(shares[1] > 0.93 && shares[2] > 0.93, "{shares:?}");
    }
}

/// Worlds, and focal agents of each.
const SIZES: [[usize; 2]; 8] = [[5, 1], [5, 20], [10, 20], [10, 50], [25, 1], [25, 10], [25, 20], [100, 10]];

#[test]
#[ignore = "takes minutes; makes the table of docs/validation.md"]
fn coverage_of_the_bet() {
    println!("\n| differences | weeks | worlds | focal agents | {} |", WHAT.join(" | "));
    for (name, made) in &MADE {
        for time in [0, 2, 4] {
            for size in SIZES {
                let cells = coverage(made, size, time, 500).into_iter().map(|share| {
                    if share.is_nan() { "none".to_owned() } else { format!("{:.0}", 100.0 * share) }
                });
                let [n, focals] = size;
                println!(
                    "| {name} | {} | {n} | {focals} | {} |",
                    TIMES[time],
                    cells.collect::<Vec<_>>().join(" | ")
                );
            }
        }
    }
}
