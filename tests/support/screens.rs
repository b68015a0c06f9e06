//! A rehearsal with hands and eyes, for tests of the screens: what is said, what is found, walks by touch.

use std::ops::Deref;
use std::sync::Arc;

use heard::form::Given;
use heard::kiosk::ui::{
    Element, Looks, Panel, Place, Rehearsal, Role, Shot, TextSize, Theme, sample_form, sample_site, shoot,
};
use heard::machine::Page;

/// What is told on the story page; nothing on any page says it by itself.
pub(crate) const WORDS: &str = "zebras shouted at us";

pub(crate) struct On(Rehearsal);

impl Deref for On {
    type Target = Rehearsal;

    fn deref(&self) -> &Rehearsal {
        &self.0
    }
}

fn looks(panel: &str, text: TextSize) -> Looks {
    Looks {
        panel: Panel::by_name(panel).unwrap(),
        text,
        theme: Theme::Standard,
    }
}

/// The start page in medium text.
pub(crate) fn on(panel: &str) -> On {
    let place = Place {
        form: Arc::new(sample_form().unwrap()),
        site: sample_site().unwrap(),
    };
    On(Rehearsal::start(place, looks(panel, TextSize::Medium)).unwrap())
}

/// One of the pages that `shot` draws.
pub(crate) fn shot(page: &str, panel: &str, text: TextSize) -> On {
    let shot = Shot {
        page: page.into(),
        looks: looks(panel, text),
        language: "en".into(),
    };
    On(shoot(&shot).unwrap_or_else(|why| panic!("{page}: {why}")))
}

pub(crate) fn shot_in(page: &str, panel: &str, language: &str) -> On {
    let shot = Shot {
        page: page.into(),
        looks: looks(panel, TextSize::Medium),
        language: language.into(),
    };
    On(shoot(&shot).unwrap_or_else(|why| panic!("{page}: {why}")))
}

impl On {
    /// Everything that can be read, in order.
    pub(crate) fn said(&self) -> String {
        let elements = self.elements();
        let words = elements
            .iter()
            .flat_map(|element| [&element.label, &element.value, &element.description]);
        words.map(|words| format!("{words}\n")).collect()
    }

    pub(crate) fn find(&self, label: &str) -> Element {
        let found = self.elements().into_iter().find(|element| element.label == label);
        found.unwrap_or_else(|| panic!("{label} is not there:\n{}", self.said()))
    }

    pub(crate) fn find_any(&self, label: &str) -> bool {
        self.elements().iter().any(|element| element.label == label)
    }

    pub(crate) fn find_checked(&self) -> Vec<String> {
        let elements = self.elements().into_iter();
        elements
            .filter(|element| element.checked == Some(true))
            .map(|element| element.label)
            .collect()
    }

    /// The clock in the strip, which is the way back from Hide.
    pub(crate) fn clock(&self) -> String {
        let is_clock = |element: &&Element| element.label.len() == 5 && element.label.as_bytes()[2] == b':';
        self.elements()
            .iter()
            .find(is_clock)
            .map(|clock| clock.label.clone())
            .unwrap()
    }

    /// With the on-screen keyboard.
    pub(crate) fn type_words(&self, words: &str) {
        for letter in words.chars() {
            let key = if letter == ' ' {
                "space".to_owned()
            } else {
                letter.to_string()
            };
            assert!(self.touch(&key), "no key {key:?}");
        }
    }

    /// What the machine has of the words on this page.
    pub(crate) fn text_here(&self) -> Option<String> {
        match self.page() {
            Page::Question(asked) => match asked.given {
                Some(Given::Text(ref text)) => Some(text.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    pub(crate) fn near(&self) -> bool {
        self.front().somebody_is_near()
    }

    /// The first answer that can be chosen, where there is one.
    pub(crate) fn answer_something(&self) {
        let elements = self.elements();
        let answer = elements
            .iter()
            .find(|element| matches!(element.role, Role::RadioButton | Role::CheckBox));
        if let Some(answer) = answer {
            let middle = answer.rectangle.middle();
            self.window().touch(middle, middle, 90);
            self.settle();
        }
    }

    /// By touch from the start page, or from wherever the form is, to the page with this title.
    pub(crate) fn to_question(&self, title: &str) {
        self.touch("Tell us something");
        for _ in 0..40 {
            if self.find_any(title) {
                return;
            }
            self.answer_if_required();
            assert!(self.touch("Continue") || self.touch("More choices") || self.touch("Carry on"));
        }
        panic!("{title} never came");
    }

    fn answer_if_required(&self) {
        for (title, answer) in [
            ("Is anyone in danger right now?", "No"),
            ("How may we answer you?", "Do not contact me at all"),
            ("Who did it?", "A neighbour"),
        ] {
            if self.find_any(title) && self.find_any(answer) && self.find_checked().is_empty() {
                assert!(self.touch(answer));
            }
        }
    }

    pub(crate) fn to_story(&self) {
        self.to_question("What happened?");
    }

    /// No word of these is in any element.
    pub(crate) fn nothing_is_said(&self, words: &[&str]) {
        let said = self.said();
        for gone in words {
            assert!(!said.contains(gone), "something is left");
        }
    }

    /// Nor in anything that a page holds without showing it.
    pub(crate) fn nothing_is_held(&self, words: &[&str]) {
        let held = self.front().held_words();
        for gone in words {
            assert!(!held.contains(gone), "something is held behind the pages");
        }
    }

    /// The start page as it was before anybody came: no word in the elements, no pixel that is not its own.
    pub(crate) fn nothing_is_left(&self, words: &[&str]) {
        self.nothing_is_said(words);
        self.nothing_is_held(words);
        let seen = self.window().draw();
        let panel = self.window().panel();
        self.window().wait(0);
        // The same page, drawn from nothing.
        self.front().look(|looks| looks.theme = Theme::BlackOnWhite);
        self.window().draw();
        self.front().look(|looks| looks.theme = Theme::Standard);
        let fresh = self.window().draw();
        assert_eq!(seen.len(), panel.width as usize * panel.height as usize * 3);
        assert!(seen == fresh, "a pixel of the visit before is left");
    }
}

/// From the start page to the check page, with `WORDS` as the story.
pub(crate) fn walk_to_check(on: &On) {
    on.to_story();
    on.type_words(WORDS);
    for _ in 0..40 {
        if matches!(on.page(), Page::Check(_)) {
            return;
        }
        on.answer_if_required();
        assert!(on.touch("Continue") || on.touch("More choices") || on.touch("Carry on"));
    }
    panic!("the check page never came");
}
