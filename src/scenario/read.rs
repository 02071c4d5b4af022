//! Reads one value by its row of the table: checks type and range, and adds advice if it is wrong.

use std::borrow::Cow;

use toml::de::{DeFloat, DeInteger, DeValue};

use super::diagnostics::{Fault, Place};
use super::document::{Given, Written};
use super::table::{AUTO, Fallback, Key, Kind, Value, twelve_digits};
use super::unknown::describe;
use super::wording::{grouped, nearest, real, shorten};

/// The value of `given` for `key`, or a fault; `path` is the key's name in messages.
pub(super) fn read(key: &Key, given: &Given<'_>, path: &str) -> Result<Value, Fault> {
    let place = &given.place;
    let (value, typed) = match &given.value {
        Written::File(value) => (value, None),
        Written::Override(value, typed) | Written::Level(value, typed) => (value, Some(*typed)),
        Written::End(number) => return end(key, *number, place, path),
        Written::Read(value) => return Ok(value.clone()),
    };
    let is_level = matches!(given.value, Written::Level(..));
    let found = Found { key, value, typed, is_level, place, path };
    match &key.rule.kind {
        Kind::Real { min, max } => found.real(*min, *max),
        Kind::WholeOrAuto { .. } if found.written_text().as_deref() == Some(AUTO) => found.auto(),
        Kind::Whole { min, max } | Kind::WholeOrAuto { min, max } => found.whole(*min, *max),
        Kind::Flag => found.flag(),
        Kind::Choice(names) => found.choice(names),
        Kind::Text { min_chars, max_chars } => found.text(*min_chars, *max_chars),
        Kind::Rising { min, max, most } => found.rising([*min, *max], *most),
        Kind::Reals { min, max, most } => found.reals([*min, *max], *most),
        Kind::Items { least, most } => found.items(*least, *most),
    }
}

/// The value of a key that takes numbers at an end of a factor's range.
fn end(key: &Key, number: f64, place: &Place, path: &str) -> Result<Value, Fault> {
    let (min, max, used) = match &key.rule.kind {
        Kind::Whole { min, max } | Kind::WholeOrAuto { min, max } => {
            (*min as f64, *max as f64, libm::round(number))
        }
        Kind::Real { min, max } => (*min, *max, twelve_digits(number)),
        _ => unreachable!("a factor has a range only where its keys take numbers"),
    };
    if (min..=max).contains(&used) {
        return Ok(key.value_of(number));
    }
    let allowed = key.rule.kind.allowed();
    let rounded = if used == number { String::new() } else { format!(", rounded to {used}") };
    let message = format!("{path} must be {allowed}, but is {}{rounded}", shorten(&number.to_string()));
    let label = if used < min { "too small" } else { "too large" };
    Err(Fault::new(message, format!("write {allowed}")).note(key.about()).at(place, label))
}

struct Found<'f, 'a> {
    key: &'f Key,
    value: &'f DeValue<'a>,
    typed: Option<&'f str>,
    /// Whether a factor gives it: then it cannot be left out.
    is_level: bool,
    place: &'f Place,
    path: &'f str,
}

impl Found<'_, '_> {
    /// A fault with the range, the value, the meaning of the key, and advice.
    fn fault(&self, label: &str, fix: Option<String>) -> Fault {
        let message =
            format!("{} must be {}, but is {}", self.path, self.key.rule.kind.allowed(), self.value_text());
        Fault::new(message, self.help(fix)).note(self.key.about()).at(self.place, label)
    }

    fn help(&self, fix: Option<String>) -> String {
        fix.unwrap_or_else(|| {
            let allowed = self.key.rule.kind.allowed();
            match &self.key.rule.fallback {
                Fallback::Is(value) if !self.is_level => {
                    format!("write {allowed}; left out, it is {}", value.to_toml())
                }
                _ => format!("write {allowed}"),
            }
        })
    }

    fn wrong_type(&self, expected: &str, fix: Option<String>) -> Fault {
        self.fault(&format!("expected {expected}, found {}", describe(self.value)), fix)
    }

    /// The value as it was written, or its kind if it is long.
    fn value_text(&self) -> String {
        match self.value {
            DeValue::String(text) if text.is_empty() => "empty".to_owned(),
            DeValue::String(text) if self.typed.is_none() => format!("\"{}\"", shorten(text)),
            DeValue::String(text) => format!("`{}`", shorten(text)),
            DeValue::Integer(number) => shorten(&number.to_string()),
            DeValue::Float(number) => shorten(&number.to_string()),
            DeValue::Boolean(flag) => flag.to_string(),
            DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => describe(self.value).to_owned(),
        }
    }

    fn real(&self, min: f64, max: f64) -> Result<Value, Fault> {
        let number = match self.value {
            DeValue::Integer(integer) => integer_to_real(integer),
            DeValue::Float(float) => real_of(float),
            DeValue::String(text) => return Err(self.wrong_type("a number", self.unquote(text))),
            _ => return Err(self.wrong_type("a number", None)),
        };
        if (min..=max).contains(&number) {
            // Adding zero turns -0 into 0, which prints and divides as expected.
            return Ok(Value::Real(number + 0.0));
        }
        if number.is_nan() {
            return Err(self.fault("not a number", None));
        }
        let percent = (min..=max).contains(&(number / 100.0)) && max == 1.0 && number >= 2.0;
        let fix = percent.then(|| format!("for {} percent write {}", real(number), real(number / 100.0)));
        Err(self.fault(if number < min { "too small" } else { "too large" }, fix))
    }

    fn whole(&self, min: u64, max: u64) -> Result<Value, Fault> {
        let number = match self.value {
            DeValue::Integer(integer) => integer,
            DeValue::Float(float) => return Err(self.whole_from_real(real_of(float))),
            DeValue::String(text) => return Err(self.wrong_type("a whole number", self.unquote(text))),
            _ => return Err(self.wrong_type("a whole number", None)),
        };
        if number.as_str().starts_with('-') && integer_to_real(number) < 0.0 {
            return Err(self.fault("too small", None));
        }
        match u64::from_str_radix(number.as_str().trim_start_matches('-'), number.radix()) {
            Ok(number) if (min..=max).contains(&number) => Ok(Value::Whole(number)),
            Ok(number) if number < min => Err(self.fault("too small", None)),
            _ => Err(self.fault("too large", None)),
        }
    }

    fn auto(&self) -> Result<Value, Fault> {
        if !self.is_level {
            return Ok(Value::Text(Cow::Borrowed(AUTO)));
        }
        let message = format!("a factor cannot set {} to \"{AUTO}\"", self.path);
        let help = format!("give numbers; {} = \"{AUTO}\" in the scenario holds for all points", self.path);
        Err(Fault::new(message, help).note(self.key.about()).at(self.place, "no number"))
    }

    fn rising(&self, [min, max]: [u64; 2], most: usize) -> Result<Value, Fault> {
        let DeValue::Array(items) = self.value else {
            return Err(
                self.wrong_type("a list of whole numbers", Some(format!("write it as in [{min}, 4, 13]")))
            );
        };
        let mut numbers: Vec<u64> = Vec::new();
        for item in items.iter() {
            let DeValue::Integer(integer) = item.get_ref() else {
                let text = describe(item.get_ref());
                return Err(self.fault(&format!("{text} in it is no whole number"), None));
            };
            let number = u64::from_str_radix(integer.as_str(), integer.radix()).ok();
            let Some(number) = number.filter(|number| (min..=max).contains(number)) else {
                return Err(self.fault(&format!("{integer} in it is out of range"), None));
            };
            if numbers.last().is_some_and(|last| *last >= number) {
                let label = format!("{number} does not follow on {}", numbers[numbers.len() - 1]);
                return Err(self.fault(&label, Some("put the numbers in order, each once".to_owned())));
            }
            numbers.push(number);
        }
        if numbers.is_empty() || numbers.len() > most {
            return Err(self.fault(&format!("{} numbers", numbers.len()), None));
        }
        Ok(Value::Wholes(numbers.into()))
    }

    fn reals(&self, [min, max]: [f64; 2], most: usize) -> Result<Value, Fault> {
        let DeValue::Array(items) = self.value else {
            return Err(self.wrong_type("a list of numbers", Some("write it as in [0.75, 0.25]".to_owned())));
        };
        let mut numbers = Vec::new();
        for item in items.iter() {
            let (number, written) = match item.get_ref() {
                DeValue::Integer(integer) => (integer_to_real(integer), integer.to_string()),
                DeValue::Float(float) => (real_of(float), float.to_string()),
                other => return Err(self.fault(&format!("{} in it is no number", describe(other)), None)),
            };
            if !(min..=max).contains(&number) {
                return Err(self.fault(&format!("{} in it is out of range", shorten(&written)), None));
            }
            // Adding zero turns -0 into 0.
            numbers.push(number + 0.0);
        }
        if numbers.is_empty() || numbers.len() > most {
            return Err(self.fault(&format!("{} numbers", numbers.len()), None));
        }
        Ok(Value::Reals(numbers.into()))
    }

    /// One or several scalars as text.
    fn items(&self, least: usize, most: usize) -> Result<Value, Fault> {
        let texts = match self.value {
            DeValue::Array(items) => items.iter().map(|item| self.item(item.get_ref())).collect(),
            one => self.item(one).map(|text| vec![text]),
        };
        let texts: Vec<String> = texts?;
        if texts.len() < least || texts.len() > most {
            return Err(self.fault(&format!("{} of them", texts.len()), None));
        }
        Ok(Value::Texts(texts))
    }

    fn item(&self, value: &DeValue<'_>) -> Result<String, Fault> {
        match value {
            DeValue::String(text) if text.is_empty() || text.chars().any(char::is_control) => {
                Err(self.fault("one of them is empty or has a control character", None))
            }
            DeValue::String(text) => Ok(text.to_string()),
            DeValue::Integer(number) if number.radix() == 10 => Ok(number.as_str().to_owned()),
            DeValue::Float(number) => Ok(number.as_str().to_owned()),
            DeValue::Boolean(flag) => Ok(flag.to_string()),
            other => Err(self.fault(&format!("{} in it is no name or value", describe(other)), None)),
        }
    }

    fn whole_from_real(&self, number: f64) -> Fault {
        let fix = if !number.is_finite() || number.abs() > 1e15 {
            None
        } else if number.fract() == 0.0 {
            Some(format!("write {number:.0}"))
        } else {
            Some(format!("round it, to {:.0} or {:.0}", number.floor(), number.ceil()))
        };
        let point = matches!(self.value, DeValue::Float(float) if float.as_str().contains('.'));
        self.fault(if point { "has a decimal point" } else { "not written as a whole number" }, fix)
    }

    fn flag(&self) -> Result<Value, Fault> {
        match self.value {
            DeValue::Boolean(flag) => Ok(Value::Flag(*flag)),
            DeValue::String(text) => Err(self.wrong_type("true or false", self.unquote(text))),
            _ => Err(self.wrong_type("true or false", None)),
        }
    }

    fn choice(&self, names: &'static [&'static str]) -> Result<Value, Fault> {
        let Some(text) = self.written_text() else { return Err(self.wrong_type("text", None)) };
        if let Some(name) = names.iter().find(|name| **name == text) {
            return Ok(Value::Text(Cow::Borrowed(name)));
        }
        let label = nearest(&text, names.iter().copied())
            .map_or_else(|| "not one of these".to_owned(), |near| format!("did you mean \"{near}\"?"));
        Err(self.fault(&label, None))
    }

    fn text(&self, min_chars: usize, max_chars: usize) -> Result<Value, Fault> {
        let Some(text) = self.written_text() else {
            return Err(self.wrong_type("text", Some("put it between double quotes".to_owned())));
        };
        let chars = text.chars().count();
        if chars < min_chars {
            return Err(self.fault("empty", None));
        }
        if chars > max_chars {
            return Err(self.fault(
                &format!("{} characters long", grouped(chars as u64)),
                Some("shorten it".to_owned()),
            ));
        }
        if text.chars().any(char::is_control) {
            let fix = "leave out line breaks, tabs and other control characters".to_owned();
            return Err(self.fault("has a control character", Some(fix)));
        }
        if min_chars > 0 && text.trim() != text {
            let fix = "leave out the spaces before and after it".to_owned();
            return Err(self.fault("spaces at the ends", Some(fix)));
        }
        Ok(Value::Text(Cow::Owned(text.into_owned())))
    }

    /// Text as given. An override needs no quotes, even if the text reads as a number.
    fn written_text(&self) -> Option<Cow<'_, str>> {
        match (self.value, self.typed) {
            (DeValue::String(text), _) => Some(Cow::Borrowed(text)),
            (_, Some(typed)) => Some(Cow::Borrowed(typed)),
            _ => None,
        }
    }

    /// Advice for a number or flag that was given as text, if that text reads as one.
    fn unquote(&self, text: &str) -> Option<String> {
        let text = text.trim();
        let number = text.parse::<f64>().ok().filter(|x| x.is_finite());
        if let (Some(number), Some(_)) = (number, self.typed) {
            // An override has no quotes to leave out: TOML does not read the number as written.
            return Some(format!("write it as {number:?}"));
        }
        if number.is_some() || text == "true" || text == "false" {
            return Some(format!("leave out the quotes: {}", shorten(text)));
        }
        let with_point = text.replacen(',', ".", 1);
        let is_number = with_point != text && with_point.parse::<f64>().is_ok_and(f64::is_finite);
        is_number.then(|| format!("write a decimal point and no quotes: {}", shorten(&with_point)))
    }
}

/// Numbers that are far too large become infinite, which no range contains.
fn real_of(float: &DeFloat<'_>) -> f64 {
    float.as_str().parse().unwrap_or(f64::NAN)
}

fn integer_to_real(integer: &DeInteger<'_>) -> f64 {
    match integer.radix() {
        10 => integer.as_str().parse().unwrap_or(f64::NAN),
        radix => u64::from_str_radix(integer.as_str(), radix).map_or(f64::INFINITY, |number| number as f64),
    }
}
