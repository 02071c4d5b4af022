//! The cost of rounds: the figures of `mingle bench`, from times and counts.

use std::fmt::Write;
use std::time::Duration;

use serde_json::{Value, json};

use crate::model::Phase;
use crate::stats::quantile;

/// Number of phases.
const N_PHASES: usize = Phase::ALL.len();

/// The cost of one round.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RoundCost {
    /// Time of each phase, by [`Phase`].
    pub(super) phases: [Duration; N_PHASES],
    /// Number of slots for which pairs talked, summed over pairs.
    pub(super) pair_slots: u64,
}

impl RoundCost {
    fn nanoseconds(&self, phase: Phase) -> f64 {
        self.phases[phase as usize].as_secs_f64() * 1e9
    }

    /// All phases, in nanoseconds.
    fn whole(&self) -> f64 {
        self.phases.iter().sum::<Duration>().as_secs_f64() * 1e9
    }
}

/// The rounds that were measured.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    /// Number of warm-up rounds before them.
    pub(super) warmup: u32,
    /// The cost of each round.
    pub(super) rounds: Vec<RoundCost>,
    /// Number of ties of all agents at the end.
    pub(super) ties: u64,
    /// Whether the number of ties still grew at the end of the warm-up.
    pub(super) filling: bool,
}

/// The cost of the measured rounds, and the size of the world.
#[derive(Clone, Debug)]
pub(super) struct Cost {
    pub(super) title: String,
    pub(super) agents: u32,
    pub(super) threads: usize,
    /// The rounds.
    pub(super) measured: Measured,
    /// Maximum number of ties of an agent.
    pub(super) ties_max: u32,
    /// Growth of the peak of resident memory, in bytes; `None` if the system does not report it.
    pub(super) bytes_grown: Option<u64>,
    /// Estimated memory of a run, in bytes.
    pub(super) bytes_estimated: u64,
}

/// A cost per unit: over all rounds together, and the median and minimum of single rounds.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Figure {
    mean: f64,
    median: f64,
    least: f64,
}

/// The cost per unit, from pairs of cost and number of units by round. Rounds without units are left out. `None` if
/// there are no units.
fn figure(rounds: impl Iterator<Item = (f64, f64)>) -> Option<Figure> {
    let rounds: Vec<_> = rounds.filter(|(_, units)| *units > 0.0).collect();
    let (cost, units) = rounds.iter().fold((0.0, 0.0), |sum, round| (sum.0 + round.0, sum.1 + round.1));
    let mut each: Vec<f64> = rounds.iter().map(|(cost, units)| cost / units).collect();
    each.sort_unstable_by(f64::total_cmp);
    Some(Figure { mean: cost / units, median: quantile(&each, 0.5)?, least: *each.first()? })
}

impl Cost {
    /// The times per unit in nanoseconds, with their labels and their names in JSON.
    fn figures(&self) -> [(&'static str, &'static str, Option<Figure>); 3] {
        let agents = f64::from(self.agents);
        let rounds = self.measured.rounds.iter();
        // Counts of pairs are far below 2^53.
        let mixers = rounds.clone().map(|r| (r.nanoseconds(Phase::Mixers), r.pair_slots as f64));
        let outside = rounds.clone().map(|r| (r.whole() - r.nanoseconds(Phase::Mixers), agents));
        let whole = rounds.map(|r| (r.whole(), agents));
        [
            ("ns per pair and slot", "ns_per_pair_slot", figure(mixers)),
            ("ns per agent outside mixers", "ns_per_agent_outside_mixers", figure(outside)),
            ("ns per agent", "ns_per_agent", figure(whole)),
        ]
    }

    /// By phase: its name, its share of the time, and its milliseconds per round.
    fn phases(&self) -> Vec<(&'static str, f64, f64)> {
        let whole: f64 = self.measured.rounds.iter().map(RoundCost::whole).sum();
        let phase = |(phase, name)| {
            let own: f64 = self.measured.rounds.iter().map(|r| r.nanoseconds(phase)).sum();
            let share = if whole > 0.0 { own / whole } else { 0.0 };
            (name, share, own / 1e6 / self.measured.rounds.len().max(1) as f64)
        };
        Phase::ALL.into_iter().map(phase).collect()
    }

    fn bytes_per_agent(&self, bytes: u64) -> f64 {
        bytes as f64 / f64::from(self.agents)
    }

    fn ties_per_agent(&self) -> f64 {
        self.measured.ties as f64 / f64::from(self.agents)
    }

    fn pair_slots(&self) -> u64 {
        self.measured.rounds.iter().map(|r| r.pair_slots).sum()
    }

    /// The figures as a table for the terminal.
    pub(super) fn table(&self) -> String {
        let mut text = format!("{}\n", self.title);
        let mut line = |label: &str, value: &str| {
            writeln!(text, "  {label:<28} {value}").expect("a string takes all");
        };
        line("agents", &self.agents.to_string());
        line("threads", &self.threads.to_string());
        line("rounds", &format!("{} after {} to warm up", self.measured.rounds.len(), self.measured.warmup));
        let filling =
            if self.measured.filling { "; lists still fill, so a round will cost more" } else { "" };
        line("ties per agent", &format!("{:.1} of {}{filling}", self.ties_per_agent(), self.ties_max));
        line("pairs and slots", &self.pair_slots().to_string());
        line("", &columns(["mean", "median", "least"]));
        for (label, _, figure) in self.figures() {
            let number = |pick: fn(Figure) -> f64| figure.map_or("-".to_owned(), |f| nanoseconds(pick(f)));
            let numbers = [number(|f| f.mean), number(|f| f.median), number(|f| f.least)];
            line(label, &columns(numbers.each_ref().map(String::as_str)));
        }
        let bytes = |bytes| format!("{:>10.0}", self.bytes_per_agent(bytes));
        if let Some(grown) = self.bytes_grown {
            line("bytes per agent", &bytes(grown));
        }
        line("bytes per agent, estimated", &bytes(self.bytes_estimated));
        line("", &columns(["share", "ms a round", ""]));
        for (name, share, milliseconds) in self.phases() {
            let (share, milliseconds) = (format!("{:.1}%", share * 100.0), format!("{milliseconds:.3}"));
            line(name, &columns([&share, &milliseconds, ""]));
        }
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        lines.join("\n") + "\n"
    }

    /// The figures as JSON.
    pub(super) fn json(&self) -> Value {
        let mut all = json!({
            "title": self.title,
            "agents": self.agents,
            "threads": self.threads,
            "warmup": self.measured.warmup,
            "rounds": self.measured.rounds.len(),
            "ties_per_agent": self.ties_per_agent(),
            "ties_filling": self.measured.filling,
            "pair_slots": self.pair_slots(),
        });
        for (_, name, figure) in self.figures() {
            all[name] = figure
                .map_or(Value::Null, |f| json!({ "mean": f.mean, "median": f.median, "least": f.least }));
        }
        all["bytes_per_agent"] = self.bytes_grown.map(|bytes| self.bytes_per_agent(bytes)).into();
        all["bytes_per_agent_estimated"] = self.bytes_per_agent(self.bytes_estimated).into();
        for (name, share, milliseconds) in self.phases() {
            all["phases"][name] = json!({ "share": share, "ms_per_round": milliseconds });
        }
        all
    }
}

/// Three cells, aligned to the right.
fn columns(cells: [&str; 3]) -> String {
    let [a, b, c] = cells;
    format!("{a:>10} {b:>10} {c:>10}")
}

/// A time in nanoseconds, with one decimal if it is below 100.
fn nanoseconds(value: f64) -> String {
    let digits = if value < 100.0 { 1 } else { 0 };
    format!("{value:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A world of 100 agents. Needs take 1 microsecond, mixers 8, 12 or none, and close 1.
    fn cost() -> Cost {
        let round = |mixers, pair_slots| {
            let mut phases = [Duration::ZERO; N_PHASES];
            phases[Phase::Needs as usize] = Duration::from_micros(1);
            phases[Phase::Mixers as usize] = Duration::from_micros(mixers);
            phases[Phase::Close as usize] = Duration::from_micros(1);
            RoundCost { phases, pair_slots }
        };
        Cost {
            title: "Small".to_owned(),
            agents: 100,
            threads: 2,
            measured: Measured {
                warmup: 4,
                rounds: vec![round(8, 400), round(0, 0), round(12, 400), round(0, 0)],
                ties: 1_400,
                filling: true,
            },
            ties_max: 15,
            bytes_grown: Some(25_000),
            bytes_estimated: 30_000,
        }
    }

    #[test]
    fn times_are_divided_by_numbers_of_units() {
        let [(_, _, pair), (_, _, outside), (_, _, agent)] =
            cost().figures().map(|(a, b, f)| (a, b, f.unwrap()));
        let near = |figure: Figure, mean: f64, median: f64, least: f64| {
            let expected = [(figure.mean, mean), (figure.median, median), (figure.least, least)];
            assert!(expected.iter().all(|(a, b)| (a - b).abs() < 1e-9), "{figure:?}");
        };
        // Rounds without a mixer do not count for the time per pair.
        near(pair, 25.0, 25.0, 20.0);
        near(outside, 20.0, 20.0, 20.0);
        near(agent, 70.0, 60.0, 20.0);
    }

    #[test]
    fn shares_of_phases_sum_to_one() {
        let phases = cost().phases();
        assert!((phases.iter().map(|(_, share, _)| share).sum::<f64>() - 1.0).abs() < 1e-12);
        let (name, share, milliseconds) = phases[Phase::Mixers as usize];
        assert_eq!(name, "mixers");
        assert!((share - 20.0 / 28.0).abs() < 1e-12 && (milliseconds - 0.005).abs() < 1e-12);
        assert!(Phase::ALL.iter().enumerate().all(|(i, (phase, _))| *phase as usize == i));
    }

    #[test]
    fn without_pairs_there_is_no_time_per_pair() {
        let mut quiet = cost();
        quiet.measured.rounds.iter_mut().for_each(|r| r.pair_slots = 0);
        quiet.bytes_grown = None;
        assert!(quiet.json()["ns_per_pair_slot"].is_null() && quiet.json()["bytes_per_agent"].is_null());
        assert!(!quiet.table().contains("NaN"), "{}", quiet.table());
    }

    #[test]
    fn table_and_data_say_the_same() {
        let (table, data) = (cost().table(), cost().json());
        assert!(
            table.contains("\n  ns per pair and slot               25.0       25.0       20.0\n"),
            "{table}"
        );
        assert!(table.contains("\n  bytes per agent                     250\n"), "{table}");
        assert!(table.contains("  ties per agent               14.0 of 15; lists still fill"), "{table}");
        assert_eq!((&data["ties_per_agent"], &data["ties_filling"]), (&14.0.into(), &true.into()));
        assert_eq!((&data["pair_slots"], &data["bytes_per_agent"]), (&800.into(), &250.0.into()));
        assert_eq!(data["phases"].as_object().unwrap().len(), N_PHASES);
    }
}
