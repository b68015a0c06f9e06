//! Where keys go: from the first thing of a page to the next by Tab, to the one that lies beside it by arrows.
//!
//! Called by `keys` and by the front after every drawing. Slint's own Tab would select all words of a field on its way
//! in, and the next letter would replace them: nobody loses a story to the Tab key here. It presses nothing.

use i_slint_core::accessibility::SupportedAccessibilityAction;
use i_slint_core::input::FocusReason;
use i_slint_core::item_tree::ItemRc;
use i_slint_core::items::{FocusScope, TextInput};
use i_slint_core::window::WindowInner;

use super::semantics::{Rectangle, items_with_a_role, rectangle};

/// Where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Next,
    Before,
    Left,
    Right,
    Up,
    Down,
}

/// Something that can take the focus.
struct Stop {
    item: ItemRc,
    area: Rectangle,
    /// Tab stops here as well; it passes the keys of the board.
    by_tab: bool,
}

/// Moves the focus.
pub(super) fn walk(window: &slint::Window, way: Way) {
    let inner = WindowInner::from_pub(window);
    let stops = stops(inner);
    let here = focused(inner, &stops);
    let to = match (here, way) {
        (None, _) => stops.first(),
        (Some(here), Way::Next | Way::Before) => in_order(&stops, here, way),
        (Some(here), _) => beside(&stops, here, way).or_else(|| in_order(&stops, here, way)),
    };
    if let Some(to) = to {
        inner.set_focus_item(&to.item, true, FocusReason::Programmatic);
    }
}

/// Puts the focus on the first thing when nothing has it; on a new page also when it stood in the strip, which ends at
/// `strip`. What a page itself has given the focus keeps it.
pub(super) fn settle(window: &slint::Window, is_new: bool, strip: f32) {
    let inner = WindowInner::from_pub(window);
    let stops = stops(inner);
    let is_left = |at: usize| is_new && stops[at].area.y + stops[at].area.height <= strip;
    if focused(inner, &stops).is_none_or(is_left)
        && let Some(first) = stops.first()
    {
        inner.set_focus_item(&first.item, true, FocusReason::Programmatic);
    }
}

fn focused(inner: &WindowInner, stops: &[Stop]) -> Option<usize> {
    let item = inner.focus_item.borrow().upgrade()?;
    stops.iter().position(|stop| stop.item == item)
}

/// In the order of the page, then the strip, then round.
fn in_order(stops: &[Stop], here: usize, way: Way) -> Option<&Stop> {
    let forward = matches!(way, Way::Next | Way::Right | Way::Down);
    let count = stops.len();
    let step = if forward { 1 } else { count.saturating_sub(1) };
    let ring = (1..=count).map(|turn| &stops[(here + turn * step) % count]);
    ring.into_iter().find(|stop| stop.by_tab)
}

/// The nearest one that lies that way; what is straight ahead counts as nearer.
fn beside(stops: &[Stop], here: usize, way: Way) -> Option<&Stop> {
    let from = stops[here].area;
    let ahead = |to: &Rectangle| {
        let ((x, y), (from_x, from_y)) = (to.middle(), from.middle());
        match way {
            Way::Left => (from.x - (to.x + to.width), from_x - x),
            Way::Right => (to.x - (from.x + from.width), x - from_x),
            Way::Up => (from.y - (to.y + to.height), from_y - y),
            _ => (to.y - (from.y + from.height), y - from_y),
        }
    };
    let aside = |to: &Rectangle| {
        let across = (to.x - (from.x + from.width)).max(from.x - (to.x + to.width));
        let down = (to.y - (from.y + from.height)).max(from.y - (to.y + to.height));
        let off = if matches!(way, Way::Left | Way::Right) {
            down
        } else {
            across
        };
        off.max(0.0)
    };
    // Of several that are equally near, the one whose middle is nearest.
    let off_middle = |to: &Rectangle| {
        let ((x, y), (from_x, from_y)) = (to.middle(), from.middle());
        if matches!(way, Way::Left | Way::Right) {
            (y - from_y).abs()
        } else {
            (x - from_x).abs()
        }
    };
    let others = stops.iter().enumerate().filter(|(at, _)| *at != here);
    let ways = others.filter_map(|(_, stop)| {
        let (gap, middles) = ahead(&stop.area);
        // Two rows may touch by a rounded pixel; what overlaps more is not ahead.
        let is_ahead = gap >= -2.0 && middles > 0.0;
        let off = aside(&stop.area);
        // Along a row nothing of another row is met; up and down there may be nothing straight ahead.
        let is_met = is_ahead && (off <= 0.0 || matches!(way, Way::Up | Way::Down));
        let far = gap.max(0.0) + 3.0 * off + 0.1 * off_middle(&stop.area);
        is_met.then_some((far, stop))
    });
    ways.min_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, stop)| stop)
}

fn stops(inner: &WindowInner) -> Vec<Stop> {
    items_with_a_role(inner).iter().filter_map(stop).collect()
}

fn stop(item: &ItemRc) -> Option<Stop> {
    let area = rectangle(item);
    if let Some(input) = item.downcast::<TextInput>() {
        return input.as_pin_ref().enabled().then(|| Stop {
            item: item.clone(),
            area,
            by_tab: true,
        });
    }
    if !item
        .supported_accessibility_actions()
        .contains(SupportedAccessibilityAction::Default)
    {
        return None;
    }
    let mut below = item.first_child();
    while let Some(child) = below {
        if let Some(scope) = child.downcast::<FocusScope>() {
            let scope = scope.as_pin_ref();
            let by_tab = scope.focus_on_tab_navigation();
            let item = child.clone();
            return scope.enabled().then_some(Stop { item, area, by_tab });
        }
        below = child.next_sibling();
    }
    None
}
