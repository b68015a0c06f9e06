//! Words into dots: the lines of a slip shaped with the bundled fonts, broken to the width of the paper.
//!
//! Called by `slip::draw`. The shaper and the fonts are those of the screens, so every script that a screen can show can
//! be printed. A dot is ink or it is not: thermal paper knows no grey. It asks for no font of the machine.

use std::borrow::Cow;
use std::sync::Arc;

use parley::fontique::{Blob, Collection, CollectionOptions, SourceCache};
use parley::{
    BreakReason, FontContext, FontFamily, FontFamilyName, FontWeight, GlyphRun, Layout, LayoutContext, Line,
    LineHeight, OverflowWrap, PositionedLayoutItem, StyleProperty,
};
use swash::scale::{Render, ScaleContext, Source};
use swash::zeno::{Format, Vector};

use crate::kiosk::ui::fonts::{FONTS, family, is_mirrored};
use crate::render::{MARGIN_DOTS, ShapedLine, WIDTH_DOTS};
use crate::report::{SlipLine, SlipSize};

/// Each letter comes from the first of these that has it: digits and foreign names look the same on every slip.
const FAMILIES: [&str; 3] = ["Noto Sans", "Noto Sans Bengali", "Noto Nastaliq Urdu"];
/// Room for words between the margins.
const ROOM_DOTS: u32 = WIDTH_DOTS - 2 * MARGIN_DOTS;
/// A dot at least so much covered by a letter is ink, of 255. Under one half: thin strokes must not break.
const INK_FROM: u8 = 112;
/// Makes a line of a right-to-left language run from right to left even when it begins with a foreign name.
const FROM_THE_RIGHT: char = '\u{200f}';

/// How a size is drawn: height of the letters' square in dots, weight, line height, more room between words.
struct Style {
    dots: f32,
    weight: f32,
    line: f32,
    gap: f32,
}

/// Capitals of the words are 2.7 mm high, digits of the code 6 mm: both can be read without glasses.
fn style(size: SlipSize, language: &str) -> Style {
    // Nastaliq slopes: its letters are small for their square and its lines need room.
    let (grow, line) = match family(language) {
        "Noto Nastaliq Urdu" => (1.0, 2.0),
        "Noto Sans Bengali" => (1.08, 1.35),
        _ => (1.0, 1.25),
    };
    match size {
        SlipSize::Words => Style {
            dots: 30.0 * grow,
            weight: 500.0,
            line,
            gap: 0.0,
        },
        SlipSize::Name => Style {
            dots: 36.0 * grow,
            weight: 700.0,
            line,
            gap: 0.0,
        },
        SlipSize::Digits => Style {
            dots: 68.0,
            weight: 700.0,
            line: 1.15,
            gap: 8.0,
        },
    }
}

/// Shapes every line; one that is too long becomes several, and none is wider than the room between the margins.
pub fn shape(lines: &[SlipLine], language: &str) -> Vec<ShapedLine> {
    let mut shaper = Shaper::new();
    let mut shaped = Vec::new();
    for line in lines {
        shaper.shape(line, language, &mut shaped);
    }
    shaped
}

struct Shaper {
    fonts: FontContext,
    layouts: LayoutContext<()>,
    scales: ScaleContext,
}

impl Shaper {
    fn new() -> Self {
        let options = CollectionOptions {
            shared: false,
            system_fonts: false,
        };
        let mut collection = Collection::new(options);
        for font in FONTS {
            collection.register_fonts(Blob::new(Arc::new(font)), None);
        }
        Self {
            fonts: FontContext {
                collection,
                source_cache: SourceCache::default(),
            },
            layouts: LayoutContext::new(),
            scales: ScaleContext::new(),
        }
    }

    fn shape(&mut self, line: &SlipLine, language: &str, into: &mut Vec<ShapedLine>) {
        let mirrored = is_mirrored(language);
        let mut said = zeroize::Zeroizing::new(String::with_capacity(line.said.len() + 4));
        if mirrored && line.size != SlipSize::Digits {
            said.push(FROM_THE_RIGHT);
        }
        said.push_str(&line.said);
        let style = style(line.size, language);
        let names: Vec<FontFamilyName<'_>> = FAMILIES.into_iter().map(FontFamilyName::named).collect();
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, &said, 1.0, true);
        for property in [
            StyleProperty::FontFamily(FontFamily::List(Cow::Owned(names))),
            StyleProperty::FontSize(style.dots),
            StyleProperty::FontWeight(FontWeight::new(style.weight)),
            StyleProperty::LineHeight(LineHeight::FontSizeRelative(style.line)),
            StyleProperty::WordSpacing(style.gap),
            // A name without a gap is broken rather than cut at the edge of the paper.
            StyleProperty::OverflowWrap(OverflowWrap::Anywhere),
        ] {
            builder.push_default(property);
        }
        let mut layout: Layout<()> = builder.build(&*said);
        // The shaper counts how far letters advance; what is printed is their ink, which may reach further.
        let mut room = ROOM_DOTS;
        let mut broken = self.broken(&mut layout, room);
        while let Some(over) = too_wide(&broken)
            && room > ROOM_DOTS / 2
        {
            room -= over.min(room / 8);
            broken = self.broken(&mut layout, room);
        }
        for (at, dots) in broken.into_iter().enumerate() {
            into.push(dots.into_line(line.apart && at == 0, mirrored));
        }
    }

    /// The lines of a paragraph in so much room.
    fn broken(&mut self, layout: &mut Layout<()>, room: u32) -> Vec<Dots> {
        break_evenly(layout, room);
        layout.lines().map(|line| self.dots(&line)).collect()
    }

    /// The letters of one line, as dots around its baseline.
    fn dots(&mut self, line: &Line<'_, ()>) -> Dots {
        let metrics = line.metrics();
        let above = metrics.baseline - metrics.block_min_coord;
        let mut dots = Dots {
            ink: Vec::new(),
            above: whole(above),
            below: whole(metrics.block_max_coord - metrics.block_min_coord) - whole(above),
        };
        for item in line.items() {
            if let PositionedLayoutItem::GlyphRun(run) = item {
                self.put(&run, &mut dots);
            }
        }
        dots
    }

    fn put(&mut self, run: &GlyphRun<'_, ()>, dots: &mut Dots) {
        let data = &run.run().font();
        let Some(font) = swash::FontRef::from_index(data.data.data(), data.index as usize) else {
            return;
        };
        let mut scaler = self
            .scales
            .builder(font)
            .size(run.run().font_size())
            .hint(true)
            .normalized_coords(run.run().normalized_coords())
            .build();
        for glyph in run.positioned_glyphs() {
            let Ok(id) = u16::try_from(glyph.id) else { continue };
            // Whole dots: the same letter looks the same wherever it stands.
            let (x, y) = (whole(glyph.x), whole(glyph.y - run.baseline()));
            let image = Render::new(&[Source::Outline])
                .format(Format::Alpha)
                .offset(Vector::ZERO)
                .render(&mut scaler, id);
            let Some(image) = image else { continue };
            let wide = image.placement.width as usize;
            for (at, cover) in image.data.iter().enumerate() {
                if *cover >= INK_FROM && wide > 0 {
                    let (column, row) = ((at % wide) as i32, (at / wide) as i32);
                    dots.ink
                        .push((x + image.placement.left + column, y - image.placement.top + row));
                }
            }
        }
    }
}

/// As few lines as the room allows, and of those as even as possible: "9" does not stand on one line and "to 5" alone on
/// the next.
fn break_evenly(layout: &mut Layout<()>, room: u32) {
    layout.break_all_lines(Some(room as f32));
    let (lines, broken) = (layout.len(), broken_words(layout));
    let (mut narrow, mut wide) = (0, room);
    while lines > 1 && narrow + 1 < wide {
        let middle = u32::midpoint(narrow, wide);
        layout.break_all_lines(Some(middle as f32));
        if layout.len() > lines || broken_words(layout) > broken {
            narrow = middle;
        } else {
            wide = middle;
        }
    }
    layout.break_all_lines(Some(wide as f32));
}

/// By how many dots the widest line is too wide; none when all fit.
fn too_wide(lines: &[Dots]) -> Option<u32> {
    let widest = lines.iter().map(Dots::width).max().unwrap_or(0);
    widest.checked_sub(ROOM_DOTS).filter(|over| *over > 0)
}

fn broken_words(layout: &Layout<()>) -> usize {
    let lines = layout.lines();
    lines
        .filter(|line| line.break_reason() == BreakReason::Emergency)
        .count()
}

/// The ink of a line: columns from its start, rows from its baseline.
struct Dots {
    ink: Vec<(i32, i32)>,
    above: i32,
    below: i32,
}

impl Dots {
    /// First and last column.
    fn columns(&self) -> (i32, i32) {
        let columns = self.ink.iter().map(|(x, _)| *x);
        (columns.clone().min().unwrap_or(0), columns.max().unwrap_or(0))
    }

    fn width(&self) -> u32 {
        let (first, last) = self.columns();
        u32::try_from(last - first + 1).unwrap_or(1)
    }

    fn into_line(mut self, apart: bool, at_right: bool) -> ShapedLine {
        let (first, _) = self.columns();
        let rows = self.ink.iter().map(|(_, y)| *y);
        let top = rows.clone().min().unwrap_or(0).min(-self.above);
        let bottom = rows.max().unwrap_or(0).max(self.below - 1);
        // A letter may begin a dot before its line; the edge of the paper is where the ink begins.
        let width = self.width();
        let height = usize::try_from(bottom - top + 1).unwrap_or(1);
        let row_bytes = width.div_ceil(8) as usize;
        let mut bits = vec![0; row_bytes * height];
        for (x, y) in &self.ink {
            let column = usize::try_from(x - first).unwrap_or(0);
            let row = usize::try_from(y - top).unwrap_or(0);
            if let Some(byte) = bits.get_mut(row * row_bytes + column / 8) {
                *byte |= 0x80 >> (column % 8);
            }
        }
        self.ink.fill((0, 0));
        ShapedLine {
            bits,
            width_dots: width,
            apart,
            at_right,
        }
    }
}

fn whole(length: f32) -> i32 {
    length.round() as i32
}
