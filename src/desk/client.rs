//! Asks the intake: every request is signed by the caseworker's own key over a number that is good for one request.
//!
//! Used by the commands and by the demonstration. It retries nothing and keeps nothing; what it hands out is still
//! sealed. Blocking: neither built nor dropped inside an asynchronous runtime.

use std::io::Read;

use ed25519_dalek::{Signer, SigningKey};
use reqwest::Method;
use reqwest::blocking::{Client, RequestBuilder, Response};
use serde::de::DeserializeOwned;

use super::error::DeskError;
use crate::id::{CaseId, to_hex};
use crate::limits::{BUNDLE_BYTES_MOST, DESK_ANSWER_BYTES_MOST};
use crate::pinned::{self, Patience, RELEASED};
use crate::wire::api::{
    CaseList, DESK_BUNDLE, DESK_CASES, DESK_NONCE, HEADER_KEY, HEADER_NONCE, HEADER_SIGNATURE, HandedOver, Nonce,
    NoteRequest, OpenedReply, Problem, desk_signing_bytes,
};
use crate::wire::{Anchor, StatusNoteBytes};

/// Bytes of a nonce or of an error.
const SMALL_ANSWER_BYTES: usize = 16_384;

/// A caseworker's way to the intake.
pub struct DeskClient {
    http: Client,
    /// Without a slash at the end.
    address: String,
    key: SigningKey,
}

impl DeskClient {
    /// Pins the anchor's authority. `address` is `https://…`, or `http://…` to this same computer.
    ///
    /// # Errors
    /// An address that is not private, or an anchor without a usable authority.
    pub fn new(address: &str, anchor: &Anchor, key: SigningKey) -> Result<Self, DeskError> {
        let url = pinned::address(address).map_err(|why| DeskError::input(why.to_string()))?;
        let http = pinned::client(&anchor.authority, RELEASED, Patience::SLOW_LINK)
            .map_err(|why| DeskError::input(why.to_string()))?;
        Ok(Self {
            http,
            address: url.as_str().trim_end_matches('/').to_owned(),
            key,
        })
    }

    /// The cases that this caseworker may open, soonest due first.
    ///
    /// # Errors
    /// The link, or an intake that does not know this key.
    pub fn cases(&self) -> Result<CaseList, DeskError> {
        let mut list: CaseList = self.ask(Method::GET, DESK_CASES, Vec::new())?;
        list.cases.sort_by(|a, b| a.due_at.cmp(&b.due_at));
        Ok(list)
    }

    /// Asks for the sealed parts of a case. The intake writes "given" before it answers.
    ///
    /// # Errors
    /// The link, or a case that is not for this caseworker.
    pub fn hand_over(&self, case: CaseId) -> Result<HandedOver, DeskError> {
        let handed: HandedOver = self.ask(Method::POST, &format!("{DESK_CASES}/{case}/open"), Vec::new())?;
        if handed.case == case.to_string() {
            Ok(handed)
        } else {
            Err(DeskError::fault(
                "the intake handed over another case: tell the person who runs the intake",
            ))
        }
    }

    /// Says that a skilled person has opened the case. Called by whoever holds its opened words, never before.
    ///
    /// # Errors
    /// The link, or a case that is not for this caseworker.
    pub(super) fn say_opened(&self, case: CaseId) -> Result<OpenedReply, DeskError> {
        self.ask(Method::POST, &format!("{DESK_CASES}/{case}/opened"), Vec::new())
    }

    /// Sends a sealed status note to the reporter of a case.
    ///
    /// # Errors
    /// The link, or a case that is not for this caseworker.
    pub fn send_note(&self, case: CaseId, note: &StatusNoteBytes) -> Result<(), DeskError> {
        let request = NoteRequest {
            sealed: to_hex(&note[..]),
        };
        let body = serde_json::to_vec(&request).map_err(|_| DeskError::fault("the message cannot be written"))?;
        let path = format!("{DESK_CASES}/{case}/notes");
        self.send_signed(Method::POST, &path, body).map(|_| ())
    }

    /// The current bundle's bytes, not yet verified.
    ///
    /// # Errors
    /// The link, or no bundle there.
    pub fn bundle(&self) -> Result<Vec<u8>, DeskError> {
        let answer = self.send_signed(Method::GET, DESK_BUNDLE, Vec::new())?;
        read_body(answer, BUNDLE_BYTES_MOST)
    }

    fn ask<T: DeserializeOwned>(&self, method: Method, path: &str, body: Vec<u8>) -> Result<T, DeskError> {
        let answer = self.send_signed(method, path, body)?;
        read_json(&read_body(answer, DESK_ANSWER_BYTES_MOST)?)
    }

    fn send_signed(&self, method: Method, path: &str, body: Vec<u8>) -> Result<Response, DeskError> {
        let key = self.key.verifying_key().to_bytes();
        let nonce = send(self.http.post(self.url(DESK_NONCE)).header(HEADER_KEY, to_hex(&key)))?;
        let Nonce { nonce } = read_json(&read_body(nonce, SMALL_ANSWER_BYTES)?)?;
        let signed = desk_signing_bytes(method.as_str(), path, &body, &key, &nonce);
        let signature = self.key.sign(&signed).to_bytes();
        let mut request = self
            .http
            .request(method, self.url(path))
            .header(HEADER_KEY, to_hex(&key))
            .header(HEADER_NONCE, nonce)
            .header(HEADER_SIGNATURE, to_hex(&signature));
        if !body.is_empty() {
            request = request.header("content-type", "application/json").body(body);
        }
        send(request)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

impl std::fmt::Debug for DeskClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DeskClient({})", self.address)
    }
}

fn send(request: RequestBuilder) -> Result<Response, DeskError> {
    let answer = request.send().map_err(|why| {
        DeskError::later(if why.is_timeout() {
            "the intake did not answer in time: try again in a minute"
        } else {
            "the intake cannot be reached: check the network and the address in desk.toml, then try again"
        })
    })?;
    let status = answer.status().as_u16();
    if (200..300).contains(&status) {
        return Ok(answer);
    }
    let problem = read_body(answer, SMALL_ANSWER_BYTES).and_then(|body| read_json::<Problem>(&body));
    Err(refused(status, problem.ok()))
}

/// What a status means for the caseworker. A problem's own title is shown where there is one: the intake writes it and it
/// holds no answers.
fn refused(status: u16, problem: Option<Problem>) -> DeskError {
    let title: String = problem.map_or_else(String::new, |problem| {
        let letters = problem.title.chars().filter(|letter| !letter.is_control());
        letters.take(200).collect()
    });
    let said = |line: &str| {
        if title.is_empty() {
            line.to_owned()
        } else {
            format!("{line} (the intake says: {title})")
        }
    };
    match status {
        401 | 403 => DeskError::Input(said(
            "the intake does not let this key do that: ask the person who runs it to check `heard-intake staff list`",
        )),
        404 => DeskError::Input(said("there is no such case for you: see `heard-desk cases`")),
        408 | 429 | 500..=599 => DeskError::Later(said("the intake cannot do it just now: try again in a minute")),
        400..=499 => DeskError::Input(said("the intake refused the request")),
        _ => DeskError::Later(said(
            "something between here and the intake answered instead of it: check the network and try again",
        )),
    }
}

fn read_body(answer: Response, most: usize) -> Result<Vec<u8>, DeskError> {
    let limit = u64::try_from(most).map_or(u64::MAX, |most| most.saturating_add(1));
    let mut body = Vec::new();
    answer
        .take(limit)
        .read_to_end(&mut body)
        .map_err(|_| DeskError::later("the link broke off: try again"))?;
    if body.len() > most {
        return Err(DeskError::fault(
            "the intake's answer is larger than it may be: tell the person who runs the intake",
        ));
    }
    Ok(body)
}

fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, DeskError> {
    serde_json::from_slice(body).map_err(|_| {
        DeskError::fault("the intake's answer cannot be read: check that this program is as new as the intake")
    })
}
