//! What is wrong with a page that is on the screen, from its laid-out tree: sizes, gaps, overlaps, words cut or too small.
//!
//! Used by the tests of the screens. It measures in millimetres and knows no page but for what the pages promise.
#![allow(unreachable_pub, reason = "each test file uses its own part of it")]

use heard::kiosk::ui::{DrawnWords, Element, Panel, Rectangle, Rehearsal, Role, TextSize};

const GAP_MM: f32 = 3.0;
const CONTROL_MM: f32 = 20.0;
/// Keys: on panels with room, and the floor.
const KEY_MM: (f32, f32) = (15.0, 12.7);
/// Least capital height of anything, and of a title that gave way.
const CAPITAL_MM: (f32, f32) = (4.0, 5.2);
/// Capital height of Noto Sans over its size.
const CAPITAL: f32 = 0.714;
/// Pixels are whole; a target may lose half of one to rounding.
const ROUNDING: f32 = 0.75;

/// Pages that are read: all of it stands in the chosen size.
const READ: [&str; 15] = [
    "promise",
    "help",
    "have-your-say",
    "cannot-keep",
    "refused",
    "saving",
    "out-of-service",
    "link-silent",
    "return",
    "message",
    "sent",
    "held",
    "kept-once",
    "code",
    "code-closed",
];

/// What is on the screen.
pub struct Seen<'a> {
    pub page: &'a str,
    pub panel: Panel,
    pub panel_name: &'a str,
    pub text: TextSize,
    pub language: &'a str,
}

/// Everything that is wrong with it.
pub fn faults(rehearsal: &Rehearsal, seen: &Seen<'_>) -> Vec<String> {
    let elements = rehearsal.elements();
    let words: Vec<DrawnWords> = rehearsal
        .window()
        .drawn_words()
        .into_iter()
        .filter(|words| words.is_input || !words.words.trim().is_empty())
        .collect();
    assert!(words.len() > 1, "nothing is written on {}", seen.page);
    let mut found = targets(&elements, seen);
    found.extend(cut_words(&words, seen));
    found.extend(overlaps(&elements, &words));
    found.extend(small_words(&elements, &words, seen));
    found.extend(untitled(&elements, &words));
    found
}

/// What is asked stands above the field that it is typed in.
fn untitled(elements: &[Element], words: &[DrawnWords]) -> Option<String> {
    let field = elements.iter().find(|element| element.role == Role::TextInput)?;
    let is_title = |drawn: &DrawnWords| drawn.words == field.label && !drawn.is_input;
    (!words.iter().any(is_title)).then(|| format!("nothing says what is asked: {}", field.label))
}

fn least_mm(element: &Element, seen: &Seen<'_>, is_key: bool) -> f32 {
    let roomy = seen.panel.height as f32 / seen.panel.px_per_mm >= 150.0 && seen.panel.width > seen.panel.height;
    match element.role {
        _ if is_key => {
            if roomy {
                KEY_MM.0
            } else {
                KEY_MM.1
            }
        }
        // The way back to smaller text stands on one page with all the others.
        Role::RadioButton if seen.page == "text-and-colour" => CONTROL_MM,
        Role::RadioButton | Role::CheckBox if seen.text >= TextSize::Large => 30.0,
        Role::RadioButton | Role::CheckBox => 25.0,
        _ => CONTROL_MM,
    }
}

fn targets(elements: &[Element], seen: &Seen<'_>) -> Vec<String> {
    let mm = seen.panel.px_per_mm;
    let typing = elements.iter().any(|element| element.role == Role::TextInput);
    let screen = screen(seen);
    let mut found = Vec::new();
    let pressed: Vec<&Element> = elements.iter().filter(|element| element.can_be_pressed).collect();
    for (at, element) in pressed.iter().enumerate() {
        let area = element.rectangle;
        let is_key = typing && area.height / mm < CONTROL_MM - 1.0;
        let least = least_mm(element, seen, is_key);
        let across = if is_key { least } else { CONTROL_MM };
        if area.height + ROUNDING < least * mm || area.width + ROUNDING < across * mm {
            let (width, height) = (area.width / mm, area.height / mm);
            found.push(format!("{} is {width:.1} x {height:.1} mm", element.label));
        }
        if !screen.contains(&area, 0.5) {
            found.push(format!("{} leaves the screen", element.label));
        }
        for other in &pressed[at + 1..] {
            if gap(&area, &other.rectangle) + ROUNDING < GAP_MM * mm {
                found.push(format!("{} and {} are too close", element.label, other.label));
            }
        }
    }
    found
}

fn screen(seen: &Seen<'_>) -> Rectangle {
    Rectangle {
        x: 0.0,
        y: 0.0,
        width: seen.panel.width as f32,
        height: seen.panel.height as f32,
    }
}

/// Pixels between two rectangles, less than 0 when they overlap.
fn gap(one: &Rectangle, other: &Rectangle) -> f32 {
    let across = (other.x - one.x - one.width).max(one.x - other.x - other.width);
    let down = (other.y - one.y - one.height).max(one.y - other.y - other.height);
    across.max(down)
}

fn cut_words(words: &[DrawnWords], seen: &Seen<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for drawn in words {
        let area = drawn.rectangle;
        let name = &drawn.words;
        if drawn.is_input {
            // Whole lines: what is above and below the box is not drawn in part.
            let line = drawn.font * line_factor(seen.language);
            // The caret is behind the last letter: its line is in the box.
            if drawn.rectangle.y + drawn.needs_height > drawn.clip.y + drawn.clip.height + 2.0 {
                found.push("the line with the caret is not seen".into());
            }
            let lines = drawn.clip.height / line;
            if lines < 0.99 || (lines - lines.round()).abs() > 0.02 {
                found.push(format!("{lines} lines of what is typed are seen"));
            }
            continue;
        }
        // What is needed comes in whole pixels, rounded up.
        if drawn.needs_height > area.height + 1.0 {
            found.push(format!(
                "{name:?} needs {} px down, has {}",
                drawn.needs_height, area.height
            ));
        }
        if drawn.needs_width > area.width + ROUNDING {
            found.push(format!(
                "{name:?} needs {} px across, has {}",
                drawn.needs_width, area.width
            ));
        }
        if !drawn.clip.contains(&area, ROUNDING) || !screen(seen).contains(&area, ROUNDING) {
            found.push(format!("{name:?} is cut at the edge of something"));
        }
        if let Some(target) = drawn.target
            && !target.contains(&area, ROUNDING)
        {
            found.push(format!("{name:?} leaves its target"));
        }
    }
    found
}

/// Height of a line over the size of its font, in the fonts that are bundled.
fn line_factor(language: &str) -> f32 {
    match language {
        "ur" => 2.5,
        "bn" => 1.325,
        _ => 1.362,
    }
}

fn overlaps(elements: &[Element], words: &[DrawnWords]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, drawn) in words.iter().enumerate() {
        for other in words[at + 1..]
            .iter()
            .filter(|other| !other.is_input && !drawn.is_input)
        {
            if gap(&drawn.rectangle, &other.rectangle) < -1.0 {
                found.push(format!("{:?} lies over {:?}", other.words, drawn.words));
            }
        }
        for element in elements.iter().filter(|element| element.can_be_pressed) {
            let own = drawn.target == Some(element.rectangle);
            if !own && !drawn.is_input && gap(&drawn.rectangle, &element.rectangle) < -1.0 {
                found.push(format!("{:?} lies over {}", drawn.words, element.label));
            }
        }
    }
    // Cards that are read.
    for card in cards(elements) {
        for element in elements.iter().filter(|element| element.can_be_pressed) {
            if gap(&card.rectangle, &element.rectangle) < -1.0 {
                found.push(format!("{} lies over {}", card.label, element.label));
            }
        }
        for drawn in words
            .iter()
            .filter(|drawn| !drawn.is_input && card.rectangle.holds(drawn.rectangle.middle(), 0.0))
        {
            if !card.rectangle.contains(&drawn.rectangle, ROUNDING) {
                found.push(format!("{:?} leaves its card", drawn.words));
            }
        }
    }
    found
}

/// What is read and is not the label of something that can be pressed.
fn cards(elements: &[Element]) -> impl Iterator<Item = &Element> {
    elements.iter().filter(|element| {
        let within = |other: &Element| other.can_be_pressed && other.rectangle.contains(&element.rectangle, 1.0);
        element.role == Role::Text && !elements.iter().any(within)
    })
}

fn small_words(elements: &[Element], words: &[DrawnWords], seen: &Seen<'_>) -> Vec<String> {
    let capital = |drawn: &DrawnWords| drawn.font * CAPITAL / seen.panel.px_per_mm;
    let chosen = seen.text.capital_mm();
    let mut found = Vec::new();
    let mut at_least = |drawn: &DrawnWords, least: f32| {
        if capital(drawn) < least * 0.99 {
            found.push(format!("{:?} is {:.1} mm, not {least}", drawn.words, capital(drawn)));
        }
    };
    let is_label = |drawn: &DrawnWords| {
        let of = elements
            .iter()
            .find(|element| Some(element.rectangle) == drawn.target && element.role != Role::Text);
        of.is_some_and(|of| matches!(of.role, Role::RadioButton | Role::CheckBox) && of.label == drawn.words)
    };
    let in_footer = |drawn: &DrawnWords| {
        let middle = drawn.rectangle.middle().1;
        let mut pressed = elements.iter().filter(|element| element.can_be_pressed);
        pressed.any(|element| (element.rectangle.y..element.rectangle.y + element.rectangle.height).contains(&middle))
    };
    let strip_foot = seen.panel.px_per_mm * 18.0;
    // A section name may stand above the title; it is smaller.
    let font_of = |card: &Element| {
        let own = words
            .iter()
            .find(|drawn| drawn.rectangle == card.rectangle && drawn.is_bold);
        own.map_or(0.0, |drawn| drawn.font)
    };
    let first_two = cards(elements).filter(|card| card.rectangle.y > strip_foot).take(2);
    let title = first_two.max_by(|one, other| {
        font_of(one)
            .total_cmp(&font_of(other))
            .then(std::cmp::Ordering::Greater)
    });
    for drawn in words {
        at_least(drawn, CAPITAL_MM.0);
        let is_title = title.is_some_and(|title| title.rectangle == drawn.rectangle);
        let tall_lines = seen.language == "ur";
        let wide = seen.panel.height < seen.panel.width;
        let may_give_way = wide && chosen > CAPITAL_MM.1 || tall_lines;
        let tall = tall_lines && READ.iter().all(|page| *page != seen.page);
        if is_title && may_give_way {
            at_least(
                drawn,
                if drawn_above_keys(elements) || tall_lines {
                    CAPITAL_MM.0
                } else {
                    CAPITAL_MM.1
                },
            );
        } else if is_title
            || drawn.is_input
            || is_label(drawn) && seen.page != "text-and-colour"
            || READ.contains(&seen.page) && drawn.target.is_none() && !in_footer(drawn)
        {
            at_least(drawn, if tall { CAPITAL_MM.1.min(chosen) } else { chosen });
        }
    }
    found
}

fn drawn_above_keys(elements: &[Element]) -> bool {
    elements.iter().any(|element| element.role == Role::TextInput)
}
