//! Values that the points of a sweep set: what is said names factor and point, and the row of a list.

use super::reported_of;

/// What `mingle check` says of the first faulty point of a sweep (of a list, where one is given).
pub(super) fn reported(text: &str, list: Option<&str>, sets: &[&str]) -> String {
    let text = text.strip_prefix('\n').unwrap_or(text);
    let options: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
    let list = list.map(|list| ("points.csv", list.as_bytes()));
    let files: Vec<(&str, &[u8])> = [("shop.toml", text.as_bytes())].into_iter().chain(list).collect();
    reported_of(&files, &options)
}

/// A sweep over the fee and the depth of calls by a list of points.
const LIST: &str = r#"
[sweep]
design = "list"
file = "points.csv"
[[factor]]
name = "price"
keys = "calls.fee"
[[factor]]
name = "reach"
keys = "calls.depth"
"#;

#[test]
fn a_value_of_a_range_that_does_not_go_with_the_file() {
    assert_eq!(
        reported(
            r#"
[calls]
finder_fee = 0.3
[[factor]]
name = "price"
keys = "calls.fee"
max = 0.8
levels = 3
"#,
            None,
            &[]
        ),
        r#"
error: calls.fee + calls.depth x calls.finder_fee must be at most 1, but 0.8 + 2 x 0.3 is 1.4
 --> shop.toml:2:14
  |
2 | finder_fee = 0.3
  |              ---
  |
 ::: the point:1:36
  |
  | factor price, point 2: calls.fee = 0.8
  |                                    ^^^ depth is 2 by default
  |
  = help: a caller would pay more than the solved need is worth; lower one of the three

shop.toml: 1 fault found
error: point 2 (price 0.8); mend the ranges or values of the factors, or what the scenario sets beside them
"#
    );
}

#[test]
fn a_value_of_a_range_that_does_not_go_with_an_option_that_was_typed() {
    assert_eq!(
        reported(
            r#"
[[factor]]
name = "price"
keys = "calls.fee"
max = 0.8
levels = 3
"#,
            None,
            &["calls.finder_fee=0.3"]
        ),
        r#"
error: calls.fee + calls.depth x calls.finder_fee must be at most 1, but 0.8 + 2 x 0.3 is 1.4
--> command line:1:24
 |
 | --set calls.finder_fee=0.3
 |                        ---
 |
::: the point:1:36
 |
 | factor price, point 2: calls.fee = 0.8
 |                                    ^^^ depth is 2 by default
 |
 = help: a caller would pay more than the solved need is worth; lower one of the three

shop.toml: 1 fault found
error: point 2 (price 0.8); mend the ranges or values of the factors, or what the scenario sets beside them
"#
    );
}

#[test]
fn two_factors_that_do_not_go_together() {
    assert_eq!(
        reported(
            r#"
[[factor]]
name = "length"
keys = "rounds"
min = 20
max = 60
levels = 2
[[factor]]
name = "warm-up"
keys = "burn_in"
values = [10, 20]
"#,
            None,
            &[]
        ),
        r#"
error: burn_in must be less than rounds, but is 20 with 20 rounds
 |
 | factor length, point 1: rounds = 20
 |                                  --
 | factor warm-up, point 1: burn_in = 20
 |                                    ^^
 |
 = help: summaries would have no round left; write for example burn_in = 6

shop.toml: 1 fault found
error: point 1 (length 20, warm-up 20); mend the ranges or values of the factors, or what the scenario sets beside them
"#
    );
}

#[test]
fn a_random_point() {
    assert_eq!(
        reported(
            r#"
[sweep]
design = "random"
points = 4
[[factor]]
name = "price"
keys = "calls.fee"
min = 0.96
max = 0.98
"#,
            None,
            &[]
        ),
        r#"
error: calls.fee + calls.depth x calls.finder_fee must be at most 1, but 0.9761562068 + 2 x 0.05 is 1.0761562068
 |
 | factor price, point 0: calls.fee = 0.976156206798
 |                                    ^^^^^^^^^^^^^^ finder_fee is 0.05 by default, depth is 2 by default
 |
 = help: a caller would pay more than the solved need is worth; lower one of the three

shop.toml: 1 fault found
error: point 0 (price 0.976156206798); mend the ranges or values of the factors, or what the scenario sets beside them
"#
    );
}

#[test]
fn shares_that_leave_nothing_for_the_others() {
    assert_eq!(
        reported(
            r#"
[[factor]]
name = "pushy"
keys = "strategy.warrior.share"
values = [0.5]
[[factor]]
name = "kind"
keys = "strategy.servant.share"
values = [0.6]
"#,
            None,
            &[]
        ),
        r#"
error: the shares of the strategies must sum to 1, but sum to 1.1
 |
 | factor pushy, point 0: strategy.warrior.share = 0.5
 |                                                 ^^^
 | factor kind, point 0: strategy.servant.share = 0.6
 |                                                ---
 | point 0: strategy.abstainer.share = 0
 |                                     -
 |
 = help: 0.1 is too much; write for example share = 0.5 for `servant`

shop.toml: 1 fault found
error: point 0 (pushy 0.5, kind 0.6); mend the ranges or values of the factors, or what the scenario sets beside them
"#
    );
}

#[test]
fn a_factor_in_a_bet() {
    assert_eq!(
        reported(
            r#"
[sweep]
experiment = "bet"
[[factor]]
name = "friends"
keys = "bet.second"
values = ["servant", "sevant"]
"#,
            None,
            &[]
        ),
        r#"
error: bet.second must be the name of a strategy, but is "sevant"
 |
 | factor friends, point 1: bet.second = sevant
 |                                       ^^^^^^
 |
 = help: did you mean "servant"? write "warrior", "servant" or "abstainer"

shop.toml: 1 fault found
error: point 1 (friends sevant); mend the ranges or values of the factors, or what the scenario sets beside them
"#
    );
}

#[test]
fn a_value_of_a_list_that_its_key_does_not_take() {
    assert_eq!(
        reported(LIST, Some("price,reach\n0.1,2\n0.2,many\n"), &[]),
        r#"
error: calls.depth must be a whole number from 0 to 8, but is `many`
 --> points.csv:3:5
  |
3 | 0.2,many
  |     ^^^^ expected a whole number, found text (factor reach, point 1)
  |
  = help: write a whole number from 0 to 8
  = note: depth: maximum number of people on a referral chain

shop.toml: 1 fault found
error: point 1 (price 0.2, reach many), row 2 below the header of points.csv; mend this row, or what the scenario sets beside them
"#
    );
}

#[test]
fn a_value_of_a_list_out_of_range() {
    assert_eq!(
        reported(LIST, Some("reach,note,price\n2,\"one, two\",0.1\n\n3,\"\", 1.5 \n"), &[]),
        r#"
error: calls.fee must be a number from 0 to 1, but is 1.5
 --> points.csv:4:7
  |
4 | 3,"", 1.5 
  |       ^^^ too large (factor price, point 1)
  |
  = help: write a number from 0 to 1
  = note: fee: what the caller pays the expert

shop.toml: 1 fault found
error: point 1 (price 1.5, reach 3), row 2 below the header of points.csv; mend this row, or what the scenario sets beside them
"#
    );
}

#[test]
fn values_of_a_list_that_do_not_go_together() {
    assert_eq!(
        reported(LIST, Some("price,reach\n0.5,2\n0.7,8\n"), &[]),
        r#"
error: calls.fee + calls.depth x calls.finder_fee must be at most 1, but 0.7 + 8 x 0.05 is 1.1
 --> points.csv:3:1
  |
3 | 0.7,8
  | ^^^ - factor reach, point 1
  | |
  | finder_fee is 0.05 by default (factor price, point 1)
  |
  = help: a caller would pay more than the solved need is worth; lower one of the three

shop.toml: 1 fault found
error: point 1 (price 0.7, reach 8), row 2 below the header of points.csv; mend this row, or what the scenario sets beside them
"#
    );
}

#[test]
fn a_range_that_is_refined() {
    assert_eq!(
        reported(
            r#"
[sweep]
refine = true
depth = 1
[[factor]]
name = "price"
keys = "calls.fee"
max = 0.9
levels = 2
[[factor]]
name = "reach"
keys = "calls.depth"
max = 4
levels = 2
"#,
            None,
            &[]
        ),
        r#"
error: calls.fee + calls.depth x calls.finder_fee must be at most 1, but 0.9 + 4 x 0.05 is 1.1
 |
 | factor price, point 8: calls.fee = 0.9
 |                                    ^^^ finder_fee is 0.05 by default
 | factor reach, point 8: calls.depth = 4
 |                                      -
 |
 = help: a caller would pay more than the solved need is worth; lower one of the three

shop.toml: 1 fault found
error: point 8 (price 0.9, reach 4); mend the ranges or values of the factors, or what the scenario sets beside them
"#
    );
}
