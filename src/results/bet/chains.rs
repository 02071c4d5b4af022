//! The chains of a story, from an evening to money, and their words.

use std::collections::BTreeMap;

use super::story::StoryRow;
use crate::amount::Amount;

/// What a focal agent gets from one other agent, in one of the worlds, by what it did with the same guest in an evening.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chain {
    /// Positions of the rows from the origin to the round that pays most.
    pub path: Vec<usize>,
    /// Positions of the rows that pay, in order.
    pub pays: Vec<usize>,
    /// The world.
    pub side: Option<usize>,
    /// What it adds to second - first.
    pub difference: Amount,
}

/// The chains of a story, those that carry most money first. They contain each row that pays once.
pub(crate) fn chains(rows: &[StoryRow]) -> Vec<Chain> {
    let paths: Vec<Vec<usize>> = (0..rows.len()).map(|place| path(rows, place)).collect();
    let mut groups: BTreeMap<Group, Vec<usize>> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate().filter(|(_, row)| row.amount.is_some()) {
        let path = &paths[place];
        let origin = match &path[..] {
            [first, ..] if rows[*first].round == row.round => (row.round, partner(row)),
            [evening, act, ..] if rows[*evening].act == EVENING => {
                (rows[*evening].round, partner(&rows[*act]))
            }
            [first, ..] => (rows[*first].round, partner(&rows[*first])),
            [] => (row.round, None),
        };
        groups.entry((row.side, partner(row), origin)).or_default().push(place);
    }
    let chain = |((side, ..), pays): (Group, Vec<usize>)| {
        let lead = lead(rows, &paths, &pays);
        let difference = pays.iter().filter_map(|&place| rows[place].difference).sum();
        Chain { path: paths[lead].clone(), pays, side, difference }
    };
    let mut chains: Vec<Chain> = groups.into_iter().map(chain).collect();
    let size = |chain: &Chain| chain.difference.billionths().abs();
    chains.sort_by_key(|chain| (std::cmp::Reverse(size(chain)), chain.pays[0]));
    chains
}

/// The world, the other agent, and the evening with the guest with whom it began.
type Group = (Option<usize>, Option<u32>, (u32, Option<u32>));

/// The agent with whom the focal agent deals in an act, or the first agent of an act among others.
fn partner(row: &StoryRow) -> Option<u32> {
    if row.actor == row.focal { row.other } else { Some(row.actor) }
}

/// Of the rows that pay, the one that is told: in the round that pays most, the last step that follows from its largest
/// payment.
fn lead(rows: &[StoryRow], paths: &[Vec<usize>], pays: &[usize]) -> usize {
    let of = |place: usize| rows[place].difference.unwrap_or(Amount::ZERO);
    let mut rounds: BTreeMap<u32, Amount> = BTreeMap::new();
    pays.iter().for_each(|&place| *rounds.entry(rows[place].round).or_insert(Amount::ZERO) += of(place));
    // Of equal ones the first.
    let most = rounds.iter().rev().max_by_key(|(_, sum)| sum.billionths().abs()).map(|(round, _)| *round);
    let here: Vec<usize> = pays.iter().copied().filter(|&place| Some(rows[place].round) == most).collect();
    let largest =
        here.iter().copied().rev().max_by_key(|&place| of(place).billionths().abs()).unwrap_or(pays[0]);
    let following = here.into_iter().filter(|&place| paths[place].contains(&largest));
    following.max_by_key(|&place| paths[place].len()).unwrap_or(largest)
}

/// Name of the step in which the focal agent acts by another strategy.
const EVENING: &str = "evening";

/// The rows from the origin of a row to itself.
fn path(rows: &[StoryRow], place: usize) -> Vec<usize> {
    let (mut path, mut at) = (vec![place], place);
    while let Some(cause) = rows[at].cause.map(|cause| cause as usize).filter(|cause| *cause < at) {
        path.push(cause);
        at = cause;
    }
    path.reverse();
    path
}

/// An amount with its sign.
pub(crate) fn signed(amount: Amount) -> String {
    if amount > Amount::ZERO { format!("+{amount}") } else { amount.to_string() }
}

/// Steps of a chain that are shown; of longer ones those in the middle are counted.
const SHOWN_MAX: usize = 9;

impl Chain {
    /// What the chain adds, and its steps; `names` are those of the two strategies.
    pub(crate) fn sentence(&self, rows: &[StoryRow], names: [&str; 2]) -> String {
        let world = self.side.map_or("", |side| names[side]);
        format!("{} as {world}: {}", signed(self.difference), self.steps(rows, names))
    }

    /// The steps in words; `names` are those of the two strategies.
    fn steps(&self, rows: &[StoryRow], names: [&str; 2]) -> String {
        let told: Vec<&StoryRow> = self.path.iter().map(|&place| &rows[place]).collect();
        // Judgements and conversations only lead from act to act.
        let between = |row: &StoryRow| ["judge", "talk", EVENING].contains(&row.act.as_str());
        let last = told.len() - 1;
        let mut steps: Vec<&StoryRow> = told
            .iter()
            .enumerate()
            .filter(|&(k, row)| k == last || !between(row))
            .map(|(_, row)| *row)
            .collect();
        // A guest may do the same in its own turn and in the other's.
        steps.dedup_by(|later, earlier| {
            later.amount.is_none() && later.round == earlier.round && act(later, names) == act(earlier, names)
        });
        let left_out = steps.len().saturating_sub(SHOWN_MAX);
        let cut = SHOWN_MAX / 2;
        if left_out > 0 {
            steps.drain(cut..cut + left_out);
        }
        let starts_at_evening = told[0].act == EVENING;
        let mut text = String::new();
        let mut before: Option<(u32, Option<usize>)> = None;
        for (k, row) in steps.iter().enumerate() {
            if k == cut && left_out > 0 {
                let steps = if left_out == 1 { "step" } else { "steps" };
                text += &format!("; {left_out} more {steps}");
            }
            let now = (row.after, row.side);
            if before != Some(now) {
                text += if k == 0 { "" } else { "; " };
                text += &when(row, before.is_none_or(|(after, _)| after != row.after), self.side, names);
            } else {
                text += ", ";
            }
            text += &act(row, names);
            before = Some(now);
        }
        if !starts_at_evening {
            text += ", which no earlier act explains";
        }
        text + &self.besides(rows, &steps)
    }

    /// What the chain pays besides the steps that are shown.
    fn besides(&self, rows: &[StoryRow], shown: &[&StoryRow]) -> String {
        let is_shown = |place: &&usize| shown.iter().any(|row| row.step == rows[**place].step);
        let others: Vec<&usize> = self.pays.iter().filter(|place| !is_shown(place)).collect();
        let sum: Amount = others.iter().filter_map(|place| rows[**place].amount).sum();
        match others.len() {
            0 => String::new(),
            1 => format!("; once more ({})", signed(sum)),
            n => format!("; {n} times more ({} in all)", signed(sum)),
        }
    }
}

/// When a step happens, and in which world if that is not the chain's.
fn when(row: &StoryRow, is_new: bool, side: Option<usize>, names: [&str; 2]) -> String {
    let round = match row.after {
        _ if !is_new => String::new(),
        0 => "evening".to_owned(),
        1 => "after 1 round".to_owned(),
        n => format!("after {n} rounds"),
    };
    let world =
        row.side.filter(|_| row.side != side).map_or(String::new(), |side| format!("as {}", names[side]));
    match (round.is_empty(), world.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("{round}: "),
        (true, false) => format!("{world}: "),
        (false, false) => format!("{round}, {world}: "),
    }
}

/// An act in words; the focal agent is "you".
fn act(row: &StoryRow, names: [&str; 2]) -> String {
    let is_you = |agent: u32| agent == row.focal;
    let name = |agent: Option<u32>| match agent {
        Some(agent) if is_you(agent) => "you".to_owned(),
        Some(agent) => row.called(agent),
        None => "nobody".to_owned(),
    };
    let (you, actor) = (is_you(row.actor), name(Some(row.actor)));
    let (other, third) = (name(row.other), name(row.third));
    let verb = |yours: &str, theirs: &str| format!("{actor} {}", if you { yours } else { theirs });
    let whose = if you { "your" } else { "its" };
    let text = match row.act.as_str() {
        EVENING => "you act otherwise".to_owned(),
        "attend" => verb("come", "comes"),
        "talk" => format!("{actor} and {other} talk"),
        "push" => format!("{} {whose} need to {other}", verb("push", "pushes")),
        "assist" if row.other == Some(row.focal) => verb("solve", "solves") + " your need",
        "assist" => format!("{} the need of {other}", verb("solve", "solves")),
        "refuse" => format!("{} {other}", verb("refuse", "refuses")),
        "refer" => format!("{} {third} to {other}", verb("name", "names")),
        "encourage" => format!("{} {other}", verb("encourage", "encourages")),
        "call" => {
            let world = row.side.map_or("otherwise", |side| names[1 - side]);
            let instead = row.instead.map(|expert| format!(" (as {world}: {})", name(Some(expert))));
            format!("{} {other}{}", verb("call", "calls"), instead.unwrap_or_default())
        }
        "busy" => format!("{} no time for {other}", verb("have", "has")),
        "fee" => format!("{} {other}", verb("pay", "pays")),
        "finder" => format!("{} {other} for the referral", verb("pay", "pays")),
        "judge" => format!("{} {other}", verb("judge", "judges")),
        "gossip" => format!("{} {other} about {third}", verb("tell", "tells")),
        "need" => format!("{} a need", verb("have", "has")),
        "lapse" => format!("{} {whose} need unsolved", verb("leave", "leaves")),
        "enter" => verb("are new", "is new"),
        "fail" => verb("fail", "fails"),
        "adopt" => format!("{} {whose} strategy", verb("change", "changes")),
        "overhead" => format!("{} overhead", verb("pay", "pays")),
        "travel_cost" => format!("{} for travel", verb("pay", "pays")),
        cost => format!("{actor}: {cost}"),
    };
    text + &row.amount.map_or_else(String::new, |amount| format!(" ({})", signed(amount)))
}

/// Chains of a story that the terminal shows.
const CHAINS_MAX: usize = 6;

/// A story in lines: its heading, and the chains that carry most money.
pub(super) fn lines(
    (name, world, focal): (&str, u32, u32),
    rows: &[StoryRow],
    difference: Amount,
    names: [&str; 2],
    after: u32,
) -> Vec<String> {
    let [first, second] = names;
    let focal = rows.first().map_or_else(|| focal.to_string(), |row| row.called(row.focal));
    let who = match name {
        super::story::CHOSEN => format!("agent {focal} of world {world}"),
        name => format!("a {name} focal agent, {focal} of world {world}"),
    }
    .replace("a luckiest", "the luckiest");
    let heading = format!(
        "the story of {who} (\"you\"): {second} - {first} is {} after {after} rounds",
        signed(difference)
    );
    if rows.is_empty() {
        return vec![format!("{heading}; nothing that pays it differs between the two worlds")];
    }
    let chains = chains(rows);
    let shown = chains.iter().take(CHAINS_MAX);
    let line = |chain: &Chain| format!("  {}", chain.sentence(rows, names));
    let mut lines: Vec<String> = std::iter::once(heading).chain(shown.map(line)).collect();
    let rest = &chains[chains.len().min(CHAINS_MAX)..];
    if !rest.is_empty() {
        let sum: Amount = rest.iter().map(|chain| chain.difference).sum();
        let (n, s) = (rest.len(), if rest.len() == 1 { "" } else { "s" });
        lines.push(format!("  {} in {n} more chain{s}, see story.csv", signed(sum)));
    }
    lines
}

#[cfg(test)]
mod tests;
