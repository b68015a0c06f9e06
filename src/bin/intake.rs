//! `heard-intake`: arguments and the exit code. What it does is in `heard::intake`.
#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use heard::id::from_hex;
use heard::intake::IntakeError;
use heard::intake::command::{self, Said};
use heard::intake::config::Config;
use heard::intake::setup::InitOptions;
use heard::seal::Recipient;
use heard::wire::Cost;

/// The central service of Heard: takes sealed envelopes and keeps them. It holds no key that opens a report.
#[derive(Parser)]
#[command(name = "heard-intake", version)]
struct Arguments {
    /// Configuration file (TOML): data, listen, names, tls.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder with keys and database.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the anchor, certificates and keys, once.
    Init {
        /// Public key of the off-line root, 64 hexadecimal digits.
        #[arg(long, value_name = "HEX")]
        root: String,
        /// DNS name or address under which kiosks reach the intake; may be given again.
        #[arg(long = "name", value_name = "NAME")]
        names: Vec<String>,
        /// The router's off-line escrow, age1…
        #[arg(long, value_name = "RECIPIENT")]
        router_escrow: String,
        /// Memory for deriving keys from a reference code, in KiB.
        #[arg(long, default_value_t = Cost::STANDARD.memory_kib, value_name = "KIB")]
        cost_memory_kib: u32,
        /// Passes over that memory.
        #[arg(long, default_value_t = Cost::STANDARD.passes, value_name = "N")]
        cost_passes: u32,
    },
    /// Listen until SIGTERM or SIGINT.
    Serve {
        /// Address and port; 0.0.0.0:8443 unless the configuration says otherwise.
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
    },
    /// Make an enrolment token for one kiosk.
    Token,
    /// Who may sign desk requests.
    Staff {
        #[command(subcommand)]
        command: StaffCommand,
    },
    /// Publish a signed bundle.
    Bundle {
        /// As `heard-desk bundle sign` made it.
        file: PathBuf,
    },
    /// Take envelopes from a folder and write acknowledgements beside them.
    Import {
        /// The folder, for example on a stick.
        from: PathBuf,
    },
    /// List cases: ids and times only.
    Cases,
    /// List what needs somebody now.
    Alarms,
    /// Read everything and compare it.
    Verify,
}

#[derive(Subcommand)]
enum StaffCommand {
    /// Let somebody sign desk requests.
    Add {
        /// Their whole name, as a reporter would write it.
        name: String,
        /// hate or conduct.
        #[arg(long, value_name = "TEAM")]
        team: String,
        /// Their public key, 64 hexadecimal digits.
        #[arg(long, value_name = "HEX")]
        key: String,
        /// Also gets cases whose exclusions fit nobody for certain or cannot be read. Each team needs one.
        #[arg(long)]
        lead: bool,
    },
    /// List everybody.
    List,
    /// Keep somebody from a case.
    Exclude {
        /// Their whole name.
        name: String,
        /// The case.
        case: String,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let json = arguments.json;
    match run(arguments) {
        Ok(Some(said)) => {
            say(&said, json);
            ExitCode::SUCCESS
        }
        Ok(None) => ExitCode::SUCCESS,
        Err(why) => {
            // Nobody reads it when standard error is closed.
            let _ = writeln!(std::io::stderr(), "heard-intake: {why}");
            ExitCode::from(why.exit_code())
        }
    }
}

fn run(arguments: Arguments) -> Result<Option<Said>, IntakeError> {
    let config = arguments
        .config
        .as_deref()
        .map(Config::load)
        .transpose()?
        .unwrap_or_default();
    let data = arguments.data.or_else(|| config.data.clone());
    let data = data.ok_or(IntakeError::NoFolder)?;
    let said = match arguments.command {
        Command::Serve { listen } => {
            let listen = listen.unwrap_or_else(|| config.listen());
            command::serve(&data, listen, config.tls(), |said| say(said, arguments.json))?;
            return Ok(None);
        }
        Command::Init {
            root,
            names,
            router_escrow,
            cost_memory_kib,
            cost_passes,
        } => {
            let names = if names.is_empty() { config.names } else { names };
            let cost = Cost {
                memory_kib: cost_memory_kib,
                passes: cost_passes,
            };
            init(&data, &root, names, &router_escrow, cost)?
        }
        Command::Token => command::token(&data)?,
        Command::Staff { command } => match command {
            StaffCommand::Add { name, team, key, lead } => command::staff_add(&data, &name, &team, &key, lead)?,
            StaffCommand::List => command::staff_list(&data)?,
            StaffCommand::Exclude { name, case } => command::staff_exclude(&data, &name, &case)?,
        },
        Command::Bundle { file } => command::bundle(&data, &file)?,
        Command::Import { from } => command::import(&data, &from)?,
        Command::Cases => command::cases(&data)?,
        Command::Alarms => command::alarms(&data)?,
        Command::Verify => command::verify(&data)?,
    };
    Ok(Some(said))
}

fn init(data: &Path, root: &str, names: Vec<String>, router_escrow: &str, cost: Cost) -> Result<Said, IntakeError> {
    let mut key = [0; 32];
    from_hex(root.trim(), &mut key).map_err(|_| IntakeError::Key)?;
    let options = InitOptions {
        root: key,
        names,
        router_escrow: Recipient::parse(router_escrow).map_err(|_| IntakeError::Recipient)?,
        cost,
    };
    command::init(data, options)
}

fn say(said: &Said, json: bool) {
    let text = if json {
        said.json.to_string()
    } else {
        said.human.clone()
    };
    let mut out = std::io::stdout().lock();
    // Nobody reads it when standard output is closed.
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}
