//! The intake: durable PUTs per second over TLS with one client and with 64, against a loop that appends an envelope to a
//! file and syncs it, on the same disk, in the same run.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use heard::kiosk::{Courier, Parcel, Worker};
use heard::limits::ENVELOPE_BYTES;
use heard::machine::Delivery;
use heard::pinned::{Patience, RELEASED};
use heard::wire::Envelope;

use super::Outcome;
use super::bed::{Bed, envelopes};
use super::table::Table;

const RAW: usize = 400;
const ALONE: usize = 300;
const TOGETHER: usize = 64;
const EACH: usize = 30;

/// Ends with the bench, whatever happens.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Adds the rows.
pub(crate) fn receive(bed: &Bed, table: &mut Table) -> Outcome<()> {
    let raw = append_and_sync(bed)?;
    let folder = bed.folder.path().join("served");
    copy_intake(&bed.world.intake_folder(), &folder)?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut serve = Command::new(bed.program("heard-intake"));
    serve
        .arg("--data")
        .arg(&folder)
        .args(["serve", "--listen", &format!("127.0.0.1:{port}")]);
    let mut served = Served(serve.stdout(Stdio::piped()).spawn()?);
    let mut line = String::new();
    let stdout = served.0.stdout.take().ok_or("the intake says nothing")?;
    BufReader::new(stdout).read_line(&mut line)?;

    let worker = bed.worker()?;
    let address = format!("https://localhost:{port}");
    let alone = rate(bed, &worker, &address, 1, ALONE)?;
    let together = rate(bed, &worker, &address, TOGETHER, TOGETHER * EACH)?;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    table.add(
        "append 16,384 bytes to a file and sync, in a loop",
        format!("{raw:.0} /s"),
    );
    table.add("intake, durable PUTs, 1 client", format!("{alone:.0} /s"));
    table.add("against the loop", format!("× {:.2}", alone / raw));
    table.add(
        format!("intake, durable PUTs, {TOGETHER} clients on the same {cores} cores"),
        format!("{together:.0} /s"),
    );
    table.add("against the loop", format!("× {:.2}", together / raw));
    Ok(())
}

fn append_and_sync(bed: &Bed) -> Outcome<f64> {
    let mut file = File::create(bed.folder.path().join("raw"))?;
    let bytes = [0x5a; ENVELOPE_BYTES];
    let begun = Instant::now();
    for _ in 0..RAW {
        file.write_all(&bytes)?;
        file.sync_data()?;
    }
    Ok(RAW as f64 / begun.elapsed().as_secs_f64())
}

/// Acknowledged PUTs per second of `clients` that send `count` envelopes between them, each on a connection that stands.
fn rate(bed: &Bed, worker: &Worker, address: &str, clients: usize, count: usize) -> Outcome<f64> {
    let envelopes = envelopes(worker.in_use(), count + clients)?;
    let (first, rest) = envelopes.split_at(clients);
    let (next, lost, gate) = (AtomicUsize::new(0), AtomicUsize::new(0), Barrier::new(clients + 1));
    let patience = Patience {
        connect: Duration::from_secs(30),
        total: Duration::from_secs(60),
    };
    let signed_by = worker.in_use().acknowledgement_key;
    let couriers: Vec<Courier> = (0..clients)
        .map(|_| Courier::new(address, &bed.world.anchor.authority, RELEASED, patience))
        .collect::<Result<_, _>>()?;
    let put = |courier: &Courier, envelope: &Envelope| {
        let parcel = Parcel {
            queued: Some(envelope.id()),
            id: envelope.id(),
            bytes: Box::new(*envelope.bytes()),
            signed_by,
        };
        if !matches!(courier.exchange(&parcel), Delivery::Answer(_)) {
            lost.fetch_add(1, Ordering::Relaxed);
        }
    };
    let took = std::thread::scope(|threads| -> Outcome<Duration> {
        let mut running = Vec::new();
        for (envelope, courier) in first.iter().zip(&couriers) {
            let (put, next, gate) = (&put, &next, &gate);
            running.push(threads.spawn(move || {
                put(courier, envelope);
                gate.wait();
                while let Some(envelope) = rest.get(next.fetch_add(1, Ordering::Relaxed)) {
                    put(courier, envelope);
                }
            }));
        }
        gate.wait();
        let begun = Instant::now();
        for client in running {
            client.join().map_err(|_| "a client panicked")?;
        }
        Ok(begun.elapsed())
    })?;
    if lost.into_inner() > 0 {
        return Err("the intake did not acknowledge every envelope".into());
    }
    Ok(count as f64 / took.as_secs_f64())
}

/// The deployment's intake runs in this process; the measured one has a folder of its own.
fn copy_intake(from: &std::path::Path, to: &std::path::Path) -> Outcome<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_intake(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
