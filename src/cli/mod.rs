//! The command line: arguments in, files and a few words out. Only this module prints and looks at the clock.
//!
//! Data goes to stdout, all else to stderr. Exit codes: 0 done, 1 failed, 2 wrong arguments or
//! scenario, 75 a task that is to be tried again, 130 interrupted; a reader that has had enough (a broken pipe) is no failure.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod bet;
mod bet_outcome;
mod chart;
mod check;
mod completions;
mod cost;
mod engine;
mod failure;
mod load;
mod man;
mod memory;
mod merge;
mod outcome;
mod progress;
mod run;
mod schema;
mod sweep;
mod terminal;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand};

use failure::Failure;
use terminal::{ColorWish, Terminal};

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

/// What every subcommand understands.
#[derive(Debug, Args)]
struct Common {
    /// Say nothing on stderr but errors
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Print a machine-readable summary on stdout
    #[arg(long, global = true)]
    json: bool,
    /// Use colours; "auto" does in a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorWish,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a scenario and write its tables and charts
    Run(run::RunArgs),
    /// Play a scenario's bet: the same event attended as one strategy and as another
    Bet(bet::BetArgs),
    /// Run a scenario, or its bet, at every point of a design over its factors
    Sweep(sweep::SweepArgs),
    /// Take the parts of a sweep together that tasks have done
    Merge(merge::MergeArgs),
    /// Draw the charts of a result again, or compare several results
    Chart(chart::ChartArgs),
    /// Tell every fault of a scenario, and what a run would cost in memory and time
    Check(check::CheckArgs),
    /// Measure what a round of a scenario costs in time and memory
    Bench(bench::BenchArgs),
    /// Print the JSON schema of scenario files, for editors
    Schema,
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
    /// Print the manual page
    Man(man::ManArgs),
}

/// Does what the arguments ask for, says what went wrong, and gives the exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
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
    let terminal = Terminal::new(common.quiet, common.json, common.color);
    let done = match &command {
        Command::Run(args) => run::run(args, &terminal),
        Command::Bet(args) => bet::bet(args, &terminal),
        Command::Sweep(args) => sweep::sweep(args, &terminal),
        Command::Merge(args) => merge::merge(args, &terminal),
        Command::Chart(args) => chart::chart(args, &terminal),
        Command::Check(args) => check::check(args, &terminal),
        Command::Bench(args) => bench::bench(args, &terminal),
        Command::Schema => schema::schema(&terminal),
        Command::Completions(args) => completions::completions(args, Cli::command(), &terminal),
        Command::Man(args) => man::man(args, Cli::command(), &terminal),
    };
    done.map_or_else(|failure| report(&failure, &terminal), |()| ExitCode::SUCCESS)
}

/// Says what went wrong, and gives the exit code.
fn report(failure: &Failure, terminal: &Terminal) -> ExitCode {
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

/// Prints the help or the version, or what is wrong with the arguments, and gives the exit code.
fn reported_by_clap(error: &clap::Error, arguments: &[OsString]) -> ExitCode {
    // What the arguments would do to a terminal is taken out of them first.
    let shown = terminal::visible_arguments(arguments);
    let command = Cli::command().color(terminal::clap_color(arguments));
    let printed = match command.try_get_matches_from(shown) {
        Err(again) => again.print().and_then(|()| io::stdout().flush()),
        // They are wrong in no other way.
        Ok(_) => writeln!(io::stderr(), "{}", terminal::visible(&error.render().to_string()).trim_end()),
    };
    if error.use_stderr() {
        return ExitCode::from(failure::USAGE);
    }
    let terminal = Terminal::new(false, false, ColorWish::Auto);
    printed.map_or_else(|error| report(&terminal::lost(&error), &terminal), |()| ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
