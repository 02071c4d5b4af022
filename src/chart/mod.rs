//! Charts: pictures of a result, drawn from its files alone.
//!
//! `Evidence` is what was read. Each chart has a file with a function from
//! evidence to an SVG document, or to none where the result has nothing to show. Titles say what is
//! seen in this result, subtitles what is drawn; nothing is taken for granted beforehand. A strategy
//! has the same colour and dashes in every chart. plotters appears nowhere else.

mod axis;
mod bet;
mod calls;
mod canvas;
mod channels;
mod compare;
mod distribution;
mod dots;
mod error;
mod evidence;
mod flows;
mod frame;
mod labels;
mod lines;
mod mixers;
mod net;
mod opinion;
#[cfg(feature = "png")]
mod png;
mod regions;
mod shares;
mod survival;
mod text;
mod theme;
mod tracks;
mod words;

use std::path::{Path, PathBuf};

pub use error::ChartError;
use evidence::Evidence;

use crate::parallel::Crew;

/// A chart: its file name without extension, and how it is drawn.
type Chart<E> = (&'static str, fn(&E) -> Option<String>);

/// The charts of one result.
const CHARTS: &[Chart<Evidence>] = &[
    ("net_over_time", net::draw),
    ("benefit_by_channel", channels::draw),
    ("calls", calls::draw),
    ("opinion", opinion::draw),
    ("mixers", mixers::draw),
    ("final_benefit", distribution::draw),
    ("flows", flows::draw),
    ("regions", regions::draw),
    ("survival", survival::draw),
    ("shares", shares::draw),
];

/// The charts of a bet.
const BET_CHARTS: &[Chart<bet::BetEvidence>] = &[
    ("bet_difference", bet::difference::draw),
    ("bet_distribution", bet::distribution::draw),
    ("bet_channels", bet::means::draw_channels),
    ("bet_parts", bet::means::draw_parts),
    ("bet_crossover", bet::means::draw_crossover),
];

/// The charts that set results side by side.
const COMPARISONS: &[Chart<[Evidence]>] = &[
    ("compare_net", compare::draw_net),
    ("compare_differences", compare::draw_differences),
    ("compare_net_over_time", compare::draw_over_time),
];

/// Draws all charts of the result in `dir` into `dir/charts`, as SVG and, with the feature `png`,
/// as PNG of twice the size. Returns the files written, in a fixed order.
///
/// # Errors
/// If a table of the result cannot be read, or a file cannot be written.
pub fn draw(dir: &Path, crew: &Crew) -> Result<Vec<PathBuf>, ChartError> {
    let out = dir.join("charts");
    if dir.join("bet.csv").exists() {
        return write_all(BET_CHARTS, &bet::BetEvidence::read(dir)?, &out, crew);
    }
    write_all(CHARTS, &Evidence::read(dir)?, &out, crew)
}

/// Draws charts that compare the results in `dirs` into `out`. Results are labelled by their titles,
/// or by the names of their folders where titles repeat or are missing.
///
/// # Errors
/// If there is no result to compare, a table cannot be read, or a file cannot be written.
pub fn compare(dirs: &[PathBuf], out: &Path, crew: &Crew) -> Result<Vec<PathBuf>, ChartError> {
    if dirs.is_empty() {
        return Err(ChartError::NothingToCompare);
    }
    let read = crew.team().map(dirs.to_vec(), |dir| Evidence::read(&dir)).into_iter();
    let mut results = read.collect::<Result<Vec<_>, _>>()?;
    evidence::align(&mut results, dirs);
    write_all(COMPARISONS, results.as_slice(), out, crew)
}

/// Draws the charts side by side and writes them.
fn write_all<E: Sync + ?Sized>(
    charts: &[Chart<E>],
    evidence: &E,
    out: &Path,
    crew: &Crew,
) -> Result<Vec<PathBuf>, ChartError> {
    std::fs::create_dir_all(out).map_err(|e| ChartError::write(out, &e))?;
    let written = crew.team().map(charts.to_vec(), |(name, chart)| match chart(evidence) {
        Some(svg) => write_one(out, name, &svg),
        None => forget(out, name),
    });
    Ok(written.into_iter().collect::<Result<Vec<_>, _>>()?.concat())
}

/// Writes one chart in every format.
fn write_one(out: &Path, name: &str, svg: &str) -> Result<Vec<PathBuf>, ChartError> {
    let mut formats = vec![("svg", svg.as_bytes().to_vec())];
    #[cfg(feature = "png")]
    formats.push(("png", png::render(svg)));
    formats.into_iter().map(|(extension, bytes)| write(out, name, extension, &bytes)).collect()
}

/// Writes a file under a name of its own first, so that a chart is there whole or not at all.
fn write(out: &Path, name: &str, extension: &str, bytes: &[u8]) -> Result<PathBuf, ChartError> {
    let file = out.join(format!("{name}.{extension}"));
    let draft = out.join(format!(".{name}.{extension}.part"));
    std::fs::write(&draft, bytes)
        .and_then(|()| std::fs::rename(&draft, &file))
        .map_err(|e| ChartError::write(&file, &e))?;
    Ok(file)
}

/// Removes what an earlier result left under the name, which would now be mistaken for this one's.
fn forget(out: &Path, name: &str) -> Result<Vec<PathBuf>, ChartError> {
    for extension in ["svg", "png"] {
        let file = out.join(format!("{name}.{extension}"));
        match std::fs::remove_file(&file) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(ChartError::write(&file, &e)),
            _ => {}
        }
    }
    Ok(Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small result: per strategy its name, net benefit per round and reach of the interval.
    struct Fake<'a> {
        strategies: &'a [(&'a str, f64, f64)],
        rounds: u32,
        replicates: u32,
        every: u32,
    }

    impl Fake<'_> {
        fn write(&self) -> tempfile::TempDir {
            let dir = tempfile::tempdir().unwrap();
            let save = |name: &str, text: String| std::fs::write(dir.path().join(name), text).unwrap();
            save("rounds.csv", self.rounds());
            save("summary.csv", self.summary());
            save("contrasts.csv", self.contrasts());
            let mut flows = "replicate,from,to,channel,value\n".to_owned();
            let mut regions = "replicate,region,strategy,agent_rounds,net\n".to_owned();
            let mut spread = "replicate,strategy,quantile,net_total\n".to_owned();
            let mut lives = "replicate,agent,strategy,born,ended,failed\n".to_owned();
            for replicate in 0..self.replicates {
                for (k, (name, net, reach)) in self.strategies.iter().enumerate() {
                    for (other, _, reach) in self.strategies {
                        let value = net.abs() + f64::from(replicate) * reach;
                        flows += &format!("{replicate},{name},{other},pull,{value}\n");
                    }
                    for place in ["a", "b"] {
                        let value = net + f64::from(replicate) * reach;
                        regions += &format!("{replicate},{place},{name},10,{value}\n");
                    }
                    for q in 0..=100 {
                        let p = f64::from(q) / 100.0;
                        spread += &format!("{replicate},{name},{p},{}\n", net + p * net.abs());
                    }
                    for agent in 0..12 {
                        let failed = agent % (k + 2) == 0;
                        lives +=
                            &format!("{replicate},{agent},{name},0,{},{}\n", agent + 1, u8::from(failed));
                    }
                }
            }
            save("flows.csv", flows);
            save("regions.csv", regions);
            save("distribution.csv", spread);
            save("survival.csv", lives);
            save(
                "manifest.json",
                "{\"title\": \"A <fake>\", \"burn_in\": 1, \"evolution\": true}".to_owned(),
            );
            dir
        }

        fn rounds(&self) -> String {
            let header = "replicate,round,strategy,agents,net,inbound_calls,opinion,guests,contacts,conversation_slots\n";
            let mut text = header.to_owned();
            for replicate in 0..self.replicates {
                for round in 0..self.rounds {
                    for (name, net, reach) in self.strategies {
                        let value = net + reach * (f64::from(replicate) - 1.0);
                        let mixer = if round % self.every == 0 {
                            format!("5,{net},{}", net + 1.0)
                        } else {
                            ",,".into()
                        };
                        text += &format!("{replicate},{round},{name},10,{value},{value},{value},{mixer}\n");
                    }
                }
            }
            text
        }

        fn summary(&self) -> String {
            let mut text = "strategy,metric,mean,ci_low,ci_high,sd,replicates\n".to_owned();
            for (name, net, reach) in self.strategies {
                for metric in ["net", "pull", "inbound_calls", "opinion", "contacts", "conversation_slots"] {
                    text += &format!(
                        "{name},{metric},{net},{},{},1,{}\n",
                        net - reach,
                        net + reach,
                        self.replicates
                    );
                }
            }
            text
        }

        fn contrasts(&self) -> String {
            let mut text = "first,second,metric,difference,ci_low,ci_high,p_value,replicates\n".to_owned();
            for (k, (second, b, reach)) in self.strategies.iter().enumerate() {
                for (first, a, _) in &self.strategies[..k] {
                    for metric in
                        ["net", "pull", "inbound_calls", "opinion", "contacts", "conversation_slots"]
                    {
                        let d = b - a;
                        let n = self.replicates;
                        text +=
                            &format!("{first},{second},{metric},{d},{},{},0.5,{n}\n", d - reach, d + reach);
                    }
                }
            }
            text
        }

        /// The SVG of one chart.
        fn svg(&self, name: &str) -> String {
            let evidence = Evidence::read(self.write().path()).unwrap();
            let (_, chart) = CHARTS.iter().find(|(n, _)| *n == name).unwrap();
            chart(&evidence).unwrap()
        }
    }

    /// The bold text at the top of a chart.
    fn title(svg: &str) -> String {
        let lines = svg.lines().collect::<Vec<_>>();
        let is_title = |line: &str| line.contains("font-size=\"170\"");
        let parts = lines.windows(2).filter(|pair| is_title(pair[0])).map(|pair| pair[1]);
        parts.collect::<Vec<_>>().join(" ")
    }

    const PLAIN: Fake<'static> = Fake {
        strategies: &[("warrior", 1.0, 0.1), ("servant", 2.0, 0.1), ("abstainer", 0.5, 0.1)],
        rounds: 9,
        replicates: 3,
        every: 4,
    };

    #[test]
    fn redrawing_gives_the_same_bytes_for_any_number_of_threads() {
        let dir = PLAIN.write();
        let all = |n_threads| {
            let files = draw(dir.path(), &Crew::new(n_threads).unwrap()).unwrap();
            files.into_iter().map(|f| (std::fs::read(&f).unwrap(), f)).collect::<Vec<_>>()
        };
        let first = all(1);
        assert_eq!(first.len(), if cfg!(feature = "png") { 20 } else { 10 });
        assert!(first == all(1) && first == all(4));
        let n_files = std::fs::read_dir(dir.path().join("charts")).unwrap().count();
        assert_eq!(n_files, first.len(), "no draft is left behind");
    }

    #[test]
    fn titles_follow_the_data_both_ways() {
        let servant = title(&PLAIN.svg("net_over_time"));
        assert_eq!(
            servant,
            "servant gains 1.00 more per round than warrior, the next best, and leads throughout"
        );
        let turned = Fake { strategies: &[("warrior", 3.0, 0.1), ("servant", 2.0, 0.1)], ..PLAIN };
        assert_eq!(
            title(&turned.svg("net_over_time")),
            "warrior gains 1.00 more per round than servant and leads throughout"
        );
        assert_eq!(
            title(&turned.svg("calls")),
            "The phone rings more for warrior: 1.50 times as often as for servant"
        );
        let open = Fake { strategies: &[("warrior", 3.0, 5.0), ("servant", 2.0, 5.0)], ..PLAIN };
        for name in ["net_over_time", "benefit_by_channel"] {
            assert_eq!(
                title(&open.svg(name)),
                "No clear difference in net benefit between warrior and servant"
            );
        }
        assert_eq!(title(&open.svg("opinion")), "No clear difference in opinion between warrior and servant");
    }

    #[test]
    fn a_single_replicate_is_said_to_be_one_and_has_no_ribbon() {
        let svg = Fake { replicates: 1, ..PLAIN }.svg("net_over_time");
        assert!(title(&svg).ends_with("in a single replicate"));
        assert!(svg.contains("one replicate, so no interval") && !svg.contains("<polygon"));
    }

    #[test]
    fn extreme_results_are_drawn_within_their_pictures() {
        let many: Vec<(String, f64)> =
            (0..14).map(|i| (format!("strategy {i}"), f64::from(i) - 6.0)).collect();
        let many: Vec<(&str, f64, f64)> = many.iter().map(|(n, v)| (n.as_str(), *v, 0.3)).collect();
        let fakes = [
            Fake { strategies: &many, ..PLAIN },
            Fake { rounds: 1, ..PLAIN },
            Fake { every: 1000, ..PLAIN },
            Fake { strategies: &[("only", 1.0, 0.1)], ..PLAIN },
            Fake { strategies: &[("a", 0.0, 0.0), ("b", 0.0, 0.0)], ..PLAIN },
            Fake { strategies: &[("a", -4e9, 1e8), ("b", -1e-9, 0.0)], ..PLAIN },
            Fake { strategies: &[("a & <b>", 1.0, 0.1), (&"very ".repeat(40), 2.0, 0.1)], ..PLAIN },
        ];
        for fake in fakes {
            let dir = fake.write();
            let evidence = Evidence::read(dir.path()).unwrap();
            for (name, svg) in CHARTS.iter().filter_map(|(name, chart)| Some((name, chart(&evidence)?))) {
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
                assert_inside(&svg, name);
            }
        }
    }

    /// Every coordinate lies on the canvas.
    fn assert_inside(svg: &str, name: &str) {
        let view = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split('"').next().unwrap();
        let (wide, tall) = view.split_once(' ').unwrap();
        let (wide, tall): (i32, i32) = (wide.parse().unwrap(), tall.parse().unwrap());
        for points in svg.split("points=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            for point in points.split_whitespace() {
                let (x, y) = point.split_once(',').unwrap();
                let (x, y): (i32, i32) = (x.parse().unwrap(), y.parse().unwrap());
                assert!((0..=wide).contains(&x) && (0..=tall).contains(&y), "{point} in {name}");
            }
        }
    }

    #[test]
    fn a_chart_without_its_table_is_left_out_and_an_old_one_removed() {
        let dir = PLAIN.write();
        let crew = Crew::new(1).unwrap();
        let before = draw(dir.path(), &crew).unwrap();
        std::fs::remove_file(dir.path().join("survival.csv")).unwrap();
        let after = draw(dir.path(), &crew).unwrap();
        assert!(after.len() < before.len());
        assert!(!dir.path().join("charts/survival.svg").exists());
    }

    #[test]
    fn results_with_the_same_title_are_told_apart_by_their_folders() {
        let (a, b) = (PLAIN.write(), PLAIN.write());
        let dirs = [a.path().to_path_buf(), b.path().to_path_buf()];
        let out = tempfile::tempdir().unwrap();
        let files = compare(&dirs, out.path(), &Crew::new(2).unwrap()).unwrap();
        let svg = std::fs::read_to_string(&files[0]).unwrap();
        for dir in &dirs {
            let name = dir.file_name().unwrap().to_str().unwrap();
            assert!(svg.contains(name), "{name} is missing");
        }
        assert_eq!(title(&svg), "servant nets most in all 2 results");
        assert_eq!(compare(&[], out.path(), &Crew::new(1).unwrap()), Err(ChartError::NothingToCompare));
    }

    #[test]
    fn a_broken_table_is_named_and_nothing_is_drawn() {
        let dir = PLAIN.write();
        std::fs::write(dir.path().join("flows.csv"), "replicate,from,to,channel,value\n0,a,b,pull,much\n")
            .unwrap();
        let error = draw(dir.path(), &Crew::new(1).unwrap()).unwrap_err().to_string();
        assert!(
            error.contains("flows.csv, line 2, column value: expected a number, not \"much\""),
            "{error}"
        );
        assert!(!dir.path().join("charts").exists());
    }
}
