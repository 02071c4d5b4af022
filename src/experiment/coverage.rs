//! How often intervals cover the truth, measured on a noisy function that takes no time.
//!
//! The full tables of docs/validation.md:
//! `cargo test --release --locked --lib experiment::coverage -- --ignored --nocapture`

#![allow(clippy::print_stdout, reason = "the tables are for people")]

use super::{Design, Layout};
use crate::stats::{Interval, Level, Replicates, SaltelliRows, Trajectories, VarianceShares};

const FACTORS: usize = 4;

/// A function of four factors from 0 to 1, of which the last has no effect.
type Function = fn(&[f64]) -> f64;

/// Bends, waves and an interaction.
fn smooth(x: &[f64]) -> f64 {
    let wave = libm::sin(std::f64::consts::PI * x[1]);
    3.0 * x[0] + 2.0 * wave * wave + 2.0 * x[0] * x[1] + 4.0 * (x[2] - 0.5) * (x[2] - 0.5)
}

/// Sobol's g-function: kinks, and everything interacts.
fn kinked(x: &[f64]) -> f64 {
    [0.0, 1.0, 4.5].iter().zip(x).map(|(a, x)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product()
}

/// Thresholds.
fn steps(x: &[f64]) -> f64 {
    let step = |yes: bool, by: f64| if yes { by } else { 0.0 };
    step(x[0] > 0.4, 2.0) + step(x[1] > 0.7 && x[0] > 0.6, 3.0) + libm::exp(2.0 * x[2]) / 4.0
}

/// How luck acts on an outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
enum RandomKey {
    /// Every replicate of every point has its own.
    Separate,
    /// All points share their seeds, and a seed acts otherwise at each point.
    SharedRough,
    /// All points share their seeds, and a seed tilts the whole function.
    SharedSmooth,
}

/// A generator that is good enough to simulate by (Knuth's multiplicative one).
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    fn normal(&mut self) -> f64 {
        let (size, angle) = (self.uniform(), self.uniform());
        libm::sqrt(-2.0 * libm::log(size)) * libm::cos(2.0 * std::f64::consts::PI * angle)
    }
}

/// A noisy experiment.
#[derive(Clone, Copy)]
struct Noisy {
    function: Function,
    luck: RandomKey,
    replicates: usize,
    /// Standard deviation of a single replicate's luck.
    sd: f64,
}

impl Noisy {
    /// The replicates at every point of a design.
    fn play(&self, design: &Design, random: &mut Random) -> Vec<Vec<f64>> {
        let tilts: Vec<Vec<f64>> =
            (0..self.replicates).map(|_| (0..FACTORS).map(|_| random.normal()).collect()).collect();
        let luck = |x: &[f64], replicate: usize, random: &mut Random| match self.luck {
            RandomKey::SharedSmooth => {
                // Each part has a variance of 1 over the points.
                let parts =
                    tilts[replicate].iter().zip(x).map(|(tilt, x)| tilt * (x - 0.5) * libm::sqrt(12.0));
                parts.sum::<f64>() / libm::sqrt(FACTORS as f64)
            }
            RandomKey::Separate | RandomKey::SharedRough => random.normal(),
        };
        (0..design.len())
            .map(|number| {
                let x = coordinates(design, number);
                let value = (self.function)(&x);
                (0..self.replicates).map(|r| value + self.sd * luck(&x, r, random)).collect()
            })
            .collect()
    }

    fn replicates_of(&self, points: &[Vec<f64>]) -> Replicates {
        let mean = |r: usize| points.iter().map(|p| p[r]).sum::<f64>() / points.len() as f64;
        Replicates {
            means: (0..self.replicates).map(mean).collect(),
            shared: self.luck != RandomKey::Separate,
        }
    }

    fn shares(&self, design: &Design, points: &[Vec<f64>]) -> VarianceShares {
        let mut rows = SaltelliRows::new(FACTORS, self.replicates_of(points), Level::USUAL);
        for (number, row) in (0..).step_by(FACTORS + 2).zip(points.chunks(FACTORS + 2)) {
            let [a, b] = [number, number + 1].map(|number| coordinates(design, number));
            rows.push(row, [&a, &b]);
        }
        rows.shares()
    }
}

fn coordinates(design: &Design, number: u64) -> Vec<f64> {
    design.point(number).into_iter().map(Option::unwrap).collect()
}

fn saltelli(rows: u32, seed: u64) -> Design {
    Design::new(Layout::Saltelli(rows), FACTORS, seed)
}

/// S1 and then ST of each factor, and the variance of the function.
fn true_shares(function: Function) -> (Vec<f64>, f64) {
    let exact = Noisy { function, luck: RandomKey::Separate, replicates: 2, sd: 0.0 };
    let design = saltelli(1 << 15, 7);
    let points = exact.play(&design, &mut Random(1));
    let found = exact.shares(&design, &points);
    let single: Vec<f64> = points.chunks(FACTORS + 2).map(|row| row[0][0]).collect();
    let mean = single.iter().sum::<f64>() / single.len() as f64;
    let variance = single.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / single.len() as f64;
    (found.first.iter().chain(&found.total).map(|share| share.mean).collect(), variance)
}

/// S1 and ST by Jansen's estimators from the means of points: what luck biases.
fn plain_shares(points: &[Vec<f64>]) -> Vec<f64> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let rows: Vec<Vec<f64>> =
        points.chunks(FACTORS + 2).map(|row| row.iter().map(|p| mean(p)).collect()).collect();
    let both: Vec<f64> = rows.iter().flat_map(|row| [row[0], row[1]]).collect();
    let centre = mean(&both);
    let variance = mean(&both.iter().map(|y| (y - centre) * (y - centre)).collect::<Vec<_>>());
    let half = |from: usize, f: usize| {
        let squares = rows.iter().map(|row| (row[from] - row[2 + f]) * (row[from] - row[2 + f]) / 2.0);
        mean(&squares.collect::<Vec<_>>()) / variance
    };
    (0..FACTORS).map(|f| 1.0 - half(1, f)).chain((0..FACTORS).map(|f| half(0, f))).collect()
}

/// Counts of estimates: how often covered, by place, and squared errors of the estimates and of plain ones.
#[derive(Default)]
struct Tally {
    runs: f64,
    intervals: f64,
    covered: Vec<f64>,
    widths: f64,
    errors: f64,
    plain_errors: f64,
}

impl Tally {
    fn add(&mut self, estimates: &[Interval], plain: &[f64], truth: &[f64]) {
        self.covered.resize(truth.len(), 0.0);
        self.runs += 1.0;
        let n = truth.len() as f64;
        let square = |a: f64, b: f64| (a - b) * (a - b) / n;
        for ((estimate, plain), truth) in estimates.iter().zip(plain).zip(truth) {
            self.errors += square(estimate.mean, *truth);
            self.plain_errors += square(*plain, *truth);
        }
        if !estimates.iter().all(|estimate| estimate.ends().is_some()) {
            return;
        }
        self.intervals += 1.0;
        for ((estimate, truth), covered) in estimates.iter().zip(truth).zip(&mut self.covered) {
            let (low, high) = estimate.ends().unwrap();
            // The truth itself is known to about so much.
            *covered += if low <= truth + 1e-3 && truth - 1e-3 <= high { 1.0 } else { 0.0 };
            self.widths += (high - low) / (2.0 * n);
        }
    }

    /// Shares of the intervals that cover: the least over all factors, on average, and of the factor without effect.
    fn coverage(&self) -> [f64; 3] {
        let shares: Vec<f64> = self.covered.iter().map(|c| c / self.intervals).collect();
        let least = shares.iter().copied().fold(f64::INFINITY, f64::min);
        let inert = shares.iter().skip(FACTORS - 1).step_by(FACTORS).copied().fold(f64::INFINITY, f64::min);
        [least, shares.iter().sum::<f64>() / shares.len() as f64, inert]
    }

    /// Root mean square errors.
    fn errors(&self) -> [f64; 2] {
        [self.errors, self.plain_errors].map(|sum| libm::sqrt(sum / self.runs))
    }

    fn line(&self, what: &str) -> String {
        let [error, plain] = self.errors();
        if self.intervals < 0.05 * self.runs {
            return format!("| {what} | none | none | none | none | {error:.3} | {plain:.3} |");
        }
        let [least, average, inert] = self.coverage().map(|share| 100.0 * share);
        let width = self.widths / self.intervals;
        format!("| {what} | {least:.0} | {average:.0} | {inert:.0} | {width:.3} | {error:.3} | {plain:.3} |")
    }
}

fn tally_shares(noisy: Noisy, rows: u32, runs: u64, truth: &[f64]) -> Tally {
    let mut tally = Tally::default();
    for seed in 0..runs {
        let design = saltelli(rows, seed);
        let points = noisy.play(&design, &mut Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        let found = noisy.shares(&design, &points);
        let estimates: Vec<Interval> = found.first.iter().chain(&found.total).copied().collect();
        if estimates.is_empty() {
            continue;
        }
        tally.add(&estimates, &plain_shares(&points), truth);
    }
    tally
}

/// The mean absolute effects, and plain ones from the means of points.
fn sizes(noisy: Noisy, design: &Design, random: &mut Random) -> (Vec<Interval>, Vec<f64>) {
    let points = noisy.play(design, random);
    let mut all = Trajectories::new(FACTORS, noisy.replicates_of(&points), Level::USUAL);
    let mut plain = [0.0; FACTORS];
    let step = FACTORS + 1;
    for (number, trajectory) in points.chunks(step).enumerate() {
        let moves: Vec<(usize, f64)> =
            (1..step).map(|s| design.move_to((number * step + s) as u64).unwrap()).collect();
        all.push(trajectory, &moves);
        for (pair, (factor, by)) in trajectory.windows(2).zip(&moves) {
            let change: f64 = pair[1].iter().zip(&pair[0]).map(|(b, a)| b - a).sum();
            plain[*factor] += (change / noisy.replicates as f64 / by).abs();
        }
    }
    let n = (points.len() / step) as f64;
    (all.effects().mu_star, plain.iter().map(|sum| sum / n).collect())
}

fn morris(trajectories: u32, seed: u64) -> Design {
    Design::new(Layout::Morris(trajectories), FACTORS, seed)
}

fn tally_sizes(noisy: Noisy, trajectories: u32, runs: u64) -> Tally {
    let exact = Noisy { luck: RandomKey::Separate, sd: 0.0, replicates: 2, ..noisy };
    let truth: Vec<f64> =
        sizes(exact, &morris(20_000, 7), &mut Random(1)).0.iter().map(|size| size.mean).collect();
    let mut tally = Tally::default();
    for seed in 0..runs {
        let random = &mut Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let (estimates, plain) = sizes(noisy, &morris(trajectories, seed), random);
        tally.add(&estimates, &plain, &truth);
    }
    tally
}

#[test]
fn shares_of_variance_are_covered_under_noise() {
    let (truth, variance) = true_shares(smooth);
    let noisy =
        Noisy { function: smooth, luck: RandomKey::Separate, replicates: 2, sd: libm::sqrt(0.5 * variance) };
    let tally = tally_shares(noisy, 64, 200, &truth);
    let [least, average, inert] = tally.coverage();
    // Binomial errors of 200 runs: 0.015 at 95%.
    assert!(least > 0.90 && average > 0.94 && inert > 0.90, "{:?}", tally.coverage());
    let [error, plain] = tally.errors();
    assert!(error < 0.8 * plain, "{error} against {plain}");
}

#[test]
fn sizes_of_effects_are_covered_under_noise() {
    let (_, variance) = true_shares(smooth);
    let noisy =
        Noisy { function: smooth, luck: RandomKey::Separate, replicates: 2, sd: libm::sqrt(0.2 * variance) };
    let [least, average, _] = tally_sizes(noisy, 20, 200).coverage();
    assert!(least > 0.90 && average > 0.94, "{least} {average}");
}

#[test]
fn shared_seeds_are_covered_or_have_no_interval() {
    let (truth, variance) = true_shares(smooth);
    for luck in [RandomKey::SharedRough, RandomKey::SharedSmooth] {
        let tally = |replicates, part: f64, runs| {
            let noisy = Noisy { function: smooth, luck, replicates, sd: libm::sqrt(part * variance) };
            tally_shares(noisy, 64, runs, &truth)
        };
        let [least, ..] = tally(10, 0.1, 150).coverage();
        assert!(least > 0.90, "{luck:?}: {least}");
        assert_eq!(tally(2, 0.1, 10).intervals, 0.0);
        let much = tally(10, 2.0, 50);
        assert!(much.intervals < 0.1 * much.runs, "{luck:?}: {} of {}", much.intervals, much.runs);
    }
}

const FUNCTIONS: [(&str, Function); 3] = [("smooth", smooth), ("kinked", kinked), ("steps", steps)];
/// Replicates, and luck of one of them as a part of the variance of the function.
const LUCK: [(usize, f64); 6] = [(2, 0.02), (2, 0.2), (2, 1.0), (10, 0.02), (10, 0.2), (10, 1.0)];
const HEADER: &str =
    "luck of a replicate | least covered % | on average % | no effect % | half-width | error | plain error |";

#[test]
#[ignore = "takes minutes; makes the table of docs/validation.md"]
fn coverage_of_shares_of_variance() {
    println!("\n| function | rows | replicates | seeds | {HEADER}");
    for (name, function) in FUNCTIONS {
        let (truth, variance) = true_shares(function);
        for rows in [32, 64, 128, 256] {
            for luck in [RandomKey::Separate, RandomKey::SharedRough, RandomKey::SharedSmooth] {
                for (replicates, part) in LUCK {
                    let noisy = Noisy { function, luck, replicates, sd: libm::sqrt(part * variance) };
                    let tally = tally_shares(noisy, rows, 400, &truth);
                    println!(
                        "{}",
                        tally.line(&format!("{name} | {rows} | {replicates} | {luck:?} | {part}"))
                    );
                }
            }
        }
    }
}

#[test]
#[ignore = "takes minutes; makes the table of docs/validation.md"]
fn coverage_of_sizes_of_effects() {
    println!("\n| function | trajectories | replicates | seeds | {HEADER}");
    for (name, function) in FUNCTIONS {
        let (_, variance) = true_shares(function);
        for trajectories in [10, 20, 50] {
            for luck in [RandomKey::Separate, RandomKey::SharedSmooth] {
                for (replicates, part) in LUCK {
                    let noisy = Noisy { function, luck, replicates, sd: libm::sqrt(part * variance) };
                    let tally = tally_sizes(noisy, trajectories, 400);
                    let what = format!("{name} | {trajectories} | {replicates} | {luck:?} | {part}");
                    println!("{}", tally.line(&what));
                }
            }
        }
    }
}
