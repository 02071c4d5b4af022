//! Tests of the charts of a run, on small results.

use super::*;

/// A small result: by strategy the name, net benefit per round and half-width of the interval.
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
        let mut course = "replicate,round,strategy,quantile,net_total\n".to_owned();
        let mut lives = "replicate,agent,strategy,born,ended,failed\n".to_owned();
        for replicate in 0..self.replicates {
            for (k, (name, net, half)) in self.strategies.iter().enumerate() {
                for (other, _, half) in self.strategies {
                    let value = net.abs() + f64::from(replicate) * half;
                    flows += &format!("{replicate},{name},{other},pull,{value}\n");
                }
                for place in ["a", "b"] {
                    let value = net + f64::from(replicate) * half;
                    regions += &format!("{replicate},{place},{name},10,{value}\n");
                }
                for q in 0..=100 {
                    let p = f64::from(q) / 100.0;
                    spread += &format!("{replicate},{name},{p},{}\n", net + p * net.abs());
                }
                for (round, q) in (0..self.rounds).flat_map(|round| [5, 25, 50, 75, 95].map(|q| (round, q))) {
                    let p = f64::from(q) / 100.0;
                    let value = f64::from(round + 1) * (net + p * net.abs()) + f64::from(replicate) * half;
                    course += &format!("{replicate},{round},{name},{p},{value}\n");
                }
                for agent in 0..12 {
                    let failed = agent % (k + 2) == 0;
                    lives += &format!("{replicate},{agent},{name},0,{},{}\n", agent + 1, u8::from(failed));
                }
            }
        }
        save("flows.csv", flows);
        save("regions.csv", regions);
        save("distribution.csv", spread);
        save("spread.csv", course);
        let name = self.strategies[0].0;
        let people = format!("0,\"{name}\",3,1\n1,\"{name}\",0,2\n");
        save("people_sample.csv", format!("agent,strategy,taken_calls,net_total\n{people}"));
        save("ties_sample.csv", "agent,contact,trust\n0,1,0.5\n".to_owned());
        save("survival.csv", lives);
        list_files(dir.path());
        dir
    }

    fn rounds(&self) -> String {
        let header =
            "replicate,round,strategy,agents,net,inbound_calls,opinion,guests,contacts,conversation_slots\n";
        let mut text = header.to_owned();
        for replicate in 0..self.replicates {
            for round in 0..self.rounds {
                for (name, net, half) in self.strategies {
                    let value = net + half * (f64::from(replicate) - 1.0);
                    let mixer =
                        if round % self.every == 0 { format!("5,{net},{}", net + 1.0) } else { ",,".into() };
                    text += &format!("{replicate},{round},{name},10,{value},{value},{value},{mixer}\n");
                }
            }
        }
        text
    }

    fn summary(&self) -> String {
        let mut text = "strategy,metric,mean,ci_low,ci_high,sd,replicates\n".to_owned();
        for (name, net, half) in self.strategies {
            for metric in ["net", "pull", "inbound_calls", "opinion", "contacts", "conversation_slots"] {
                text +=
                    &format!("{name},{metric},{net},{},{},1,{}\n", net - half, net + half, self.replicates);
            }
        }
        text
    }

    fn contrasts(&self) -> String {
        let mut text = "first,second,metric,difference,ci_low,ci_high,p_value,replicates\n".to_owned();
        for (k, (second, b, half)) in self.strategies.iter().enumerate() {
            for (first, a, _) in &self.strategies[..k] {
                for metric in ["net", "pull", "inbound_calls", "opinion", "contacts", "conversation_slots"] {
                    let d = b - a;
                    let n = self.replicates;
                    text += &format!("{first},{second},{metric},{d},{},{},0.5,{n}\n", d - half, d + half);
                }
            }
        }
        text
    }

    /// The SVG of one chart.
    fn svg(&self, name: &str) -> String {
        let evidence = Evidence::read(self.write().path()).unwrap();
        let chart = RunChart::ALL.iter().find(|chart| chart.name() == name).unwrap();
        of_run(*chart)(&evidence).unwrap().unwrap().svg
    }
}

/// Writes a manifest that lists the tables.
fn list_files(dir: &Path) {
    use sha2::{Digest, Sha256};
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let (path, name) = {
            let e = entry.unwrap();
            (e.path(), e.file_name().into_string().unwrap())
        };
        if name.ends_with(".csv") {
            let bytes = std::fs::read(path).unwrap();
            let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            files.push(serde_json::json!({ "path": name, "sha256": hash, "bytes": bytes.len() }));
        }
    }
    let about = serde_json::json!({ "title": "A <fake>", "burn_in": 1, "evolution": true, "files": files });
    std::fs::write(dir.join("manifest.json"), about.to_string()).unwrap();
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
        let drawn = draw(dir.path(), &ThreadPool::new(n_threads).unwrap()).unwrap();
        assert!(drawn.left_out.is_empty());
        drawn.files.into_iter().map(|f| (std::fs::read(&f).unwrap(), f)).collect::<Vec<_>>()
    };
    let first = all(1);
    assert_eq!(first.len(), if cfg!(feature = "png") { 26 } else { 13 });
    assert!(first == all(1) && first == all(4));
    let n_files = std::fs::read_dir(dir.path().join("charts")).unwrap().count();
    assert_eq!(n_files, first.len(), "no draft is left behind");
}

#[test]
fn titles_follow_the_data_in_both_directions() {
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
        assert_eq!(title(&open.svg(name)), "No clear difference in net benefit between warrior and servant");
    }
    assert_eq!(title(&open.svg("opinion")), "No clear difference in opinion between warrior and servant");
}

#[test]
fn a_single_replicate_is_named_as_such_and_has_no_ribbon() {
    let svg = Fake { replicates: 1, ..PLAIN }.svg("net_over_time");
    assert!(title(&svg).ends_with("in a single replicate"));
    assert!(svg.contains("one replicate, so no interval") && !svg.contains("<polygon"));
}

#[test]
fn extreme_results_are_drawn_within_their_pictures() {
    let many: Vec<(String, f64)> = (0..14).map(|i| (format!("strategy {i}"), f64::from(i) - 6.0)).collect();
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
        for (name, drawn) in RunChart::ALL.iter().map(|chart| (chart.name(), of_run(*chart)(&evidence))) {
            let drawing = match drawn {
                Some(Ok(drawing)) => drawing,
                // Of so many groups a network would be a tangle.
                Some(Err(Unreadable(_))) if name == "network" && fake.strategies.len() > 10 => continue,
                Some(Err(Unreadable(why))) => panic!("{name}: {why}"),
                None => continue,
            };
            assert!(!drawing.svg.contains("NaN") && !drawing.svg.contains("inf"), "{name}");
            assert_inside(&drawing.svg, name);
            assert_told_in_numbers(&drawing, name);
        }
    }
}

/// Asserts that a figure has its numbers in tables, each with a place on the figure.
fn assert_told_in_numbers(drawing: &Drawing, name: &str) {
    assert!(!drawing.tables.is_empty() && !drawing.title.is_empty() && drawing.head > 0.0, "{name}");
    for row in drawing.tables.iter().flat_map(|table| &table.rows) {
        assert!(
            row.cells.iter().all(|cell| !cell.contains("NaN") && !cell.contains("inf")),
            "{name}: {row:?}"
        );
        assert!(!row.spots.is_empty() && row.cells.iter().any(|cell| !cell.is_empty()), "{name}: {row:?}");
        for Spot { from, to } in &row.spots {
            let inside = |x: f64, most: f64| (-20.0..=most + 20.0).contains(&x);
            assert!(from.0 <= to.0 && from.1 <= to.1, "{name}: {row:?}");
            assert!([from.0, to.0].iter().all(|x| inside(*x, drawing.size.0)), "{name}: {row:?}");
            assert!([from.1, to.1].iter().all(|y| inside(*y, drawing.size.1)), "{name}: {row:?}");
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
    let pool = ThreadPool::new(1).unwrap();
    let before = draw(dir.path(), &pool).unwrap().files;
    std::fs::remove_file(dir.path().join("survival.csv")).unwrap();
    list_files(dir.path());
    let after = draw(dir.path(), &pool).unwrap().files;
    assert!(after.len() < before.len());
    assert!(!dir.path().join("charts/survival.svg").exists());
}

#[test]
fn results_with_the_same_title_are_distinguished_by_their_folders() {
    let (a, b) = (PLAIN.write(), PLAIN.write());
    let dirs = [a.path().to_path_buf(), b.path().to_path_buf()];
    let out = tempfile::tempdir().unwrap();
    let files = compare(&dirs, out.path(), &ThreadPool::new(2).unwrap()).unwrap().files;
    let svg = std::fs::read_to_string(&files[0]).unwrap();
    for dir in &dirs {
        let name = dir.file_name().unwrap().to_str().unwrap();
        assert!(svg.contains(name), "{name} is missing");
    }
    assert_eq!(title(&svg), "servant nets most in all 2 results");
    assert_eq!(compare(&[], out.path(), &ThreadPool::new(1).unwrap()), Err(ChartError::NothingToCompare));
}

#[test]
fn a_broken_table_is_named_and_nothing_is_drawn() {
    let dir = PLAIN.write();
    std::fs::write(dir.path().join("flows.csv"), "replicate,from,to,channel,value\n0,a,b,pull,much\n")
        .unwrap();
    list_files(dir.path());
    let error = draw(dir.path(), &ThreadPool::new(1).unwrap()).unwrap_err().to_string();
    assert!(error.contains("flows.csv, line 2, column value: expected a number, not \"much\""), "{error}");
    assert!(!dir.path().join("charts").exists());
}

#[test]
fn a_table_that_is_cut_changed_or_missing_is_named_and_nothing_is_drawn() {
    let other = PLAIN.write();
    for name in ["rounds.csv", "summary.csv", "contrasts.csv", "flows.csv", "regions.csv", "distribution.csv"]
    {
        let dir = PLAIN.write();
        let file = dir.path().join(name);
        let text = std::fs::read_to_string(&file).unwrap();
        let cut = text[..text.trim_end().rfind('\n').unwrap() + 1].to_owned();
        for (fault, text) in
            [("bytes", Some(cut)), ("has changed", Some(text.replace('1', "2"))), ("missing", None)]
        {
            match text {
                Some(text) => std::fs::write(&file, text).unwrap(),
                None => std::fs::remove_file(&file).unwrap(),
            }
            let pool = ThreadPool::new(1).unwrap();
            let dirs = [other.path().to_path_buf(), dir.path().to_path_buf()];
            let out = tempfile::tempdir().unwrap();
            for error in
                [draw(dir.path(), &pool).unwrap_err(), compare(&dirs, out.path(), &pool).unwrap_err()]
            {
                let error = error.to_string();
                assert!(error.contains(name) && error.contains(fault) && error.contains("; "), "{error}");
            }
            assert!(!dir.path().join("charts").exists());
        }
    }
}

#[cfg(unix)]
#[test]
fn a_table_that_is_not_a_file_is_refused() {
    use std::os::unix::fs::symlink;
    for name in ["rounds.csv", "flows.csv", "manifest.json"] {
        let dir = PLAIN.write();
        let file = dir.path().join(name);
        let refused = || {
            let error = draw(dir.path(), &ThreadPool::new(1).unwrap()).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("not a file"), "{error}");
        };
        std::fs::remove_file(&file).unwrap();
        symlink("/dev/zero", &file).unwrap();
        refused();
        std::fs::remove_file(&file).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
        refused();
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(&file).unwrap();
        refused();
    }
}

#[test]
fn names_with_characters_that_xml_forbids_are_drawn() {
    let evil = "a\u{0}\u{1b}[31m\u{9b}\u{fffe}\u{ffff}b";
    let fake = Fake { strategies: &[(evil, 1.0, 0.1), ("b", 2.0, 0.1)], ..PLAIN };
    let dir = fake.write();
    let drawn = draw(dir.path(), &ThreadPool::new(2).unwrap()).unwrap();
    assert!(drawn.left_out.is_empty(), "{:?}", drawn.left_out);
    for file in drawn.files.iter().filter(|file| file.extension().is_some_and(|e| e == "svg")) {
        let svg = std::fs::read_to_string(file).unwrap();
        assert!(
            !svg.contains(|c: char| (c.is_control() && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}'))
        );
    }
}

#[test]
fn an_unreadable_chart_is_left_out_with_a_note_and_the_others_are_drawn() {
    let names: Vec<String> = (0..280).map(|i| format!("s{i}")).collect();
    let many: Vec<(&str, f64, f64)> = names.iter().map(|n| (n.as_str(), 1.0, 0.1)).collect();
    let dir = Fake { strategies: &many, rounds: 3, replicates: 2, every: 4 }.write();
    // The wide table is as small as possible, to save time.
    std::fs::write(dir.path().join("flows.csv"), "replicate,from,to,channel,value\n0,s0,s1,pull,1\n")
        .unwrap();
    std::fs::create_dir(dir.path().join("charts")).unwrap();
    std::fs::write(dir.path().join("charts/flows.svg"), "of an older result").unwrap();
    list_files(dir.path());
    let drawn = draw(dir.path(), &ThreadPool::new(2).unwrap()).unwrap();
    let notes = drawn.left_out.join("\n");
    let flows = "the chart flows is left out: it would have 280 rows and columns, more than 200; the tables";
    assert!(notes.contains(flows), "{notes}");
    assert!(notes.contains("the chart final_benefit is left out: it would be 1"), "{notes}");
    let there = |name: &str| dir.path().join("charts").join(name).exists();
    assert!(!there("flows.svg") && there("net_over_time.svg"));
    let svg = std::fs::read_to_string(dir.path().join("charts/net_over_time.svg")).unwrap();
    assert!(!svg.contains("<polygon") && svg.contains("intervals are in the tables"));
}

#[test]
fn a_manifest_with_an_impossible_grid_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    for (levels, depth) in [(4_000_000_000_u32, 8), (5, 40), (u32::MAX, 1)] {
        let factor = serde_json::json!({ "name": "x", "levels": levels });
        let about = serde_json::json!({ "sweep": { "depth": depth, "factors": [factor] } });
        std::fs::write(dir.path().join("manifest.json"), about.to_string()).unwrap();
        let error = crate::results::read_sweep_outline(dir.path()).unwrap_err().to_string();
        assert!(error.contains("manifest.json: no sweep halves"), "{error}");
    }
}
