//! What `heard-intake` says: each command's work, its words for people and its JSON. The binary only reads arguments.

use std::fs;
use std::future::{Future, poll_fn};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::pin::pin;
use std::task::Poll;

use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};

use super::admin::{self, AdminCase};
use super::error::IntakeError;
use super::import;
use super::server::Server;
use super::setup::{self, InitOptions};
use crate::form::Lane;
use crate::id::{CaseId, from_hex, to_hex};
use crate::limits::BUNDLE_BYTES_MOST;
use crate::time::Timestamp;
use crate::wire::Anchor;

/// The same, for people and for programs.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// Lines for people.
    pub human: String,
    /// One JSON document.
    pub json: Value,
}

/// Sets up a folder.
pub fn init(folder: &Path, options: InitOptions) -> Result<Said, IntakeError> {
    let facts = setup::init(folder, options)?;
    let digest = to_hex(&Anchor::short_digest(&facts.anchor));
    Ok(Said {
        human: format!(
            "Set up in {}.\nNow move authority.key to an off-line place, keep a copy of store.key apart from the database,\n\
             and make a bundle at the desk with public.toml.",
            folder.display()
        ),
        json: json!({
            "anchor_digest": digest,
            "router": facts.router.text(),
            "router_escrow": facts.router_escrow.text(),
            "acknowledgement_key": to_hex(&facts.acknowledgement_key),
        }),
    })
}

/// Serves until SIGTERM or SIGINT, then finishes what is in flight; an error when it ended by itself. `announce` is called once, when it listens.
pub fn serve(folder: &Path, listen: SocketAddr, tls: bool, announce: impl FnOnce(&Said)) -> Result<(), IntakeError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|_| IntakeError::Thread)?;
    let listener = TcpListener::bind(listen).map_err(|_| IntakeError::Listen)?;
    // Handlers stand before the address is announced: whoever reads it may signal at once.
    let (mut terminate, mut interrupt) = runtime.block_on(async {
        let terminate = signal(SignalKind::terminate()).map_err(|_| IntakeError::Thread)?;
        let interrupt = signal(SignalKind::interrupt()).map_err(|_| IntakeError::Thread)?;
        Ok::<_, IntakeError>((terminate, interrupt))
    })?;
    let mut running = Server::start(folder, listener, tls)?;
    let scheme = if tls { "https" } else { "http" };
    let address = format!("{scheme}://{}", running.address());
    announce(&Said {
        human: format!("Listening on {address}"),
        json: json!({ "address": address }),
    });
    let asked = runtime.block_on(async {
        let (terminated, interrupted, ended) = (terminate.recv(), interrupt.recv(), running.ended());
        let (mut terminated, mut interrupted) = (pin!(terminated), pin!(interrupted));
        let mut ended = pin!(ended);
        poll_fn(|context| {
            if terminated.as_mut().poll(context).is_ready() || interrupted.as_mut().poll(context).is_ready() {
                Poll::Ready(true)
            } else {
                ended.as_mut().poll(context).map(|()| false)
            }
        })
        .await
    });
    // Whoever starts services starts it again only when it does not linger half dead.
    if !asked {
        return Err(IntakeError::Ended);
    }
    running.stop();
    Ok(())
}

/// Makes a token.
pub fn token(folder: &Path) -> Result<Said, IntakeError> {
    let text = admin::token(folder)?.text();
    Ok(Said {
        json: json!({ "token": text }),
        human: text,
    })
}

/// Publishes a bundle.
pub fn bundle(folder: &Path, file: &Path) -> Result<Said, IntakeError> {
    let bytes = fs::read(file).map_err(|_| IntakeError::Unreadable)?;
    if bytes.len() > BUNDLE_BYTES_MOST {
        return Err(crate::wire::BundleError::Malformed.into());
    }
    let sequence = admin::publish_bundle(folder, &bytes)?.sequence;
    Ok(Said {
        human: format!("Bundle {sequence} is published."),
        json: json!({ "sequence": sequence }),
    })
}

/// Adds a member of staff.
pub fn staff_add(folder: &Path, name: &str, team: &str, key: &str, lead: bool) -> Result<Said, IntakeError> {
    let team = Lane::parse(team).ok_or(IntakeError::Team)?;
    let mut bytes = [0; 32];
    from_hex(key.trim(), &mut bytes).map_err(|_| IntakeError::Key)?;
    if lead {
        admin::staff_add_lead(folder, name, team, bytes)?;
    } else {
        admin::staff_add(folder, name, team, bytes)?;
    }
    Ok(Said {
        human: format!("{name} may now work as a member of the {} team.", team.word()),
        json: json!({ "name": name, "team": team.word(), "lead": lead }),
    })
}

/// Lists staff.
pub fn staff_list(folder: &Path) -> Result<Said, IntakeError> {
    let rows = admin::staff_list(folder)?;
    let lines = rows.iter().map(|row| {
        let lead = if row.lead { " (lead)" } else { "" };
        format!("{}  {}{lead}  {}", row.name, row.team.word(), to_hex(&row.key))
    });
    let list: Vec<Value> = rows
        .iter()
        .map(|row| json!({ "name": row.name, "team": row.team.word(), "lead": row.lead, "key": to_hex(&row.key) }))
        .collect();
    Ok(Said {
        human: lines.collect::<Vec<_>>().join("\n"),
        json: json!({ "staff": list }),
    })
}

/// Keeps somebody from a case.
pub fn staff_exclude(folder: &Path, name: &str, case: &str) -> Result<Said, IntakeError> {
    let case = CaseId::parse(case).map_err(|_| IntakeError::CaseUnknown)?;
    admin::staff_exclude(folder, name, case)?;
    Ok(Said {
        human: "That person no longer sees this case.".into(),
        json: json!({ "case": case.to_string() }),
    })
}

/// Takes envelopes from a folder.
pub fn import(folder: &Path, from: &Path) -> Result<Said, IntakeError> {
    let done = import::import_dir(folder, from)?;
    let mut human = format!(
        "{} new, {} known already, {} refused, {} bad.",
        done.fresh,
        done.known,
        done.refused,
        done.bad.len()
    );
    for bad in &done.bad {
        human.push_str("\nbad: ");
        human.push_str(bad);
    }
    Ok(Said {
        human,
        json: json!({ "new": done.fresh, "known": done.known, "refused": done.refused, "bad": done.bad }),
    })
}

/// Lists cases: ids and times.
pub fn cases(folder: &Path) -> Result<Said, IntakeError> {
    let rows = admin::cases(folder)?;
    Ok(Said {
        human: rows.iter().map(line).collect::<Vec<_>>().join("\n"),
        json: json!({ "cases": rows.iter().map(case_json).collect::<Vec<_>>() }),
    })
}

/// Lists what needs somebody now.
pub fn alarms(folder: &Path) -> Result<Said, IntakeError> {
    let alarms = admin::alarms(folder)?;
    let mut lines: Vec<String> = alarms.cases.iter().map(line).collect();
    lines.extend(alarms.silent.iter().map(|(kiosk, last)| {
        let last = last.map_or_else(|| "never".into(), Timestamp::rfc3339);
        format!("kiosk {kiosk}  last heard {last}")
    }));
    lines.extend(
        alarms
            .faulty
            .iter()
            .map(|(kiosk, code)| format!("kiosk {kiosk}  fault code {code}: run `heard-kiosk doctor` there")),
    );
    let silent: Vec<Value> = alarms
        .silent
        .iter()
        .map(|(kiosk, last)| json!({ "kiosk": kiosk.to_string(), "last_heard_at": last.map(Timestamp::rfc3339) }))
        .collect();
    let faulty = alarms.faulty.iter();
    let faulty = faulty.map(|(kiosk, code)| json!({ "kiosk": kiosk.to_string(), "fault_code": code }));
    Ok(Said {
        human: lines.join("\n"),
        json: json!({
            "cases": alarms.cases.iter().map(case_json).collect::<Vec<_>>(),
            "silent_kiosks": silent,
            "faulty_kiosks": faulty.collect::<Vec<_>>(),
        }),
    })
}

/// Reads everything and compares it; an error when something is broken.
pub fn verify(folder: &Path) -> Result<Said, IntakeError> {
    let found = admin::verify(folder)?;
    if found.broken > 0 || found.unreadable > 0 {
        return Err(IntakeError::Damaged(super::folder::DATABASE));
    }
    Ok(Said {
        human: format!("{} envelopes, all whole.", found.whole),
        json: json!({ "whole": found.whole, "broken": 0, "unreadable": 0 }),
    })
}

fn line(row: &AdminCase) -> String {
    let mut line = format!("{}  due {}", row.case, row.due.rfc3339());
    match row.first_opened {
        Some(opened) if row.new => line.push_str(&format!("  opened {}, new since then", opened.rfc3339())),
        Some(opened) => line.push_str(&format!("  opened {}", opened.rfc3339())),
        None => line.push_str("  not opened"),
    }
    for (word, said) in [
        ("  urgent", row.urgent),
        ("  its slip could not be used", row.alarm),
        (
            "  nobody on the staff list may open it",
            row.nobody && row.lacks_lead.is_none(),
        ),
    ] {
        if said {
            line.push_str(word);
        }
    }
    if let Some(team) = row.lacks_lead {
        let team = team.word();
        line.push_str(&format!(
            "  needs a lead of the {team} team: add one with `heard-intake staff add --lead`"
        ));
    }
    line
}

fn case_json(row: &AdminCase) -> Value {
    json!({
        "case": row.case.to_string(),
        "arrived_at": row.arrived.rfc3339(),
        "due_at": row.due.rfc3339(),
        "first_opened_at": row.first_opened.map(Timestamp::rfc3339),
        "urgent": row.urgent,
        "new": row.new,
        "alarm": row.alarm,
        "nobody": row.nobody,
        "needs_lead_of": row.lacks_lead.map(Lane::word),
    })
}
