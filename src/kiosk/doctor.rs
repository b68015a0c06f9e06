//! What is right and wrong with this kiosk, for an installer: one line each, and nothing about any report.
//!
//! Holds the landlord's sentences against the bundle (SAFETY 10 and 12): a promise that the bundle does not bear out is
//! refused here, before anybody reads it on a screen.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::settings_in_use::InUse;
use super::store::{Places, StartReport, Store};
use super::worker::Worker;

/// One line of the doctor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether it is as it should be.
    pub good: bool,
    /// What was looked at, and what to do when it is not good.
    pub line: String,
}

/// Looks at everything that can be looked at without a network.
pub fn examine(worker: &Worker, start: &StartReport) -> Vec<Finding> {
    let mut findings = store(worker.store(), start, worker.is_something_set_aside());
    findings.extend(partitions(worker.store().places()));
    findings.extend(promises(worker.in_use()));
    findings
}

fn finding(good: bool, well: &str, badly: &str) -> Finding {
    Finding {
        good,
        line: if good { well } else { badly }.to_owned(),
    }
}

fn store(store: &Store, start: &StartReport, is_set_aside: bool) -> Vec<Finding> {
    let capacity = store.capacity();
    let copies = capacity.database_works && capacity.spool_works;
    vec![
        finding(
            !start.needs_attention(),
            "the two copies agree",
            "the disk has damaged something and it was repaired or set aside: replace the card or disk soon",
        ),
        finding(
            copies,
            "both copies take writes",
            "one copy does not take writes: check the disk and its partitions",
        ),
        finding(
            capacity.room,
            "there is room for reports",
            "there is no room for another report: free space, or carry envelopes with `heard-kiosk export`",
        ),
        finding(
            !is_set_aside,
            "nothing is set aside",
            "something is set aside: tell head office the fault code 32",
        ),
        finding(
            store.pragmas().is_ok(),
            "the database keeps its promises",
            "the database does not take the settings it needs: move the data to a local ext4 partition",
        ),
    ]
}

/// Whether the two copies may be lost together. One partition is allowed; a partition that was meant and is missing is not.
fn partitions(places: &Places) -> Option<Finding> {
    let device = |folder: &Path| fs::metadata(folder).ok().map(|about| about.dev());
    let spool = device(&places.spool)?;
    let is_apart = !places.spool.starts_with(&places.data);
    if is_apart && device(Path::new("/")) == Some(spool) {
        return Some(finding(
            false,
            "",
            "the spool is configured apart and no partition is mounted there: mount it, or both copies share a disk",
        ));
    }
    let is_one = device(&places.data) == Some(spool);
    let line = if is_one {
        "both copies are on one partition: two partitions are safer"
    } else {
        "each copy is on a partition of its own"
    };
    Some(finding(true, line, ""))
}

fn promises(in_use: &InUse) -> Vec<Finding> {
    let promise = &in_use.site.promise;
    let mut findings = vec![
        finding(
            promise.hours_may_be_promised(),
            "the 24 hours may be promised: the rota covers weekends and bank holidays and has a telephone number",
            "the 24 hours may NOT be promised: the bundle needs a weekend and bank-holiday rota with a telephone number",
        ),
        finding(
            promise.nobody_here_reads,
            "\"nobody in this office can read it\" is signed for this site",
            "\"nobody in this office can read it\" is not signed for this site and is not shown",
        ),
        finding(
            promise.only_team_opens,
            "\"only the specialist team opens it\" is signed for this site",
            "\"only the specialist team opens it\" is not signed for this site and is not shown",
        ),
        finding(
            !in_use.site.tell_otherwise.is_empty(),
            "there is another way to tell when the link is silent",
            "the bundle names no other way to tell: add one before a link fails",
        ),
    ];
    if in_use.site.demonstration {
        findings.push(finding(
            false,
            "",
            "this bundle is the demonstration's made-up landlord: sign your own before residents use the kiosk",
        ));
    }
    findings
}
