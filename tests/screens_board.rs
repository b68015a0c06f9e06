//! The on-screen keyboard in the two larger sizes: keys stay large enough on every panel, turn their page where they would
//! not all fit, and everything can still be typed.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

use heard::kiosk::ui::{Element, Looks, Panel, Rehearsal, Role, Shot, TextSize, Theme, shoot};
use slint::platform::Key;

const LEAST_MM: f32 = 12.7;
const LARGE_MM: f32 = 15.0;
/// Every small letter, capitals, digits, signs, accents, a new line.
const PANGRAM: &str = "the quick brown fox jumps over a lazy dog, 'Qz' no. 7\nÉé-ñ/w@(9)";

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

fn words(on: &Rehearsal) -> String {
    let field = on
        .elements()
        .into_iter()
        .find(|element| element.role == Role::TextInput);
    field.map(|field| field.value).unwrap_or_default()
}

/// The key that turns to the other page of the board.
fn other_page(on: &Rehearsal) -> Option<Element> {
    let other = |element: &Element| element.can_be_pressed && element.label.starts_with("More letters");
    on.elements().into_iter().find(other)
}

fn turn(on: &Rehearsal) -> bool {
    let other = other_page(on);
    other.is_some_and(|other| on.touch(&other.label))
}

fn type_letter(on: &Rehearsal, letter: char) {
    let key = match letter {
        ' ' => "space".to_owned(),
        '\n' => "New line".to_owned(),
        other => other.to_string(),
    };
    for face in ["", "abc", "Capitals", "123", "é à ñ"] {
        let opened = face.is_empty() || on.touch(face) || (turn(on) && on.touch(face));
        if on.touch(&key) || (opened && turn(on) && on.touch(&key)) {
            return;
        }
    }
    panic!("no key {key:?}");
}

#[test]
fn everything_can_be_typed_in_the_larger_sizes_on_every_panel() {
    for (panel, _) in Panel::KNOWN {
        for text in [TextSize::Large, TextSize::Largest] {
            let on = page("story", panel, text);
            let before = words(&on);
            let told: String = PANGRAM.chars().filter(|letter| *letter != 'É').collect();
            for letter in told.chars() {
                type_letter(&on, letter);
            }
            assert_eq!(words(&on), format!("{before}{told}"), "{panel} {}", text.name());
        }
    }
}

#[test]
fn keys_are_large_enough_and_small_panels_turn_the_page() {
    for (name, panel) in Panel::KNOWN {
        for text in TextSize::ALL {
            for shown in ["story", "phone"] {
                let on = page(shown, name, text);
                let told = format!("{shown} on {name} in {}", text.name());
                let large = text >= TextSize::Large;
                for round in 0..2 {
                    if round == 1 && !turn(&on) {
                        break;
                    }
                    let elements = on.elements();
                    let is_key = |element: &&Element| element.can_be_pressed && element.label.chars().count() == 1;
                    let mut keys = 0;
                    for key in elements.iter().filter(is_key) {
                        keys += 1;
                        let (wide, high) = (
                            key.rectangle.width / panel.px_per_mm,
                            key.rectangle.height / panel.px_per_mm,
                        );
                        let least = if large { LARGE_MM } else { LEAST_MM };
                        assert!(
                            wide >= LEAST_MM - 0.1 && high >= least - 0.1,
                            "{told}: {} is {wide} x {high}",
                            key.label
                        );
                    }
                    assert!(keys >= 10, "{told}: {keys} keys");
                }
                let small = ["10.1", "15.6-portrait"].contains(&name);
                assert_eq!(other_page(&on).is_some(), large && small && shown == "story", "{told}");
            }
        }
    }
}

#[test]
fn the_key_that_turns_the_page_keeps_the_focus() {
    for panel in ["10.1", "15.6-portrait"] {
        let on = page("story", panel, TextSize::Largest);
        let focused = || on.elements().into_iter().find(|element| element.has_focus).unwrap();
        let place = other_page(&on).unwrap().rectangle;
        for _ in 0..30 {
            let at = focused().rectangle;
            if at == place {
                break;
            }
            let (x, y) = (at.x + at.width / 2.0, at.y + at.height / 2.0);
            let below = y + 1.0 < place.y || focused().role == Role::TextInput;
            on.key(if below {
                Key::DownArrow
            } else if x < place.x {
                Key::RightArrow
            } else {
                Key::LeftArrow
            });
        }
        assert_eq!(focused().rectangle, place, "{panel}");
        let before = focused().label;
        on.key(Key::Return);
        assert_eq!(focused().rectangle, place, "{panel}: the focus went elsewhere");
        assert_ne!(focused().label, before, "{panel}: the page did not turn");
    }
}

#[test]
fn the_last_line_is_seen_when_the_page_opens_again() {
    for (panel, _) in Panel::KNOWN {
        for text in TextSize::ALL {
            let on = page("story", panel, text);
            on.window().redraw();
            let elements = on.elements();
            let field = elements
                .iter()
                .find(|element| element.role == Role::TextInput)
                .unwrap()
                .rectangle;
            // The words are as high as they are; their foot is where the caret is.
            let foot = field.y + field.height;
            let first_key = elements
                .iter()
                .find(|element| element.label == "q")
                .map(|key| key.rectangle.y);
            let board = first_key.unwrap_or(panel_height(panel));
            assert!(foot <= board, "{panel} {}: the last line is hidden", text.name());
        }
    }
}

fn panel_height(panel: &str) -> f32 {
    Panel::by_name(panel).unwrap().height as f32
}

#[test]
fn the_caret_is_seen_in_an_empty_field_from_either_side() {
    const INK: [u8; 3] = [0x1D, 0x1B, 0x1A];
    for language in ["en", "ur"] {
        for text in TextSize::ALL {
            let shot = Shot {
                page: "name".into(),
                looks: Looks {
                    panel: Panel::by_name("15.6").unwrap(),
                    text,
                    theme: Theme::Standard,
                },
                language: language.into(),
            };
            let on = shoot(&shot).unwrap();
            on.window().draw();
            let field = on
                .elements()
                .into_iter()
                .find(|element| element.role == Role::TextInput);
            let ink = on.window().part(&field.unwrap().rectangle);
            let ink = ink.iter().filter(|pixel| **pixel == INK).count();
            assert!(ink > 40, "{language} {}: {ink} pixels of a caret", text.name());
            // Behind letters that have no stem: what is as high as a line is the caret.
            for words in ["zz", "zzzzzz"] {
                for letter in words.chars() {
                    on.key(letter);
                }
                on.window().draw();
                let field = on
                    .elements()
                    .into_iter()
                    .find(|element| element.role == Role::TextInput);
                let area = field.unwrap().rectangle;
                let row = on.window().part(&area);
                let wide = row.len() / area.height.round() as usize;
                let column = |at: usize| row.iter().skip(at).step_by(wide).filter(|pixel| **pixel == INK).count();
                let tallest = (0..wide).map(column).max().unwrap_or(0);
                assert!(
                    tallest as f32 > area.height * 0.25,
                    "{language} {}: no caret behind {words}",
                    text.name()
                );
                for _ in words.chars() {
                    on.key(Key::Backspace);
                }
            }
        }
    }
}
