//! The rule of a turn: what a guest does toward another, given facts and random words.
//!
//! Everything here is a function of numbers and has no branch, so that it can be computed for all guests of an
//! event side by side, and again for one guest where something has changed meanwhile.

use crate::draws::happens;

/// Stands for "no need" in the facts about a guest; no domain has this number.
pub(super) const NO_NEED: u32 = u16::MAX as u32;

/// What a guest can do and needs: its domain of expertise in the upper half, that of its open need or [`NO_NEED`] in
/// the lower.
pub(super) type Facts = u32;

/// The facts about a guest.
#[inline]
pub(super) fn facts(expertise: u16, need: Option<u16>) -> Facts {
    u32::from(expertise) << 16 | need.map_or(NO_NEED, u32::from)
}

/// Whether there is an open need.
#[inline(always)]
pub(super) fn needs_help(facts: Facts) -> bool {
    facts & NO_NEED != NO_NEED
}

/// What a guest sets out to do in its turn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Intention {
    /// It pushes its own need. Else the other's need is the one in question.
    pub pushes: bool,
    /// It asks about the other's need.
    pub serves: bool,
    /// The one who does not have the need in question is an expert in it: it could help.
    pub able: bool,
}

impl Intention {
    /// Whether somebody is asked to help, or offers to.
    #[inline(always)]
    pub(super) fn concerns_help(self, other: Facts) -> bool {
        self.pushes | (self.serves & needs_help(other))
    }
}

/// What a guest sets out to do toward another. A need is pushed once in a conversation.
#[inline(always)]
pub(super) fn intend(own: Facts, other: Facts, has_pushed: bool, ask: bool, serve: bool) -> Intention {
    let pushes = needs_help(own) & !has_pushed & ask;
    let (helper, helped) = if pushes { (other, own) } else { (own, other) };
    Intention { pushes, serves: !pushes & serve, able: helper >> 16 == helped & NO_NEED }
}

/// What decides whether the one who could help does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    /// Its opinion of the other suffices.
    pub willing: bool,
    /// It grants help when able: always where it offered it.
    pub grants: bool,
    /// It fails at it.
    pub fails: bool,
    /// It would point to somebody else when not able.
    pub refers: bool,
}

/// What becomes of a turn, besides the push: at most one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The need is solved.
    pub assists: bool,
    /// Somebody able does not help, or fails.
    pub refuses: bool,
    /// A referral, if there is somebody to refer to.
    pub refers: bool,
    /// Kind words, also in place of a referral to nobody in a turn that serves.
    pub encourages: bool,
}

/// What becomes of an intention. Where needs are `visible` it is a refusal to let one pass that one could solve.
#[inline(always)]
pub(super) fn outcome(intention: Intention, other: Facts, answer: Answer, visible: bool) -> Outcome {
    let Intention { pushes, serves, able } = intention;
    let concerns_help = intention.concerns_help(other);
    let helps = concerns_help & answer.willing;
    let assists = helps & able & answer.grants & !answer.fails;
    let lets_pass = !pushes & !serves & visible;
    let refers = helps & !able & answer.refers;
    Outcome {
        assists,
        refuses: able & !assists & (concerns_help | lets_pass),
        refers,
        encourages: serves & (!needs_help(other) | (helps & !able & !refers)),
    }
}

/// An answer by a word, of somebody who was asked (complies or not) or who offered help.
#[inline(always)]
pub(super) fn answer(
    pushed: bool,
    willing: bool,
    can_refer: bool,
    helper: &super::behaviour::Behaviour,
    word: u32,
) -> Answer {
    Answer {
        willing,
        grants: !pushed | happens(word, helper.comply),
        fails: happens(word, if pushed { helper.comply_fails } else { helper.fails }),
        refers: can_refer & happens(word, helper.refer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: Facts = 7 << 16 | NO_NEED;

    fn reported(
        own: Facts,
        other: Facts,
        [ask, serve]: [bool; 2],
        answer: Answer,
        visible: bool,
    ) -> (bool, Outcome) {
        let intention = intend(own, other, false, ask, serve);
        (intention.pushes, outcome(intention, other, answer, visible))
    }

    const YES: Answer = Answer { willing: true, grants: true, fails: false, refers: true };
    const NOTHING: Outcome = Outcome { assists: false, refuses: false, refers: false, encourages: false };

    #[test]
    fn a_push_is_assisted_referred_refused_or_passes() {
        let (own, expert) = (facts(1, Some(7)), NOBODY);
        let push = |other, answer| reported(own, other, [true, true], answer, false);
        assert_eq!(push(expert, YES), (true, Outcome { assists: true, ..NOTHING }));
        for answer in
            [Answer { willing: false, ..YES }, Answer { grants: false, ..YES }, Answer { fails: true, ..YES }]
        {
            assert_eq!(push(expert, answer), (true, Outcome { refuses: true, ..NOTHING }), "{answer:?}");
        }
        let other = facts(3, None);
        assert_eq!(push(other, YES), (true, Outcome { refers: true, ..NOTHING }));
        assert_eq!(push(other, Answer { willing: false, ..YES }), (true, NOTHING));
        assert_eq!(push(other, Answer { refers: false, ..YES }), (true, NOTHING));
    }

    #[test]
    fn a_need_is_pushed_once_and_only_if_there_is_one() {
        assert!(!intend(facts(1, Some(7)), NOBODY, true, true, false).pushes);
        let intention = intend(NOBODY, NOBODY, false, true, true);
        assert!(!intention.pushes && intention.serves && !intention.able);
    }

    #[test]
    fn who_serves_gives_refers_or_encourages() {
        let serve = |own, other, answer| reported(own, other, [false, true], answer, false).1;
        let (expert, needy) = (facts(7, None), facts(1, Some(7)));
        assert_eq!(serve(expert, needy, YES), Outcome { assists: true, ..NOTHING });
        assert_eq!(serve(expert, needy, Answer { fails: true, ..YES }), Outcome { refuses: true, ..NOTHING });
        assert_eq!(
            serve(expert, needy, Answer { willing: false, ..YES }),
            Outcome { refuses: true, ..NOTHING }
        );
        let other = facts(3, None);
        assert_eq!(serve(other, needy, YES), Outcome { refers: true, ..NOTHING });
        assert_eq!(
            serve(other, needy, Answer { refers: false, ..YES }),
            Outcome { encourages: true, ..NOTHING }
        );
        assert_eq!(serve(other, needy, Answer { willing: false, ..YES }), NOTHING);
        let no_opinion = Answer { willing: false, ..YES };
        assert_eq!(serve(other, NOBODY, no_opinion), Outcome { encourages: true, ..NOTHING });
    }

    #[test]
    fn small_talk_is_a_refusal_where_one_could_help_and_needs_are_visible() {
        let (expert, needy) = (facts(7, None), facts(1, Some(7)));
        let talk = |own, other, visible| reported(own, other, [false, false], YES, visible).1;
        assert_eq!(talk(expert, needy, true), Outcome { refuses: true, ..NOTHING });
        assert_eq!(talk(expert, needy, false), NOTHING);
        assert_eq!(talk(needy, expert, true), NOTHING);
    }
}
