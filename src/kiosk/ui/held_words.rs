//! Every word that the pages hold, drawn or not: what a person left behind would be in here.
//!
//! Used by tests of what is left after a visit. It holds nothing itself and is never logged.

use heard_ui::{Ask, Check, Choose, Reading, Saved, Write};
use slint::{Global, Model};
use zeroize::Zeroizing;

use super::front::Front;

impl Front {
    /// All words of all pages that could be a person's, those that are not shown included.
    pub fn held_words(&self) -> Zeroizing<String> {
        let (write, reading, saved) = (Write::get(&self.app), Reading::get(&self.app), Saved::get(&self.app));
        let mut held: Vec<String> = [write.get_words(), write.get_covered(), reading.get_title()]
            .map(String::from)
            .into();
        for words in [
            reading.get_paragraphs(),
            reading.get_ways(),
            saved.get_code(),
            saved.get_told(),
        ] {
            held.extend(words.iter().map(String::from));
        }
        for row in Choose::get(&self.app).get_rows().iter() {
            held.push(format!("{} {}", row.label, row.hint));
        }
        for row in Check::get(&self.app).get_rows().iter() {
            held.push(format!("{} {}", row.label, row.hint));
        }
        for row in Ask::get(&self.app).get_answers().iter() {
            held.push(format!("{} {}", row.label, row.hint));
        }
        let state = self.state.borrow();
        held.push(state.typed.to_string());
        held.push(state.drafts.all().to_string());
        Zeroizing::new(held.join("\n"))
    }
}
