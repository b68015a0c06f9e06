//! Help now comes before whatever passes over an answer with a red flag, and what was pressed goes on after it, at the
//! machine's public door (SAFETY 14, 15).
#![allow(clippy::unwrap_used, reason = "a test that fails here should stop here")]

#[path = "support/machine_bench.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod machine_bench;

use heard::machine::{Overlay, Page, Press, StopChoice, Tile};
use machine_bench::Bench;

/// The question that the help page is shown for.
fn helped(bench: &Bench) -> &str {
    match &bench.view.page {
        Page::HelpNow(help) => &bench.form.questions[help.question].id,
        other => panic!("no help page: {other:?}"),
    }
}

/// On the page of `effects`, in its section, with a tile that is never a score.
fn at_effects() -> Bench {
    let mut bench = Bench::new();
    bench.walk_to_check();
    let section = bench.form.questions[bench.at("effects")].section;
    bench.press(Press::Section(section));
    while bench.question() != "effects" {
        bench.press(Press::Next);
    }
    bench.choose("effects", "self-harm");
    bench
}

#[test]
fn back_to_the_check_page_passes_help_and_goes_on() {
    let mut bench = Bench::new();
    bench.walk_to_check();
    let danger = bench.at("danger-now");
    bench.press(Press::Change(danger));
    bench.choose("danger-now", "yes-here");
    bench.press(Press::Back);
    assert_eq!(helped(&bench), "danger-now", "while it is changed");
    bench.press(Press::Back);
    assert_eq!(bench.question(), "danger-now");
    bench.presses([Press::Back, Press::Next]);
    assert!(matches!(bench.view.page, Page::Check(_)), "{:?}", bench.view.page);
    bench.presses([Press::Change(danger), Press::Back]);
    assert!(matches!(bench.view.page, Page::Check(_)), "read once");

    let mut bench = at_effects();
    bench.press(Press::Back);
    while matches!(bench.view.page, Page::Question(_)) {
        bench.press(Press::Back);
    }
    assert_eq!(helped(&bench), "effects", "from the first page of the section");
    bench.press(Press::Next);
    assert!(matches!(bench.view.page, Page::Check(_)), "{:?}", bench.view.page);
}

#[test]
fn a_way_and_the_way_to_a_person_pass_help_and_go_on() {
    let mut bench = Bench::new();
    bench.presses([Press::Tile(Tile::TellUs), Press::Next]);
    bench.choose("danger-now", "yes-here");
    bench.press(Press::TellAPerson);
    assert_eq!(helped(&bench), "danger-now");
    bench.press(Press::Next);
    assert_eq!(bench.question(), "reach-you");
    bench.press(Press::Back);
    assert_eq!(bench.question(), "danger-now", "taken back as ever");

    // A way leads where it leads without a red flag.
    let way_from_harms = |choice: &str| {
        let mut bench = Bench::new();
        bench.walk_to_story();
        bench.press(Press::Way(bench.at("what-happened"), 0));
        assert_eq!(bench.question(), "harms");
        bench.choose("harms", choice);
        bench.press(Press::Way(bench.at("harms"), 0));
        bench
    };
    let plain = way_from_harms("threats");
    let mut bench = way_from_harms("weapon");
    assert_eq!(helped(&bench), "harms");
    bench.press(Press::Next);
    assert_eq!(bench.view.page, plain.view.page);
    assert_eq!(bench.question(), "what-happened", "in their own words");
    bench.press(Press::Back);
    assert_eq!(bench.question(), "harms", "and back to the list");
}

#[test]
fn send_what_i_have_passes_help_and_is_not_lost() {
    let send = [Press::Stop, Press::StopAnswer(StopChoice::SendWhatIHave)];
    let mut bench = at_effects();
    bench.presses(send.clone());
    assert_eq!((helped(&bench), bench.filed.len()), ("effects", 0));
    bench.press(Press::Back);
    assert_eq!((bench.question(), bench.filed.len()), ("effects", 0));
    bench.presses(send.clone());
    bench.press(Press::Next);
    assert!(matches!(bench.view.page, Page::Saved(_)), "{:?}", bench.view.page);
    assert_eq!(bench.filed.len(), 1);

    // Somebody who sends from the help page has it before their eyes.
    let mut bench = at_effects();
    bench.press(Press::Next);
    assert_eq!(helped(&bench), "effects");
    bench.press(Press::Stop);
    assert_eq!(
        bench.view.overlay,
        Some(Overlay::Stop {
            can_send: true,
            asks_first: false
        })
    );
    bench.press(Press::StopAnswer(StopChoice::SendWhatIHave));
    assert_eq!(bench.filed.len(), 1, "{:?}", bench.view.page);
}

#[test]
fn send_passes_help_for_every_such_answer_and_goes_on() {
    let mut bench = Bench::new();
    bench.walk_to_check();
    bench.choose("effects", "self-harm");
    bench.choose("danger-now", "yes-somewhere");
    bench.press(Press::Send);
    assert_eq!(helped(&bench), "danger-now");
    bench.press(Press::Back);
    assert!(
        matches!(bench.view.page, Page::Check(_)),
        "back where Send was pressed: {:?}",
        bench.view.page
    );
    bench.presses([Press::Send, Press::Next]);
    assert_eq!((helped(&bench), bench.filed.len()), ("effects", 0));
    bench.press(Press::Stop);
    assert_eq!(
        bench.view.overlay,
        Some(Overlay::Stop {
            can_send: true,
            asks_first: false
        }),
        "as on the check page"
    );
    bench.presses([Press::StopAnswer(StopChoice::CarryOn), Press::Next]);
    assert!(matches!(bench.view.page, Page::Saved(_)), "{:?}", bench.view.page);
    assert_eq!(bench.filed.len(), 1);
}
