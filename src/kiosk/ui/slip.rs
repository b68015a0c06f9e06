//! The words of the slip: the landlord's facts from the bundle, the sentences from the pages, the time of the place.
//!
//! Called by whatever prints or shows a slip, with the front that knows words and place. It says nothing of what was told
//! (SAFETY 25); without a clock that can be believed it leaves the time out.

use jiff::tz::TimeZone;

use super::front::{Front, filled_in};
use crate::kiosk::slip::{Paper, draw};
use crate::machine::{Page, View};
use crate::report::{SlipFacts, SlipLine, look_alike, slip};
use crate::time::Timestamp;
use slint::Model;

/// The slip of the code that this view shows; none while it shows no code.
pub fn slip_of(front: &Front, view: &View) -> Option<Paper> {
    slip_lines(front, view).map(|lines| draw(&lines, &view.language))
}

/// What stands on it.
pub fn slip_lines(front: &Front, view: &View) -> Option<Vec<SlipLine>> {
    let Page::Saved(kept) = &view.page else { return None };
    let code = kept.code.as_ref()?;
    Some(slip(&facts(front, &view.language), code))
}

/// What stands on a slip that looks the same and opens nothing, as "Print useful numbers" gives it. `random` is fresh.
pub fn look_alike_lines(front: &Front, language: &str, random: [u8; 16]) -> Vec<SlipLine> {
    look_alike(&facts(front, language), random)
}

/// What stands on every slip of this office now.
pub(super) fn facts(front: &Front, language: &str) -> SlipFacts {
    let words = front.phrases().get_slip();
    let word = |at| String::from(words.row_data(at).unwrap_or_default());
    let site = &front.place.site;
    // Held together: a number that is broken, or turned round in a line from the right, cannot be rung.
    let telephone = site.office.telephone.replace(' ', "\u{a0}");
    SlipFacts {
        landlord: site.landlord.clone(),
        reference: word(0),
        come_back: filled_in(&word(1), &[&telephone]),
        hours: site
            .office
            .hours
            .iter()
            .map(|line| line.get(language).to_owned())
            .collect(),
        time: front.time().map(|now| told(front, now, &word(2))).unwrap_or_default(),
    }
}

/// For example "22 November 2026, 14:10".
fn told(front: &Front, now: Timestamp, pattern: &str) -> String {
    let zone = &front.place.site.zone;
    let Ok(now_there) = jiff::Timestamp::from_second(now.0) else {
        return String::new();
    };
    let there = now_there.to_zoned(jiff::tz::db().get(zone).unwrap_or(TimeZone::UTC));
    let months = front.phrases().get_months();
    let month = usize::try_from(there.month()).unwrap_or(1) - 1;
    let month = months.row_data(month).unwrap_or_default();
    let (day, year) = (there.day().to_string(), there.year().to_string());
    filled_in(pattern, &[&day, &month, &year, &now.clock_time(zone)])
}
