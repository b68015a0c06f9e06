//! Envelopes on a stick: taken like those over HTTP, answered by pages that bring the news.

use std::fs;

use heard::form::Lane;
use heard::id::to_hex;
use heard::intake::import::import_dir;
use heard::intake::{IntakeError, admin};
use heard::limits::STATUS_NOTE_BYTES;
use heard::wire::Verdict;
use heard::wire::api;
use heard::wire::v1::Kind;
use reqwest::Method;

use crate::world::{World, slip, wait};

#[test]
fn a_stick_is_taken_twice_and_brings_the_news() {
    let mut world = World::new();
    let (here, there) = (world.kiosk(), world.kiosk());
    let ada = world.person("Ada Byron", Lane::Hate, false);
    world.report(&there, Lane::Hate, &[]);
    let case = world.cases(&ada).cases[0].case.clone();
    let path = format!("{}/{case}/notes", api::DESK_CASES);
    for byte in 1..=20 {
        let note = format!("{{\"sealed\":\"{}\"}}", to_hex(&[byte; STATUS_NOTE_BYTES]));
        assert_eq!(world.desk(&ada, Method::POST, &path, &note).status(), 204);
    }
    let bundle = world.publish(2, 60_000);

    let stick = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(stick.path().join(name), bytes).unwrap();
    for number in 0..12 {
        let kind = if number == 0 { Kind::Report } else { Kind::Heartbeat };
        write(&format!("{number}.envelope"), world.seal(&here, &slip(kind)).bytes());
    }
    let bent = {
        let mut bytes = world.seal(&here, &slip(Kind::Report)).bytes().to_vec();
        bytes[9_000] ^= 1;
        bytes
    };
    write("bent.envelope", &bent);
    write("short.envelope", b"short");
    write("notes.txt", b"not ours");

    let first = import_dir(&world.folder(), stick.path()).unwrap();
    assert_eq!((first.fresh, first.known, first.refused), (12, 0, 0));
    let mut bad = [
        heard::wire::envelope_id(&bent).to_string(),
        "short.envelope".to_string(),
    ];
    bad.sort();
    let mut named = first.bad.clone();
    named.sort();
    assert_eq!(named, bad);
    let second = import_dir(&world.folder(), stick.path()).unwrap();
    assert_eq!((second.fresh, second.known, second.bad), (0, 12, first.bad));

    let mut pages: Vec<_> = fs::read_dir(stick.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ack"))
        .collect();
    pages.sort();
    assert_eq!(pages.len(), 12);
    let (mut notes, mut pieces) = (Vec::new(), Vec::new());
    for path in pages {
        let page = world.page(&fs::read(&path).unwrap());
        assert_eq!(path.file_stem().unwrap().to_str().unwrap(), page.id.to_string());
        assert_eq!(page.verdict, Verdict::Acknowledged);
        notes.extend(page.news.notes.iter().map(|(_, note)| note[0]));
        if page.news.bundle_sequence == 2 {
            assert_eq!(usize::try_from(page.news.piece_offset).unwrap(), pieces.len());
            pieces.extend(page.news.piece);
        }
    }
    assert_eq!(notes, (1..=20).collect::<Vec<u8>>());
    assert_eq!(pieces, bundle);
    // The server beside it knows what came by hand.
    assert_eq!(world.cases(&ada).cases.len(), 2);
    assert_eq!(admin::verify(&world.folder()).unwrap().whole, 13);
}

#[test]
fn a_bundle_arrives_piece_by_piece() {
    let mut world = World::new();
    let kiosk = world.kiosk();
    let bundle = world.publish(7, 50_000);
    let mut heartbeat = slip(Kind::Heartbeat);
    let mut whole = Vec::new();
    loop {
        let news = world.put(&world.seal(&kiosk, &heartbeat)).1.news;
        assert_eq!(
            (news.bundle_sequence, usize::try_from(news.bundle_bytes).unwrap()),
            (7, bundle.len())
        );
        assert_eq!(usize::try_from(news.piece_offset).unwrap(), whole.len());
        whole.extend(news.piece);
        heartbeat.news.pending_sequence = 7;
        heartbeat.news.pending_bytes = whole.len().try_into().unwrap();
        if !news.more {
            break;
        }
    }
    assert_eq!(whole, bundle);
    // Every byte is there and the kiosk has yet to use them: no endless repeat.
    let waiting = world.put(&world.seal(&kiosk, &heartbeat)).1.news;
    assert!(waiting.piece.is_empty() && !waiting.more);
    heartbeat.news.pending_sequence = 5;
    assert_eq!(world.put(&world.seal(&kiosk, &heartbeat)).1.news.piece_offset, 0);
    heartbeat.news.bundle_sequence = 7;
    assert!(world.put(&world.seal(&kiosk, &heartbeat)).1.news.piece.is_empty());
}

#[test]
fn only_a_heartbeat_over_the_link_says_when_it_was_made() {
    let world = World::new();
    for by_hand in [false, true] {
        let kiosk = world.kiosk();
        wait(1_100);
        let heartbeat = world.seal(&kiosk, &slip(Kind::Heartbeat));
        if by_hand {
            let stick = tempfile::tempdir().unwrap();
            fs::write(stick.path().join("one.envelope"), heartbeat.bytes()).unwrap();
            assert_eq!(import_dir(&world.folder(), stick.path()).unwrap().fresh, 1);
        } else {
            assert_eq!(world.put(&heartbeat).0, 201);
        }
        // Later in the same boot than the heartbeat by far more than the arrivals lie apart.
        let mut report = slip(Kind::Report);
        report.clock.since_boot_seconds = 5_000;
        let arrival = world.put(&world.seal(&kiosk, &report)).1.first_received;
        let cases = admin::cases(&world.folder()).unwrap();
        let due = cases.iter().map(|case| case.due.0).max().unwrap();
        if by_hand {
            assert!(
                cases
                    .iter()
                    .any(|case| case.arrived == arrival && case.due.0 < arrival.0 + 86_400)
            );
        } else {
            assert_eq!(due, arrival.0 + 86_400);
        }
    }
}

#[test]
fn nothing_on_a_stick_leads_elsewhere_or_holds_an_import_up() {
    let world = World::new();
    let kiosk = world.kiosk();
    let stick = tempfile::tempdir().unwrap();
    let at = |name: &str| stick.path().join(name);
    let envelope = world.seal(&kiosk, &slip(Kind::Report));
    let (elsewhere, victim) = (
        world.temporary.path().join("elsewhere"),
        world.temporary.path().join("victim"),
    );
    fs::write(&elsewhere, world.seal(&kiosk, &slip(Kind::Report)).bytes()).unwrap();
    fs::write(&victim, "keep me").unwrap();
    fs::write(at("one.envelope"), envelope.bytes()).unwrap();
    fs::write(at("two.envelope"), envelope.bytes()).unwrap();
    fs::create_dir(at("folder.envelope")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, at("link.envelope")).unwrap();
    std::os::unix::fs::symlink(&victim, at(&format!(".{}.ack.tmp", envelope.id()))).unwrap();
    std::os::unix::fs::symlink(&victim, at(&format!("{}.ack", envelope.id()))).unwrap();
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    let pipe = at("pipe\u{1b}.envelope");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    let done = import_dir(&world.folder(), stick.path()).unwrap();
    assert_eq!((done.fresh, done.known), (1, 0));
    assert_eq!(done.bad, ["folder.envelope", "link.envelope", "pipe?.envelope"]);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "keep me");
    let page = world.page(&fs::read(at(&format!("{}.ack", envelope.id()))).unwrap());
    assert_eq!(page.id, envelope.id());
}

#[test]
fn a_stick_that_cannot_be_written_is_tried_again() {
    let world = World::new();
    let kiosk = world.kiosk();
    let stick = tempfile::tempdir().unwrap();
    let envelope = world.seal(&kiosk, &slip(Kind::Report));
    fs::write(stick.path().join("one.envelope"), envelope.bytes()).unwrap();
    let in_the_way = stick.path().join(format!("{}.ack", envelope.id()));
    fs::create_dir(&in_the_way).unwrap();
    let why = import_dir(&world.folder(), stick.path()).unwrap_err();
    assert_eq!((why, why.exit_code()), (IntakeError::Stick, 75));
    fs::remove_dir(&in_the_way).unwrap();
    assert_eq!(import_dir(&world.folder(), stick.path()).unwrap().known, 1);
}
