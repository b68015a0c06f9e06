//! What somebody meets on the drawn screens who comes back with a code: every note and every message, what became of what
//! they added, and times that cannot be taken for others (SAFETY 9, 13, 20, 22).
//!
//! Driven by touch through a rehearsal, whose clock says Monday 23 November 2026, 14:08.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

#[path = "support/screens.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod screens;

use heard::kiosk::ui::TextSize;
use heard::limits::STORY_BYTES;
use heard::machine::{Page, Press, Subject};
use heard::mailbox::{ReferenceCode, Stage};
use heard::time::Timestamp;
use heard::wire::v1::StatusNote;
use screens::{On, on};

const BEGINS: Timestamp = Timestamp(1_795_442_880);

/// Written so many hours ago, with a promise for so many hours from now.
fn note(hours_ago: i64, promised_in: Option<i64>, words: &str) -> StatusNote {
    StatusNote {
        id: [1; 16],
        stage: Stage::LookingInto,
        written: BEGINS.after_hours(-hours_ago),
        promised: promised_in.map(|hours| BEGINS.after_hours(hours)),
        promise: promised_in
            .map(|_| "we ring the housing officer".into())
            .unwrap_or_default(),
        caseworker: "Sam".into(),
        apology: false,
        words: words.into(),
    }
}

fn come_back(on: &On) {
    assert!(on.touch("Come back to something"));
    on.press(Press::Code(ReferenceCode::from_random([7; 16])));
    // A code that opened nothing holds up the next one.
    on.wait(1_000);
    assert!(matches!(on.page(), Page::Return(_)));
}

fn back_with(notes: Vec<StatusNote>, panel: &str) -> On {
    let on = on(panel);
    on.world.borrow_mut().notes = notes;
    come_back(&on);
    on
}

/// All pages of it, from the first.
fn read_all(on: &On) -> String {
    let mut said = on.said();
    while on.touch("More") {
        said.push_str(&on.said());
    }
    while on.touch("Choices before") {}
    said
}

fn in_order(said: &str, sentences: &[&str]) {
    let mut from = 0;
    for sentence in sentences {
        let at = said[from..].find(sentence);
        assert!(at.is_some(), "{sentence} is not there, or not in its place\n{said}");
        from += at.unwrap_or(0) + sentence.len();
    }
}

#[test]
fn every_note_is_told_newest_first_and_a_missed_promise_before_all_of_them() {
    let mut apology = note(20 * 24, Some(-19 * 24), "SORRY-WORDS");
    apology.apology = true;
    apology.stage = Stage::Planned;
    let mut first = note(30 * 24, Some(-25 * 24), "FIRST-WORDS");
    first.stage = Stage::Opened;
    for panel in ["15.6", "10.1"] {
        let newest = note(20, Some(28), "NEWEST-WORDS");
        let on = back_with(vec![first.clone(), apology.clone(), newest], panel);
        let said = read_all(&on);
        in_order(
            &said,
            &[
                "We did not do what we said we would. We are sorry.",
                "What happens now: we ring the housing officer by Tuesday 18:08.",
                "22 November",
                "We are looking into it.",
                "3 November",
                "We have made a plan with you.",
                "We said: we ring the housing officer by Wednesday 4 November at 14:08.",
                "24 October",
                "A specialist has read it.",
                "We said: we ring the housing officer by Thursday 29 October at 14:08.",
            ],
        );
        assert_eq!(said.matches("We are sorry.").count(), 1);
        on.nothing_is_said(&["SORRY-WORDS", "FIRST-WORDS", "NEWEST-WORDS"]);
    }
}

#[test]
fn a_promise_that_is_still_to_come_is_next_and_a_far_one_has_its_day_and_month() {
    let far = back_with(vec![note(2, Some(24 * 24), "")], "15.6");
    let said = far.said();
    in_order(
        &said,
        &["Next: we ring the housing officer by Thursday 17 December at 14:08."],
    );
    let today = back_with(vec![note(2, Some(3), "")], "15.6");
    in_order(&today.said(), &["Next: we ring the housing officer by 17:08."]);
}

#[test]
fn each_message_opens_by_itself_newest_unread_first_and_closes_again() {
    for panel in ["15.6", "10.1"] {
        let words = ["OLDEST-WORDS", "MIDDLE-WORDS", "NEWEST-WORDS"];
        let notes = [30 * 24, 20 * 24, 20].map(|hours| note(hours, None, ""));
        let mut notes = notes.to_vec();
        for (note, words) in notes.iter_mut().zip(words) {
            note.words = words.into();
        }
        let on = back_with(notes, panel);
        let days = ["22 November", "3 November", "24 October"];
        let newest_first: Vec<&str> = words.into_iter().rev().collect();
        for (day, shown) in days.into_iter().zip(&newest_first) {
            on.nothing_is_said(&words);
            assert!(on.touch(&format!("Message of {day}")), "{}", on.said());
            let said = read_all(&on);
            assert!(said.contains(shown) && said.contains(day), "{said}");
            for other in newest_first.iter().filter(|other| *other != shown) {
                assert!(!said.contains(other), "one at a time");
            }
            assert!(on.touch("Close the message"));
        }
        // All were read: the newest is offered again.
        assert!(on.touch("Message of 22 November"));
        assert!(on.touch("Back"), "Back closes a message, it does not end the visit");
        assert!(matches!(on.page(), Page::Return(_)));
        on.nothing_is_said(&words);
    }
}

#[test]
fn what_hide_has_closed_is_still_unread() {
    let on = back_with(
        vec![note(40, None, "OLDER-WORDS"), note(20, None, "NEWER-WORDS")],
        "15.6",
    );
    assert!(on.touch("Message of 22 November") && on.said().contains("NEWER-WORDS"));
    assert!(on.touch("Hide"));
    on.wait(1_000);
    assert!(on.touch(&on.clock()) && on.touch("Yes, carry on"));
    on.nothing_is_said(&["NEWER-WORDS"]);
    assert!(on.touch("Message of 22 November") && on.said().contains("NEWER-WORDS"));
}

const ADDED: &str = "Thank you. We have added it.";

#[test]
fn what_was_added_is_said_to_have_arrived_only_when_it_has() {
    let waits = "It goes to our team as soon as the line works.";
    for (way, sent, held) in [
        (
            "Someone else may have my code",
            "It has reached our team. They are told to write nothing more to this code until they have reached you by a \
             safe way.",
            "We have kept that. It goes to our team as soon as the line works. To be sure now, ring 01632 960199.",
        ),
        (
            "Ask us to get in touch",
            "It has reached our team that you want to hear from us. They use only the ways that you allowed.",
            "We have kept that you want to hear from us. It goes to our team as soon as the line works.",
        ),
    ] {
        for silent in [false, true] {
            let on = back_with(vec![note(20, None, "NEWEST-WORDS")], "15.6");
            on.world.borrow_mut().silent = silent;
            assert!(on.touch("Add or ask") && on.touch(way));
            let said = read_all(&on);
            let (says, never) = if silent { (held, sent) } else { (sent, held) };
            assert!(said.contains(says), "{way}, silent {silent}: {said}");
            assert!(!said.contains(never) && !said.contains(ADDED), "{way}: {said}");
        }
        let on = back_with(Vec::new(), "15.6");
        on.world.borrow_mut().refuses = true;
        assert!(on.touch("Add or ask") && on.touch(way));
        let said = on.said();
        assert!(
            said.contains("It could not be added for sure. Please ring 01632 960199."),
            "{said}"
        );
    }
    let on = back_with(Vec::new(), "15.6");
    on.world.borrow_mut().silent = true;
    add(&on, "he was here");
    assert!(on.said().contains(waits) && !on.said().contains(ADDED), "{}", on.said());
}

#[test]
fn once_somebody_else_may_have_the_code_no_message_opens_in_this_visit() {
    for silent in [false, true] {
        let on = back_with(
            vec![note(40, None, "OLDER-WORDS"), note(20, None, "NEWER-WORDS")],
            "15.6",
        );
        on.world.borrow_mut().silent = silent;
        assert!(on.touch("Message of 22 November") && on.touch("Close the message"));
        assert!(on.touch("Add or ask") && on.touch("Someone else may have my code"));
        assert!(!on.said().contains("Message of"), "{}", on.said());
        for at in 0..2 {
            on.press(Press::ShowNote(at));
            on.nothing_is_said(&["OLDER-WORDS", "NEWER-WORDS"]);
        }
        assert!(on.said().contains("22 November"), "how far it is can still be read");
    }
}

fn add(on: &On, words: &str) {
    assert!(on.touch("Add or ask") && on.touch("Add something"));
    on.type_words(words);
    assert!(on.touch("Add it"));
}

#[test]
fn what_is_typed_stays_until_it_is_kept() {
    let on = back_with(Vec::new(), "15.6");
    assert!(on.touch("Add or ask") && on.touch("Add something"));
    on.type_words("he was here");
    assert!(on.touch("Back"));
    on.nothing_is_said(&["he was here"]);
    assert!(on.touch("Add or ask") && on.touch("Add something"));
    assert!(on.said().contains("he was here"), "Back has lost it");
    // Kept once only: the words are there for another try.
    on.world.borrow_mut().one_copy = true;
    on.world.borrow_mut().silent = true;
    assert!(on.touch("Add it"));
    assert!(on.said().contains("It could not be added for sure."), "{}", on.said());
    on.world.borrow_mut().one_copy = false;
    assert!(on.touch("Add or ask") && on.touch("Add something"));
    assert!(on.said().contains("he was here"), "trouble has lost it");
    assert!(on.touch("Add it"));
    let filed = on.filed();
    let Subject::Addition(kept) = &filed.last().unwrap().subject else {
        panic!("not an addition")
    };
    assert_eq!(kept.words.as_str(), "he was here");
    // It is kept: the next page begins empty.
    assert!(on.touch("Add or ask") && on.touch("Add something"));
    on.nothing_is_said(&["he was here"]);
    on.type_words("and again");
    assert!(on.touch("Back") && on.touch("Finish"));
    come_back(&on);
    assert!(on.touch("Add or ask") && on.touch("Add something"));
    on.nothing_is_said(&["and again"]);
}

#[test]
fn a_filing_that_failed_has_lost_nothing_and_another_page_shows_nothing_of_it() {
    let on = screens::shot("cannot-keep", "15.6", TextSize::Medium);
    on.world.borrow_mut().silent = true;
    on.world.borrow_mut().one_copy = true;
    assert!(on.touch("Leave a safe way to reach me"));
    on.type_words("ring my sister");
    assert!(on.touch("Add it"));
    assert!(on.said().contains("It could not be added for sure."), "{}", on.said());
    while on.touch("More") || on.touch("Your code") {}
    assert!(on.touch("I cannot keep it") && on.touch("Leave someone I trust"));
    on.nothing_is_said(&["ring my sister"]);
    on.type_words("her name");
    assert!(on.touch("Back") && on.touch("Leave a safe way to reach me"));
    assert!(on.said().contains("ring my sister") && !on.said().contains("her name"));
    assert!(on.touch("Back") && on.touch("Leave someone I trust"));
    assert!(on.said().contains("her name") && !on.said().contains("ring my sister"));
    on.press(Press::SomeoneNear(true));
    assert!(on.touch("Back") && on.touch("Leave a safe way to reach me"));
    on.nothing_is_said(&["ring", "my s"]);
    assert!(on.touch("Back") && on.touch("Finish"));
    on.nothing_is_left(&["ring my sister", "her name"]);
}

#[test]
fn the_field_takes_as_much_as_is_kept_and_says_when_it_is_full() {
    let on = back_with(Vec::new(), "15.6");
    assert!(on.touch("Add or ask") && on.touch("Add something"));
    let all = "a".repeat(STORY_BYTES - 2);
    on.key(all.as_str());
    assert!(!on.said().contains("There is no more room."));
    on.type_words("bcd");
    assert!(on.said().contains("There is no more room."), "nothing is said");
    assert!(on.touch("Add it"));
    let filed = on.filed();
    let Subject::Addition(kept) = &filed[0].subject else {
        panic!("not an addition")
    };
    assert_eq!(kept.words.len(), STORY_BYTES);
    assert!(kept.words.ends_with("bc"), "not what was typed first");
}

#[test]
fn a_line_that_has_been_silent_for_weeks_is_told_with_day_and_month() {
    for (days, told) in [
        (0, "This screen last reached our team at 14:08."),
        (1, "This screen last reached our team on Monday at 14:08."),
        (6, "This screen last reached our team on Monday at 14:08."),
        (7, "This screen last reached our team on Monday 23 November at 14:08."),
        (21, "This screen last reached our team on Monday 23 November at 14:08."),
        (
            60,
            "This screen last reached our team on Monday 23 November 2026 at 14:08.",
        ),
    ] {
        let on = on("15.6");
        on.world.borrow_mut().silent = true;
        on.wait(if days == 0 { 3 * 3_600_000 } else { days * 86_400_000 });
        assert!(on.touch("Tell us something"));
        assert!(on.said().contains(told), "{days} days: {}", on.said());
    }
}

#[test]
fn without_a_clock_no_weekday_and_no_time_is_told_of_a_promise_or_of_the_line() {
    let on = on("15.6");
    on.world.borrow_mut().no_clock = true;
    on.world.borrow_mut().silent = true;
    on.world.borrow_mut().notes = vec![note(20, Some(28), "")];
    come_back(&on);
    let said = on.said();
    assert!(
        said.contains("we ring the housing officer by 24 November 2026."),
        "{said}"
    );
    assert!(
        !said.contains("day 24") && !said.contains("Tuesday") && !said.contains("18:08"),
        "{said}"
    );
    assert!(on.touch("Finish"));
    on.wait(3 * 3_600_000);
    assert!(on.touch("Tell us something"));
    let said = on.said();
    assert!(matches!(on.page(), Page::LinkSilent { .. }));
    assert!(!said.contains("last reached") && !said.contains("Monday"), "{said}");
}
