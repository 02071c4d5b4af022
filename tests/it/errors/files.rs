//! What is no text, and options of their own.

use super::reported_of;

#[test]
fn a_picture() {
    assert_eq!(
        reported_of(&[("shop.toml", b"\x89PNG\r\n\x1a\n\0\0\0")], &[]),
        r#"
error: this is not a text file
--> shop.toml
 = help: give the path of a scenario, a text file in TOML

shop.toml: 1 fault found
"#
    );
}

#[test]
fn sixteen_bit_text() {
    assert_eq!(
        reported_of(&[("shop.toml", b"\xff\xfer\0o\0")], &[]),
        r#"
error: the file is UTF-16 text, but must be UTF-8
--> shop.toml
 = help: save it as UTF-8; some editors call this encoding "UTF-8 without BOM"

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_letter_of_another_encoding() {
    assert_eq!(
        reported_of(&[("shop.toml", b"seed = 2\ntitle = \"Caf\xe9\"\n")], &[]),
        r#"
error: the file is not UTF-8 text: byte 233 is invalid
 --> shop.toml:2:13
  |
2 | title = "Caf�"
  |             ^ here
  |
  = help: save it as UTF-8; the letter here was written in another encoding

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_value_of_a_hundred_thousand_characters() {
    let file = format!("title = \"{}\"\n", "x".repeat(100_000));
    assert_eq!(
        reported_of(&[("shop.toml", file.as_bytes())], &[]),
        r#"
error: title must be text of at most 200 characters, but is "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…"
 --> shop.toml:1:9
  |
1 | title = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...
  |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 100,000 characters long
  |
  = help: shorten it
  = note: title: heading of tables and charts

shop.toml: 1 fault found
"#
    );
}

#[test]
fn an_option_of_its_own() {
    assert_eq!(
        reported_of(&[("shop.toml", b"seed = 2\n")], &["--seed", "9007199254740992"]),
        r#"
error: seed must be a whole number from 0 to 9,007,199,254,740,991, but is 9007199254740992
 |
 | --seed 9007199254740992
 |        ^^^^^^^^^^^^^^^^ too large
 |
 = help: write a whole number from 0 to 9,007,199,254,740,991; left out, it is 1
 = note: seed: master seed; the same scenario with the same seed gives the same results

shop.toml: 1 fault found
"#
    );
}
