//! Millimetres to whole pixels: the panel, the four text sizes, and every size token that the pages draw with.
//!
//! Called by the front when the window or the text size changes. It refuses fractions of pixels, and nothing it gives is
//! smaller than its millimetres (DESIGN 7).

use heard_ui::Sizes;

use super::keyboard::Paging;

/// Capital height of Noto Sans over its size.
pub(super) const CAPITAL: f32 = 0.714;
/// Line height of Noto Sans over its size.
pub(super) const LINE: f32 = 1.362;

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

fn font_of_capital(panel: &Panel, millimetres: f32) -> f32 {
    (millimetres * panel.px_per_mm / CAPITAL).ceil()
}

/// Titles grow less than text does: they have to fit beside large answers.
fn title_of(text: f32, text_size: TextSize, tight: bool) -> f32 {
    match (text_size, tight) {
        (TextSize::Small | TextSize::Medium, _) => (text * 1.37).round(),
        (TextSize::Large, false) => (text * 1.25).round(),
        (TextSize::Largest, false) => (text * 1.1).round(),
        _ => text,
    }
}

/// The strip's height and that of its controls.
fn strip_of(panel: &Panel, strip_text: f32, folded: bool) -> (f32, f32) {
    let content = strip_text * if folded { 1.1 + LINE } else { LINE };
    let control = panel.px(20.0).max((content + panel.px(3.2)).ceil());
    (control + panel.px(0.8), control)
}

/// What stands on a key is as large as the text in the two larger sizes.
fn key_mm(panel: &Panel, text_size: TextSize) -> f32 {
    match text_size {
        TextSize::Largest => 17.0,
        TextSize::Large => 15.0,
        _ if panel.is_short() || panel.is_slim() => 12.7,
        _ => 15.0,
    }
}

/// Title and text where words are typed: what the keys leave them.
fn typing(
    panel: &Panel,
    text_size: TextSize,
    strip: f32,
    (key, control, gap): (f32, f32, f32),
    (title, text, least): (f32, f32, f32),
) -> (f32, f32) {
    let rows = if Paging::of(panel, text_size) == Paging::Rows {
        2.0
    } else {
        3.0
    };
    let left = panel.height as f32 - strip - rows * key - 2.0 * gap - control - 5.0 * gap;
    let write_title = title.min((left * 0.26 / LINE).floor().max(least));
    let write_text = text
        .min(((left - write_title * LINE - gap) / (2.0 * LINE)).floor())
        .max(least);
    (write_title, write_text)
}

/// Every size token for one panel and text size.
pub(super) fn sizes(panel: &Panel, text_size: TextSize) -> Sizes {
    let text = font_of_capital(panel, text_size.capital_mm());
    let least = font_of_capital(panel, 4.0);
    let short = panel.is_short();
    let slim = panel.is_slim();
    // A small panel in large text: what stands below a label gives its room to the label.
    let hint = if panel.folds_hints(text_size) {
        font_of_capital(panel, 5.2)
    } else {
        (text * 0.86).round().max(least)
    };
    let title = title_of(text, text_size, short || slim);
    let large = text_size >= TextSize::Large;
    let folded = slim || short || large;
    let strip_text = if large { (least * 1.2).round().min(hint) } else { least };
    let foot_text = if (short || slim) && large {
        font_of_capital(panel, 5.2).max(hint * 0.75).round().min(hint)
    } else {
        hint
    };
    let gap = panel.px(3.2);
    let control = panel.px(20.0);
    let (strip, strip_control) = strip_of(panel, strip_text, folded);
    let key = panel.px(key_mm(panel, text_size));
    let margin = if slim {
        panel.px(5.0)
    } else if short {
        panel.px(6.0)
    } else {
        panel.px(15.0)
    };
    let (write_title, write_text) = typing(panel, text_size, strip, (key, control, gap), (title, text, least));
    Sizes {
        px_per_mm: panel.px_per_mm,
        margin,
        gap,
        pad: panel.px(if short || slim { 3.5 } else { 5.0 }),
        radius: panel.px(3.6),
        edge: 3.0,
        edge_chosen: 6.0,
        strip,
        strip_control,
        control,
        text,
        hint,
        title,
        strip_text,
        foot_text,
        code: font_of_capital(panel, if slim || short { 6.5 } else { 9.0 })
            .max(text)
            .min(panel.px(13.0)),
        icon: panel.px(if short || slim { 9.0 } else { 12.0 }),
        tick: panel.px(if large { 10.0 } else { 8.6 }),
        key,
        key_text: text.min((key * 0.75).floor()),
        write_text,
        write_title,
        folded,
        narrow: slim && large,
        small_keys: slim || (short && large),
        counts_pages: !(slim || (short && large)),
        split: short || large,
    }
}

/// How many answers stand on a page, and how high each is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    /// Side by side.
    pub columns: usize,
    /// Below one another.
    pub rows: usize,
    /// Height of each in pixels.
    pub row_height: f32,
    /// Width of each in pixels.
    pub width: f32,
    /// Even one row finds room for its words.
    pub fits: bool,
}

impl Grid {
    /// Answers on one page.
    pub(super) const fn on_a_page(&self) -> usize {
        self.columns * self.rows
    }
}

/// What a grid has to make room for.
#[derive(Debug, Clone, Copy)]
pub(super) struct GridNeeds<'a> {
    /// Title above it.
    pub title: &'a str,
    /// Section name above the title.
    pub section: bool,
    /// Hint below the title.
    pub hint: &'a str,
    /// Rows: label and hint of each.
    pub rows: &'a [(&'a str, &'a str)],
    /// Pixels of a row that are not for words: paddings, tick.
    pub beside: f32,
    /// Least height of a row in millimetres.
    pub least_mm: f32,
}

/// Pixels from the foot of the strip to the head of the grid.
fn heading(panel: &Panel, sizes: &Sizes, needs: &GridNeeds<'_>) -> f32 {
    let wide = panel.width as f32 - 2.0 * sizes.margin;
    let mut high = lines(needs.title, sizes.title * 1.06, wide) as f32 * sizes.title * LINE;
    if needs.section {
        high += sizes.hint * LINE + sizes.gap / 4.0;
    }
    if !needs.hint.is_empty() {
        high += lines(needs.hint, sizes.hint, wide) as f32 * sizes.hint * LINE + sizes.gap / 4.0;
    }
    high
}

/// The grid that shows most answers at once with dignity.
pub(super) fn grid(panel: &Panel, sizes: &Sizes, needs: &GridNeeds<'_>) -> Grid {
    let slim = panel.is_slim();
    let wide = panel.width as f32 - 2.0 * sizes.margin;
    let one_page = lay(panel, sizes, needs, 1);
    let columns = if slim || needs.rows.len() <= one_page.rows.min(3) {
        1
    } else {
        2
    };
    let two = lay(panel, sizes, needs, columns);
    let columns = if two.fits { columns } else { 1 };
    let two = if two.fits { two } else { one_page };
    // Long words in a small grid: one column shows as many and reads better.
    let best = if columns == 2 && two.on_a_page() <= one_page.rows {
        one_page
    } else {
        two
    };
    Grid {
        width: (wide - (best.columns as f32 - 1.0) * sizes.gap) / best.columns as f32,
        ..best
    }
}

fn lay(panel: &Panel, sizes: &Sizes, needs: &GridNeeds<'_>, columns: usize) -> Grid {
    let wide = panel.width as f32 - 2.0 * sizes.margin;
    let width = (wide - (columns as f32 - 1.0) * sizes.gap) / columns as f32;
    let for_words = width - needs.beside;
    let tallest = needs.rows.iter().map(|(label, hint)| {
        let label = lines(label, sizes.text * 1.06, for_words) as f32 * sizes.text * LINE;
        label + lines(hint, sizes.hint, for_words) as f32 * sizes.hint * LINE
    });
    let tallest = tallest.fold(0.0_f32, f32::max) + sizes.gap;
    let least = panel.px(needs.least_mm).max(tallest.ceil());
    let footer_rows = |pages: bool| if sizes.narrow && pages { 2.0 } else { 1.0 };
    let space = |pages: bool| {
        let footer = footer_rows(pages) * (sizes.control + sizes.gap);
        panel.height as f32 - sizes.strip - heading(panel, sizes, needs) - 3.0 * sizes.gap - footer
    };
    let fit = |pages: bool| (((space(pages) + sizes.gap) / (least + sizes.gap)).floor() as usize).max(1);
    let pages = needs.rows.len() > fit(false) * columns;
    let most = if panel.is_slim() { 8 } else { 3 };
    let needed = needs.rows.len().div_ceil(columns).max(1);
    let rows = fit(pages).min(most).min(needed);
    let even = (space(pages) - (rows as f32 - 1.0) * sizes.gap) / rows as f32;
    Grid {
        columns,
        rows,
        row_height: even.min(least * 1.35).max(least.min(space(pages))).floor(),
        width,
        fits: least <= space(pages),
    }
}

/// About how many lines words take: never fewer than they do.
pub(super) fn lines(words: &str, font: f32, width: f32) -> usize {
    if words.is_empty() {
        return 0;
    }
    let mut count = 1;
    let mut used = 0.0_f32;
    for word in words.split_whitespace() {
        let long = word.chars().map(|letter| advance(letter) * font).sum::<f32>();
        if used > 0.0 && used + long > width {
            count += 1;
            used = 0.0;
        }
        // A word longer than the line is broken.
        while used + long > width && long > width && width > font {
            count += 1;
            used += long - width;
            if used <= width {
                break;
            }
            used -= width;
        }
        used += long + 0.27 * font;
    }
    count
}

/// Widths of letters in Noto Sans, in sizes of the font, a little too wide.
fn advance(letter: char) -> f32 {
    match letter {
        'i' | 'j' | 'l' | '.' | ',' | '\'' | ':' | '!' | '|' | 'I' => 0.31,
        'f' | 'r' | 't' | '-' | '(' | ')' => 0.42,
        'm' | 'M' | 'W' | '@' => 0.94,
        'w' | 'O' | 'Q' | 'N' | 'H' | 'D' | 'G' | 'U' => 0.80,
        'A'..='Z' => 0.66,
        'a'..='z' | '0'..='9' | '?' => 0.60,
        _ => 0.72,
    }
}
