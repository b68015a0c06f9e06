//! Hide, "Are you still there?" and the wipe: what a visit does when nobody touches the screen.
//!
//! Used by `session`. Waits are counted from the last touch, so that a kiosk that slept does not ask a stranger. It never
//! shows again what is covered: that needs a press.

use super::session::{Cover, Place, Session, Surroundings, timing};
use super::view::Asked;
use crate::time::Moment;

/// The countdown goes by seconds.
const SECOND_MS: u64 = 1_000;

impl Session {
    pub(super) fn hide(&mut self, around: &Surroundings<'_>) {
        self.close_rows();
        self.close_code();
        let now = around.now.moment;
        let until = now.after_ms(around.rules.hidden_ms);
        self.cover = Some(Cover::Hidden(until, now.after_ms(timing::HIDE_SETTLES_MS)));
    }

    pub(super) fn cover_still_there(&mut self, around: &Surroundings<'_>) {
        let until = around.now.moment.after_ms(timing::STILL_THERE_MS);
        self.cover = Some(Cover::StillThere(until, Asked::Back));
    }

    /// What time alone does.
    pub(super) fn tick(&mut self, around: &mut Surroundings<'_>) {
        let now = around.now.moment;
        self.seen = now;
        match self.cover {
            Some(Cover::Hidden(until, _) | Cover::StillThere(until, _)) if now >= until => return self.leave(around),
            _ => {}
        }
        if self.place == Place::Start {
            self.tick_start(around);
        } else if self.place == Place::Saved {
            self.tick_saved(around);
        } else if self.place == Place::Saving {
            self.tick_saving(now);
        } else if self.place == Place::Reading {
            self.tick_reading(now);
        } else if self.is_idle(now) {
            self.ask_still_there(around);
        }
    }

    fn is_idle(&self, now: Moment) -> bool {
        let asks = !matches!(self.cover, Some(Cover::Hidden(..) | Cover::StillThere(..)));
        asks && now >= self.touched.after_ms(timing::IDLE_MS)
    }

    /// Counted from the last touch, so that a kiosk that slept does not ask a stranger.
    fn ask_still_there(&mut self, around: &Surroundings<'_>) {
        let until = self.touched.after_ms(timing::IDLE_MS + timing::STILL_THERE_MS);
        if around.now.moment >= until {
            self.wipe(around);
        } else {
            self.close_rows();
            self.cover = Some(Cover::StillThere(until, Asked::Idle));
        }
    }

    /// Something of a person is kept though they never left the start page.
    const fn is_marked(&self) -> bool {
        self.language_chosen || self.near || self.touched_start
    }

    /// Nothing is lost on the start page, so nobody is asked.
    fn tick_start(&mut self, around: &Surroundings<'_>) {
        if self.is_marked() && self.is_idle(around.now.moment) {
            self.wipe(around);
        }
    }

    /// Whole seconds until everything is wiped, while it is asked.
    pub(super) fn wipes_in(&self, now: Moment) -> Option<u64> {
        match self.cover {
            Some(Cover::StillThere(until, _)) => Some(until.since_ms(now).div_ceil(SECOND_MS)),
            _ => None,
        }
    }

    /// When the countdown next says another number, or is over.
    fn next_second(&self, until: Moment) -> Moment {
        let left = until.since_ms(self.seen);
        let after = left.saturating_sub(1) / SECOND_MS * SECOND_MS;
        Moment(until.0.saturating_sub(after))
    }

    /// When time alone will do something next.
    pub(super) fn deadline(&self) -> Option<Moment> {
        let cover = match self.cover {
            Some(Cover::Hidden(until, _)) => Some(until),
            Some(Cover::StillThere(until, _)) => Some(self.next_second(until)),
            _ => None,
        };
        let page = match self.place {
            Place::Start => self.is_marked().then(|| self.touched.after_ms(timing::IDLE_MS)),
            Place::Saved => self.saved_deadline(),
            Place::Saving => self.saving_deadline(),
            Place::Reading => self.reading_deadline(),
            _ if cover.is_some() => None,
            _ => Some(self.touched.after_ms(timing::IDLE_MS)),
        };
        match (cover, page) {
            (Some(cover), Some(page)) => Some(cover.min(page)),
            (cover, page) => cover.or(page),
        }
    }
}
