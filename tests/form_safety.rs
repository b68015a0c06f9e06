//! What a form sets in motion keeps the reporter safe, whatever was answered and in whichever order.
//!
//! Pure: forms, entries and the folds of the report, no screen and no link.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/made_up.rs"]
#[allow(dead_code, reason = "shared; no answers file is written here")]
mod made_up;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use heard::form::{
    Answer, Filled, Flag, FormDefinition, FormEntry, Given, Lane, Meaning, Permission, Question, QuestionKind, Step,
    TimeValue, YesNo,
};
use heard::limits::{EXCLUSION_BYTES, EXCLUSION_TEXT_BYTES, EXCLUSIONS_MOST};
use heard::report::{Routing, route};
use made_up::{Random, made_up};
use proptest::prelude::*;

fn report_form() -> Arc<FormDefinition> {
    Arc::new(FormDefinition::parse("report.toml", include_bytes!("../assets/forms/report.toml")).unwrap())
}

fn at(form: &FormDefinition, id: &str) -> usize {
    form.questions.iter().position(|question| question.id == id).unwrap()
}

fn routed(entry: &FormEntry) -> Routing {
    route(entry.form(), entry.filled())
}

/// What the slip says of somebody who wrote `text`; none when the form does not take it.
fn kept_out(form: &Arc<FormDefinition>, text: &str) -> Option<Vec<String>> {
    let mut entry = FormEntry::new(Arc::clone(form), "en");
    let asked = at(form, "who-must-not-see");
    entry.answer(asked, &Given::Text(text.into())).ok()?;
    Some(routed(&entry).exclusions.clone())
}

/// Words of one to four bytes a letter, from the shortest to longer than one entry of the slip.
fn names() -> impl Strategy<Value = String> {
    let letter = prop::sample::select(vec!['a', 'é', 'ক', '𐎀']);
    let length = prop_oneof![6 => 1_usize..12, 2 => 20_usize..80, 1 => 80_usize..240];
    let word = (letter, length).prop_map(|(letter, length)| letter.to_string().repeat(length));
    let gap = prop::sample::select(vec![" ", " ", "  ", "\n", "\u{a0}"]);
    prop::collection::vec((word, gap), 1..40).prop_map(|pieces| {
        let mut text = String::new();
        for (word, gap) in pieces {
            let room = EXCLUSION_TEXT_BYTES - text.len();
            let fits = word.char_indices().map(|(at, letter)| at + letter.len_utf8());
            let end = fits.take_while(|end| *end <= room).last().unwrap_or(0);
            text.push_str(&word[..end]);
            let gap = match gap {
                "\n" if text.matches('\n').count() + 1 < EXCLUSIONS_MOST => "\n",
                "\n" => " ",
                _ => gap,
            };
            text.push_str(if text.len() + gap.len() <= EXCLUSION_TEXT_BYTES {
                gap
            } else {
                ""
            });
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// SAFETY 26: the intake keeps out whoever shares a word with an entry, so no word may be cut, glued or lost.
    #[test]
    fn every_word_of_who_must_not_see_is_in_the_slip(text in names()) {
        let form = report_form();
        let Some(entries) = kept_out(&form, &text) else {
            // More letters than the form takes; the screen stops there.
            prop_assert!(text.chars().count() > 240, "{text:?}");
            return Ok(());
        };
        prop_assert!(entries.len() <= EXCLUSIONS_MOST, "{} entries", entries.len());
        prop_assert!(entries.iter().all(|entry| entry.len() <= EXCLUSION_BYTES));
        let travels: Vec<&str> = entries.iter().flat_map(|entry| entry.split_whitespace()).collect();
        for word in text.split_whitespace().filter(|word| word.len() <= EXCLUSION_BYTES) {
            prop_assert!(travels.contains(&word), "{word} of {text:?} in {entries:?}");
        }
        let said: String = text.split_whitespace().collect();
        prop_assert_eq!(travels.concat(), said, "all of it, in its order");
    }
}

#[test]
fn a_person_a_line_stays_a_person_an_entry() {
    let form = report_form();
    let long = format!(
        "{} Ann Marsh",
        "the one with the very long description ".repeat(4).trim()
    );
    let spilt = kept_out(&form, &format!("{long}\nBen Okri")).unwrap();
    assert_eq!(spilt.len(), 3);
    assert_eq!(
        spilt[2], "Ben Okri",
        "a name keeps an entry of its own while there is one"
    );
    assert_eq!(format!("{} {}", spilt[0], spilt[1]), long);
    assert_eq!(kept_out(&form, " Ann \n\nBen  Okri").unwrap(), ["Ann", "Ben  Okri"]);
    // Four pieces and three entries: two names share one, as words apart.
    let shared = kept_out(&form, &format!("{long}\nBen Okri\nEve Stone")).unwrap();
    assert_eq!(shared[1..], ["Marsh\nBen Okri\nEve Stone"]);
}

/// Codes of questions that are gone. Old reports still hold them.
const RETIRED: [u16; 1] = [212];

#[test]
fn a_code_that_is_gone_is_never_used_again() {
    let form = report_form();
    let again = form.questions.iter().find(|question| RETIRED.contains(&question.code));
    assert_eq!(again.map(|question| &question.id), None);
}

/// Everything that one press can make of the answer to a question; none takes it back.
fn changes(question: &Question) -> Vec<Option<Given>> {
    let codes: Vec<u16> = question.kind.choices().iter().map(|choice| choice.code).collect();
    let given = |code: &u16| match question.kind {
        QuestionKind::OneChoice { .. } => Some(Given::Choice(*code)),
        QuestionKind::ManyChoices { .. } => Some(Given::Choices([*code].into_iter().collect())),
        QuestionKind::YesNoNotSure { .. } => {
            let answer = YesNo::ALL.into_iter().find(|answer| answer.code() == *code);
            Some(Given::YesNo(answer?))
        }
        QuestionKind::TimeOfDay { .. } => Some(Given::Time(TimeValue::Part(*code))),
        QuestionKind::Place { .. } => Some(Given::Place {
            place: *code,
            spot: None,
        }),
        _ => None,
    };
    codes.iter().map(given).chain([None]).collect()
}

/// What would be set in motion if `changed` had dropped nothing.
fn with_nothing_dropped(before: &FormEntry, changed: &FormEntry, question: usize) -> Routing {
    let mut answers = before.filled().answers.clone();
    answers[question] = changed.filled().answers[question].clone();
    let kept = Filled {
        answers,
        ..before.filled().clone()
    };
    route(before.form(), &kept)
}

/// Made-up reports that are changed at every answer.
const SEEDS: u64 = 60;

/// SAFETY 17, 18 and 26: answering another question never takes back what somebody said to be safe from.
#[test]
fn no_answer_that_is_dropped_allows_something_or_gives_the_report_to_others() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/forms");
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let form = Arc::new(FormDefinition::parse("form.toml", &bytes).unwrap());
        let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (later, question) in form.questions.iter().enumerate() {
            pairs.extend(
                question
                    .relevant
                    .questions()
                    .into_iter()
                    .map(|earlier| (earlier, later)),
            );
        }
        let earlier: BTreeSet<usize> = pairs.iter().map(|(earlier, _)| *earlier).collect();
        for seed in 0..SEEDS {
            let before = made_up(&form, &mut Random::new(seed));
            for &index in &earlier {
                let question = &form.questions[index];
                for change in changes(question) {
                    let mut changed = before.clone();
                    let dropped = match &change {
                        Some(given) => changed.answer(index, given).unwrap_or_default(),
                        None => changed.clear(index),
                    };
                    if dropped.is_empty() {
                        continue;
                    }
                    pairs.retain(|(earlier, later)| *earlier != index || !dropped.contains(later));
                    let (kept, now) = (with_nothing_dropped(&before, &changed, index), routed(&changed));
                    let lost: Vec<&str> = dropped.iter().map(|at| form.questions[*at].id.as_str()).collect();
                    let told = format!("seed {seed}, {} to {change:?} drops {lost:?}", question.id);
                    let more = now
                        .permissions
                        .iter()
                        .find(|allowed| !kept.permissions.contains(allowed));
                    assert_eq!(more, None, "{told}");
                    assert!(now.lane >= kept.lane, "{told}");
                    assert_eq!(now.exclusions, kept.exclusions, "{told}");
                }
            }
        }
        let ids = |(earlier, later): &(usize, usize)| (&form.questions[*earlier].id, &form.questions[*later].id);
        assert_eq!(pairs.iter().map(ids).collect::<Vec<_>>(), [], "tried as well");
    }
}

fn choices(form: &FormDefinition, question: &str, ids: &[&str]) -> Given {
    let all = form.questions[at(form, question)].kind.choices();
    let code = |id: &&str| all.iter().find(|choice| choice.id == *id).unwrap().code;
    Given::Choices(ids.iter().map(code).collect())
}

fn choice(form: &FormDefinition, question: &str, id: &str) -> Given {
    let all = form.questions[at(form, question)].kind.choices();
    Given::Choice(all.iter().find(|choice| choice.id == id).unwrap().code)
}

const PROTECTIVE: [&str; 5] = [
    "not-safe",
    "safe-ways",
    "speak-to-them",
    "who-must-not-see",
    "safe-word",
];

/// Somebody who told what is safe while alone, and then says that a friend is helping.
#[test]
fn what_was_said_alone_outlives_a_helper_and_a_helper_is_asked_nothing_of_it() {
    let form = report_form();
    let mut entry = FormEntry::new(Arc::clone(&form), "en");
    let mut answer = |question: &str, given: Given| entry.answer(at(&form, question), &given).unwrap();
    answer("reach-you", choices(&form, "reach-you", &["ring", "text"]));
    answer("who-did-it", choices(&form, "who-did-it", &["partner-or-family"]));
    answer("safe-ways", choices(&form, "safe-ways", &["text", "visit"]));
    answer("not-safe", choices(&form, "not-safe", &["visit"]));
    answer("speak-to-them", choice(&form, "speak-to-them", "no"));
    answer("who-must-not-see", Given::Text("Ann Marsh".into()));
    answer("safe-word", Given::Text("lighthouse".into()));
    answer("home-visit", Given::YesNo(YesNo::Yes));
    assert_eq!(routed(&entry).permissions, [Permission::Text]);

    let helped = entry.answer(
        at(&form, "who-is-typing"),
        &choice(&form, "who-is-typing", "friend-or-relative"),
    );
    assert_eq!(helped, Ok(Vec::new()), "nothing is dropped");
    let routing = routed(&entry);
    assert_eq!(
        (routing.lane, &routing.exclusions[..]),
        (Lane::Conduct, &["Ann Marsh".into()][..])
    );
    assert_eq!(routing.flags, [Flag::SpeakAlone, Flag::Close]);
    assert_eq!(
        routing.permissions,
        [],
        "whoever helps may have ticked that a way is safe"
    );
    let mut asked = entry.core_path();
    (1..form.sections.len()).for_each(|section| asked.extend(entry.section_path(section)));
    for question in PROTECTIVE {
        assert!(
            matches!(entry.state(at(&form, question)), Answer::Given(_)),
            "{question}"
        );
        assert!(!asked.contains(&at(&form, question)), "{question}");
    }

    // Nor does a correction of another answer drop any of it.
    entry
        .answer(at(&form, "who-did-it"), &choices(&form, "who-did-it", &["neighbour"]))
        .unwrap();
    entry.clear(at(&form, "reach-you"));
    for question in PROTECTIVE {
        assert!(
            matches!(entry.state(at(&form, question)), Answer::Given(_)),
            "{question}"
        );
    }
    assert_eq!(routed(&entry).permissions, []);
    assert_eq!(entry.next(at(&form, "trusted-person")), Step::Hub);
}

/// SAFETY 17 and 18: two ticks that contradict each other forbid.
#[test]
fn nobody_contacts_whoever_ticked_that_nobody_may() {
    let form = report_form();
    let ways = ["ring", "text", "email", "letter", "meet", "trusted"];
    let open = [
        ("voicemail", Given::YesNo(YesNo::Yes)),
        ("home-visit", Given::YesNo(YesNo::Yes)),
    ];
    let permissions = |reach: &[&str], more: &[(&str, Given)]| {
        let mut entry = FormEntry::new(Arc::clone(&form), "en");
        entry
            .answer(at(&form, "reach-you"), &choices(&form, "reach-you", reach))
            .unwrap();
        for (question, given) in open.iter().chain(more) {
            entry.answer(at(&form, question), given).unwrap();
        }
        routed(&entry).permissions.clone()
    };
    assert_eq!(permissions(&ways, &[]).len(), 8, "all ways of contact");
    let close = ("who-did-it", choices(&form, "who-did-it", &["partner-or-family"]));
    let safe = |ids: &[&str]| ("safe-ways", choices(&form, "safe-ways", ids));
    let every = [&ways[..], &["voicemail", "visit"]].concat();
    assert_eq!(permissions(&ways, &[close.clone(), safe(&every)]).len(), 8);

    let here_only = [&ways[..], &["code-only"]].concat();
    assert_eq!(permissions(&here_only, &[]), []);
    let none = safe(&[&every[..], &["none"]].concat());
    assert_eq!(permissions(&ways, &[close, none.clone()]), []);
    assert_eq!(
        permissions(&ways, &[none]),
        [],
        "also when the answer to who did it is changed"
    );
}

/// SAFETY 14 and 15: who asks about danger or self-harm says who helps, in the words that are there without a link.
#[test]
fn questions_about_danger_and_self_harm_say_who_helps_now() {
    let form = report_form();
    let numbers = ["999", "116 123", "NHS 111", "SHOUT to 85258", "0800 1111"];
    let mut asked = 0;
    for question in &form.questions {
        let means = |flag| {
            question
                .kind
                .choices()
                .iter()
                .any(|choice| choice.means.contains(&Meaning::Flag(flag)))
        };
        if !means(Flag::Danger) && !means(Flag::SelfHarm) {
            continue;
        }
        asked += 1;
        let help = question.help.get("en");
        for words in [&["Nobody is reading this screen now."][..], &numbers].concat() {
            assert!(help.contains(words), "{}: {words}", question.id);
        }
    }
    assert_eq!(asked, 2);
    let file = include_str!("../assets/forms/report.toml").to_lowercase();
    assert!(
        !file.contains("show you"),
        "no page is promised that the form cannot know of"
    );
}

/// Names of languages in their own writing only in scripts whose letters are shipped.
#[test]
fn no_words_need_letters_that_may_not_be_there() {
    let shipped = |letter: char| matches!(letter, '\n' | ' '..='~' | '\u{a0}'..='\u{24f}' | '\u{600}'..='\u{6ff}' | '\u{980}'..='\u{9ff}' | '\u{1e00}'..='\u{1eff}');
    let lines = include_str!("../assets/forms/report.toml").lines();
    let words = lines.filter(|line| !line.starts_with('#')).flat_map(str::chars);
    let strange: String = words.filter(|letter| !shipped(*letter)).collect();
    assert_eq!(strange, "");
}
