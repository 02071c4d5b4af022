//! `mingle diff A B`

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::memory::MemoryEstimate;
use super::progress::{self, Work};
use super::{Failure, Terminal, again, causes, load};
use crate::experiment::{Divergence, divergence, level_of};
use crate::model::{ActRecord, Rules};
use crate::parallel::{Parallelism, ThreadPool};
use crate::results::{GainChange, InputNote, Recorded, Unchanged, gain_changes, is_folder};
use crate::scenario::{Differing, Scenario, differing};
use crate::stats::Level;

/// Arguments of `mingle diff`.
#[derive(Debug, clap::Args)]
pub(super) struct DiffArgs {
    /// Scenario file, or result folder
    #[arg(value_name = "A")]
    first: PathBuf,
    /// Another one
    #[arg(value_name = "B")]
    second: PathBuf,
    /// Number of threads [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
}

/// A side of the comparison.
struct Side {
    scenario: Scenario,
    /// The manifest, for a result folder.
    recorded: Option<Recorded>,
}

impl Side {
    fn read(path: &Path) -> Result<Self, Failure> {
        if !is_folder(path)? {
            return Ok(Self { scenario: load::load_file(path, &[])?, recorded: None });
        }
        load::check_result(path)?;
        let recorded = Recorded::read(path)?;
        if let Some(fault) = recorded.faults(path).into_iter().next() {
            return Err(fault.into());
        }
        let scenario = again::scenario(path, &recorded)?;
        Ok(Self { scenario, recorded: Some(recorded) })
    }

    /// The seeds of the replicates, for the result of a run.
    fn seeds(&self) -> Option<&[u64]> {
        let run = self.recorded.as_ref().filter(|recorded| recorded.command == "run");
        run.map(|recorded| recorded.replicate_seeds.as_slice())
    }
}

/// What two worlds have in common at first.
enum Parting {
    /// They have different random numbers or people, so nothing.
    NothingShared(&'static str),
    /// The same acts until here, and why.
    At(Box<Divergence>, Vec<causes::Tried>),
    /// All acts of the rounds that both have.
    Never,
}

/// Reports what differs between two scenarios or results.
pub(super) fn diff(args: &DiffArgs, terminal: &Terminal) -> Result<(), Failure> {
    let unchanged = [Unchanged::since_now(&args.first)?, Unchanged::since_now(&args.second)?];
    let compared = compared(args, terminal);
    // A result that was replaced meanwhile would seem damaged, or be two results.
    unchanged.iter().try_for_each(Unchanged::check)?;
    let compared = compared?;
    if terminal.json {
        terminal.json(&compared.json());
    } else {
        terminal.text(&compared.in_words());
    }
    Ok(())
}

/// What differs between two scenarios or results.
struct Compared {
    sides: [Side; 2],
    settings: Vec<Differing>,
    parting: Parting,
    gains: Option<Vec<GainChange>>,
}

fn compared(args: &DiffArgs, terminal: &Terminal) -> Result<Compared, Failure> {
    let sides = [Side::read(&args.first)?, Side::read(&args.second)?];
    let pool = ThreadPool::new(args.threads.unwrap_or(0).into()).map_err(Failure::Failed)?;
    let [a, b] = [&sides[0].scenario, &sides[1].scenario];
    let mut settings = differing(&a.to_comparable(), &b.to_comparable());
    settings.retain(|differing| differing.key != "title");
    let parting = parting([a, b], &settings, &pool, terminal)?;
    settings.extend(in_files([a, b]));
    let gains = match (sides[0].seeds(), sides[1].seeds()) {
        (Some(first), Some(second)) => {
            let dirs = [args.first.as_path(), args.second.as_path()];
            Some(gain_changes(dirs, [first, second], level_of(a)).map_err(again::unread)?)
        }
        _ => None,
    };
    Ok(Compared { settings, parting, gains, sides })
}

impl Compared {
    fn scenarios(&self) -> [&Scenario; 2] {
        self.sides.each_ref().map(|side| &side.scenario)
    }

    fn json(&self) -> Value {
        let (round, acts, why) = match &self.parting {
            Parting::At(found, why) => {
                let acts = both_in_words(found, self.scenarios());
                (Some(found.round), Some(acts), Some(causes::as_json(why)))
            }
            _ => (None, None, None),
        };
        json!({
            "settings": self.settings,
            "first_difference": { "round": round, "acts": acts, "why": why },
            "gains": self.gains,
        })
    }

    fn in_words(&self) -> String {
        let mut text = in_settings(&self.settings);
        text += &where_they_part(&self.parting, self.scenarios());
        text += &in_gains(self.gains.as_deref(), level_of(self.scenarios()[0]));
        text
    }
}

/// Finds where the first replicates of two scenarios part, and which of the settings that differ do it.
fn parting(
    scenarios: [&Scenario; 2],
    settings: &[Differing],
    pool: &ThreadPool,
    terminal: &Terminal,
) -> Result<Parting, Failure> {
    let [a, b] = scenarios;
    if a.seed != b.seed {
        return Ok(Parting::NothingShared("their seeds differ"));
    }
    if a.population.agents != b.population.agents {
        return Ok(Parting::NothingShared("their numbers of agents differ"));
    }
    MemoryEstimate::of_pair(scenarios, pool.n_threads()).check()?;
    let progress = progress::stoppable(terminal, "stopping")?;
    // One comparison of the worlds, and at most one for each setting.
    progress.expect(1 + settings.len() as u64);
    let rounds = a.rounds.min(b.rounds);
    let work = Work { progress: &progress, rounds, of: progress::RUN };
    // Acts do not depend on burn-in, which may not be known yet.
    let rules = scenarios.map(|scenario| Rules::new(&scenario.with_rounds(rounds)));
    let find = |par: Parallelism<'_>| match divergence([&rules[0], &rules[1]], par, &progress) {
        None => Ok(Parting::Never),
        Some(Ok(found)) => {
            let why = causes::tried(a, settings, &found, par, &progress);
            Ok(Parting::At(Box::new(found), why))
        }
        Some(Err(rounds)) => {
            Err(Failure::Interrupted(format!("the worlds are the same in the first {rounds} rounds")))
        }
    };
    progress::watched(terminal, &work, || pool.install(find))
}

/// The files of the same key and name that have other texts, by the beginnings of their hashes.
fn in_files([a, b]: [&Scenario; 2]) -> Vec<Differing> {
    let [a, b] = [a, b].map(|scenario| InputNote::all(scenario.provenance()));
    let short = |note: &InputNote| Some(format!("SHA-256 {}...", &note.sha256[..12]));
    let pairs = a.iter().filter_map(|note| {
        let other = b.iter().find(|other| other.key == note.key && other.file == note.file)?;
        (other.sha256 != note.sha256).then(|| Differing {
            key: format!("the text of {}", note.file),
            values: [short(note), short(other)],
        })
    });
    pairs.collect()
}

fn in_settings(settings: &[Differing]) -> String {
    if settings.is_empty() {
        return "settings: all the same\n".to_owned();
    }
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    let line = |differing: &Differing| {
        let [a, b] = differing.values.each_ref().map(shown);
        format!("  {}: {a} -> {b}\n", differing.key)
    };
    format!("settings that differ:\n{}", settings.iter().map(line).collect::<String>())
}

fn where_they_part(parting: &Parting, scenarios: [&Scenario; 2]) -> String {
    match parting {
        Parting::NothingShared(why) => format!("worlds: {why}, so they share nothing from the start\n"),
        Parting::Never => "worlds: replicate 0 has the same acts in all rounds that both have\n".to_owned(),
        Parting::At(found, why) => {
            let [a, b] = both_in_words(found, scenarios);
            let parts = match found.round {
                0 => "part in the first round".to_owned(),
                n => format!("are the same in the first {n} rounds, and part in round {n}"),
            };
            let why = causes::in_words(why, found);
            format!("worlds: those of replicate 0 {parts}:\n  A: {a}\n  B: {b}\n{why}")
        }
    }
}

/// The acts at which worlds part, each with the names of its scenario.
fn both_in_words(found: &Divergence, [a, b]: [&Scenario; 2]) -> [String; 2] {
    [in_words(found.acts[0].as_ref(), a), in_words(found.acts[1].as_ref(), b)]
}

/// An act in words.
fn in_words(act: Option<&ActRecord>, scenario: &Scenario) -> String {
    let Some(act) = act else { return "nothing more in this round".to_owned() };
    let name = |strategy: u16| scenario.strategies[usize::from(strategy)].name.as_str();
    // With failures a newcomer, who has no name, may be in the place.
    let names = if scenario.survival.is_none() { &scenario.community().names[..] } else { &[] };
    let who = |agent: u32| names.get(agent as usize).map_or_else(|| agent.to_string(), Clone::clone);
    let mut text = format!("{}: {} ({})", act.kind.name(), who(act.actor), name(act.strategy));
    if let (Some(other), Some(strategy)) = (act.other, act.other_strategy) {
        text += &format!(" to {} ({})", who(other), name(strategy));
    }
    text += &act.third.map_or_else(String::new, |third| format!(", {}", who(third)));
    text += &act.domain.map_or_else(String::new, |domain| format!(", domain {domain}"));
    text += &act.channel.map_or_else(String::new, |channel| format!(", {} {}", channel.name(), act.amount));
    if let Some([before, after]) = act.opinion {
        text += &format!(", opinion {before} -> {after}");
    }
    let phase = act.phase().name();
    let place = act.event.zip(act.slot).map_or_else(
        || phase.to_owned(),
        |(event, slot)| format!("town {}, event {}, slot {slot}", event.town, event.number),
    );
    format!("{text} ({place})")
}

fn in_gains(gains: Option<&[GainChange]>, level: Level) -> String {
    let Some(gains) = gains else {
        return "net benefit: run both to compare it, and name the two folders\n".to_owned();
    };
    let line = |change: &GainChange| {
        let [a, b] = change.means;
        let difference = match change.difference.ends() {
            Some((low, high)) => {
                format!("{:+.4}, {level} interval {low:+.4} to {high:+.4}", change.difference.mean)
            }
            None => format!("{:+.4}, no interval", change.difference.mean),
        };
        format!("  {}: {a:.4} -> {b:.4} ({difference})\n", change.strategy)
    };
    let how = match gains.first() {
        None => "no strategy is in both",
        Some(change) if change.paired => "paired by replicate",
        Some(_) => "not paired, because their seeds or replicates differ",
    };
    format!(
        "net benefit per agent and round after burn-in, {how}:\n{}",
        gains.iter().map(line).collect::<String>()
    )
}
