//! Every page, panel and text size, measured from the laid-out tree: targets, gaps, overlaps, and words that are cut.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

use heard::kiosk::ui::{Element, Looks, Panel, Role, SHOTS, Shot, TextSize, Theme, shoot};

const GAP_MM: f32 = 3.0;
const CONTROL_MM: f32 = 20.0;
const KEY_MM: f32 = 12.7;

/// Pixels are whole; a target may lose half of one to rounding.
const ROUNDING: f32 = 0.75;

fn least_mm(element: &Element, text: TextSize, keys: bool) -> f32 {
    let is_key = keys && element.role == Role::Button && element.rectangle.height < 0.0;
    match element.role {
        Role::RadioButton | Role::CheckBox if !is_key => text.answer_mm(),
        _ => CONTROL_MM,
    }
}

fn faults(page: &str, panel: Panel, text: TextSize) -> Vec<String> {
    let shot = Shot {
        page: page.into(),
        looks: Looks {
            panel,
            text,
            theme: Theme::Standard,
        },
        language: "en".into(),
    };
    let rehearsal = shoot(&shot).unwrap_or_else(|why| panic!("{page}: {why}"));
    let elements = rehearsal.elements();
    let mm = panel.px_per_mm;
    let typing = elements.iter().any(|element| element.role == Role::TextInput);
    let mut found = Vec::new();
    let pressed: Vec<&Element> = elements.iter().filter(|element| element.can_be_pressed).collect();
    for (at, element) in pressed.iter().enumerate() {
        let area = element.rectangle;
        let is_key = typing && (area.height / mm) < CONTROL_MM - 1.0;
        let looks_page = page == "text-and-colour";
        let least = if is_key {
            KEY_MM
        } else if looks_page {
            CONTROL_MM
        } else {
            least_mm(element, text, typing)
        };
        if area.height + ROUNDING < least * mm || area.width + ROUNDING < KEY_MM * mm {
            found.push(format!(
                "{} is {:.1} x {:.1} mm",
                element.label,
                area.width / mm,
                area.height / mm
            ));
        }
        let (right, foot) = (area.x + area.width, area.y + area.height);
        if area.x < 0.0 || area.y < 0.0 || right > panel.width as f32 + 0.5 || foot > panel.height as f32 + 0.5 {
            found.push(format!("{} leaves the screen", element.label));
        }
        for other in &pressed[at + 1..] {
            let across = (other.rectangle.x - right).max(area.x - other.rectangle.x - other.rectangle.width);
            let down = (other.rectangle.y - foot).max(area.y - other.rectangle.y - other.rectangle.height);
            if across.max(down) + ROUNDING < GAP_MM * mm {
                found.push(format!("{} and {} are too close", element.label, other.label));
            }
        }
    }
    for element in elements.iter().filter(|element| element.role == Role::Text) {
        let area = element.rectangle;
        if area.y + area.height > panel.height as f32 + 1.0 || area.x + area.width > panel.width as f32 + 1.0 {
            found.push(format!("the words {:?} leave the screen", element.label));
        }
        let middle = area.middle();
        let around = pressed.iter().find(|element| element.rectangle.holds(middle, 0.0));
        if let Some(around) = around
            && (area.y + ROUNDING < around.rectangle.y
                || area.y + area.height > around.rectangle.y + around.rectangle.height + ROUNDING
                || area.x + ROUNDING < around.rectangle.x
                || area.x + area.width > around.rectangle.x + around.rectangle.width + ROUNDING)
            && element.label.chars().count() > 1
        {
            found.push(format!("the words {:?} leave their target", element.label));
        }
    }
    found
}

#[test]
fn targets_gaps_and_words_fit_on_every_page_panel_and_text_size() {
    let mut found = Vec::new();
    for (name, panel) in Panel::KNOWN {
        for text in TextSize::ALL {
            for page in SHOTS {
                for fault in faults(page, panel, text) {
                    found.push(format!("{page} on {name} in {}: {fault}", text.name()));
                }
            }
        }
    }
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
}
