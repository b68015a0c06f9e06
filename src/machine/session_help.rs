//! How to get help now: a page between an answer with a red flag and whatever comes next (SAFETY 14, 15).
//!
//! Used by `session_form`. Red flags come from what choices mean, never from a question's name and never from words that
//! were typed (SAFETY 16). It does not stop anybody: Continue goes on as it would have.

use alloc::vec::Vec;

use super::input::Press;
use super::session::{Place, Session, Surroundings};
use super::view::{HelpNowView, Page};
use crate::form::{Answer, Flag};
use crate::report::red_flags;

impl Session {
    fn flags_of(&self, question: usize) -> Vec<Flag> {
        let Some(entry) = &self.entry else { return Vec::new() };
        match (entry.form().questions.get(question), entry.state(question)) {
            (Some(asked), Answer::Given(value)) => red_flags(asked, value),
            _ => Vec::new(),
        }
    }

    /// Opens the page where it is needed. Returns whether it did: then nothing else goes on yet.
    pub(super) fn opens_help(&mut self, question: usize) -> bool {
        let opens = !self.help_read.contains(&question) && !self.flags_of(question).is_empty();
        if opens {
            self.place = Place::HelpNow(question);
        }
        opens
    }

    pub(super) fn press_help(&mut self, question: usize, press: &Press, around: &mut Surroundings<'_>) {
        match press {
            Press::Next => {
                self.help_read.push(question);
                self.step_on(question, around);
            }
            Press::Back => self.place = Place::Question(question),
            _ => {}
        }
    }

    /// Another answer: the page is shown for it again.
    pub(super) fn forget_help(&mut self, question: usize) {
        self.help_read.retain(|read| *read != question);
    }

    pub(super) fn help_page(&self, question: usize) -> Page {
        Page::HelpNow(HelpNowView {
            question,
            flags: self.flags_of(question),
            link_silent: self.link_was_silent,
        })
    }
}
