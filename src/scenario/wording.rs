//! Words for messages: lists, numbers, shortened quotes and near misses.

/// Maximum number of characters of a value or key in a message.
const QUOTE_CHARS: usize = 40;

/// `text` on one line, shortened for a message.
pub(super) fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(QUOTE_CHARS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// "a", "a or b", "a, b or c".
pub(super) fn list(items: impl IntoIterator<Item = String>, last: &str) -> String {
    let items: Vec<String> = items.into_iter().collect();
    match items.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
    }
}

/// A whole number with commas between thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number for reading: at most ten decimals, no trailing zeros, thousands grouped.
pub(super) fn real(number: f64) -> String {
    let text = format!("{number:.10}");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let decimals = decimals.trim_end_matches('0');
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let whole = digits.parse().map_or_else(|_| digits.to_owned(), grouped);
    match decimals {
        "" if whole == "0" => whole,
        "" => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{decimals}"),
    }
}

/// `count` of a thing: "1 share", "3 shares".
pub(super) fn counted(count: usize, thing: &str) -> String {
    let number = grouped(count as u64);
    if count == 1 { format!("{number} {thing}") } else { format!("{number} {thing}s") }
}

/// The candidate that is most similar to `typed`, if one is similar enough.
pub(super) fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Suggestions with a lower similarity would confuse.
    const NEAR: f64 = 0.8;
    if typed.len() > 4 * QUOTE_CHARS {
        return None;
    }
    let typed = typed.to_lowercase().replace(['-', ' '], "_");
    let mut best = None;
    for candidate in candidates {
        let plain = candidate.to_lowercase().replace(['-', ' '], "_");
        let mut score = strsim::jaro_winkler(&typed, &plain);
        if strsim::damerau_levenshtein(&typed, &plain) <= 1 {
            score = score.max(NEAR);
        }
        if score >= NEAR && best.is_none_or(|(_, top)| score > top) {
            best = Some((candidate, score));
        }
    }
    best.map(|(candidate, _)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_is_cut_and_put_on_one_line() {
        assert_eq!(shorten("a\nb"), "a b");
        assert_eq!(shorten(&"x".repeat(1000)).chars().count(), QUOTE_CHARS + 1);
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(grouped(65_535), "65,535");
        assert_eq!(grouped(999), "999");
        assert_eq!(real(0.1 + 0.2), "0.3");
        assert_eq!(real(-1.0), "-1");
        assert_eq!(real(1e9), "1,000,000,000");
        assert_eq!(real(-0.0), "0");
    }

    #[test]
    fn a_slip_finds_its_key_and_a_stranger_finds_none() {
        assert_eq!(nearest("patiance", ["rate", "patience"]), Some("patience"));
        assert_eq!(nearest("Image Scoring", ["image-scoring", "shunning"]), Some("image-scoring"));
        assert_eq!(nearest("zebra", ["rate", "patience"]), None);
        for keys in [["assist_cost", "assist_code"], ["assist_code", "assist_cost"]] {
            assert_eq!(nearest("asist_cost", keys), Some("assist_cost"), "the most similar one");
        }
    }
}
