//! Special cases whose answer is known in closed form, within 4 standard errors.

use mingle::records::{M, ReplicateRecord};

use crate::support::{assert_near, mean_and_error, means, run, scenario};

/// One strategy for everyone, with the traits given as TOML lines.
fn everyone(traits: &str) -> String {
    format!("[[strategy]]\nname = \"all\"\nshare = 1\n{traits}\n")
}

#[test]
fn partners_at_an_event_are_as_many_as_random_matching_gives() {
    for (n, slots) in [(40.0, 12), (6.0, 9), (100.0, 3)] {
        let text = everyone("attend = 1\nlinger = 0\nask = 0\nserve = 0");
        let agents = format!("population.agents={n}");
        let (size, slots_set) = (format!("mixer.size={n}"), format!("mixer.slots={slots}"));
        let sets =
            ["rounds=1", "burn_in=0", "replicates=300", &agents, &size, &slots_set, "population.domains=2"];
        let records = run(&scenario(&text, &sets), 2);
        let others: f64 = n - 1.0;
        let expected = others * (1.0 - (1.0 - 1.0 / others).powi(slots));
        assert_near(&means(&records, 0, M::Contacts, 0), expected, 1e-9, "distinct partners");
    }
}

#[test]
fn conversations_last_as_long_as_both_stay() {
    for linger in [0.0_f64, 0.5, 0.8] {
        let text = everyone(&format!("attend = 1\nlinger = {linger}\nask = 0\nserve = 0"));
        let sets = ["rounds=1", "burn_in=0", "replicates=60", "population.agents=40", "mixer.slots=600"];
        let records = run(&scenario(&text, &sets), 2);
        let expected = 1.0 / (1.0 - linger * linger);
        // The last conversations are cut short by the end of the event.
        let slack = expected * expected / 600.0 + 1e-9;
        assert_near(&means(&records, 0, M::ConversationSlots, 0), expected, slack, "length of talks");
    }
}

#[test]
fn politeness_prolongs_talks_that_one_wants_to_end() {
    for (linger, politeness) in [(0.5_f64, 0.6), (0.2, 1.0), (0.8, 0.3), (0.0, 1.0)] {
        let text = everyone(&format!("attend = 1\nlinger = {linger}\nask = 0\nserve = 0"));
        let politeness_set = format!("mixer.politeness={politeness}");
        let sets = [
            "rounds=1",
            "burn_in=0",
            "replicates=60",
            "population.agents=40",
            "mixer.slots=600",
            &politeness_set,
        ];
        let records = run(&scenario(&text, &sets), 2);
        let goes_on = linger * linger + 2.0 * linger * (1.0 - linger) * politeness;
        let expected = 1.0 / (1.0 - goes_on);
        let slack = expected * expected / 600.0 + 1e-9;
        assert_near(&means(&records, 0, M::ConversationSlots, 0), expected, slack, "length of talks");
    }
}

#[test]
fn needs_that_nobody_solves_are_open_as_long_as_they_last() {
    let text = everyone("attend = 0");
    for (at_once, rate, patience) in [(16, 0.3, 6), (6, 0.9, 6), (1, 0.3, 1)] {
        let sets = [
            "rounds=20".to_string(),
            "replicates=40".into(),
            "population.agents=100".into(),
            "calls.rate=0".into(),
            format!("needs.rate={rate}"),
            format!("needs.patience={patience}"),
            format!("needs.at_once={at_once}"),
        ];
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let records = run(&scenario(&text, &sets), 2);
        // Room for a need of each round of its patience, so each opens with the same chance.
        let expected = rate * f64::from(patience);
        assert_near(&means(&records, 0, M::NeedsOpen, 19), expected, 1e-9, "open needs");
        assert_near(&means(&records, 0, M::NeedsOpened, 10), rate, 1e-9, "needs that arise");
    }
}

#[test]
fn a_gift_finds_its_need_as_often_as_an_expert_is_met() {
    let text = everyone("attend = 1\nserve = 1\nask = 0\nrefer = 0\nlinger = 0\nmin_opinion = -1");
    for (n, domains, slots) in [(48.0, 12.0, 12), (60.0, 3.0, 4)] {
        let sets = [
            "rounds=1".to_string(),
            "burn_in=0".into(),
            "replicates=400".into(),
            format!("population.agents={n}"),
            format!("population.domains={domains}"),
            format!("mixer.size={n}"),
            format!("mixer.slots={slots}"),
            "needs.rate=1".into(),
            "help.execution_error=0".into(),
            "calls.rate=0".into(),
        ];
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let records = run(&scenario(&text, &sets), 2);
        let met: f64 = (n / domains) / (n - 1.0);
        let expected = 1.0 - (1.0 - met).powi(slots);
        assert_near(&means(&records, 0, M::NeedsSolved, 0), expected, 1e-9, "needs solved by gifts");
    }
}

/// Everybody has a need in every round, meets one other, asks, and is helped with chance c, or for certain if the other
/// was helped in the rounds before and pays forward.
#[test]
fn who_was_helped_pays_forward_to_whomever_it_meets() {
    let (comply, forward) = (0.3, 0.8);
    let text =
        everyone(&format!("attend = 1\nask = 1\nserve = 0\ncomply = {comply}\nlinger = 0\nmin_opinion = -1"));
    for lasting in [1, 2] {
        let sets = [
            "rounds=40",
            "burn_in=0",
            "replicates=20",
            "population.agents=400",
            "population.domains=1",
            "needs.rate=1",
            "needs.patience=1",
            "mixer.every=1",
            "mixer.size=400",
            "mixer.slots=1",
            "calls.rate=0",
            "help.execution_error=0",
            &format!("help.pay_forward={forward}"),
            &format!("help.pay_forward_rounds={lasting}"),
        ];
        let records = run(&scenario(&text, &sets), 2);
        let next = |solved: f64, _| comply + (1.0 - comply) * forward * (1.0 - (1.0 - solved).powi(lasting));
        let expected = (0..100).fold(comply, next);
        assert_near(&means(&records, 0, M::NeedsSolved, 20), expected, 1e-3, "needs solved");
    }
}

/// Pairs who help each other with a small chance, and return favours for ever. Once there has been help, one of two
/// always owes the other a favour.
#[test]
fn of_two_people_one_always_owes_the_other() {
    let error = 0.1;
    for (help, returns) in [(0.2, 0.5), (0.1, 1.0), (0.3, 0.0), (0.0, 1.0)] {
        let text = everyone(&format!("attend = 1\nask = 0\nserve = {help}\nmin_opinion = -1"));
        let sets = [
            "rounds=140",
            "burn_in=60",
            "replicates=20",
            "population.agents=200",
            "population.town_size=2",
            "population.domains=1",
            "needs.rate=1",
            "needs.patience=1",
            "mixer.every=1",
            "mixer.slots=1",
            "calls.rate=0",
            &format!("help.execution_error={error}"),
            &format!("help.reciprocity={returns}"),
            "help.reciprocity_rounds=1000",
        ];
        let records = run(&scenario(&text, &sets), 2);
        let begun = if help > 0.0 { help + (1.0 - help) * returns / 2.0 } else { 0.0 };
        let solved = means(&records, 0, M::NeedsSolved, 60);
        // Nobody returns a favour unless somebody begins.
        let slack = if help > 0.0 { 1e-3 } else { 0.0 };
        assert_near(&solved, (1.0 - error) * begun, slack, &format!("needs solved, {help} and {returns}"));
    }
}

#[test]
fn equal_traits_gain_the_same() {
    let traits = "attend = 0.5\nask = 0.5\nserve = 0.5\ncomply = 0.7\nrefer = 0.5\nlinger = 0.5";
    let text = format!(
        "[[strategy]]\nname = \"a\"\nshare = 0.3\n{traits}\n[[strategy]]\nname = \"b\"\nshare = 0.7\n{traits}"
    );
    let records =
        run(&scenario(&text, &["population.agents=500", "rounds=60", "burn_in=20", "replicates=60"]), 2);
    for metric in [M::Net, M::Pull, M::Opinion, M::NeedsSolved, M::Contacts] {
        let pairs = means(&records, 0, metric, 20).into_iter().zip(means(&records, 1, metric, 20));
        assert_near(&pairs.map(|(a, b)| b - a).collect::<Vec<_>>(), 0.0, 0.0, &format!("{metric:?}"));
    }
}

/// The donation game of the literature on indirect reciprocity, played in one event per round.
const DONATION: &str = r#"
burn_in = 20
rounds = 60
replicates = 12
[population]
agents = 2000
domains = 1
ties_max = 0
start_ties = 0
[needs]
rate = 1
visible = true
[mixer]
every = 1
slots = 1
size = 2000
[calls]
rate = 0
[reputation]
kind = "public"
learning = 1
legibility = 0
[[strategy]]
name = "always"
share = 0.3
attend = 1
ask = 0
serve = 1
min_opinion = -1
[[strategy]]
name = "never"
share = 0.2
attend = 1
ask = 0
serve = 0
[[strategy]]
name = "discriminate"
share = 0.5
attend = 1
ask = 0
serve = 1
min_opinion = 0
"#;

/// Whether (help good, help bad, refuse good, refuse bad) earns a good standing, as 0 or 1.
const NORMS: [(&str, [f64; 4]); 4] = [
    ("image-scoring", [1.0, 1.0, 0.0, 0.0]),
    ("simple-standing", [1.0, 1.0, 0.0, 1.0]),
    ("stern-judging", [1.0, 0.0, 0.0, 1.0]),
    ("shunning", [1.0, 0.0, 0.0, 0.0]),
];

/// Shares with a good standing after each round, by strategy, in an infinite population
/// (Ohtsuki and Iwasa 2004): the iterated map from everyone good.
fn good_shares(norm: [f64; 4], execution: f64, assessment: f64, rounds: usize) -> Vec<[f64; 3]> {
    let shares = [0.3, 0.2, 0.5];
    // Chance to mean to help a good and a bad recipient.
    let intent = [[1.0, 1.0], [0.0, 0.0], [1.0, 0.0]];
    let mut good = 1.0;
    (0..rounds)
        .map(|_| {
            let standing = intent.map(|[to_good, to_bad]| {
                let [helps_good, helps_bad] = [to_good, to_bad].map(|i| i * (1.0 - execution));
                let verdict = good * (helps_good * norm[0] + (1.0 - helps_good) * norm[2])
                    + (1.0 - good) * (helps_bad * norm[1] + (1.0 - helps_bad) * norm[3]);
                verdict * (1.0 - assessment) + (1.0 - verdict) * assessment
            });
            good = standing.iter().zip(shares).map(|(g, share)| g * share).sum();
            standing
        })
        .collect()
}

#[test]
fn standing_in_the_donation_game_follows_theory_under_every_norm() {
    for (name, norm) in NORMS {
        for (execution, assessment) in [(0.0, 0.05), (0.1, 0.02), (0.05, 0.2)] {
            let sets = [
                format!("reputation.norm={name}"),
                format!("help.execution_error={execution}"),
                format!("reputation.assessment_error={assessment}"),
            ];
            let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
            let records = run(&scenario(DONATION, &sets), 2);
            let theory = good_shares(norm, execution, assessment, 60);
            for strategy in 0..3u16 {
                let late = &theory[20..];
                let expected = late.iter().map(|g| g[usize::from(strategy)]).sum::<f64>() / late.len() as f64;
                let what = format!("{name}, errors {execution} and {assessment}, strategy {strategy}");
                // A population of 2,000 is not infinite.
                assert_near(&means(&records, strategy, M::StandingGood, 20), expected, 0.003, &what);
            }
        }
    }
}

#[test]
fn cooperation_in_the_donation_game_follows_standing() {
    let records =
        run(&scenario(DONATION, &["help.execution_error=0.1", "reputation.norm=simple-standing"]), 2);
    let shares = [0.3, 0.2, 0.5];
    let good_before: Vec<f64> = good_shares(NORMS[1].1, 0.1, 0.05, 60)
        .iter()
        .map(|g| g.iter().zip(shares).map(|(g, share)| g * share).sum())
        .collect();
    let late = &good_before[19..59];
    let good = late.iter().sum::<f64>() / late.len() as f64;
    for (strategy, expected) in [(0, 0.9), (1, 0.0), (2, 0.9 * good)] {
        assert_near(&means(&records, strategy, M::ActsAssist, 20), expected, 0.003, "help given");
    }
}

/// Everyone sees everything and judges for himself (Uchida and Sasaki 2013).
#[test]
fn private_stern_judging_with_errors_falls_to_one_half() {
    let text = everyone("attend = 1\nask = 0\nserve = 1\nmin_opinion = 0\ngossip = 0");
    let sets = |norm: &str, error: f64| {
        vec![
            "population.agents=60".to_string(),
            "population.domains=1".into(),
            "population.ties_max=59".into(),
            "population.start_ties=0".into(),
            "needs.rate=1".into(),
            "needs.visible=true".into(),
            "help.execution_error=0".into(),
            "mixer.every=1".into(),
            "mixer.slots=1".into(),
            "mixer.size=60".into(),
            "calls.rate=0".into(),
            "reputation.learning=1".into(),
            "reputation.legibility=0".into(),
            "reputation.observe=1".into(),
            format!("reputation.norm={norm}"),
            format!("reputation.assessment_error={error}"),
            "rounds=200".into(),
            "burn_in=80".into(),
            "replicates=6".into(),
        ]
    };
    let cooperation = |norm, error| {
        let sets = sets(norm, error);
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        means(&run(&scenario(&text, &sets), 2), 0, M::ActsAssist, 80)
    };
    // Of the judges one, the recipient, takes itself for good: a slack of about 1 / 60.
    assert_near(&cooperation("stern-judging", 0.02), 0.5, 0.02, "private stern judging with errors");
    assert_near(&cooperation("stern-judging", 0.0), 1.0, 1e-12, "private stern judging without errors");
    let (standing, _) = mean_and_error(&cooperation("simple-standing", 0.02));
    assert!(standing > 0.8, "simple standing forgives private errors: {standing}");
}

#[test]
fn a_mutant_takes_over_as_often_as_the_fermi_process_says() {
    // Payoffs are constant: members of "costly" pay for every mixer, nothing else happens.
    let n = 10;
    let text = format!(
        r#"
rounds = 1400
burn_in = 0
replicates = 1500
[population]
agents = {n}
domains = 2
ties_max = 0
start_ties = 0
[needs]
rate = 0
[mixer]
every = 1
slots = 1
cost = 1
[evolution]
rate = 0.05
window = 1
mutation = 0
intensity = 0.15
[[strategy]]
name = "free"
share = 0.1
attend = 0
serve = 0
[[strategy]]
name = "costly"
share = 0.9
attend = 1
ask = 0
serve = 0
"#
    );
    let records = run(&scenario(&text, &[]), 2);
    let last = |r: &ReplicateRecord| r.rounds[r.rounds.len() - 2].agents;
    let undecided = records.iter().filter(|r| ![0, n].contains(&last(r))).count();
    assert!(undecided <= 3, "{undecided} replicates have not fixated");
    let fixed: Vec<f64> = records.iter().map(|r| f64::from(u8::from(last(r) == n))).collect();
    let b = 0.15_f64;
    let expected = (1.0 - (-b).exp()) / (1.0 - (-b * f64::from(n)).exp());
    // Now and then two agents revise in the same round, which the process has one after the other.
    assert_near(&fixed, expected, 0.005, "fixation of one mutant");
}
