//! "Someone is near me": kept for the visit and wiped with it (SAFETY 5).
//!
//! Used by `session`. The pages cover words and ticks while it holds; here is what it changes in the machine: rows of the
//! check page close and have to be asked for twice. No answer is touched by it.

use super::session::{Place, Session};

impl Session {
    pub(super) fn someone_near(&mut self, near: bool) {
        self.near = near;
        self.close_rows();
    }

    /// No row of the check page is open or about to open, and no message of a caseworker (SAFETY 20).
    pub(super) fn close_rows(&mut self) {
        self.returning.close_message();
        self.check_shown = None;
        self.check_asked = None;
    }

    /// "Show" opens a row, and closes it when it is open. With somebody near the first press only asks.
    pub(super) fn show_row(&mut self, question: usize) {
        if self.place != Place::Check {
            return;
        }
        let was_shown = self.check_shown == Some(question);
        let was_asked = self.check_asked == Some(question);
        self.close_rows();
        if was_shown {
            return;
        }
        if self.near && !was_asked {
            self.check_asked = Some(question);
        } else {
            self.check_shown = Some(question);
        }
    }
}
