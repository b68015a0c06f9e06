//! Seals and opens with real keys: who opens what, that nothing else does, that the parts belong together, and that
//! every kind of envelope looks like every other from outside.
//!
//! `HEARD_SEALS=10000 cargo test --test sealing` raises the number of envelopes that are compared (400 otherwise).
#![cfg(feature = "shell")]

mod support;

use std::io::Read;
use std::str::FromStr;

use heard::form::Lane;
use heard::limits::{
    ENVELOPE_BYTES, HEADER_BYTES, ID_LETTERS_MOST, LANGUAGE_LETTERS_MOST, REPORT_PLAIN_BYTES, ROUTING_PLAIN_BYTES,
    STORY_BYTES, TEXT_POOL_BYTES, age_most_bytes,
};
use heard::mailbox::AdditionKind;
use heard::seal::{Destination, Identity, OpenError, SealError, derive, open_report_part, open_routing_part, seal};
use heard::wire::v1::{CodedAnswer, CodedValue, Content, Kind, ReportPart, RoutingSlip, SealedReport};
use heard::wire::{Cost, Envelope, decode_report, to_padded};

/// Who holds an identity of this deployment.
fn everybody() -> Vec<(&'static str, Identity)> {
    const NAMES: [&str; 10] = [
        "router",
        "router escrow",
        "asb",
        "asb escrow",
        "hate",
        "hate escrow",
        "complaint",
        "complaint escrow",
        "conduct",
        "conduct escrow",
    ];
    let mailbox = derive(&support::code(), &support::SALT, Cost::LEAST).expect("a small cost");
    let named = (0..).zip(NAMES).map(|(at, name)| (name, support::identity(at)));
    let own = [
        ("inbox", mailbox.inbox),
        ("reply", mailbox.reply),
        ("kept", mailbox.kept),
    ];
    named.chain(own).collect()
}

fn reply() -> Destination {
    let mailbox = derive(&support::code(), &support::SALT, Cost::LEAST).expect("a small cost");
    Destination::Reply(mailbox.reply_recipient())
}

/// One of each: slip, content, destination, and who opens the report part.
fn all_sorts() -> Vec<(RoutingSlip, Content, Destination, Vec<&'static str>)> {
    let report = || Content::Report(support::report());
    let lane = |lane, openers: [&'static str; 2]| {
        let mut slip = support::slip(Kind::Report);
        slip.lane = Some(lane);
        (slip, report(), Destination::Lane(lane), openers.to_vec())
    };
    let addition = |kind| {
        let content = Content::Addition(support::addition(AdditionKind::Words));
        (support::slip(kind), content, reply(), vec!["conduct escrow", "reply"])
    };
    let full = Content::Report(full_report());
    vec![
        lane(Lane::AntiSocialBehaviour, ["asb", "asb escrow"]),
        lane(Lane::Hate, ["hate", "hate escrow"]),
        lane(Lane::Complaint, ["complaint", "complaint escrow"]),
        lane(Lane::Conduct, ["conduct", "conduct escrow"]),
        (
            support::slip(Kind::Report),
            full,
            Destination::Lane(Lane::Hate),
            vec!["hate", "hate escrow"],
        ),
        addition(Kind::Reply),
        addition(Kind::Diary),
        addition(Kind::Hold),
        addition(Kind::Survey),
        addition(Kind::Release),
        (
            support::bare_slip(Kind::Heartbeat),
            Content::Nothing,
            Destination::Nobody,
            vec![],
        ),
        (
            support::bare_slip(Kind::Canary),
            Content::Canary([9; 16]),
            Destination::Canary,
            vec!["hate", "conduct"],
        ),
    ]
}

fn sealed(slip: &RoutingSlip, content: &Content, destination: Destination) -> Envelope {
    seal(
        &support::sealing_keys(),
        &support::bundle(),
        slip,
        content.clone(),
        destination,
    )
    .expect("it fits and the bundle has every key")
}

#[test]
fn each_part_opens_with_its_own_keys_and_with_no_other() {
    for (slip, content, destination, openers) in all_sorts() {
        let envelope = sealed(&slip, &content, destination);
        assert!(envelope.verify(&support::sealing_keys().signing.verifying_key()));
        assert_eq!(
            (envelope.header().kiosk, envelope.header().bundle_sequence),
            (support::sealing_keys().kiosk, 7)
        );
        let router = open_routing_part(envelope.routing_part(), &support::identity(0)).expect("the router opens it");
        assert_eq!(router.slip, slip);
        for (name, key) in everybody() {
            let opened = open_routing_part(envelope.routing_part(), &key);
            let expected = if name.starts_with("router") {
                Ok(&router)
            } else {
                Err(&OpenError::NotForUs)
            };
            assert_eq!(opened.as_ref(), expected, "{name}: {destination:?}");
            let opened = open_report_part(envelope.report_part(), &key, Some(router.digest)).map(|part| part.content);
            let expected = if openers.contains(&name) {
                Ok(&content)
            } else {
                Err(&OpenError::NotForUs)
            };
            assert_eq!(opened.as_ref(), expected, "{name}: {destination:?}");
        }
    }
}

#[test]
fn a_slip_and_a_part_of_two_envelopes_do_not_pass_for_one() {
    let mut first = support::slip(Kind::Report);
    let content = Content::Report(support::report());
    let one = sealed(&first, &content, Destination::Lane(Lane::Hate));
    first.counter += 1;
    let two = sealed(&first, &content, Destination::Lane(Lane::Hate));
    let digest = |envelope: &Envelope| {
        let slip = open_routing_part(envelope.routing_part(), &support::identity(0)).expect("the router opens it");
        slip.digest
    };
    let open = |part: &Envelope, slip: &Envelope| {
        open_report_part(part.report_part(), &support::identity(4), Some(digest(slip)))
    };
    assert!(open(&one, &one).is_ok() && open(&two, &two).is_ok());
    assert_eq!(open(&one, &two), Err(OpenError::Mismatch));
    assert_eq!(open(&two, &one), Err(OpenError::Mismatch));
    assert!(open_report_part(one.report_part(), &support::identity(4), None).is_ok());
}

/// With nothing of `heard` but the numbers in the header: what the standard tool would do after a disaster.
#[test]
fn the_report_part_cut_out_by_hand_opens_with_age_alone() {
    let slip = support::slip(Kind::Report);
    let envelope = sealed(
        &slip,
        &Content::Report(support::report()),
        Destination::Lane(Lane::Conduct),
    );
    let bytes = envelope.bytes();
    let length = |at: usize| usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
    let start = 32 + length(26);
    let secret = age::x25519::Identity::from_str(&support::identity(9).text()).expect("age reads our text form");
    let decryptor = age::Decryptor::new(&bytes[start..start + length(28)]).expect("an age file");
    let reader = decryptor.decrypt(std::iter::once(&secret as &dyn age::Identity));
    let mut plain = Vec::new();
    reader
        .expect("the escrow opens it")
        .read_to_end(&mut plain)
        .expect("it is whole");
    assert_eq!(plain.len(), REPORT_PLAIN_BYTES);
    assert!(plain.windows(10).any(|window| window == b"helloworld"));
}

/// 12,800 bytes of Bengali and as many coded answers as the rest of the part holds.
fn full_report() -> SealedReport {
    let story = "ক".repeat(STORY_BYTES / 3) + "a";
    let after = "খ".repeat((TEXT_POOL_BYTES - STORY_BYTES) / 3) + "b";
    let mut report = support::report();
    report.words = story + &after;
    assert_eq!(report.words.len(), TEXT_POOL_BYTES);
    report.form = "f".repeat(ID_LETTERS_MOST);
    report.language = "l".repeat(LANGUAGE_LETTERS_MOST);
    report.answers.clear();
    report.answers.push(CodedAnswer {
        question: 1,
        value: CodedValue::Text(0, 10_240),
    });
    while fits(&report) {
        report.answers.push(CodedAnswer {
            question: u16::MAX,
            value: CodedValue::Choices(vec![u16::MAX; 32]),
        });
    }
    report.answers.pop();
    while fits(&report) {
        report.answers.push(CodedAnswer {
            question: 1,
            value: CodedValue::Declined,
        });
    }
    report.answers.pop();
    report
}

fn fits(report: &SealedReport) -> bool {
    let part = ReportPart {
        routing_digest: [0; 32],
        content: Content::Report(report.clone()),
    };
    to_padded(&part, REPORT_PLAIN_BYTES).is_ok()
}

#[test]
fn a_report_filled_to_every_limit_fits_and_one_answer_more_is_refused() {
    let mut report = full_report();
    assert!(report.answers.len() >= 10, "hardly any answer fits beside the words");
    let slip = support::slip(Kind::Report);
    let envelope = sealed(&slip, &Content::Report(report.clone()), Destination::Lane(Lane::Hate));
    let opened = open_report_part(envelope.report_part(), &support::identity(4), None).expect("the team opens it");
    assert_eq!(opened.content, Content::Report(report.clone()));
    assert!(decode_report(&report).is_ok());
    report.answers.push(CodedAnswer {
        question: 1,
        value: CodedValue::Choices(vec![1; 4]),
    });
    let refused = seal(
        &support::sealing_keys(),
        &support::bundle(),
        &slip,
        Content::Report(report),
        Destination::Lane(Lane::Hate),
    );
    assert_eq!(refused.err(), Some(SealError::TooLarge));
    let mut slip = support::slip(Kind::Report);
    slip.exclusions = vec!["x".repeat(ROUTING_PLAIN_BYTES)];
    let refused = seal(
        &support::sealing_keys(),
        &support::bundle(),
        &slip,
        Content::Nothing,
        Destination::Nobody,
    );
    assert_eq!(refused.err(), Some(SealError::TooLarge));
}

#[test]
fn a_report_that_no_kiosk_writes_is_refused_and_not_shown_in_part() {
    let sealed = support::report();
    let opened = decode_report(&sealed).expect("the sample is whole");
    assert_eq!(opened.answers.len(), sealed.answers.len());
    for value in [
        CodedValue::Text(6, 5),
        CodedValue::PlaceAndSpot(1, 0, 11),
        CodedValue::Choices(vec![1; 33]),
    ] {
        let mut wrong = support::report();
        wrong.answers[0].value = value;
        assert!(decode_report(&wrong).is_err());
    }
    let mut long = support::report();
    long.words = "x".repeat(TEXT_POOL_BYTES + 1);
    assert!(decode_report(&long).is_err());
}

#[test]
fn a_changed_byte_anywhere_breaks_the_signature() {
    let envelope = sealed(
        &support::slip(Kind::Report),
        &Content::Nothing,
        Destination::Lane(Lane::Hate),
    );
    let key = support::sealing_keys().signing.verifying_key();
    let mut bytes = envelope.bytes().to_vec();
    for at in 0..ENVELOPE_BYTES {
        bytes[at] ^= 1 << (at % 8);
        let believed = Envelope::parse(&bytes).is_ok_and(|changed| changed.verify(&key));
        assert!(!believed, "byte {at}");
        bytes[at] ^= 1 << (at % 8);
    }
    assert!(Envelope::parse(&bytes).is_ok_and(|whole| whole.verify(&key)));
}

/// Bytes of envelopes by sort: what an observer could learn from.
type Seen = Vec<Vec<Vec<u8>>>;

/// Places that tell one sort from the others: its bytes are others on average (beyond five standard errors), or are
/// all the same where they should be random.
fn telling_places(seen: &Seen) -> Vec<usize> {
    let count = |rows: &[Vec<u8>]| rows.len() as f64;
    let total: f64 = seen.iter().map(|rows| count(rows)).sum();
    (0..ENVELOPE_BYTES)
        .filter(|at| {
            let sum = |rows: &Vec<Vec<u8>>| rows.iter().map(|row| f64::from(row[*at])).sum::<f64>();
            let mean = seen.iter().map(sum).sum::<f64>() / total;
            let square = |row: &Vec<u8>| (f64::from(row[*at]) - mean).powi(2);
            let deviation = (seen.iter().flatten().map(square).sum::<f64>() / total).sqrt();
            let tells = |rows: &Vec<Vec<u8>>| {
                let far = (sum(rows) / count(rows) - mean).abs() * count(rows).sqrt() > 5.0 * deviation;
                // Random bytes deviate by 74, age's letters by less than 30.
                let stiff = deviation > 40.0 && rows.iter().all(|row| row[*at] == rows[0][*at]);
                far || stiff
            };
            deviation > 0.0 && seen.iter().any(tells)
        })
        .collect()
}

fn seals() -> usize {
    std::env::var("HEARD_SEALS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(400)
}

#[test]
fn every_envelope_looks_like_every_other() {
    let sorts = all_sorts();
    let each = (seals() / 2).div_ceil(sorts.len());
    let most = |plain, stanzas| age_most_bytes(plain, stanzas);
    // Two halves: chance singles out other places in each, a leak the same.
    let halves: [Seen; 2] = std::array::from_fn(|_| {
        let sort = |(slip, content, destination, _): &(_, _, Destination, _)| {
            (0..each)
                .map(|_| sealed(slip, content, *destination).bytes().to_vec())
                .collect()
        };
        sorts.iter().map(sort).collect()
    });
    for bytes in halves.iter().flatten().flatten() {
        let envelope = Envelope::parse(bytes).expect("sealing gives an envelope with 2 and 4 recipients");
        assert_eq!(bytes[..26], halves[0][0][0][..26]);
        assert_eq!(bytes[30..HEADER_BYTES], [0, 0]);
        // age's grease is from 13 to 190 bytes; nothing else may vary.
        let routing = most(ROUTING_PLAIN_BYTES, 2) - 177..=most(ROUTING_PLAIN_BYTES, 2);
        let report = most(REPORT_PLAIN_BYTES, 4) - 177..=most(REPORT_PLAIN_BYTES, 4);
        assert!(routing.contains(&envelope.routing_part().len()));
        assert!(report.contains(&envelope.report_part().len()));
    }
    let second = telling_places(&halves[1]);
    let telling: Vec<usize> = telling_places(&halves[0])
        .into_iter()
        .filter(|at| second.contains(at))
        .collect();
    assert_eq!(telling, Vec::<usize>::new(), "these places tell what is inside");

    for leak in [0, 127, 255] {
        let mut leaky = halves[0].clone();
        leaky[2].iter_mut().for_each(|row| row[16_000] = leak);
        assert!(
            telling_places(&leaky).contains(&16_000),
            "the comparison would not see a leak"
        );
    }
}
