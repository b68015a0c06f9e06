//! The list of cases: which is due first, how long there is, whether a specialist has opened it.

use crate::time::Timestamp;
use crate::wire::api::{CaseList, CaseRow};

use super::answer_words::visible;
use super::error::DeskError;
use super::print_out::time_words;

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;

/// The list as text, in the order given (soonest due first).
pub fn cases_text(list: &CaseList, now: Timestamp) -> String {
    if list.cases.is_empty() {
        return "There is nothing for you to open.\n".into();
    }
    let mut text = String::new();
    for row in &list.cases {
        text.push_str(&row_text(row, now));
        text.push('\n');
    }
    text
}

/// The list as one JSON document, as the intake gave it.
///
/// # Errors
/// None in practice: the list was read from JSON.
pub fn cases_json(list: &CaseList) -> Result<String, DeskError> {
    serde_json::to_string(list).map_err(|_| DeskError::fault("the list cannot be written"))
}

fn row_text(row: &CaseRow, now: Timestamp) -> String {
    let urgent = if row.urgent { "URGENT  " } else { "" };
    let state = if row.new {
        format!("NEW since it was opened, {}", due_words(&row.due_at, now))
    } else if row.first_opened_at.is_some() {
        "opened".into()
    } else {
        format!("not opened, {}", due_words(&row.due_at, now))
    };
    format!("{}  {urgent}{state}", visible(&row.case))
}

/// For example `due in 3 h (Tuesday 14:10, 24 November 2026)` or `LATE by 20 min (…)`.
pub(super) fn due_words(due_at: &str, now: Timestamp) -> String {
    let Ok(due) = due_at.parse::<jiff::Timestamp>() else {
        return format!("due {}", visible(due_at));
    };
    let due = Timestamp(due.as_second());
    let left = due.0.saturating_sub(now.0);
    let told = if left < 0 {
        format!("LATE by {}", span(left.saturating_neg()))
    } else {
        format!("due in {}", span(left))
    };
    format!("{told} ({})", time_words(due))
}

/// Whole hours from two hours on, minutes below; time left is never told longer than it is.
fn span(seconds: i64) -> String {
    if seconds >= 2 * HOUR {
        format!("{} h", seconds / HOUR)
    } else {
        format!("{} min", seconds / MINUTE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_after_it_was_opened_is_told() {
        let mut row = CaseRow {
            case: "ab".repeat(16),
            arrived_at: "2026-11-23T14:10:00Z".into(),
            due_at: "2026-11-24T14:10:00Z".into(),
            first_opened_at: Some("2026-11-23T15:00:00Z".into()),
            urgent: false,
            new: false,
        };
        let now = Timestamp(row.arrived_at.parse::<jiff::Timestamp>().unwrap().as_second());
        assert!(row_text(&row, now).ends_with("  opened"));
        row.new = true;
        assert!(row_text(&row, now).contains("  NEW since it was opened, due in 24 h"));
    }

    #[test]
    fn deadlines_are_told_as_they_are() {
        let due = "2026-11-24T14:10:00Z";
        let at = |text: &str| Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_second());
        for (now, told) in [
            ("2026-11-24T11:09:00Z", "due in 3 h"),
            ("2026-11-24T11:11:00Z", "due in 2 h"),
            ("2026-11-24T12:11:00Z", "due in 119 min"),
            ("2026-11-24T14:10:00Z", "due in 0 min"),
            ("2026-11-24T14:30:00Z", "LATE by 20 min"),
            ("2026-11-26T14:10:00Z", "LATE by 48 h"),
        ] {
            assert_eq!(
                due_words(due, at(now)),
                format!("{told} (Tuesday 14:10, 24 November 2026)")
            );
        }
        assert_eq!(due_words("soon\u{1b}[2J", at(due)), "due soon\u{fffd}[2J");
    }
}
