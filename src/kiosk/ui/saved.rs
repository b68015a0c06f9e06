//! The saved page: which of the three wordings holds, the code, and what was promised.
//!
//! Called by the front. It says only what the view says (SAFETY 9); the 24 hours stand there only where a rota does.

use std::rc::Rc;

use heard_ui::{Saved, Screen};
use slint::Global;

use super::front::{Front, Local, State, strings};
use super::reading::ring;
use crate::machine::{Press, SavedView, SavedWords};

pub(super) fn connect(front: &Rc<Front>) {
    let saved = Saved::get(&front.app);
    let weak = Rc::downgrade(front);
    saved.on_show_code(move || {
        if let Some(front) = weak.upgrade() {
            front.tell(Press::ShowCode);
        }
    });
    let weak = Rc::downgrade(front);
    saved.on_have_it(move || {
        if let Some(front) = weak.upgrade() {
            front.tell(Press::CodeKept);
        }
    });
    let weak = Rc::downgrade(front);
    saved.on_cannot_keep_it(move || {
        if let Some(front) = weak.upgrade() {
            front.open(Some(Local::CannotKeep));
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
        if let Some(front) = weak.upgrade() {
            front.tell(Press::Done);
        }
    });
}

pub(super) fn fill(front: &Front, state: &mut State, kept: &SavedView) -> Screen {
    let saved = Saved::get(&front.app);
    let site = &front.place.site;
    saved.set_words(match kept.words {
        SavedWords::Sent => 0,
        SavedWords::Held => 1,
        SavedWords::KeptOnce => 2,
    });
    let due = kept.due.map(|due| due.weekday_and_time(&site.zone)).unwrap_or_default();
    saved.set_due(due.into());
    saved.set_promised(kept.promised && site.promise.hours_may_be_promised());
    let last = kept
        .last_contact
        .map(|last| last.clock_time(&site.zone))
        .unwrap_or_default();
    saved.set_last_contact(last.into());
    saved.set_ring(ring(front).into());
    saved.set_nobody_here_reads(site.promise.nobody_here_reads);
    let code = kept.code.as_ref().map(|code| zeroize::Zeroizing::new(code.grouped()));
    let groups: Vec<&str> = code.as_ref().map(|code| code.split(' ').collect()).unwrap_or_default();
    saved.set_code(strings(groups));
    saved.set_has_code(kept.code.is_some() || kept.code_closed);
    state.turn = state.turn.min(1);
    saved.set_brief(state.looks.panel.folds_hints(state.looks.text));
    let split = state.ruler().sizes().split;
    let has_code = kept.code.is_some() || kept.code_closed;
    saved.set_part(match (split, state.turn) {
        (false, _) => 0,
        (true, 1) if has_code => 2,
        (true, _) => 1,
    });
    Screen::Saved
}
