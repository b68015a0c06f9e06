//! How many lines words take and how wide they are: shaped by the engine, fonts and rules that draw the pages.
//!
//! Called by `sizes`. A guess would be wrong in another script: a line of Nastaliq is nearly twice as high as one of
//! Latin. It keeps nothing of what it measured: a message for a reporter may be among it.

use std::cell::RefCell;

use i_slint_core::graphics::FontRequest;
use i_slint_core::lengths::LogicalLength;
use i_slint_core::textlayout::sharedparley::{FontContext, parley, text_line_height};
use parley::style::{FontFamily, FontFamilyName, FontWeight, GenericFamily, OverflowWrap};
use parley::{Layout, LayoutContext, StyleProperty};

/// What words are set in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Face {
    /// One of the bundled families; the others stand in for letters that it does not have.
    pub(super) family: &'static str,
    /// Pixels.
    pub(super) size: f32,
    /// Weight 700 in place of 400.
    pub(super) bold: bool,
}

struct Shaper {
    fonts: FontContext,
    layouts: LayoutContext<()>,
}

thread_local! {
    static SHAPER: RefCell<Shaper> = RefCell::new(Shaper {
        fonts: FontContext::new(super::fonts::bundled()),
        layouts: LayoutContext::new(),
    });
}

/// Height of a line over the size of the font, as the fonts themselves say.
pub(super) fn line_factor(family: &str) -> f32 {
    const UNIT: f32 = 1000.0;
    let request = FontRequest {
        family: Some(family.into()),
        pixel_size: Some(LogicalLength::new(UNIT)),
        ..FontRequest::default()
    };
    let high = SHAPER.with_borrow_mut(|shaper| text_line_height(&mut shaper.fonts, &request));
    // The bundled families are all there; a line of Noto Sans stands in for one that is not.
    high.map_or(1.362, |high| high.get() / UNIT)
}

/// Lines that words take in so many pixels; none for no words.
pub(super) fn lines(words: &str, face: Face, width: f32) -> usize {
    if words.is_empty() {
        return 0;
    }
    let count = |paragraph| {
        shaped(paragraph, face, OverflowWrap::Anywhere, |layout| {
            layout.break_all_lines(Some(width));
            layout.len()
        })
    };
    words.split('\n').map(count).sum()
}

/// Pixels of the words in one line.
pub(super) fn wide(words: &str, face: Face) -> f32 {
    shaped(words, face, OverflowWrap::Normal, |layout| {
        layout.calculate_content_widths().max
    })
}

/// Pixels of the longest word: less than that and it would be broken.
pub(super) fn longest_word(words: &str, face: Face) -> f32 {
    shaped(words, face, OverflowWrap::Normal, |layout| {
        layout.calculate_content_widths().min
    })
}

fn shaped<R>(words: &str, face: Face, wrap: OverflowWrap, measure: impl FnOnce(&mut Layout<()>) -> R) -> R {
    SHAPER.with_borrow_mut(|shaper| {
        let families = [
            FontFamilyName::named(face.family),
            FontFamilyName::Generic(GenericFamily::SansSerif),
        ];
        let mut builder = shaper.layouts.ranged_builder(&mut shaper.fonts, words, 1.0, false);
        builder.push_default(FontFamily::List(families.as_slice().into()));
        builder.push_default(StyleProperty::FontSize(face.size));
        builder.push_default(StyleProperty::FontWeight(FontWeight::new(if face.bold {
            700.0
        } else {
            400.0
        })));
        builder.push_default(StyleProperty::OverflowWrap(wrap));
        let mut layout = builder.build(words);
        measure(&mut layout)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_heights_are_those_of_the_bundled_fonts() {
        for (family, factor) in [
            ("Noto Sans", 1.362),
            ("Noto Sans Bengali", 1.325),
            ("Noto Nastaliq Urdu", 2.5),
        ] {
            assert!((line_factor(family) - factor).abs() < 0.001, "{family}");
        }
    }

    #[test]
    fn words_are_measured_in_their_own_script() {
        let face = Face {
            family: "Noto Sans",
            size: 40.0,
            bold: false,
        };
        assert!((wide("H", face) - 29.64).abs() < 0.1, "{}", wide("H", face));
        assert!(wide("HH", Face { bold: true, ..face }) > wide("HH", face));
        assert_eq!(lines("", face, 100.0), 0);
        assert_eq!(lines("one\ntwo", face, 1000.0), 2);
        assert_eq!(lines("one two", face, wide("one two", face) - 1.0), 2);
        assert!(longest_word("a longest", face) < wide("a longest", face));
        let urdu = Face {
            family: "Noto Nastaliq Urdu",
            ..face
        };
        assert!(wide("یہاں ایک مثال", urdu) > 100.0);
    }
}
