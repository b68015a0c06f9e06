//! Small forms for the tests of this module.

use alloc::format;
use alloc::vec::Vec;

use super::check::Problem;
use super::definition::FormDefinition;

/// What stands before the questions: one core section and one optional section.
pub(super) const HEAD: &str = r#"
form = "sample"
version = 1
languages = ["en", "bn"]
title = { en = "A sample" }
[[section]]
id = "core"
title = { en = "Core" }
"#;

/// Checks a form of one section whose questions are written as TOML.
pub(super) fn check(questions: &str) -> Result<FormDefinition, Vec<Problem>> {
    FormDefinition::parse("sample.toml", format!("{HEAD}{questions}").as_bytes())
}

/// As [`check`], for questions without a problem.
pub(super) fn parse(questions: &str) -> FormDefinition {
    check(questions).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The form of the tests that has every kind of question.
pub(super) fn every_kind() -> FormDefinition {
    let bytes = include_bytes!("../../tests/forms/sample.toml");
    FormDefinition::parse("sample.toml", bytes).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Index of the question with the id.
pub(super) fn index(form: &FormDefinition, id: &str) -> usize {
    form.questions.iter().position(|question| question.id == id).unwrap()
}
