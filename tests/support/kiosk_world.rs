//! An enrolled kiosk in a folder of its own, the keys of its deployment, and the answers of a good intake.
//!
//! Used by the tests of the kiosk's shell. Nothing is mocked: forms, sealing, store and wire are the real ones.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part of it")]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::PathBuf;

use ed25519_dalek::SigningKey;
use heard::desk::builtin_files;
use heard::form::{FormDefinition, Lane, answers_json};
use heard::id::EnvelopeId;
use heard::kiosk::store::{Places, Store};
use heard::kiosk::{Clock, Config, Worker};
use heard::limits::NOTES_PER_ANSWER_MOST;
use heard::pinned::RELEASED;
use heard::seal::{Identity, open_report_part, open_routing_part};
use heard::time::Timestamp;
use heard::wire::v1::{Content, NewsCursor, RoutingSlip};
use heard::wire::{
    Anchor, Bundle, BundleFile, Cost, Envelope, LaneKeys, News, StatusNoteBytes, Verdict, build_page, decode_report,
};
use tempfile::TempDir;

/// What the intake's clock says.
pub const INTAKE_NOW: Timestamp = Timestamp(RELEASED.0 + 864_000);

pub struct World {
    pub folder: TempDir,
    pub root: SigningKey,
    pub intake: SigningKey,
    pub router: Identity,
    pub hate: Identity,
    pub conduct: Identity,
    authority: Vec<u8>,
}

impl World {
    pub fn new(authority: &[u8]) -> Self {
        let identity = || Identity::generate().unwrap();
        Self {
            folder: tempfile::tempdir().unwrap(),
            root: SigningKey::from_bytes(&[1; 32]),
            intake: SigningKey::from_bytes(&[2; 32]),
            router: identity(),
            hate: identity(),
            conduct: identity(),
            authority: authority.to_vec(),
        }
    }

    pub fn bundle(&self, sequence: u32, files: Vec<BundleFile>) -> Bundle {
        let keys = |lane| {
            let team = if matches!(lane, Lane::Conduct | Lane::Complaint) {
                &self.conduct
            } else {
                &self.hate
            };
            let escrow = Identity::from_bytes([40 + u8::from(matches!(lane, Lane::Conduct | Lane::Complaint)); 32]);
            LaneKeys {
                lane,
                team: team.recipient().0,
                escrow: escrow.recipient().0,
            }
        };
        Bundle {
            sequence,
            issued: RELEASED,
            acknowledgement_key: self.intake.verifying_key().to_bytes(),
            router: self.router.recipient().0,
            router_escrow: Identity::from_bytes([50; 32]).recipient().0,
            lanes: Lane::ALL.into_iter().map(keys).collect(),
            files,
        }
    }

    pub fn places(&self, name: &str) -> Places {
        Places::within(&self.folder.path().join(name))
    }

    pub fn config(&self, name: &str) -> Config {
        let nowhere = PathBuf::from("/nonexistent/kiosk.toml");
        Config::read_with(None, Some(&self.places(name).data), &nowhere).unwrap()
    }

    /// Enrols a kiosk, as `enrol` would have left it, with the built-in forms and facts.
    pub fn enrol(&self, name: &str, intake: &str, seed: u8) {
        self.enrol_with(name, intake, seed, builtin_files());
    }

    pub fn enrol_with(&self, name: &str, intake: &str, seed: u8, files: Vec<BundleFile>) {
        let anchor = Anchor {
            root: self.root.verifying_key().to_bytes(),
            authority: self.authority.clone(),
            salt: [9; 16],
            cost: Cost::LEAST,
        };
        let mut store = Store::create(&self.places(name)).unwrap();
        store.set_setting("intake", intake.as_bytes()).unwrap();
        store.set_anchor(&anchor.to_bytes().unwrap()).unwrap();
        let bundle = self.bundle(1, files).sign(&self.root).unwrap();
        store.set_bundle(1, &bundle).unwrap();
        store.set_last_acknowledged(RELEASED).unwrap();
        store.set_device_seed(&[seed; 32]).unwrap();
    }

    pub fn open(&self, name: &str) -> (Worker, Clock) {
        let (mut store, report) = Store::open(&self.places(name)).unwrap();
        assert!(!report.needs_attention(), "{report:?}");
        let clock = Clock::start(store.next_boot().unwrap(), store.last_acknowledged());
        (Worker::new(store).unwrap(), clock)
    }

    /// A good answer without news.
    pub fn page(&self, id: EnvelopeId, verdict: Verdict) -> Vec<u8> {
        self.page_with(id, verdict, &plain_news())
    }

    pub fn page_with(&self, id: EnvelopeId, verdict: Verdict, news: &News) -> Vec<u8> {
        build_page(id, verdict, INTAKE_NOW, news, &self.intake)
            .unwrap()
            .to_vec()
    }

    pub fn slip(&self, envelope: &[u8]) -> RoutingSlip {
        open_slip(&self.router, envelope)
    }

    /// What the team of a report reads, in the shape of an answers file.
    pub fn opened(&self, envelope: &[u8], form: &FormDefinition) -> serde_json::Value {
        let lane = self.slip(envelope).lane.unwrap();
        let team = if matches!(lane, Lane::Conduct | Lane::Complaint) {
            &self.conduct
        } else {
            &self.hate
        };
        let envelope = Envelope::parse(envelope).unwrap();
        let part = open_report_part(envelope.report_part(), team, None).unwrap();
        let Content::Report(sealed) = part.content else {
            panic!("not a report")
        };
        let opened = decode_report(&sealed).unwrap();
        assert_eq!(
            opened.form_digest, form.digest,
            "coded with the form it was filled in with"
        );
        let (filled, unknown) = opened.fill(form);
        assert!(unknown.is_empty());
        serde_json::from_str(&answers_json(form, &filled)).unwrap()
    }
}

pub fn open_slip(router: &Identity, envelope: &[u8]) -> RoutingSlip {
    let envelope = Envelope::parse(envelope).unwrap();
    open_routing_part(envelope.routing_part(), router).unwrap().slip
}

pub fn plain_news() -> News {
    News {
        now: INTAKE_NOW,
        ..News::default()
    }
}

/// A bundle that the intake offers: what it says of it, and its bytes.
#[derive(Clone, Default)]
pub struct Offer {
    pub sequence: u32,
    pub bytes: Vec<u8>,
}

/// What an intake has to say to a kiosk that stands at `cursor`.
pub fn news_since(cursor: NewsCursor, notes: &[StatusNoteBytes], offer: &Offer) -> News {
    let numbered = (1_u64..).zip(notes).filter(|(number, _)| *number > cursor.notes);
    let mut news = plain_news();
    news.notes = numbered
        .clone()
        .take(NOTES_PER_ANSWER_MOST)
        .map(|(number, note)| (number, note.clone()))
        .collect();
    news.cursor = news.notes.last().map_or(cursor.notes, |(number, _)| *number);
    news.more = numbered.count() > NOTES_PER_ANSWER_MOST;
    if offer.sequence > cursor.bundle_sequence {
        let is_begun = cursor.pending_sequence == offer.sequence;
        let at = if is_begun { cursor.pending_bytes as usize } else { 0 };
        let rest = &offer.bytes[at.min(offer.bytes.len())..];
        let piece = &rest[..rest.len().min(News::piece_room_bytes(news.notes.len()))];
        if !piece.is_empty() {
            news.bundle_sequence = offer.sequence;
            news.piece_offset = at as u32;
            news.bundle_bytes = offer.bytes.len() as u32;
            news.piece = piece.to_vec();
        }
        news.more |= piece.len() < rest.len();
    }
    news
}
