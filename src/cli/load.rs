//! Loads the scenario that the arguments name.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::Failure;
use super::beside::Beside;
use super::made::{MadeArgs, Wanted};
use super::sets::Sets;
use super::terminal::visible;
use crate::parallel::ThreadPool;
use crate::results::{
    InputNote, Recorded, SweepSpecification, exists, has_unfinished_sweep, is_displaced, is_folder,
    parse_sweep_with, quoted, reading_fix,
};
use crate::scenario::{self, Diagnostics, Files, InputFile, Override, Purpose, Scenario, Source};

/// Arguments for the scenario of a command.
#[derive(Debug, clap::Args)]
pub(super) struct ScenarioArgs {
    /// Scenario file (TOML)
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) set: Sets,
    /// Seed of the random numbers, in place of the scenario's
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// Number of replicates, in place of the scenario's
    #[arg(long, value_name = "N")]
    pub(super) replicates: Option<u64>,
    /// Confidence of all intervals, 0.5 to 0.999, in place of the scenario's
    #[arg(long, value_name = "X")]
    pub(super) level: Option<f64>,
}

impl ScenarioArgs {
    /// The options that set a key of the scenario.
    pub(super) fn options(&self) -> Vec<Override> {
        let options = [
            ("--seed", "seed", self.seed.map(|value| value.to_string())),
            ("--replicates", "replicates", self.replicates.map(|value| value.to_string())),
            ("--level", "level", self.level.map(|value| value.to_string())),
        ];
        options
            .into_iter()
            .filter_map(|(option, key, value)| Some(Override::option(option, key, &value?)))
            .collect()
    }
}

/// Arguments for the number of replicates of a run.
#[derive(Debug, clap::Args)]
pub(super) struct UntilArgs {
    /// Add replicates until the half-width of the interval of every difference in net benefit is at most X
    #[arg(long, value_name = "X", conflicts_with = "until")]
    precision: Option<f64>,
    /// When the run has enough replicates: fixed, precise or decided, in place of the scenario's
    #[arg(long, value_name = "RULE")]
    until: Option<String>,
    /// Add no more replicates than this in all, in place of the scenario's replicates_max
    #[arg(long, value_name = "N")]
    max_replicates: Option<u64>,
}

impl UntilArgs {
    /// The options that set a key of the scenario.
    fn options(&self) -> Vec<Override> {
        let mut options = Vec::new();
        if let Some(precision) = self.precision.map(|value| value.to_string()) {
            options.push(Override::implied("--precision", &precision, ["until", "precise"]));
            options.push(Override::option("--precision", "precision", &precision));
        }
        options.extend(self.until.iter().map(|until| Override::option("--until", "until", until)));
        let most = self.max_replicates.map(|value| value.to_string());
        options.extend(most.map(|most| Override::option("--max-replicates", "replicates_max", &most)));
        options
    }
}

/// Arguments for the folder of a result and the threads.
#[derive(Debug, clap::Args)]
pub(super) struct ResultArgs {
    /// Folder for the result [default: output/NAME for the scenario NAME.toml, with -bet or -sweep
    /// behind it for those]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Number of threads [default: as many as there are cores]; changes no result
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
    #[command(flatten)]
    made: MadeArgs,
    /// Overwrite an older result
    #[arg(long)]
    pub(super) force: bool,
}

impl ResultArgs {
    /// What is to be made from the result.
    pub(super) fn wanted(&self) -> Result<Wanted, Failure> {
        self.made.wanted()
    }

    /// The pool of threads.
    pub(super) fn pool(&self) -> Result<ThreadPool, Failure> {
        ThreadPool::new(self.threads.unwrap_or(0).into()).map_err(Failure::Failed)
    }

    /// The folder for a result of the scenario file, with this ending unless one was named.
    pub(super) fn dir(&self, file: &Path, ending: &str) -> PathBuf {
        self.out.clone().unwrap_or_else(|| default_out(file, ending))
    }
}

/// Reads and checks the scenario.
pub(super) fn load(args: &ScenarioArgs) -> Result<Scenario, Failure> {
    load_by(args, args.options(), parse_run)
}

/// Reads and checks the scenario of a run.
pub(super) fn load_run(args: &ScenarioArgs, until: &UntilArgs) -> Result<Scenario, Failure> {
    load_by(args, [args.options(), until.options()].concat(), parse_run)
}

/// Reads and checks the scenario of a bet.
pub(super) fn load_bet(args: &ScenarioArgs) -> Result<Scenario, Failure> {
    load_by(args, args.options(), parse_bet)
}

/// Reads and checks the scenario of a sweep.
pub(super) fn load_sweep(args: &ScenarioArgs) -> Result<Scenario, Failure> {
    load_by(args, args.options(), parse_sweep_with)
}

/// The scenario from which the parts of a sweep were made.
pub(super) fn of_specification(specification: &SweepSpecification) -> Result<Scenario, Failure> {
    let provenance = specification.provenance();
    let scenario = parse_sweep_with(&provenance.source(), &provenance.files, &provenance.given())?;
    Ok(scenario.recording(provenance.pilot))
}

/// The scenario in the manifest of a result that this command made.
pub(super) fn recorded(name: &str, recorded: &Recorded) -> Result<Scenario, Diagnostics> {
    let parse: Parse = match recorded.command.as_str() {
        "sweep" => parse_sweep_with,
        "bet" => parse_bet,
        _ => parse_run,
    };
    let files: Vec<InputFile> = recorded.inputs.iter().map(InputNote::file).collect();
    let overrides: Vec<_> = recorded.overrides.iter().map(|set| Override::set(set)).collect();
    parse(&Source { name, bytes: recorded.scenario.as_bytes() }, &files, &overrides)
}

/// A function that parses a scenario with the files that it names.
type Parse = fn(&Source<'_>, &dyn Files, &[Override]) -> Result<Scenario, Diagnostics>;

fn parse_run(
    source: &Source<'_>,
    files: &dyn Files,
    overrides: &[Override],
) -> Result<Scenario, Diagnostics> {
    scenario::parse_with(source, files, overrides, Purpose::Run)
}

fn parse_bet(
    source: &Source<'_>,
    files: &dyn Files,
    overrides: &[Override],
) -> Result<Scenario, Diagnostics> {
    scenario::parse_with(source, files, overrides, Purpose::Bet)
}

/// Reads and checks a scenario file with some values replaced.
pub(super) fn load_file(file: &Path, sets: &[String]) -> Result<Scenario, Failure> {
    let name = visible(&file.display().to_string());
    let bytes = read(file).map_err(Failure::Usage)?;
    let overrides: Vec<_> = sets.iter().map(|set| Override::set(set)).collect();
    Ok(parse_run(&Source { name: &name, bytes: &bytes }, &Beside::new(file), &overrides)?)
}

fn load_by(args: &ScenarioArgs, options: Vec<Override>, parse: Parse) -> Result<Scenario, Failure> {
    let name = visible(&args.file.display().to_string());
    let bytes = read(&args.file).map_err(Failure::Usage)?;
    let mut overrides = args.set.overrides();
    // After --set: an option of its own is the more deliberate one.
    overrides.extend(options);
    Ok(parse(&Source { name: &name, bytes: &bytes }, &Beside::new(&args.file), &overrides)?)
}

/// The bytes of a scenario file. An error names the reason and a fix.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, String> {
    /// Far more than any scenario; a device given by mistake can be endless.
    const BYTES_MAX: u64 = 16 << 20;
    let shown = path.display();
    if path.is_dir() {
        let fix = if path.join("manifest.json").exists() {
            let dir = quoted(&shown.to_string());
            format!("it holds a result; to draw its charts use: mingle chart {dir}")
        } else {
            "name a scenario file in it".to_owned()
        };
        return Err(format!("cannot read scenario {shown}: it is a folder; {fix}"));
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(BYTES_MAX + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) if bytes.len() as u64 > BYTES_MAX => {
            Err(format!("cannot read scenario {shown}: it is larger than 16 MiB, so it is no scenario"))
        }
        Ok(_) => Ok(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let fix = near(path).map_or_else(
                || "check the name and the folder".to_owned(),
                |found| format!("did you mean {}?", found.display()),
            );
            Err(format!("cannot read scenario {shown}: there is no such file; {fix}"))
        }
        Err(error) => Err(format!("cannot read scenario {shown}: {error}; {}", reading_fix(&error))),
    }
}

/// Checks that there is a folder of this name.
pub(super) fn check_folder(dir: &Path) -> Result<(), Failure> {
    let fault = if !exists(dir)? {
        "there is no such folder; check the name"
    } else if !is_folder(dir)? {
        "it is not a folder; name the folder of a result"
    } else {
        return Ok(());
    };
    Err(Failure::Usage(format!("cannot read result {}: {fault}", dir.display())))
}

/// Checks that a folder holds a complete result.
pub(super) fn check_result(dir: &Path) -> Result<(), Failure> {
    check_folder(dir)?;
    let shown = dir.display();
    let dir_in_shell = quoted(&shown.to_string());
    let unfinished = format!(
        "it holds an unfinished sweep; go on with mingle sweep --resume, or with: mingle merge {dir_in_shell}"
    );
    let displaced = format!(
        "a command is replacing the result in it, or was killed then; wait for it, or set it right with: \
         mingle report {dir_in_shell}"
    );
    let fault = if exists(&dir.join("manifest.json"))? {
        return Ok(());
    } else if is_displaced(dir)? {
        displaced.as_str()
    } else if has_unfinished_sweep(dir)? {
        unfinished.as_str()
    } else {
        "it holds no result (no manifest.json); make one with: mingle run or mingle bet"
    };
    Err(Failure::Usage(format!("cannot read result {shown}: {fault}")))
}

/// An existing file that a wrong name probably means.
fn near(path: &Path) -> Option<PathBuf> {
    let mut name = path.file_name()?.to_owned();
    let mut guesses = vec![Path::new("scenarios").join(&name)];
    if path.extension().is_none() {
        name.push(".toml");
        guesses.push(path.with_file_name(&name));
        guesses.push(Path::new("scenarios").join(&name));
    }
    guesses.into_iter().find(|guess| guess.is_file())
}

/// The default folder for a result of the scenario file: `output/STEM`, with an ending for bets and sweeps.
pub(super) fn default_out(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.file_stem().unwrap_or_default().to_owned();
    // The stem of `...toml` is `..`, which would leave the folder.
    if name == "." || name == ".." {
        name = file.file_name().unwrap_or_default().to_owned();
    }
    name.push(ending);
    Path::new("output").join(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_goes_to_a_folder_of_its_own_below_output() {
        let out = |file: &str, ending: &str| default_out(Path::new(file), ending).display().to_string();
        assert_eq!(out("a/line.toml", "-sweep"), "output/line-sweep");
        assert_eq!(out("a/...toml", ""), "output/...toml");
        assert_eq!(out("./..toml", "-bet"), "output/..toml-bet");
        assert_eq!(out(".toml", ""), "output/.toml");
    }
}
