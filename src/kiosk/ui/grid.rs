//! Which rows stand together on a page, in how many columns, and how high each is: measured words, no scrolling.
//!
//! Called by the pages that show rows. Where room is short, what matters less gives way first: section name, hint, size
//! of the title, the line below each row; and at the very end, where the lines of a script are so high that not one row
//! would stand, the size of the rows. No row is ever lower than its millimetres or than its words.

use std::ops::Range;

use heard_ui::{AnswerRow, Sizes};

use super::sizes::{LEAST_MM, Ruler, TITLE_MM};

/// Rows that stand on one page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    /// Which.
    pub(super) rows: Range<usize>,
    /// Height of each in pixels.
    pub(super) row_height: f32,
}

/// Pages of rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grid {
    /// Side by side.
    pub(super) columns: usize,
    /// Page by page; never empty.
    pub(super) pages: Vec<Part>,
    /// Size of the title.
    pub(super) title: f32,
    /// There is room for the section's name.
    pub(super) with_section: bool,
    /// There is room for the hint below the title.
    pub(super) with_hint: bool,
    /// There is room for the line below each row.
    pub(super) with_lines: bool,
    /// Size of the words of a row.
    pub(super) text: f32,
    /// Every row finds room for its words.
    fits: bool,
}

impl Grid {
    /// A page, the last one when there are not so many.
    pub(super) fn page(&self, turn: usize) -> Part {
        let at = turn.min(self.pages.len().saturating_sub(1));
        self.pages.get(at).cloned().unwrap_or(Part {
            rows: 0..0,
            row_height: 0.0,
        })
    }

    /// Whether every row finds room for its words.
    pub(super) fn fits(&self) -> bool {
        self.fits
    }

    /// Whether at least two rows stand on each page, as far as there are two.
    fn shows_two(&self) -> bool {
        let full = self.pages.iter().rev().skip(1);
        self.pages.len() == 1 || full.clone().all(|page| page.rows.len() >= 2)
    }
}

/// A short list of which all stands on one page, whatever the size: its letters give way, and their size comes with it.
pub(super) fn one_page(ruler: &Ruler, title: &str, rows: &[AnswerRow], least_mm: f32, most: usize) -> (Grid, f32) {
    let tokens = ruler.sizes();
    let mut size = tokens.text;
    loop {
        let words = |at: usize, room: RowRoom| Some(ruler.high(&rows[at].label, size, true, room.width));
        let needs = GridNeeds {
            title,
            section: "",
            hint: "",
            keeps_hint: false,
            problem: "",
            count: rows.len(),
            high: &words,
            beside: 3.0 * tokens.pad + tokens.tick,
            least_mm,
            one_will_do: false,
            one_page: true,
            most,
        };
        let layout = grid(ruler, &tokens, &needs);
        if layout.pages.len() == 1 || size <= ruler.font(LEAST_MM) {
            return (layout, size);
        }
        size -= 2.0;
    }
}

/// What a grid has to make room for.
pub(super) struct GridNeeds<'a> {
    /// Title above it.
    pub(super) title: &'a str,
    /// Section name above the title; empty for none.
    pub(super) section: &'a str,
    /// Hint below the title.
    pub(super) hint: &'a str,
    /// The hint never gives way.
    pub(super) keeps_hint: bool,
    /// Stands in a box in place of the hint, and never gives way.
    pub(super) problem: &'a str,
    /// How many rows.
    pub(super) count: usize,
    /// Pixels that the words of a row need; nothing when a word would be broken.
    pub(super) high: &'a dyn Fn(usize, RowRoom) -> Option<f32>,
    /// Pixels of a row that are not for words: paddings, tick.
    pub(super) beside: f32,
    /// Least height of a row in millimetres.
    pub(super) least_mm: f32,
    /// One row on a page is enough, for it is read and not compared with others.
    pub(super) one_will_do: bool,
    /// All rows belong on one page.
    pub(super) one_page: bool,
    /// Rows below one another on a wide panel, at most.
    pub(super) most: usize,
}

/// What the words of a row are drawn in.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowRoom {
    /// Pixels across.
    pub(super) width: f32,
    /// With the line below.
    pub(super) lines: bool,
    /// Size of the label.
    pub(super) text: f32,
}

/// What is left of everything that can give way.
#[derive(Clone, Copy)]
struct Stage {
    section: bool,
    hint: bool,
    lines: bool,
    title: f32,
    text: f32,
}

/// The words of a row with a line below it: a label as bold as it gets, and a hint.
pub(super) fn label_and_hint(ruler: &Ruler, sizes: &Sizes, label: &str, hint: &str, room: RowRoom) -> Option<f32> {
    let hint = if room.lines { hint } else { "" };
    let width = room.width;
    let whole = ruler.holds_words(label, room.text, true, width) && ruler.holds_words(hint, sizes.hint, false, width);
    whole.then(|| ruler.high(label, room.text, true, width) + ruler.high(hint, sizes.hint, false, width))
}

/// The grid that shows most rows at once with dignity.
pub(super) fn grid(ruler: &Ruler, sizes: &Sizes, needs: &GridNeeds<'_>) -> Grid {
    let whole = Stage {
        section: !needs.section.is_empty(),
        hint: !needs.hint.is_empty() && needs.problem.is_empty(),
        lines: true,
        title: sizes.title,
        text: sizes.text,
    };
    let bare = Stage {
        section: false,
        hint: whole.hint && needs.keeps_hint,
        ..whole
    };
    let mut stages = vec![
        whole,
        Stage {
            section: false,
            ..whole
        },
        bare,
    ];
    let smaller = ruler.title_sizes(sizes);
    stages.extend(smaller.iter().skip(1).map(|title| Stage { title: *title, ..bare }));
    let least = smaller.last().copied().unwrap_or(sizes.title);
    let last = Stage {
        title: least,
        lines: false,
        ..bare
    };
    stages.push(last);
    let mut text = sizes.text;
    while text > ruler.font(TITLE_MM) {
        text = (text - 3.0).max(ruler.font(TITLE_MM));
        stages.push(Stage { text, ..last });
    }
    stages.push(Stage {
        title: ruler.font(LEAST_MM),
        text,
        ..last
    });
    let mut first_that_fits = None;
    let mut last = None;
    for stage in stages {
        if stage.text < sizes.text && first_that_fits.is_some() {
            break;
        }
        let found = best_columns(ruler, sizes, needs, stage);
        if found.fits && (found.shows_two() || needs.one_will_do) && (found.pages.len() == 1 || !needs.one_page) {
            return found;
        }
        if found.fits && first_that_fits.is_none() {
            first_that_fits = Some(found.clone());
        }
        last = Some(found);
    }
    first_that_fits
        .or(last)
        .unwrap_or_else(|| lay(ruler, sizes, needs, whole, 1))
}

fn best_columns(ruler: &Ruler, sizes: &Sizes, needs: &GridNeeds<'_>, stage: Stage) -> Grid {
    let one = lay(ruler, sizes, needs, stage, 1);
    if ruler.panel.is_slim() || (one.fits && one.pages.len() == 1 && needs.count <= 3) {
        return one;
    }
    let two = lay(ruler, sizes, needs, stage, 2);
    // Long words in a small grid: one column shows as many and reads better.
    if two.fits && (!one.fits || two.pages.len() < one.pages.len()) {
        two
    } else {
        one
    }
}

/// Pixels from the foot of the strip's gap to the head of the grid's.
fn heading(ruler: &Ruler, sizes: &Sizes, needs: &GridNeeds<'_>, stage: Stage) -> f32 {
    let wide = ruler.panel.width as f32 - 2.0 * sizes.margin;
    let mut high = ruler.high(needs.title, stage.title, true, wide);
    if stage.section {
        high += ruler.high(needs.section, sizes.hint, true, wide) + sizes.gap / 4.0;
    }
    if stage.hint {
        high += ruler.high(needs.hint, sizes.hint, false, wide) + sizes.gap / 4.0;
    }
    if !needs.problem.is_empty() {
        high += ruler.high(needs.problem, sizes.hint, true, wide - 2.0 * sizes.pad) + 1.25 * sizes.gap;
    }
    high.ceil()
}

fn lay(ruler: &Ruler, sizes: &Sizes, needs: &GridNeeds<'_>, stage: Stage, columns: usize) -> Grid {
    let panel = &ruler.panel;
    let wide = panel.width as f32 - 2.0 * sizes.margin;
    let width = ((wide - (columns as f32 - 1.0) * sizes.gap) / columns as f32).floor();
    let least = panel.px(needs.least_mm);
    let mut fits = true;
    let mut high = Vec::new();
    for row in 0..needs.count {
        let room = RowRoom {
            width: width - needs.beside,
            lines: stage.lines,
            text: stage.text,
        };
        let words = (needs.high)(row, room);
        fits &= words.is_some();
        high.push((words.unwrap_or(0.0) + sizes.gap / 2.0).max(least).ceil());
    }
    let above = heading(ruler, sizes, needs, stage);
    let space = |pages: bool| {
        let footers = if sizes.narrow && pages { 2.0 } else { 1.0 };
        panel.height as f32 - sizes.strip - above - 3.0 * sizes.gap - footers * (sizes.control + sizes.gap)
    };
    let most = if panel.is_slim() { 8 } else { needs.most };
    let mut pages = cut(&high, columns, most, space(false), sizes.gap);
    if pages.len() > 1 {
        pages = cut(&high, columns, most, space(true), sizes.gap);
    }
    let space = space(pages.len() > 1);
    for page in &mut pages {
        let rows = page.rows.len().div_ceil(columns).max(1) as f32;
        let even = ((space - (rows - 1.0) * sizes.gap) / rows).floor();
        fits &= page.row_height <= even;
        page.row_height = even
            .min((page.row_height.max(least) * 1.35).floor())
            .max(least.min(even));
    }
    Grid {
        columns,
        pages,
        title: stage.title,
        with_section: stage.section,
        with_hint: stage.hint,
        with_lines: stage.lines,
        text: stage.text,
        fits,
    }
}

/// As many rows on each page as stand there whole; at least one. The height of a page's rows is that of its tallest.
fn cut(high: &[f32], columns: usize, most: usize, space: f32, gap: f32) -> Vec<Part> {
    let mut pages = Vec::new();
    let mut first = 0;
    while first < high.len() {
        let mut end = (first + columns).min(high.len());
        let mut row_height = high[first..end].iter().copied().fold(0.0, f32::max);
        for rows in 2..=most {
            let next = (first + rows * columns).min(high.len());
            let tallest = high[first..next].iter().copied().fold(0.0, f32::max);
            if next == end || rows as f32 * tallest + (rows as f32 - 1.0) * gap > space {
                break;
            }
            (end, row_height) = (next, tallest);
        }
        pages.push(Part {
            rows: first..end,
            row_height,
        });
        first = end;
    }
    if pages.is_empty() {
        pages.push(Part {
            rows: 0..0,
            row_height: 0.0,
        });
    }
    pages
}
