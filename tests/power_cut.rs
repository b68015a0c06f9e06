//! Real programs killed at random moments: `submit`, `send`, and the intake under load. Nothing that was said to be kept
//! is lost, nothing is there twice, nothing is half.
//!
//! The moments are drawn from a seed that is printed; `HEARD_SEED` plays them again, `HEARD_KILLS` asks for more. A kill
//! leaves what the kernel was given; what a disk loses when the current goes is the business of `store_cuts.rs`.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test that fails here should stop here"
)]

#[path = "support/programs.rs"]
mod programs;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use heard::demo::World;
use heard::desk::{self, FormShelf};
use heard::form::{Band, Lane};
use heard::id::{CaseId, EnvelopeId};
use heard::kiosk::store::{Places, Store};
use heard::kiosk::{Courier, InUse, Parcel, Worker};
use heard::machine::Delivery;
use heard::pinned::{Patience, RELEASED};
use heard::seal::{self, Destination};
use heard::time::{ClockReading, Confidence, Timestamp};
use heard::wire::v1::{Content, Health, Kind, NewsCursor, RoutingSlip};
use heard::wire::{AnswerPage, Envelope, Verdict, decode_report};
use programs::{Deployment, Dice, Served, copy_folder, kill_after, kills, printed, run_with, typical};

const EXAMPLE: &str = include_str!("../assets/examples/without-a-name.json");

/// The example with a story of its own, by which it is known again.
fn answers(number: usize) -> Vec<u8> {
    let mut file: serde_json::Value = serde_json::from_str(EXAMPLE).unwrap();
    file["answers"]["what-happened"] = story(number).into();
    serde_json::to_vec(&file).unwrap()
}

fn story(number: usize) -> String {
    format!("This is what happened, told for the {number}th time.")
}

/// Which telling a report's words are of; a half one has none.
fn telling(words: &str) -> Option<usize> {
    let (_, rest) = words.split_once("This is what happened, told for the ")?;
    rest.split_once("th time.")?.0.parse().ok()
}

/// Reports found in the outbox: which envelope holds which telling, and each telling once.
#[derive(Default)]
struct Found {
    tellings: BTreeMap<EnvelopeId, usize>,
}

impl Found {
    /// Opens a store after a cut, and everything that is new in it as the team would.
    fn look(&mut self, world: &World, places: &Places, told: &str) -> BTreeSet<EnvelopeId> {
        let (mut store, report) = Store::open(places).unwrap_or_else(|why| panic!("{told}: {why}"));
        assert!(!report.needs_attention(), "{told}: {report:?}");
        let counts = store.counts();
        let ids: BTreeSet<EnvelopeId> = store.window(10_000).into_iter().collect();
        assert_eq!(
            (counts.queued, counts.refused, counts.quarantined),
            (ids.len(), 0, 0),
            "{told}"
        );
        assert_eq!(spooled(places), ids, "{told}: both copies hold the same");
        for id in &ids {
            if self.tellings.contains_key(id) {
                continue;
            }
            let bytes = store.read(id).unwrap().unwrap();
            let envelope = Envelope::parse(&bytes[..]).unwrap();
            let part = seal::open_report_part(envelope.report_part(), &world.hate_team, None).unwrap();
            let Content::Report(sealed) = part.content else {
                panic!("{told}: not a report")
            };
            let telling = telling(decode_report(&sealed).unwrap().words.as_str());
            let telling = telling.unwrap_or_else(|| panic!("{told}: half a report"));
            let twice = self.tellings.values().any(|other| *other == telling);
            assert!(!twice, "{told}: telling {telling} is there twice");
            self.tellings.insert(*id, telling);
        }
        ids
    }
}

/// The digests that files of the spool are named by.
fn spooled(places: &Places) -> BTreeSet<EnvelopeId> {
    let names = fs::read_dir(&places.spool)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    names
        .filter_map(|name| EnvelopeId::parse(name.to_str()?).ok())
        .collect()
}

#[test]
fn submit_killed_at_any_moment_keeps_each_report_whose_code_was_printed_once() {
    let here = Deployment::start();
    let mut dice = Dice::new("submit");
    let submit = |number: usize| {
        let file = here.write("answers.json", &answers(number));
        here.kiosk(&["submit", "--answers", file.to_str().unwrap()])
    };
    let mut normal = typical(5, |time| {
        let done = submit(time).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    });
    let mut found = Found::default();
    let mut promised: BTreeMap<EnvelopeId, usize> = BTreeMap::new();
    let kills = kills();
    for number in 5..5 + kills {
        let moment = dice.moment(normal.mul_f64(1.2));
        let told = format!("killed after {moment:?} of {normal:?}, the {number}th");
        let ended = if number % 10 == 0 {
            // A fuller outbox and a busier computer take longer: now and then one is let through and measured.
            let begun = Instant::now();
            let ended = submit(number).output().unwrap();
            normal = begun.elapsed();
            ended
        } else {
            kill_after(&mut submit(number), moment)
        };
        if let Some(said) = printed(&ended) {
            let id = EnvelopeId::parse(said["envelope_id"].as_str().unwrap()).unwrap();
            assert!(said["reference_code"].is_string(), "{told}");
            promised.insert(id, number);
        } else {
            assert!(ended.stdout.is_empty(), "{told}: half a line");
        }
        // Every other time a copy is looked at, so that a start that has to repair is killed as well.
        let copy = tempfile::tempdir().unwrap();
        let places = if number % 2 == 0 {
            here.kiosk.places.clone()
        } else {
            copy_folder(&here.kiosk.places.data, copy.path());
            Places::within(copy.path())
        };
        let there = found.look(&here.world, &places, &told);
        for (id, number) in &promised {
            assert!(there.contains(id), "{told}: the {number}th is gone");
            assert_eq!(found.tellings.get(id), Some(number), "{told}");
        }
    }
    let (cut, whole) = (kills - promised.len(), promised.len());
    assert!(
        cut > kills / 5 && whole > 0,
        "{cut} cut, {whole} whole: the moments are not spread"
    );
    let last = found.look(&here.world, &here.kiosk.places, "at the end");
    println!(
        "submit: {kills} kills within {normal:?}, {whole} codes printed, {} kept",
        last.len()
    );

    let sent = here.kiosk(&["send"]).output().unwrap();
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    let sent = printed(&sent).unwrap();
    assert_eq!(
        (sent["delivered"].as_u64(), sent["left"].as_u64()),
        (Some(last.len() as u64), Some(0))
    );
    let tellings: Vec<usize> = last.iter().map(|id| found.tellings[id]).collect();
    demand_at_desk(&here.world, &tellings);
    assert!(found.look(&here.world, &here.kiosk.places, "all sent").is_empty());
}

/// Every telling has arrived, each as one case with one report.
fn demand_at_desk(world: &World, tellings: &[usize]) {
    let client = world.desk(&world.sam).unwrap();
    let mut arrived: Vec<usize> = Vec::new();
    for row in client.cases().unwrap().cases {
        let handed = client.hand_over(CaseId::parse(&row.case).unwrap()).unwrap();
        let opened = desk::open_case(&handed, std::slice::from_ref(&world.hate_team), &FormShelf::builtin()).unwrap();
        assert_eq!((opened.reports.len(), handed.parts.len()), (1, 1));
        arrived.push(telling(opened.reports[0].opened.words.as_str()).unwrap());
    }
    arrived.sort_unstable();
    let mut expected = tellings.to_vec();
    expected.sort_unstable();
    assert_eq!(arrived, expected);
}

/// Digests of what the intake has committed, read beside it.
fn committed(world: &World) -> BTreeSet<EnvelopeId> {
    let database = rusqlite::Connection::open_with_flags(
        world.intake_folder().join("intake.db"),
        rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE,
    );
    let database = database.unwrap();
    database.busy_timeout(Duration::from_secs(10)).unwrap();
    let mut all = database.prepare("SELECT id FROM envelopes").unwrap();
    let ids = all.query_map([], |row| row.get(0).map(EnvelopeId)).unwrap();
    ids.map(Result::unwrap).collect()
}

#[test]
fn send_killed_at_any_moment_loses_nothing_and_delivers_nothing_twice() {
    const LOT: usize = 4;
    let here = Deployment::start();
    let mut dice = Dice::new("send");
    let mut filed: BTreeMap<EnvelopeId, usize> = BTreeMap::new();
    let mut found = Found::default();
    let file_a_lot = |filed: &mut BTreeMap<EnvelopeId, usize>| {
        for _ in 0..LOT {
            let number = filed.len();
            let done = run_with(&mut here.kiosk(&["submit", "--answers", "-"]), &answers(number));
            let id = printed(&done).unwrap()["envelope_id"].as_str().unwrap().to_owned();
            filed.insert(EnvelopeId::parse(&id).unwrap(), number);
        }
    };
    file_a_lot(&mut filed);
    let normal = typical(1, |_| {
        let done = here.kiosk(&["send"]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    });
    let kills = kills() / 10;
    for number in 0..kills {
        let moment = dice.moment(normal.mul_f64(1.2));
        let told = format!("killed after {moment:?} of {normal:?}, the {number}th");
        if spooled(&here.kiosk.places).len() < 2 {
            file_a_lot(&mut filed);
        }
        kill_after(&mut here.kiosk(&["send"]), moment);
        let left = found.look(&here.world, &here.kiosk.places, &told);
        let arrived = committed(&here.world);
        for (id, number) in &filed {
            assert!(
                left.contains(id) || arrived.contains(id),
                "{told}: telling {number} is lost"
            );
        }
    }
    let done = here.kiosk(&["send"]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(found.look(&here.world, &here.kiosk.places, "all sent").is_empty());
    demand_at_desk(&here.world, &filed.values().copied().collect::<Vec<_>>());
    println!("send: {kills} kills within {normal:?}, {} reports", filed.len());
}

/// What a kiosk of [`load`] was promised: an envelope and its verified answer.
type Promise = (Envelope, Box<AnswerPage>);

/// One of many kiosks: fresh envelopes, one after another, until the intake is gone.
fn load(kiosk: &InUse, world: &World, stop: &AtomicBool, promised: &Mutex<Vec<Promise>>) {
    let courier = courier(world);
    while !stop.load(Ordering::Relaxed) {
        let envelope = fresh_envelope(kiosk);
        if let Delivery::Answer(page) = courier.exchange(&parcel(kiosk, &envelope)) {
            assert_eq!(page.verdict, Verdict::Acknowledged);
            promised.lock().unwrap().push((envelope, page));
        }
    }
}

fn courier(world: &World) -> Courier {
    let patience = Patience {
        connect: Duration::from_secs(10),
        total: Duration::from_secs(30),
    };
    Courier::new(&world.address, &world.anchor.authority, RELEASED, patience).unwrap()
}

fn parcel(kiosk: &InUse, envelope: &Envelope) -> Parcel {
    Parcel {
        queued: Some(envelope.id()),
        id: envelope.id(),
        bytes: Box::new(*envelope.bytes()),
        signed_by: kiosk.acknowledgement_key,
    }
}

fn fresh_envelope(kiosk: &InUse) -> Envelope {
    let clock = ClockReading {
        wall: Timestamp(1_795_529_400),
        confidence: Confidence::Synced,
        boot: 1,
        since_boot_seconds: 1,
    };
    let slip = RoutingSlip {
        kind: Kind::Report,
        lane: Some(Lane::Hate),
        band: Band::Standard,
        flags: Vec::new(),
        clock,
        tag: Some(seal::random_array().unwrap()),
        inbox: None,
        exclusions: Vec::new(),
        counter: 1,
        news: NewsCursor::default(),
        health: Health::default(),
    };
    let mark = Content::Canary(seal::random_array().unwrap());
    seal::seal(&kiosk.keys, &kiosk.bundle, &slip, mark, Destination::Lane(Lane::Hate)).unwrap()
}

#[test]
fn the_intake_killed_under_load_has_everything_it_acknowledged() {
    let mut here = Deployment::start();
    let mut dice = Dice::new("intake");
    here.world.stop_intake();
    let port: u16 = here.world.address.rsplit(':').next().unwrap().parse().unwrap();
    let folder = here.world.intake_folder();
    let (store, _) = Store::open(&here.kiosk.places).unwrap();
    let worker = Worker::new(store).unwrap();
    let kiosk = worker.in_use();
    let mut promised: Vec<Promise> = Vec::new();
    let rounds = kills() / 20;
    for round in 0..rounds {
        // And once while it starts, with whatever the last kill left.
        let mut starting = Served::start(&folder, port, Stdio::null());
        std::thread::sleep(dice.moment(Duration::from_millis(60)));
        starting.kill();
        let mut served = Served::start(&folder, port, Stdio::null());
        served.listens();
        let before = promised.len();
        let stop = AtomicBool::new(false);
        let fresh = Mutex::new(Vec::new());
        std::thread::scope(|threads| {
            for _ in 0..8 {
                threads.spawn(|| load(kiosk, &here.world, &stop, &fresh));
            }
            // Not before the first answer: the first handshakes take longer than anything else.
            let begun = Instant::now();
            while fresh.lock().unwrap().is_empty() && begun.elapsed() < Duration::from_secs(20) {
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(dice.moment(Duration::from_millis(250)));
            served.kill();
            stop.store(true, Ordering::Relaxed);
        });
        promised.extend(fresh.into_inner().unwrap());
        assert!(promised.len() > before, "round {round}: nothing was acknowledged");
        let there = committed(&here.world);
        let lost = promised
            .iter()
            .filter(|(envelope, _)| !there.contains(&envelope.id()))
            .count();
        assert_eq!(lost, 0, "round {round}: acknowledged and lost");
    }
    let mut served = Served::start(&folder, port, Stdio::null());
    served.listens();
    let courier = courier(&here.world);
    for (envelope, page) in &promised {
        let Delivery::Answer(again) = courier.exchange(&parcel(kiosk, envelope)) else {
            panic!("no answer to a repeat")
        };
        assert!(
            again.proof == page.proof,
            "a repeat is answered with the same 112 bytes"
        );
    }
    drop(served);
    let verified = heard::intake::admin::verify(&folder).unwrap();
    assert_eq!((verified.broken, verified.unreadable), (0, 0));
    println!("intake: {rounds} kills, {} acknowledged", promised.len());
}
