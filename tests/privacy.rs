//! What a resident typed, searched for byte by byte where it must not be: the kiosk's folders, logs at their most
//! talkative, the intake's folder, the list of another team, a panic.
//!
//! Words are taken from the bundled examples. Words, and three in a row, that the public forms say as well are
//! left out: they are on every kiosk.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test that fails here should stop here"
)]

#[path = "support/programs.rs"]
mod programs;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use heard::desk;
use heard::form::{FormDefinition, QuestionKind};
use heard::id::to_hex;
use heard::kiosk::REPORT_FORM;
use heard::limits::ENVELOPE_BYTES;
use heard::mailbox::ReferenceCode;
use heard::seal;
use programs::{Deployment, Served, files, printed};
use serde_json::Value;

const EXAMPLES: [&str; 5] = [
    "without-a-name",
    "named",
    "contractor",
    "tell-a-person",
    "with-pictures",
];
/// Shorter ones are in every program.
const WORD_BYTES_LEAST: usize = 5;

/// What must not be found, each with a name that a failure may print.
#[derive(Default)]
struct Needles(Vec<(String, Vec<u8>)>);

impl Needles {
    fn add(&mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.push((name.into(), bytes.into()));
    }

    /// Words, and every three words in a row, of everything that was written freely.
    fn add_answers(&mut self, example: &str, public: &[u8]) {
        for (question, text) in free_texts(example) {
            let words: BTreeSet<&str> = text.split(|letter: char| !letter.is_alphanumeric()).collect();
            let long = words.into_iter().filter(|word| word.len() >= WORD_BYTES_LEAST);
            for word in long.filter(|word| !holds(public, word.as_bytes())) {
                self.add(format!("a word of {question} in {example}"), word);
            }
            let words: Vec<&str> = text.split(' ').collect();
            let threes = words.windows(3).map(|three| three.join(" "));
            for three in threes.filter(|three| !holds(public, three.as_bytes())) {
                self.add(format!("three words of {question} in {example}"), three);
            }
        }
    }

    /// The code as it may be written, and everything that is made of it and is not public.
    fn add_code(&mut self, example: &str, grouped: &str, here: &Deployment) {
        let code = ReferenceCode::parse(grouped).unwrap();
        let keys = seal::derive(&code, &here.world.anchor.salt, here.world.anchor.cost).unwrap();
        self.add(format!("the code of {example}"), grouped);
        self.add(format!("the code of {example}, hyphens"), grouped.replace(' ', "-"));
        self.add(format!("the code of {example}, digits"), grouped.replace(' ', ""));
        for (name, bytes) in [
            ("tag", &keys.tag.0[..]),
            ("inbox", &keys.inbox_recipient().0),
            ("reply", keys.reply.bytes()),
        ] {
            self.add(format!("the {name} of {example}"), bytes);
            self.add(format!("the {name} of {example} in hexadecimal"), to_hex(bytes));
        }
        self.add(format!("the inbox of {example} as text"), keys.inbox_recipient().text());
    }

    /// Names of the needles that are in the hay. Never the needles.
    fn found_in(&self, hay: &[u8]) -> Vec<&str> {
        let mut begins = vec![Vec::new(); 65_536];
        for (at, (_, needle)) in self.0.iter().enumerate() {
            begins[pair(needle)].push(at);
        }
        let mut found = BTreeSet::new();
        for at in 0..hay.len().saturating_sub(1) {
            for needle in &begins[pair(&hay[at..])] {
                if hay[at..].starts_with(&self.0[*needle].1) {
                    found.insert(self.0[*needle].0.as_str());
                }
            }
        }
        found.into_iter().collect()
    }

    fn demand_absent(&self, hay: &[u8], place: &str) {
        assert_eq!(self.found_in(hay), Vec::<&str>::new(), "{place}");
    }

    /// Names and bytes of every file.
    fn demand_absent_below(&self, folder: &Path) {
        let all = files(folder);
        assert!(all.len() > 3, "{} is nearly empty", folder.display());
        for path in all {
            self.demand_absent(path.as_os_str().as_encoded_bytes(), "a file name");
            self.demand_absent(&fs::read(&path).unwrap(), &path.display().to_string());
        }
    }
}

fn pair(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

fn holds(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

fn example_file(example: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/examples/{example}.json"))
}

/// Question id and text of every answer that is not a choice.
fn free_texts(example: &str) -> Vec<(String, String)> {
    let form = form();
    let file: Value = serde_json::from_slice(&fs::read(example_file(example)).unwrap()).unwrap();
    let mut texts = Vec::new();
    for (question, answer) in file["answers"].as_object().unwrap() {
        let asked = form.questions.iter().find(|asked| asked.id == *question).unwrap();
        match (&asked.kind, answer) {
            (
                QuestionKind::LongText { .. }
                | QuestionKind::ShortText { .. }
                | QuestionKind::Phone
                | QuestionKind::Email,
                Value::String(text),
            ) => texts.push((question.clone(), text.clone())),
            (QuestionKind::Place { .. }, place) => {
                texts.extend(place["spot"].as_str().map(|spot| (question.clone(), spot.to_owned())));
            }
            _ => {}
        }
    }
    texts
}

fn form() -> FormDefinition {
    let files = desk::builtin_files();
    let file = files.iter().find(|file| file.path == REPORT_FORM).unwrap();
    FormDefinition::parse(REPORT_FORM, &file.bytes).unwrap()
}

/// What every kiosk holds in the clear: forms, pages, the landlord's facts.
fn public_words() -> Vec<u8> {
    desk::builtin_files().into_iter().flat_map(|file| file.bytes).collect()
}

#[test]
fn the_search_finds_what_is_there() {
    let public = public_words();
    let mut needles = Needles::default();
    for example in EXAMPLES {
        needles.add_answers(example, &public);
    }
    assert!(needles.0.len() > 600, "only {} things to look for", needles.0.len());
    let (name, needle) = needles.0.last().cloned().unwrap();
    let hay = [&[0; 4_000][..], &needle, &[0xff; 3]].concat();
    assert_eq!(needles.found_in(&hay), [name.as_str()]);
    needles.demand_absent(&public, "the public files");
}

#[test]
fn no_word_of_a_report_reaches_a_disk_or_a_log() {
    let mut here = Deployment::start();
    here.world.stop_intake();
    let port: u16 = here.world.address.rsplit(':').next().unwrap().parse().unwrap();
    let log = here.folder.path().join("intake.log");
    let mut served = Served::start(
        &here.world.intake_folder(),
        port,
        Stdio::from(File::create(&log).unwrap()),
    );
    served.listens();

    let mut public = public_words();
    // Our own sentences, said before anybody told anything.
    for command in ["outbox", "doctor"] {
        public.extend(here.kiosk(&[command]).output().unwrap().stdout);
    }
    let mut needles = Needles::default();
    for example in EXAMPLES {
        let path = example_file(example);
        let mut submit = here.kiosk(&["submit", "--answers", path.to_str().unwrap()]);
        let done = submit.env("HEARD_LOG", "trace").output().unwrap();
        let said = printed(&done).unwrap();
        needles.add_answers(example, &public);
        needles.add_code(example, said["reference_code"].as_str().unwrap(), &here);
        needles.demand_absent(&done.stderr, "the kiosk's log while filing");
        needles.demand_absent_below(&here.kiosk.places.data);
        needles.demand_absent_below(&here.kiosk.places.spool);
    }
    let mut logged = 0;
    for arguments in [&["outbox"][..], &["doctor"], &["send"], &["send"], &["outbox"]] {
        let done = here.kiosk(arguments).env("HEARD_LOG", "trace").output().unwrap();
        needles.demand_absent(&done.stderr, "the kiosk's log");
        logged += done.stderr.len();
        needles.demand_absent(&done.stdout, "what a command prints");
        needles.demand_absent_below(&here.kiosk.places.data);
        if arguments == ["send"] {
            assert!(done.status.success());
        }
    }
    assert!(logged > 0, "a talkative log says something");
    // While it runs, with the database's log beside it, and after.
    needles.demand_absent_below(&here.world.intake_folder());
    served.kill();
    needles.demand_absent_below(&here.world.intake_folder());
    // An intake without trouble says nothing even now.
    needles.demand_absent(&fs::read(&log).unwrap(), "the intake's log");
}

#[test]
fn the_intakes_database_and_another_teams_list_tell_no_lane_and_no_count() {
    let mut here = Deployment::start();
    let mut needles = Needles::default();
    let mut grown = Vec::new();
    let mut before = shape(&here);
    for (example, name) in [
        ("without-a-name", None),
        ("contractor", None),
        ("named", Some("Gwen Talland")),
        ("contractor", None),
    ] {
        let path = example_file(example);
        let done = here
            .kiosk(&["submit", "--answers", path.to_str().unwrap()])
            .output()
            .unwrap();
        needles.add_code(
            example,
            printed(&done).unwrap()["reference_code"].as_str().unwrap(),
            &here,
        );
        name.into_iter()
            .for_each(|name| needles.add("the reporter's name", name));
        assert!(here.kiosk(&["send"]).output().unwrap().status.success());
        let after = shape(&here);
        grown.push(
            after
                .iter()
                .zip(&before)
                .map(|(after, before)| after - before)
                .collect::<Vec<_>>(),
        );
        before = after;
    }
    assert!(
        grown[0][0] > 0 && grown.iter().all(|other| *other == grown[0]),
        "a lane has its own shape: {grown:?}"
    );

    for lane in ["conduct", "complaint", "anti-social", "asb\"", "\"hate", "hate\""] {
        needles.add(format!("the lane {lane}"), lane);
    }
    demand_silent_list(&here, &needles);
    for name in ["Sam Okafor", "Ines Duarte", "Okafor", "Duarte"] {
        needles.add("the name of a caseworker", name);
    }
    // While it runs, with the database's log beside it, and closed.
    for _ in 0..2 {
        let mut searched = 0;
        for name in ["intake.db", "intake.db-wal", "intake.db-shm"] {
            let bytes = fs::read(here.world.intake_folder().join(name)).unwrap_or_default();
            needles.demand_absent(&bytes, name);
            searched += bytes.len();
        }
        assert!(searched > 4 * ENVELOPE_BYTES, "only {searched} bytes were searched");
        here.world.stop_intake();
    }
}

/// The hate team's list, with its two cases of the four.
fn demand_silent_list(here: &Deployment, needles: &Needles) {
    let list = here.world.desk(&here.world.sam).unwrap().cases().unwrap();
    let listed = desk::cases_json(&list).unwrap();
    needles.demand_absent(listed.as_bytes(), "the hate team's list");
    needles.demand_absent(
        desk::cases_text(&list, desk::now()).as_bytes(),
        "the hate team's list in words",
    );
    assert_eq!(list.cases.len(), 2, "two of the four are the independent team's");
    let rows: Value = serde_json::from_str(&listed).unwrap();
    demand_fields(
        &rows,
        &[
            "case",
            "cases",
            "arrived_at",
            "due_at",
            "first_opened_at",
            "new",
            "urgent",
        ],
    );
    let ids: Vec<&str> = list.cases.iter().map(|row| &row.case[..16]).collect();
    assert_ne!(ids[0], ids[1], "case ids are random from their first letters on");
}

/// Rows and bytes of each table.
fn shape(here: &Deployment) -> Vec<i64> {
    let database = rusqlite::Connection::open(here.world.intake_folder().join("intake.db")).unwrap();
    let count = |query: &str| database.query_row(query, [], |row| row.get(0)).unwrap();
    vec![
        count("SELECT count(*) FROM envelopes"),
        count("SELECT coalesce(sum(length(bytes)), 0) FROM envelopes"),
        count("SELECT count(*) FROM records"),
        count("SELECT coalesce(sum(length(blob)), 0) FROM records"),
    ]
}

/// A list grows no field, a count or a lane for instance, without this test being asked.
fn demand_fields(json: &Value, known: &[&str]) {
    match json {
        Value::Object(fields) => {
            for (name, value) in fields {
                assert!(known.contains(&name.as_str()), "the list has a field {name}");
                demand_fields(value, known);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| demand_fields(value, known)),
        other => assert!(!other.is_number(), "the list has a number"),
    }
}

#[test]
fn a_panic_tells_its_place_and_no_word() {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "panics_with_words", "--ignored", "--nocapture"])
        .env("PANIC_WITH", "zanzibarkudu")
        .env("RUST_BACKTRACE", "full")
        .output()
        .unwrap();
    assert!(!child.status.success());
    let said = [child.stdout, child.stderr].concat();
    assert!(!holds(&said, b"zanzibarkudu"));
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains("heard: stopped at tests/privacy.rs:"), "{said}");
    assert!(said.contains("core 0 0"), "a core file would hold the words: {said}");
}

/// Cannot be read from anything, and says so with the words, as errors of others do.
struct Unreadable;

impl std::str::FromStr for Unreadable {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, String> {
        Err(format!("not readable: {words}"))
    }
}

#[test]
#[ignore = "runs as the child of the test above"]
fn panics_with_words() {
    let Ok(words) = std::env::var("PANIC_WITH") else { return };
    heard::kiosk::guard_process();
    let limits = fs::read_to_string("/proc/self/limits").unwrap();
    let core = limits.lines().find_map(|line| line.strip_prefix("Max core file size"));
    let core: Vec<&str> = core.unwrap().split_whitespace().take(2).collect();
    eprintln!("core {}", core.join(" "));
    std::thread::scope(|threads| {
        let inner = threads.spawn(|| words.parse::<Unreadable>().unwrap());
        assert!(inner.join().is_err());
    });
    panic!("{words}");
}
