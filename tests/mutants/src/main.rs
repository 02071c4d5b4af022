//! Puts switches for mutants into Rust sources.
//!
//! ```text
//! mingle-mutants ROOT WITHOUT FOLDER...
//! ```
//!
//! Every file of the folders below ROOT is rewritten in place, so that a call of `crate::switches::on(NUMBER)` decides at run time
//! whether the program does what the source says or what a mutant of it does. All mutants are compiled at once. Standard output
//! lists them: number, file, line, function, the mutant in words, separated by tabs. WITHOUT is a file with numbers of mutants
//! that are left out, since they do not compile. Numbers do not depend on it.
//!
//! The mutants are those of cargo-mutants: functions that return a fixed value, operators replaced or left out, arms of a match
//! left out, guards that always or never hold. Not mutated: macros, constants, `const fn`, tests.

mod mutate;
mod operators;
mod values;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("usage: mingle-mutants ROOT WITHOUT FOLDER...");
    let (root, without) = (PathBuf::from(next()), next());
    let without: BTreeSet<u32> = fs::read_to_string(&without)
        .unwrap_or_else(|e| panic!("{without}: {e}"))
        .split_whitespace()
        .map(|word| word.parse().expect("numbers"))
        .collect();
    let mut files = Vec::new();
    for folder in arguments {
        collect(&root.join(folder), &mut files);
    }
    files.sort();
    let tests = mutate::files_of_tests(&files);
    let mut number = 1;
    let of_tests =
        |file: &PathBuf| tests.iter().any(|test| file == test || file.starts_with(test.with_extension("")));
    for file in files.iter().filter(|file| !of_tests(file)) {
        let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let mut mutants = Vec::new();
        let rewritten = mutate::rewrite(&text, &mut number, &without, &mut mutants);
        fs::write(file, rewritten).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let name = file.strip_prefix(&root).expect("below the root").display();
        for mutant in mutants {
            println!("{}\t{name}\t{}\t{}\t{}", mutant.number, mutant.line, mutant.function, mutant.words);
        }
    }
}

/// The Rust files below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
