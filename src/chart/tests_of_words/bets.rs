//! Bets: the titles of the charts by channel, by trait and of the crossover.

use super::super::bet::BetEvidence;
use super::super::of_bet;
use super::{Random, after, assert_about, assert_met, leading, number, table, written};
use crate::amount::Amount;
use crate::experiment::{
    BetPlan, CrossoverRecord, Gain, HorizonRecord, PartsRecord, TwinRecord, WorldRecord,
};
use crate::model::N_AMOUNTS;
use crate::results::{BENEFITS, BetChart, BetOptions, BetWriter};
use crate::scenario::Scenario;
use crate::stats::student_quantile;

const TEXT: &str = "title = \"Words\"\nrounds = 60\nburn_in = 6\n[population]\nagents = 200\n[mixer]\nsize = 12\n\
    [bet]\nusual = \"warrior\"\ndesign = \"crossover\"\ngap = 8\nhorizons = [0, 10]\n";

fn amount(random: &mut Random, size: f64, spread: f64) -> Amount {
    Amount::of(((size + spread * random.noise()) * 256.0).round() / 256.0)
}

/// A random bet of few or many worlds; in some nothing differs, or everything by the same.
fn write(seed: u64, dir: &std::path::Path) -> usize {
    let mut random = Random::of(seed);
    let worlds = random.pick(&[1, 2, 5, 12, 30]);
    let focals = random.pick(&[2, 4, 10]);
    let sets = [format!("bet.worlds={worlds}"), format!("bet.focals={focals}")];
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    let plan = BetPlan::new(&Scenario::parse(TEXT, &sets).unwrap(), true);
    let options = BetOptions { worlds, ..BetOptions::default() };
    let mut writer = BetWriter::create(dir, &plan, options).unwrap();
    let mut sizes: Vec<f64> = (0..N_AMOUNTS).map(|_| random.pick(&[0.0, 0.0, 0.1, 1.0])).collect();
    let mut lead = random.pick(&[0.0, 0.0, 0.3, -0.3]);
    if seed.is_multiple_of(9) {
        // One benefit only, and the first strategy has more of it.
        sizes[1..].fill(0.0);
        (sizes[0], lead) = (1.0, -0.3);
    }
    let (spread, carry) = (random.pick(&[0.0, 0.2, 2.0]), random.pick(&[0.0, 0.5, -2.0]));
    let traits = plan.differing_traits().len();
    for world in 0..worlds {
        let mut gain = |of: f64| {
            let amounts: [Amount; N_AMOUNTS] = std::array::from_fn(|a| match sizes[a] {
                0.0 => Amount::ZERO,
                size => amount(&mut random, size * (1.0 + of), spread * size),
            });
            let sum = |places: std::ops::Range<usize>| {
                amounts[places].iter().fold(Amount::ZERO, |sum, amount| sum + *amount)
            };
            Gain { amounts, net: sum(0..BENEFITS.len()) - sum(BENEFITS.len()..N_AMOUNTS) }
        };
        let mut twins = Vec::new();
        for focal in 0..focals {
            let at = plan.horizons().iter().map(|&horizon| HorizonRecord {
                horizon,
                first: gain(0.0),
                second: gain(lead),
                partners: Amount::ZERO,
                rest: Amount::ZERO,
            });
            twins.push(TwinRecord { focal, horizons: at.collect() });
        }
        let crossovers = (0..focals).map(|focal| CrossoverRecord {
            focal,
            second_came_first: focal % 2 == 0,
            first: amount(&mut random, 1.0, spread),
            second: amount(&mut random, 1.0 + lead + carry, spread),
        });
        let crossovers = crossovers.collect();
        let parts = (0..focals).map(|focal| {
            let mut part = |t: usize| amount(&mut random, [0.0, 0.4, -0.4][t % 3] * lead, spread);
            let by_horizon = plan.horizons().iter().map(|_| (0..traits).map(&mut part).collect());
            PartsRecord { focal, parts: by_horizon.collect(), divisor: 2 }
        });
        let parts = parts.collect();
        writer
            .world(&WorldRecord {
                world,
                seed: 1,
                invited: 0,
                newcomers: Vec::new(),
                twins,
                crossovers,
                parts,
            })
            .unwrap();
    }
    writer.finish(true).unwrap();
    worlds as usize
}

/// A row of a table of means at the last horizon: its name, mean, and side of zero by its interval.
struct Estimate {
    name: String,
    mean: f64,
    side: f64,
    half: f64,
}

fn estimates(dir: &std::path::Path, file: &str, what: &str) -> Vec<Estimate> {
    let rows = table(dir, file);
    let last = rows.iter().filter(|row| row.contains_key("horizon")).map(|row| number(row, "horizon"));
    let last = last.fold(f64::NAN, f64::max);
    let rows = rows.iter().filter(|row| !row.contains_key("horizon") || number(row, "horizon") == last);
    let of = |row| {
        let [mean, low, high] = ["mean", "ci_low", "ci_high"].map(|column| number(row, column));
        let side = if low > 0.0 {
            1.0
        } else if high < 0.0 {
            -1.0
        } else {
            0.0
        };
        Estimate { name: row[what].clone(), mean, side, half: (high - low) / 2.0 }
    };
    rows.map(of).collect()
}

/// The estimate that lies farthest on a side of zero, among those whose interval does.
fn clearest(estimates: &[Estimate], side: f64) -> Option<&Estimate> {
    let clear = estimates.iter().filter(|e| e.side == side);
    clear.max_by(|a, b| a.mean.abs().total_cmp(&b.mean.abs()))
}

fn check_channels(text: &str, dir: &std::path::Path) {
    let all = estimates(dir, "bet_channels.csv", "channel");
    for (side, name) in [(1.0, "servant"), (-1.0, "warrior")] {
        let found =
            after(text, &format!("{name} gains ")).into_iter().chain(after(text, &format!("{name} ")));
        let found =
            found.filter(|rest| rest.split_once(" by ").is_some_and(|(n, _)| n.parse::<f64>().is_ok()));
        let found = found.collect::<Vec<_>>();
        let expected = clearest(&all, side);
        assert_eq!(found.is_empty(), expected.is_none(), "{name}: {text}");
        for rest in found {
            assert_about(leading(rest).unwrap(), expected.unwrap().mean.abs(), text);
            assert!(after(rest, " by ")[0].starts_with(&expected.unwrap().name.replace('_', " ")), "{text}");
        }
    }
    let none = clearest(&all, 1.0).is_none() && clearest(&all, -1.0).is_none();
    assert_eq!(text.contains("No channel differs clearly"), none, "{text}");
}

fn check_parts(text: &str, dir: &std::path::Path) {
    let all = estimates(dir, "bet_parts.csv", "trait");
    let all: Vec<Estimate> = all.into_iter().filter(|part| part.name != "all").collect();
    for (side, word) in [(1.0, ") pays"), (-1.0, ") costs")] {
        let expected = clearest(&all, side);
        assert_eq!(text.contains(word), expected.is_some(), "{text}");
        if let Some(part) = expected {
            let rest = after(text, &format!("{} (", part.name.replace('_', " ")))[0];
            assert_about(leading(rest).unwrap(), part.mean, text);
        }
    }
    let none = clearest(&all, 1.0).is_none() && clearest(&all, -1.0).is_none();
    assert_eq!(text.contains("No single trait makes a clear difference"), none, "{text}");
}

fn check_crossover(text: &str, dir: &std::path::Path) {
    let all = estimates(dir, "bet_crossover_summary.csv", "quantity");
    let of = |name: &str| all.iter().find(|e| e.name == name).unwrap();
    let (estimate, truth, bias) = (of("estimate"), of("truth"), of("bias"));
    assert_about(estimate.mean - truth.mean, bias.mean, text);
    for (side, way) in [(1.0, " too high"), (-1.0, " too low")] {
        assert_eq!(text.contains(way), bias.side == side, "{text}");
    }
    assert_eq!(text.contains("shows no clear bias"), bias.side == 0.0, "{text}");
    for rest in after(text, "Trying both on oneself finds ") {
        assert_about(leading(rest).unwrap(), bias.mean.abs(), text);
    }
    if text.contains("less exact than twins") {
        assert!(estimate.half > truth.half, "{text}");
    }
    let people = after(text, "it would take about ");
    assert!(people.is_empty() || truth.side != 0.0, "{text}");
    for rest in people {
        assert!((leading(rest).unwrap() - of("people_crossover").mean).abs() < 0.6, "{text}");
    }
}

/// Clear means need at least Student's interval, from the raw differences.
fn check_truth(dir: &std::path::Path, worlds: usize) {
    let rows = table(dir, "bet.csv");
    let last = rows.iter().map(|row| number(row, "horizon")).fold(0.0, f64::max);
    let mut means = vec![(0.0, 0.0); worlds];
    for row in rows.iter().filter(|row| number(row, "horizon") == last) {
        let world = &mut means[row["world"].parse::<usize>().unwrap()];
        *world = (world.0 + number(row, "difference"), world.1 + 1.0);
    }
    let means: Vec<f64> = means.iter().map(|(sum, n)| sum / n).collect();
    let n = worlds as f64;
    let mean = means.iter().sum::<f64>() / n;
    let squares: f64 = means.iter().map(|m| (m - mean) * (m - mean)).sum();
    let whole = estimates(dir, "bet_others.csv", "whom").into_iter().find(|e| e.name == "focal").unwrap();
    assert!((whole.mean - mean).abs() < 1e-9);
    if worlds > 1 && squares > 1e-18 {
        let half = student_quantile(0.975, n - 1.0) * (squares / (n - 1.0) / n).sqrt();
        assert!(whole.side == 0.0 || mean.abs() > half * (1.0 - 1e-9), "{mean} {half}");
    }
}

#[test]
fn every_title_by_channel_by_trait_and_of_a_crossover_is_held_by_its_table() {
    let mut said: Vec<String> = Vec::new();
    for seed in 0..90 {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let worlds = write(seed, &out);
        check_truth(&out, worlds);
        let evidence = BetEvidence::read(out.as_path()).unwrap();
        for (chart, check) in [
            (BetChart::Channels, check_channels as fn(&str, &std::path::Path)),
            (BetChart::Parts, check_parts),
            (BetChart::Crossover, check_crossover),
        ] {
            let text = written(of_bet(chart)(&evidence));
            assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
            if !text.is_empty() {
                check(&text, &out);
            }
            said.push(text);
        }
    }
    assert_met(
        &said,
        &[
            "servant gains ",
            "warrior gains ",
            "No channel differs clearly",
            ") pays",
            ") costs",
            "No single trait makes a clear difference",
            "too high",
            "too low",
            "shows no clear bias",
            "it would take about ",
        ],
    );
}
