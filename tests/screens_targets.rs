//! Every page on every panel in every text size, measured from the laid-out tree: targets, gaps, overlaps, words that are
//! cut or too small. English on every page; the sample languages where the widgets are.
//!
//! Pages of choices are turned to their end. `HEARD_PAGE=name` looks at one page only.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

#[path = "support/audit.rs"]
mod audit;

use audit::{Seen, faults};
use heard::kiosk::ui::{Looks, Panel, Rehearsal, SHOTS, Shot, TextSize, Theme, shoot};

/// Pages that show each widget: choices of both kinds, keyboard, pad, hub, cards, words, saved, tiles.
const WIDGETS: [&str; 33] = [
    "start",
    "numbers",
    "get-help",
    "help-now",
    "promise",
    "one-choice",
    "many-choices",
    "needs-answer",
    "story",
    "phone",
    "date",
    "check",
    "answers",
    "sent",
    "held",
    "code",
    "stop",
    "ways",
    "text-and-colour",
    "near-ticks",
    "self-harm",
    "card",
    "language",
    "last-four",
    "spot",
    "clock",
    "name",
    "typed-date",
    "cannot-keep",
    "leave-contact",
    "clock-half",
    "still-there",
    "show-row",
];

fn look_at_all(rehearsal: &Rehearsal, seen: &Seen<'_>, found: &mut Vec<String>) {
    while rehearsal.touch("Choices before") {}
    for turn in 1..40 {
        for fault in faults(rehearsal, seen) {
            let Seen {
                page, language, text, ..
            } = seen;
            let panel = seen.panel_name;
            found.push(format!(
                "{page} {turn} on {panel} in {language}, {}: {fault}",
                text.name()
            ));
        }
        if !rehearsal.touch("More") && !rehearsal.touch("More choices") {
            return;
        }
    }
    found.push(format!("{} never ends", seen.page));
}

fn audit(panel_name: &str, language: &str, pages: &[&str]) {
    let panel = Panel::by_name(panel_name).unwrap();
    let only = std::env::var("HEARD_PAGE").ok();
    let mut found = Vec::new();
    for page in pages {
        if only.as_ref().is_some_and(|only| only != page) {
            continue;
        }
        let shot = Shot {
            page: (*page).into(),
            looks: Looks {
                panel,
                text: TextSize::Small,
                theme: Theme::Standard,
            },
            language: language.into(),
        };
        let rehearsal = shoot(&shot).unwrap_or_else(|why| panic!("{page}: {why}"));
        for text in TextSize::ALL {
            rehearsal.front().look(|looks| looks.text = text);
            let seen = Seen {
                page,
                panel,
                panel_name,
                text,
                language,
            };
            look_at_all(&rehearsal, &seen, &mut found);
        }
    }
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
}

#[test]
fn everything_fits_on_10_inch() {
    audit("10.1", "en", &SHOTS);
}

#[test]
fn everything_fits_on_15_inch() {
    audit("15.6", "en", &SHOTS);
}

#[test]
fn everything_fits_on_15_inch_in_portrait() {
    audit("15.6-portrait", "en", &SHOTS);
}

#[test]
fn everything_fits_on_21_inch_in_portrait() {
    audit("21.5-portrait", "en", &SHOTS);
}

#[test]
fn words_a_third_longer_fit() {
    for panel in ["10.1", "15.6", "15.6-portrait"] {
        audit(panel, "long", &WIDGETS);
    }
}

#[test]
fn urdu_in_nastaliq_fits() {
    for panel in ["10.1", "15.6", "15.6-portrait"] {
        audit(panel, "ur", &WIDGETS);
    }
}

#[test]
fn bengali_fits() {
    for panel in ["10.1", "15.6", "15.6-portrait"] {
        audit(panel, "bn", &WIDGETS);
    }
}
