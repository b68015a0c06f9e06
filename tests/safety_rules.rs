//! Rules of SAFETY that need kiosk, intake and desk together: each test fails when its rule is broken.
//!
//! What one part can prove alone is proved beside it (`desk_opening` for 18, `report/routing` for folds).
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/bench.rs"]
mod bench;
#[path = "support/story.rs"]
mod story;

use bench::Bench;
use std::path::Path;

use heard::demo::World;
use heard::desk::{self, OpenedCase};
use heard::form::{Flag, FormDefinition, Lane, Meaning, Permission};
use heard::kiosk::{self, Config};
use heard::wire::Envelope;
use serde_json::{Value, json};
use story::{files_starting, holds, open_all, opened_by, send, stolen_envelopes, stolen_rows, submit, worker, world};

/// What the reporter says beside the answers of a case.
fn report(answers: &[(&str, Value)]) -> String {
    let mut all = json!({"danger-now": "no", "reach-you": ["code-only"]});
    for (question, answer) in answers {
        all[question] = answer.clone();
    }
    json!({"language": "en", "answers": all}).to_string()
}

/// Files and delivers one report in a world of its own; gives the world and the stored envelope.
fn delivered(answers: &str) -> (World, Envelope) {
    let world = world();
    let kiosk = world.enrol_kiosk("kiosk").unwrap();
    let submitted = submit(&kiosk, answers);
    send(&world, &kiosk);
    let stored = stolen_envelopes(&world);
    let envelope = stored.into_iter().find(|one| one.id() == submitted.envelope).unwrap();
    (world, envelope)
}

fn only(mut cases: Vec<OpenedCase>) -> OpenedCase {
    assert_eq!(cases.len(), 1);
    cases.remove(0)
}

/// SAFETY 26: Sam has the hate team's key, an account, and a copy of the database.
#[test]
fn a_named_person_and_the_landlords_own_people_open_nothing() {
    let hate = [("because-of-who-you-are", json!("yes"))];
    let neighbour = ("who-did-it", json!(["neighbour"]));
    let independent: [(&str, Vec<(&str, Value)>); 6] = [
        (
            "named",
            vec![neighbour.clone(), ("who-must-not-see", json!("Sam Okafor"))],
        ),
        (
            "named strangely",
            vec![neighbour.clone(), ("who-must-not-see", json!("that man Sam"))],
        ),
        ("staff", vec![("who-did-it", json!(["works-for-us"]))]),
        (
            "staff among others",
            vec![("who-did-it", json!(["neighbour", "works-for-us", "stranger"]))],
        ),
        ("rather not say", vec![("who-did-it", Value::Null)]),
        ("unanswered", vec![]),
    ];
    for (what, said) in independent {
        let (world, envelope) = delivered(&report(&[&hate[..], &said].concat()));
        let case = only(open_all(&world, &world.ines, &world.conduct_team));
        assert_eq!(case.reports[0].routing.lane, Lane::Conduct, "{what}");
        let sam = world.desk(&world.sam).unwrap();
        assert!(sam.cases().unwrap().cases.is_empty(), "{what}: an empty listing");
        assert!(sam.hand_over(case.case).is_err(), "{what}: nor by its number");
        let part = [envelope];
        assert_eq!(opened_by(&world.hate_team, &part), 0, "{what}: nor from the disk");
        assert_eq!(opened_by(&world.conduct_team, &part), 1, "{what}");
    }
    // With a neighbour and nobody named it is the hate team's: the key and the account are good for something.
    let (world, envelope) = delivered(&report(&[&hate[..], &[neighbour]].concat()));
    let case = only(open_all(&world, &world.sam, &world.hate_team));
    assert_eq!(case.reports[0].routing.lane, Lane::Hate);
    assert_eq!(opened_by(&world.hate_team, &[envelope]), 1);
}

/// SAFETY 26, at the independent team: whoever is named there does not list it either.
#[test]
fn somebody_named_in_the_independent_team_lists_nothing() {
    let said = [("who-must-not-see", json!("Somebody Else\nines  DUARTE"))];
    let (world, _) = delivered(&report(&said));
    for who in [&world.sam, &world.ines] {
        assert!(world.desk(who).unwrap().cases().unwrap().cases.is_empty());
    }
    let rows = heard::intake::admin::cases(&world.intake_folder()).unwrap();
    assert_eq!(
        (rows.len(), rows[0].nobody),
        (1, true),
        "and the intake says that nobody may open it"
    );
}

/// SAFETY 26: nor does a copy of the database help them, although the report is sealed to their own team's key.
#[test]
fn somebody_named_in_the_independent_team_opens_nothing_from_a_copy_of_the_database() {
    let (world, envelope) = delivered(&report(&[("who-must-not-see", json!("Ines Duarte"))]));
    assert_eq!(
        opened_by(&world.conduct_team, &[envelope]),
        1,
        "the key is the right one"
    );
    let rows = stolen_rows(&world);
    assert!(!rows.is_empty());
    for (id, stored) in rows {
        assert!(Envelope::parse(&stored[..stored.len().min(16_384)]).is_err());
        assert!(id != [0; 32] && !holds(&stored, b"age-encryption.org"));
    }
    let copy = files_starting(&world.intake_folder(), "intake.db");
    assert!(!holds(&copy, b"age-encryption.org"), "nor in the log beside it");
}

/// SAFETY 18: what is allowed comes from an answer that allows it, never from silence.
#[test]
fn nothing_is_allowed_by_leaving_something_out() {
    let path = kiosk::REPORT_FORM;
    let files = desk::builtin_files();
    let bytes = &files.iter().find(|file| file.path == path).unwrap().bytes;
    let form = FormDefinition::parse(path, bytes).unwrap();
    let allows = |means: &[Meaning]| means.iter().any(|meaning| matches!(meaning, Meaning::May(_)));
    let mut allowing = 0;
    for question in &form.questions {
        assert!(!allows(&question.unless_given_means), "{}", question.id);
        assert!(
            !allows(&question.given_means),
            "{}: any answer at all would allow it",
            question.id
        );
        allowing += question
            .kind
            .choices()
            .iter()
            .filter(|choice| allows(&choice.means))
            .count();
    }
    assert!(allowing > 8, "choices do allow something");

    // And at the desk: the least that can be sent, kiosk to print-out.
    let (world, _) = delivered(&report(&[]));
    let case = only(open_all(&world, &world.ines, &world.conduct_team));
    assert_eq!(case.reports[0].routing.permissions, []);
    let text = desk::case_text(&case, desk::now());
    let forbidden = text.matches("* Do not ").count() + text.matches("* If it is about somebody else: do not").count();
    assert!(
        forbidden >= Permission::ALL.len() - 1 && !text.contains("You may"),
        "{text}"
    );
}

/// SAFETY 32: a way to be reached, what is safe, a language, and nothing else.
#[test]
fn telling_a_person_is_a_whole_report() {
    let least = json!({"language": "en", "answers": {
        "how-to-tell": "person", "reach-you": ["ring"], "phone": "07700 900 158",
    }});
    let example: Value = serde_json::from_str(include_str!("../assets/examples/tell-a-person.json")).unwrap();
    for file in [least, example] {
        let (world, _) = delivered(&file.to_string());
        let case = only(open_all(&world, &world.ines, &world.conduct_team));
        let back: Value = serde_json::from_str(&desk::case_json(&case)).unwrap();
        assert_eq!(back, file, "exactly this");
        let report = &case.reports[0];
        assert_eq!(report.routing.flags, [Flag::TellAPerson]);
        let given = file["answers"].as_object().unwrap();
        assert_eq!(report.opened.answers.len(), given.len(), "nothing else is in it");
        let words: usize = given
            .iter()
            .filter(|(id, _)| !["how-to-tell", "language-needed"].contains(&&id[..]))
            .filter_map(|(_, value)| value.as_str())
            .map(str::len)
            .sum();
        assert_eq!(report.filled.words.as_str().len(), words, "no other words");
        let text = desk::case_text(&case, desk::now());
        assert!(
            text.contains("They would rather tell a person. What is here is the whole report."),
            "{text}"
        );
    }
}

/// SAFETY 36: on a device `submit` is off unless the configuration turns it on.
#[test]
fn submit_is_off_on_a_device_unless_turned_on() {
    let (world, bench) = (world(), Bench::new());
    let kiosk = world.enrol_kiosk("kiosk").unwrap();
    let queued = |config: &Config| worker(config).0.store().counts().queued;
    let mut expected = 0;
    for (lines, allowed) in [
        ("device = true", false),
        ("device = true\nsubmit = false", false),
        ("submit = false", false),
        ("device = true\nsubmit = true", true),
        ("", true),
    ] {
        let data = kiosk.places.data.display();
        std::fs::write(bench.at("kiosk.toml"), format!("data = \"{data}\"\n{lines}\n")).unwrap();
        let arguments = [
            "--config",
            "kiosk.toml",
            "submit",
            "--answers",
            "assets/examples/named.json",
        ];
        let ran = bench.run("heard-kiosk", &arguments, "");
        if allowed {
            assert!(ran.ok().contains("reference_code"), "{lines}");
            expected += 1;
        } else {
            let line = ran.fails(2);
            assert!(line.contains("submit is off on this device"), "{line}");
        }
        assert_eq!(queued(&kiosk), expected, "{lines}");
    }
    // Neither `--data` nor a file of one's own gets round it: the device's file is read whenever it is there.
    let (device, mine) = (bench.at("device.toml"), bench.at("mine.toml"));
    std::fs::write(&mine, "submit = true\n").unwrap();
    for (lines, allowed) in [
        ("device = true", false),
        ("not TOML", false),
        ("device = true\nsubmit = true", true),
    ] {
        std::fs::write(&device, lines).unwrap();
        let data = Some(kiosk.places.data.as_path());
        let read = |file: Option<&Path>| Config::read_with(file, data, &device).map(|config| config.submit);
        assert_eq!(read(Some(&mine)).unwrap(), allowed, "{lines}");
        assert_eq!(read(None).unwrap_or(false), allowed, "{lines}");
    }
}
