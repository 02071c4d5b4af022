//! Names are text everywhere: whatever they hold, every output can be read back, has them as text, and stays in its folder.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use quick_xml::events::Event;
use serde_json::Value;

use super::report::{assert_sound, tags};
use super::support::{self, refused, root, sources_below};
use super::terminal::assert_clean;

/// Markup, quotes, entities, formulas of spreadsheets, marks that change the direction of text, characters without width,
/// paths, names of devices, codes that are no characters.
const HOSTILE: [&str; 14] = [
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "../../escape",
    "@SUM(1;2),\"q\"",
    "\u{202e}rtl\u{2066}",
    "]]></data><x y='",
    "+1+1",
    "-2+3\u{200f}",
    "CON",
    "zero\u{200b}\u{feff}width",
    "\u{fffe}none\u{ffff}",
    "&lt;b&#62;&amp;",
    "--><!-- a,b\u{2028}c",
    "/dev/null",
];
/// As long as a name may be.
const LONG: &str = "<b>wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww";
const FACTOR: &str = "a\"b,=c'<svg onload=alert(2)>";
/// The scenario file, and the folder of the results.
const FILE: &str = "=1+1 <img src=x onerror=alert(3)>&'\u{202e}.toml";
const OUT: &str = "=2 \"q\" <b>\u{202e}";

/// A name as a string of TOML.
fn toml(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A cell of CSV.
fn cell(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn title() -> String {
    format!("</title></text>{}", HOSTILE.concat())
}

/// A scenario with people, whose names are all of this kind.
fn scenario() -> String {
    let mut text = format!(
        "title = {}\nrounds = 12\nburn_in = 4\nreplicates = 2\n[population]\nagents_file = \"people.csv\"\n\
         [mixer]\nsize = 12\n[bet]\nworlds = 2\nfocals = 2\nhorizons = [0, 3]\nfirst = {}\nsecond = {}\nusual = {}\n\
         [[factor]]\nname = {}\nkeys = \"calls.fee\"\nmin = 0.1\nmax = 0.3\nlevels = 2\n",
        toml(&title()),
        toml(HOSTILE[0]),
        toml(HOSTILE[1]),
        toml(HOSTILE[2]),
        toml(FACTOR)
    );
    for name in &HOSTILE[..6] {
        text += &format!("[[strategy]]\nname = {}\nask = 0.5\n", toml(name));
    }
    for name in [HOSTILE[6], HOSTILE[7], LONG] {
        text += &format!("[[region]]\nname = {}\n", toml(name));
    }
    text
}

fn people() -> String {
    let mut text = "name,strategy,region,town\n".to_owned();
    for number in 0..60_usize {
        let kind = HOSTILE[number % HOSTILE.len()];
        let name = if number < HOSTILE.len() { kind.to_owned() } else { format!("{kind}{number}") };
        let region = [HOSTILE[6], HOSTILE[7], LONG][number % 3];
        let cells = [&name, HOSTILE[number % 6], region, HOSTILE[number % 3]].map(cell);
        text += &(cells.join(",") + "\n");
    }
    text
}

/// Runs a command, which prints nothing that a terminal obeys.
fn call<S: AsRef<OsStr>>(dir: &Path, arguments: &[S]) -> String {
    let (code, out, err) = support::call(dir, arguments);
    let what = arguments.iter().map(|word| word.as_ref().to_string_lossy()).collect::<Vec<_>>().join(" ");
    assert_eq!(code, 0, "{what}: {err}");
    assert_clean(&what, err.as_bytes(), false);
    // The last line is a folder, for programs.
    assert_clean(&what, out.replace(OUT, "").as_bytes(), false);
    out + &err
}

/// All files below a folder.
fn files(dir: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![dir.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// The texts of an XML document, which has to be well formed, without scripts and links.
fn texts_of_xml(path: &Path, text: &str) -> BTreeSet<String> {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let (mut texts, mut open, mut now) = (BTreeSet::new(), 0_u32, String::new());
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        match event {
            Event::Start(ref tag) | Event::Empty(ref tag) => {
                let name = String::from_utf8(tag.name().as_ref().to_vec()).unwrap();
                assert!(
                    !["script", "a", "image", "foreignObject", "x", "b"].contains(&name.as_str()),
                    "{name}"
                );
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                    let key = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
                    assert!(!key.starts_with("on") && !key.ends_with("href"), "{}: {key}", path.display());
                    texts.insert(attribute.unescape_value().unwrap().into_owned());
                }
                open += u32::from(matches!(event, Event::Start(_)));
                now.clear();
            }
            Event::Text(part) => now += &part.decode().unwrap(),
            Event::GeneralRef(part) => {
                let part = part.decode().unwrap();
                now += &quick_xml::escape::unescape(&format!("&{part};")).unwrap();
            }
            Event::End(_) => {
                texts.insert(now.trim().to_owned());
                now.clear();
                open -= 1;
            }
            Event::Eof => break,
            Event::Decl(_) | Event::Comment(_) => {}
            other => panic!("{}: {other:?}", path.display()),
        }
    }
    assert_eq!(open, 0, "{}", path.display());
    let none = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(!text.contains(none), "{}", path.display());
    texts
}

/// Reads a file back as what it is. Returns its texts, if it holds data.
fn read_back(path: &Path) -> BTreeSet<String> {
    let shown = path.display();
    let text = || fs::read_to_string(path).unwrap_or_else(|error| panic!("{shown}: {error}"));
    match path.extension().and_then(OsStr::to_str).unwrap_or_default() {
        "csv" => {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
            // A record of another length than the first is an error.
            let records =
                reader.records().map(|record| record.unwrap_or_else(|error| panic!("{shown}: {error}")));
            records.flat_map(|record| record.iter().map(str::to_owned).collect::<Vec<_>>()).collect()
        }
        "svg" => {
            let text = text();
            let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            assert!(!text.contains(turns), "{shown}");
            texts_of_xml(path, &text);
            BTreeSet::new()
        }
        "graphml" | "gexf" => texts_of_xml(path, &text()),
        "html" => {
            let text = text();
            assert_sound(&text);
            for tag in tags(&text) {
                assert!(tag.attributes.iter().all(|(name, _)| !name.starts_with("on")), "{shown}: {tag:?}");
                assert!(!["b", "x", "img"].contains(&tag.name), "{shown}: {tag:?}");
            }
            assert!(!text.contains(['\u{202e}', '\u{2066}', '\u{fffe}', '\u{ffff}']), "{shown}");
            BTreeSet::new()
        }
        "json" => {
            let document: Value =
                serde_json::from_str(&text()).unwrap_or_else(|error| panic!("{shown}: {error}"));
            BTreeSet::from([document["title"].as_str().unwrap_or_default().to_owned()])
        }
        "png" => BTreeSet::new(),
        other => panic!("{shown}: {other}"),
    }
}

/// Makes every kind of output in a folder.
fn made() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path();
    fs::write(at.join(FILE), scenario()).unwrap();
    fs::write(at.join("people.csv"), people()).unwrap();
    let out = |name: &str| format!("{OUT}/{name}");
    let run = ["--agents", "--events=events.csv", "--network", "3,7", "--at", "8", "--set", "calls.fee=0.2"];
    call(at, &[&["run", FILE, "--out", &out("run")], &run[..]].concat());
    call(at, &["run", FILE, "--out", &out("run2"), "--set", "calls.fee=0"]);
    call(at, &["bet", FILE, "--story", "--out", &out("bet")]);
    call(at, &["bet", FILE, "--no-charts", "--seed", "5", "--out", &out("bet2")]);
    call(at, &["sweep", FILE, "--out", &out("sweep")]);
    for task in ["0", "1"] {
        call(at, &["sweep", FILE, "--tasks", "2", "--task", task, "--out", &out("parts")]);
    }
    call(at, &["merge", &out("parts")]);
    for (kind, first, second) in [("run", "run", "run2"), ("bet", "bet", "bet2"), ("sweep", "sweep", "parts")]
    {
        let (first, second, both) = (out(first), out(second), out(&format!("both-{kind}")));
        for command in ["chart", "report"] {
            call(at, &[command, &first, &second, "--out", &both]);
        }
    }
    dir
}

#[test]
fn names_are_text_in_every_output() {
    let dir = made();
    let mut texts = BTreeSet::new();
    let all = files(&dir.path().join(OUT));
    for path in &all {
        let found = read_back(path);
        if path.ends_with("run/nodes.csv") || path.ends_with("run/agents.csv") {
            for name in HOSTILE {
                assert!(found.contains(name), "{name:?} in {}", path.display());
            }
            assert!(found.contains(LONG), "{}", path.display());
        }
        if path.ends_with("run/network.graphml") || path.ends_with("run/network.gexf") {
            for name in HOSTILE {
                let name = name.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
                assert!(found.contains(&name), "{name:?} in {}", path.display());
            }
        }
        assert!(!path.ends_with("run/manifest.json") || found.contains(&title()), "{found:?}");
        assert!(!path.ends_with("sweep/sweep.csv") || found.contains(FACTOR), "{found:?}");
        texts.insert(path.file_name().unwrap().to_owned());
    }
    for file in ["story.csv", "events.csv", "changes.csv", "sweep.csv", "compare_net.svg", "report.html"] {
        assert!(texts.contains(OsStr::new(file)), "{file} was looked at");
    }
    // Nothing was written elsewhere.
    let beside: BTreeSet<_> =
        fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside, BTreeSet::from([FILE, OUT, "people.csv"].map(|name| OsStr::new(name).to_owned())));
    assert!(!dir.path().parent().unwrap().join("escape").exists());
    prints_text(dir.path());
}

/// What only prints.
fn prints_text(dir: &Path) {
    let out = |name: &str| format!("{OUT}/{name}");
    for json in [&[][..], &["--json"]] {
        let with = |words: &[&str]| call(dir, &[words, json].concat());
        with(&["check", FILE]);
        with(&["diff", FILE, &out("run2")]);
        with(&["verify", &out("run"), "--replicates", "1"]);
        with(&["run", FILE, "--no-charts", "--force", "--out", &out("run2")]);
        with(&["bet", FILE, "--no-charts", "--force", "--out", &out("bet2")]);
        with(&["sweep", FILE, "--no-charts", "--force", "--out", &out("sweep")]);
        with(&["bench", FILE, "--rounds", "1", "--warmup", "0"]);
    }
    // A script would show another command than it runs.
    let (code, out, err) = support::call(dir, &["sweep", FILE, "--emit", "slurm", "--tasks", "2"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert_clean("a job file", err.as_bytes(), false);
}

#[test]
fn a_page_to_explore_and_a_validation_have_names_as_text() {
    let dir = tempfile::tempdir().unwrap();
    let shares =
        HOSTILE[..4].iter().map(|name| format!("[[strategy]]\nname = {}\nshare = 0.25\n", toml(name)));
    let text = format!("title = {}\n{}", toml(&title()), shares.collect::<String>());
    fs::write(dir.path().join(FILE), &text).unwrap();
    call(dir.path(), &["explore", FILE, "--out", "page.html"]);
    let page = fs::read_to_string(dir.path().join("page.html")).unwrap();
    let empty = fs::read_to_string(root().join("docs/explore.html")).unwrap();
    let place = "id=\"given\">";
    let parts = |page: &str| {
        let (before, rest) = page.split_once(place).unwrap();
        let (given, after) = rest.split_once("</script>").unwrap();
        [before, given, after].map(str::to_owned)
    };
    let ([before, given, after], [empty_before, _, empty_after]) = (parts(&page), parts(&empty));
    assert!(before == empty_before && after == empty_after, "nothing else of the page changes");
    assert!(!given.contains('<'), "{given}");
    let given: Value = serde_json::from_str(&given).unwrap();
    // Marks that change the direction of text are written out in names of files.
    let file = FILE.replace('\u{202e}', "\\u{202e}");
    assert_eq!((&given["file"], &given["text"]), (&file.into(), &text.into()));
    call(dir.path(), &["validate", "--only", "gifts-of-48", "--out", OUT]);
    let all = files(&dir.path().join(OUT));
    all.iter().for_each(|path| drop(read_back(path)));
    assert!(all.len() > 5, "{all:?}");
}

/// The commands of the program.
fn commands() -> BTreeSet<String> {
    let help = call(root(), &["--help"]);
    let listed = help.split_once("Commands:\n").unwrap().1.split_once("\n\n").unwrap().0;
    let names = listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn every_command_refuses_foreign_names_as_text() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("s.toml"), "rounds = 4\n").unwrap();
    let mut rest = commands();
    rest.remove("schema"); // It has no arguments.
    rest.remove("help"); // The library for arguments has it.
    // Paths that are there would be read.
    let names = HOSTILE.iter().filter(|name| !["CON", "/dev/null"].contains(name)).copied();
    for name in names.chain([LONG, FACTOR, FILE, OUT, "\u{1b}[2J\u{7}"]) {
        let set = format!("{name}=1");
        let calls: [&[&str]; 21] = [
            &[name],
            &["run", name],
            &["run", "s.toml", "--set", &set],
            &["run", "s.toml", "--at", name],
            &["run", "s.toml", "--format", name],
            &["run", "s.toml", "--network", name],
            &["bet", name],
            &["sweep", name],
            &["merge", name],
            &["chart", name],
            &["report", name, "s.toml"],
            &["verify", name],
            &["diff", name, "s.toml"],
            &["validate", "--only", name],
            &["validate", "--evidence", "--only", name],
            &["check", name],
            &["explore", name],
            &["explore", "s.toml", "--set", &set],
            &["bench", "s.toml", "--set", &set],
            &["completions", name],
            &["man", name],
        ];
        for words in calls {
            let (code, out, err) = support::call(dir.path(), words);
            let what = words.join(" ");
            assert!(
                [1, 2].contains(&code) && !err.is_empty() && out.is_empty(),
                "{what}: {code} {out} {err}"
            );
            assert_clean(&what, err.as_bytes(), false);
            rest.remove(words[0]);
        }
    }
    assert_eq!(rest, BTreeSet::new(), "commands that are not tried");
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["s.toml"], "nothing was written");
}

#[test]
fn names_that_no_table_can_hold_are_refused_with_place_and_fix() {
    let dir = tempfile::tempdir().unwrap();
    for (control, written) in [
        ("\\t", "tab"),
        ("\\r", "CR"),
        ("\\n", "LF"),
        ("\\u001b[2J", "ESC"),
        ("\\u0000", "NUL"),
        ("\\u009b", "CSI"),
    ] {
        let text = format!("[[strategy]]\nname = \"a{control}b\"\nshare = 1\n");
        fs::write(dir.path().join("s.toml"), text).unwrap();
        let said = refused(dir.path(), &["check", "s.toml"], 2);
        assert!(
            said.contains("s.toml:2:8") && said.contains("leave out line breaks, tabs"),
            "{written}: {said}"
        );
        assert_clean(written, said.as_bytes(), false);
    }
}

#[test]
fn the_page_inserts_text_as_text() {
    for path in sources_below("web/page") {
        let text = fs::read_to_string(root().join(&path)).unwrap();
        for markup in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "srcdoc",
            "'text/html'",
        ] {
            assert!(!text.contains(markup), "{path} inserts markup by {markup}");
        }
    }
}
