//! Keys of a pad or a keyboard that no widget wanted: arrows walk from one thing to the next, Escape hides.
//!
//! Connected by the front. Tab, Enter and space belong to the widgets themselves.

use std::rc::Rc;

use heard_ui::Nav;
use slint::platform::{Key, WindowEvent};
use slint::{ComponentHandle, Global, SharedString};

use super::front::Front;
use super::sizes::Panel;

pub(super) fn connect(front: &Rc<Front>) {
    let nav = Nav::get(&front.app);
    let weak = Rc::downgrade(front);
    nav.on_key(move |text| {
        if let Some(front) = weak.upgrade() {
            pressed(&front, &text);
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
    let is = |key: Key| *text == SharedString::from(key);
    let walk = if is(Key::DownArrow) || is(Key::RightArrow) {
        Key::Tab
    } else if is(Key::UpArrow) || is(Key::LeftArrow) {
        Key::Backtab
    } else {
        if front.may_hide() {
            front.hide();
        }
        return;
    };
    let text = SharedString::from(walk);
    let window = front.app.window();
    let _ = window.dispatch_event_with_result(WindowEvent::KeyPressed { text: text.clone() });
    let _ = window.dispatch_event_with_result(WindowEvent::KeyReleased { text });
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
