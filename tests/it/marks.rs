//! Charts against their tables: bars, points and intervals lie where the numbers say, by the charts' own axes.

mod sweeps;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mingle::summaries::{Interval, Level};

use crate::support::done;

/// Colours of the first strategies, in the order of the scenario.
const COLOURS: [&str; 3] = ["#D55E00", "#0072B2", "#009E73"];
const PAPER: &str = "#FFFFFF";

/// A mixer every round, so that lines over time are of single rounds.
const SCENARIO: &str = "rounds = 8\nburn_in = 2\nreplicates = 4\n[population]\nagents = 60\n[mixer]\nevery = 1\n\
    [[region]]\nname = \"east\"\nshare = 0.5\n[[region]]\nname = \"west\"\nshare = 0.5\n\
    [bet]\nworlds = 4\nfocals = 6\nhorizons = [0, 2, 4]\n";

/// Something that is drawn, in tenths of a pixel.
#[derive(Debug)]
enum Mark {
    Line { points: Vec<(f64, f64)>, colour: String, width: f64 },
    Area { corners: Vec<(f64, f64)>, colour: String },
    Bar { left: f64, top: f64, right: f64, bottom: f64, colour: String },
    Dot { x: f64, y: f64, radius: f64, colour: String },
    Text { anchor: String, text: String },
}
use Mark::{Area, Bar, Dot, Line, Text};

/// The marks of an SVG document, in the order in which they are drawn.
fn marks(file: &Path) -> Vec<Mark> {
    let svg = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let mut lines = svg.lines();
    let mut marks = Vec::new();
    while let Some(line) = lines.next() {
        let text = |name: &str| {
            let start = line.find(&format!(" {name}=\"")).unwrap_or_else(|| panic!("{name} in {line}"));
            line[start + name.len() + 3..].split('"').next().unwrap().to_owned()
        };
        let number = |name: &str| text(name).parse::<f64>().unwrap();
        let points = || {
            let point = |pair: &str| {
                let (x, y) = pair.split_once(',').unwrap();
                (x.parse().unwrap(), y.parse().unwrap())
            };
            text("points").split_whitespace().map(point).collect::<Vec<(f64, f64)>>()
        };
        marks.push(match line.split(' ').next().unwrap() {
            "<polyline" => Line { points: points(), colour: text("stroke"), width: number("stroke-width") },
            "<polygon" => Area { corners: points(), colour: text("fill") },
            "<rect" => {
                let (left, top) = (number("x"), number("y"));
                let (right, bottom) = (left + number("width"), top + number("height"));
                Bar { left, top, right, bottom, colour: text("fill") }
            }
            "<circle" => Dot { x: number("cx"), y: number("cy"), radius: number("r"), colour: text("fill") },
            "<text" => Text { anchor: text("text-anchor"), text: lines.next().unwrap().to_owned() },
            _ => continue,
        });
    }
    marks
}

/// An axis as its ticks show it: values and places.
#[derive(Debug)]
struct Scale(Vec<(f64, f64)>);

impl Scale {
    /// From the ticks and their labels: along x (a short line down, text in its middle) or along y (a line
    /// to the right, text that ends before it).
    fn of(marks: &[Mark], along_x: bool) -> Self {
        let tick = |pair: &[Mark]| {
            let [Line { points, .. }, Text { anchor, text }] = pair else { return None };
            let [a, b] = points[..] else { return None };
            let is_tick = if along_x {
                a.0 == b.0 && b.1 - a.1 == 40.0 && anchor == "middle"
            } else {
                a.1 == b.1 && anchor == "end"
            };
            Some((value(text).filter(|_| is_tick)?, if along_x { a.0 } else { a.1 }))
        };
        let ticks: Vec<_> = marks.windows(2).filter_map(tick).collect();
        assert!(ticks.len() > 1, "an axis has ticks");
        Self(ticks)
    }

    /// Where a value lies.
    fn at(&self, value: f64) -> f64 {
        let ((a, x), (b, y)) = (self.0[0], self.0[self.0.len() - 1]);
        x + (value - a) / (b - a) * (y - x)
    }

    /// The value that lies at a place.
    fn value(&self, place: f64) -> f64 {
        let ((a, x), (b, y)) = (self.0[0], self.0[self.0.len() - 1]);
        a + (place - x) / (y - x) * (b - a)
    }
}

/// A tick's number.
fn value(text: &str) -> Option<f64> {
    let text = text.replace('\u{2212}', "-");
    match text.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().ok().map(|p| p / 100.0),
        None => text.parse().ok(),
    }
}

/// Places are rounded to tenths of a pixel, those of ticks too.
fn assert_at(place: f64, expected: f64, what: &str) {
    assert!((place - expected).abs() <= 2.0, "{what}: drawn at {place}, the table says {expected:.1}");
}

/// Some point is where the table says.
fn assert_among(points: &[(f64, f64)], expected: (f64, f64), what: &str) {
    let near = |p: &&(f64, f64)| (p.0 - expected.0).abs() <= 2.0 && (p.1 - expected.1).abs() <= 2.0;
    assert!(points.iter().any(|p| near(&p)), "{what}: nothing at {expected:.1?} in {points:?}");
}

/// The rows of a table, by column.
fn table(file: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} in {row:?}"))
}

/// Mean and interval of a row.
fn estimate(row: &BTreeMap<String, String>, columns: [&str; 3]) -> [f64; 3] {
    columns.map(|column| number(row, column))
}

/// A result with its charts, of a command and a scenario with these lines besides.
fn result(command: &str, more: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("s.toml"), format!("{SCENARIO}{more}")).unwrap();
    done(dir.path(), &[command, "s.toml", "-q", "--threads", "1", "--out", "out"]);
    dir
}

/// The strategies of the default scenario, in its order.
const STRATEGIES: [&str; 3] = ["warrior", "servant", "abstainer"];

#[test]
fn lines_and_ribbons_over_time_are_means_and_intervals_of_rounds() {
    let dir = result("run", "");
    let out = dir.path().join("out");
    let marks = marks(&out.join("charts/net_over_time.svg"));
    let (x, y) = (Scale::of(&marks, true), Scale::of(&marks, false));
    let rows = table(&out.join("rounds.csv"));
    for (name, own) in STRATEGIES.iter().zip(COLOURS) {
        let of_round = |round: u32| {
            let mine =
                rows.iter().filter(|r| r["strategy"] == *name && number(r, "round") == f64::from(round));
            Interval::of(&mine.map(|r| number(r, "net")).collect::<Vec<_>>(), Level::USUAL)
        };
        let intervals: Vec<Interval> = (0..8).map(of_round).collect();
        let mut areas = marks.iter().filter_map(|mark| match mark {
            Area { corners, colour } if colour == own => Some(corners),
            _ => None,
        });
        let ribbon = areas.next().unwrap();
        assert!(areas.next().is_none() && ribbon.len() == 16);
        let mut means = Vec::new();
        for (round, i) in (0..8).zip(&intervals) {
            for end in [i.low.unwrap(), i.high.unwrap()] {
                assert_among(ribbon, (x.at(f64::from(round)), y.at(end)), "an end of an interval");
            }
            means.push((x.at(f64::from(round)), y.at(i.mean)));
        }
        // Dashes begin and end anywhere, but on the line; together they reach from its start to its end.
        let mut reach = (f64::INFINITY, f64::NEG_INFINITY);
        for mark in &marks {
            let Line { points, colour, width } = mark else { continue };
            if colour != own || *width != 19.0 {
                continue;
            }
            for point in points {
                let after = means.partition_point(|m| m.0 < point.0).clamp(1, means.len() - 1);
                let [(x0, y0), (x1, y1)] = [means[after - 1], means[after]];
                let expected = y0 + (y1 - y0) * (point.0 - x0) / (x1 - x0);
                let slack = 2.0 + ((y1 - y0) / (x1 - x0)).abs();
                assert!((point.1 - expected).abs() <= slack, "{name}: {point:?} is not on its line");
                reach = (reach.0.min(point.0), reach.1.max(point.0));
            }
        }
        assert!(reach.0 - means[0].0 <= 2.0 && means[7].0 - reach.1 <= 40.0, "{reach:?}");
    }
}

#[test]
fn bars_of_benefits_and_costs_end_where_their_sums_are() {
    let dir = result("run", "");
    let out = dir.path().join("out");
    let marks = marks(&out.join("charts/benefit_by_channel.svg"));
    let x = Scale::of(&marks, true);
    let rows = table(&out.join("summary.csv"));
    let row = |strategy: &str, metric: &str| {
        rows.iter().find(|r| r["strategy"] == strategy && r["metric"] == metric).unwrap()
    };
    let sum = |strategy: &str, metrics: &[&str]| -> f64 {
        metrics.iter().map(|m| number(row(strategy, m), "mean")).sum()
    };
    let start = marks.iter().position(|m| matches!(m, Text { text, .. } if text == STRATEGIES[0])).unwrap();
    let (mut bars, mut seen, mut line) = (Vec::new(), 0, None);
    for mark in &marks[start..] {
        match mark {
            Bar { left, right, colour, .. } if colour != PAPER => bars.push((*left, *right)),
            Line { points, width, .. } if *width == 19.0 => line = Some((points[0].0, points[1].0)),
            Dot { x: at, colour, .. } => {
                let name = STRATEGIES[seen];
                assert_eq!(colour, COLOURS[seen]);
                let benefit = sum(name, &["push", "gift", "call", "pull", "encouragement", "finder"]);
                let costs = ["assist_cost", "refer_cost", "encourage_cost", "fees_paid", "attend_cost"];
                let cost = sum(name, &costs) + sum(name, &["travel_cost", "overhead"]);
                let most = bars.iter().map(|b| b.1).fold(x.at(0.0), f64::max);
                let least = bars.iter().map(|b| b.0).fold(x.at(0.0), f64::min);
                assert_at(most, x.at(benefit), "the end of the benefits");
                assert_at(least, x.at(-cost), "the end of the costs");
                let [mean, low, high] = estimate(row(name, "net"), ["mean", "ci_low", "ci_high"]);
                assert_at(*at, x.at(mean), "the net");
                let ends = line.take().unwrap();
                assert_at(ends.0, x.at(low), "the lower end of the net");
                assert_at(ends.1, x.at(high), "the upper end of the net");
                bars.clear();
                seen += 1;
            }
            _ => {}
        }
    }
    assert_eq!(seen, 3);
}

/// Asserts that rows of dots with intervals are these estimates, in order.
fn assert_dots(marks: &[Mark], expected: &[[f64; 3]]) {
    let x = Scale::of(marks, true);
    let mut expected = expected.iter();
    for (k, mark) in marks.iter().enumerate() {
        let Dot { x: at, y, .. } = mark else { continue };
        let [mean, low, high] = expected.next().expect("there is a dot for each estimate");
        assert_at(*at, x.at(*mean), "a dot");
        let Line { points, width, .. } = &marks[k - 1] else { panic!("an interval before its dot") };
        assert!(*width == 19.0 && points[0].1 == *y && points[1].1 == *y);
        assert_at(points[0].0, x.at(*low), "a lower end");
        assert_at(points[1].0, x.at(*high), "an upper end");
    }
    assert!(expected.next().is_none(), "each estimate has a dot");
}

#[test]
fn dots_of_regions_are_means_over_replicates() {
    let dir = result("run", "");
    let out = dir.path().join("out");
    let rows = table(&out.join("regions.csv"));
    let mut expected = Vec::new();
    for region in ["east", "west"] {
        for strategy in STRATEGIES {
            let mine = rows.iter().filter(|r| r["region"] == region && r["strategy"] == strategy);
            let i = Interval::of(&mine.map(|r| number(r, "net")).collect::<Vec<_>>(), Level::USUAL);
            expected.push([i.mean, i.low.unwrap(), i.high.unwrap()]);
        }
    }
    assert_dots(&marks(&out.join("charts/regions.svg")), &expected);
}

#[test]
fn dots_of_a_bet_are_its_means_and_chances_at_each_horizon() {
    let dir = result("bet", "");
    let out = dir.path().join("out");
    let marks = marks(&out.join("charts/bet_difference.svg"));
    let rows = table(&out.join("bet_summary.csv"));
    let dots: Vec<usize> = (0..marks.len()).filter(|k| matches!(marks[*k], Dot { .. })).collect();
    assert_eq!(dots.len(), 2 * rows.len());
    let x = Scale::of(&marks, true);
    let panels = [
        (&marks[..dots[0]], 0, ["mean", "ci_low", "ci_high"]),
        (
            &marks[dots[rows.len() - 1]..dots[rows.len()]],
            rows.len(),
            ["p_second", "p_second_low", "p_second_high"],
        ),
    ];
    for (panel, first, columns) in panels {
        let y = Scale::of(panel, false);
        for (row, dot) in rows.iter().zip(&dots[first..]) {
            let [mean, low, high] = estimate(row, columns).map(|value| y.at(value));
            let horizon = x.at(number(row, "horizon"));
            let (Dot { x: at, y: height, colour, .. }, Line { points, .. }) = (&marks[*dot], &marks[dot - 1])
            else {
                panic!("a dot on its interval")
            };
            assert_eq!(colour, COLOURS[1]);
            assert_at(*at, horizon, "a horizon");
            assert_at(*height, mean, columns[0]);
            assert_among(points, (horizon, low), columns[1]);
            assert_among(points, (horizon, high), columns[2]);
        }
    }
}

#[test]
fn bars_of_a_bet_are_shares_of_its_differences() {
    let dir = result("bet", "");
    let out = dir.path().join("out");
    let marks = marks(&out.join("charts/bet_distribution.svg"));
    let (x, y) = (Scale::of(&marks, true), Scale::of(&marks, false));
    let rows = table(&out.join("bet.csv"));
    let differences: Vec<f64> =
        rows.iter().filter(|r| r["horizon"] == "4").map(|r| number(r, "difference")).collect();
    assert_eq!(differences.len(), 24);
    let bars: Vec<_> = marks
        .iter()
        .filter_map(|mark| match mark {
            // A gap of 6 is left at each side of a bar.
            Bar { left, right, top, bottom, colour } if COLOURS.contains(&colour.as_str()) => {
                Some((x.value(left - 6.0), x.value(right + 6.0), y.value(*top) - y.value(*bottom), colour))
            }
            _ => None,
        })
        .collect();
    let mut all = 0.0;
    for (k, (low, high, share, colour)) in bars.iter().enumerate() {
        assert_eq!(*colour, COLOURS[usize::from(low + high > 0.0)], "{low} to {high}");
        // A difference on an edge may belong to either side of it; what is beyond is in the outermost.
        let slack = 0.05 * (high - low);
        let within = |slack: f64| {
            let from = if k == 0 { f64::NEG_INFINITY } else { low - slack };
            let to = if k + 1 == bars.len() { f64::INFINITY } else { high + slack };
            differences.iter().filter(|d| **d != 0.0 && **d >= from && **d <= to).count() as f64 / 24.0
        };
        assert!((within(-slack) - 0.01..=within(slack) + 0.01).contains(share), "{low} to {high}: {share}");
        all += share;
    }
    let moved = differences.iter().filter(|d| **d != 0.0).count() as f64 / 24.0;
    assert!((all - moved).abs() < 0.02, "{all} of {moved}");
}

#[test]
fn dots_of_channels_are_means_at_the_last_horizon() {
    let dir = result("bet", "");
    let out = dir.path().join("out");
    let columns = ["mean", "ci_low", "ci_high"];
    let at_last = |file: &str| table(&out.join(file)).into_iter().filter(|r| r["horizon"] == "4");
    let mut expected: Vec<[f64; 3]> = at_last("bet_channels.csv").map(|r| estimate(&r, columns)).collect();
    expected.retain(|row| row.iter().any(|value| *value != 0.0));
    for whom in ["focal", "partners"] {
        expected
            .extend(at_last("bet_others.csv").filter(|r| r["whom"] == whom).map(|r| estimate(&r, columns)));
    }
    assert_dots(&marks(&out.join("charts/bet_channels.svg")), &expected);
}

const RATE: &str = "[[factor]]\nname = \"rate\"\nkeys = \"needs.rate\"\nmin = 0.05\nmax = 0.3\nlevels = 4\n";
const FEE: &str = "[[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nmin = 0.1\nmax = 0.4\nlevels = 3\n";
