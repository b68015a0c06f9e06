//! A day as answers to choose: the last days by name, then months, then years, and "I do not know". Who knows an older day
//! types it; so does everybody where nobody has set the clock.
//!
//! Called by `choose` and `write`. Nobody has to type a date, and nobody has to know it exactly.

use heard_ui::Screen;
use jiff::ToSpan;
use jiff::civil::Date;
use slint::Model;

use super::choose::{Pick, Row};
use super::front::{Front, State, filled_in};
use super::typing;
use crate::form::{Approximate, DateValue, Given};
use crate::machine::{Page, Press};

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
        rows.push(typed(word(4)));
        rows.push(not_known(word(2)));
        rows.extend(months(front, today, &word));
        rows.extend(years(today, &word));
    } else {
        rows.push(typed(word(4)));
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

fn typed(label: String) -> Row {
    Row {
        label,
        hint: String::new(),
        pick: Pick::TypedDate,
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

/// `03112026` or `3/11/2026`, `112026` and `2026`: a day, a month, a year.
fn read(typed: &str) -> Option<DateValue> {
    let parts: Vec<&str> = typed.split(|letter: char| !letter.is_ascii_digit()).collect();
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let (day, month, year) = match parts[..] {
        [day, month, year] if year.len() == 4 => (day, month, year),
        [month, year] if year.len() == 4 => ("", month, year),
        [digits] => match digits.len() {
            8 => (&digits[..2], &digits[2..4], &digits[4..]),
            6 => ("", &digits[..2], &digits[2..]),
            4 => ("", "", digits),
            _ => return None,
        },
        _ => return None,
    };
    let number = |digits: &str| digits.parse::<i8>().ok();
    let year: i16 = year.parse().ok()?;
    // Whether there is such a day is the calendar's to say.
    let first = Date::new(year, if month.is_empty() { 1 } else { number(month)? }, 1).ok()?;
    let date = if day.is_empty() {
        first
    } else {
        Date::new(year, first.month(), number(day)?).ok()?
    };
    let (year, known_month, known_day) = value(date);
    (1900..=2200).contains(&year).then_some(match (day, month) {
        ("", "") => DateValue::Year(year, Approximate::Unsaid),
        ("", _) => DateValue::Month(year, known_month, Approximate::Unsaid),
        _ => DateValue::Day(year, known_month, known_day, Approximate::Unsaid),
    })
}

/// Whether it has begun; nobody tells of a day to come.
fn has_begun(front: &Front, date: DateValue) -> bool {
    let (year, month, day) = match date {
        DateValue::NotSure => return true,
        DateValue::Year(year, _) => (year, 1, 1),
        DateValue::Month(year, month, _) => (year, month, 1),
        DateValue::Day(year, month, day, _) => (year, month, day),
    };
    today(front).is_none_or(|today| (year, month, day) <= value(today))
}

/// A day was typed.
pub(super) fn date_done(front: &Front, typed: &str) {
    let date = read(typed).filter(|date| has_begun(front, *date));
    let question = match front.state.borrow().view.as_deref().map(|view| &view.page) {
        Some(Page::Question(asked)) => Some(asked.question),
        _ => None,
    };
    match (date, question) {
        (Some(date), Some(question)) => {
            front.open(None);
            front.tell(Press::Answer(question, Given::Date(date)));
        }
        _ => {
            front.state.borrow_mut().refused = true;
            front.draw();
        }
    }
}

pub(super) fn fill_typed(front: &Front, state: &mut State, is_new: bool) -> Screen {
    let words = front.phrases().get_dates();
    let said = [5, 6, 7].map(|at| words.row_data(at).unwrap_or_default());
    typing::fill_digits(front, state, is_new, said)
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::form::{Approximate::Unsaid, DateValue};

    #[test]
    fn dates_are_read_as_they_are_said() {
        let day = |year, month, day| Some(DateValue::Day(year, month, day, Unsaid));
        let table = [
            ("03112026", day(2026, 11, 3)),
            ("3/11/2026", day(2026, 11, 3)),
            ("29 2 2024", day(2024, 2, 29)),
            ("29022025", None),
            ("112026", Some(DateValue::Month(2026, 11, Unsaid))),
            ("132026", None),
            ("2026", Some(DateValue::Year(2026, Unsaid))),
            ("1899", None),
            ("3112026", None),
            ("031126", None),
            ("", None),
            ("99999999999999999999", None),
        ];
        for (typed, date) in table {
            assert_eq!(read(typed), date, "{typed}");
        }
    }
}
