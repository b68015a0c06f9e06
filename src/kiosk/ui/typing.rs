//! Small pages on which something is typed beside the form's own: a code, an addition, a way to be reached, the spot of a
//! place, a day, a clock time, four digits.
//!
//! Called by the front and by the files of those pages; it fills the page of `write`. It keeps nothing: what is typed lies
//! in `state`.

use heard_ui::{Screen, Write};
use slint::{Global, Model, SharedString};

use super::front::{Front, State};
use super::keyboard::Face;
use super::{near, write};
use crate::limits::STORY_BYTES;
use crate::machine::Press;
use crate::mailbox::AdditionKind;

/// What such a page shows.
#[derive(Default)]
pub(super) struct Typing<'a> {
    pub(super) title: SharedString,
    pub(super) problem: SharedString,
    /// How much more can be written.
    pub(super) room: SharedString,
    /// Said below the text field while the room is not, where it finds a place.
    pub(super) hint: SharedString,
    pub(super) aside: SharedString,
    /// Digits only.
    pub(super) pad: bool,
    /// Several lines.
    pub(super) lines: bool,
    /// Three words of it would tell all: covered, it shows its last three letters.
    pub(super) by_letters: bool,
    /// What stands there when the page opens.
    pub(super) text: &'a str,
    /// What the main button is called; empty: it goes on.
    pub(super) go: SharedString,
}

pub(super) fn fill(front: &Front, state: &mut State, is_new: bool, typing: Typing<'_>) -> Screen {
    let page = Write::get(&front.app);
    if is_new {
        page.set_words(typing.text.into());
        state.layer = if typing.pad { Face::Digits } else { Face::Letters }.into();
    }
    write::put_keys(front, &state.ruler(), state.layer, typing.lines);
    state.digits = typing.pad || typing.by_letters;
    page.set_single_line(!typing.lines);
    page.set_title(typing.title);
    page.set_problem(typing.problem);
    let hint = if state.looks.panel.is_short() {
        SharedString::default()
    } else {
        typing.hint
    };
    let room = if typing.room.is_empty() { hint } else { typing.room };
    page.set_room(near::room(front, state, room));
    page.set_aside(typing.aside);
    page.set_aside_chosen(false);
    page.set_go(if typing.go.is_empty() {
        front.phrases().get_continue()
    } else {
        typing.go
    });
    write::share_room(&page, state);
    near::put(front, state);
    Screen::Write
}

/// A few digits: what is asked, how they are typed, and what is said when they are none of that.
pub(super) fn fill_digits(front: &Front, state: &mut State, is_new: bool, said: [SharedString; 3]) -> Screen {
    let [title, hint, wrong] = said;
    let typed = state.typed.clone();
    let typing = Typing {
        title,
        problem: if state.refused { wrong } else { SharedString::default() },
        hint,
        pad: true,
        text: &typed,
        ..Typing::default()
    };
    fill(front, state, is_new, typing)
}

/// "Come back to something": the sixteen digits.
pub(super) fn fill_code(front: &Front, state: &mut State, is_new: bool) -> Screen {
    let phrases = front.phrases();
    let said = [
        phrases.get_enter_code(),
        SharedString::default(),
        phrases.get_code_shape(),
    ];
    fill_digits(front, state, is_new, said)
}

/// Something that goes to the mailbox of a code.
pub(super) fn fill_addition(front: &Front, state: &mut State, is_new: bool, kind: AdditionKind) -> Screen {
    let (returning, leaving) = (front.phrases().get_returning(), front.phrases().get_cannot_keep());
    let (title, hint) = match kind {
        AdditionKind::SafeContact => (leaving.row_data(7), leaving.row_data(8)),
        AdditionKind::TrustedPerson => (leaving.row_data(9), leaving.row_data(10)),
        _ => (returning.row_data(2), None),
    };
    let typed = state.drafts.of(kind);
    let full = state.refused.then(|| front.phrases().get_no_more_room());
    let bytes_of_a_letter = typed.len().div_ceil(typed.chars().count().max(1)).max(1);
    let letters_left = STORY_BYTES.saturating_sub(typed.len()) / bytes_of_a_letter;
    let typing = Typing {
        title: title.unwrap_or_default(),
        problem: full.unwrap_or_default(),
        room: write::words_left(front, letters_left),
        hint: hint.unwrap_or_default(),
        lines: true,
        by_letters: kind.is_left_with_the_report(),
        text: &typed,
        go: front.phrases().get_add_it(),
        ..Typing::default()
    };
    fill(front, state, is_new, typing)
}

/// A letter more or less of it. The field takes as much as is kept, so that nothing is lost to a length.
pub(super) fn addition_edited(front: &Front, kind: AdditionKind, text: &str) {
    let before = {
        let mut state = front.state.borrow_mut();
        state.refused = text.len() > STORY_BYTES;
        if state.refused {
            Some(state.drafts.of(kind))
        } else {
            state.drafts.write(kind, text);
            None
        }
    };
    if let Some(before) = before {
        Write::get(&front.app).set_words(before.as_str().into());
    }
    front.tell(Press::Touched);
}

/// "Add it": to the machine. The words stay here until they are known to be kept.
pub(super) fn addition_done(front: &Front, kind: AdditionKind) {
    let words = front.state.borrow().drafts.of(kind);
    front.open(None);
    if !words.trim().is_empty() && front.tell(Press::Add(kind, words)) {
        let mut state = front.state.borrow_mut();
        let press = state.sent;
        state.drafts.hand_over(kind, press);
    }
}
