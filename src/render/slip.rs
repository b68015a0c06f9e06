//! Draws a slip: shaped lines one below the other, in the width of a thermal printer.
//!
//! 384 dots is the printable width of 58 mm paper at 203 dots per inch. It wraps nothing and shapes nothing: its caller
//! has done both. A line wider than the paper is cut at the paper's edge and nowhere else.

use embedded_graphics::draw_target::DrawTarget;
use embedded_graphics::geometry::{OriginDimensions, Point, Size};
use embedded_graphics::image::{Image, ImageRaw};
use embedded_graphics::pixelcolor::BinaryColor;
use embedded_graphics::prelude::Drawable;

/// Printable width, in dots.
pub const WIDTH_DOTS: u32 = 384;
/// Empty dots at both sides.
pub const MARGIN_DOTS: u32 = 12;
/// Dots between paragraphs.
const APART_DOTS: u32 = 24;
/// Dots above the first line and below the last.
const ENDS_DOTS: u32 = 32;

/// One line as one-bit pixels: rows from the top, each filled up to whole bytes, most significant bit first.
#[derive(Clone, PartialEq, Eq)]
pub struct ShapedLine {
    /// Its pixels; set is ink.
    pub bits: alloc::vec::Vec<u8>,
    /// Its width in dots.
    pub width_dots: u32,
    /// Begins a new paragraph.
    pub apart: bool,
    /// Stands at the right edge: a right-to-left line.
    pub at_right: bool,
}

impl core::fmt::Debug for ShapedLine {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "ShapedLine({} dots wide)", self.width_dots)
    }
}

impl ShapedLine {
    /// Its height in dots; nothing for a line without width.
    pub fn height_dots(&self) -> u32 {
        let row_bytes = self.width_dots.div_ceil(8);
        let bytes = u32::try_from(self.bits.len()).unwrap_or(0);
        bytes.checked_div(row_bytes).unwrap_or(0)
    }
}

/// How tall the slip is, in dots.
pub fn slip_height_dots(lines: &[ShapedLine]) -> u32 {
    lines
        .iter()
        .fold(2 * ENDS_DOTS, |height, line| height + above(line) + line.height_dots())
}

/// Draws the slip at the target's top left corner.
pub fn draw_slip<D>(lines: &[ShapedLine], target: &mut D) -> Result<(), D::Error>
where
    D: DrawTarget<Color = BinaryColor> + OriginDimensions,
{
    let Size { width, .. } = target.size();
    let mut top = ENDS_DOTS;
    for line in lines {
        top += above(line);
        let left = if line.at_right {
            width.saturating_sub(MARGIN_DOTS + line.width_dots)
        } else {
            MARGIN_DOTS
        };
        if line.height_dots() > 0 {
            let image = ImageRaw::<BinaryColor>::new(&line.bits, line.width_dots);
            Image::new(&image, Point::new(dots(left), dots(top))).draw(target)?;
        }
        top += line.height_dots();
    }
    Ok(())
}

const fn above(line: &ShapedLine) -> u32 {
    if line.apart { APART_DOTS } else { 0 }
}

fn dots(length: u32) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use embedded_graphics::mock_display::MockDisplay;

    /// A block of ink, 3 dots wide and 2 high.
    fn block(apart: bool, at_right: bool) -> ShapedLine {
        ShapedLine {
            bits: alloc::vec![0b1110_0000, 0b1010_0000],
            width_dots: 3,
            apart,
            at_right,
        }
    }

    #[test]
    fn lines_stand_one_below_the_other_at_their_edge() {
        let mut display = MockDisplay::new();
        let lines = [block(false, false), block(false, true)];
        assert_eq!(slip_height_dots(&lines), 68);
        assert_eq!(slip_height_dots(&[block(true, false)]), 90);
        draw_slip(&lines, &mut display).expect("a display in memory takes every dot inside it");
        let ink = |x, y| display.get_pixel(Point::new(x, y)) == Some(BinaryColor::On);
        assert!(ink(12, 32) && ink(13, 32) && ink(14, 32));
        assert!(ink(12, 33) && !ink(13, 33) && ink(14, 33));
        // The mock display is 64 dots wide: 64 − 12 − 3.
        assert!(ink(49, 34) && ink(51, 35) && !ink(50, 35) && !ink(12, 34));
    }
}
