//! Progress of long work, and Ctrl-C.

// Time is used for the display only, never for results.
#![allow(clippy::disallowed_methods)]

use std::io::{self, IsTerminal, Write};
use std::process;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::ProgressWish;
use super::{Failure, Terminal, failure};
use crate::experiment::Progress;

/// The progress of a run that the first Ctrl-C asks to stop; the second one ends the process.
pub(super) fn interruptible(terminal: &Terminal) -> Result<Arc<Progress>, Failure> {
    stoppable(terminal, "stopping; what is whole is kept")
}

/// The same with another text for the first Ctrl-C.
pub(super) fn stoppable(terminal: &Terminal, stopping: &'static str) -> Result<Arc<Progress>, Failure> {
    let progress = Arc::new(Progress::default());
    let (watched, quiet) = (Arc::clone(&progress), terminal.quiet);
    ctrlc::set_handler(move || {
        if watched.request_stop() {
            let _ = writeln!(io::stderr(), "interrupted: ended at once, as was asked for twice");
            process::exit(failure::INTERRUPTED.into());
        }
        if !quiet {
            // A terminal shows ^C at the start of the line.
            let line = if io::stderr().is_terminal() { "\n" } else { "" };
            // Nobody may be reading any more, and a panic here would end the wait for the second Ctrl-C.
            let _ = writeln!(io::stderr(), "{line}{stopping} (Ctrl-C again quits at once)");
        }
    })
    .map_err(|error| Failure::Failed(format!("cannot listen for Ctrl-C: {error}")))?;
    Ok(progress)
}

/// The amount of work, and how much of it is done.
#[derive(Debug)]
pub(super) struct Work<'a> {
    /// Rounds done so far.
    pub(super) progress: &'a Progress,
    /// Rounds per replicate.
    pub(super) rounds: u32,
    /// Names of the units.
    pub(super) of: Units,
}

/// Names of the units in which work is counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Units {
    /// Replicates, or what corresponds to them.
    wholes: &'static str,
    /// Rounds, or what corresponds to them.
    parts: &'static str,
}

/// A run is counted in replicates of many rounds.
pub(super) const RUN: Units = Units { wholes: "replicates", parts: "rounds" };
/// The replicates by which burn-in is found.
pub(super) const PILOT: Units = Units { wholes: "pilot replicates", parts: "rounds" };
/// A bet is counted in worlds with many focal agents.
pub(super) const BET: Units = Units { wholes: "worlds", parts: "twins" };

/// A sweep over runs is counted in replicates of its points.
pub(super) const SWEEP: Units = Units { wholes: "replicates of all points", parts: "rounds" };
/// A sweep over bets is counted in worlds of its points.
pub(super) const BET_SWEEP: Units = Units { wholes: "worlds of all points", parts: "twins" };

/// Runs `task`. If it takes longer than a second and stderr is a terminal, a bar shows the progress of `work`; or lines do,
/// if that was asked for.
pub(super) fn watched<R>(terminal: &Terminal, work: &Work<'_>, task: impl FnOnce() -> R) -> R {
    /// Time before the bar is shown.
    const DELAY: Duration = Duration::from_secs(1);
    const REFRESH: Duration = Duration::from_millis(100);
    /// Time from line to line.
    const LINES: Duration = Duration::from_millis(500);
    if terminal.quiet {
        return task();
    }
    let start = Instant::now();
    thread::scope(|scope| {
        // Dropped when the task ends, also by a panic.
        let (_working, done) = mpsc::channel::<()>();
        let show = move || {
            let lines = terminal.progress == ProgressWish::Lines;
            let (mut wait, refresh) = if lines { (LINES, LINES) } else { (DELAY, REFRESH) };
            let mut bar = None;
            while done.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let now = Shown::of(work, start.elapsed());
                if lines {
                    // Nobody may be reading any more.
                    let _ = writeln!(io::stderr(), "progress {} {} {}", now.done, now.total, now.words);
                } else {
                    now.show(bar.get_or_insert_with(new_bar));
                }
                wait = refresh;
            }
            if let Some(bar) = bar {
                bar.finish_and_clear();
            }
        };
        // Without another thread nothing is shown, and the work is done all the same.
        let _ = thread::Builder::new().spawn_scoped(scope, show);
        task()
    })
}

/// A bar that is silent unless stderr is a terminal.
fn new_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {msg}").expect("the template is well formed");
    ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr()).with_style(style)
}

/// Progress as it is shown.
struct Shown {
    /// Parts done.
    done: u64,
    /// Parts in all, as far as is known.
    total: u64,
    words: String,
}

impl Shown {
    fn of(work: &Work<'_>, elapsed: Duration) -> Self {
        let Work { progress, .. } = work;
        let (rounds, wholes) = (progress.rounds_done(), progress.replicates_done());
        let expected = progress.replicates_expected();
        let total = u64::from(work.rounds).saturating_mul(expected);
        let words = describe(work.of, (wholes, expected), (rounds, total), elapsed);
        Self { done: rounds.min(total), total, words }
    }

    fn show(self, bar: &ProgressBar) {
        bar.set_length(self.total);
        // The message is set first, because the first change draws the bar.
        bar.set_message(self.words);
        bar.set_position(self.done);
    }
}

/// Replicates done, speed and time left.
fn describe(
    of: Units,
    (done, replicates): (u64, u64),
    (rounds, total): (u64, u64),
    elapsed: Duration,
) -> String {
    let speed = rounds as f64 / elapsed.as_secs_f64().max(1e-9);
    let so_far = format!("{done} of {replicates} {}", of.wholes);
    if rounds == 0 {
        return so_far;
    }
    let left = total.saturating_sub(rounds) as f64 / speed;
    let digits = usize::from(speed < 9.95);
    format!("{so_far}, {speed:.digits$} {}/s, {} left", of.parts, in_words(left))
}

/// A duration in words.
pub(super) fn in_words(seconds: f64) -> String {
    let whole = libm::round(seconds);
    if seconds < 0.95 {
        "less than a second".to_owned()
    } else if whole < 120.0 {
        format!("{whole:.0} s")
    } else if whole < 120.0 * 60.0 {
        format!("{:.0} min", whole / 60.0)
    } else if whole < 48.0 * 3600.0 {
        format!("{:.0} h", whole / 3600.0)
    } else {
        format!("{:.0} days", whole / 86_400.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_suitable_units() {
        let cases = [(0.2, "less than a second"), (61.0, "61 s"), (600.0, "10 min"), (9000.0, "2 h")];
        for (seconds, words) in cases {
            assert_eq!(in_words(seconds), words);
        }
    }

    #[test]
    fn progress_shows_speed_and_time_left() {
        let text = describe(RUN, (3, 20), (500, 2000), Duration::from_secs(5));
        assert_eq!(text, "3 of 20 replicates, 100 rounds/s, 15 s left");
        assert_eq!(describe(BET, (0, 20), (0, 2000), Duration::from_secs(5)), "0 of 20 worlds");
    }
}
