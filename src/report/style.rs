//! How a page looks, and the policy that lets a browser load nothing but that.

use sha2::{Digest, Sha256};

/// The style sheet without its colours.
const CSS: &str = include_str!("page.css");
/// The script that shows values on charts.
pub(super) const SCRIPT: &str = include_str!("page.js");

/// Colours by name, on light and on dark pages.
const COLOURS: [(&str, &str, &str); 9] = [
    ("page", "#f5f5f7", "#141518"),
    // A chart's background: the filter makes it of white on dark pages.
    ("card", "#ffffff", "#1f1f1f"),
    ("ink", "#1d1e24", "#ececf0"),
    ("muted", "#565b66", "#b3b7c0"),
    ("line", "#d9dbe0", "#3b3d44"),
    ("accent", "#0a5a9c", "#7fc1ff"),
    ("care", "#fff3d1", "#38300f"),
    ("care-ink", "#533a00", "#ffe2a0"),
    ("care-line", "#b98a1c", "#8f7425"),
];

/// Charts are drawn for a light page. On a dark one their lightness is turned round and their hues are kept.
const FILTER: &str = "invert(0.88) hue-rotate(180deg)";

/// The style sheet.
pub(super) fn css() -> String {
    let colours = |pick: fn(&(&str, &str, &str)) -> String| COLOURS.iter().map(pick).collect::<String>();
    let light = colours(|(name, light, _)| format!("--{name}:{light};"));
    let dark = colours(|(name, _, dark)| format!("--{name}:{dark};"));
    format!(
        ":root{{{light}}}\n@media screen and (prefers-color-scheme: dark){{:root{{{dark}}}\
         .plot svg{{filter:{FILTER}}}}}\n{CSS}"
    )
}

/// The content security policy: this style sheet, the script, and nothing else.
pub(super) fn policy(css: &str) -> String {
    format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        hash(css),
        hash(SCRIPT)
    )
}

/// The hash of an element's text, as policies have it.
fn hash(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text.as_bytes())))
}

/// Bytes in base64 (RFC 4648).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let whole =
            (0..3).fold(0_usize, |sum, k| sum << 8 | three.get(k).map_or(0, |byte| usize::from(*byte)));
        for k in 0..4 {
            let letter = char::from(LETTERS[whole >> (18 - 6 * k) & 63]);
            text.push(if k <= three.len() { letter } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red, green and blue, from 0 to 1.
    type Colour = [f64; 3];

    fn colour(hex: &str) -> Colour {
        let part = |k: usize| f64::from(u8::from_str_radix(&hex[1 + 2 * k..3 + 2 * k], 16).unwrap()) / 255.0;
        [part(0), part(1), part(2)]
    }

    /// Relative luminance (WCAG 2.2).
    fn luminance(colour: Colour) -> f64 {
        let linear = |c: f64| if c <= 0.04045 { c / 12.92 } else { libm::pow((c + 0.055) / 1.055, 2.4) };
        0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2])
    }

    fn contrast(a: Colour, b: Colour) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// A colour of a chart on a dark page: inverted by 0.88, then turned round by half of the circle of hues (Filter
    /// Effects Module 1).
    fn on_dark(colour: Colour) -> Colour {
        let [r, g, b] = colour.map(|c| 0.88 - 0.76 * c);
        let grey = 0.213 * r + 0.715 * g + 0.072 * b;
        [r, g, b].map(|c| (2.0 * grey - c).clamp(0.0, 1.0))
    }

    #[test]
    fn text_has_the_contrast_of_level_aa_on_light_and_dark_pages() {
        const PAIRS: [(&str, &str); 9] = [
            ("ink", "page"),
            ("ink", "card"),
            ("muted", "page"),
            ("muted", "card"),
            ("accent", "page"),
            ("accent", "card"),
            ("care-ink", "care"),
            ("ink", "care"),
            ("accent", "care"),
        ];
        let of = |name: &str| COLOURS.iter().find(|colour| colour.0 == name).unwrap();
        for (ink, paper) in PAIRS {
            let [ink_of, paper_of] = [ink, paper].map(of);
            for (a, b) in [(ink_of.1, paper_of.1), (ink_of.2, paper_of.2)] {
                let found = contrast(colour(a), colour(b));
                assert!(found >= 4.5, "{ink} on {paper}: {a} on {b} has {found:.2}");
            }
        }
    }

    #[test]
    fn text_of_charts_has_the_contrast_of_level_aa_on_light_and_dark_pages() {
        let white = colour("#FFFFFF");
        for text in crate::chart::text_colours() {
            let found = [contrast(colour(&text), white), contrast(on_dark(colour(&text)), on_dark(white))];
            assert!(found.iter().all(|contrast| *contrast >= 4.5), "{text}: {found:?}");
        }
    }

    #[test]
    fn the_background_of_charts_is_that_of_cards_on_dark_pages() {
        let card = COLOURS.iter().find(|colour| colour.0 == "card").unwrap();
        let bytes = on_dark(colour(card.1)).map(|c| libm::round(255.0 * c));
        assert_eq!(colour(card.2).map(|c| libm::round(255.0 * c)), bytes);
        assert!(FILTER.contains("invert(0.88)") && FILTER.contains("180deg"));
    }

    #[test]
    fn base64_is_that_of_the_standard() {
        let cases = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (text, expected) in cases {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }
}
