//! The kiosk's commands and what each prints: human text, or one JSON document with `--json`.
//!
//! Called by `bin/kiosk.rs` for every command but the demonstration. Prints nothing that a reporter wrote.

use std::fmt;
use std::path::PathBuf;

use clap::Subcommand;
use serde_json::{Value, json};

use super::carriage;
use super::clock::Clock;
use super::config::Config;
use super::enrol;
use super::error::KioskError;
use super::send::{Pass, courier_of, send_pass};
use super::store::{Places, StartReport, Store};
use super::submit;
use super::worker::Worker;
use super::{doctor, settings_in_use};
use crate::limits::ANSWERS_FILE_BYTES_MOST;
use crate::pinned::Patience;
use crate::wire::Token;

/// Commands that work on this kiosk's store.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Files a report from an answers file, without a screen; success only when both copies are durable
    Submit {
        /// The form
        #[arg(long, default_value = "report")]
        form: String,
        /// The answers file, or - for standard input
        #[arg(long)]
        answers: PathBuf,
    },
    /// Shows how the outbox is
    Outbox,
    /// Sends everything that is queued, once; exit code 75 when something is left
    Send,
    /// Writes the outbox to a folder, to be carried by hand
    Export {
        /// The folder, for example on a stick
        #[arg(long)]
        to: PathBuf,
    },
    /// Takes acknowledgements and news in that were carried by hand
    Import {
        /// The folder, for example on a stick
        #[arg(long)]
        from: PathBuf,
    },
    /// Says what is right and wrong with this kiosk
    Doctor,
    /// The kiosk in a window
    Run,
    /// Draws pages and the slip into PNG files, without a display
    Shot(super::ui::ShotArguments),
    /// Gives this kiosk its identity, once
    Enrol {
        /// The intake's address, for example https://intake.example:8443
        #[arg(long)]
        intake: String,
        /// What `heard-intake token` printed
        #[arg(long)]
        token: String,
    },
    /// Reads status notes with a reference code from standard input
    Read,
    /// Adds something under a reference code; standard input: the code on the first line, then the words
    Add,
}

/// What a command prints, and whether it did all that was asked. A status note may be in it: Debug prints lengths only.
pub struct Printed {
    /// For people.
    pub text: String,
    /// For programs.
    pub json: Value,
    /// 0, or 75 when something is left.
    pub exit_code: u8,
}

impl fmt::Debug for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Printed({} bytes, exit code {})", self.text.len(), self.exit_code)
    }
}

impl Printed {
    fn new(text: impl Into<String>, json: Value) -> Self {
        Self {
            text: text.into(),
            json,
            exit_code: 0,
        }
    }
}

/// Runs one command.
pub fn run(command: &Command, config: &Config) -> Result<Printed, KioskError> {
    match command {
        Command::Submit { form, answers } => run_submit(config, form, answers),
        Command::Outbox => run_outbox(config),
        Command::Send => run_send(config),
        Command::Export { to } => {
            let done = carriage::export(config, to)?;
            let text = format!(
                "{} envelopes were written to the folder: it is safe to take it out",
                done.envelopes
            );
            Ok(Printed::new(text, json!({ "envelopes": done.envelopes })))
        }
        Command::Import { from } => {
            let (mut worker, _, _) = open(&config.places)?;
            let done = carriage::import(&mut worker, from)?;
            let text = format!(
                "{} answers were taken in, {} files were not answers of the intake",
                done.answers, done.strange
            );
            Ok(Printed::new(
                text,
                json!({ "answers": done.answers, "strange": done.strange }),
            ))
        }
        Command::Doctor => run_doctor(config),
        Command::Run => run_window(config),
        Command::Shot(arguments) => draw(arguments),
        Command::Enrol { intake, token } => {
            let token = Token::parse(token).map_err(|why| KioskError::Input(why.to_string()))?;
            let kiosk = enrol::enrol(config, intake, &token)?;
            Ok(Printed::new(
                format!("enrolled as {kiosk}"),
                json!({ "kiosk": kiosk.to_string() }),
            ))
        }
        Command::Read => super::returning::read(config),
        Command::Add => super::returning::add(config),
    }
}

/// Opens the store, counts the start, and verifies what enrolment gave.
pub(super) fn open(places: &Places) -> Result<(Worker, Clock, StartReport), KioskError> {
    let (mut store, start) = Store::open(places).map_err(|why| match why {
        super::store::StoreError::Missing { .. } => settings_in_use::NotUsable::NotEnrolled.into(),
        why => KioskError::from(why),
    })?;
    let clock = Clock::start(store.next_boot()?, store.last_acknowledged());
    Ok((Worker::new(store)?, clock, start))
}

fn run_submit(config: &Config, form: &str, answers: &std::path::Path) -> Result<Printed, KioskError> {
    if !config.submit {
        return Err(KioskError::Input(
            "submit is off on this device: set `submit = true` in its configuration".into(),
        ));
    }
    // Before the store: a file that cannot be used leaves nothing behind, not even a count.
    let bytes = submit::read_answers(answers)?;
    if bytes.len() > ANSWERS_FILE_BYTES_MOST {
        return Err(crate::form::AnswersFileError::TooLarge.into());
    }
    let (store, _) = Store::open(&config.places).map_err(|why| match why {
        super::store::StoreError::Missing { .. } => settings_in_use::NotUsable::NotEnrolled.into(),
        why => KioskError::from(why),
    })?;
    let mut worker = Worker::new(store)?;
    if worker.in_use().form.id != form {
        return Err(KioskError::Input(format!(
            "this kiosk has no such form; it has: {}",
            worker.in_use().form.id
        )));
    }
    let file = submit::check_answers(&bytes, &worker.in_use().form)?;
    let clock = Clock::start(worker.store_mut().next_boot()?, worker.store().last_acknowledged());
    let done = submit::submit(worker, clock, &file)?;
    let code = done.reference_code.as_deref().unwrap_or("none");
    let due = done.due.map(crate::time::Timestamp::rfc3339);
    let text = format!(
        "envelope_id {}\nreference_code {code}\ndue_at {}",
        done.envelope,
        due.as_deref().unwrap_or("within 24 hours from now")
    );
    let json = json!({
        "envelope_id": done.envelope.to_string(),
        "reference_code": done.reference_code,
        "due_at": due,
    });
    Ok(Printed::new(text, json))
}

fn run_outbox(config: &Config) -> Result<Printed, KioskError> {
    let (worker, _, _) = open(&config.places)?;
    let counts = worker.store().counts();
    let entries: Vec<String> = worker
        .store()
        .window(crate::limits::OUTBOX_MOST)
        .iter()
        .map(ToString::to_string)
        .collect();
    let mut text = format!(
        "queued {}\nrefused {}\nquarantined {}",
        counts.queued, counts.refused, counts.quarantined
    );
    for entry in &entries {
        text.push('\n');
        text.push_str(entry);
    }
    let json = json!({
        "queued": counts.queued,
        "refused": counts.refused,
        "quarantined": counts.quarantined,
        "entries": entries,
    });
    Ok(Printed::new(text, json))
}

fn run_send(config: &Config) -> Result<Printed, KioskError> {
    let (mut worker, clock, _) = open(&config.places)?;
    let courier = courier_of(&worker, config.intake.as_deref(), Patience::SLOW_LINK)?;
    let pass = send_pass(&mut worker, &courier, clock)?;
    let Pass {
        delivered,
        refused,
        left,
        fault,
    } = pass;
    let mut text = format!("delivered {delivered}\nleft {left}");
    if refused > 0 {
        text.push_str(&format!("\nrefused {refused}: kept here; tell head office"));
    }
    if let Some(fault) = fault {
        text.push_str(&format!("\nlink {}", link_words(fault)));
    }
    let json = json!({
        "delivered": delivered,
        "refused": refused,
        "left": left,
        "link": fault.map(link_words),
    });
    let exit_code = if left > 0 || fault.is_some() {
        super::error::TRY_AGAIN
    } else {
        0
    };
    Ok(Printed { text, json, exit_code })
}

/// What went wrong on the way, and what to look at.
fn link_words(fault: crate::machine::LinkFault) -> &'static str {
    use crate::machine::LinkFault;
    match fault {
        LinkFault::NoCourier => "this kiosk has no way to an intake: enrol it",
        LinkFault::NoNetwork => "there is no network: check the cable or the signal",
        LinkFault::NameUnknown => "the intake's name is not known: check the address and the resolver",
        LinkFault::ConnectionRefused => "nobody listens at the intake's address: is it running?",
        LinkFault::TimedOut => "the intake did not answer in time",
        LinkFault::StrangersCertificate => {
            "somebody else answered with a certificate of their own: a portal or a proxy stands in between"
        }
        LinkFault::PortalPage => "a page came back that is not the intake's: a portal or a proxy stands in between",
        LinkFault::Busy { .. } => "the intake is busy and asks to come later",
        LinkFault::NotKnown => "the intake does not know this kiosk: was it revoked?",
        LinkFault::AnswerNotBelieved => "the answer is not signed by this deployment's intake: nothing was erased",
        LinkFault::StoreUnreadable => "an envelope could not be read from the store: see `heard-kiosk doctor`",
    }
}

fn run_window(config: &Config) -> Result<Printed, KioskError> {
    let (mut worker, clock, _) = open(&config.places)?;
    super::ui::open_desktop()?;
    loop {
        let courier = courier_of(&worker, config.intake.as_deref(), Patience::SLOW_LINK)?;
        let beside = super::ui::Beside {
            ppi: config.panel_ppi,
            ..super::ui::Beside::default()
        };
        match super::ui::run_window(worker, Some(courier), clock, beside)? {
            Some(renewed) => worker = renewed,
            None => break,
        }
    }
    Ok(Printed::new("the window was closed", json!({ "ended": true })))
}

/// Draws pages; the only command that needs no kiosk at all.
pub fn draw(arguments: &super::ui::ShotArguments) -> Result<Printed, KioskError> {
    let files = super::ui::draw_shots(arguments)?;
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    Ok(Printed::new(names.join("\n"), json!({ "files": names })))
}

fn run_doctor(config: &Config) -> Result<Printed, KioskError> {
    let (worker, _, start) = open(&config.places)?;
    let findings = doctor::examine(&worker, &start);
    let line = |finding: &doctor::Finding| format!("{}  {}", if finding.good { "good" } else { "LOOK" }, finding.line);
    let text = findings.iter().map(line).collect::<Vec<_>>().join("\n");
    let all_good = findings.iter().all(|finding| finding.good);
    let rows: Vec<Value> = findings
        .iter()
        .map(|finding| json!({ "good": finding.good, "line": finding.line }))
        .collect();
    Ok(Printed {
        text,
        json: json!({ "good": all_good, "findings": rows }),
        exit_code: u8::from(!all_good) * 2,
    })
}
