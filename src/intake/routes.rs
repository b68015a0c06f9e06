//! HTTP: the paths of `wire/api.rs`, turned into jobs for the writer, and its words turned into statuses.
//!
//! Bodies are bounded in size and time before anything looks at them. Errors are problem+json and never say more than
//! the caller may know.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::desk::{self, NotForThem};
use super::desk_door::{self, Proof};
use super::enrolment::{self, NotEnrolled};
use super::problem::Turned;
use super::record::StaffMember;
use super::server::Waits;
use super::store::Work;
use super::triage::{self, Way};
use super::writer::{Unavailable, Writer};
use crate::id::{CaseId, EnvelopeId, from_hex, to_hex};
use crate::limits::{ENVELOPE_BYTES, STATUS_NOTE_BYTES};
use crate::wire::api::{self, EnrolReply, EnrolRequest, Nonce, NoteRequest, desk_signing_bytes};
use crate::wire::{Verdict, envelope_id};

#[derive(Clone)]
struct Intake {
    writer: Writer,
    anchor: Bytes,
    body_wait: Duration,
}

/// What a handler gives: an answer, or the problem that stands for it.
type Answered = Result<Response, Turned>;

/// All paths.
pub(crate) fn router(writer: Writer, anchor: Vec<u8>, waits: Waits) -> Router {
    let case = |below: &str| format!("{}/{{case}}/{below}", api::DESK_CASES);
    Router::new()
        .route(api::ANCHOR, get(anchor_bytes))
        .route(api::ENROL, post(enrol))
        .route(&format!("{}/{{id}}", api::ENVELOPES), put(put_envelope))
        .route(api::DESK_NONCE, post(nonce))
        .route(api::DESK_BUNDLE, get(desk_bundle))
        .route(api::DESK_CASES, get(desk_cases))
        .route(&case("open"), post(desk_open))
        .route(&case("opened"), post(desk_opened))
        .route(&case("notes"), post(desk_note))
        .fallback(|| async { Turned::new(StatusCode::NOT_FOUND, "no-such-path", "there is nothing at this path") })
        .method_not_allowed_fallback(|| async {
            Turned::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method",
                "this path is not asked like that",
            )
        })
        .layer(DefaultBodyLimit::max(ENVELOPE_BYTES))
        .with_state(Intake {
            writer,
            anchor: Bytes::from(anchor),
            body_wait: waits.body,
        })
}

async fn anchor_bytes(State(intake): State<Intake>) -> Response {
    octets(StatusCode::OK, intake.anchor)
}

async fn put_envelope(State(intake): State<Intake>, Path(id): Path<String>, request: Request) -> Answered {
    let Ok(id) = EnvelopeId::parse(&id) else {
        return Err(Turned::new(
            StatusCode::BAD_REQUEST,
            "id",
            "the path must end in a digest in hexadecimal",
        ));
    };
    let body = body(&intake, request).await?;
    let Ok(bytes) = <Box<[u8; ENVELOPE_BYTES]>>::try_from(Box::<[u8]>::from(&body[..])) else {
        return Err(Turned::new(
            StatusCode::BAD_REQUEST,
            "size",
            "an envelope has exactly 16,384 bytes",
        ));
    };
    if envelope_id(&bytes[..]) != id {
        return Err(Turned::new(
            StatusCode::CONFLICT,
            "digest",
            "the bytes do not have the digest that the path names",
        ));
    }
    let taken = ask(&intake, move |work| {
        let answer = triage::receive(work, id, &bytes, Way::Link)?;
        let page = triage::page(work, &answer, answer.news).map(|(page, _)| page);
        Ok::<_, triage::NotSigned>((answer, page))
    });
    let Ok((answer, page)) = taken.await? else {
        let title = "no kiosk that is enrolled here signed this";
        return Err(Turned::new(StatusCode::UNAUTHORIZED, "unknown-kiosk", title));
    };
    let status = match (answer.verdict, answer.fresh) {
        (Verdict::Refused(_), _) => StatusCode::UNPROCESSABLE_ENTITY,
        (Verdict::Acknowledged, true) => StatusCode::CREATED,
        (Verdict::Acknowledged, false) => StatusCode::OK,
    };
    let page = page.ok_or(Turned::LATER)?;
    Ok(octets(status, Bytes::copy_from_slice(&page[..])))
}

async fn enrol(State(intake): State<Intake>, request: Request) -> Answered {
    let request: EnrolRequest = json(&body(&intake, request).await?)?;
    let (mut secret, mut public_key) = ([0; 16], [0; 32]);
    from_hex(&request.secret, &mut secret).map_err(|_| Turned::MALFORMED)?;
    from_hex(&request.public_key, &mut public_key).map_err(|_| Turned::MALFORMED)?;
    let enrolled = ask(&intake, move |work| enrolment::enrol(work, &secret, public_key)).await?;
    let enrolled = enrolled.map_err(|why| match why {
        NotEnrolled::Token => {
            let title = "the token is unknown or already used: make a new one with `heard-intake token`";
            Turned::new(StatusCode::UNAUTHORIZED, "token", title)
        }
        NotEnrolled::Key => Turned::MALFORMED,
        NotEnrolled::NoBundle => Turned::new(StatusCode::CONFLICT, "no-bundle", "publish a bundle first"),
    })?;
    Ok(answer(&EnrolReply {
        kiosk: enrolled.kiosk.to_string(),
        bundle: to_hex(&enrolled.bundle),
        now: enrolled.now.0,
    }))
}

async fn nonce(State(intake): State<Intake>, headers: HeaderMap) -> Answered {
    let mut key = [0; 32];
    let text = header_text(&headers, api::HEADER_KEY).ok_or(Turned::NOT_KNOWN)?;
    from_hex(text, &mut key).map_err(|_| Turned::NOT_KNOWN)?;
    let nonce = ask(&intake, move |work| desk_door::nonce(work, &key)).await?;
    let nonce = nonce.ok_or(Turned::NOT_KNOWN)?;
    Ok(answer(&Nonce { nonce: to_hex(&nonce) }))
}

async fn desk_bundle(State(intake): State<Intake>, request: Request) -> Answered {
    let (proof, _) = proof(&intake, request).await?;
    let bundle = desk(&intake, proof, |work, _| work.bundle.map(|bundle| bundle.bytes.clone())).await?;
    match bundle {
        Some(bundle) => Ok(octets(StatusCode::OK, Bytes::copy_from_slice(&bundle))),
        None => Err(Turned::new(
            StatusCode::NOT_FOUND,
            "no-bundle",
            "publish a bundle first",
        )),
    }
}

async fn desk_cases(State(intake): State<Intake>, request: Request) -> Answered {
    let (proof, _) = proof(&intake, request).await?;
    let list = desk(&intake, proof, |work, person| desk::list(work, person)).await?;
    Ok(answer(&list))
}

async fn desk_open(State(intake): State<Intake>, Path(case): Path<String>, request: Request) -> Answered {
    let (proof, _) = proof(&intake, request).await?;
    let case = case_id(&case)?;
    let handed = desk(&intake, proof, move |work, person| desk::open(work, person, case)).await?;
    Ok(answer(&handed.map_err(not_for_them)?))
}

async fn desk_opened(State(intake): State<Intake>, Path(case): Path<String>, request: Request) -> Answered {
    let (proof, _) = proof(&intake, request).await?;
    let case = case_id(&case)?;
    let reply = desk(&intake, proof, move |work, person| desk::opened(work, person, case)).await?;
    Ok(answer(&reply.map_err(not_for_them)?))
}

async fn desk_note(State(intake): State<Intake>, Path(case): Path<String>, request: Request) -> Answered {
    let (proof, body) = proof(&intake, request).await?;
    let case = case_id(&case)?;
    let note: NoteRequest = json(&body)?;
    let mut sealed = Box::new([0; STATUS_NOTE_BYTES]);
    from_hex(&note.sealed, &mut sealed[..]).map_err(|_| Turned::MALFORMED)?;
    let kept = desk(&intake, proof, move |work, person| {
        desk::note(work, person, case, &sealed)
    })
    .await?;
    kept.map_err(not_for_them)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Runs a job for whoever signed; everybody else gets the same 401.
async fn desk<T: Send + 'static>(
    intake: &Intake,
    proof: Proof,
    job: impl FnOnce(&mut Work<'_>, &StaffMember) -> T + Send + 'static,
) -> Result<T, Turned> {
    let done = ask(intake, move |work| {
        desk_door::who(work, &proof).map(|person| job(work, &person))
    });
    done.await?.ok_or(Turned::NOT_KNOWN)
}

/// Reads the body and the headers that prove who sent it.
async fn proof(intake: &Intake, request: Request) -> Result<(Proof, Bytes), Turned> {
    let method = request.method().to_string();
    let path = request
        .uri()
        .path_and_query()
        .map(ToString::to_string)
        .unwrap_or_default();
    let headers = request.headers().clone();
    let body = body(intake, request).await?;
    let nonce_text = header_text(&headers, api::HEADER_NONCE).ok_or(Turned::NOT_KNOWN)?;
    let mut proof = Proof {
        key: [0; 32],
        nonce: [0; 16],
        signature: [0; 64],
        signed: Vec::new(),
    };
    from_hex(nonce_text, &mut proof.nonce).map_err(|_| Turned::NOT_KNOWN)?;
    for (name, bytes) in [
        (api::HEADER_KEY, &mut proof.key[..]),
        (api::HEADER_SIGNATURE, &mut proof.signature[..]),
    ] {
        let text = header_text(&headers, name).ok_or(Turned::NOT_KNOWN)?;
        from_hex(text, bytes).map_err(|_| Turned::NOT_KNOWN)?;
    }
    proof.signed = desk_signing_bytes(&method, &path, &body, &proof.key, nonce_text);
    Ok((proof, body))
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

async fn body(intake: &Intake, request: Request) -> Result<Bytes, Turned> {
    match tokio::time::timeout(intake.body_wait, Bytes::from_request(request, &())).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(why)) if why.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Turned::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "size",
            "no request has more than 16,384 bytes",
        )),
        Ok(Err(_)) => Err(Turned::MALFORMED),
        Err(_) => Err(Turned::new(
            StatusCode::REQUEST_TIMEOUT,
            "slow",
            "the body did not arrive in time",
        )),
    }
}

async fn ask<T: Send + 'static>(
    intake: &Intake,
    job: impl FnOnce(&mut Work<'_>) -> T + Send + 'static,
) -> Result<T, Turned> {
    intake.writer.ask(job).await.map_err(|Unavailable| Turned::LATER)
}

fn case_id(text: &str) -> Result<CaseId, Turned> {
    CaseId::parse(text).map_err(|_| not_for_them(NotForThem::Unknown))
}

fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Turned> {
    // The parser's own words quote the body.
    serde_json::from_slice(body).map_err(|_| Turned::MALFORMED)
}

fn answer<T: Serialize>(value: &T) -> Response {
    axum::Json(value).into_response()
}

fn octets(status: StatusCode, bytes: Bytes) -> Response {
    (status, [(header::CONTENT_TYPE, api::OCTETS)], bytes).into_response()
}

fn not_for_them(why: NotForThem) -> Turned {
    match why {
        NotForThem::Unknown => Turned::new(StatusCode::NOT_FOUND, "no-such-case", "there is no such case for you"),
        NotForThem::NotGiven => Turned::new(StatusCode::CONFLICT, "not-given", "open the case before you say so"),
        NotForThem::NoInbox => Turned::new(StatusCode::CONFLICT, "no-code", "this reporter has no reference code"),
    }
}
