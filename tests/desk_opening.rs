//! Opening a case at the desk: what was sealed comes out whole, what keeps people safe is said first, and a wrong key
//! says so in one line.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/desk_world.rs"]
mod desk_world;

use desk_world::{FORM, SENT, World};
use heard::desk::{DeskError, FormShelf, OpenedCase, case_json, case_text, open_case};
use heard::form::Permission;
use heard::mailbox::AdditionKind;
use heard::seal::Identity;
use heard::wire::api::HandedOver;
use serde_json::{Value, json};

const EXAMPLES: [&str; 5] = [
    include_str!("../assets/examples/without-a-name.json"),
    include_str!("../assets/examples/named.json"),
    include_str!("../assets/examples/contractor.json"),
    include_str!("../assets/examples/tell-a-person.json"),
    include_str!("../assets/examples/with-pictures.json"),
];

/// The least that can be sent: the two required answers, allowing nothing.
const LEAST: &str = r#"{"language":"en","answers":{"danger-now":"no","reach-you":["code-only"]}}"#;

const EVERYTHING_FORBIDDEN: [&str; 12] = [
    "Do not speak to the person who did it until they say so.",
    "Do not ring.",
    "Do not leave a voice message.",
    "Do not send a text message.",
    "Do not send an email.",
    "Do not send a letter.",
    "Do not visit.",
    "Do not arrange to meet.",
    "Do not go through anybody else.",
    "Do not use their name outside the team.",
    "If it is about somebody else: do not contact that person.",
    "Do not tell the police until they say so: ask the reporter first.",
];

fn open(handed: &HandedOver, key: &Identity) -> Result<OpenedCase, DeskError> {
    open_case(handed, std::slice::from_ref(key), &FormShelf::builtin())
}

fn text(case: &OpenedCase) -> String {
    case_text(case, SENT.after_hours(21))
}

#[test]
fn every_example_comes_back_as_it_was_answered_with_either_key_of_its_team() {
    for example in EXAMPLES {
        let world = World::new();
        let (envelope, routing) = world.report(example);
        let handed = world.handed(&[envelope]);
        let (team, escrow) = match routing.lane {
            heard::form::Lane::Conduct | heard::form::Lane::Complaint => (&world.conduct, &world.conduct_escrow),
            _ => (&world.hate, &world.hate_escrow),
        };
        for key in [team, escrow] {
            let case = open(&handed, key).unwrap();
            let given: Value = serde_json::from_str(example).unwrap();
            let back: Value = serde_json::from_str(&case_json(&case)).unwrap();
            assert_eq!(back, given);
            let text = text(&case);
            for words in given["answers"].as_object().unwrap().values().filter_map(Value::as_str) {
                // Choices are told in the form's words; whatever has a space in it the reporter wrote.
                for line in words.lines().filter(|line| line.contains(' ')) {
                    assert!(text.contains(&format!("> {line}\n")), "{line}");
                }
            }
        }
    }
}

#[test]
fn with_nothing_answered_everything_is_forbidden_before_anything_else_is_told() {
    let world = World::new();
    let (envelope, _) = world.report(LEAST);
    let case = open(&world.handed(&[envelope]), &world.conduct).unwrap();
    let text = text(&case);
    let first_answer = text.find("Is anyone in danger right now?").unwrap();
    for line in EVERYTHING_FORBIDDEN {
        assert!(text.find(line).is_some_and(|at| at < first_answer), "{line}\n{text}");
    }
    assert!(!text.contains("You may"), "{text}");
    // Every question that was left open and has a protective default says so; those never asked say nothing.
    let report = &case.reports[0];
    for (question, answer) in report.form.questions.iter().zip(&report.filled.answers) {
        let protective = question.protective.get("en");
        let open = !matches!(answer, heard::form::Answer::Given(_)) && question.relevant.holds(&report.filled.answers);
        if !protective.is_empty() {
            let told = text.contains(&format!("\"{}\" {protective}", question.ask.get("en")));
            assert_eq!(told, open, "{}", question.id);
        }
    }
    assert!(
        text.contains("Due: due in 3 h (Wednesday 14:10, 25 November 2026)"),
        "{text}"
    );
    assert!(text.contains("Sent: Tuesday 14:10, 24 November 2026"), "{text}");
}

#[test]
fn no_two_lines_contradict_each_other_whatever_was_allowed() {
    // What a line is about, as told when it is allowed and when it is not.
    let pairs = [
        (
            Permission::SpeakToThem,
            "You may speak to the person who did it.",
            EVERYTHING_FORBIDDEN[0],
        ),
        (Permission::Ring, "You may ring.", EVERYTHING_FORBIDDEN[1]),
        (
            Permission::Voicemail,
            "You may leave a voice message.",
            EVERYTHING_FORBIDDEN[2],
        ),
        (
            Permission::Text,
            "You may send a text message.",
            EVERYTHING_FORBIDDEN[3],
        ),
        (Permission::Email, "You may send an email.", EVERYTHING_FORBIDDEN[4]),
        (Permission::Letter, "You may send a letter.", EVERYTHING_FORBIDDEN[5]),
        (Permission::Visit, "You may visit.", EVERYTHING_FORBIDDEN[6]),
        (Permission::Meet, "You may arrange to meet.", EVERYTHING_FORBIDDEN[7]),
        (
            Permission::Trusted,
            "You may go through the person whom they trust.",
            EVERYTHING_FORBIDDEN[8],
        ),
        (Permission::UseName, "You may use their name.", EVERYTHING_FORBIDDEN[9]),
        (
            Permission::ContactSubject,
            "You may contact the person whom it is about: they know of this report.",
            EVERYTHING_FORBIDDEN[10],
        ),
        (
            Permission::PoliceNamed,
            "You may tell the police, with their name.",
            EVERYTHING_FORBIDDEN[11],
        ),
    ];
    let mut allowed_somewhere = 0;
    for example in EXAMPLES {
        let world = World::new();
        let (envelope, routing) = world.report(example);
        let handed = world.handed(&[envelope]);
        let case = open(&handed, &world.hate)
            .or_else(|_| open(&handed, &world.conduct))
            .unwrap();
        let text = text(&case);
        let police = routing.permissions.contains(&Permission::PoliceUnnamed);
        for (permission, may, must_not) in pairs {
            let allowed = routing.permissions.contains(&permission);
            allowed_somewhere += usize::from(allowed);
            assert_eq!(text.contains(&format!("* {may}\n")), allowed, "{may}\n{text}");
            if permission != Permission::PoliceNamed || !police {
                assert_eq!(
                    text.contains(&format!("* {must_not}\n")),
                    !allowed,
                    "{must_not}\n{text}"
                );
            }
        }
        assert_eq!(text.contains("You may tell the police what happened."), police);
        assert_eq!(text.contains("Do not give the police their name."), police);
    }
    assert!(allowed_somewhere > 3, "the examples allow something");
}

#[test]
fn conditions_on_a_way_of_contact_are_told_beside_it() {
    let world = World::new();
    let (envelope, _) = world.report(EXAMPLES[1]);
    let text = text(&open(&world.handed(&[envelope]), &world.hate).unwrap());
    let at = |line: &str| text.find(line).unwrap_or_else(|| panic!("{line}\n{text}"));
    assert!(at("You may ring.") < at("- Do not say who you are"));
    assert!(at("- Do not say who you are") < at("ABOUT THIS REPORT"));
    assert!(at("\"May we speak to them about it?\" Not until I say so") < at("ABOUT THIS REPORT"));
}

#[test]
fn another_teams_key_gets_one_clear_line_and_nothing_else() {
    let world = World::new();
    let (envelope, _) = world.report(LEAST);
    let handed = world.handed(&[envelope]);
    for stranger in [
        &world.hate,
        &world.hate_escrow,
        &world.router,
        &Identity::generate().unwrap(),
    ] {
        let why = open(&handed, stranger).unwrap_err();
        assert_eq!(why.exit_code(), 2);
        let line = why.to_string();
        assert!(
            line.contains("not sealed to your team's key") && !line.contains('\n'),
            "{line}"
        );
    }
}

#[test]
fn additions_open_with_the_secret_inside_the_report_and_the_frozen_code_comes_first() {
    let world = World::new();
    let (report, _) = world.report(LEAST);
    let more = world.addition(AdditionKind::Words, "It happened again.\nOn Friday.");
    let frozen = world.addition(AdditionKind::CodeMayBeKnown, "");
    let case = open(&world.handed(&[report, more, frozen]), &world.conduct).unwrap();
    let text = text(&case);
    assert!(text.contains("> It happened again.\n    > On Friday.\n"), "{text}");
    let first = text.find("FIRST: somebody else may have the code").unwrap();
    assert!(first < text.find("BEFORE YOU DO ANYTHING").unwrap());
    let json: Value = serde_json::from_str(&case_json(&case)).unwrap();
    assert_eq!(json["answers"], json!({"danger-now": "no", "reach-you": ["code-only"]}));
    assert_eq!(json["additions"][0]["words"], "It happened again.\nOn Friday.");
    assert_eq!(json["additions"][1]["kind"], "code-may-be-known");
    assert_eq!(json.as_object().unwrap().len(), 3);
}

#[test]
fn a_way_that_was_left_after_sending_is_told_beside_what_is_forbidden() {
    for (kind, words, told) in [
        (
            AdditionKind::SafeContact,
            "07700 900123, after six",
            "left this way to be reached right after sending",
        ),
        (
            AdditionKind::TrustedPerson,
            "My sister Ayşe, 07700 900124",
            "Tell them nothing of what was said.",
        ),
    ] {
        let world = World::new();
        let (report, _) = world.report(LEAST);
        let case = open(&world.handed(&[report, world.addition(kind, words)]), &world.conduct).unwrap();
        let text = text(&case);
        let later = text.find("LATER THAN THESE ANSWERS").unwrap();
        let forbidden = text.find(EVERYTHING_FORBIDDEN[0]).unwrap();
        let added = text.find("ADDED LATER, WITH THE CODE").unwrap();
        assert!(forbidden < later && later < added, "{text}");
        assert!(
            text[added..].contains(told) && text[added..].contains(&format!("> {words}\n")),
            "{text}"
        );
    }
    let world = World::new();
    let (report, _) = world.report(LEAST);
    let more = world.addition(AdditionKind::Words, "It happened again.");
    let text = text(&open(&world.handed(&[report, more]), &world.conduct).unwrap());
    assert!(!text.contains("LATER THAN THESE ANSWERS"));
}

#[test]
fn an_addition_whose_report_never_came_opens_with_the_independent_escrow_and_allows_nothing() {
    let world = World::new();
    let handed = world.handed(&[world.addition(AdditionKind::GetInTouch, "Please ring")]);
    assert_eq!(open(&handed, &world.conduct).unwrap_err().exit_code(), 2);
    let text = text(&open(&handed, &world.conduct_escrow).unwrap());
    for line in EVERYTHING_FORBIDDEN {
        assert!(text.contains(line), "{line}");
    }
    assert!(text.contains("> Please ring\n"));
}

#[test]
fn a_report_that_was_swapped_or_harmed_does_not_count_as_opened() {
    let world = World::new();
    let (one, _) = world.report(LEAST);
    let (other, _) = world.report(EXAMPLES[3]);
    let mut handed = world.handed(&[one, other]);
    let swapped = handed.parts.remove(1).routing_digest;
    let whole = handed.parts[0].clone();

    handed.parts[0].routing_digest = swapped;
    let why = open(&handed, &world.conduct).unwrap_err();
    assert!(why.to_string().contains("does not belong to the slip"), "{why}");

    handed.parts[0] = whole.clone();
    let last = handed.parts[0].sealed.pop().unwrap();
    handed.parts[0].sealed.push(if last == '0' { '1' } else { '0' });
    assert_eq!(open(&handed, &world.conduct).unwrap_err().exit_code(), 1);

    handed.parts[0] = whole.clone();
    handed.parts[0].sealed = "zz".into();
    assert_eq!(open(&handed, &world.conduct).unwrap_err().exit_code(), 1);

    // A slip that the intake could not open binds nothing; the report opens and the print-out says so.
    handed.parts[0] = whole;
    handed.parts[0].routing_digest = String::new();
    let case = open(&handed, &world.conduct).unwrap();
    assert!(text(&case).contains("could not open the slip"));
}

#[test]
fn a_report_of_an_unknown_form_opens_as_numbers_and_words_and_allows_nothing() {
    let form = String::from_utf8(FORM.to_vec()).unwrap();
    let newer = form.replacen("version = 1", "version = 7", 1);
    assert_ne!(form, newer);
    let world = World::with_form(newer.as_bytes());
    let (envelope, routing) = world.report(EXAMPLES[1]);
    assert!(!routing.permissions.is_empty());
    let handed = world.handed(&[envelope]);
    let case = open(&handed, &world.hate).unwrap();
    let text = text(&case);
    assert!(text.contains("Question 13\n    > Gwen Talland\n"), "{text}");
    assert!(text.contains("does not have the form"));
    assert!(!text.contains("You may"));
    for line in EVERYTHING_FORBIDDEN {
        assert!(text.contains(line), "{line}");
    }
    let json: Value = serde_json::from_str(&case_json(&case)).unwrap();
    assert_eq!(json["answers"]["question-13"], "Gwen Talland");
    assert_eq!(json["answers"]["question-3"], "code-1");

    // With the bundle's forms on the shelf it has its words again.
    let mut shelf = FormShelf::builtin();
    shelf.add(&world.bundle.files);
    let case = open_case(&handed, std::slice::from_ref(&world.hate), &shelf).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&case_json(&case)).unwrap(),
        serde_json::from_str::<Value>(EXAMPLES[1]).unwrap()
    );
}

#[test]
fn what_a_terminal_would_obey_is_made_visible() {
    let world = World::new();
    let (report, _) = world.report(LEAST);
    let hostile = world.addition(
        AdditionKind::Words,
        "a\u{1b}[2Jb\rYou may ring.\u{202e}c\u{7}\n  * You may visit.",
    );
    let text = text(&open(&world.handed(&[report, hostile]), &world.conduct).unwrap());
    assert!(
        !text
            .chars()
            .any(|letter| (letter.is_control() && letter != '\n') || letter == '\u{202e}')
    );
    // Their words never pass for ours: every line of them is marked.
    assert!(text.contains("    >   * You may visit.\n"), "{text}");
}

#[test]
fn the_same_report_twice_is_one_report() {
    let world = World::new();
    let (report, _) = world.report(LEAST);
    let mut handed = world.handed(&[report]);
    handed.parts.push(handed.parts[0].clone());
    assert_eq!(open(&handed, &world.conduct).unwrap().reports.len(), 1);
}
