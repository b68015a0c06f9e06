//! Builders for tests: one made-up deployment with throwaway keys, a slip, a report, a note. Everything is fixed, so
//! that golden files can be compared.
//!
//! Used as `mod support;` by tests that need keys. It asserts nothing and reads no clock and no file.
#![allow(dead_code, reason = "each test takes the builders that it needs")]

use ed25519_dalek::SigningKey;
use heard::form::{Approximate, Band, DateValue, Flag, Lane, TimeValue, YesNo};
use heard::id::KioskId;
use heard::mailbox::{AdditionKind, ReferenceCode, Stage};
use heard::time::{ClockReading, Confidence, Timestamp};
use heard::wire::v1::{
    CodedAnswer, CodedValue, Health, Kind, NewsCursor, RoutingSlip, SealedAddition, SealedReport, StatusNote,
};
use heard::wire::{Anchor, Bundle, BundleFile, Cost, LaneKeys};

/// When everything here happens: 2026-11-24 14:10 UTC.
pub(crate) const NOW: Timestamp = Timestamp(1_795_529_400);

/// The offline root.
pub(crate) fn root_key() -> SigningKey {
    SigningKey::from_bytes(&[0xa1; 32])
}

/// The intake's key for acknowledgements and news.
pub(crate) fn intake_key() -> SigningKey {
    SigningKey::from_bytes(&[0xa2; 32])
}

/// A kiosk's seed.
pub(crate) const KIOSK_SEED: [u8; 32] = [0xa3; 32];

/// A clock reading in which no two numbers are the same.
pub(crate) const fn clock(confidence: Confidence) -> ClockReading {
    ClockReading {
        wall: NOW,
        confidence,
        boot: 41,
        since_boot_seconds: 86_399,
    }
}

/// The cheapest anchor.
pub(crate) fn anchor() -> Anchor {
    Anchor {
        root: root_key().verifying_key().to_bytes(),
        authority: (0..=255).collect(),
        salt: SALT,
        cost: Cost::LEAST,
    }
}

/// A reference code.
pub(crate) fn code() -> ReferenceCode {
    ReferenceCode::from_random([0x2f; 16])
}

/// A bundle with `recipient(n)` for the n-th key: router, its escrow, then team and escrow of each lane.
pub(crate) fn bundle_of(recipient: impl Fn(u8) -> [u8; 32]) -> Bundle {
    let lanes = Lane::ALL.into_iter().zip((2..).step_by(2));
    Bundle {
        sequence: 7,
        issued: NOW,
        acknowledgement_key: intake_key().verifying_key().to_bytes(),
        router: recipient(0),
        router_escrow: recipient(1),
        lanes: lanes
            .map(|(lane, at)| LaneKeys {
                lane,
                team: recipient(at),
                escrow: recipient(at + 1),
            })
            .collect(),
        files: vec![
            BundleFile {
                path: "forms/report.toml".into(),
                bytes: b"form = \"report\"\n".to_vec(),
            },
            BundleFile {
                path: "site.toml".into(),
                bytes: Vec::new(),
            },
        ],
    }
}

/// A slip with something in every field.
pub(crate) fn slip(kind: Kind) -> RoutingSlip {
    RoutingSlip {
        kind,
        lane: Some(Lane::Hate),
        band: Band::High,
        flags: Flag::ALL.to_vec(),
        clock: clock(Confidence::Synced),
        tag: Some([0xc1; 16]),
        inbox: Some([0xc2; 32]),
        exclusions: vec!["Ann Example".into(), "Bob Example".into(), "ক".repeat(53)],
        counter: 70_000,
        news: NewsCursor {
            notes: 5_000_000_000,
            bundle_sequence: 7,
            pending_sequence: 8,
            pending_bytes: 13_000,
        },
        health: Health {
            faults: 0x8000_0001,
            free_megabytes: 12_345,
            exports: 2,
            imports: 3,
        },
    }
}

/// A slip that says nothing, for heartbeats and canaries.
pub(crate) fn bare_slip(kind: Kind) -> RoutingSlip {
    RoutingSlip {
        kind,
        lane: None,
        band: Band::Standard,
        flags: Vec::new(),
        clock: clock(Confidence::Unknown),
        tag: None,
        inbox: None,
        exclusions: Vec::new(),
        counter: 0,
        news: NewsCursor::default(),
        health: Health::default(),
    }
}

/// Every kind, in wire order.
pub(crate) const KINDS: [Kind; 8] = [
    Kind::Report,
    Kind::Reply,
    Kind::Diary,
    Kind::Hold,
    Kind::Survey,
    Kind::Heartbeat,
    Kind::Canary,
    Kind::Release,
];

/// Every kind of addition, in wire order.
pub(crate) const ADDITION_KINDS: [AdditionKind; 7] = [
    AdditionKind::Words,
    AdditionKind::GetInTouch,
    AdditionKind::CodeMayBeKnown,
    AdditionKind::ChangeRequest,
    AdditionKind::WithdrawalRequest,
    AdditionKind::SafeContact,
    AdditionKind::TrustedPerson,
];

/// Every shape that a coded value can have, in wire order.
pub(crate) fn coded_values() -> Vec<CodedValue> {
    let mut values = vec![
        CodedValue::Declined,
        CodedValue::Choice(3),
        CodedValue::Choices(vec![300, 1, 65_535]),
    ];
    values.extend(YesNo::ALL.map(CodedValue::YesNo));
    values.extend([CodedValue::Text(0, 5), CodedValue::Number(-70_000)]);
    values.push(CodedValue::Date(DateValue::NotSure));
    for approximate in [Approximate::Unsaid, Approximate::About, Approximate::Exact] {
        values.extend([
            CodedValue::Date(DateValue::Year(2026, approximate)),
            CodedValue::Date(DateValue::Month(2026, 11, approximate)),
            CodedValue::Date(DateValue::Day(2026, 11, 21, approximate)),
        ]);
    }
    values.extend([
        CodedValue::Time(TimeValue::Clock(23, 59)),
        CodedValue::Time(TimeValue::Part(4)),
        CodedValue::Place(9),
        CodedValue::PlaceAndSpot(9, 5, 5),
    ]);
    values
}

/// A report with an answer of every shape.
pub(crate) fn report() -> SealedReport {
    let answers = (1..)
        .zip(coded_values())
        .map(|(question, value)| CodedAnswer { question, value });
    SealedReport {
        uuid: [0xd1; 16],
        form: "report".into(),
        form_version: 3,
        form_digest: [0xd2; 32],
        language: "en".into(),
        clock: clock(Confidence::Kept),
        reply_secret: [0xd3; 32],
        answers: answers.collect(),
        words: "helloworld".into(),
    }
}

/// An addition.
pub(crate) fn addition(kind: AdditionKind) -> SealedAddition {
    SealedAddition {
        uuid: [0xd4; 16],
        language: "bn".into(),
        clock: clock(Confidence::Synced),
        kind,
        words: "আবার".into(),
    }
}

/// A status note.
pub(crate) fn note(stage: Stage) -> StatusNote {
    StatusNote {
        id: [0xe1; 16],
        stage,
        written: NOW,
        promised: Some(NOW.after_hours(48)),
        promise: "We ring the way you said is safe.".into(),
        caseworker: "Sam".into(),
        apology: true,
        words: "We asked for the film before it is overwritten.".into(),
    }
}

/// The n-th key of [`bundle_of`] as bytes that no curve has been asked about.
pub(crate) const fn plain_recipient(at: u8) -> [u8; 32] {
    [0x40 + at; 32]
}

/// A kiosk id for envelopes that are put together without sealing.
pub(crate) const KIOSK: KioskId = KioskId([0xf1; 16]);

/// Text in the shape of an age file with so many recipients and so many bytes of plaintext; nobody can open it.
pub(crate) fn age_shaped(stanzas: usize, plain_bytes: usize) -> Vec<u8> {
    let letters = "A".repeat(43);
    let mut text = String::from("age-encryption.org/v1\n");
    for _ in 0..stanzas {
        text.push_str(&format!("-> X25519 {letters}\n{letters}\n"));
    }
    text.push_str(&format!("-> x-grease\n\n--- {letters}\n"));
    let mut bytes = text.into_bytes();
    bytes.resize(bytes.len() + 32 + plain_bytes, 0x5e);
    bytes
}

/// The salt of [`anchor`].
pub(crate) const SALT: [u8; 16] = [0xb1; 16];

/// The identity whose public half is the n-th key of [`bundle_of`], when that is asked for `identity(n).recipient().0`.
#[cfg(feature = "shell")]
pub(crate) fn identity(at: u8) -> heard::seal::Identity {
    heard::seal::Identity::from_bytes([0x40 + at; 32])
}

/// A bundle with keys that [`identity`] opens.
#[cfg(feature = "shell")]
pub(crate) fn bundle() -> Bundle {
    bundle_of(|at| identity(at).recipient().0)
}

/// The keys with which a kiosk seals.
#[cfg(feature = "shell")]
pub(crate) fn sealing_keys() -> heard::seal::SealingKeys {
    heard::seal::SealingKeys::from_seed(&KIOSK_SEED)
}
