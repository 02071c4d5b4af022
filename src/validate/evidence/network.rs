//! What becomes of ties within a year.

use std::collections::BTreeSet;

use crate::model::AgentId;

/// The ties of every agent: contact and trust, by contact.
pub(super) type Ties = Vec<Vec<(AgentId, f32)>>;

/// Whether an agent has a tie to another.
pub(super) fn knows(ties: &Ties, ego: AgentId, alter: AgentId) -> bool {
    ties[ego as usize].binary_search_by_key(&alter, |tie| tie.0).is_ok()
}

/// A year of ties: those at its start, and who met whom at a mixer as a stranger.
#[derive(Debug)]
pub(super) struct NetworkYear {
    /// Trust above which an agent turns to a contact.
    bar: f32,
    before: Ties,
    /// Who met whom as a stranger at the first mixer.
    first_met: Vec<(AgentId, AgentId)>,
    /// The same for all mixers of the year.
    met: BTreeSet<(AgentId, AgentId)>,
}

/// Shares, at the end of the year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct YearOfTies {
    /// Of those met as strangers at the first mixer: whom one would turn to.
    pub(super) befriended: f64,
    /// Of those known since the year began, whom one would turn to: whom one met first at a mixer.
    pub(super) from_events: f64,
    /// Of those whom one would turn to at the start: whom one would not any more, if the two shared no contact then.
    pub(super) bridges_gone: f64,
    /// The same, if they shared one.
    pub(super) others_gone: f64,
}

impl NetworkYear {
    pub(super) fn new(before: Ties, bar: f32) -> Self {
        Self { bar, before, first_met: Vec::new(), met: BTreeSet::new() }
    }

    /// Adds those who met as strangers at the mixers of a round.
    pub(super) fn add(&mut self, strangers: Vec<(AgentId, AgentId)>) {
        self.met.extend(&strangers);
        if self.first_met.is_empty() {
            self.first_met = strangers;
        }
    }

    /// The shares, from the ties a year after the start.
    pub(super) fn at_end(&self, after: &Ties) -> YearOfTies {
        let (strong_before, strong_after) = (self.strong(&self.before), self.strong(after));
        let turns_to = |(ego, alter): (AgentId, AgentId)| has(&strong_after[ego as usize], alter);
        let befriended = self.first_met.iter().filter(|pair| turns_to(**pair)).count();
        let (mut new, mut from_events) = (0, 0);
        let (mut bridges, mut others) = ([0; 2], [0; 2]);
        for (ego, strong) in (0..).zip(&strong_after) {
            let since = strong.iter().filter(|alter| !knows(&self.before, ego, **alter));
            for alter in since {
                new += 1;
                from_events += usize::from(self.met.contains(&(ego, *alter)));
            }
        }
        for (ego, strong) in (0..).zip(&strong_before) {
            for alter in strong {
                let shared = strong.iter().any(|third| has(&strong_before[*alter as usize], *third));
                let counts = if shared { &mut others } else { &mut bridges };
                counts[usize::from(turns_to((ego, *alter)))] += 1;
            }
        }
        let gone = |[gone, kept]: [usize; 2]| share(gone, gone + kept);
        YearOfTies {
            befriended: share(befriended, self.first_met.len()),
            from_events: share(from_events, new),
            bridges_gone: gone(bridges),
            others_gone: gone(others),
        }
    }

    /// The contacts to whom each agent would turn, ascending.
    fn strong(&self, ties: &Ties) -> Vec<Vec<AgentId>> {
        let of = |ties: &Vec<(AgentId, f32)>| {
            ties.iter().filter(|tie| tie.1 > self.bar).map(|tie| tie.0).collect()
        };
        ties.iter().map(of).collect()
    }
}

fn has(sorted: &[AgentId], agent: AgentId) -> bool {
    sorted.binary_search(&agent).is_ok()
}

/// NaN where there is nothing to have a share in.
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_of_ties_is_that_counted_by_hand() {
        // 0, 1 and 2 know each other well; 0 and 3 share nobody. 0 hardly thinks of 4.
        let before: Ties = vec![
            vec![(1, 0.5), (2, 0.5), (3, 0.5), (4, 0.01)],
            vec![(0, 0.5), (2, 0.5)],
            vec![(0, 0.5), (1, 0.5)],
            vec![(0, 0.5)],
            Vec::new(),
        ];
        let mut year = NetworkYear::new(before.clone(), 0.05);
        year.add(vec![(1, 3), (3, 1)]);
        year.add(vec![(4, 2)]);
        // The bridge from 0 to 3 is gone, that from 3 to 0 is not, and one of the six other ties is. 1 still turns to 3
        // whom it met; 4 turns to 2, whom it met later, and to 1, of whom it heard otherwise.
        let mut after = before;
        after[0] = vec![(1, 0.5), (2, 0.04), (3, 0.01), (4, 0.2)];
        after[1].push((3, 0.1));
        after[4] = vec![(1, 0.1), (2, 0.1)];
        let found = year.at_end(&after);
        assert_eq!(found.befriended, 1.0 / 2.0);
        assert_eq!(found.from_events, 2.0 / 3.0, "0 knew 4 already");
        assert_eq!((found.bridges_gone, found.others_gone), (1.0 / 2.0, 1.0 / 6.0));
        assert!(NetworkYear::new(vec![Vec::new()], 0.0).at_end(&vec![Vec::new()]).befriended.is_nan());
    }
}
