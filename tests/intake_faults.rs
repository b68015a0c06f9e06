//! A running kiosk against the real intake over a link that fails in every way: nothing is lost, nothing arrives twice,
//! nothing is erased before the acknowledgement is here.
//!
//! Each fault is held while one report is told; then the link heals, another report is told, and both must have arrived.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/bench.rs"]
mod bench;
#[path = "support/proxy.rs"]
mod proxy;
#[path = "support/story.rs"]
mod story;

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use bench::{Serving, wait_for};
use heard::demo::World;
use heard::form::AnswersFile;
use heard::id::EnvelopeId;
use heard::intake::admin;
use heard::kiosk::store::Spool;
use heard::kiosk::{self, Config, Courier, Running};
use heard::machine::{Press, SavedView, SavedWords, View};
use heard::pinned::Patience;
use proxy::{Proxy, Way};
use story::{courier, courier_with, stolen_envelopes, worker, world};

const REPORT: &[u8] = include_bytes!("../assets/examples/without-a-name.json");

/// A kiosk that runs, its front, and what it was told.
struct AtKiosk {
    config: Config,
    running: Running,
    views: Receiver<Box<View>>,
    told: usize,
}

impl AtKiosk {
    fn start(config: &Config, courier: Courier) -> Self {
        let (worker, clock) = worker(config);
        let (show, views) = channel();
        let running = kiosk::start(worker, Some(courier), clock, move |view| drop(show.send(view)));
        Self {
            config: config.clone(),
            running,
            views,
            told: 0,
        }
    }

    /// Tells one report and gives the saved page.
    fn tell(&mut self) -> SavedView {
        if self.told > 0 {
            assert!(self.running.press(Press::CodeKept) && self.running.press(Press::Done));
        }
        self.told += 1;
        let (form, file) = report();
        kiosk::tell(&self.running, &self.views, &form, &file).unwrap().saved
    }

    /// What lies in the second copy.
    fn kept(&self) -> BTreeSet<EnvelopeId> {
        let ids = Spool::at(&self.config.places.spool).ids().unwrap();
        ids.into_iter().collect()
    }

    /// Waits until the kiosk has nothing left.
    fn until_empty(&self) {
        let empty = wait_for(|| self.kept().is_empty().then_some(()));
        assert!(empty.is_some(), "the kiosk delivers what it has when the link is there");
    }
}

fn report() -> (std::sync::Arc<heard::form::FormDefinition>, AnswersFile) {
    let files = heard::desk::builtin_files();
    let file = files.iter().find(|file| file.path == kiosk::REPORT_FORM).unwrap();
    let form = heard::form::FormDefinition::parse(&file.path, &file.bytes).unwrap();
    let answers = AnswersFile::read(REPORT, &form).unwrap();
    (std::sync::Arc::new(form), answers)
}

fn port(world: &World) -> u16 {
    world.address.rsplit(':').next().unwrap().parse().unwrap()
}

/// Every report is one case of one part at the intake, and erased with proof at the kiosk.
fn exactly_once(world: &World, kiosk: AtKiosk, reports: &[EnvelopeId]) {
    kiosk.until_empty();
    let mut worker = kiosk.running.stop().unwrap();
    assert_eq!(worker.store().counts().queued, 0);
    for id in reports {
        assert!(worker.store().has_tombstone(id));
        assert!(worker.store().acknowledgement(id).unwrap().is_some(), "proof of it");
        assert!(worker.store_mut().read(id).unwrap().is_none(), "no copy is left");
    }
    let mut parts = Vec::new();
    for who in [&world.sam, &world.ines] {
        let desk = world.desk(who).unwrap();
        for row in desk.cases().unwrap().cases {
            let handed = desk.hand_over(heard::id::CaseId::parse(&row.case).unwrap()).unwrap();
            assert_eq!(handed.parts.len(), 1);
            parts.push(handed.parts[0].envelope.clone());
        }
    }
    parts.sort();
    let mut expected: Vec<String> = reports.iter().map(ToString::to_string).collect();
    expected.sort();
    assert_eq!(parts, expected, "each once");
    assert_eq!(admin::verify(&world.intake_folder()).unwrap().broken, 0);
}

/// One report while the link is like this, one after it has healed. `arrives` says whether the first one is at the intake
/// although the kiosk does not know it.
fn survives(way: impl Fn(u16) -> Way, arrives: bool) {
    let world = world();
    let config = world.enrol_kiosk("kiosk").unwrap();
    let proxy = Proxy::start(way(port(&world)));
    let mut kiosk = AtKiosk::start(&config, courier(&world, &proxy.address()));
    let first = kiosk.tell();
    assert_eq!(first.words, SavedWords::Held, "nothing is promised that is not so");
    assert!(proxy.taken() > 0, "the link was tried");
    assert_eq!(
        kiosk.kept(),
        BTreeSet::from([first.envelope]),
        "nothing is erased early"
    );
    let there = || stolen_envelopes(&world).iter().any(|one| one.id() == first.envelope);
    if arrives {
        assert!(wait_for(|| there().then_some(())).is_some());
        assert!(kiosk.kept().contains(&first.envelope), "not even now");
        assert!(proxy.withheld() > 0);
    } else {
        assert!(!there());
    }
    proxy.set(Way::Through(port(&world)));
    let second = kiosk.tell();
    exactly_once(&world, kiosk, &[first.envelope, second.envelope]);
}

#[test]
fn every_connection_is_hung_up() {
    survives(|_| Way::HangUp, false);
}

#[test]
fn something_that_is_no_tls_answers() {
    survives(
        |_| Way::Nonsense(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"),
        false,
    );
}

#[test]
fn something_answers_in_broken_tls() {
    // A handshake record that promises more than it holds.
    survives(
        |_| Way::Nonsense(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03heard"),
        false,
    );
}

#[test]
fn another_deployments_intake_answers() {
    let stranger = world();
    let port = port(&stranger);
    survives(move |_| Way::Through(port), false);
    assert_eq!(stolen_envelopes(&stranger).len(), 0, "it was told nothing");
}

#[test]
fn the_answer_is_cut_after_the_commit() {
    survives(Way::CutAnswer, true);
}

#[test]
fn down_when_told_and_back_later_and_the_kiosk_started_anew_between() {
    let mut world = world();
    let config = world.enrol_kiosk("kiosk").unwrap();
    world.stop_intake();
    let mut kiosk = AtKiosk::start(&config, courier(&world, &world.address));
    let told: Vec<EnvelopeId> = (0..3)
        .map(|_| kiosk.tell())
        .map(|saved| {
            assert_eq!(saved.words, SavedWords::Held);
            saved.envelope
        })
        .collect();
    assert_eq!(kiosk.kept(), told.iter().copied().collect());
    drop(kiosk.running.stop().unwrap());
    world.restart_intake().unwrap();
    let kiosk = AtKiosk::start(&config, courier(&world, &world.address));
    exactly_once(&world, kiosk, &told);
}

#[test]
fn the_intake_is_killed_after_the_commit_and_before_the_answer() {
    let mut world = world();
    let config = world.enrol_kiosk("kiosk").unwrap();
    world.stop_intake();
    let port = port(&world);
    let serving = Serving::start(&world.intake_folder(), port);
    let proxy = Proxy::start(Way::Through(port));
    let mut kiosk = AtKiosk::start(&config, courier(&world, &proxy.address()));
    let before = kiosk.tell();
    assert_eq!(before.words, SavedWords::Sent);
    kiosk.until_empty();
    proxy.set(Way::HoldAnswer(port));
    // Its saved page waits 10 s for an answer that does not come.
    let held = kiosk.tell();
    assert_eq!(held.words, SavedWords::Held);
    assert!(proxy.withheld() > 0, "the answer was on its way");
    serving.kill();
    assert_eq!(kiosk.kept(), BTreeSet::from([held.envelope]));
    let serving = Serving::start(&world.intake_folder(), port);
    assert_eq!(
        admin::cases(&world.intake_folder()).unwrap().len(),
        2,
        "what was committed is there"
    );
    proxy.set(Way::Through(port));
    let after = kiosk.tell();
    kiosk.until_empty();
    serving.stop();
    world.restart_intake().unwrap();
    exactly_once(&world, kiosk, &[before.envelope, held.envelope, after.envelope]);
}

#[test]
fn a_slow_link_is_borne_and_one_that_is_too_slow_loses_nothing() {
    let world = world();
    let config = world.enrol_kiosk("kiosk").unwrap();
    let port = port(&world);
    let proxy = Proxy::start(Way::Slow(port, 1_024, 20));
    let patience = Patience {
        connect: Duration::from_secs(3),
        total: Duration::from_secs(3),
    };
    let mut kiosk = AtKiosk::start(&config, courier_with(&world, &proxy.address(), patience));
    let slow = kiosk.tell();
    kiosk.until_empty();
    // 36 kB at 2 kB a second.
    proxy.set(Way::Slow(port, 256, 125));
    let too_slow = kiosk.tell();
    assert_eq!(too_slow.words, SavedWords::Held);
    assert!(kiosk.kept().contains(&too_slow.envelope));
    proxy.set(Way::Through(port));
    let last = kiosk.tell();
    exactly_once(&world, kiosk, &[slow.envelope, too_slow.envelope, last.envelope]);
}
