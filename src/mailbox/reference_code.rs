//! The 16 digits that a reporter keeps: 15 random ones and a check digit, told in groups of four.
//!
//! Digits only, so that they can be typed on a number pad in any language and read out over the telephone. The check
//! digit (Damm) finds every single wrong digit and every swap of neighbours. A code is a secret: Debug hides it and
//! the memory is wiped.

use alloc::string::String;
use core::fmt;
use zeroize::Zeroize;

use crate::form::damm;
use crate::limits::REFERENCE_CODE_DIGITS;

/// A code whose check digit is right.
#[derive(Clone, PartialEq, Eq)]
pub struct ReferenceCode([u8; REFERENCE_CODE_DIGITS]);

/// Why what was typed is not a code. Says nothing about whether a code exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceCodeError {
    /// Not 16 digits.
    Digits,
    /// The last digit does not fit the others: one was mistyped.
    CheckDigit,
}

impl fmt::Display for ReferenceCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digits => "a reference code has 16 digits",
            Self::CheckDigit => "one digit of the reference code is not right: check it and type it again",
        })
    }
}

impl core::error::Error for ReferenceCodeError {}

impl ReferenceCode {
    /// Makes a code from 16 random bytes. The bias of the remainder is below 2⁻⁷⁸.
    pub fn from_random(random: [u8; 16]) -> Self {
        let mut number = u128::from_be_bytes(random) % 1_000_000_000_000_000;
        let mut digits = [0; REFERENCE_CODE_DIGITS];
        for digit in digits[..REFERENCE_CODE_DIGITS - 1].iter_mut().rev() {
            *digit = u8::try_from(number % 10).unwrap_or(0);
            number /= 10;
        }
        digits[REFERENCE_CODE_DIGITS - 1] = damm::check_digit(&digits[..REFERENCE_CODE_DIGITS - 1]).unwrap_or(0);
        Self(digits)
    }

    /// Reads what was typed; spaces and hyphens are passed over.
    pub fn parse(text: &str) -> Result<Self, ReferenceCodeError> {
        let mut digits = [0; REFERENCE_CODE_DIGITS];
        let mut count = 0;
        for letter in text.chars().filter(|letter| !matches!(letter, ' ' | '-')) {
            let digit = letter.to_digit(10).and_then(|digit| u8::try_from(digit).ok());
            *digits.get_mut(count).ok_or(ReferenceCodeError::Digits)? = digit.ok_or(ReferenceCodeError::Digits)?;
            count += 1;
        }
        if count != REFERENCE_CODE_DIGITS {
            return Err(ReferenceCodeError::Digits);
        }
        if damm::valid(&digits) {
            Ok(Self(digits))
        } else {
            Err(ReferenceCodeError::CheckDigit)
        }
    }

    /// The digits as ASCII, without gaps: what keys are derived from.
    pub fn ascii(&self) -> [u8; REFERENCE_CODE_DIGITS] {
        self.0.map(|digit| b'0' + digit)
    }

    /// The digits in groups of four, for the screen and the slip.
    pub fn grouped(&self) -> String {
        let mut text = String::with_capacity(REFERENCE_CODE_DIGITS + 3);
        for (at, digit) in self.0.iter().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push(' ');
            }
            text.push(char::from(b'0' + digit));
        }
        text
    }
}

impl Drop for ReferenceCode {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for ReferenceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReferenceCode")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

    #[test]
    fn a_code_survives_being_typed_and_slips_of_the_finger_are_found() {
        for seed in 0..200_u8 {
            let code = ReferenceCode::from_random([seed.wrapping_mul(37); 16]);
            let text = code.grouped();
            assert_eq!(text.len(), 19);
            assert_eq!(ReferenceCode::parse(&text), Ok(code.clone()));
            assert_eq!(ReferenceCode::parse(&text.replace(' ', "-")), Ok(code.clone()));
            let digits: alloc::vec::Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
            for at in 0..digits.len() {
                let mut wrong = digits.clone();
                wrong[at] = if wrong[at] == '9' { '0' } else { '9' };
                if wrong != digits {
                    let wrong: String = wrong.iter().collect();
                    assert_eq!(ReferenceCode::parse(&wrong), Err(ReferenceCodeError::CheckDigit));
                }
                let mut swapped = digits.clone();
                swapped.swap(at, (at + 1) % digits.len());
                if at + 1 < digits.len() && swapped != digits {
                    let swapped: String = swapped.iter().collect();
                    assert_eq!(ReferenceCode::parse(&swapped), Err(ReferenceCodeError::CheckDigit));
                }
            }
            assert!(!format!("{code:?}").contains(&digits[0].to_string()));
        }
    }
}
