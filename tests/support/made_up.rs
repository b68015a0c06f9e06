//! Made-up answers: random but valid, from the form itself, and one that fills a report to its limits.
//!
//! The entry decides what is valid. What was answered is written down as a file by this module and by nothing of Heard's
//! own, so that reader and writer of the program are held against something else than each other.

use std::sync::Arc;

use heard::form::damm;
use heard::form::{
    Answer, Approximate, DateValue, FormDefinition, FormEntry, Given, Question, QuestionKind, TimeValue, YesNo,
};
use heard::limits::{CHOICES_MOST, EMAIL_BYTES};
use serde_json::{Value, json};

/// Rounds over the form; one answer may open the next.
const ROUNDS: usize = 4;

/// Pieces from which texts are made: several alphabets and directions, joined and combined letters, what JSON escapes.
const PIECES: [&str; 16] = [
    "so",
    " ",
    " ",
    "\"quoted\"",
    "back\\slash",
    "Ünïcode",
    "বাংলা",
    "ক্ষ",
    "اردو",
    "ہے۔",
    "ਪੰਜਾਬੀ",
    "👩🏽‍🦽",
    "🏳️‍🌈",
    "e\u{301}",
    "\u{feff}",
    "</b>&amp;",
];

/// SplitMix64: small, the same everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(7))
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % u64::try_from(bound).unwrap()).unwrap()
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }

    fn small(&mut self, least: u8, most: u8) -> u8 {
        least + u8::try_from(self.below(usize::from(most - least) + 1)).unwrap()
    }
}

/// An entry filled at random, with nothing required left open.
pub(crate) fn made_up(form: &Arc<FormDefinition>, random: &mut Random) -> FormEntry {
    let languages = &form.languages;
    let mut entry = FormEntry::new(Arc::clone(form), &languages[random.below(languages.len())]);
    // Some reports are short and some answer everything that is asked.
    let keen = 1 + random.below(4);
    for _ in 0..ROUNDS {
        let mut order: Vec<usize> = (0..form.questions.len()).collect();
        random.shuffle(&mut order);
        for index in order {
            if *entry.state(index) == Answer::NotAsked || random.below(keen) > 0 {
                continue;
            }
            answer(&mut entry, index, random);
        }
    }
    while let Some(index) = entry.missing() {
        answer(&mut entry, index, random);
    }
    entry
}

/// What is refused (no room left, for example) leaves the entry as it was.
fn answer(entry: &mut FormEntry, index: usize, random: &mut Random) {
    let question = entry.form().questions[index].clone();
    if question.decline && random.one_in(7) {
        entry.decline(index).unwrap();
        return;
    }
    if let Some(given) = given(&question, random) {
        let _ = entry.answer(index, &given);
    }
}

fn given(question: &Question, random: &mut Random) -> Option<Given> {
    let choices = question.kind.choices();
    let one = |random: &mut Random| choices[random.below(choices.len())].code;
    Some(match &question.kind {
        QuestionKind::Statement => return None,
        QuestionKind::OneChoice { .. } => Given::Choice(one(random)),
        QuestionKind::ManyChoices { most, .. } => {
            let mut codes: Vec<u16> = choices.iter().map(|choice| choice.code).collect();
            random.shuffle(&mut codes);
            codes.truncate(1 + random.below(codes.len().min(*most).min(CHOICES_MOST)));
            Given::Choices(codes.into_iter().collect())
        }
        QuestionKind::YesNoNotSure { .. } => Given::YesNo(YesNo::ALL[random.below(3)]),
        QuestionKind::LongText { letters, bytes } => Given::Text(words(*letters, *bytes, usize::MAX, random)),
        QuestionKind::ShortText { letters, bytes, lines } => Given::Text(words(*letters, *bytes, *lines, random)),
        QuestionKind::Place { letters, bytes, .. } => Given::Place {
            place: one(random),
            spot: random.one_in(2).then(|| words(*letters, *bytes, 1, random)),
        },
        QuestionKind::Date => Given::Date(date(random)),
        QuestionKind::TimeOfDay { .. } if !choices.is_empty() && random.one_in(2) => {
            Given::Time(TimeValue::Part(one(random)))
        }
        QuestionKind::TimeOfDay { .. } => Given::Time(TimeValue::Clock(random.small(0, 23), random.small(0, 59))),
        QuestionKind::Number { least, most } => {
            let span = usize::try_from(i64::from(*most) - i64::from(*least)).unwrap();
            let above = [0, span, random.below(span + 1)][random.below(3)];
            Given::Number(i64::from(*least) + i64::try_from(above).unwrap())
        }
        QuestionKind::Phone => Given::Text(["07700 900 158", "+44 (0)161-496.0000", "99999"][random.below(3)].into()),
        QuestionKind::Email if random.one_in(2) => Given::Text(format!("ক@{}", "x".repeat(EMAIL_BYTES - 4))),
        QuestionKind::Email => Given::Text("a+b@example.org".into()),
        QuestionKind::ReferenceCode => Given::Text(code(random)),
    })
}

fn date(random: &mut Random) -> DateValue {
    let about = [Approximate::Unsaid, Approximate::About, Approximate::Exact][random.below(3)];
    let year = [1900, 1999, 2024, 2026, 2200][random.below(5)];
    match random.below(4) {
        0 => DateValue::NotSure,
        1 => DateValue::Year(year, about),
        2 => DateValue::Month(year, random.small(1, 12), about),
        _ => DateValue::Day(year, random.small(1, 12), random.small(1, 28), about),
    }
}

fn code(random: &mut Random) -> String {
    let mut digits: Vec<u8> = (0..15).map(|_| random.small(0, 9)).collect();
    digits.push(damm::check_digit(&digits).unwrap());
    let groups = digits
        .chunks(4)
        .map(|four| four.iter().map(u8::to_string).collect::<String>());
    groups.collect::<Vec<_>>().join(["", " ", "-"][random.below(3)])
}

/// Words within bounds, now and then right at them.
fn words(letters: usize, bytes: usize, lines: usize, random: &mut Random) -> String {
    let wanted = if random.one_in(4) {
        letters
    } else {
        1 + random.below(letters.min(300))
    };
    // Never blank: something that is no white space comes first or last.
    let mut text = String::from(if random.one_in(5) { "\u{a0}x" } else { "x" });
    while text.chars().count() < wanted {
        let more = text.split('\n').count() < lines && random.one_in(12);
        let piece = if more { "\n" } else { PIECES[random.below(PIECES.len())] };
        if text.chars().count() + piece.chars().count() > wanted || text.len() + piece.len() > bytes {
            break;
        }
        text.push_str(piece);
    }
    text
}

/// Every text as long as there is room for it, every list as long as it may be.
pub(crate) fn full_bengali(form: &Arc<FormDefinition>) -> FormEntry {
    let mut entry = FormEntry::new(Arc::clone(form), "bn");
    let mut random = Random::new(3);
    for _ in 0..ROUNDS {
        // Lists and choices first: they open what can be written into. Then the story, which is the longest.
        for index in 0..form.questions.len() {
            let choices = form.questions[index].kind.choices();
            if let QuestionKind::ManyChoices { most, .. } = &form.questions[index].kind {
                let codes = choices.iter().rev().map(|choice| choice.code).take(*most);
                let _ = entry.answer(index, &Given::Choices(codes.collect()));
            }
        }
        for long in [true, false] {
            for index in 0..form.questions.len() {
                fill_with_letters(&mut entry, index, long);
            }
        }
        answer_the_rest(&mut entry, &mut random);
    }
    entry
}

/// Answers what is open and asked, unless that closes something that is answered.
fn answer_the_rest(entry: &mut FormEntry, random: &mut Random) {
    for index in 0..entry.form().questions.len() {
        if *entry.state(index) != Answer::Unanswered {
            continue;
        }
        let question = entry.form().questions[index].clone();
        let mut tried = entry.clone();
        if let Some(given) = given(&question, random)
            && tried.answer(index, &given).is_ok_and(|dropped| dropped.is_empty())
        {
            *entry = tried;
        }
    }
}

fn fill_with_letters(entry: &mut FormEntry, index: usize, long: bool) {
    let kind = entry.form().questions[index].kind.clone();
    if matches!(kind, QuestionKind::LongText { .. }) != long || *entry.state(index) == Answer::NotAsked {
        return;
    }
    let room = entry.room_with(index, "");
    let text = "ক".repeat(room.letters.min(room.bytes / "ক".len()));
    let given = match &kind {
        QuestionKind::LongText { .. } | QuestionKind::ShortText { .. } => Given::Text(text),
        QuestionKind::Place { choices, .. } => Given::Place {
            place: choices[0].code,
            spot: Some(text),
        },
        _ => return,
    };
    let _ = entry.answer(index, &given);
}

/// The answers as a file, questions in any order.
pub(crate) fn answers_file(entry: &FormEntry, random: &mut Random) -> String {
    let mut lines = Vec::new();
    for (index, question) in entry.form().questions.iter().enumerate() {
        let value = match (entry.given(index), entry.state(index)) {
            (Some(given), _) => value(question, &given),
            (None, Answer::Declined) => Value::Null,
            (None, _) => continue,
        };
        lines.push(format!("{}: {value}", json!(question.id)));
    }
    random.shuffle(&mut lines);
    let language = json!(entry.language());
    format!(
        "{{\"answers\": {{\n{}\n}}, \"language\": {language}}}",
        lines.join(",\n")
    )
}

fn value(question: &Question, given: &Given) -> Value {
    let id = |code: &u16| {
        let choices = question.kind.choices();
        choices.iter().find(|choice| choice.code == *code).unwrap().id.clone()
    };
    match given {
        Given::Choice(code) => json!(id(code)),
        Given::Choices(codes) => json!(codes.iter().map(id).collect::<Vec<_>>()),
        Given::YesNo(YesNo::Yes) => json!("yes"),
        Given::YesNo(YesNo::No) => json!("no"),
        Given::YesNo(YesNo::NotSure) => json!("not-sure"),
        Given::Text(words) => json!(words),
        Given::Number(number) => json!(number),
        Given::Date(DateValue::NotSure) => json!("not-sure"),
        Given::Date(DateValue::Year(year, about)) => dated(format!("{year}"), *about),
        Given::Date(DateValue::Month(year, month, about)) => dated(format!("{year}-{month:02}"), *about),
        Given::Date(DateValue::Day(year, month, day, about)) => dated(format!("{year}-{month:02}-{day:02}"), *about),
        Given::Time(TimeValue::Clock(hour, minute)) => json!(format!("{hour:02}:{minute:02}")),
        Given::Time(TimeValue::Part(code)) => json!(id(code)),
        Given::Place { place, spot: None } => json!({"place": id(place)}),
        Given::Place {
            place,
            spot: Some(spot),
        } => json!({"place": id(place), "spot": spot}),
    }
}

fn dated(date: String, about: Approximate) -> Value {
    match about {
        Approximate::Unsaid => json!({"date": date}),
        Approximate::About => json!({"date": date, "about": true}),
        Approximate::Exact => json!({"date": date, "about": false}),
    }
}
