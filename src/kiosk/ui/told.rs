//! What the saved page tells, and how it is shared out: all on one page where it fits, else page by page and the code last.
//!
//! Called by `saved`. It says only what the view says (SAFETY 9), whole and in the chosen size.

use slint::Model;

use super::came_back::words_of;
use super::front::{Front, filled_in};
use super::paging::{Paging, cut};
use super::reading::ring;
use super::sizes::Ruler;
use super::times;
use crate::machine::{SavedView, SavedWords};

/// Sentences in the order told; the first is the page's title.
pub(super) fn sentences(front: &Front, kept: &SavedView) -> Vec<String> {
    let phrases = front.phrases();
    let (titles, said) = (phrases.get_saved_titles(), phrases.get_saved());
    let word = |at: usize| said.row_data(at).map(String::from).unwrap_or_default();
    let site = &front.place.site;
    let promised = kept.promised && site.promise.hours_may_be_promised();
    let by = |known: usize| match kept.due {
        Some(due) => filled_in(&word(known), &[&due.weekday_and_time(&site.zone)]),
        None => word(known + 1),
    };
    let ring = ring(front);
    let (title, mut told) = match kept.words {
        SavedWords::Sent if promised => (0, vec![by(0)]),
        SavedWords::Sent => (0, vec![word(2)]),
        SavedWords::Held => {
            let trying = match kept.last_contact.and_then(|last| times::was(front, last)) {
                Some(last) => filled_in(&word(4), &[&last]),
                None => word(5),
            };
            let mut told = vec![word(3), trying];
            if promised {
                told.push(by(6));
            }
            if !ring.is_empty() {
                told.push(filled_in(&word(8), &[ring]));
            }
            (1, told)
        }
        SavedWords::KeptOnce if ring.is_empty() => (2, Vec::new()),
        SavedWords::KeptOnce => (2, vec![filled_in(&word(9), &[ring])]),
        SavedWords::Refused if ring.is_empty() => (2, vec![word(13)]),
        SavedWords::Refused => (2, vec![word(13), filled_in(&word(9), &[ring])]),
    };
    if let Some(left) = kept.left {
        told.insert(0, words_of(front, left));
    }
    // Nobody answers what never reaches them.
    let answered = kept.words != SavedWords::Refused;
    if answered && (kept.code.is_some() || kept.code_closed) {
        told.push(word(10));
    }
    if kept.code.is_none() && !kept.code_closed && answered && !ring.is_empty() {
        told.push(filled_in(&word(14), &[ring]));
    }
    if site.promise.nobody_here_reads {
        told.push(word(11));
    }
    told.insert(0, titles.row_data(title).map(String::from).unwrap_or_default());
    told
}

/// The card with the code: what is written on it.
pub(super) struct Card<'a> {
    pub(super) title: &'a str,
    pub(super) hint: &'a str,
    /// A group of the code; empty while it is closed.
    pub(super) group: &'a str,
    pub(super) buttons: &'a [String],
}

/// How large the card is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct CardFit {
    pub(super) title: f32,
    pub(super) code: f32,
    pub(super) with_hint: bool,
    pub(super) stacked: bool,
}

/// How the saved page is shared out.
pub(super) enum Sharing {
    /// All of it on one page.
    Whole(CardFit),
    /// Page by page, and the code on a page of its own.
    Pages(Vec<Vec<String>>, CardFit),
}

/// What stands on one page stands there whole.
pub(super) fn share(ruler: &Ruler, told: &[String], card: Option<&Card<'_>>, last_word: &str) -> Sharing {
    let tokens = ruler.sizes();
    let wide = ruler.panel.width as f32 - 2.0 * tokens.margin;
    let frame = ruler.panel.height as f32 - tokens.strip - tokens.control - 3.0 * tokens.gap;
    let title = told.first().map_or("", String::as_str);
    let rest = told.get(1..).unwrap_or_default();
    let space = frame - ruler.high(title, tokens.title, true, wide) - tokens.gap;
    let high = |across: f32| -> f32 {
        let of_one = |words: &String| ruler.high(words, tokens.text, true, across) + tokens.gap;
        rest.iter().map(of_one).sum()
    };
    let slim = ruler.panel.is_slim();
    let whole = match card {
        None => (high(wide) <= space).then_some(CardFit {
            title: tokens.text,
            code: tokens.code,
            with_hint: false,
            stacked: false,
        }),
        Some(card) if slim => card_fit(ruler, card, wide, space - high(wide) - 2.0 * tokens.gap, true),
        Some(card) => {
            let card_wide = (ruler.panel.width as f32 - 2.5 * tokens.margin) * 0.56;
            let beside = high(wide - card_wide - tokens.margin / 2.0) <= space;
            card_fit(ruler, card, card_wide.floor(), space, true).filter(|_| beside && !ruler.panel.is_short())
        }
    };
    if let Some(fit) = whole {
        return Sharing::Whole(fit);
    }
    let mut told = told.to_vec();
    if !last_word.is_empty() {
        told.push(last_word.to_owned());
    }
    let paging = Paging {
        section: "",
        title: "",
        paragraphs: &told,
        ways: &[],
        bold: true,
    };
    let (pages, _) = cut(ruler, &paging, true);
    let fit = card.and_then(|card| card_fit(ruler, card, wide, frame, false));
    Sharing::Pages(
        pages,
        fit.unwrap_or(CardFit {
            title: ruler.font(super::sizes::LEAST_MM),
            code: tokens.text,
            with_hint: false,
            stacked: false,
        }),
    )
}

/// Sizes in which the card stands whole; with the hint, or without where it is told on a page before.
fn card_fit(ruler: &Ruler, card: &Card<'_>, width: f32, height: f32, with_hint: bool) -> Option<CardFit> {
    let tokens = ruler.sizes();
    let inside = width - 2.0 * tokens.pad;
    let code = if card.group.is_empty() {
        tokens.code
    } else {
        let group = (inside - 5.5 * tokens.gap) / 4.0;
        let mut code = tokens.code;
        while code > tokens.text && ruler.wide(card.group, code, true) > group {
            code -= 1.0;
        }
        if ruler.wide(card.group, code, true) > group {
            return None;
        }
        code
    };
    let of_one = |words: &String| ruler.wide(words, tokens.foot_text, true) + 2.0 * tokens.pad;
    let widest = card.buttons.iter().map(of_one).fold(0.0, f32::max);
    let count = card.buttons.len() as f32;
    let stacked = (widest + tokens.gap) * count - tokens.gap > inside;
    let buttons = if stacked { count } else { 1.0 } * (tokens.control + tokens.gap);
    let mut fixed = 2.0 * tokens.pad + buttons;
    if !card.group.is_empty() {
        fixed += ruler.lines(1, code) + 2.0 * tokens.gap;
    }
    if with_hint && !card.hint.is_empty() {
        fixed += ruler.high(card.hint, tokens.text, false, inside) + tokens.gap;
    }
    // On a page of its own the title gives way; beside other words it stays, and the page is split.
    let smaller = ruler.title_sizes(&tokens).into_iter();
    let smaller = smaller.filter(|size| *size < tokens.text && !with_hint);
    let titles = std::iter::once(tokens.text).chain(smaller);
    let mut titles = titles.filter(|size| fixed + ruler.high(card.title, *size, true, inside) <= height);
    titles.next().map(|title| CardFit {
        title,
        code,
        with_hint,
        stacked,
    })
}
