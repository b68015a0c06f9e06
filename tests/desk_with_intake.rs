//! A whole deployment from its command lines: keys, intake, bundle, staff, one report over TLS, opened and answered.
//!
//! Kiosk bytes are sealed by the library; everything else is the two programs, as a landlord's people run them.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/desk_world.rs"]
mod desk_world;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use desk_world::World;
use ed25519_dalek::VerifyingKey;
use heard::id::to_hex;
use heard::limits::STATUS_NOTE_BYTES;
use heard::mailbox::{AdditionKind, Stage};
use heard::pinned::{self, Patience, RELEASED};
use heard::seal::open_note;
use heard::wire::api::{CaseList, ENROL, ENVELOPES, EnrolReply, EnrolRequest};
use heard::wire::{Anchor, Bundle, Envelope, Token, Verdict, read_page};
use reqwest::blocking::Client;
use serde_json::Value;
use tempfile::TempDir;

const DESK: &str = env!("CARGO_BIN_EXE_heard-desk");
const INTAKE: &str = env!("CARGO_BIN_EXE_heard-intake");
const CONTRACTOR: &str = include_str!("../assets/examples/contractor.json");

fn run(folder: &Path, program: &str, line: &str) -> (Option<i32>, String, String) {
    let arguments = line.split(' ').filter(|word| !word.is_empty());
    let output = Command::new(program)
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn told(folder: &Path, program: &str, line: &str) -> String {
    let (code, out, problem) = run(folder, program, line);
    assert_eq!(code, Some(0), "{line}: {problem}");
    out
}

/// The public halves that a `keygen` made, by file name.
fn keygen(folder: &Path, options: &str) -> impl Fn(&str) -> String + use<> {
    let json: Value = serde_json::from_str(&told(folder, DESK, &format!("--json keygen {options}"))).unwrap();
    let made = json.as_array().unwrap().clone();
    move |name| {
        let key = made
            .iter()
            .find(|key| key["file"].as_str().unwrap().ends_with(name))
            .unwrap();
        key["public"].as_str().unwrap().to_owned()
    }
}

/// An intake that serves, with both teams on its list.
struct Deployment {
    folder: TempDir,
    _server: Serving,
    address: String,
    http: Client,
    bundle: Bundle,
}

/// A server that ends with the test, however that ends.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Deployment {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let root = keygen(at, "--out root --root")("root.key");
        let escrow = keygen(at, "--out router --team")("escrow.key");
        let (hate, conduct) = (keygen(at, "--out sam --team"), keygen(at, "--out ines --team"));
        let init = "--data intake init --name 127.0.0.1 --cost-memory-kib 64 --cost-passes 1";
        told(at, INTAKE, &format!("{init} --root {root} --router-escrow {escrow}"));
        let teams = [
            ("hate", &hate("team.key")),
            ("hate-escrow", &hate("escrow.key")),
            ("conduct", &conduct("team.key")),
        ];
        let teams: String = teams.iter().map(|(name, key)| format!(" --{name} {key}")).collect();
        let escrow = conduct("escrow.key");
        told(
            at,
            DESK,
            &format!("bundle new --dir site --intake intake/public.toml{teams} --conduct-escrow {escrow}"),
        );
        told(
            at,
            DESK,
            "bundle sign --dir site --root root/root.key --out first.bundle",
        );
        told(at, INTAKE, "--data intake bundle first.bundle");
        for (name, team, key) in [
            ("Sam", "hate", hate("staff.key")),
            ("Ines", "conduct", conduct("staff.key")),
        ] {
            // Whoever leads the team gets what names somebody who is not on the list.
            told(
                at,
                INTAKE,
                &format!("--data intake staff add {name} --team {team} --key {key} --lead"),
            );
        }
        let server = Command::new(INTAKE)
            .current_dir(at)
            .args(["--data", "intake", "serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut server = Serving(server.unwrap());
        let mut line = String::new();
        BufReader::new(server.0.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.split_whitespace().last().unwrap().to_owned();
        let anchor = Anchor::parse(&fs::read(at.join("intake/anchor")).unwrap()).unwrap();
        for person in ["sam", "ines"] {
            told(
                at,
                DESK,
                &format!("--data {person} join --intake {address} --anchor intake/public.toml"),
            );
        }
        let bytes = fs::read(at.join("first.bundle")).unwrap();
        let bundle = Bundle::open(&bytes, &VerifyingKey::from_bytes(&anchor.root).unwrap()).unwrap();
        Self {
            http: pinned::client(&anchor.authority, RELEASED, Patience::SLOW_LINK).unwrap(),
            _server: server,
            address,
            bundle,
            folder,
        }
    }

    fn desk(&self, line: &str) -> String {
        told(self.folder.path(), DESK, line)
    }

    /// Enrols the kiosk that the world's envelopes are signed by.
    fn enrol(&self, world: &World) {
        let token = Token::parse(&told(self.folder.path(), INTAKE, "--data intake token")).unwrap();
        let request = EnrolRequest {
            secret: to_hex(&token.secret),
            public_key: to_hex(world.kiosk.signing.verifying_key().as_bytes()),
        };
        let body = serde_json::to_vec(&request).unwrap();
        let post = self
            .http
            .post(self.address.clone() + ENROL)
            .header("content-type", "application/json");
        let reply = post.body(body).send().unwrap().bytes().unwrap();
        let reply: EnrolReply = serde_json::from_slice(&reply).unwrap();
        assert_eq!(reply.kiosk, world.kiosk.kiosk.to_string());
    }

    /// Delivers an envelope; gives the status notes that came with the answer.
    fn deliver(&self, envelope: &Envelope) -> Vec<[u8; STATUS_NOTE_BYTES]> {
        let put = self.http.put(format!("{}{ENVELOPES}/{}", self.address, envelope.id()));
        let answer = put.body(envelope.bytes().to_vec()).send().unwrap();
        let key = VerifyingKey::from_bytes(&self.bundle.acknowledgement_key).unwrap();
        let page = read_page(&answer.bytes().unwrap(), &key).unwrap();
        assert_eq!(page.verdict, Verdict::Acknowledged);
        page.news.notes.into_iter().map(|(_, note)| *note).collect()
    }

    fn cases(&self, person: &str) -> CaseList {
        serde_json::from_str(&self.desk(&format!("--data {person} --json cases"))).unwrap()
    }
}

#[test]
fn a_report_about_our_own_people_goes_its_whole_way_and_no_other_team_sees_that_it_exists() {
    let deployment = Deployment::start();
    let mut world = World::new();
    world.bundle = deployment.bundle.clone();
    deployment.enrol(&world);
    deployment.deliver(&world.report(CONTRACTOR).0);
    deployment.deliver(&world.addition(AdditionKind::Words, "He came back today."));

    assert!(deployment.cases("sam").cases.is_empty());
    let cases = deployment.cases("ines").cases;
    assert_eq!((cases.len(), &cases[0].first_opened_at), (1, &None));
    let case = &cases[0].case;

    // Not even with the number in hand.
    let (code, out, line) = run(deployment.folder.path(), DESK, &format!("--data sam open {case}"));
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(line.contains("no such case for you"), "{line}");

    // SAFETY 11: nobody is told that a specialist has it before one has opened it.
    let said = |stage: Stage| {
        let say = format!("--data ines say {case} --stage {} --words We-have-it.", stage.word());
        run(deployment.folder.path(), DESK, &say)
    };
    for stage in Stage::ALL {
        let early = matches!(stage, Stage::Received | Stage::Assigned);
        let (code, _, line) = said(stage);
        assert_eq!(code, Some(if early { 0 } else { 2 }), "{stage:?}: {line}");
        assert_eq!(line.contains("open the case first"), !early, "{stage:?}: {line}");
    }

    let opened: Value = serde_json::from_str(&deployment.desk(&format!("--data ines --json open {case}"))).unwrap();
    let given: Value = serde_json::from_str(CONTRACTOR).unwrap();
    assert_eq!(
        (&opened["answers"], &opened["language"]),
        (&given["answers"], &given["language"])
    );
    assert_eq!(opened["additions"][0]["words"], "He came back today.");
    assert!(deployment.cases("ines").cases[0].first_opened_at.is_some());

    let say = format!("--data ines say {case} --stage opened --name Ines --words Thank-you.");
    deployment.desk(&say);
    let notes = deployment.deliver(&world.addition(AdditionKind::GetInTouch, ""));
    let mine: Vec<_> = notes
        .iter()
        .filter_map(|note| open_note(note, &world.mailbox.inbox).ok())
        .collect();
    let said: Vec<_> = mine.iter().map(|note| (note.stage, note.words.as_str())).collect();
    let early = [Stage::Received, Stage::Assigned].map(|stage| (stage, "We-have-it."));
    assert_eq!(said, [&early[..], &[(Stage::Opened, "Thank-you.")]].concat());

    // The escrow that was put away offline opens it as well; the hate team's key does not.
    for (key, opens) in [("ines/escrow.key", true), ("sam/team.key", false)] {
        let (code, ..) = run(
            deployment.folder.path(),
            DESK,
            &format!("--data ines open --key {key} {case}"),
        );
        assert_eq!(code == Some(0), opens, "{key}");
    }
}
