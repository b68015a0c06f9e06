//! Pressing on the screens, through rectangles that the semantics tell: nothing here knows how a page is drawn.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

use std::sync::Arc;

use heard::form::{Answer, Value};
use heard::kiosk::ui::{Element, Looks, Panel, Place, Rehearsal, Role, TextSize, Theme, sample_form, sample_site};
use heard::machine::{Everyday, FileRequest, Page, Press, Subject};
use slint::platform::Key;

fn rehearsal(panel: &str, text: TextSize) -> Rehearsal {
    let place = Place {
        form: Arc::new(sample_form().unwrap()),
        site: sample_site().unwrap(),
    };
    let looks = Looks {
        panel: Panel::by_name(panel).unwrap(),
        text,
        theme: Theme::Standard,
    };
    Rehearsal::start(place, looks).unwrap()
}

/// Everything that is typed here must arrive in what is filed, letter for letter.
const STORY: &str = "they shouted at us";

const STORY_ASKS: &str = "What happened?";

/// Types with the on-screen keyboard.
fn type_words(on: &Rehearsal, words: &str) {
    for letter in words.chars() {
        let key = if letter == ' ' {
            "space".to_owned()
        } else {
            letter.to_string()
        };
        assert!(on.touch(&key), "no key {key:?}");
    }
}

fn first_answer(on: &Rehearsal) -> Option<String> {
    let elements = on.elements();
    let found = elements
        .iter()
        .find(|element| matches!(element.role, Role::RadioButton | Role::CheckBox));
    found.map(|element| element.label.clone())
}

fn story_of(on: &Rehearsal) -> Vec<String> {
    let texts = |request: &std::rc::Rc<FileRequest>| match &request.subject {
        Subject::Report(report) => {
            let filled = &report.report.filled;
            let words = filled.answers.iter().filter_map(|answer| match answer {
                Answer::Given(Value::Text(range)) => Some(*range),
                _ => None,
            });
            words.map(|range| filled.text(range).to_owned()).collect::<Vec<_>>()
        }
        _ => Vec::new(),
    };
    on.filed().iter().flat_map(texts).collect()
}

/// Presses to the page on which the story is written.
fn walk_to_story(on: &Rehearsal) {
    assert!(on.touch("Tell us something"));
    for _ in 0..60 {
        if on.elements().iter().any(|element| element.label == STORY_ASKS) {
            return;
        }
        if let Some(answer) = first_answer(on) {
            assert!(on.touch(&answer));
        }
        assert!(on.touch("Continue") || on.touch("More choices") || on.touch("Carry on"));
    }
    panic!("the story page never came");
}

/// Presses through the whole core to the check page, typing the story on the way.
fn walk_to_check(on: &Rehearsal) {
    assert!(on.touch("Tell us something"));
    for _ in 0..60 {
        match on.page() {
            Page::Check(_) => return,
            Page::Question(_) => {}
            other => panic!("not on a question: {other:?}"),
        }
        if on.elements().iter().any(|element| element.label == STORY_ASKS) {
            type_words(on, STORY);
        } else if let Some(answer) = first_answer(on) {
            assert!(on.touch(&answer));
        }
        assert!(on.touch("Continue") || on.touch("More choices") || on.touch("Carry on"));
    }
    panic!("the check page never came");
}

#[test]
fn a_whole_report_is_made_by_finger_and_what_was_typed_is_filed() {
    let on = rehearsal("15.6", TextSize::Medium);
    walk_to_check(&on);
    assert!(on.touch("Send now"));
    assert!(matches!(on.page(), Page::Saved(_)));
    assert!(
        on.elements()
            .iter()
            .any(|element| element.label == "Your code" && element.value.len() == 19)
    );
    assert_eq!(story_of(&on), [STORY]);
    assert!(on.touch("I have it") && on.touch("Finish"));
    assert!(matches!(on.page(), Page::Start));
}

#[test]
fn a_whole_report_is_made_with_keys_only() {
    let on = rehearsal("15.6", TextSize::Medium);
    let go = |label: &str| {
        for _ in 0..80 {
            if on
                .elements()
                .iter()
                .any(|element| element.has_focus && element.label == label)
            {
                on.key(Key::Return);
                return true;
            }
            on.key(Key::Tab);
        }
        false
    };
    assert!(go("Tell us something"));
    for _ in 0..60 {
        if matches!(on.page(), Page::Check(_)) {
            break;
        }
        if on.elements().iter().any(|element| element.label == "What happened?") {
            for letter in STORY.chars() {
                on.key(letter);
            }
        } else if let Some(answer) = first_answer(&on) {
            assert!(go(&answer), "no way to {answer}");
        }
        assert!(go("Continue") || go("More choices"));
    }
    assert!(go("Send now"));
    assert!(matches!(on.page(), Page::Saved(_)));
    assert_eq!(story_of(&on), [STORY]);
}

#[test]
fn two_presses_of_send_make_one_report() {
    let on = rehearsal("10.1", TextSize::Small);
    walk_to_check(&on);
    on.world.borrow_mut().slow_store = true;
    assert!(on.touch("Send now"));
    assert!(!on.touch("Send now"));
    on.press(Press::Send);
    on.file_now();
    assert_eq!(on.filed().len(), 1);
}

#[test]
fn a_hand_that_taps_send_twice_does_not_lose_its_code() {
    for (panel, text) in [("15.6", TextSize::Medium), ("10.1", TextSize::Small)] {
        let on = rehearsal(panel, text);
        walk_to_check(&on);
        let send = on.elements().into_iter().find(|element| element.label == "Send now");
        let middle = send.unwrap().rectangle.middle();
        // Slow taps, each of which counts.
        for _ in 0..3 {
            on.window().touch(middle, middle, 90);
            on.settle();
        }
        assert!(matches!(on.page(), Page::Saved(_)), "{panel}: gone without a word");
        let says = |label: &str| on.elements().iter().any(|element| element.label == label);
        assert!(says("Have you kept your code?") || says("Your code"), "{panel}");
        assert!(!says("Have you kept your code?") || on.touch("Back to my code"));
        assert!(says("Your code"), "{panel}: the code is there");
        assert_eq!(on.filed().len(), 1);
    }
}

#[test]
fn the_start_page_says_nothing_about_anybody() {
    let on = rehearsal("15.6", TextSize::Medium);
    let elements = on.elements();
    let tiles: Vec<&str> = elements
        .iter()
        .filter(|element| element.can_be_pressed && element.rectangle.height > 200.0)
        .map(|element| element.label.as_str())
        .collect();
    assert_eq!(
        tiles,
        [
            "Useful numbers",
            "Opening hours and notices",
            "Tell us something",
            "Come back to something",
            "Have your say",
            "Get help"
        ]
    );
    let said: String = elements
        .iter()
        .map(|element| format!("{} {} ", element.label, element.description))
        .collect::<String>()
        .to_lowercase();
    for telling in ["hate", "harass", "report", "abuse", "crime", "incident", "hide"] {
        assert!(!said.contains(telling), "the start page says {telling}");
    }
    let sizes: Vec<(f32, f32)> = elements
        .iter()
        .filter(|element| tiles.contains(&element.label.as_str()) && element.can_be_pressed)
        .map(|element| (element.rectangle.width, element.rectangle.height))
        .collect();
    assert!(sizes.iter().all(|size| *size == sizes[0]), "{sizes:?}");
}

#[test]
fn hide_leaves_no_pixel_of_the_page_before_and_the_clock_leads_back() {
    // One window for each thread: the first kiosk is done before the second begins.
    let early = {
        let on = rehearsal("15.6", TextSize::Medium);
        assert!(on.touch("Tell us something") && on.touch("Hide"));
        on.window().draw()
    };
    let on = rehearsal("15.6", TextSize::Medium);
    assert!(on.touch("Useful numbers"));
    let everyday = on.elements();
    assert!(on.touch("Back"));
    walk_to_check(&on);
    assert!(on.touch("Back"));
    assert!(on.touch("Hide"));
    let hidden = on.window().draw();
    let words: Vec<String> = on.elements().iter().map(|element| element.label.clone()).collect();
    for element in &everyday {
        let known = ["Back", "Hide", "Finish"].contains(&element.label.as_str());
        assert!(known || words.contains(&element.label), "{} is missing", element.label);
    }
    // The same picture, wherever it was pressed.
    assert!(early == hidden, "something of the page before is left");
    // A frightened hand taps twice: the clock stands where Hide stood, and leads nowhere yet.
    assert!(on.touch("14:08"));
    assert!(hidden == on.window().draw(), "a double tap has shown something again");
    on.wait(1_000);
    assert!(on.touch("14:08"));
    assert!(
        on.elements()
            .iter()
            .any(|element| element.label == "Are you still there?")
    );
    assert!(on.touch("Yes, carry on"));
    assert!(matches!(on.page(), Page::Question(_)));
}

#[test]
fn a_press_is_forgiven_ten_millimetres_and_no_more() {
    let on = rehearsal("15.6", TextSize::Medium);
    let tile = on
        .elements()
        .into_iter()
        .find(|element| element.can_be_pressed && element.label == "Have your say")
        .unwrap();
    let middle = tile.rectangle.middle();
    let left = tile.rectangle.x;
    let mm = on.window().panel().px_per_mm;
    let foot = tile.rectangle.y + tile.rectangle.height;
    let beside = tile.rectangle.x - 1.0 * mm;
    let far_beside = tile.rectangle.x - 3.0 * mm;
    let table = [
        (middle, (left - 9.0 * mm, middle.1), 90, true),
        (middle, (left - 11.0 * mm, middle.1), 90, false),
        (middle, (middle.0, foot + 9.0 * mm), 90, true),
        (middle, (middle.0, foot + 11.0 * mm), 90, false),
        // Across a corner it is ten millimetres as well.
        (middle, (left - 7.5 * mm, foot + 7.5 * mm), 90, false),
        (middle, (left - 6.5 * mm, foot + 6.5 * mm), 90, true),
        (middle, middle, 20, false),
        (middle, middle, 30, true),
        (middle, middle, 9_900, true),
        (middle, middle, 10_100, false),
        // Between two tiles the nearer is meant.
        ((beside, middle.1), (beside, middle.1), 90, true),
        // And that other one is not this one.
        ((far_beside, middle.1), middle, 90, false),
    ];
    for (row, (from, to, milliseconds, counts)) in table.into_iter().enumerate() {
        on.window().touch(from, to, milliseconds);
        on.settle();
        let opened = matches!(on.page(), Page::Everyday(Everyday::HaveYourSay));
        assert_eq!(opened, counts, "row {row}");
        if !matches!(on.page(), Page::Start) {
            assert!(on.touch("Finish") || on.touch("Done") || on.touch("Back"), "row {row}");
        }
    }
}

#[test]
fn a_key_of_the_board_is_forgiven_as_everything_else() {
    let on = rehearsal("15.6", TextSize::Medium);
    let shows = |words: &str| {
        on.elements()
            .iter()
            .any(|element| element.role == Role::TextInput && element.value == words)
    };
    walk_to_story(&on);
    let elements = on.elements();
    let area = |label: &str| {
        elements
            .iter()
            .find(|element| element.label == label)
            .unwrap()
            .rectangle
    };
    let (g, h) = (area("g"), area("h"));
    let mm = on.window().panel().px_per_mm;
    let press = |from: (f32, f32), to: (f32, f32), milliseconds| {
        on.window().touch(from, to, milliseconds);
        on.settle();
    };
    // It slips from one key to its neighbour: the first is meant.
    press(g.middle(), (h.x + 5.0, h.middle().1), 90);
    assert!(shows("g"));
    press(h.middle(), (h.x, h.y + h.height + 11.0 * mm), 90);
    press(h.middle(), h.middle(), 20);
    assert!(shows("g"));
    // Between the two.
    press((h.x - 1.0, h.middle().1), (h.x - 1.0, h.middle().1), 90);
    assert!(shows("gh"));
}

#[test]
fn thousands_of_presses_at_random_never_meet_a_dead_end() {
    let on = rehearsal("15.6", TextSize::Medium);
    let mut dice: u64 = 0x1234_5678_9ABC_DEF1;
    for step in 0..3_000_u32 {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        let can: Vec<Element> = on
            .elements()
            .into_iter()
            .filter(|element| element.can_be_pressed)
            .collect();
        let waits = matches!(on.page(), Page::Saving | Page::Reading);
        // The strip alone is no way on, but for its Back and for the clock that leads back from Hide.
        let strip = ["Text", "English", "Help", "Stop", "Hide"];
        assert!(
            can.iter().any(|element| !strip.contains(&element.label.as_str())) || waits,
            "step {step}: nothing can be pressed on {:?}",
            on.page()
        );
        if let Some(at) = usize::try_from(dice % can.len().max(1) as u64)
            .ok()
            .and_then(|at| can.get(at))
        {
            let middle = at.rectangle.middle();
            on.window().touch(middle, middle, 90);
            on.settle();
        }
        on.wait(500);
    }
}
