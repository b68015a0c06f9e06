//! Version 1 of the bytes, proved with the real parts before it is frozen: two reports, a note, an addition from a kiosk
//! without a link, and what whoever has the wrong key, the disk or the other team's account learns from all of it.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/story.rs"]
mod story;

use std::path::Path;

use ed25519_dalek::{Signer, SigningKey};
use heard::demo::World;
use heard::desk::{self, OpenedCase, Saying};
use heard::id::to_hex;
use heard::intake::import::import_dir;
use heard::kiosk::{self, Config, Submitted};
use heard::mailbox::{ReferenceCode, Stage};
use heard::pinned::{Patience, RELEASED, client};
use heard::seal::{MailboxKeys, Recipient, derive};
use heard::wire::api::{self, CaseList, Nonce, desk_signing_bytes};
use serde_json::Value;
use story::{files_starting, first_found, holds, open_all, opened_by, send, stolen_envelopes, submit, worker, world};
use zeroize::Zeroizing;

const HATE: &str = include_str!("../assets/examples/named.json");
const CONDUCT: &str = include_str!("../assets/examples/contractor.json");
const NOTE: &str = "We have asked for the film. Sam rings on Friday, as you chose.";
const ADDED: &str = "They were there again.\nরাত দশটায়।";

fn code_of(submitted: &Submitted) -> ReferenceCode {
    ReferenceCode::parse(submitted.reference_code.as_deref().unwrap()).unwrap()
}

fn keys_of(world: &World, submitted: &Submitted) -> MailboxKeys {
    derive(&code_of(submitted), &world.anchor.salt, world.anchor.cost).unwrap()
}

fn answers(case: &OpenedCase) -> Value {
    let mut json: Value = serde_json::from_str(&desk::case_json(case)).unwrap();
    json.as_object_mut().unwrap().remove("additions");
    json
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn say(world: &World, who: &SigningKey, case: &OpenedCase) {
    let saying = Saying {
        stage: Stage::Opened,
        promise: None,
        apology: false,
        name: "Sam".into(),
        words: Zeroizing::new(NOTE.into()),
    };
    let sealed = desk::seal_words(&saying, case.inbox, desk::now()).unwrap();
    world.desk(who).unwrap().send_note(case.case, &sealed).unwrap();
}

/// Out of the kiosk, through the intake, back into the kiosk: nothing but files.
fn carry(world: &World, config: &Config, stick: &Path) {
    let exported = kiosk::export(config, stick).unwrap();
    assert_eq!(exported.envelopes, 64);
    let taken = import_dir(&world.intake_folder(), stick).unwrap();
    assert_eq!((taken.refused, taken.bad.len()), (0, 0));
    let (mut worker, _) = worker(config);
    let imported = kiosk::import(&mut worker, stick).unwrap();
    assert_eq!((imported.answers, imported.strange), (64, 0));
    assert_eq!(worker.store().counts().queued, 0);
}

/// What a code opens at a kiosk.
fn read(config: &Config, submitted: &Submitted) -> Vec<String> {
    let (worker, clock) = worker(config);
    let notes = kiosk::read_notes(worker, clock, code_of(submitted)).unwrap();
    notes.iter().map(|note| note.words.clone()).collect()
}

#[test]
fn two_teams_two_kiosks_a_note_and_an_addition_by_stick() {
    let mut world = world();
    let (a, b) = (world.enrol_kiosk("a").unwrap(), world.enrol_kiosk("b").unwrap());
    let (hate, conduct) = (submit(&a, HATE), submit(&a, CONDUCT));
    assert_eq!(send(&world, &a).delivered, 2);
    let hers = open_all(&world, &world.sam, &world.hate_team);
    assert_eq!(hers.len(), 1);
    assert_eq!(answers(&hers[0]), json(HATE));
    say(&world, &world.sam, &hers[0]);

    // From here on there is no link at all: kiosk B knows what its enrolment gave and what the stick brings.
    world.stop_intake();
    assert!(read(&b, &hate).is_empty());
    carry(&world, &b, &world.folder().join("stick"));
    assert_eq!(read(&b, &hate), [NOTE]);
    assert!(read(&b, &conduct).is_empty(), "another code opens nothing of it");
    let (at_b, clock) = worker(&b);
    kiosk::add_words(at_b, clock, code_of(&hate), Zeroizing::new(ADDED.into())).unwrap();
    assert_eq!(worker(&b).0.store().counts().queued, 1);
    carry(&world, &b, &world.folder().join("second-stick"));

    world.restart_intake().unwrap();
    let hers = open_all(&world, &world.sam, &world.hate_team);
    let theirs = open_all(&world, &world.ines, &world.conduct_team);
    assert_eq!((hers.len(), theirs.len()), (1, 1));
    assert_eq!((answers(&hers[0]), answers(&theirs[0])), (json(HATE), json(CONDUCT)));
    let words: Vec<&str> = hers[0]
        .additions
        .iter()
        .map(|added| &added.addition.words[..])
        .collect();
    assert_eq!(words, [ADDED]);
    assert!(theirs[0].additions.is_empty());
    only_the_right_keys_open(&world, &hate, &conduct);
    the_disk_tells_nothing(&mut world, &hate, &conduct);
}

/// With the age crate alone, on every part that lies in a copy of the database.
fn only_the_right_keys_open(world: &World, hate: &Submitted, conduct: &Submitted) {
    let all = stolen_envelopes(world);
    assert!(all.len() > 128, "two sticks of 64 and what came over the link");
    let find = |id| vec![all.iter().find(|envelope| envelope.id() == id).unwrap().clone()];
    let (hate_report, conduct_report) = (find(hate.envelope), find(conduct.envelope));
    let reply = keys_of(world, hate).reply;
    let for_reply = all
        .iter()
        .filter(|one| opened_by(&reply, std::slice::from_ref(*one)) == 1);
    let addition: Vec<_> = for_reply.cloned().collect();
    assert_eq!(
        addition.len(),
        1,
        "the addition, and nothing else, is for the report's own secret"
    );

    assert_eq!(opened_by(&world.hate_team, &all), 1);
    assert_eq!(opened_by(&world.hate_team, &hate_report), 1);
    assert_eq!(opened_by(&world.conduct_team, &all), 1);
    assert_eq!(opened_by(&world.conduct_team, &conduct_report), 1);
    for team in [&world.hate_team, &world.conduct_team] {
        assert_eq!(opened_by(team, &addition), 0);
    }
    for keys in [keys_of(world, hate), keys_of(world, conduct)] {
        assert_eq!(opened_by(&keys.inbox, &all), 0, "a code opens no report");
        assert_eq!(opened_by(&keys.kept, &all), 0);
    }
}

/// Words and keys that must not be found, with their names.
fn secrets(world: &World, reports: [&Submitted; 2]) -> Vec<(String, Vec<u8>)> {
    let mut secrets: Vec<(String, Vec<u8>)> = Vec::new();
    let mut key = |name: &str, bytes: &[u8]| {
        secrets.push((format!("{name}, raw"), bytes.to_vec()));
        secrets.push((format!("{name}, hex"), to_hex(bytes).into_bytes()));
        secrets.push((format!("{name}, HEX"), to_hex(bytes).to_uppercase().into_bytes()));
    };
    for report in reports {
        let keys = keys_of(world, report);
        key("tag", &keys.tag.0);
        key("inbox", &keys.inbox_recipient().0);
        key("reply", &keys.reply_recipient().0);
        key("code", &code_of(report).ascii());
    }
    for team in [&world.hate_team, &world.conduct_team] {
        key("team", &team.recipient().0);
    }
    for staff in [&world.sam, &world.ines] {
        key("staff", &staff.verifying_key().to_bytes());
    }
    let text = |recipient: Recipient| recipient.text();
    let mut words: Vec<String> = [&world.hate_team, &world.conduct_team]
        .map(|team| text(team.recipient()))
        .to_vec();
    // Five letters at least: shorter ones turn up by chance in so many sealed bytes.
    words.extend(
        [
            "conduct",
            "Conduct",
            "anti-social",
            "complaint",
            "\"hate",
            "hate\"",
            " hate",
            "Okafor",
            "Duarte",
            "Talland",
            "Gwen T",
            "07700",
            "01632",
            "Haldane",
            "Rory,",
            "wheelchair",
            "Idris",
            "boiler",
            "We have asked",
            "They were there",
            "Report",
            "report",
            "count",
        ]
        .map(String::from),
    );
    secrets.extend(words.into_iter().map(|word| (word.clone(), word.into_bytes())));
    secrets
}

fn the_disk_tells_nothing(world: &mut World, hate: &Submitted, conduct: &Submitted) {
    let secrets = secrets(world, [hate, conduct]);
    // While the log is live, and after it went into the database.
    for stopped in [false, true] {
        if stopped {
            world.stop_intake();
        }
        let bytes = files_starting(&world.intake_folder(), "intake.db");
        assert!(bytes.len() > 128 * 16_384, "the database was found");
        let there = [("an envelope's id".to_owned(), hate.envelope.0.to_vec())];
        assert!(first_found(&bytes, &there).is_some(), "the search finds what is there");
        assert_eq!(first_found(&bytes, &secrets), None, "in the database");
    }
    // Nor does somebody learn more who has the store's key and takes the outer seal off every envelope.
    let all = stolen_envelopes(world);
    let bytes: Vec<u8> = all.iter().flat_map(|envelope| envelope.bytes().to_vec()).collect();
    let there = [("magic".to_owned(), b"HRDE\x01\x01".to_vec())];
    assert!(first_found(&bytes, &there).is_some(), "the search finds what is there");
    assert_eq!(first_found(&bytes, &secrets), None, "in the envelopes");
    world.restart_intake().unwrap();
}

/// The bytes of somebody's listing exactly as they come over the wire, headers and all.
fn listing(world: &World, who: &SigningKey) -> (Vec<String>, Vec<u8>) {
    let http = client(&world.anchor.authority, RELEASED, Patience::SLOW_LINK).unwrap();
    let url = |path: &str| format!("{}{path}", world.address);
    let key = who.verifying_key().to_bytes();
    let nonce = http
        .post(url(api::DESK_NONCE))
        .header(api::HEADER_KEY, to_hex(&key))
        .send()
        .unwrap()
        .bytes()
        .unwrap();
    let Nonce { nonce } = serde_json::from_slice(&nonce).unwrap();
    let signed = desk_signing_bytes("GET", api::DESK_CASES, b"", &key, &nonce);
    let answer = http
        .get(url(api::DESK_CASES))
        .header(api::HEADER_KEY, to_hex(&key))
        .header(api::HEADER_NONCE, nonce)
        .header(api::HEADER_SIGNATURE, to_hex(&who.sign(&signed).to_bytes()))
        .send()
        .unwrap();
    assert_eq!(answer.status(), 200);
    let headers = answer.headers().iter().filter(|(name, _)| *name != "date");
    let headers = headers.map(|(name, value)| format!("{name}: {value:?}")).collect();
    (headers, answer.bytes().unwrap().to_vec())
}

#[test]
fn a_listing_is_the_same_whether_or_not_the_other_team_has_cases() {
    let world = world();
    let a = world.enrol_kiosk("a").unwrap();
    let hate = submit(&a, HATE);
    send(&world, &a);
    let before = listing(&world, &world.sam);
    let list: CaseList = serde_json::from_slice(&before.1).unwrap();
    assert_eq!(list.cases.len(), 1);
    let mut conduct = None;
    for _ in 0..3 {
        conduct = Some(submit(&a, CONDUCT));
    }
    send(&world, &a);
    let after = listing(&world, &world.sam);
    assert_eq!(after, before, "not one byte of it");
    // The search below would find something where something is.
    let theirs = listing(&world, &world.ines);
    assert_ne!(theirs.1.len(), after.1.len());
    let secrets = secrets(&world, [&hate, &conduct.unwrap()]);
    let whole = [&after.1[..], after.0.join("\n").as_bytes()].concat();
    assert_eq!(first_found(&whole, &secrets), None, "in the listing");
    for row in serde_json::from_slice::<CaseList>(&theirs.1).unwrap().cases {
        assert!(
            !holds(&after.1, row.case.as_bytes()),
            "another team's case is in the listing"
        );
    }
}
