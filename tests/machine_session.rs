//! One visit at the machine's public door: Hide, Stop, idle, ways and what must be answered before Send (SAFETY 2, 3, 32).
#![allow(clippy::unwrap_used, reason = "a test that fails here should stop here")]

#[path = "support/machine_bench.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod machine_bench;

use heard::form::{Answer, Flag};
use heard::machine::{Asked, FileRequest, Overlay, Page, Press, ReportRequest, StopChoice, Subject, Tile};
use heard::mailbox::ReferenceCode;
use machine_bench::{Bench, Does};

/// A walk from the start page.
type Walk = fn(&mut Bench);

/// How to come to each page.
const PAGES: [(&str, Walk); 9] = [
    ("numbers", |bench| bench.press(Press::Tile(Tile::UsefulNumbers))),
    ("promise", |bench| bench.press(Press::Tile(Tile::TellUs))),
    ("story", |bench| {
        bench.walk_to_story();
        bench.say("what-happened", "SECRET");
    }),
    ("check", Bench::walk_to_check),
    ("not saved", |bench| {
        bench.walk_to_check();
        bench.disk = Does::Fails;
        bench.press(Press::Send);
        assert_eq!(bench.view.page, Page::NotSaved);
    }),
    ("saved", |bench| {
        bench.walk_to_check();
        bench.press(Press::Send);
    }),
    ("cannot keep", |bench| {
        bench.walk_to_check();
        bench.presses([Press::Send, Press::CannotKeep]);
        assert!(matches!(bench.view.page, Page::CannotKeep(_)));
    }),
    ("code", |bench| bench.press(Press::Tile(Tile::ComeBack))),
    ("return", |bench| {
        bench.press(Press::Tile(Tile::ComeBack));
        bench.press(Press::Code(ReferenceCode::from_random([5; 16])));
    }),
];

fn pages() -> impl Iterator<Item = (&'static str, Bench)> {
    PAGES.into_iter().map(|(name, walk)| {
        let mut bench = Bench::new();
        walk(&mut bench);
        assert_ne!(bench.view.page, Page::Start, "{name}");
        (name, bench)
    })
}

fn assert_forgotten(bench: &Bench, session: u32, name: &str) {
    assert_eq!((&bench.view.page, bench.view.overlay), (&Page::Start, None), "{name}");
    assert!(bench.view.session > session, "{name}");
    let printed = format!("{:?}", bench.kiosk);
    assert!(
        printed.contains("entry: None") && printed.contains("keys: None"),
        "{name}"
    );
    assert!(printed.contains("saved: None"), "{name}");
}

#[test]
fn hide_covers_at_once_and_asks_before_it_shows_again() {
    for (name, mut bench) in pages() {
        let mut before = bench.view.page.clone();
        if let Page::Saved(saved) = &mut before {
            // Whoever comes back asks for the code.
            saved.code_closed = saved.code.take().is_some();
        }
        bench.press(Press::Hide);
        assert_eq!(bench.view.overlay, Some(Overlay::Hidden), "{name}");
        bench.press(Press::Hide);
        bench.wait(999);
        bench.presses([
            Press::Hide,
            Press::Next,
            Press::Done,
            Press::StillHere,
            Press::Stop,
            Press::ShowCode,
            Press::Send,
        ]);
        assert_eq!(
            bench.view.overlay,
            Some(Overlay::Hidden),
            "{name}: only Hide leads back, and never the second tap of a hand that hides"
        );
        bench.wait(1);
        bench.press(Press::Hide);
        assert_eq!(bench.view.overlay, Some(Overlay::StillThere(Asked::Back)), "{name}");
        bench.presses([Press::Next, Press::ShowCode]);
        assert!(bench.is_covered(), "{name}");
        // Whoever hides again from there is hidden at once.
        bench.press(Press::Hide);
        assert_eq!(bench.view.overlay, Some(Overlay::Hidden), "{name}");
        bench.wait(1_000);
        bench.presses([Press::Hide, Press::StillHere]);
        assert_eq!((&bench.view.page, bench.view.overlay), (&before, None), "{name}");
    }
}

#[test]
fn hidden_and_not_come_back_is_wiped_after_two_minutes_even_if_the_tick_is_late() {
    for (name, mut bench) in pages() {
        let session = bench.view.session;
        bench.press(Press::Hide);
        bench.wait(119_999);
        assert_eq!(bench.view.overlay, Some(Overlay::Hidden), "{name}");
        bench.wait(1);
        assert_forgotten(&bench, session, name);
    }
    for (name, mut bench) in pages() {
        let session = bench.view.session;
        bench.press(Press::Hide);
        bench.now += 120_000;
        bench.press(Press::Hide);
        assert_forgotten(&bench, session, name);
    }
}

#[test]
fn nobody_there_is_asked_and_then_all_is_wiped_and_the_outbox_stays() {
    for (name, mut bench) in pages().filter(|(name, _)| *name != "saved") {
        let (session, queue) = (bench.view.session, bench.queue.clone());
        bench.wait(119_999);
        assert_eq!(bench.view.overlay, None, "{name}");
        bench.wait(1);
        assert_eq!(bench.view.overlay, Some(Overlay::StillThere(Asked::Idle)), "{name}");
        bench.wait(44_999);
        bench.press(Press::StillHere);
        assert_eq!(bench.view.overlay, None, "{name}");
        bench.wait(165_000);
        assert_forgotten(&bench, session, name);
        assert_eq!(bench.queue, queue, "{name}");
    }
    // A kiosk that slept does not ask a stranger, who would press "I am still here".
    let mut bench = Bench::new();
    bench.walk_to_check();
    bench.now += 165_000;
    bench.press(Press::StillHere);
    assert_forgotten(&bench, 1, "slept");
}

#[test]
fn a_language_goes_with_the_person_who_chose_it() {
    let mut bench = Bench::new();
    let other = bench.form.languages.last().unwrap().clone();
    bench.press(Press::Language(other));
    let session = bench.view.session;
    bench.wait(120_000);
    assert_forgotten(&bench, session, "start");
    assert_eq!(bench.view.language, bench.form.languages[0]);
}

#[test]
fn stop_has_three_answers() {
    let mut bench = Bench::new();
    bench.walk_to_story();
    bench.say("what-happened", "SECRET");
    bench.press(Press::Stop);
    assert_eq!(
        bench.view.overlay,
        Some(Overlay::Stop {
            can_send: true,
            asks_first: true
        })
    );
    bench.presses([Press::Next, Press::Back, Press::StopAnswer(StopChoice::CarryOn)]);
    assert_eq!((bench.question(), bench.view.overlay), ("what-happened", None));
    bench.presses([Press::Stop, Press::StopAnswer(StopChoice::ThrowAway)]);
    assert_forgotten(&bench, 1, "thrown away");
    assert!(bench.filed.is_empty());
}

#[test]
fn before_the_story_there_is_nothing_to_send() {
    let mut bench = Bench::new();
    bench.press(Press::Tile(Tile::TellUs));
    while bench.question() != "what-happened" {
        bench.press(Press::Stop);
        assert!(matches!(
            bench.view.overlay,
            Some(Overlay::Stop { can_send: false, .. })
        ));
        let page = bench.view.page.clone();
        bench.press(Press::StopAnswer(StopChoice::SendWhatIHave));
        assert_eq!(bench.view.page, page);
        if bench.question() == "danger-now" {
            bench.choose("danger-now", "no");
        }
        bench.press(Press::Next);
    }
}

fn report_of(request: &FileRequest) -> &ReportRequest {
    match &request.subject {
        Subject::Report(report) => report,
        Subject::Addition(_) => panic!("an addition"),
    }
}

#[test]
fn telling_a_person_is_a_complete_report_from_both_pages() {
    for from_story in [false, true] {
        let mut bench = Bench::new();
        if from_story {
            bench.walk_to_story();
            bench.press(Press::Way(bench.at("what-happened"), 1));
        } else {
            bench.press(Press::Tile(Tile::TellUs));
            bench.press(Press::Way(bench.at("before-you-start"), 0));
        }
        let mut asked = Vec::new();
        while matches!(bench.view.page, Page::Question(_)) {
            asked.push(bench.question().to_owned());
            match bench.question() {
                "reach-you" => bench.choose("reach-you", "ring"),
                "phone" => bench.say("phone", "0161 496 0000"),
                "not-safe" => bench.choose("not-safe", "voicemail"),
                _ => {}
            }
            bench.press(Press::Next);
        }
        assert_eq!(
            asked[..4],
            ["reach-you", "name", "phone", "not-safe"],
            "from story: {from_story}"
        );
        assert!(bench.form.questions.len() > 40 && asked.len() <= 10, "{asked:?}");
        bench.press(Press::Send);
        if !from_story {
            // Only from the story page on is it known whether somebody is in danger; a person will ask.
            assert!(matches!(bench.view.page, Page::Saved(_)), "{:?}", bench.view.page);
        }
        let report = report_of(&bench.filed[0]);
        assert!(report.routing.flags.contains(&Flag::TellAPerson));
        let given = bench.form.questions.iter().zip(&report.report.filled.answers);
        let given: Vec<&str> = given
            .filter(|(_, answer)| matches!(answer, Answer::Given(_) | Answer::Declined))
            .map(|(question, _)| &question.id[..])
            .filter(|id| !from_story || *id != "danger-now")
            .collect();
        assert_eq!(given, ["how-to-tell", "reach-you", "phone", "not-safe"]);
        assert_eq!(report.report.filled.language, "en");
    }
}

#[test]
fn a_way_pressed_by_mistake_is_taken_back() {
    // Back from where it led to, then Continue: the ordinary walk.
    for (page, way, led_to, ordinary) in [
        ("before-you-start", 0, "reach-you", "danger-now"),
        ("what-happened", 1, "reach-you", "who-did-it"),
        ("what-happened", 0, "", "who-did-it"),
    ] {
        let mut bench = Bench::new();
        bench.press(Press::Tile(Tile::TellUs));
        if page == "what-happened" {
            bench.press(Press::Next);
            bench.choose("danger-now", "no");
            bench.presses([Press::Next, Press::Next]);
            bench.say("what-happened", "SECRET");
        }
        bench.press(Press::Way(bench.at(page), way));
        assert!(led_to.is_empty() || bench.question() == led_to);
        let landed = bench.question().to_owned();
        bench.presses([Press::Next, Press::Back]);
        if bench.question() == landed {
            bench.press(Press::Back);
        }
        assert_eq!(bench.question(), page, "Back shows the page that was left");
        let Page::Question(shown) = &bench.view.page else {
            unreachable!()
        };
        assert_eq!(
            shown.given.is_some(),
            page == "what-happened",
            "the story is still there"
        );
        bench.press(Press::Next);
        assert_eq!(bench.question(), ordinary);
    }
    // A way of a page that is not shown is nobody's press; an answer by itself is not taken back by Continue.
    let mut bench = Bench::new();
    bench.press(Press::Tile(Tile::TellUs));
    bench.press(Press::Way(bench.at("what-happened"), 1));
    assert_eq!(bench.question(), "before-you-start");
    bench.choose("how-to-tell", "person");
    bench.press(Press::Next);
    assert_eq!(bench.question(), "reach-you", "as an answers file says it");
}
