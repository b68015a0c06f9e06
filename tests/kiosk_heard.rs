//! What a running kiosk takes from the intake's answers besides news: how far its clock can be believed, and a refusal.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/fake_intake.rs"]
mod fake_intake;
#[path = "support/kiosk_world.rs"]
mod kiosk_world;

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use fake_intake::{Authority, Listening, Reply, serve};
use heard::kiosk::store::StartReport;
use heard::kiosk::{Courier, Running, examine, export, start};
use heard::machine::{Fault, Faults};
use heard::pinned::{Patience, RELEASED};
use heard::time::{Confidence, Timestamp};
use heard::wire::v1::RoutingSlip;
use heard::wire::{News, RefusalCode, Verdict, build_page, envelope_id};
use kiosk_world::{World, open_slip};

const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(5),
    total: Duration::from_secs(20),
};
const LONG: Duration = Duration::from_secs(60);

/// An intake that says the same to everything, and that there is more, so that the next heartbeat follows at once.
fn says(world: &World, authority: &Authority, verdict: Verdict, now: Timestamp) -> (Listening, Receiver<RoutingSlip>) {
    let (tell, slips) = channel();
    let (router, key) = (world.router.clone(), world.intake.clone());
    let news = News {
        now,
        more: true,
        ..News::default()
    };
    let server = serve(0, authority.good(), move |request| {
        let _ = tell.send(open_slip(&router, &request.body));
        let page = build_page(envelope_id(&request.body), verdict, now, &news, &key).unwrap();
        Reply::page("201 Created", page.to_vec())
    });
    (server, slips)
}

fn run(world: &World, authority: &Authority, server: &Listening) -> Running {
    let (worker, clock) = world.open("kiosk");
    let courier = Courier::new(&server.https(), &authority.certificate, RELEASED, PATIENCE).unwrap();
    start(worker, Some(courier), clock, drop)
}

#[test]
fn the_intakes_clock_says_how_far_the_wall_clock_is_believed() {
    use Confidence::{Kept, Synced, Unknown};
    const DAY: i64 = 86_400;
    let authority = Authority::new();
    // The intake's clock less the kiosk's, now and when it was last heard · believed before the first answer and after it.
    for (now, last_heard, before, after) in [
        (0, -DAY, Kept, Synced),
        (DAY, -DAY, Kept, Unknown),
        (0, DAY, Unknown, Synced),
    ] {
        let world = World::new(&authority.certificate);
        world.enrol("kiosk", "https://localhost:1", 1);
        let (mut worker, clock) = world.open("kiosk");
        let wall = clock.now().clock.wall;
        worker
            .store_mut()
            .set_last_acknowledged(wall.after_seconds(last_heard))
            .unwrap();
        drop(worker);
        let (server, slips) = says(&world, &authority, Verdict::Acknowledged, wall.after_seconds(now));
        let running = run(&world, &authority, &server);
        let believed = [(); 2].map(|()| slips.recv_timeout(LONG).unwrap().clock.confidence);
        running.stop().unwrap();
        assert_eq!(believed, [before, after], "{now} {last_heard}");
    }
}

#[test]
fn a_kiosk_that_was_closed_by_a_failed_copy_opens_again_without_a_restart() {
    let authority = Authority::new();
    let world = World::new(&authority.certificate);
    world.enrol("kiosk", "https://localhost:1", 1);
    let settings = world.places("kiosk").spool.join("settings");
    std::fs::remove_dir_all(&settings).unwrap();
    std::fs::write(&settings, b"").unwrap();
    let (server, slips) = says(&world, &authority, Verdict::Acknowledged, RELEASED);
    let running = run(&world, &authority, &server);
    let one_copy = |slip: RoutingSlip| Faults(slip.health.faults).has(Fault::OneCopy);
    assert!(one_copy(slips.recv_timeout(LONG).unwrap()));
    std::fs::remove_file(&settings).unwrap();
    let mut heartbeats = (0..200).map(|_| one_copy(slips.recv_timeout(LONG).expect("heartbeats go on")));
    assert!(heartbeats.any(|closed| !closed), "it stays closed");
    assert!(running.stop().unwrap().store().capacity().spool_works);
}

#[test]
fn a_refused_heartbeat_raises_the_same_fault_as_a_refused_report_and_it_stays() {
    let authority = Authority::new();
    let world = World::new(&authority.certificate);
    world.enrol("kiosk", "https://localhost:1", 1);
    let (server, slips) = says(&world, &authority, Verdict::Refused(RefusalCode::Version), RELEASED);
    let running = run(&world, &authority, &server);
    let set_aside = |slip: RoutingSlip| Faults(slip.health.faults).has(Fault::SetAside);
    assert!(!set_aside(slips.recv_timeout(LONG).unwrap()));
    let mut heartbeats = (0..200).map(|_| set_aside(slips.recv_timeout(LONG).expect("heartbeats go on")));
    assert!(heartbeats.any(|raised| raised));
    let counts = running.stop().unwrap().store().counts();
    assert_eq!(counts.refused, 0, "nobody's report");
    // After a restart it is told with the first heartbeat, and to the installer.
    let running = run(&world, &authority, &server);
    while slips.try_recv().is_ok() {}
    assert!(set_aside(slips.recv_timeout(LONG).unwrap()));
    running.stop().unwrap();
    let (worker, _) = world.open("kiosk");
    let findings = examine(&worker, &StartReport::default());
    assert!(
        findings
            .iter()
            .any(|finding| !finding.good && finding.line.contains("fault code 32"))
    );
}

#[test]
fn a_damaged_filler_raises_it_as_a_damaged_report_does() {
    let world = World::new(&[1]);
    world.enrol("kiosk", "https://localhost:1", 1);
    export(&world.config("kiosk"), &world.folder.path().join("stick")).unwrap();
    let (mut worker, _) = world.open("kiosk");
    let filler = worker.store().fillers().ids()[0];
    let file = world.places("kiosk").spool.join("fillers").join(filler.to_string());
    std::fs::write(file, b"rotten").unwrap();
    assert!(!worker.is_something_set_aside());
    assert!(worker.parcel(filler).is_none());
    assert!(worker.is_something_set_aside());
    assert!(!worker.store().fillers().has(&filler));
}
