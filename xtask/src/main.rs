//! One door for chores that cargo alone cannot do: `cargo run --release -p xtask -- bench`.
//!
//! Called by people and by the continuous build. It is no part of any program that is installed.

mod bench;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// As in `heard-kiosk`, so that what is measured costs what it costs there.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

/// Chores of the Heard repository.
#[derive(Parser)]
#[command(name = "xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Prints every figure that is claimed: sealing, keeping, starting, receiving; exit code 1 when one is over its bound
    Bench {
        /// Only the part whose name has this in it
        #[arg(long)]
        only: Option<String>,
    },
    /// Files reports at the kiosk in a folder; the part of `bench` that is watched from outside
    #[command(hide = true)]
    File {
        /// The kiosk's data
        #[arg(long)]
        data: PathBuf,
        /// How many
        #[arg(long)]
        reports: usize,
    },
    /// A kiosk with its window in memory; the part of `bench` that is watched while somebody uses it, and while nobody does
    #[command(hide = true)]
    Stand {
        /// The kiosk's data
        #[arg(long)]
        data: PathBuf,
        /// The intake
        #[arg(long)]
        address: String,
        /// Name of the panel
        #[arg(long)]
        panel: String,
        /// first-frame, report or long-story
        #[arg(long)]
        until: String,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().chore {
        Chore::Bench { only } => bench::run(only.as_deref()),
        Chore::File { data, reports } => bench::file(&data, reports).map(|()| true),
        Chore::Stand {
            data,
            address,
            panel,
            until,
        } => bench::stand(&data, &address, &panel, &until).map(|()| true),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            // Nothing can be done about a closed standard error.
            let _ = writeln!(std::io::stderr(), "xtask: {why}");
            ExitCode::FAILURE
        }
    }
}
