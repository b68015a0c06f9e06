//! Lists of several pages: they are seen to their end before they are left, and ticks are not thrown away unasked.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

use heard::form::Given;
use heard::kiosk::ui::{Looks, Panel, Rehearsal, Role, Shot, TextSize, Theme, sample_form, shoot};
use heard::machine::Page;

/// A question with more choices than one page holds; two of them are ticked.
fn long_list() -> Rehearsal {
    page("many-choices")
}

fn page(name: &str) -> Rehearsal {
    let looks = Looks {
        panel: Panel::by_name("10.1").unwrap(),
        text: TextSize::Medium,
        theme: Theme::Standard,
    };
    let shot = Shot {
        page: name.into(),
        looks,
        language: "en".into(),
    };
    shoot(&shot).unwrap()
}

fn has(on: &Rehearsal, label: &str) -> bool {
    on.elements().iter().any(|element| element.label == label)
}

fn ticks(on: &Rehearsal) -> usize {
    let Page::Question(asked) = on.page() else { return 0 };
    match &asked.given {
        Some(Given::Choices(codes)) => codes.len(),
        _ => 0,
    }
}

fn question(on: &Rehearsal) -> usize {
    let Page::Question(asked) = on.page() else {
        return usize::MAX;
    };
    asked.question
}

fn choices(on: &Rehearsal) -> Vec<String> {
    let all = on.elements().into_iter();
    let boxes = all.filter(|element| element.role == Role::CheckBox);
    boxes.map(|element| element.label).collect()
}

#[test]
fn every_choice_is_shown_before_the_question_is_left() {
    let on = long_list();
    let here = question(&on);
    let mut seen = choices(&on);
    while has(&on, "More choices") {
        assert!(!has(&on, "Continue"), "two buttons that both lead on");
        assert!(on.touch("More choices"));
        assert_eq!(question(&on), here);
        seen.extend(choices(&on));
    }
    let Page::Question(asked) = on.page() else { panic!() };
    let all = sample_form().unwrap().questions[asked.question].kind.choices().len();
    assert_eq!(seen.len(), all);
    // Back on the first page it may be left at once: all of it was seen.
    assert!(on.touch("Choices before"));
    assert!(has(&on, "Continue") && has(&on, "More") && !has(&on, "More choices"));
    assert_eq!(ticks(&on), 2);
    assert!(on.touch("Continue"));
    assert_ne!(question(&on), here);
}

#[test]
fn ticks_are_thrown_away_only_when_asked_twice() {
    let on = long_list();
    let here = question(&on);
    assert!(on.touch("Rather not say"));
    assert!(has(&on, "Clear your ticks?"));
    assert!(on.touch("No, keep them"));
    assert_eq!((question(&on), ticks(&on)), (here, 2));
    assert!(on.touch("Rather not say") && on.touch("Yes, clear them and go on"));
    assert_ne!(question(&on), here);
    assert!(on.touch("Back"));
    assert_eq!((question(&on), ticks(&on)), (here, 0));
    // Without ticks there is nothing to ask.
    assert!(on.touch("Rather not say"));
    assert_ne!(question(&on), here);
}

/// SAFETY 10: other ways to tell are said before the first question, not on a page that nobody opens.
#[test]
fn other_ways_to_tell_are_seen_before_the_first_question() {
    let on = page("link-silent");
    let ring = on
        .elements()
        .iter()
        .any(|element| element.label.contains("01632 960199"));
    assert!(
        !ring,
        "the numbers stand on a further page here: else this proves nothing"
    );
    assert!(!has(&on, "Continue") && on.touch("More"));
    assert!(
        on.elements()
            .iter()
            .any(|element| element.label.contains("01632 960199")),
        "a number to ring"
    );
    assert!(on.touch("Continue"));
    assert!(matches!(on.page(), Page::Question(_)));
}

/// The second tap of a hand that taps twice falls on a page that nobody has seen yet.
#[test]
fn a_double_tap_does_not_press_through_the_page_that_follows() {
    let on = page("yes-no");
    let here = question(&on);
    assert!(on.touch("No"));
    let elements = on.elements();
    let go = elements.iter().find(|element| element.label == "Continue").unwrap();
    let middle = go.rectangle.middle();
    for _ in 0..2 {
        on.window().touch_at_once(middle, middle, 90);
        on.settle();
    }
    assert_ne!(question(&on), here);
    assert!(
        has(&on, "More choices") && !has(&on, "Choices before"),
        "it was pressed twice"
    );
    // Hide waits for nothing.
    let elements = on.elements();
    let hide = elements.iter().find(|element| element.label == "Hide").unwrap();
    let middle = hide.rectangle.middle();
    on.window().touch_at_once(middle, middle, 90);
    on.settle();
    assert!(has(&on, "Useful numbers"));
}

/// Words that a finger has marked are not replaced by the next letter, and nothing is undone or copied.
#[test]
fn a_story_is_not_replaced_by_a_letter() {
    let on = page("story");
    let story = |on: &Rehearsal| {
        let elements = on.elements();
        let field = elements.iter().find(|element| element.role == Role::TextInput).unwrap();
        (field.value.clone(), field.rectangle)
    };
    let (before, area) = story(&on);
    let from = (area.x + 20.0, area.y + 20.0);
    on.window().touch(from, (from.0 + 600.0, from.1), 200);
    on.settle();
    assert!(on.touch("q"));
    let (after, _) = story(&on);
    assert_eq!(
        after.len(),
        before.len() + 1,
        "{} letters became {}",
        before.len(),
        after.len()
    );
}

/// A look at Text, Language or Help costs nobody what they have typed.
#[test]
fn what_is_typed_is_there_again_after_a_look_aside() {
    let on = page("enter-code");
    for digit in ["1", "3", "9", "0"] {
        assert!(on.touch(digit));
    }
    let typed = |on: &Rehearsal| {
        let elements = on.elements();
        let field = elements.iter().find(|element| element.role == Role::TextInput);
        field.map(|field| field.value.clone())
    };
    let before = typed(&on);
    assert!(before.as_ref().is_some_and(|typed| typed.contains("1390")));
    assert!(on.touch("Text") && on.touch("Done"));
    assert_eq!(typed(&on), before);
}

#[test]
fn escape_that_is_held_down_hides_once() {
    let on = page("story");
    on.key(slint::platform::Key::Escape);
    for _ in 0..21 {
        on.window().repeat_key(slint::platform::Key::Escape);
        on.settle();
    }
    assert!(has(&on, "Useful numbers"));
    assert!(!has(&on, "Are you still there?"));
}

/// SAFETY 5: an answer that was opened is closed again when its page is left, whichever way.
#[test]
fn an_open_answer_is_closed_when_its_page_is_left() {
    for (aside, back) in [("Text", "Done"), ("Help", "Carry on"), ("Stop", "Carry on")] {
        let on = page("shown-answer");
        let words = |on: &Rehearsal| {
            on.elements()
                .iter()
                .any(|element| element.label.contains("my daughter"))
        };
        assert!(words(&on), "the answer is open");
        assert!(on.touch(aside));
        assert!(on.touch(back), "{aside}");
        if has(&on, "Your answers") && !has(&on, "Touch one to see it or change it.") {
            assert!(on.touch("Your answers"));
        }
        assert!(!words(&on), "{aside}: it is open again without being asked for");
    }
}
