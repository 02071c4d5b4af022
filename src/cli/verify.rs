//! `mingle verify DIR`

use std::path::{Path, PathBuf};

use serde_json::json;

use super::again::{self, Again};
use super::{Failure, Terminal, load, progress};
use crate::draws::SCHEME;
use crate::experiment::replicate_seed;
use crate::parallel::ThreadPool;
use crate::results::{Comparison, Difference, REVISION, Recorded, Sample, Unchanged, compare};

/// Arguments of `mingle verify`.
#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    /// Result folder; nothing is written to it
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Run so many replicates again, evenly spread (worlds of a bet; points of a sweep, each with all its replicates)
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    replicates: u32,
    /// Run all of them again, and compare the tables that are computed from all of them too
    #[arg(long, conflicts_with = "replicates")]
    all: bool,
    /// Number of threads [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
}

/// Version of this program.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Checks the files of a result, runs a part of it again and compares the rows.
pub(super) fn verify(args: &VerifyArgs, terminal: &Terminal) -> Result<(), Failure> {
    let dir = &args.dir;
    load::check_result(dir)?;
    let unchanged = Unchanged::since_now(dir)?;
    let recorded = Recorded::read(dir)?;
    if let Some(text) = other_program(&recorded) {
        terminal.note(&text);
    }
    let compared = check_and_compare(args, &recorded, terminal);
    // A result that was replaced meanwhile would seem damaged.
    unchanged.check()?;
    let (again, sample, found) = compared?;
    if terminal.json {
        terminal.json(&json!({
            "result": terminal.in_json([dir.as_path()])[0],
            "agrees": found.n_differences == 0,
            "command": recorded.command,
            "interrupted": recorded.interrupted,
            "made_by": {
                "version": recorded.version,
                "revision": recorded.revision,
                "random_numbers": recorded.random_numbers,
            },
            "verified_by": { "version": VERSION, "revision": REVISION, "random_numbers": SCHEME },
            "run_again": { "units": format!("{}s", again.units()), "numbers": sample.numbers, "all": sample.all },
            "comparison": found,
        }));
    } else {
        terminal.text(&report(&recorded, &again, &sample, &found));
    }
    if found.n_differences == 0 { Ok(()) } else { Err(differs(dir, &recorded, &found)) }
}

/// Checks the files, and compares a sample that is run again.
fn check_and_compare<'r>(
    args: &VerifyArgs,
    recorded: &'r Recorded,
    terminal: &Terminal,
) -> Result<(Again<'r>, Sample, Comparison), Failure> {
    check_files(&args.dir, recorded, terminal)?;
    check_random_numbers(recorded)?;
    let again = Again::new(&args.dir, recorded)?;
    let sample = again.sample((!args.all).then_some(args.replicates));
    let found = run_and_compare(args, recorded, &again, &sample, terminal)?;
    Ok((again, sample, found))
}

/// Runs the sample again in a temporary folder, and compares its tables with those in the result.
fn run_and_compare(
    args: &VerifyArgs,
    recorded: &Recorded,
    again: &Again<'_>,
    sample: &Sample,
    terminal: &Terminal,
) -> Result<Comparison, Failure> {
    let pool = ThreadPool::new(args.threads.unwrap_or(0).into()).map_err(Failure::Failed)?;
    again.check_memory(sample, &pool)?;
    let folder = tempfile::tempdir().map_err(|fault| again::temporary(&std::env::temp_dir(), &fault))?;
    let progress = progress::stoppable(terminal, "stopping; nothing is compared")?;
    let run = || again.run(folder.path(), sample, &pool, &progress);
    progress::watched(terminal, &again.work(&progress), run)?;
    if progress.is_stopped() {
        let text = "the files are as the manifest lists them, and nothing else was compared";
        return Err(Failure::Interrupted(text.to_owned()));
    }
    let mut found = Comparison::default();
    compare_manifest(recorded, again, &mut found);
    compare(&args.dir, folder.path(), recorded.files(), sample, &mut found).map_err(again::unread)?;
    Ok(found)
}

/// Compares what the manifest says twice: its seeds and the values in force follow from its scenario and overrides.
fn compare_manifest(recorded: &Recorded, again: &Again<'_>, found: &mut Comparison) {
    let difference = |there: String, now: Option<String>| Difference {
        file: "manifest.json".to_owned(),
        line: None,
        column: None,
        there: Some(there),
        now,
    };
    let scenario = again.scenario();
    for (replicate, seed) in (0..).zip(&recorded.replicate_seeds) {
        let now = replicate_seed(scenario.seed, replicate);
        if now != *seed {
            let text = |seed| format!("seed {seed} of {} {replicate}", again.seeds_of());
            found.add(difference(text(*seed), Some(text(now))));
        }
    }
    let now = scenario.to_toml();
    // Another version can have more keys.
    for line in recorded.resolved.lines().filter(|line| now.lines().all(|other| other != *line)) {
        let key = line.split('=').next().unwrap_or_default();
        let same_key = |other: &&str| line.contains('=') && other.split('=').next() == Some(key);
        let text = |line: &str| format!("\"{line}\" in resolved");
        found.add(difference(text(line), now.lines().find(same_key).map(text)));
    }
}

/// Which program made the result, if it was another one.
fn other_program(recorded: &Recorded) -> Option<String> {
    let Recorded { version, revision, random_numbers, .. } = recorded;
    let is_same = version == VERSION && revision == REVISION && random_numbers == SCHEME;
    (!is_same).then(|| {
        let numbers = if random_numbers == SCHEME {
            format!("both with the random numbers {SCHEME}")
        } else {
            format!("with the random numbers {SCHEME} in place of {random_numbers}")
        };
        format!(
            "made by mingle {version} (source {revision}); this is mingle {VERSION} (source {REVISION}), {numbers}"
        )
    })
}

/// Refuses a result whose files are not as its manifest lists them.
fn check_files(dir: &Path, recorded: &Recorded, terminal: &Terminal) -> Result<(), Failure> {
    let faults = recorded.faults(dir);
    let Some((last, others)) = faults.split_last() else { return Ok(()) };
    for fault in others {
        terminal.error(&fault.to_string());
    }
    Err(Failure::Failed(last.to_string()))
}

/// Refuses a result that other random numbers gave, because all of it would differ.
fn check_random_numbers(recorded: &Recorded) -> Result<(), Failure> {
    if recorded.has_same_random_numbers() {
        return Ok(());
    }
    Err(Failure::Failed(format!(
        "the files are as the manifest lists them, but the result cannot be repeated by this version: the same seed \
         gives other random numbers in it; verify with mingle {} (source {})",
        recorded.version, recorded.revision
    )))
}

/// What was run again, and what agrees and differs.
fn report(recorded: &Recorded, again: &Again<'_>, sample: &Sample, found: &Comparison) -> String {
    let mut text = "every file has the size and the checksum in the manifest\n".to_owned();
    if recorded.interrupted {
        text += "the result is of an interrupted command; what it has is compared\n";
    }
    text += &format!("run again: {}\n", in_words(again.units(), sample));
    for table in &found.tables {
        let (file, rows) = (&table.file, table.rows);
        text += &match table.differences {
            0 => format!("  {file}: all {rows} rows agree\n"),
            n => format!("  {file}: {n} differences in {rows} rows\n"),
        };
    }
    if !found.not_compared.is_empty() {
        let tables = found.not_compared.join(", ");
        text += &format!(
            "not compared, because they are computed from all {}s (see --all): {tables}\n",
            again.units()
        );
    }
    for difference in &found.differences {
        text += &format!("differs: {difference}\n");
    }
    let more = found.n_differences - found.differences.len() as u64;
    if more > 0 {
        text += &format!("and {more} more differences\n");
    }
    if found.n_differences == 0 {
        text += &match other_program(recorded) {
            None => "the result agrees with its manifest\n".to_owned(),
            Some(_) => format!(
                "the result of mingle {} agrees with its manifest in this version too\n",
                recorded.version
            ),
        };
    }
    text
}

/// The units of the sample.
fn in_words(unit: &str, sample: &Sample) -> String {
    /// Longer lists are only counted.
    const LISTED_MAX: usize = 10;
    let n = sample.numbers.len();
    let numbers: Vec<String> = sample.numbers.iter().map(u32::to_string).collect();
    match &numbers[..] {
        [one] if sample.all => format!("{unit} {one}, which is all of it"),
        _ if sample.all => format!("all {n} {unit}s"),
        [one] => format!("{unit} {one}"),
        [some @ .., last] if n <= LISTED_MAX => format!("{unit}s {} and {last}", some.join(", ")),
        _ => format!("{n} {unit}s, evenly spread"),
    }
}

/// The failure for a result with differences.
fn differs(dir: &Path, recorded: &Recorded, found: &Comparison) -> Failure {
    let n = found.n_differences;
    let places = if n == 1 { "1 place".to_owned() } else { format!("{n} places") };
    let fix = if recorded.version == VERSION && recorded.revision == REVISION {
        "a table or the manifest was changed after it was written; restore them, or make the result again with --force"
            .to_owned()
    } else {
        let Recorded { version, revision, .. } = recorded;
        format!(
            "mingle {version} (source {revision}) made it, so verify with that; if it differs there too, a table or the manifest was changed"
        )
    };
    Failure::Failed(format!("{} differs from what its manifest gives in {places}; {fix}", dir.display()))
}
