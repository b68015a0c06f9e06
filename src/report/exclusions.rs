//! Puts the people who must not see a report into the few short entries of its routing slip.
//!
//! `routing` calls it. The intake keeps out whoever shares a word with an entry, so a word is never cut, glued to another
//! or dropped; only one that is longer than a whole entry goes on in the next.

use alloc::string::String;
use alloc::vec::Vec;
use zeroize::Zeroize;

use crate::limits::{EXCLUSION_BYTES, EXCLUSIONS_MOST};

/// One entry a line while there are enough: a long line takes several. Otherwise the entries are filled one after the
/// other. What a checked form lets somebody write always fits [`EXCLUSIONS_MOST`] entries.
pub(super) fn entries(texts: &[&str]) -> Vec<String> {
    let lines = || {
        let lines = texts.iter().flat_map(|text| text.lines());
        lines.map(str::trim).filter(|line| !line.is_empty())
    };
    let mut apart = Vec::new();
    for line in lines() {
        apart.push(entry());
        match line.len() {
            ..=EXCLUSION_BYTES => push(&mut apart, line),
            _ => spill(&mut apart, line, ' '),
        }
    }
    if apart.len() <= EXCLUSIONS_MOST {
        return apart;
    }
    apart.iter_mut().for_each(Zeroize::zeroize);
    let mut filled = Vec::from([entry()]);
    for line in lines() {
        spill(&mut filled, line, '\n');
    }
    filled
}

/// Room for all of it from the start: a growing string would leave copies of the name behind.
fn entry() -> String {
    String::with_capacity(EXCLUSION_BYTES)
}

fn push(entries: &mut [String], text: &str) {
    if let Some(last) = entries.last_mut() {
        last.push_str(text);
    }
}

/// Adds the words of a line, the first one behind `gap`; what the last entry has no room for goes into new ones.
fn spill(entries: &mut Vec<String>, line: &str, gap: char) {
    let mut gap = gap;
    for word in line.split_whitespace() {
        let used = entries.last().map_or(0, String::len);
        let between = usize::from(used > 0);
        if used + between + word.len() <= EXCLUSION_BYTES {
            if between > 0 {
                push(entries, gap.encode_utf8(&mut [0; 1]));
            }
            push(entries, word);
        } else if word.len() <= EXCLUSION_BYTES {
            entries.push(entry());
            push(entries, word);
        } else {
            spill_letters(entries, word, gap);
        }
        gap = ' ';
    }
}

/// A word that no entry holds: as many of its letters as fit, then a new entry for the others.
fn spill_letters(entries: &mut Vec<String>, word: &str, gap: char) {
    let mut between = entries.last().is_some_and(|last| !last.is_empty()).then_some(gap);
    for letter in word.chars() {
        let used = entries.last().map_or(0, String::len);
        if used + between.map_or(0, char::len_utf8) + letter.len_utf8() > EXCLUSION_BYTES {
            entries.push(entry());
            between = None;
        }
        for letter in between.take().into_iter().chain([letter]) {
            push(entries, letter.encode_utf8(&mut [0; 4]));
        }
    }
}
