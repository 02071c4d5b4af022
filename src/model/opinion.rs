//! The one question that every decision asks: what does a think of b?

use std::sync::atomic::{AtomicU32, Ordering};

use super::rules::Rules;
use super::ties::{AgentId, Fading, Ties};
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

/// How opinions are read in one round: private trust or public standing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Regard<'a> {
    rules: &'a Rules,
    /// How trust fades.
    pub fading: Fading<'a>,
    standings: &'a Standings,
}

impl<'a> Regard<'a> {
    /// Opinions as they are read in the round of `fading`.
    pub(super) fn new(rules: &'a Rules, fading: Fading<'a>, standings: &'a Standings) -> Self {
        Self { rules, fading, standings }
    }

    /// Opinion that the holder of `ties` has of `other`.
    #[inline]
    pub(super) fn opinion(&self, ties: Ties<'_>, other: AgentId) -> f32 {
        if self.rules.public {
            self.standings.get(other)
        } else {
            ties.trust(other, self.fading).unwrap_or(self.rules.prior)
        }
    }

    /// The contact of highest opinion, above `bar`, among those whom `wanted` accepts, and that
    /// opinion; equals are broken by a random rank that `word` keys.
    #[inline]
    pub(super) fn best(
        &self,
        ties: Ties<'a>,
        wanted: impl Fn(AgentId) -> bool,
        bar: f32,
        word: u32,
    ) -> Option<(AgentId, f32)> {
        let mut best: Option<(AgentId, f32)> = None;
        for (i, &contact) in ties.contacts.iter().enumerate() {
            if !wanted(contact) {
                continue;
            }
            let opinion =
                if self.rules.public { self.standings.get(contact) } else { ties.trust_at(i, self.fading) };
            let better = match best {
                None => opinion > bar,
                Some((who, most)) => {
                    opinion > most || (opinion == most && rank(word, contact) > rank(word, who))
                }
            };
            if better {
                best = Some((contact, opinion));
            }
        }
        best
    }
}
