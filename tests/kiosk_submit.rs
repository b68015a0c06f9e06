//! `submit`, the configuration that forbids it, and the silence about what was written: not a word of it on the disk, in
//! a log or in an error.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/kiosk_world.rs"]
mod kiosk_world;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once, PoisonError};

use heard::form::FormDefinition;
use heard::id::EnvelopeId;
use heard::kiosk::store::{Places, Spool};
use heard::kiosk::{Command, Config, KioskError, Printed, run};
use heard::mailbox::ReferenceCode;
use heard::seal::derive;
use kiosk_world::World;
use serde_json::{Value, json};

/// All that was logged by this process, at the most talkative level.
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static LISTEN: Once = Once::new();

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
        log.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Every thread of every test here logs into one place.
fn listen() {
    LISTEN.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(|| Log);
        subscriber.init();
        tracing::trace!("the log is heard");
    });
}

fn examples() -> Vec<(String, Value)> {
    let mut examples: Vec<_> = fs::read_dir("assets/examples")
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            (path.file_name().unwrap().to_str().unwrap().to_owned(), value)
        })
        .collect();
    examples.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(examples.len() >= 5);
    examples
}

fn world() -> World {
    listen();
    let world = World::new(&[1, 2, 3]);
    world.enrol("kiosk", "https://localhost:1", 7);
    world
}

/// The answers file lies outside the kiosk's folder.
fn submit(world: &World, bytes: &[u8]) -> Result<Printed, KioskError> {
    let answers = world.folder.path().join("answers.json");
    fs::write(&answers, bytes).unwrap();
    let form = "report".into();
    run(&Command::Submit { form, answers }, &world.config("kiosk"))
}

fn form(world: &World) -> Arc<FormDefinition> {
    Arc::clone(&world.open("kiosk").0.in_use().form)
}

#[test]
fn every_example_is_kept_twice_and_the_team_reads_the_same_answers() {
    let world = world();
    let form = form(&world);
    for (name, told) in examples() {
        let printed = submit(&world, told.to_string().as_bytes()).unwrap();
        assert_eq!(printed.exit_code, 0, "{name}");
        let id = EnvelopeId::parse(printed.json["envelope_id"].as_str().unwrap()).unwrap();
        let (mut worker, _) = world.open("kiosk");
        let in_database = worker.store_mut().read(&id).unwrap().unwrap();
        let in_spool = Spool::at(&world.places("kiosk").spool).read(&id).unwrap().unwrap();
        assert!(in_database[..] == in_spool[..], "{name}: two copies");
        // An unanswered field and one that is left out are the same.
        assert_eq!(world.opened(&in_spool, &form), told, "{name}");
        let slip = world.slip(&in_spool);
        let code = ReferenceCode::parse(printed.json["reference_code"].as_str().unwrap()).unwrap();
        let anchor = &worker.in_use().anchor;
        assert_eq!(
            slip.tag,
            Some(derive(&code, &anchor.salt, anchor.cost).unwrap().tag.0),
            "{name}: the code leads to it"
        );
        let due = heard::time::Timestamp(slip.clock.wall.0).after_hours(24).rfc3339();
        assert_eq!(printed.json["due_at"].as_str(), Some(due.as_str()), "{name}");
    }
}

#[test]
fn a_file_that_cannot_be_used_leaves_nothing_behind_and_is_not_quoted() {
    let world = world();
    let good = examples().swap_remove(0).1;
    let with = |question: &str, answer: Value| {
        let mut changed = good.clone();
        changed["answers"][question] = answer;
        changed.to_string().into_bytes()
    };
    let mut without = good.clone();
    without["answers"].as_object_mut().unwrap().remove("danger-now");
    let mut long = vec![b' '; heard::limits::ANSWERS_FILE_BYTES_MOST + 1];
    long[0] = b'{';
    let before = state(&world);
    for (told, bytes) in [
        ("empty", Vec::new()),
        ("not JSON", b"{ zzyzx".to_vec()),
        ("not UTF-8", vec![0xff, 0xfe]),
        ("too long", long),
        (
            "unknown language",
            json!({ "language": "zzyzx", "answers": {} }).to_string().into_bytes(),
        ),
        ("unknown choice", with("danger-now", json!("zzyzx"))),
        ("control character", with("what-happened", json!("zzyzx\u{7}"))),
        ("white space alone", with("what-happened", json!("   "))),
        ("wrong type", with("what-happened", json!(["zzyzx"]))),
        ("too many letters", with("what-happened", json!("zzyzx ".repeat(1_000)))),
        ("required and missing", without.to_string().into_bytes()),
    ] {
        let why = submit(&world, &bytes).unwrap_err();
        assert_eq!(why.exit_code(), 2, "{told}");
        let line = why.to_string();
        assert_eq!(line.lines().count(), 1, "{told}");
        assert!(
            !line.contains("zzyzx") && !format!("{why:?}").contains("zzyzx"),
            "{told}: {line}"
        );
        assert_eq!(state(&world), before, "{told}");
    }
}

/// Everything that an accepted report would change: queue, boot number, counter, spool.
fn state(world: &World) -> (usize, [Option<Vec<u8>>; 2], Vec<PathBuf>) {
    let places = world.places("kiosk");
    let (store, _) = heard::kiosk::store::Store::open(&places).unwrap();
    let numbers = [store.setting("boot"), store.setting("counter")];
    (store.counts().queued, numbers, files(&places.spool))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all.sort();
    all
}

fn words(value: &Value, all: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let letters = text.split(|letter: char| !letter.is_alphanumeric());
            all.extend(letters.filter(|word| word.chars().count() >= 4).map(str::to_owned));
        }
        Value::Array(values) => values.iter().for_each(|value| words(value, all)),
        Value::Object(values) => values.values().for_each(|value| words(value, all)),
        _ => {}
    }
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

#[test]
fn no_word_of_an_answer_is_on_the_disk_or_in_the_log() {
    let world = world();
    // Words that the signed bundle holds itself are on every kiosk's disk, whoever has told what.
    let bundle = world.open("kiosk").0.store().bundle().unwrap().bytes;
    let mut told = BTreeSet::new();
    for (_, example) in examples() {
        words(&example["answers"], &mut told);
        submit(&world, example.to_string().as_bytes()).unwrap();
    }
    told.retain(|word| !holds(&bundle, word));
    assert!(told.len() > 100, "{} words to look for", told.len());
    let places = world.places("kiosk");
    for file in files(&places.data) {
        let bytes = fs::read(&file).unwrap();
        // The ballast is zeros: once is enough.
        if bytes.iter().all(|byte| *byte == 0) {
            continue;
        }
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        // Four letters come up by chance in so many sealed bytes, about once in a thousand runs; five do not.
        for word in told.iter().filter(|word| word.len() >= 5) {
            assert!(
                !holds(&bytes, word) && !name.contains(word.as_str()),
                "a word of an answer is in {name}"
            );
        }
    }
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(holds(&log, "the log is heard"));
    let found = told.iter().find(|word| holds(&log, word));
    assert!(found.is_none(), "a word of an answer is in the log");
}

#[test]
fn a_device_allows_submit_only_when_its_configuration_says_so() {
    listen();
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("no-such-file");
    let (device, other) = (folder.path().join("device.toml"), folder.path().join("other.toml"));
    let data = folder.path().join("data");
    for (text, allowed) in [
        ("", true),
        ("device = false", true),
        ("device = true", false),
        ("device = true\nsubmit = true", true),
        ("device = true\nsubmit = false", false),
        ("submit = false", false),
    ] {
        fs::write(&device, text).unwrap();
        let by_itself = Config::read_with(None, Some(&data), &device).unwrap();
        assert_eq!(by_itself.submit, allowed, "{text}");
        let given = Config::read_with(Some(&device), Some(&data), &nowhere).unwrap();
        assert_eq!(given.submit, allowed, "{text}");
    }
    // A file of one's own beside it makes it no other computer, and can forbid but not allow.
    for (own, text, allowed) in [
        ("device = true", "", false),
        ("device = true", "submit = true", false),
        ("device = true\nsubmit = true", "", true),
        ("device = true\nsubmit = true", "submit = false", false),
    ] {
        fs::write(&device, own).unwrap();
        fs::write(&other, text).unwrap();
        let config = Config::read_with(Some(&other), Some(&data), &device).unwrap();
        assert_eq!(config.submit, allowed, "{text} beside {own}");
    }
    fs::write(&device, "device = true").unwrap();
    let config = Config::read_with(None, Some(&data), &device).unwrap();
    let answers = PathBuf::from("assets/examples/named.json");
    let form = "report".into();
    let why = run(&Command::Submit { form, answers }, &config).unwrap_err();
    assert_eq!(why.exit_code(), 2);
    assert_eq!(
        why.to_string(),
        "submit is off on this device: set `submit = true` in its configuration"
    );
    assert!(!data.exists());
}

#[test]
fn a_configuration_is_refused_in_one_clear_line_and_never_mixes_two_stores() {
    listen();
    let folder = tempfile::tempdir().unwrap();
    let (file, nowhere) = (folder.path().join("kiosk.toml"), folder.path().join("nothing"));
    let read = |text: &str, data: Option<&Path>| {
        fs::write(&file, text).unwrap();
        Config::read_with(Some(&file), data, &nowhere)
    };
    for (text, part) in [
        ("dta = \"/var/lib/heard\"", "unknown field `dta`"),
        ("device = \"yes\"", "invalid type"),
        ("device = ", "kiosk.toml"),
        ("data = 3", "invalid type"),
        ("intake = \"https://a\"", "--data DIR"),
    ] {
        let why = read(text, None).unwrap_err();
        let line = why.to_string();
        assert_eq!((why.exit_code(), line.lines().count()), (2, 1), "{line}");
        assert!(line.contains(part), "{line}");
    }
    let why = Config::read_with(Some(&nowhere), None, &nowhere).unwrap_err();
    assert_eq!((why.exit_code(), why.to_string().lines().count()), (2, 1));

    let both = "data = \"/a\"\nspool = \"/b\"";
    let (a, b) = (PathBuf::from("/a"), PathBuf::from("/b"));
    assert_eq!(read(both, None).unwrap().places, Places { data: a, spool: b });
    let elsewhere = Path::new("/c");
    assert_eq!(read(both, Some(elsewhere)).unwrap().places, Places::within(elsewhere));
}

/// Millimetres on the screen need its pixels to the inch; a figure that no screen has is refused in one line.
#[test]
fn the_configuration_says_how_fine_the_screen_is() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (folder.path().join("kiosk.toml"), folder.path().join("data"));
    let nowhere = folder.path().join("no-such-file");
    for (text, ppi) in [
        ("", Some(96)),
        ("panel_ppi = 150", Some(150)),
        ("panel_ppi = 5", None),
        ("panel_ppi = 100000", None),
    ] {
        fs::write(&file, text).unwrap();
        let read = Config::read_with(Some(&file), Some(&data), &nowhere);
        match ppi {
            Some(ppi) => assert_eq!(read.unwrap().panel_ppi, ppi, "{text}"),
            None => assert!(read.unwrap_err().to_string().contains("panel_ppi"), "{text}"),
        }
    }
}
