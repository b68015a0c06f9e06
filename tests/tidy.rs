//! The rules that a compiler does not know, run by `cargo test`: sizes, headers, import arrows, golden files in use, no
//! derived Debug on words, no words on screen that accuse or frighten.
//!
//! Each failure names file, line and rule. It reads text only; what it cannot see without understanding Rust (macros
//! that build paths, for example) it leaves to review. A rule is changed here and in ARCHITECTURE.md together.

mod plain_text;
mod tidy_rules;

use std::path::{Path, PathBuf};

use tidy_rules::{File, judge};

#[test]
fn the_tree_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = collect(root);
    assert!(
        files.len() > 40,
        "only {} files were found: is this the root?",
        files.len()
    );
    let findings: Vec<String> = files.iter().flat_map(judge).chain(dead_goldens(root, &files)).collect();
    assert!(
        findings.is_empty(),
        "{} untidy places:\n{}",
        findings.len(),
        findings.join("\n")
    );
}

fn dead_goldens(root: &Path, files: &[File]) -> Vec<String> {
    let tests = files
        .iter()
        .filter(|file| file.path.ends_with(".rs"))
        .map(|file| &file.text[..]);
    let tests: Vec<&str> = tests.collect();
    let mut found = Vec::new();
    for path in walk(&root.join("tests/golden")) {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if !name.ends_with(".rs") && !is_used(&name, &tests) {
            found.push(format!("tests/golden/{name}:1: no test names this golden file"));
        }
    }
    found
}

fn is_used(name: &str, tests: &[&str]) -> bool {
    tests.iter().any(|text| text.contains(&format!("{name}\"")))
}

fn collect(root: &Path) -> Vec<File> {
    let folders = ["src", "ui", "tests", "xtask", "assets/forms"];
    let paths = folders.iter().flat_map(|folder| walk(&root.join(folder)));
    let kept = paths.filter(|path| {
        let path = path.to_string_lossy();
        path.ends_with(".rs") || path.ends_with(".slint") || (path.contains("assets/forms/") && path.ends_with(".toml"))
    });
    kept.map(|path| File {
        path: path
            .strip_prefix(root)
            .unwrap_or(&path)
            .to_string_lossy()
            .replace('\\', "/"),
        text: std::fs::read_to_string(&path).expect("every source file is UTF-8"),
    })
    .collect()
}

/// All files below a folder, in order; none when it is not there.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .map(|found| found.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    entries.sort();
    let deeper = |path: PathBuf| {
        let skip = path.file_name().is_some_and(|name| name == "target");
        if path.is_dir() && !skip {
            walk(&path)
        } else {
            vec![path]
        }
    };
    entries
        .into_iter()
        .flat_map(deeper)
        .filter(|path| path.is_file())
        .collect()
}

/// Path, text, and what must be found there and nothing else.
const BAD: &[(&str, &str, &str)] = &[
    ("src/form/a.rs", "fn f() {}\n", "a.rs:1: a file starts with"),
    ("ui/a.slint", "component A {}\n", "a.slint:1: a file starts with"),
    ("src/form/utils.rs", "//! x\n", "`utils.rs` says nothing"),
    ("src/intake/common/a.rs", "//! x\n", "`common` says nothing"),
    ("src/strange.rs", "//! x\n", "no arrows are written down"),
    (
        "src/id.rs",
        "//! x\nuse crate::limits::A;\n",
        "id.rs:2: `id` may not import `limits`",
    ),
    (
        "src/form/a.rs",
        "//! x\nuse crate::{\n    id::A,\n    wire::{B, C},\n};\n",
        "a.rs:4: `form` may not import `wire`",
    ),
    (
        "src/kiosk/a.rs",
        "//! x\nfn f() {\n    crate::intake::g();\n}\n",
        "a.rs:3: `kiosk` may not import `intake`",
    ),
    (
        "src/intake/a.rs",
        "//! x\npub use crate::machine::A;\n",
        "`intake` may not import `machine`",
    ),
    (
        "src/desk/a.rs",
        "//! x\nuse crate::kiosk;\n",
        "`desk` may not import `kiosk`",
    ),
    (
        "src/seal/a.rs",
        "//! x\nuse crate::pinned::A;\n",
        "`seal` may not import `pinned`",
    ),
    (
        "src/wire/a.rs",
        "//! x\n#[derive(Clone, Debug)]\nstruct A {\n    pub words: String,\n}\n",
        "a.rs:4: `words` holds words",
    ),
    (
        "src/wire/a.rs",
        "//! x\n#[derive(Debug)]\nenum A {\n    B { story: Option<String> },\n}\n",
        "a.rs:4: `story` holds words",
    ),
    (
        "assets/forms/a.toml",
        "ask = { en = \"Is this evidence?\" }\n",
        "a.toml:1: \"evidence\" never",
    ),
    (
        "assets/forms/a.toml",
        "hint = { en = \"\"\"\nLow level.\n\"\"\" }\n",
        "a.toml:2: \"low level\" never",
    ),
    (
        "assets/forms/a.toml",
        "[question.ask]\nen = \"A victim?\"\n",
        "a.toml:2: \"victim\" never",
    ),
];

/// Path and text in which nothing may be found.
const GOOD: &[(&str, &str)] = &[
    (
        "src/form/a.rs",
        "//! crate::wire\n// use crate::wire;\nconst A: &str = \"crate::wire {\";\n",
    ),
    (
        "src/form/a.rs",
        "//! x\npub(crate) use crate::{form::B, id::C};\nuse crate::VERSION;\n",
    ),
    ("src/demo/a.rs", "//! x\nuse crate::{desk, intake, kiosk};\n"),
    (
        "src/wire/a.rs",
        "//! x\n#[derive(Debug)]\nstruct A;\nstruct B {\n    words: String,\n}\n",
    ),
    (
        "src/wire/a.rs",
        "//! x\n#[derive(Debug)]\nstruct A {\n    words: u16,\n    form: String,\n}\n",
    ),
    (
        "assets/forms/a.toml",
        "# an error\nid = \"incident\"\nask = { en = \"Was it proofread?\" }\nprotective = { en = \"No victim.\" }\n",
    ),
    ("ui/a.slint", "// A.\n"),
];

fn judge_sample(path: &str, text: &str) -> Vec<String> {
    judge(&File {
        path: path.to_string(),
        text: text.to_string(),
    })
}

fn assert_found(path: &str, text: &str, rule: &str) {
    let found = judge_sample(path, text);
    assert!(
        found.len() == 1 && found[0].contains(rule),
        "{path}: {found:?} is not `{rule}`"
    );
}

#[test]
fn every_rule_catches_a_bad_sample() {
    for (path, text, rule) in BAD {
        assert_found(path, text, rule);
    }
    let of_lines = |count: usize| format!("//! x\n{}", "\n".repeat(count - 1));
    assert_found("tests/a.rs", &of_lines(401), "a.rs:401: a file has at most 400");
    assert_eq!(judge_sample("tests/a.rs", &of_lines(400)), Vec::<String>::new());
    let function = |lines: usize| format!("//! x\nfn f() {{\n{}}}\n", "    a();\n".repeat(lines - 2));
    assert_found("src/form/a.rs", &function(71), "a.rs:2: `f` has 71 lines");
    assert_eq!(judge_sample("src/form/a.rs", &function(70)), Vec::<String>::new());
    assert!(is_used("a.hex", &["check(\"a.hex\", x)"]));
    assert!(!is_used("a.hex", &["b.hex\"", "// a.hex"]));
}

#[test]
fn no_rule_finds_fault_with_a_good_sample() {
    for (path, text) in GOOD {
        assert_eq!(judge_sample(path, text), Vec::<String>::new(), "{path}: {text}");
    }
}
