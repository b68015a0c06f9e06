//! `heard-desk`: arguments in, text out, exit code. Everything else is `heard::desk`.
#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use heard::desk::{self, DeskError, DeskFolder, LaneRecipients, Made, PublicFacts, Saying};
use heard::id::CaseId;
use heard::limits::NOTE_WORDS_BYTES;
use heard::mailbox::Stage;
use heard::seal::Recipient;
use serde_json::json;
use zeroize::Zeroizing;

/// The caseworkers' program: the only one that opens a report.
#[derive(Parser)]
#[command(name = "heard-desk", version, propagate_version = true)]
struct Cli {
    /// Your folder: staff.key, team.key and what `join` wrote.
    #[arg(long, global = true, default_value = "heard-desk", value_name = "DIR")]
    data: PathBuf,
    /// Print one JSON document. For `open` it is the answers, in the shape of an answers file.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make keys. Never overwrites.
    Keygen {
        /// Folder for the key files.
        #[arg(long)]
        out: PathBuf,
        /// Also a team's key and its offline escrow.
        #[arg(long)]
        team: bool,
        /// The offline root key of a deployment.
        #[arg(long)]
        root: bool,
    },
    /// Write, sign and show bundles.
    #[command(subcommand)]
    Bundle(BundleCommand),
    /// Point this caseworker's folder at an intake.
    Join {
        /// Address of the intake, https://…
        #[arg(long)]
        intake: String,
        /// The deployment's public.toml, or its anchor.
        #[arg(long)]
        anchor: PathBuf,
    },
    /// List the cases that you may open, soonest due first.
    Cases,
    /// Open a case and print it.
    Open {
        /// The case, as `cases` shows it.
        id: String,
        /// Another key file than the folder's team.key, for example an escrow.
        #[arg(long)]
        key: Option<PathBuf>,
    },
    /// Send the reporter of a case a message.
    Say(Box<Say>),
}

#[derive(Subcommand)]
enum BundleCommand {
    /// Write a new source folder with the made-up site and the report form.
    New(Box<New>),
    /// Check a source folder and sign it with the next number.
    Sign {
        /// The source folder.
        #[arg(long)]
        dir: PathBuf,
        /// The root key's file.
        #[arg(long)]
        root: PathBuf,
        /// Where the bundle goes.
        #[arg(long)]
        out: PathBuf,
        /// A number of your own; must be higher than the last.
        #[arg(long)]
        sequence: Option<u32>,
    },
    /// Print facts about a bundle.
    Show {
        /// The bundle.
        file: PathBuf,
        /// The root's public key; without it nothing is verified.
        #[arg(long)]
        root_public: Option<String>,
    },
}

#[derive(Args)]
struct New {
    /// The source folder to write.
    #[arg(long)]
    dir: PathBuf,
    /// The intake's public.toml.
    #[arg(long)]
    intake: PathBuf,
    /// Recipient of the hate team, age1…
    #[arg(long)]
    hate: String,
    /// Its offline escrow.
    #[arg(long)]
    hate_escrow: String,
    /// Recipient of the independent team.
    #[arg(long)]
    conduct: String,
    /// Its offline escrow.
    #[arg(long)]
    conduct_escrow: String,
}

#[derive(Args)]
struct Say {
    /// The case.
    id: String,
    /// received, assigned, opened, contacted, planned, looking-into, decided, told, closed or reopened.
    #[arg(long)]
    stage: String,
    /// What happens next.
    #[arg(long, requires = "by")]
    promise: Option<String>,
    /// By when, for example "2026-11-24 14:10".
    #[arg(long, requires = "promise")]
    by: Option<String>,
    /// A promise was missed.
    #[arg(long)]
    apology: bool,
    /// Your first name.
    #[arg(long, default_value = "")]
    name: String,
    /// The message, or - to read it from standard input.
    #[arg(long)]
    words: String,
}

fn main() -> ExitCode {
    // clap exits with 2 for input that it does not understand, as everything else here does.
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            // Nothing can be done about a closed standard error.
            let _ = writeln!(std::io::stderr(), "heard-desk: {why}");
            ExitCode::from(why.exit_code())
        }
    }
}

fn run(cli: Cli) -> Result<(), DeskError> {
    let Cli { data, json, command } = cli;
    match command {
        Command::Keygen { out, team, root } => {
            let made = desk::generate(&out, team, root)?;
            let line = |made: &Made| format!("{}\n  {}\n  {}\n", made.file.display(), made.public, made.next);
            let row = |made: &Made| json!({ "file": made.file.display().to_string(), "public": made.public });
            say_either(
                json,
                || made.iter().map(line).collect(),
                || made.iter().map(row).collect(),
            )
        }
        Command::Bundle(command) => bundle(command, json),
        Command::Join { intake, anchor } => {
            desk::join(&data, &intake, &anchor)?;
            let next = format!("{}: joined. Next: heard-desk cases --data {0}\n", data.display());
            say_either(json, || next, || json!({ "intake": intake }))
        }
        Command::Cases => {
            let list = DeskFolder::open(&data)?.client()?.cases()?;
            if json {
                print(&(desk::cases_json(&list)? + "\n"))
            } else {
                print(&desk::cases_text(&list, desk::now()))
            }
        }
        Command::Open { id, key } => open(&data, &id, json, key.as_deref()),
        Command::Say(say) => send(&data, *say, json),
    }
}

fn bundle(command: BundleCommand, json: bool) -> Result<(), DeskError> {
    match command {
        BundleCommand::New(new) => {
            let recipient = |option: &str, text: &str| {
                Recipient::parse(text).map_err(|why| DeskError::Input(format!("--{option}: {why}")))
            };
            let lanes = LaneRecipients {
                hate: (
                    recipient("hate", &new.hate)?,
                    recipient("hate-escrow", &new.hate_escrow)?,
                ),
                conduct: (
                    recipient("conduct", &new.conduct)?,
                    recipient("conduct-escrow", &new.conduct_escrow)?,
                ),
            };
            desk::new_source(&new.dir, &PublicFacts::read(&new.intake)?, &lanes)?;
            let dir = new.dir.display().to_string();
            let next = format!("{dir}: edit what is yours, then sign it with `heard-desk bundle sign`\n");
            say_either(json, || next, || json!({ "dir": dir }))
        }
        BundleCommand::Sign {
            dir,
            root,
            out,
            sequence,
        } => {
            let sequence = desk::sign_bundle(&dir, &root, &out, sequence, desk::now())?.sequence;
            let file = out.display().to_string();
            let text = format!("{file}: sequence {sequence}\n");
            say_either(json, || text, || json!({ "file": file, "sequence": sequence }))
        }
        BundleCommand::Show { file, root_public } => {
            let facts = desk::show_bundle(&file, root_public.as_deref())?;
            say_either(json, || facts.text(), || facts.json())
        }
    }
}

fn open(data: &Path, id: &str, json: bool, key: Option<&Path>) -> Result<(), DeskError> {
    let case = case_id(id)?;
    let folder = DeskFolder::open(data)?;
    let identities = folder.identities(key)?;
    let client = folder.client()?;
    let opened = desk::fetch_case(&folder, &client, case, &identities)?;
    if json {
        print(&(desk::case_json(&opened) + "\n"))?;
    } else {
        print(&desk::case_text(&opened, desk::now()))?;
    }
    opened.tell_opened(&client).map(|_| ()).map_err(|why| {
        DeskError::Later(format!(
            "you have read it, but the intake was not told and its clock runs on: open it again ({why})"
        ))
    })
}

fn send(data: &Path, say: Say, json: bool) -> Result<(), DeskError> {
    let case = case_id(&say.id)?;
    let stage = Stage::parse(&say.stage).ok_or_else(|| {
        let known: Vec<&str> = Stage::ALL.into_iter().map(Stage::word).collect();
        DeskError::Input(format!("--stage must be one of: {}", known.join(", ")))
    })?;
    let by = say.by.as_deref().map(desk::parse_time).transpose()?;
    let saying = Saying {
        stage,
        promise: say.promise.zip(by),
        apology: say.apology,
        name: say.name,
        words: if say.words == "-" {
            read_words()?
        } else {
            Zeroizing::new(say.words)
        },
    };
    saying.check(desk::now())?;
    let client = DeskFolder::open(data)?.client()?;
    let handed = client.hand_over(case)?;
    saying.check_opened(&handed)?;
    let inbox = desk::read_inbox(&handed)?;
    client.send_note(case, &desk::seal_words(&saying, inbox, desk::now())?)?;
    let text = format!("{case}: sent; it reaches the screens with their next news\n");
    say_either(
        json,
        || text,
        || json!({ "case": case.to_string(), "stage": stage.word() }),
    )
}

fn say_either(
    json: bool,
    text: impl FnOnce() -> String,
    document: impl FnOnce() -> serde_json::Value,
) -> Result<(), DeskError> {
    if json {
        print(&format!("{}\n", document()))
    } else {
        print(&text())
    }
}

/// Words from standard input; the line end that an editor puts after the last line is not part of them.
fn read_words() -> Result<Zeroizing<String>, DeskError> {
    let mut words = Zeroizing::new(String::new());
    let most = u64::try_from(NOTE_WORDS_BYTES).unwrap_or(u64::MAX) + 2;
    std::io::stdin()
        .take(most)
        .read_to_string(&mut words)
        .map_err(|_| DeskError::Input("standard input is not text: write the message with plain letters".into()))?;
    if words.ends_with('\n') {
        words.pop();
    }
    Ok(words)
}

fn case_id(text: &str) -> Result<CaseId, DeskError> {
    CaseId::parse(text)
        .map_err(|_| DeskError::Input("a case is named by its 32 letters and digits: see `heard-desk cases`".into()))
}

fn print(text: &str) -> Result<(), DeskError> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|why| DeskError::Fault(format!("cannot print: {why}")))
}
