//! Small pages on which something is typed beside the form's own: a code, an addition, the spot of a place, a clock time,
//! four digits.
//!
//! Called by the front and by the files of those pages; it fills the page of `write`. It keeps nothing.

use heard_ui::{Screen, Write};
use slint::{Global, Model, SharedString};

use super::front::{Front, State};
use super::keyboard::Face;
use super::{near, write};
use crate::limits::STORY_BYTES;
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
    page.set_go(front.phrases().get_continue());
    write::share_room(&page, state);
    near::put(front, state);
    Screen::Write
}

/// "Come back to something": the sixteen digits.
pub(super) fn fill_code(front: &Front, state: &mut State, is_new: bool) -> Screen {
    let typed = state.typed.clone();
    let wrong = state.refused.then(|| front.phrases().get_code_shape());
    let typing = Typing {
        title: front.phrases().get_enter_code(),
        problem: wrong.unwrap_or_default(),
        pad: true,
        text: &typed,
        ..Typing::default()
    };
    fill(front, state, is_new, typing)
}

/// Something that goes to the mailbox of a code.
pub(super) fn fill_addition(front: &Front, state: &mut State, is_new: bool, kind: AdditionKind) -> Screen {
    let (returning, leaving) = (front.phrases().get_returning(), front.phrases().get_cannot_keep());
    let (title, hint) = match kind {
        AdditionKind::SafeContact => (leaving.row_data(7), leaving.row_data(8)),
        AdditionKind::TrustedPerson => (leaving.row_data(9), leaving.row_data(10)),
        _ => (returning.row_data(2), None),
    };
    let typed = state.typed.clone();
    let typing = Typing {
        title: title.unwrap_or_default(),
        room: write::words_left(front, STORY_BYTES.saturating_sub(typed.len())),
        hint: hint.unwrap_or_default(),
        lines: true,
        by_letters: kind.is_left_with_the_report(),
        text: &typed,
        ..Typing::default()
    };
    fill(front, state, is_new, typing)
}
