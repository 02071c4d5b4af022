//! The command `mingle`.

use std::process::ExitCode;

fn main() -> ExitCode {
    mingle::cli::main(std::env::args_os())
}
