//! Keys and sections that are not there, stand twice, or stand in the wrong place.

use super::reported;

#[test]
fn a_misspelt_key() {
    assert_eq!(
        reported(
            r#"
[needs]
rat = 0.1
"#,
            &[]
        ),
        r#"
error: unknown key `rat` in [needs]
 --> shop.toml:2:1
  |
2 | rat = 0.1
  | ^^^ did you mean `rate`?
  |
  = help: the keys of [needs] are rate, patience, value, sizes, size_shares, at_once and visible

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_key_of_another_section() {
    assert_eq!(
        reported(
            r#"
[needs]
fee = 0.1
"#,
            &[]
        ),
        r#"
error: unknown key `fee` in [needs]
 --> shop.toml:2:1
  |
2 | fee = 0.1
  | ^^^ belongs in [calls]
  |
  = help: move it there; the keys of [needs] are rate, patience, value, sizes, size_shares, at_once and visible

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_top_key_below_a_header() {
    assert_eq!(
        reported(
            r#"
[needs]
rounds = 40
"#,
            &[]
        ),
        r#"
error: unknown key `rounds` in [needs]
 --> shop.toml:2:1
  |
2 | rounds = 40
  | ^^^^^^ belongs at the top of the file
  |
  = help: a key belongs to the last header above it: move the line up, before the first header

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_section_key_at_the_top() {
    assert_eq!(
        reported(
            r#"
agents = 40
"#,
            &[]
        ),
        r#"
error: unknown key `agents`
 --> shop.toml:1:1
  |
1 | agents = 40
  | ^^^^^^ belongs in [population]
  |
  = help: move the line below the header [population]

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_misspelt_section() {
    assert_eq!(
        reported(
            r#"
[mixers]
size = 4
"#,
            &[]
        ),
        r#"
error: unknown section [mixers]
 --> shop.toml:1:2
  |
1 | [mixers]
  |  ^^^^^^ did you mean [mixer]?
  |
  = help: the sections are [population], [needs], [help], [mixer], [calls], [reputation], [[strategy]], [[region]], [survival], [evolution], [[change]], [bet], [sweep] and [[factor]]

shop.toml: 1 fault found
"#
    );
}

#[test]
fn an_unknown_section() {
    assert_eq!(
        reported(
            r#"
[weather]
rain = 0.4
"#,
            &[]
        ),
        r#"
error: unknown section [weather]
 --> shop.toml:1:2
  |
1 | [weather]
  |  ^^^^^^^ no such section
  |
  = help: the sections are [population], [needs], [help], [mixer], [calls], [reputation], [[strategy]], [[region]], [survival], [evolution], [[change]], [bet], [sweep] and [[factor]]

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_section_given_as_a_key() {
    assert_eq!(
        reported(
            r#"
needs = 3
"#,
            &[]
        ),
        r#"
error: [needs] must be a section, but is a whole number
 --> shop.toml:1:1
  |
1 | needs = 3
  | ^^^^^ given as a key
  |
  = help: write [needs] on a line of its own, and the keys of the section below it

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_section_given_as_a_list() {
    assert_eq!(
        reported(
            r#"
[[needs]]
rate = 0.3
"#,
            &[]
        ),
        r#"
error: [needs] must be a section, but is a list
 --> shop.toml:1:3
  |
1 | [[needs]]
  |   ^^^^^ given as a list
  |
  = help: write the header in single brackets, [needs], and only once

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_list_given_as_a_section() {
    assert_eq!(
        reported(
            r#"
[strategy]
name = "warrior"
"#,
            &[]
        ),
        r#"
error: [[strategy]] must be a list of sections, but is a section
 --> shop.toml:1:2
  |
1 | [strategy]
  |  ^^^^^^^^ double brackets needed
  |
  = help: begin every strategy with a line [[strategy]] and write name = "..." below it

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_key_given_twice() {
    assert_eq!(
        reported(
            r#"
[needs]
rate = 0.1
patience = 5
rate = 0.2
"#,
            &[]
        ),
        r#"
error: `rate` is given twice
 --> shop.toml:4:1
  |
2 | rate = 0.1
  | ---- first given here
3 | patience = 5
4 | rate = 0.2
  | ^^^^ given again
  |
  = help: keep one of the two

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_section_given_twice() {
    assert_eq!(
        reported(
            r#"
[needs]
rate = 0.1

[needs]
patience = 5
"#,
            &[]
        ),
        r#"
error: `needs` is given twice
 --> shop.toml:4:2
  |
1 | [needs]
  | ------- first given here
...
4 | [needs]
  |  ^^^^^ given again
  |
  = help: put the keys of both below one header

shop.toml: 1 fault found
"#
    );
}

#[test]
fn an_override_like_header() {
    assert_eq!(
        reported(
            r#"
[strategy.warrior]
ask = 0.3
"#,
            &[]
        ),
        r#"
error: [[strategy]] must be a list of sections, but is a section
 --> shop.toml:1:2
  |
1 | [strategy.warrior]
  |  ^^^^^^^^ double brackets needed
  |
  = help: begin every strategy with a line [[strategy]] and write name = "warrior" below it

shop.toml: 1 fault found
"#
    );
}
