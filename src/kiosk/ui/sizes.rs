//! Millimetres to whole pixels: the panel, the four text sizes, and every size token that the pages draw with.
//!
//! Called by the front when the window, the text size or the language changes. It refuses fractions of pixels, and
//! nothing it gives is smaller than its millimetres (DESIGN 7).
//!
//! What is how large (`tests/screens_targets.rs` measures it):
//! - At least the chosen capital height: answers, what is read on a page of words, the story that is being written, what
//!   the saved page tells, the code, telephone numbers; and titles, wherever two answers still stand below.
//! - A title may shrink to 5.2 mm where fewer than two answers would stand below it, or less than a line above the
//!   keyboard; tiles of the start page to 4 mm, because all six stand on one page (SAFETY 1).
//!   So may rows in Nastaliq, whose lines are twice as high, where not one would stand on a small panel.
//! - Never below 4 mm: words of the strip, hints, what stands on a key; 5.2 mm for the footer in the two larger sizes.

use heard_ui::Sizes;

use super::fonts::family;
use super::measure::{self, Face};

/// Capital height of Noto Sans over its size; the other scripts are set in the same size.
pub(super) const CAPITAL: f32 = 0.714;
/// Least capital height of anything, in millimetres.
pub(super) const LEAST_MM: f32 = 4.0;
/// Least capital height, in millimetres, of a title or a row that gives way.
pub(super) const TITLE_MM: f32 = 5.2;

/// A panel: pixels, and how many of them are a millimetre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Panel {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Pixels in a millimetre, both ways.
    pub px_per_mm: f32,
}

impl Panel {
    /// The panels that are drawn and tested: name, panel.
    pub const KNOWN: [(&str, Self); 4] = [
        ("10.1", Self::new(1280, 800, 5.90)),
        ("15.6", Self::new(1920, 1080, 5.58)),
        ("15.6-portrait", Self::new(1080, 1920, 5.58)),
        ("21.5-portrait", Self::new(1080, 1920, 4.03)),
    ];

    /// A panel of so many pixels.
    pub const fn new(width: u32, height: u32, px_per_mm: f32) -> Self {
        Self {
            width,
            height,
            px_per_mm,
        }
    }

    /// A panel by its name in [`Self::KNOWN`].
    pub fn by_name(name: &str) -> Option<Self> {
        Self::KNOWN
            .into_iter()
            .find_map(|(known, panel)| (known == name).then_some(panel))
    }

    /// Taller than wide.
    pub fn is_slim(&self) -> bool {
        self.width < self.height
    }

    /// Less than 150 mm high: hints fold away in the larger texts.
    pub fn is_short(&self) -> bool {
        self.height as f32 / self.px_per_mm < 150.0
    }

    /// Whether hints below titles go to the help page, because the answers need their room.
    pub fn folds_hints(&self, text: TextSize) -> bool {
        self.is_short() && text >= TextSize::Large
    }

    /// Whole pixels of so many millimetres, never less.
    pub fn px(&self, millimetres: f32) -> f32 {
        (millimetres * self.px_per_mm).ceil()
    }
}

/// How large text is: capitals of 4.0, 5.2, 7.0 or 9.0 mm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextSize {
    /// 4.0 mm.
    Small,
    /// 5.2 mm.
    Medium,
    /// 7.0 mm.
    Large,
    /// 9.0 mm.
    Largest,
}

impl TextSize {
    /// All four, smallest first.
    pub const ALL: [Self; 4] = [Self::Small, Self::Medium, Self::Large, Self::Largest];

    /// Capital height in millimetres.
    pub const fn capital_mm(self) -> f32 {
        match self {
            Self::Small => 4.0,
            Self::Medium => 5.2,
            Self::Large => 7.0,
            Self::Largest => 9.0,
        }
    }

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
            Self::Largest => "largest",
        }
    }

    /// Answers are at least so high, in millimetres.
    pub const fn answer_mm(self) -> f32 {
        match self {
            Self::Small | Self::Medium => 25.0,
            Self::Large | Self::Largest => 30.0,
        }
    }
}

/// A panel, a text size and a language: everything that sizes follow from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ruler {
    /// The panel.
    pub(super) panel: Panel,
    /// How large text is.
    pub(super) text: TextSize,
    family: &'static str,
    /// Height of a line over the size of its font.
    line: f32,
}

impl Ruler {
    /// Half as high again as those of Noto Sans: Nastaliq.
    pub(super) fn has_high_lines(&self) -> bool {
        self.line > 2.0
    }

    /// A ruler for what is drawn in a language.
    pub(super) fn new(panel: Panel, text: TextSize, language: &str) -> Self {
        let family = family(language);
        Self {
            panel,
            text,
            family,
            line: measure::line_factor(family),
        }
    }

    /// Size of the font whose capitals are so many millimetres high.
    pub(super) fn font(&self, millimetres: f32) -> f32 {
        (millimetres * self.panel.px_per_mm / CAPITAL).ceil()
    }

    /// Pixels of so many lines.
    pub(super) fn lines(&self, count: usize, size: f32) -> f32 {
        (count as f32 * size * self.line).ceil()
    }

    fn face(&self, size: f32, bold: bool) -> Face {
        let family = self.family;
        Face { family, size, bold }
    }

    /// Pixels from the head of the first line of words to the foot of the last.
    pub(super) fn high(&self, words: &str, size: f32, bold: bool, width: f32) -> f32 {
        self.lines(measure::lines(words, self.face(size, bold), width), size)
    }

    /// Pixels of words in one line.
    pub(super) fn wide(&self, words: &str, size: f32, bold: bool) -> f32 {
        measure::wide(words, self.face(size, bold)).ceil()
    }

    /// No word is broken in so many pixels.
    pub(super) fn holds_words(&self, words: &str, size: f32, bold: bool, width: f32) -> bool {
        measure::longest_word(words, self.face(size, bold)) <= width
    }

    /// Sizes that a title may have on a page that has no room, largest first.
    pub(super) fn title_sizes(&self, sizes: &Sizes) -> Vec<f32> {
        let least = self.font(TITLE_MM).min(sizes.title);
        let step = ((sizes.title - least) / 6.0).max(1.0);
        let mut known: Vec<f32> = (0..6).map(|at| (sizes.title - at as f32 * step).round()).collect();
        known.retain(|size| *size > least);
        known.push(least);
        known
    }

    /// Titles grow less than text does: they have to fit beside large answers.
    fn title(&self, text: f32, tight: bool) -> f32 {
        match (self.text, tight) {
            (TextSize::Small | TextSize::Medium, _) => (text * 1.37).round(),
            (TextSize::Large, false) => (text * 1.25).round(),
            (TextSize::Largest, false) => (text * 1.1).round(),
            _ => text,
        }
    }

    /// The strip's height and that of its controls.
    fn strip(&self, strip_text: f32, folded: bool) -> (f32, f32) {
        let drawing = if folded { 1.1 } else { 0.0 };
        let content = strip_text * (drawing + self.line);
        let control = self.panel.px(20.0).max((content + self.panel.px(3.2)).ceil());
        (control + self.panel.px(0.8), control)
    }

    /// What stands on a key is as large as the text in the two larger sizes.
    fn key_mm(&self) -> f32 {
        match self.text {
            TextSize::Largest => 17.0,
            TextSize::Large => 15.0,
            _ if self.panel.is_short() || self.panel.is_slim() => 12.7,
            _ => 15.0,
        }
    }

    fn margin(&self) -> f32 {
        self.panel.px(match (self.panel.is_slim(), self.panel.is_short()) {
            (true, _) => 5.0,
            (false, true) => 6.0,
            (false, false) => 15.0,
        })
    }

    /// Every size token.
    pub(super) fn sizes(&self) -> Sizes {
        let panel = &self.panel;
        let text = self.font(self.text.capital_mm());
        let least = self.font(LEAST_MM);
        let (short, slim) = (panel.is_short(), panel.is_slim());
        // A small panel in large text: what stands below a label gives its room to the label.
        let hint = if panel.folds_hints(self.text) {
            self.font(5.2)
        } else {
            (text * 0.86).round().max(least)
        };
        let title = self.title(text, short || slim);
        let large = self.text >= TextSize::Large;
        let folded = slim || short || large;
        // High lines on a small panel: the answers need the room more than the strip does.
        let low_strip = short && self.line > 2.0;
        let strip_text = if large && !low_strip {
            (least * 1.2).round().min(hint)
        } else {
            least
        };
        let foot_text = if (short || slim) && large {
            self.font(5.2).max(hint * 0.75).round().min(hint)
        } else {
            hint
        };
        let control = panel.px(20.0).max(self.lines(1, foot_text) + 8.0);
        let (strip, strip_control) = self.strip(strip_text, folded);
        let key = panel.px(self.key_mm());
        Sizes {
            px_per_mm: panel.px_per_mm,
            margin: self.margin(),
            gap: panel.px(3.2),
            pad: panel.px(if short || slim { 3.5 } else { 5.0 }),
            radius: panel.px(3.6),
            edge: 3.0,
            edge_chosen: 6.0,
            strip,
            strip_control,
            control,
            line: self.line,
            text,
            hint,
            title,
            strip_text,
            clock: text.min((strip_control / self.line).floor()),
            foot_text,
            code: self
                .font(if slim || short { 6.5 } else { 9.0 })
                .max(text)
                .min(panel.px(13.0)),
            icon: panel.px(if short || slim { 9.0 } else { 12.0 }),
            tick: panel.px(if large { 10.0 } else { 8.6 }),
            key,
            key_text: text.min((key * 0.65).floor()),
            folded,
            narrow: slim && large,
            small_keys: slim || (short && large),
            counts_pages: !(slim || (short && large)),
        }
    }
}

/// How a page on which words are typed shares its room between title and box.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Typing {
    /// Size of the title; 0 where it makes room for what is said above the box.
    pub(super) title: f32,
    /// Size of what is typed.
    pub(super) words: f32,
    /// What is said below the box has room.
    pub(super) with_room: bool,
    /// A box of one line has air below it.
    pub(super) with_air: bool,
    /// The least height of the box.
    pub(super) least: f32,
}

impl Ruler {
    /// Two lines of what is typed below a title as large as can be; else one line, with a smaller title; else in smaller
    /// letters. What is said below the box gives way before letters do, and the title last of all.
    pub(super) fn typing(&self, said: &Said<'_>) -> Typing {
        let least = self.sizes().control;
        // Air first, then the height of the box: what is asked is said above it as long as a line can be typed.
        let tries = [(said.single_line, least), (false, least), (false, 0.0)];
        let mut tries = tries
            .map(|(with_air, least)| self.typing_in(said, with_air, least))
            .into_iter();
        let last = tries.next_back();
        let with_title = tries.find(|typing| typing.title > 0.0);
        with_title.or(last).unwrap_or_default()
    }

    fn typing_in(&self, said: &Said<'_>, with_air: bool, least: f32) -> Typing {
        let sizes = self.sizes();
        let wide = self.panel.width as f32 - 2.0 * sizes.margin;
        let mut space = self.panel.height as f32 - sizes.strip - said.rows as f32 * (sizes.key + sizes.gap);
        // Above the heading, the box, the keys, the footer and below it; and below a box of one line.
        space -= sizes.control + if with_air { 5.0 } else { 4.0 } * sizes.gap;
        if !said.problem.is_empty() {
            space -= self.high(said.problem, sizes.hint, true, wide - 2.0 * sizes.pad) + sizes.gap * 1.25;
        }
        if !said.room.is_empty() {
            space -= self.high(said.room, sizes.hint, false, wide) + sizes.gap;
        }
        let mut titles = self.title_sizes(&sizes);
        titles.push(self.font(LEAST_MM));
        let mut words = vec![(sizes.text, 2), (sizes.text, 1)];
        words.drain(..usize::from(said.single_line));
        if said.room.is_empty() {
            let smaller = (1..8).map(|at| (sizes.text - at as f32 * 6.0).max(self.font(TITLE_MM).min(sizes.text)));
            words.extend(smaller.map(|size| (size, 1)));
        }
        for (words, lines) in words {
            let box_high = (self.lines(lines, words) + sizes.gap + 1.0).max(least);
            let fits = |title: &&f32| self.high(said.title, **title, true, wide) + box_high <= space;
            if let Some(title) = titles.iter().find(fits) {
                return Typing {
                    title: *title,
                    words,
                    with_room: true,
                    with_air,
                    least,
                };
            }
        }
        if !said.room.is_empty() {
            return Typing {
                with_room: false,
                ..self.typing_in(&Said { room: "", ..*said }, with_air, least)
            };
        }
        let words = sizes.text.min(((space - sizes.gap - 1.0) / self.line).floor());
        Typing {
            title: 0.0,
            words: words.max(self.font(LEAST_MM)),
            with_room: true,
            with_air,
            least,
        }
    }
}

/// What else stands on a page on which words are typed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a> {
    /// Title above the box.
    pub(super) title: &'a str,
    /// Said between them.
    pub(super) problem: &'a str,
    /// Said below the box.
    pub(super) room: &'a str,
    /// Rows of keys.
    pub(super) rows: usize,
    /// The box holds one line and has air below it.
    pub(super) single_line: bool,
}
