//! The command `mingle`.

use std::process::ExitCode;

fn main() -> ExitCode {
    mingle::program(std::env::args_os())
}
