//! The saved page: which wording holds, the code, and what was promised.
//!
//! Called by the front. It says only what the view says (SAFETY 9); the 24 hours stand there only where a rota does.

use std::rc::Rc;

use heard_ui::{Saved, Screen, Write};
use slint::{Global, Model, SharedString};
use zeroize::Zeroizing;

use super::front::{Front, State, strings};
use super::told::{Card, Sharing, sentences, share};
use super::typing::{self, Typing};
use super::visit::Visit;
use super::words_in::{in_place, shared};
use crate::machine::{CodeCheck, Press, SavedView, SavedWords};

pub(super) fn connect(front: &Rc<Front>) {
    let saved = Saved::get(&front.app);
    let weak = Rc::downgrade(front);
    saved.on_button(move |at| {
        if let Some(front) = weak.upgrade() {
            let is_shown = Saved::get(&front.app).get_code().row_count() > 0;
            // Digits of an earlier try.
            front.state.borrow_mut().typed = Zeroizing::default();
            front.tell(match (at, is_shown) {
                (0, true) => Press::CodeKept,
                (0, false) => Press::ShowCode,
                _ => Press::CheckCode,
            });
        }
    });
    let weak = Rc::downgrade(front);
    saved.on_cannot_keep_it(move || {
        if let Some(front) = weak.upgrade() {
            front.tell(Press::CannotKeep);
        }
    });
    let weak = Rc::downgrade(front);
    saved.on_turn(move |forward| {
        if let Some(front) = weak.upgrade() {
            front.turn(forward);
        }
    });
    let weak = Rc::downgrade(front);
    saved.on_finish(move || {
        let Some(front) = weak.upgrade() else { return };
        let ends = Saved::get(&front.app).get_ends();
        if ends {
            front.tell(Press::Done);
        } else {
            front.turn(true);
        }
    });
}

/// Whether the last four digits are asked for: a page of its own, with the code closed (SAFETY 23).
pub(super) const fn asks_last_four(kept: &SavedView) -> bool {
    matches!(kept.check, Some(CodeCheck::Asked | CodeCheck::Wrong))
}

/// The digits were typed. Right or wrong, they leave the screen.
pub(super) fn last_four_done(front: &Front, typed: Zeroizing<String>) {
    let four = typed.chars().filter(char::is_ascii_digit).count() == 4;
    front.state.borrow_mut().refused = !four;
    if four {
        front.state.borrow_mut().typed = Zeroizing::default();
        Write::get(&front.app).set_words(SharedString::default());
        front.tell(Press::LastFour(typed));
    } else {
        front.draw();
    }
}

fn fill_last_four(front: &Front, state: &mut State, kept: &SavedView, is_new: bool) -> Screen {
    let words = front.phrases().get_last_four();
    let word = |at| words.row_data(at).unwrap_or_default();
    let problem = match kept.check {
        _ if state.refused => word(4),
        Some(CodeCheck::Wrong) if state.typed.is_empty() => word(1),
        _ => SharedString::default(),
    };
    let typed = state.typed.clone();
    let typing = Typing {
        title: word(0),
        problem,
        aside: word(3),
        pad: true,
        text: &typed,
        ..Typing::default()
    };
    typing::fill(front, state, is_new, typing)
}

/// No other page keeps the code, nor what was told beside it.
pub(super) fn forget(front: &Front) {
    let saved = Saved::get(&front.app);
    if saved.get_code().row_count() > 0 {
        saved.set_code(strings([""; 0]));
    }
    if saved.get_told().row_count() > 0 {
        saved.set_told(strings([""; 0]));
    }
}

/// Which page of its words another page begins with. The code opens and closes on its own card, which is the last page, and
/// whoever comes back to the card is on the card; other changes of the saved page turn nothing.
pub(super) fn turn_after(front: &Front, state: &State, next: Visit) -> usize {
    let Some(last) = state.visit.filter(|last| last.0 == next.0 && next.1 == "saved") else {
        return 0;
    };
    let was_card = Saved::get(&front.app).get_part() == 2;
    let from_a_cover = matches!(last.1, "saved" | "stop" | "still there" | "hidden");
    match next.4 {
        None if was_card && from_a_cover => usize::MAX,
        _ if (last.1, last.4) == (next.1, next.4) => state.turn,
        _ => 0,
    }
}

/// What is written on the card, while the code is shown and while it is closed.
struct CardWords {
    title: SharedString,
    hint: SharedString,
    buttons: [String; 2],
}

fn card_words(front: &Front, kept: &SavedView) -> CardWords {
    let words = front.phrases().get_code_card();
    let word = |at: usize| words.row_data(at).unwrap_or_default();
    let shown = kept.code.is_some();
    let right = front.phrases().get_last_four().row_data(2);
    let title = right.filter(|_| kept.check == Some(CodeCheck::Right));
    CardWords {
        title: title.unwrap_or_else(|| word(usize::from(!shown))),
        hint: match (shown, kept.words) {
            (true, SavedWords::Refused) => word(9),
            (true, _) => word(2),
            (false, _) => SharedString::default(),
        },
        buttons: [if shown { 3 } else { 5 }, 8].map(|at| String::from(word(at))),
    }
}

/// The part of the page that is shown: all of it, words, or the card.
fn put_part(front: &Front, state: &mut State, told: &[String], sharing: &Sharing, has_code: bool) {
    let saved = Saved::get(&front.app);
    let go = |at: usize| front.phrases().get_code_card().row_data(at).unwrap_or_default();
    let (part, page, pages) = match sharing {
        Sharing::Whole(_) => (0, told.get(1..).unwrap_or_default(), 1),
        Sharing::Pages(pages, _) => {
            let count = pages.len() + usize::from(has_code);
            state.turn = state.turn.min(count - 1);
            match pages.get(state.turn) {
                Some(page) => (1, page.as_slice(), count),
                None => (2, [].as_slice(), count),
            }
        }
    };
    state.turn = state.turn.min(pages - 1);
    let ends = state.turn + 1 == pages;
    saved.set_ends(ends);
    saved.set_title(if part == 0 { told[0].as_str() } else { "" }.into());
    saved.set_told(strings(page));
    saved.set_bold(if part == 0 || state.turn == 0 { 1 } else { 0 });
    saved.set_part(part);
    saved.set_has_before(part != 0 && state.turn > 0);
    saved.set_go(if ends {
        front.phrases().get_finish()
    } else {
        go(if has_code && state.turn + 2 == pages { 6 } else { 7 })
    });
}

pub(super) fn fill(front: &Front, state: &mut State, kept: &SavedView, is_new: bool) -> Screen {
    if asks_last_four(kept) {
        return fill_last_four(front, state, kept, is_new);
    }
    let saved = Saved::get(&front.app);
    let ruler = state.ruler();
    let code = kept.code.as_ref().map(|code| Zeroizing::new(code.grouped()));
    let groups: Vec<&str> = code.as_ref().map(|code| code.split(' ').collect()).unwrap_or_default();
    let has_code = kept.code.is_some() || kept.code_closed;
    let words = card_words(front, kept);
    let card = Card {
        title: &words.title,
        hint: &words.hint,
        group: if groups.is_empty() { "" } else { "0000" },
        buttons: &words.buttons,
    };
    let told = sentences(front, kept);
    let last_word = front.phrases().get_saved().row_data(12).unwrap_or_default();
    let last_word = if groups.is_empty() { "" } else { last_word.as_str() };
    let sharing = share(&ruler, &told, has_code.then_some(&card), last_word);
    put_part(front, state, &told, &sharing, has_code);
    let (Sharing::Whole(fit) | Sharing::Pages(_, fit)) = &sharing;
    saved.set_title_size(ruler.sizes().title);
    saved.set_stacked(ruler.panel.is_slim());
    saved.set_code(strings(groups));
    saved.set_code_size(fit.code);
    saved.set_card_title(words.title.clone());
    saved.set_card_title_size(fit.title);
    saved.set_card_hint(if fit.with_hint {
        words.hint.clone()
    } else {
        SharedString::default()
    });
    if let Some(buttons) = in_place(&saved.get_buttons(), shared(&words.buttons)) {
        saved.set_buttons(buttons);
    }
    saved.set_buttons_stacked(fit.stacked);
    saved.set_has_code(has_code);
    Screen::Saved
}
