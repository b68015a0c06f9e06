//! Send and "Send what I have", at the machine's public door: what is still asked, what Continue says it does, and what is
//! never lost on the way (SAFETY 3, 9, 23).
#![allow(clippy::unwrap_used, reason = "a test that fails here should stop here")]

#[path = "support/machine_bench.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod machine_bench;

use heard::form::{Flag, Given};
use heard::machine::{Overlay, Page, Press, StopChoice};
use machine_bench::{Bench, Does};

#[test]
fn send_what_i_have_asks_only_what_is_required_and_what_hangs_on_it() {
    let table: [(&[&str], &[&str]); 3] = [
        (&["code-only"], &["reach-you"]),
        (&["ring"], &["reach-you", "who-is-typing", "name", "phone", "not-safe"]),
        (&["email"], &["reach-you", "who-is-typing", "name", "email", "not-safe"]),
    ];
    for (ways, expected) in table {
        let mut bench = Bench::new();
        bench.walk_to_story();
        bench.say("what-happened", "SECRET");
        bench.presses([Press::Stop, Press::StopAnswer(StopChoice::SendWhatIHave)]);
        let mut asked = Vec::new();
        while matches!(bench.view.page, Page::Question(_)) {
            asked.push(bench.question().to_owned());
            if bench.question() == "reach-you" {
                bench.press(Press::Next);
                assert_eq!(bench.question(), "reach-you", "required");
                bench.choose("reach-you", ways[0]);
            }
            let Page::Question(shown) = &bench.view.page else {
                unreachable!()
            };
            let last = asked.len() == expected.len();
            assert_eq!(shown.sends, last, "the button says what it does: {asked:?}");
            bench.press(Press::Next);
        }
        assert_eq!(asked, expected);
        assert!(matches!(bench.view.page, Page::Saved(_)), "what was to be sent is sent");
        assert_eq!(bench.filed.len(), 1);
        // Nothing is missing: nothing is asked.
        let mut bench = Bench::new();
        bench.walk_to_check();
        bench.press(Press::Stop);
        assert_eq!(
            bench.view.overlay,
            Some(Overlay::Stop {
                can_send: true,
                asks_first: false
            })
        );
        bench.press(Press::StopAnswer(StopChoice::SendWhatIHave));
        assert!(matches!(bench.view.page, Page::Saved(_)));
        assert_eq!(bench.filed.len(), 1);
    }
}

#[test]
fn helped_at_the_screen_means_no_safety_question_and_back_leaves_the_short_way() {
    let mut bench = Bench::new();
    bench.walk_to_story();
    bench.presses([Press::Stop, Press::StopAnswer(StopChoice::SendWhatIHave)]);
    bench.choose("reach-you", "ring");
    bench.press(Press::Next);
    bench.choose("who-is-typing", "a-child");
    bench.presses([Press::Next, Press::Next, Press::Next]);
    assert!(matches!(bench.view.page, Page::Saved(_)), "{:?}", bench.view.page);

    let mut bench = Bench::new();
    bench.walk_to_story();
    bench.presses([Press::Stop, Press::StopAnswer(StopChoice::SendWhatIHave), Press::Back]);
    assert_eq!(bench.question(), "because-of-who-you-are");
    bench.press(Press::Next);
    bench.choose("reach-you", "code-only");
    bench.press(Press::Next);
    assert_eq!(bench.question(), "who-is-typing", "the ordinary walk");
}

#[test]
fn send_leads_to_a_required_question_that_is_open_again() {
    for question in ["reach-you", "danger-now"] {
        let mut bench = Bench::new();
        bench.walk_to_check();
        bench.press(Press::Clear(bench.at(question)));
        let Page::Check(hub) = &bench.view.page else { panic!() };
        assert_eq!(hub.missing, Some(bench.at(question)));
        bench.press(Press::Send);
        assert_eq!(bench.question(), question);
        let Page::Question(shown) = &bench.view.page else {
            panic!()
        };
        assert!(shown.needs_answer && bench.filed.is_empty());
        bench.choose(question, if question == "reach-you" { "code-only" } else { "no" });
        bench.press(Press::Next);
        assert!(matches!(bench.view.page, Page::Saved(_)), "{:?}", bench.view.page);
        assert_eq!(bench.filed.len(), 1);
    }
}

#[test]
fn a_way_taken_while_changing_can_be_taken_back_and_sending_ends_the_change() {
    let mut bench = Bench::new();
    bench.walk_to_check();
    let story = bench.at("what-happened");
    bench.presses([Press::Change(story), Press::Way(story, 1), Press::Back]);
    assert_eq!(bench.question(), "what-happened");
    bench.press(Press::Next);
    let Page::Check(hub) = &bench.view.page else {
        panic!("{:?}", bench.view.page)
    };
    assert!(hub.answers.iter().any(|row| row.question == story), "the ordinary walk");

    bench.disk = Does::Fails;
    bench.press(Press::Change(story));
    bench.presses([Press::Stop, Press::StopAnswer(StopChoice::SendWhatIHave)]);
    assert_eq!(bench.view.page, Page::NotSaved);
    bench.presses([Press::Back, Press::Section(1)]);
    let first = bench.question().to_owned();
    bench.press(Press::Next);
    assert_ne!(bench.question(), first, "the section goes on");
}

#[test]
fn finishing_with_an_open_code_is_asked_about_once_something_is_said_of_it_never() {
    let at_saved = || {
        let mut bench = Bench::new();
        bench.walk_to_check();
        bench.press(Press::Send);
        bench
    };
    let mut bench = at_saved();
    bench.press(Press::Done);
    assert!(matches!(bench.view.overlay, Some(Overlay::Stop { .. })));
    bench.press(Press::StopAnswer(StopChoice::CarryOn));
    let Page::Saved(saved) = &bench.view.page else {
        panic!("{:?}", bench.view.page)
    };
    assert!(saved.code.is_some());
    bench.presses([Press::Done, Press::StopAnswer(StopChoice::ThrowAway)]);
    assert_eq!((&bench.view.page, bench.filed.len()), (&Page::Start, 1));
    let settles: [&[Press]; 2] = [&[Press::CodeKept], &[Press::CannotKeep, Press::Back]];
    for presses in settles {
        let mut bench = at_saved();
        bench.presses(presses.iter().cloned());
        bench.press(Press::Done);
        assert_eq!(bench.view.page, Page::Start, "{presses:?}");
    }
    // Without a code there is nothing to lose.
    let mut bench = Bench::new();
    bench.keys = Does::Fails;
    bench.walk_to_check();
    bench.presses([Press::Send, Press::Done]);
    assert_eq!(bench.view.page, Page::Start);
}

#[test]
fn a_code_that_could_not_be_made_is_tried_again_at_send() {
    let mut bench = Bench::new();
    bench.keys = Does::Fails;
    bench.walk_to_check();
    bench.keys = Does::Works;
    bench.press(Press::Send);
    let Page::Saved(saved) = &bench.view.page else {
        panic!("{:?}", bench.view.page)
    };
    assert_eq!(saved.code, bench.codes.last().cloned());
    let heard::machine::Subject::Report(report) = &bench.filed[0].subject else {
        panic!("not a report")
    };
    assert!(report.mailbox.is_some() && bench.filed.len() == 1);
}

#[test]
fn back_from_a_change_undoes_no_way_that_was_taken_before() {
    let mut bench = Bench::new();
    bench.press(Press::Tile(heard::machine::Tile::TellUs));
    bench.press(Press::TellAPerson);
    bench.choose("reach-you", "ring");
    while matches!(bench.view.page, Page::Question(_)) {
        bench.press(Press::Next);
    }
    bench.press(Press::Change(bench.at("reach-you")));
    assert_eq!(bench.question(), "reach-you");
    bench.press(Press::Back);
    assert!(matches!(bench.view.page, Page::Check(_)), "{:?}", bench.view.page);
    bench.press(Press::Send);
    let heard::machine::Subject::Report(report) = &bench.filed[0].subject else {
        panic!("not a report")
    };
    assert!(report.routing.flags.contains(&Flag::TellAPerson));
}

/// The page that asks for the number.
fn at_phone() -> Bench {
    let mut bench = Bench::new();
    bench.walk_to_check();
    bench.press(Press::Change(bench.at("reach-you")));
    bench.choose("reach-you", "ring");
    while bench.question() != "phone" {
        bench.press(Press::Next);
    }
    bench
}

#[test]
fn half_a_number_is_no_answer_and_an_earlier_one_does_not_stay_in_its_place() {
    let typed = |bench: &Bench| match &bench.view.page {
        Page::Question(shown) => (shown.given.clone(), shown.problem.is_some()),
        other => panic!("{other:?}"),
    };
    let text = |words: &str| Some(Given::Text(words.into()));
    let sends = |bench: &Bench| matches!(&bench.view.page, Page::Question(shown) if shown.sends);
    let mut bench = at_phone();
    bench.say("phone", "07700 900123");
    for shorter in ["07700 900", "07700", "0770"] {
        bench.say("phone", shorter);
    }
    assert_eq!(typed(&bench), (text("0770"), true));
    // Hidden and back: what was typed stands there still; Continue does not pass over it.
    bench.press(Press::Hide);
    bench.wait(1_000);
    bench.presses([Press::Hide, Press::StillHere, Press::Next]);
    assert_eq!((bench.question(), typed(&bench)), ("phone", (text("0770"), true)));
    assert!(!format!("{:?}", bench.kiosk).contains("0770"));
    bench.presses([Press::Stop, Press::StopAnswer(StopChoice::SendWhatIHave)]);
    let mut told = 0;
    while !matches!(bench.view.page, Page::Saved(_)) {
        if bench.question() == "phone" {
            // Once: then it is left by somebody who knows.
            told += 1;
            assert_eq!((typed(&bench), sends(&bench)), ((text("0770"), true), false));
            bench.press(Press::Next);
            assert_eq!(bench.question(), "phone", "Continue says what is wrong");
            bench.presses([Press::Stop, Press::StopAnswer(StopChoice::SendWhatIHave)]);
        } else {
            bench.press(Press::Next);
        }
    }
    assert_eq!(told, 1, "Send leads to half a number before it goes without one");
    assert!(!format!("{:?}", bench.kiosk).contains("Draft"), "gone with the report");
    let heard::machine::Subject::Report(report) = &bench.filed[0].subject else {
        panic!("not a report")
    };
    let phone = &report.report.filled.answers[bench.at("phone")];
    assert!(
        !matches!(phone, heard::form::Answer::Given(_)),
        "nothing that was taken back is filed"
    );
    // Finished, it is an answer again.
    let mut bench = at_phone();
    bench.say("phone", "0770");
    bench.press(Press::Clear(bench.at("phone")));
    assert_eq!(typed(&bench), (None, false));
    bench.say("phone", "0770");
    bench.say("phone", "07700 900123");
    assert_eq!(typed(&bench), (text("07700 900123"), false));
    bench.press(Press::Next);
    assert_ne!(bench.question(), "phone");
}
