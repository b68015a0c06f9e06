//! The strip above every page: which controls stand there, and what they do.
//!
//! Called by the front. A control that can do nothing on a page is not there; its neighbours keep their order.

use std::rc::Rc;

use heard_ui::Strip;
use slint::Global;

use super::front::{Front, Local, State};
use super::{check, language, saved};
use crate::machine::{Overlay, Page, Press, View};

/// Connects the strip's presses.
pub(super) fn connect(front: &Rc<Front>) {
    let strip = Strip::get(&front.app);
    let weak = Rc::downgrade(front);
    strip.on_back(move || {
        let Some(front) = weak.upgrade() else { return };
        let (local, row) = {
            let state = front.state.borrow();
            (state.local, check::open_row(&state))
        };
        match local {
            Some(Local::Half(..)) => front.open(Some(Local::Clock)),
            Some(_) if row.is_none() => front.open(None),
            _ => {
                front.tell(Press::Back);
            }
        }
    });
    let weak = Rc::downgrade(front);
    strip.on_look(move || {
        if let Some(front) = weak.upgrade() {
            toggle(&front, Local::Look);
        }
    });
    let weak = Rc::downgrade(front);
    strip.on_help(move || {
        if let Some(front) = weak.upgrade() {
            front.open(Some(Local::Help));
        }
    });
    let weak = Rc::downgrade(front);
    strip.on_stop(move || {
        if let Some(front) = weak.upgrade() {
            front.open(None);
            front.tell(Press::Stop);
        }
    });
    let weak = Rc::downgrade(front);
    strip.on_hide(move || {
        if let Some(front) = weak.upgrade() {
            front.hide();
        }
    });
    let weak = Rc::downgrade(front);
    strip.on_language_pressed(move || {
        if let Some(front) = weak.upgrade() {
            toggle(&front, Local::Language);
        }
    });
}

/// Opens a page of the screen's own, or closes it.
fn toggle(front: &Front, page: Local) {
    let open = front.state.borrow().local == Some(page);
    front.open((!open).then_some(page));
}

pub(super) fn fill(front: &Front, state: &State, view: &View) {
    let strip = Strip::get(&front.app);
    let hidden = state.is_hidden();
    let covered = hidden || view.overlay.is_some();
    let closed = matches!(view.page, Page::OutOfService(_));
    let waits = matches!(view.page, Page::Saving | Page::Reading);
    let neutral = matches!(view.page, Page::Start) || hidden || closed;
    let filling = matches!(
        view.page,
        Page::Question(_) | Page::HelpNow(_) | Page::Check(_) | Page::NotSaved
    );
    // Held up for somebody else to read: what is not needed is not there.
    let card = state.local == Some(Local::Card);
    let back = match view.page {
        _ if state.local.is_some() && (hidden || !covered) => true,
        _ if covered => false,
        Page::Saved(ref kept) if saved::asks_last_four(kept) => true,
        Page::Start | Page::Saved(_) | Page::OutOfService(_) | Page::Saving | Page::Reading => false,
        _ => true,
    };
    strip.set_landlord(front.place.site.landlord.as_str().into());
    strip.set_has_back(back);
    // Hidden, the strip has what the everyday page has.
    strip.set_has_language(hidden || (!covered && !closed && !waits && !card));
    strip.set_has_look(hidden || !covered);
    strip.set_language(language::own_name(front, &view.language));
    strip.set_has_sound(false);
    strip.set_has_help(filling && !covered && !card && state.local != Some(Local::Help));
    strip.set_has_stop(filling && !covered && !card);
    // A disk may take its time: Hide is there while something is kept as well.
    strip.set_has_hide(!neutral || matches!(view.overlay, Some(Overlay::StillThere(_))) && !hidden);
    strip.set_clock_leads_back(hidden);
    tell_time(front);
}

pub(super) fn tell_time(front: &Front) {
    let strip = Strip::get(&front.app);
    let zone = &front.place.site.zone;
    let clock = front.time().map(|time| time.clock_time(zone)).unwrap_or_default();
    let unknown = clock.is_empty() && strip.get_clock_leads_back();
    strip.set_clock(if unknown { "--:--".into() } else { clock.into() });
}
