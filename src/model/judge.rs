//! Judging: what an observer makes of an act.

use super::precision::single;
use crate::draws::{happens, threshold};
use crate::scenario::{Norm, ReputationRules};

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

/// The norm's verdicts, -1 to 1, in one region: by act, then by whether the recipient is good.
pub(super) type ByNorm = [[f32; 2]; 4];

/// What the norm says where pushing is judged by this penalty.
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

/// Thresholds of the word that decides what an observer makes of an act. One word decides all: chances are
/// counted from the least words on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Observation {
    /// The act is seen.
    pub seen: i32,
    /// The motive is read: `legibility` x (1 - polish) of what is seen.
    pub read: i32,
    /// It is read as its opposite.
    pub misread: i32,
    /// Up to here, what is not read is judged as the opposite.
    pub misjudged: i32,
}

impl Observation {
    /// Of acts that are seen with chance `observe`, of somebody who hides its motive with chance `polish`.
    pub(super) fn new(observe: f64, legibility: f64, polish: f64, error: f64) -> Self {
        let read = observe * (legibility * (1.0 - polish));
        Self {
            seen: threshold(observe),
            read: threshold(read),
            misread: threshold(read * error),
            misjudged: threshold(read + (observe - read) * error),
        }
    }

    /// Whether an act is seen, and the verdict on it: the norm's, or the motive where that is read, or the
    /// opposite of either by error. Without a branch, so that it can be computed for many acts side by side.
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
    fn verdicts_have_the_chances_that_seeing_reading_and_erring_multiply_to() {
        // Seen by half, of which 0.3 are read as -0.8; a tenth of either goes wrong.
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
    fn learning_of_one_takes_the_verdict_whole() {
        assert!(learn(-0.3, 1.0, 1.0) == 1.0 && learn(0.4, -1.0, 1.0) == -1.0);
        assert!(learn(0.25, -1.0, 0.0) == 0.25);
    }
}
