//! Golden files: named pieces of bytes as hexadecimal text that a person can compare by eye.
//!
//! A file is a list of `# name` sections; a line is up to 32 bytes, or `xx*N` for N equal bytes. `HEARD_BLESS=1`
//! writes the files anew, everything else compares. A golden of a released version is never written anew.

use std::fmt::Write;
use std::path::PathBuf;

/// Equal bytes from which on a run is written as a count.
const RUN: usize = 48;
const LINE: usize = 32;

/// Compares the sections with the file, and gives back what the file says.
pub(crate) fn check(file: &str, sections: &[(String, Vec<u8>)]) -> Vec<(String, Vec<u8>)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(file);
    if std::env::var_os("HEARD_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(&path, print(sections)).expect("tests/golden can be written");
    }
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let pinned = parse(&text);
    let names = |sections: &[(String, Vec<u8>)]| sections.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(
        names(&pinned),
        names(sections),
        "{file}: other sections; HEARD_BLESS=1 writes a new file"
    );
    for ((name, was), (_, is)) in pinned.iter().zip(sections) {
        let differs = was.iter().zip(is).position(|(was, is)| was != is);
        assert_eq!(differs, None, "{file}: {name}: the bytes differ from this place on");
        assert_eq!(was.len(), is.len(), "{file}: {name}: the length differs");
    }
    pinned
}

fn print(sections: &[(String, Vec<u8>)]) -> String {
    let mut text = String::new();
    for (name, bytes) in sections {
        let _ = writeln!(text, "# {name}");
        let mut rest = &bytes[..];
        let mut line: Vec<u8> = Vec::new();
        while let Some(first) = rest.first() {
            let run = rest.iter().take_while(|byte| *byte == first).count();
            if run >= RUN {
                flush(&mut line, &mut text);
                let _ = writeln!(text, "{first:02x}*{run}");
                rest = &rest[run..];
            } else {
                line.push(*first);
                rest = &rest[1..];
                if line.len() == LINE {
                    flush(&mut line, &mut text);
                }
            }
        }
        flush(&mut line, &mut text);
    }
    text
}

fn flush(line: &mut Vec<u8>, text: &mut String) {
    if !line.is_empty() {
        let _ = writeln!(text, "{}", heard::id::to_hex(line));
        line.clear();
    }
}

fn parse(text: &str) -> Vec<(String, Vec<u8>)> {
    let mut sections: Vec<(String, Vec<u8>)> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("# ") {
            sections.push((name.to_string(), Vec::new()));
            continue;
        }
        let (_, bytes) = sections.last_mut().expect("a golden starts with a section");
        let (digits, count) = line.split_once('*').unwrap_or((line, "1"));
        let mut read = vec![0; digits.len() / 2];
        heard::id::from_hex(digits, &mut read).expect("a golden holds lower-case hexadecimal");
        let count: usize = count.parse().expect("a golden counts in decimal");
        bytes.extend(read.repeat(count));
    }
    sections
}
