//! Single values that are no numbers: type, length and choice.

use super::reported;

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
