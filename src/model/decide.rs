//! The rule of a turn: the act of a guest toward another, given facts and random words.
//!
//! Everything here is a pure function without branches. So it can be vectorised over all guests of an event, and
//! computed again for a single guest if something has changed.

use crate::draws::happens;

/// Marks "no need" in the facts about a guest; no domain has this number.
pub(super) const NO_NEED: u32 = u16::MAX as u32;

/// Facts about a guest: its domain of expertise in the upper half, the domain of its open need or [`NO_NEED`] in the
/// lower half.
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

/// The intention of a guest in its turn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Intention {
    /// The guest pushes its own need. Otherwise the turn concerns the other's need.
    pub pushes: bool,
    /// The guest asks about the other's need in order to help.
    pub serves: bool,
    /// The possible helper is an expert in the need that the turn concerns.
    pub able: bool,
}

impl Intention {
    /// Whether one of the two is asked to help, or offers help.
    #[inline(always)]
    pub(super) fn concerns_help(self, other: Facts) -> bool {
        self.pushes | (self.serves & needs_help(other))
    }
}

/// The intention of a guest toward another. A need is pushed at most once in a conversation.
#[inline(always)]
pub(super) fn intend(own: Facts, other: Facts, has_pushed: bool, ask: bool, serve: bool) -> Intention {
    let pushes = needs_help(own) & !has_pushed & ask;
    let (helper, helped) = if pushes { (other, own) } else { (own, other) };
    Intention { pushes, serves: !pushes & serve, able: helper >> 16 == helped & NO_NEED }
}

/// The answer of the possible helper.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    /// Its opinion of the other is high enough.
    pub willing: bool,
    /// It grants help if able.
    pub grants: bool,
    /// Its help fails.
    pub fails: bool,
    /// It refers the other to an expert if it is not able itself.
    pub refers: bool,
}

/// The outcome of a turn, besides a push: at most one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The need is solved.
    pub assists: bool,
    /// An able helper does not help, or fails.
    pub refuses: bool,
    /// A referral, if the helper knows an expert.
    pub refers: bool,
    /// Encouragement. In a turn that serves, also in place of a referral if the helper knows no expert.
    pub encourages: bool,
}

/// The outcome of an intention. If needs are `visible`, an able guest who does nothing about the other's need
/// refuses.
#[inline(always)]
pub(super) fn outcome(intention: Intention, other: Facts, answer: Answer, visible: bool) -> Outcome {
    let Intention { pushes, serves, able } = intention;
    let concerns_help = intention.concerns_help(other);
    let helps = concerns_help & answer.willing;
    let assists = helps & able & answer.grants & !answer.fails;
    let ignores = !pushes & !serves & visible;
    let refers = helps & !able & answer.refers;
    Outcome {
        assists,
        refuses: able & !assists & (concerns_help | ignores),
        refers,
        encourages: serves & (!needs_help(other) | (helps & !able & !refers)),
    }
}

/// The answer of a helper, given its random word, to another who `pushed`, or whom it asked itself. `gives` is the
/// threshold for help that nobody asked for.
#[inline(always)]
pub(super) fn answer(
    pushed: bool,
    willing: bool,
    can_refer: bool,
    helper: &super::behaviour::Behaviour,
    gives: i32,
    word: u32,
) -> Answer {
    Answer {
        willing,
        grants: happens(word, if pushed { helper.comply } else { gives }),
        fails: happens(word, if pushed { helper.comply_fails } else { helper.fails }),
        refers: can_refer & happens(word, helper.refer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: Facts = 7 << 16 | NO_NEED;

    fn turn(
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
        let push = |other, answer| turn(own, other, [true, true], answer, false);
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
    fn a_serving_guest_gives_refers_or_encourages() {
        let serve = |own, other, answer| turn(own, other, [false, true], answer, false).1;
        let (expert, needy) = (facts(7, None), facts(1, Some(7)));
        assert_eq!(serve(expert, needy, YES), Outcome { assists: true, ..NOTHING });
        for answer in [Answer { grants: false, ..YES }, Answer { fails: true, ..YES }] {
            assert_eq!(serve(expert, needy, answer), Outcome { refuses: true, ..NOTHING }, "{answer:?}");
        }
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
    fn small_talk_of_an_expert_is_a_refusal_where_needs_are_visible() {
        let (expert, needy) = (facts(7, None), facts(1, Some(7)));
        let talk = |own, other, visible| turn(own, other, [false, false], YES, visible).1;
        assert_eq!(talk(expert, needy, true), Outcome { refuses: true, ..NOTHING });
        assert_eq!(talk(expert, needy, false), NOTHING);
        assert_eq!(talk(needy, expert, true), NOTHING);
    }
}
