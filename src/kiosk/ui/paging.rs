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
    /// The first of it is drawn bold, so all of it is measured so.
    pub(super) bold: bool,
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
    let high = |paragraph: &str| ruler.high(paragraph, tokens.text, words.bold, wide);
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

/// A paragraph that no page can hold is told sentence by sentence, a sentence in runs of words, a word in runs of
/// letters. What fits is found by halving: `fits` shapes its words, and a story may be one sentence of 4,000 letters.
fn parts(paragraph: &str, fits: &dyn Fn(&str) -> bool) -> Vec<String> {
    if fits(paragraph) {
        return vec![paragraph.to_owned()];
    }
    let mut parts = Vec::new();
    for sentence in sentences(paragraph) {
        let mut rest = sentence.trim();
        while !rest.is_empty() {
            let (part, after) = rest.split_at(longest_start(rest, fits));
            parts.push(part.trim_end().to_owned());
            rest = after.trim_start();
        }
    }
    parts
}

/// Each with the mark that ends it, in every script of the screens. "3.5" and "a.m.," are no ends.
fn sentences(paragraph: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let (mut begins, mut last) = (0, ' ');
    for (at, letter) in paragraph.char_indices() {
        // Whoever writes Bengali or Urdu may leave no space behind the mark.
        let ends = match last {
            '.' | '!' | '?' => letter.is_whitespace(),
            '।' | '۔' | '؟' => !matches!(letter, '।' | '۔' | '؟' | '!' | '?' | '.'),
            _ => false,
        };
        if ends {
            sentences.push(&paragraph[begins..at]);
            begins = at;
        }
        last = letter;
    }
    sentences.push(&paragraph[begins..]);
    sentences
}

/// Bytes of the longest start that fits: whole words when one fits, else letters, one at least. All of it when it fits.
fn longest_start(words: &str, fits: &dyn Fn(&str) -> bool) -> usize {
    if fits(words) {
        return words.len();
    }
    let mut ends: Vec<usize> = words
        .char_indices()
        .filter(|(_, letter)| letter.is_whitespace())
        .map(|(at, _)| at)
        .collect();
    ends.push(words.len());
    // `partition_point` halves: longer starts are never lower.
    let fitting = ends.partition_point(|end| fits(words[..*end].trim_end()));
    if let Some(end) = fitting.checked_sub(1).and_then(|last| ends.get(last)) {
        return *end;
    }
    let word = &words[..ends[0]];
    let ends: Vec<usize> = word.char_indices().map(|(at, letter)| at + letter.len_utf8()).collect();
    let fitting = ends.partition_point(|end| fits(&word[..*end]));
    ends.get(fitting.saturating_sub(1)).copied().unwrap_or(words.len())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// Letters that a page of these tests holds.
    const PAGE: usize = 300;

    /// The parts, and how often it was asked what fits.
    fn cut_into(paragraph: &str) -> (Vec<String>, usize) {
        let asked = Cell::new(0);
        let fits = |part: &str| {
            asked.set(asked.get() + 1);
            part.chars().count() <= PAGE
        };
        let parts = parts(paragraph, &fits);
        assert!(
            parts
                .iter()
                .all(|part| !part.is_empty() && part.chars().count() <= PAGE)
        );
        (parts, asked.get())
    }

    fn words(text: &str) -> Vec<&str> {
        text.split_whitespace().collect()
    }

    #[test]
    fn a_story_without_full_stops_is_cut_between_words_and_nothing_is_lost() {
        let story = "they shouted at us on the stairs again\nand ".repeat(95);
        assert!(story.len() > 4_000);
        let (parts, asked) = cut_into(story.trim());
        assert_eq!(words(&parts.join(" ")), words(&story));
        assert!(
            parts.iter().rev().skip(1).all(|part| part.len() > PAGE - 10),
            "half empty"
        );
        assert!(asked <= 12 * parts.len(), "{asked} shapings for {} pages", parts.len());
    }

    #[test]
    fn a_word_higher_than_a_page_is_cut_between_letters() {
        let story = "ঘৃণা".repeat(1_000);
        let (parts, asked) = cut_into(&story);
        assert_eq!(parts.concat(), story);
        assert_eq!(parts.len(), story.chars().count().div_ceil(PAGE));
        assert!(asked <= 15 * parts.len(), "{asked} shapings for {} pages", parts.len());
        // Words around it are whole.
        let (parts, _) = cut_into(&format!("before {story} after"));
        assert_eq!(parts.first().map(String::as_str), Some("before"));
        assert_eq!(parts[1..].concat().replace(' ', ""), format!("{story}after"));
    }

    #[test]
    fn sentences_stay_whole_in_every_script() {
        for [one, other] in [
            ["It was at 3.5 metres.", "They ran!"],
            ["তারা চিৎকার করেছে।", "আমি ভয় পেয়েছি।"],
            ["وہ چلائے۔", "کیوں؟"],
            ["Why?!", "Nobody knows..."],
        ] {
            let told = [one, other].repeat(30);
            let text = told.join(" ");
            assert_eq!(cut_into(&text).0, told, "{one}");
        }
        assert_eq!(sentences("এক।দুই।"), ["এক।", "দুই।"]);
        assert_eq!(cut_into("Short. And whole.").0, ["Short. And whole."]);
    }
}
