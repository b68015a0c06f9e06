//! The desk's commands against an intake's door: every request is signed over a nonce of its own, "opened" is said only
//! after the report was opened, and what is said to a reporter opens with their code alone.
//!
//! The door here is a stand-in that checks what a real one checks and writes down what it was asked.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/desk_world.rs"]
mod desk_world;

use std::fs;
use std::net::SocketAddr;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use desk_world::{SENT, World};
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use heard::id::{CaseId, from_hex, to_hex};
use heard::limits::STATUS_NOTE_BYTES;
use heard::mailbox::Stage;
use heard::seal::open_note;
use heard::wire::api::{
    CaseList, CaseRow, DESK_BUNDLE, DESK_CASES, DESK_NONCE, HEADER_KEY, HEADER_NONCE, HEADER_SIGNATURE, HandedOver,
    Nonce, NoteRequest, OpenedReply, Problem, desk_signing_bytes,
};
use heard::wire::v1::StatusNote;
use heard::wire::{Anchor, Cost};
use serde_json::Value;
use tempfile::TempDir;

const LEAST: &str = r#"{"language":"en","answers":{"danger-now":"no","reach-you":["code-only"]}}"#;
const ROOT: [u8; 32] = [8; 32];

/// What the stand-in holds and what it was asked, in order.
struct Door {
    handed: HandedOver,
    bundle: Vec<u8>,
    staff: Option<VerifyingKey>,
    /// The one nonce that is good now.
    nonce: Option<String>,
    nonces: u32,
    asked: Vec<String>,
    note: Option<NoteRequest>,
    /// Status of every further signed request, when it is not to be answered.
    refuse: Option<u16>,
}

type Shared = Arc<Mutex<Door>>;

async fn answer(State(door): State<Shared>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let mut door = door.lock().unwrap();
    let path = uri.path_and_query().unwrap().as_str().to_owned();
    if path == DESK_NONCE {
        door.nonces += 1;
        let nonce = format!("{:032x}", door.nonces);
        door.nonce = Some(nonce.clone());
        return axum::Json(Nonce { nonce }).into_response();
    }
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("")
            .to_owned()
    };
    let good = door.nonce.take() == Some(header(HEADER_NONCE))
        && door.staff.is_some_and(|key| {
            let mut signature = [0; 64];
            let signed = desk_signing_bytes(method.as_str(), &path, &body, key.as_bytes(), &header(HEADER_NONCE));
            header(HEADER_KEY) == to_hex(key.as_bytes())
                && from_hex(&header(HEADER_SIGNATURE), &mut signature).is_ok()
                && key.verify_strict(&signed, &Signature::from_bytes(&signature)).is_ok()
        });
    let refusal = if good { door.refuse } else { Some(401) };
    if let Some(status) = refusal {
        let problem = Problem {
            kind: "urn:heard:no".into(),
            title: "No.\u{1b}[2J".into(),
            status,
        };
        return (StatusCode::from_u16(status).unwrap(), axum::Json(problem)).into_response();
    }
    door.asked.push(format!("{method} {path}"));
    let case = format!("{DESK_CASES}/{}", door.handed.case);
    match path.strip_prefix(&case) {
        Some("/open") => axum::Json(door.handed.clone()).into_response(),
        Some("/opened") => {
            let first_opened_at = SENT.rfc3339();
            axum::Json(OpenedReply { first_opened_at }).into_response()
        }
        Some("/notes") => {
            door.note = Some(serde_json::from_slice(&body).unwrap());
            StatusCode::NO_CONTENT.into_response()
        }
        _ if path == DESK_CASES => axum::Json(CaseList { cases: rows() }).into_response(),
        _ if path == DESK_BUNDLE => door.bundle.clone().into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Two cases, the later one first.
fn rows() -> Vec<CaseRow> {
    let row = |number: u8, due_at: &str, urgent| CaseRow {
        case: CaseId([number; 16]).to_string(),
        arrived_at: SENT.rfc3339(),
        due_at: due_at.into(),
        first_opened_at: None,
        urgent,
        new: false,
    };
    vec![
        row(2, "2099-01-02T00:00:00Z", false),
        row(1, "2020-01-02T00:00:00Z", true),
    ]
}

struct Desk {
    folder: TempDir,
    door: Shared,
    world: World,
}

impl Desk {
    /// A caseworker of the independent team who has joined, with one case to open.
    fn new(world: World, answers: &str) -> Self {
        let (envelope, _) = world.report(answers);
        let root = SigningKey::from_bytes(&ROOT);
        let door = Arc::new(Mutex::new(Door {
            handed: world.handed(&[envelope]),
            bundle: world.bundle.sign(&root).unwrap(),
            staff: None,
            nonce: None,
            nonces: 0,
            asked: Vec::new(),
            note: None,
            refuse: None,
        }));
        let address = serve(door.clone());
        let folder = tempfile::tempdir().unwrap();
        let authority = rcgen::generate_simple_self_signed(vec!["intake".into()]).unwrap();
        let anchor = Anchor {
            root: *root.verifying_key().as_bytes(),
            authority: authority.cert.der().to_vec(),
            salt: [9; 16],
            cost: Cost::LEAST,
        };
        fs::write(folder.path().join("anchor"), anchor.to_bytes().unwrap()).unwrap();
        let desk = Self { folder, door, world };
        let printed = desk.tell(&["keygen", "--out", "mine"]);
        let mut key = [0; 32];
        from_hex(printed.lines().nth(1).unwrap().trim(), &mut key).unwrap();
        desk.door.lock().unwrap().staff = Some(VerifyingKey::from_bytes(&key).unwrap());
        let team = &*desk.world.conduct.text();
        fs::write(desk.folder.path().join("mine/team.key"), team).unwrap();
        let intake = format!("http://{address}/");
        desk.tell(&["join", "--data", "mine", "--intake", &intake, "--anchor", "anchor"]);
        desk
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let program = env!("CARGO_BIN_EXE_heard-desk");
        let folder = self.folder.path();
        Command::new(program)
            .current_dir(folder)
            .args(arguments)
            .output()
            .unwrap()
    }

    fn tell(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let problem = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{arguments:?}: {problem}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Exit code and the one line of a command that does not work.
    fn refused(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        let line = String::from_utf8(output.stderr).unwrap();
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(!line.contains('\u{1b}'), "{line}");
        (output.status.code().unwrap(), line)
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.door.lock().unwrap().asked)
    }

    fn case(&self) -> String {
        self.door.lock().unwrap().handed.case.clone()
    }

    fn note(&self) -> StatusNote {
        let sealed = self.door.lock().unwrap().note.take().unwrap().sealed;
        let mut bytes = [0; STATUS_NOTE_BYTES];
        from_hex(&sealed, &mut bytes).unwrap();
        open_note(&bytes, &self.world.mailbox.inbox).unwrap()
    }
}

/// Serves on a thread of its own until the test's process ends.
fn serve(door: Shared) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, Router::new().fallback(answer).with_state(door))
                .await
                .unwrap();
        });
    });
    address
}

#[test]
fn cases_are_told_soonest_due_first() {
    let desk = Desk::new(World::new(), LEAST);
    let text = desk.tell(&["cases", "--data", "mine"]);
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].contains("01010101") && lines[0].contains("URGENT") && lines[0].contains("LATE by"),
        "{text}"
    );
    assert!(lines[1].contains("02020202") && lines[1].contains("due in"), "{text}");
    let json: CaseList = serde_json::from_str(&desk.tell(&["cases", "--data", "mine", "--json"])).unwrap();
    assert_eq!(json.cases[0].case, CaseId([1; 16]).to_string());
}

#[test]
fn opened_is_said_after_opening_and_never_when_it_did_not_open() {
    let desk = Desk::new(World::new(), LEAST);
    let case = desk.case();
    let json: Value = serde_json::from_str(&desk.tell(&["open", "--data", "mine", "--json", &case])).unwrap();
    assert_eq!(json, serde_json::from_str::<Value>(LEAST).unwrap());
    let steps = |last: &[&str]| {
        last.iter()
            .map(|step| format!("POST {DESK_CASES}/{case}/{step}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(desk.asked(), steps(&["open", "opened"]));

    fs::write(desk.folder.path().join("hate.key"), &*desk.world.hate.text()).unwrap();
    let (code, line) = desk.refused(&["open", "--data", "mine", "--key", "hate.key", &case]);
    assert_eq!(code, 2);
    assert!(line.contains("not sealed to your team's key"), "{line}");
    assert_eq!(desk.asked(), steps(&["open"]));

    fs::write(
        desk.folder.path().join("escrow.key"),
        &*desk.world.conduct_escrow.text(),
    )
    .unwrap();
    let text = desk.tell(&["open", "--data", "mine", "--key", "escrow.key", &case]);
    assert!(
        text.contains("Do not ring.") && text.contains("First opened: not before now"),
        "{text}"
    );
    assert_eq!(desk.asked(), steps(&["open", "opened"]));
}

#[test]
fn a_newer_form_is_fetched_with_the_bundle_once_and_kept() {
    let form = String::from_utf8(desk_world::FORM.to_vec()).unwrap();
    let newer = form.replacen("version = 1", "version = 7", 1);
    let desk = Desk::new(World::with_form(newer.as_bytes()), LEAST);
    let case = desk.case();
    for bundles in [1, 0] {
        let json: Value = serde_json::from_str(&desk.tell(&["open", "--data", "mine", "--json", &case])).unwrap();
        assert_eq!(json, serde_json::from_str::<Value>(LEAST).unwrap());
        let fetched = desk.asked().iter().filter(|line| line.ends_with(DESK_BUNDLE)).count();
        assert_eq!(fetched, bundles);
    }
    // A bundle that another root signed teaches the desk nothing, and the report opens all the same.
    fs::remove_dir_all(desk.folder.path().join("mine/forms")).unwrap();
    let strange = desk.world.bundle.sign(&SigningKey::from_bytes(&[1; 32])).unwrap();
    desk.door.lock().unwrap().bundle = strange;
    let json: Value = serde_json::from_str(&desk.tell(&["open", "--data", "mine", "--json", &case])).unwrap();
    assert_eq!(json["answers"]["question-3"], "code-1");
}

#[test]
fn what_is_said_opens_with_the_code_alone() {
    let desk = Desk::new(World::new(), LEAST);
    let case = desk.case();
    let say = [
        "say",
        "--data",
        "mine",
        &case,
        "--stage",
        "planned",
        "--words",
        "We will come on Friday.\nSam",
    ];
    let promise = [
        "--promise",
        "We write again",
        "--by",
        "2098-07-01 14:10",
        "--apology",
        "--name",
        "Sam",
    ];
    desk.door.lock().unwrap().handed.first_opened_at = Some(SENT.rfc3339());
    desk.tell(&[&say[..], &promise[..]].concat());
    let note = desk.note();
    assert_eq!(
        (note.stage, note.apology, note.caseworker.as_str()),
        (Stage::Planned, true, "Sam")
    );
    assert_eq!(note.words, "We will come on Friday.\nSam");
    assert_eq!(note.promise, "We write again");
    // British Summer Time: an hour before what the clock on the wall shows.
    assert_eq!(note.promised.unwrap().rfc3339(), "2098-07-01T13:10:00Z");

    let sent = |words: &str, more: &[&str]| {
        let say = ["say", "--data", "mine", &case, "--stage", "told", "--words", words];
        desk.refused(&[&say[..], more].concat())
    };
    let long = "é".repeat(601);
    for (words, more, told) in [
        (
            long.as_str(),
            &[][..],
            "has 1202 bytes and may have 1200: shorten it by 2",
        ),
        ("tab\there", &[], "control character"),
        (" ", &[], "the message is empty"),
        (
            "ok",
            &["--promise", "x", "--by", "2020-01-01 10:00"],
            "a time that is over",
        ),
        ("ok", &["--promise", "x", "--by", "soon"], "--by needs a time"),
        ("ok", &["--name", "Sam\nPS"], "control character"),
    ] {
        let (code, line) = sent(words, more);
        assert_eq!(code, 2, "{line}");
        assert!(line.contains(told), "{line}");
    }
    desk.door.lock().unwrap().handed.inbox = None;
    let (code, line) = sent("ok", &[]);
    assert!(code == 2 && line.contains("has no code"), "{line}");
    assert!(desk.door.lock().unwrap().note.is_none());
}

#[test]
fn every_refusal_is_one_line_with_its_exit_code() {
    let desk = Desk::new(World::new(), LEAST);
    for (status, code) in [(403, 2), (404, 2), (503, 75), (500, 75), (429, 75), (302, 75)] {
        desk.door.lock().unwrap().refuse = Some(status);
        let (told, line) = desk.refused(&["open", "--data", "mine", &desk.case()]);
        assert_eq!(told, code, "{status}: {line}");
    }
    desk.door.lock().unwrap().refuse = None;
    // A key that the intake does not know.
    desk.door.lock().unwrap().staff = Some(SigningKey::from_bytes(&[1; 32]).verifying_key());
    assert_eq!(desk.refused(&["cases", "--data", "mine"]).0, 2);
    // Nobody there.
    let settings = desk.folder.path().join("mine/desk.toml");
    fs::write(&settings, "intake = \"http://127.0.0.1:1\"\n").unwrap();
    assert_eq!(desk.refused(&["cases", "--data", "mine"]).0, 75);
    for (arguments, told) in [
        (&["open", "--data", "mine", "case"][..], "32 letters and digits"),
        (&["cases", "--data", "elsewhere"], "heard-desk join"),
        (
            &[
                "join",
                "--data",
                "mine",
                "--intake",
                "http://intake.example",
                "--anchor",
                "anchor",
            ],
            "https://",
        ),
    ] {
        let (code, line) = desk.refused(arguments);
        assert!(code == 2 && line.contains(told), "{line}");
    }
}
