//! Pins the bytes of every version-1 format, and shows that no bytes from outside make a reader panic.
//!
//! Each file of `tests/golden/` is compared with what the fixed samples give and is read back to the same values. A
//! golden of a released version is never changed: add a new version. `HEARD_BLESS=1 cargo test` writes new ones. Sealed
//! bytes are random and are tried in `tests/sealing.rs`; envelopes here hold parts that nobody can open.

mod golden;
mod support;

use ed25519_dalek::Signer;
use golden::check;
use heard::form::{Band, Lane};
use heard::id::EnvelopeId;
use heard::limits::{
    ENVELOPE_BYTES, REPORT_PLAIN_BYTES, REPORT_STANZAS, ROUTING_PLAIN_BYTES, ROUTING_STANZAS, SIGNED_BYTES,
    STATUS_NOTE_BYTES, STATUS_NOTE_PLAIN_BYTES,
};
use heard::mailbox::Stage;
use heard::time::Confidence;
use heard::wire::api::desk_signing_bytes;
use heard::wire::v1::{Content, ReportPart, RoutingSlip, StatusNote};
use heard::wire::{
    Anchor, Bundle, Cost, Envelope, EnvelopeHeader, News, PageError, RefusalCode, Token, Verdict, assemble, build_page,
    check_age_shape, envelope_id, from_padded, read_page, to_padded,
};
use proptest::prelude::*;
use support::NOW;

fn slips() -> Vec<(String, RoutingSlip)> {
    let mut slips = Vec::new();
    for kind in support::KINDS {
        slips.push((format!("{kind:?}"), support::slip(kind)));
        slips.push((format!("{kind:?} bare"), support::bare_slip(kind)));
    }
    for lane in Lane::ALL {
        let mut slip = support::bare_slip(support::KINDS[0]);
        slip.lane = Some(lane);
        slips.push((format!("{lane:?}"), slip));
    }
    for band in [Band::Standard, Band::Medium, Band::High] {
        let mut slip = support::bare_slip(support::KINDS[0]);
        slip.band = band;
        slips.push((format!("{band:?}"), slip));
    }
    for confidence in [Confidence::Unknown, Confidence::Kept, Confidence::Synced] {
        let mut slip = support::bare_slip(support::KINDS[0]);
        slip.clock = support::clock(confidence);
        slips.push((format!("{confidence:?}"), slip));
    }
    slips
}

fn parts() -> Vec<(String, ReportPart)> {
    let part = |content| ReportPart {
        routing_digest: [0x99; 32],
        content,
    };
    let mut parts = vec![
        ("report".to_string(), part(Content::Report(support::report()))),
        ("nothing".to_string(), part(Content::Nothing)),
        ("canary".to_string(), part(Content::Canary([0x98; 16]))),
    ];
    for kind in support::ADDITION_KINDS {
        parts.push((format!("{kind:?}"), part(Content::Addition(support::addition(kind)))));
    }
    parts
}

fn notes() -> Vec<(String, StatusNote)> {
    let mut notes: Vec<_> = Stage::ALL
        .map(|stage| (format!("{stage:?}"), support::note(stage)))
        .into();
    let mut quiet = support::note(Stage::Received);
    quiet.promised = None;
    quiet.apology = false;
    notes.push(("no promise".to_string(), quiet));
    notes
}

fn check_padded<T>(file: &str, bytes: usize, samples: Vec<(String, T)>)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let encode = |value: &T| to_padded(value, bytes).expect("the samples fit");
    let sections: Vec<_> = samples
        .iter()
        .map(|(name, value)| (name.clone(), encode(value)))
        .collect();
    for ((name, pinned), (_, value)) in check(file, &sections).iter().zip(&samples) {
        assert_eq!(pinned.len(), bytes);
        assert_eq!(from_padded::<T>(pinned).as_ref(), Ok(value), "{file}: {name}");
        let mut dirty = pinned.clone();
        dirty[bytes - 1] = 1;
        assert!(
            from_padded::<T>(&dirty).is_err(),
            "{file}: {name}: padding is not looked at"
        );
    }
}

#[test]
fn what_is_sealed_keeps_its_bytes() {
    check_padded("routing_slip.hex", ROUTING_PLAIN_BYTES, slips());
    check_padded("report_part.hex", REPORT_PLAIN_BYTES, parts());
    check_padded("status_note.hex", STATUS_NOTE_PLAIN_BYTES, notes());
}

fn anchors() -> [Anchor; 2] {
    let mut dear = support::anchor();
    dear.cost = Cost::STANDARD;
    [support::anchor(), dear]
}

fn bundle_bytes() -> Vec<u8> {
    let bundle = support::bundle_of(support::plain_recipient);
    bundle.sign(&support::root_key()).expect("the sample is whole")
}

#[test]
fn what_a_kiosk_trusts_keeps_its_bytes() {
    let sections = anchors().map(|anchor| (format!("{:?}", anchor.cost), anchor.to_bytes().expect("it fits")));
    for ((_, pinned), anchor) in check("anchor.hex", &sections).iter().zip(anchors()) {
        assert_eq!(Anchor::parse(pinned), Ok(anchor));
    }

    let pinned = check("bundle.hex", &[("bundle".to_string(), bundle_bytes())]);
    let opened = Bundle::open(&pinned[0].1, &support::root_key().verifying_key());
    assert_eq!(opened, Ok(support::bundle_of(support::plain_recipient)));

    let token = token();
    let pinned = check("token.hex", &[("text".to_string(), token.text().into_bytes())]);
    let text = String::from_utf8(pinned[0].1.clone()).expect("a token is ASCII");
    assert_eq!(Token::parse(&text), Ok(token));

    let signed = desk_signing_bytes("POST", "/v1/desk/cases/ab/open?x=1", b"{}", &[0xa5; 32], "0011");
    check("desk_request.hex", &[("signed bytes".to_string(), signed)]);
}

fn token() -> Token {
    let anchor = support::anchor().to_bytes().expect("it fits");
    Token {
        secret: *b"0123456789abcdef",
        anchor: Anchor::short_digest(&anchor),
    }
}

fn envelope() -> Envelope {
    let header = EnvelopeHeader {
        kiosk: support::KIOSK,
        bundle_sequence: 0x0102_0304,
    };
    let routing = support::age_shaped(ROUTING_STANZAS, ROUTING_PLAIN_BYTES);
    let report = support::age_shaped(REPORT_STANZAS, REPORT_PLAIN_BYTES);
    assemble(
        header,
        &routing,
        &report,
        &[0x77; ENVELOPE_BYTES],
        &support::intake_key(),
    )
    .expect("they fit")
}

#[test]
fn an_envelope_keeps_its_layout_and_its_signature() {
    let built = envelope();
    let pinned = check("envelope.hex", &[("envelope".to_string(), built.bytes().to_vec())]);
    let read = Envelope::parse(&pinned[0].1).expect("the golden is an envelope");
    assert_eq!(read, built);

    let bytes = read.bytes();
    let routing = support::age_shaped(ROUTING_STANZAS, ROUTING_PLAIN_BYTES);
    let report = support::age_shaped(REPORT_STANZAS, REPORT_PLAIN_BYTES);
    let length = |part: &[u8]| u16::try_from(part.len()).expect("parts are short").to_be_bytes();
    assert_eq!(bytes[..6], *b"HRDE\x01\x01");
    assert_eq!(bytes[6..22], support::KIOSK.0);
    assert_eq!(bytes[22..26], [1, 2, 3, 4]);
    assert_eq!(bytes[26..28], length(&routing));
    assert_eq!(bytes[28..30], length(&report));
    assert_eq!(bytes[30..32], [0, 0]);
    assert_eq!(bytes[32..32 + routing.len()], routing);
    assert_eq!(read.report_part(), report);

    let key = support::intake_key();
    let signed = [&b"heard envelope v1"[..], &bytes[..SIGNED_BYTES]].concat();
    assert_eq!(bytes[SIGNED_BYTES..], key.sign(&signed).to_bytes());
    assert!(read.verify(&key.verifying_key()));
    assert!(!read.verify(&support::root_key().verifying_key()));
    assert_eq!(read.id(), envelope_id(bytes));
}

fn news() -> News {
    News {
        now: NOW.after_seconds(5),
        notes: vec![
            (40, Box::new([0x11; STATUS_NOTE_BYTES])),
            (41, Box::new([0x12; STATUS_NOTE_BYTES])),
        ],
        cursor: 41,
        more: true,
        bundle_sequence: 8,
        piece_offset: 100,
        bundle_bytes: 500,
        piece: vec![0x13; 400],
    }
}

fn pages() -> Vec<(String, Verdict, News, Vec<u8>)> {
    let refused = |code| Verdict::Refused(code);
    let rows = [
        ("acknowledged", Verdict::Acknowledged, News::default()),
        ("acknowledged with news", Verdict::Acknowledged, news()),
        ("refused, version", refused(RefusalCode::Version), News::default()),
        ("refused, shape", refused(RefusalCode::Shape), News::default()),
        ("refused, other", refused(RefusalCode::Other(513)), News::default()),
    ];
    let build = |verdict, news: &News| {
        let page = build_page(EnvelopeId([0xab; 32]), verdict, NOW, news, &support::intake_key());
        page.expect("the news fit").to_vec()
    };
    rows.map(|(name, verdict, news)| (name.to_string(), verdict, news.clone(), build(verdict, &news)))
        .into()
}

#[test]
fn an_answer_keeps_its_bytes() {
    let key = support::intake_key().verifying_key();
    let rows = pages();
    let sections: Vec<_> = rows
        .iter()
        .map(|(name, _, _, bytes)| (name.clone(), bytes.clone()))
        .collect();
    for ((_, pinned), (name, verdict, news, _)) in check("answer_page.hex", &sections).iter().zip(&rows) {
        let page = read_page(pinned, &key).expect("the golden is an answer");
        assert_eq!((page.id, page.verdict), (EnvelopeId([0xab; 32]), *verdict), "{name}");
        assert_eq!((page.first_received, &page.news), (NOW, news), "{name}");
        assert_eq!(page.proof, pinned[..112], "{name}");
        let stranger = support::root_key().verifying_key();
        assert_eq!(read_page(pinned, &stranger), Err(PageError::Signature), "{name}");
    }
    // A repeat with other news proves the verdict with the same bytes.
    assert_eq!(rows[0].3[..112], rows[1].3[..112]);
}

#[test]
fn an_answer_whose_piece_is_outside_its_bundle_is_neither_built_nor_believed() {
    for (offset, whole) in [(101, 500), (0, 399), (u32::MAX, 500), (0, 2_000_000)] {
        let mut wrong = news();
        (wrong.piece_offset, wrong.bundle_bytes) = (offset, whole);
        let built = build_page(
            EnvelopeId([0; 32]),
            Verdict::Acknowledged,
            NOW,
            &wrong,
            &support::intake_key(),
        );
        assert_eq!(built, Err(PageError::Malformed));
        let mut page = pages().remove(1).3;
        page[134..138].copy_from_slice(&offset.to_be_bytes());
        page[138..142].copy_from_slice(&whole.to_be_bytes());
        assert_eq!(
            read_page(&sign_page(page), &support::intake_key().verifying_key()),
            Err(PageError::Malformed)
        );
    }
}

/// Signs the page again, as an intake gone wrong would.
fn sign_page(mut page: Vec<u8>) -> Vec<u8> {
    let signed = [&b"heard page v1"[..], &page[..SIGNED_BYTES]].concat();
    page[SIGNED_BYTES..].copy_from_slice(&support::intake_key().sign(&signed).to_bytes());
    page
}

/// Signs anything as a bundle, as a root gone wrong would.
fn sign_bundle(body: &[u8]) -> Vec<u8> {
    let bytes = [&b"HRDB\x01"[..], body].concat();
    let signature = support::root_key().sign(&[&b"heard bundle v1"[..], &bytes].concat());
    [bytes, signature.to_bytes().to_vec()].concat()
}

/// Everything that reads bytes from outside, except what is behind a signature.
fn read_all(bytes: &[u8]) -> usize {
    let page_key = support::intake_key().verifying_key();
    let root = support::root_key().verifying_key();
    let read = [
        Envelope::parse(bytes).is_ok(),
        read_page(bytes, &page_key).is_ok(),
        Anchor::parse(bytes).is_ok(),
        Bundle::open(bytes, &root).is_ok(),
        Token::parse(&String::from_utf8_lossy(bytes)).is_ok(),
        check_age_shape(bytes, ROUTING_STANZAS, ROUTING_PLAIN_BYTES).is_ok(),
    ];
    read_padded(bytes);
    read.into_iter().filter(|whole| *whole).count()
}

fn read_padded(bytes: &[u8]) {
    let _ = from_padded::<RoutingSlip>(bytes);
    let _ = from_padded::<ReportPart>(bytes);
    let _ = from_padded::<StatusNote>(bytes);
}

/// Every sample cut anywhere, and every byte of it changed, is refused by everything that checks a digest, a
/// signature or a length, and panics nothing.
#[test]
fn cut_and_changed_bytes_are_refused_without_a_panic() {
    let whole = bundle_bytes();
    let root = support::root_key().verifying_key();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(Bundle::open(&changed, &root).is_err(), "byte {at}");
        assert!(Bundle::open(&whole[..at], &root).is_err(), "cut at {at}");
    }
    let anchor = support::anchor().to_bytes().expect("it fits");
    for at in 0..anchor.len() {
        assert!(Anchor::parse(&anchor[..at]).is_err(), "cut at {at}");
        let mut changed = anchor.clone();
        changed[at] ^= 0x80;
        assert_ne!(Anchor::parse(&changed), Ok(support::anchor()), "byte {at}");
    }
    let text = token().text();
    for at in 0..text.len() {
        assert!(Token::parse(&text[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn an_age_file_may_differ_in_its_grease_and_its_payload_only() {
    let age = support::age_shaped(ROUTING_STANZAS, ROUTING_PLAIN_BYTES);
    let grease = age
        .windows(8)
        .position(|window| window == b"x-grease")
        .expect("it is there");
    let payload = age.len() - 32 - ROUTING_PLAIN_BYTES;
    for at in 0..age.len() {
        let shape = |bytes: &[u8]| check_age_shape(bytes, ROUTING_STANZAS, ROUTING_PLAIN_BYTES);
        assert!(shape(&age[..at]).is_err(), "cut at {at}");
        let mut changed = age.clone();
        changed[at] ^= 0x80;
        let free = at >= payload || (grease..grease + 8).contains(&at);
        assert_eq!(shape(&changed).is_ok(), free, "byte {at}");
    }
}

#[test]
fn padded_samples_may_be_cut_or_changed_anywhere() {
    let slip = to_padded(&slips()[0].1, ROUTING_PLAIN_BYTES).expect("it fits");
    let part = to_padded(&parts()[0].1, REPORT_PLAIN_BYTES).expect("it fits");
    let note = to_padded(&notes()[0].1, STATUS_NOTE_PLAIN_BYTES).expect("it fits");
    for sample in [slip, part, note] {
        for at in 0..sample.len().min(700) {
            read_padded(&sample[..at]);
            for change in [0x01, 0x80, 0xff] {
                let mut changed = sample.clone();
                changed[at] ^= change;
                read_padded(&changed);
            }
        }
    }
}

#[test]
fn a_page_signed_by_an_intake_gone_wrong_panics_nothing() {
    let whole = pages().remove(1).3;
    let key = support::intake_key().verifying_key();
    for at in (0..144).chain(SIGNED_BYTES - 8..SIGNED_BYTES) {
        for value in [0x00, 0x01, 0x07, 0x08, 0x7f, 0xff] {
            let mut page = whole.clone();
            page[at] = value;
            if page != whole {
                assert!(read_page(&page, &key).is_err(), "byte {at} is not signed");
                let _ = read_page(&sign_page(page), &key);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn arbitrary_bytes_panic_nothing(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert_eq!(read_all(&bytes), 0);
        prop_assert!(Bundle::open(&sign_bundle(&bytes), &support::root_key().verifying_key()).is_err());
    }

    #[test]
    fn whole_size_bytes_behind_a_right_start_panic_nothing(
        start in prop::sample::select(vec![&b"HRDE\x01\x01"[..], b"HRDA\x01\x00", b"HRDB\x01", b"HRDR\x01", b"age-encryption.org/v1\n-> "]),
        bytes in prop::collection::vec(any::<u8>(), 300),
        fill in any::<u8>(),
    ) {
        let mut whole = [start, &bytes].concat();
        prop_assert_eq!(read_all(&whole), 0);
        whole.resize(ENVELOPE_BYTES, fill);
        prop_assert_eq!(read_all(&whole), 0);
    }
}
