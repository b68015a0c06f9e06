//! Times as people tell them: today's bare, near ones with their weekday, others with day and month as well, so that none
//! can be taken for another.
//!
//! Called by the files of the pages. Without a clock it tells no weekday and no time (SAFETY 9).

use slint::Model;

use super::front::{Front, filled_in};
use crate::time::{Distance, Timestamp};

/// Where the words of a time stand among the phrases.
struct Place {
    today: usize,
    week: usize,
    far: usize,
    other_year: usize,
}

const AT: Place = Place {
    today: 0,
    week: 1,
    far: 2,
    other_year: 3,
};
const BY: Place = Place {
    today: 4,
    week: 5,
    far: 6,
    other_year: 7,
};

/// Something that was: "at 11:20", "on Monday at 11:20", "on Monday 2 November at 11:20". Nothing without a clock.
pub(super) fn was(front: &Front, at: Timestamp) -> Option<String> {
    let distance = at.distance(front.time()?, &front.place.site.zone);
    Some(told(front, at, distance, &AT))
}

/// What follows "by": "17:08", "Tuesday 18:08", "Thursday 17 December at 14:08". What is over has its day and month, for its
/// weekday would sound like the next one. Without a clock the day alone.
pub(super) fn by(front: &Front, at: Timestamp) -> String {
    let Some(now) = front.time() else {
        return day(front, at);
    };
    let distance = match at.distance(now, &front.place.site.zone) {
        Distance::Week if at < now => Distance::Far,
        distance => distance,
    };
    told(front, at, distance, &BY)
}

/// "22 November"; with its year where it is another one, or where nobody knows which one this is.
pub(super) fn day(front: &Front, at: Timestamp) -> String {
    let zone = &front.place.site.zone;
    let day = at.civil_day(zone);
    let this_year = front.time().is_some_and(|now| now.civil_day(zone).year == day.year);
    let word = front
        .phrases()
        .get_times()
        .row_data(8 + usize::from(this_year))
        .unwrap_or_default();
    let (number, year) = (day.day.to_string(), day.year.to_string());
    filled_in(&word, &[&number, &month(front, day.month), &year])
}

fn month(front: &Front, month: usize) -> String {
    let words = front.phrases().get_months();
    words.row_data(month.saturating_sub(1)).unwrap_or_default().into()
}

fn told(front: &Front, at: Timestamp, distance: Distance, place: &Place) -> String {
    let zone = &front.place.site.zone;
    let (clock, day) = (at.clock_time(zone), at.civil_day(zone));
    let weekday = front.phrases().get_weekdays().row_data(day.weekday).unwrap_or_default();
    let (number, month, year) = (day.day.to_string(), month(front, day.month), day.year.to_string());
    let words = front.phrases().get_times();
    let word = |at| words.row_data(at).unwrap_or_default();
    match distance {
        Distance::Today => filled_in(&word(place.today), &[&clock]),
        Distance::Week => filled_in(&word(place.week), &[&weekday, &clock]),
        Distance::Far => filled_in(&word(place.far), &[&weekday, &number, &month, &clock]),
        Distance::OtherYear => filled_in(&word(place.other_year), &[&weekday, &number, &month, &year, &clock]),
    }
}
