//! `mingle validate`

use std::path::PathBuf;

use serde_json::json;

use super::evidence::Request;
use super::made::Wanted;
use super::progress::{self, Work};
use super::{Failure, Terminal, chart, evidence};
use crate::experiment::Progress;
use crate::parallel::ThreadPool;
use crate::results::{ValidationNote, ValidationRow, ValidationWriter};
use crate::validate::{Case, FALSE_ALARM, Limits, cases};

/// Arguments of `mingle validate`.
#[derive(Debug, clap::Args)]
pub(super) struct ValidateArgs {
    /// Hold two scenarios against published patterns, in place of formulas
    #[arg(long)]
    evidence: bool,
    /// List the cases (patterns) with their sources, and run none
    #[arg(long)]
    list: bool,
    /// Run this case (pattern) only, or all whose names start so; may be repeated
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Number of the series of seeds, for other random numbers
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..1 << 32))]
    series: u64,
    /// Folder for the result [default: output/validation, or output/evidence]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Number of threads [default: as many as there are cores]; changes no result
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
    /// Draw no chart
    #[arg(long)]
    no_charts: bool,
    /// Overwrite an older result
    #[arg(long)]
    force: bool,
}

/// Runs special cases whose answer is known, and compares.
pub(super) fn validate(args: &ValidateArgs, terminal: &Terminal) -> Result<(), Failure> {
    let ended = if args.evidence { "output/evidence" } else { "output/validation" };
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(ended));
    if args.evidence {
        return evidence::evidence(
            &Request {
                list: args.list,
                only: &args.only,
                series: args.series,
                out: &out,
                threads: args.threads,
                charts: !args.no_charts,
                force: args.force,
            },
            terminal,
        );
    }
    let all = cases();
    let limits = Limits::of_all(&all);
    let chosen = evidence::choose(all, |case| &case.name, &args.only, ["case", "validate --list"])?;
    if args.list {
        return list(&chosen, terminal);
    }
    let writer = ValidationWriter::create(&out, args.force)?;
    let pool = ThreadPool::new(args.threads.unwrap_or(0).into()).map_err(Failure::Failed)?;
    let progress = progress::interruptible(terminal)?;
    let rows = run(args, &chosen, &limits, &pool, &progress, terminal);
    if rows.is_empty() {
        return Err(Failure::Interrupted("no case was complete yet, so nothing was kept".to_owned()));
    }
    let interrupted = progress.is_stopped();
    let disagree = rows.iter().filter(|row| !row.agrees).count();
    let answer = conclusion(&rows, disagree);
    let note = ValidationNote {
        only: &args.only,
        series: args.series,
        charts: !args.no_charts,
        interrupted,
        answer: &answer,
        more: &[],
    };
    let dir = writer.finish(&rows, &note)?;
    let (charts, drawn) = chart::of_result(&dir, Wanted::charts(!args.no_charts), &pool, terminal);
    let summary = json!({
        "quantities": rows.len(),
        "disagree": disagree,
        "interrupted": interrupted,
        "false_alarm": FALSE_ALARM,
        "rows": rows,
    });
    terminal.note(&answer);
    terminal.result(&dir, &charts, &summary);
    drawn?;
    if interrupted {
        let text = format!("the quantities of {} of {} cases are kept", done(&rows), chosen.len());
        return Err(Failure::Interrupted(text));
    }
    judged(&rows)
}

/// A failure if any quantity disagrees.
fn judged(rows: &[ValidationRow]) -> Result<(), Failure> {
    let off = rows.iter().filter(|row| !row.agrees).map(|row| format!("{} ({})", row.case, row.quantity));
    match off.collect::<Vec<_>>().as_slice() {
        [] => Ok(()),
        off => Err(Failure::Failed(format!("these quantities disagree with theory: {}", off.join(", ")))),
    }
}

/// Lists cases.
fn list(chosen: &[Case], terminal: &Terminal) -> Result<(), Failure> {
    if terminal.json {
        let cases = chosen.iter().map(|c| json!({ "case": c.name, "claim": c.claim, "source": c.source }));
        terminal.json(&cases.collect::<Vec<_>>());
        return Ok(());
    }
    let width = chosen.iter().map(|case| case.name.len()).max().unwrap_or(0);
    let line = |case: &Case| format!("{:width$}  {} [{}]\n", case.name, case.claim, case.source);
    terminal.text(&chosen.iter().map(line).collect::<String>());
    Ok(())
}

/// Runs cases and reports each when it is complete, until the progress is stopped.
fn run(
    args: &ValidateArgs,
    chosen: &[Case],
    limits: &Limits,
    pool: &ThreadPool,
    progress: &Progress,
    terminal: &Terminal,
) -> Vec<ValidationRow> {
    progress.expect(chosen.iter().map(|case| u64::from(case.replicates())).sum());
    let mut all = Vec::new();
    terminal.note(HEADER);
    for case in chosen {
        let work = Work { progress, rounds: case.rounds(), of: progress::RUN };
        let rows = progress::watched(terminal, &work, || case.run(args.series, limits, pool, progress));
        let Some(rows) = rows else { break };
        rows.iter().for_each(|row| terminal.note(&line(row)));
        all.extend(rows);
    }
    all
}

const HEADER: &str =
    "case                            quantity               expected  measured      s.e.      z";

fn line(row: &ValidationRow) -> String {
    let z = if row.z.is_finite() { format!("{:.2}", row.z) } else { "-".to_owned() };
    let word = if row.agrees { "" } else { "  DISAGREES" };
    format!(
        "{:31} {:21} {:>9.5} {:>9.5} {:>9.5} {z:>6}{word}",
        row.case, row.quantity, row.expected, row.measured, row.standard_error
    )
}

/// Number of cases in rows.
fn done(rows: &[ValidationRow]) -> usize {
    rows.chunk_by(|a, b| a.case == b.case).count()
}

fn conclusion(rows: &[ValidationRow], disagree: usize) -> String {
    let (n, cases) = (rows.len(), done(rows));
    let agree = match disagree {
        0 => format!("all {n} quantities of {cases} cases agree with theory"),
        _ => format!("{disagree} of {n} quantities of {cases} cases disagree with theory"),
    };
    format!("{agree}; a correct model fails with a chance below {}%", 100.0 * FALSE_ALARM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_quantity_that_disagrees_is_a_failure_that_names_it() {
        let row = |quantity: &str, agrees| ValidationRow {
            case: "case".to_owned(),
            quantity: quantity.to_owned(),
            source: String::new(),
            scenario: String::new(),
            settings: String::new(),
            expected: 1.0,
            measured: 2.0,
            standard_error: 0.0,
            allowance: 0.0,
            z: f64::INFINITY,
            limit: 4.0,
            values: 10,
            agrees,
        };
        let rows = [row("mean", true), row("variance", false)];
        assert!(judged(&rows[..1]).is_ok());
        let Err(Failure::Failed(text)) = judged(&rows) else { panic!("a quantity disagrees") };
        assert!(text.ends_with("case (variance)"), "{text}");
        assert!(conclusion(&rows, 1).starts_with("1 of 2 quantities of 1 cases disagree"));
        assert!(line(&rows[1]).ends_with("-  DISAGREES"), "{}", line(&rows[1]));
    }
}
