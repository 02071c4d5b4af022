//! The command `mingle`.

fn main() {}
