//! `mingle man`

use clap::Command;

use super::{Failure, Terminal};

/// Arguments of `mingle man`.
#[derive(Debug, clap::Args)]
pub(super) struct ManArgs {
    /// Subcommand to print the page of, instead of that of mingle itself
    #[arg(value_name = "SUBCOMMAND")]
    subcommand: Option<String>,
}

/// Prints a manual page of the program, whose arguments are those of `root`.
pub(super) fn man(args: &ManArgs, mut root: Command, terminal: &Terminal) -> Result<(), Failure> {
    root.build();
    let command = match &args.subcommand {
        None => root,
        Some(name) => root.find_subcommand(name).cloned().ok_or_else(|| {
            let names: Vec<_> = root.get_subcommands().map(|c| c.get_name()).collect();
            Failure::Usage(format!("there is no subcommand {name}; there are {}", names.join(", ")))
        })?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(|error| Failure::Failed(format!("cannot lay out the manual page: {error}")))?;
    terminal.data(page);
    Ok(())
}
