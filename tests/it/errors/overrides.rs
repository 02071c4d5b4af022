//! Values from the command line.

use super::reported;

#[test]
fn a_value_out_of_range() {
    assert_eq!(
        reported(
            r#"
[needs]
rate = 0.3
"#,
            &["needs.rate=2"]
        ),
        r#"
error: needs.rate must be a number from 0 to 1, but is 2
 |
 | --set needs.rate=2
 |                  ^ too large
 |
 = help: for 2 percent write 0.02
 = note: rate: chance that an agent without a need gets one

shop.toml: 1 fault found
"#
    );
}

#[test]
fn no_equals_sign() {
    assert_eq!(
        reported("", &["needs.rate"]),
        r#"
error: `--set needs.rate` gives no value
 |
 | --set needs.rate
 |       ^^^^^^^^^^ no `=` here
 |
 = help: write --set KEY=VALUE, such as --set needs.rate=0.2

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_misspelt_key() {
    assert_eq!(
        reported("", &["needs.rte=0.2"]),
        r#"
error: unknown key `rte` in `--set needs.rte=0.2`
 |
 | --set needs.rte=0.2
 |       ^^^^^^^^^ did you mean `rate`?
 |
 = help: the keys of [needs] are rate, patience, value, sizes, size_shares, at_once and visible

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_key_without_its_section() {
    assert_eq!(
        reported("", &["fee=0.2"]),
        r#"
error: unknown key `fee` in `--set fee=0.2`
 |
 | --set fee=0.2
 |       ^^^ did you mean `calls.fee`?
 |
 = help: the keys before the first section are title, seed, rounds, burn_in, replicates, until, precision, replicates_max and level; keys of a section are written SECTION.KEY

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_section_without_its_key() {
    assert_eq!(
        reported("", &["needs=0.2"]),
        r#"
error: unknown key `needs` in `--set needs=0.2`
 |
 | --set needs=0.2
 |       ^^^^^ a section, not a key
 |
 = help: write --set needs.KEY=VALUE; the keys of [needs] are rate, patience, value, sizes, size_shares, at_once and visible

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_misspelt_section() {
    assert_eq!(
        reported("", &["reputaton.kind=public"]),
        r#"
error: unknown section `reputaton` in `--set reputaton.kind=public`
 |
 | --set reputaton.kind=public
 |       ^^^^^^^^^^^^^^ did you mean `reputation`?
 |
 = help: the sections are [population], [needs], [help], [mixer], [calls], [reputation], [[strategy]], [[region]], [survival], [evolution], [[change]], [bet], [sweep] and [[factor]]

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_misspelt_strategy() {
    assert_eq!(
        reported("", &["strategy.warior.attend=1"]),
        r#"
error: there is no strategy `warior` for `--set strategy.warior.attend=1`
 |
 | --set strategy.warior.attend=1
 |       ^^^^^^^^^^^^^^^^^^^^^^ did you mean `warrior`?
 |
 = help: names in this scenario: `warrior`, `servant` and `abstainer`; an override changes an entry, it does not add one

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_strategy_that_the_file_does_not_list() {
    assert_eq!(
        reported(
            r#"
[[strategy]]
name = "hermit"
share = 1
"#,
            &["strategy.warrior.attend=1"]
        ),
        r#"
error: there is no strategy `warrior` for `--set strategy.warrior.attend=1`
 |
 | --set strategy.warrior.attend=1
 |       ^^^^^^^^^^^^^^^^^^^^^^^ no such strategy
 |
 = help: names in this scenario: `hermit`; an override changes an entry, it does not add one

shop.toml: 1 fault found
"#
    );
}

#[test]
fn no_name() {
    assert_eq!(
        reported("", &["strategy.attend=1"]),
        r#"
error: `--set strategy.attend=1` does not say which strategy is meant
 |
 | --set strategy.attend=1
 |       ^^^^^^^^^^^^^^^ a name is missing
 |
 = help: write --set strategy.NAME.KEY=VALUE, with the name of the strategy in the middle, in quotes if it has an `=`

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_new_name() {
    assert_eq!(
        reported("", &["strategy.warrior.name=knight"]),
        r#"
error: `strategy.warrior.name` cannot be overridden
 |
 | --set strategy.warrior.name=knight
 |       ^^^^^^^^^^^^^^^^^^^^^ a name
 |
 = help: a name tells which entry is meant; change it in the file

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_share_that_upsets_the_sum() {
    assert_eq!(
        reported(
            r#"
[[strategy]]
name = "warrior"
share = 0.5

[[strategy]]
name = "servant"
share = 0.5
"#,
            &["strategy.warrior.share=0.3"]
        ),
        r#"
error: the shares of the strategies must sum to 1, but sum to 0.8
 --> shop.toml:7:9
  |
7 | share = 0.5
  |         ---
  |
 ::: command line:1:30
  |
  | --set strategy.warrior.share=0.3
  |                              ^^^
  |
  = help: 0.2 is missing; write for example share = 0.7 for `servant`

shop.toml: 1 fault found
"#
    );
}
