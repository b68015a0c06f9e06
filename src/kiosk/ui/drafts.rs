//! What was typed to be added, by its kind: it is there until it is known to be kept, so that neither Back nor a full disk
//! loses it.
//!
//! Held by `state`; the front empties it with the visit. It wipes itself, prints nothing, and shows no words of one kind on
//! the page of another.

use zeroize::Zeroizing;

use crate::machine::{Added, Page, View};
use crate::mailbox::AdditionKind;

struct Draft {
    kind: AdditionKind,
    words: Zeroizing<String>,
    /// Handed to the machine with the press of this number.
    handed: Option<u64>,
}

/// At most one for each kind.
#[derive(Default)]
pub(super) struct Drafts(Vec<Draft>);

impl Drafts {
    /// What was typed for this kind.
    pub(super) fn of(&self, kind: AdditionKind) -> Zeroizing<String> {
        let found = self.0.iter().find(|draft| draft.kind == kind);
        found.map(|draft| draft.words.clone()).unwrap_or_default()
    }

    /// Every word of every kind.
    pub(super) fn all(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.iter().map(|draft| draft.words.as_str()).collect())
    }

    /// All of it as it is now.
    pub(super) fn write(&mut self, kind: AdditionKind, words: &str) {
        self.0.retain(|draft| draft.kind != kind);
        self.0.push(Draft {
            kind,
            words: Zeroizing::new(words.to_owned()),
            handed: None,
        });
    }

    /// It was handed to the machine with the press of this number.
    pub(super) fn hand_over(&mut self, kind: AdditionKind, press: u64) {
        for draft in self.0.iter_mut().filter(|draft| draft.kind == kind) {
            draft.handed = Some(press);
        }
    }

    /// What is kept by now, of what was handed over, is not needed any more.
    pub(super) fn settle(&mut self, view: &View) {
        let added = match &view.page {
            Page::Return(page) => page.added,
            Page::Saved(page) => page.left,
            Page::CannotKeep(page) => page.left,
            _ => None,
        };
        if let Some(Added::Kept(kept) | Added::Sent(kept)) = added {
            let is_kept = |draft: &Draft| draft.kind == kept && draft.handed.is_some_and(|press| view.presses >= press);
            self.0.retain(|draft| !is_kept(draft));
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
