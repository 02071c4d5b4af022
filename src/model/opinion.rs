//! Opinions: private trust or public standing, and the thresholds for decisions.

use super::rules::Rules;
use super::shared::Shared32;
use super::ties::{ANYWHERE, AgentId, Decay, Ties};
use crate::draws::rank;

/// Public standing of every agent, -1 to 1, as the bits of a float.
///
/// Within a slot standings are only read. Between slots each is written by one task, that of the agent's event.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Standings(Vec<Shared32>);

impl Standings {
    /// The standings of `n` agents, all equal to `prior`.
    pub(super) fn new(n: usize, prior: f32) -> Self {
        Self(vec![Shared32::new(prior.to_bits()); n])
    }

    /// The standing of an agent.
    #[inline]
    pub(super) fn get(&self, agent: AgentId) -> f32 {
        f32::from_bits(self.0[agent as usize].get())
    }

    /// Sets the standing of an agent.
    #[inline]
    pub(super) fn set(&self, agent: AgentId, standing: f32) {
        debug_assert!((-1.0..=1.0).contains(&standing));
        self.0[agent as usize].set(standing.to_bits());
    }
}

/// Thresholds for opinions in one round, in stored units. Opinions are compared as stored. So opinions that were
/// equal when stored are equal in every later round, regardless of rounding in trust as read.
#[derive(Clone, Debug)]
pub(super) struct Thresholds {
    /// The decay of trust.
    pub decay: Decay,
    /// Opinion of a stranger.
    pub prior: f32,
    /// Opinion that a contact must exceed to be called, asked or named.
    call_threshold: f32,
}

impl Thresholds {
    /// The thresholds in a round with this decay.
    pub(super) fn new(rules: &Rules, decay: Decay) -> Self {
        let stored = |opinion| if rules.public { opinion } else { decay.store(opinion) };
        Self { decay, prior: decay.store(rules.prior), call_threshold: stored(rules.call_threshold) }
    }
}

/// Reads opinions in one round: private trust or public standing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opinions<'a> {
    thresholds: &'a Thresholds,
    standings: &'a Standings,
    public: bool,
}

impl<'a> Opinions<'a> {
    /// Opinions in the round of `thresholds`.
    pub(super) fn new(public: bool, thresholds: &'a Thresholds, standings: &'a Standings) -> Self {
        Self { thresholds, standings, public }
    }

    /// The decay of trust.
    #[inline]
    pub(super) fn decay(&self) -> &'a Decay {
        &self.thresholds.decay
    }

    /// Opinion of a stranger, as stored trust.
    #[inline]
    pub(super) fn prior(&self) -> f32 {
        self.thresholds.prior
    }

    /// A threshold for opinions, as stored.
    #[inline]
    pub(super) fn threshold(&self, opinion: f32) -> f32 {
        if self.public { opinion } else { self.decay().store(opinion) }
    }

    /// Opinion that the holder of `ties` has of `other`, as stored.
    #[inline]
    pub(super) fn stored(&self, ties: Ties<'_>, other: AgentId) -> f32 {
        if self.public {
            self.standings.get(other)
        } else {
            ties.find(other, ANYWHERE).unwrap_or(self.prior())
        }
    }

    /// The opinion, -1 to 1, of a stored opinion.
    #[inline]
    pub(super) fn value(&self, stored: f32) -> f32 {
        if self.public { stored } else { self.decay().read(stored) }
    }

    /// The factor from stored opinions, or sums of them, to opinions.
    pub(super) fn scale(&self) -> f64 {
        self.value(1.0).into()
    }

    /// The contact with the highest opinion among those that `wanted` accepts and that exceed the threshold for
    /// calls, and this opinion. Of equal contacts the one with the highest random rank by `word` is taken.
    #[inline]
    pub(super) fn best(
        &self,
        ties: Ties<'_>,
        wanted: impl Fn(AgentId) -> bool,
        word: u32,
    ) -> Option<(AgentId, f32)> {
        let mut best: Option<(AgentId, f32)> = None;
        for (&contact, &trust) in ties.contacts.iter().zip(ties.trust) {
            if !wanted(contact) {
                continue;
            }
            let opinion = if self.public { self.standings.get(contact) } else { trust };
            let better = match best {
                None => opinion > self.thresholds.call_threshold,
                Some((who, most)) => {
                    opinion > most || (opinion == most && rank(word, contact) > rank(word, who))
                }
            };
            if better {
                best = Some((contact, opinion));
            }
        }
        best.map(|(contact, opinion)| (contact, self.value(opinion)))
    }
}
