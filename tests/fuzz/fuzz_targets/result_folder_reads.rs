//! A result in which a file has any content is drawn and reported on, or refused with the name of a file.

#![no_main]

use std::path::PathBuf;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use mingle::{BetOptions, BetPlan, Progress, RunOptions, Scenario, StoryOf, SweepInput, SweepOptions, SweepPlan};
use mingle_fuzz::{Counting, Folder, edited, pool};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const SMALL: &str = "rounds = 4\nburn_in = 1\nreplicates = 2\n[population]\nagents = 30\nties_max = 4\n\
    [bet]\nworlds = 2\nfocals = 2\nhorizons = [0, 3]\n[survival]\n[[region]]\nname = \"a\"\nshare = 0.5\n[[region]]\n\
    name = \"b\"\nshare = 0.5\n[[change]]\nround = 2\nkey = \"calls.fee\"\nvalue = \"0.1\"\n";
const SWEEP: &str = "rounds = 4\nburn_in = 1\nreplicates = 2\n[population]\nagents = 30\nties_max = 4\n\
    [[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nvalues = [0, 0.3]\n\
    [[factor]]\nname = \"rate\"\nkeys = \"needs.rate\"\nvalues = [0.1, 0.2]\n";

/// The files of a result.
type Files = Vec<(PathBuf, Vec<u8>)>;

/// A run, a bet with a story, and a sweep.
fn results() -> [Files; 3] {
    let (pool, progress) = (pool(), Progress::default());
    let result = |name: &str| {
        let folder = Folder::new(name);
        let dir = folder.path().to_owned();
        match name {
            "run" => {
                let scenario = Scenario::parse(SMALL, &[]).expect("it is valid");
                let options = RunOptions { agents: true, network: vec![3], ..RunOptions::default() };
                mingle::run_to(&dir, &scenario, options, &pool, &progress).expect("the disk is whole");
            }
            "bet" => {
                let text = SMALL.split("[[change]]").next().expect("there is a first part");
                let scenario = Scenario::parse_bet(text, &[]).expect("it is valid");
                let plan = BetPlan::new(&scenario, true);
                let options = BetOptions { worlds: 2, story: Some(StoryOf::Both), ..BetOptions::default() };
                mingle::bet_to(&dir, &plan, options, &pool, &progress).expect("the disk is whole");
            }
            _ => {
                let plan = SweepPlan::new(mingle::parse_sweep(SWEEP, &[]).expect("it is valid"), Vec::new());
                let input = SweepInput { plan: &plan, list: None };
                let options = SweepOptions::default();
                mingle::sweep_to(&dir, input, options, &pool, &progress).expect("the disk is whole");
            }
        }
        folder.files()
    };
    ["run", "bet", "sweep"].map(result)
}

fuzz_target!(|data: &[u8]| {
    static RESULTS: OnceLock<[Files; 3]> = OnceLock::new();
    static FOLDER: OnceLock<Folder> = OnceLock::new();
    let results = RESULTS.get_or_init(results);
    // The first byte says which result.
    let Some((first, rest)) = data.split_first() else { return };
    let result = match first {
        b'r' => &results[0],
        b'b' => &results[1],
        _ => &results[2],
    };
    let Some(files) = edited(result, rest) else { return };
    let folder = FOLDER.get_or_init(|| Folder::new("read"));
    folder.fill(&files);
    let pool = pool();
    for done in [mingle::draw(folder.path(), &pool).map(drop), mingle::report(folder.path(), &pool).map(drop)] {
        let Err(error) = done else { continue };
        let text = error.to_string();
        let named = files.iter().any(|(name, _)| text.contains(&*name.to_string_lossy()));
        assert!(named || text.contains(&*folder.path().to_string_lossy()), "it names no file: {text}");
    }
});
