//! Pictures of slips: of the report that a rehearsal has just sent, and of one that opens nothing.
//!
//! Called by `heard-kiosk shot` and by tests. Sample words of other scripts stand in for translations that do not exist
//! yet, as they do on pages.

use super::sample_words::sample_of;
use super::shot::{Shot, shoot};
use super::slip::facts;
use crate::kiosk::error::KioskError;
use crate::kiosk::slip::{Paper, draw};
use crate::machine::Page;
use crate::report::{SlipFacts, look_alike, slip};

/// What can be drawn besides pages, by its name.
pub const SLIPS: [&str; 2] = ["slip", "slip-look-alike"];

/// Draws a slip; panel, text size and theme are the screen's and change nothing here.
///
/// # Errors
/// The walk to the saved page ended elsewhere.
pub fn shoot_slip(shot: &Shot) -> Result<Paper, KioskError> {
    let to_saved = Shot {
        page: "sent".into(),
        ..shot.clone()
    };
    let rehearsal = shoot(&to_saved)?;
    let mut facts = facts(rehearsal.front(), &shot.language);
    put_sample_words(&mut facts, &shot.language);
    let lines = match (rehearsal.page(), shot.page.as_str()) {
        (Page::Saved(kept), "slip") => kept.code.map(|code| slip(&facts, &code)),
        _ => Some(look_alike(&facts, [0x2F; 16])),
    };
    let lines = lines.ok_or_else(|| KioskError::Fault("the rehearsal was given no code".into()))?;
    Ok(draw(&lines, &shot.language))
}

/// Numbers stay: they run from left to right in every language.
fn put_sample_words(facts: &mut SlipFacts, language: &str) {
    let Some(sample) = sample_of(language) else { return };
    let is_number = |letter: &char| letter.is_ascii_digit() || *letter == '\u{a0}';
    let telephone: String = facts.come_back.chars().filter(is_number).collect();
    facts.come_back = format!("{} {telephone}", sample(&facts.come_back, 0));
    let month = sample("January", 1);
    let month = month.split(' ').next().unwrap_or_default();
    let parts: Vec<&str> = facts.time.split('\u{a0}').collect();
    if let [day, _, rest] = parts[..] {
        facts.time = format!("{day}\u{a0}{month}\u{a0}{rest}");
    }
    facts.reference = sample(&facts.reference, 1);
    if language == "long" {
        facts.landlord = format!("{} and Saltmarshriverbankneighbourhoodpartnership", facts.landlord);
    }
    for (at, line) in facts.hours.iter_mut().enumerate() {
        *line = format!("{} 9 – 5", sample(line, at + 2));
    }
}
