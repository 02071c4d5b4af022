//! `mingle sweep FILE`

use std::path::{Path, PathBuf};

use super::engine::{self, Engine, JobFile};
use super::load::{self, ResultArgs, ScenarioArgs};
use super::made::Wanted;
use super::memory::MemoryEstimate;
use super::progress::{self, Work};
use super::{Failure, Terminal, bet, burn_in, chart, run};
use crate::experiment::{
    BetPlan, PointFault, Progress, SweepPlan, SweepPoint, first_fault, replicate_seed, replicates_needed,
};
use crate::parallel::ThreadPool;
use crate::results::{
    BetOptions, Fault, Part, RunOptions, SweepInput, SweepOptions, SweepWriter, read_points,
};
use crate::scenario::{Assignment, Scenario, SweepDesign, Until};
use crate::study::{SweepError, run_sweep};

/// Arguments of `mingle sweep`.
#[derive(Debug, clap::Args)]
pub(super) struct SweepArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    #[command(flatten)]
    result: ResultArgs,
    /// Go on with an unfinished sweep
    #[arg(long)]
    resume: bool,
    /// Repeat one point of the design as a run (a bet) of its own
    #[arg(long, value_name = "P", conflicts_with_all = ["resume", "tasks", "emit"])]
    point: Option<u64>,
    /// With --point: only this replicate (world)
    #[arg(long, value_name = "R", requires = "point")]
    replicate: Option<u32>,
    /// Do one part of the sweep: the points whose numbers leave I when divided by the number of tasks
    #[arg(long, value_name = "I", requires = "tasks")]
    task: Option<u32>,
    /// Number of parts; without --task the batch engine's variable says which one this is
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    tasks: Option<u32>,
    /// Whose variable says which part this is, where several are set
    #[arg(long, value_name = "NAME", requires = "tasks")]
    engine: Option<Engine>,
    /// Print a job file that runs the sweep in --tasks parts, and do nothing else
    #[arg(long, value_name = "FOR", requires = "tasks")]
    emit: Option<JobFile>,
}

/// Runs a sweep, a part of one, or one of its points.
pub(super) fn sweep(args: &SweepArgs, terminal: &Terminal) -> Result<(), Failure> {
    let scenario = load::load_sweep(&args.scenario)?;
    let list = list(&scenario, &args.scenario.file)?;
    let plan = plan(&scenario, list.as_deref())?;
    let out = args.result.dir(&args.scenario.file, "-sweep");
    if let (Some(kind), Some(tasks)) = (args.emit, args.tasks) {
        check_can_be_split(&plan, tasks)?;
        return emit(args, kind, tasks, &out, terminal);
    }
    let wanted = args.result.wanted()?;
    let pool = args.result.pool()?;
    let plan = settled(plan, list.as_deref(), &args.scenario.file, &pool, terminal)?;
    if let Some(number) = args.point {
        return point(args, &plan, number, wanted, &pool, terminal);
    }
    let part = part(args, &plan)?;
    MemoryEstimate::of_sweep(&plan, &pool).with_made(wanted, plan.scenario(), pool.n_threads()).check()?;
    check_points(&plan, &pool)?;
    let options = SweepOptions { force: args.result.force, resume: args.resume, charts: wanted.charts };
    let input = SweepInput { plan: &plan, list: list.as_deref() };
    let opened = SweepWriter::open(&out, input, options, part);
    let in_task = |failure: Failure| match failure {
        Failure::Failed(text) if part.tasks > 1 => Failure::TryAgain(text),
        other => other,
    };
    let opened = opened.map_err(|error| match error.fault {
        // Only faults of the operating system can be temporary.
        Fault::Io(_) => in_task(error.into()),
        _ if part.tasks > 1 => Failure::Usage(error.to_string()),
        _ => error.into(),
    });
    let Some(mut writer) = opened? else {
        terminal.note("there is nothing left to do");
        if part.tasks > 1 {
            return Ok(());
        }
        // Charts are drawn last, so a killed process may have left some out.
        return draw_again(&out, wanted, &pool, terminal);
    };
    let result = run_all(&plan, &mut writer, &pool, terminal).inspect_err(|_| writer.give_up());
    let whole = result.map_err(in_task)?;
    if part.tasks == 1 {
        return finish(writer, &out, whole, wanted, &pool, terminal);
    }
    let (task, tasks) = (part.task, part.tasks);
    if !whole {
        return Err(Failure::TryAgain(format!(
            "task {task} of {tasks} was interrupted; what is done is kept"
        )));
    }
    writer.finish_part().map_err(Failure::from).map_err(in_task)?;
    let merge = format!("mingle merge {}", engine::quoted(&out.display().to_string()));
    terminal.note(&format!("task {task} of {tasks} is done; when all are: {merge}"));
    terminal.folder(&out);
    Ok(())
}

/// The plan with the burn-in that pilot replicates find, if the scenario asks for that. All points have the burn-in of
/// the scenario itself, so that they are compared over the same rounds.
fn settled(
    plan: SweepPlan,
    list: Option<&str>,
    file: &Path,
    pool: &ThreadPool,
    terminal: &Terminal,
) -> Result<SweepPlan, Failure> {
    if !plan.scenario().auto_burn_in {
        return Ok(plan);
    }
    check_points(&plan, pool)?;
    let scenario = burn_in::settled(plan.scenario().clone(), file, pool, terminal)?;
    self::plan(&scenario, list)
}

/// The plan of the sweep that the arguments name, after a check of its points.
pub(super) fn load(args: &ScenarioArgs, pool: &ThreadPool) -> Result<SweepPlan, Failure> {
    let scenario = load::load_sweep(args)?;
    let list = list(&scenario, &args.file)?;
    let plan = plan(&scenario, list.as_deref())?;
    check_points(&plan, pool)?;
    Ok(plan)
}

/// The text of the list of points, if the design is a list.
fn list(scenario: &Scenario, file: &Path) -> Result<Option<String>, Failure> {
    let rules = scenario.sweep.as_ref().expect("a scenario that was read for a sweep has one");
    if rules.design != SweepDesign::List {
        return Ok(None);
    }
    if rules.file.is_empty() {
        let text = "a list needs a file: add a line file = \"points.csv\" below [sweep]";
        return Err(Failure::Usage(format!("{}: {text}", file.display())));
    }
    let path = file.parent().unwrap_or(Path::new("")).join(&rules.file);
    let bytes =
        load::read(&path).map_err(|text| Failure::Usage(text.replace("scenario", "list of points")))?;
    let text = String::from_utf8(bytes);
    text.map(Some).map_err(|_| Failure::Usage(format!("{}: it is not text in UTF-8", path.display())))
}

/// The plan of a scenario; `list` is the text of its list of points.
pub(super) fn plan(scenario: &Scenario, list: Option<&str>) -> Result<SweepPlan, Failure> {
    let file = scenario.sweep.as_ref().map(|sweep| PathBuf::from(&sweep.file)).unwrap_or_default();
    let names: Vec<&str> = scenario.factors.iter().map(|f| f.name.as_str()).collect();
    MemoryEstimate::of_points(scenario, list).check()?;
    let points = list.map(|text| read_points(&file, text, &names)).transpose();
    let points = points.map_err(|error| Failure::Usage(error.to_string()))?.unwrap_or_default();
    Ok(SweepPlan::new(scenario.clone(), points))
}

/// The part of the sweep that this process does.
fn part(args: &SweepArgs, plan: &SweepPlan) -> Result<Part, Failure> {
    let Some(tasks) = args.tasks else { return Ok(Part::WHOLE) };
    check_can_be_split(plan, tasks)?;
    if args.result.force || args.resume {
        let text =
            "--force and --resume are not for tasks: they share a folder and always go on with what is there";
        return Err(Failure::Usage(text.to_owned()));
    }
    let task = match args.task {
        Some(task) if task < tasks => task,
        Some(task) => {
            let text = format!("--task must be below --tasks, but is {task} of {tasks}; tasks count from 0");
            return Err(Failure::Usage(text));
        }
        None => engine::task(args.engine, tasks, |name| std::env::var(name).ok())?,
    };
    Ok(Part { task, tasks })
}

/// Refuses to split a sweep whose parts depend on one another.
fn check_can_be_split(plan: &SweepPlan, tasks: u32) -> Result<(), Failure> {
    if plan.rules().refine && tasks > 1 {
        let text = "a sweep that refines decides by all of its points, so it cannot be done in parts; \
                    leave out --tasks, or refine";
        return Err(Failure::Usage(text.to_owned()));
    }
    Ok(())
}

/// Refuses a sweep with invalid points before it starts.
fn check_points(plan: &SweepPlan, pool: &ThreadPool) -> Result<(), Failure> {
    /// Number of points that can be checked in a short time.
    const CHECKED_MAX: u64 = 2_000;
    first_fault(plan, CHECKED_MAX, pool).map_or(Ok(()), |fault| Err(fault_of(plan, fault)))
}

pub(super) fn fault_of(plan: &SweepPlan, fault: PointFault) -> Failure {
    let point = plan.point(fault.point);
    let names = plan.scenario().factors.iter().map(|f| f.name.as_str());
    let values: Vec<String> =
        names.zip(&point.values).map(|(name, value)| format!("{name} {value}")).collect();
    let (row, fix) = match plan.rules().design {
        SweepDesign::List => {
            let row = format!(", row {} below the header of {}", fault.point + 1, plan.rules().file);
            (row, "mend this row")
        }
        _ => (String::new(), "mend the ranges or values of the factors"),
    };
    let which = format!("point {} ({}){row}", fault.point, values.join(", "));
    Failure::Point(format!("{which}; {fix}, or what the scenario sets beside them"), fault.diagnostics)
}

/// Runs all units that are left; returns whether the sweep is complete.
fn run_all(
    plan: &SweepPlan,
    writer: &mut SweepWriter<'_>,
    pool: &ThreadPool,
    terminal: &Terminal,
) -> Result<bool, Failure> {
    let progress = progress::interruptible(terminal)?;
    let work = work(plan, plan.scenario(), &progress);
    let run = || run_sweep(plan, writer, pool, &progress);
    progress::watched(terminal, &work, run).map_err(|error| match error {
        SweepError::Results(error) => error.into(),
        SweepError::Point(fault) => fault_of(plan, fault),
    })
}

/// The work at the points of a sweep whose scenario is this one.
pub(super) fn work<'a>(plan: &SweepPlan, scenario: &Scenario, progress: &'a Progress) -> Work<'a> {
    let bet = scenario.bet.as_ref().filter(|_| plan.bets());
    Work {
        progress,
        rounds: bet.map_or(scenario.rounds, |bet| bet.focals),
        of: if plan.bets() { progress::BET_SWEEP } else { progress::SWEEP },
    }
}

/// Writes the tables, draws the charts and reports the result.
pub(super) fn finish(
    writer: SweepWriter<'_>,
    dir: &Path,
    whole: bool,
    wanted: Wanted,
    pool: &ThreadPool,
    terminal: &Terminal,
) -> Result<(), Failure> {
    if !whole && writer.is_empty()? {
        return Err(Failure::Interrupted("nothing was done yet; begin again with --resume".to_owned()));
    }
    let summary = writer.finish(whole)?;
    let (made, drawn) = chart::of_result(dir, wanted, pool, terminal);
    let (words, files) = (summary.words.join("\n"), made.in_words());
    terminal.note(&format!("{words}\n{files} are in {}", dir.display()));
    terminal.result(dir, &made, &summary);
    drawn?;
    if !whole {
        let text = format!(
            "{} replicates at {} points are done and kept; go on with --resume",
            summary.replicates, summary.points
        );
        return Err(Failure::Interrupted(text));
    }
    Ok(())
}

/// Makes what is wanted from a complete result, writes its report, and prints the name of its folder.
pub(super) fn draw_again(
    dir: &Path,
    wanted: Wanted,
    pool: &ThreadPool,
    terminal: &Terminal,
) -> Result<(), Failure> {
    chart::of_result(dir, wanted, pool, terminal).1?;
    terminal.folder(dir);
    Ok(())
}

/// Repeats one point as a result of its own.
fn point(
    args: &SweepArgs,
    plan: &SweepPlan,
    number: u64,
    wanted: Wanted,
    pool: &ThreadPool,
    terminal: &Terminal,
) -> Result<(), Failure> {
    if number >= plan.n_points() {
        let last = plan.n_points() - 1;
        return Err(Failure::Usage(format!("--point must be at most {last}, but is {number}")));
    }
    let point = plan.point(number);
    let mut sets = point.sets.clone();
    let scenario = plan.scenario_at(&point).map_err(|fault| fault_of(plan, fault))?;
    let count = if plan.bets() { "bet.worlds" } else { "replicates" };
    let mut ending = format!("-sweep-point-{number}");
    if let Some(replicate) = args.replicate {
        if replicate >= plan.replicates_max() {
            let last = plan.replicates_max() - 1;
            return Err(Failure::Usage(format!("--replicate must be at most {last}, but is {replicate}")));
        }
        ending += &format!("-replicate-{replicate}");
        sets.push(Assignment::whole("seed", replicate_seed(scenario.seed, replicate)));
        sets.push(Assignment::whole(count, 1));
    } else if plan.rules().until != Until::Fixed {
        // Ctrl-C ends the process here, because there is no result yet that could be lost.
        let progress = Progress::default();
        progress.expect(plan.replicates_max().into());
        let work = work(plan, &scenario, &progress);
        let needed = progress::watched(terminal, &work, || replicates_needed(plan, number, pool, &progress));
        let needed = needed.map_err(|fault| fault_of(plan, fault))?.expect("nobody stops it");
        sets.push(Assignment::whole(count, needed.into()));
    }
    if scenario.until != Until::Fixed {
        // Points of a sweep have as many replicates as its section says.
        sets.push(Assignment::name("until", Until::Fixed.name()));
    }
    let again = SweepPoint { sets, ..point };
    let scenario = plan.scenario_at(&again).map_err(|fault| fault_of(plan, fault))?;
    let dir = args.result.dir(&args.scenario.file, &ending);
    if plan.bets() {
        let bet_plan = BetPlan::new(&scenario, false);
        let worlds = bet_plan.bet().worlds;
        let options =
            BetOptions { force: args.result.force, charts: wanted.charts, worlds, ..BetOptions::default() };
        return bet::write(&bet_plan, &dir, options, wanted, pool, terminal);
    }
    let options = RunOptions { force: args.result.force, charts: wanted.charts, ..RunOptions::default() };
    run::write(&scenario, &dir, &options, wanted, pool, terminal)
}

/// Prints a job file for the sweep that the arguments describe.
fn emit(args: &SweepArgs, kind: JobFile, tasks: u32, out: &Path, terminal: &Terminal) -> Result<(), Failure> {
    let mut command = vec!["mingle".to_owned(), "sweep".to_owned(), args.scenario.file.display().to_string()];
    for set in args.scenario.set.arguments() {
        command.extend(["--set".to_owned(), set.clone()]);
    }
    for option in args.scenario.options() {
        command.extend(option.arguments().map(str::to_owned));
    }
    command.extend(["--out".to_owned(), out.display().to_string()]);
    command.extend(["--tasks".to_owned(), tasks.to_string()]);
    let stem = args.scenario.file.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    let plain: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect();
    let name = format!("mingle-{}", plain.trim_matches('-'));
    terminal.data(engine::job_file(kind, &name, &command, tasks, out)?);
    Ok(())
}
