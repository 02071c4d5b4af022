//! Advice about lines that are not TOML, for users who are new to TOML.

use super::wording::{real, shorten};

/// Advice for `line`, if it has a common mistake.
pub(super) fn for_line(line: &str) -> Option<String> {
    let line = line.trim();
    if ["//", "--", ";", "%", "/*", "rem "].iter().any(|mark| line.starts_with(mark)) {
        return Some("a comment begins with #".to_owned());
    }
    if line.starts_with('[') {
        let misses_bracket = line.matches('[').count() > line.matches(']').count();
        let advice = if misses_bracket {
            "a header stands in brackets: [needs], or [[strategy]] for a list"
        } else {
            "a header stands on a line of its own: [needs], or [[strategy]] for a list"
        };
        return Some(advice.to_owned());
    }
    let Some((key, value)) = line.split_once('=') else {
        let (key, value) = line.split_once(':')?;
        let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        return is_key.then(|| format!("write `=` in place of `:`, as in {key} = {}", shorten(value.trim())));
    };
    if key.trim_end().ends_with(':') {
        return Some("write `=` alone between key and value, in place of `:=`".to_owned());
    }
    for_value(value.split('#').next().unwrap_or_default().trim())
}

/// The same for the text after the `=`.
fn for_value(value: &str) -> Option<String> {
    if value.is_empty() {
        return Some("write the value after the `=`, on the same line".to_owned());
    }
    if let Some(inner) = value.strip_prefix(['“', '”', '„', '‘', '’', '«', '`']) {
        let inner = inner.trim_end_matches(['“', '”', '‘', '’', '»', '`']);
        return Some(format!("use straight double quotes: \"{}\"", shorten(inner)));
    }
    if value.starts_with('\'') {
        return Some("put text with an apostrophe between double quotes: \"it's\"".to_owned());
    }
    if value.starts_with('"') {
        let advice = if value.contains('\\') {
            "inside double quotes a backslash is written twice: \\\\"
        } else {
            "text begins and ends with a double quote, on the same line: \"shop\""
        };
        return Some(advice.to_owned());
    }
    match value.to_lowercase().as_str() {
        "true" | "yes" | "on" => return Some("write true, in small letters".to_owned()),
        "false" | "no" | "off" => return Some("write false, in small letters".to_owned()),
        _ => {}
    }
    for_number(value)
}

/// The same for a value that should be a number or a word.
fn for_number(value: &str) -> Option<String> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    if let Some(percent) = value.strip_suffix('%').and_then(number) {
        return Some(format!("for {} percent write {}", real(percent), real(percent / 100.0)));
    }
    let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_digit() || "., '_+-".contains(c));
    if is_plain(value) && value.contains([',', ' ', '\'']) {
        return Some("write a number without commas or spaces, with a decimal point: 1000 or 0.5".to_owned());
    }
    if let Some(number) = number(value) {
        return Some(if value.contains('.') {
            format!("write {number:?}")
        } else {
            format!("write {number}")
        });
    }
    let digits = value.trim_matches(|c: char| !c.is_ascii_digit() && c != '-' && c != '.');
    if digits != value
        && let Some(number) = number(digits)
    {
        return Some(format!("write the number alone: {number}"));
    }
    let is_word = value.chars().all(|c| c.is_alphanumeric() || "-_ .".contains(c));
    is_word.then(|| format!("put text between double quotes: \"{}\"", shorten(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_slips_are_recognised() {
        let cases = [
            ("rate = .5", "write 0.5"),
            ("rate = 1.  # one", "write 1.0"),
            ("rounds = 05", "write 5"),
            ("rate = 1,5", "write a number without commas or spaces, with a decimal point: 1000 or 0.5"),
            ("rounds = 1 000", "write a number without commas or spaces, with a decimal point: 1000 or 0.5"),
            ("rate = 50%", "for 50 percent write 0.5"),
            ("rounds = 12 weeks", "write the number alone: 12"),
            ("value = $5", "write the number alone: 5"),
            ("visible = True", "write true, in small letters"),
            ("visible = no", "write false, in small letters"),
            ("kind = public", "put text between double quotes: \"public\""),
            ("title = “Spring”", "use straight double quotes: \"Spring\""),
            ("title = 'it's'", "put text with an apostrophe between double quotes: \"it's\""),
            ("title = \"a\\q\"", "inside double quotes a backslash is written twice: \\\\"),
            ("rate: 0.5", "write `=` in place of `:`, as in rate = 0.5"),
            ("rate := 0.5", "write `=` alone between key and value, in place of `:=`"),
            ("// weekly", "a comment begins with #"),
            ("[needs", "a header stands in brackets: [needs], or [[strategy]] for a list"),
            ("[needs] rate = 3", "a header stands on a line of its own: [needs], or [[strategy]] for a list"),
            ("rate =", "write the value after the `=`, on the same line"),
        ];
        for (line, advice) in cases {
            assert_eq!(for_line(line).as_deref(), Some(advice), "{line}");
        }
        assert_eq!(for_line("just some text"), None);
    }
}
