//! What is on the screen as a list: role, label, value, state and rectangle, read from the item tree.
//!
//! Speech reads it, tests find and press by it, the audit of targets walks it. It changes nothing. Slint's own tree is
//! not public: the version is pinned, and only this file and `focus` know it.

use i_slint_core::accessibility::{AccessibleStringProperty, SupportedAccessibilityAction, accessible_descendents};
use i_slint_core::item_tree::{ItemRc, ensure_item_tree_instantiated};
use i_slint_core::items::{
    self, AccessibleRole, BasicBorderRectangle, BorderRectangle, ComplexText, ItemRef, Orientation, SimpleText,
    TextInput, WindowItem,
};
use i_slint_core::window::WindowInner;
use slint::platform::software_renderer::MinimalSoftwareWindow;

/// What a thing on the screen is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Does something.
    Button,
    /// One of several answers.
    RadioButton,
    /// An answer that can be ticked.
    CheckBox,
    /// Words.
    Text,
    /// Words can be typed here.
    TextInput,
    /// Anything else.
    Other,
}

/// Pixels of the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rectangle {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Across.
    pub width: f32,
    /// Down.
    pub height: f32,
}

impl Rectangle {
    /// Its middle.
    pub fn middle(&self) -> (f32, f32) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// Whether a point is inside, or outside by `slack` at most.
    pub fn holds(&self, point: (f32, f32), slack: f32) -> bool {
        self.distance(point) <= slack
    }

    /// Pixels from a point to its nearest edge; 0 inside.
    pub fn distance(&self, (x, y): (f32, f32)) -> f32 {
        let across = (self.x - x).max(x - (self.x + self.width)).max(0.0);
        let down = (self.y - y).max(y - (self.y + self.height)).max(0.0);
        across.hypot(down)
    }

    /// What it shares with another; empty when nothing.
    pub fn within(&self, other: &Self) -> Self {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let right = (self.x + self.width).min(other.x + other.width);
        let foot = (self.y + self.height).min(other.y + other.height);
        Self {
            x,
            y,
            width: (right - x).max(0.0),
            height: (foot - y).max(0.0),
        }
    }

    /// Whether another lies inside, but for so many pixels.
    pub fn contains(&self, other: &Self, slack: f32) -> bool {
        other.x + slack >= self.x
            && other.y + slack >= self.y
            && other.x + other.width <= self.x + self.width + slack
            && other.y + other.height <= self.y + self.height + slack
    }
}

/// One thing on the screen. Its label may be words of the reporter: it has no Debug.
#[derive(Clone, PartialEq)]
pub struct Element {
    /// What it is.
    pub role: Role,
    /// What it is called.
    pub label: String,
    /// What it holds.
    pub value: String,
    /// A second line.
    pub description: String,
    /// Ticked or not, where that can be.
    pub checked: Option<bool>,
    /// A press would do something.
    pub can_be_pressed: bool,
    /// Keys go here.
    pub has_focus: bool,
    /// Where.
    pub rectangle: Rectangle,
}

/// Everything that has a role, from the top of the window's order to its end.
pub(super) fn elements(window: &MinimalSoftwareWindow) -> Vec<Element> {
    let inner = WindowInner::from_pub(window);
    let items = items_with_a_role(inner);
    let focus = inner.focus_item.borrow().upgrade();
    items.iter().map(|item| element(item, focus.as_ref())).collect()
}

/// The items that semantics speak of, in the window's order.
pub(super) fn items_with_a_role(window: &WindowInner) -> Vec<ItemRc> {
    let Some(component) = window.try_component() else {
        return Vec::new();
    };
    // Pages exist only once they are asked for.
    while ensure_item_tree_instantiated(&component) {}
    let mut found = Vec::new();
    let mut waiting = vec![ItemRc::new_root(component)];
    while let Some(item) = waiting.pop() {
        let mut below: Vec<ItemRc> = accessible_descendents(&item).collect();
        below.reverse();
        waiting.extend(below);
        if item.is_accessible() && item.is_visible() {
            found.push(item);
        }
    }
    found
}

/// Words that are drawn: where, and how much room they need. They may be words of the reporter: it has no Debug.
#[derive(Clone, PartialEq)]
pub struct DrawnWords {
    /// What is drawn.
    pub words: String,
    /// Size of the font in pixels.
    pub font: f32,
    /// Of a heavier weight than text is.
    pub is_bold: bool,
    /// Red, green, blue of the letters.
    pub ink: [u8; 3],
    /// Red, green, blue of what is behind them.
    pub paper: [u8; 3],
    /// Where they are drawn; what does not fit in is cut.
    pub rectangle: Rectangle,
    /// Pixels down that they need, so wide as they are.
    pub needs_height: f32,
    /// Pixels across that they need: all of one line, or the longest word where lines are broken.
    pub needs_width: f32,
    /// Can be typed in.
    pub is_input: bool,
    /// What is outside of this is cut as well.
    pub clip: Rectangle,
    /// The nearest thing around them that can be pressed.
    pub target: Option<Rectangle>,
}

/// All words that are drawn, in the order of drawing.
pub(super) fn drawn_words(window: &MinimalSoftwareWindow) -> Vec<DrawnWords> {
    let Some(component) = WindowInner::from_pub(window).try_component() else {
        return Vec::new();
    };
    while ensure_item_tree_instantiated(&component) {}
    let root = ItemRc::new_root(component);
    let clip = rectangle(&root);
    let mut found = Vec::new();
    let mut waiting = vec![(root, clip, None, [0; 3])];
    while let Some((item, clip, target, paper)) = waiting.pop() {
        let here = rectangle(&item);
        let paper = fill(&item).unwrap_or(paper);
        let pressed = item.supported_accessibility_actions();
        let target = if item.is_accessible() && pressed.contains(SupportedAccessibilityAction::Default) {
            Some(here)
        } else {
            target
        };
        found.extend(words_of(&item, here, clip, target).map(|words| DrawnWords { paper, ..words }));
        let clip = if item.borrow().as_ref().clips_children() {
            clip.within(&here)
        } else {
            clip
        };
        let mut next = item.last_child();
        while let Some(child) = next {
            next = child.previous_sibling();
            waiting.push((child, clip, target, paper));
        }
    }
    found
}

fn words_of(item: &ItemRc, here: Rectangle, clip: Rectangle, target: Option<Rectangle>) -> Option<DrawnWords> {
    let (words, font, weight, ink, is_input) = if let Some(text) = item.downcast::<ComplexText>() {
        let text = text.as_pin_ref();
        (text.text(), text.font_size(), text.font_weight(), text.color(), false)
    } else if let Some(text) = item.downcast::<SimpleText>() {
        let text = text.as_pin_ref();
        (text.text(), text.font_size(), text.font_weight(), text.color(), false)
    } else {
        let text = item.downcast::<TextInput>()?;
        let text = text.as_pin_ref();
        (text.text(), text.font_size(), text.font_weight(), text.color(), true)
    };
    // Without a colour nothing is drawn: words that are covered (SAFETY 5).
    if ink.is_transparent() {
        return None;
    }
    let window = item.window_adapter()?;
    let needs = |orientation, across| {
        let item_ref: std::pin::Pin<ItemRef<'_>> = item.borrow();
        item_ref.as_ref().layout_info(orientation, across, &window, item)
    };
    Some(DrawnWords {
        words: words.into(),
        font: font.get(),
        is_bold: weight > 500,
        ink: rgb(&ink),
        paper: [0; 3],
        rectangle: here,
        needs_height: needs(Orientation::Vertical, here.width).preferred,
        needs_width: needs(Orientation::Horizontal, -1.0).min,
        is_input,
        clip,
        target,
    })
}

fn rgb(brush: &slint::Brush) -> [u8; 3] {
    let colour = brush.color();
    [colour.red(), colour.green(), colour.blue()]
}

/// What an item fills its place with, when it hides what is behind.
fn fill(item: &ItemRc) -> Option<[u8; 3]> {
    let brush = if let Some(known) = item.downcast::<BasicBorderRectangle>() {
        known.as_pin_ref().background()
    } else if let Some(known) = item.downcast::<BorderRectangle>() {
        known.as_pin_ref().background()
    } else if let Some(known) = item.downcast::<items::Rectangle>() {
        known.as_pin_ref().background()
    } else {
        item.downcast::<WindowItem>()?.as_pin_ref().background()
    };
    (brush.color().alpha() == 255).then(|| rgb(&brush))
}

/// Where it is in the window.
pub(super) fn rectangle(item: &ItemRc) -> Rectangle {
    let geometry = item.geometry();
    let origin = item.map_to_window(geometry.origin);
    Rectangle {
        x: origin.x,
        y: origin.y,
        width: geometry.width(),
        height: geometry.height(),
    }
}

fn element(item: &ItemRc, focus: Option<&ItemRc>) -> Element {
    let text = |what| {
        item.accessible_string_property(what)
            .map(|text| text.to_string())
            .unwrap_or_default()
    };
    let role = match item.accessible_role() {
        AccessibleRole::Button => Role::Button,
        AccessibleRole::RadioButton => Role::RadioButton,
        AccessibleRole::Checkbox => Role::CheckBox,
        AccessibleRole::Text => Role::Text,
        AccessibleRole::TextInput => Role::TextInput,
        _ => Role::Other,
    };
    let checked = item
        .accessible_string_property(AccessibleStringProperty::Checked)
        .map(|text| text == "true");
    let actions = item.supported_accessibility_actions();
    let off = text(AccessibleStringProperty::Enabled) == "false";
    Element {
        role,
        label: text(AccessibleStringProperty::Label),
        value: text(AccessibleStringProperty::Value),
        description: text(AccessibleStringProperty::Description),
        checked,
        can_be_pressed: actions.contains(SupportedAccessibilityAction::Default) && !off,
        has_focus: focus.is_some_and(|focus| is_inside(focus, item)),
        rectangle: rectangle(item),
    }
}

/// Whether the nearest thing with a role around `inner` is `outer`.
fn is_inside(inner: &ItemRc, outer: &ItemRc) -> bool {
    i_slint_core::accessibility::nearest_accessible_item(inner.clone()) == *outer
}
