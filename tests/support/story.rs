//! A whole deployment in this process, and the steps of a report's way as one call each.
//!
//! Used by tests that follow reports from kiosk to desk. Every part is the real one; only the cost of a code is the least.
#![allow(dead_code, reason = "each test file uses its own part of it")]

use std::io::Read;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use ed25519_dalek::SigningKey;
use heard::demo::World;
use heard::desk::{self, FormShelf, OpenedCase};
use heard::id::CaseId;
use heard::kiosk::store::Store;
use heard::kiosk::{self, Clock, Config, Courier, Pass, Submitted, Worker};
use heard::pinned::{Patience, RELEASED};
use heard::seal::Identity;
use heard::wire::{Cost, Envelope};
use rusqlite::{Connection, OpenFlags};

/// On loopback nothing takes long; a machine that is busy with other tests may.
const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(30),
    total: Duration::from_secs(60),
};

pub(crate) fn world() -> World {
    World::start(None, Cost::LEAST).unwrap()
}

/// The kiosk's store and its clock, as every command opens them.
pub(crate) fn worker(config: &Config) -> (Worker, Clock) {
    let (mut store, _) = Store::open(&config.places).unwrap();
    let clock = Clock::start(store.next_boot().unwrap(), store.last_acknowledged());
    (Worker::new(store).unwrap(), clock)
}

/// Files a report from the text of an answers file.
pub(crate) fn submit(config: &Config, answers: &str) -> Submitted {
    let (worker, clock) = worker(config);
    let file = kiosk::check_answers(answers.as_bytes(), &worker.in_use().form).unwrap();
    kiosk::submit(worker, clock, &file).unwrap()
}

pub(crate) fn courier(world: &World, address: &str) -> Courier {
    courier_with(world, address, PATIENCE)
}

pub(crate) fn courier_with(world: &World, address: &str, patience: Patience) -> Courier {
    Courier::new(address, &world.anchor.authority, RELEASED, patience).unwrap()
}

/// One pass over the outbox.
pub(crate) fn send(world: &World, config: &Config) -> Pass {
    let (mut worker, clock) = worker(config);
    let pass = kiosk::send_pass(&mut worker, &courier(world, &world.address), clock).unwrap();
    assert_eq!((pass.left, pass.fault), (0, None));
    pass
}

/// Everything that somebody may list, opened with a team's identity.
pub(crate) fn open_all(world: &World, who: &SigningKey, team: &Identity) -> Vec<OpenedCase> {
    let client = world.desk(who).unwrap();
    let rows = client.cases().unwrap().cases;
    rows.iter()
        .map(|row| {
            let handed = client.hand_over(CaseId::parse(&row.case).unwrap()).unwrap();
            desk::open_case(&handed, std::slice::from_ref(team), &FormShelf::builtin()).unwrap()
        })
        .collect()
}

/// Every row of a copy of the intake's database: an envelope's id, and what is stored of it.
pub(crate) fn stolen_rows(world: &World) -> Vec<([u8; 32], Vec<u8>)> {
    let database = world.intake_folder().join("intake.db");
    let reader = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut rows = reader.prepare("SELECT id, bytes FROM envelopes").unwrap();
    let all = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    all.map(Result::unwrap).collect()
}

/// Every envelope, read as somebody would who stole the database and the file with the store's key.
pub(crate) fn stolen_envelopes(world: &World) -> Vec<Envelope> {
    let key = std::fs::read_to_string(world.intake_folder().join("store.key")).unwrap();
    let key: Vec<u8> = (0..32)
        .map(|at| u8::from_str_radix(&key[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    let cipher = XChaCha20Poly1305::new_from_slice(&key).unwrap();
    let open = |(id, sealed): ([u8; 32], Vec<u8>)| {
        let nonce = [b"heardev1", &id[..16]].concat();
        let bound = Payload { msg: &sealed, aad: &id };
        let bytes = cipher.decrypt(nonce[..].into(), bound).unwrap();
        Envelope::parse(&bytes).unwrap()
    };
    stolen_rows(world).into_iter().map(open).collect()
}

/// How many report parts of these a key opens, with the age crate and nothing of ours.
pub(crate) fn opened_by(key: &Identity, envelopes: &[Envelope]) -> usize {
    let identity = age::x25519::Identity::from_str(&key.text()).unwrap();
    let opens = |envelope: &&Envelope| {
        let decryptor = age::Decryptor::new(envelope.report_part()).unwrap();
        let Ok(mut reader) = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)) else {
            return false;
        };
        let mut plain = Vec::new();
        reader.read_to_end(&mut plain).unwrap();
        assert!(!plain.is_empty());
        true
    };
    envelopes.iter().filter(opens).count()
}

/// Whether bytes occur in other bytes.
pub(crate) fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// The name of the first of many secrets that occurs in bytes, in one pass over them.
pub(crate) fn first_found<'a>(bytes: &[u8], secrets: &'a [(String, Vec<u8>)]) -> Option<&'a str> {
    let pair = |bytes: &[u8]| usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
    let mut by_start: Vec<Vec<usize>> = vec![Vec::new(); 65_536];
    for (at, (_, secret)) in secrets.iter().enumerate() {
        by_start[pair(secret)].push(at);
    }
    for start in 0..bytes.len() - 1 {
        for &at in &by_start[pair(&bytes[start..])] {
            if bytes[start..].starts_with(&secrets[at].1) {
                return Some(&secrets[at].0);
            }
        }
    }
    None
}

/// Every file directly in a folder whose name starts like this, as bytes, one after the other.
pub(crate) fn files_starting(folder: &Path, start: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().starts_with(start) {
            bytes.extend(std::fs::read(entry.path()).unwrap());
        }
    }
    bytes
}
