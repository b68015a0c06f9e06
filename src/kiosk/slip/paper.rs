//! A strip of thermal paper in memory: one bit for each dot, as the printer will take it and as a picture shows it.
//!
//! Made by `slip::draw`. The digits on it are a secret: Debug shows none and the dots are wiped.

use embedded_graphics::Pixel;
use embedded_graphics::draw_target::DrawTarget;
use embedded_graphics::geometry::{OriginDimensions, Size};
use embedded_graphics::pixelcolor::BinaryColor;
use zeroize::Zeroize;

use crate::kiosk::error::KioskError;
use crate::render::WIDTH_DOTS;

/// Dots in a millimetre of a thermal printer: 203 to the inch.
pub const DOTS_PER_MM: u32 = 8;

const ROW_BYTES: usize = WIDTH_DOTS as usize / 8;

/// Rows from the top, most significant bit first; set is ink.
#[derive(Clone, PartialEq, Eq)]
pub struct Paper {
    rows: Vec<u8>,
    height: u32,
}

impl std::fmt::Debug for Paper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Paper({} dots high)", self.height)
    }
}

impl Drop for Paper {
    fn drop(&mut self) {
        self.rows.zeroize();
    }
}

impl Paper {
    /// White paper, so many dots high.
    pub fn blank(height: u32) -> Self {
        Self {
            rows: vec![0; ROW_BYTES * height as usize],
            height,
        }
    }

    /// Its width in dots.
    pub const fn width(&self) -> u32 {
        WIDTH_DOTS
    }

    /// Its height in dots.
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// All rows, 48 bytes each: what `GS v 0` of a thermal printer takes.
    pub fn rows(&self) -> &[u8] {
        &self.rows
    }

    /// Whether there is ink; none beside the paper.
    pub fn is_ink(&self, x: u32, y: u32) -> bool {
        self.place(x, y)
            .and_then(|(at, bit)| self.rows.get(at).map(|byte| byte & bit != 0))
            .unwrap_or(false)
    }

    fn place(&self, x: u32, y: u32) -> Option<(usize, u8)> {
        let is_on = x < WIDTH_DOTS && y < self.height;
        is_on.then(|| (y as usize * ROW_BYTES + x as usize / 8, 0x80 >> (x % 8)))
    }

    /// A picture in black and white, one bit for each dot.
    ///
    /// # Errors
    /// It could not be written down as PNG.
    pub fn png(&self) -> Result<Vec<u8>, KioskError> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, WIDTH_DOTS, self.height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        // In a picture 1 is white.
        let mut light: Vec<u8> = self.rows.iter().map(|byte| !byte).collect();
        let written = encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&light));
        light.zeroize();
        match written {
            Ok(()) => Ok(bytes),
            Err(_) => Err(KioskError::Fault("the picture could not be written".into())),
        }
    }
}

impl OriginDimensions for Paper {
    fn size(&self) -> Size {
        Size::new(WIDTH_DOTS, self.height)
    }
}

impl DrawTarget for Paper {
    type Color = BinaryColor;
    type Error = core::convert::Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<BinaryColor>>>(&mut self, pixels: I) -> Result<(), Self::Error> {
        for Pixel(point, colour) in pixels {
            let (Ok(x), Ok(y)) = (u32::try_from(point.x), u32::try_from(point.y)) else {
                continue;
            };
            let Some((at, bit)) = self.place(x, y) else { continue };
            if let Some(byte) = self.rows.get_mut(at) {
                match colour {
                    BinaryColor::On => *byte |= bit,
                    BinaryColor::Off => *byte &= !bit,
                }
            }
        }
        Ok(())
    }
}
