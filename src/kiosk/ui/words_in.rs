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
    ModelRc::new(VecModel::from(shared(words)))
}

/// Strings as the pages take them.
pub(super) fn shared(words: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<SharedString> {
    let words = words.into_iter();
    words.map(|word| SharedString::from(word.as_ref())).collect()
}

/// The strings of a model.
pub(super) fn all(model: &ModelRc<SharedString>) -> Vec<String> {
    model.iter().map(String::from).collect()
}

/// Puts other rows into a list that is on the screen. Where there are as many they change in place: what is drawn stays,
/// and with it the focus and a finger that is down. Where there are not, the list to put there instead.
pub(super) fn in_place<T: Clone + PartialEq + 'static>(shown: &ModelRc<T>, rows: Vec<T>) -> Option<ModelRc<T>> {
    if shown.row_count() != rows.len() {
        return Some(ModelRc::new(VecModel::from(rows)));
    }
    refill(shown, rows);
    None
}

/// The same for a list that has as many rows.
pub(super) fn refill<T: PartialEq>(shown: &impl Model<Data = T>, rows: Vec<T>) {
    for (at, row) in rows.into_iter().enumerate() {
        if shown.row_data(at).as_ref() != Some(&row) {
            shown.set_row_data(at, row);
        }
    }
}
