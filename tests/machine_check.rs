//! The check page at the machine's public door: rows start closed, Show opens one, Change comes back (SAFETY 5).
#![allow(clippy::unwrap_used, reason = "a test that fails here should stop here")]

#[path = "support/machine_bench.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod machine_bench;

use heard::form::Given;
use heard::machine::{ClosedAnswer, HubView, Page, Press, StopChoice};
use machine_bench::Bench;

fn told() -> Bench {
    let mut bench = Bench::new();
    bench.walk_to_check();
    let words = Given::Text("One two three four.".into());
    bench.press(Press::Answer(bench.at("what-happened"), words));
    bench
}

fn hub(bench: &Bench) -> &HubView {
    match &bench.view.page {
        Page::Check(hub) => hub,
        other => panic!("not the check page: {other:?}"),
    }
}

#[test]
fn rows_start_closed_and_show_opens_one_at_a_time() {
    let mut bench = told();
    let story = bench.at("what-happened");
    let danger = bench.at("danger-now");
    let row = hub(&bench).answers.iter().find(|row| row.question == story).unwrap();
    assert_eq!(row.closed, ClosedAnswer::Words(4));
    assert_eq!(hub(&bench).shown, None);
    bench.press(Press::Show(story));
    assert!(matches!(&hub(&bench).shown, Some((at, Given::Text(words))) if *at == story && words.ends_with("four.")));
    bench.press(Press::Show(danger));
    assert!(matches!(&hub(&bench).shown, Some((at, Given::Choice(_))) if *at == danger));
    bench.press(Press::Show(danger));
    assert_eq!(hub(&bench).shown, None, "a second press closes it");
    bench.press(Press::Change(danger));
    bench.press(Press::Next);
    assert_eq!(hub(&bench).shown, None, "and so does leaving the page");
}

#[test]
fn change_comes_back_after_the_question_and_what_it_opens() {
    let mut bench = told();
    let because = bench.at("because-of-who-you-are");
    for (choice, opens) in [("no", None), ("yes", Some("which-part")), ("maybe", None)] {
        bench.press(Press::Change(because));
        assert_eq!(bench.question(), "because-of-who-you-are", "{choice}");
        bench.choose("because-of-who-you-are", choice);
        bench.press(Press::Next);
        if let Some(opened) = opens {
            assert_eq!(bench.question(), opened);
            bench.press(Press::Next);
        }
        assert!(matches!(bench.view.page, Page::Check(_)), "{choice}");
    }
    bench.press(Press::Change(because));
    bench.press(Press::Back);
    assert!(
        matches!(bench.view.page, Page::Check(_)),
        "Back leaves the answer as it was"
    );
}

#[test]
fn a_row_is_closed_again_once_the_check_page_was_left_or_covered() {
    let leave: [&[Press]; 9] = [
        &[Press::Stop, Press::StopAnswer(StopChoice::CarryOn)],
        &[Press::Stop, Press::Hide, Press::Touched, Press::Hide, Press::StillHere],
        &[Press::CloseAnswers],
        &[Press::CloseAnswers, Press::CloseAnswers],
        &[Press::Language("en".into())],
        &[Press::Hide, Press::Touched, Press::Hide, Press::StillHere],
        &[Press::Back, Press::Next],
        &[Press::Section(1), Press::Back],
        &[Press::Change(2), Press::Back],
    ];
    for presses in leave {
        let mut bench = Bench::new();
        bench.walk_to_check();
        let shown = |bench: &Bench| match &bench.view.page {
            Page::Check(hub) => hub.shown.is_some(),
            other => panic!("{other:?}"),
        };
        bench.press(Press::Show(bench.at("what-happened")));
        assert!(shown(&bench));
        for press in presses {
            bench.press(press.clone());
            bench.wait(500);
        }
        assert!(!shown(&bench), "{presses:?}");
    }
}
