//! Any valid answers file comes out at the desk as it went in: told at the kiosk by the same presses, sealed, kept,
//! delivered, opened. Files are made up at random from the form itself; `HEARD_CASES=n` asks for more of them.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/made_up.rs"]
mod made_up;
#[path = "support/story.rs"]
mod story;

use std::collections::BTreeMap;
use std::sync::Arc;

use heard::demo::World;
use heard::desk;
use heard::form::{FormDefinition, FormEntry, Given, QuestionKind};
use heard::kiosk::{self, Config};
use heard::limits::{STORY_BYTES, TEXT_POOL_BYTES};
use made_up::{Random, answers_file, full_bengali, made_up};
use serde_json::Value;
use story::{open_all, send, submit, world};

/// Cases of an ordinary run.
const CASES: u64 = 25;

fn form() -> Arc<FormDefinition> {
    let files = desk::builtin_files();
    let file = files.iter().find(|file| file.path == kiosk::REPORT_FORM).unwrap();
    Arc::new(FormDefinition::parse(&file.path, &file.bytes).unwrap())
}

/// Files, delivers and opens all of them; gives by number what was opened.
fn all_the_way(world: &World, config: &Config, files: &[String]) -> Vec<Value> {
    let mut numbers = BTreeMap::new();
    for (number, file) in files.iter().enumerate() {
        numbers.insert(submit(config, file).envelope.to_string(), number);
    }
    assert_eq!(send(world, config).delivered, files.len());
    let mut opened: Vec<Option<Value>> = vec![None; files.len()];
    for (who, team) in [(&world.sam, &world.hate_team), (&world.ines, &world.conduct_team)] {
        let client = world.desk(who).unwrap();
        for case in open_all(world, who, team) {
            let handed = client.hand_over(case.case).unwrap();
            assert_eq!(handed.parts.len(), 1, "one report, one case");
            let number = numbers[&handed.parts[0].envelope];
            let json = serde_json::from_str(&desk::case_json(&case)).unwrap();
            assert!(opened[number].replace(json).is_none(), "opened by one team");
        }
    }
    opened.into_iter().map(Option::unwrap).collect()
}

#[test]
fn whatever_was_answered_is_opened_at_the_desk() {
    let cases = std::env::var("HEARD_CASES").map_or(CASES, |cases| cases.parse().unwrap());
    let form = form();
    let world = world();
    let config = world.enrol_kiosk("kiosk").unwrap();
    let mut kinds: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut files = Vec::new();
    for seed in 0..cases {
        let entry = made_up(&form, &mut Random::new(seed));
        count_kinds(&entry, &mut kinds);
        files.push(answers_file(&entry, &mut Random::new(seed)));
    }
    if cases >= CASES {
        assert!(kinds.len() >= 10, "every kind that the form has occurs: {kinds:?}");
    }
    for (seed, opened) in all_the_way(&world, &config, &files).into_iter().enumerate() {
        let file: Value = serde_json::from_str(&files[seed]).unwrap();
        assert_eq!(opened, file, "seed {seed}");
    }
}

fn count_kinds(entry: &FormEntry, kinds: &mut BTreeMap<&'static str, usize>) {
    for (index, question) in entry.form().questions.iter().enumerate() {
        let name = match (&question.kind, entry.given(index)) {
            (_, None) => continue,
            (_, Some(Given::Place { spot: Some(_), .. })) => "place with a spot",
            (QuestionKind::Phone, _) => "phone",
            (QuestionKind::Email, _) => "email",
            (QuestionKind::ReferenceCode, _) => "code",
            (QuestionKind::LongText { .. }, _) => "long text",
            (_, Some(Given::Text(_))) => "text",
            (_, Some(Given::Choice(_))) => "choice",
            (_, Some(Given::Choices(_))) => "choices",
            (_, Some(Given::YesNo(_))) => "yes-no",
            (_, Some(Given::Number(_))) => "number",
            (_, Some(Given::Date(_))) => "date",
            (_, Some(Given::Time(_))) => "time",
            (_, Some(Given::Place { .. })) => "place",
        };
        *kinds.entry(name).or_default() += 1;
    }
}

#[test]
fn filled_to_every_limit_in_bengali_it_still_fits() {
    let form = form();
    let world = world();
    let config = world.enrol_kiosk("kiosk").unwrap();
    let entry = full_bengali(&form);
    let story = form
        .questions
        .iter()
        .position(|question| question.id == "what-happened")
        .unwrap();
    let Some(Given::Text(ref words)) = entry.given(story) else {
        panic!("the story is told");
    };
    assert!(words.len() > STORY_BYTES - 3 && words.len() <= STORY_BYTES);
    let mut full = 0;
    for (index, question) in form.questions.iter().enumerate() {
        match entry.given(index) {
            Some(Given::Text(_) | Given::Place { .. })
                if !matches!(
                    question.kind,
                    QuestionKind::Phone | QuestionKind::Email | QuestionKind::ReferenceCode
                ) =>
            {
                let room = entry.room(index);
                assert!(
                    room.letters == 0 || room.bytes < 3,
                    "{}: no Bengali letter more",
                    question.id
                );
                full += 1;
            }
            _ => {}
        }
    }
    let pool = entry.filled().words.as_str().len();
    assert!(full > 8 && pool > TEXT_POOL_BYTES - 512, "{full} texts, {pool} bytes");
    let file = answers_file(&entry, &mut Random::new(1));
    let opened = all_the_way(&world, &config, std::slice::from_ref(&file));
    assert_eq!(opened[0], serde_json::from_str::<Value>(&file).unwrap());
}
