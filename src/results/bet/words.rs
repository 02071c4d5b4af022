//! What a bet says in words, checked against its differences: each clause is found again from the raw numbers.

#![allow(clippy::disallowed_methods, reason = "a tolerance need not be the same on every platform")]

use std::fs;
use std::path::Path;

use super::{BetOptions, BetSummary, BetWriter};
use crate::amount::Amount;
use crate::experiment::{BetPlan, Gain, HorizonRecord, TwinRecord, WorldRecord};
use crate::model::N_AMOUNTS;
use crate::parallel::ThreadPool;
use crate::scenario::Scenario;
use crate::stats::student_quantile;

const NAMES: [&str; 2] = ["warrior", "servant"];
const HORIZONS: [u32; 3] = [0, 10, 40];

/// A bet made by hand: by world, focal agent and horizon the net benefit as either strategy, in hundredths.
type Bet = Vec<Vec<[[i32; 2]; 3]>>;

/// A generator that is good enough for made-up bets (Knuth's multiplicative one).
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> i32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i32::try_from((self.0 >> 33) % n).unwrap()
    }

    fn chance(&mut self, percent: i32) -> bool {
        self.below(100) < percent
    }
}

/// A random bet: few or many worlds, ties, equal differences, rare gains, leads near zero, leads that come late.
fn random_bet(seed: u64) -> Bet {
    let mut random = Random(seed.wrapping_add(7).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    random.below(2);
    let mut worlds = [1, 2, 5, 12, 30][random.below(5) as usize];
    let mut focals = [1, 4, 20][random.below(3) as usize];
    let mut ties = [0, 0, 5, 60, 95, 100][random.below(6) as usize];
    let (mut cost, mut spread) = (random.below(60) - 30, [0, 20, 200][random.below(3) as usize]);
    let mut gain = [(0, 0), (5, 900), (45, 120), (40, -90)][random.below(4) as usize];
    if seed.is_multiple_of(6) {
        // Most lose a little, some gain much, and there are enough of them to see both.
        (worlds, focals, ties, cost, spread) = (40, 20, 0, -20 - random.below(10), 20);
        gain = [(10, 500), (40, 90)][random.below(2) as usize];
    }
    let base = [0, 100, -500, 3000][random.below(4) as usize];
    let late = random.below(3) * random.below(80);
    let mut twin = || {
        let mut difference = 0;
        if !random.chance(ties) {
            difference = cost + random.below(spread + 1) - i32::try_from(spread / 2).unwrap();
            if random.chance(gain.0) {
                difference += gain.1 * (1 + random.below(2));
            }
        }
        let grows = if difference == 0 { 0 } else { random.below(2) * late };
        [0, 1, 2].map(|h: i32| {
            let first = base + random.below(90);
            [first, first + difference + h * grows]
        })
    };
    (0..worlds).map(|_| (0..focals).map(|_| twin()).collect()).collect()
}

fn write(bet: &Bet, dir: &Path) -> BetSummary {
    let text = format!(
        "title = \"Words\"\nrounds = 60\nburn_in = 6\n[population]\nagents = 90\n[mixer]\nsize = 12\n[bet]\n\
         usual = \"warrior\"\nfirst = \"warrior\"\nsecond = \"servant\"\nworlds = {}\nfocals = {}\n\
         horizons = [0, 10, 40]\n",
        bet.len(),
        bet[0].len()
    );
    let plan = BetPlan::new(&Scenario::parse(&text, &[]).unwrap(), false);
    let options = BetOptions { worlds: u32::try_from(bet.len()).unwrap(), ..BetOptions::default() };
    let mut writer = BetWriter::create(dir, &plan, options).unwrap();
    let amount = |hundredths: i32| Amount::of(f64::from(hundredths) / 100.0);
    let gain = |hundredths: i32| Gain { amounts: [Amount::ZERO; N_AMOUNTS], net: amount(hundredths) };
    for (world, twins) in (0..).zip(bet) {
        let twin = |(focal, nets): (u32, &[[i32; 2]; 3])| {
            let at = HORIZONS.iter().zip(nets).map(|(&horizon, &[first, second])| HorizonRecord {
                horizon,
                first: gain(first),
                second: gain(second),
                partners: Amount::ZERO,
                rest: Amount::ZERO,
            });
            TwinRecord { focal, horizons: at.collect() }
        };
        let twins = (0..).zip(twins).map(twin).collect();
        let record = WorldRecord {
            world,
            seed: 1,
            invited: 0,
            newcomers: Vec::new(),
            twins,
            crossovers: Vec::new(),
            parts: Vec::new(),
        };
        writer.world(&record).unwrap();
    }
    writer.finish(true).unwrap()
}

/// Differences at a horizon, by world.
fn differences(bet: &Bet, h: usize) -> Vec<Vec<f64>> {
    let of = |twins: &Vec<[[i32; 2]; 3]>| {
        twins.iter().map(|twin| f64::from(twin[h][1] - twin[h][0]) / 100.0).collect()
    };
    bet.iter().map(of).collect()
}

/// A mean of equally large worlds, and its t-interval; none of one world or without spread.
fn estimate(worlds: &[Vec<f64>]) -> (f64, Option<[f64; 2]>) {
    let means: Vec<f64> = worlds.iter().map(|w| w.iter().sum::<f64>() / w.len() as f64).collect();
    let n = means.len() as f64;
    let mean = means.iter().sum::<f64>() / n;
    let squares: f64 = means.iter().map(|m| (m - mean) * (m - mean)).sum();
    if means.len() < 2 || squares < 1e-18 {
        return (mean, None);
    }
    let half = student_quantile(0.975, n - 1.0) * (squares / (n - 1.0) / n).sqrt();
    (mean, Some([mean - half, mean + half]))
}

fn is_clear(worlds: &[Vec<f64>]) -> Option<usize> {
    let (_, interval) = estimate(worlds);
    interval.filter(|[low, high]| *low > 0.0 || *high < 0.0).map(|[low, _]| usize::from(low > 0.0))
}

fn mapped(worlds: &[Vec<f64>], of: impl Fn(f64) -> f64) -> Vec<Vec<f64>> {
    worlds.iter().map(|world| world.iter().map(|d| of(*d)).collect()).collect()
}

/// The number of a text after each place where a phrase ends, with the text after it.
fn numbers_after<'t>(text: &'t str, phrase: &str) -> Vec<(f64, &'t str)> {
    let after = text.match_indices(phrase).map(|(at, _)| &text[at + phrase.len()..]);
    after
        .filter_map(|rest| {
            let end = rest.find(|c: char| !(c.is_ascii_digit() || "+-.".contains(c))).unwrap_or(rest.len());
            Some((rest[..end].trim_end_matches('.').parse().ok()?, rest))
        })
        .collect()
}

/// Asserts that every share that follows a phrase is this one, to its digits; "under" and "over" are bounds.
fn assert_shares(text: &str, phrase: &str, share: f64) {
    for (at, _) in text.match_indices(phrase) {
        let rest = &text[at + phrase.len()..];
        let Some(word) = rest.split('%').next().filter(|word| word.len() < 14) else { continue };
        let percent = share * 100.0;
        let number = |word: &str| word.trim().parse::<f64>();
        if let Some(bound) = word.strip_prefix("under ") {
            assert!(percent > 0.0 && percent < number(bound).unwrap(), "{percent}: {text}");
        } else if let Some(bound) = word.strip_prefix("over ") {
            assert!(percent < 100.0 && percent > number(bound).unwrap(), "{percent}: {text}");
        } else if let Ok(found) = number(word) {
            let decimals = word.split_once('.').map_or(0, |(_, d)| i32::try_from(d.len()).unwrap());
            assert!((found - percent).abs() <= 0.5001 * 10_f64.powi(-decimals), "{percent}: {text}");
        }
    }
}

/// Checks every clause that a text has against the differences.
fn check(text: &str, bet: &Bet) {
    let last = differences(bet, 2);
    let all: Vec<f64> = last.iter().flatten().copied().collect();
    let n = all.len() as f64;
    let share = |of: fn(&f64) -> bool| all.iter().filter(|d| of(d)).count() as f64 / n;
    let shares = [share(|d| *d < 0.0), share(|d| *d > 0.0)];
    let tie = share(|d| *d == 0.0);
    assert_eq!(text.contains("o difference"), tie == 1.0, "{text}");
    check_mean(text, bet, &last);
    let signs = mapped(&last, |d| if d == 0.0 { 0.0 } else { d.signum() });
    for (side, name) in NAMES.iter().enumerate() {
        let other = NAMES[1 - side];
        let phrase = format!("{name} gains more often: in ");
        if text.contains(&phrase) {
            assert!(shares[side] > shares[1 - side] && last.len() > 1, "{text}");
            // Where worlds differ the interval is at least the t-interval; a sign test needs six worlds that agree.
            let all_agree = estimate(&signs).1.is_none();
            let enough = if all_agree { last.len() >= 6 } else { is_clear(&signs) == Some(side) };
            assert!(enough, "{text}");
            assert_shares(text, &phrase, shares[side]);
            assert_shares(text, &format!("of cases, {other} in "), shares[1 - side]);
        }
    }
    if text.contains("which gains more often is not clear") {
        assert_shares(text, "not clear: warrior in ", shares[0]);
        assert_shares(text, "of cases, servant in ", shares[1]);
    }
    if text.contains(" of cases") {
        assert_eq!(text.contains(", equal in "), tie >= 0.03, "{tie}: {text}");
        assert_shares(text, ", equal in ", tie);
    }
    check_tails(text, &last);
}

fn check_mean(text: &str, bet: &Bet, last: &[Vec<f64>]) {
    let (mean, interval) = estimate(last);
    for (side, name) in NAMES.iter().enumerate() {
        for words in ["wins", "wins by far"] {
            if text.contains(&format!("{name} {words} on average")) {
                assert_eq!(is_clear(last), Some(side), "{text}");
            }
        }
        if text.contains(&format!("on average {name} gains more")) {
            assert_eq!(is_clear(last), Some(side), "{text}");
        }
        for (at, rest) in numbers_after(text, &format!("{name} is ahead on average from about ")) {
            assert_eq!(is_clear(last), Some(side), "{text}");
            let crossing = crossing(bet);
            assert!((at - crossing).abs() <= 0.51, "{crossing}: {text}");
            let interval = rest.split_once("95% interval ").unwrap().1;
            let (low, rest) = interval.split_once(" to ").unwrap();
            assert!(
                low.parse::<f64>().map_or(low.starts_with("from before"), |low| low <= at + 0.51),
                "{text}"
            );
            assert!(rest.split(')').next().unwrap().parse::<f64>().unwrap() >= at - 0.51, "{text}");
        }
    }
    if text.contains("by far") {
        let usual: f64 = bet.iter().flatten().map(|twin| f64::from(twin[2][0])).sum();
        let beyond: Vec<Vec<f64>> = bet
            .iter()
            .map(|world| {
                let of = |twin: &[[i32; 2]; 3]| {
                    let [first, second] = twin[2].map(f64::from);
                    (second - first) * mean.signum() - 0.1 * first * usual.signum()
                };
                world.iter().map(of).collect()
            })
            .collect();
        assert_eq!(is_clear(&beyond), Some(1), "{text}");
    }
    for (needed, _) in numbers_after(text, "if the mean is what it seems, about ") {
        let [low, high] = interval.unwrap();
        let error = (high - low) / 2.0 / student_quantile(0.975, last.len() as f64 - 1.0);
        let plain = last.len() as f64 * (2.8 * error / mean).powi(2);
        assert!(text.contains("with a chance of 80%") && needed > last.len() as f64, "{text}");
        assert!(
            needed >= 0.99 * plain && needed <= (1.01 * plain + 4.0).max(last.len() as f64 + 1.0),
            "{text}"
        );
    }
    for phrase in ["wins on average (", "wins by far on average (", "servant - warrior is "] {
        for (found, rest) in numbers_after(text, phrase) {
            let size = if phrase.contains("wins") { mean.abs() } else { mean };
            assert!((found - size).abs() < 0.006 && rest.len() > 5, "{mean}: {text}");
        }
    }
}

/// The last crossing of zero by the means.
fn crossing(bet: &Bet) -> f64 {
    let means: Vec<f64> = (0..3).map(|h| estimate(&differences(bet, h)).0).collect();
    let h = if means[1] * means[2] <= 0.0 { 1 } else { 0 };
    let [from, to] = [HORIZONS[h], HORIZONS[h + 1]].map(f64::from);
    from + (to - from) * means[h] / (means[h] - means[h + 1])
}

/// What is said about the middle of the differences.
fn check_tails(text: &str, last: &[Vec<f64>]) {
    let mean = estimate(last).0;
    let mut sorted: Vec<f64> = last.iter().flatten().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let fifth = sorted.len() / 5;
    let middle = &sorted[fifth..sorted.len() - fifth];
    let trimmed = middle.iter().sum::<f64>() / middle.len() as f64;
    if text.contains("is still ") {
        assert!(trimmed * mean > 0.0, "{trimmed}: {text}");
    }
    for phrase in ["without the outer fifths it is ", "the mean is still "] {
        for (found, rest) in numbers_after(text, phrase) {
            // Values at the edges count in part.
            let edge = (sorted[sorted.len() - 1 - fifth] - sorted[fifth]).abs() / middle.len() as f64;
            assert!((found - trimmed).abs() < 0.06 + 3.0 * edge, "{trimmed}: {text}");
            if phrase.contains("it is") {
                let interval = rest.split_once("95% interval ").unwrap().1;
                let (low, rest) = interval.split_once(" to ").unwrap();
                let high = numbers_after(rest, "").first().unwrap().0;
                let low: f64 = low.parse().unwrap();
                assert!(
                    if mean > 0.0 { low <= 0.0 } else { -high >= 0.0 || low > 0.0 } || low * high <= 0.0,
                    "{text}"
                );
            }
        }
    }
}

/// Everything that is written in a chart.
fn written(svg: &Path) -> String {
    let svg = fs::read_to_string(svg).unwrap();
    let lines: Vec<&str> = svg.lines().collect();
    let texts = lines.windows(2).filter(|pair| pair[0].starts_with("<text")).map(|pair| pair[1]);
    texts.collect::<Vec<_>>().join(" ")
}

#[test]
fn every_clause_of_a_bet_is_held_by_its_differences() {
    let pool = ThreadPool::new(1).unwrap();
    let mut said: Vec<String> = Vec::new();
    for seed in 0..150 {
        let bet = random_bet(seed);
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let summary = write(&bet, &out);
        let lines = summary.lines();
        assert!(lines.iter().all(|line| !line.contains("NaN") && !line.contains("inf")), "{lines:?}");
        check(&summary.verdict.text, &bet);
        for line in &lines {
            check_mean(line, &bet, &differences(&bet, 2));
        }
        for (h, line) in lines[1..=HORIZONS.len()].iter().enumerate() {
            let all: Vec<f64> = differences(&bet, h).into_iter().flatten().collect();
            let share = |of: fn(&f64) -> bool| all.iter().filter(|d| of(d)).count() as f64 / all.len() as f64;
            assert_shares(line, "servant gains more in ", share(|d| *d > 0.0));
            assert_shares(line, "%, warrior in ", share(|d| *d < 0.0));
        }
        let (worlds, twins) = (bet.len(), bet.len() * bet[0].len());
        let few = worlds > 1 && (worlds < 10 || twins < 500);
        assert_eq!(lines.iter().any(|line| line.starts_with("with fewer than 10 worlds")), few, "{lines:?}");
        if seed % 3 == 0 {
            crate::draw(&out, &pool).unwrap();
            for chart in ["bet_difference", "bet_distribution"] {
                let text = written(&out.join(format!("charts/{chart}.svg")));
                if chart == "bet_difference" {
                    check(&text, &bet);
                }
                check_tails(&text, &differences(&bet, 2));
                assert!(text.contains("with fewer than 10 worlds") == few || text.contains('…'), "{text}");
                said.push(text);
            }
        }
        said.push(lines.join("\n"));
    }
    // Every kind of clause was met.
    for clause in [
        "no difference at all",
        "undecided on average",
        "one world shows no spread",
        "the worlds show no spread",
        "wins on average",
        "by far",
        "gains more often: in",
        "gains more often is not clear",
        "equal in",
        "is ahead on average from about",
        "from when on one of them is ahead is not clear",
        "rare large gains",
        "the mean is still",
        "with a chance of 80%",
        "median difference",
    ] {
        assert!(said.iter().any(|text| text.contains(clause)), "no bet says: {clause}");
    }
}
