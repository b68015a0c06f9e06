//! Keys of a pad or a keyboard that are not the page's own: Tab and arrows walk from one thing to another, Escape hides.
//!
//! Connected by the front. Enter and space belong to what has the focus.

use std::rc::Rc;

use heard_ui::{Nav, Strip, Theme};
use slint::platform::Key;
use slint::{ComponentHandle, Global, SharedString};

use super::focus::{Way, walk};
use super::front::Front;
use super::sizes::Panel;
use crate::machine::Press;

impl Front {
    /// A key of a keyboard or pad was used, or a finger: focus is drawn after keys only.
    pub fn keys_in_use(&self, yes: bool) {
        Theme::get(&self.app).set_keys_in_use(yes);
    }

    pub(super) fn are_keys_in_use(&self) -> bool {
        Theme::get(&self.app).get_keys_in_use()
    }

    /// Whether Hide, or the way back from it, is on the screen.
    pub(super) fn may_hide(&self) -> bool {
        let strip = Strip::get(&self.app);
        strip.get_has_hide() || strip.get_clock_leads_back()
    }
}

pub(super) fn connect(front: &Rc<Front>) {
    let nav = Nav::get(&front.app);
    let weak = Rc::downgrade(front);
    nav.on_key(move |text| {
        if let Some(front) = weak.upgrade() {
            pressed(&front, &text);
        }
    });
    // The machine knows when that is an answer.
    let weak = Rc::downgrade(front);
    nav.on_touched(move |by_key| {
        if let Some(front) = weak.upgrade() {
            front.tell(if by_key { Press::KeyUsed } else { Press::Touched });
        }
    });
    let weak = Rc::downgrade(front);
    nav.on_resized(move || {
        if let Some(front) = weak.upgrade() {
            resized(&front);
        }
    });
}

fn pressed(front: &Front, text: &SharedString) {
    let ways = [
        (Key::Tab, Way::Next),
        (Key::Backtab, Way::Before),
        (Key::LeftArrow, Way::Left),
        (Key::RightArrow, Way::Right),
        (Key::UpArrow, Way::Up),
        (Key::DownArrow, Way::Down),
    ];
    let way = ways.into_iter().find(|(key, _)| *text == SharedString::from(*key));
    if let Some((_, way)) = way {
        walk(front.app.window(), way);
    } else if front.may_hide() {
        front.hide();
    }
}

/// A window on a desktop has any size.
fn resized(front: &Front) {
    let window = front.app.window();
    let size = window.size().to_logical(window.scale_factor());
    let panel = front.state.borrow().looks.panel;
    let (width, height) = (size.width.round(), size.height.round());
    let same = (width - panel.width as f32).abs() < 1.0 && (height - panel.height as f32).abs() < 1.0;
    if !same && width >= 320.0 && height >= 240.0 {
        front.look(|looks| looks.panel = Panel::new(width as u32, height as u32, panel.px_per_mm));
    }
}
