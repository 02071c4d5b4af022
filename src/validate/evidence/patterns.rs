//! The published patterns, and what of the model is held against each.
//!
//! Numbers and rules stand here before anything is measured, and are not changed to pass.

use super::campaign::Campaign;
use super::observe::Observed;
use super::rule::Rule;

/// A published pattern.
pub(crate) struct Pattern {
    /// Name, for `--only`.
    pub(crate) name: &'static str,
    /// What was found, in one sentence.
    pub(crate) claim: &'static str,
    /// Authors, year and title.
    pub(crate) source: &'static str,
    pub(super) quantities: Vec<Quantity>,
}

/// A quantity of a pattern.
pub(super) struct Quantity {
    pub(super) name: &'static str,
    /// The published value: both ends of a range, or twice the same number. A direction has the value without effect.
    pub(super) published: [f64; 2],
    pub(super) rule: Rule,
    pub(super) measure: Measure,
    /// Whether the scenario that was fitted was fitted to this.
    pub(super) fitted: bool,
    /// Why a scenario may not show it.
    pub(super) why: &'static str,
}

/// Measures a quantity: one value for each replicate, or for each world.
#[derive(Clone, Copy)]
pub(super) enum Measure {
    Run(fn(&Observed) -> f64),
    Bet(fn(&Campaign) -> f64),
}

/// A published number.
fn about(name: &'static str, published: f64, measure: fn(&Observed) -> f64, why: &'static str) -> Quantity {
    let (rule, measure) = (Rule::about(published), Measure::Run(measure));
    Quantity { name, published: [published; 2], rule, measure, fitted: false, why }
}

/// A published effect of this size, beside the value without any.
fn effect(
    name: &'static str,
    (published, no_effect): (f64, f64),
    measure: fn(&Observed) -> f64,
    why: &'static str,
) -> Quantity {
    let plain = about(name, published, measure, why);
    Quantity { rule: plain.rule.as_effect(no_effect), ..plain }
}

/// A published range.
fn between(
    name: &'static str,
    published: [f64; 2],
    measure: fn(&Observed) -> f64,
    why: &'static str,
) -> Quantity {
    let rule = Rule::between(published[0], published[1]);
    Quantity { published, rule, ..about(name, published[0], measure, why) }
}

/// A published direction: more than without effect.
fn more_than(name: &'static str, no_effect: f64, measure: Measure, why: &'static str) -> Quantity {
    Quantity { name, published: [no_effect; 2], rule: Rule::above(no_effect), measure, fitted: false, why }
}

impl Quantity {
    fn fitted(self) -> Self {
        Self { fitted: true, ..self }
    }
}

/// All patterns.
pub(crate) fn patterns() -> Vec<Pattern> {
    vec![
        mixer(),
        endings(),
        contact_times(),
        ties_made(),
        bridges(),
        intermediaries(),
        referrals(),
        gossip(),
        helpers(),
        givers(),
        meetings(),
        manner(),
    ]
}

/// Why chains of calls differ from those to jobs.
const INTERMEDIARIES: &str =
    "calls of the model are for any need, and most experts are known or named at a mixer";
/// Why givers may not be at both ends.
const GIVERS: &str = "gains differ by luck within a strategy and by manner between them; givers are not exploited more \
                      than others";

/// Whom guests of one evening meet.
fn mixer() -> Pattern {
    Pattern {
        name: "mixer",
        claim: "about 100 guests, a third of them known, have about 14 encounters each, half of them with people \
                they know: odds ratio 2",
        source: "Ingram & Morris 2007, Do people mix at mixers? Structure, homophily, and the \"life of the party\"",
        quantities: vec![
            about("encounters", 14.0, |o| o.evenings.encounters(), "an evening has fewer slots than that")
                .fitted(),
            about(
                "guests known",
                1.0 / 3.0,
                |o| o.evenings.guests_known(),
                "one knows few of a large population: each event has other guests",
            )
            .fitted(),
            effect(
                "odds ratio",
                (2.0, 1.0),
                |o| o.evenings.odds_ratio(),
                "with mixer.familiarity = 1 guests do not prefer those they know",
            )
            .fitted(),
            about(
                "encounters with known",
                0.5,
                |o| o.evenings.partners_known(),
                "it follows from the guests known and the odds ratio",
            ),
        ],
    }
}

/// How conversations end.
fn endings() -> Pattern {
    Pattern {
        name: "endings",
        claim: "2% of conversations end when both want it, about 30% when one does; the rest go on",
        source: "Mastroianni, Gilbert, Cooney & Wilson 2021, Do conversations end when people want them to?",
        quantities: vec![
            about(
                "ended when both wanted",
                0.02,
                |o| o.evenings.ended_by_both(),
                "people who leave by chance in each slot often want to leave in the same one",
            ),
            about(
                "ended when one wanted",
                0.3,
                |o| o.evenings.ended_by_wish(),
                "not with the default: conversations end as soon as either wants",
            ),
        ],
    }
}

/// How long people talk, and with how many.
fn contact_times() -> Pattern {
    Pattern {
        name: "contact-times",
        claim: "two people at a conference talk for very different times in all (squared coefficient of variation \
                17.4), and each meets 2.8 to 4.8 people for a minute or more in two hours",
        source: "SocioPatterns, SFHH conference 2009 (Stehlé et al. 2011, Simulation of an SEIR infectious disease \
                 model on the dynamic contact network of conference attendees)",
        quantities: vec![
            effect(
                "spread of pair times",
                (17.4, 1.0),
                |o| o.evenings.pair_time_cv2(),
                "lengths of talks are geometric and bounded by the evening, so they have no heavy tail",
            ),
            between(
                "partners",
                [2.8, 4.8],
                |o| o.evenings.encounters(),
                "everybody talks in every slot of a mixer; at a conference most time is spent otherwise",
            ),
        ],
    }
}

/// What events make of strangers.
fn ties_made() -> Pattern {
    Pattern {
        name: "ties-made",
        claim: "about 90% of those put together never become friends or advisers, and a third of those one knows \
                come so",
        source: "Hasan & Koning 2020, Designing social networks: joint tasks and the formation and endurance of \
                 network ties",
        quantities: vec![
            about(
                "turned to after a year",
                0.1,
                |o| o.ties.befriended,
                "within a year many meet again at a mixer or call each other, which renews an opinion",
            ),
            about(
                "network made at events",
                1.0 / 3.0,
                |o| o.ties.from_events,
                "beside mixers there are only referrals and hearsay by which people get to know each other",
            ),
        ],
    }
}

/// How long ties last.
fn bridges() -> Pattern {
    Pattern {
        name: "bridges",
        claim: "nine in ten ties between people without a common contact are gone within a year, more than of \
                other ties",
        source: "Burt 2002, Bridge decay",
        quantities: vec![
            about(
                "bridges gone in a year",
                0.9,
                |o| o.ties.bridges_gone,
                "those who meet at mixers or call each other again keep a tie alive",
            ),
            more_than(
                "bridges gone less other ties gone",
                0.0,
                Measure::Run(|o| o.ties.bridges_gone - o.ties.others_gone),
                "ties fade at the same rate whether or not two people have a common contact",
            ),
        ],
    }
}

/// Who stands between those in need and those who help.
fn intermediaries() -> Pattern {
    Pattern {
        name: "intermediaries",
        claim: "jobs were found directly in 39% of cases, through one person in 45%, and through more in 16%",
        source: "Granovetter 1973, The strength of weak ties, and 1974, Getting a job (figures recalled, not \
                 looked up)",
        quantities: vec![
            about("nobody between", 0.39, |o| o.people.between()[0], INTERMEDIARIES),
            about("one between", 0.45, |o| o.people.between()[1], INTERMEDIARIES),
            about("two or more between", 0.16, |o| o.people.between()[2], INTERMEDIARIES),
        ],
    }
}

/// How often people refer.
fn referrals() -> Pattern {
    Pattern {
        name: "referrals",
        claim: "members of a referral network give 47 to 52 referrals a year",
        source: "BNI, own figures for the United Kingdom and Ireland 2013 and for the world to June 2023",
        quantities: vec![between(
            "referrals a year",
            [47.0, 52.0],
            |o| o.people.referrals(),
            "at most five needs a year arise for each person, and few referrals are given for each",
        )],
    }
}

/// How much people talk about others.
fn gossip() -> Pattern {
    Pattern {
        name: "gossip",
        claim: "14% of conversation is about people who are absent",
        source: "Robbins & Karan 2020, Who gossips and how in everyday life?",
        quantities: vec![about(
            "share of gossip",
            0.14,
            |o| o.gossip,
            "gossip is a weekly phase of its own, not a part of conversations; conversations at home or at work \
             are not in the model",
        )],
    }
}

/// Who helps.
fn helpers() -> Pattern {
    Pattern {
        name: "helpers",
        claim: "3 to 5% of the people give 20 to 35% of the help",
        source: "Cross, Rebele & Grant 2016, Collaborative overload",
        quantities: vec![between(
            "help of the top 4%",
            [0.2, 0.35],
            |o| o.people.top_helpers(),
            "people of a strategy are alike, and an expert takes one call a week, so help is spread over many",
        )],
    }
}

/// Who is successful.
fn givers() -> Pattern {
    Pattern {
        name: "givers",
        claim: "those who give more than they take are found at both ends of success",
        source: "Grant 2013, Give and take",
        quantities: vec![
            more_than("givers in the top tenth", 1.0, Measure::Run(|o| o.givers_at_ends[1]), GIVERS),
            more_than("givers in the bottom tenth", 1.0, Measure::Run(|o| o.givers_at_ends[0]), GIVERS),
        ],
    }
}

/// What meeting regularly brings.
fn meetings() -> Pattern {
    Pattern {
        name: "meetings",
        claim: "firms whose managers met every month for a year gained 8.1% in revenue, still so a year later; \
                single meetings made fewer partnerships",
        source: "Cai & Szeidl 2018, Interfirm relationships and business performance",
        quantities: vec![
            effect(
                "gain of attending",
                (0.081, 0.0),
                |o| o.attending,
                "net benefit is only what networks bring; the rest of a firm's revenue is not in the model",
            ),
            more_than(
                "a year of service less one evening",
                0.0,
                Measure::Bet(|c| c.year[1] - c.evening[1]),
                "what service earns differs so much between people that ten worlds may not show it",
            ),
            more_than(
                "gain in the year after",
                0.0,
                Measure::Bet(|c| c.year[1] - c.year[0]),
                "opinions fade, so what was earned is lost",
            ),
        ],
    }
}

/// What the manner brings.
fn manner() -> Pattern {
    Pattern {
        name: "manner",
        claim: "two hours of training in social skills brought 50% more peers and 20% more profit",
        source: "Dimitriadis & Koning 2022, Social skills improve business performance: evidence from a randomized \
                 control trial with entrepreneurs in Togo",
        quantities: vec![
            effect(
                "peers",
                (0.5, 0.0),
                |o| o.peers_of_manner,
                "those who serve are set against those who ask, not against untrained people, and they live by helping",
            ),
            effect(
                "profit",
                (0.2, 0.0),
                |o| o.net_of_manner,
                "those who serve are set against those who ask, not against untrained people; the size depends on the fee",
            ),
        ],
    }
}
