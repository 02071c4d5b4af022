//! Tests of chains and their words.

use super::*;

fn row(step: u32, cause: Option<u32>, after: u32, side: Option<usize>, act: &str, who: [u32; 2]) -> StoryRow {
    StoryRow {
        story: "typical".to_owned(),
        world: 0,
        focal: 7,
        step,
        cause,
        reason: "call".to_owned(),
        round: 100 + after,
        after,
        side,
        act: act.to_owned(),
        actor: who[0],
        other: Some(who[1]),
        third: None,
        instead: None,
        amount: None,
        difference: None,
        people: Vec::new(),
    }
}

fn paying(amount: f64, row: StoryRow) -> StoryRow {
    let sign = if row.side == Some(0) { -1.0 } else { 1.0 };
    StoryRow { amount: Some(Amount::of(amount)), difference: Some(Amount::of(sign * amount)), ..row }
}

/// An evening: as the second you help 311, which names you to 54; as the first you are helped by 8.
fn story() -> Vec<StoryRow> {
    let evening = StoryRow { other: None, ..row(0, None, 0, None, "evening", [7, 0]) };
    let push = row(1, Some(0), 0, Some(0), "push", [7, 8]);
    let gossip = StoryRow { third: Some(7), ..row(4, Some(3), 7, Some(1), "gossip", [311, 54]) };
    let call = StoryRow { instead: Some(902), ..row(5, Some(4), 9, Some(1), "call", [54, 7]) };
    vec![
        evening,
        push,
        paying(3.0, row(2, Some(1), 0, Some(0), "assist", [8, 7])),
        paying(-1.0, row(3, Some(0), 0, Some(1), "assist", [7, 311])),
        gossip,
        call,
        paying(-1.0, row(6, Some(5), 9, Some(1), "assist", [7, 54])),
        paying(5.5, row(7, Some(6), 9, Some(1), "fee", [54, 7])),
        paying(0.25, row(8, None, 12, Some(1), "encourage", [9, 7])),
    ]
}

#[test]
fn chains_hold_each_payment_once_and_the_largest_comes_first() {
    let rows = story();
    let chains = chains(&rows);
    let sums: Vec<String> = chains.iter().map(|chain| signed(chain.difference)).collect();
    assert_eq!(sums, ["+4.5", "-3", "-1", "+0.25"]);
    let mut pays: Vec<usize> = chains.iter().flat_map(|chain| chain.pays.clone()).collect();
    pays.sort_unstable();
    assert_eq!(pays, [2, 3, 6, 7, 8]);
    assert_eq!(chains[0].path, [0, 3, 4, 5, 6, 7]);
}

#[test]
fn a_story_reads_from_the_evening_to_the_money() {
    let lines = lines(("typical", 2, 7), &story(), Amount::of(0.75), ["warrior", "servant"], 26);
    assert_eq!(
        lines,
        [
            "the story of a typical focal agent, 7 of world 2 (\"you\"): servant - warrior is +0.75 after 26 rounds",
            "  +4.5 as servant: evening: you solve the need of 311 (-1); after 7 rounds: 311 tells 54 about you; after 9 \
             rounds: 54 calls you (as warrior: 902), you solve the need of 54 (-1), 54 pays you (+5.5)",
            "  -3 as warrior: evening: you push your need to 8, 8 solves your need (+3)",
            "  -1 as servant: evening: you solve the need of 311 (-1)",
            "  +0.25 as servant: after 12 rounds: 9 encourages you (+0.25), which no earlier act explains",
        ]
    );
}

#[test]
fn those_who_have_names_are_told_by_them() {
    let mut rows = story();
    for row in &mut rows {
        row.people = vec![(7, "Ada".to_owned()), (311, "Bo".to_owned())];
    }
    let lines = lines(("typical", 2, 7), &rows, Amount::of(0.75), ["warrior", "servant"], 26);
    assert!(
        lines[0].starts_with("the story of a typical focal agent, Ada of world 2 (\"you\")"),
        "{}",
        lines[0]
    );
    assert!(
        lines[1].contains("you solve the need of Bo (-1); after 7 rounds: Bo tells 54 about you"),
        "{}",
        lines[1]
    );
}

#[test]
fn a_chain_is_told_by_its_largest_payment_and_what_follows_from_it() {
    let mut rows = vec![StoryRow { other: None, ..row(0, None, 0, None, "evening", [7, 0]) }];
    rows.push(paying(0.5, row(1, Some(0), 0, Some(1), "encourage", [8, 7])));
    rows.push(row(2, Some(1), 4, Some(1), "call", [7, 8]));
    rows.push(paying(10.0, row(3, Some(2), 4, Some(1), "assist", [8, 7])));
    rows.push(paying(-3.0, row(4, Some(3), 4, Some(1), "fee", [7, 8])));
    rows.push(row(5, Some(1), 4, Some(1), "talk", [8, 9]));
    rows.push(row(6, Some(5), 4, Some(1), "gossip", [9, 8]));
    rows.push(paying(0.5, row(7, Some(6), 4, Some(1), "encourage", [8, 7])));
    let chains = chains(&rows);
    assert_eq!(chains.len(), 1);
    assert_eq!(chains[0].path, [0, 1, 2, 3, 4]);
    let text = "+8 as b: evening: 8 encourages you (+0.5); after 4 rounds: you call 8, 8 solves your need (+10), you pay 8 \
                (-3); once more (+0.5)";
    assert_eq!(chains[0].sentence(&rows, ["a", "b"]), text);
}

#[test]
fn further_chains_are_counted_with_their_sum() {
    let mut rows = vec![StoryRow { other: None, ..row(0, None, 0, None, "evening", [7, 0]) }];
    for k in 1..=9 {
        rows.push(paying(f64::from(k), row(k, Some(0), 0, Some(1), "assist", [100 + k, 7])));
    }
    let lines = lines(("chosen", 0, 7), &rows, Amount::of(45.0), ["a", "b"], 4);
    assert_eq!(lines.len(), 2 + CHAINS_MAX);
    assert_eq!(lines.last().unwrap(), "  +6 in 3 more chains, see story.csv");
    assert!(lines[0].starts_with("the story of agent 7 of world 0 (\"you\")"), "{}", lines[0]);
}

#[test]
fn a_table_in_which_a_step_follows_from_itself_or_a_later_one_can_be_read() {
    let rows: Vec<StoryRow> = [1, 1, 0]
        .into_iter()
        .zip(0..)
        .map(|(cause, step)| paying(1.0, row(step, Some(cause), 0, Some(1), "assist", [8, 7])))
        .collect();
    assert_eq!((0..3).map(|place| path(&rows, place)).collect::<Vec<_>>(), [vec![0], vec![1], vec![0, 2]]);
}

#[test]
fn a_round_is_named_once_for_the_acts_of_both_worlds_in_it() {
    let rows = [
        StoryRow { other: None, ..row(0, None, 0, None, "evening", [7, 0]) },
        row(1, Some(0), 9, Some(0), "gossip", [8, 9]),
        paying(2.0, row(2, Some(1), 9, Some(1), "assist", [9, 7])),
    ];
    let text = "+2 as b: after 9 rounds, as a: 8 tells 9 about nobody; 9 solves your need (+2)";
    assert_eq!(chains(&rows)[0].sentence(&rows, ["a", "b"]), text);
    // An evening that itself costs something is told.
    let alone = [StoryRow { other: None, ..paying(-0.5, row(0, None, 0, Some(1), "evening", [7, 0])) }];
    assert_eq!(
        chains(&alone)[0].sentence(&alone, ["a", "b"]),
        "-0.5 as b: evening: you act otherwise (-0.5)"
    );
}

#[test]
fn an_empty_story_says_so() {
    let lines = lines(("luckiest", 0, 7), &[], Amount::ZERO, ["a", "b"], 4);
    let text = "the story of the luckiest focal agent, 7 of world 0 (\"you\"): b - a is 0 after 4 rounds; nothing that \
                pays it differs between the two worlds";
    assert_eq!(lines, [text]);
}

#[test]
fn an_act_done_twice_in_a_round_is_told_once_and_every_payment_is_told() {
    let mut rows = vec![StoryRow { other: None, ..row(0, None, 0, None, "evening", [7, 0]) }];
    for after in [0, 0, 2] {
        let step = u32::try_from(rows.len()).unwrap();
        rows.push(row(step, Some(step - 1), after, Some(1), "push", [7, 8]));
    }
    rows.push(row(4, Some(3), 2, Some(1), "refuse", [8, 7]));
    rows.push(paying(0.5, row(5, Some(4), 4, Some(1), "encourage", [8, 7])));
    rows.push(paying(0.5, row(6, Some(5), 4, Some(1), "encourage", [8, 7])));
    let text = "+1 as b: evening: you push your need to 8; after 2 rounds: you push your need to 8, 8 refuses you; after 4 \
                rounds: 8 encourages you (+0.5), 8 encourages you (+0.5)";
    assert_eq!(chains(&rows)[0].sentence(&rows, ["a", "b"]), text);
}

#[test]
fn of_a_long_chain_the_steps_in_the_middle_are_counted() {
    for (n, middle) in [(9, None), (10, Some("1 more step")), (12, Some("3 more steps"))] {
        let mut rows = vec![StoryRow { other: None, ..row(0, None, 0, None, "evening", [7, 0]) }];
        rows.extend((1..n).map(|step| row(step, Some(step - 1), step, Some(1), "gossip", [step, 50])));
        rows.push(paying(2.0, row(n, Some(n - 1), n, Some(1), "assist", [9, 7])));
        let text = chains(&rows)[0].sentence(&rows, ["a", "b"]);
        let told: Vec<&str> = text.split("; ").collect();
        let (first, last) = (&told[..4], &told[told.len() - 5..]);
        assert_eq!(told.len(), 9 + middle.iter().len(), "{text}");
        assert!(middle.is_none_or(|middle| told[4] == middle), "{text}");
        assert!(first[3].starts_with("after 4 rounds: 4 tells 50"), "{text}");
        assert!(last[0].starts_with(&format!("after {} rounds: {} tells 50", n - 4, n - 4)), "{text}");
        assert_eq!(last[4], format!("after {n} rounds: 9 solves your need (+2)"));
    }
}

#[test]
fn payments_that_begin_with_different_guests_of_an_evening_are_different_chains() {
    // Twice the same, but the first act is the evening or another one.
    let begun = |first: StoryRow| {
        let mut rows = vec![
            first,
            row(1, Some(0), 4, Some(1), "call", [7, 8]),
            row(2, Some(0), 4, Some(1), "call", [7, 9]),
        ];
        rows.push(paying(0.5, row(3, Some(1), 5, Some(1), "encourage", [20, 7])));
        rows.push(paying(0.25, row(4, Some(2), 5, Some(1), "encourage", [20, 7])));
        chains(&rows).into_iter().map(|chain| chain.pays).collect::<Vec<_>>()
    };
    assert_eq!(
        begun(StoryRow { other: None, ..row(0, None, 0, None, "evening", [7, 0]) }),
        [vec![3], vec![4]]
    );
    assert_eq!(begun(row(0, None, 0, Some(1), "gossip", [5, 6])), [[3, 4]]);
    // What is paid in the evening itself is by the guest who pays.
    let mut rows = vec![StoryRow { other: None, ..row(0, None, 0, None, "evening", [7, 0]) }];
    rows.extend([8, 9].map(|guest| row(guest - 7, Some(0), 0, Some(1), "push", [7, guest])));
    rows.extend(
        [(3, 1), (4, 2)]
            .map(|(step, cause)| paying(0.5, row(step, Some(cause), 0, Some(1), "encourage", [20, 7]))),
    );
    assert_eq!(chains(&rows).iter().map(|chain| &chain.pays[..]).collect::<Vec<_>>(), [[3, 4]]);
}
