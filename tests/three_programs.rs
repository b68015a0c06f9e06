//! Three separate programs on one computer, set up and used by nothing but the lines in README.md.
//!
//! The lines are taken from the file itself, so that README cannot say what does not work. Only the port is another one.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/bench.rs"]
mod bench;

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::str::FromStr;

use bench::{Bench, Ran, Serving};
use heard::kiosk::store::{Places, Store};
use serde_json::Value;

const README: &str = include_str!("../README.md");
const NAMED: &str = include_str!("../assets/examples/named.json");
const CONTRACTOR: &str = include_str!("../assets/examples/contractor.json");

/// The lines of the `number`-th sh block after a heading.
fn block(heading: &str, number: usize) -> &'static str {
    let (_, rest) = README.split_once(heading).unwrap();
    let lines = rest.split("```sh\n").nth(number + 1).unwrap();
    lines.split_once("```").unwrap().0
}

/// The day-by-day line that starts like this, without its comment.
fn line(start: &str) -> String {
    let mut found = block("## Set it up for real", 1)
        .lines()
        .filter(|line| line.starts_with(start));
    let line = found.next().unwrap_or_else(|| panic!("README has no line {start}"));
    assert!(found.next().is_none(), "README has one line {start}");
    let line = line.split("  #").next().unwrap();
    line.trim_end().to_owned()
}

/// A deployment made by exactly the lines of README, its intake running.
fn set_up() -> Bench {
    let mut bench = Bench::new();
    let done = bench.bash_with_background(block("## Set it up for real", 0));
    assert_eq!(done.code, 0, "{}\n{}", done.out, done.err);
    bench
}

/// Runs one of README's lines.
fn readme(bench: &Bench, start: &str) -> Ran {
    bench.bash(&line(start), "")
}

/// The same about one case.
fn with_case(bench: &Bench, start: &str, case: &str) -> Ran {
    bench.bash(&line(start).replace("CASE", case), "")
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The one case in somebody's list.
fn the_case(bench: &Bench, who: &str) -> String {
    let list = json(&bench.run("heard-desk", &["cases", "--data", who, "--json"], "").ok());
    let cases = list["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 1, "{who}");
    cases[0]["case"].as_str().unwrap().to_owned()
}

/// Files a report at kiosk A and gives its code.
fn submit(bench: &Bench, example: &str) -> String {
    let line = line("heard-kiosk --data kiosk-a submit").replace("named.json", example);
    let told = bench.bash(&line, "").ok();
    let said = |label: &str| {
        let line = told.lines().find_map(|line| line.strip_prefix(label));
        line.unwrap_or_else(|| panic!("{label} is missing:\n{told}")).to_owned()
    };
    assert_eq!(said("envelope_id ").len(), 64);
    assert!(said("due_at ").ends_with('Z'), "{told}");
    let code = said("reference_code ");
    assert_eq!(code.len(), 19, "four groups of four digits");
    code
}

fn outbox(bench: &Bench, kiosk: &str) -> Value {
    json(
        &bench
            .run("heard-kiosk", &["--data", kiosk, "--json", "outbox"], "")
            .ok(),
    )
}

#[test]
fn a_report_goes_all_the_way_and_its_reporter_comes_back() {
    let mut bench = set_up();
    let code = submit(&bench, "named.json");
    submit(&bench, "contractor.json");
    assert_eq!(outbox(&bench, "kiosk-a")["queued"], 2);
    let sent = readme(&bench, "heard-kiosk --data kiosk-a send").ok();
    assert_eq!(sent, "delivered 2\nleft 0\n");
    assert_eq!(outbox(&bench, "kiosk-a")["queued"], 0);
    each_team_opens_its_own(&bench);

    let hers = the_case(&bench, "sam");
    with_case(&bench, "heard-desk say --data sam", &hers).ok();
    let read = line("heard-kiosk --data kiosk-b read");
    let before = bench.bash(&read, &code).ok();
    assert!(before.contains("There is nothing new to show"), "{before}");
    bench.run("heard-kiosk", &["--data", "kiosk-b", "send"], "").ok();
    let after = bench.bash(&read, &format!("{code}\n")).ok();
    assert!(after.contains("Thank you. I have read all of it."), "{after}");
    let rows = json(
        &bench
            .run("heard-kiosk", &["--data", "kiosk-b", "--json", "read"], &code)
            .ok(),
    );
    assert_eq!(rows["notes"][0]["stage"], "opened");

    let add = line("heard-kiosk --data kiosk-b add");
    bench
        .bash(&add, &format!("{code}\nThey came back on Sunday.\nবৃষ্টি ছিল।\n"))
        .ok();
    bench.run("heard-kiosk", &["--data", "kiosk-b", "send"], "").ok();
    let open = with_case(&bench, "heard-desk open --data sam", &hers).ok();
    for words in ["> They came back on Sunday.\n", "> বৃষ্টি ছিল।\n", "> Gwen Talland\n"] {
        assert!(open.contains(words), "{words}\n{open}");
    }
    let again = json(
        &bench
            .run("heard-desk", &["open", "--data", "sam", &hers, "--json"], "")
            .ok(),
    );
    assert_eq!(again["answers"], json(NAMED)["answers"]);
    assert_eq!(again["additions"][0]["words"], "They came back on Sunday.\nবৃষ্টি ছিল।");
    // The other team still has one case, and not this one.
    assert_ne!(the_case(&bench, "ines"), hers);
    bench.stop_background();
}

fn each_team_opens_its_own(bench: &Bench) {
    let (hers, theirs) = (the_case(bench, "sam"), the_case(bench, "ines"));
    assert!(readme(bench, "heard-desk cases --data sam").ok().contains(&hers));
    for (who, case, other, file) in [("sam", &hers, &theirs, NAMED), ("ines", &theirs, &hers, CONTRACTOR)] {
        let text = bench.run("heard-desk", &["open", "--data", who, case], "").ok();
        let file = json(file);
        for line in file["answers"]["what-happened"].as_str().unwrap().lines() {
            assert!(text.contains(line), "{who} reads every line");
        }
        let back = bench
            .run("heard-desk", &["open", "--data", who, case, "--json"], "")
            .ok();
        assert_eq!(json(&back), file, "{who} opens exactly those answers");
        // What is the other team's does not exist for this one, in one line that does not say which of the two.
        let refused = bench.run("heard-desk", &["open", "--data", who, other], "").fails(2);
        let unknown = "0".repeat(32);
        let never = bench.run("heard-desk", &["open", "--data", who, &unknown], "").fails(2);
        assert_eq!(refused, never);
        assert!(refused.contains("there is no such case for you"), "{refused}");
        // The team's escrow opens it as well, as README says.
        let escrow = format!("{who}/escrow.key");
        let back = bench.run(
            "heard-desk",
            &["open", "--data", who, case, "--json", "--key", &escrow],
            "",
        );
        assert_eq!(json(&back.ok()), file);
    }
}

#[test]
fn by_hand_without_a_link_and_exit_codes_as_promised() {
    let mut bench = set_up();
    bench.stop_background();
    let code = submit(&bench, "named.json");
    let before = outbox(&bench, "kiosk-a");
    assert_eq!(before["queued"], 1);

    let send = readme(&bench, "heard-kiosk --data kiosk-a send");
    assert_eq!(send.code, 75, "something is left");
    assert!(
        send.out.contains("delivered 0\nleft 1\nlink nobody listens"),
        "{}",
        send.out
    );
    assert_eq!(outbox(&bench, "kiosk-a"), before, "nothing is erased early");
    readme(&bench, "heard-desk cases --data sam").fails(75);

    let example = "assets/examples/named.json";
    {
        // Another program holds the store, as the running kiosk does.
        let held = Store::open(&Places::within(&bench.at("kiosk-a"))).unwrap();
        for arguments in [
            &["submit", "--answers", example][..],
            &["send"],
            &["outbox"],
            &["doctor"],
            &["import", "--from", "."],
        ] {
            let arguments = [&["--data", "kiosk-a"], arguments].concat();
            let line = bench.run("heard-kiosk", &arguments, "").fails(75);
            assert!(line.contains("the kiosk is running"), "{line}");
        }
        let beside = bench.run("heard-kiosk", &["--data", "kiosk-a", "export", "--to", "beside"], "");
        assert_eq!(leading(&beside.ok()) % 64, 0, "an export needs no lock");
        drop(held);
    }
    assert_eq!(outbox(&bench, "kiosk-a"), before);

    nonsense_is_refused(&bench, example);
    assert_eq!(outbox(&bench, "kiosk-a"), before, "nonsense leaves nothing behind");

    // The stick: out, in, back; with what the export beside the kiosk was filled up with, which comes again.
    readme(&bench, "heard-kiosk --data kiosk-a export").ok();
    let counted = readme(&bench, "heard-intake --data intake import stick").ok();
    let carried = leading(&counted);
    assert!(carried > 0 && carried.is_multiple_of(64), "{counted}");
    assert!(
        counted.contains(" new, 0 known already, 0 refused, 0 bad."),
        "{counted}"
    );
    let taken = readme(&bench, "heard-kiosk --data kiosk-a import").ok();
    assert!(
        taken.starts_with(&format!("{carried} answers were taken in, 0 files")),
        "{taken}"
    );
    assert_eq!(outbox(&bench, "kiosk-a")["queued"], 0);

    let serving = Serving::start(&bench.at("intake"), bench.port);
    let case = the_case(&bench, "sam");
    bench.run("heard-desk", &["open", "--data", "sam", &case], "").ok();
    with_case(&bench, "heard-desk say --data sam", &case).ok();
    bench.run("heard-kiosk", &["--data", "kiosk-a", "send"], "").ok();
    let read = bench.run("heard-kiosk", &["--data", "kiosk-a", "read"], &code).ok();
    assert!(read.contains("Thank you. I have read all of it."), "{read}");
    // Head office has not said yet who answers at weekends: doctor looks, and says so (made-up site).
    let doctor = readme(&bench, "heard-kiosk --data kiosk-a doctor");
    assert!(doctor.err.is_empty() && doctor.out.contains("good  "), "{doctor:?}");
    assert_eq!(doctor.code == 0, !doctor.out.contains("LOOK"), "{doctor:?}");
    serving.stop();
}

fn nonsense_is_refused(bench: &Bench, example: &str) {
    fs::write(
        bench.at("broken.json"),
        "{\"language\":\"en\",\"answers\":{\"name\":\"Zebedee\"",
    )
    .unwrap();
    fs::write(bench.at("empty.json"), "{\"language\":\"en\",\"answers\":{}}").unwrap();
    let a: &[&str] = &["--data", "kiosk-a"];
    let cases: [(&str, &[&str], &str); 9] = [
        ("heard-kiosk", &["submit", "--answers", "broken.json"], ""),
        ("heard-kiosk", &["submit", "--answers", "empty.json"], ""),
        ("heard-kiosk", &["submit", "--answers", "no-such-file.json"], ""),
        (
            "heard-kiosk",
            &["submit", "--form", "nonsense", "--answers", example],
            "",
        ),
        ("heard-kiosk", &["read"], "1234 5678 Zebedee"),
        ("heard-kiosk", &["add"], "1234\nZebedee"),
        ("heard-kiosk", &["import", "--from", "no-such-folder"], ""),
        (
            "heard-kiosk",
            &["enrol", "--intake", "https://localhost:8443", "--token", "Zebedee"],
            "",
        ),
        ("heard-kiosk", &["--config", "broken.json", "outbox"], ""),
    ];
    for (program, arguments, input) in cases {
        let line = bench.run(program, &[a, arguments].concat(), input).fails(2);
        assert!(!line.contains("Zebedee"), "{arguments:?}: {line}");
    }
    for (program, arguments) in [
        ("heard-kiosk", &["--data", "nobody", "send"][..]),
        ("heard-desk", &["cases", "--data", "nobody"]),
        ("heard-desk", &["open", "--data", "sam", "Zebedee"]),
        (
            "heard-desk",
            &[
                "join",
                "--data",
                "sam",
                "--intake",
                "http://far.example",
                "--anchor",
                "intake/public.toml",
            ],
        ),
        (
            "heard-intake",
            &[
                "--data", "intake", "staff", "add", "Ann", "--team", "nobody", "--key", "00",
            ],
        ),
        ("heard-intake", &["--data", "intake", "bundle", "broken.json"]),
    ] {
        bench.run(program, arguments, "").fails(2);
    }
    // What clap does not understand is the caller's input as well.
    for program in ["heard-kiosk", "heard-intake", "heard-desk"] {
        assert_eq!(bench.run(program, &["nonsense"], "").code, 2);
    }
    assert!(!bench.at("nobody").exists(), "a wrong folder is not made");
}

#[test]
fn the_report_part_opens_without_this_program() {
    let bench = set_up();
    submit(&bench, "named.json");
    bench
        .run("heard-kiosk", &["--data", "kiosk-a", "export", "--to", "stick"], "")
        .ok();
    let id = outbox(&bench, "kiosk-a")["entries"][0].as_str().unwrap().to_owned();
    let envelope = fs::read(bench.at(&format!("stick/{id}.envelope"))).unwrap();

    // The offsets of README, counted by hand here: big-endian numbers at 26 and 28, parts from 32 on.
    let number = |at: usize| usize::from(envelope[at]) * 256 + usize::from(envelope[at + 1]);
    let start = 32 + number(26);
    let part = &envelope[start..start + number(28)];
    let plain = age_alone(part, &bench.at("sam/team.key")).expect("the team's key opens it");
    let story = json(NAMED)["answers"]["what-happened"].as_str().unwrap().to_owned();
    let holds = |plain: &[u8]| plain.windows(story.len()).any(|window| window == story.as_bytes());
    assert!(holds(&plain), "the words are in it");
    assert!(
        age_alone(part, &bench.at("sam/escrow.key")).is_some(),
        "so does its escrow"
    );
    assert!(
        age_alone(part, &bench.at("ines/team.key")).is_none(),
        "and nobody else's"
    );
    // A byte more or less is no age file: the cut is exact.
    let team = bench.at("sam/team.key");
    assert!(age_alone(&envelope[start..=start + part.len()], &team).is_none());
    assert!(age_alone(&part[..part.len() - 1], &team).is_none());

    the_shell_recipe_cuts_the_same(&bench, &id, part, &holds);
}

/// README's own lines; without the age tool on this computer, with a stand-in that keeps what it was given.
fn the_shell_recipe_cuts_the_same(bench: &Bench, id: &str, part: &[u8], holds: &dyn Fn(&[u8]) -> bool) {
    let recipe = block("## Open a report without this program", 0)
        .replace("FILE.envelope", &format!("stick/{id}.envelope"))
        .replace("team.key", "sam/team.key");
    let stand_in = format!("age() {{ cat; }}\n{recipe}");
    bench.bash(&stand_in, "").ok();
    assert_eq!(fs::read(bench.at("report.bin")).unwrap(), part);
    let installed = Command::new("age")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if installed.is_ok_and(|status| status.success()) {
        bench.bash(&recipe, "").ok();
        assert!(holds(&fs::read(bench.at("report.bin")).unwrap()));
    }
}

/// Opens with the age crate and nothing of ours.
fn age_alone(part: &[u8], key_file: &Path) -> Option<Vec<u8>> {
    let text = fs::read_to_string(key_file).unwrap();
    let key = text.lines().find(|line| line.starts_with("AGE-SECRET-KEY-1")).unwrap();
    let identity = age::x25519::Identity::from_str(key).unwrap();
    let decryptor = age::Decryptor::new(part).ok()?;
    let identities = std::iter::once(&identity as &dyn age::Identity);
    let mut plain = Vec::new();
    decryptor.decrypt(identities).ok()?.read_to_end(&mut plain).ok()?;
    Some(plain)
}

/// The number that a line begins with.
fn leading(line: &str) -> usize {
    let digits: String = line.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("no number: {line}"))
}
