//! Signs a bundle on the offline machine: everything in the source folder is checked first, and numbers only go up.

use std::path::Path;

use ed25519_dalek::SigningKey;

use super::bundle_source::{SOURCE, Source};
use super::error::DeskError;
use super::files;
use super::keygen::read_signing_key;
use crate::form::{FormDefinition, Problem};
use crate::limits::{FORM_FILE_BYTES_MOST, SITE_ENTRIES_MOST, SITE_FILE_BYTES_MOST};
use crate::site::{EverydayPage, SiteFacts};
use crate::time::Timestamp;
use crate::wire::{Bundle, BundleFile};

/// Checks a source folder, counts up and writes a signed bundle to `out`. Gives the bundle.
///
/// Without `sequence` the next number is taken. The number is written down in the folder before the bundle is: a crash
/// between the two wastes a number and never gives one twice.
///
/// # Errors
/// Problems in a file (all of them), a sequence that is not higher than the last, or a root key of another deployment.
pub fn sign_bundle(
    folder: &Path,
    root: &Path,
    out: &Path,
    sequence: Option<u32>,
    now: Timestamp,
) -> Result<Bundle, DeskError> {
    let source = Source::read(folder)?;
    let root: SigningKey = read_signing_key(root)?;
    if root.verifying_key().as_bytes() != &source.root {
        return Err(DeskError::input(
            "this is not the root key of this deployment: its public half must be `root` in bundle.toml",
        ));
    }
    let sequence = next(source.sequence, sequence)?;
    let bundle = Bundle {
        sequence,
        issued: now,
        acknowledgement_key: source.acknowledgement_key,
        router: source.router.0,
        router_escrow: source.router_escrow.0,
        lanes: source.lanes.clone(),
        files: read_files(folder)?,
    };
    let signed = bundle
        .sign(&root)
        .map_err(|_| DeskError::input("the bundle is larger than a mebibyte: shorten its files"))?;
    files::replace(&folder.join(SOURCE), counted_up(&source, sequence)?.as_bytes())?;
    files::replace(out, &signed)?;
    Ok(bundle)
}

fn next(last: u32, wanted: Option<u32>) -> Result<u32, DeskError> {
    let full = || DeskError::input("there is no higher sequence left");
    let sequence = match wanted {
        Some(wanted) => wanted,
        None => last.checked_add(1).ok_or_else(full)?,
    };
    if sequence > last {
        return Ok(sequence);
    }
    Err(DeskError::input(format!(
        "sequence {sequence} is not higher than {last}, the last one signed here: kiosks would refuse it"
    )))
}

/// The same text with the new number: a landlord's own comments stay.
fn counted_up(source: &Source, sequence: u32) -> Result<String, DeskError> {
    let mut lines: Vec<String> = source.file_text.lines().map(str::to_owned).collect();
    let line = lines.iter_mut().take_while(|line| !line.trim_start().starts_with('['));
    let mut found = line.filter(|line| line.split('=').next().is_some_and(|key| key.trim() == "sequence"));
    let place = found.next().ok_or_else(|| {
        DeskError::input("bundle.toml: write `sequence = …` on a line of its own above the lanes, then sign again")
    })?;
    *place = format!("sequence = {sequence}");
    Ok(lines.join("\n") + "\n")
}

/// Every file of the folder that belongs in a bundle, checked. All problems of all files are told together.
fn read_files(folder: &Path) -> Result<Vec<BundleFile>, DeskError> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut found = Vec::new();
    let bytes = files::read(&folder.join("site.toml"), SITE_FILE_BYTES_MOST)?.to_vec();
    problems.extend(SiteFacts::parse("site.toml", &bytes).err().into_iter().flatten());
    found.push(BundleFile {
        path: "site.toml".into(),
        bytes,
    });
    for path in toml_files(folder, "pages")? {
        let bytes = files::read(&folder.join(&path), SITE_FILE_BYTES_MOST)?.to_vec();
        problems.extend(EverydayPage::parse(&path, &bytes).err().into_iter().flatten());
        found.push(BundleFile { path, bytes });
    }
    for path in toml_files(folder, "forms")? {
        let bytes = files::read(&folder.join(&path), FORM_FILE_BYTES_MOST)?.to_vec();
        problems.extend(FormDefinition::parse(&path, &bytes).err().into_iter().flatten());
        found.push(BundleFile { path, bytes });
    }
    if !found.iter().any(|file| file.path == "forms/report.toml") {
        return Err(DeskError::input(
            "forms/report.toml is missing: without it nobody can report",
        ));
    }
    if problems.is_empty() {
        return Ok(found);
    }
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Err(DeskError::input(format!(
        "nothing was signed; correct this first: {}",
        lines.join("; ")
    )))
}

/// Names of a folder's `.toml` files below the source folder, sorted, so that the same files give the same bundle.
fn toml_files(folder: &Path, name: &str) -> Result<Vec<String>, DeskError> {
    let listed = std::fs::read_dir(folder.join(name))
        .map_err(|why| DeskError::input(format!("cannot read the folder {name}: {why}")))?;
    let mut found = Vec::new();
    for entry in listed {
        let entry = entry.map_err(|why| DeskError::fault(format!("cannot read the folder {name}: {why}")))?;
        let file = entry.file_name();
        if let Some(file) = file
            .to_str()
            .filter(|file| file.ends_with(".toml") && !file.starts_with('.'))
        {
            found.push(format!("{name}/{file}"));
        }
    }
    if found.len() > SITE_ENTRIES_MOST {
        return Err(DeskError::input(format!(
            "more than {SITE_ENTRIES_MOST} files in {name}"
        )));
    }
    found.sort();
    Ok(found)
}
