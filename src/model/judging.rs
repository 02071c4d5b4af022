//! Judging: what an observer makes of an act.

use super::precision::single;
use crate::draws::chance;
use crate::scenario::{Norm, Region, ReputationRules, Strategy};

/// An act that can be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
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

impl Act {
    /// All acts, in their order.
    pub(super) const ALL: [Act; 4] = [Act::Help, Act::Refuse, Act::Push, Act::Encourage];
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

/// How acts are seen and judged by one observer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Eye<'a> {
    /// The norm and the chances of errors.
    pub rules: &'a ReputationRules,
    /// The region whose legibility and push penalty count.
    pub manners: &'a Region,
    /// The chance that an act is seen at all.
    pub observe: f64,
}

/// How likely an act of one actor is seen, and seen otherwise than by the norm. One word decides all:
/// chances are counted from the least words on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight {
    /// That it is seen.
    pub seen: f64,
    /// That the motive is read: legibility x (1 - polish) of what is seen.
    pub read: f64,
    /// That it is read as its opposite.
    pub misread: f64,
    /// Up to here, what is not read is judged as the opposite.
    pub misjudged: f64,
}

impl Eye<'_> {
    /// How likely an actor's acts are seen, read and got wrong.
    #[inline]
    pub(super) fn sight(&self, actor: Actor) -> Sight {
        let error = self.rules.assessment_error;
        let (seen, read) = (self.observe, self.observe * (self.manners.legibility * (1.0 - actor.polish)));
        Sight { seen, read, misread: read * error, misjudged: read + (seen - read) * error }
    }

    /// The norm's verdict on an act, -1 to 1.
    #[inline]
    pub(super) fn by_norm(&self, act: Act, recipient_good: bool) -> f32 {
        let sign = |good| if good { 1.0 } else { -1.0 };
        match act {
            Act::Help => sign(help_is_good(self.rules.norm, recipient_good)),
            Act::Refuse => sign(refusal_is_good(self.rules.norm, recipient_good)),
            Act::Push => -single(self.manners.push_penalty),
            Act::Encourage => single(self.rules.encourage_credit),
        }
    }

    /// The verdict on an act, -1 to 1: the norm's, or with chance legibility x (1 - polish) the
    /// actor's motive; then with chance `assessment_error` its opposite. None if the act is not seen.
    #[inline]
    pub(super) fn verdict(&self, act: Act, actor: Actor, recipient_good: bool, word: u32) -> Option<f32> {
        let sight = self.sight(actor);
        if !chance(word, sight.seen) {
            return None;
        }
        let (verdict, wrong) = if chance(word, sight.read) {
            (actor.motive, sight.misread)
        } else {
            (self.by_norm(act, recipient_good), sight.misjudged)
        };
        Some(if chance(word, wrong) { -verdict } else { verdict })
    }
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

    /// How often each verdict is given over all words, in steps of 2^-16.
    fn shares(eye: Eye<'_>, act: Act, actor: Actor) -> Vec<(Option<i32>, f64)> {
        let mut counts = std::collections::BTreeMap::new();
        for word in (0..1_u32 << 16).map(|high| high << 16) {
            // In hundredths, which have an order.
            #[allow(clippy::cast_possible_truncation)]
            let verdict = eye.verdict(act, actor, true, word).map(|v| (100.0 * v).round() as i32);
            *counts.entry(verdict).or_insert(0.0) += 1.0 / 65536.0;
        }
        counts.into_iter().collect()
    }

    #[test]
    fn verdicts_have_the_chances_that_seeing_reading_and_erring_multiply_to() {
        let scenario = crate::scenario::Scenario::default();
        let region = &scenario.regions[0];
        let mut rules = scenario.reputation.clone();
        rules.assessment_error = 0.1;
        let eye = Eye { rules: &rules, manners: region, observe: 0.5 };
        let warrior = Actor::new(&scenario.strategies[0], 1.0);
        // Legibility 0.3: of what is seen 0.3 are read, as -0.8, and a tenth of either goes wrong.
        let expected =
            [(None, 0.5), (Some(-100), 0.035), (Some(-80), 0.135), (Some(80), 0.015), (Some(100), 0.315)];
        for ((verdict, share), (wanted, chance)) in shares(eye, Act::Help, warrior).into_iter().zip(expected)
        {
            assert!(verdict == wanted && (share - chance).abs() < 1e-4, "{verdict:?}: {share}");
        }
        let polished = Actor { polish: 1.0, ..warrior };
        let hidden = shares(Eye { observe: 1.0, ..eye }, Act::Push, polished);
        assert_eq!(hidden.len(), 2, "the push penalty and its opposite: {hidden:?}");
    }

    #[test]
    fn learning_of_one_takes_the_verdict_whole() {
        assert!(learn(-0.3, 1.0, 1.0) == 1.0 && learn(0.4, -1.0, 1.0) == -1.0);
        assert!(learn(0.25, -1.0, 0.0) == 0.25);
    }
}
