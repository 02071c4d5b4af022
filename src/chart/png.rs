//! PNG copies of the charts: their SVG drawn in pixels, and its text with the embedded face.
//!
//! A canvas writes five kinds of elements, and these are what is drawn here. Any other is an error, so that no part of
//! a chart is missing in its copy.

use std::borrow::Cow;
use std::error::Error;

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use tiny_skia::{FillRule, LineJoin, Paint, PathBuilder, Pixmap, Rect, Stroke, Transform};
use ttf_parser::{GlyphId, OutlineBuilder};

use super::text::{Weight, composed, face};

/// Pixels per pixel of the chart's natural size.
const SCALE: f32 = 2.0;
/// What the canvas raises text by, `dy="-0.5ex"`, in em.
const TEXT_LIFT: f32 = 0.25;

/// Why a chart cannot be drawn.
type Fault = Box<dyn Error>;

/// Renders a chart's SVG document as PNG.
pub(super) fn render(svg: &str) -> Result<Vec<u8>, String> {
    let picture = picture(svg).map_err(|fault| fault.to_string())?;
    encode(&picture).map_err(|error| error.to_string())
}

/// The picture that an SVG document describes.
fn picture(svg: &str) -> Result<Pixmap, Fault> {
    let mut reader = Reader::from_str(svg);
    let mut sheet = None;
    loop {
        match (reader.read_event()?, &mut sheet) {
            (Event::Start(tag) | Event::Empty(tag), None) => sheet = Some(Sheet::new(&tag)?),
            (Event::Start(tag), Some(sheet)) => {
                let text = reader.read_text(tag.name())?;
                sheet.text(&tag, &unescape(&text)?)?;
            }
            (Event::Empty(tag), Some(sheet)) => sheet.shape(&tag)?,
            (Event::Eof, _) => break,
            _ => {}
        }
    }
    Ok(sheet.ok_or("it is empty")?.picture)
}

/// A picture, and how its pixels follow from the units of the document.
struct Sheet {
    picture: Pixmap,
    pixels: Transform,
}

impl Sheet {
    /// A picture of the size of a document with this first element.
    fn new(svg: &BytesStart<'_>) -> Result<Self, Fault> {
        let (width, height) = (number(svg, "width")?, number(svg, "height")?);
        let units = numbers(&attribute(svg, "viewBox")?)?;
        let [_, _, units, _] = units[..] else { return Err("its view box has not four numbers".into()) };
        // The casts saturate; a size that is too large gives no picture.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let [width_in_pixels, height_in_pixels] = [width, height].map(|size| (SCALE * size.round()) as u32);
        let picture = Pixmap::new(width_in_pixels, height_in_pixels).ok_or("it is too large")?;
        let scale = SCALE * (width / units);
        Ok(Self { picture, pixels: Transform::from_scale(scale, scale) })
    }

    /// Draws any element but a text.
    fn shape(&mut self, tag: &BytesStart<'_>) -> Result<(), Fault> {
        let number = |name| number(tag, name);
        let mut path = PathBuilder::new();
        match tag.name().as_ref() {
            b"rect" => {
                let rect = Rect::from_xywh(number("x")?, number("y")?, number("width")?, number("height")?);
                path.push_rect(rect.ok_or("a rectangle is too large")?);
            }
            b"circle" => path.push_circle(number("cx")?, number("cy")?, number("r")?),
            b"polygon" => {
                trace(&mut path, tag)?;
                path.close();
            }
            b"polyline" => {
                trace(&mut path, tag)?;
                let Some(path) = path.finish() else { return Ok(()) };
                let (width, line_join) = (number("stroke-width")?, LineJoin::Round);
                let stroke = Stroke { width, line_join, ..Stroke::default() };
                self.picture.stroke_path(&path, &paint(tag, "stroke")?, &stroke, self.pixels, None);
                return Ok(());
            }
            other => return Err(format!("<{}> is not drawn", String::from_utf8_lossy(other)).into()),
        }
        self.fill(path, &paint(tag, "fill")?, Transform::identity());
        Ok(())
    }

    /// Draws a text.
    fn text(&mut self, tag: &BytesStart<'_>, text: &str) -> Result<(), Fault> {
        let is_bold = tag.try_get_attribute("font-weight")?.is_some();
        let face = face(if is_bold { Weight::Bold } else { Weight::Regular });
        let mut pen = Pen { path: PathBuilder::new(), x: 0.0 };
        // White space counts as in SVG.
        let text = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        for character in composed(&text).chars().filter(|c| !is_ignored(*c)) {
            let glyph = face.glyph_index(character).unwrap_or(GlyphId(0));
            face.outline_glyph(glyph, &mut pen);
            pen.x += f32::from(face.glyph_hor_advance(glyph).unwrap_or(0));
        }
        let shift = match attribute(tag, "text-anchor")?.as_ref() {
            "middle" => -0.5 * pen.x,
            "end" => -pen.x,
            _ => 0.0,
        };
        let is_upward = tag.try_get_attribute("transform")?.is_some();
        // A quarter of a turn without sine and cosine, which differ between platforms.
        let turn = if is_upward {
            Transform::from_row(0.0, -1.0, 1.0, 0.0, 0.0, 0.0)
        } else {
            Transform::identity()
        };
        let size = number(tag, "font-size")?;
        let scale = size / f32::from(face.units_per_em());
        let place = Transform::from_translate(shift, 0.0)
            .post_scale(scale, -scale)
            .post_translate(0.0, -TEXT_LIFT * size)
            .post_concat(turn)
            .post_translate(number(tag, "x")?, number(tag, "y")?);
        self.fill(pen.path, &paint(tag, "fill")?, place);
        Ok(())
    }

    /// Fills a path, if there is any.
    fn fill(&mut self, path: PathBuilder, paint: &Paint<'_>, place: Transform) {
        if let Some(path) = path.finish() {
            let place = place.post_concat(self.pixels);
            self.picture.fill_path(&path, paint, FillRule::Winding, place, None);
        }
    }
}

/// Writes outlines of glyphs side by side.
struct Pen {
    path: PathBuilder,
    /// Where the next glyph begins, in units of the face.
    x: f32,
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x + x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x + x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.path.quad_to(self.x + x1, y1, self.x + x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.path.cubic_to(self.x + x1, y1, self.x + x2, y2, self.x + x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

/// Whether a character is not to be seen, whatever the face: soft hyphens, joiners, selectors of variants.
fn is_ignored(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Adds the corners of a polygon or of a line.
fn trace(path: &mut PathBuilder, tag: &BytesStart<'_>) -> Result<(), Fault> {
    let numbers = numbers(&attribute(tag, "points")?)?;
    let (corners, _) = numbers.as_chunks::<2>();
    for &[x, y] in corners {
        if path.is_empty() { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    Ok(())
}

/// The colour of an element's area or line, with its opacity.
fn paint(tag: &BytesStart<'_>, of: &str) -> Result<Paint<'static>, Fault> {
    let colour = attribute(tag, of)?;
    let [_, red, green, blue] = u32::from_str_radix(colour.trim_start_matches('#'), 16)?.to_be_bytes();
    let opacity = number(tag, &format!("{of}-opacity")).or_else(|_| number(tag, "opacity"))?;
    let mut paint = Paint::default();
    // The cast saturates.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    paint.set_color_rgba8(red, green, blue, (255.0 * opacity + 0.5) as u8);
    Ok(paint)
}

fn attribute<'t>(tag: &'t BytesStart<'_>, name: &str) -> Result<Cow<'t, str>, Fault> {
    let attribute = tag.try_get_attribute(name)?;
    Ok(attribute.ok_or_else(|| format!("an element has no {name}"))?.unescape_value()?)
}

fn number(tag: &BytesStart<'_>, name: &str) -> Result<f32, Fault> {
    Ok(attribute(tag, name)?.parse()?)
}

/// Numbers between spaces or commas.
fn numbers(text: &str) -> Result<Vec<f32>, Fault> {
    let words = text.split([' ', ',']).filter(|word| !word.is_empty());
    Ok(words.map(str::parse).collect::<Result<_, _>>()?)
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
    use plotters::style::RGBColor;
    use tiny_skia::PremultipliedColorU8;

    use super::super::canvas::{Anchor, Canvas, draw};
    use super::super::text::width;
    use super::*;

    const RED: RGBColor = RGBColor(255, 0, 0);
    const WHITE: [u8; 3] = [255; 3];

    /// What is drawn on a canvas of 100 by 100 pixels.
    fn drawn(on: impl FnOnce(&Canvas)) -> Pixmap {
        picture(&draw(100.0, 100.0, on).unwrap().svg).unwrap()
    }

    fn colour(pixel: PremultipliedColorU8) -> [u8; 3] {
        [pixel.red(), pixel.green(), pixel.blue()]
    }

    /// The colour at a position in pixels of the canvas.
    fn at(picture: &Pixmap, x: u32, y: u32) -> [u8; 3] {
        colour(picture.pixel(2 * x, 2 * y).unwrap())
    }

    /// The columns and rows in which something is drawn, in pixels of the canvas: the first and the last of each.
    fn ink(picture: &Pixmap) -> [[f64; 2]; 2] {
        let side = picture.width() as usize;
        let places = picture.pixels().iter().enumerate().filter(|(_, pixel)| colour(**pixel) != WHITE);
        let mut ends = [[f64::MAX, f64::MIN]; 2];
        for (place, _) in places {
            for (ends, at) in ends.iter_mut().zip([place % side, place / side]) {
                *ends = [ends[0].min(at as f64 / 2.0), ends[1].max(at as f64 / 2.0)];
            }
        }
        ends
    }

    #[test]
    fn every_shape_is_where_the_document_has_it() {
        let picture = drawn(|canvas| {
            canvas.rect((10.0, 10.0), (20.0, 30.0), RED);
            canvas.polygon(&[(50.0, 50.0), (70.0, 50.0), (50.0, 70.0)], RED, 0.2);
            canvas.line(&[(80.0, 10.0), (80.0, 30.0)], RED, 4.0);
            canvas.dot((20.0, 80.0), 5.0, RED);
        });
        assert_eq!([picture.width(), picture.height()], [200, 200]);
        for (x, y) in [(10, 10), (19, 29), (78, 20), (81, 20), (20, 76), (16, 80), (23, 80)] {
            assert_eq!(at(&picture, x, y), [255, 0, 0], "{x}, {y}");
        }
        let [red, green, blue] = at(&picture, 52, 52);
        assert!(red == 255 && green == blue && (203..=205).contains(&green), "{red}, {green}, {blue}");
        for (x, y) in [(9, 10), (20, 30), (69, 69), (77, 20), (82, 20), (80, 9), (20, 74), (26, 80)] {
            assert_eq!(at(&picture, x, y), WHITE, "{x}, {y}");
        }
    }

    #[test]
    fn text_is_where_it_was_measured_and_stands_on_its_line() {
        let wide = width("Hear", 20.0, Weight::Bold);
        for (anchor, from) in
            [(Anchor::Start, 50.0), (Anchor::Middle, 50.0 - 0.5 * wide), (Anchor::End, 50.0 - wide)]
        {
            let place = |up: bool| {
                ink(&drawn(|canvas| match up {
                    true => canvas.upward("Hear", (50.0, 50.0), anchor, 20.0, Weight::Bold, RED),
                    false => canvas.text("Hear", (50.0, 50.0), anchor, 20.0, Weight::Bold, RED),
                }))
            };
            let [columns, rows] = place(false);
            // The sides of the letters stay free: of an H, a tenth of an em.
            assert!((from..from + 3.0).contains(&columns[0]), "{anchor:?}: {columns:?}");
            assert!((from + wide - 2.0..from + wide + 1.0).contains(&columns[1]), "{anchor:?}: {columns:?}");
            assert!((34.0..37.0).contains(&rows[0]) && (49.0..51.0).contains(&rows[1]), "{rows:?}");
            // Upwards: the same, turned by a right angle around the position.
            let [upward_columns, upward_rows] = place(true);
            let turned = [[upward_rows[1], upward_rows[0]].map(|at| 100.0 - at), upward_columns];
            let shift = |(a, b): (&f64, &f64)| (a - b).abs();
            assert!(
                turned
                    .as_flattened()
                    .iter()
                    .zip([columns, rows].as_flattened())
                    .all(|ends| shift(ends) <= 1.0)
            );
        }
    }

    #[test]
    fn characters_to_be_escaped_are_one_glyph_and_those_to_be_ignored_are_none() {
        let text =
            |text: &str| drawn(|c| c.text(text, (5.0, 50.0), Anchor::Start, 12.0, Weight::Regular, RED));
        let [columns, _] = ink(&text("<&>"));
        assert!((columns[1] - 5.0 - width("<&>", 12.0, Weight::Regular)).abs() < 2.0, "{columns:?}");
        assert_eq!(text("ser\u{ad}v\u{200d}ant\u{fe0f}").data(), text("servant").data());
        assert_eq!(text("Jose\u{301}").data(), text("José").data(), "an accent is on its letter");
        assert_ne!(
            text("ser\u{5d0}vant").data(),
            text("servant").data(),
            "a character without a glyph is seen"
        );
    }

    #[test]
    fn what_cannot_be_drawn_is_an_error() {
        let why = |inner: &str| {
            let svg = format!("<svg width=\"9\" height=\"9\" viewBox=\"0 0 90 90\">\n{inner}\n</svg>\n");
            picture(&svg).err().map(|fault| fault.to_string())
        };
        let dot = "<circle cx=\"9\" cy=\"9\" r=\"5\" opacity=\"1\" fill=\"#00FF00\"/>";
        assert_eq!(why(dot), None);
        assert_eq!(why("<ellipse rx=\"3\"/>").as_deref(), Some("<ellipse> is not drawn"));
        assert_eq!(why(&dot.replace(" r=", " s=")).as_deref(), Some("an element has no r"));
        assert_eq!(render("").unwrap_err(), "it is empty");
        let large = "<svg width=\"9e9\" height=\"9e9\" viewBox=\"0 0 9 9\"/>";
        assert_eq!(render(large).unwrap_err(), "it is too large");
    }

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
                    canvas.text(&text, (0.0, y), Anchor::Start, 9.0, Weight::Regular, RED);
                }
            });
            let first = u32::from(lines[0]);
            render(&svg.unwrap().svg).unwrap_or_else(|why| panic!("from U+{first:04X} on: {why}"));
        }
    }
}
