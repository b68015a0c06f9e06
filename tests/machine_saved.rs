//! Keeping, the wordings of the saved page and the silent link, at the machine's public door (SAFETY 6, 9, 10).
#![allow(clippy::unwrap_used, reason = "a test that fails here should stop here")]

#[path = "support/machine_bench.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod machine_bench;

use heard::id::EnvelopeId;
use heard::machine::{
    Copies, Fault, Faults, HealthFacts, Input, Output, Page, Press, SavedView, SavedWords, Subject, Tile,
};
use heard::time::{Confidence, Timestamp};
use machine_bench::{Bench, Does, answer, derived};

const HOURS_2: u64 = 7_200_000;

fn saved(bench: &Bench) -> &SavedView {
    match &bench.view.page {
        Page::Saved(saved) => saved,
        other => panic!("not saved: {other:?}"),
    }
}

fn at_check() -> Bench {
    let mut bench = Bench::new();
    bench.walk_to_check();
    bench
}

#[test]
fn the_code_closes_after_a_minute_and_the_page_is_wiped_after_five() {
    let mut bench = at_check();
    bench.press(Press::Send);
    assert_eq!(saved(&bench).code, bench.codes.first().cloned());
    bench.wait(59_999);
    assert!(saved(&bench).code.is_some());
    bench.wait(1);
    assert!(saved(&bench).code.is_none() && saved(&bench).code_closed);
    bench.press(Press::ShowCode);
    assert!(saved(&bench).code.is_some());
    bench.wait(60_000);
    assert!(saved(&bench).code_closed);
    bench.presses([Press::ShowCode, Press::CodeKept]);
    assert!(saved(&bench).code_closed);
    bench.wait(300_000 - 120_000 - 1);
    assert!(matches!(bench.view.page, Page::Saved(_)), "no question in between");
    bench.wait(1);
    assert_eq!(bench.view.page, Page::Start);
    assert!(format!("{:?}", bench.kiosk).contains("keys: None"));
}

#[test]
fn the_saved_page_says_only_what_is_so() {
    use Confidence::{Kept, Synced, Unknown};
    let table = [
        (Does::Works, Does::Works, Synced, SavedWords::Sent, true),
        (Does::Works, Does::Works, Unknown, SavedWords::Sent, true),
        (Does::Works, Does::Fails, Kept, SavedWords::Held, true),
        (Does::Works, Does::Stalls, Unknown, SavedWords::Held, true),
        (Does::Half, Does::Fails, Synced, SavedWords::KeptOnce, false),
        (Does::Half, Does::Stalls, Synced, SavedWords::KeptOnce, false),
        (Does::Half, Does::Works, Synced, SavedWords::Sent, true),
        // Refused for ever: it is not sent again, so nobody may be told that it is.
        (Does::Works, Does::Half, Synced, SavedWords::Refused, false),
        (Does::Half, Does::Half, Synced, SavedWords::Refused, false),
    ];
    for (disk, link, confidence, words, promised) in table {
        let mut bench = at_check();
        (bench.disk, bench.link, bench.confidence) = (disk, link, confidence);
        let sent_at = bench.now;
        bench.press(Press::Send);
        if link == Does::Stalls {
            assert_eq!(bench.view.page, Page::Saving);
            bench.presses([Press::Next, Press::Back, Press::Send, Press::Stop, Press::Done]);
            bench.handle(answer(None, Does::Fails));
            bench.wait(9_999);
            assert_eq!(bench.view.page, Page::Saving, "waits for the acknowledgement");
            bench.wait(1);
        }
        let shown = saved(&bench);
        assert_eq!((shown.words, shown.promised), (words, promised), "{disk:?} {link:?}");
        let due = Timestamp(1_782_900_000 + (sent_at / 1_000) as i64 + 86_400);
        // The intake's signed time stands in for a clock that was never set.
        assert_eq!(
            shown.due,
            (confidence != Unknown || words == SavedWords::Sent).then_some(due)
        );
        assert!(shown.last_contact.is_some());
        assert_eq!(bench.filed.len(), 1);
    }
}

#[test]
fn a_late_acknowledgement_turns_held_into_sent() {
    let mut bench = at_check();
    bench.link = Does::Stalls;
    bench.press(Press::Send);
    bench.wait(20_000);
    assert_eq!(saved(&bench).words, SavedWords::Held);
    let envelope = saved(&bench).envelope;
    bench.handle(answer(Some(EnvelopeId([1; 32])), Does::Works));
    bench.handle(answer(None, Does::Works));
    assert_eq!(saved(&bench).words, SavedWords::Held, "another's answer");
    bench.link = Does::Works;
    bench.release();
    assert_eq!(
        (saved(&bench).words, saved(&bench).envelope),
        (SavedWords::Sent, envelope)
    );
    assert!(bench.queue.is_empty());
}

#[test]
fn the_promise_counts_from_send_and_not_from_a_slow_disk() {
    let mut bench = at_check();
    bench.disk = Does::Stalls;
    let due = Timestamp(1_782_900_000 + (bench.now / 1_000) as i64 + 86_400);
    bench.press(Press::Send);
    bench.wait(50_000);
    bench.disk = Does::Works;
    bench.release();
    assert_eq!(saved(&bench).due, Some(due));
}

#[test]
fn a_silent_link_is_said_before_the_first_question_and_nothing_is_promised() {
    let mut bench = Bench::new();
    bench.link = Does::Fails;
    bench.wait(HOURS_2 + 900_000);
    bench.press(Press::Tile(Tile::TellUs));
    let Page::LinkSilent { last_contact } = bench.view.page else {
        panic!("{:?}", bench.view.page)
    };
    assert!(last_contact.is_some());
    bench.press(Press::Back);
    bench.walk_to_story();
    bench.presses([
        Press::Stop,
        Press::StopAnswer(heard::machine::StopChoice::SendWhatIHave),
    ]);
    bench.choose("reach-you", "code-only");
    bench.presses([Press::Next, Press::Send]);
    assert_eq!((saved(&bench).words, saved(&bench).promised), (SavedWords::Held, false));

    // Silent only since the person began: nothing is promised either.
    let mut bench = at_check();
    bench.link = Does::Fails;
    while bench.now < HOURS_2 + 2_000_000 {
        bench.wait(100_000);
        bench.press(Press::Clear(usize::MAX));
    }
    bench.press(Press::Send);
    assert_eq!((saved(&bench).words, saved(&bench).promised), (SavedWords::Held, false));
    bench.link = Does::Works;
    bench.wait(290_000);
    bench.press(Press::Done);
    bench.wait(900_000);
    assert!(bench.queue.is_empty());
    bench.press(Press::Tile(Tile::TellUs));
    assert_eq!(bench.question(), "before-you-start");
}

#[test]
fn nobody_starts_while_the_kiosk_is_out_of_service() {
    let closed = HealthFacts {
        faults: Faults::default().set(Fault::OutboxFull, true),
    };
    let mut bench = Bench::new();
    bench.link = Does::Fails;
    bench.wait(HOURS_2 + 900_000);
    bench.press(Press::Tile(Tile::TellUs));
    bench.handle(Input::Health(closed));
    bench.press(Press::Next);
    assert!(matches!(bench.view.page, Page::OutOfService(_)));
    bench.press(Press::Tile(Tile::TellUs));
    assert!(matches!(bench.view.page, Page::OutOfService(_)));
    bench.press(Press::Tile(Tile::UsefulNumbers));
    assert!(
        matches!(bench.view.page, Page::Everyday(_)),
        "everyday pages always work"
    );
}

#[test]
fn send_makes_one_report_whatever_is_pressed_and_whatever_comes_twice() {
    let mut bench = at_check();
    bench.keys = Does::Works;
    bench.disk = Does::Stalls;
    bench.presses([
        Press::Send,
        Press::Send,
        Press::Next,
        Press::Way(0, 0),
        Press::Section(1),
        Press::Stop,
    ]);
    assert_eq!(bench.view.page, Page::Saving);
    let session = bench.view.session;
    bench.handle(derived(session, Does::Works));
    bench.handle(derived(session, Does::Fails));
    bench.handle(derived(session - 1, Does::Works));
    bench.handle(Input::NotFiled { session: session - 1 });
    bench.handle(Input::Filed {
        session: session.wrapping_sub(1),
        envelope: EnvelopeId([1; 32]),
        copies: Copies::One,
    });
    assert_eq!(bench.view.page, Page::Saving, "stale answers are passed over");
    assert_eq!(
        bench.held.iter().filter(|held| matches!(held, Output::File(_))).count(),
        1
    );
    bench.disk = Does::Works;
    bench.release();
    assert_eq!((saved(&bench).words, bench.filed.len()), (SavedWords::Sent, 1));
}

#[test]
fn what_could_not_be_kept_stays_and_a_second_send_keeps_it() {
    let mut bench = at_check();
    bench.disk = Does::Fails;
    bench.press(Press::Send);
    assert_eq!(bench.view.page, Page::NotSaved);
    bench.press(Press::Back);
    assert!(matches!(bench.view.page, Page::Check(_)));
    bench.presses([Press::Send, Press::Answer(4, heard::form::Given::Text("other".into()))]);
    assert_eq!(bench.view.page, Page::NotSaved);
    bench.disk = Does::Works;
    bench.press(Press::Send);
    assert_eq!(saved(&bench).words, SavedWords::Sent);
    for request in &bench.filed {
        let Subject::Report(report) = &request.subject else {
            panic!()
        };
        assert!(report.report.filled.words.as_str().contains("SECRET"));
    }
    assert_eq!((bench.filed.len(), bench.codes.len()), (3, 1), "one code for all tries");
    let uuids = bench.filed.iter().map(|request| match &request.subject {
        Subject::Report(report) => report.report.uuid,
        Subject::Addition(_) => panic!("nothing was added"),
    });
    assert!(
        uuids.collect::<Vec<_>>().windows(2).all(|pair| pair[0] == pair[1]),
        "one report for all tries"
    );
}

#[test]
fn without_keys_the_report_goes_without_a_code() {
    for stalls in [false, true] {
        let mut bench = Bench::new();
        bench.keys = if stalls { Does::Stalls } else { Does::Fails };
        bench.walk_to_check();
        bench.press(Press::Send);
        if stalls {
            assert_eq!((bench.view.page.clone(), bench.filed.len()), (Page::Saving, 0));
            bench.keys = Does::Fails;
            bench.release();
        }
        assert_eq!(
            (saved(&bench).words, saved(&bench).code.clone()),
            (SavedWords::Sent, None)
        );
        let Subject::Report(report) = &bench.filed[0].subject else {
            panic!()
        };
        assert!(report.mailbox.is_none());
    }
}

#[test]
fn who_leaves_under_cover_after_send_has_sent() {
    let hide_and_leave: [&[Press]; 2] = [&[Press::Hide], &[Press::Hide, Press::Hide, Press::Stop]];
    for presses in hide_and_leave {
        let mut bench = Bench::new();
        bench.keys = Does::Stalls;
        bench.walk_to_check();
        bench.press(Press::Send);
        for press in presses {
            bench.press(press.clone());
            bench.wait(1_000);
        }
        bench.wait(120_000);
        assert_eq!(bench.view.page, Page::Start);
        bench.keys = Does::Works;
        bench.release();
        assert_eq!(bench.filed.len(), 1, "once, and without a code that nobody saw");
    }
}

#[test]
fn nothing_said_is_left_in_the_machine_nor_in_its_debug() {
    let mut bench = at_check();
    let printed = |bench: &Bench| format!("{:?} {:?} {:?}", bench.kiosk, bench.view, bench.filed);
    let input = format!("{:?}", derived(1, Does::Works));
    assert!(!printed(&bench).contains("SECRET") && !printed(&bench).contains("211, 211"));
    assert!(!input.contains("211"), "{input}");
    bench.press(Press::Send);
    assert!(!printed(&bench).contains("SECRET") && !printed(&bench).contains("211, 211"));
    let kiosk = format!("{:?}", bench.kiosk);
    let machine = kiosk.split("session: Session").nth(1).unwrap();
    assert!(!machine.contains("given:") && !machine.contains("Wanted"), "{machine}");
    assert!(
        machine.contains("entry: None") && machine.contains("keys: None"),
        "{machine}"
    );
    bench.presses([Press::CodeKept, Press::Done]);
    let kiosk = format!("{:?}", bench.kiosk);
    let machine = kiosk.split("session: Session").nth(1).unwrap();
    assert!(
        machine.contains("saved: None") && !machine.contains("ReferenceCode"),
        "{machine}"
    );
}
