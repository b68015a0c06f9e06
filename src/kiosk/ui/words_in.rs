//! Sentences with gaps, and lists of words for the pages.
//!
//! Used by every file that fills a page. It writes no words of its own.

use slint::{Model, ModelRc, SharedString, VecModel};

/// Puts values where a sentence has `{}`.
pub(super) fn filled_in(sentence: &str, values: &[&str]) -> String {
    let mut parts = sentence.split("{}");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (at, part) in parts.enumerate() {
        text.push_str(values.get(at).copied().unwrap_or_default());
        text.push_str(part);
    }
    text
}

/// A model of strings.
pub(super) fn strings(words: impl IntoIterator<Item = impl AsRef<str>>) -> ModelRc<SharedString> {
    let rows: Vec<SharedString> = words
        .into_iter()
        .map(|word| SharedString::from(word.as_ref()))
        .collect();
    ModelRc::new(VecModel::from(rows))
}

/// The strings of a model.
pub(super) fn all(model: &ModelRc<SharedString>) -> Vec<String> {
    model.iter().map(String::from).collect()
}
