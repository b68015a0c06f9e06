//! Keys do everything: Tab, arrows, Enter and Escape, on a keyboard or on a pad that has nothing else.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

use std::sync::Arc;

use heard::form::{Answer, Value};
use heard::kiosk::ui::{
    Element, Looks, Panel, Place, Rehearsal, Role, SHOTS, Shot, TextSize, Theme, sample_form, sample_site, shoot,
};
use heard::machine::{Everyday, Page, Subject};
use slint::platform::Key;

const STORY: &str = "they shouted";
const STORY_ASKS: &str = "What happened?";

fn looks(panel: &str, text: TextSize) -> Looks {
    Looks {
        panel: Panel::by_name(panel).unwrap(),
        text,
        theme: Theme::Standard,
    }
}

fn start() -> Rehearsal {
    let place = Place {
        form: Arc::new(sample_form().unwrap()),
        site: sample_site().unwrap(),
    };
    Rehearsal::start(place, looks("15.6", TextSize::Medium)).unwrap()
}

fn page(name: &str, panel: &str, text: TextSize) -> Rehearsal {
    let shot = Shot {
        page: name.into(),
        looks: looks(panel, text),
        language: "en".into(),
    };
    shoot(&shot).unwrap_or_else(|why| panic!("{name}: {why}"))
}

fn focused(on: &Rehearsal) -> Element {
    on.elements().into_iter().find(|element| element.has_focus).unwrap()
}

fn words(on: &Rehearsal) -> String {
    let field = on
        .elements()
        .into_iter()
        .find(|element| element.role == Role::TextInput);
    field.map(|field| field.value).unwrap_or_default()
}

/// Walks with arrows as a person does: up or down to the row, then along it.
fn steer(on: &Rehearsal, to: &Element) -> bool {
    for _ in 0..40 {
        let from = focused(on);
        if from.label == to.label && from.rectangle == to.rectangle {
            return true;
        }
        let ((x, y), (to_x, to_y)) = (from.rectangle.middle(), to.rectangle.middle());
        let reach = (from.rectangle.height.max(to.rectangle.height)) / 2.0;
        let key = match (y - to_y).abs() < reach && from.role != Role::TextInput {
            true if to_x < x => Key::LeftArrow,
            true => Key::RightArrow,
            false if to_y < y => Key::UpArrow,
            false => Key::DownArrow,
        };
        on.key(key);
    }
    false
}

/// With arrows to what is called so, and Enter.
fn go(on: &Rehearsal, label: &str) -> bool {
    let elements = on.elements();
    let Some(to) = elements
        .iter()
        .find(|element| element.can_be_pressed && element.label == label)
    else {
        return false;
    };
    assert!(steer(on, to), "no arrows lead to {label:?}");
    on.key(Key::Return);
    true
}

#[test]
fn arrows_reach_everything_on_every_page() {
    for (panel, text) in [
        ("15.6", TextSize::Medium),
        ("10.1", TextSize::Largest),
        ("21.5-portrait", TextSize::Large),
    ] {
        for name in SHOTS {
            let on = page(name, panel, text);
            let all: Vec<Element> = on
                .elements()
                .into_iter()
                .filter(|element| element.can_be_pressed)
                .collect();
            for element in &all {
                assert!(
                    steer(&on, element),
                    "{name} on {panel}: no arrows lead to {:?}",
                    element.label
                );
            }
        }
    }
}

#[test]
fn a_whole_report_is_made_with_arrows_and_enter_only() {
    let on = start();
    assert!(go(&on, "Tell us something"));
    for _ in 0..60 {
        if matches!(on.page(), Page::Check(_)) {
            break;
        }
        let elements = on.elements();
        let answer = elements
            .iter()
            .find(|element| matches!(element.role, Role::RadioButton | Role::CheckBox));
        if elements.iter().any(|element| element.label == STORY_ASKS) {
            for letter in STORY.chars() {
                let key = if letter == ' ' {
                    "space".into()
                } else {
                    letter.to_string()
                };
                assert!(go(&on, &key), "no key {key:?}");
            }
            assert_eq!(words(&on), STORY);
        } else if let Some(answer) = answer {
            assert!(go(&on, &answer.label));
        }
        assert!(go(&on, "Continue") || go(&on, "More choices") || go(&on, "Carry on"));
    }
    assert!(go(&on, "Send now"));
    assert!(matches!(on.page(), Page::Saved(_)));
    let filed = on.filed();
    let Subject::Report(report) = &filed[0].subject else {
        panic!("no report");
    };
    let filled = &report.report.filled;
    let typed = filled.answers.iter().filter_map(|answer| match answer {
        Answer::Given(Value::Text(range)) => Some(filled.text(*range)),
        _ => None,
    });
    assert_eq!(typed.collect::<Vec<_>>(), [STORY]);
}

#[test]
fn escape_hides_and_comes_back_on_every_page_that_has_hide() {
    let mut hid = 0;
    for name in SHOTS {
        let on = page(name, "15.6", TextSize::Medium);
        let has_hide = on
            .elements()
            .iter()
            .any(|element| element.can_be_pressed && element.label == "Hide");
        let before: Vec<String> = on.elements().into_iter().map(|element| element.label).collect();
        if name == "hidden" {
            on.wait(1_000);
        }
        on.key(Key::Escape);
        let after: Vec<String> = on.elements().into_iter().map(|element| element.label).collect();
        if name == "hidden" {
            assert!(after.iter().any(|label| label == "Are you still there?"));
            continue;
        }
        if !has_hide {
            assert_eq!(before, after, "{name}: Escape does something where there is no Hide");
            continue;
        }
        hid += 1;
        assert!(
            after.iter().any(|label| label == "Useful numbers"),
            "{name}: Escape does not hide"
        );
        assert!(!after.iter().any(|label| label == "Hide"), "{name}: not hidden");
        on.wait(1_000);
        on.key(Key::Escape);
        assert!(go(&on, "Yes, carry on"), "{name}: no way back");
    }
    assert!(hid > 15, "Hide is on {hid} pages only");
}

#[test]
fn a_key_that_is_held_presses_once() {
    let on = start();
    assert!(steer(
        &on,
        &on.elements()
            .into_iter()
            .find(|tile| tile.label == "Tell us something")
            .unwrap()
    ));
    on.key(Key::Return);
    for _ in 0..20 {
        on.window().repeat_key(Key::Return);
        on.settle();
    }
    let Page::Question(asked) = on.page() else {
        panic!("nothing opened");
    };
    // The first page that follows, and no further one.
    let fresh = start_at_the_first_question();
    assert_eq!(asked.question, fresh);
}

#[test]
fn a_key_that_is_held_on_a_letter_types_it_once() {
    let on = page("story", "15.6", TextSize::Medium);
    let told = words(&on);
    assert!(go(&on, "q"));
    for key in [Key::Return, Key::Space] {
        for _ in 0..20 {
            on.window().repeat_key(key);
            on.settle();
        }
    }
    assert_eq!(words(&on), format!("{told}q"));
}

fn start_at_the_first_question() -> usize {
    let on = page("start", "15.6", TextSize::Medium);
    assert!(on.touch("Tell us something"));
    match on.page() {
        Page::Question(asked) => asked.question,
        other => panic!("{other:?}"),
    }
}

#[test]
fn tab_round_the_page_and_the_next_letter_lose_no_words() {
    let on = page("story", "15.6", TextSize::Medium);
    let told = words(&on);
    assert!(told.len() > 50);
    let field = focused(&on);
    assert_eq!(field.role, Role::TextInput);
    let mut away = 0;
    loop {
        on.key(Key::Tab);
        away += 1;
        if focused(&on).role == Role::TextInput {
            break;
        }
        assert!(away < 40, "Tab does not come back to the words");
    }
    assert!(away > 3);
    on.key('!');
    assert_eq!(words(&on), format!("{told}!"));
    // The focus stands elsewhere: a finger on the board types all the same.
    on.key(Key::Tab);
    assert!(on.touch("q"));
    assert_eq!(words(&on), format!("{told}!q"));
}

#[test]
fn enter_opens_what_has_the_focus() {
    let on = start();
    on.key(Key::Return);
    assert!(matches!(on.page(), Page::Everyday(Everyday::UsefulNumbers)));
}
