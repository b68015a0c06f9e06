//! Somebody near, help now, the last four digits, any touch, and the way to a person, at the machine's public door
//! (SAFETY 2, 5, 14, 16, 23, 32).
#![allow(clippy::unwrap_used, reason = "a test that fails here should stop here")]

#[path = "support/machine_bench.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod machine_bench;

use heard::form::{Flag, Given};
use heard::machine::{Asked, CodeCheck, HubView, Overlay, Page, Press, SavedView, StopChoice, Tile};
use machine_bench::Bench;
use zeroize::Zeroizing;

fn hub(bench: &Bench) -> &HubView {
    match &bench.view.page {
        Page::Check(hub) => hub,
        other => panic!("not the check page: {other:?}"),
    }
}

fn saved(bench: &Bench) -> &SavedView {
    match &bench.view.page {
        Page::Saved(saved) => saved,
        other => panic!("not saved: {other:?}"),
    }
}

#[test]
fn with_somebody_near_a_row_is_asked_about_before_it_opens() {
    let mut bench = Bench::new();
    bench.walk_to_check();
    let (story, danger) = (bench.at("what-happened"), bench.at("danger-now"));
    bench.press(Press::Show(story));
    assert!(hub(&bench).shown.is_some());
    bench.press(Press::SomeoneNear(true));
    assert!(hub(&bench).shown.is_none(), "an open row closes");
    bench.press(Press::Show(story));
    assert_eq!((hub(&bench).shown.is_some(), hub(&bench).asks), (false, Some(story)));
    bench.press(Press::Show(danger));
    assert_eq!((hub(&bench).shown.is_some(), hub(&bench).asks), (false, Some(danger)));
    bench.press(Press::Back);
    assert_eq!(hub(&bench).asks, None, "Back closes and stays");
    bench.presses([Press::Show(danger), Press::Show(danger)]);
    assert!(matches!(hub(&bench).shown, Some((at, _)) if at == danger));
    bench.press(Press::Hide);
    bench.wait(1_000);
    bench.presses([Press::Hide, Press::StillHere]);
    assert_eq!((hub(&bench).shown.is_some(), hub(&bench).asks), (false, None));
    bench.press(Press::SomeoneNear(false));
    bench.press(Press::Show(story));
    assert!(hub(&bench).shown.is_some());
}

/// The front goes back to its first looks with every new session.
#[test]
fn what_was_touched_on_the_start_page_is_forgotten_once_and_after_the_last_touch() {
    let mut bench = Bench::new();
    let session = bench.view.session;
    bench.wait(600_000);
    assert_eq!(bench.view.session, session, "nobody was there");
    bench.press(Press::Touched);
    bench.wait(100_000);
    bench.press(Press::Touched);
    bench.wait(119_999);
    assert_eq!(bench.view.session, session, "somebody is still there");
    bench.wait(1);
    assert_eq!(bench.view.session, session + 1);
    assert_eq!((&bench.view.page, bench.view.overlay), (&Page::Start, None));
    bench.wait(600_000);
    assert_eq!(bench.view.session, session + 1, "and nothing more to forget");
}

#[test]
fn somebody_near_goes_with_the_visit() {
    let mut bench = Bench::new();
    bench.press(Press::SomeoneNear(true));
    assert!(bench.view.near);
    bench.wait(120_000);
    assert!(!bench.view.near, "on the start page as well");
    bench.walk_to_story();
    bench.press(Press::SomeoneNear(true));
    bench.presses([Press::Hide, Press::SomeoneNear(false)]);
    assert!(bench.view.near, "nobody can change it under a cover");
    bench.wait(1_000);
    bench.presses([Press::Hide, Press::StillHere]);
    bench.presses([Press::Stop, Press::StopAnswer(StopChoice::ThrowAway)]);
    assert!(!bench.view.near);
}

/// Choice by choice, whatever the form is: a red flag and nothing else opens the page.
#[test]
fn every_choice_with_a_red_flag_is_followed_by_help_and_no_other_is() {
    let form = machine_bench::report_form();
    let mut opened = 0;
    for (question, asked) in form.questions.iter().enumerate() {
        for choice in asked.kind.choices() {
            let is_red =
                |meaning: &heard::form::Meaning| matches!(meaning, heard::form::Meaning::Flag(flag) if flag.is_red());
            let red = choice.means.iter().any(is_red);
            let Some(mut bench) = at_question(&asked.id) else {
                continue;
            };
            let given = match &asked.kind {
                heard::form::QuestionKind::ManyChoices { .. } => Given::Choices(vec![choice.code]),
                heard::form::QuestionKind::YesNoNotSure { .. } => {
                    let all = heard::form::YesNo::ALL.into_iter();
                    Given::YesNo(all.into_iter().find(|answer| answer.code() == choice.code).unwrap())
                }
                heard::form::QuestionKind::OneChoice { .. } => Given::Choice(choice.code),
                _ => continue,
            };
            bench.presses([Press::Answer(question, given.clone()), Press::Next]);
            let opens =
                matches!(&bench.view.page, Page::HelpNow(help) if help.question == question && !help.flags.is_empty());
            assert_eq!(opens, red, "{} {}", asked.id, choice.id);
            if opens {
                opened += 1;
                bench.presses([Press::Stop, Press::StopAnswer(StopChoice::CarryOn), Press::Next]);
                assert!(
                    !matches!(bench.view.page, Page::HelpNow(_)),
                    "it does not hold anybody up"
                );
            }
        }
    }
    assert!(opened >= 6, "{opened}");
}

/// A bench on the page of a question that can be reached by opening its section.
fn at_question(id: &str) -> Option<Bench> {
    let mut bench = Bench::new();
    let at = bench.at(id);
    let section = bench.form.questions[at].section;
    if section == 0 {
        bench.press(Press::Tile(Tile::TellUs));
    } else {
        bench.walk_to_check();
        bench.press(Press::Section(section));
    }
    for _ in 0..30 {
        match &bench.view.page {
            Page::Question(page) if page.question == at => return Some(bench),
            Page::Question(page) if bench.form.questions[page.question].id == "danger-now" => {
                bench.choose("danger-now", "no");
            }
            Page::Question(page) if bench.form.questions[page.question].id == "who-is-it-about" => {
                bench.choose("who-is-it-about", "someone-else");
            }
            Page::Question(_) => {}
            _ => return None,
        }
        bench.press(Press::Next);
    }
    None
}

#[test]
fn help_now_comes_again_for_another_answer_and_leads_back() {
    let mut bench = Bench::new();
    bench.presses([Press::Tile(Tile::TellUs), Press::Next]);
    bench.choose("danger-now", "yes-here");
    bench.press(Press::Next);
    let Page::HelpNow(help) = &bench.view.page else {
        panic!("{:?}", bench.view)
    };
    assert_eq!(help.flags, [Flag::Danger]);
    bench.press(Press::Stop);
    assert!(
        matches!(bench.view.overlay, Some(Overlay::Stop { can_send: false, .. })),
        "before the story"
    );
    bench.press(Press::StopAnswer(StopChoice::CarryOn));
    bench.press(Press::Back);
    assert_eq!(bench.question(), "danger-now");
    bench.presses([Press::Next, Press::Next]);
    assert_eq!(bench.question(), "who-is-it-about");
    bench.presses([Press::Back, Press::Next]);
    assert_eq!(bench.question(), "who-is-it-about", "read once, it is not shown again");
    bench.press(Press::Back);
    bench.choose("danger-now", "yes-somewhere");
    bench.press(Press::Next);
    assert!(matches!(bench.view.page, Page::HelpNow(_)));
    let session = bench.view.session;
    bench.wait(165_000);
    assert!(
        bench.view.page == Page::Start && bench.view.session > session,
        "idle as any other page"
    );
}

#[test]
fn no_words_that_are_typed_open_anything() {
    let pages = |words: &str| {
        let mut bench = Bench::new();
        bench.walk_to_story();
        bench.say("what-happened", words);
        let typed = matches!(bench.view.page, Page::Question(_));
        bench.press(Press::Next);
        (typed, bench.question().to_owned())
    };
    assert_eq!(
        pages("I will kill myself. He has a knife and a gun."),
        pages("The bins were not emptied again.")
    );
}

#[test]
fn the_last_four_are_checked_with_the_code_closed_as_often_as_one_likes() {
    let mut bench = Bench::new();
    bench.press(Press::LastFour(Zeroizing::new("0000".into())));
    bench.walk_to_check();
    bench.press(Press::Send);
    let code = saved(&bench).code.clone().unwrap().grouped();
    let right = &code[15..];
    let wrong = if right == "1234" { "4321" } else { "1234" };
    bench.press(Press::LastFour(Zeroizing::new(right.into())));
    assert_eq!(saved(&bench).check, None, "nobody asked");
    bench.press(Press::CheckCode);
    assert_eq!(saved(&bench).check, Some(CodeCheck::Asked));
    let half = &right[..3];
    let first_four = &code[..4];
    for typed in [wrong, "", half, first_four, &code, wrong, wrong, wrong] {
        bench.press(Press::LastFour(Zeroizing::new(typed.to_owned())));
        assert_eq!(saved(&bench).check, Some(CodeCheck::Wrong));
        assert!(
            saved(&bench).code.is_none() && saved(&bench).code_closed,
            "it is never shown by itself"
        );
    }
    bench.press(Press::LastFour(Zeroizing::new(right.into())));
    assert_eq!(saved(&bench).check, Some(CodeCheck::Right));
    assert!(saved(&bench).code.is_none(), "right does not show it either");
    bench.press(Press::Back);
    assert_eq!((saved(&bench).check, saved(&bench).code.is_none()), (None, true));
    bench.presses([Press::CheckCode, Press::ShowCode]);
    assert_eq!((saved(&bench).check, saved(&bench).code.is_some()), (None, true));
    bench.press(Press::CheckCode);
    bench.wait(300_000);
    assert_eq!(bench.view.page, Page::Start, "the wipe waits for nobody");
}

#[test]
fn the_countdown_is_told_by_seconds_and_any_touch_ends_it() {
    let mut bench = Bench::new();
    bench.walk_to_story();
    bench.wait(119_999);
    assert_eq!(bench.view.wipes_in, None);
    bench.wait(1);
    assert_eq!(
        (bench.view.overlay, bench.view.wipes_in),
        (Some(Overlay::StillThere(Asked::Idle)), Some(45))
    );
    for left in (1..45).rev() {
        bench.wait(1_000);
        assert_eq!(bench.view.wipes_in, Some(left));
    }
    bench.press(Press::Touched);
    assert_eq!((bench.view.overlay, bench.view.wipes_in), (None, None));
    bench.wait(119_999);
    assert_eq!(bench.view.overlay, None, "touched: the wait begins anew");
    bench.press(Press::Touched);
    bench.wait(119_999);
    assert_eq!(bench.view.overlay, None);
    // On the way back from Hide somebody else may be the one who touches.
    bench.press(Press::Hide);
    bench.wait(1_000);
    bench.presses([Press::Hide, Press::Touched]);
    assert_eq!(bench.view.overlay, Some(Overlay::StillThere(Asked::Back)));
    bench.wait(45_000);
    assert_eq!(bench.view.page, Page::Start);
}

#[test]
fn the_way_to_a_person_starts_from_anywhere_in_the_core_and_is_taken_back() {
    let mut bench = Bench::new();
    bench.press(Press::TellAPerson);
    assert_eq!(bench.question(), "reach-you");
    bench.press(Press::Back);
    assert_eq!(bench.question(), "before-you-start");
    bench.press(Press::Next);
    assert_eq!(
        bench.question(),
        "danger-now",
        "whoever goes on from there has changed their mind"
    );
    bench.press(Press::TellAPerson);
    assert_eq!(bench.question(), "reach-you");
    bench.choose("reach-you", "ring");
    let mut asked = Vec::new();
    while matches!(bench.view.page, Page::Question(_)) {
        asked.push(bench.question().to_owned());
        bench.press(Press::Next);
    }
    assert!(asked.contains(&"language-needed".to_owned()), "{asked:?}");
    bench.press(Press::Send);
    let heard::machine::Subject::Report(report) = &bench.filed[0].subject else {
        panic!("not a report")
    };
    assert!(report.routing.flags.contains(&Flag::TellAPerson));
    bench.presses([Press::TellAPerson, Press::CodeKept, Press::Done]);
    assert_eq!(bench.view.page, Page::Start);
}

#[test]
fn without_a_code_none_is_closed_and_none_is_asked_for() {
    let mut bench = Bench::new();
    bench.keys = machine_bench::Does::Fails;
    bench.walk_to_check();
    bench.presses([Press::Send, Press::CodeKept, Press::CheckCode]);
    assert_eq!((saved(&bench).code_closed, saved(&bench).check), (false, None));
    bench.wait(60_000);
    assert!(!saved(&bench).code_closed, "time closes nothing either");
}
