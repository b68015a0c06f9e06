//! "Check my last four": somebody has written the code down and wants to know whether it is right (SAFETY 23).
//!
//! Used by `session_saved`. The code is closed meanwhile and is never shown by this: only "Show my code" opens it. Any
//! number of tries; the wipe of the saved page waits for nobody.

use zeroize::Zeroizing;

use super::view::CodeCheck;
use crate::mailbox::ReferenceCode;

/// Digits that are asked for.
const DIGITS: usize = 4;

/// Whether what was typed ends the code. Spaces are passed over.
pub(super) fn check(code: &ReferenceCode, typed: &str) -> CodeCheck {
    let all = Zeroizing::new(code.ascii());
    let end = &all[all.len() - DIGITS..];
    let typed = typed.bytes().filter(|byte| *byte != b' ');
    if typed.eq(end.iter().copied()) {
        CodeCheck::Right
    } else {
        CodeCheck::Wrong
    }
}
