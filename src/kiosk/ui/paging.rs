//! Words to read, cut into pages: paragraphs stay whole where a page can hold them, and nothing is shortened.
//!
//! Called by the pages of words and by the saved page. Two lines at least stand below a title; it gives way before they do.

use super::sizes::Ruler;

/// What stands on the pages.
#[derive(Clone, Copy)]
pub(super) struct Paging<'a> {
    /// Section name above the title; may be empty.
    pub(super) section: &'a str,
    /// Title of every page.
    pub(super) title: &'a str,
    /// What is read.
    pub(super) paragraphs: &'a [String],
    /// Ways on, below the words.
    pub(super) ways: &'a [String],
}

/// Whether the ways on stand below one another: side by side they would be too long.
pub(super) fn ways_stack(ruler: &Ruler, ways: &[String]) -> bool {
    let tokens = ruler.sizes();
    let of_one = |way: &String| ruler.wide(way, tokens.foot_text, true) + 2.0 * tokens.pad;
    let widest = ways.iter().map(of_one).fold(0.0, f32::max);
    let count = ways.len() as f32;
    (widest + tokens.gap) * count - tokens.gap > ruler.panel.width as f32 - 2.0 * tokens.margin
}

/// Paragraphs page by page, and the size of the title above them. `one_footer`: turning stands beside going on.
pub(super) fn cut(ruler: &Ruler, words: &Paging<'_>, one_footer: bool) -> (Vec<Vec<String>>, f32) {
    let tokens = ruler.sizes();
    let wide = ruler.panel.width as f32 - 2.0 * tokens.margin;
    let section = ruler.high(words.section, tokens.hint, true, wide);
    let ways = match words.ways.len() {
        count if ways_stack(ruler, words.ways) => count,
        count => count.min(1),
    };
    let turning = usize::from(tokens.narrow && !one_footer);
    let below = (1 + ways + turning) as f32 * (tokens.control + tokens.gap);
    let rest = ruler.panel.height as f32 - tokens.strip - section - below - 3.0 * tokens.gap;
    // The first words may be bold.
    let high = |paragraph: &str| ruler.high(paragraph, tokens.text, one_footer, wide);
    // The title gives way until two lines stand below it.
    let space_below = |title: f32| rest - ruler.high(words.title, title, true, wide);
    let sizes = ruler.title_sizes(&tokens);
    let two_lines = ruler.lines(2, tokens.text);
    let title = sizes.iter().copied().find(|title| space_below(*title) >= two_lines);
    let title = title.or(sizes.last().copied()).unwrap_or(tokens.title);
    let space = space_below(title);
    let parts = words
        .paragraphs
        .iter()
        .flat_map(|paragraph| parts(paragraph, &|part| high(part) <= space));
    let mut pages: Vec<Vec<String>> = vec![Vec::new()];
    let mut used = 0.0;
    for part in parts {
        let high = high(&part);
        if used + high > space && used > 0.0 {
            pages.push(Vec::new());
            used = 0.0;
        }
        used += high + tokens.gap / 2.0;
        if let Some(page) = pages.last_mut() {
            page.push(part);
        }
    }
    (pages, title)
}

/// A paragraph that no page can hold is told sentence by sentence, and a sentence in runs of words.
fn parts(paragraph: &str, fits: &dyn Fn(&str) -> bool) -> Vec<String> {
    if fits(paragraph) {
        return vec![paragraph.to_owned()];
    }
    let mut parts = Vec::new();
    for sentence in paragraph.split_inclusive(". ").map(str::trim) {
        let mut part = String::new();
        for word in sentence.split_whitespace() {
            let longer = format!("{part} {word}");
            if !part.is_empty() && !fits(longer.trim()) {
                parts.push(std::mem::take(&mut part));
            }
            if !part.is_empty() {
                part.push(' ');
            }
            part.push_str(word);
        }
        parts.push(part);
    }
    parts
}
