//! Tests of the constraints: for each kind of question what is taken byte for byte and what is refused, and why.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::AnswerProblem as Why;
use super::constraint::check;
use super::samples::{every_kind, index};
use super::{Approximate, DateValue, Given, TimeValue};

fn text(words: impl Into<String>) -> Given {
    Given::Text(words.into())
}

fn all_fail_or_pass(table: Vec<(&str, Given, Result<(), Why>)>) {
    let form = every_kind();
    for (row, (id, given, expected)) in table.into_iter().enumerate() {
        let got = check(&form.questions[index(&form, id)], &given);
        assert_eq!(got, expected, "{id}, row {row}");
    }
}

#[test]
fn choices() {
    all_fail_or_pass(
        [
            ("now", Given::Choice(2), Ok(())),
            ("now", Given::Choice(3), Err(Why::UnknownChoice)),
            (
                "now",
                Given::Choices([1].into()),
                Err(Why::WrongKind("the id of one choice")),
            ),
            ("welcome", Given::Choice(1), Err(Why::Statement)),
            ("who", Given::Choices([4, 1, 3].into()), Ok(())),
            ("who", Given::Choices([].into()), Err(Why::NoChoice)),
            ("who", Given::Choices([1, 1].into()), Err(Why::ChosenTwice)),
            ("who", Given::Choices([1, 9].into()), Err(Why::UnknownChoice)),
            (
                "who",
                Given::Choices([1, 2, 3, 4].into()),
                Err(Why::TooManyChoices { most: 3 }),
            ),
            ("hour", Given::Time(TimeValue::Part(1)), Ok(())),
            ("hour", Given::Time(TimeValue::Part(2)), Err(Why::UnknownChoice)),
            ("hour", Given::Time(TimeValue::Clock(23, 59)), Ok(())),
            ("hour", Given::Time(TimeValue::Clock(24, 0)), Err(Why::ImpossibleTime)),
            ("hour", Given::Time(TimeValue::Clock(0, 60)), Err(Why::ImpossibleTime)),
            ("times", Given::Number(-2), Ok(())),
            (
                "times",
                Given::Number(501),
                Err(Why::OutOfBounds { least: -2, most: 500 }),
            ),
            (
                "times",
                Given::Number(i64::MIN),
                Err(Why::OutOfBounds { least: -2, most: 500 }),
            ),
        ]
        .into(),
    );
}

#[test]
fn words() {
    let place = |spot: &str| Given::Place {
        place: 1,
        spot: Some(spot.into()),
    };
    all_fail_or_pass(
        [
            ("story", text(" two\n\n lines \n"), Ok(())),
            ("story", text(""), Err(Why::Blank)),
            ("story", text(" \n\u{3000}"), Err(Why::Blank)),
            ("story", text("a\tb"), Err(Why::ControlCharacter)),
            ("story", text("a\r\nb"), Err(Why::ControlCharacter)),
            ("story", text("a\u{85}b"), Err(Why::ControlCharacter)),
            ("story", text("কি".repeat(200)), Ok(())),
            ("story", text("x".repeat(401)), Err(Why::TooManyLetters { most: 400 })),
            (
                "story",
                text("\u{1f600}".repeat(301)),
                Err(Why::TooManyBytes { most: 1200 }),
            ),
            ("not-to-see", text("one\ntwo\nthree"), Ok(())),
            (
                "not-to-see",
                text("one\ntwo\nthree\n"),
                Err(Why::TooManyLines { most: 3 }),
            ),
            ("where", place("by the bins"), Ok(())),
            ("where", Given::Place { place: 1, spot: None }, Ok(())),
            ("where", Given::Place { place: 9, spot: None }, Err(Why::UnknownChoice)),
            ("where", place(""), Err(Why::Blank)),
            ("where", place("a\nb"), Err(Why::ControlCharacter)),
            ("where", place(&"x".repeat(61)), Err(Why::TooManyLetters { most: 60 })),
        ]
        .into(),
    );
}

#[test]
fn dates_are_days_of_the_calendar() {
    use DateValue::{Day, Month, NotSure, Year};
    let about = Approximate::About;
    let right = [
        NotSure,
        Year(1900, about),
        Year(2200, about),
        Month(2026, 12, about),
        Day(2024, 2, 29, about),
        Day(2000, 2, 29, about),
        Day(2026, 1, 31, about),
    ];
    let wrong = [
        Year(1899, about),
        Year(2201, about),
        Month(2026, 0, about),
        Month(2026, 13, about),
        Day(2026, 2, 29, about),
        Day(1900, 2, 29, about),
        Day(2026, 4, 31, about),
        Day(2026, 4, 0, about),
        Day(2026, 13, 1, about),
    ];
    let right = right.map(|date| ("day", Given::Date(date), Ok(())));
    let wrong = wrong.map(|date| ("day", Given::Date(date), Err(Why::ImpossibleDate)));
    all_fail_or_pass(right.into_iter().chain(wrong).collect());
}

#[test]
fn addresses_and_codes() {
    let mut table = Vec::new();
    for right in ["01614960000", "+44 (0)161 496-0000", "0161.496.0000", "12345"] {
        table.push(("ring-number", text(right), Ok(())));
    }
    for wrong in [
        "",
        "1234",
        "1234567890123456",
        "0161+496",
        "0161 496 0000 ext 5",
        "++441614960000",
        "০১৬১৪৯৬",
        "12345\n",
        "1  2  3  4  5  6  7  8  9",
    ] {
        table.push(("ring-number", text(wrong), Err(Why::NotAPhone)));
    }
    for right in ["a@b", "first.last+tag@example.org", "δ@example.org"] {
        table.push(("mail-address", text(right), Ok(())));
    }
    let long = "x".repeat(250) + "@y.org";
    for wrong in ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\n", "a@\u{a0}b", &long] {
        table.push(("mail-address", text(wrong), Err(Why::NotAnEmail)));
    }
    let digits = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9];
    let last = super::damm::check_digit(&digits).unwrap();
    let right = digits
        .iter()
        .chain([&last])
        .map(ToString::to_string)
        .collect::<String>();
    let spaced = [&right[..4], &right[4..8], &right[8..12], &right[12..]].join(" ");
    for code in [&right, &spaced, &spaced.replace(' ', "-")] {
        table.push(("earlier", text(code.clone()), Ok(())));
    }
    let wrong_digit = right.replacen('3', "4", 1);
    table.push(("earlier", text(wrong_digit), Err(Why::WrongCheckDigit)));
    for wrong in [
        "",
        &right[1..],
        &(right.clone() + "0"),
        &spaced.replace(' ', "  "),
        &right.replace('3', "x"),
    ] {
        table.push(("earlier", text(wrong), Err(Why::NotAReferenceCode)));
    }
    all_fail_or_pass(table);
}
