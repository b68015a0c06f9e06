//! "Someone is near me" on the screen: the last three words in place of all of them (SAFETY 5).
//!
//! Called by the pages on which something is typed. The words themselves stay whole in the machine and in the text field,
//! which draws none of them. It covers; it never shortens.

use heard_ui::Write;
use slint::{Global, Model, SharedString};

use super::front::{Front, State};

/// Words, or digits, that may be seen.
const SEEN: usize = 3;

/// What stands in place of words: the last three of them. Of digits and addresses, the last three letters.
pub(super) fn covered(text: &str, digits: bool) -> String {
    if digits {
        let count = text.chars().count();
        let end: String = text.chars().skip(count.saturating_sub(SEEN)).collect();
        return if count > SEEN { format!("… {end}") } else { end };
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut seen = words[words.len().saturating_sub(SEEN)..].join(" ");
    if text.ends_with(char::is_whitespace) && !seen.is_empty() {
        seen.push(' ');
    }
    if words.len() > SEEN {
        seen.insert_str(0, "… ");
    }
    seen
}

/// Covers what is in the text field, or uncovers it.
pub(super) fn put(front: &Front, state: &State) {
    let write = Write::get(&front.app);
    write.set_is_covered(state.near);
    write.set_covered(if state.near {
        covered(&write.get_words(), state.digits).into()
    } else {
        SharedString::default()
    });
}

/// Said below the text field where nothing else is and where there is room for a line: that nothing is lost.
pub(super) fn room(front: &Front, state: &State, room: SharedString) -> SharedString {
    if !state.near || !room.is_empty() || state.looks.panel.is_short() {
        return room;
    }
    let said = if state.digits { 9 } else { 6 };
    front.phrases().get_near().row_data(said).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::covered;

    #[test]
    fn the_last_three_words_and_no_letter_more() {
        let table = [
            ("", false, ""),
            ("one", false, "one"),
            ("one two three", false, "one two three"),
            ("one two three ", false, "one two three "),
            ("one two three f", false, "… two three f"),
            ("one\ntwo\n\nthree four", false, "… two three four"),
            ("ایک دو تین چار", false, "… دو تین چار"),
            ("0161", true, "… 161"),
            ("016", true, "016"),
            ("sam@example.org", true, "… org"),
        ];
        for (text, digits, seen) in table {
            assert_eq!(covered(text, digits), seen, "{text}");
        }
    }
}
