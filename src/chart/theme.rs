//! The theme of all charts: colours, dashes, sizes and fonts.

use plotters::style::RGBColor;

use crate::results::PRESETS;

/// Fonts by preference. Text is measured and rendered with the first.
pub(super) const FONTS: &str = "Noto Sans, Helvetica Neue, Arial, sans-serif";

/// Width of every figure, in pixels at its natural size.
pub(super) const WIDTH: f64 = 760.0;
/// Height of a figure with one panel and few strategies.
pub(super) const HEIGHT: f64 = 440.0;
/// Margin around a figure.
pub(super) const MARGIN: f64 = 20.0;

/// Size of titles.
pub(super) const TITLE: f64 = 17.0;
/// Size of subtitles and axis titles.
pub(super) const BODY: f64 = 12.0;
/// Size of tick labels and notes.
pub(super) const SMALL: f64 = 11.0;

/// Titles and axis titles.
pub(super) const INK: RGBColor = RGBColor(33, 33, 40);
/// Subtitles and tick labels.
pub(super) const MUTED: RGBColor = RGBColor(99, 104, 112);
/// Axis lines and ticks.
pub(super) const AXIS: RGBColor = RGBColor(110, 115, 122);
/// Grid lines.
pub(super) const GRID: RGBColor = RGBColor(226, 228, 231);
/// Background of rounds that summaries leave out.
pub(super) const SHADE: RGBColor = RGBColor(244, 244, 246);
/// Background of the figure.
pub(super) const PAPER: RGBColor = RGBColor(255, 255, 255);

/// Width of data lines.
pub(super) const LINE: f64 = 1.9;
/// Opacity of ribbons.
pub(super) const RIBBON: f64 = 0.2;

/// Maximum number of curves with ribbons: more would hide each other and take minutes to render.
pub(super) const N_RIBBONS: usize = 100;

/// Number of colours.
pub(super) const N_COLOURS: usize = 7;

/// The colours of Okabe & Ito (2008) without yellow, which is hard to see on white.
const COLOURS: [RGBColor; N_COLOURS] = [
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0xCC, 0x79, 0xA7),
    RGBColor(0xE6, 0x9F, 0x00),
    RGBColor(0x56, 0xB4, 0xE9),
    RGBColor(0x55, 0x55, 0x55),
];

/// Dash patterns: lengths of dash, gap, dash, gap ...; empty for a solid line.
const DASHES: [&[f64]; 6] =
    [&[], &[8.0, 3.0], &[2.5, 2.5], &[9.0, 3.0, 2.0, 3.0], &[14.0, 3.0], &[5.0, 2.0, 2.0, 2.0, 2.0, 2.0]];

/// The styles of strategies with these names. A preset has the same style in every result. Other strategies have the
/// styles after those of the presets, in order; where there is no preset, they begin with the first style.
pub(super) fn styles(names: &[String]) -> Vec<Style> {
    let preset = |name: &String| PRESETS.iter().position(|preset| preset == name);
    let mut next = if names.iter().any(|name| preset(name).is_some()) { PRESETS.len() } else { 0 };
    let place = |name: &String| {
        preset(name).unwrap_or_else(|| {
            next += 1;
            next - 1
        })
    };
    names.iter().map(place).map(Style::of).collect()
}

/// The style of one of these strategies; that at place `other` if there is none of this name.
pub(super) fn style_of(name: &String, names: &[String], other: usize) -> Style {
    let place = names.iter().position(|known| known == name);
    place.map_or_else(|| Style::of(other), |place| styles(names)[place])
}

/// The style of a strategy, in every chart of a result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    /// Colour of lines, dots and areas.
    pub(super) colour: RGBColor,
    /// Dash pattern of its lines.
    pub(super) dash: &'static [f64],
}

impl Style {
    /// The style at a place; the first 42 differ in colour or dash.
    pub(super) fn of(strategy: usize) -> Self {
        let lap = strategy / COLOURS.len();
        Self {
            colour: COLOURS[strategy % COLOURS.len()],
            dash: DASHES[(strategy % COLOURS.len() + lap) % DASHES.len()],
        }
    }

    /// A style for something other than a strategy, such as a result among several: no preset has its colour. The first
    /// twelve differ.
    pub(super) fn apart(place: usize) -> Self {
        let rest = COLOURS.len() - PRESETS.len();
        Self { colour: COLOURS[PRESETS.len() + place % rest], dash: DASHES[place % DASHES.len()] }
    }

    /// The colour for text: darkened as far as it takes to be readable on white, which is a contrast of 4.5 (WCAG 2.2,
    /// level AA).
    pub(super) fn text_colour(self) -> RGBColor {
        let darker = |step: u32| blend(self.colour, INK, f64::from(step) / 20.0);
        (0..20).map(darker).find(|colour| contrast_with_white(*colour) >= 4.5).unwrap_or(INK)
    }
}

/// The contrast of a colour with white, as WCAG 2.2 defines it.
fn contrast_with_white(RGBColor(r, g, b): RGBColor) -> f64 {
    let linear = |byte: u8| {
        let value = f64::from(byte) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
    };
    1.05 / (0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) + 0.05)
}

/// The colours of text in charts, as `#RRGGBB`.
#[cfg(test)]
pub(crate) fn text_colours() -> Vec<String> {
    let styles = (0..N_COLOURS).map(|s| Style::of(s).text_colour());
    let all = styles.chain([INK, MUTED]);
    all.map(|RGBColor(r, g, b)| format!("#{r:02X}{g:02X}{b:02X}")).collect()
}

/// A mixture of two colours: `from` at share 0, `to` at share 1.
pub(super) fn blend(from: RGBColor, to: RGBColor, share: f64) -> RGBColor {
    let mix = |a: u8, b: u8| {
        let value = f64::from(a) + (f64::from(b) - f64::from(a)) * share.clamp(0.0, 1.0);
        // Between two bytes, so it fits in a byte.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let byte = libm::round(value) as u8;
        byte
    };
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// A sequential scale for shares of the greatest value, 0 to 1: white to deep purple.
pub(super) fn heat(share: f64) -> RGBColor {
    const STOPS: [RGBColor; 4] = [
        RGBColor(0xFC, 0xFB, 0xFD),
        RGBColor(0xCB, 0xC9, 0xE2),
        RGBColor(0x8A, 0x82, 0xBD),
        RGBColor(0x54, 0x27, 0x8F),
    ];
    let place = share.clamp(0.0, 1.0) * 3.0;
    let stop = usize::from(place >= 1.0) + usize::from(place >= 2.0);
    blend(STOPS[stop], STOPS[stop + 1], place - stop as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_two_strategies_have_different_styles() {
        let styles: Vec<Style> = (0..42).map(Style::of).collect();
        for (i, a) in styles.iter().enumerate() {
            assert!(styles[..i].iter().all(|b| a != b), "strategy {i} styles like an earlier one");
        }
    }

    #[test]
    fn presets_have_the_same_style_beside_any_other_strategy() {
        let of = |names: &[&str]| styles(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        let [warrior, servant, abstainer] = [0, 1, 2].map(Style::of);
        assert_eq!(of(&["warrior", "servant", "abstainer"]), [warrior, servant, abstainer]);
        assert_eq!(of(&["coached", "servant", "warrior"]), [Style::of(3), servant, warrior]);
        assert_eq!(of(&["abstainer", "a", "b"]), [abstainer, Style::of(3), Style::of(4)]);
        let apart = (0..12).map(Style::apart).collect::<Vec<_>>();
        assert!(
            apart.iter().all(|style| [warrior, servant, abstainer].iter().all(|p| p.colour != style.colour))
        );
        assert!(apart.iter().enumerate().all(|(k, style)| !apart[..k].contains(style)));
        assert_eq!(of(&["a", "b"]), [Style::of(0), Style::of(1)], "without presets from the first on");
    }

    #[test]
    fn the_heat_scale_has_no_jumps() {
        for i in 0..300 {
            let (a, b) = (heat(f64::from(i) / 300.0), heat(f64::from(i + 1) / 300.0));
            assert!(a.0.abs_diff(b.0) < 3 && a.1.abs_diff(b.1) < 3 && a.2.abs_diff(b.2) < 3);
        }
    }
}
