//! `mingle completions SHELL`

use clap::Command;
use clap_complete::Shell;

use super::Terminal;

/// Arguments of `mingle completions`.
#[derive(Debug, clap::Args)]
pub(super) struct CompletionsArgs {
    /// Shell to complete in
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints a completion script for the program, whose arguments are those of `root`.
pub(super) fn completions(args: &CompletionsArgs, mut root: Command, terminal: &Terminal) {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut root, "mingle", &mut script);
    terminal.data(script);
}
