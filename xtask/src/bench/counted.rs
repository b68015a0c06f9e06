//! Syncs and bytes written for one report: counted from outside with strace, in a process that files them as the store
//! thread of a running kiosk does, and around the whole of `heard-kiosk submit`.
//!
//! What a start and an end cost is measured without a report and taken off. Without strace the kernel's own count of
//! written bytes is asked, and the syncs are not told.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use heard::machine::{Copies, Input};

use super::Outcome;
use super::bed::{Bed, open, request};
use super::table::Table;

/// Reports that need no new ceiling for the counter: see `kiosk/store/settings.rs`.
const USUAL: usize = 63;
const SYNCS_MOST: f64 = 8.0;
const KILOBYTES_MOST: f64 = 96.0;
const CALLS: &str = "trace=fsync,fdatasync,sync_file_range,write,writev,pwrite64,pwritev,pwritev2";

#[derive(Clone, Copy)]
struct Cost {
    /// `None` when nobody can tell.
    syncs: Option<f64>,
    bytes: f64,
}

impl Cost {
    fn less(self, other: Self) -> Self {
        Self {
            syncs: self.syncs.zip(other.syncs).map(|(more, less)| more - less),
            bytes: self.bytes - other.bytes,
        }
    }

    fn each(self, count: usize) -> Self {
        Self {
            syncs: self.syncs.map(|syncs| syncs / count as f64),
            bytes: self.bytes / count as f64,
        }
    }

    fn add_to(self, table: &mut Table, what: &str, is_bounded: bool) {
        let kilobytes = self.bytes / 1_000.0;
        match self.syncs {
            Some(syncs) if is_bounded => table.add_bounded(format!("syncs: {what}"), syncs, "", SYNCS_MOST),
            Some(syncs) => table.add(format!("syncs: {what}"), format!("{syncs:.1} ")),
            None => table.add(format!("syncs: {what}"), "not counted: strace is not installed"),
        }
        if is_bounded {
            table.add_bounded(format!("written: {what}"), kilobytes, "kB", KILOBYTES_MOST);
        } else {
            table.add(format!("written: {what}"), format!("{kilobytes:.1} kB"));
        }
    }
}

/// Adds the rows.
pub(crate) fn count(bed: &Bed, table: &mut Table) -> Outcome<()> {
    let data = &bed.kiosk.places.data;
    let own = std::env::current_exe()?;
    let filing = |reports: usize| -> Outcome<Cost> {
        let reports = reports.to_string();
        let arguments: [&OsStr; 5] = [
            "file".as_ref(),
            "--data".as_ref(),
            data.as_ref(),
            "--reports".as_ref(),
            reports.as_ref(),
        ];
        watch(bed, &own, &arguments)
    };
    // The first one sets disk space aside.
    filing(0)?;
    let none = filing(0)?;
    let first = filing(1)?.less(none);
    let usual = filing(USUAL)?.less(none).each(USUAL);
    usual.add_to(table, "one report, checkpoint included", true);
    first.add_to(table, "one in 64, which also raises the counter's ceiling", true);

    let answers = bed.answers()?;
    let arguments: [&OsStr; 5] = [
        "--data".as_ref(),
        data.as_ref(),
        "submit".as_ref(),
        "--answers".as_ref(),
        answers.as_ref(),
    ];
    // The first one of 64 again.
    watch(bed, &bed.program("heard-kiosk"), &arguments)?;
    let submit = watch(bed, &bed.program("heard-kiosk"), &arguments)?;
    submit.add_to(table, "the whole of `heard-kiosk submit`, start and end too", false);
    Ok(())
}

/// Files reports; run as a process of its own.
pub(crate) fn file(data: &Path, reports: usize) -> Outcome<()> {
    let mut worker = open(data)?;
    // As every start does; the first change also makes the log's name durable.
    worker.store_mut().next_boot()?;
    worker.store_mut().checkpoint()?;
    for _ in 0..reports {
        let request = request(&worker.in_use().form)?;
        let Input::Filed {
            copies: Copies::Both, ..
        } = worker.file(&request)
        else {
            return Err("a report was not kept twice".into());
        };
        worker.store_mut().checkpoint()?;
    }
    drop(worker);
    // For whoever has no strace.
    let told = fs::read_to_string("/proc/self/io").unwrap_or_default();
    std::io::Write::write_all(&mut std::io::stdout(), told.as_bytes())?;
    Ok(())
}

fn watch(bed: &Bed, program: &Path, arguments: &[&OsStr]) -> Outcome<Cost> {
    let told = tempfile::tempdir_in(bed.folder.path())?;
    let mut strace = Command::new("strace");
    strace.args(["-ff", "-y", "-s", "0", "-e", CALLS, "-o"]);
    strace.arg(told.path().join("calls")).arg(program).args(arguments);
    let is_there = Command::new("strace")
        .arg("-V")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok();
    let output = if is_there {
        strace.output()?
    } else {
        Command::new(program).args(arguments).output()?
    };
    if !output.status.success() {
        return Err(format!("{}: {}", program.display(), String::from_utf8_lossy(&output.stderr)).into());
    }
    if !is_there {
        let said = String::from_utf8(output.stdout)?;
        let bytes = said.lines().find_map(|line| line.strip_prefix("write_bytes: "));
        let bytes = bytes.and_then(|count| count.trim().parse().ok()).unwrap_or(f64::NAN);
        return Ok(Cost { syncs: None, bytes });
    }
    let data = bed.kiosk.places.data.display().to_string();
    let mut cost = Cost {
        syncs: Some(0.0),
        bytes: 0.0,
    };
    for thread in fs::read_dir(told.path())? {
        for line in fs::read_to_string(thread?.path())?
            .lines()
            .filter(|line| line.contains(&data))
        {
            read_call(line, &mut cost);
        }
    }
    Ok(cost)
}

/// `pwrite64(5</path>, ""..., 4096, 0) = 4096`
fn read_call(line: &str, cost: &mut Cost) {
    let name = line.split('(').next().unwrap_or_default();
    if name.contains("sync") {
        cost.syncs = cost.syncs.map(|syncs| syncs + 1.0);
    } else if let Some((_, result)) = line.rsplit_once(" = ") {
        cost.bytes += result.trim().parse().unwrap_or(0.0);
    }
}
