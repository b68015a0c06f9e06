//! The kiosk: sealing, both durable copies, and a start with as many envelopes as the outbox takes.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use heard::kiosk::store::{Kept, Places};
use heard::limits::OUTBOX_MOST;
use heard::seal::{self, Destination};

use super::Outcome;
use super::bed::{Bed, envelopes, median, ms, open, parts};
use super::table::Table;

const SEALS: usize = 1_001;
const COPIES: usize = 201;
const STARTS: usize = 5;

/// Both parts, opened once again, signed, and the digest.
pub(crate) fn seal(bed: &Bed, table: &mut Table) -> Outcome<()> {
    let worker = bed.worker()?;
    let kiosk = worker.in_use();
    let (slip, content) = parts(kiosk)?;
    let lane = slip.lane.ok_or("no lane")?;
    let mut times = Vec::with_capacity(SEALS);
    for _ in 0..SEALS {
        let content = content.clone();
        let begun = Instant::now();
        let envelope = seal::seal(&kiosk.keys, &kiosk.bundle, &slip, content, Destination::Lane(lane))?;
        std::hint::black_box(envelope.id());
        times.push(begun.elapsed());
    }
    let figure = format!("{:.0} µs", median(times).as_secs_f64() * 1e6);
    table.add(
        format!("seal both parts, self-check, sign, digest (median of {SEALS})"),
        figure,
    );
    Ok(())
}

/// Until "safe" may be said, and the checkpoint that follows it.
pub(crate) fn copies(bed: &Bed, table: &mut Table) -> Outcome<()> {
    let places = Places::within(&bed.folder.path().join("copies"));
    clone_kiosk(&bed.kiosk.places.data, &places.data)?;
    let mut worker = open(&places.data)?;
    let envelopes = envelopes(worker.in_use(), COPIES)?;
    let store = worker.store_mut();
    store.checkpoint()?;
    let (mut kept, mut with_checkpoint) = (Vec::new(), Vec::new());
    for envelope in &envelopes {
        let begun = Instant::now();
        if store.keep(&envelope.id(), envelope.bytes())? != Kept::Both {
            return Err("only one copy was kept".into());
        }
        kept.push(begun.elapsed());
        store.checkpoint()?;
        with_checkpoint.push(begun.elapsed());
    }
    table.add(format!("both durable copies (median of {COPIES})"), ms(median(kept)));
    table.add("the same and the checkpoint", ms(median(with_checkpoint)));
    Ok(())
}

/// The store as a start finds it after weeks without a link.
pub(crate) fn start_up(bed: &Bed, table: &mut Table) -> Outcome<()> {
    let full = bed.folder.path().join("full");
    fill(bed, &full)?;
    let (mut opened, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let begun = Instant::now();
        let worker = open(&full)?;
        opened.push(begun.elapsed());
        if worker.store().counts().queued != OUTBOX_MOST {
            return Err("not every envelope was found".into());
        }
        drop(worker);
        let mut outbox = Command::new(bed.program("heard-kiosk"));
        let outbox = outbox.arg("--data").arg(&full).arg("outbox").stdout(Stdio::null());
        let begun = Instant::now();
        if !outbox.status()?.success() {
            return Err("`heard-kiosk outbox` does not work".into());
        }
        whole.push(begun.elapsed());
    }
    table.add(
        format!("start-up with {OUTBOX_MOST} queued, every digest checked in both copies"),
        ms(median(opened)),
    );
    table.add("the whole of `heard-kiosk outbox` on it", ms(median(whole)));
    Ok(())
}

/// Fills a store in memory where there is such a place, since ten thousand reports are forty thousand syncs, and moves it
/// to the disk.
fn fill(bed: &Bed, full: &Path) -> Outcome<()> {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory } else { bed.folder.path() };
    let made = tempfile::Builder::new().prefix("heard-bench-").tempdir_in(place)?;
    clone_kiosk(&bed.kiosk.places.data, made.path())?;
    let mut worker = open(made.path())?;
    let envelopes = envelopes(worker.in_use(), OUTBOX_MOST)?;
    let store = worker.store_mut();
    for envelope in &envelopes {
        store.keep(&envelope.id(), envelope.bytes())?;
    }
    drop(worker);
    clone_kiosk(made.path(), full)?;
    // What was copied is written out now, not while the start is measured.
    Command::new("sync").status()?;
    Ok(())
}

fn clone_kiosk(from: &Path, to: &Path) -> Outcome<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            clone_kiosk(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
