//! A day as answers to choose: the last days by name, then months, then years, and "I do not know".
//!
//! Called by `choose`. Nobody has to type a date, and nobody has to know it exactly.

use jiff::ToSpan;
use jiff::civil::Date;
use slint::Model;

use super::choose::{Pick, Row};
use super::front::{Front, filled_in};
use crate::form::{Approximate, DateValue, Given};

/// Days offered by name, today included.
const DAYS: i64 = 14;
/// Months before this one.
const MONTHS: i64 = 11;
/// Years before this one.
const YEARS: i64 = 5;

/// Rows from near to far; an answer given before that is none of them comes first.
pub(super) fn rows(front: &Front, given: Option<&Given>) -> Vec<Row> {
    let words = front.phrases().get_dates();
    let word = |at| String::from(words.row_data(at).unwrap_or_default());
    let mut rows = Vec::new();
    if let Some(today) = today(front) {
        rows.extend(days(front, today, &word));
        rows.push(not_known(word(2)));
        rows.extend(months(front, today, &word));
        rows.extend(years(today, &word));
    } else {
        rows.push(not_known(word(2)));
    }
    if let Some(Given::Date(date)) = given
        && !rows.iter().any(|row| row.pick == Pick::Date(*date))
    {
        rows.insert(
            0,
            Row {
                label: in_words(front, *date),
                hint: String::new(),
                pick: Pick::Date(*date),
            },
        );
    }
    rows
}

fn today(front: &Front) -> Option<Date> {
    let now = jiff::Timestamp::from_second(front.time()?.0).ok()?;
    let zone = jiff::tz::db()
        .get(&front.place.site.zone)
        .unwrap_or(jiff::tz::TimeZone::UTC);
    Some(now.to_zoned(zone).date())
}

fn not_known(label: String) -> Row {
    Row {
        label,
        hint: String::new(),
        pick: Pick::Date(DateValue::NotSure),
    }
}

fn value(date: Date) -> (u16, u8, u8) {
    (
        u16::try_from(date.year()).unwrap_or(0),
        u8::try_from(date.month()).unwrap_or(0),
        u8::try_from(date.day()).unwrap_or(0),
    )
}

fn days(front: &Front, today: Date, word: &impl Fn(usize) -> String) -> Vec<Row> {
    let row = |back: i64| {
        let date = today.checked_sub(back.days()).ok()?;
        let (year, month, day) = value(date);
        let name = day_in_words(front, date);
        let (label, hint) = match back {
            0 => (word(0), name),
            1 => (word(1), name),
            _ => (name, String::new()),
        };
        Some(Row {
            label,
            hint,
            pick: Pick::Date(DateValue::Day(year, month, day, Approximate::Unsaid)),
        })
    };
    (0..DAYS).filter_map(row).collect()
}

fn months(front: &Front, today: Date, word: &impl Fn(usize) -> String) -> Vec<Row> {
    let row = |back: i64| {
        let date = today.checked_sub(back.months()).ok()?;
        let (year, month, _) = value(date);
        let name = format!("{} {year}", month_word(front, month));
        Some(Row {
            label: filled_in(&word(3), &[&name]),
            hint: String::new(),
            pick: Pick::Date(DateValue::Month(year, month, Approximate::About)),
        })
    };
    (0..=MONTHS).filter_map(row).collect()
}

fn years(today: Date, word: &impl Fn(usize) -> String) -> Vec<Row> {
    let row = |back: i64| {
        let (year, ..) = value(today.checked_sub(back.years()).ok()?);
        Some(Row {
            label: filled_in(&word(3), &[&year.to_string()]),
            hint: String::new(),
            pick: Pick::Date(DateValue::Year(year, Approximate::About)),
        })
    };
    (0..=YEARS).filter_map(row).collect()
}

fn month_word(front: &Front, month: u8) -> String {
    let words = front.phrases().get_months();
    words
        .row_data(usize::from(month.saturating_sub(1)))
        .unwrap_or_default()
        .into()
}

fn day_in_words(front: &Front, date: Date) -> String {
    let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
    let weekday = front.phrases().get_weekdays().row_data(weekday).unwrap_or_default();
    let (_, month, day) = value(date);
    format!("{weekday} {day} {}", month_word(front, month))
}

pub(super) fn in_words(front: &Front, date: DateValue) -> String {
    match date {
        DateValue::NotSure => String::new(),
        DateValue::Year(year, _) => year.to_string(),
        DateValue::Month(year, month, _) => format!("{} {year}", month_word(front, month)),
        DateValue::Day(year, month, day, _) => format!("{day} {} {year}", month_word(front, month)),
    }
}
