//! Rust as text: comments and strings blanked out, braces matched, functions measured. For `tests/tidy.rs`.
//!
//! A scanner of a hundred lines, not a parser: it needs no dependency and is right about code that compiles.

/// A function and its size.
pub(crate) struct Function<'a> {
    pub(crate) name: &'a str,
    /// Where it starts, from 1.
    pub(crate) line: usize,
    /// From `fn` to its closing brace.
    pub(crate) lines: usize,
}

/// The text with every comment, string and character literal blanked; newlines and places stay.
pub(crate) fn only_code(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = skipped_until(bytes, at);
        if end == at {
            at += 1;
            continue;
        }
        code[at..end]
            .iter_mut()
            .filter(|byte| **byte != b'\n')
            .for_each(|byte| *byte = b' ');
        at = end;
    }
    // Outside strings and comments code is ASCII; anything else was blanked whole.
    String::from_utf8_lossy(&code).into_owned()
}

/// The end of the comment or literal that starts at `at`; `at` itself when none does.
fn skipped_until(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    if rest.starts_with(b"//") {
        return at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    }
    if rest.starts_with(b"/*") {
        return at + block_comment(rest);
    }
    let after_name = at > 0 && is_name(bytes[at - 1]);
    if !after_name && (rest[0] == b'r' || rest.starts_with(b"br")) {
        let hashes_at = if rest[0] == b'b' { 2 } else { 1 };
        let hashes = rest[hashes_at..].iter().take_while(|byte| **byte == b'#').count();
        if rest.get(hashes_at + hashes) == Some(&b'"') {
            let close = [&b"\""[..], &b"#".repeat(hashes)].concat();
            let body = hashes_at + hashes + 1;
            let length = rest[body..].windows(close.len()).position(|window| window == close);
            return at + length.map_or(rest.len(), |length| body + length + close.len());
        }
    }
    match rest[0] {
        b'"' => at + quoted(rest, b'"'),
        // A lifetime has no closing quote after one letter.
        b'\'' if rest.get(1) == Some(&b'\\') => at + quoted(rest, b'\''),
        b'\'' => {
            let letter = std::str::from_utf8(&rest[1..rest.len().min(5)]);
            let valid = letter.map_or_else(|broken| broken.valid_up_to(), str::len);
            let first = std::str::from_utf8(&rest[1..=valid])
                .ok()
                .and_then(|text| text.chars().next());
            let length = first.map_or(1, char::len_utf8);
            if rest.get(1 + length) == Some(&b'\'') {
                at + length + 2
            } else {
                at
            }
        }
        _ => at,
    }
}

fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

fn block_comment(rest: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The number of the line at `at`, from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count()
}

/// Where the brace that opens at `open` closes.
pub(crate) fn closing_brace(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Every function with a body.
pub(crate) fn functions(code: &str) -> Vec<Function<'_>> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        if at > 0 && is_name(code.as_bytes()[at - 1]) {
            continue;
        }
        let name = &code[at + 3..];
        let name = &name[..name.bytes().take_while(|byte| is_name(*byte)).count()];
        let Some(open) = body_start(code, at).filter(|_| !name.is_empty()) else {
            continue;
        };
        let Some(close) = closing_brace(code, open) else {
            continue;
        };
        let line = line_of(code, at);
        found.push(Function {
            name,
            line,
            lines: line_of(code, close) - line + 1,
        });
    }
    found
}

/// The brace that opens a function's body; none for a declaration.
fn body_start(code: &str, at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (place, byte) in code.bytes().enumerate().skip(at) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b'{' if depth == 0 => return Some(place),
            b';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}
