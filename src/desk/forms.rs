//! Every form definition that this desk has: the built-in ones, those of the current bundle, those kept from earlier ones.
//!
//! A report names its form by digest, id and version. A report of a form that is nowhere still opens: its questions and
//! choices are told by number.

use std::path::Path;
use std::sync::Arc;

use super::bundle_source::builtin_files;
use super::error::DeskError;
use super::files;
use crate::form::{FormDefinition, Question, QuestionKind, Rule, Section, Words};
use crate::id::FormDigest;
use crate::limits::FORM_FILE_BYTES_MOST;
use crate::report::{Opened, OpenedAnswer};
use crate::wire::{Bundle, BundleFile};

/// Language of the words that this program puts in itself.
const OURS: &str = "en";

/// The forms at hand.
#[derive(Debug, Clone, Default)]
pub struct FormShelf(Vec<Arc<FormDefinition>>);

impl FormShelf {
    /// The forms that come with Heard.
    pub fn builtin() -> Self {
        let mut shelf = Self::default();
        shelf.add(&builtin_files());
        shelf
    }

    /// Adds the forms of a verified bundle, or of any list of files. A file that is no form is passed over.
    pub fn add(&mut self, bundle_files: &[BundleFile]) {
        let forms = bundle_files.iter().filter(|file| file.path.starts_with("forms/"));
        for form in forms.filter_map(|file| FormDefinition::parse(&file.path, &file.bytes).ok()) {
            if !self.0.iter().any(|known| known.digest == form.digest) {
                self.0.push(Arc::new(form));
            }
        }
    }

    /// Adds what an earlier `keep` wrote. A folder that is not there holds nothing.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn add_kept(&mut self, folder: &Path) -> Result<(), DeskError> {
        let Ok(listed) = std::fs::read_dir(folder) else {
            return Ok(());
        };
        for entry in listed.flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                let bytes = files::read(&path, FORM_FILE_BYTES_MOST)?.to_vec();
                self.add(&[BundleFile {
                    path: "forms/kept.toml".into(),
                    bytes,
                }]);
            }
        }
        Ok(())
    }

    /// Adds the forms of a verified bundle and writes them to `folder`, so that old reports open with words for ever.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn keep(&mut self, bundle: &Bundle, folder: &Path) -> Result<(), DeskError> {
        self.add(&bundle.files);
        files::make_folder(folder)?;
        for file in bundle.files.iter().filter(|file| file.path.starts_with("forms/")) {
            if let Ok(form) = FormDefinition::parse(&file.path, &file.bytes) {
                let path = folder.join(format!("{}.toml", form.digest));
                if !path.exists() {
                    files::replace(&path, &file.bytes)?;
                }
            }
        }
        Ok(())
    }

    /// The form by the digest of its file.
    pub fn by_digest(&self, digest: FormDigest) -> Option<&Arc<FormDefinition>> {
        self.0.iter().find(|form| form.digest == digest)
    }

    /// The form that a report was filled with: by digest, or else by id and version.
    pub fn find(&self, report: &Opened) -> Option<&Arc<FormDefinition>> {
        let same = |form: &&Arc<FormDefinition>| form.id == report.form && form.version == report.form_version;
        self.by_digest(report.form_digest).or_else(|| self.0.iter().find(same))
    }
}

/// A stand-in for a form that nobody here has: a question for each answer, named by its number, with no choices.
pub(super) fn stand_in(report: &Opened) -> FormDefinition {
    FormDefinition {
        id: report.form.clone(),
        version: report.form_version,
        digest: report.form_digest,
        languages: vec![OURS.into()],
        title: Words::default(),
        sections: vec![section("This program does not have the form: numbers stand for words")],
        questions: report.answers.iter().map(|answer| question(answer, 0)).collect(),
    }
}

/// The form and questions for what a newer edition of it asked, so that no answer is lost.
pub(super) fn with_strange(form: &FormDefinition, strange: &[OpenedAnswer]) -> FormDefinition {
    let mut form = form.clone();
    if !strange.is_empty() {
        let at = form.sections.len();
        form.sections.push(section("Not in the form that this program has"));
        form.questions.extend(strange.iter().map(|answer| question(answer, at)));
    }
    form
}

fn section(title: &str) -> Section {
    Section {
        id: "by-number".into(),
        title: ours(title.to_owned()),
        hint: Words::default(),
    }
}

/// Its kind matters to nobody: what was answered decides how it is told.
fn question(answer: &OpenedAnswer, section: usize) -> Question {
    Question {
        id: format!("question-{}", answer.code),
        code: answer.code,
        section,
        kind: QuestionKind::OneChoice { choices: Vec::new() },
        required: false,
        decline: true,
        relevant: Rule::Always,
        on_path: Rule::Always,
        in_core: Rule::Never,
        ask: ours(format!("Question {}", answer.code)),
        hint: Words::default(),
        help: Words::default(),
        ways: Vec::new(),
        given_means: Vec::new(),
        unless_given_means: Vec::new(),
        protective: Words::default(),
    }
}

fn ours(text: String) -> Words {
    Words(vec![(OURS.into(), text)])
}
