//! Teams, a bundle and sealed reports for tests of the desk: everything that a kiosk and an intake would have made.
//!
//! Used by the `desk_*` tests. Nothing is mocked: forms, sealing and the wire are the real ones.
#![allow(dead_code, reason = "each test file uses its own part of it")]

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use heard::desk::{LaneRecipients, builtin_files};
use heard::form::{AnswersFile, Band, FormDefinition, fill};
use heard::id::{CaseId, ReportUuid, to_hex};
use heard::mailbox::{AdditionKind, ReferenceCode};
use heard::report::{Report, Routing, route};
use heard::seal::{Destination, Identity, MailboxKeys, SealingKeys, derive, open_routing_part, random_array, seal};
use heard::time::{ClockReading, Confidence, Timestamp};
use heard::wire::api::{HandedOver, HandedPart};
use heard::wire::v1::{Content, Health, Kind, NewsCursor, RoutingSlip, SealedAddition};
use heard::wire::{Bundle, BundleFile, Cost, Envelope, code_report};

/// 24 November 2026, 14:10 in London.
pub(crate) const SENT: Timestamp = Timestamp(1_795_529_400);
pub(crate) const FORM: &[u8] = include_bytes!("../../assets/forms/report.toml");

pub(crate) struct World {
    pub(crate) hate: Identity,
    pub(crate) hate_escrow: Identity,
    pub(crate) conduct: Identity,
    pub(crate) conduct_escrow: Identity,
    pub(crate) router: Identity,
    pub(crate) bundle: Bundle,
    pub(crate) form: Arc<FormDefinition>,
    pub(crate) kiosk: SealingKeys,
    pub(crate) mailbox: MailboxKeys,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with_form(FORM)
    }

    /// A world whose report form is another one than Heard's own.
    pub(crate) fn with_form(form: &[u8]) -> Self {
        let identity = || Identity::generate().unwrap();
        let (hate, hate_escrow, conduct, conduct_escrow) = (identity(), identity(), identity(), identity());
        let (router, router_escrow) = (identity(), identity());
        let lanes = LaneRecipients {
            hate: (hate.recipient(), hate_escrow.recipient()),
            conduct: (conduct.recipient(), conduct_escrow.recipient()),
        };
        let mut files = builtin_files();
        files.retain(|file| file.path != "forms/report.toml");
        files.push(BundleFile {
            path: "forms/report.toml".into(),
            bytes: form.to_vec(),
        });
        let bundle = Bundle {
            sequence: 1,
            issued: SENT,
            acknowledgement_key: *SigningKey::from_bytes(&[3; 32]).verifying_key().as_bytes(),
            router: router.recipient().0,
            router_escrow: router_escrow.recipient().0,
            lanes: lanes.lanes(),
            files,
        };
        let code = ReferenceCode::from_random(random_array().unwrap());
        Self {
            hate,
            hate_escrow,
            conduct,
            conduct_escrow,
            router,
            bundle,
            form: Arc::new(FormDefinition::parse("report.toml", form).unwrap()),
            kiosk: SealingKeys::from_seed(&[5; 32]),
            mailbox: derive(&code, &[9; 16], Cost::LEAST).unwrap(),
        }
    }

    /// What a kiosk seals when these answers are sent.
    pub(crate) fn report(&self, answers: &str) -> (Envelope, Routing) {
        let file = AnswersFile::read(answers.as_bytes(), &self.form).unwrap();
        let filled = fill(self.form.clone(), &file).unwrap().into_filled();
        let routing = route(&self.form, &filled);
        let report = Report {
            uuid: ReportUuid(random_array().unwrap()),
            form: self.form.id.clone(),
            form_version: self.form.version,
            form_digest: self.form.digest,
            clock: clock(),
            reply_secret: zeroize::Zeroizing::new(*self.mailbox.reply.bytes()),
            filled,
        };
        let content = Content::Report(code_report(&report, &self.form));
        let destination = Destination::Lane(routing.lane);
        let slip = self.slip(Kind::Report, Some(&routing));
        let envelope = seal(&self.kiosk, &self.bundle, &slip, content, destination).unwrap();
        (envelope, routing)
    }

    /// What a kiosk seals when something is added with the code.
    pub(crate) fn addition(&self, kind: AdditionKind, words: &str) -> Envelope {
        let addition = SealedAddition {
            uuid: random_array().unwrap(),
            language: "en".into(),
            clock: clock(),
            kind,
            words: words.into(),
        };
        let destination = Destination::Reply(self.mailbox.reply_recipient());
        let slip = self.slip(Kind::Reply, None);
        seal(
            &self.kiosk,
            &self.bundle,
            &slip,
            Content::Addition(addition),
            destination,
        )
        .unwrap()
    }

    /// What the intake hands over for a case of these envelopes.
    pub(crate) fn handed(&self, envelopes: &[Envelope]) -> HandedOver {
        let parts = envelopes.iter().enumerate().map(|(at, envelope)| {
            let slip = open_routing_part(envelope.routing_part(), &self.router).unwrap();
            HandedPart {
                envelope: envelope.id().to_string(),
                arrived_at: SENT.after_hours(i64::try_from(at).unwrap()).rfc3339(),
                routing_digest: to_hex(&slip.digest),
                sealed: to_hex(envelope.report_part()),
            }
        });
        HandedOver {
            case: CaseId([0xc5; 16]).to_string(),
            due_at: SENT.after_hours(24).rfc3339(),
            first_opened_at: None,
            inbox: Some(to_hex(&self.mailbox.inbox_recipient().0)),
            parts: parts.collect(),
        }
    }

    fn slip(&self, kind: Kind, routing: Option<&Routing>) -> RoutingSlip {
        RoutingSlip {
            kind,
            lane: routing.map(|routing| routing.lane),
            band: routing.map_or(Band::Standard, |routing| routing.band),
            flags: routing.map_or_else(Vec::new, |routing| routing.flags.clone()),
            clock: clock(),
            tag: Some(self.mailbox.tag.0),
            inbox: Some(self.mailbox.inbox_recipient().0),
            exclusions: routing.map_or_else(Vec::new, |routing| routing.exclusions.clone()),
            counter: 1,
            news: NewsCursor::default(),
            health: Health::default(),
        }
    }
}

fn clock() -> ClockReading {
    ClockReading {
        wall: SENT,
        confidence: Confidence::Synced,
        boot: 1,
        since_boot_seconds: 60,
    }
}
