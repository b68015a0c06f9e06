//! What somebody beside the reporter can read, and what follows a word of danger (SAFETY 5, 7, 14, 15, 16); places,
//! times, languages and everyday pages (SAFETY 1).
//!
//! Driven by touch through a rehearsal; things are found by what semantics tell, pixels are compared where pixels matter.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

#[path = "support/screens.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod screens;

use heard::form::{Answer, Given, QuestionKind, TimeValue, Value};
use heard::kiosk::ui::{Element, Panel, Role, SHOTS, TextSize};
use heard::machine::{Page, Press, StopChoice, Subject};
use screens::{On, WORDS, on, walk_to_check};
use slint::platform::Key;

// ------------------------------------------------------------------------------------------- 5: somebody is near

#[test]
fn covered_words_are_in_no_element_and_no_pixel_and_the_answer_stays_whole() {
    let picture = |first: &str| {
        let on = on("15.6");
        on.to_story();
        assert!(on.touch("Other ways") && on.touch("Someone is near me"));
        on.type_words(&format!("{first} to us again"));
        let said = on.said();
        assert!(!said.contains(first) && said.contains("… to us again"), "{said}");
        let drawn = on.window().drawn_words();
        assert!(drawn.iter().all(|words| !words.words.contains(first)));
        let kept = matches!(on.page(), Page::Question(asked)
            if asked.given == Some(Given::Text(format!("{first} to us again"))));
        assert!(kept, "the answer is not covered");
        on.window().draw()
    };
    assert!(
        picture("shouted") == picture("mumbled"),
        "a covered word is in the picture"
    );
}

#[test]
fn covered_words_grow_and_shrink_at_their_end_only() {
    let on = on("15.6");
    on.press(Press::SomeoneNear(true));
    on.to_story();
    on.type_words("one two three four");
    for key in [Key::LeftArrow, Key::Home, Key::UpArrow] {
        on.key(key);
    }
    // The arrows have led away from the text: back to it by opening the page again.
    assert!(on.touch("Help") && on.touch("Carry on"));
    on.key(Key::Home);
    on.type_words("x");
    assert_eq!(on.text_here().as_deref(), Some("one two three fourx"));
    assert!(on.touch("Delete") && on.touch("Delete"));
    assert_eq!(on.text_here().as_deref(), Some("one two three fou"));
    on.press(Press::SomeoneNear(false));
    assert!(
        on.said().contains("one two three fou"),
        "uncovered, all of it is there again"
    );
}

#[test]
fn what_is_ticked_hides_its_words_until_it_is_pressed_again() {
    let covers = |choices: [&str; 2]| {
        let on = on("15.6");
        on.press(Press::SomeoneNear(true));
        on.to_question("Who did it?");
        for choice in choices {
            assert!(on.touch(choice));
        }
        let elements = on.elements();
        let ticked: Vec<&Element> = elements
            .iter()
            .filter(|element| element.checked == Some(true))
            .collect();
        assert_eq!(ticked.len(), 2);
        assert!(
            ticked
                .iter()
                .all(|element| element.label == "Covered" && element.description.is_empty())
        );
        assert!(choices.iter().all(|choice| !on.said().contains(choice)));
        // Pressed again, it is not ticked and can be read.
        let at = ticked[0].rectangle.middle();
        on.window().touch(at, at, 90);
        on.settle();
        assert!(on.said().contains(choices[0]));
    };
    covers(["A neighbour", "A stranger"]);
    covers(["Someone visiting", "My partner, ex or family"]);
}

#[test]
fn the_check_page_starts_closed_and_opens_one_row_with_show() {
    let on = on("15.6");
    walk_to_check(&on);
    assert!(on.touch("Your answers"));
    let row = on.find("What happened?");
    assert_eq!(row.description, "You wrote 4 words. Show.");
    let closed = on.said();
    assert!(!closed.contains(WORDS) && !closed.contains("A neighbour"), "{closed}");
    assert!(on.touch("What happened?"));
    assert!(on.said().contains(WORDS));
    assert!(on.touch("Close"));
    assert!(!on.said().contains(WORDS));
    assert!(on.touch("Who did it?") && on.said().contains("A neighbour"));
    // Hide closes what was open.
    assert!(on.touch("Hide"));
    on.wait(1_000);
    assert!(on.touch(&on.clock()) && on.touch("Yes, carry on"));
    assert!(!on.said().contains("A neighbour"));
}

#[test]
fn with_somebody_near_a_row_takes_one_more_press() {
    let on = on("10.1");
    walk_to_check(&on);
    on.press(Press::SomeoneNear(true));
    assert!(on.touch("Your answers"));
    while !on.touch("What happened?") {
        assert!(on.touch("More"));
    }
    assert!(!on.said().contains(WORDS), "one press shows nothing");
    assert!(on.touch("Keep it closed"));
    while !on.touch("What happened?") {
        assert!(on.touch("More"));
    }
    assert!(on.touch("Show it"));
    assert!(on.said().contains(WORDS));
    assert!(on.touch("Change it"));
    assert!(!on.said().contains(WORDS), "on its own page it is covered");
}

#[test]
fn somebody_near_is_offered_on_the_promise_on_text_and_beside_the_story_and_goes_with_the_visit() {
    let on = on("15.6");
    assert!(on.touch("Tell us something") && on.touch("Someone is near me"));
    assert!(on.near() && on.touch("Someone near: it is covered") && !on.near());
    assert!(on.touch("Text") && on.touch("More") && on.touch("More") && on.touch("Cover what I write"));
    assert!(on.near() && on.touch("Done"));
    assert!(on.touch("Stop") && on.touch("Throw it away"));
    assert!(!on.near());
    on.to_story();
    assert!(on.touch("Other ways") && on.touch("Someone is near me") && on.near());
}

// ------------------------------------------------------------------------------------- 7, 14, 15, 16: danger, titles

#[test]
fn an_answer_of_danger_is_followed_by_help_and_a_card_to_show() {
    let on = on("10.1");
    on.to_question("Is anyone in danger right now?");
    assert!(on.touch("Yes, here") && on.touch("Continue"));
    assert!(matches!(on.page(), Page::HelpNow(_)));
    assert!(on.said().contains("Nobody is reading this screen now") && on.said().contains("999"));
    assert!(on.touch("Show a 999 card"));
    let card = on.find("Please let me ring 999 from your phone");
    let panel = on.window().panel();
    assert!(
        card.rectangle.height > panel.height as f32 * 0.5 && card.rectangle.width > panel.width as f32 * 0.8,
        "large enough to hold up"
    );
    assert!(on.touch("Done"), "one press back");
    assert!(on.said().contains("Nobody is reading this screen now"));
    assert!(on.touch("Carry on"));
    assert!(matches!(on.page(), Page::Question(_)));
}

#[test]
fn self_harm_is_followed_by_all_four_numbers_and_by_what_send_does() {
    for panel in ["10.1", "15.6", "15.6-portrait"] {
        let on = screens::shot("self-harm", panel, TextSize::Medium);
        let mut said = on.said();
        while on.touch("More") {
            said.push_str(&on.said());
        }
        for number in [
            "116 123",
            "111",
            "85258",
            "0800 1111",
            "999",
            "It does not bring help at once.",
        ] {
            assert!(said.contains(number), "{panel}: {number}");
        }
    }
}

#[test]
fn words_that_tell_of_danger_change_nothing_on_the_screen() {
    let around = |words: &str| {
        let on = on("15.6");
        on.to_story();
        on.type_words(words);
        let elements = on.elements();
        let others = elements.iter().filter(|element| element.role != Role::TextInput);
        others
            .map(|element| format!("{} {} {}", element.label, element.value, element.description))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        around("he has a knife i will kill myself"),
        around("he has a puppy i was at home again")
    );
}

/// What somebody could read from across the room, in titles. Words of DESIGN and FORMS that name hate, harm or the law.
const LOUD: [&str; 24] = [
    "hate",
    "harass",
    "abuse",
    "attack",
    "race",
    "racis",
    "racial",
    "violen",
    "weapon",
    "threat",
    "assault",
    "sexual",
    "suicide",
    "self-harm",
    "kill",
    "hurt",
    "crime",
    "victim",
    "report",
    "bully",
    "bullied",
    "disab",
    "religio",
    "trans ",
];

#[test]
fn no_title_of_any_page_or_question_says_anything_loud() {
    let form = heard::kiosk::ui::sample_form().unwrap();
    let mut titles: Vec<String> = form
        .questions
        .iter()
        .map(|asked| asked.ask.get("en").to_owned())
        .collect();
    titles.extend(form.sections.iter().map(|section| section.title.get("en").to_owned()));
    // Whatever is drawn larger than answers are.
    let panel = Panel::by_name("15.6").unwrap();
    let answers = (TextSize::Medium.capital_mm() * panel.px_per_mm / 0.714).ceil();
    let asked = titles.len();
    for page in SHOTS {
        let on = screens::shot(page, "15.6", TextSize::Medium);
        let drawn = on.window().drawn_words().into_iter();
        titles.extend(drawn.filter(|words| words.font > answers).map(|words| words.words));
    }
    assert!(
        titles.len() >= asked + SHOTS.len() - 6,
        "titles were found: {}",
        titles.len() - asked
    );
    for title in &titles {
        let low = format!("{} ", title.to_lowercase());
        let loud = LOUD.iter().find(|loud| low.contains(**loud));
        assert_eq!(loud, None, "{title}");
    }
}

// ---------------------------------------------------------------------------------------- places, times, everyday

#[test]
fn a_place_has_a_spot_in_words_and_a_time_can_be_typed() {
    let on = screens::shot("spot", "15.6", TextSize::Medium);
    on.type_words("by the lift");
    let place = |on: &On| match on.page() {
        Page::Question(asked) => asked.given,
        _ => None,
    };
    assert!(matches!(&place(&on), Some(Given::Place { spot: Some(spot), .. }) if spot == "by the lift"));
    on.press(Press::SomeoneNear(true));
    assert!(on.said().contains("by the lift"), "three words");
    assert!(on.touch("Back"));
    on.press(Press::SomeoneNear(false));
    assert!(on.touch(&on.find_checked()[0]), "the same place again");
    assert!(
        on.touch("Continue") && on.said().contains("by the lift"),
        "keeps its spot"
    );
    assert!(on.touch("Continue"));
    let on = screens::shot("clock", "15.6", TextSize::Medium);
    on.type_words("960");
    assert!(on.touch("Continue") && on.said().contains("Please type the time again"));
    for _ in 0..3 {
        assert!(on.touch("Delete"));
    }
    on.type_words("930");
    assert!(on.touch("Continue") && on.touch("21:30 after midday"));
    assert_eq!(place(&on), Some(Given::Time(TimeValue::Clock(21, 30))));
    while !on.find_any("I know the time: 21:30") {
        assert!(on.touch("More choices") || on.touch("More"));
    }
}

#[test]
fn everyday_pages_are_what_the_landlord_has_signed() {
    let on = on("15.6");
    assert!(on.touch("Have your say"));
    assert!(
        on.said()
            .contains("Residents meet us on the first Tuesday of each month at 6")
    );
    assert!(on.touch("Finish") && on.touch("Opening hours and notices"));
    let mut said = on.said();
    while on.touch("More") {
        said.push_str(&on.said());
    }
    for words in [
        "Green bins on Tuesday",
        "we come on the same day",
        "British Sign Language: not met",
    ] {
        assert!(said.contains(words), "{words}");
    }
}

#[test]
fn the_language_page_offers_what_there_is_and_an_interpreter_for_the_rest() {
    let on = on("10.1");
    assert!(on.touch("English"));
    let chosen = on.find_checked();
    assert_eq!(chosen, ["English"]);
    assert!(on.touch("Meet or ring me with an interpreter"));
    assert!(on.find_any("How may we answer you?"));
    assert!(on.touch("Ring me"));
    for _ in 0..20 {
        if on.find_any("Which language is best for you?") {
            break;
        }
        assert!(on.touch("Continue") || on.touch("More choices"));
    }
    assert!(on.find_any("Which language is best for you?"));
    // With several languages: each by its own name, and a press changes it.
    let on = screens::shot_in("promise", "15.6", "ur");
    assert!(on.touch("اردو") && on.touch("English"));
    assert_eq!(on.find_checked(), ["English"]);
}

#[test]
fn what_was_filed_is_what_was_typed_though_it_was_covered() {
    let on = on("15.6");
    on.press(Press::SomeoneNear(true));
    walk_to_check(&on);
    on.press(Press::Stop);
    on.press(Press::StopAnswer(StopChoice::SendWhatIHave));
    let filed = on.filed();
    let Subject::Report(report) = &filed[0].subject else {
        panic!("not a report")
    };
    let filled = &report.report.filled;
    let form = heard::kiosk::ui::sample_form().unwrap();
    let story = filled.answers.iter().zip(&form.questions);
    let story = story.filter(|(_, asked)| matches!(asked.kind, QuestionKind::LongText { .. }));
    let words: Vec<&str> = story
        .filter_map(|(answer, _)| match answer {
            Answer::Given(Value::Text(range)) => Some(filled.text(*range)),
            _ => None,
        })
        .collect();
    assert_eq!(words, [WORDS]);
}
