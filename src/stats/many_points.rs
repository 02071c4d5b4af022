//! Who is ahead at the points of a sweep, with all points taken together.
//!
//! The full table of docs/validation.md:
//! `cargo test --release --locked --lib sides_of_many_points -- --ignored --nocapture`

#![allow(clippy::print_stdout, reason = "the table is for people")]

use super::{Cluster, Clustered, Interval, Level, Together, decided, student_cdf};
use crate::draws::{Purpose, RandomKey, Stream};

/// How the luck of a replicate acts at different points.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Luck {
    /// Every point has its own.
    Separate,
    /// The points share seeds, and this part of the variance is the same at all points.
    Common(f64),
}

/// What a single replicate's luck is like.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Normal,
    /// The difference of two exponential numbers: outcomes of two identical strategies with rare large gains.
    Long,
    /// An exponential number less its mean: a contrast with rare large gains and mean zero.
    Skewed,
}

/// How many replicates a point has.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Until {
    Fixed(usize),
    /// Looks of ten replicates each, until the sign is decided.
    Decided(u32),
}

/// A sweep whose outcomes are made up.
#[derive(Clone, Copy, Debug)]
struct MadeUp {
    luck: Luck,
    shape: Shape,
    until: Until,
    points: usize,
    /// Means go from minus this to this, in standard deviations of a replicate.
    slope: f64,
}

fn uniform(words: &mut Stream) -> f64 {
    ((words.wide() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

impl Shape {
    /// A number of mean 0 and variance 1.
    fn draw(self, words: &mut Stream) -> f64 {
        let exponential = |words: &mut Stream| -libm::log(uniform(words));
        match self {
            Self::Normal => {
                let radius = libm::sqrt(2.0 * exponential(words));
                radius * libm::cos(2.0 * std::f64::consts::PI * uniform(words))
            }
            Self::Long => (exponential(words) - exponential(words)) / std::f64::consts::SQRT_2,
            Self::Skewed => exponential(words) - 1.0,
        }
    }
}

impl MadeUp {
    fn mean(self, point: usize) -> f64 {
        self.slope * (2.0 * point as f64 / (self.points - 1).max(1) as f64 - 1.0)
    }

    /// The replicates of every point.
    fn play(self, words: &mut Stream) -> Vec<Vec<Cluster>> {
        let (batch, looks) = match self.until {
            Until::Fixed(n) => (n, 1),
            Until::Decided(looks) => (10, looks),
        };
        let most = batch * looks as usize;
        let shared: Vec<f64> = (0..most).map(|_| self.shape.draw(words)).collect();
        let part = if let Luck::Common(part) = self.luck { part } else { 0.0 };
        let mut one = |point: usize| {
            let mut clusters: Vec<Cluster> = Vec::new();
            for _ in 0..looks {
                for shared in &shared[clusters.len()..clusters.len() + batch] {
                    let own = self.shape.draw(words);
                    let value = libm::sqrt(part) * shared + libm::sqrt(1.0 - part) * own;
                    clusters.push(Cluster::of([self.mean(point) + value]));
                }
                if looks > 1 && decided(&Clustered::mean(&clusters, Level::USUAL), looks, Level::USUAL) {
                    break;
                }
            }
            clusters
        };
        (0..self.points).map(&mut one).collect()
    }

    fn rule(self, seed: u64) -> Together {
        match (self.until, self.luck) {
            (Until::Decided(looks), _) => Together::by_decisions(Level::USUAL, looks),
            (_, Luck::Separate) => Together::by_false_discovery(Level::USUAL),
            (_, Luck::Common(_)) => {
                let mut stream = RandomKey::new(seed).stream(0, Purpose::Rotations, 0);
                Together::by_rotations(Level::USUAL, move || stream.wide())
            }
        }
    }
}

/// -1, 0 or 1: the side of zero on which an interval lies.
fn sign(interval: &Interval) -> f64 {
    interval.ends().map_or(0.0, |(low, high)| f64::from(i8::from(low > 0.0) - i8::from(high < 0.0)))
}

/// Sides by the ordinary intervals, by all points taken together, and by Holm's method (1979).
fn sides(points: &[Vec<Cluster>], mut together: Together) -> [Vec<f64>; 3] {
    points.iter().for_each(|point| together.add(point));
    let mut limit = together.limit();
    let estimates: Vec<Clustered> = points.iter().map(|point| Clustered::mean(point, Level::USUAL)).collect();
    let ordinary = estimates.iter().map(|estimate| sign(&estimate.interval)).collect();
    let all = points.iter().map(|point| sign(&limit.interval(point))).collect();
    let p = |e: &Clustered| {
        2.0 * student_cdf(-(e.interval.mean / e.error.unwrap()).abs(), (e.clusters - 1) as f64)
    };
    let mut ranks: Vec<(f64, usize)> = estimates.iter().map(p).zip(0..).collect();
    ranks.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut holm = vec![0.0; points.len()];
    for (rank, (p, point)) in ranks.into_iter().enumerate() {
        if p > 0.05 / (points.len() - rank) as f64 {
            break;
        }
        holm[point] = estimates[point].interval.mean.signum();
    }
    [ordinary, all, holm]
}

/// Of many made-up sweeps, by method (ordinary, all points, Holm).
#[derive(Clone, Copy, Debug, Default)]
struct Rates {
    /// Share of sweeps with a wrong side at any point. Where the mean is zero, each side is wrong.
    any_wrong: f64,
    /// Mean share of wrong sides among those that are told.
    wrong: f64,
    /// Mean share of points with a side.
    told: f64,
}

fn rates(made_up: MadeUp, sweeps: u32) -> [Rates; 3] {
    let mut rates = [Rates::default(); 3];
    for sweep in 0..sweeps {
        let mut words = RandomKey::new(7).stream(sweep, Purpose::Resampling, 0);
        let points = made_up.play(&mut words);
        for (rates, sides) in rates.iter_mut().zip(sides(&points, made_up.rule(sweep.into()))) {
            let told = sides.iter().filter(|side| **side != 0.0).count() as f64;
            let wrong = sides.iter().enumerate().filter(|(j, s)| **s != 0.0 && made_up.mean(*j) * **s <= 0.0);
            let wrong = wrong.count() as f64;
            rates.any_wrong += f64::from(u8::from(wrong > 0.0)) / f64::from(sweeps);
            rates.wrong += wrong / told.max(1.0) / f64::from(sweeps);
            rates.told += told / made_up.points as f64 / f64::from(sweeps);
        }
    }
    rates
}

const NULL: MadeUp =
    MadeUp { luck: Luck::Separate, shape: Shape::Normal, until: Until::Fixed(10), points: 36, slope: 0.0 };

#[test]
fn a_sweep_of_identical_strategies_rarely_calls_any_point() {
    const SWEEPS: u32 = 300;
    // Three standard errors of a share of 5%.
    let most = 0.05 + 3.0 * libm::sqrt(0.05 * 0.95 / f64::from(SWEEPS));
    for (luck, until) in [
        (Luck::Separate, Until::Fixed(10)),
        (Luck::Common(0.8), Until::Fixed(10)),
        (Luck::Common(0.3), Until::Fixed(5)),
        (Luck::Separate, Until::Decided(2)),
    ] {
        let [ordinary, all, _] = rates(MadeUp { luck, until, ..NULL }, SWEEPS);
        assert!(all.any_wrong <= most, "{luck:?} {until:?}: {}", all.any_wrong);
        assert!(all.any_wrong > 0.01, "{luck:?} {until:?}: {}, for all there is to gain", all.any_wrong);
        assert!(ordinary.any_wrong > 2.0 * most, "{luck:?} {until:?}: {}", ordinary.any_wrong);
    }
}

#[test]
fn sides_of_true_differences_are_told() {
    for (luck, least) in [(Luck::Separate, 0.75), (Luck::Common(0.8), 0.5)] {
        let [ordinary, all, holm] = rates(MadeUp { luck, slope: 3.0, ..NULL }, 40);
        assert!(all.told > least && all.told < ordinary.told, "{luck:?}: {}", all.told);
        assert!(all.told > holm.told, "{luck:?}: {} against {}", all.told, holm.told);
    }
}

/// A row of the table: a sweep without any difference, and one whose means go from -2 to 2 standard deviations.
fn line(made_up: MadeUp, sweeps: u32) -> String {
    let [plain, null, _] = rates(made_up, sweeps);
    let sloped = rates(MadeUp { slope: 2.0, ..made_up }, sweeps / 2);
    let by_rotations = made_up.luck != Luck::Separate && matches!(made_up.until, Until::Fixed(_));
    let wrong = if by_rotations { sloped[1].any_wrong } else { sloped[1].wrong };
    let cells = [plain.any_wrong, null.any_wrong, wrong, sloped[0].told, sloped[1].told, sloped[2].told];
    let MadeUp { luck, until, shape, points, .. } = made_up;
    let cells = cells.map(|share| format!("{:.1}", 100.0 * share)).join(" | ");
    format!("| {luck:?} | {until:?} | {shape:?} | {points} | {cells} |")
}

#[test]
#[ignore = "takes minutes; makes the table of docs/validation.md"]
fn sides_of_many_points() {
    println!(
        "\n| seeds | replicates | luck | points | a call, ordinary % | a call % | wrong % | told, ordinary % | \
         told % | Holm % |"
    );
    for luck in [Luck::Separate, Luck::Common(0.0), Luck::Common(0.5), Luck::Common(0.9)] {
        for n in [5, 10, 30] {
            println!("{}", line(MadeUp { luck, until: Until::Fixed(n), ..NULL }, 1000));
        }
        println!("{}", line(MadeUp { luck, points: 186, ..NULL }, 500));
        for shape in [Shape::Long, Shape::Skewed] {
            println!("{}", line(MadeUp { luck, shape, ..NULL }, 1000));
        }
        println!("{}", line(MadeUp { luck, until: Until::Decided(4), ..NULL }, 600));
    }
}
