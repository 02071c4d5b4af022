//! `mingle completions SHELL`

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Failure, Terminal};

/// Arguments of `mingle completions`.
#[derive(Debug, clap::Args)]
pub(super) struct CompletionsArgs {
    /// Shell to complete in
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints a completion script.
pub(super) fn completions(args: &CompletionsArgs, terminal: &Terminal) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "mingle", &mut script);
    terminal.data(script)
}
