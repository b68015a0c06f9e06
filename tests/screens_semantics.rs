//! What the screens tell those who do not see them: everything that can be pressed or take the focus has a role and a
//! name on every page, the focus begins at the first thing of the page, and where it is can be seen.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

use heard::kiosk::ui::{Element, Looks, Panel, Rectangle, Rehearsal, Role, SHOTS, Shot, TextSize, Theme, shoot};
use slint::platform::Key;

/// Pixels by which the ring stands out.
const RING: f32 = 10.0;
/// More keys than any page has things.
const MANY: usize = 80;

fn page(name: &str, panel: &str, text: TextSize) -> Rehearsal {
    let looks = Looks {
        panel: Panel::by_name(panel).unwrap(),
        text,
        theme: Theme::Standard,
    };
    let shot = Shot {
        page: name.into(),
        looks,
        language: "en".into(),
    };
    shoot(&shot).unwrap_or_else(|why| panic!("{name}: {why}"))
}

fn takes_keys(element: &Element) -> bool {
    element.can_be_pressed || element.role == Role::TextInput
}

fn focused(elements: &[Element]) -> Option<&Element> {
    elements.iter().find(|element| element.has_focus)
}

fn is(one: &Element, other: &Element) -> bool {
    one.label == other.label && one.rectangle == other.rectangle
}

#[test]
fn everything_that_takes_a_press_or_the_focus_has_a_role_and_a_name() {
    for (panel, text) in [("15.6", TextSize::Medium), ("10.1", TextSize::Largest)] {
        for name in SHOTS {
            let on = page(name, panel, text);
            let elements = on.elements();
            for element in elements.iter().filter(|element| takes_keys(element)) {
                assert!(element.role != Role::Other, "{name}: {:?} has no role", element.label);
                assert!(
                    !element.label.trim().is_empty(),
                    "{name}: a {:?} has no name",
                    element.role
                );
            }
            let answers = elements
                .iter()
                .filter(|element| matches!(element.role, Role::RadioButton | Role::CheckBox));
            for answer in answers {
                assert!(
                    answer.checked.is_some(),
                    "{name}: {:?} does not tell whether it is chosen",
                    answer.label
                );
            }
        }
    }
}

#[test]
fn the_focus_begins_at_the_first_thing_of_the_page() {
    for name in SHOTS {
        let on = page(name, "15.6", TextSize::Medium);
        let elements = on.elements();
        // The page comes before the strip.
        let first = elements.iter().find(|element| takes_keys(element)).unwrap();
        let focus = focused(&elements).unwrap_or_else(|| panic!("{name}: the focus is nowhere"));
        assert!(
            is(focus, first),
            "{name}: it begins at {:?}, not at {:?}",
            focus.label,
            first.label
        );
    }
}

#[test]
fn tab_reaches_everything_and_comes_round_and_the_ring_is_seen() {
    for name in SHOTS {
        let on = page(name, "15.6", TextSize::Medium);
        // Whoever touches sees no ring; the first key shows it.
        on.window().redraw();
        let all: Vec<Element> = on.elements().into_iter().filter(takes_keys).collect();
        let mut reached: Vec<Element> = Vec::new();
        let mut came_round = false;
        for _ in 0..MANY {
            let before: Vec<Vec<[u8; 3]>> = all.iter().map(|element| on.window().part(&around(element))).collect();
            on.key(Key::Tab);
            on.window().redraw();
            let elements = on.elements();
            let focus = focused(&elements)
                .unwrap_or_else(|| panic!("{name}: the focus is lost"))
                .clone();
            let at = all.iter().position(|element| is(element, &focus)).unwrap();
            let now = on.window().part(&around(&focus));
            let differ = before[at]
                .iter()
                .zip(&now)
                .filter(|(before, now)| before != now)
                .count();
            let edge = 2.0 * (focus.rectangle.width + focus.rectangle.height);
            came_round = reached.first().is_some_and(|first| is(first, &focus));
            // The only thing of a page keeps the ring that it has.
            let had_it = reached.last().is_some_and(|last| is(last, &focus));
            assert!(
                differ as f32 > edge || had_it,
                "{name}: no ring around {:?}",
                focus.label
            );
            if came_round {
                break;
            }
            reached.push(focus);
        }
        assert!(came_round, "{name}: Tab does not come round");
        let types = all.iter().any(|element| element.role == Role::TextInput);
        for element in &all {
            let is_reached = reached.iter().any(|reached| is(reached, element));
            let is_key = types && is_on_the_board(element, &all);
            assert!(is_reached || is_key, "{name}: Tab never reaches {:?}", element.label);
            assert!(
                !(is_reached && is_key),
                "{name}: Tab stops at the key {:?}",
                element.label
            );
        }
    }
}

/// Between the words and the row at the foot; arrows go there.
fn is_on_the_board(element: &Element, all: &[Element]) -> bool {
    let words = all.iter().find(|element| element.role == Role::TextInput).unwrap();
    let foot = all.iter().map(|element| element.rectangle.y).fold(0.0, f32::max);
    let area = element.rectangle;
    area.y > words.rectangle.y && area.y < foot - 1.0
}

/// With what the ring takes; the frame around words is further out.
fn around(element: &Element) -> Rectangle {
    let more = if element.role == Role::TextInput {
        4.0 * RING
    } else {
        RING
    };
    let area = element.rectangle;
    Rectangle {
        x: area.x - more,
        y: area.y - more,
        width: area.width + 2.0 * more,
        height: area.height + 2.0 * more,
    }
}
