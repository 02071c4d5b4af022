//! Sweeps.

use std::collections::BTreeMap;

use super::super::of_sweep;
use super::super::sweep::SweepEvidence;
use super::{Random, after, assert_about, assert_met, leading, number, table, written};
use crate::experiment::{N_OUTCOMES, RunOutcome, SweepPlan, UnitRecord};
use crate::model::M;
use crate::results::{Part, SweepChart, SweepInput, SweepOptions, SweepWriter, parse_sweep};
use crate::scenario::{Override, Source};

const TEXT: &str =
    "title = \"Words\"\nrounds = 12\nburn_in = 4\n[population]\nagents = 60\n[mixer]\nsize = 12\n";

const FACTORS: [&str; 3] = [
    "[[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nmax = 0.6\nlevels = 5\n",
    "[[factor]]\nname = \"talk\"\nkeys = \"needs.rate\"\nmin = 0.2\nmax = 0.8\nlevels = 3\n",
    "[[factor]]\nname = \"norm\"\nkeys = \"reputation.norm\"\nvalues = [\"shunning\", \"stern-judging\"]\n",
];

/// Random outcomes of a sweep, by point and replicate.
struct Made {
    /// The contrast at the lowest and at the highest point, and its spread; whether points share it.
    ends: [f64; 2],
    spread: f64,
    shared: bool,
    /// Percent of replicates without an outcome.
    missing: u32,
    points: u64,
}

impl Made {
    fn outcome(&self, point: u64, replicate: u32) -> f64 {
        let place = point as f64 / (self.points - 1).max(1) as f64;
        let seed = u64::from(replicate) + if self.shared { 0 } else { 1000 * (point + 1) };
        let mut random = Random::of(seed);
        if Random::of(77 * seed + point).chance(self.missing) {
            return f64::NAN;
        }
        self.ends[0] + (self.ends[1] - self.ends[0]) * place + self.spread * random.noise()
    }
}

/// A sweep with random outcomes; returns what the terminal says.
fn write(seed: u64, dir: &std::path::Path) -> Vec<String> {
    let mut random = Random::of(seed);
    let design = random.pick(&["grid", "grid", "grid", "one-at-a-time", "random"]);
    let factors = match random.below(4) {
        0 => vec![0],
        1 => vec![2],
        2 => vec![0, 1],
        _ => vec![0, 1, 2],
    };
    // Names are not drawn evenly from a range.
    let factors = if design == "random" { vec![0, 1] } else { factors };
    let until = random.pick(&["fixed", "fixed", "decided"]);
    let luck = random.chance(50);
    let replicates = random.pick(&[1, 2, 5, 12]);
    let text = format!(
        "replicates = {replicates}\n{TEXT}[sweep]\ndesign = \"{design}\"\npoints = 12\nuntil = \"{until}\"\n\
         replicates_max = 24\ncommon_luck = {luck}\nfirst = \"warrior\"\nsecond = \"servant\"\n{}",
        factors.iter().map(|f| FACTORS[*f]).collect::<String>()
    );
    let source = Source { name: "words", bytes: text.as_bytes() };
    let plan = SweepPlan::new(parse_sweep(&source, &[] as &[Override]).unwrap(), Vec::new());
    let end = |random: &mut Random| random.pick(&[-1.0, -0.25, 0.0, 0.0, 0.25, 1.0]);
    let made = Made {
        ends: [end(&mut random), end(&mut random)],
        spread: random.pick(&[0.0, 0.25, 1.0]),
        shared: luck,
        missing: random.pick(&[0, 0, 0, 20]),
        points: plan.n_points(),
    };
    let input = SweepInput { plan: &plan, list: None };
    let mut writer = SweepWriter::open(dir, input, SweepOptions::default(), Part::WHOLE).unwrap().unwrap();
    let [first, second] = plan.contrast();
    loop {
        let units = writer.next_units().unwrap();
        if units.is_empty() {
            break;
        }
        for unit in units {
            let run = |replicate| {
                let mut outcomes = vec![[0.5; N_OUTCOMES]; plan.scenario().strategies.len()];
                outcomes[first][1 + M::Net as usize] = 0.25;
                outcomes[second][1 + M::Net as usize] = 0.25 + made.outcome(unit.point, replicate);
                RunOutcome { drifts: vec![0.0; outcomes.len()], outcomes }
            };
            let runs = unit.replicates.clone().map(run).collect();
            writer.put(&unit, &UnitRecord::Runs(runs)).unwrap();
        }
    }
    writer.finish(true).unwrap().words
}

/// A point as the table has it.
struct Point {
    values: Vec<String>,
    mean: f64,
    /// -1 where the first strategy is clearly ahead, 1 where the second is.
    side: f64,
}

/// The points of the contrast of net benefit, and the names of the factors.
fn points(dir: &std::path::Path) -> (Vec<Point>, Vec<String>) {
    let rows = table(dir, "sweep_contrasts.csv");
    let names: Vec<String> = ["fee", "talk", "norm"].map(str::to_owned).to_vec();
    let names: Vec<String> = names.into_iter().filter(|name| rows[0].contains_key(name)).collect();
    let about = |row: &&BTreeMap<String, String>| {
        row["metric"] == "net" && row["first"] == "warrior" && row["second"] == "servant"
    };
    let point = |row: &BTreeMap<String, String>| {
        let [low, high] = ["all_low", "all_high"].map(|column| number(row, column));
        let side = if low > 0.0 {
            1.0
        } else if high < 0.0 {
            -1.0
        } else {
            0.0
        };
        let said = match row["side"].as_str() {
            "servant" => 1.0,
            "warrior" => -1.0,
            _ => 0.0,
        };
        assert_eq!(side, said, "{row:?}");
        let values = names.iter().map(|name| row[name].clone()).collect();
        Point { values, mean: number(row, "difference"), side }
    };
    (rows.iter().filter(about).map(point).collect(), names)
}

fn count(points: &[Point], of: impl Fn(&Point) -> bool) -> f64 {
    points.iter().filter(|point| of(point)).count() as f64
}

/// The numbers that follow phrases in a text, one after another.
fn numbers<const N: usize>(text: &str, phrases: [&str; N]) -> [f64; N] {
    let mut rest = text;
    phrases.map(|phrase| {
        rest = after(rest, phrase).first().copied().unwrap_or_else(|| panic!("no {phrase} in {text}"));
        leading(rest).unwrap_or_else(|| panic!("no number after {phrase} in {text}"))
    })
}

fn side_of(name: &str) -> f64 {
    match name {
        "servant" => 1.0,
        "warrior" => -1.0,
        _ => 0.0,
    }
}

/// Checks the words of the terminal. `n` is the number of all points; those without any outcome have no row.
fn check_words(lines: &[String], points: &[Point], names: &[String], n: f64) {
    let [above, below] = [1.0, -1.0].map(|side| count(points, |p| p.side == side));
    if let Some(rest) = lines[0].strip_prefix("of ") {
        let told = numbers(rest, ["servant is clearly ahead at ", "warrior at ", "and nobody at "]);
        assert_eq!((leading(rest), told), (Some(n), [above, below, n - above - below]), "{lines:?}");
        let promise = ["any of these sides is wrong is at most 5%", "at most 5% of these sides are wrong"];
        assert!(promise.iter().any(|promise| rest.contains(promise)), "{lines:?}");
    } else {
        assert_eq!((above, below), (0.0, 0.0), "{lines:?}");
        assert!(lines[0].starts_with(&format!("at none of {n} points is ")), "{lines:?}");
    }
    let told = numbers(&lines[1], ["by the means alone servant does better at ", "warrior at "]);
    assert_eq!(told, [1.0, -1.0].map(|sign| count(points, |p| p.mean * sign > 0.0)), "{lines:?}");
    for line in &lines[2..] {
        if line.contains("in its lowest third") {
            check_thirds(line, points, names);
        } else if !line.contains("decided by their own") && !line.contains("obody reacts") {
            check_stretches(line, points, names);
        }
    }
}

/// Checks the shares of points in the lowest and the highest third of a factor.
fn check_thirds(line: &str, points: &[Point], names: &[String]) {
    let f = names.iter().position(|name| line.starts_with(&format!("{name}: "))).unwrap();
    let [low, high] = if names[f] == "fee" { [0.0, 0.6] } else { [0.2, 0.8] };
    let third = |top: bool, point: &Point| {
        let share = (point.values[f].parse::<f64>().unwrap() - low) / (high - low);
        if top { share >= 2.0 / 3.0 } else { share <= 1.0 / 3.0 }
    };
    let told = numbers(line, ["does better at ", "lowest third and "]);
    for (told, top) in told.into_iter().zip([false, true]) {
        let share =
            100.0 * count(points, |p| third(top, p) && p.mean > 0.0) / count(points, |p| third(top, p));
        // Points without any outcome count too, but have no row.
        assert!(told <= share + 0.51, "{share}: {line}");
    }
}

/// Checks who is ahead along a factor, stretch by stretch.
fn check_stretches(line: &str, points: &[Point], names: &[String]) {
    let fixed = (names.len() == 2).then(|| line.split_once(": ").unwrap());
    let (value, line) = match fixed {
        Some((value, rest)) if rest.contains(": ") => (value.strip_prefix(&format!("{} ", names[1])), rest),
        _ => (None, line),
    };
    let (factor, stretches) = line.split_once(": ").unwrap();
    let f = names.iter().position(|name| name == factor).unwrap_or_else(|| panic!("{line}"));
    // One at a time each factor has points of its own, which tables do not mark.
    let here = |p: &&Point| value.is_none_or(|value| p.values[1] == value);
    let alone = value.is_some() || names.len() == 1;
    for stretch in stretches.split([',', ';']).map(str::trim).filter(|_| alone) {
        let Some((who, range)) = stretch.split_once(' ') else { continue };
        let range = range.trim_start_matches("at ");
        let (from, to) = range.split_once(" to ").unwrap_or((range, range));
        let within = |p: &&Point| match (from.parse::<f64>(), to.parse::<f64>(), p.values[f].parse::<f64>()) {
            (Ok(from), Ok(to), Ok(value)) => (from..=to).contains(&value),
            _ => p.values[f] == from,
        };
        assert!(
            points.iter().filter(here).filter(within).all(|p| p.side == side_of(who)),
            "{stretch}: {line}"
        );
    }
}

/// Checks the titles of charts that count points, name ranges of one factor, or shares of a map.
fn check_title(text: &str, points: &[Point], names: &[String]) {
    let value = |p: &Point| p.values[0].parse::<f64>().unwrap_or(f64::NAN);
    let all = points.len() as f64;
    for (name, side) in [("servant", 1.0), ("warrior", -1.0)] {
        for rest in after(text, &format!("{name} is clearly ahead at ")) {
            let told = if rest.starts_with("all ") { all } else { leading(rest).unwrap() };
            assert_eq!(told, count(points, |p| p.side == side), "{text}");
        }
        for rest in after(text, &format!("{name} is clearly ahead up to ")) {
            // Names have no order.
            let Some(up_to) = leading(rest) else { continue };
            assert!(points.iter().filter(|p| value(p) <= up_to).all(|p| p.side == side), "{text}");
            let from = numbers(rest, [" from "])[0];
            assert!(points.iter().filter(|p| value(p) >= from).all(|p| p.side == -side), "{text}");
        }
        for rest in after(text, &format!("{name} is clearly ahead from ")) {
            let Some(from) = leading(rest) else { continue };
            // Titles show four digits.
            let (from, to) = (from - 1e-4, numbers(rest, [" to "])[0] + 1e-4);
            let within = |p: &Point| (from..=to).contains(&value(p));
            assert!(points.iter().all(|p| p.side == if within(p) { side } else { 0.0 }), "{text}");
        }
        if text.contains(&format!("{name} is clearly ahead on ")) {
            assert!(count(points, |p| p.side == side) > 0.0, "{text}");
        }
        if text.contains(&format!("{name} is clearly ahead everywhere")) {
            assert!(points.iter().all(|p| p.side == side), "{text}");
        }
    }
    for nobody in ["Nobody is clearly ahead at any of", "Nobody is clearly ahead anywhere"] {
        assert!(!text.contains(nobody) || points.iter().all(|p| p.side == 0.0), "{text}");
    }
    check_tornado(text, points, names);
}

/// Checks which factor moves the contrast most, one at a time.
fn check_tornado(text: &str, points: &[Point], names: &[String]) {
    let Some((label, rest)) = text.split_once(" moves the contrast most, by ") else { return };
    let factor = names.iter().position(|name| label.ends_with(name.as_str())).unwrap();
    // Points are in the order of the factors, with 5, 3 and 2 values.
    let levels = |name: &str| [("fee", 5), ("talk", 3), ("norm", 2)].iter().find(|l| l.0 == name).unwrap().1;
    let mut from = 0;
    let moves: Vec<f64> = names
        .iter()
        .map(|name| {
            let own = &points[from..from + levels(name)];
            from += levels(name);
            let means = || own.iter().map(|p| p.mean);
            means().fold(f64::MIN, f64::max) - means().fold(f64::MAX, f64::min)
        })
        .collect();
    assert!(moves.iter().all(|size| *size <= moves[factor]), "{moves:?}: {text}");
    assert_about(leading(rest).unwrap(), moves[factor], text);
}

#[test]
fn every_clause_of_a_sweep_is_held_by_its_table() {
    let mut said: Vec<String> = Vec::new();
    for seed in 0..120 {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let lines = write(seed, &out);
        assert!(lines.iter().all(|line| !line.contains("NaN") && !line.contains("inf")), "{lines:?}");
        let (points, names) = points(&out);
        let manifest = std::fs::read_to_string(out.join("manifest.json")).unwrap();
        let n = leading(after(&manifest, "\"points\": ").last().unwrap()).unwrap();
        check_words(&lines, &points, &names, n);
        if points.len() as f64 == n && seed % 2 == 0 {
            let evidence = SweepEvidence::read(&out).unwrap();
            for chart in [SweepChart::Difference, SweepChart::Map, SweepChart::Scatter, SweepChart::Tornado] {
                let text = written(of_sweep(chart)(&evidence));
                check_title(&text, &points, &names);
                said.push(text);
            }
        }
        said.push(lines.join("\n"));
    }
    assert_met(
        &said,
        &[
            "servant is clearly ahead at ",
            "at none of ",
            "is said who is ahead",
            "fee: ",
            "talk 0.2: fee: ",
            "norm: ",
            "in its lowest third",
            "is clearly ahead up to ",
            "is clearly ahead from ",
            "is clearly ahead on ",
            "Nobody is clearly ahead",
            "moves the contrast most",
        ],
    );
}
