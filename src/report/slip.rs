//! What the printer prints for a reporter to take away, as lines of text (SAFETY 25).
//!
//! The landlord's name, Reference and the digits, a time, where to come back, opening hours. No helpline and no word of
//! reporting: whoever finds it in a pocket learns that somebody asked something. "Print useful numbers" prints the same
//! shape with a number whose check digit is wrong, so a slip proves nothing. It draws nothing (that is `render`).

use alloc::string::String;
use alloc::vec::Vec;

use crate::form::damm;
use crate::limits::REFERENCE_CODE_DIGITS;
use crate::mailbox::ReferenceCode;

/// What stands on every slip of one office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipFacts {
    /// The landlord's name.
    pub landlord: String,
    /// The word in front of the digits, for example "Reference".
    pub reference: String,
    /// For example "Bring this to any of our screens, or ring 01632 960100."
    pub come_back: String,
    /// The office's opening hours, one a line.
    pub hours: Vec<String>,
    /// When it was printed, for example "22 November 2026, 14:10"; empty when no clock can be believed.
    pub time: String,
}

/// How large a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlipSize {
    /// Ordinary words.
    Words,
    /// The name on top.
    Name,
    /// The digits.
    Digits,
}

/// One line, before it is shaped into pixels. Debug hides it: the digits are a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct SlipLine {
    /// What it says.
    pub said: String,
    /// How large.
    pub size: SlipSize,
    /// Begins a new paragraph.
    pub apart: bool,
}

impl core::fmt::Debug for SlipLine {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "SlipLine({} bytes, {:?})", self.said.len(), self.size)
    }
}

impl Drop for SlipLine {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.said);
    }
}

/// The slip of a report.
pub fn slip(facts: &SlipFacts, code: &ReferenceCode) -> Vec<SlipLine> {
    lines(facts, &code.grouped())
}

/// A slip that looks the same and opens nothing. `random` are 15 digits' worth of random bytes.
pub fn look_alike(facts: &SlipFacts, random: [u8; 16]) -> Vec<SlipLine> {
    let code = ReferenceCode::from_random(random);
    let mut digits = code.ascii();
    let last = &mut digits[REFERENCE_CODE_DIGITS - 1];
    *last = if *last == b'9' { b'0' } else { *last + 1 };
    debug_assert!(!damm::valid(&digits.map(|digit| digit - b'0')));
    let mut grouped = String::with_capacity(REFERENCE_CODE_DIGITS + 3);
    for (at, digit) in digits.iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            grouped.push(' ');
        }
        grouped.push(char::from(*digit));
    }
    lines(facts, &grouped)
}

fn lines(facts: &SlipFacts, digits: &str) -> Vec<SlipLine> {
    let line = |said: &str, size, apart| SlipLine {
        said: said.into(),
        size,
        apart,
    };
    // Two groups a line: four would be too small to read without glasses.
    let (first, second) = digits.split_at(digits.len() / 2);
    let mut lines = alloc::vec![
        line(&facts.landlord, SlipSize::Name, false),
        line(&facts.reference, SlipSize::Words, true),
        line(first.trim(), SlipSize::Digits, false),
        line(second.trim(), SlipSize::Digits, false),
    ];
    if !facts.time.is_empty() {
        lines.push(line(&facts.time, SlipSize::Words, true));
    }
    lines.push(line(&facts.come_back, SlipSize::Words, true));
    // Each apart: one that is too long for the paper goes on in a second line.
    lines.extend(facts.hours.iter().map(|hours| line(hours, SlipSize::Words, true)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn facts() -> SlipFacts {
        SlipFacts {
            landlord: "Mossbank Homes".into(),
            reference: "Reference".into(),
            come_back: "Bring this to any of our screens, or ring 01632 960100.".into(),
            hours: alloc::vec!["Monday to Thursday: 9 to 5".to_string(), "Friday: 9 to 4".to_string()],
            time: "22 November 2026, 14:10".into(),
        }
    }

    fn digits(lines: &[SlipLine]) -> String {
        let groups = lines.iter().filter(|line| line.size == SlipSize::Digits);
        groups.map(|line| line.said.clone() + " ").collect()
    }

    #[test]
    fn a_look_alike_differs_in_nothing_but_a_number_that_opens_nothing() {
        for seed in 0..50 {
            let code = ReferenceCode::from_random([seed; 16]);
            let (real, other) = (slip(&facts(), &code), look_alike(&facts(), [seed.wrapping_add(91); 16]));
            assert_eq!(ReferenceCode::parse(&digits(&real)).as_ref(), Ok(&code));
            assert!(ReferenceCode::parse(&digits(&other)).is_err());
            let shape = |lines: &[SlipLine]| {
                lines
                    .iter()
                    .map(|line| (line.said.len(), line.size, line.apart))
                    .collect::<Vec<_>>()
            };
            assert_eq!(shape(&real), shape(&other));
        }
    }

    #[test]
    fn without_a_clock_no_time_is_made_up() {
        let code = ReferenceCode::from_random([3; 16]);
        let timeless = SlipFacts {
            time: String::new(),
            ..facts()
        };
        let with: Vec<String> = slip(&facts(), &code).iter().map(|line| line.said.clone()).collect();
        let mut without: Vec<String> = slip(&timeless, &code).iter().map(|line| line.said.clone()).collect();
        without.insert(4, facts().time);
        assert_eq!(with, without);
    }

    #[test]
    fn nothing_on_it_says_what_it_is_about() {
        let code = ReferenceCode::from_random([7; 16]);
        let text: String = slip(&facts(), &code)
            .iter()
            .map(|line| line.said.to_lowercase() + "\n")
            .collect();
        for word in [
            "report",
            "hate",
            "harass",
            "help",
            "police",
            "crime",
            "heard",
            "caseworker",
            "safe",
        ] {
            assert!(!text.contains(word), "{word}");
        }
    }
}
