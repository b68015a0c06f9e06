//! Coming back with a code, at the machine's public door: notes, their words, additions, and the wait (SAFETY 20, 21, 24).
#![allow(clippy::unwrap_used, reason = "a test that fails here should stop here")]

#[path = "support/machine_bench.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod machine_bench;

use heard::machine::{Added, Page, Press, Tile};
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
        assert_eq!(page.added, Some(Added::Kept(AdditionKind::Words)));
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
    assert_eq!(shown(&bench), (None, 100, "SECRET 149".into()), "the newest");
    bench.presses([Press::Next, Press::ShowNote(100), Press::ShowNote(usize::MAX)]);
    assert_eq!(shown(&bench).0, None);
    bench.press(Press::ShowNote(99));
    assert_eq!(shown(&bench).0, Some(99));
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
        bench.disk = Does::Stalls;
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
