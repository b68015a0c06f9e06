//! How many lines words take and how wide they are: shaped by the engine, fonts and rules that draw the pages.
//!
//! Called by `sizes`. A guess would be wrong in another script: a line of Nastaliq is nearly twice as high as one of
//! Latin. What was measured is known by a keyed digest, and what was shaped last stands in the engine's buffers: a message
//! to a reporter may be among it, so the front calls `forget` when the session changes. Nothing outlives its session.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

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

/// Measures that are kept; then it begins anew.
const KEPT_MOST: usize = 8192;

struct Shaper {
    fonts: FontContext,
    layouts: LayoutContext<()>,
    /// Key of this session, and what is known of each digest.
    key: RandomState,
    known: HashMap<u64, f32>,
}

thread_local! {
    static SHAPER: RefCell<Shaper> = RefCell::new(Shaper {
        fonts: FontContext::new(super::fonts::bundled()),
        layouts: LayoutContext::new(),
        key: RandomState::new(),
        known: HashMap::new(),
    });
}

/// Forgets what was measured, with the key of the digests and the buffers of the last shaped words. Fonts stay.
pub(super) fn forget() {
    SHAPER.with_borrow_mut(|shaper| {
        shaper.layouts = LayoutContext::new();
        shaper.key = RandomState::new();
        shaper.known = HashMap::new();
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

/// What is asked of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Asked {
    /// Lines in a width of so many pixels, as its bits.
    Lines(u32),
    Wide,
    LongestWord,
}

/// Lines that words take in so many pixels; none for no words.
pub(super) fn lines(words: &str, face: Face, width: f32) -> usize {
    if words.is_empty() {
        return 0;
    }
    let count = |paragraph| measured(paragraph, face, Asked::Lines(width.to_bits())) as usize;
    words.split('\n').map(count).sum()
}

/// Pixels of the words in one line.
pub(super) fn wide(words: &str, face: Face) -> f32 {
    measured(words, face, Asked::Wide)
}

/// Pixels of the longest word: less than that and it would be broken.
pub(super) fn longest_word(words: &str, face: Face) -> f32 {
    measured(words, face, Asked::LongestWord)
}

fn measured(words: &str, face: Face, asked: Asked) -> f32 {
    SHAPER.with_borrow_mut(|shaper| {
        let digest = shaper
            .key
            .hash_one((words, face.family, face.size.to_bits(), face.bold, asked));
        if let Some(known) = shaper.known.get(&digest) {
            return *known;
        }
        let found = shaper.shape(words, face, asked);
        if shaper.known.len() >= KEPT_MOST {
            shaper.known.clear();
        }
        shaper.known.insert(digest, found);
        found
    })
}

impl Shaper {
    fn shape(&mut self, words: &str, face: Face, asked: Asked) -> f32 {
        let families = [
            FontFamilyName::named(face.family),
            FontFamilyName::Generic(GenericFamily::SansSerif),
        ];
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, words, 1.0, false);
        builder.push_default(FontFamily::List(families.as_slice().into()));
        builder.push_default(StyleProperty::FontSize(face.size));
        builder.push_default(StyleProperty::FontWeight(FontWeight::new(if face.bold {
            700.0
        } else {
            400.0
        })));
        // As it is drawn: a word longer than its line is broken, and never when the longest word is asked for.
        builder.push_default(StyleProperty::OverflowWrap(match asked {
            Asked::Lines(_) => OverflowWrap::Anywhere,
            _ => OverflowWrap::Normal,
        }));
        let mut layout: Layout<()> = builder.build(words);
        match asked {
            Asked::Lines(width) => {
                layout.break_all_lines(Some(f32::from_bits(width)));
                layout.len() as f32
            }
            Asked::Wide => layout.calculate_content_widths().max,
            Asked::LongestWord => layout.calculate_content_widths().min,
        }
    }
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
    fn nothing_that_was_measured_outlives_the_session() {
        let face = Face {
            family: "Noto Sans",
            size: 40.0,
            bold: false,
        };
        let known = || SHAPER.with_borrow(|shaper| (shaper.known.len(), shaper.key.hash_one("a word")));
        let before = wide("a word", face);
        let (count, digest) = known();
        assert_eq!(count, 1);
        forget();
        let (count, other) = known();
        assert_eq!(count, 0);
        assert_ne!(digest, other, "the same words would have the same digest");
        assert!((wide("a word", face) - before).abs() < f32::EPSILON);
    }

    #[test]
    fn a_new_session_forgets_what_the_last_one_measured() {
        use super::super::{Looks, Panel, Place, Rehearsal, TextSize, Theme, sample_form, sample_site};
        let place = Place {
            form: std::sync::Arc::new(sample_form().unwrap()),
            site: sample_site().unwrap(),
        };
        let looks = Looks {
            panel: Panel::by_name("10.1").unwrap(),
            text: TextSize::Medium,
            theme: Theme::Standard,
        };
        let digest = || SHAPER.with_borrow(|shaper| shaper.key.hash_one("a word"));
        let on = Rehearsal::start(place, looks).unwrap();
        assert!(on.touch("Tell us something"));
        let during = digest();
        assert!(on.touch("Continue"));
        assert_eq!(digest(), during, "it forgets at every page: slow");
        assert!(on.touch("Stop"));
        assert!(on.touch("Throw it away"));
        assert!(matches!(on.page(), crate::machine::Page::Start));
        assert_ne!(digest(), during);
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
