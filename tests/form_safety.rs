//! What a form sets in motion keeps the reporter safe, whatever was answered and in whichever order.
//!
//! Pure: forms, entries and the folds of the report, no screen and no link.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use heard::form::{FormDefinition, FormEntry, Given};
use heard::limits::{EXCLUSION_BYTES, EXCLUSION_TEXT_BYTES, EXCLUSIONS_MOST};
use heard::report::{Routing, route};
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
