//! Which page is drawn: when it changes, the page is made anew, and nothing of the one before is left.
//!
//! Called by the front. Names and numbers only; no words.

use super::front::{Local, State};
use super::saved;
use crate::machine::{Overlay, Page, View};

/// Which page is drawn; when it changes, the page is made anew.
pub(super) type Visit = (u32, &'static str, usize, usize, Option<Local>);

pub(super) fn visit_of(state: &State, view: &View) -> Visit {
    let question = match &view.page {
        Page::Question(asked) => asked.question,
        Page::HelpNow(help) => help.question,
        // A closed list, a row that is asked about, a row that is open.
        Page::Check(hub) => match (&hub.shown, hub.asks) {
            (Some((question, _)), _) => 2 * question + 2,
            (None, Some(question)) => 2 * question + 1,
            (None, None) => 0,
        },
        Page::Saved(kept) if saved::asks_last_four(kept) => 2,
        // A button that has just changed its words is not pressed by the finger that was on its way.
        Page::Saved(kept) => usize::from(kept.code_closed),
        // The notes, or one message.
        Page::Return(found) => found.shown.map_or(0, |at| at + 1),
        _ => 0,
    };
    let name = match (state.is_hidden(), view.overlay) {
        (true, _) => "hidden",
        (_, Some(Overlay::StillThere(_))) => "still there",
        (_, Some(Overlay::Stop { .. })) => "stop",
        _ => page_name(&view.page),
    };
    (view.session, name, question, state.turn, state.local)
}

/// The question of a page of the form.
pub(super) const fn question_of(page: &Page) -> Option<usize> {
    match page {
        Page::Question(asked) => Some(asked.question),
        _ => None,
    }
}

pub(super) fn page_name(page: &Page) -> &'static str {
    match page {
        Page::Start => "start",
        Page::Everyday(_) => "everyday",
        Page::LinkSilent { .. } => "link silent",
        Page::Question(_) => "question",
        Page::HelpNow(_) => "help now",
        Page::Check(_) => "check",
        Page::Saving => "saving",
        Page::NotSaved => "not saved",
        Page::Saved(_) => "saved",
        Page::CannotKeep(_) => "cannot keep",
        Page::EnterCode => "enter code",
        Page::Reading => "reading",
        Page::Return(_) => "return",
        Page::OutOfService(_) => "out of service",
    }
}
