//! The running kiosk against a stand-in intake over real TLS: a report is delivered once and forgotten, whatever happens
//! to the link and the power in between; notes and bundles arrive, and forged bundles never do.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/fake_intake.rs"]
mod fake_intake;
#[path = "support/kiosk_world.rs"]
mod kiosk_world;

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use fake_intake::{Authority, Listening, Reply, serve};
use heard::desk::builtin_files;
use heard::form::{AnswersFile, FormDefinition};
use heard::id::EnvelopeId;
use heard::kiosk::store::{Places, Spool};
use heard::kiosk::{Clock, Courier, Running, Worker, check_answers, send_pass, start, tell};
use heard::limits::STATUS_NOTE_BYTES;
use heard::machine::{Page, SavedView, SavedWords, View};
use heard::pinned::{Patience, RELEASED};
use heard::seal::Identity;
use heard::wire::v1::Kind;
use heard::wire::{BundleFile, StatusNoteBytes, Verdict, build_page, envelope_id};
use kiosk_world::{INTAKE_NOW, Offer, World, news_since, open_slip};

const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(5),
    total: Duration::from_secs(20),
};
const LONG: Duration = Duration::from_secs(60);
const EXAMPLE: &[u8] = include_bytes!("../assets/examples/without-a-name.json");

/// What the stand-in intake has and was given.
#[derive(Default)]
struct Desk {
    /// Every envelope by its digest, and how often it came.
    envelopes: BTreeMap<EnvelopeId, (Vec<u8>, usize)>,
    notes: Vec<StatusNoteBytes>,
    offer: Offer,
    /// Committed, and the connection cut before the answer: so often.
    cuts: usize,
}

/// A stand-in intake that keeps everything, reads the slips, and answers with news.
struct Intake {
    desk: Arc<Mutex<Desk>>,
    /// One for each request: whether there was more news than fitted into the answer.
    answered: Receiver<bool>,
    tell: Sender<bool>,
    key: SigningKey,
    router: Identity,
}

impl Intake {
    fn new(world: &World) -> Self {
        let (tell, answered) = channel();
        Self {
            desk: Arc::default(),
            answered,
            tell,
            key: world.intake.clone(),
            router: world.router.clone(),
        }
    }

    fn listen(&self, authority: &Authority, port: u16) -> Listening {
        let (desk, tell, key, router) = (
            Arc::clone(&self.desk),
            self.tell.clone(),
            self.key.clone(),
            self.router.clone(),
        );
        serve(port, authority.good(), move |request| {
            let id = envelope_id(&request.body);
            assert_eq!(request.line, format!("PUT /v1/envelopes/{id}"));
            let slip = open_slip(&router, &request.body);
            let mut desk = desk.lock().unwrap();
            let known = desk.envelopes.entry(id).or_insert((request.body, 0));
            known.1 += 1;
            let status = if known.1 == 1 { "201 Created" } else { "200 OK" };
            let news = news_since(slip.news, &desk.notes, &desk.offer);
            let is_report = slip.kind == Kind::Report;
            let _ = tell.send(news.more);
            if is_report && desk.cuts > 0 {
                desk.cuts -= 1;
                return Reply::Cut;
            }
            let page = build_page(id, Verdict::Acknowledged, INTAKE_NOW, &news, &key).unwrap();
            Reply::page(status, page.to_vec())
        })
    }

    /// Waits until the kiosk has been told everything.
    fn until_all_is_told(&self) {
        while self.answered.recv_timeout(LONG).expect("the kiosk speaks") {}
    }

    /// Reports, and how often each came.
    fn reports(&self) -> Vec<(Vec<u8>, usize)> {
        let desk = self.desk.lock().unwrap();
        let all = desk.envelopes.values();
        all.filter(|(bytes, _)| open_slip(&self.router, bytes).kind == Kind::Report)
            .cloned()
            .collect()
    }
}

struct Kiosk {
    running: Running,
    views: Receiver<Box<View>>,
    form: Arc<FormDefinition>,
    file: AnswersFile,
}

impl Kiosk {
    fn run(worker: Worker, clock: Clock, courier: Courier) -> Self {
        let form = Arc::clone(&worker.in_use().form);
        let file = check_answers(EXAMPLE, &form).unwrap();
        let (show, views) = sync_channel(1_000);
        let running = start(worker, Some(courier), clock, move |view| drop(show.try_send(view)));
        Self {
            running,
            views,
            form,
            file,
        }
    }

    fn tell(&self) -> SavedView {
        tell(&self.running, &self.views, &self.form, &self.file).unwrap().saved
    }

    /// Waits until the saved page says that it has reached the team.
    fn until_sent(&self) {
        let is_sent = |view: &View| matches!(&view.page, Page::Saved(saved) if saved.words == SavedWords::Sent);
        while !is_sent(&self.views.recv_timeout(LONG).expect("the page changes")) {}
    }
}

fn courier(address: &str, authority: &Authority) -> Courier {
    Courier::new(address, &authority.certificate, RELEASED, PATIENCE).unwrap()
}

fn demand_forgotten(worker: &Worker, places: &Places, id: &EnvelopeId) {
    assert_eq!(worker.store().counts().queued, 0);
    assert!(worker.store().has_tombstone(id), "the proof is kept");
    assert_eq!(Spool::at(&places.spool).ids().unwrap(), [], "the second copy is gone");
}

#[test]
fn a_report_is_delivered_and_both_copies_are_erased() {
    let authority = Authority::new();
    let world = World::new(&authority.certificate);
    let intake = Intake::new(&world);
    let server = intake.listen(&authority, 0);
    world.enrol("kiosk", &server.https(), 1);
    let (worker, clock) = world.open("kiosk");
    let form = Arc::clone(&worker.in_use().form);
    let kiosk = Kiosk::run(worker, clock, courier(&server.https(), &authority));
    let saved = kiosk.tell();
    assert_eq!(saved.words, SavedWords::Sent);
    let worker = kiosk.running.stop().unwrap();
    demand_forgotten(&worker, &world.places("kiosk"), &saved.envelope);
    assert_eq!(
        worker.store().last_acknowledged(),
        Some(INTAKE_NOW),
        "by the intake's clock"
    );
    let reports = intake.reports();
    assert_eq!(reports.len(), 1);
    let told: serde_json::Value = serde_json::from_slice(EXAMPLE).unwrap();
    assert_eq!(world.opened(&reports[0].0, &form), told, "the team reads what was told");
}

#[test]
fn an_intake_that_comes_up_later_gets_what_was_kept() {
    let authority = Authority::new();
    let world = World::new(&authority.certificate);
    let intake = Intake::new(&world);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("https://localhost:{port}");
    world.enrol("kiosk", &address, 1);
    let (worker, clock) = world.open("kiosk");
    let kiosk = Kiosk::run(worker, clock, courier(&address, &authority));
    let saved = kiosk.tell();
    assert_eq!(saved.words, SavedWords::Held, "nothing is promised that is not so");
    assert_eq!(Spool::at(&world.places("kiosk").spool).ids().unwrap(), [saved.envelope]);
    let _server = intake.listen(&authority, port);
    kiosk.until_sent();
    let worker = kiosk.running.stop().unwrap();
    demand_forgotten(&worker, &world.places("kiosk"), &saved.envelope);
    assert_eq!(intake.reports().len(), 1);
}

#[test]
fn killed_between_the_commit_and_the_acknowledgement_it_is_one_report() {
    let authority = Authority::new();
    let world = World::new(&authority.certificate);
    let intake = Intake::new(&world);
    intake.desk.lock().unwrap().cuts = 1;
    let server = intake.listen(&authority, 0);
    world.enrol("kiosk", &server.https(), 1);
    let (worker, clock) = world.open("kiosk");
    let kiosk = Kiosk::run(worker, clock, courier(&server.https(), &authority));
    let saved = kiosk.tell();
    assert_eq!(saved.words, SavedWords::Held);
    // The power goes now: what is on the disk is all that the next start has.
    copy_folder(&world.places("kiosk").data, &world.places("after").data);
    kiosk.running.stop().unwrap();
    let (mut worker, clock) = world.open("after");
    assert_eq!(worker.store().window(9), [saved.envelope]);
    let pass = send_pass(&mut worker, &courier(&server.https(), &authority), clock).unwrap();
    assert_eq!((pass.delivered, pass.left, pass.fault), (1, 0, None));
    demand_forgotten(&worker, &world.places("after"), &saved.envelope);
    let reports = intake.reports();
    assert_eq!(reports.len(), 1, "one report");
    assert!(reports[0].1 >= 2, "that came at least twice, the same bytes each time");
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn note(number: u8) -> StatusNoteBytes {
    Box::new([number; STATUS_NOTE_BYTES])
}

fn notes_of(worker: &Worker) -> Vec<u64> {
    let mut numbers = Vec::new();
    let visited = worker.store().visit_notes(|number, bytes| {
        assert_eq!(u64::from(bytes[0]), number);
        numbers.push(number);
        ControlFlow::Continue(())
    });
    visited.unwrap();
    numbers
}

/// The built-in files with another form: one question more in front, so that every place in it has moved.
fn other_files() -> Vec<BundleFile> {
    let mut files = builtin_files();
    let form = files.iter_mut().find(|file| file.path == "forms/report.toml").unwrap();
    let text = String::from_utf8(form.bytes.clone()).unwrap();
    let more = "[[question]]\nid = \"one-more\"\ncode = 39\nsection = \"core\"\nkind = \"statement\"\nask = { en = \"One more\" }\n\n[[question]]";
    let moved = text
        .replacen("[[question]]", more, 1)
        .replacen("version = 1", "version = 2", 1);
    form.bytes = moved.into_bytes();
    files
}

#[test]
fn notes_and_a_newer_bundle_arrive_while_somebody_fills_in_the_older_form() {
    let authority = Authority::new();
    let world = World::new(&authority.certificate);
    let intake = Intake::new(&world);
    let newer = world.bundle(2, other_files()).sign(&world.root).unwrap();
    {
        let mut desk = intake.desk.lock().unwrap();
        desk.notes = (1..=16).map(note).collect();
        desk.offer = Offer {
            sequence: 2,
            bytes: newer.clone(),
        };
    }
    let server = intake.listen(&authority, 0);
    world.enrol("kiosk", &server.https(), 1);
    let (worker, clock) = world.open("kiosk");
    let older = Arc::clone(&worker.in_use().form);
    let kiosk = Kiosk::run(worker, clock, courier(&server.https(), &authority));
    intake.until_all_is_told();
    // The machine still shows the form that it began with.
    let saved = kiosk.tell();
    assert_eq!(saved.words, SavedWords::Sent);
    let worker = kiosk.running.stop().unwrap();
    assert_eq!(notes_of(&worker), (1..=16).rev().collect::<Vec<_>>());
    assert_eq!(worker.store().bundle().unwrap().bytes, newer);
    assert_ne!(worker.in_use().form.digest, older.digest);
    drop(worker);
    assert_eq!(
        world.open("kiosk").0.in_use().form.version,
        2,
        "and it is in use after a restart"
    );
    let told: serde_json::Value = serde_json::from_slice(EXAMPLE).unwrap();
    assert_eq!(
        world.opened(&intake.reports()[0].0, &older),
        told,
        "told with one form, coded with the same"
    );
}

#[test]
fn a_bundle_that_is_forged_or_older_or_broken_never_replaces_the_one_in_force() {
    let authority = Authority::new();
    let world = World::new(&authority.certificate);
    let intake = Intake::new(&world);
    let server = intake.listen(&authority, 0);
    world.enrol("kiosk", &server.https(), 1);
    let (mut worker, clock) = world.open("kiosk");
    let courier = courier(&server.https(), &authority);
    let before = worker.store().bundle().unwrap().bytes;

    let forged = world
        .bundle(5, builtin_files())
        .sign(&SigningKey::from_bytes(&[66; 32]))
        .unwrap();
    let older = world.bundle(1, other_files()).sign(&world.root).unwrap();
    let mut flipped = world.bundle(7, builtin_files()).sign(&world.root).unwrap();
    flipped[20_000] ^= 1;
    let formless = world.bundle(8, Vec::new()).sign(&world.root).unwrap();
    for (told, sequence, bytes) in [
        ("signed by another root", 5, forged),
        ("older, under a newer number", 6, older),
        ("damaged", 7, flipped),
        ("without a form", 8, formless),
    ] {
        let pieces = bytes.len() / 10_000 + 1;
        intake.desk.lock().unwrap().offer = Offer { sequence, bytes };
        let came = intake.desk.lock().unwrap().envelopes.len();
        for _ in 0..3 {
            let pass = send_pass(&mut worker, &courier, clock).unwrap();
            assert_eq!(pass.fault, None, "{told}");
        }
        assert!(worker.store().bundle().unwrap().bytes == before, "{told}");
        assert_eq!(worker.in_use().bundle.sequence, 1, "{told}");
        let asked = intake.desk.lock().unwrap().envelopes.len() - came;
        assert!(
            asked <= pieces + 3,
            "{told}: fetched once and not for ever ({asked} requests)"
        );
    }
    // The next good one is taken all the same, and a pass that is cut in the middle of it does no harm.
    let good = world.bundle(9, other_files()).sign(&world.root).unwrap();
    intake.desk.lock().unwrap().offer = Offer {
        sequence: 9,
        bytes: good.clone(),
    };
    let heartbeat = worker.heartbeat(clock.now().clock, 0).unwrap();
    courier.exchange(&worker.unqueued_parcel(&heartbeat));
    send_pass(&mut worker, &courier, clock).unwrap();
    assert!(worker.store().bundle().unwrap().bytes == good);
}
