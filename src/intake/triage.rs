//! What becomes of bytes that say they are an envelope: checked from outside, slip opened, case made or joined, committed.
//!
//! A correctly signed envelope of a known shape is never refused: when its slip does not open it is kept, acknowledged and
//! shown to people. The page is built here and leaves after the commit.

use super::ledger::{Makes, makes};
use super::news;
use super::record::{EnvelopeFacts, Record};
use super::store::Work;
use crate::case;
use crate::form::Flag;
use crate::id::{CaseId, EnvelopeId, KioskId};
use crate::limits::ENVELOPE_BYTES;
use crate::seal::open_routing_part;
use crate::time::Timestamp;
use crate::wire::v1::{Kind, NewsCursor};
use crate::wire::{Envelope, Malformed, RefusalCode, Verdict, build_page, claimed_kiosk, is_signed};

/// An answer page.
pub(crate) type Page = Box<[u8; ENVELOPE_BYTES]>;

/// What the intake says of an envelope.
pub(crate) struct Answer {
    pub(crate) id: EnvelopeId,
    pub(crate) kiosk: KioskId,
    pub(crate) verdict: Verdict,
    pub(crate) first_received: Timestamp,
    /// It was not here before.
    pub(crate) fresh: bool,
    /// Where its kiosk stands with the news.
    pub(crate) news: NewsCursor,
}

/// How an envelope came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Over the link, from a kiosk or whoever speaks for it.
    Link,
    /// By hand.
    Stick,
}

/// Nobody we know signed these bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotSigned;

/// Takes an envelope. `id` is the digest of `bytes`.
pub(crate) fn receive(
    work: &mut Work<'_>,
    id: EnvelopeId,
    bytes: &[u8; ENVELOPE_BYTES],
    way: Way,
) -> Result<Answer, NotSigned> {
    let kiosk = claimed_kiosk(bytes);
    let known = work.ledger.kiosks.get(&kiosk).ok_or(NotSigned)?;
    let last_news = known.news;
    if let Some(known) = work.ledger.envelopes.get(&id) {
        return Ok(Answer {
            id,
            kiosk: known.kiosk,
            verdict: Verdict::Acknowledged,
            first_received: known.arrival,
            fresh: false,
            news: known.news.unwrap_or(last_news),
        });
    }
    if !is_signed(bytes, &known.key) {
        return Err(NotSigned);
    }
    let mut answer = Answer {
        id,
        kiosk,
        verdict: Verdict::Acknowledged,
        first_received: work.now,
        fresh: true,
        news: last_news,
    };
    match Envelope::parse(bytes) {
        Ok(envelope) => answer.news = keep(work, &envelope, id, way).unwrap_or(last_news),
        Err(why) => {
            tracing::warn!(%kiosk, %why, "refused a signed envelope");
            answer.verdict = Verdict::Refused(refusal(why));
        }
    }
    Ok(answer)
}

/// The signed page, and where the kiosk stands once it has read it.
pub(crate) fn page(work: &mut Work<'_>, answer: &Answer, cursor: NewsCursor) -> Option<(Page, NewsCursor)> {
    let (news, after) = news::since(work.ledger, work.bundle, cursor, work.now);
    let key = &work.keys.acknowledgement;
    match build_page(answer.id, answer.verdict, answer.first_received, &news, key) {
        Ok(page) => Some((page, after)),
        Err(why) => {
            tracing::error!(%why, "an answer could not be built");
            work.fail(super::IntakeError::Database);
            None
        }
    }
}

/// Stores envelope and facts; gives what the slip says of the news.
fn keep(work: &mut Work<'_>, envelope: &Envelope, id: EnvelopeId, way: Way) -> Option<NewsCursor> {
    let slip = open_routing_part(envelope.routing_part(), &work.keys.router)
        .ok()
        .map(|opened| (opened.slip, opened.digest));
    let news = slip.as_ref().map(|(slip, _)| slip.news);
    let kiosk = envelope.header().kiosk;
    let send = match (&slip, work.ledger.kiosks.get(&kiosk)) {
        (Some((slip, _)), Some(kiosk)) => kiosk.clocks.earliest_send(slip.clock, work.now),
        _ => work.now,
    };
    let mut facts = EnvelopeFacts {
        id,
        kiosk,
        arrival: work.now,
        case: CaseId(work.random()),
        due: case::due(send),
        // Heartbeats alone are never queued.
        live: way == Way::Link && slip.as_ref().is_some_and(|(slip, _)| slip.kind == Kind::Heartbeat),
        slip,
    };
    match makes(&facts) {
        Makes::Addition(tag) => {
            if let Some(case) = work.ledger.case_of_tag(tag, work.now) {
                facts.case = case;
            }
        }
        Makes::Alarm => tracing::error!(%kiosk, "a slip could not be used: a case waits for the independent team"),
        // No kiosk and no id: a log must not tell which screen somebody stood at.
        Makes::Report if is_red(&facts) => {
            tracing::error!("the safeguarding lead is needed: see `heard-intake alarms`")
        }
        Makes::Report | Makes::Nothing => {}
    }
    work.envelope(id, &envelope.bytes()[..]);
    work.record(Record::Envelope(Box::new(facts)));
    news
}

fn is_red(facts: &EnvelopeFacts) -> bool {
    let flags = facts.slip.as_ref().map(|(slip, _)| &slip.flags[..]);
    flags.unwrap_or_default().iter().copied().any(Flag::is_red)
}

const fn refusal(why: Malformed) -> RefusalCode {
    match why {
        Malformed::Version => RefusalCode::Version,
        _ => RefusalCode::Shape,
    }
}
