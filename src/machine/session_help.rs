//! How to get help now: a page between an answer with a red flag and whatever comes next, be it Continue, a way, Back to the
//! check page or Send (SAFETY 14, 15).
//!
//! Used by `session_form` and `session_ways`. Red flags come from what choices mean, never from a question's name and
//! never from words that were typed (SAFETY 16). It does not stop anybody: Continue goes on as it would have.

use alloc::vec::Vec;

use super::input::Press;
use super::session::{Place, Session, Surroundings};
use super::view::{HelpNowView, Page};
use crate::form::{Answer, Flag};
use crate::report::red_flags;

/// What was pressed when the help page came first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// Continue of the question itself.
    Continue,
    /// Back to the check page.
    Back,
    /// Send, or "Send what I have".
    Send,
    /// A way of the question's page.
    Way(usize, usize),
    /// "I would rather tell a person".
    Person,
}

/// What goes on after the help page, and where it was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AfterHelp {
    then: Then,
    from: Place,
}

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
        self.needs_help(question) && self.open_help(question, Then::Continue)
    }

    /// The same before something that would pass over questions: any answer that no page was read for. What was pressed
    /// goes on after the page.
    pub(super) fn opens_help_before(&mut self, then: Then) -> bool {
        let questions = self.entry.as_ref().map_or(0, |entry| entry.form().questions.len());
        let unread = (0..questions).find(|question| self.needs_help(*question));
        unread.is_some_and(|question| self.open_help(question, then))
    }

    fn needs_help(&self, question: usize) -> bool {
        !self.help_read.contains(&question) && !self.flags_of(question).is_empty()
    }

    fn open_help(&mut self, question: usize, then: Then) -> bool {
        self.after_help = Some(AfterHelp { then, from: self.place });
        self.place = Place::HelpNow(question);
        true
    }

    /// Where the person was when the help page came; where they are, without one.
    pub(super) fn place_below_help(&self) -> Place {
        match (self.place, self.after_help) {
            (Place::HelpNow(_), Some(after)) => after.from,
            (Place::HelpNow(question), None) => Place::Question(question),
            (place, _) => place,
        }
    }

    /// The page has been on the screen: back to where it came from.
    pub(super) fn close_help(&mut self) {
        if let Place::HelpNow(question) = self.place {
            self.help_read.push(question);
            self.place = self.place_below_help();
            self.after_help = None;
        }
    }

    pub(super) fn press_help(&mut self, question: usize, press: &Press, around: &mut Surroundings<'_>) {
        match press {
            Press::Next => {
                let then = self.after_help.map_or(Then::Continue, |after| after.then);
                self.close_help();
                match then {
                    Then::Continue => self.step_on(question, around),
                    Then::Back => self.press_back(around),
                    Then::Send => self.send_after_help(around),
                    Then::Way(from, way) => self.take_way(from, way, around),
                    Then::Person => self.go_to_a_person(around),
                }
            }
            Press::Back => {
                self.place = self.place_below_help();
                self.after_help = None;
            }
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
