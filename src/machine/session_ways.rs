//! Ways: buttons of a page that answer another question, and how one that was pressed by mistake is taken back.
//!
//! Used by `session_form`. A way is taken back by Back from the page that it led to, and by Continue of the page that it
//! stands on: whoever goes on from a page has not left it by its way. It refuses to touch an answer that was given anew.

use alloc::vec::Vec;

use super::session::{Place, Session, Surroundings};

/// Ways that were taken and still hold, at most one for each question that they answer.
pub(super) type Ways = Vec<WayTaken>;

/// A way that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WayTaken {
    /// The question whose page it stands on.
    from: usize,
    /// The question that it answered.
    answered: usize,
    /// The page that it led to.
    led_to: Place,
}

impl Session {
    /// A way of the page that is shown. One of another page is nobody's press.
    pub(super) fn take_way(&mut self, question: usize, way: usize, around: &mut Surroundings<'_>) {
        let asked = around.form.questions.get(question);
        let Some(taken) = asked.and_then(|asked| asked.ways.get(way)) else {
            return;
        };
        if self.place != Place::Question(question) {
            return;
        }
        self.change(|entry| entry.take_way(question, way));
        if self.problem.is_none() {
            self.forget_ways_to(taken.question);
            self.step_on(question, around);
            self.ways.push(WayTaken {
                from: question,
                answered: taken.question,
                led_to: self.place,
            });
        }
    }

    /// The question was answered by itself: no way may take that back.
    pub(super) fn forget_ways_to(&mut self, answered: usize) {
        self.ways.retain(|taken| taken.answered != answered);
    }

    /// Back from the page that a way led to. Returns whether there was one; then its page is shown again.
    pub(super) fn back_over_way(&mut self) -> bool {
        let Some(at) = self.ways.iter().rposition(|taken| taken.led_to == self.place) else {
            return false;
        };
        let taken = self.ways.remove(at);
        self.change(|entry| Ok(entry.clear(taken.answered)));
        self.place = Place::Question(taken.from);
        true
    }

    /// Continue of the page at `from`: what its ways answered holds no longer.
    pub(super) fn take_back_ways_from(&mut self, from: usize) {
        while let Some(at) = self.ways.iter().position(|taken| taken.from == from) {
            let taken = self.ways.remove(at);
            self.change(|entry| Ok(entry.clear(taken.answered)));
        }
    }
}
