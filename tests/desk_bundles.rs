//! Keys and bundles through the desk's own commands: nothing is overwritten, nothing wrong is signed, numbers only go up.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ed25519_dalek::VerifyingKey;
use heard::desk::read_identities;
use heard::form::{FormDefinition, Lane};
use heard::id::{from_hex, to_hex};
use heard::seal::{Identity, Recipient, decrypt, encrypt};
use heard::site::{EverydayPage, SiteFacts, Topic};
use heard::wire::{Anchor, Bundle, BundleError, Cost};
use tempfile::TempDir;

/// A signer's folder with keys and an intake's public facts.
struct Signer {
    folder: TempDir,
    root: VerifyingKey,
}

fn desk(folder: &Path, arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_heard-desk");
    Command::new(program)
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap()
}

/// Runs a command that must work and gives its standard output.
fn told(folder: &Path, arguments: &[&str]) -> String {
    let output = desk(folder, arguments);
    let problem = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {problem}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a command that must be refused as the caller's input, and gives its one line.
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = desk(folder, arguments);
    let line = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {line}");
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(output.stdout.is_empty());
    line
}

/// The public half that `keygen` printed after a file's name.
fn public_of(printed: &str, file: &str) -> String {
    let mut lines = printed.lines().skip_while(|line| !line.ends_with(file)).skip(1);
    lines.next().unwrap().trim().to_owned()
}

impl Signer {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = public_of(&told(folder.path(), &["keygen", "--out", "root", "--root"]), "root.key");
        let mut bytes = [0; 32];
        from_hex(&root, &mut bytes).unwrap();
        let anchor = Anchor {
            root: bytes,
            authority: vec![1, 2, 3],
            salt: [4; 16],
            cost: Cost::LEAST,
        };
        let router = || Identity::generate().unwrap().recipient().text();
        let public = format!(
            "router = \"{}\"\nrouter-escrow = \"{}\"\nacknowledgement-key = \"{root}\"\nanchor = \"{}\"\n",
            router(),
            router(),
            to_hex(&anchor.to_bytes().unwrap())
        );
        fs::write(folder.path().join("public.toml"), public).unwrap();
        Self {
            folder,
            root: VerifyingKey::from_bytes(&bytes).unwrap(),
        }
    }

    /// Makes both teams and the source folder `site`; gives the recipients of the hate team and its escrow.
    fn source(&self) -> (String, String) {
        let team = |name: &str| {
            let printed = told(self.path(), &["keygen", "--out", name, "--team"]);
            (public_of(&printed, "team.key"), public_of(&printed, "escrow.key"))
        };
        let (hate, conduct) = (team("hate"), team("conduct"));
        self.tell(&format!(
            "bundle new --dir site --intake public.toml --hate {} --hate-escrow {} --conduct {} --conduct-escrow {}",
            hate.0, hate.1, conduct.0, conduct.1
        ));
        hate
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    fn tell(&self, line: &str) -> String {
        told(self.path(), &line.split(' ').collect::<Vec<_>>())
    }

    fn refuse(&self, line: &str) -> String {
        refused(self.path(), &line.split(' ').collect::<Vec<_>>())
    }

    fn open(&self, name: &str) -> Result<Bundle, BundleError> {
        Bundle::open(&fs::read(self.file(name)).unwrap(), &self.root)
    }
}

const SIGN: &str = "bundle sign --dir site --root root/root.key --out out.bundle";

#[test]
fn a_new_source_signs_and_opens_with_everything_a_kiosk_needs() {
    let signer = Signer::new();
    let hate = signer.source();
    assert!(signer.tell(SIGN).contains("sequence 1"));
    let bundle = signer.open("out.bundle").unwrap();
    assert_eq!(bundle.sequence, 1);
    let lane = |lane| *bundle.lane(lane).unwrap();
    assert_eq!(Recipient(lane(Lane::Hate).team).text(), hate.0);
    assert_eq!(Recipient(lane(Lane::AntiSocialBehaviour).escrow).text(), hate.1);
    assert_eq!(lane(Lane::Complaint).team, lane(Lane::Conduct).team);
    assert_ne!(lane(Lane::Complaint).team, lane(Lane::Hate).team);
    assert!(FormDefinition::parse("report.toml", bundle.file("forms/report.toml").unwrap()).is_ok());
    let site = SiteFacts::parse("site.toml", bundle.file("site.toml").unwrap()).unwrap();
    assert!(site.demonstration && site.landlord.contains("made up"));
    assert!(site.promise.hours_may_be_promised());
    for topic in [
        Topic::Everyday,
        Topic::Emergency,
        Topic::SelfHarm,
        Topic::Child,
        Topic::Close,
        Topic::Hate,
    ] {
        assert!(
            site.numbers.iter().any(|number| number.topics.contains(&topic)),
            "{topic:?}"
        );
    }
    let pages = bundle.files.iter().filter(|file| file.path.starts_with("pages/"));
    assert_eq!(
        pages
            .filter(|file| EverydayPage::parse(&file.path, &file.bytes).is_ok())
            .count(),
        3
    );
    let shown = signer.tell(&format!(
        "bundle show out.bundle --root-public {}",
        to_hex(signer.root.as_bytes())
    ));
    assert!(
        shown.contains("signed by the root key") && shown.contains(&hate.0),
        "{shown}"
    );
    assert!(signer.tell("bundle show out.bundle").contains("NOT VERIFIED"));
}

#[test]
fn numbers_only_go_up_and_a_landlords_own_lines_stay() {
    let signer = Signer::new();
    signer.source();
    let source = signer.file("site/bundle.toml");
    let text = "# ours, since May\n".to_owned() + &fs::read_to_string(&source).unwrap();
    fs::write(&source, text).unwrap();
    for (option, sequence) in [("", 1), ("", 2), (" --sequence 7", 7), ("", 8)] {
        signer.tell(&format!("{SIGN}{option}"));
        assert_eq!(signer.open("out.bundle").unwrap().sequence, sequence);
    }
    for lower in [0, 7, 8] {
        let line = signer.refuse(&format!("{SIGN} --sequence {lower}"));
        assert!(line.contains("not higher than 8"), "{line}");
    }
    assert_eq!(signer.open("out.bundle").unwrap().sequence, 8);
    assert!(fs::read_to_string(&source).unwrap().starts_with("# ours, since May\n"));
}

#[test]
fn a_bundle_that_was_touched_or_signed_by_another_root_is_none() {
    let signer = Signer::new();
    signer.source();
    signer.tell(SIGN);
    let whole = fs::read(signer.file("out.bundle")).unwrap();
    for at in [0, 4, 9, whole.len() / 2, whole.len() - 1] {
        let mut touched = whole.clone();
        touched[at] ^= 1;
        assert!(Bundle::open(&touched, &signer.root).is_err(), "byte {at}");
    }
    signer.tell("keygen --out other --root");
    let line = signer.refuse("bundle sign --dir site --root other/root.key --out other.bundle");
    assert!(line.contains("not the root key of this deployment"), "{line}");
    assert!(!signer.file("other.bundle").exists());
}

#[test]
fn nothing_is_signed_while_anything_in_it_is_wrong_and_every_problem_is_told() {
    let signer = Signer::new();
    signer.source();
    let wrongs = [
        (
            "site/site.toml",
            "zone = \"Europe/London\"",
            "zone = \"Nowhere\"",
            "zone: not a time zone",
        ),
        (
            "site/site.toml",
            "hide-minutes = 2",
            "hide-minutes = 9",
            "hide-minutes: must be 1 to 5",
        ),
        ("site/site.toml", "[promise]", "[promises]", "site.toml: line"),
        (
            "site/pages/repairs.toml",
            "languages = [\"en\"]",
            "languages = [\"cy\"]",
            "says nothing in the first language",
        ),
        (
            "site/forms/report.toml",
            "section = \"core\"",
            "section = \"cellar\"",
            "report.toml: question",
        ),
        (
            "site/bundle.toml",
            "[lanes.conduct]",
            "[lanes.garden]",
            "lanes.garden is not a lane",
        ),
        (
            "site/bundle.toml",
            "router = \"age1",
            "router = \"age2",
            "router is not a recipient",
        ),
    ];
    for (file, right, wrong, told) in wrongs {
        let path = signer.file(file);
        let before = fs::read_to_string(&path).unwrap();
        let after = before.replacen(right, wrong, 1);
        assert_ne!(before, after, "{file}");
        fs::write(&path, after).unwrap();
        let line = signer.refuse(SIGN);
        assert!(line.contains(told), "{line}");
        fs::write(&path, before).unwrap();
    }
    assert!(!signer.file("out.bundle").exists());
    signer.tell(SIGN);
}

#[test]
fn a_source_folder_and_keys_are_never_overwritten() {
    let signer = Signer::new();
    signer.source();
    let before = |name: &str| fs::read(signer.file(name)).unwrap();
    let files = [
        "hate/team.key",
        "hate/escrow.key",
        "hate/staff.key",
        "root/root.key",
        "site/bundle.toml",
    ];
    let kept: Vec<Vec<u8>> = files.iter().map(|name| before(name)).collect();
    for again in [
        "keygen --out hate",
        "keygen --out hate --team",
        "keygen --out root --root",
    ] {
        assert!(signer.refuse(again).contains("never overwritten"), "{again}");
    }
    // One key that stands in the way stops the whole command: no half of a team is made.
    signer.tell("keygen --out half");
    fs::write(signer.file("half/escrow.key"), "").unwrap();
    signer.refuse("keygen --out half --team");
    assert!(!signer.file("half/team.key").exists());
    let key = Identity::generate().unwrap().recipient().text();
    let other = Identity::generate().unwrap().recipient().text();
    let new = format!(
        "bundle new --dir site --intake public.toml --hate {key} --hate-escrow {key} --conduct {other} --conduct-escrow {other}"
    );
    assert!(signer.refuse(&new).contains("never overwritten"));
    for (name, kept) in files.iter().zip(kept) {
        assert_eq!(before(name), kept, "{name}");
    }
}

#[test]
fn key_files_are_private_and_the_age_tools_own_parser_reads_them() {
    let signer = Signer::new();
    let printed = signer.tell("keygen --out keys --team");
    for name in ["team.key", "escrow.key"] {
        let path = signer.file("keys").join(name);
        let file = age::IdentityFile::from_file(path.display().to_string()).unwrap();
        assert_eq!(file.into_identities().map(|identities| identities.len()).unwrap(), 1);
        let identity = read_identities(&path).unwrap().remove(0);
        let sealed = encrypt(b"words", &[Recipient::parse(&public_of(&printed, name)).unwrap()]).unwrap();
        assert_eq!(&decrypt(&sealed, &identity, 16).unwrap()[..], b"words");
    }
    #[cfg(unix)]
    for name in ["team.key", "escrow.key", "staff.key"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(signer.file("keys").join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_site_without_a_rota_may_not_promise_the_hours() {
    let text = include_str!("../assets/site/site.toml");
    for (fact, without) in [
        ("rota-covers-weekends = true", "rota-covers-weekends = false"),
        ("rota-covers-bank-holidays = true", "rota-covers-bank-holidays = false"),
        ("rota-telephone = \"01632 960199\"", "rota-telephone = \"\""),
    ] {
        let text = text.replacen(fact, without, 1);
        let site = SiteFacts::parse("site.toml", text.as_bytes()).unwrap();
        assert!(!site.promise.hours_may_be_promised(), "{fact}");
    }
}
