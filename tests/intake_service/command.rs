//! The program itself: its exit codes, its one line of error, and what a killed process leaves behind.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use heard::form::Lane;
use heard::id::to_hex;
use heard::wire::v1::Kind;
use serde_json::{Value, json};

use crate::world::{World, recipient, slip};

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heard-intake"));
    command.arg("--data").arg(folder).arg("--json");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder).args(arguments).output().unwrap()
}

/// Serves the world's folder in a process of its own.
fn serve(world: &mut World) -> Child {
    let mut child = program(&world.folder())
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    world.elsewhere = Some(said["address"].as_str().unwrap().to_owned());
    child
}

#[test]
fn what_a_killed_process_acknowledged_is_there_when_it_starts_again() {
    let mut world = World::new();
    let kiosk = world.kiosk();
    world.running.take().unwrap().stop();
    let mut first = serve(&mut world);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", first.id())).unwrap();
    let core = limits.lines().find_map(|line| line.strip_prefix("Max core file size"));
    let core: Vec<&str> = core.unwrap().split_whitespace().take(2).collect();
    assert_eq!(core, ["0", "0"], "a core file would hold keys");
    let envelopes: Vec<_> = (0..8).map(|_| world.seal(&kiosk, &slip(Kind::Report))).collect();
    let pages: Vec<_> = envelopes.iter().map(|envelope| world.put(envelope)).collect();
    first.kill().unwrap();
    first.wait().unwrap();
    let mut second = serve(&mut world);
    for (envelope, (status, page)) in envelopes.iter().zip(&pages) {
        let (again, repeated) = world.put(envelope);
        assert_eq!((*status, again), (201, 200));
        assert_eq!(page.proof, repeated.proof);
    }
    // Commands work beside it, and it takes in what they wrote.
    let ada = world.person("Ada Byron", Lane::Hate, false);
    assert_eq!(world.cases(&ada).cases.len(), 8);
    let listed: Value = serde_json::from_slice(&run(&world.folder(), &["cases"]).stdout).unwrap();
    assert_eq!(listed["cases"].as_array().unwrap().len(), 8);
    second.kill().unwrap();
    second.wait().unwrap();
}

#[test]
fn exit_codes_and_errors_say_whose_turn_it_is() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("intake");
    let key = to_hex(
        ed25519_dalek::SigningKey::from_bytes(&[8; 32])
            .verifying_key()
            .as_bytes(),
    );
    let escrow = recipient().text();
    let init = [
        "init",
        "--root",
        &key,
        "--name",
        "127.0.0.1",
        "--router-escrow",
        &escrow,
    ];
    let init_wrong_name = [
        "init",
        "--root",
        &key,
        "--name",
        "not a name",
        "--router-escrow",
        &escrow,
    ];
    let busy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = busy.local_addr().unwrap().to_string();
    for (arguments, code) in [
        (&["token"][..], 2),
        (&["init", "--root", "zz", "--name", "x", "--router-escrow", &escrow], 2),
        (&init_wrong_name, 2),
        (&["init", "--root", &key, "--router-escrow", &escrow], 2),
        (&init, 0),
        (&init, 2),
        (&["token"], 0),
        (&["staff", "add", "Ada Byron", "--team", "hate", "--key", &key], 0),
        (
            &["staff", "add", "ada  BYRON", "--team", "hate", "--key", &"0".repeat(64)],
            2,
        ),
        (&["staff", "add", "Ben Okri", "--team", "complaint", "--key", &key], 2),
        (&["staff", "exclude", "Ada Byron", "00"], 2),
        (&["bundle", "no-such-file"], 2),
        (&["import", "no-such-folder"], 2),
        (&["serve", "--listen", &taken], 75),
        (&["verify"], 0),
        (&["nonsense"], 2),
    ] {
        let output = run(&folder, arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        if code == 0 {
            serde_json::from_slice::<Value>(&output.stdout).unwrap();
            assert_eq!(error, "", "{arguments:?}");
        } else if arguments != ["nonsense"] {
            assert_eq!(error.lines().count(), 1, "{arguments:?}: {error}");
        }
    }
    drop(busy);
    std::fs::remove_file(folder.join("store.key")).unwrap();
    let output = run(&folder, &["token"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("store.key is missing or damaged")
    );
}

#[test]
fn a_case_that_waits_for_a_lead_says_so_until_there_is_one() {
    let world = World::new();
    let kiosk = world.kiosk();
    let (eve, folder) = (world.person("Eve Stone", Lane::Conduct, false), world.folder());
    world.report(&kiosk, Lane::Conduct, &["Somebody Else"]);
    assert!(world.cases(&eve).cases.is_empty());
    let told = "needs a lead of the conduct team: add one with `heard-intake staff add --lead`";
    let say = |what: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_heard-intake"));
        let output = command.arg("--data").arg(&folder).arg(what).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    for what in ["cases", "alarms"] {
        assert_eq!(say(what).matches(told).count(), 1, "{what}");
        let json: Value = serde_json::from_slice(&run(&folder, &[what]).stdout).unwrap();
        assert_eq!(json["cases"][0]["needs_lead_of"], "conduct", "{what}");
    }
    let cleo = world.person("Cleo Marsh", Lane::Conduct, true);
    assert_eq!(world.cases(&cleo).cases.len(), 1);
    assert!(!say("cases").contains("lead"));
}

#[test]
fn a_kiosk_that_is_not_well_is_listed_until_it_says_otherwise_and_old_slips_do_not_count() {
    let world = World::new();
    let kiosk = world.kiosk();
    let listed = || {
        let json: Value = serde_json::from_slice(&run(&world.folder(), &["alarms"]).stdout).unwrap();
        json["faulty_kiosks"].clone()
    };
    let beat = |counter, faults| {
        let mut heartbeat = slip(Kind::Heartbeat);
        heartbeat.counter = counter;
        heartbeat.health.faults = faults;
        world.put(&world.seal(&kiosk, &heartbeat));
    };
    assert_eq!(listed(), json!([]));
    beat(5, 34);
    // On a stick since the week before.
    beat(2, 0);
    assert_eq!(listed()[0]["fault_code"], 34);
    beat(6, 0);
    assert_eq!(listed(), json!([]));
}
