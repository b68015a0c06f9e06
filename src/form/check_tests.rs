//! Tests of the checks on form definition files: every problem is told, with its place, and a right form is taken whole.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use sha2::{Digest, Sha256};

use super::check::Problem;
use super::definition::FormDefinition;
use crate::form::QuestionKind;
use crate::form::samples::{HEAD, check, every_kind, index, parse};
use crate::limits::FORM_FILE_BYTES_MOST;

fn told(result: Result<FormDefinition, Vec<Problem>>) -> Vec<String> {
    result
        .map(|_| Vec::new())
        .unwrap_or_else(|problems| problems.iter().map(ToString::to_string).collect())
}

#[test]
fn a_right_form_is_taken_over_whole() {
    let form = every_kind();
    assert_eq!((form.id.as_str(), form.version, form.sections.len()), ("sample", 1, 3));
    assert_eq!(form.title.get("cy"), "Sampl");
    assert_eq!(form.sections[2].title.get("cy"), "Them");
    let bytes = include_bytes!("../../tests/forms/sample.toml");
    assert_eq!(form.digest.0, <[u8; 32]>::from(Sha256::digest(bytes)));
    let why = form.questions[index(&form, "why")].kind.choices();
    let said: Vec<_> = why
        .iter()
        .map(|choice| (choice.id.as_str(), choice.code, choice.label.get("en")))
        .collect();
    assert_eq!(said, [("yes", 1, "Yes"), ("no", 2, "No"), ("not-sure", 3, "Not sure")]);
    assert_eq!(why[0].means.len(), 1);
    let story = &form.questions[index(&form, "story")];
    assert_eq!(
        story.kind,
        QuestionKind::LongText {
            letters: 400,
            bytes: 1200
        }
    );
    assert!(story.decline && !story.required);
    assert!(!form.questions[index(&form, "reach")].decline);
    assert!(!form.questions[index(&form, "welcome")].decline);
}

const CHOICE: &str = "[[question.choice]]\nid = \"a\"\ncode = 1\nlabel = { en = \"A\" }\n";
const DATE: &str = "kind = \"date\"\n";

/// What is wrong with the kind or the choices of a question, and what must be said about it.
fn problems_of_choices() -> Vec<(String, &'static str)> {
    vec![
        ("kind = \"tick\"".into(), "kind tick is not known"),
        (format!("{DATE}letters = 3"), "letters does not belong to kind date"),
        (format!("{DATE}{CHOICE}"), "choice does not belong to kind date"),
        (
            format!("{DATE}required = true\ndecline = true"),
            "required and decline exclude each other",
        ),
        (
            "kind = \"statement\"\nrequired = true".into(),
            "a statement can be neither required nor declined",
        ),
        (
            "kind = \"statement\"\ngiven-means = [\"hate\"]".into(),
            "a statement is never answered and means nothing",
        ),
        (
            "kind = \"one-choice\"".into(),
            "has 0 choices; from 1 to 32 are allowed",
        ),
        (
            format!("kind = \"one-choice\"\n{CHOICE}{CHOICE}"),
            "choice a: code 1 is used twice",
        ),
        (
            format!("kind = \"one-choice\"\n{CHOICE}{CHOICE}"),
            "choice a: id a is used twice",
        ),
        (
            format!("kind = \"many-choices\"\nmost = 2\n{CHOICE}"),
            "most must be from 1 to the number of choices, 1",
        ),
        (
            format!("kind = \"many-choices\"\nmost = -1\n{CHOICE}"),
            "most must be from 1 to the number of choices, 1",
        ),
        (
            "kind = \"one-choice\"\n[[question.choice]]\nid = \"a\"\nlabel = { en = \"A\" }".into(),
            "choice a: needs a code",
        ),
        (
            format!("kind = \"one-choice\"\n{}", CHOICE.replace("code = 1", "code = 0")),
            "choice a: code must be at least 1",
        ),
        (
            format!("kind = \"one-choice\"\n{}", CHOICE.replace("\"a\"", "\"A b\"")),
            "choice A b: the id must be lower-case words",
        ),
        (
            format!("kind = \"one-choice\"\n{CHOICE}means = [\"lane:love\"]"),
            "choice a: means: lane:love is not known",
        ),
        (
            format!("kind = \"yes-no-not-sure\"\n{CHOICE}"),
            "the choices of yes-no-not-sure are yes, no and not-sure",
        ),
        (
            format!("kind = \"yes-no-not-sure\"\n{}", CHOICE.replace("\"a\"", "\"no\"")),
            "choice no: the code is always 2",
        ),
    ]
}

/// What is wrong with the bounds, the words or the meanings of a question, and what must be said about it.
fn problems_of_bounds_and_words() -> Vec<(String, &'static str)> {
    vec![
        ("kind = \"long-text\"".into(), "kind long-text needs letters"),
        (
            "kind = \"long-text\"\nletters = 4000".into(),
            "bytes (12000) must not be fewer than letters and at most 10240",
        ),
        (
            "kind = \"long-text\"\nletters = 4001\nbytes = 4001".into(),
            "letters must be from 1 to 4000",
        ),
        (
            "kind = \"short-text\"\nletters = 9\nbytes = 8".into(),
            "bytes (8) must not be fewer than letters",
        ),
        (
            "kind = \"short-text\"\nletters = 9\nlines = 0".into(),
            "lines must be at least 1",
        ),
        (
            "kind = \"short-text\"\nletters = 9\nlines = 4\ngiven-means = [\"exclusion\"]".into(),
            "exclusion belongs to a short-text of at most 3 lines",
        ),
        (
            "kind = \"short-text\"\nletters = 200\nbytes = 321\nlines = 3\ngiven-means = [\"exclusion\"]".into(),
            "who must not see it may take 321 bytes; at most 320 fit the slip",
        ),
        (
            format!("{DATE}unless-given-means = [\"exclusion\"]"),
            "exclusion belongs to given-means only",
        ),
        (
            "kind = \"number\"\nleast = 1".into(),
            "kind number needs least and most",
        ),
        (
            "kind = \"number\"\nleast = 1\nmost = 0".into(),
            "least is larger than most",
        ),
        (
            format!("{DATE}hint = {{ bn = \"x\" }}"),
            "hint: the words in en, the first language, are missing",
        ),
        (
            format!("{DATE}hint = {{ en = \"x\", fr = \"x\" }}"),
            "hint: language fr is not one of the form's languages",
        ),
        (
            format!("{DATE}help = {{ en = \" \" }}"),
            "help: the words in en are blank",
        ),
        (
            format!("{DATE}given-means = [\"hate\", \"hate\"]"),
            "given-means: hate is written twice",
        ),
    ]
}

#[test]
fn every_problem_is_told_by_its_place() {
    let base =
        |rest: &str| format!("[[question]]\nid = \"q\"\ncode = 1\nsection = \"core\"\nask = {{ en = \"?\" }}\n{rest}");
    for (rest, expected) in problems_of_choices().into_iter().chain(problems_of_bounds_and_words()) {
        let told = told(check(&base(&rest)));
        assert!(told.iter().any(|line| line.contains(expected)), "{expected}\n{told:#?}");
        assert!(told.iter().all(|line| line.starts_with("sample.toml: ")), "{told:#?}");
    }
}

#[test]
fn all_problems_of_a_file_are_told_together() {
    let text = r#"
form = "Report"
version = 0
languages = ["en", "en", "English!"]
title = { cy = "x" }
section = [{ id = "core", title = { en = "x" } }, { id = "core", title = { en = "x" } }, { id = "empty", title = { en = "x" } }]
question = [
    { id = "a", code = 4, section = "nowhere", kind = "date", ask = { en = "?" } },
    { id = "a", code = 4, section = "core", kind = "date", ask = { en = "?" } },
]
"#;
    let expected = [
        "report.toml: form: the id must be lower-case words joined by hyphens, at most 40 letters",
        "report.toml: version: must be at least 1",
        "report.toml: languages: en is named twice",
        "report.toml: languages: English! is not a language tag of at most 12 letters, such as en or pt-BR",
        "report.toml: section core: id core is used twice",
        "report.toml: section empty: holds no question",
        "report.toml: question a: id a is used twice",
        "report.toml: question a: code 4 is used twice",
        "report.toml: question a: section nowhere does not exist",
        "report.toml: title: language cy is not one of the form's languages",
        "report.toml: title: the words in en, the first language, are missing",
    ];
    assert_eq!(told(FormDefinition::parse("report.toml", text.as_bytes())), expected);
}

#[test]
fn text_that_is_no_form_is_one_problem_with_its_line() {
    let broken = format!("{HEAD}\n[[question]]\nid = \n");
    let lines = told(FormDefinition::parse("x.toml", broken.as_bytes()));
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with("x.toml: line 11: "), "{lines:?}");
    let unknown = format!("{HEAD}\n[[question]]\nid = \"a\"\ncolour = \"red\"\n");
    let lines = told(FormDefinition::parse("x.toml", unknown.as_bytes()));
    assert!(
        lines.len() == 1 && lines[0].starts_with("x.toml: line 12: "),
        "{lines:?}"
    );
    assert_eq!(told(FormDefinition::parse("x", b"\xff")), ["x: not UTF-8 text"]);
    let large = alloc::vec![b'#'; FORM_FILE_BYTES_MOST + 1];
    assert_eq!(
        told(FormDefinition::parse("x", &large)),
        ["x: larger than 262144 bytes"]
    );
}

#[test]
fn questions_stand_in_the_order_of_the_sections() {
    let two = "[[section]]\nid = \"more\"\ntitle = { en = \"x\" }\n";
    let question = |id: &str, code: u16, section: &str| {
        format!(
            "[[question]]\nid = \"{id}\"\ncode = {code}\nsection = \"{section}\"\nkind = \"date\"\nask = {{ en = \"?\" }}\n"
        )
    };
    let text = [
        two,
        &question("a", 1, "core"),
        &question("b", 2, "more"),
        &question("c", 3, "core"),
    ]
    .concat();
    let expected = "sample.toml: question c: stands after a question of section more; group the questions by section, in the order of the sections";
    assert_eq!(told(check(&text)), [expected]);
    let needed = question("b", 2, "more").replace("ask", "required = true\nask");
    let text = [two, &question("a", 1, "core"), &needed].concat();
    assert_eq!(
        told(check(&text)),
        ["sample.toml: question b: required outside the core needs in-core, or nobody would be asked"]
    );
}

#[test]
fn a_form_that_could_outgrow_its_report_is_refused() {
    let texts = |kind: &str, letters: usize, count: u16| -> String {
        let one = |code| {
            format!(
                "[[question]]\nid = \"q{code}\"\ncode = {code}\nsection = \"core\"\nkind = \"{kind}\"\nletters = {letters}\nbytes = {letters}\nask = {{ en = \"?\" }}\n"
            )
        };
        (1..=count).map(one).collect()
    };
    parse(&texts("long-text", 4000, 2));
    let told_long = told(check(&texts("long-text", 4000, 3)));
    assert_eq!(
        told_long,
        ["sample.toml: the long texts together may take 12000 bytes; at most 10240 fit a report"]
    );
    parse(&texts("short-text", 1280, 2));
    let told_short = told(check(&texts("short-text", 1280, 3)));
    assert!(
        told_short[0].contains("may take 3840 bytes; at most 2560 fit"),
        "{told_short:?}"
    );
    let number = |code| {
        format!(
            "[[question]]\nid = \"q{code}\"\ncode = {code}\nsection = \"core\"\nkind = \"number\"\nleast = 0\nmost = 9\nask = {{ en = \"?\" }}\n"
        )
    };
    let numbers = |count: u16| -> String { (1..=count).map(number).collect() };
    parse(&numbers(110));
    assert_eq!(
        told(check(&numbers(111))),
        ["sample.toml: the coded answers together may take 888 bytes; at most 880 fit a report"]
    );
}
