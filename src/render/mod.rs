//! Drawing on any one-colour target: the slip, later the status panel.
//!
//! Shaped lines come in as one-bit bitmaps; nothing here knows a font, a printer or a window.

mod slip;

pub use slip::{MARGIN_DOTS, ShapedLine, WIDTH_DOTS, draw_slip, slip_height_dots};
