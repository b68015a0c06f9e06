//! Coming back with a code, at the machine's public door: notes, their words, additions, and the wait (SAFETY 20, 21, 24).
#![allow(clippy::unwrap_used, reason = "a test that fails here should stop here")]

#[path = "support/machine_bench.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod machine_bench;

use heard::machine::{Added, Page, Press, ReturnView, Subject, Tile};
use heard::mailbox::{AdditionKind, ReferenceCode, Stage};
use heard::time::Timestamp;
use heard::wire::v1::StatusNote;
use machine_bench::{Bench, Does};

fn note(words: &str) -> StatusNote {
    StatusNote {
        id: [1; 16],
        stage: Stage::Opened,
        written: Timestamp(1_782_900_000),
        promised: None,
        promise: String::new(),
        caseworker: String::new(),
        apology: false,
        words: words.into(),
    }
}

fn come_back(bench: &mut Bench) {
    bench.press(Press::Tile(Tile::ComeBack));
    bench.press(Press::Code(ReferenceCode::from_random([8; 16])));
}

#[test]
fn empty_codes_take_longer_up_to_thirty_seconds_and_adding_always_works() {
    let mut bench = Bench::new();
    for (round, wait) in [0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]
        .into_iter()
        .enumerate()
    {
        // A code that opens something takes as long as one that opens nothing.
        bench.notes = if round == 8 { vec![note("SECRET")] } else { Vec::new() };
        come_back(&mut bench);
        if wait > 0 {
            bench.wait(wait - 1);
            assert_eq!(bench.view.page, Page::Reading, "{round}");
            bench.wait(1);
        }
        let Page::Return(page) = &bench.view.page else {
            panic!("{round}: {:?}", bench.view.page)
        };
        assert_eq!((page.shown, page.added), (None, None));
        bench.press(Press::Add(
            AdditionKind::Words,
            zeroize::Zeroizing::new("one more thing".into()),
        ));
        let Page::Return(page) = &bench.view.page else { panic!() };
        assert_eq!(page.added, Some(Added::Sent(AdditionKind::Words)));
        assert_eq!(bench.filed.len(), round + 1);
        bench.press(Press::Done);
    }
    come_back(&mut bench);
    assert!(
        matches!(bench.view.page, Page::Return(_)),
        "something was opened: no wait"
    );
}

#[test]
fn words_of_a_note_open_only_when_asked_and_only_if_they_are_there() {
    let mut bench = Bench::new();
    bench.notes = (0..150).map(|n| note(&format!("SECRET {n}"))).collect();
    come_back(&mut bench);
    let shown = |bench: &Bench| match &bench.view.page {
        Page::Return(page) => (page.shown, page.notes.len(), page.notes.last().unwrap().words.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(shown(&bench), (None, 100, String::new()), "closed");
    bench.presses([Press::Next, Press::ShowNote(100), Press::ShowNote(usize::MAX)]);
    assert_eq!(shown(&bench), (None, 100, String::new()));
    bench.press(Press::ShowNote(99));
    assert_eq!(shown(&bench), (Some(99), 100, "SECRET 149".into()), "the newest");
    bench.press(Press::ShowNote(0));
    assert_eq!(shown(&bench), (Some(0), 100, String::new()), "one at a time");
    assert!(!format!("{:?} {:?}", bench.kiosk, bench.view).contains("SECRET"));
}

#[test]
fn a_message_is_closed_by_whatever_covers_it_and_by_somebody_near() {
    let covers: [&[(Press, u64)]; 4] = [
        &[(Press::Hide, 1_000), (Press::Hide, 0), (Press::StillHere, 0)],
        &[(Press::Touched, 120_000), (Press::StillHere, 0)],
        &[(Press::SomeoneNear(true), 0)],
        &[(Press::CloseAnswers, 0)],
    ];
    for presses in covers {
        let mut bench = Bench::new();
        bench.notes = vec![note("SECRET")];
        come_back(&mut bench);
        bench.press(Press::ShowNote(0));
        let shown = |bench: &Bench| match &bench.view.page {
            Page::Return(page) => page.shown,
            other => panic!("{other:?}"),
        };
        assert_eq!(shown(&bench), Some(0));
        for (press, wait) in presses {
            bench.press(press.clone());
            bench.wait(*wait);
        }
        assert_eq!((shown(&bench), bench.view.overlay), (None, None), "{presses:?}");
        bench.press(Press::ShowNote(0));
        assert_eq!(shown(&bench), Some(0), "and opens when it is asked for");
    }
}

#[test]
fn an_addition_is_kept_once_or_honestly_not() {
    let words = |text: &str| Press::Add(AdditionKind::Words, zeroize::Zeroizing::new(text.into()));
    let added = |bench: &Bench| match &bench.view.page {
        Page::Return(page) => page.added,
        other => panic!("{other:?}"),
    };
    for (disk, kept) in [(Does::Works, true), (Does::Half, false), (Does::Fails, false)] {
        let mut bench = Bench::new();
        come_back(&mut bench);
        bench.presses([words(" \n"), words("")]);
        assert_eq!((added(&bench), bench.filed.len()), (None, 0), "nothing was said");
        (bench.disk, bench.link) = (Does::Stalls, Does::Fails);
        bench.presses([words("more"), words("more"), words("more")]);
        bench.disk = disk;
        bench.release();
        let expected = if kept { Added::Kept } else { Added::Trouble };
        assert_eq!(
            (added(&bench), bench.filed.len()),
            (Some(expected(AdditionKind::Words)), 1)
        );
        bench.press(words(&"x".repeat(12_801)));
        assert_eq!(
            (added(&bench), bench.filed.len()),
            (Some(Added::Trouble(AdditionKind::Words)), 1)
        );
    }
}

#[test]
fn another_try_of_the_same_words_is_the_same_addition_until_it_is_kept() {
    let words = |text: &str| Press::Add(AdditionKind::Words, zeroize::Zeroizing::new(text.into()));
    let uuid = |bench: &Bench, at: usize| match &bench.filed[at].subject {
        Subject::Addition(addition) => addition.uuid,
        Subject::Report(_) => panic!("a report"),
    };
    for disk in [Does::Half, Does::Fails] {
        let mut bench = Bench::new();
        bench.link = Does::Fails;
        come_back(&mut bench);
        bench.disk = disk;
        bench.presses([words("SECRET"), words("SECRET"), words("other")]);
        assert!(!format!("{:?}", bench.kiosk).contains("SECRET"));
        bench.disk = Does::Works;
        bench.presses([words("other"), words("other")]);
        let all: Vec<[u8; 16]> = (0..5).map(|at| uuid(&bench, at)).collect();
        assert_eq!(all[0], all[1], "another try");
        assert_ne!(all[1], all[2], "other words");
        assert_eq!(all[2], all[3], "another try");
        assert_ne!(all[3], all[4], "said again after it was kept");
    }
}

fn page(bench: &Bench) -> &ReturnView {
    match &bench.view.page {
        Page::Return(page) => page,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_newest_unread_message_is_offered_and_read_ones_come_after_it() {
    let mut bench = Bench::new();
    bench.notes = ["SECRET 0", "", "SECRET 2", "SECRET 3", " \n"].map(note).to_vec();
    come_back(&mut bench);
    assert_eq!(page(&bench).offers, Some(3), "the newest has none");
    bench.presses([Press::ShowNote(4), Press::ShowNote(1)]);
    assert_eq!(page(&bench).shown, None, "there is nothing to show");
    bench.press(Press::ShowNote(3));
    assert_eq!(page(&bench).offers, Some(2));
    // Closed by somebody near, it was not read to its end.
    bench.press(Press::SomeoneNear(true));
    assert_eq!((page(&bench).shown, page(&bench).offers), (None, Some(3)));
    bench.presses([Press::ShowNote(3), Press::CloseAnswers]);
    assert_eq!((page(&bench).shown, page(&bench).offers), (None, Some(2)));
    bench.presses([Press::ShowNote(2), Press::Back]);
    assert_eq!(
        (page(&bench).shown, page(&bench).offers),
        (None, Some(0)),
        "Back closes it only"
    );
    // The next one leaves the one before.
    bench.presses([Press::ShowNote(0), Press::ShowNote(2)]);
    assert_eq!(
        (page(&bench).shown, page(&bench).offers),
        (Some(2), Some(3)),
        "all were read"
    );
    bench.presses([Press::CloseAnswers, Press::Back]);
    assert_eq!(bench.view.page, Page::Start);
}

#[test]
fn once_somebody_else_may_have_the_code_no_message_leaves_the_machine() {
    for disk in [Does::Works, Does::Fails, Does::Stalls] {
        let mut bench = Bench::new();
        bench.notes = vec![note("SECRET 0"), note("SECRET 1")];
        come_back(&mut bench);
        bench.press(Press::ShowNote(1));
        bench.disk = disk;
        bench.press(Press::Add(AdditionKind::CodeMayBeKnown, zeroize::Zeroizing::default()));
        bench.presses([Press::ShowNote(0), Press::ShowNote(1)]);
        let found = page(&bench);
        assert_eq!((found.shown, found.offers), (None, None), "{disk:?}");
        assert!(found.notes.iter().all(|note| note.words.is_empty()), "{disk:?}");
        assert_eq!(found.notes.len(), 2, "how far it is can still be read");
        bench.disk = Does::Works;
        bench.release();
        bench.press(Press::ShowNote(1));
        assert_eq!(page(&bench).shown, None, "{disk:?}");
    }
}

#[test]
fn an_addition_is_said_to_be_sent_when_the_intake_has_it_and_never_when_it_refuses() {
    for (link, told) in [
        (Does::Works, Added::Sent as fn(AdditionKind) -> Added),
        (Does::Half, Added::Trouble),
        (Does::Fails, Added::Kept),
    ] {
        for copies in [Does::Works, Does::Half] {
            let mut bench = Bench::new();
            come_back(&mut bench);
            (bench.link, bench.disk) = (Does::Stalls, copies);
            bench.press(Press::Add(AdditionKind::GetInTouch, zeroize::Zeroizing::default()));
            let kept = if copies == Does::Works {
                Added::Kept
            } else {
                Added::Trouble
            };
            assert_eq!(page(&bench).added, Some(kept(AdditionKind::GetInTouch)));
            bench.link = link;
            bench.release();
            let told = if link == Does::Fails { kept } else { told };
            assert_eq!(
                page(&bench).added,
                Some(told(AdditionKind::GetInTouch)),
                "{link:?} {copies:?}"
            );
        }
    }
    // What the intake says of one that was added before is not said of this one.
    let mut bench = Bench::new();
    come_back(&mut bench);
    bench.link = Does::Stalls;
    bench.press(Press::Add(AdditionKind::GetInTouch, zeroize::Zeroizing::default()));
    bench.disk = Does::Fails;
    bench.press(Press::Add(AdditionKind::Words, zeroize::Zeroizing::new("more".into())));
    bench.link = Does::Works;
    bench.release();
    assert_eq!(page(&bench).added, Some(Added::Trouble(AdditionKind::Words)));
}
