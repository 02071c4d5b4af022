//! Favours that people owe each other: direct reciprocity.

use super::ties::AgentId;
use crate::draws::{Purpose, RandomKey, bernoulli};
use crate::scenario::HelpRules;

/// A favour that an agent owes another.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Favour {
    from: AgentId,
    to: AgentId,
    /// The round of the help for which it is owed.
    since: u32,
}

impl Favour {
    fn pair(&self) -> (AgentId, AgentId) {
        (self.from, self.to)
    }
}

/// Help that solved a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Help {
    /// The agent who helped.
    pub helper: AgentId,
    /// The agent whose need was solved.
    pub helped: AgentId,
}

/// Bytes of a favour.
pub(crate) const FAVOUR_BYTES: u64 = size_of::<Favour>() as u64;

/// The favours that are owed. Of two people, the one whom the other helped last owes one, for some rounds. Favours are
/// few, so they are one list and not a number for each tie.
///
/// While events run and calls are made, favours are only read. [`Favours::settle`] changes them afterwards.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Favours {
    /// Chance that a favour is returned.
    chance: f64,
    /// For how many rounds a favour is owed.
    rounds: u32,
    /// Sorted by pair.
    owed: Vec<Favour>,
}

impl Favours {
    /// Nobody owes anything yet.
    pub(super) fn new(help: &HelpRules) -> Self {
        Self { chance: help.reciprocity, rounds: help.reciprocity_rounds, owed: Vec::new() }
    }

    /// Goes on by other rules. What is owed stays, unless nobody returns favours any more.
    pub(super) fn adopt(&mut self, help: &HelpRules) {
        (self.chance, self.rounds) = (help.reciprocity, help.reciprocity_rounds);
        if !self.are_kept() {
            self.owed.clear();
        }
    }

    /// Whether anybody returns favours.
    #[inline]
    pub(super) fn are_kept(&self) -> bool {
        self.chance > 0.0
    }

    /// Whether an agent, in this round, helps another because it owes a favour. It is one draw per pair and round.
    pub(super) fn returns(&self, agent: AgentId, other: AgentId, round: u32, key: RandomKey) -> bool {
        let Ok(place) = self.owed.binary_search_by_key(&(agent, other), Favour::pair) else { return false };
        let mut draws = key.stream(round, Purpose::Reciprocity, agent.into());
        self.is_owed(&self.owed[place], round) && bernoulli(draws.word_at(other.into()), self.chance)
    }

    fn is_owed(&self, favour: &Favour, round: u32) -> bool {
        round - favour.since <= self.rounds
    }

    /// Takes account of the help of a phase, given in its order: the helper owes nothing any more, the helped owes a favour.
    pub(super) fn settle(&mut self, help: &[Help], round: u32) {
        if !self.are_kept() || help.is_empty() {
            return;
        }
        // For each pair the last change: the favour begins, or is returned. A stable sort keeps the order of acts.
        let mut changes: Vec<(Favour, bool)> = help
            .iter()
            .flat_map(|&Help { helper, helped }| {
                let favour = |from, to| Favour { from, to, since: round };
                [(favour(helper, helped), false), (favour(helped, helper), true)]
            })
            .collect();
        changes.sort_by_key(|(favour, _)| favour.pair());
        let last = |same: &[(Favour, bool)]| same[same.len() - 1];
        let changes: Vec<(Favour, bool)> =
            changes.chunk_by(|a, b| a.0.pair() == b.0.pair()).map(last).collect();
        let is_changed =
            |favour: &Favour| changes.binary_search_by_key(&favour.pair(), |(new, _)| new.pair()).is_ok();
        let mut owed = std::mem::take(&mut self.owed);
        owed.retain(|favour| self.is_owed(favour, round) && !is_changed(favour));
        owed.extend(changes.iter().filter(|(_, begins)| *begins).map(|(favour, _)| favour));
        owed.sort_unstable_by_key(Favour::pair);
        self.owed = owed;
    }

    /// Forgets what agents owe and are owed who `have_left`.
    pub(super) fn forget(&mut self, have_left: impl Fn(AgentId) -> bool) {
        self.owed.retain(|favour| !have_left(favour.from) && !have_left(favour.to));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    const KEY: fn() -> RandomKey = || RandomKey::new(3);

    fn favours(chance: f64, rounds: u32) -> Favours {
        let sets = [format!("help.reciprocity={chance}"), format!("help.reciprocity_rounds={rounds}")];
        let scenario = Scenario::parse("", &sets.each_ref().map(String::as_str)).unwrap();
        Favours::new(&scenario.help)
    }

    fn help(pairs: &[[AgentId; 2]]) -> Vec<Help> {
        pairs.iter().map(|&[helper, helped]| Help { helper, helped }).collect()
    }

    /// The pairs in which the first returns a favour to the second in this round.
    fn returned(favours: &Favours, round: u32) -> Vec<[AgentId; 2]> {
        let pairs = (0..5).flat_map(|a| (0..5).map(move |b| [a, b]));
        pairs.filter(|&[a, b]| favours.returns(a, b, round, KEY())).collect()
    }

    #[test]
    fn of_two_people_the_one_whom_the_other_helped_last_owes_a_favour() {
        let mut favours = favours(1.0, 3);
        favours.settle(&help(&[[0, 1], [2, 1], [3, 4]]), 5);
        assert_eq!(returned(&favours, 5), [[1, 0], [1, 2], [4, 3]]);
        // Returned; twice back and forth; the same again.
        favours.settle(&help(&[[1, 0], [4, 3], [3, 4], [2, 1]]), 6);
        assert_eq!(returned(&favours, 6), [[0, 1], [1, 2], [4, 3]]);
        favours.forget(|agent| agent == 2);
        assert_eq!(returned(&favours, 6), [[0, 1], [4, 3]]);
    }

    #[test]
    fn a_favour_is_owed_for_so_many_rounds() {
        let mut favours = favours(1.0, 3);
        favours.settle(&help(&[[0, 1]]), 5);
        let rounds: Vec<u32> = (5..12).filter(|&round| favours.returns(1, 0, round, KEY())).collect();
        assert_eq!(rounds, [5, 6, 7, 8]);
        favours.settle(&help(&[[2, 3]]), 9);
        assert_eq!(favours.owed.len(), 1, "what is not owed any more takes no memory");
    }

    #[test]
    fn a_favour_is_returned_with_its_chance_in_each_round() {
        let mut favours = favours(0.3, 10_000);
        favours.settle(&help(&[[0, 1]]), 0);
        let n = (1..=10_000).filter(|&round| favours.returns(1, 0, round, KEY())).count() as f64;
        // 3000 expected, with a standard deviation of 46.
        assert!((n - 3_000.0).abs() < 184.0, "{n}");
    }

    #[test]
    fn nothing_is_kept_if_nobody_returns_favours() {
        let mut none = favours(0.0, 3);
        none.settle(&help(&[[0, 1]]), 5);
        assert!(!none.are_kept() && none.owed.is_empty());
    }
}
