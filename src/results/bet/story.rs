//! `story.csv`: the stories of focal agents, and which focal agents have one.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::super::columns::{Column, Kind, Table, column, optional};
use super::super::named::PeopleNames;
use super::super::table::Cell;
use crate::amount::Amount;
use crate::experiment::{Reason, Story, StoryStep, TwinRecord};

/// Of which focal agents a bet tells the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum StoryOf {
    /// Of a typical one, and of the luckiest.
    Both,
    /// Of the one whose difference at the last horizon is closest to the median.
    Typical,
    /// Of the one with the largest difference at the last horizon.
    Luckiest,
    /// Of this one.
    Agent {
        /// Number of the world.
        world: u32,
        /// The focal agent.
        focal: u32,
    },
}

impl fmt::Display for StoryOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Both => write!(f, "both"),
            Self::Typical => write!(f, "{TYPICAL}"),
            Self::Luckiest => write!(f, "{LUCKIEST}"),
            Self::Agent { world, focal } => write!(f, "{world}:{focal}"),
        }
    }
}

impl FromStr for StoryOf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let agent = || {
            let (world, focal) = text.split_once(':').unwrap_or(("0", text));
            Some(Self::Agent { world: world.parse().ok()?, focal: focal.parse().ok()? })
        };
        match text {
            "both" => Ok(Self::Both),
            TYPICAL => Ok(Self::Typical),
            LUCKIEST => Ok(Self::Luckiest),
            _ => agent().ok_or_else(|| {
                "expected typical, luckiest, both, or a focal agent as in bet.csv: its number, such as 54, in world \
                 0, or WORLD:AGENT, such as 3:54; other words go before --story"
                    .to_owned()
            }),
        }
    }
}

impl From<StoryOf> for String {
    fn from(of: StoryOf) -> Self {
        of.to_string()
    }
}

impl TryFrom<String> for StoryOf {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// The names of stories.
pub(crate) const TYPICAL: &str = "typical";
pub(crate) const LUCKIEST: &str = "luckiest";
pub(crate) const CHOSEN: &str = "chosen";

/// A focal agent, and its difference second - first at the last horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) world: u32,
    pub(super) focal: u32,
    pub(super) difference: Amount,
}

impl Candidate {
    /// A focal agent of a world.
    pub(super) fn of(world: u32, twin: &TwinRecord) -> Option<Self> {
        let last = twin.horizons.last()?;
        Some(Self { world, focal: twin.focal, difference: last.second.net - last.first.net })
    }
}

/// The focal agents whose stories are wanted, each with the name of its story; `median` is that of all differences. Of
/// several that fit equally well the first in `bet.csv` is taken.
pub(super) fn choose(of: StoryOf, twins: &[Candidate], median: f64) -> Vec<(&'static str, Candidate)> {
    let distance = |twin: &&Candidate| (twin.difference.per(1) - median).abs();
    let typical = twins.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
    // The last of equal ones in reverse order.
    let luckiest = twins.iter().rev().max_by_key(|twin| twin.difference);
    let named = |name: &'static str, twin: Option<&Candidate>| twin.map(|twin| (name, *twin));
    let chosen = match of {
        StoryOf::Both => [named(TYPICAL, typical), named(LUCKIEST, luckiest)],
        StoryOf::Typical => [named(TYPICAL, typical), None],
        StoryOf::Luckiest => [named(LUCKIEST, luckiest), None],
        StoryOf::Agent { world, focal } => {
            let is = |twin: &&Candidate| twin.world == world && twin.focal == focal;
            [named(CHOSEN, twins.iter().find(is)), None]
        }
    };
    chosen.into_iter().flatten().collect()
}

/// A story with its name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    /// Name of the story.
    pub(super) name: &'static str,
    /// The focal agent's difference second - first at the last horizon.
    pub(super) difference: Amount,
    pub(super) story: Story,
}

/// A row of `story.csv`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StoryRow {
    /// Name of the story.
    pub story: String,
    /// Number of the world.
    pub world: u32,
    /// The focal agent.
    pub focal: u32,
    /// Number of the step, from 0.
    pub step: u32,
    /// Number of the step that it follows from.
    pub cause: Option<u32>,
    /// Why it follows from it.
    pub reason: String,
    /// Round.
    pub round: u32,
    /// Rounds after the event.
    pub after: u32,
    /// Whether it is in the first or in the second world; `None` for both.
    pub side: Option<usize>,
    /// What happened.
    pub act: String,
    /// Who acted.
    pub actor: u32,
    /// To whom.
    pub other: Option<u32>,
    /// The third agent that is concerned.
    pub third: Option<u32>,
    /// Of a call, the expert whom the caller calls in the other world.
    pub instead: Option<u32>,
    /// What the focal agent gets by it in its world.
    pub amount: Option<Amount>,
    /// What it adds to second - first.
    pub difference: Option<Amount>,
    /// The agents of the row who have names, with these.
    pub people: Vec<(u32, String)>,
}

impl StoryRow {
    /// The name of an agent of the row; none without names, and for newcomers.
    pub(crate) fn name(&self, agent: u32) -> Option<&str> {
        self.people.iter().find(|(other, _)| *other == agent).map(|(_, name)| name.as_str())
    }

    /// The name of an agent of the row, or its number.
    pub(crate) fn called(&self, agent: u32) -> String {
        self.name(agent).map_or_else(|| agent.to_string(), str::to_owned)
    }
}

impl Told {
    /// The rows of the story; the event is in the round `event`.
    pub(super) fn rows(&self, event: u32, names: &PeopleNames) -> Vec<StoryRow> {
        let number = |place: usize| u32::try_from(place).expect("steps are counted in 32 bits");
        let row = |(place, step): (usize, &StoryStep)| StoryRow {
            story: self.name.to_owned(),
            world: self.story.world,
            focal: self.story.focal,
            step: number(place),
            cause: step.cause.map(number),
            reason: step.reason.name().to_owned(),
            round: step.round,
            after: step.round - event,
            side: step.side,
            act: step.kind.name().to_owned(),
            actor: step.actor,
            other: step.other,
            third: step.third,
            instead: step.instead,
            amount: step.amount,
            difference: step.difference(),
            people: self.people(step, names),
        };
        self.story.steps.iter().enumerate().map(row).collect()
    }

    /// The agents of a step who have names.
    fn people(&self, step: &StoryStep, names: &PeopleNames) -> Vec<(u32, String)> {
        let agents = [Some(self.story.focal), Some(step.actor), step.other, step.third, step.instead];
        let founders = agents.into_iter().flatten().filter(|agent| !self.story.is_newcomer(*agent, step));
        founders.filter_map(|agent| Some((agent, names.all().get(agent as usize)?.clone()))).collect()
    }
}

/// The columns of `story.csv` that have agents.
pub(crate) const AGENTS: [&str; 5] = ["focal", "actor", "other", "third", "instead"];

/// Names of the worlds.
pub(crate) const SIDES: [&str; 2] = ["first", "second"];

/// A row, in the order of the columns.
pub(super) fn cells(row: &StoryRow) -> Vec<Cell<'_>> {
    let nothing = Cell::Real(f64::NAN);
    let count = |n: Option<u32>| n.map_or(nothing, |n| Cell::Count(n.into()));
    let amount = |amount: Option<Amount>| amount.map_or(nothing, Cell::Amount);
    vec![
        Cell::Text(&row.story),
        Cell::Count(row.world.into()),
        Cell::Count(row.focal.into()),
        Cell::Count(row.step.into()),
        count(row.cause),
        Cell::Text(&row.reason),
        Cell::Count(row.round.into()),
        Cell::Count(row.after.into()),
        Cell::Text(row.side.map_or("both", |side| SIDES[side])),
        Cell::Text(&row.act),
        Cell::Count(row.actor.into()),
        count(row.other),
        count(row.third),
        count(row.instead),
        amount(row.amount),
        amount(row.difference),
    ]
}

/// `story.csv`
pub(super) fn table() -> Table {
    let mut columns = vec![
        column(
            "story",
            Kind::Text,
            "",
            "typical: of the focal agent with the difference closest to the median; luckiest: with the largest; \
             chosen: of one that was asked for.",
        ),
        column("world", Kind::Count, "index", "World, from 0."),
        column("focal", Kind::Count, "index", "Focal agent (place in the population), from 0."),
        column("step", Kind::Count, "index", "Step of the story, from 0."),
        optional(
            "cause",
            Kind::Count,
            "index",
            "Step that it follows from; empty if reason is evening or none.",
        ),
        Column { meaning: Cow::Owned(reasons()), ..column("reason", Kind::Text, "", "") },
    ];
    columns.extend(more_columns());
    Table {
        name: "story",
        meaning: "The acts that the worlds of a focal agent do not share and that pay it or lead to one that does, each \
                  with its cause; the differences sum to that in bet.csv.",
        columns,
        key: &["story", "step"],
    }
}

fn more_columns() -> Vec<Column> {
    let agent = |name, meaning| optional(name, Kind::Count, "index", meaning);
    vec![
        column("round", Kind::Count, "rounds", "Round (week), from 0."),
        column("after", Kind::Count, "rounds", "Rounds after the event."),
        column("side", Kind::Text, "", "World of the step: first, second, or both."),
        column(
            "act",
            Kind::Text,
            "",
            "evening: a mixer at which the focal agent acts as the first or as the second strategy; a kind of act as in \
             events.csv; or a cost that no act shows (overhead, travel_cost).",
        ),
        column("actor", Kind::Count, "index", "Agent who acts."),
        agent("other", "Agent toward whom or with whom it acts."),
        agent("third", "The third agent, as in events.csv."),
        agent("instead", "Of a call, the expert whom the caller calls in the other world."),
        optional(
            "amount",
            Kind::Real,
            "benefit",
            "What the focal agent gets by it in its world; negative for a cost, empty if it pays nothing.",
        ),
        optional("difference", Kind::Real, "benefit", "What it adds to second - first."),
    ]
}

/// The meaning of the column of reasons.
fn reasons() -> String {
    let names: Vec<&str> = Reason::ALL
        .iter()
        .map(|reason| reason.name())
        .filter(|name| !["none", "evening"].contains(name))
        .collect();
    format!(
        "Why it follows from its cause: the first condition of the act that differs between the worlds ({}), evening for \
         an evening itself, or none if no earlier act explains it.",
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_read_as_it_is_written() {
        let agent = StoryOf::Agent { world: 3, focal: 54 };
        for of in [StoryOf::Both, StoryOf::Typical, StoryOf::Luckiest, agent] {
            assert_eq!(of.to_string().parse(), Ok(of));
        }
        assert_eq!("54".parse(), Ok(StoryOf::Agent { world: 0, focal: 54 }));
        for bad in ["", "a.toml", "-1", "1:", ":1", "1:2:3", "4294967296"] {
            assert!(bad.parse::<StoryOf>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_typical_agent_is_closest_to_the_median_and_the_luckiest_gains_most() {
        let twin = |focal, difference| Candidate { world: 0, focal, difference: Amount::of(difference) };
        let twins = [twin(1, 0.5), twin(2, -3.0), twin(3, 4.0), twin(4, 0.5), twin(5, 4.0), twin(6, -0.5)];
        let focals =
            |of| choose(of, &twins, 0.4).into_iter().map(|(name, t)| (name, t.focal)).collect::<Vec<_>>();
        assert_eq!(focals(StoryOf::Both), [(TYPICAL, 1), (LUCKIEST, 3)], "of equal ones the first");
        assert_eq!(focals(StoryOf::Typical), [(TYPICAL, 1)]);
        assert_eq!(focals(StoryOf::Agent { world: 0, focal: 6 }), [(CHOSEN, 6)]);
        assert_eq!(focals(StoryOf::Agent { world: 1, focal: 6 }), []);
    }
}
