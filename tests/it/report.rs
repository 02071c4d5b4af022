//! Reports: one page that needs nothing else, says what the terminal said, and can be made again from the files.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::call;

/// A scenario for every command, done in no time.
const SMALL: &str = "title = \"Small\"\nrounds = 12\nburn_in = 6\nreplicates = 3\n[population]\nagents = 90\n\
                     [mixer]\nsize = 12\n[bet]\nworlds = 4\nfocals = 5\nhorizons = [0, 3]\n\
                     [[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nvalues = [0, 0.2, 0.4]\n\
                     [[factor]]\nname = \"rate\"\nkeys = \"needs.rate\"\nvalues = [0.1, 0.2]\n";

/// A folder with a scenario.
fn folder(scenario: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), scenario).unwrap();
    dir
}

/// The report that a command writes to `out`, and what it printed on stderr.
fn made(dir: &Path, command: &str, out: &str, more: &[&str]) -> (String, String) {
    let (code, _, stderr) = call(dir, &[&[command, "small.toml", "--out", out], more].concat());
    assert_eq!(code, 0, "{stderr}");
    (page(dir, out), stderr)
}

fn page(dir: &Path, out: &str) -> String {
    fs::read_to_string(dir.join(out).join("report.html")).unwrap()
}

/// A tag of a page, with its attributes.
#[derive(Debug)]
pub(crate) struct Tag<'a> {
    pub(crate) name: &'a str,
    pub(crate) attributes: Vec<(&'a str, &'a str)>,
    closes: bool,
    empty: bool,
}

impl<'a> Tag<'a> {
    fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(found, _)| *found == name).map(|(_, value)| *value)
    }
}

/// The tags of a page, in order. What is between `<style>` or `<script>` and its end is no markup.
pub(crate) fn tags(page: &str) -> Vec<Tag<'_>> {
    let mut tags: Vec<Tag<'_>> = Vec::new();
    let mut rest = page.strip_prefix("<!DOCTYPE html>").unwrap();
    while let Some(start) = rest.find('<') {
        let (inner, after) = rest[start + 1..].split_once('>').unwrap();
        rest = after;
        let empty = inner.ends_with('/');
        let inner = inner.trim_end_matches('/');
        let (closes, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
        let (name, mut more) = inner.split_once(' ').unwrap_or((inner, ""));
        let mut attributes = Vec::new();
        while !more.trim().is_empty() {
            more = more.trim_start();
            let end = more.find(['=', ' ']).unwrap_or(more.len());
            let name = &more[..end];
            match more[end..].strip_prefix("=\"") {
                Some(value) => {
                    let (value, after) = value.split_once('"').unwrap();
                    attributes.push((name, value));
                    more = after;
                }
                None => {
                    attributes.push((name, ""));
                    more = &more[end..];
                }
            }
        }
        if !closes && ["style", "script"].contains(&name) {
            rest = &rest[rest.find(&format!("</{name}>")).unwrap()..];
        }
        tags.push(Tag { name, attributes, closes, empty });
    }
    tags
}

/// Asserts what every report has to be.
pub(crate) fn assert_sound(page: &str) {
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
    let tags = tags(page);
    let mut open: Vec<&str> = Vec::new();
    let (mut ids, mut named) = (BTreeSet::new(), Vec::new());
    for tag in &tags {
        if tag.closes {
            assert_eq!(open.pop(), Some(tag.name), "</{}>", tag.name);
        } else if !tag.empty && tag.name != "meta" {
            open.push(tag.name);
        }
        if let Some(id) = tag.attribute("id") {
            assert!(ids.insert(id), "two elements are called {id}");
        }
        named.extend(tag.attribute("aria-labelledby"));
        assert!(
            !["link", "img", "iframe", "object", "embed", "base", "image", "use"].contains(&tag.name),
            "{tag:?}"
        );
        for (name, value) in &tag.attributes {
            assert!(
                !["src", "style", "srcset", "xlink:href", "xmlns"].contains(name) && !name.starts_with("on"),
                "{tag:?}"
            );
            let beside = *name != "href" || value.starts_with('#') || value.starts_with("charts/");
            assert!(beside && !value.contains("//"), "{tag:?}");
        }
    }
    assert_eq!(open, [""; 0], "every element is closed");
    assert!(named.iter().all(|id| ids.contains(id)), "{named:?} of {ids:?}");
    assert_eq!(tags.iter().filter(|tag| tag.name == "script" && !tag.closes).count(), 1);
    let loads = ["http:", "https:", "url(", "@import", "fetch(", "XMLHttpRequest"];
    assert!(loads.iter().all(|load| !page.contains(load)));
    let policy = tags.iter().find(|tag| tag.attribute("http-equiv").is_some()).unwrap();
    assert!(
        policy
            .attribute("content")
            .unwrap()
            .starts_with("default-src &#39;none&#39;; style-src &#39;sha256-")
            || policy.attribute("content").unwrap().starts_with("default-src 'none'; style-src 'sha256-")
    );
    let charts = tags.iter().filter(|tag| tag.name == "svg" && !tag.closes).count();
    let tables = tags.iter().filter(|tag| tag.name == "details" && !tag.closes).count();
    assert!(tables >= charts, "each chart has its numbers");
}

/// The text of the only element with this tag and attributes.
fn text_of(page: &str, opening: &str) -> String {
    let (_, after) = page.split_once(opening).unwrap_or_else(|| panic!("{opening}"));
    let text = after.split_once('<').unwrap().0;
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn every_command_writes_a_report_that_says_what_the_terminal_said_and_can_be_made_again() {
    for (command, more) in [("run", &[][..]), ("bet", &["--decompose"]), ("sweep", &[])] {
        let dir = folder(SMALL);
        let (written, said) = made(dir.path(), command, "out", more);
        assert_sound(&written);
        let answer = text_of(&written, "<p class=\"answer\">");
        let line = answer.trim_end_matches('.');
        assert!(said.to_lowercase().contains(&line.to_lowercase()), "{command}: {answer}\n{said}");
        assert!(written.contains("<svg viewBox="), "{command} has charts");
        fs::remove_file(dir.path().join("out/report.html")).unwrap();
        let (code, out, _) = call(dir.path(), &["report", "out", "--threads", "1"]);
        assert_eq!((code, out.as_str()), (0, "out/report.html\n"));
        assert_eq!(page(dir.path(), "out"), written, "{command}");
    }
}

#[test]
fn a_report_without_charts_says_so_and_stays_without_them() {
    let dir = folder(SMALL);
    let (written, _) = made(dir.path(), "run", "out", &["--no-charts", "--threads", "3"]);
    assert_sound(&written);
    assert!(!written.contains("<svg") && written.contains("made with <code>--no-charts</code>"));
    assert_eq!(call(dir.path(), &["report", "out"]).0, 0);
    assert_eq!(page(dir.path(), "out"), written);
}

#[test]
fn going_on_with_a_sweep_that_is_done_leaves_its_report_as_it_is() {
    for (first, again) in [(&[][..], &["--no-charts"][..]), (&["--no-charts"], &[])] {
        let dir = folder(SMALL);
        let (written, _) = made(dir.path(), "sweep", "out", first);
        let (same, said) = made(dir.path(), "sweep", "out", &[&["--resume"], again].concat());
        assert!(said.contains("nothing left to do"), "{said}");
        assert_eq!(same, written, "{again:?}");
    }
}

#[test]
fn the_command_in_a_report_makes_the_same_result() {
    let dir = folder(SMALL);
    let sets = ["--set", "needs.value=12.5", "--seed", "9", "--no-charts"];
    let (written, _) = made(dir.path(), "bet", "out", &sets);
    let command = text_of(&written, "<pre tabindex=\"0\"><code>");
    assert_eq!(command, "mingle bet small.toml --set needs.value=12.5 --set seed=9 --no-charts");
    assert!(written.contains("<code>needs.value</code></th><td>12.5</td><td>10.0</td>"));
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    assert_eq!(call(dir.path(), &words).0, 0);
    let same = |file: &str| fs::read(dir.path().join(file)).unwrap();
    for file in ["bet.csv", "manifest.json", "report.html"] {
        assert_eq!(same(&format!("out/{file}")), same(&format!("output/small-bet/{file}")), "{file}");
    }
}

#[test]
fn text_of_a_scenario_is_escaped() {
    let name = "<script>alert(1)</script>";
    let odd = "a & b \\\"c\\\" 'd' \\u202e <b>";
    let text = format!(
        "title = \"{name} {odd}\"\nrounds = 8\nreplicates = 2\n[population]\nagents = 60\n\
         [[strategy]]\nname = \"{name}\"\nshare = 0.5\n[[strategy]]\nname = \"{odd}\"\nshare = 0.5\nask = 0.5\n"
    );
    let dir = folder(&text);
    let (written, _) = made(dir.path(), "run", "out", &[]);
    assert_sound(&written);
    assert!(!written.contains("<script>alert") && !written.contains("<b>") && !written.contains('\u{202e}'));
    assert!(
        written.contains(
            "&lt;script&gt;alert(1)&lt;/script&gt; a &amp; b &quot;c&quot; 'd' \\u{202e} &lt;b&gt;"
        )
    );
}

#[test]
fn a_table_in_a_report_has_the_numbers_of_the_result() {
    let dir = folder(SMALL);
    let (written, _) = made(dir.path(), "bet", "out", &[]);
    let figure =
        written.split("id=\"chart-bet_difference\"").nth(1).unwrap().split("</figure>").next().unwrap();
    let rows: Vec<Vec<&str>> = figure
        .split("<tr data-at=")
        .skip(1)
        .map(|row| row.split("<td>").skip(1).map(|cell| cell.split('<').next().unwrap()).collect())
        .collect();
    let table = fs::read_to_string(dir.path().join("out/bet_summary.csv")).unwrap();
    let header: Vec<&str> = table.lines().next().unwrap().split(',').collect();
    let column = |name: &str| header.iter().position(|found| *found == name).unwrap();
    assert_eq!(rows.len(), table.lines().count() - 1);
    for (row, line) in rows.iter().zip(table.lines().skip(1)) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(row[0], cells[column("horizon")]);
        let shown: f64 = row[1].split(' ').next().unwrap().replace('\u{2212}', "-").parse().unwrap();
        let mean: f64 = cells[column("mean")].parse().unwrap();
        assert!((shown - mean).abs() <= 0.006 * mean.abs().max(1.0), "{shown} for {mean}");
        let chance: f64 = row[2].split('%').next().unwrap().parse().unwrap();
        let p: f64 = cells[column("p_second")].parse().unwrap();
        assert!((chance - 100.0 * p).abs() <= 0.051, "{chance} for {p}");
    }
}

#[test]
fn several_results_are_set_side_by_side_on_one_page() {
    let dir = folder(SMALL);
    made(dir.path(), "run", "a", &["--no-charts"]);
    made(dir.path(), "run", "b", &["--no-charts", "--set", "calls.fee=0"]);
    let (code, out, _) = call(dir.path(), &["report", "a", "b"]);
    assert_eq!((code, out.as_str()), (0, "output/comparison/report.html\n"));
    let page = page(dir.path(), "output/comparison");
    assert_sound(&page);
    assert!(page.contains("<code>calls.fee</code></th><td>0.3</td><td>0.0</td>"), "what differs");
    assert!(page.contains("chart-compare_net") && page.contains("How b was made"));
    let (code, _, said) = call(dir.path(), &["report", "a", "--out", "elsewhere"]);
    assert_eq!(code, 2);
    assert!(said.contains("--out is for comparing several results"), "{said}");
}

#[test]
fn a_page_of_the_user_is_kept() {
    let dir = folder(SMALL);
    made(dir.path(), "run", "out", &["--no-charts"]);
    let file = dir.path().join("out/report.html");
    fs::write(&file, "<!DOCTYPE html><title>mine</title>").unwrap();
    let (code, _, said) = call(dir.path(), &["report", "out"]);
    assert_eq!(code, 1);
    assert!(
        said.contains("report.html: cannot be written: a file that is no report of mingle has its name"),
        "{said}"
    );
    fs::create_dir(dir.path().join("new")).unwrap();
    fs::write(dir.path().join("new/report.html"), "mine").unwrap();
    assert_eq!(call(dir.path(), &["run", "small.toml", "--out", "new"]).0, 1);
    let (code, _, said) = call(dir.path(), &["run", "small.toml", "--no-charts", "--force", "--out", "out"]);
    assert!(code == 1 && said.contains("has its name; move it away; the tables are whole"), "{code} {said}");
    for kept in [file, dir.path().join("new/report.html")] {
        assert!(fs::read_to_string(kept).unwrap().contains("mine"));
    }
}
