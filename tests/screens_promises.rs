//! What is promised, and what is left afterwards: the saved page and its code, Hide, Stop, idling, a silent link (SAFETY 2,
//! 3, 6, 9, 10, 23).
//!
//! Driven by touch through a rehearsal; what is said is compared word for word, what is wiped in elements and pixels.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

#[path = "support/screens.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod screens;

use heard::kiosk::ui::TextSize;
use heard::machine::{Page, Press, Subject};
use heard::mailbox::AdditionKind;
use screens::{WORDS, on, walk_to_check};
use slint::platform::{Key, PointerEventButton, WindowEvent};

// ------------------------------------------------------------------------------------------------- 6, 9, 23: saved

#[test]
fn the_saved_page_says_word_for_word_what_is_so() {
    let table: [(&str, &[&str], &[&str]); 4] = [
        (
            "sent",
            &[
                "Thank you. It has reached our team.",
                "A specialist will open it by Tuesday 14:08.",
            ],
            &["not been sent", "keeps trying"],
        ),
        (
            "held",
            &[
                "Thank you. It is safe on this screen.",
                "It has not been sent yet.",
                "This screen last reached our team at 14:08. It keeps trying by itself.",
                "A specialist should open it by Tuesday 14:08.",
                "To be sure today, ring 01632 960199.",
            ],
            &["has reached our team."],
        ),
        (
            "kept-once",
            &[
                "Thank you. We have kept it once.",
                "Please also ring 01632 960199, so that it cannot get lost.",
            ],
            &["safe", "24 hours", "specialist will", "specialist should"],
        ),
        (
            "refused",
            &[
                "Thank you. We have kept it once.",
                "It could not be sent from this screen.",
                "Please also ring 01632 960199, so that it cannot get lost.",
            ],
            &[
                "safe",
                "24 hours",
                "specialist",
                "keeps trying",
                "We answer you",
                "what we have done",
            ],
        ),
    ];
    for (page, says, never) in table {
        for panel in ["15.6", "10.1"] {
            let on = screens::shot(page, panel, TextSize::Medium);
            let mut said = on.said();
            while on.touch("More") || on.touch("Your code") {
                said.push_str(&on.said());
            }
            let mut from = 0;
            for sentence in says {
                let at = said[from..].find(sentence);
                assert!(at.is_some(), "{page} on {panel}: {sentence}\n{said}");
                from += at.unwrap_or(0);
            }
            for wrong in never {
                assert!(!said.contains(wrong), "{page} on {panel} says {wrong}");
            }
        }
    }
}

#[test]
fn without_a_clock_no_weekday_and_no_time_is_promised() {
    let on = on("15.6");
    on.world.borrow_mut().no_clock = true;
    on.world.borrow_mut().silent = true;
    walk_to_check(&on);
    assert!(on.touch("Send now"));
    on.wait(10_001);
    let said = on.said();
    assert!(
        said.contains("A specialist should open it within 24 hours from now."),
        "{said}"
    );
    // The strip has no clock, and nobody is told when the line last worked.
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_time = |word: &str| {
        let word = word.trim_end_matches('.');
        word.split_once(':')
            .is_some_and(|(hour, minute)| digits(hour) && digits(minute))
    };
    assert!(
        !said.contains("last reached") && !said.split_whitespace().any(is_time),
        "{said}"
    );
    assert!(said.contains("It keeps trying by itself."));
    for day in [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ] {
        assert!(!said.contains(day), "{day}");
    }
}

#[test]
fn the_code_closes_after_a_minute_and_all_of_it_is_wiped_after_five() {
    let on = on("15.6");
    walk_to_check(&on);
    assert!(on.touch("Send now"));
    let code = on.find("Your code").value;
    let with_code = on.window().draw();
    on.wait(59_000);
    assert!(on.said().contains(&code));
    on.wait(1_001);
    assert!(!on.said().contains(&code) && with_code != on.window().draw());
    for part in code.split(' ') {
        assert!(!on.said().contains(part), "a part of the code is left");
    }
    assert!(on.touch("Show my code") && on.said().contains(&code));
    on.wait(240_000);
    assert!(matches!(on.page(), Page::Start));
    on.nothing_is_left(&[&code, WORDS]);
}

#[test]
fn the_last_four_can_be_checked_as_often_as_one_likes_and_the_code_stays_closed() {
    let on = on("15.6");
    walk_to_check(&on);
    assert!(on.touch("Send now"));
    let code = on.find("Your code").value;
    let labels: Vec<String> = on.elements().into_iter().map(|element| element.label).collect();
    let at = |label: &str| labels.iter().position(|known| known == label);
    assert!(at("I have it") < at("Check my last four") && at("Check my last four") < at("I cannot keep it"));
    let right = &code[15..];
    let wrong = if right == "1234" { "4321" } else { "1234" };
    for tries in 0..5 {
        if tries == 0 {
            assert!(on.touch("Check my last four"));
        }
        assert!(!on.said().contains(&code[..4]), "closed");
        on.type_words(wrong);
        assert!(on.touch("Continue"));
        assert!(
            on.said().contains("Not quite. Please look at your code once more"),
            "{}",
            on.said()
        );
        assert!(!on.said().contains(right), "it never tells them");
    }
    on.type_words("12");
    assert!(on.touch("Continue") && on.said().contains("Please type four digits."));
    assert!(on.touch("Delete") && on.touch("Delete"));
    on.type_words(right);
    assert!(on.touch("Continue"));
    assert!(on.said().contains("Yes. These are the last four of your code."));
    assert!(
        !on.said().contains(&code) && !on.said().contains(right),
        "right does not show it either"
    );
    assert!(on.touch("Check my last four") && on.touch("Show my code"));
    assert!(on.said().contains(&code));
}

#[test]
fn whoever_cannot_keep_the_code_leaves_a_way_or_somebody_they_trust_or_nothing() {
    for (way, title, kind) in [
        (
            "Leave a safe way to reach me",
            "How may we reach you?",
            AdditionKind::SafeContact,
        ),
        (
            "Leave someone I trust",
            "Who is the person you trust?",
            AdditionKind::TrustedPerson,
        ),
    ] {
        for panel in ["15.6", "10.1"] {
            let on = screens::shot("code", panel, TextSize::Medium);
            let code = on.find("Your code").value;
            assert!(on.touch("I cannot keep it"));
            let said = on.said();
            assert!(said.contains("That is all right") && said.contains("What you told us still counts."));
            assert!(!said.contains(&code), "the code is closed");
            assert!(on.touch(way) && on.find_any(title));
            // Nothing was written yet: back where it was asked.
            assert!(on.touch("Add it") && on.touch(way));
            on.press(Press::SomeoneNear(true));
            on.type_words("my sister zed");
            assert!(!on.said().contains("sister") && !on.said().contains("my s"), "covered");
            on.press(Press::SomeoneNear(false));
            assert!(on.touch("Add it"));
            assert!(matches!(on.page(), Page::Saved(_)));
            assert!(on.said().contains("Thank you. We have added it."), "{}", on.said());
            let filed = on.filed();
            let Subject::Addition(left) = &filed[1].subject else {
                panic!("not an addition")
            };
            assert_eq!(
                (filed.len(), left.kind, left.words.as_str()),
                (2, kind, "my sister zed")
            );
            assert_eq!(left.code.grouped(), code);
            on.nothing_is_said(&["sister", &code]);
        }
    }
    let on = screens::shot("cannot-keep", "15.6", TextSize::Medium);
    assert!(on.touch("Back") && matches!(on.page(), Page::Saved(_)));
    while on.touch("More") {}
    assert!(on.touch("Show my code"), "back with the code closed");
    assert!(on.touch("I cannot keep it") && on.touch("Finish"));
    assert!(matches!(on.page(), Page::Start) && on.filed().len() == 1);
}

#[test]
fn what_is_left_and_not_kept_for_sure_is_told_so() {
    let on = screens::shot("cannot-keep", "15.6", TextSize::Medium);
    on.world.borrow_mut().one_copy = true;
    on.world.borrow_mut().silent = true;
    assert!(on.touch("Leave a safe way to reach me"));
    on.type_words("ring me");
    assert!(on.touch("Add it"));
    assert!(
        on.said()
            .contains("It could not be added for sure. Please ring 01632 960199.")
    );
}

// ----------------------------------------------------------------------------------------- 2, 3, 10: leaving, waiting

#[test]
fn hide_is_explained_on_the_promise_and_wipes_after_two_minutes() {
    let on = on("15.6");
    assert!(on.touch("Tell us something"));
    let mut said = on.said();
    while on.touch("More") {
        said.push_str(&on.said());
    }
    assert!(said.contains("Hide covers this screen.") && said.contains("Press the clock there to come back."));
    assert!(said.contains("your words are wiped."));
    assert!(on.touch("Stop") && on.touch("Throw it away"));
    walk_to_check(&on);
    assert!(on.touch("Hide"));
    on.wait(119_000);
    assert!(!matches!(on.page(), Page::Start));
    assert!(on.touch(&on.clock()), "one press on the clock");
    let covered = on.said();
    assert!(covered.contains("Are you still there?") && !covered.contains(WORDS));
    assert!(on.touch("Hide"));
    on.wait(120_000);
    assert!(matches!(on.page(), Page::Start));
    on.nothing_is_left(&[WORDS]);
}

#[test]
fn nobody_there_is_asked_counts_down_and_then_nothing_is_left() {
    let on = on("15.6");
    on.to_story();
    on.type_words(WORDS);
    on.wait(120_000);
    let said = on.said();
    assert!(said.contains("Are you still there?") && !said.contains(WORDS));
    assert!(said.contains("wiped in 45 seconds"), "{said}");
    on.key(Key::Tab);
    let focus = on
        .elements()
        .into_iter()
        .find(|element| element.has_focus)
        .map(|element| element.label);
    on.wait(5_000);
    assert!(on.said().contains("wiped in 40 seconds"));
    let after = on
        .elements()
        .into_iter()
        .find(|element| element.has_focus)
        .map(|element| element.label);
    assert_eq!(focus, after, "the countdown does not move the focus");
    // A touch beside the answers is a touch.
    let panel = on.window().panel();
    let position = slint::LogicalPosition::new(panel.width as f32 / 2.0, panel.height as f32 - 20.0);
    let button = PointerEventButton::Left;
    for event in [
        WindowEvent::PointerPressed { position, button },
        WindowEvent::PointerReleased { position, button },
    ] {
        let _ = on.front().window().dispatch_event_with_result(event);
    }
    on.settle();
    assert!(on.said().contains(WORDS), "any touch extends");
    on.wait(165_000);
    assert!(matches!(on.page(), Page::Start));
    on.nothing_is_left(&[WORDS]);
}

#[test]
fn the_countdown_is_there_in_every_text_size() {
    for panel in ["10.1", "15.6", "15.6-portrait", "21.5-portrait"] {
        for text in TextSize::ALL {
            let on = screens::shot("still-there", panel, text);
            assert!(on.said().contains("45"), "{panel} {}", text.name());
        }
    }
}

#[test]
fn what_is_typed_with_a_code_survives_the_question_whether_one_is_there() {
    let on = screens::shot("return", "15.6", TextSize::Medium);
    assert!(on.touch("Add or ask") && on.touch("Add something"));
    on.type_words("he was here");
    on.wait(119_000);
    on.type_words(" again");
    on.wait(119_000);
    assert!(on.said().contains("he was here again"), "typing is being there");
    on.wait(1_000);
    assert!(on.touch("Yes, carry on"));
    assert!(on.said().contains("he was here again"));
}

#[test]
fn stop_has_three_answers_from_the_story_on_and_two_before() {
    let on = on("15.6");
    assert!(on.touch("Tell us something") && on.touch("Stop"));
    assert!(!on.said().contains("Send what I have") && on.touch("Carry on"));
    on.to_story();
    on.type_words(WORDS);
    assert!(on.touch("Stop"));
    assert!(on.said().contains("Throw it away") && !on.said().contains(WORDS));
    assert!(on.touch("Send what I have"));
    assert!(on.touch("Do not contact me at all"));
    while on.touch("More choices") {}
    assert!(
        !on.find_any("Continue") && on.touch("Send now"),
        "the button says what it does"
    );
    assert!(matches!(on.page(), Page::Saved(_)));
    assert_eq!(on.filed().len(), 1);
}

#[test]
fn a_silent_link_is_said_first_and_twenty_four_hours_nowhere_after_it() {
    let on = on("15.6");
    on.world.borrow_mut().silent = true;
    on.wait(3 * 3_600_000);
    assert!(on.touch("Tell us something"));
    assert!(matches!(on.page(), Page::LinkSilent { .. }));
    let said = on.said();
    assert!(
        said.contains("This screen last reached our team at") && said.contains("01632 960199"),
        "{said}"
    );
    assert!(on.touch("Continue"));
    let mut told = String::new();
    for _ in 0..60 {
        told.push_str(&on.said());
        if matches!(on.page(), Page::Check(_)) {
            break;
        }
        if on.find_any("Is anyone in danger right now?") {
            assert!(on.touch("Yes, here"));
        } else {
            on.answer_something();
        }
        assert!(on.touch("More") || on.touch("Continue") || on.touch("More choices") || on.touch("Carry on"));
    }
    assert!(on.touch("Send now"));
    on.wait(10_001);
    told.push_str(&on.said());
    assert!(
        told.contains("It is safe on this screen.") && told.contains("It keeps your words here until the line works.")
    );
    for promise in ["24 hours", "specialist will open", "specialist should open"] {
        assert!(!told.contains(promise), "{promise}");
    }
}
