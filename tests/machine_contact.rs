//! "I cannot keep it", at the machine's public door: a way to be reached, or somebody who is trusted, in place of the code
//! (SAFETY 2, 6, 21, 23).
#![allow(clippy::unwrap_used, reason = "a test that fails here should stop here")]

#[path = "support/machine_bench.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod machine_bench;

use heard::machine::{Added, CannotKeepView, Overlay, Page, Press, SavedView, SavedWords, Subject, Tile};
use heard::mailbox::{AdditionKind, ReferenceCode};
use machine_bench::{Bench, Does};

const KINDS: [AdditionKind; 2] = [AdditionKind::SafeContact, AdditionKind::TrustedPerson];

fn saved(bench: &Bench) -> &SavedView {
    match &bench.view.page {
        Page::Saved(saved) => saved,
        other => panic!("not saved: {other:?}"),
    }
}

fn leave(kind: AdditionKind, words: &str) -> Press {
    Press::Add(kind, zeroize::Zeroizing::new(words.into()))
}

fn at_saved() -> Bench {
    let mut bench = Bench::new();
    bench.walk_to_check();
    bench.press(Press::Send);
    bench
}

fn at_cannot_keep() -> Bench {
    let mut bench = at_saved();
    bench.press(Press::CannotKeep);
    bench
}

#[test]
fn a_way_that_is_left_is_filed_once_with_the_code_of_the_report_and_told_honestly() {
    for kind in KINDS {
        for (disk, kept) in [(Does::Works, true), (Does::Half, false), (Does::Fails, false)] {
            let mut bench = at_cannot_keep();
            (bench.disk, bench.link) = (Does::Stalls, Does::Fails);
            bench.press(leave(kind, "ring 07700 900123 after six"));
            assert_eq!(saved(&bench).left, Some(Added::Saving(kind)));
            // Pressed again while the disk takes its time: it is the same.
            bench.presses([Press::CannotKeep, leave(kind, "ring 07700 900123 after six")]);
            bench.press(Press::Back);
            bench.disk = disk;
            bench.release();
            let told = if kept { Added::Kept(kind) } else { Added::Trouble(kind) };
            assert_eq!((saved(&bench).left, bench.filed.len()), (Some(told), 2), "{disk:?}");
            let Subject::Addition(addition) = &bench.filed[1].subject else {
                panic!("not an addition")
            };
            assert_eq!(addition.code, bench.codes[0]);
            assert_eq!(
                (addition.kind, addition.words.as_str()),
                (kind, "ring 07700 900123 after six")
            );
            // The report's own words did not change with it.
            assert_eq!(saved(&bench).words, SavedWords::Sent);
        }
    }
}

#[test]
fn nothing_empty_nothing_endless_and_nothing_else_is_left() {
    let mut bench = at_cannot_keep();
    bench.presses([
        leave(KINDS[0], " \n"),
        leave(AdditionKind::Words, "more"),
        leave(AdditionKind::ChangeRequest, "more"),
    ]);
    let page = Page::CannotKeep(CannotKeepView {
        words: SavedWords::Sent,
        left: None,
    });
    assert_eq!((&bench.view.page, bench.filed.len()), (&page, 1));
    bench.press(leave(KINDS[0], &"x".repeat(12_801)));
    assert_eq!(
        (saved(&bench).left, bench.filed.len()),
        (Some(Added::Trouble(KINDS[0])), 1)
    );
    // Somebody who found the code cannot leave a way: they ask for a change, which is checked (SAFETY 21).
    let mut bench = Bench::new();
    bench.press(Press::Tile(Tile::ComeBack));
    bench.press(Press::Code(ReferenceCode::from_random([8; 16])));
    bench.presses(KINDS.map(|kind| leave(kind, "ring 07700 900123")));
    assert_eq!(bench.filed.len(), 0);
}

#[test]
fn without_a_code_there_is_none_to_keep() {
    let mut bench = Bench::new();
    bench.keys = Does::Fails;
    bench.walk_to_check();
    bench.presses([Press::Send, Press::CannotKeep]);
    assert!(matches!(bench.view.page, Page::Saved(_)));
}

#[test]
fn the_code_is_closed_meanwhile_and_after_hide_and_all_is_wiped_in_time() {
    let mut bench = at_cannot_keep();
    bench.press(Press::Back);
    assert_eq!((saved(&bench).code.is_none(), saved(&bench).code_closed), (true, true));
    bench.press(Press::ShowCode);
    assert!(saved(&bench).code.is_some());
    bench.press(Press::Hide);
    bench.wait(1_000);
    bench.presses([Press::Hide, Press::StillHere]);
    assert!(
        saved(&bench).code.is_none() && saved(&bench).code_closed,
        "it may be somebody else who comes back"
    );
    // Whoever writes has as long as on any page, and five minutes again on the saved page.
    bench.wait(298_000);
    bench.press(Press::CannotKeep);
    for _ in 0..5 {
        bench.wait(119_000);
        bench.press(Press::Touched);
    }
    assert!(matches!(bench.view.page, Page::CannotKeep(_)), "writing is being there");
    bench.press(leave(KINDS[1], "my sister"));
    bench.wait(299_999);
    assert!(matches!(bench.view.page, Page::Saved(_)));
    bench.wait(1);
    assert_eq!(bench.view.page, Page::Start);
    // Nobody there: asked, then wiped.
    let mut bench = at_cannot_keep();
    bench.wait(120_000);
    assert!(matches!(bench.view.overlay, Some(Overlay::StillThere(_))));
    bench.wait(45_000);
    assert_eq!(bench.view.page, Page::Start);
    assert!(format!("{:?}", bench.kiosk).contains("saved: None"));
    // Stop asks, and what was sent is not thrown away with it.
    let mut bench = at_cannot_keep();
    bench.press(Press::Stop);
    assert!(matches!(
        bench.view.overlay,
        Some(Overlay::Stop { can_send: false, .. })
    ));
    bench.presses([Press::StopAnswer(heard::machine::StopChoice::CarryOn), Press::Done]);
    assert_eq!((&bench.view.page, bench.filed.len()), (&Page::Start, 1));
}

#[test]
fn what_the_everyday_page_offers_works_while_it_hides() {
    let mut bench = at_saved();
    bench.press(Press::Hide);
    let before = bench.view.page.clone();
    bench.presses([Press::Language("xx".into()), Press::Language("en".into())]);
    assert_eq!(
        (bench.view.language.as_str(), bench.view.overlay),
        ("en", Some(Overlay::Hidden))
    );
    bench.presses([Press::TellAPerson, Press::CannotKeep, Press::Done, Press::Back]);
    assert_eq!(bench.view.overlay, Some(Overlay::Hidden), "nothing else does");
    assert_eq!((&bench.view.page, bench.view.near), (&before, false));
}
