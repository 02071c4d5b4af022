//! Several values that do not go together.

use super::reported;

#[test]
fn sizes_of_needs_without_their_shares() {
    assert_eq!(
        reported(
            r#"
[needs]
sizes = [1, 3]
size_shares = [0.5, 0.4]
"#,
            &[]
        ),
        r#"
error: needs.size_shares must sum to 1, but sum to 0.9
 --> shop.toml:3:15
  |
2 | sizes = [1, 3]
  |         ------
3 | size_shares = [0.5, 0.4]
  |               ^^^^^^^^^^
  |
  = help: 0.1 is missing

shop.toml: 1 fault found
"#
    );
    assert_eq!(
        reported(
            r#"
[needs]
sizes = [1, 3, 10]
"#,
            &[]
        ),
        r#"
error: needs.size_shares must have one share for each of needs.sizes, but there are 3 sizes and 1 share
 --> shop.toml:2:9
  |
2 | sizes = [1, 3, 10]
  |         ^^^^^^^^^^ size_shares is [1.0] by default
  |
  = help: write the shares in the order of the sizes; they sum to 1

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_burn_in_as_long_as_the_run() {
    assert_eq!(
        reported(
            r#"
rounds = 100
burn_in = 100
"#,
            &[]
        ),
        r#"
error: burn_in must be less than rounds, but is 100 with 100 rounds
 --> shop.toml:2:11
  |
1 | rounds = 100
  |          ---
2 | burn_in = 100
  |           ^^^
  |
  = help: summaries would have no round left; write for example burn_in = 33

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_spread_that_the_mean_does_not_allow() {
    assert_eq!(
        reported(
            r#"
[help]
execution_error = { sd = 0.2, mean = 0.05 }
[needs]
rate = { mean = 0.5, std = 0.1 }
"#,
            &["strategy.warrior.ask.sd=0.3"]
        ),
        r#"
error: help.execution_error.sd must be at most 0.12583 with a mean of 0.05, but is 0.2
 --> shop.toml:2:26
  |
2 | execution_error = { sd = 0.2, mean = 0.05 }
  |                          ^^^         ----
  |
  = help: people's values stay in the range 0 to 1; write 0.12583 or less, or move the mean away from the ends of that range
  = note: execution_error.sd: standard deviation of `execution_error` among people; with 0 all are alike

error: unknown key `std` in needs.rate
 --> shop.toml:4:22
  |
4 | rate = { mean = 0.5, std = 0.1 }
  |                      ^^^ did you mean `sd`?
  |
  = help: write a number, or mean and standard deviation of the numbers of all people, as in { mean = 0.5, sd = 0.1 }

error: strategy.warrior.ask.sd must be at most 0.173205 with a mean of 0.9, but is 0.3
 |
 | --set strategy.warrior.ask.sd=0.3
 |                               ^^^ ask is 0.9 by default
 |
 = help: people's values stay in the range 0 to 1; write 0.173205 or less, or move the mean away from the ends of that range
 = note: ask.sd: standard deviation of `ask` among people; with 0 all are alike

shop.toml: 3 faults found
"#
    );
}

#[test]
fn fees_that_eat_the_value() {
    assert_eq!(
        reported(
            r#"
[calls]
fee = 0.9
depth = 3
rate = 0.1
finder_fee = 0.2
"#,
            &[]
        ),
        r#"
error: calls.fee + calls.depth x calls.finder_fee must be at most 1, but 0.9 + 3 x 0.2 is 1.5
 --> shop.toml:2:7
  |
2 | fee = 0.9
  |       ^^^
3 | depth = 3
  |         -
4 | rate = 0.1
5 | finder_fee = 0.2
  |              ---
  |
  = help: a caller would pay more than the solved need is worth; lower one of the three

shop.toml: 1 fault found
"#
    );
}

#[test]
fn shares_that_fall_short() {
    assert_eq!(
        reported(
            r#"
[[strategy]]
name = "warrior"
share = 0.5

[[strategy]]
name = "servant"
"#,
            &[]
        ),
        r#"
error: the shares of the strategies must sum to 1, but sum to 0.9
 --> shop.toml:3:9
  |
3 | share = 0.5
  |         ^^^
4 |
5 | [[strategy]]
  | ------------ share is 0.4 by default
  |
  = help: 0.1 is missing; write for example share = 0.5 for `servant`

shop.toml: 1 fault found
"#
    );
}

#[test]
fn shares_that_exceed() {
    assert_eq!(
        reported(
            r#"
[[region]]
name = "asia"
share = 0.7

[[region]]
name = "europe"
share = 0.4
"#,
            &[]
        ),
        r#"
error: the shares of the regions must sum to 1, but sum to 1.1
 --> shop.toml:3:9
  |
3 | share = 0.7
  |         ^^^
...
7 | share = 0.4
  |         ---
  |
  = help: 0.1 is too much; write for example share = 0.3 for `europe`

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_share_that_must_be_given() {
    assert_eq!(
        reported(
            r#"
[[strategy]]
name = "hermit"

[[strategy]]
name = "servant"
share = 0.5
"#,
            &[]
        ),
        r#"
error: strategy `hermit` has no share
 --> shop.toml:1:1
  |
1 | [[strategy]]
  | ^^^^^^^^^^^^ share is missing
  |
  = help: add a line share = ..., a number from 0 to 1; only the presets warrior, servant and abstainer have a default share

shop.toml: 1 fault found
"#
    );
}

#[test]
fn regions_without_shares() {
    assert_eq!(
        reported(
            r#"
[[region]]
name = "asia"

[[region]]
name = "europe"
share = 0.5
"#,
            &[]
        ),
        r#"
error: region `asia` has no share
 --> shop.toml:1:1
  |
1 | [[region]]
  | ^^^^^^^^^^ share is missing
  |
  = help: add a line share = ..., a number from 0 to 1; with 2 regions each needs one

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_name_used_twice() {
    assert_eq!(
        reported(
            r#"
[[strategy]]
name = "servant"
share = 0.5

[[strategy]]
name = "servant"
share = 0.5
"#,
            &[]
        ),
        r#"
error: two strategies are named "servant"
 --> shop.toml:6:8
  |
2 | name = "servant"
  |        --------- first used here
...
6 | name = "servant"
  |        ^^^^^^^^^ the same name again
  |
  = help: a name tells one strategy from another in tables and charts; rename one of them

shop.toml: 1 fault found
"#
    );
}

#[test]
fn no_name() {
    assert_eq!(
        reported(
            r#"
[[strategy]]
share = 1
"#,
            &[]
        ),
        r#"
error: this strategy has no name
 --> shop.toml:1:1
  |
1 | [[strategy]]
  | ^^^^^^^^^^^^ name is missing
  |
  = help: add a line name = "..." below the header [[strategy]]

shop.toml: 1 fault found
"#
    );
}

#[test]
fn an_empty_name() {
    assert_eq!(
        reported(
            r#"
[[region]]
name = ""
"#,
            &[]
        ),
        r#"
error: region.name must be text of 1 to 60 characters, but is empty
 --> shop.toml:2:8
  |
2 | name = ""
  |        ^^ empty
  |
  = help: write text of 1 to 60 characters
  = note: name: name of the region

shop.toml: 1 fault found
"#
    );
}

#[test]
fn many_faults_at_once() {
    let said = reported(include_str!("many_faults.toml"), &["calls.fees=0.1", "help.assist_cost=free"]);
    assert_eq!(said.trim_start(), include_str!("many_faults.txt"));
}
