//! Figures in the README and in the comments of scenarios, read back from runs of today.
//!
//! After a change of the model run these and write the figures that they report. Figures that take minutes are not among
//! them.

use std::fs;
use std::path::Path;

use crate::support::{ended, program, root};

/// Runs a shipped scenario in a folder of its own, and returns what the terminal says.
fn run(dir: &Path, stem: &str, sets: &[&str], more: &[&str]) -> String {
    let file = root().join("scenarios").join(format!("{stem}.toml"));
    let mut command = program(dir);
    command.arg("run").arg(file).args(more).args(sets.iter().flat_map(|set| ["--set", set]));
    let (code, _, text) = ended(command.output().unwrap());
    assert_eq!(code, 0, "{text}");
    text
}

/// The number in a column of the only row of a table that begins with these cells.
fn cell(table: &Path, row: &str, column: &str) -> f64 {
    let text = fs::read_to_string(table).unwrap();
    let mut lines = text.lines();
    let place = lines.next().unwrap().split(',').position(|name| name == column).unwrap();
    let found: Vec<&str> = lines.filter(|line| line.starts_with(&format!("{row},"))).collect();
    assert_eq!(found.len(), 1, "{row} in {}", table.display());
    found[0].split(',').nth(place).unwrap().parse().unwrap()
}

/// A file's text on one line: comments without their signs, all spaces single.
fn flat(file: &str) -> String {
    let text = fs::read_to_string(root().join(file)).unwrap();
    text.lines()
        .flat_map(|line| line.trim_start_matches('#').split_whitespace())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The numbers that a text has in place of each `{}` of a phrase, as they are written.
fn written(text: &str, phrase: &str) -> Option<Vec<String>> {
    let mut pieces = phrase.split("{}");
    let first = pieces.next()?;
    let pieces: Vec<&str> = pieces.collect();
    text.match_indices(first).find_map(|(start, _)| {
        let mut rest = &text[start + first.len()..];
        let mut numbers = Vec::new();
        for piece in &pieces {
            let digit = |c: char| c.is_ascii_digit();
            let in_number =
                |(at, c): (usize, char)| digit(c) || (c == '.' && rest[at + 1..].starts_with(digit));
            let end = rest.char_indices().find(|found| !in_number(*found)).map_or(rest.len(), |(at, _)| at);
            numbers.push(rest[..end].to_owned());
            rest = rest[end..].strip_prefix(piece)?;
        }
        numbers.iter().all(|number| !number.is_empty()).then_some(numbers)
    })
}

/// A phrase of a file, and for each `{}` in it table, row and column of the number; signs are in the words.
struct Figures {
    file: &'static str,
    phrase: &'static str,
    cells: &'static [(&'static str, &'static str, &'static str)],
}

/// What is not as a run has it.
fn stale(result: &Path, figures: &Figures) -> Vec<String> {
    let Figures { file, phrase, cells } = figures;
    let Some(numbers) = written(&flat(file), phrase) else {
        return vec![format!("{file} does not say: {phrase}")];
    };
    assert_eq!(numbers.len(), cells.len(), "{phrase}");
    let compared = numbers.iter().zip(*cells).filter_map(|(number, (table, row, column))| {
        let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let now = format!("{:.decimals$}", cell(&result.join(table), row, column).abs());
        (now != *number).then(|| format!("{file}: {phrase}: {number} is {now} now, {row} of {table}"))
    });
    compared.collect()
}

const LEAD: [(&str, &str, &str); 3] = [
    ("contrasts.csv", "warrior,servant,net", "difference"),
    ("contrasts.csv", "warrior,servant,net", "ci_low"),
    ("contrasts.csv", "warrior,servant,net", "ci_high"),
];
/// The ends of an interval of warriors' lead.
const LEAD_OF_WARRIORS: [(&str, &str, &str); 3] = [LEAD[0], LEAD[2], LEAD[1]];
const WARRIOR: (&str, &str, &str) = ("summary.csv", "warrior,net", "mean");
const SERVANT: (&str, &str, &str) = ("summary.csv", "servant,net", "mean");
const ABSTAINER: (&str, &str, &str) = ("summary.csv", "abstainer,net", "mean");

/// Runs, by scenario and changes, with the figures that they give.
const RUNS: &[(&str, &[&str], &[Figures])] = &[
    (
        "karate-club",
        &[],
        &[Figures {
            file: "scenarios/karate-club.toml",
            phrase: "As shipped servants gain {} more per week than warriors (95% interval {} to {}), with a net benefit of {} against {}",
            cells: &[LEAD[0], LEAD[1], LEAD[2], SERVANT, WARRIOR],
        }],
    ),
    (
        "karate-club",
        &["population.network_file="],
        &[Figures {
            file: "scenarios/karate-club.toml",
            phrase: "servants gain {} more (95% interval {} to {})",
            cells: &LEAD,
        }],
    ),
    (
        "chamber-mixer",
        &["calls.fee=0"],
        &[
            Figures {
                file: "README.md",
                phrase: "| `--set calls.fee=0` (help on the phone is free) | {} | {} |",
                cells: &[WARRIOR, SERVANT],
            },
            Figures { file: "docs/findings.md", phrase: "| no fee | {} | {} |", cells: &[WARRIOR, SERVANT] },
        ],
    ),
    (
        "chamber-mixer",
        &["mixer.every=1"],
        &[
            Figures {
                file: "docs/findings.md",
                phrase: "| a mixer every week | {} | {} |",
                cells: &[WARRIOR, SERVANT],
            },
            Figures {
                file: "README.md",
                phrase: "| `--set mixer.every=1` (a mixer every week) | {} | {} |",
                cells: &[WARRIOR, SERVANT],
            },
            Figures {
                file: "scenarios/chamber-mixer.toml",
                phrase: "with mixers every week (mixer.every = 1) warriors lead by {}, because",
                cells: &[LEAD[0]],
            },
        ],
    ),
    (
        "chamber-mixer",
        &["reputation.legibility=0"],
        &[
            Figures {
                file: "README.md",
                phrase: "| `--set reputation.legibility=0` (nobody reads motives) | {} | {} |",
                cells: &[WARRIOR, SERVANT],
            },
            Figures {
                file: "docs/findings.md",
                phrase: "| nobody sees motives | {} | {} |",
                cells: &[WARRIOR, SERVANT],
            },
        ],
    ),
    (
        "chamber-mixer",
        &["reputation.kind=public"],
        &[
            Figures {
                file: "README.md",
                phrase: "| `--set reputation.kind=public` (everyone shares one standing per person) | {} | {} |",
                cells: &[WARRIOR, SERVANT],
            },
            Figures {
                file: "docs/findings.md",
                phrase: "| one public standing for everyone | {} | {} |",
                cells: &[WARRIOR, SERVANT],
            },
        ],
    ),
    (
        "chamber-mixer",
        &["replicates=20", "calls.price_sensitivity=1"],
        &[Figures {
            file: "docs/findings.md",
            phrase: "| callers weigh the fee | `calls.price_sensitivity=1` | {} ({} to {}) |",
            cells: &LEAD,
        }],
    ),
    (
        "chamber-mixer",
        &["calls.fee=0.1"],
        &[Figures {
            file: "scenarios/chamber-mixer.toml",
            phrase: "With calls.fee = 0.1 warriors are {} ahead",
            cells: &[LEAD[0]],
        }],
    ),
    (
        "abstainers",
        &[],
        &[Figures {
            file: "scenarios/abstainers.toml",
            phrase: "Going buys a warrior {} a week, and a servant {} (95% interval {} to {}); a servant who never \
                     misses a mixer has {} more again ({} to {}), and",
            cells: &[
                ("contrasts.csv", "warrior,warrior at home,net", "difference"),
                ("contrasts.csv", "servant,abstainer,net", "difference"),
                ("contrasts.csv", "servant,abstainer,net", "ci_high"),
                ("contrasts.csv", "servant,abstainer,net", "ci_low"),
                ("contrasts.csv", "servant,regular,net", "difference"),
                ("contrasts.csv", "servant,regular,net", "ci_low"),
                ("contrasts.csv", "servant,regular,net", "ci_high"),
            ],
        }],
    ),
    (
        "polished-warriors",
        &["reputation.legibility=0.1"],
        &[Figures {
            file: "scenarios/polished-warriors.toml",
            phrase: "and {} ({} to {}) with 0.1",
            cells: &[
                ("contrasts.csv", "warrior,coached warrior,net", "difference"),
                ("contrasts.csv", "warrior,coached warrior,net", "ci_low"),
                ("contrasts.csv", "warrior,coached warrior,net", "ci_high"),
            ],
        }],
    ),
    (
        "executive-mixer",
        &[],
        &[Figures {
            file: "scenarios/executive-mixer.toml",
            phrase: "Servants gain {} more per week than warriors (95% interval {} to {}), with a net benefit of {} \
                     against {}.",
            cells: &[LEAD[0], LEAD[1], LEAD[2], SERVANT, WARRIOR],
        }],
    ),
    (
        "ask-or-serve",
        &[],
        &[
            Figures {
                file: "scenarios/ask-or-serve.toml",
                phrase: "Those who only serve gain {} a week, those who do neither {}, both {}, and those who only ask \
                         {}.",
                cells: &[
                    ("summary.csv", "only serves,net", "mean"),
                    ("summary.csv", "neither,net", "mean"),
                    ("summary.csv", "both,net", "mean"),
                    ("summary.csv", "only asks,net", "mean"),
                ],
            },
            Figures {
                file: "scenarios/ask-or-serve.toml",
                phrase: "Serving adds {} (95% interval {} to {}) for those who ask for little, and {} ({} to {}) for \
                         those who ask in every talk. Asking takes {} ({} to {}) from those who do not serve, and {} \
                         ({} to {}) from those who do.",
                cells: &[
                    ("contrasts.csv", "neither,only serves,net", "difference"),
                    ("contrasts.csv", "neither,only serves,net", "ci_low"),
                    ("contrasts.csv", "neither,only serves,net", "ci_high"),
                    ("contrasts.csv", "both,only asks,net", "difference"),
                    ("contrasts.csv", "both,only asks,net", "ci_high"),
                    ("contrasts.csv", "both,only asks,net", "ci_low"),
                    ("contrasts.csv", "neither,only asks,net", "difference"),
                    ("contrasts.csv", "neither,only asks,net", "ci_high"),
                    ("contrasts.csv", "neither,only asks,net", "ci_low"),
                    ("contrasts.csv", "both,only serves,net", "difference"),
                    ("contrasts.csv", "both,only serves,net", "ci_low"),
                    ("contrasts.csv", "both,only serves,net", "ci_high"),
                ],
            },
        ],
    ),
    (
        "glass-house",
        &["reputation.legibility=0"],
        &[Figures {
            file: "scenarios/glass-house.toml",
            phrase: "with reputation.legibility = 0 it is gone ({}, interval -{} to {})",
            cells: &LEAD,
        }],
    ),
    (
        "glass-house",
        &[],
        &[
            Figures {
                file: "scenarios/glass-house.toml",
                phrase: "servants gain {} more per week than warriors (95% interval {} to {})",
                cells: &LEAD,
            },
            Figures {
                file: "scenarios/glass-house.toml",
                phrase: "less even than abstainers ({})",
                cells: &[ABSTAINER],
            },
        ],
    ),
    (
        "servants-paradise",
        &[],
        &[Figures {
            file: "scenarios/servants-paradise.toml",
            phrase: "servants gain {} more per week than warriors (95% interval {} to {}), who end with next to \
                     nothing ({}), far below those who stay at home ({})",
            cells: &[LEAD[0], LEAD[1], LEAD[2], WARRIOR, ABSTAINER],
        }],
    ),
    (
        "warriors-paradise",
        &[],
        &[Figures {
            file: "scenarios/warriors-paradise.toml",
            phrase: "warriors gain {} more per week than servants (95% interval {} to {})",
            cells: &LEAD_OF_WARRIORS,
        }],
    ),
];

/// What the README and the scenario say of the default run.
const DEFAULT: [Figures; 2] = [
    Figures { file: "README.md", phrase: "| none | {} | {} |", cells: &[WARRIOR, SERVANT] },
    Figures {
        file: "scenarios/chamber-mixer.toml",
        phrase: "they gain {} more per week than warriors (95% interval {} to {}), with a net benefit of {} a \
                 week against {}; abstainers have {}.",
        cells: &[LEAD[0], LEAD[1], LEAD[2], SERVANT, WARRIOR, ABSTAINER],
    },
];

#[test]
#[cfg_attr(debug_assertions, ignore = "whole runs take minutes without optimisation")]
fn the_readme_shows_what_the_default_run_gives() {
    let dir = tempfile::tempdir().unwrap();
    let text = run(dir.path(), "chamber-mixer", &[], &[]).replace(&format!("{}/", root().display()), "");
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, rest) = readme.split_once("The run ends with a table on the terminal:\n\n```text\n").unwrap();
    let (shown, _) = rest.split_once("```").unwrap();
    let start = text.find("strategy ").unwrap_or_else(|| panic!("no table: {text}"));
    assert_eq!(shown, &text[start..], "the README's table is stale");
    let result = dir.path().join("output/chamber-mixer");
    let found: Vec<String> = DEFAULT.iter().flat_map(|figures| stale(&result, figures)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
#[cfg_attr(debug_assertions, ignore = "whole runs take minutes without optimisation")]
fn figures_in_documents_are_those_of_runs() {
    let mut found = Vec::new();
    for (number, (stem, sets, figures)) in RUNS.iter().enumerate() {
        let dir = tempfile::tempdir().unwrap();
        let name = number.to_string();
        run(dir.path(), stem, sets, &["-q", "--no-charts", "--out", &name]);
        found.extend(figures.iter().flat_map(|figures| stale(&dir.path().join(&name), figures)));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn numbers_are_found_in_their_phrase() {
    let text = "by 0.5 a week. They gain 0.102 more (95% interval 0.098 to 1.06). By 7.";
    let found = |phrase| written(text, phrase);
    assert_eq!(
        found("gain {} more (95% interval {} to {})"),
        Some(vec!["0.102".into(), "0.098".into(), "1.06".into()])
    );
    assert_eq!(found("By {}."), Some(vec!["7".into()]));
    assert_eq!(found("by {} a week"), Some(vec!["0.5".into()]));
    assert_eq!((found("They lose {}"), found("gain {} less")), (None, None));
}
