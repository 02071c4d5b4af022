//! Ranges and levels of factors, as they stand in the file.

use super::points::reported;

#[test]
fn an_end_of_a_range_that_its_key_does_not_take() {
    assert_eq!(
        reported(
            r#"
[[factor]]
name = "patience"
keys = "needs.patience"
max = 5.5
"#,
            None,
            &[]
        ),
        r#"
error: needs.patience must be a whole number from 1 to 1,000,000, but is 0
 --> shop.toml:3:8
  |
3 | keys = "needs.patience"
  |        ^^^^^^^^^^^^^^^^ too small (factor patience: min is 0 by default)
  |
  = help: write a whole number from 1 to 1,000,000
  = note: patience: how long a need stays open before it lapses

shop.toml: 1 fault found
"#
    );
}

#[test]
fn an_end_of_a_range_that_rounds_to_what_its_key_does_not_take() {
    assert_eq!(
        reported(
            r#"
[[factor]]
name = "patience"
keys = ["needs.value", "needs.patience"]
min = 0.4
max = 5.5
"#,
            None,
            &[]
        ),
        r#"
error: needs.patience must be a whole number from 1 to 1,000,000, but is 0.4, rounded to 0
 --> shop.toml:4:7
  |
4 | min = 0.4
  |       ^^^ too small (factor patience)
  |
  = help: write a whole number from 1 to 1,000,000
  = note: patience: how long a need stays open before it lapses

shop.toml: 1 fault found
"#
    );
}

#[test]
fn a_level_that_its_key_does_not_take() {
    assert_eq!(
        reported(
            r#"
[[factor]]
name = "patience"
keys = "needs.patience"
values = [1, 5.5]
"#,
            None,
            &[]
        ),
        r#"
error: needs.patience must be a whole number from 1 to 1,000,000, but is 5.5
 --> shop.toml:4:10
  |
4 | values = [1, 5.5]
  |          ^^^^^^^^ has a decimal point (factor patience)
  |
  = help: round it, to 5 or 6
  = note: patience: how long a need stays open before it lapses

shop.toml: 1 fault found
"#
    );
}
