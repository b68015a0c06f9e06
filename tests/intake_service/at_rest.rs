//! What somebody learns who reads the disk without the keys: nothing of who, what or how many of which.

use std::os::unix::fs::PermissionsExt;

use heard::form::Lane;
use heard::intake::{IntakeError, admin};
use heard::wire::v1::Kind;
use rusqlite::{Connection, OpenFlags};

use crate::world::{World, files, slip};

#[test]
fn the_database_tells_nothing() {
    let mut world = World::new();
    let kiosk = world.kiosk();
    let mut report = slip(Kind::Report);
    report.lane = Some(Lane::Conduct);
    report.exclusions = vec!["Zebedee Quartz".into()];
    world.put(&world.seal(&kiosk, &report));
    let person = world.person("Yolanda Xylander", Lane::Conduct, true);
    let case = world.cases(&person).cases[0].case.clone();
    world.open(&person, &case);
    let token = admin::token(&world.folder()).unwrap();
    // Both while the log is live and after it went into the database.
    for stopped in [false, true] {
        if stopped {
            world.running.take().unwrap().stop();
        }
        let secrets: [&[u8]; 9] = [
            &report.tag.unwrap(),
            &report.inbox.unwrap(),
            b"Zebedee",
            b"Quartz",
            b"Yolanda",
            b"conduct",
            &person.key.verifying_key().to_bytes(),
            &token.secret,
            case.as_bytes(),
        ];
        for file in files(&world.folder()) {
            let bytes = std::fs::read(&file).unwrap();
            let found = secrets
                .iter()
                .position(|secret| bytes.windows(secret.len()).any(|part| part == *secret));
            assert_eq!(found, None, "{}", file.display());
        }
    }
}

#[test]
fn rows_have_one_size_and_every_envelope_makes_as_many() {
    let world = World::new();
    let kiosk = world.kiosk();
    let database = world.folder().join("intake.db");
    let reader = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let count = |query: &str| reader.query_row(query, [], |row| row.get::<_, i64>(0)).unwrap();
    let rows = || {
        (
            count("SELECT count(*) FROM envelopes"),
            count("SELECT count(*) FROM records"),
        )
    };
    let mut before = rows();
    let envelopes = [Kind::Report, Kind::Reply, Kind::Heartbeat, Kind::Canary]
        .map(|kind| world.seal(&kiosk, &slip(kind)))
        .into_iter()
        .chain([world.seal_unreadable(&kiosk)]);
    for envelope in envelopes {
        assert_eq!(world.put(&envelope).0, 201);
        let after = rows();
        assert_eq!((after.0 - before.0, after.1 - before.1), (1, 1));
        before = after;
    }
    assert_eq!(count("SELECT count(DISTINCT length(blob)) FROM records"), 1);
    assert_eq!(count("SELECT count(DISTINCT length(bytes)) FROM envelopes"), 1);
}

#[test]
fn whoever_only_reads_waits_for_nobody_who_writes() {
    let world = World::new();
    let kiosk = world.kiosk();
    world.report(&kiosk, Lane::Hate, &[]);
    let writer = Connection::open(world.folder().join("intake.db")).unwrap();
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(admin::verify(&world.folder()).unwrap().whole, 1);
    assert_eq!(admin::alarms(&world.folder()).unwrap().cases.len(), 1);
    assert_eq!(admin::staff_list(&world.folder()), Ok(Vec::new()));
    writer.execute_batch("ROLLBACK").unwrap();
}

#[test]
fn secrets_are_for_their_owner_and_another_store_key_opens_nothing() {
    let mut world = World::new();
    let kiosk = world.kiosk();
    world.report(&kiosk, Lane::Hate, &[]);
    world.running.take().unwrap().stop();
    let folder = world.folder();
    for name in [
        "authority.key",
        "server.key",
        "router.key",
        "acknowledgement.key",
        "store.key",
    ] {
        let mode = std::fs::metadata(folder.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    std::fs::write(folder.join("store.key"), "00".repeat(32)).unwrap();
    assert_eq!(admin::cases(&folder), Err(IntakeError::WrongStoreKey));
}

#[test]
fn a_database_of_another_version_is_refused_and_one_of_none_is_damaged() {
    let mut world = World::new();
    world.running.take().unwrap().stop();
    let version = |number: i64| {
        let database = Connection::open(world.folder().join("intake.db")).unwrap();
        database.pragma_update(None, "user_version", number).unwrap();
        admin::cases(&world.folder()).map(|_| ())
    };
    // Version 1 kept its envelopes as they came: read as version 2 they would all be damaged.
    assert_eq!(version(1), Err(IntakeError::OtherVersion));
    assert_eq!(version(3), Err(IntakeError::OtherVersion));
    assert_eq!(version(0), Err(IntakeError::Damaged("intake.db")));
    assert_eq!(version(2), Ok(()));
}
