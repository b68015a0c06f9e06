//! "I cannot keep it": a safe way to be reached, or somebody who is trusted, left in place of the code (SAFETY 23).
//!
//! Used by `session_saved`. What is left is an addition to the report that was just kept, with the code that is still in
//! memory; the person does not type it. The code is closed meanwhile, and the saved page has its five minutes again
//! afterwards. It refuses an empty answer and a second one while the first is being kept.

use super::input::{Copies, Press};
use super::session::{Place, Session, Surroundings};
use super::session_return::addition;
use super::view::{Added, CannotKeepView, Page};
use crate::id::EnvelopeId;
use crate::limits::TEXT_POOL_BYTES;
use crate::mailbox::AdditionKind;

impl Session {
    pub(super) fn open_cannot_keep(&mut self) {
        let has_code = self.saved.as_ref().is_some_and(|saved| saved.code.is_some());
        if has_code {
            self.close_code();
            self.place = Place::CannotKeep;
        }
    }

    pub(super) fn press_cannot_keep(&mut self, press: Press, around: &mut Surroundings<'_>) {
        match press {
            Press::Add(kind, words) => self.leave_contact(kind, words, around),
            Press::Back => self.back_to_saved(around),
            Press::Done => self.wipe(around),
            _ => {}
        }
    }

    fn back_to_saved(&mut self, around: &Surroundings<'_>) {
        if let Some(saved) = &mut self.saved {
            saved.since = around.now.moment;
        }
        self.place = Place::Saved;
    }

    fn leave_contact(
        &mut self,
        kind: AdditionKind,
        words: zeroize::Zeroizing<alloc::string::String>,
        around: &mut Surroundings<'_>,
    ) {
        let Some(saved) = &mut self.saved else { return };
        let Some(code) = saved.code.clone() else { return };
        let busy = matches!(saved.left, Some(Added::Saving(_)));
        if busy || words.trim().is_empty() || !kind.is_left_with_the_report() {
            return;
        }
        if words.len() > TEXT_POOL_BYTES {
            saved.left = Some(Added::Trouble(kind));
            self.addition = None;
        } else {
            saved.left = Some(Added::Saving(kind));
            let request = addition(code, &self.language, kind, words, around);
            self.file_addition(request, around);
        }
        self.back_to_saved(around);
    }

    /// What was left is durable in so many copies, or not at all.
    pub(super) fn contact_left(&mut self, filed: Option<(EnvelopeId, Copies)>) {
        let copies = self.addition_filed(filed);
        if let Some(saved) = &mut self.saved {
            saved.left = saved.left.map(|left| left.settled(copies));
        }
    }

    pub(super) fn cannot_keep_page(&self) -> Page {
        let Some(saved) = &self.saved else { return Page::Start };
        Page::CannotKeep(CannotKeepView {
            words: Self::saved_words(saved),
            left: saved.left,
        })
    }
}
