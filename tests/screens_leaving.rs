//! What leaving is called on the drawn screens once Send was pressed: nothing that was sent is said to be thrown away
//! (SAFETY 2, 3, 9).
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

#[path = "support/screens.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod screens;

use heard::machine::{Page, Press};
use screens::{On, on, walk_to_check};

/// Hides, waits until the clock leads back, and presses it.
fn hide_and_ask(on: &On) {
    assert!(on.touch("Hide"));
    on.wait(1_000);
    assert!(on.touch(&on.clock()));
    assert!(on.said().contains("Are you still there?"));
}

#[test]
fn what_was_sent_is_never_said_to_be_thrown_away() {
    let on = on("15.6");
    walk_to_check(&on);
    hide_and_ask(&on);
    assert!(on.said().contains("No, throw it away"), "not sent yet");
    assert!(on.touch("Yes, carry on"));

    on.world.borrow_mut().slow_store = true;
    assert!(on.touch("Send now"));
    hide_and_ask(&on);
    assert!(matches!(on.page(), Page::Saving));
    let said = on.said();
    assert!(!said.contains("throw it away") && !said.contains("Finish"), "{said}");
    assert!(said.contains("Yes, carry on"));
    on.file_now();
    assert!(matches!(on.page(), Page::Saved(_)));
    let said = on.said();
    assert!(
        said.contains("Finish. It has been sent.") && !said.contains("throw it away"),
        "{said}"
    );
    assert!(on.touch("Yes, carry on"));

    on.press(Press::Stop);
    let said = on.said();
    assert!(
        !said.contains("Throw it away") && !said.contains("Nothing is kept."),
        "{said}"
    );
    assert!(said.contains("Have you kept your code?") && on.touch("Back to my code"));
    hide_and_ask(&on);
    assert!(on.touch("Finish. It has been sent."));
    assert!(matches!(on.page(), Page::Start));
}

#[test]
fn what_is_held_is_not_said_to_be_sent() {
    let on = on("15.6");
    on.world.borrow_mut().one_copy = true;
    on.world.borrow_mut().silent = true;
    walk_to_check(&on);
    assert!(on.touch("Send now"));
    on.wait(10_000);
    hide_and_ask(&on);
    let said = on.said();
    assert!(
        said.contains("Finish") && !said.contains("sent") && !said.contains("throw it away"),
        "{said}"
    );
    assert!(on.touch("Finish"));
    assert!(matches!(on.page(), Page::Start));
}

#[test]
fn the_saved_page_can_be_hidden_and_its_code_is_closed_afterwards() {
    let on = on("15.6");
    walk_to_check(&on);
    assert!(on.touch("Send now"));
    let code = on.find("Your code").value;
    let shown = on.window().draw();
    assert!(on.touch("Hide"));
    let hidden = on.window().draw();
    assert!(hidden != shown && on.find_any("Useful numbers"));
    on.nothing_is_said(&[&code, "specialist", "Your code"]);
    on.wait(1_000);
    assert!(on.touch(&on.clock()) && on.touch("Yes, carry on"));
    on.nothing_is_said(&[&code]);
    assert!(on.touch("Show my code") && on.said().contains(&code));
}

#[test]
fn on_the_way_back_a_touch_is_not_said_to_be_an_answer() {
    let on = on("15.6");
    on.to_story();
    hide_and_ask(&on);
    let said = on.said();
    assert!(
        said.contains("If nobody says yes, everything is wiped in 45 seconds."),
        "{said}"
    );
    assert!(!said.contains("If nobody touches"));
}

#[test]
fn language_and_text_work_on_the_page_that_hides_and_show_nothing_of_the_page_below() {
    let on = screens::shot_in("story", "15.6", "ur");
    let (languages, story) = (["اردو", "English"], on.text_here().unwrap());
    assert!(on.touch("Help"), "a page of the screen's own lies over the form");
    let below = on.said();
    assert!(on.touch("Hide"));
    let hidden = on.window().draw();
    // Language: those of the form, and no way into it.
    assert!(on.touch(languages[0]));
    assert!(on.find_any("English"));
    on.nothing_is_said(&[&story, "interpreter"]);
    assert!(
        on.touch(&on.clock()),
        "the clock is there as well; it leads nowhere yet"
    );
    assert!(on.touch("English") && on.touch("Done"));
    assert!(on.find_any("Useful numbers") && on.find_any("English"));
    assert!(on.touch("English") && on.touch("اردو") && on.touch("Back"));
    assert!(hidden == on.window().draw(), "the everyday page again");
    // Text: larger at once, nothing about anybody near.
    assert!(on.touch("Text") && on.touch("Largest text"));
    assert!(on.touch("More") && on.touch("Black on white"));
    assert!(!on.find_any("More"), "sizes and colours are all there is");
    on.nothing_is_said(&[&story, "near"]);
    assert!(on.touch("Done"));
    assert!(on.find_any("Useful numbers") && on.window().draw() != hidden);
    // One press on the clock leads back from there too, and the page below is as it was.
    assert!(on.touch("Text"));
    on.wait(1_000);
    assert!(on.touch(&on.clock()) && on.touch("Yes, carry on"));
    for line in below.lines().filter(|line| line.contains("Nobody is reading")) {
        assert!(on.said().contains(line), "Help is open again");
    }
    assert!(on.touch("Carry on") || on.touch("More"));
    assert!(matches!(on.page(), Page::Question(_)));
    assert_eq!(on.text_here(), Some(story));
}

#[test]
fn hide_shows_the_everyday_page_whatever_lies_over_the_form() {
    let on = on("15.6");
    on.to_story();
    assert!(on.touch("Hide"));
    let hidden = on.window().draw();
    on.wait(1_000);
    assert!(on.touch(&on.clock()) && on.touch("Yes, carry on"));
    for local in ["Text", "English", "Help", "Other ways"] {
        assert!(on.touch(local));
        assert!(on.touch("Hide"), "{local}");
        assert!(on.window().draw() == hidden, "{local} can be seen");
        assert!(on.touch("Text") && on.find_any("Small text"));
        on.wait(1_000);
        on.key(slint::platform::Key::Escape);
        assert!(on.touch("Yes, carry on") && !on.find_any("Small text") | (local == "Text"));
        assert!(on.touch("Back") || on.touch("Carry on"), "{local}: open as before");
        assert!(on.find_any("What happened?"), "{local}");
    }
}

#[test]
fn nothing_stands_in_the_strip_that_does_nothing() {
    for (page, absent) in [
        ("stop", "Text"),
        ("still-there", "Text"),
        ("stop", "English"),
        ("still-there", "English"),
    ] {
        let on = screens::shot(page, "15.6", heard::kiosk::ui::TextSize::Medium);
        assert!(!on.find_any(absent), "{page}: {absent}");
    }
}

#[test]
fn hide_looks_the_same_while_something_is_kept_and_nothing_changes_below_it() {
    let on = on("15.6");
    walk_to_check(&on);
    on.world.borrow_mut().slow_store = true;
    assert!(on.touch("Send now") && on.touch("Hide"));
    let waiting = on.window().draw();
    assert!(on.touch("Text"));
    on.file_now();
    assert!(matches!(on.page(), Page::Saved(_)));
    assert!(on.find_any("Medium text"), "what is open over the everyday page stays");
    assert!(on.touch("Done"));
    assert!(
        waiting == on.window().draw(),
        "the strip has told that something is going on"
    );
}

#[test]
fn what_was_added_with_a_code_is_not_thrown_away_with_the_visit() {
    let on = screens::shot("return", "15.6", heard::kiosk::ui::TextSize::Medium);
    assert!(on.touch("Add or ask") && on.touch("Ask us to get in touch"));
    hide_and_ask(&on);
    on.nothing_is_said(&["throw it away"]);
    assert!(on.touch("Finish") && matches!(on.page(), Page::Start));
}
