//! Tells the program which source it is built from, for the manifest of every result.
//!
//! Never fails a build: outside a git checkout of this very package the revision is "unknown".

// Printing is how a build script speaks to cargo.
#![allow(clippy::print_stdout)]

use std::process::Command;

/// What a build depends on; changes elsewhere do not make a revision dirty.
const SOURCES: [&str; 3] = ["src", "Cargo.toml", "Cargo.lock"];

/// Names the source in place of git, for builds that are to give the same bytes in every checkout.
const VARIABLE: &str = "MINGLE_REVISION";

fn main() {
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    if let Ok(revision) = std::env::var(VARIABLE) {
        println!("cargo::rustc-env=MINGLE_REVISION={revision}");
        return;
    }
    for path in SOURCES {
        println!("cargo::rerun-if-changed={path}");
    }
    // A commit changes no source, but the revision. The log of HEAD grows with each commit and checkout.
    for name in ["HEAD", "logs/HEAD"] {
        if let Some(path) =
            git(&["rev-parse", "--git-path", name]).filter(|p| std::path::Path::new(p).exists())
        {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    println!("cargo::rustc-env=MINGLE_REVISION={}", revision().unwrap_or_else(|| "unknown".into()));
}

/// The commit of the checkout, with `-dirty` if a source differs from it.
fn revision() -> Option<String> {
    // In another repository (for example one that contains an unpacked archive) the commit is not this package's.
    if !git(&["rev-parse", "--show-prefix"])?.is_empty() {
        return None;
    }
    let commit = git(&["rev-parse", "HEAD"])?;
    let changes = git(&[&["status", "--porcelain", "--untracked-files=no", "--"], &SOURCES[..]].concat())?;
    Some(if changes.is_empty() { commit } else { format!("{commit}-dirty") })
}

/// What git answers, or `None` where it has no answer.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|o| o.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
