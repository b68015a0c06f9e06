//! PUT and enrolment: what is taken, what is turned away, what survives.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use heard::form::Lane;
use heard::id::to_hex;
use heard::intake::setup::{InitOptions, init};
use heard::intake::{IntakeError, Waits, admin};
use heard::limits::{ENVELOPE_BYTES, SIGNED_BYTES};
use heard::seal::{SealingKeys, random_array};
use heard::time::Timestamp;
use heard::wire::v1::Kind;
use heard::wire::{Cost, RefusalCode, Verdict, envelope_id};

use crate::world::{World, recipient, seconds, slip, wait};

#[test]
fn a_repeat_gets_the_same_acknowledgement() {
    let world = World::new();
    let kiosk = world.kiosk();
    let envelope = world.seal(&kiosk, &slip(Kind::Report));
    let (first, page) = world.put(&envelope);
    wait(1_100);
    let (again, repeated) = world.put(&envelope);
    assert_eq!((first, again), (201, 200));
    assert_eq!(page.id, envelope.id());
    assert_eq!(page.verdict, Verdict::Acknowledged);
    assert_eq!(page.proof, repeated.proof);
    assert!(repeated.news.now > page.news.now, "the second page was made later");
    assert_eq!(admin::cases(&world.folder()).unwrap().len(), 1);
}

#[test]
fn what_is_not_a_known_kiosks_envelope_is_turned_away() {
    let world = World::new();
    let kiosk = world.kiosk();
    let envelope = world.seal(&kiosk, &slip(Kind::Report));
    let id = envelope.id().to_string();
    let bytes = envelope.bytes().to_vec();
    let stranger = crate::world::Kiosk {
        keys: SealingKeys::from_seed(&[7; 32]),
    };
    let strange = world.seal(&stranger, &slip(Kind::Report));
    let mut bent = bytes.clone();
    bent[5_000] ^= 1;
    let digest = |bytes: &[u8]| envelope_id(bytes).to_string();
    let garbage = vec![0xa5; ENVELOPE_BYTES];
    for (what, id, bytes, status) in [
        ("another digest", digest(b"other"), bytes.clone(), 409),
        ("a bent byte", digest(&bent), bent, 401),
        (
            "an unknown kiosk",
            strange.id().to_string(),
            strange.bytes().to_vec(),
            401,
        ),
        ("garbage", digest(&garbage), garbage, 401),
        ("a byte too many", id.clone(), [&bytes[..], &[0]].concat(), 413),
        ("a byte too few", id.clone(), bytes[1..].to_vec(), 400),
        ("nothing", id, Vec::new(), 400),
        ("no digest", "xyz".into(), bytes, 400),
    ] {
        let response = world.put_as(&id, bytes);
        assert_eq!(response.status(), status, "{what}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{what}");
    }
    assert_eq!(admin::verify(&world.folder()).unwrap().whole, 0);
}

#[test]
fn a_signed_envelope_of_an_unknown_shape_gets_a_signed_refusal() {
    use ed25519_dalek::Signer;
    let world = World::new();
    let kiosk = world.kiosk();
    let good = world.seal(&kiosk, &slip(Kind::Heartbeat)).bytes().to_vec();
    for (at, code) in [
        (4, RefusalCode::Version),
        (0, RefusalCode::Shape),
        (40, RefusalCode::Shape),
    ] {
        let mut bytes = good.clone();
        bytes[at] ^= 0x40;
        let signed = [&b"heard envelope v1"[..], &bytes[..SIGNED_BYTES]].concat();
        bytes[SIGNED_BYTES..].copy_from_slice(&kiosk.keys.signing.sign(&signed).to_bytes());
        let response = world.put_as(&envelope_id(&bytes).to_string(), bytes);
        assert_eq!(response.status(), 422);
        assert_eq!(
            world.page(&response.bytes().unwrap()).verdict,
            Verdict::Refused(code),
            "byte {at}"
        );
    }
}

#[test]
fn a_slip_that_does_not_open_is_kept_and_its_clock_starts_at_arrival() {
    let world = World::new();
    let kiosk = world.kiosk();
    let (status, page) = world.put(&world.seal_unreadable(&kiosk));
    assert_eq!((status, page.verdict), (201, Verdict::Acknowledged));
    let cases = admin::cases(&world.folder()).unwrap();
    assert_eq!(cases.len(), 1);
    assert!(cases[0].alarm && cases[0].nobody);
    assert_eq!(cases[0].due, Timestamp(page.first_received.0 + 86_400));
    assert_eq!(cases[0].lacks_lead, Some(Lane::Conduct));
    let conduct = world.person("Cleo Marsh", Lane::Conduct, true);
    let (member, hate) = (
        world.person("Eve Stone", Lane::Conduct, false),
        world.person("Ada Byron", Lane::Hate, true),
    );
    let listed = world.cases(&conduct).cases;
    assert_eq!(listed.len(), 1);
    assert_eq!(seconds(&listed[0].due_at), page.first_received.0 + 86_400);
    assert!(world.cases(&hate).cases.is_empty());
    assert!(
        world.cases(&member).cases.is_empty(),
        "who the reporter named is not known"
    );
    assert_eq!(world.open(&conduct, &listed[0].case).parts[0].routing_digest, "");
}

#[test]
fn a_slow_sender_is_cut_off_and_the_others_are_served() {
    let waits = Waits {
        body: Duration::from_millis(300),
        idle: Duration::from_millis(600),
        ..Waits::STANDARD
    };
    let world = World::with_waits(waits);
    let kiosk = world.kiosk();
    let mut silent = TcpStream::connect(world.running.as_ref().unwrap().address()).unwrap();
    silent.write_all(&[0x16, 3]).unwrap();
    assert_eq!(world.put(&world.seal(&kiosk, &slip(Kind::Heartbeat))).0, 201);
    assert!(is_closed(&mut silent), "in the handshake");

    let envelope = world.seal(&kiosk, &slip(Kind::Heartbeat));
    let dripping = Drip(envelope.bytes().to_vec());
    let url = world.url(&format!("/v1/envelopes/{}", envelope.id()));
    let body = reqwest::blocking::Body::sized(dripping, 16_384);
    let slow = world.client.put(url).body(body).send();
    assert!(slow.is_err() || slow.is_ok_and(|response| response.status() == 408));
    assert_eq!(world.put(&envelope).0, 201);
}

#[test]
fn a_request_that_never_ends_is_cut_off() {
    let waits = Waits {
        idle: Duration::from_millis(400),
        life: Duration::from_millis(1_500),
        ..Waits::STANDARD
    };
    let world = World::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let plain = heard::intake::Server::start_with(&world.folder(), listener, false, waits).unwrap();
    let mut silent = TcpStream::connect(plain.address()).unwrap();
    silent.write_all(b"GET /v1/anchor HTTP/1.1\r\nhost: ").unwrap();
    assert!(is_closed(&mut silent), "without a byte");

    let mut steady = TcpStream::connect(plain.address()).unwrap();
    steady.write_all(b"GET /v1/anchor HTTP/1.1\r\nhost: ").unwrap();
    let mut sent = 0;
    while steady.write_all(b"x").is_ok() && sent < 100 {
        sent += 1;
        wait(100);
    }
    assert!((10..60).contains(&sent), "a byte now and then lasted {sent} bytes");
    plain.stop();
}

/// Whether the other side closes within ten seconds.
fn is_closed(stream: &mut TcpStream) -> bool {
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    match stream.read(&mut [0; 16]) {
        Ok(read) => read == 0,
        Err(why) => why.kind() == std::io::ErrorKind::ConnectionReset,
    }
}

/// Gives a byte, then waits.
struct Drip(Vec<u8>);

impl Read for Drip {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        wait(100);
        buffer[0] = self.0.pop().unwrap_or(0);
        Ok(1)
    }
}

#[test]
fn what_was_acknowledged_survives_an_abrupt_end() {
    let mut world = World::new();
    let kiosk = world.kiosk();
    let envelopes: Vec<_> = (0..5).map(|_| world.seal(&kiosk, &slip(Kind::Report))).collect();
    let first: Vec<_> = envelopes.iter().map(|envelope| world.put(envelope).1).collect();
    drop(world.running.take());
    world.start();
    for (envelope, before) in envelopes.iter().zip(first) {
        let (status, after) = world.put(envelope);
        assert_eq!(status, 200);
        assert_eq!(after.proof, before.proof);
    }
    let verified = admin::verify(&world.folder()).unwrap();
    assert_eq!((verified.whole, verified.broken, verified.unreadable), (5, 0, 0));
    world.running.take().unwrap().stop();
    assert_eq!(admin::cases(&world.folder()).unwrap().len(), 5);
}

#[test]
fn many_kiosks_at_once_are_all_acknowledged() {
    let world = World::new();
    let kiosks: Vec<_> = (0..4).map(|_| world.kiosk()).collect();
    let envelopes: Vec<_> = (0..32)
        .map(|number| world.seal(&kiosks[number % 4], &slip(Kind::Heartbeat)))
        .collect();
    std::thread::scope(|scope| {
        let senders: Vec<_> = envelopes
            .iter()
            .map(|envelope| scope.spawn(|| world.put(envelope).0))
            .collect();
        for sender in senders {
            assert_eq!(sender.join().unwrap(), 201);
        }
    });
    assert_eq!(admin::verify(&world.folder()).unwrap().whole, 32);
    assert!(
        admin::cases(&world.folder()).unwrap().is_empty(),
        "heartbeats make no cases"
    );
}

#[test]
fn a_token_is_spent_once_even_by_two_at_the_same_time() {
    let world = World::new();
    for _ in 0..4 {
        let token = admin::token(&world.folder()).unwrap();
        let kiosks = [0, 1].map(|_| SealingKeys::from_seed(&random_array().unwrap()));
        let statuses = std::thread::scope(|scope| {
            let world = &world;
            let racing = kiosks.each_ref().map(|keys| {
                let token = token.clone();
                scope.spawn(move || world.enrol(&token, keys).status().as_u16())
            });
            racing.map(|thread| thread.join().unwrap())
        });
        let winner = statuses.iter().position(|status| *status == 200).unwrap();
        assert_eq!(statuses[1 - winner], 401);
        // The winner's answer may have been lost on the way.
        assert_eq!(world.enrol(&token, &kiosks[winner]).status(), 200);
        assert_eq!(world.enrol(&token, &kiosks[1 - winner]).status(), 401);
    }
}

#[test]
fn enrolment_needs_a_bundle_and_a_true_token() {
    let temporary = tempfile::tempdir().unwrap();
    let world = World::new();
    let mut token = admin::token(&world.folder()).unwrap();
    token.secret[0] ^= 1;
    let keys = SealingKeys::from_seed(&[9; 32]);
    assert_eq!(world.enrol(&token, &keys).status(), 401);
    let wrong = world
        .client
        .post(world.url("/v1/enrol"))
        .body("{\"secret\":\"zz\"}")
        .send()
        .unwrap();
    assert_eq!(wrong.status(), 400);

    let options = || InitOptions {
        root: world.root.verifying_key().to_bytes(),
        names: vec!["127.0.0.1".into()],
        router_escrow: recipient(),
        cost: Cost::LEAST,
    };
    let bare = temporary.path().join("bare");
    let facts = init(&bare, options()).unwrap();
    assert_eq!(init(&bare, options()), Err(IntakeError::AlreadySetUp));
    assert_eq!(
        std::fs::read_to_string(bare.join("public.toml")).unwrap(),
        facts.to_toml()
    );
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let running = heard::intake::Server::start(&bare, listener, false).unwrap();
    let token = admin::token(&bare).unwrap();
    let body = format!(
        "{{\"secret\":\"{}\",\"public_key\":\"{}\"}}",
        to_hex(&token.secret),
        to_hex(keys.signing.verifying_key().as_bytes())
    );
    let post = || {
        let url = format!("http://{}/v1/enrol", running.address());
        world.client.post(url).body(body.clone()).send().unwrap()
    };
    let refused = post();
    assert_eq!(refused.status(), 409);
    assert!(refused.text().unwrap().contains("publish a bundle first"));
    let mut bundle = world.bundle.clone();
    let foreign = bundle.sign(&world.root).unwrap();
    assert_eq!(
        admin::publish_bundle(&bare, &foreign).unwrap_err(),
        IntakeError::BundleForeign
    );
    bundle.router = facts.router.0;
    bundle.acknowledgement_key = facts.acknowledgement_key;
    let signed = bundle.sign(&world.root).unwrap();
    admin::publish_bundle(&bare, &signed).unwrap();
    assert_eq!(
        admin::publish_bundle(&bare, &signed).unwrap_err(),
        IntakeError::BundleOld(1)
    );
    assert_eq!(post().status(), 200, "the token was not spent by the refusal");
    running.stop();
}
