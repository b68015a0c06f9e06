//! Checks one question of a form definition file: its kind, bounds, choices and words.
//!
//! Called by `check`. Rules and ways need the other questions and are filled in by `check_rule`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::answer::YesNo;
use super::check::{Checker, Problems, check_id, unique};
use super::definition::{Choice, Question, QuestionKind, Rule, Words};
use super::meaning::Meaning;
use super::raw::{RawChoice, RawForm, RawQuestion};
use crate::limits::{AFTER_STORY_BYTES, CHOICES_MOST, EXCLUSIONS_MOST, STORY_BYTES, STORY_LETTERS};

/// Labels of the implied choices where a form sets none.
const YES_NO_LABELS: [&str; 3] = ["Yes", "No", "Not sure"];
/// The language of those labels.
const YES_NO_LANGUAGE: &str = "en";

/// Every kind, with the bounds that belong to it.
const KINDS: [(&str, &[&str]); 13] = [
    ("one-choice", &["choice"]),
    ("many-choices", &["choice", "most"]),
    ("yes-no-not-sure", &["choice"]),
    ("long-text", &["letters", "bytes"]),
    ("short-text", &["letters", "bytes", "lines"]),
    ("date", &[]),
    ("time-of-day", &["choice"]),
    ("place", &["choice", "letters", "bytes"]),
    ("number", &["least", "most"]),
    ("phone", &[]),
    ("email", &[]),
    ("reference-code", &[]),
    ("statement", &[]),
];

/// Builds the question without its rules and ways; reports what is wrong with it.
pub(super) fn build(raw: &RawQuestion, form: &RawForm, problems: &mut Problems) -> Question {
    let place = format!("question {}", raw.id);
    let at = At {
        raw,
        form,
        place: &place,
    };
    check_id(&raw.id, &place, problems);
    if raw.code == 0 {
        problems.add(&place, "code must be at least 1");
    }
    let section = form.section.iter().position(|section| section.id == raw.section);
    if section.is_none() {
        problems.add(&place, format!("section {} does not exist", raw.section));
    }
    at.belongings(problems);
    let kind = at.kind(problems);
    let decline = at.decline(section, problems);
    at.exclusion(&kind, problems);
    let checker = Checker::new(form, &place);
    Question {
        id: raw.id.clone(),
        code: raw.code,
        section: section.unwrap_or(0),
        kind,
        required: raw.required,
        decline,
        relevant: Rule::Always,
        on_path: Rule::Always,
        in_core: Rule::Never,
        ask: checker.words(&raw.ask, "ask", true, problems),
        hint: checker.words(&raw.hint, "hint", false, problems),
        help: checker.words(&raw.help, "help", false, problems),
        ways: Vec::new(),
        given_means: meanings(&raw.given_means, &place, "given-means", problems),
        unless_given_means: meanings(&raw.unless_given_means, &place, "unless-given-means", problems),
        protective: checker.words(&raw.protective, "protective", false, problems),
    }
}

/// One question on its way.
struct At<'a> {
    raw: &'a RawQuestion,
    form: &'a RawForm,
    place: &'a str,
}

impl At<'_> {
    /// Reports an unknown kind and bounds that belong to another kind.
    fn belongings(&self, problems: &mut Problems) {
        let raw = self.raw;
        let Some((_, bounds)) = KINDS.iter().find(|(kind, _)| *kind == raw.kind) else {
            problems.add(self.place, format!("kind {} is not known", raw.kind));
            return;
        };
        let written = [
            ("choice", !raw.choice.is_empty()),
            ("most", raw.most.is_some()),
            ("least", raw.least.is_some()),
            ("letters", raw.letters.is_some()),
            ("bytes", raw.bytes.is_some()),
            ("lines", raw.lines.is_some()),
        ];
        for (bound, _) in written
            .iter()
            .filter(|(bound, there)| *there && !bounds.contains(bound))
        {
            problems.add(self.place, format!("{bound} does not belong to kind {}", raw.kind));
        }
        if raw.kind == "statement" && !(raw.given_means.is_empty() && raw.unless_given_means.is_empty()) {
            problems.add(self.place, "a statement is never answered and means nothing");
        }
    }

    fn decline(&self, section: Option<usize>, problems: &mut Problems) -> bool {
        let statement = self.raw.kind == "statement";
        if self.raw.required && self.raw.decline == Some(true) {
            problems.add(self.place, "required and decline exclude each other");
        }
        if statement && (self.raw.required || self.raw.decline == Some(true)) {
            problems.add(self.place, "a statement can be neither required nor declined");
        }
        if self.raw.required && section.is_some_and(|section| section > 0) && self.raw.in_core.is_none() {
            problems.add(
                self.place,
                "required outside the core needs in-core, or nobody would be asked",
            );
        }
        self.raw.decline.unwrap_or(!self.raw.required && !statement)
    }

    /// Whoever must not see the report is named in words, one a line, so that each fits the routing slip.
    fn exclusion(&self, kind: &QuestionKind, problems: &mut Problems) {
        let word = "exclusion";
        let named = self.raw.given_means.iter().any(|means| means == word);
        let fits = matches!(kind, QuestionKind::ShortText { lines, .. } if *lines <= EXCLUSIONS_MOST);
        if named && !fits {
            let what = format!("{word} belongs to a short-text of at most {EXCLUSIONS_MOST} lines");
            problems.add(self.place, what);
        }
        let choices = self.raw.choice.iter().flat_map(|choice| &choice.means);
        if choices.chain(&self.raw.unless_given_means).any(|means| means == word) {
            problems.add(
                self.place,
                format!("{word} belongs to given-means only: the words say who"),
            );
        }
    }

    fn kind(&self, problems: &mut Problems) -> QuestionKind {
        match self.raw.kind.as_str() {
            "one-choice" => QuestionKind::OneChoice {
                choices: self.choices(1, problems),
            },
            "many-choices" => {
                let choices = self.choices(1, problems);
                let most = self.chosen_most(choices.len(), problems);
                QuestionKind::ManyChoices { choices, most }
            }
            "yes-no-not-sure" => QuestionKind::YesNoNotSure {
                choices: self.yes_no(problems),
            },
            "long-text" => {
                let (letters, bytes) = self.text(STORY_LETTERS, STORY_BYTES, problems);
                QuestionKind::LongText { letters, bytes }
            }
            "short-text" => {
                let (letters, bytes) = self.text(AFTER_STORY_BYTES, AFTER_STORY_BYTES, problems);
                let lines = self.raw.lines.unwrap_or(1);
                if lines == 0 || lines > letters {
                    problems.add(self.place, "lines must be at least 1 and not more than letters");
                }
                QuestionKind::ShortText { letters, bytes, lines }
            }
            "date" => QuestionKind::Date,
            "time-of-day" => QuestionKind::TimeOfDay {
                choices: self.choices(0, problems),
            },
            "place" => {
                let choices = self.choices(1, problems);
                let (letters, bytes) = self.text(AFTER_STORY_BYTES, AFTER_STORY_BYTES, problems);
                QuestionKind::Place {
                    choices,
                    letters,
                    bytes,
                }
            }
            "number" => self.number(problems),
            "phone" => QuestionKind::Phone,
            "email" => QuestionKind::Email,
            "reference-code" => QuestionKind::ReferenceCode,
            // An unknown kind was reported already.
            _ => QuestionKind::Statement,
        }
    }

    fn chosen_most(&self, choices: usize, problems: &mut Problems) -> usize {
        let most = self.raw.most.map_or(Some(choices), |most| usize::try_from(most).ok());
        match most {
            Some(most) if (1..=choices).contains(&most) || choices == 0 => most,
            _ => {
                problems.add(
                    self.place,
                    format!("most must be from 1 to the number of choices, {choices}"),
                );
                choices
            }
        }
    }

    fn number(&self, problems: &mut Problems) -> QuestionKind {
        let (Some(least), Some(most)) = (self.raw.least, self.raw.most) else {
            problems.add(self.place, "kind number needs least and most");
            return QuestionKind::Number { least: 0, most: 0 };
        };
        if least > most {
            problems.add(self.place, "least is larger than most");
        }
        QuestionKind::Number { least, most }
    }

    /// Letters and bytes of a kind that holds words.
    fn text(&self, letters_most: usize, bytes_most: usize, problems: &mut Problems) -> (usize, usize) {
        let Some(letters) = self.raw.letters else {
            problems.add(self.place, format!("kind {} needs letters", self.raw.kind));
            return (1, 1);
        };
        let bytes = self.raw.bytes.unwrap_or(letters.saturating_mul(3));
        if !(1..=letters_most).contains(&letters) {
            problems.add(self.place, format!("letters must be from 1 to {letters_most}"));
        }
        if bytes < letters || bytes > bytes_most {
            let what = format!("bytes ({bytes}) must not be fewer than letters and at most {bytes_most}");
            problems.add(self.place, what);
        }
        // What was refused must not break the sums over the whole form.
        (letters.min(letters_most), bytes.min(bytes_most))
    }

    fn choices(&self, least: usize, problems: &mut Problems) -> Vec<Choice> {
        let raw = &self.raw.choice;
        if raw.len() < least || raw.len() > CHOICES_MOST {
            let what = format!("has {} choices; from {least} to {CHOICES_MOST} are allowed", raw.len());
            problems.add(self.place, what);
        }
        self.unique_choices(problems);
        raw.iter()
            .map(|choice| {
                let code = choice.code.unwrap_or_else(|| {
                    problems.add(&self.choice_place(choice), "needs a code");
                    1
                });
                self.choice(choice, code, None, problems)
            })
            .collect()
    }

    fn yes_no(&self, problems: &mut Problems) -> Vec<Choice> {
        self.unique_choices(problems);
        for choice in &self.raw.choice {
            match YesNo::ALL.iter().find(|implied| implied.id() == choice.id) {
                None => problems.add(
                    &self.choice_place(choice),
                    "the choices of yes-no-not-sure are yes, no and not-sure",
                ),
                Some(implied) if choice.code.is_some_and(|code| code != implied.code()) => {
                    problems.add(
                        &self.choice_place(choice),
                        format!("the code is always {}", implied.code()),
                    );
                }
                Some(_) => {}
            }
        }
        let build = |(implied, label): (YesNo, &'static str)| {
            let silent = RawChoice {
                id: implied.id().into(),
                code: None,
                label: [].into(),
                hint: [].into(),
                means: Vec::new(),
            };
            let written = self.raw.choice.iter().find(|choice| choice.id == implied.id());
            self.choice(written.unwrap_or(&silent), implied.code(), Some(label), problems)
        };
        YesNo::ALL.into_iter().zip(YES_NO_LABELS).map(build).collect()
    }

    fn choice(&self, raw: &RawChoice, code: u16, label: Option<&str>, problems: &mut Problems) -> Choice {
        let place = self.choice_place(raw);
        check_id(&raw.id, &place, problems);
        if code == 0 {
            problems.add(&place, "code must be at least 1");
        }
        let checker = Checker::new(self.form, &place);
        let first_is_english = self
            .form
            .languages
            .first()
            .is_some_and(|first| first == YES_NO_LANGUAGE);
        let label = match label {
            Some(label) if raw.label.is_empty() && first_is_english => {
                Words([(YES_NO_LANGUAGE.into(), label.into())].into())
            }
            _ => checker.words(&raw.label, "label", true, problems),
        };
        Choice {
            id: raw.id.clone(),
            code,
            label,
            hint: checker.words(&raw.hint, "hint", false, problems),
            means: meanings(&raw.means, &place, "means", problems),
        }
    }

    fn choice_place(&self, choice: &RawChoice) -> String {
        format!("{}, choice {}", self.place, choice.id)
    }

    fn unique_choices(&self, problems: &mut Problems) {
        let choices = &self.raw.choice;
        let places: Vec<String> = choices.iter().map(|choice| self.choice_place(choice)).collect();
        unique(choices.iter().map(|choice| choice.id.clone()), "id", &places, problems);
        let coded = choices.iter().zip(&places).filter(|(choice, _)| choice.code.is_some());
        let (codes, places): (Vec<_>, Vec<_>) = coded
            .map(|(choice, place)| (choice.code.unwrap_or(0), place.to_string()))
            .unzip();
        unique(codes.into_iter(), "code", &places, problems);
    }
}

fn meanings(raw: &[String], place: &str, name: &str, problems: &mut Problems) -> Vec<Meaning> {
    let mut known = Vec::new();
    for word in raw {
        match Meaning::parse(word) {
            None => problems.add(place, format!("{name}: {word} is not known")),
            Some(meaning) if known.contains(&meaning) => {
                problems.add(place, format!("{name}: {word} is written twice"))
            }
            Some(meaning) => known.push(meaning),
        }
    }
    known
}
