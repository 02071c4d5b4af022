//! Gratitude: when agents were last helped, which decides whether they pay forward, and how the grateful behave.

use super::shared::Shared16;
use super::ties::AgentId;
use crate::scenario::{HelpRules, Strategy};

/// The round in which each agent's need was last solved, plus 1; 0 if it never was. Empty if nobody pays forward.
///
/// While events run, each is written by one task, that of the agent's event.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct LastHelped(Vec<Shared16>);

impl LastHelped {
    /// Nobody of `n` agents was helped yet.
    pub(super) fn new(n: usize) -> Self {
        Self(vec![Shared16::new(0); n])
    }

    /// Whether it is recorded, because somebody pays forward.
    pub(super) fn is_kept(&self) -> bool {
        !self.0.is_empty()
    }

    /// Records that the need of an agent was solved.
    #[inline]
    pub(super) fn record(&self, agent: AgentId, round: u32) {
        if let Some(helped) = self.0.get(agent as usize) {
            helped.set(u16::try_from(round + 1).expect("a scenario has at most 65,535 rounds"));
        }
    }

    /// Forgets it: a newcomer takes the place.
    pub(super) fn forget(&self, agent: AgentId) {
        self.0.get(agent as usize).into_iter().for_each(|helped| helped.set(0));
    }

    /// Whether the need of an agent was solved in one of the `rounds` rounds before `round`.
    pub(super) fn is_recent(&self, agent: AgentId, round: u32, rounds: u32) -> bool {
        let helped = self.0.get(agent as usize).map_or(0, |helped| u32::from(helped.get()));
        helped > 0 && helped <= round && round - helped < rounds
    }
}

/// The traits of an agent that helps whatever it thinks of the other, because it pays forward or returns a favour;
/// `None` if nobody does either.
pub(super) fn helpful(help: &HelpRules, traits: &Strategy) -> Option<Strategy> {
    let helpful = Strategy {
        serve: 1.0,
        serve_sd: 0.0,
        comply: 1.0,
        comply_sd: 0.0,
        refer: 1.0,
        refer_sd: 0.0,
        min_opinion: -1.0,
        min_opinion_sd: 0.0,
        ..traits.clone()
    };
    (help.pay_forward > 0.0 || help.reciprocity > 0.0).then_some(helpful)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_recent_for_so_many_rounds_and_not_in_its_own() {
        let helped = LastHelped::new(2);
        helped.record(1, 7);
        let recent: Vec<u32> = (0..20).filter(|&round| helped.is_recent(1, round, 3)).collect();
        assert_eq!(recent, [8, 9, 10]);
        assert!((0..20).all(|round| !helped.is_recent(0, round, 3)), "it was never helped");
        helped.record(0, 0);
        assert!(!helped.is_recent(0, 0, 1) && helped.is_recent(0, 1, 1));
        helped.forget(1);
        assert!(!helped.is_recent(1, 8, 3));
    }

    #[test]
    fn nothing_is_kept_if_nobody_pays_forward() {
        let none = LastHelped::default();
        none.record(3, 1);
        assert!(!none.is_kept() && !none.is_recent(3, 2, 4));
    }
}
