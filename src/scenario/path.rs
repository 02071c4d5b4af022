//! Paths to keys: `rounds`, `needs.rate`, `strategy.NAME.TRAIT`. Only this module parses them.
//!
//! A name can be quoted, and must be if an `=` in it would end the path: `strategy."a=b".ask`. Within double quotes a
//! quote or a backslash of the name is preceded by a backslash.

/// The parts of a path, without spaces around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path<'a> {
    /// Name of the section; `None` for a key at the top of the file.
    pub(super) section: Option<&'a str>,
    /// Name of the entry of a list of sections, if the path has three parts.
    pub(super) name: Option<Name<'a>>,
    /// Name of the key.
    pub(super) key: &'a str,
}

/// The name in the middle of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name<'a> {
    /// Without quotes, and without interpreting backslashes.
    pub(super) plain: &'a str,
    /// With backslashes interpreted, if it is in double quotes.
    escaped: Option<String>,
}

impl<'a> Path<'a> {
    /// Parses a path. Whether it exists is not checked.
    pub(super) fn parse(path: &'a str) -> Self {
        let Some((section, rest)) = path.split_once('.') else {
            return Self { section: None, name: None, key: path.trim() };
        };
        let (name, key) = split_name(rest);
        Self { section: Some(section.trim()), name: name.map(Name::parse), key: key.trim() }
    }

    /// Whether both are paths of the same key, regardless of quotes and spaces.
    pub(super) fn is(&self, other: &Path<'_>) -> bool {
        let name = |path: &Path<'_>| path.name.as_ref().map(|name| name.meant().to_owned());
        self.section == other.section && self.key == other.key && name(self) == name(other)
    }
}

impl<'a> Name<'a> {
    fn parse(text: &'a str) -> Self {
        let text = text.trim();
        let inner = |quote| text.strip_prefix(quote).and_then(|rest: &str| rest.strip_suffix(quote));
        match (inner('"'), inner('\'')) {
            (Some(plain), _) => Self { plain, escaped: Some(without_escapes(plain)) },
            (None, Some(plain)) => Self { plain, escaped: None },
            (None, None) => Self { plain: text, escaped: None },
        }
    }

    /// The name that is meant, without knowledge of the existing names.
    pub(super) fn meant(&self) -> &str {
        self.escaped.as_deref().unwrap_or(self.plain)
    }

    /// The position of the name among `names`. Backslashes that were not meant as escapes are part of the name.
    pub(super) fn position<'n>(&self, names: impl Iterator<Item = Option<&'n str>> + Clone) -> Option<usize> {
        let find = |wanted: &str| names.clone().position(|name| name == Some(wanted));
        find(self.meant()).or_else(|| find(self.plain))
    }
}

/// The name of an entry and the key, from the part of a path after the section. The parts of a spread belong to the
/// key: `ask.sd` is a key, and `ask.mean` is `ask`.
fn split_name(rest: &str) -> (Option<&str>, &str) {
    let split = |text| str::rsplit_once(text, '.').map_or((None, text), |(name, key)| (Some(name), key));
    let (Some(owner), part) = split(rest) else { return (None, rest) };
    let (name, key) = split(owner);
    match part.trim() {
        "mean" => (name, key),
        "sd" => (name, name.map_or(rest, |name| &rest[name.len() + 1..])),
        _ => (Some(owner), part),
    }
}

fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().filter(|next| letter == '\\' && ['"', '\\'].contains(next));
        plain.push(next.unwrap_or(letter));
        if next.is_some() {
            letters.next();
        }
    }
    plain
}

/// The path of a key in an entry of a list, in a form that [`Path::parse`] and [`key_end`] accept for any name.
pub(super) fn of_entry(section: &str, name: &str, key: &str) -> String {
    let name = name.replace('\\', "\\\\").replace('"', "\\\"");
    format!("{section}.\"{name}\".{key}")
}

/// The same path, quoted so that an `=` in a name does not end it.
pub(super) fn for_override(path: &str) -> String {
    if !path.contains('=') {
        return path.to_owned();
    }
    match Path::parse(path) {
        Path { section: Some(section), name: Some(name), key } => of_entry(section, name.meant(), key),
        _ => path.to_owned(),
    }
}

/// The end of the path in `key=value`: the first `=` that is not in a quoted name.
pub(super) fn key_end(argument: &str) -> Option<usize> {
    let rest = scheduled(argument).map_or(argument, |(_, rest)| rest);
    let before = argument.len() - rest.len();
    quoted_key_end(rest).or_else(|| rest.find('=')).map(|end| before + end)
}

/// The round and the key of `change.ROUND.KEY`, with what follows the key.
pub(super) fn scheduled(path: &str) -> Option<(&str, &str)> {
    let (round, key) = path.trim_start().strip_prefix("change.")?.split_once('.')?;
    (!round.contains('=')).then_some((round.trim(), key))
}

/// The end of `section."name".key`, if the argument starts with this form.
fn quoted_key_end(argument: &str) -> Option<usize> {
    let name = argument.find('.')? + 1;
    let name = name + (argument[name..].len() - argument[name..].trim_start().len());
    let quote = argument[name..].chars().next().filter(|c| ['"', '\''].contains(c))?;
    if argument[..name].contains('=') {
        return None;
    }
    let mut escaped = false;
    for (place, letter) in argument[name + 1..].char_indices() {
        let after = &argument[name + 1 + place + letter.len_utf8()..];
        if letter == quote && !escaped {
            let key = after.trim_start().strip_prefix('.').and_then(|rest| rest.split_once('='));
            let is_key = |key: &str| {
                without_part(key.trim()).chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
            };
            if let Some((key, value)) = key
                && is_key(key)
            {
                return Some(argument.len() - value.len() - 1);
            }
        }
        escaped = quote == '"' && letter == '\\' && !escaped;
    }
    None
}

/// The key without the part of a spread that it names.
fn without_part(key: &str) -> &str {
    key.strip_suffix(".sd").or_else(|| key.strip_suffix(".mean")).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(argument: &str) -> (&str, &str) {
        let end = key_end(argument).unwrap();
        (&argument[..end], &argument[end + 1..])
    }

    #[test]
    fn a_path_is_taken_apart_without_quotes_and_spaces() {
        let parts = |path| {
            let Path { section, name, key } = Path::parse(path);
            (section, name.map(|name| name.meant().to_owned()), key)
        };
        assert_eq!(parts(" rounds "), (None, None, "rounds"));
        assert_eq!(parts("population. agents"), (Some("population"), None, "agents"));
        assert_eq!(parts("strategy . v1.5 guest .ask"), (Some("strategy"), Some("v1.5 guest".into()), "ask"));
        assert_eq!(parts("strategy.\"a=b\".ask"), (Some("strategy"), Some("a=b".into()), "ask"));
        assert_eq!(parts("strategy.'a\\b'.ask"), (Some("strategy"), Some("a\\b".into()), "ask"));
        assert_eq!(parts("needs.rate.sd"), (Some("needs"), None, "rate.sd"));
        assert_eq!(parts("needs. rate.mean"), (Some("needs"), None, "rate"));
        assert_eq!(
            parts("strategy.v1.5 guest.ask.sd"),
            (Some("strategy"), Some("v1.5 guest".into()), "ask.sd")
        );
        assert_eq!(parts("strategy.\"a.sd\".ask.mean"), (Some("strategy"), Some("a.sd".into()), "ask"));
        assert_eq!(parts("strategy.ask.sd"), (Some("strategy"), None, "ask.sd"));
        assert!(Path::parse("strategy. \"a\" .share").is(&Path::parse("strategy.a.share")));
    }

    #[test]
    fn an_equals_sign_in_quotes_belongs_to_the_name() {
        assert_eq!(split("rounds=1=2"), ("rounds", "1=2"));
        assert_eq!(split("strategy.\"a=b\".ask = 0.5"), ("strategy.\"a=b\".ask ", " 0.5"));
        assert_eq!(split("strategy.\"a=b\".ask.sd=0.1"), ("strategy.\"a=b\".ask.sd", "0.1"));
        assert_eq!(split("strategy.'a=\"b'.ask=0.5"), ("strategy.'a=\"b'.ask", "0.5"));
        assert_eq!(split("title=a.\"b\".c=d"), ("title", "a.\"b\".c=d"));
        assert_eq!(split("strategy.\"a.ask=0.5"), ("strategy.\"a.ask", "0.5"));
    }

    #[test]
    fn a_backslash_that_was_not_meant_as_an_escape_stands_for_itself() {
        let path = Path::parse("strategy.\"a\\\\b\".ask");
        let position = |names: &[&'static str]| {
            path.name.as_ref().unwrap().position(names.iter().map(|name| Some(*name)))
        };
        assert_eq!(position(&["a\\\\b", "a\\b"]), Some(1));
        assert_eq!(position(&["x", "a\\\\b"]), Some(1));
    }

    proptest! {
        // A failure is a case for a test of its own, not for a file beside the sources.
        #![proptest_config(prop::test_runner::Config { failure_persistence: None, ..Default::default() })]

        #[test]
        fn the_path_of_an_entry_leads_to_it_whatever_its_name(name in "[\"'\\\\=.# a\\[é]{1,8}", value in "[\"'=.a]{0,6}") {
            let path = of_entry("strategy", &name, "share");
            let argument = format!("{path}={value}");
            prop_assert_eq!(split(&argument), (path.as_str(), value.as_str()));
            let found = Path::parse(&path);
            prop_assert_eq!(found.name.as_ref().map(Name::meant), Some(name.as_str()));
            prop_assert_eq!(for_override(&path), path);
        }
    }
}
