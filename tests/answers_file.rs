//! Answers files through the public door: what is read, filled and written back is what was in the file, whatever was
//! answered; what is wrong is refused with one line that never quotes a value.

use std::sync::Arc;

use heard::form::{Answer, AnswersFile, FormDefinition, QuestionKind, answers_json, damm, fill, relevance};
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use serde_json::{Map, Value, json};

fn sample() -> Arc<FormDefinition> {
    let form = FormDefinition::parse("sample.toml", include_bytes!("forms/sample.toml"));
    Arc::new(form.unwrap_or_else(|problems| panic!("{problems:#?}")))
}

fn words(letters: usize, new_lines: bool) -> BoxedStrategy<String> {
    let letter = if new_lines { "[^\\p{Cc}]|\n" } else { "[^\\p{Cc}]" };
    let one = proptest::string::string_regex(&format!("({letter}){{1,{}}}", letters.min(40))).unwrap();
    one.prop_filter("not blank", |text| !text.trim().is_empty()).boxed()
}

fn date() -> BoxedStrategy<Value> {
    let text = prop_oneof![
        (1900..=2200).prop_map(|year| format!("{year}")),
        (1900..=2200, 1..=12).prop_map(|(year, month)| format!("{year}-{month:02}")),
        (1900..=2200, 1..=12, 1..=28).prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}")),
    ];
    let about = prop_oneof![Just(None), Just(Some(true)), Just(Some(false))];
    let date = (text, about).prop_map(|(text, about)| match about {
        None => json!({ "date": text }),
        Some(about) => json!({ "about": about, "date": text }),
    });
    prop_oneof![1 => Just(json!("not-sure")), 6 => date].boxed()
}

fn reference_code() -> BoxedStrategy<Value> {
    let digits = proptest::collection::vec(0_u8..10, 15);
    let code = digits.prop_map(|mut digits| {
        digits.push(damm::check_digit(&digits).expect("digits"));
        let fours = digits
            .chunks(4)
            .map(|four| four.iter().map(u8::to_string).collect::<String>());
        Value::from(fours.collect::<Vec<_>>().join(" "))
    });
    code.boxed()
}

/// Any answer that the question allows, as it stands in a file.
fn answer(kind: &QuestionKind) -> BoxedStrategy<Value> {
    let ids: Vec<String> = kind.choices().iter().map(|choice| choice.id.clone()).collect();
    let one = |ids: Vec<String>| any::<Index>().prop_map(move |index| index.get(&ids).clone());
    match kind {
        QuestionKind::OneChoice { .. } | QuestionKind::YesNoNotSure { .. } => one(ids).prop_map(Value::from).boxed(),
        QuestionKind::ManyChoices { most, .. } => {
            subsequence(ids, 1..=*most).prop_shuffle().prop_map(Value::from).boxed()
        }
        QuestionKind::LongText { letters, .. } => words(*letters, true).prop_map(Value::from).boxed(),
        QuestionKind::ShortText { letters, .. } => words(*letters, false).prop_map(Value::from).boxed(),
        QuestionKind::Date => date(),
        QuestionKind::TimeOfDay { .. } => {
            let clock = (0..24, 0..60).prop_map(|(hour, minute)| format!("{hour:02}:{minute:02}"));
            prop_oneof![one(ids), clock].prop_map(Value::from).boxed()
        }
        QuestionKind::Place { letters, .. } => (one(ids), proptest::option::of(words(*letters, false)))
            .prop_map(|(place, spot)| match spot {
                None => json!({ "place": place }),
                Some(spot) => json!({ "spot": spot, "place": place }),
            })
            .boxed(),
        QuestionKind::Number { least, most } => (*least..=*most).prop_map(Value::from).boxed(),
        QuestionKind::Phone => "\\+?[0-9][ ().-]{0,8}[0-9]{4,14}".prop_map(Value::from).boxed(),
        QuestionKind::Email => "[a-zé.+]{1,20}@[a-z.]{1,20}".prop_map(Value::from).boxed(),
        QuestionKind::ReferenceCode => reference_code(),
        QuestionKind::Statement => Just(Value::Null).boxed(),
    }
}

/// An answers file with some of the questions answered or declined, in any order, whether they are asked or not.
fn file() -> impl Strategy<Value = (String, Vec<(String, Value)>)> {
    let form = sample();
    let each: Vec<BoxedStrategy<Option<(String, Value)>>> = form
        .questions
        .iter()
        .filter(|question| question.kind != QuestionKind::Statement)
        .map(|question| {
            let id = question.id.clone();
            let given = answer(&question.kind).prop_map(Some);
            let given = match (question.required, question.decline) {
                (true, _) => given.boxed(),
                (_, true) => prop_oneof![4 => given, 1 => Just(Some(Value::Null)), 1 => Just(None)].boxed(),
                (_, false) => prop_oneof![4 => given, 1 => Just(None)].boxed(),
            };
            given
                .prop_map(move |value| value.map(|value| (id.clone(), value)))
                .boxed()
        })
        .collect();
    let answers = each
        .prop_map(|answers| answers.into_iter().flatten().collect::<Vec<_>>())
        .prop_shuffle();
    (prop_oneof!["en", "cy"], answers)
}

fn document(language: &str, answers: &[(String, Value)]) -> String {
    // Written by hand: a map would sort the answers, and their order is what must not matter.
    let entries: Vec<String> = answers
        .iter()
        .map(|(id, value)| format!("{}: {value}", json!(id)))
        .collect();
    format!(
        "{{\"language\": {}, \"answers\": {{ {} }} }}",
        json!(language),
        entries.join(", ")
    )
}

/// Leaves out what is not asked, given the other answers.
fn keep_what_is_asked(form: &FormDefinition, file: &mut AnswersFile, answers: &mut Vec<(String, Value)>) {
    let mut states = vec![Answer::Unanswered; form.questions.len()];
    for (question, given) in &file.answers {
        let mut alone = form.clone();
        alone.questions.iter_mut().for_each(|question| {
            question.relevant = heard::form::Rule::Always;
            question.required = false;
        });
        let one = AnswersFile {
            language: file.language.clone(),
            answers: vec![(*question, given.clone())],
        };
        states[*question] = fill(Arc::new(alone), &one)
            .expect("valid by itself")
            .state(*question)
            .clone();
    }
    relevance::settle(form, &relevance::dependency_order(form), &mut states);
    file.answers
        .retain(|(question, _)| states[*question] != Answer::NotAsked);
    answers.retain(|(id, _)| {
        let index = form.questions.iter().position(|question| question.id == *id);
        states[index.expect("an id of the form")] != Answer::NotAsked
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_comes_out_is_what_went_in((language, mut answers) in file()) {
        let form = sample();
        let all = document(&language, &answers);
        let mut read = AnswersFile::read(all.as_bytes(), &form).expect("readable");
        keep_what_is_asked(&form, &mut read, &mut answers);
        let text = document(&language, &answers);
        prop_assert_eq!(&AnswersFile::read(text.as_bytes(), &form).expect("readable"), &read);
        let entry = fill(Arc::clone(&form), &read).expect("valid");
        let written: Value = serde_json::from_str(&answers_json(&form, entry.filled())).expect("JSON");
        let expected = json!({ "language": language, "answers": Map::from_iter(answers) });
        prop_assert_eq!(written, expected);
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in any::<Index>()) {
        let form = sample();
        let _ = AnswersFile::read(&bytes, &form);
        let whole = br#"{"language":"en","answers":{"day":{"date":"2026-11-21","about":true},"who":["staff"]}}"#;
        prop_assert!(AnswersFile::read(&whole[..cut.index(whole.len())], &form).is_err());
    }
}

/// Reads and fills; the one line of the error.
fn refused(text: &str) -> String {
    let form = sample();
    let filled = AnswersFile::read(text.as_bytes(), &form).and_then(|file| fill(form, &file));
    let error = filled.expect_err(text);
    let line = format!("{error}");
    assert!(!line.contains('\n'), "{line}");
    assert!(!format!("{line} {error:?}").contains("SECRET"), "{line}");
    line
}

fn refused_answer(answer: &str) -> String {
    refused(&format!(
        r#"{{"language":"en","answers":{{"now":"no","reach":"code",{answer}}}}}"#
    ))
}

#[test]
fn a_file_of_another_shape_is_refused_with_its_place() {
    let table = [
        (
            "{\n \"language\": SECRET",
            "the answers file is not JSON at line 2, column 14; correct it there",
        ),
        ("", "the answers file is not JSON at line 1, column 0; correct it there"),
        (
            "{} SECRET",
            "the answers file is not JSON at line 1, column 4; correct it there",
        ),
        (
            r#"["SECRET"]"#,
            "needs {\"language\": …, \"answers\": {…}} and nothing else",
        ),
        (r#"{"language":"en"}"#, "and nothing else"),
        (r#"{"language":"en","answers":{},"SECRET":1}"#, "and nothing else"),
        (r#"{"language":"en","language":"en","answers":{}}"#, "and nothing else"),
        (r#"{"language":"en","answers":{},"answers":{}}"#, "and nothing else"),
        (
            r#"{"language":"SECRET","answers":{}}"#,
            "the form has no such language; use one of: en, cy",
        ),
        (
            r#"{"language":"en","answers":{"SECRET words":1}}"#,
            "has a question id that is not in the form",
        ),
        (
            r#"{"language":"en","answers":{"not-there":1}}"#,
            "question not-there is not in the form",
        ),
        (
            r#"{"language":"en","answers":{}}"#,
            "question now is required; answer it",
        ),
        (
            r#"{"language":"en","answers":{"now":"no","reach":"ring"}}"#,
            "question ring-number is required",
        ),
    ];
    for (text, expected) in table {
        let line = refused(text);
        assert!(line.contains(expected), "{line}\n{expected}");
    }
    assert!(refused(&"[".repeat(100_000)).contains("not JSON at line 1, column 1"));
    assert!(refused(&" ".repeat(16_777_217)).contains("larger than 16777216 bytes"));
}

#[test]
fn a_wrong_answer_is_refused_by_its_question() {
    let table = [
        (
            r#""why":"SECRET""#,
            "question why: choose one of the choices in the form",
        ),
        (r#""why":true"#, "question why: give \"yes\", \"no\" or \"not-sure\""),
        (r#""who":["staff","staff"]"#, "question who: name each choice once"),
        (r#""who":["staff",1]"#, "question who: give a list of choice ids"),
        (r#""who":[]"#, "question who: choose at least one"),
        (r#""why":"yes","why":"yes""#, "question why is answered twice"),
        (
            r#""story":"SECRET\u0007""#,
            "question story: take out control characters",
        ),
        (r#""story":"  ""#, "question story: write some words"),
        (r#""times":1.5"#, "question times: give a whole number"),
        (r#""times":99999999999999999999"#, "question times: give a whole number"),
        (r#""times":9999999999"#, "question times: give a number from -2 to 500"),
        (r#""times":"3""#, "question times: give a whole number"),
        (r#""day":"2026-11-21""#, "question day: give {\"date\""),
        (r#""day":{"about":true}"#, "question day: give {\"date\""),
        (r#""day":{"date":"2026","date":"2026"}"#, "question day: give {\"date\""),
        (r#""day":{"date":"2026","SECRET":1}"#, "question day: give {\"date\""),
        (r#""day":{"date":"2026-2-29"}"#, "question day: give a day that exists"),
        (r#""day":{"date":"2026-02-29"}"#, "question day: give a day that exists"),
        (
            r#""day":{"date":"2026-01-01-01"}"#,
            "question day: give a day that exists",
        ),
        (r#""day":{"date":"+202"}"#, "question day: give a day that exists"),
        (
            r#""day":"not-sure","hour":"7:30""#,
            "question hour: give a time from 00:00 to 23:59",
        ),
        (
            r#""day":"not-sure","hour":"24:00""#,
            "question hour: give a time from 00:00 to 23:59",
        ),
        (
            r#""day":"not-sure","hour":"SECRET""#,
            "question hour: choose one of the choices",
        ),
        (r#""hour":"07:30""#, "question hour: this is not asked"),
        (r#""hour":null"#, "question hour: this is not asked"),
        (
            r#""where":{"place":"SECRET"}"#,
            "question where: choose one of the choices",
        ),
        (
            r#""where":{"place":"stairs","spot":null}"#,
            "question where: give {\"place\"",
        ),
        (r#""where":{"spot":"SECRET"}"#, "question where: give {\"place\""),
        (r#""welcome":"SECRET""#, "question welcome: this only says something"),
        (r#""welcome":null"#, "question welcome: this one is needed"),
        (
            r#""earlier":"0000 0000 0000 0001""#,
            "question earlier: one digit of the reference code is wrong",
        ),
        (
            r#""ring-number":"01614960000""#,
            "question ring-number: this is not asked",
        ),
    ];
    for (answer, expected) in table {
        let line = refused_answer(answer);
        assert!(line.contains(expected), "{line}\n{expected}");
    }
}

#[test]
fn an_answer_may_stand_before_the_one_it_depends_on() {
    let form = sample();
    let text = r#"{"answers":{"hour":"07:30","day":"not-sure","ring-number":"01614960000","reach":"ring","now":"no"},"language":"cy"}"#;
    let file = AnswersFile::read(text.as_bytes(), &form).expect("readable");
    let entry = fill(Arc::clone(&form), &file).expect("valid");
    let expected = r#"{"language":"cy","answers":{"now":"no","reach":"ring","ring-number":"01614960000","day":"not-sure","hour":"07:30"}}"#;
    assert_eq!(answers_json(&form, entry.filled()), expected);
}
