//! `heard-kiosk`: arguments, printing and the exit code; everything else is in the library.
#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use heard::demo;
use heard::kiosk::{self, Config, Printed};
use heard::process::guard_process;

/// Whatever is freed is overwritten first: words pass through buffers that nobody else can reach to wipe them.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

/// A reporting kiosk for estate offices
#[derive(Parser)]
#[command(version, name = "heard-kiosk")]
struct Arguments {
    /// Configuration file (TOML)
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Where the kiosk keeps its data
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The whole system on this computer with throwaway keys: a kiosk in a window, an intake, a desk on this terminal
    #[command(after_help = DEMO_HELP)]
    Demo {
        /// Without a window: one report from a file, delivered, opened at the desk, answered, printed
        #[arg(long)]
        headless: bool,
        /// The answers file, or - for standard input; without it, a bundled example
        #[arg(long, requires = "headless")]
        answers: Option<PathBuf>,
    },
    #[command(flatten)]
    Kiosk(kiosk::Command),
}

const DEMO_HELP: &str = "\
Tell a report in the window. The slip that a printer would print comes beside it, the desk prints on this terminal what
it has opened and answers, and the code from the slip opens the answer in the window. The landlord is made up. Everything
is thrown away at the end, unless --data DIR says where to keep it.

Without a display:  heard-kiosk demo --headless --answers assets/examples/named.json";

const JSON_NEEDS_HEADLESS: &str =
    "the demonstration in a window prints for people: for one JSON document add --headless";

const EXAMPLE: &[u8] = include_bytes!("../../assets/examples/without-a-name.json");

fn main() -> ExitCode {
    guard_process();
    let arguments = Arguments::parse();
    let done = match &arguments.command {
        Command::Demo {
            headless: true,
            answers,
        } => run_demo(answers.as_deref(), arguments.data.as_deref()),
        Command::Demo { .. } if arguments.json => Err((2, JSON_NEEDS_HEADLESS.into())),
        Command::Demo { .. } => run_demo_window(arguments.data.as_deref()),
        Command::Kiosk(kiosk::Command::Shot(arguments)) => {
            kiosk::draw(arguments).map_err(|why| (why.exit_code(), why.to_string()))
        }
        Command::Kiosk(command) => Config::read(arguments.config.as_deref(), arguments.data.as_deref())
            .and_then(|config| kiosk::run(command, &config))
            .map_err(|why| (why.exit_code(), why.to_string())),
    };
    match done {
        Ok(printed) => print(&printed, arguments.json),
        Err((code, line)) => {
            let _ = writeln!(std::io::stderr(), "heard-kiosk: {line}");
            ExitCode::from(code)
        }
    }
}

fn run_demo(answers: Option<&Path>, folder: Option<&Path>) -> Result<Printed, (u8, String)> {
    let bytes = match answers {
        None => zeroize::Zeroizing::new(EXAMPLE.to_vec()),
        Some(path) => kiosk::read_answers(path).map_err(|why| (why.exit_code(), why.to_string()))?,
    };
    let shown = demo::show(&bytes, folder).map_err(|why| (why.exit_code(), why.to_string()))?;
    if let Some(left) = &shown.left {
        let _ = writeln!(std::io::stderr(), "heard-kiosk: {}", not_removed(left));
    }
    Ok(Printed {
        text: shown.text,
        json: shown.json,
        exit_code: u8::from(shown.left.is_some()),
    })
}

fn run_demo_window(folder: Option<&Path>) -> Result<Printed, (u8, String)> {
    let mut tell = |words: &str| {
        let mut out = std::io::stdout().lock();
        // Whoever read the terminal may have gone; the window goes on.
        let _ = writeln!(out, "{words}").and_then(|()| out.flush());
    };
    let left = demo::show_in_window(folder, &mut tell).map_err(|why| (why.exit_code(), why.to_string()))?;
    if let Some(left) = left {
        return Err((1, not_removed(&left)));
    }
    let end = folder.map_or("Everything was thrown away.", |_| "What it made was kept.");
    Ok(Printed {
        text: format!("The demonstration is over. {end}"),
        json: serde_json::json!({ "ended": true }),
        exit_code: 0,
    })
}

fn not_removed(folder: &Path) -> String {
    let folder = folder.display();
    format!("the demonstration's folder could not be removed, and its keys are in it: remove {folder} yourself")
}

fn print(printed: &Printed, json: bool) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let written = if json {
        writeln!(out, "{}", printed.json)
    } else {
        writeln!(out, "{}", printed.text)
    };
    // Whoever reads us may have gone; the work is done all the same.
    let _ = written.and_then(|()| out.flush());
    ExitCode::from(printed.exit_code)
}
