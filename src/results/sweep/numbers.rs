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
