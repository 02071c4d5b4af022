//! Single values: type, range and choice.

use super::reported;

#[test]
fn a_chance_above_one() {
    assert_eq!(
        reported(
            r#"
[needs]
rate = 1.5
"#,
            &[]
        ),
        r#"
error: needs.rate must be a number from 0 to 1, but is 1.5
 --> shop.toml:2:8
  |
2 | rate = 1.5
  |        ^^^ too large
  |
  = help: write a number from 0 to 1; left out, it is 0.1
  = note: rate: chance that an agent without a need gets one

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_percentage() {
    assert_eq!(
        reported(
            r#"
[needs]
rate = 50
"#,
            &[]
        ),
        r#"
error: needs.rate must be a number from 0 to 1, but is 50
 --> shop.toml:2:8
  |
2 | rate = 50
  |        ^^ too large
  |
  = help: for 50 percent write 0.5
  = note: rate: chance that an agent without a need gets one

shop.toml: 1 fault found
"#
    );
}

#[test]
fn an_amount_below_zero() {
    assert_eq!(
        reported(
            r#"
[mixer]
cost = -1
"#,
            &[]
        ),
        r#"
error: mixer.cost must be a number from 0 to 1,000,000,000, but is -1
 --> shop.toml:2:8
  |
2 | cost = -1
  |        ^^ too small
  |
  = help: write a number from 0 to 1,000,000,000; left out, it is 1.0
  = note: cost: cost of attending

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_number_in_quotes() {
    assert_eq!(
        reported(
            r#"
[needs]
rate = "0.5"
"#,
            &[]
        ),
        r#"
error: needs.rate must be a number from 0 to 1, but is "0.5"
 --> shop.toml:2:8
  |
2 | rate = "0.5"
  |        ^^^^^ expected a number, found text
  |
  = help: leave out the quotes: 0.5
  = note: rate: chance that an agent without a need gets one

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_decimal_comma_in_quotes() {
    assert_eq!(
        reported(
            r#"
[needs]
rate = "0,5"
"#,
            &[]
        ),
        r#"
error: needs.rate must be a number from 0 to 1, but is "0,5"
 --> shop.toml:2:8
  |
2 | rate = "0,5"
  |        ^^^^^ expected a number, found text
  |
  = help: write a decimal point and no quotes: 0.5
  = note: rate: chance that an agent without a need gets one

shop.toml: 1 fault found
"#
    );
}

#[test]
fn not_a_number() {
    assert_eq!(
        reported(
            r#"
[calls]
min_opinion = nan
"#,
            &[]
        ),
        r#"
error: calls.min_opinion must be a number from -1 to 1, but is nan
 --> shop.toml:2:15
  |
2 | min_opinion = nan
  |               ^^^ not a number
  |
  = help: write a number from -1 to 1; left out, it is 0.05
  = note: min_opinion: opinion that a contact must exceed to be called, asked or named

shop.toml: 1 fault found
"#
    );
}

#[test]
fn infinity() {
    assert_eq!(
        reported(
            r#"
[needs]
value = inf
"#,
            &[]
        ),
        r#"
error: needs.value must be a number from 0 to 1,000,000,000, but is inf
 --> shop.toml:2:9
  |
2 | value = inf
  |         ^^^ too large
  |
  = help: write a number from 0 to 1,000,000,000; left out, it is 10.0
  = note: value: benefit of a solved need

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_whole_number_with_a_decimal_point() {
    assert_eq!(
        reported(
            r#"
rounds = 12.0
"#,
            &[]
        ),
        r#"
error: rounds must be a whole number from 1 to 65,535, but is 12.0
 --> shop.toml:1:10
  |
1 | rounds = 12.0
  |          ^^^^ has a decimal point
  |
  = help: write 12
  = note: rounds: how long a run lasts; a round is a week

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_fraction_of_a_round() {
    assert_eq!(
        reported(
            r#"
rounds = 12.5
"#,
            &[]
        ),
        r#"
error: rounds must be a whole number from 1 to 65,535, but is 12.5
 --> shop.toml:1:10
  |
1 | rounds = 12.5
  |          ^^^^ has a decimal point
  |
  = help: round it, to 12 or 13
  = note: rounds: how long a run lasts; a round is a week

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_negative_count() {
    assert_eq!(
        reported(
            r#"
[population]
agents = -3
"#,
            &[]
        ),
        r#"
error: population.agents must be a whole number from 1 to 4,294,967,294, but is -3
 --> shop.toml:2:10
  |
2 | agents = -3
  |          ^^ too small
  |
  = help: write a whole number from 1 to 4,294,967,294; left out, it is 2000
  = note: agents: number of agents

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_count_beyond_any_integer() {
    assert_eq!(
        reported(
            r#"
seed = 99999999999999999999999999999999999999999999999999999999999999999999999999999999
"#,
            &[]
        ),
        r#"
error: seed must be a whole number from 0 to 9,007,199,254,740,991, but is 9999999999999999999999999999999999999999…
 --> shop.toml:1:8
  |
1 | seed = 99999999999999999999999999999999999999999999999999999999999999999999999999999999
  |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ too large
  |
  = help: write a whole number from 0 to 9,007,199,254,740,991; left out, it is 1
  = note: seed: master seed; the same scenario with the same seed gives the same results

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_misspelt_choice() {
    assert_eq!(
        reported(
            r#"
[reputation]
norm = "stern-juding"
"#,
            &[]
        ),
        r#"
error: reputation.norm must be "image-scoring", "simple-standing", "stern-judging" or "shunning", but is "stern-juding"
 --> shop.toml:2:8
  |
2 | norm = "stern-juding"
  |        ^^^^^^^^^^^^^^ did you mean "stern-judging"?
  |
  = help: write "image-scoring", "simple-standing", "stern-judging" or "shunning"; left out, it is "image-scoring"
  = note: norm: how help and refusal are judged

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_choice_that_is_no_text() {
    assert_eq!(
        reported(
            r#"
[evolution]
among = true
"#,
            &[]
        ),
        r#"
error: evolution.among must be "anyone" or "ties", but is true
 --> shop.toml:2:9
  |
2 | among = true
  |         ^^^^ expected text, found true or false
  |
  = help: write "anyone" or "ties"; left out, it is "anyone"
  = note: among: whom an agent compares itself with

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_flag_in_words() {
    assert_eq!(
        reported(
            r#"
[needs]
visible = "yes"
"#,
            &[]
        ),
        r#"
error: needs.visible must be true or false, but is "yes"
 --> shop.toml:2:11
  |
2 | visible = "yes"
  |           ^^^^^ expected true or false, found text
  |
  = help: write true or false; left out, it is false
  = note: visible: whether a partner sees a need without asking

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_list_for_a_number() {
    assert_eq!(
        reported(
            r#"
[calls]
fee = [0.1,
  0.2]
"#,
            &[]
        ),
        r#"
error: calls.fee must be a number from 0 to 1, but is a list
 --> shop.toml:2:7
  |
2 | fee = [0.1,
  |       ^^^^^ expected a number, found a list
  |
  = help: write a number from 0 to 1; left out, it is 0.3
  = note: fee: what the caller pays the expert

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_title_over_two_lines() {
    assert_eq!(
        reported(
            r#"
title = "Mixers\nof the chamber"
"#,
            &[]
        ),
        r#"
error: title must be text of at most 200 characters, but is "Mixers of the chamber"
 --> shop.toml:1:9
  |
1 | title = "Mixers\nof the chamber"
  |         ^^^^^^^^^^^^^^^^^^^^^^^^ has a control character
  |
  = help: leave out line breaks, tabs and other control characters
  = note: title: heading of tables and charts

shop.toml: 1 fault found
"#
    );
}

#[test]
fn an_event_for_one() {
    assert_eq!(
        reported(
            r#"
[mixer]
size = 1
"#,
            &[]
        ),
        r#"
error: mixer.size must be a whole number from 2 to 4,294,967,294, but is 1
 --> shop.toml:2:8
  |
2 | size = 1
  |        ^ too small
  |
  = help: write a whole number from 2 to 4,294,967,294; left out, it is 40
  = note: size: most guests of one event; a town with more holds several

shop.toml: 1 fault found
"#
    );
}
