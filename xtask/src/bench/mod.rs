//! The bench: one deployment with throwaway keys beside the programs, measured part by part, one table at the end.
//!
//! Everything is real: real keys, files, syncs, TLS, processes. Two shortcuts: keys are derived from codes at the
//! least cost, and thousands of envelopes share sealed parts (fill and signature are new).
#![allow(
    clippy::disallowed_methods,
    reason = "a bench reads the clock; the rule is for the programs"
)]

mod bed;
mod counted;
mod keeping;
#[path = "../../../tests/support/live_front.rs"]
#[allow(clippy::unwrap_used, reason = "a bench stops at the first surprise, as the tests do")]
mod live_front;
mod receiving;
mod screens;
mod table;

use std::error::Error;
use std::io::Write;
use std::path::Path;

use bed::Bed;
use table::Table;

type Outcome<T> = Result<T, Box<dyn Error>>;
/// Measures one part and adds its rows.
type Measure = fn(&Bed, &mut Table) -> Outcome<()>;

/// Measures everything, or one part, and prints the table. `false` when a figure is over its bound.
pub(crate) fn run(only: Option<&str>) -> Outcome<bool> {
    let bed = Bed::make()?;
    let mut table = Table::default();
    let parts: [(&str, Measure); 6] = [
        ("sealing", keeping::seal),
        ("both copies", keeping::copies),
        ("start with a full outbox", keeping::start_up),
        ("syncs and bytes", counted::count),
        ("the intake", receiving::receive),
        ("the screens, and a minute of nobody", screens::watch),
    ];
    let wanted = |what: &str| only.is_none_or(|part| what.contains(part));
    for (what, measure) in parts.into_iter().filter(|(what, _)| wanted(what)) {
        writeln!(std::io::stderr(), "measuring {what} …")?;
        measure(&bed, &mut table)?;
    }
    std::io::stdout().write_all(table.text().as_bytes())?;
    Ok(table.is_within_bounds())
}

/// Files reports as the store thread of a running kiosk does.
pub(crate) fn file(data: &Path, reports: usize) -> Outcome<()> {
    counted::file(data, reports)
}

/// Stands as a kiosk that somebody uses.
pub(crate) fn stand(data: &Path, address: &str, panel: &str, until: &str) -> Outcome<()> {
    screens::stand(data, address, panel, until)
}
