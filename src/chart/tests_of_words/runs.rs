//! Runs.

use super::super::evidence::Evidence;
use super::super::of_run;
use super::{Random, after, assert_about, assert_met, leading, written};
use crate::experiment::{ReplicateRecord, SpreadRecord};
use crate::model::{M, N_METRICS, RegionRecord, RoundRecord, SampleRecord};
use crate::results::{RunChart, RunOptions, RunWriter, Summary};
use crate::scenario::Scenario;
use crate::stats::{student_cdf, student_quantile};

const NAMES: [&str; 7] = ["ant", "bee", "cow", "dog", "eel", "fox", "gnu"];

/// Net benefit by strategy, then by replicate; NaN where a strategy has no members.
pub(super) type Run = Vec<Vec<f64>>;

/// A random run: few or many strategies and replicates, strategies that are equal, constant or missing.
fn random_run(seed: u64) -> Run {
    let mut random = Random::of(seed);
    let strategies = random.pick(&[1, 2, 2, 3, 7]);
    let replicates = random.pick(&[1, 2, 3, 10, 40]);
    let equal = seed.is_multiple_of(12);
    let shared: Vec<f64> = (0..replicates).map(|_| random.noise()).collect();
    let mut run: Run = Vec::new();
    for s in 0..strategies {
        if s > 0 && (equal || random.chance(10)) {
            run.push(run[s - 1].clone());
            continue;
        }
        let mean = random.pick(&[0.0, 0.0, 0.03125, 0.125, -0.5]);
        let (own, common) = (random.pick(&[0.0, 0.125, 0.5]), random.pick(&[0.0, 1.0]));
        let missing = random.pick(&[0, 0, 0, 0, 0, 20, 100]);
        let value = |shared: &f64| mean + common * shared + own * random.noise();
        let mut values: Vec<f64> = shared.iter().map(value).collect();
        values.iter_mut().filter(|_| random.chance(missing)).for_each(|value| *value = f64::NAN);
        run.push(values);
    }
    run
}

pub(super) fn write(run: &Run, dir: &std::path::Path) -> Summary {
    let mut text = format!(
        "title = \"Words\"\nrounds = 2\nburn_in = 0\nreplicates = {}\n[population]\nagents = 60\n\
         [[region]]\nname = \"north\"\nshare = 0.5\n[[region]]\nname = \"south\"\nshare = 0.5\n",
        run[0].len()
    );
    for (name, s) in NAMES.iter().zip(0..run.len()) {
        text += &format!("[[strategy]]\nname = \"{name}\"\nshare = {}\n", u8::from(s == 0));
    }
    let scenario = Scenario::parse(&text, &[]).unwrap();
    let mut writer = RunWriter::create(dir, &scenario, RunOptions::default()).unwrap();
    for replicate in 0..run[0].len() {
        let net = |s: usize| run[s][replicate];
        let strategies = || (0_u16..).take(run.len());
        let round = |round: u32, strategy: u16| {
            let mut values = [f64::NAN; N_METRICS];
            values[M::Net as usize] = net(strategy.into());
            let agents = if net(strategy.into()).is_nan() { 0 } else { 10 };
            RoundRecord { round, strategy, agents, values }
        };
        let in_region = |region: u16| {
            let more = 0.25 * f64::from(region);
            strategies().map(move |strategy| RegionRecord {
                region,
                strategy,
                agent_rounds: 10,
                net: net(strategy.into()) + more,
            })
        };
        let quantiles = |s: u16| match net(s.into()) {
            net if net.is_nan() => Vec::new(),
            net => (0..=100).map(|p| net + f64::from(p)).collect(),
        };
        let spread = |(round, strategy): (u32, u16)| {
            let net = net(strategy.into());
            let quantiles = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|more| net + more);
            (!net.is_nan()).then_some(SpreadRecord { round, strategy, quantiles })
        };
        let record = ReplicateRecord {
            replicate: u32::try_from(replicate).unwrap(),
            seed: 1,
            rounds: (0..2)
                .flat_map(|r| strategies().map(move |s| (r, s)))
                .map(|(r, s)| round(r, s))
                .collect(),
            flows: Vec::new(),
            regions: (0..2).flat_map(in_region).collect(),
            quantiles: strategies().map(quantiles).collect(),
            spread: (0..2).flat_map(|r| strategies().map(move |s| (r, s))).filter_map(spread).collect(),
            sample: SampleRecord::default(),
            agents: Vec::new(),
            lives: Vec::new(),
        };
        writer.replicate(&record).unwrap();
    }
    writer.finish().unwrap()
}

/// The differences `second - first` of a pair, from the raw values.
#[derive(Clone, Copy, Debug)]
struct Pair {
    mean: f64,
    /// Half the width of the 95% interval; none of one replicate.
    half: Option<f64>,
    sd: f64,
    n: f64,
    /// Whether it is clear by Holm's method.
    clear: bool,
    p: Option<f64>,
}

/// What the raw values show.
struct Facts {
    means: Vec<f64>,
    pairs: Vec<Vec<Option<Pair>>>,
    replicates: usize,
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn pair(first: &[f64], second: &[f64]) -> Option<Pair> {
    let differences: Vec<f64> =
        first.iter().zip(second).map(|(a, b)| b - a).filter(|d| !d.is_nan()).collect();
    let (n, centre) = (differences.len() as f64, mean(&differences));
    let squares: f64 = differences.iter().map(|d| (d - centre) * (d - centre)).sum();
    let sd = (squares / (n - 1.0)).sqrt();
    let error = sd / n.sqrt();
    let spread = n > 1.0 && sd > 1e-12;
    (n > 0.0).then(|| Pair {
        mean: centre,
        half: (n > 1.0).then(|| if spread { student_quantile(0.975, n - 1.0) * error } else { 0.0 }),
        sd,
        n,
        clear: n > 1.0 && !spread && centre != 0.0,
        p: spread.then(|| 2.0 * student_cdf(-(centre / error).abs(), n - 1.0)),
    })
}

impl Facts {
    fn of(run: &Run) -> Self {
        let k = run.len();
        let there = |s: usize| run[s].iter().copied().filter(|v| !v.is_nan()).collect::<Vec<_>>();
        let mut pairs: Vec<Vec<Option<Pair>>> =
            (0..k).map(|a| (0..k).map(|b| pair(&run[a], &run[b])).collect()).collect();
        let mut tests: Vec<(f64, usize, usize)> = Vec::new();
        for (a, row) in pairs.iter().enumerate() {
            tests.extend(row.iter().enumerate().skip(a + 1).filter_map(|(b, p)| Some(((*p)?.p?, a, b))));
        }
        tests.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (rank, (p, a, b)) in tests.iter().enumerate() {
            if p * (tests.len() - rank) as f64 >= 0.05 {
                break;
            }
            for (a, b) in [(a, b), (b, a)] {
                pairs[*a][*b].as_mut().unwrap().clear = true;
            }
        }
        Self { means: (0..k).map(|s| mean(&there(s))).collect(), pairs, replicates: run[0].len() }
    }

    fn clear(&self, first: usize, second: usize) -> bool {
        self.pairs[first][second].is_some_and(|pair| pair.clear)
    }

    /// Strategies that have values, by their means, the greatest first.
    fn ranked(&self) -> Vec<usize> {
        let mut all: Vec<usize> = (0..self.means.len()).filter(|s| !self.means[*s].is_nan()).collect();
        all.sort_by(|a, b| self.means[*b].total_cmp(&self.means[*a]));
        all
    }
}

fn place(name: &str) -> usize {
    NAMES.iter().position(|other| *other == name).unwrap_or_else(|| panic!("no strategy: {name}"))
}

/// The first words of a text that are names, whatever is between them.
fn names(text: &str) -> Vec<usize> {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let known = |word: &&str| NAMES.contains(word) || ["and", "others"].contains(word);
    words.take_while(known).filter(|word| NAMES.contains(word)).map(place).collect()
}

/// Checks the numbers in brackets: the ends of an interval, to the digits that are shown.
fn check_interval(text: &str, mean: f64, half: f64) {
    let ends = after(text, "95% interval ")[0];
    let high = leading(after(ends, " to ")[0]).unwrap();
    let slack = 0.51 * unit(ends);
    assert!((leading(ends).unwrap() - (mean - half)).abs() <= slack, "{mean} {half}: {text}");
    assert!((high - (mean + half)).abs() <= slack, "{mean} {half}: {text}");
}

/// The unit of the last decimal of the number at the start.
fn unit(text: &str) -> f64 {
    let digits = text.split_once('.').map_or("", |(_, rest)| rest);
    digits.chars().take_while(char::is_ascii_digit).fold(1.0, |unit, _| unit / 10.0)
}

/// Checks one sentence of the terminal. Returns whether it is about a pair.
fn check_line(line: &str, facts: &Facts) -> bool {
    let (more, less) = if let Some((more, rest)) = line.split_once(" gained ") {
        let less = after(rest, " more per round than ")[0];
        (place(more), names(less)[0])
    } else if let Some(rest) = line.strip_prefix("no clear difference between ") {
        let both = names(rest);
        (both[0], both[1])
    } else {
        return false;
    };
    let pair = facts.pairs[less][more].unwrap();
    assert!(pair.mean >= 0.0, "{line}");
    match pair.half {
        None => assert!(line.contains("(one replicate: chance is not ruled out)"), "{line}"),
        Some(half) => {
            assert_eq!(pair.clear, line.contains(" gained "), "{pair:?}: {line}");
            check_interval(line, pair.mean, half);
            assert!(line.contains(&format!(", {} replicates)", pair.n)), "{line}");
        }
    }
    true
}

/// Checks how many replicates would show what is not clear: Guenther's formula is off by little, if not for few.
fn check_needed(line: &str, facts: &Facts) {
    assert!(line.contains("with a chance of 80%"), "{line}");
    for item in line.split_once("%").unwrap().1.split_once(": ").unwrap().1.split(", ") {
        let (number, pair) = item.split_once(" for ").unwrap();
        let (more, less) = pair.split_once(" and ").unwrap();
        let pair = facts.pairs[place(less)][place(more)].unwrap();
        assert!(!pair.clear && pair.mean > 0.0, "{item}: {pair:?}");
        let root = 2.8016 * pair.sd / pair.mean;
        let formula = root * root + 1.92;
        let Some(n) = number.strip_prefix("about ") else {
            assert!(formula > 999_000.0 && number == "more than 1000000", "{item}: {formula}");
            continue;
        };
        let n: f64 = n.parse().unwrap();
        assert!(n > pair.n && (n - formula).abs() < 2.0 + 0.01 * formula, "{item}: {formula}");
    }
}

fn check_title(text: &str, facts: &Facts, most: &str, ahead: &str, plural: &str) {
    let ranked = facts.ranked();
    for (leader, name) in NAMES.iter().enumerate() {
        for rest in
            after(text, &format!("{name} {most} ")).into_iter().chain(after(text, &format!("{name} ends ")))
        {
            let Some(by) = leading(rest).filter(|_| rest.contains(ahead)) else { continue };
            assert_eq!(leader, ranked[0], "{text}");
            let next = names(after(rest, ahead)[0])[0];
            assert_about(by, facts.pairs[next][leader].unwrap().mean, text);
            let others = &ranked[1..];
            assert!(facts.means[next] == facts.means[others[0]], "{text}");
            if facts.replicates == 1 {
                assert!(text.contains("in a single replicate"), "{text}");
            } else {
                assert!(others.iter().all(|other| facts.clear(*other, leader)), "{text}");
            }
        }
    }
    let tied = |listed: &[usize], all: bool| {
        let behind = ranked
            .iter()
            .filter(|s| facts.clear(**s, ranked[0]) && facts.means[**s] < facts.means[ranked[0]]);
        assert!(behind.clone().all(|s| !listed.contains(s)), "{text}");
        assert!(!all || behind.count() == 0, "{text}");
    };
    for phrase in ["No clear difference in ", "No difference in "] {
        for rest in after(text, phrase) {
            tied(&names(after(rest, " between ")[0]), true);
            let equal = ranked.iter().all(|s| facts.means[*s] == facts.means[ranked[0]]);
            assert!(equal || phrase.contains("clear"), "{text}");
        }
    }
    if let Some((before, _)) = text.split_once(plural) {
        let listed: Vec<usize> =
            NAMES.iter().filter(|name| before.contains(**name)).map(|name| place(name)).collect();
        tied(&listed, false);
    }
}

/// Checks the title of the chart by region. Both regions have the same differences.
fn check_regions(text: &str, facts: &Facts) {
    for (leader, name) in NAMES.iter().enumerate() {
        if text.contains(&format!("{name} nets most in both regions")) {
            let others = facts.ranked();
            assert_eq!(others[0], leader, "{text}");
            assert!(facts.replicates == 1 || others[1..].iter().all(|s| facts.clear(*s, leader)), "{text}");
            assert!(!text.contains("is greatest in"), "the leads are the same: {text}");
        }
    }
}

/// Checks the title of the spread over time. All strategies are spread alike, so the ends are as far apart as the means.
fn check_ends(text: &str, facts: &Facts) {
    let ranked = facts.ranked();
    let leads = |leader: &usize| {
        let others = ranked.iter().filter(|other| *other != leader);
        facts.replicates == 1 || others.into_iter().all(|other| facts.clear(*other, *leader))
    };
    for (s, name) in NAMES.iter().enumerate() {
        if text.contains(&format!("{name} has the highest 95% quantile")) {
            assert!(ranked[0] == s && leads(&s), "{text}");
        }
        for phrase in [" the lowest 5% quantile", " has the lowest 5% quantile"] {
            if text.contains(&format!("{name}{phrase}")) {
                assert!(*ranked.last().unwrap() == s && leads(&s), "{text}");
            }
        }
    }
    assert!(!text.contains("is at both ends"), "{text}");
}

#[test]
fn every_clause_of_a_run_is_held_by_its_replicates() {
    let mut said: Vec<String> = Vec::new();
    for seed in 0..160 {
        let run = random_run(seed);
        let facts = Facts::of(&run);
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let lines = write(&run, &out).lines();
        assert!(lines.iter().all(|line| !line.contains("NaN") && !line.contains("inf")), "{lines:?}");
        let ranked = facts.ranked();
        for (line, s) in lines[1..].iter().zip((0..run.len()).filter(|s| ranked.contains(s))) {
            let rest = line.strip_prefix(NAMES[s]).unwrap().trim_start();
            let slack = 0.51 * unit(rest);
            assert!((leading(rest).unwrap() - facts.means[s]).abs() <= slack, "{line}");
        }
        let about_pairs = lines.iter().filter(|line| check_line(line, &facts)).count();
        let pairs = (0..run.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
        let pairs = pairs.filter(|(a, b)| facts.pairs[*a][*b].is_some()).count();
        assert!(about_pairs == pairs || (pairs > 6 && about_pairs < run.len()), "{lines:?}");
        for line in lines.iter().filter(|line| line.starts_with("replicates that would show")) {
            check_needed(line, &facts);
        }
        let open = facts
            .pairs
            .iter()
            .flatten()
            .flatten()
            .any(|pair| pair.p.is_some_and(|p| p > 0.06) && !pair.clear && pair.mean != 0.0);
        let told = lines.iter().any(|line| line.starts_with("replicates that would show"));
        assert!(told || !open || pairs > 6, "{lines:?}");
        if seed % 2 == 0 {
            let evidence = Evidence::read(out.as_path()).unwrap();
            let [net, spread, regions, ends] =
                [RunChart::Net, RunChart::Distribution, RunChart::Regions, RunChart::Spread]
                    .map(|chart| written(of_run(chart)(&evidence)));
            check_title(&net, &facts, "gains", " more per round than ", " gain most");
            check_title(&spread, &facts, "ends", " ahead of the median ", " end highest at the median");
            check_regions(&regions, &facts);
            check_ends(&ends, &facts);
            said.extend([net, spread, regions, ends]);
        }
        said.push(lines.join("\n"));
    }
    assert_met(
        &said,
        &[
            "gained ",
            "no clear difference between",
            "chance is not ruled out",
            "a difference as large with a chance of 80%: about",
            "each tested by itself",
            "gains ",
            "No clear difference in net benefit",
            "No difference in net benefit",
            "gain most, with no clear difference",
            "in a single replicate",
            "ahead of the median",
            "nets most in both regions",
            "has the highest 95% quantile of net benefit,",
            "No strategy clearly has the highest or the lowest end",
        ],
    );
}
