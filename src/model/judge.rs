//! Judging: an observer's verdict on an act.

use super::precision::single;
use crate::draws::{happens, threshold};
use crate::scenario::{Norm, ReputationRules};

/// An act that can be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Act {
    /// Solving a need or referring.
    Help,
    /// Not helping although able, or failing at help.
    Refuse,
    /// Pushing the own need.
    Push,
    /// Encouraging.
    Encourage,
}

/// Whether the norm judges help to a good or bad recipient as good.
fn help_is_good(norm: Norm, recipient_good: bool) -> bool {
    match norm {
        Norm::ImageScoring | Norm::SimpleStanding => true,
        Norm::SternJudging | Norm::Shunning => recipient_good,
    }
}

/// Whether the norm judges refusal of a good or bad recipient as good.
fn refusal_is_good(norm: Norm, recipient_good: bool) -> bool {
    match norm {
        Norm::ImageScoring | Norm::Shunning => false,
        Norm::SimpleStanding | Norm::SternJudging => !recipient_good,
    }
}

/// The base verdicts in one region, -1 to 1: by act, then by whether the recipient is good.
pub(super) type ByNorm = [[f32; 2]; 4];

/// The base verdicts in a region with this penalty for pushing.
pub(super) fn by_norm(rules: &ReputationRules, push_penalty: f64) -> ByNorm {
    let sign = |good| if good { 1.0 } else { -1.0 };
    let recipients = [false, true];
    [
        recipients.map(|good| sign(help_is_good(rules.norm, good))),
        recipients.map(|good| sign(refusal_is_good(rules.norm, good))),
        [-single(push_penalty); 2],
        [single(rules.encourage_credit); 2],
    ]
}

/// Thresholds for the random word that decides how an act is judged. One word decides everything: each event
/// occupies a range of words, and smaller thresholds lie within larger ones.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Observation {
    /// The act is seen.
    pub seen: i32,
    /// The motive is read, with chance `legibility` x (1 - polish) if the act is seen.
    pub read: i32,
    /// The motive is read with the wrong sign.
    pub misread: i32,
    /// End of the range of words, after `read`, in which a base verdict gets the wrong sign.
    pub misjudged: i32,
}

impl Observation {
    /// The thresholds for acts that are seen with chance `observe`, by an actor with this `polish`.
    pub(super) fn new(observe: f64, legibility: f64, polish: f64, error: f64) -> Self {
        let read = observe * (legibility * (1.0 - polish));
        Self {
            seen: threshold(observe),
            read: threshold(read),
            misread: threshold(read * error),
            misjudged: threshold(read + (observe - read) * error),
        }
    }

    /// Whether an act is seen, and the verdict on it: the base verdict, or the motive if it is read; with the
    /// opposite sign in case of error. It has no branches, so that loops over acts can be vectorised.
    #[inline(always)]
    pub(super) fn verdict(self, word: u32, motive: f32, by_norm: f32) -> (bool, f32) {
        let is_read = happens(word, self.read);
        let verdict = if is_read { motive } else { by_norm };
        let is_wrong = happens(word, if is_read { self.misread } else { self.misjudged });
        (happens(word, self.seen), if is_wrong { -verdict } else { verdict })
    }
}

/// An opinion moved toward a verdict.
#[inline]
pub(super) fn learn(opinion: f32, verdict: f32, learning: f32) -> f32 {
    // With learning 1 this is exactly the verdict.
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
    fn verdicts_have_the_chances_that_seeing_reading_and_erring_multiply_to() {
        // Half of the acts are seen; the motive of 0.3 of these is read as -0.8; a tenth of the verdicts is wrong.
        let observation = Observation::new(0.5, 0.3, 0.0, 0.1);
        let expected = [(-1.0, 0.035), (-0.8, 0.135), (0.8, 0.015), (1.0, 0.315)];
        let verdicts: Vec<f32> = (0..1_u32 << 16)
            .map(|high| observation.verdict(high << 16, -0.8, 1.0))
            .filter_map(|(seen, verdict)| seen.then_some(verdict))
            .collect();
        assert!((verdicts.len() as f64 / 65536.0 - 0.5).abs() < 1e-4);
        for (verdict, chance) in expected {
            let share = verdicts.iter().filter(|v| **v == verdict).count() as f64 / 65536.0;
            assert!((share - chance).abs() < 1e-4, "{verdict}: {share}");
        }
        let polished = Observation::new(1.0, 0.3, 1.0, 0.1);
        assert!((0..1_u32 << 12).all(|high| polished.verdict(high << 20, -0.8, -0.3).1.abs() == 0.3));
    }

    #[test]
    fn with_learning_of_one_an_opinion_becomes_the_verdict() {
        assert!(learn(-0.3, 1.0, 1.0) == 1.0 && learn(0.4, -1.0, 1.0) == -1.0);
        assert!(learn(0.25, -1.0, 0.0) == 0.25);
    }
}
