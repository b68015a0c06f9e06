//! Hands that are quick, slow or beside the mark: double presses of keys, keys as a sign of somebody, a full page, focus and
//! pages that stay where they are (SAFETY 5, 9, 23; DESIGN 7).
//!
//! Driven by touch and keys through a rehearsal.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

#[path = "support/screens.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod screens;

use heard::form::{DateValue, Given};
use heard::kiosk::ui::{Role, TextSize};
use heard::machine::{Overlay, Page, Press, StopChoice};
use screens::{On, WORDS, on, walk_to_check};
use slint::platform::Key;

fn focused(on: &On) -> Option<String> {
    let elements = on.elements().into_iter();
    elements
        .filter(|element| element.has_focus)
        .map(|element| element.label)
        .next()
}

/// Tab until the thing has the focus.
fn tab_to(on: &On, label: &str) {
    for _ in 0..40 {
        if focused(on).as_deref() == Some(label) {
            return;
        }
        on.key(Key::Tab);
    }
    panic!("Tab never came to {label}");
}

fn overlay(on: &On) -> Option<Overlay> {
    on.view().and_then(|view| view.overlay)
}

#[test]
fn the_second_press_of_enter_does_not_reach_the_page_that_has_just_come() {
    let on = on("15.6");
    walk_to_check(&on);
    tab_to(&on, "Stop");
    on.key(Key::Return);
    assert!(matches!(overlay(&on), Some(Overlay::Stop { .. })));
    on.window().key_at_once(Key::Return);
    on.settle();
    assert!(
        matches!(overlay(&on), Some(Overlay::Stop { .. })) && on.filed().is_empty(),
        "nobody has read the page yet"
    );
    on.key(Key::Return);
    assert_eq!(on.filed().len(), 1, "who has read it and presses again is heard");
    // A page with one line to type: Enter goes on from it, once.
    let on = screens::shot("name", "15.6", TextSize::Medium);
    let page = |on: &On| match on.page() {
        Page::Question(asked) => asked.question,
        _ => usize::MAX,
    };
    let before = page(&on);
    on.key(Key::Return);
    let after = page(&on);
    assert_ne!(before, after);
    on.window().key_at_once(Key::Return);
    on.settle();
    assert_eq!(page(&on), after);
}

#[test]
fn keys_and_touches_beside_everything_are_signs_of_somebody() {
    let signs: [fn(&On); 3] = [
        |on| on.key(Key::LeftArrow),
        |on| on.key(Key::Tab),
        |on| {
            // Between the strip and the heading, where nothing stands.
            let panel = on.window().panel();
            let at = (panel.width as f32 - 12.0, panel.height as f32 / 2.0);
            on.window().touch(at, at, 90);
            on.settle();
        },
    ];
    for sign in signs {
        let on = on("15.6");
        walk_to_check(&on);
        for _ in 0..4 {
            on.wait(100_000);
            sign(&on);
            assert_eq!(overlay(&on), None);
        }
        on.wait(120_000);
        assert!(matches!(overlay(&on), Some(Overlay::StillThere(_))));
    }
    // Asked, keys lead to the answers and begin the wait anew.
    let on = on("15.6");
    walk_to_check(&on);
    on.wait(120_000);
    for _ in 0..4 {
        on.wait(40_000);
        on.key(Key::Tab);
    }
    assert!(matches!(overlay(&on), Some(Overlay::StillThere(_))));
    tab_to(&on, "Yes, carry on");
    on.key(Key::Return);
    assert!(matches!(on.page(), Page::Check(_)) && overlay(&on).is_none());
}

#[test]
fn a_full_story_keeps_what_found_room_and_goes_on() {
    let on = on("15.6");
    on.to_story();
    let Page::Question(asked) = on.page() else {
        panic!("not the story")
    };
    let full = "y".repeat(asked.room.letters.min(asked.room.bytes));
    on.press(Press::Answer(asked.question, Given::Text(full.clone())));
    // Away and back again: the page shows what is kept.
    on.press(Press::Stop);
    on.press(Press::StopAnswer(StopChoice::CarryOn));
    let field = |on: &On| {
        let elements = on.elements().into_iter();
        let mut fields = elements.filter(|element| element.role == Role::TextInput);
        fields.next().map(|field| field.value).unwrap_or_default()
    };
    assert_eq!(field(&on).len(), full.len());
    on.type_words("zz");
    assert_eq!(on.text_here().as_ref(), Some(&full));
    assert_eq!(
        field(&on).len(),
        full.len(),
        "what is not kept is not shown as if it were"
    );
    assert!(on.said().contains("There is no more room."));
    assert!(on.touch("Delete"));
    assert_eq!(on.text_here().map(|words| words.len()), Some(full.len() - 1));
    on.type_words("zz");
    assert!(on.touch("Continue"));
    assert!(matches!(on.page(), Page::Question(next) if next.question != asked.question));
}

#[test]
fn what_has_the_focus_keeps_it_when_its_words_change() {
    let on = on("15.6");
    assert!(on.touch("Tell us something"));
    tab_to(&on, "Someone is near me");
    on.key(Key::Return);
    assert!(on.near());
    assert_eq!(focused(&on).as_deref(), Some("Someone near: it is covered"));
    on.key(Key::Return);
    assert!(!on.near() && matches!(on.page(), Page::Question(_)));
    // On every page a key that changes nothing leaves the focus where it is.
    for page in [
        "start",
        "check",
        "answers",
        "sent",
        "stop",
        "promise",
        "many-choices",
        "story",
    ] {
        let on = screens::shot(page, "15.6", TextSize::Medium);
        on.key(Key::Tab);
        on.key(Key::Tab);
        let before = focused(&on);
        on.wait(2_000);
        on.front().draw();
        assert_eq!(focused(&on), before, "{page}");
    }
}

#[test]
fn other_ways_on_the_ticks_offers_them_and_clears_nothing_unasked() {
    let on = on("15.6");
    on.to_story();
    assert!(on.touch("Other ways") && on.touch("Choose pictures instead"));
    assert!(on.touch("Threats") && on.touch("Other ways"));
    for way in [
        "Tell it in my own words",
        "Rather not say",
        "Someone is near me",
        "Back to the list",
    ] {
        assert!(on.find_any(way), "{way}:\n{}", on.said());
    }
    assert!(on.touch("Rather not say") && on.find_any("Clear your ticks?"));
    assert!(on.touch("No, keep them"));
    assert_eq!(on.find_checked(), ["Threats"]);
    assert!(on.touch("Other ways") && on.touch("Tell it in my own words"));
    assert!(on.find_any("What happened?"));
}

#[test]
fn the_code_opens_and_closes_on_its_own_card() {
    for panel in ["10.1", "15.6"] {
        let on = screens::shot("code", panel, TextSize::Medium);
        let code = on.find("Your code").value;
        on.wait(60_000);
        assert!(!on.said().contains(&code), "{panel}: closed after a minute");
        assert!(on.touch("Show my code"), "{panel}: where it stood\n{}", on.said());
        assert!(on.said().contains(&code), "{panel}: open on the same page");
        // Asked about and taken back: on the card again.
        assert!(on.touch("Finish") && on.touch("Back to my code"));
        assert!(on.said().contains(&code), "{panel}:\n{}", on.said());
        // A look at the text sizes is not turned by the code that closes meanwhile.
        assert!(on.touch("Text"));
        on.wait(60_000);
        assert!(on.find_any("Medium text"), "{panel}: another page of its own accord");
        assert!(on.touch("Done"));
    }
    // Who still reads is not thrown to the card, where "Finish" would lie under the finger.
    let on = screens::shot("sent", "10.1", TextSize::Largest);
    assert!(on.find_any("More"));
    let reading = on.said();
    on.wait(60_000);
    assert!(
        on.find_any("More") && !on.find_any("Finish"),
        "{reading}\n{}",
        on.said()
    );
}

#[test]
fn only_the_button_that_says_so_sends() {
    let at_reach_you = |way: &str| {
        let on = on("15.6");
        on.to_story();
        on.type_words(WORDS);
        assert!(on.touch("Stop") && on.touch("Send what I have"));
        assert!(on.touch(way));
        on
    };
    // "Rather not say" on the last page that is asked.
    let on = at_reach_you("Ring me");
    while !on.find_any("Send now") {
        assert!(on.touch("Continue") || on.touch("More choices") || on.touch("Rather not say"));
    }
    assert!(on.touch("Rather not say"));
    assert!(on.filed().is_empty() && on.find_any("Send now"));
    assert!(on.touch("Send now") && on.filed().len() == 1);
    // An interpreter.
    let on = at_reach_you("Do not contact me at all");
    assert!(on.touch("English") && on.touch("Meet or ring me with an interpreter"));
    assert!(on.filed().is_empty() && matches!(on.page(), Page::Question(_)));
}

#[test]
fn an_interpreter_asked_for_beside_the_story_shows_the_next_question() {
    let on = on("15.6");
    on.to_story();
    assert!(on.touch("Other ways") && on.touch("English"));
    assert!(on.touch("Meet or ring me with an interpreter"));
    assert!(on.find_any("How may we answer you?"), "{}", on.said());
}

#[test]
fn a_key_that_is_leaned_on_is_nobody() {
    let on = on("15.6");
    walk_to_check(&on);
    for _ in 0..120 {
        on.wait(1_000);
        on.window().repeat_key(Key::LeftArrow);
        on.settle();
    }
    assert!(matches!(overlay(&on), Some(Overlay::StillThere(_))));
    for _ in 0..45 {
        on.wait(1_000);
        on.window().repeat_key(Key::LeftArrow);
        on.settle();
    }
    assert!(matches!(on.page(), Page::Start));
}

#[test]
fn the_way_without_a_code_promises_only_what_is_so() {
    for (page, never) in [("kept-once", "specialist"), ("refused", "still counts")] {
        let on = screens::shot(page, "15.6", TextSize::Medium);
        assert!(on.touch("I cannot keep it"));
        let said = on.said();
        assert!(
            !said.contains(never) && said.contains("Please also ring 01632 960199"),
            "{page}: {said}"
        );
        let leaves = on.find_any("Leave a safe way to reach me");
        assert_eq!(leaves, page == "kept-once", "{page}");
        assert!(on.touch("Finish"));
    }
}

#[test]
fn digits_of_an_earlier_check_do_not_stand_in_the_next() {
    let on = screens::shot("last-four", "15.6", TextSize::Medium);
    on.type_words("12");
    assert!(on.touch("Show my code") && on.touch("Check my last four"));
    let field = on
        .elements()
        .into_iter()
        .find(|element| element.role == Role::TextInput);
    assert_eq!(field.unwrap().value, "");
}

#[test]
fn a_day_that_is_known_can_be_told_with_a_clock_and_without() {
    for no_clock in [false, true] {
        let on = screens::shot("date", "15.6", TextSize::Medium);
        on.world.borrow_mut().no_clock = no_clock;
        on.front().draw();
        let date = |on: &On| match on.page() {
            Page::Question(asked) => asked.given,
            _ => None,
        };
        while !on.touch("I know the date") {
            assert!(on.touch("More choices"), "{}", on.said());
        }
        on.type_words("31022026");
        assert!(on.touch("Continue") && on.said().contains("Please type the date again."));
        for _ in 0..8 {
            assert!(on.touch("Delete"));
        }
        on.type_words("03102026");
        assert!(on.touch("Continue"));
        let told = Some(Given::Date(DateValue::Day(
            2026,
            10,
            3,
            heard::form::Approximate::Unsaid,
        )));
        assert_eq!(date(&on), told);
        assert!(on.find_any("3 October 2026"));
    }
}

#[test]
fn what_is_left_behind_the_pages_is_nothing() {
    let on = on("15.6");
    walk_to_check(&on);
    assert!(on.touch("Your answers") && on.touch("What happened?"));
    assert!(on.front().held_words().contains(WORDS), "the test can see it");
    assert!(on.touch("Close"));
    on.nothing_is_held(&[WORDS]);
    assert!(on.touch("Back") && on.touch("Send now"));
    let code = on.find("Your code").value;
    assert!(on.front().held_words().contains(&code[..4]));
    assert!(on.touch("Hide"));
    on.nothing_is_held(&[WORDS, &code[..4], &code[15..]]);
}
