//! Carriage by hand: what a stick shows to whoever carries it, what comes back on it, and what happens when it is pulled.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/kiosk_world.rs"]
mod kiosk_world;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use heard::id::EnvelopeId;
use heard::kiosk::store::Spool;
use heard::kiosk::{Worker, export, import};
use heard::limits::{ENVELOPE_BYTES, STATUS_NOTE_BYTES};
use heard::machine::Input;
use heard::wire::v1::Kind;
use heard::wire::{News, PROOF_BYTES, RefusalCode, StatusNoteBytes, Verdict, envelope_id};
use kiosk_world::{Offer, World, news_since, plain_news};

fn world() -> World {
    let world = World::new(&[1, 2, 3]);
    world.enrol("kiosk", "https://localhost:1", 7);
    world
}

/// Queues `count` envelopes and lets go of the store.
fn queue(world: &World, count: usize) -> Vec<EnvelopeId> {
    let (mut worker, clock) = world.open("kiosk");
    let ids = (0..count).map(|_| {
        let envelope = worker.heartbeat(clock.now().clock, 0).unwrap();
        worker.store_mut().keep(&envelope.id(), envelope.bytes()).unwrap();
        envelope.id()
    });
    ids.collect()
}

fn stick(world: &World) -> PathBuf {
    let stick = world.folder.path().join("stick");
    fs::create_dir_all(&stick).unwrap();
    stick
}

/// Every file of the folder: all are envelopes of one size, named by their digests.
fn on_stick(stick: &Path) -> BTreeSet<EnvelopeId> {
    let mut ids = BTreeSet::new();
    for entry in fs::read_dir(stick).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        assert_eq!(bytes.len(), ENVELOPE_BYTES);
        let id = envelope_id(&bytes);
        assert_eq!(path.file_name().unwrap().to_str().unwrap(), format!("{id}.envelope"));
        ids.insert(id);
    }
    ids
}

fn answer(world: &World, stick: &Path, id: EnvelopeId, verdict: Verdict, news: &News) {
    fs::write(stick.join(format!("{id}.ack")), world.page_with(id, verdict, news)).unwrap();
}

fn queued(worker: &Worker) -> usize {
    worker.store().counts().queued
}

#[test]
fn an_export_shows_the_same_whatever_is_queued() {
    for (count, files) in [(0, 64), (1, 64), (5, 64), (64, 128), (65, 128)] {
        let world = world();
        let ids: BTreeSet<_> = queue(&world, count).into_iter().collect();
        let stick = stick(&world);
        let done = export(&world.config("kiosk"), &stick).unwrap();
        assert_eq!(done.envelopes, files, "{count} queued");
        let written = on_stick(&stick);
        assert_eq!(written.len(), files, "{count} queued");
        assert!(ids.is_subset(&written));
        // The rest are heartbeats, known to nobody but the router, that tell of the export.
        let read = |id: &EnvelopeId| fs::read(stick.join(format!("{id}.envelope"))).unwrap();
        let slips = written.difference(&ids).map(|id| world.slip(&read(id)));
        let mut all_told = slips.map(|slip| slip.kind == Kind::Heartbeat && slip.health.exports == 1);
        assert!(all_told.all(|told| told));
        // In the order of their names, not reports first: nothing of the order of writing is left.
        let mut times: Vec<_> = written.iter().map(|id| (modified(&stick, id), *id)).collect();
        times.sort();
        assert!(times.iter().map(|(_, id)| id).eq(&written), "{count} queued");
        let (worker, _) = world.open("kiosk");
        assert_eq!(queued(&worker), count, "an export erases nothing");
    }
}

fn modified(stick: &Path, id: &EnvelopeId) -> std::time::SystemTime {
    fs::metadata(stick.join(format!("{id}.envelope")))
        .unwrap()
        .modified()
        .unwrap()
}

#[test]
fn a_second_export_adds_as_many_as_the_first_whatever_happened_between() {
    for between in [0, 1, 3] {
        let world = world();
        let mut ids: BTreeSet<_> = queue(&world, 5).into_iter().collect();
        let stick = stick(&world);
        export(&world.config("kiosk"), &stick).unwrap();
        let before: BTreeSet<_> = on_stick(&stick)
            .into_iter()
            .map(|id| (id, modified(&stick, &id)))
            .collect();
        ids.extend(queue(&world, between));
        assert_eq!(export(&world.config("kiosk"), &stick).unwrap().envelopes, 64);
        let after = on_stick(&stick);
        assert_eq!(after.len(), 128, "{between} reports between");
        assert!(ids.is_subset(&after));
        assert!(
            before.iter().all(|(id, time)| modified(&stick, id) == *time),
            "what was there is left alone"
        );
    }
}

/// Exports to a new stick and gives what it shows.
fn evening(world: &World, number: usize) -> (PathBuf, BTreeSet<EnvelopeId>) {
    let stick = world.folder.path().join(format!("evening-{number}"));
    export(&world.config("kiosk"), &stick).unwrap();
    let shown = on_stick(&stick);
    (stick, shown)
}

#[test]
fn two_evenings_side_by_side_tell_nothing_of_what_came_between() {
    for is_running in [false, true] {
        let mut shapes = BTreeSet::new();
        for between in [[0, 0], [1, 3]] {
            let world = world();
            queue(&world, 2);
            let (_, mut before) = evening(&world, 0);
            let mut shape = Vec::new();
            for (number, reports) in (1..).zip(between) {
                queue(&world, reports);
                let running = is_running.then(|| world.open("kiosk"));
                let (_, shown) = evening(&world, number);
                drop(running);
                let again = before.intersection(&shown).count();
                assert_eq!(
                    again,
                    before.len(),
                    "what is not acknowledged comes again, filler or not"
                );
                shape.push((again, shown.len() - again));
                before = shown;
            }
            shapes.insert(shape);
        }
        let expected = BTreeSet::from([vec![(64, 64), (128, 64)]]);
        assert_eq!(shapes, expected, "running: {is_running}");
    }
}

#[test]
fn what_was_acknowledged_never_comes_again_filler_or_not() {
    let world = world();
    queue(&world, 2);
    let (stick, shown) = evening(&world, 0);
    for id in &shown {
        answer(&world, &stick, *id, Verdict::Acknowledged, &plain_news());
    }
    let (mut worker, _) = world.open("kiosk");
    assert_eq!(import(&mut worker, &stick).unwrap().answers, 64);
    drop(worker);
    let (_, after) = evening(&world, 1);
    assert_eq!(after.len(), 64);
    assert!(after.is_disjoint(&shown));
}

#[test]
fn a_link_in_a_stick_is_never_followed() {
    let world = world();
    let ids = queue(&world, 1);
    let stick = stick(&world);
    let precious = world.folder.path().join("precious");
    fs::write(&precious, b"ours").unwrap();
    for ending in ["part", "envelope"] {
        std::os::unix::fs::symlink(&precious, stick.join(format!("{}.{ending}", ids[0]))).unwrap();
    }
    export(&world.config("kiosk"), &stick).unwrap();
    assert_eq!(fs::read(&precious).unwrap(), b"ours", "nothing else is written");
    assert!(on_stick(&stick).contains(&ids[0]));
    fs::write(&precious, world.page(ids[0], Verdict::Acknowledged)).unwrap();
    std::os::unix::fs::symlink(&precious, stick.join("linked.ack")).unwrap();
    let (mut worker, _) = world.open("kiosk");
    let done = import(&mut worker, &stick).unwrap();
    assert_eq!((done.answers, done.strange, queued(&worker)), (0, 1, 1));
}

#[test]
fn an_export_works_beside_a_running_kiosk() {
    let world = world();
    let ids: BTreeSet<_> = queue(&world, 3).into_iter().collect();
    let (mut worker, clock) = world.open("kiosk");
    let stick = stick(&world);
    assert_eq!(export(&world.config("kiosk"), &stick).unwrap().envelopes, 64);
    let written = on_stick(&stick);
    assert!(written.len() == 64 && ids.is_subset(&written));
    assert_eq!(queued(&worker), 3);
    let heartbeat = worker.heartbeat(clock.now().clock, 0).unwrap();
    assert_eq!(world.slip(heartbeat.bytes()).health.exports, 1, "and is told of");
    let Input::Outbox { window, .. } = worker.outbox() else {
        unreachable!()
    };
    assert_eq!(
        window.iter().copied().collect::<BTreeSet<_>>(),
        written,
        "fillers wait as reports do"
    );
    let early = ids.iter().filter(|id| window[..6].contains(id)).count();
    assert_eq!(early, 3, "one of each in turn");
    assert!(window.iter().all(|id| worker.parcel(*id).is_some()));
    let filler = written.difference(&ids).next().unwrap();
    worker.settle(*filler, &[0; PROOF_BYTES]);
    assert!(matches!(worker.outbox(), Input::Outbox { queued: 63, .. }));
    let busy = heard::kiosk::run(&heard::kiosk::Command::Outbox, &world.config("kiosk")).unwrap_err();
    assert_eq!(
        (busy.exit_code(), busy.to_string().as_str()),
        (75, "the kiosk is running; use its attendant page")
    );
}

#[test]
fn an_import_erases_exactly_what_is_covered_and_twice_is_harmless() {
    let world = world();
    let ids = queue(&world, 4);
    let stick = stick(&world);
    export(&world.config("kiosk"), &stick).unwrap();
    answer(&world, &stick, ids[0], Verdict::Acknowledged, &plain_news());
    answer(
        &world,
        &stick,
        ids[1],
        Verdict::Refused(RefusalCode::Version),
        &plain_news(),
    );
    // One signed by somebody else, one cut, one that is a folder, and things that call themselves nothing of ours.
    let mut forged = world.page(ids[2], Verdict::Acknowledged);
    forged[16_383] ^= 1;
    fs::write(stick.join(format!("{}.ack", ids[2])), forged).unwrap();
    fs::write(
        stick.join("cut.ack"),
        &world.page(ids[3], Verdict::Acknowledged)[..16_383],
    )
    .unwrap();
    fs::create_dir(stick.join("folder.ack")).unwrap();
    fs::write(stick.join("holiday.jpg"), b"not ours").unwrap();
    // Under another name it is the same answer; the name proves nothing.
    fs::write(stick.join("again.ack"), world.page(ids[0], Verdict::Acknowledged)).unwrap();
    let listed = || fs::read_dir(&stick).unwrap().count();
    let before = listed();
    for round in ["first", "again"] {
        let (mut worker, _) = world.open("kiosk");
        let done = import(&mut worker, &stick).unwrap();
        assert_eq!((done.answers, done.strange), (3, 3), "{round}");
        let counts = worker.store().counts();
        assert_eq!((counts.queued, counts.refused), (2, 1), "{round}");
        assert!(worker.store().has_tombstone(&ids[0]), "{round}");
        let mut left = vec![ids[1], ids[2], ids[3]];
        left.sort();
        assert_eq!(Spool::at(&world.places("kiosk").spool).ids().unwrap(), left, "{round}");
        assert_eq!(listed(), before, "{round}: the stick is left as it was");
    }
}

#[test]
fn an_acknowledgement_counts_even_when_both_copies_are_damaged_and_holds_up_no_other() {
    let world = world();
    let ids = queue(&world, 2);
    let stick = stick(&world);
    for id in &ids {
        answer(&world, &stick, *id, Verdict::Acknowledged, &plain_news());
    }
    let places = world.places("kiosk");
    let database = rusqlite::Connection::open(places.data.join("outbox.db")).unwrap();
    let changed = database.execute(
        "UPDATE envelope SET bytes = zeroblob(16384) WHERE id = ?1",
        [&ids[0].0[..]],
    );
    assert_eq!(changed, Ok(1));
    drop(database);
    fs::write(places.spool.join(ids[0].to_string()), [0; ENVELOPE_BYTES]).unwrap();
    let (store, report) = heard::kiosk::store::Store::open(&places).unwrap();
    assert!(report.needs_attention());
    let mut worker = Worker::new(store).unwrap();
    assert_eq!(import(&mut worker, &stick).unwrap().answers, 2);
    assert!(ids.iter().all(|id| worker.store().has_tombstone(id)));
}

#[test]
fn news_come_home_on_the_stick_but_not_those_of_another_kiosk() {
    let world = world();
    world.enrol("other", "https://localhost:1", 8);
    let stick = stick(&world);
    let notes: Vec<StatusNoteBytes> = (1..=9).map(|number| Box::new([number; STATUS_NOTE_BYTES])).collect();
    // The other kiosk has read five notes already.
    let (mut other, clock) = world.open("other");
    let five: Vec<(u64, &[u8])> = (1..).zip(notes.iter().take(5).map(|note| &note[..])).collect();
    other.store_mut().add_notes(&five).unwrap();
    let theirs = other.heartbeat(clock.now().clock, 0).unwrap();
    fs::write(stick.join(format!("{}.envelope", theirs.id())), theirs.bytes()).unwrap();
    answer(
        &world,
        &stick,
        theirs.id(),
        Verdict::Acknowledged,
        &news_since(world.slip(theirs.bytes()).news, &notes, &Offer::default()),
    );

    let (mut worker, _) = world.open("kiosk");
    assert_eq!(import(&mut worker, &stick).unwrap().answers, 1);
    assert_eq!(
        worker.store().cursor(),
        Ok(0),
        "taking them would leave out notes 1 to 5 for ever"
    );
    drop(worker);

    export(&world.config("kiosk"), &stick).unwrap();
    let mut cursor = heard::wire::v1::NewsCursor {
        bundle_sequence: 1,
        ..Default::default()
    };
    let newer = Offer {
        sequence: 2,
        bytes: world.bundle(2, heard::desk::builtin_files()).sign(&world.root).unwrap(),
    };
    for id in on_envelopes(&stick) {
        if id == theirs.id() {
            continue;
        }
        let news = news_since(cursor, &notes, &newer);
        cursor.notes = news.cursor;
        if !news.piece.is_empty() {
            cursor.pending_sequence = 2;
            cursor.pending_bytes = news.piece_offset + news.piece.len() as u32;
        }
        answer(&world, &stick, id, Verdict::Acknowledged, &news);
    }
    let (mut worker, _) = world.open("kiosk");
    assert_eq!(import(&mut worker, &stick).unwrap().strange, 0);
    assert_eq!(worker.store().cursor(), Ok(9));
    assert!(
        worker.store().bundle().unwrap().bytes == newer.bytes,
        "a whole bundle on one stick"
    );
}

fn on_envelopes(stick: &Path) -> BTreeSet<EnvelopeId> {
    let names = fs::read_dir(stick)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names
        .filter_map(|name| EnvelopeId::parse(name.strip_suffix(".envelope")?).ok())
        .collect()
}

#[test]
fn a_stick_that_is_gone_or_cannot_be_written_gives_one_line_and_75() {
    let world = world();
    let ids = queue(&world, 2);
    let stick = stick(&world);
    let gone = world.folder.path().join("media/stick");
    let a_file = world.folder.path().join("a-file");
    fs::write(&a_file, b"").unwrap();
    // A stick that fails while it is written: the name that is wanted cannot be made.
    let failing = world.folder.path().join("failing");
    fs::create_dir_all(failing.join(format!("{}.part", ids[0]))).unwrap();
    fs::create_dir_all(failing.join(format!("{}.part", ids[1]))).unwrap();
    let mut ways = vec![gone, a_file, failing];
    fs::set_permissions(&stick, fs::Permissions::from_mode(0o500)).unwrap();
    // Root writes where nobody may.
    if fs::write(stick.join("probe"), b"").is_err() {
        ways.push(stick.clone());
    }
    for way in ways {
        let why = export(&world.config("kiosk"), &way).unwrap_err();
        assert_eq!(why.exit_code(), 75, "{}", way.display());
        assert_eq!(why.to_string().lines().count(), 1);
        assert!(
            !world.folder.path().join("media").exists(),
            "nothing is written beside the stick"
        );
        let (worker, _) = world.open("kiosk");
        assert_eq!(queued(&worker), 2);
    }
    fs::set_permissions(&stick, fs::Permissions::from_mode(0o700)).unwrap();
    let (mut worker, _) = world.open("kiosk");
    let why = import(&mut worker, &world.folder.path().join("nowhere")).unwrap_err();
    assert_eq!((why.exit_code(), why.to_string().lines().count()), (2, 1));
}
