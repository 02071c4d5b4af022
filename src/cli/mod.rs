//! The command line: reads arguments, writes files and short messages. Only this module prints and uses the clock.
//!
//! Data goes to stdout, everything else to stderr. Exit codes: 0 done, 1 failed, 2 wrong arguments or scenario, 75 a
//! task that should be tried again, 130 interrupted. A broken pipe (the reader of stdout has closed it) is no failure.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod again;
mod bench;
mod beside;
mod bet;
mod bet_outcome;
mod burn_in;
mod causes;
mod chart;
mod check;
mod completions;
mod copies;
mod cost;
mod diff;
mod engine;
mod events;
mod evidence;
mod explore;
mod failure;
mod free_memory;
mod load;
mod made;
mod man;
mod memory;
mod merge;
mod outcome;
mod progress;
mod report;
mod run;
mod schema;
mod sets;
mod shown;
mod sweep;
mod terminal;
mod validate;
mod verify;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand};

use failure::Failure;
use terminal::{ColorWish, ProgressWish, Terminal};

/// A parallel agent-based simulator of networking events: when does serving others pay more than
/// working the room?
#[derive(Debug, Parser)]
#[command(name = "mingle", version, long_version = LONG_VERSION, propagate_version = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed, 2 wrong arguments or scenario, 75 a task of a sweep is to be tried again, 130 interrupted."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten, next_help_heading = "Common options")]
    common: Common,
}

/// The version with the source that it was built from.
const LONG_VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (source ", env!("MINGLE_REVISION"), ")");

/// Options of every subcommand.
#[derive(Debug, Args)]
struct Common {
    /// Print nothing but errors on stderr
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Print a machine-readable summary on stdout
    #[arg(long, global = true)]
    json: bool,
    /// Use colours; "auto" does in a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorWish,
    /// How progress is shown on stderr: a bar in a terminal, or for other programs a line every half second with
    /// "progress", the work done, the work in all, and words
    #[arg(long, global = true, value_name = "HOW", default_value = "bar")]
    progress: ProgressWish,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a scenario and write its tables, charts and report
    Run(run::RunArgs),
    /// Run a scenario's bet: the same event attended as one strategy and as another
    Bet(bet::BetArgs),
    /// Run a scenario, or its bet, at every point of a design over its factors
    Sweep(sweep::SweepArgs),
    /// Merge the parts of a sweep that tasks have done
    Merge(merge::MergeArgs),
    /// Draw the charts of a result again, or compare several results
    Chart(shown::ShownArgs),
    /// Write the page about a result again, or one page about several results
    Report(shown::ShownArgs),
    /// Check the files of a result, run some of its replicates again, and compare
    Verify(verify::VerifyArgs),
    /// Compare two runs or scenarios: settings, the first act in which their worlds differ, and what is gained
    Diff(diff::DiffArgs),
    /// Run special cases of the model whose answer is known, and compare
    Validate(validate::ValidateArgs),
    /// Report every fault of a scenario, and the memory and time that a run would take
    Check(check::CheckArgs),
    /// Write a page on which a scenario can be explored in a browser
    Explore(explore::ExploreArgs),
    /// Measure the time and memory that a round of a scenario takes
    Bench(bench::BenchArgs),
    /// Print the JSON schema of scenario files, for editors
    Schema,
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
    /// Print the manual page
    Man(man::ManArgs),
}

/// Runs the command that the arguments name, reports a failure, and returns the exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    block_file_size_signal();
    let arguments: Vec<_> = arguments.into_iter().collect();
    let command = Cli::command().color(terminal::clap_color(&arguments));
    let cli = match command
        .try_get_matches_from(&arguments)
        .and_then(|m| clap::FromArgMatches::from_arg_matches(&m))
    {
        Ok(cli) => cli,
        Err(error) => return reported_by_clap(&error, &arguments),
    };
    let Cli { command, common }: Cli = cli;
    let terminal = Terminal::new(common.quiet, common.json, common.color, common.progress);
    let done = match &command {
        Command::Run(args) => run::run(args, &terminal),
        Command::Bet(args) => bet::bet(args, &terminal),
        Command::Sweep(args) => sweep::sweep(args, &terminal),
        Command::Merge(args) => merge::merge(args, &terminal),
        Command::Chart(args) => chart::chart(args, &terminal),
        Command::Report(args) => report::report(args, &terminal),
        Command::Verify(args) => verify::verify(args, &terminal),
        Command::Diff(args) => diff::diff(args, &terminal),
        Command::Validate(args) => validate::validate(args, &terminal),
        Command::Check(args) => check::check(args, &terminal),
        Command::Explore(args) => explore::explore(args, &terminal),
        Command::Bench(args) => bench::bench(args, &terminal),
        Command::Schema => {
            schema::schema(&terminal);
            Ok(())
        }
        Command::Completions(args) => {
            completions::completions(args, Cli::command(), &terminal);
            Ok(())
        }
        Command::Man(args) => man::man(args, Cli::command(), &terminal),
    };
    // What stdout did not take comes last, because the command may have failed otherwise, and that counts.
    match (done, terminal.lost()) {
        (Err(failure), lost) => {
            if let Some(Failure::Failed(text)) = lost {
                terminal.error(text);
            }
            say(&failure, &terminal)
        }
        (Ok(()), Some(lost)) => say(lost, &terminal),
        (Ok(()), None) => ExitCode::SUCCESS,
    }
}

/// Blocks the signal that would end the program at a write beyond the limit on the size of files. Such a write is an
/// error then, as on a full disk. Threads that are started later inherit this.
fn block_file_size_signal() {
    #[cfg(unix)]
    {
        use nix::sys::signal::{SigSet, Signal};
        // Without it the program works, except at the limit.
        let _ = SigSet::from(Signal::SIGXFSZ).thread_block();
    }
}

/// Reports a failure, and returns the exit code.
fn say(failure: &Failure, terminal: &Terminal) -> ExitCode {
    let code = match failure {
        Failure::BrokenPipe => 0,
        Failure::Reported => failure::USAGE,
        Failure::Usage(text) => {
            terminal.error(text);
            failure::USAGE
        }
        Failure::Scenario(diagnostics) => {
            terminal.faults(diagnostics);
            failure::USAGE
        }
        Failure::Point(point, diagnostics) => {
            terminal.faults(diagnostics);
            terminal.error(point);
            failure::USAGE
        }
        Failure::Failed(text) => {
            terminal.error(text);
            failure::FAILED
        }
        Failure::TryAgain(text) => {
            terminal.error(text);
            failure::TRY_AGAIN
        }
        Failure::Interrupted(text) => {
            terminal.say(&format!("interrupted: {text}"));
            failure::INTERRUPTED
        }
    };
    ExitCode::from(code)
}

/// Prints the help, the version, or the fault of the arguments, and returns the exit code.
fn reported_by_clap(error: &clap::Error, arguments: &[OsString]) -> ExitCode {
    // Control characters in the arguments are written out first.
    let shown = terminal::visible_arguments(arguments);
    let command = Cli::command().color(terminal::clap_color(arguments));
    let printed = match command.try_get_matches_from(shown) {
        Err(again) => again.print().and_then(|()| io::stdout().flush()),
        // The arguments are valid once control characters are written out.
        Ok(_) => writeln!(io::stderr(), "{}", terminal::visible(&error.render().to_string()).trim_end()),
    };
    if error.use_stderr() {
        return ExitCode::from(failure::USAGE);
    }
    let terminal = Terminal::new(false, false, ColorWish::Auto, ProgressWish::Bar);
    printed.map_or_else(|error| say(&terminal::lost(&error), &terminal), |()| ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
