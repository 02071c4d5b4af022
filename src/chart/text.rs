//! Text: its width, and how it is made to fit.

use std::borrow::Cow;
use std::sync::OnceLock;

use ttf_parser::Face;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// The weights of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// For most text.
    Regular,
    /// For titles and direct labels.
    Bold,
}

/// The faces, parsed once per process.
pub(super) fn face(weight: Weight) -> &'static Face<'static> {
    static FACES: OnceLock<[Face<'static>; 2]> = OnceLock::new();
    let faces = FACES.get_or_init(|| {
        [notosans::REGULAR_TTF, notosans::BOLD_TTF]
            .map(|bytes| Face::parse(bytes, 0).expect("the embedded face is well-formed"))
    });
    &faces[weight as usize]
}

/// Widths of the characters of a face up to U+024F (Latin), in em. Texts are measured far more often than drawn.
fn latin(weight: Weight) -> &'static [f64] {
    static LATIN: OnceLock<[Vec<f64>; 2]> = OnceLock::new();
    let widths = |weight| ('\0'..='\u{24f}').map(|c| advance(c, weight)).collect();
    &LATIN.get_or_init(|| [Weight::Regular, Weight::Bold].map(widths))[weight as usize]
}

/// Width of a character in em. One that the face lacks is drawn with another face, often a full em wide.
fn advance(c: char, weight: Weight) -> f64 {
    let face = face(weight);
    let advance = face.glyph_index(c).and_then(|glyph| face.glyph_hor_advance(glyph));
    advance.map_or(1.0, |advance| f64::from(advance) / f64::from(face.units_per_em()))
}

/// The text with each letter and its accents as one character, where Unicode has one (its form NFC): the face places no
/// accents that are characters of their own.
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc(text) { text.into() } else { text.nfc().collect::<String>().into() }
}

/// Width of the text in pixels, without kerning, of which this face has little.
pub(super) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let latin = latin(weight);
    let of = |c| latin.get(c as usize).copied().unwrap_or_else(|| advance(c, weight));
    composed(text).chars().map(of).sum::<f64>() * size
}

/// The text; if it is wider than `room`, it is shortened and ends with an ellipsis.
pub(super) fn shorten(text: &str, size: f64, weight: Weight, room: f64) -> String {
    if width(text, size, weight) <= room {
        return text.to_owned();
    }
    let text = composed(text);
    let room = room - width("…", size, weight);
    let mut end = 0;
    let mut used = 0.0;
    for (at, c) in text.char_indices() {
        used += width(c.encode_utf8(&mut [0; 4]), size, weight);
        if used > room {
            break;
        }
        end = at + c.len_utf8();
    }
    match text[..end].trim_end() {
        "" if room < 0.0 => String::new(),
        kept => format!("{kept}…"),
    }
}

/// The text in lines of at most `room`, broken at spaces and about equally long. If it needs more than `n_max` lines,
/// it is cut and ends with an ellipsis.
pub(super) fn wrap(text: &str, size: f64, weight: Weight, room: f64, n_max: usize) -> Vec<String> {
    let mut lines = greedy(text, size, weight, room);
    if lines.len() > n_max {
        let rest = lines.split_off(n_max.saturating_sub(1)).join(" ");
        lines.push(rest);
        return lines.into_iter().map(|line| shorten(&line, size, weight, room)).collect();
    }
    // The smallest width with the same number of lines gives lines of similar length.
    let (n, mut narrower) = (lines.len(), room);
    while n > 1 && narrower > 0.5 * room {
        narrower -= 0.02 * room;
        let tried = greedy(text, size, weight, narrower);
        if tried.len() > n || tried.iter().any(|line| width(line, size, weight) > room) {
            break;
        }
        lines = tried;
    }
    lines.into_iter().map(|line| shorten(&line, size, weight, room)).collect()
}

/// Fills each line before the next is started.
fn greedy(text: &str, size: f64, weight: Weight, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let last = lines.last_mut().map(|line| (format!("{line} {word}"), line));
        match last {
            Some((longer, line)) if width(&longer, size, weight) <= room => *line = longer,
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_face() {
        // Advances of 572 and 1118 units in an em of 1000 or 2048: checked by ratio, not by table.
        let digit = width("0", 100.0, Weight::Regular);
        assert!((width("000", 100.0, Weight::Regular) - 3.0 * digit).abs() < 1e-9);
        assert!((50.0..65.0).contains(&digit), "{digit}");
        assert!(width("servant", 12.0, Weight::Bold) > width("servant", 12.0, Weight::Regular));
    }

    #[test]
    fn shortened_text_fits_and_ends_with_an_ellipsis() {
        let short = shorten("servant of everyone", 12.0, Weight::Regular, 60.0);
        assert!(short.ends_with('…') && width(&short, 12.0, Weight::Regular) <= 60.0);
        assert_eq!(shorten("servant", 12.0, Weight::Regular, 60.0), "servant");
    }

    #[test]
    fn an_accent_of_its_own_is_measured_and_kept_with_its_letter() {
        let [one, apart] = ["José Åström", "Jose\u{301} A\u{30a}stro\u{308}m"];
        let width = |text| width(text, 12.0, Weight::Regular);
        assert_eq!(width(one), width(apart));
        assert_eq!(shorten(one, 12.0, Weight::Regular, 40.0), shorten(apart, 12.0, Weight::Regular, 40.0));
    }

    #[test]
    fn wrapped_text_keeps_its_words_and_its_bounds() {
        let text = "one two three four five six seven eight nine ten";
        let lines = wrap(text, 12.0, Weight::Regular, 90.0, 9);
        assert_eq!(lines.join(" "), text);
        assert!(lines.iter().all(|l| width(l, 12.0, Weight::Regular) <= 90.0));
        let cut = wrap(text, 12.0, Weight::Regular, 90.0, 2);
        assert!(cut.len() == 2 && cut[1].ends_with('…'));
    }
}
