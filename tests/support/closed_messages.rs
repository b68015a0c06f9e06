//! Messages of caseworkers under random presses: none leaves the machine that was not asked for (SAFETY 20, 22).

use heard::machine::{Page, Press, View};
use heard::mailbox::{AdditionKind, Stage};
use heard::time::Timestamp;
use heard::wire::v1::StatusNote;

use super::random_presses::Dice;

/// What was asked for, and how often a message was open.
#[derive(Default)]
pub(crate) struct ClosedMessages {
    session: u32,
    /// Since no message was open.
    asked: Vec<usize>,
    /// "Someone else may have my code" was pressed.
    frozen: bool,
    pub(crate) opened: usize,
}

impl ClosedMessages {
    /// Before the press is handled.
    pub(crate) fn press(&mut self, press: &Press, view: &View) {
        match (press, view.overlay, &view.page) {
            (Press::ShowNote(at), None, Page::Return(_)) => self.asked.push(*at),
            (Press::Add(AdditionKind::CodeMayBeKnown, _), None, Page::Return(_)) => self.frozen = true,
            _ => {}
        }
    }

    /// A message is in the view of its page only while it is shown; what is shown was asked for since the last one was
    /// closed, and is shown under no cover and to nobody who may have found the code.
    pub(crate) fn hold(&mut self, view: &View) {
        if view.session != self.session {
            *self = Self {
                session: view.session,
                opened: self.opened,
                ..Self::default()
            };
        }
        let Page::Return(page) = &view.page else { return };
        if let Some(shown) = page.shown {
            assert!(self.asked.contains(&shown), "nobody asked for it");
            assert!(!self.frozen, "somebody else may have the code");
            assert!(view.overlay.is_none(), "it is open under a cover");
            self.opened += 1;
        } else {
            self.asked.clear();
        }
        assert!(!self.frozen || page.offers.is_none(), "it is offered all the same");
        for (at, note) in page.notes.iter().enumerate() {
            assert_eq!(
                note.words.is_empty(),
                page.shown != Some(at),
                "{at} of {:?}",
                page.shown
            );
        }
    }
}

/// What a code opens: nothing, or some notes, not all of them with a message.
pub(crate) fn some_notes(dice: &mut Dice) -> Vec<StatusNote> {
    let count = if dice.one_in(3) { 0 } else { 1 + dice.below(4) };
    let mut note = |at: usize| StatusNote {
        id: [at as u8; 16],
        stage: Stage::Opened,
        written: Timestamp(1_782_900_000),
        promised: None,
        promise: String::new(),
        caseworker: String::new(),
        apology: false,
        words: if dice.one_in(4) {
            String::new()
        } else {
            format!("SECRET {at}")
        },
    };
    (0..count).map(&mut note).collect()
}
