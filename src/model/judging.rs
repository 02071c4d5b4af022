//! Judging: what an observer makes of an act.

use super::rules::single;
use crate::draws::chance;
use crate::scenario::{Norm, Region, ReputationRules, Strategy};

/// An act that can be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Solving a need or referring.
    Help,
    /// Letting an able hand rest, or failing.
    Refuse,
    /// Pushing the own need.
    Push,
    /// Kind words.
    Encourage,
}

/// Words that decide one judgement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdicts {
    /// Whether the motive is seen.
    pub read: u32,
    /// Whether the sign flips.
    pub misjudge: u32,
}

/// Who acted, as far as an observer can tell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Actor {
    /// serve - ask, -1 to 1.
    pub motive: f32,
    /// How well the motive is hidden here, 0 to 1.
    pub polish: f64,
}

impl Actor {
    /// An agent who acts by `traits`; `polish_here` is what its polish counts (1 at home).
    pub(super) fn new(traits: &Strategy, polish_here: f64) -> Self {
        Self { motive: single(traits.serve - traits.ask), polish: traits.polish * polish_here }
    }
}

/// Whether helping a recipient of such a standing is good.
fn help_is_good(norm: Norm, recipient_good: bool) -> bool {
    match norm {
        Norm::ImageScoring | Norm::SimpleStanding => true,
        Norm::SternJudging | Norm::Shunning => recipient_good,
    }
}

/// Whether refusing a recipient of such a standing is good.
fn refusal_is_good(norm: Norm, recipient_good: bool) -> bool {
    match norm {
        Norm::ImageScoring | Norm::Shunning => false,
        Norm::SimpleStanding | Norm::SternJudging => !recipient_good,
    }
}

/// The verdict on an act, -1 to 1: the norm's, or with chance legibility x (1 - polish) the
/// actor's motive; then with chance `assessment_error` its opposite.
///
/// `manners` is the region whose legibility and push penalty count.
pub(super) fn verdict(
    rules: &ReputationRules,
    manners: &Region,
    act: Act,
    actor: Actor,
    recipient_good: bool,
    luck: Verdicts,
) -> f32 {
    let sign = |good| if good { 1.0 } else { -1.0 };
    let base = if chance(luck.read, manners.legibility * (1.0 - actor.polish)) {
        actor.motive
    } else {
        match act {
            Act::Help => sign(help_is_good(rules.norm, recipient_good)),
            Act::Refuse => sign(refusal_is_good(rules.norm, recipient_good)),
            Act::Push => -single(manners.push_penalty),
            Act::Encourage => single(rules.encourage_credit),
        }
    };
    if chance(luck.misjudge, rules.assessment_error) { -base } else { base }
}

/// An opinion moved toward a verdict.
#[inline]
pub(super) fn learn(opinion: f32, verdict: f32, learning: f32) -> f32 {
    // At learning 1 this is the verdict itself, to the bit.
    (opinion * (1.0 - learning) + verdict * learning).clamp(-1.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn norms_are_the_four_of_the_literature() {
        let table = |norm| {
            [
                help_is_good(norm, true),
                help_is_good(norm, false),
                refusal_is_good(norm, true),
                refusal_is_good(norm, false),
            ]
        };
        assert_eq!(table(Norm::ImageScoring), [true, true, false, false]);
        assert_eq!(table(Norm::SimpleStanding), [true, true, false, true]);
        assert_eq!(table(Norm::SternJudging), [true, false, false, true]);
        assert_eq!(table(Norm::Shunning), [true, false, false, false]);
    }

    #[test]
    fn a_seen_motive_replaces_the_verdict_unless_polish_hides_it() {
        let scenario = crate::scenario::Scenario::default();
        let (rules, region) = (&scenario.reputation, &scenario.regions[0]);
        let seen = Verdicts { read: 0, misjudge: u32::MAX };
        let warrior = Actor::new(&scenario.strategies[0], 1.0);
        assert!((verdict(rules, region, Act::Help, warrior, true, seen) + 0.8).abs() < 1e-6);
        let polished = Actor { polish: 1.0, ..warrior };
        assert!(verdict(rules, region, Act::Help, polished, true, seen) == 1.0);
        let flipped = Verdicts { read: u32::MAX, misjudge: 0 };
        assert!(verdict(rules, region, Act::Help, warrior, true, flipped) == -1.0);
    }

    #[test]
    fn learning_of_one_takes_the_verdict_whole() {
        assert!(learn(-0.3, 1.0, 1.0) == 1.0 && learn(0.4, -1.0, 1.0) == -1.0);
        assert!(learn(0.25, -1.0, 0.0) == 0.25);
    }
}
