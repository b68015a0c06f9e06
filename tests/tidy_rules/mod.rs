//! The rules of `tests/tidy.rs`, one function each: a file in, findings out.
//!
//! They read text only; what cannot be seen without understanding Rust is left to review.

use crate::plain_text::{closing_brace, functions, line_of, only_code};

const FILE_LINES_MOST: usize = 400;
const FUNCTION_LINES_MOST: usize = 70;

/// What each module may import besides itself. `demo` and the programs may import anything.
const ARROWS: [(&str, &[&str]); 17] = [
    ("id", &[]),
    ("limits", &[]),
    ("time", &[]),
    ("form", &["id", "limits", "time"]),
    ("mailbox", &["form", "id", "limits", "time"]),
    ("report", &["form", "id", "limits", "mailbox", "time"]),
    ("wire", &["form", "id", "limits", "mailbox", "report", "time"]),
    ("machine", BELOW_MACHINE),
    ("case", BELOW_MACHINE),
    (
        "render",
        &["form", "id", "limits", "machine", "mailbox", "report", "time", "wire"],
    ),
    ("seal", BELOW_MACHINE),
    ("pinned", &["limits", "time"]),
    ("site", &["form", "id", "limits", "time"]),
    ("kiosk", KIOSK),
    (
        "intake",
        &[
            "case", "form", "id", "limits", "mailbox", "report", "seal", "site", "time", "wire",
        ],
    ),
    ("desk", DESK),
    ("demo", DEMO),
];
const BELOW_MACHINE: &[&str] = &["form", "id", "limits", "mailbox", "report", "time", "wire"];
const KIOSK: &[&str] = &[
    "form", "id", "limits", "machine", "mailbox", "pinned", "render", "report", "seal", "site", "time", "wire",
];
const DESK: &[&str] = &[
    "case", "form", "id", "limits", "mailbox", "pinned", "report", "seal", "site", "time", "wire",
];
const DEMO: &[&str] = &[
    "case", "desk", "form", "id", "intake", "kiosk", "limits", "machine", "mailbox", "pinned", "render", "report",
    "seal", "site", "time", "wire",
];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 6] = ["core", "util", "utils", "common", "helper", "helpers"];

/// Fields that hold what a person typed.
const WORD_FIELDS: [&str; 4] = ["words", "text", "story", "exclusions"];

/// Words that never stand on a screen.
const SCREEN_WORDS: [&str; 14] = [
    "alleged",
    "anonymous",
    "claim",
    "complainant",
    "error",
    "evidence",
    "failed",
    "incident",
    "invalid",
    "low level",
    "outcome",
    "perpetrator",
    "proof",
    "victim",
];

/// Keys of a form file whose strings are shown.
const SHOWN_KEYS: [&str; 5] = ["ask", "help", "hint", "label", "title"];

/// A file of the repository.
pub(crate) struct File {
    /// From the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Everything that is untidy in one file, as `path:line: rule`.
pub(crate) fn judge(file: &File) -> Vec<String> {
    let mut found = judge_name(file);
    if file.path.ends_with(".toml") {
        found.extend(judge_form_words(file));
        return found;
    }
    found.extend(judge_size_and_header(file));
    if file.path.ends_with(".rs") {
        let code = only_code(&file.text);
        found.extend(judge_functions(file, &code));
        found.extend(judge_arrows(file, &code));
        found.extend(judge_debug(file, &code));
    }
    found
}

fn finding(file: &File, line: usize, rule: &str) -> String {
    format!("{}:{line}: {rule}", file.path)
}

fn judge_name(file: &File) -> Vec<String> {
    let empty = |part: &str| EMPTY_NAMES.contains(&part.split('.').next().unwrap_or(part));
    let bad = file.path.split('/').find(|part| empty(part));
    bad.map(|part| finding(file, 1, &format!("`{part}` says nothing about what is inside")))
        .into_iter()
        .collect()
}

fn judge_size_and_header(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    let lines = file.text.lines().count();
    if lines > FILE_LINES_MOST {
        found.push(finding(
            file,
            lines,
            &format!("a file has at most {FILE_LINES_MOST} lines"),
        ));
    }
    let header = if file.path.ends_with(".rs") { "//!" } else { "//" };
    if !file.text.starts_with(header) {
        found.push(finding(
            file,
            1,
            &format!("a file starts with a `{header}` header: its job, its caller, its refusals"),
        ));
    }
    found
}

fn judge_functions(file: &File, code: &str) -> Vec<String> {
    let long = functions(code)
        .into_iter()
        .filter(|function| function.lines > FUNCTION_LINES_MOST);
    long.map(|function| {
        let rule = format!(
            "`{}` has {} lines; a function has at most {FUNCTION_LINES_MOST}",
            function.name, function.lines
        );
        finding(file, function.line, &rule)
    })
    .collect()
}

fn judge_arrows(file: &File, code: &str) -> Vec<String> {
    let Some(inside) = file.path.strip_prefix("src/") else {
        return Vec::new();
    };
    let module = inside.split(['/', '.']).next().unwrap_or(inside);
    if ["lib", "bin"].contains(&module) {
        return Vec::new();
    }
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == module) else {
        return vec![finding(
            file,
            1,
            &format!("no arrows are written down for the module `{module}`"),
        )];
    };
    let stray = crate_paths(code).into_iter().filter(|(_, target)| {
        *target != module && ARROWS.iter().any(|(name, _)| name == target) && !allowed.contains(target)
    });
    stray
        .map(|(at, target)| {
            finding(
                file,
                line_of(code, at),
                &format!("`{module}` may not import `{target}`"),
            )
        })
        .collect()
}

/// Where the code names a module of this crate by path, and which: `crate::a`, `crate::{a, b::c}`.
fn crate_paths(code: &str) -> Vec<(usize, &str)> {
    let mut paths = Vec::new();
    for (at, found) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
            continue;
        }
        let rest = &code[at + found.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            paths.push((at, first_name(rest)));
            continue;
        };
        let mut depth = 1;
        let mut start = true;
        for (offset, letter) in group.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => start = true,
                letter if start && depth == 1 && !letter.is_whitespace() => {
                    paths.push((at + found.len() + 1 + offset, first_name(&group[offset..])));
                    start = false;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    paths
}

fn first_name(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    &text[..end.unwrap_or(text.len())]
}

fn judge_debug(file: &File, code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("derive(") {
        let rest = &code[at..];
        let Some(end) = rest.find(')') else { continue };
        if !rest[..end].split(['(', ',']).any(|name| name.trim() == "Debug") {
            continue;
        }
        // The body of the type that the attribute stands on; a type without one holds no named field.
        let Some(open) = rest.find('{').filter(|open| !rest[..*open].contains(';')) else {
            continue;
        };
        let close = closing_brace(rest, open).unwrap_or(rest.len());
        let body = &rest[open + 1..close];
        let mut offset = at + open + 1;
        for field in body.split_inclusive([',', '\n']) {
            let (name, kind) = field.split_once(':').unwrap_or((field, ""));
            let name = name.split_whitespace().next_back().unwrap_or("");
            if WORD_FIELDS.contains(&name) && kind.contains("String") {
                let rule = format!("`{name}` holds words: write Debug by hand, lengths only");
                found.push(finding(file, line_of(code, offset), &rule));
            }
            offset += field.len();
        }
    }
    found
}

fn judge_form_words(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside_long = false;
    for (number, line) in (1..).zip(file.text.lines()) {
        let key = line.split('=').next().unwrap_or("").trim();
        let language = (2..=3).contains(&key.split('-').next().unwrap_or("").len()) && key != "id";
        let shown = inside_long || SHOWN_KEYS.contains(&key) || (language && line.contains("= \""));
        let long_quotes = line.matches("\"\"\"").count();
        if shown {
            // Every other piece between quotes is a string; keys and commas are harmless.
            let lower = line.to_lowercase();
            let words: Vec<&str> = lower
                .split(|letter: char| !letter.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect();
            let spoken = format!(" {} ", words.join(" "));
            let bad = SCREEN_WORDS.iter().find(|word| spoken.contains(&format!(" {word} ")));
            found.extend(bad.map(|word| finding(file, number, &format!("\"{word}\" never stands on a screen"))));
        }
        if long_quotes % 2 == 1 {
            inside_long = !inside_long && shown;
        }
    }
    found
}
