//! Numbers as words have them.

/// A number in at most four digits that count, as 0.03684; other values as they are.
pub(crate) fn brief(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(number) if text.len() > 6 => {
            let rounded: f64 = format!("{number:.3e}").parse().unwrap_or(number);
            // Hundreds of zeros are for nobody to read.
            if rounded != 0.0 && !(1e-7..1e16).contains(&rounded.abs()) {
                return format!("{rounded:e}");
            }
            rounded.to_string()
        }
        _ => text.to_owned(),
    }
}

/// Puts them in order if all are numbers, else leaves them as they come; whether they are.
pub(super) fn sort<'t, T: Copy>(items: &mut [T], text: impl Fn(T) -> &'t str) -> bool {
    let numbers = items.iter().all(|item| text(*item).parse::<f64>().is_ok());
    if numbers {
        let number = |item: T| text(item).parse::<f64>().unwrap_or(f64::NAN);
        items.sort_by(|a, b| number(*a).total_cmp(&number(*b)));
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_told_in_four_digits_and_all_else_as_it_is() {
        let told =
            ["0.036841", "1234567", "-0.3333333", "1e-9", "0.00000000123456", "123456", "1.2500", "servants"];
        let expected = ["0.03684", "1235000", "-0.3333", "1e-9", "1.235e-9", "123456", "1.2500", "servants"];
        assert_eq!(told.map(brief), expected);
        assert_eq!((brief("0.0000000"), brief("99999999999999999999")), ("0".to_owned(), "1e20".to_owned()));
    }

    #[test]
    fn numbers_are_put_in_order_and_names_stay() {
        let (mut numbers, mut mixed) = (["10", "-2", "0.5", "9"], ["10", "b", "9"]);
        assert!(sort(&mut numbers, |text| text));
        assert!(!sort(&mut mixed, |text| text));
        assert_eq!((numbers, mixed), (["-2", "0.5", "9", "10"], ["10", "b", "9"]));
    }
}
