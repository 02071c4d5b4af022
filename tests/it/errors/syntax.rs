//! What is not TOML.

use super::reported;

#[test]
fn a_word_without_quotes() {
    assert_eq!(
        reported(
            r#"
[reputation]
kind = public
"#,
            &[]
        ),
        r#"
error: not valid TOML: neither a number, true or false, nor text in quotes
 --> shop.toml:2:8
  |
2 | kind = public
  |        ^^^^^^
  |
  = help: put text between double quotes: "public"

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_key_without_a_value() {
    assert_eq!(
        reported(
            r#"
rounds =
seed = 2
"#,
            &[]
        ),
        r#"
error: not valid TOML: missing value
 --> shop.toml:1:9
  |
1 | rounds =
  |         ^ expected a value
  |
  = help: write the value after the `=`, on the same line

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_key_without_an_equals_sign() {
    assert_eq!(
        reported(
            r#"
[needs]
rate 0.4
"#,
            &[]
        ),
        r#"
error: not valid TOML: missing `=`
 --> shop.toml:2:6
  |
2 | rate 0.4
  |      ^ expected '='
  |
  = help: write one key per line, such as rate = 0.1, below a header such as [needs]; comments begin with #

shop.toml: 1 fault found
"#
    );
}

#[test]
fn an_open_header() {
    assert_eq!(
        reported(
            r#"
[needs
rate = 0.4
"#,
            &[]
        ),
        r#"
error: not valid TOML: unclosed table
 --> shop.toml:1:7
  |
1 | [needs
  |       ^ expected ']'
  |
  = help: a header stands in brackets: [needs], or [[strategy]] for a list

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_colon_for_an_equals_sign() {
    assert_eq!(
        reported(
            r#"
[needs]
rate: 0.4
"#,
            &[]
        ),
        r#"
error: not valid TOML: missing `=`
 --> shop.toml:2:7
  |
2 | rate: 0.4
  |       ^ expected '='
  |
  = help: write `=` in place of `:`, as in rate = 0.4

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_percent_sign() {
    assert_eq!(
        reported(
            r#"
[needs]
rate = 50%
"#,
            &[]
        ),
        r#"
error: not valid TOML: neither a number, true or false, nor text in quotes
 --> shop.toml:2:8
  |
2 | rate = 50%
  |        ^^^
  |
  = help: for 50 percent write 0.5

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_number_with_commas() {
    assert_eq!(
        reported(
            r#"
rounds = 1,000
"#,
            &[]
        ),
        r#"
error: not valid TOML: unexpected key or value
 --> shop.toml:1:11
  |
1 | rounds = 1,000
  |           ^ expected the end of the line
  |
  = help: write a number without commas or spaces, with a decimal point: 1000 or 0.5

shop.toml: 1 fault found
"#
    );
}

#[test]
fn an_open_quote() {
    assert_eq!(
        reported(
            r#"
title = "Mixers
rounds = 9
"#,
            &[]
        ),
        r#"
error: not valid TOML: invalid basic string
 --> shop.toml:1:16
  |
1 | title = "Mixers
  |                ^ expected '"'
  |
  = help: text begins and ends with a double quote, on the same line: "shop"

shop.toml: 1 fault found
"#
    );
}
