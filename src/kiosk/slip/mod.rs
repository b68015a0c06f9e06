//! The slip as dots: its words shaped with the bundled fonts, one line below the other on paper 384 dots wide.
//!
//! `report::slip` says what stands on it, `render` draws shaped lines; this is what lies between. Called by the screens,
//! by `shot` and by the demonstration. It prints nothing: a printer takes the rows of [`Paper`] as they are.

mod paper;
mod shaping;

pub use paper::{DOTS_PER_MM, Paper};
pub use shaping::shape;

use crate::render::{draw_slip, slip_height_dots};
use crate::report::SlipLine;

/// The slip of these lines, in the direction and with the letters of `language`.
pub fn draw(lines: &[SlipLine], language: &str) -> Paper {
    let shaped = shape(lines, language);
    let mut paper = Paper::blank(slip_height_dots(&shaped));
    // Paper takes every dot; those beside it fall off its edge.
    let Ok(()) = draw_slip(&shaped, &mut paper);
    paper
}
