//! What a desk sees, what it is refused, and what stays written.

use heard::form::Lane;
use heard::id::{CaseId, to_hex};
use heard::intake::admin;
use heard::limits::STATUS_NOTE_BYTES;
use heard::wire::api::{self, HandedOver, OpenedReply};
use heard::wire::v1::Kind;
use reqwest::Method;

use crate::world::{World, bytes_of, seconds, slip, wait};

#[test]
fn a_listing_says_nothing_of_other_lanes() {
    let world = World::new();
    let kiosk = world.kiosk();
    let hate = world.person("Ada Byron", Lane::Hate, false);
    let conduct = world.person("Cleo Marsh", Lane::Conduct, true);
    world.report(&kiosk, Lane::Hate, &[]);
    world.report(&kiosk, Lane::AntiSocialBehaviour, &[]);
    let listing = |person| world.desk(person, Method::GET, api::DESK_CASES, "").bytes().unwrap();
    let before = listing(&hate);
    assert_eq!(world.cases(&hate).cases.len(), 2);
    for lane in [Lane::Conduct, Lane::Complaint, Lane::Conduct] {
        world.report(&kiosk, lane, &[]);
    }
    world.put(&world.seal_unreadable(&kiosk));
    assert_eq!(listing(&hate), before);
    assert_eq!(world.cases(&conduct).cases.len(), 4);
    let theirs = &world.cases(&conduct).cases[0].case;
    let path = format!("{}/{theirs}/open", api::DESK_CASES);
    let unknown = format!("{}/{}/open", api::DESK_CASES, CaseId([3; 16]));
    let denied = world.desk(&hate, Method::POST, &path, "");
    let missing = world.desk(&hate, Method::POST, &unknown, "");
    assert_eq!(
        (denied.status(), missing.status()),
        (missing.status(), 404.try_into().unwrap())
    );
    assert_eq!(denied.bytes().unwrap(), missing.bytes().unwrap());
}

#[test]
fn a_named_person_neither_lists_nor_opens() {
    let world = World::new();
    let kiosk = world.kiosk();
    let cleo = world.person("Cleo Marsh", Lane::Conduct, false);
    let eve = world.person("Eve Stone", Lane::Conduct, false);
    world.report(&kiosk, Lane::Conduct, &["cleo marsh "]);
    assert!(world.cases(&cleo).cases.is_empty());
    let case = world.cases(&eve).cases[0].case.clone();
    let path = format!("{}/{case}/open", api::DESK_CASES);
    assert_eq!(world.desk(&cleo, Method::POST, &path, "").status(), 404);
    assert_eq!(world.desk(&eve, Method::POST, &path, "").status(), 200);
    // A name that is nobody's for certain goes to a lead once there is one, and to nobody before.
    world.report(&kiosk, Lane::Conduct, &["The man from the lodge"]);
    assert_eq!(world.cases(&eve).cases.len(), 1);
    let lead = world.person("Dan Reed", Lane::Conduct, true);
    assert_eq!(world.cases(&eve).cases.len(), 1);
    assert_eq!(world.cases(&lead).cases.len(), 2);
    admin::staff_exclude(&world.folder(), "EVE stone", CaseId::parse(&case).unwrap()).unwrap();
    assert!(world.cases(&eve).cases.is_empty());
}

#[test]
fn handing_over_is_written_first_and_the_first_opening_stays() {
    let mut world = World::new();
    let kiosk = world.kiosk();
    let ada = world.person("Ada Byron", Lane::Hate, false);
    let ben = world.person("Ben Okri", Lane::Hate, false);
    let envelope = world.seal(&kiosk, &slip(Kind::Report));
    let arrival = world.put(&envelope).1.first_received;
    let case = world.cases(&ada).cases[0].clone();
    assert!(case.urgent && case.first_opened_at.is_none());
    assert_eq!(seconds(&case.arrived_at), arrival.0);
    assert!(seconds(&case.due_at) <= arrival.0 + 86_400);
    let opened = format!("{}/{}/opened", api::DESK_CASES, case.case);
    assert_eq!(
        world.desk(&ada, Method::POST, &opened, "").status(),
        409,
        "not given to them yet"
    );
    let handed: HandedOver = world.open(&ada, &case.case);
    assert_eq!(bytes_of(&handed.parts[0].sealed), envelope.report_part());
    assert_eq!(handed.parts[0].envelope, envelope.id().to_string());
    let first: OpenedReply = world.ask(&ada, Method::POST, &opened);
    wait(1_100);
    world.open(&ben, &case.case);
    let second: OpenedReply = world.ask(&ben, Method::POST, &opened);
    assert_eq!(first, second);
    drop(world.running.take());
    world.start();
    let third: OpenedReply = world.ask(&ada, Method::POST, &opened);
    assert_eq!(first, third, "given and opened are remembered after a restart");
    assert_eq!(world.cases(&ben).cases[0].first_opened_at, Some(first.first_opened_at));
}

#[test]
fn only_a_fresh_signature_by_staff_over_this_very_request_counts() {
    let world = World::new();
    let ada = world.person("Ada Byron", Lane::Hate, false);
    let stranger = ed25519_dalek::SigningKey::from_bytes(&[5; 32]);
    let get = |key, nonce: &str, signed| world.desk_with(key, nonce, Method::GET, signed, api::DESK_CASES, "");
    let nonce = world.nonce(&ada);
    assert_eq!(get(&ada.key, &nonce, api::DESK_CASES).status(), 200);
    for (what, response) in [
        ("a used nonce", get(&ada.key, &nonce, api::DESK_CASES)),
        ("a nonce made up", get(&ada.key, &"0".repeat(32), api::DESK_CASES)),
        ("a stranger", get(&stranger, &world.nonce(&ada), api::DESK_CASES)),
        ("another path", get(&ada.key, &world.nonce(&ada), api::DESK_BUNDLE)),
        ("another query", get(&ada.key, &world.nonce(&ada), "/v1/desk/cases?all")),
        ("no proof", world.client.get(world.url(api::DESK_CASES)).send().unwrap()),
    ] {
        assert_eq!(response.status(), 401, "{what}");
        assert!(response.text().unwrap().contains("urn:heard:not-known"), "{what}");
    }
    for key in ["", "zz", &to_hex(stranger.verifying_key().as_bytes())] {
        assert_eq!(world.ask_nonce(key).status(), 401, "a nonce for {key}");
    }
    let bundle = world.desk(&ada, Method::GET, api::DESK_BUNDLE, "").bytes().unwrap();
    assert_eq!(bundle, world.bundle.sign(&world.root).unwrap());
}

#[test]
fn a_note_reaches_the_page_of_another_kiosk() {
    let world = World::new();
    let (here, there) = (world.kiosk(), world.kiosk());
    let ada = world.person("Ada Byron", Lane::Hate, false);
    world.report(&here, Lane::Hate, &[]);
    let case = world.cases(&ada).cases[0].case.clone();
    let path = format!("{}/{case}/notes", api::DESK_CASES);
    let note = |byte: u8| format!("{{\"sealed\":\"{}\"}}", to_hex(&[byte; STATUS_NOTE_BYTES]));
    assert_eq!(
        world.desk(&ada, Method::POST, &path, "{\"sealed\":\"00\"}").status(),
        400
    );
    for byte in 1..=9 {
        assert_eq!(world.desk(&ada, Method::POST, &path, &note(byte)).status(), 204);
    }
    let mut heartbeat = slip(Kind::Heartbeat);
    let mut read = Vec::new();
    let mut pages = 0;
    loop {
        let news = world.put(&world.seal(&there, &heartbeat)).1.news;
        pages += 1;
        read.extend(news.notes.iter().map(|(sequence, note)| (*sequence, note[0])));
        heartbeat.news.notes = news.cursor;
        if !news.more {
            break;
        }
    }
    assert_eq!(pages, 2);
    assert_eq!(
        read.iter().map(|(_, byte)| *byte).collect::<Vec<_>>(),
        (1..=9).collect::<Vec<_>>()
    );
    assert!(read.windows(2).all(|pair| pair[0].0 < pair[1].0));
    assert!(
        read.windows(2).any(|pair| pair[0].0 + 1 < pair[1].0),
        "sequences do not count"
    );
    assert!(world.put(&world.seal(&there, &heartbeat)).1.news.notes.is_empty());
}

#[test]
fn an_addition_joins_the_report_with_its_tag_whichever_comes_first() {
    let mut world = World::new();
    let kiosk = world.kiosk();
    let ada = world.person("Ada Byron", Lane::Hate, false);
    let cleo = world.person("Cleo Marsh", Lane::Conduct, false);
    let report = slip(Kind::Report);
    let mut reply = slip(Kind::Reply);
    reply.tag = report.tag;
    world.put(&world.seal(&kiosk, &reply));
    assert!(
        admin::cases(&world.folder()).unwrap().is_empty(),
        "it waits for its report"
    );
    world.put(&world.seal(&kiosk, &report));
    world.put(&world.seal(&kiosk, &reply));
    world.put(&world.seal(&kiosk, &slip(Kind::Reply)));
    for _ in 0..2 {
        let cases = world.cases(&ada).cases;
        assert_eq!(cases.len(), 1);
        assert_eq!(world.open(&ada, &cases[0].case).parts.len(), 3);
        assert!(
            world.cases(&cleo).cases.is_empty(),
            "an addition without a report waits 72 hours"
        );
        drop(world.running.take());
        world.start();
    }
}

#[test]
fn what_is_added_to_an_opened_case_is_new_until_somebody_opens_it() {
    let mut world = World::new();
    let kiosk = world.kiosk();
    let ada = world.person("Ada Byron", Lane::Hate, false);
    let report = slip(Kind::Report);
    world.put(&world.seal(&kiosk, &report));
    let case = world.cases(&ada).cases[0].case.clone();
    let opened = format!("{}/{case}/opened", api::DESK_CASES);
    let say_opened = |world: &World| -> OpenedReply { world.ask(&ada, Method::POST, &opened) };
    assert!(!world.cases(&ada).cases[0].new, "not opened at all is not new");
    world.open(&ada, &case);
    let mut reply = slip(Kind::Reply);
    reply.tag = report.tag;
    wait(1_100);
    let arrival = world.put(&world.seal(&kiosk, &reply)).1.first_received;
    // It came after the handing over, so what she says now is not of it.
    let first = say_opened(&world);
    for _ in 0..2 {
        let row = world.cases(&ada).cases[0].clone();
        assert_eq!(
            (row.new, row.first_opened_at),
            (true, Some(first.first_opened_at.clone()))
        );
        assert!(seconds(&row.due_at) <= arrival.0 + 86_400 && seconds(&row.arrived_at) < arrival.0);
        let listed = admin::alarms(&world.folder()).unwrap().cases;
        assert!(listed.len() == 1 && listed[0].new);
        drop(world.running.take());
        world.start();
    }
    assert_eq!(world.open(&ada, &case).parts.len(), 2);
    assert!(world.cases(&ada).cases[0].new, "handed over is not opened");
    assert_eq!(say_opened(&world), first);
    let row = &world.cases(&ada).cases[0];
    assert!(!row.new);
    assert!(admin::alarms(&world.folder()).unwrap().cases.is_empty());
}
