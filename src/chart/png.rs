//! PNG copies of the charts, rendered from their SVG with the embedded face.

use std::sync::{Arc, OnceLock};

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Options, Tree};

/// Pixels per pixel of the chart's natural size.
const SCALE: f32 = 2.0;

/// The two embedded faces. System fonts would make different pictures on different machines.
fn fonts() -> Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    let load = || {
        let mut fonts = Database::new();
        for face in [notosans::REGULAR_TTF, notosans::BOLD_TTF] {
            fonts.load_font_source(Source::Binary(Arc::new(face)));
        }
        fonts.set_sans_serif_family("Noto Sans");
        Arc::new(fonts)
    };
    Arc::clone(FONTS.get_or_init(load))
}

/// Renders a chart's SVG document as PNG.
pub(super) fn render(svg: &str) -> Result<Vec<u8>, String> {
    let options = Options { fontdb: fonts(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| error.to_string())?;
    let size = tree.size().to_int_size().scale_by(SCALE).ok_or("it is too large")?;
    let mut picture = Pixmap::new(size.width(), size.height()).ok_or("it is too large")?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut picture.as_mut());
    encode(&picture).map_err(|error| error.to_string())
}

/// A picture as PNG, without its transparency, since charts have a background. The fast setting saves a tenth of a run
/// of chamber-mixer with charts; files are three quarters larger than by the default setting.
fn encode(picture: &Pixmap) -> Result<Vec<u8>, EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, picture.width(), picture.height());
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    // No pixel is transparent, so colours are as they were before they were multiplied by their opacity.
    let (pixels, _) = picture.data().as_chunks::<4>();
    let colours: Vec<[u8; 3]> = pixels.iter().map(|&[red, green, blue, _]| [red, green, blue]).collect();
    encoder.write_header()?.write_image_data(colours.as_flattened())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use plotters::style::BLACK;

    use super::super::canvas::{Anchor, draw};
    use super::super::text::Weight;
    use super::*;

    #[test]
    fn text_of_any_characters_is_rendered() {
        // All of the basic multilingual plane, and the ends of the other planes.
        let planes = (0_u32..0x1_0000).chain((1..=16).flat_map(|plane| {
            let start = plane << 16;
            (start..start + 0x200).chain(start + 0xff00..start + 0x1_0000)
        }));
        let all: Vec<char> = planes.filter_map(char::from_u32).collect();
        for lines in all.chunks(64 * 40) {
            let svg = draw(400.0, 400.0, |canvas| {
                for (k, line) in lines.chunks(64).enumerate() {
                    let (text, y) = (line.iter().collect::<String>(), 10.0 * k as f64);
                    canvas.text(&text, (0.0, y), Anchor::Start, 9.0, Weight::Regular, BLACK);
                }
            });
            let first = u32::from(lines[0]);
            render(&svg.unwrap().svg).unwrap_or_else(|why| panic!("from U+{first:04X} on: {why}"));
        }
    }
}
