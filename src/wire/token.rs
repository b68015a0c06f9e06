//! The enrolment token: what an installer types once, in Crockford base32.
//!
//! 16 secret bytes that the intake accepts once, and the first 16 bytes of SHA-256 of the anchor, so that a kiosk
//! enrols with the right deployment although it has never spoken to it.

use alloc::string::{String, ToString};
use core::fmt;
use data_encoding::{Encoding, Specification};
use zeroize::Zeroize;

/// Letters between hyphens when a token is shown.
const GROUP: usize = 4;

/// An enrolment token. Debug hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// Accepted once by the intake.
    pub secret: [u8; 16],
    /// First bytes of the anchor's digest.
    pub anchor: [u8; 16],
}

/// Text that is not a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenError;

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an enrolment token: type the 52 letters and digits as `heard-intake token` printed them")
    }
}

impl core::error::Error for TokenError {}

impl Token {
    /// Reads what was typed: upper or lower case, hyphens and spaces anywhere, O for 0, I and L for 1.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let bytes = crockford().decode(text.trim().as_bytes()).map_err(|_| TokenError)?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| TokenError)?;
        let mut token = Self {
            secret: [0; 16],
            anchor: [0; 16],
        };
        token.secret.copy_from_slice(&bytes[..16]);
        token.anchor.copy_from_slice(&bytes[16..]);
        Ok(token)
    }

    /// The text to hand over, in groups of four.
    pub fn text(&self) -> String {
        let letters = crockford().encode(&[self.secret, self.anchor].concat());
        let mut text = String::with_capacity(letters.len() + letters.len() / GROUP);
        for (at, letter) in letters.chars().enumerate() {
            if at > 0 && at % GROUP == 0 {
                text.push('-');
            }
            text.push(letter);
        }
        text
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

fn crockford() -> Encoding {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    specification.translate.from = "abcdefghjkmnpqrstvwxyzoOiIlL".to_string();
    specification.translate.to = "ABCDEFGHJKMNPQRSTVWXYZ001111".to_string();
    specification.ignore.push_str("- ");
    specification
        .encoding()
        .expect("the alphabet above is a valid specification")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_being_typed() {
        let token = Token {
            secret: [0x5a; 16],
            anchor: [0x1f; 16],
        };
        let text = token.text();
        assert_eq!(text.replace('-', "").len(), 52);
        for typed in [
            text.clone(),
            text.to_lowercase(),
            text.replace('-', " "),
            text.replace('0', "o"),
        ] {
            assert_eq!(Token::parse(&typed), Ok(token.clone()));
        }
        for wrong in ["", "ABCD", &text[1..], &text.replace('-', "_"), &(text.clone() + "A")] {
            assert_eq!(Token::parse(wrong), Err(TokenError));
        }
    }
}
