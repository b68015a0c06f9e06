//! Answers files that cannot be used, given to the real program: exit code 2, one clear line that names the question and
//! never the value, and nothing left behind, neither on an enrolled kiosk nor by a demonstration.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that fails here should stop here"
)]

#[path = "support/programs.rs"]
mod programs;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use programs::{Deployment, KIOSK, files, run_with};
use serde_json::{Value, json};

/// Stands in every value; no line may hold it.
const VALUE: &str = "zanzibarkudu";

/// What is wrong, the file, and what the line must name.
struct Bad(&'static str, Vec<u8>, &'static str);

/// A usable file with one answer put in its place.
fn with(question: &str, answer: Value) -> Vec<u8> {
    let mut file = usable();
    file["answers"][question] = answer;
    serde_json::to_vec(&file).unwrap()
}

fn usable() -> Value {
    json!({ "language": "en", "answers": {
        "danger-now": "no",
        "what-happened": format!("It was {VALUE}."),
        "because-of-who-you-are": "yes",
        "reach-you": ["ring"],
        "name": VALUE,
        "phone": "01632 960 417",
    } })
}

fn without(question: &str) -> Vec<u8> {
    let mut file = usable();
    file["answers"].as_object_mut().unwrap().remove(question);
    serde_json::to_vec(&file).unwrap()
}

fn text(words: impl Into<String>) -> Value {
    Value::String(words.into())
}

fn table() -> Vec<Bad> {
    [questions(), letters(), values(), files_as_a_whole()]
        .into_iter()
        .flatten()
        .collect()
}

fn questions() -> Vec<Bad> {
    let whole = String::from_utf8(serde_json::to_vec(&usable()).unwrap()).unwrap();
    let answer = "\"danger-now\":\"no\"";
    let twice = whole.replacen(answer, &format!("{answer},{answer}"), 1);
    assert_ne!(twice, whole);
    let words = with("My neighbour Zanzibarkudu", text("x"));
    vec![
        Bad(
            "unknown question",
            with("not-a-question", text(VALUE)),
            "not-a-question",
        ),
        Bad("unknown question that is words", words, "question id"),
        Bad("answered twice", twice.into_bytes(), "danger-now"),
        Bad("not asked", with("police-number", text(VALUE)), "police-number"),
        Bad("a statement", with("before-you-start", text(VALUE)), "before-you-start"),
        Bad("required is missing", without("danger-now"), "danger-now"),
        Bad(
            "declined where that is not offered",
            with("danger-now", Value::Null),
            "danger-now",
        ),
    ]
}

fn letters() -> Vec<Bad> {
    let story = "what-happened";
    vec![
        Bad("story too long", with(story, long(4_001)), story),
        Bad("story of too many bytes", with(story, text("ক".repeat(3_999))), story),
        Bad("name too long", with("name", long(61)), "name"),
        Bad("blank", with(story, text("  \n ")), story),
        Bad("bell", with(story, text(format!("{VALUE}\u{7}"))), story),
        Bad("escape", with(story, text(format!("\u{1b}[31m{VALUE}"))), story),
        Bad("nul", with("name", text(format!("{VALUE}\0"))), "name"),
        Bad("new line in a name", with("name", text(format!("a\n{VALUE}"))), "name"),
    ]
}

fn values() -> Vec<Bad> {
    let story = "what-happened";
    vec![
        Bad(
            "a list for one choice",
            with("danger-now", json!([VALUE])),
            "danger-now",
        ),
        Bad("a number for words", with(story, json!(7_654_321)), story),
        Bad("an object for words", with(story, json!({ VALUE: VALUE })), story),
        Bad("words for many choices", with("reach-you", text(VALUE)), "reach-you"),
        Bad(
            "true for yes",
            with("because-of-who-you-are", json!(true)),
            "because-of-who-you-are",
        ),
        Bad("unknown choice", with("danger-now", text(VALUE)), "danger-now"),
        Bad(
            "unknown choice among others",
            with("reach-you", json!(["ring", VALUE])),
            "reach-you",
        ),
        Bad("chosen twice", with("reach-you", json!(["ring", "ring"])), "reach-you"),
        Bad("no choice", with("reach-you", json!([])), "reach-you"),
        Bad("no telephone number", with("phone", text(VALUE)), "phone"),
        Bad(
            "impossible date",
            with("which-day", json!({ "date": "2026-02-30" })),
            "which-day",
        ),
    ]
}

fn files_as_a_whole() -> Vec<Bad> {
    let whole = serde_json::to_vec(&usable()).unwrap();
    let mut latin = whole.clone();
    let at = latin.windows(VALUE.len()).position(|window| window == VALUE.as_bytes());
    latin[at.unwrap()] = 0xe9;
    let (mut language, mut more) = (usable(), usable());
    language["language"] = text(VALUE);
    more[VALUE] = text(VALUE);
    vec![
        Bad("unknown language", serde_json::to_vec(&language).unwrap(), "language"),
        Bad("another key", serde_json::to_vec(&more).unwrap(), "answers file"),
        Bad("broken", whole[..whole.len() - 9].to_vec(), "line 1"),
        Bad("broken behind", [&whole[..], VALUE.as_bytes()].concat(), "line 1"),
        Bad("not UTF-8", latin, "line 1"),
        Bad("byte order mark", [b"\xef\xbb\xbf", &whole[..]].concat(), "line 1"),
        Bad("empty", Vec::new(), "line 1"),
        Bad("a list", json!([VALUE]).to_string().into_bytes(), "answers file"),
        Bad("words alone", VALUE.as_bytes().to_vec(), "line 1"),
        Bad("nested deeply", vec![b'['; 200_000], "line 1"),
        Bad(
            "10 MB of text",
            with("what-happened", long(10_000_000)),
            "what-happened",
        ),
        Bad("nothing but spaces", vec![b' '; 17_000_000], "larger than"),
    ]
}

fn long(letters: usize) -> Value {
    text(VALUE.repeat(letters / VALUE.len() + 1))
}

/// Every file below a folder with its bytes.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files(folder)
        .into_iter()
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

fn demand_refused(done: &Output, bad: &Bad, told: &str) {
    let Bad(what, _, names) = bad;
    let line = String::from_utf8(done.stderr.clone()).unwrap();
    assert_eq!(done.status.code(), Some(2), "{told}, {what}: {line}");
    assert!(done.stdout.is_empty(), "{told}, {what}: something was printed");
    assert!(
        line.ends_with('\n') && line.lines().count() == 1,
        "{told}, {what}: {line:?}"
    );
    assert!(line.contains(names), "{told}, {what}: {line:?} does not name {names}");
    assert!(
        !line.to_lowercase().contains(VALUE) && !line.contains("7654321"),
        "{told}, {what}: the value is told"
    );
    assert!(line.len() < 200 && !line.contains('\u{1b}'), "{told}, {what}: {line:?}");
}

#[test]
fn a_usable_file_is_used() {
    let here = Deployment::start();
    let done = run_with(
        &mut here.kiosk(&["submit", "--answers", "-"]),
        &serde_json::to_vec(&usable()).unwrap(),
    );
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn submit_refuses_with_one_line_and_leaves_the_kiosk_as_it_was() {
    let here = Deployment::start();
    // One start, so that what a start tidies up is tidy.
    assert!(here.kiosk(&["outbox"]).output().unwrap().status.success());
    let before = snapshot(&here.kiosk.places.data);
    for bad in table() {
        let path = here.write("bad.json", &bad.1);
        let done = here
            .kiosk(&["submit", "--answers", path.to_str().unwrap()])
            .output()
            .unwrap();
        demand_refused(&done, &bad, "submit");
        let done = run_with(&mut here.kiosk(&["submit", "--answers", "-"]), &bad.1);
        demand_refused(&done, &bad, "submit from standard input");
        let after = snapshot(&here.kiosk.places.data);
        let changed: Vec<_> = after
            .iter()
            .filter(|(path, bytes)| before.get(*path) != Some(bytes))
            .collect();
        let names: Vec<_> = changed.iter().map(|(path, _)| path).collect();
        assert!(
            names.is_empty() && after.len() == before.len(),
            "{}: {names:?} changed",
            bad.0
        );
    }
    for (arguments, names) in [
        (&["submit", "--answers", "/no/such/file"][..], "answers file"),
        (&["submit", "--answers", "/"], "answers file"),
        (&["submit", "--form", "zanzibarkudu", "--answers", "-"], "form"),
    ] {
        let done = run_with(&mut here.kiosk(arguments), &serde_json::to_vec(&usable()).unwrap());
        demand_refused(&done, &Bad("arguments", Vec::new(), names), "submit");
        assert!(
            snapshot(&here.kiosk.places.data) == before,
            "{arguments:?} changed something"
        );
    }
}

#[test]
fn a_demonstration_refuses_with_one_line_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (inside, answers) = (folder.path().join("tmp"), folder.path().join("bad.json"));
    fs::create_dir(&inside).unwrap();
    for bad in table() {
        fs::write(&answers, &bad.1).unwrap();
        let mut demo = Command::new(KIOSK);
        let demo = demo.args(["demo", "--headless", "--answers"]).arg(&answers);
        let done = demo.env("TMPDIR", &inside).current_dir(&inside).output().unwrap();
        demand_refused(&done, &bad, "demo");
        assert_eq!(
            files(folder.path()),
            std::slice::from_ref(&answers),
            "{}: something is left",
            bad.0
        );
    }
    assert!(fs::read_dir(&inside).unwrap().next().is_none(), "a folder is left");
}
