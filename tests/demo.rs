//! The demonstration as a newcomer runs it: every bundled example is told, delivered, opened as told, and answered.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use heard::demo::World;
use heard::wire::Cost;
use serde_json::Value;

fn demo(arguments: &[&str], temporary: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_heard-kiosk"))
        .arg("demo")
        .args(arguments)
        .env("TMPDIR", temporary)
        .output()
        .expect("the binary was built for this test")
}

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/examples");
    let entries = fs::read_dir(folder).expect("the examples are in the repository");
    entries.map(|entry| entry.expect("readable").path()).collect()
}

#[test]
fn every_example_is_opened_as_it_was_told() {
    let examples = examples();
    assert!(examples.len() >= 4, "the bundled examples are gone");
    for path in examples {
        let temporary = tempfile::tempdir().expect("a folder");
        let told: Value = serde_json::from_slice(&fs::read(&path).expect("readable")).expect("an example is JSON");
        let path = path.to_str().expect("a plain name");
        let output = demo(&["--headless", "--json", "--answers", path], temporary.path());
        assert!(
            output.status.success(),
            "{path}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let shown: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
        assert_eq!(shown["opened"], told, "{path}");
        assert_eq!(shown["sent"], true, "{path}");
        assert_eq!(
            shown["notes"].as_array().map(Vec::len),
            Some(1),
            "{path}: the answer came back"
        );
        assert_eq!(shown["reference_code"].as_str().map(str::len), Some(19), "{path}");
        let left = fs::read_dir(temporary.path()).expect("readable").count();
        assert_eq!(left, 0, "{path}: something was left behind");
    }
}

#[test]
fn without_an_answers_file_a_bundled_example_is_shown_from_both_sides() {
    let temporary = tempfile::tempdir().expect("a folder");
    let output = demo(&["--headless"], temporary.path());
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("text");
    for side in [
        "THE KIOSK",
        "It has reached our team.",
        "THE DESK",
        "WITH THE REFERENCE",
        "Thank you for telling us.",
    ] {
        assert!(text.contains(side), "{side} is missing");
    }
}

#[test]
fn json_is_refused_in_a_window_and_makes_nothing() {
    let temporary = tempfile::tempdir().expect("a folder");
    let output = demo(&["--json"], temporary.path());
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!((said.lines().count(), output.stdout.len()), (1, 0), "{said}");
    assert!(said.contains("add --headless"), "{said}");
    assert_eq!(fs::read_dir(temporary.path()).expect("readable").count(), 0);
}

#[test]
fn a_folder_that_stays_is_told() {
    let world = World::start(None, Cost::LEAST).expect("a world");
    let folder = world.folder().to_path_buf();
    assert_eq!(world.end(), None);
    assert!(!folder.exists());

    let mut world = World::start(None, Cost::LEAST).expect("a world");
    world.stop_intake();
    let folder = world.folder().to_path_buf();
    fs::remove_dir_all(&folder).expect("removed");
    // A file cannot be removed as a folder is.
    fs::write(&folder, b"").expect("written");
    assert_eq!(world.end(), Some(folder.clone()));
    fs::remove_file(folder).expect("removed");
}
