//! Reads the stories of a bet.

use super::super::bet::{SIDES, STORY_AGENTS, StoryRow};
use super::super::files::Files;
use super::ReadError;
use super::source::Source;
use crate::amount::Amount;

/// Reads `story.csv`: the rows of each story, in order.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_stories<'a>(files: impl Into<Files<'a>>) -> Result<Vec<Vec<StoryRow>>, ReadError> {
    let mut table = Source::open(files, "story.csv")?;
    let [story, reason, side, act] = table.columns(["story", "reason", "side", "act"])?;
    let [world, focal, step, round, after, actor] =
        table.columns(["world", "focal", "step", "round", "after", "actor"])?;
    let [cause, other, third, instead] = table.columns(["cause", "other", "third", "instead"])?;
    let [amount, difference] = table.columns(["amount", "difference"])?;
    let agents = table.columns(STORY_AGENTS)?;
    let names = STORY_AGENTS.map(|agent| table.column(&format!("{agent}_name")));
    let mut stories: Vec<Vec<StoryRow>> = Vec::new();
    while table.next()? {
        let t = &table;
        let optional = |column: usize| -> Result<Option<u32>, ReadError> {
            if t.text(column).is_empty() { Ok(None) } else { t.count(column).map(Some) }
        };
        let money = |column: usize| -> Result<Option<Amount>, ReadError> {
            Ok(Some(t.number(column)?).filter(|number| !number.is_nan()).map(Amount::of))
        };
        let named = |(agent, name): (&usize, &Option<usize>)| {
            let name = name.map(|name| t.text(name)).filter(|name| !name.is_empty())?;
            Some(t.count(*agent).map(|agent| (agent, name.to_owned())))
        };
        let row = StoryRow {
            story: t.text(story).to_owned(),
            world: t.count(world)?,
            focal: t.count(focal)?,
            step: t.count(step)?,
            cause: optional(cause)?,
            reason: t.text(reason).to_owned(),
            round: t.count(round)?,
            after: t.count(after)?,
            side: SIDES.iter().position(|name| *name == t.text(side)),
            act: t.text(act).to_owned(),
            actor: t.count(actor)?,
            other: optional(other)?,
            third: optional(third)?,
            instead: optional(instead)?,
            amount: money(amount)?,
            difference: money(difference)?,
            people: agents.iter().zip(&names).filter_map(named).collect::<Result<_, _>>()?,
        };
        match stories.last_mut().filter(|rows| rows.last().is_some_and(|last| last.story == row.story)) {
            Some(rows) => rows.push(row),
            None => stories.push(vec![row]),
        }
    }
    Ok(stories)
}
