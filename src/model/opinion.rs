//! The one question that every decision asks: what does a think of b?

use std::sync::atomic::{AtomicU32, Ordering};

use super::rules::Rules;
use super::ties::{ANYWHERE, AgentId, Decay, Ties};
use crate::draws::rank;

/// Public standing of every agent, -1 to 1.
///
/// Within a slot standings are only read; between slots each is written by the one task that
/// has the agent at its event. Atomics make that plain to the compiler and cost nothing.
#[derive(Debug)]
pub(super) struct Standings(Vec<AtomicU32>);

impl Clone for Standings {
    fn clone(&self) -> Self {
        Self(self.0.iter().map(|standing| AtomicU32::new(standing.load(Ordering::Relaxed))).collect())
    }
}

impl Standings {
    /// `n` agents, all with standing `prior`.
    pub(super) fn new(n: usize, prior: f32) -> Self {
        Self((0..n).map(|_| AtomicU32::new(prior.to_bits())).collect())
    }

    /// Whether everybody's standing is the same.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        let bits = |standings: &Self| -> Vec<u32> {
            standings.0.iter().map(|standing| standing.load(Ordering::Relaxed)).collect()
        };
        bits(self) == bits(other)
    }

    /// The standing of an agent.
    #[inline]
    pub(super) fn get(&self, agent: AgentId) -> f32 {
        f32::from_bits(self.0[agent as usize].load(Ordering::Relaxed))
    }

    /// Sets the standing of an agent.
    #[inline]
    pub(super) fn set(&self, agent: AgentId, standing: f32) {
        debug_assert!((-1.0..=1.0).contains(&standing));
        self.0[agent as usize].store(standing.to_bits(), Ordering::Relaxed);
    }
}

/// How opinions are stored and compared in one round. Opinions are compared as they are stored: so those that
/// were equal when they were stored are equal in any later round, whatever rounding does to trust as read.
#[derive(Clone, Debug)]
pub(super) struct Thresholds {
    /// How the trust of ties is read.
    pub decay: Decay,
    /// Stored trust in a stranger.
    pub prior: f32,
    /// Opinion that a contact must exceed to be called, asked or named.
    call_threshold: f32,
    /// Least opinion for help, by behaviour.
    min_opinion: Vec<f32>,
}

impl Thresholds {
    /// Those of a round with this decay.
    pub(super) fn new(rules: &Rules, decay: Decay) -> Self {
        let stored = |opinion| if rules.public { opinion } else { decay.store(opinion) };
        Self {
            decay,
            prior: decay.store(rules.prior),
            call_threshold: stored(rules.call_threshold),
            min_opinion: rules.min_opinion.iter().copied().map(stored).collect(),
        }
    }
}

/// How opinions are read in one round: private trust or public standing.
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

    /// How the trust of ties is read.
    #[inline]
    pub(super) fn decay(&self) -> &'a Decay {
        &self.thresholds.decay
    }

    /// Stored trust in a stranger.
    #[inline]
    pub(super) fn prior(&self) -> f32 {
        self.thresholds.prior
    }

    /// Least opinion that somebody of this behaviour must have of those whom it helps, as stored.
    #[inline]
    pub(super) fn min_opinion(&self, behaviour: u16) -> f32 {
        self.thresholds.min_opinion[usize::from(behaviour)]
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

    /// An opinion, -1 to 1, given what is stored.
    #[inline]
    pub(super) fn value(&self, stored: f32) -> f32 {
        if self.public { stored } else { self.decay().read(stored) }
    }

    /// What stored opinions, or sums of them, are multiplied by.
    pub(super) fn scale(&self) -> f64 {
        self.value(1.0).into()
    }

    /// The contact of highest opinion, above the bar for calls, among those whom `wanted` accepts, and that
    /// opinion; equals are broken by a random rank that `word` keys.
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
