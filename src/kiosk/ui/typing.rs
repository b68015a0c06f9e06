//! Small pages on which something is typed beside the form's own: the spot of a place, a clock time, four digits.
//!
//! Called by the files of those pages; it fills the page of `write`. It keeps nothing.

use heard_ui::{Screen, Write};
use slint::{Global, SharedString};

use super::front::{Front, State};
use super::keyboard::Face;
use super::{near, write};

/// What such a page shows.
pub(super) struct Typing<'a> {
    pub(super) title: SharedString,
    pub(super) problem: SharedString,
    /// Said below the text field, where there is room for it.
    pub(super) room: SharedString,
    pub(super) aside: SharedString,
    /// Digits only.
    pub(super) pad: bool,
    /// What stands there when the page opens.
    pub(super) text: &'a str,
}

pub(super) fn fill(front: &Front, state: &mut State, is_new: bool, typing: Typing<'_>) -> Screen {
    let page = Write::get(&front.app);
    if is_new {
        page.set_words(typing.text.into());
        state.layer = if typing.pad { Face::Digits } else { Face::Letters }.into();
        write::put_keys(front, state.looks, state.layer, false);
    }
    state.digits = typing.pad;
    page.set_single_line(true);
    page.set_title(typing.title);
    page.set_problem(typing.problem);
    let room = if state.looks.panel.is_short() {
        SharedString::default()
    } else {
        typing.room
    };
    page.set_room(near::room(front, state, room));
    page.set_aside(typing.aside);
    page.set_aside_chosen(false);
    page.set_go(front.phrases().get_continue());
    write::share_room(&page, state);
    near::put(front, state);
    Screen::Write
}
