//! Everything that may stand at the other end of the line, on real sockets: what the courier calls it, and that the kiosk
//! keeps its envelope until a good acknowledgement has come.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/fake_intake.rs"]
mod fake_intake;
#[path = "support/kiosk_world.rs"]
mod kiosk_world;

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use fake_intake::{Authority, Listening, Reply, Tls, accept, serve};
use heard::id::EnvelopeId;
use heard::kiosk::store::Spool;
use heard::kiosk::{Clock, Courier, Worker, send_pass};
use heard::limits::ENVELOPE_BYTES;
use heard::machine::LinkFault;
use heard::pinned::{Patience, RELEASED};
use heard::time::Timestamp;
use heard::wire::{RefusalCode, Verdict, build_page, envelope_id};
use kiosk_world::{INTAKE_NOW, World, plain_news};

/// Long for a computer that talks to itself, short for a test.
const PATIENCE: Patience = Patience {
    connect: Duration::from_millis(700),
    total: Duration::from_millis(1_200),
};

const PROBLEM: &str = "application/problem+json";

struct Bench {
    authority: Authority,
    world: World,
    worker: Worker,
    clock: Clock,
    id: EnvelopeId,
}

impl Bench {
    fn new() -> Self {
        let authority = Authority::new();
        let world = World::new(&authority.certificate);
        world.enrol("kiosk", "https://localhost:1", 7);
        let (mut worker, clock) = world.open("kiosk");
        let id = queue_one(&mut worker, clock);
        Self {
            authority,
            world,
            worker,
            clock,
            id,
        }
    }

    fn courier(&self, address: &str, patience: Patience) -> Courier {
        Courier::new(address, &self.authority.certificate, RELEASED, patience).unwrap()
    }

    /// One pass against `address`; demands the fault, and that both copies are still here.
    fn demand_fault(&mut self, told: &str, address: &str, fault: LinkFault) {
        let patience = if fault == LinkFault::NameUnknown {
            Patience::SLOW_LINK
        } else {
            PATIENCE
        };
        let courier = self.courier(address, patience);
        let pass = send_pass(&mut self.worker, &courier, self.clock).unwrap();
        assert_eq!(pass.fault, Some(fault), "{told}");
        assert_eq!((pass.delivered, pass.refused, pass.left), (0, 0, 1), "{told}");
        self.demand_kept(told);
    }

    fn demand_kept(&mut self, told: &str) {
        let bytes = self.worker.store_mut().read(&self.id).unwrap().unwrap();
        assert_eq!(envelope_id(&bytes[..]), self.id, "{told}");
        let spool = Spool::at(&self.world.places("kiosk").spool);
        assert!(spool.read(&self.id).unwrap().is_some(), "{told}: the second copy");
        assert!(!self.worker.store().has_tombstone(&self.id), "{told}");
    }
}

fn queue_one(worker: &mut Worker, clock: Clock) -> EnvelopeId {
    let envelope = worker.heartbeat(clock.now().clock, 0).unwrap();
    worker.store_mut().keep(&envelope.id(), envelope.bytes()).unwrap();
    envelope.id()
}

fn always(tls: Tls, reply: Reply) -> Listening {
    serve(0, tls, move |_| reply.clone())
}

fn http(status: &'static str, kind: &str, body: &[u8]) -> Reply {
    Reply::Http(status, vec![("content-type", kind.to_owned())], body.to_vec())
}

#[test]
fn nobody_there_or_nobody_who_answers() {
    let mut bench = Bench::new();
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = format!("https://localhost:{unused}");
    bench.demand_fault("nobody listens", &nobody, LinkFault::ConnectionRefused);
    bench.demand_fault("name unknown", "https://nobody.invalid:1", LinkFault::NameUnknown);

    // The connection stands in the queue of the listener and nobody ever takes it.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://localhost:{}", silent.local_addr().unwrap().port());
    bench.demand_fault("accepts and never speaks", &address, LinkFault::TimedOut);

    let closing = accept(0, drop);
    bench.demand_fault("closes at once", &closing.https(), LinkFault::TimedOut);

    let page = bench.world.page(bench.id, Verdict::Acknowledged);
    let begun = [
        b"HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: 16384\r\n\r\n".as_slice(),
        &page[..9_000],
    ]
    .concat();
    for (told, reply) in [
        ("takes the request and never answers", Reply::Silence),
        ("cut after the request", Reply::Cut),
        (
            "slow dribble of the head",
            Reply::Dribble(b"HTTP/1.1 200 OK\r\nx-slow: ".to_vec()),
        ),
        ("slow dribble of the page", Reply::Dribble(begun)),
    ] {
        let server = always(bench.authority.good(), reply);
        bench.demand_fault(told, &server.https(), LinkFault::TimedOut);
    }
}

#[test]
fn somebody_else_at_the_end_of_the_line() {
    let mut bench = Bench::new();
    let stranger = Authority::new().good();
    let other_name = bench.authority.server("portal.example", (2020, 9999));
    for (told, tls) in [
        ("a stranger's certificate", stranger),
        ("our authority, another name", other_name),
    ] {
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let server = serve(0, tls, move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
            Reply::Cut
        });
        bench.demand_fault(told, &server.https(), LinkFault::StrangersCertificate);
        assert_eq!(
            asked.load(Ordering::SeqCst),
            0,
            "{told}: not one byte of the envelope left"
        );
    }
    // A portal that speaks plain HTTP on the port.
    let plain = accept(0, |mut socket| {
        let _ = std::io::Write::write_all(&mut socket, b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi");
        // Read what comes, so that the answer is not lost to a reset.
        let _ = std::io::Read::read(&mut socket, &mut [0; 4_096]);
    });
    bench.demand_fault(
        "plain HTTP on the port",
        &plain.https(),
        LinkFault::StrangersCertificate,
    );
}

/// Serves each reply in turn and demands its fault.
fn demand_each(bench: &mut Bench, rows: Vec<(&str, Reply, LinkFault)>) {
    for (told, reply, fault) in rows {
        let server = always(bench.authority.good(), reply);
        bench.demand_fault(told, &server.https(), fault);
    }
}

#[test]
fn pages_that_prove_nothing() {
    let mut bench = Bench::new();
    let good = bench.world.page(bench.id, Verdict::Acknowledged);
    let strangers_key = SigningKey::from_bytes(&[66; 32]);
    let wrong_key = build_page(
        bench.id,
        Verdict::Acknowledged,
        INTAKE_NOW,
        &plain_news(),
        &strangers_key,
    );
    let wrong_key = wrong_key.unwrap().to_vec();
    let other = bench.world.page(EnvelopeId([5; 32]), Verdict::Acknowledged);
    let mut corrupted = good.clone();
    corrupted[9_000] ^= 1;
    let longer = [&good[..], &[0]].concat();
    let rows = [
        ("garbage", "200 OK", vec![0x5a; ENVELOPE_BYTES]),
        ("empty", "201 Created", Vec::new()),
        ("one byte more", "200 OK", longer),
        ("another key", "201 Created", wrong_key),
        ("another envelope", "201 Created", other),
        ("corrupted", "201 Created", corrupted),
        ("422 garbage", "422 Unprocessable Content", vec![1; ENVELOPE_BYTES]),
    ];
    let row = |(told, status, bytes)| (told, Reply::page(status, bytes), LinkFault::AnswerNotBelieved);
    demand_each(&mut bench, rows.map(row).to_vec());
    // A good page under a status that no intake gives it, or as something else: whoever sent it is not the intake.
    let typeless = Reply::Http("200 OK", Vec::new(), good.clone());
    let rows = vec![
        ("404", Reply::page("404 Not Found", good), LinkFault::PortalPage),
        ("no type", typeless, LinkFault::PortalPage),
    ];
    demand_each(&mut bench, rows);
}

#[test]
fn statuses_that_say_no() {
    const HTML: &str = "text/html";
    let mut bench = Bench::new();
    let later = |retry_after_seconds| LinkFault::Busy { retry_after_seconds };
    let busy = |seconds: &str| {
        let kind = ("content-type", PROBLEM.to_owned());
        let headers = vec![kind, ("retry-after", seconds.to_owned())];
        Reply::Http("503 Service Unavailable", headers, b"{}".to_vec())
    };
    let found = vec![("location", "https://localhost/portal".to_owned())];
    let rows = vec![
        (
            "302",
            Reply::Http("302 Found", found, Vec::new()),
            LinkFault::PortalPage,
        ),
        ("503 and when", busy("40"), later(40)),
        ("503 with a date", busy("Wed, 21 Oct 2026 07:28:00 GMT"), later(0)),
        ("503 for ever", busy("99999999999"), later(0)),
    ];
    demand_each(&mut bench, rows);
    let rows = [
        ("200 OK", HTML, LinkFault::PortalPage),
        ("500 Internal Server Error", HTML, later(0)),
        ("429 Too Many Requests", PROBLEM, later(0)),
        ("401 Unauthorized", PROBLEM, LinkFault::NotKnown),
        ("401 Unauthorized", HTML, LinkFault::PortalPage),
        ("404 Not Found", HTML, LinkFault::PortalPage),
        ("413 Content Too Large", PROBLEM, LinkFault::PortalPage),
        ("422 Unprocessable Content", PROBLEM, LinkFault::PortalPage),
    ];
    let row = |(status, kind, fault)| (status, http(status, kind, b"<html>Please accept</html>"), fault);
    demand_each(&mut bench, rows.map(row).to_vec());
}

#[test]
fn a_signed_refusal_is_kept_and_never_sent_again_and_an_acknowledgement_erases() {
    let mut bench = Bench::new();
    let refused = bench.id;
    let seen = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&seen);
    let (intake, refusal) = (bench.world.intake.clone(), Verdict::Refused(RefusalCode::Shape));
    let server = serve(0, bench.authority.good(), move |request| {
        let id = envelope_id(&request.body);
        assert_eq!(request.line, format!("PUT /v1/envelopes/{id}"));
        let (status, verdict) = if id == refused {
            counted.fetch_add(1, Ordering::SeqCst);
            ("422 Unprocessable Content", refusal)
        } else {
            ("201 Created", Verdict::Acknowledged)
        };
        let page = build_page(id, verdict, INTAKE_NOW, &plain_news(), &intake).unwrap();
        Reply::page(status, page.to_vec())
    });
    let courier = bench.courier(&server.https(), PATIENCE);
    let mut pass = || send_pass(&mut bench.worker, &courier, bench.clock).unwrap();
    let first = pass();
    assert_eq!(
        (first.delivered, first.refused, first.left, first.fault),
        (0, 1, 0, None)
    );
    let second = pass();
    assert_eq!((second.refused, second.left, second.fault), (0, 0, None));
    assert_eq!(seen.load(Ordering::SeqCst), 1, "a refused envelope is never sent again");
    bench.demand_kept("refused");
    assert_eq!(bench.worker.store().counts().refused, 1);

    let good = queue_one(&mut bench.worker, bench.clock);
    let third = send_pass(&mut bench.worker, &courier, bench.clock).unwrap();
    assert_eq!((third.delivered, third.left), (1, 0));
    assert!(bench.worker.store().has_tombstone(&good));
    assert!(
        !Spool::at(&bench.world.places("kiosk").spool)
            .ids()
            .unwrap()
            .contains(&good)
    );
    assert_eq!(
        bench.worker.store().last_acknowledged(),
        Some(INTAKE_NOW),
        "by the intake's clock, not ours"
    );

    // The answer to a repeat is 200 with the same page.
    let repeated = queue_one(&mut bench.worker, bench.clock);
    let page = bench.world.page(repeated, Verdict::Acknowledged);
    let server = always(bench.authority.good(), Reply::page("200 OK", page));
    let courier = bench.courier(&server.https(), PATIENCE);
    let fourth = send_pass(&mut bench.worker, &courier, bench.clock).unwrap();
    assert_eq!((fourth.delivered, fourth.left), (1, 0));
    assert!(bench.worker.store().has_tombstone(&repeated));
}

#[test]
fn certificates_are_judged_at_the_time_given_and_the_system_clock_is_not_asked() {
    let mut bench = Bench::new();
    let year = |number: i64| Timestamp((number - 1970) * 31_556_952 + 15_000_000);
    // (certificate's years, time given, whether it is good)
    for (years, given, good) in [
        ((2040, 2042), year(2041), true),
        ((2040, 2042), RELEASED, false),
        ((2026, 2028), RELEASED, true),
        ((2026, 2028), year(2041), false),
        ((2020, 9999), year(2500), true),
        // A time before the release, from a store that was never told one, counts as the release.
        ((2026, 2028), Timestamp(0), true),
    ] {
        let page = bench.world.page(bench.id, Verdict::Refused(RefusalCode::Shape));
        let server = always(
            bench.authority.server("localhost", years),
            Reply::page("404 Not Found", page),
        );
        let courier = Courier::new(&server.https(), &bench.authority.certificate, given, PATIENCE).unwrap();
        let pass = send_pass(&mut bench.worker, &courier, bench.clock).unwrap();
        let expected = if good {
            LinkFault::PortalPage
        } else {
            LinkFault::StrangersCertificate
        };
        assert_eq!(pass.fault, Some(expected), "{years:?} judged at {given:?}");
    }
    bench.demand_kept("whatever the certificate");
}
