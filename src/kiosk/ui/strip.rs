//! The strip above every page: which controls stand there, and what they do.
//!
//! Called by the front. A control that can do nothing on a page is not there; its neighbours keep their order.

use std::rc::Rc;

use heard_ui::Strip;
use slint::Global;

use super::front::{Front, Local, State};
use crate::machine::{Overlay, Page, Press, View};

/// Connects the strip's presses.
pub(super) fn connect(front: &Rc<Front>) {
    let strip = Strip::get(&front.app);
    let weak = Rc::downgrade(front);
    strip.on_back(move || {
        let Some(front) = weak.upgrade() else { return };
        let local = front.state.borrow().local;
        if local.is_some() {
            front.open(None);
        } else {
            front.tell(Press::Back);
        }
    });
    let weak = Rc::downgrade(front);
    strip.on_look(move || {
        if let Some(front) = weak.upgrade() {
            let open = front.state.borrow().local == Some(Local::Look);
            front.open((!open).then_some(Local::Look));
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
            next_language(&front);
        }
    });
}

/// Another language of the form: the next in its order.
fn next_language(front: &Front) {
    let now = front.state.borrow().view.as_ref().map(|view| view.language.clone());
    let languages = &front.place.form.languages;
    let at = languages.iter().position(|tag| Some(tag) == now.as_ref()).unwrap_or(0);
    if let Some(next) = languages.get((at + 1) % languages.len().max(1)) {
        front.tell(Press::Language(next.clone()));
    }
}

pub(super) fn fill(front: &Front, state: &State, view: &View, hidden: bool) {
    let strip = Strip::get(&front.app);
    let covered = hidden || view.overlay.is_some();
    let closed = matches!(view.page, Page::OutOfService(_));
    let neutral = matches!(view.page, Page::Start | Page::Saved(_)) || hidden || closed;
    let filling = matches!(view.page, Page::Question(_) | Page::Check(_) | Page::NotSaved);
    let back = match view.page {
        _ if covered => false,
        _ if state.local.is_some() => true,
        Page::Start | Page::Saved(_) | Page::OutOfService(_) | Page::Saving | Page::Reading => false,
        _ => true,
    };
    strip.set_landlord(front.place.site.landlord.as_str().into());
    strip.set_has_back(back);
    strip.set_has_language(front.place.form.languages.len() > 1 && !covered);
    strip.set_language(view.language.as_str().into());
    strip.set_has_sound(false);
    strip.set_has_help(filling && !covered && state.local != Some(Local::Help));
    strip.set_has_stop(filling && !covered);
    // A disk may take its time: Hide is there while something is kept as well.
    strip.set_has_hide(!neutral || view.overlay == Some(Overlay::StillThere) && !hidden);
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
