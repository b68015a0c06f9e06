//! What a reference code gives: keys pinned as goldens, notes that nothing else opens, key texts that age reads too.
//!
//! The keys of a code are frozen: were they to change, nobody could come back with a slip from before.
#![cfg(feature = "shell")]

mod golden;
mod support;

use std::str::FromStr;

use age::secrecy::ExposeSecret;
use golden::check;
use heard::limits::STATUS_NOTE_BYTES;
use heard::mailbox::{ReferenceCode, Stage};
use heard::seal::{
    AgeError, Identity, MailboxKeys, NoteError, Recipient, decrypt, derive, encrypt, open_note, seal_note,
};
use heard::wire::Cost;
use support::{SALT, identity};

#[test]
fn a_code_gives_the_same_keys_wherever_it_is_typed() {
    let typed = ReferenceCode::parse(&support::code().grouped()).expect("the code as shown");
    let sections = |cost| {
        let keys = derive(&typed, &SALT, cost).expect("an allowed cost");
        [
            (format!("tag, {cost:?}"), keys.tag.0.to_vec()),
            (format!("inbox, {cost:?}"), keys.inbox.bytes().to_vec()),
            (format!("inbox recipient, {cost:?}"), keys.inbox_recipient().0.to_vec()),
            (format!("reply, {cost:?}"), keys.reply.bytes().to_vec()),
            (format!("reply recipient, {cost:?}"), keys.reply_recipient().0.to_vec()),
            (format!("kept, {cost:?}"), keys.kept.bytes().to_vec()),
        ]
    };
    check(
        "mailbox_keys.hex",
        &[sections(Cost::LEAST), sections(Cost::STANDARD)].concat(),
    );
}

#[test]
fn another_code_salt_or_cost_gives_other_keys() {
    let keys = derive(&support::code(), &SALT, Cost::LEAST).expect("a small cost");
    let secrets = |keys: &MailboxKeys| [&keys.inbox, &keys.reply, &keys.kept].map(|key| *key.bytes());
    let mut other_salt = SALT;
    other_salt[15] ^= 1;
    let other_code = ReferenceCode::from_random([0x30; 16]);
    let others = [
        derive(&support::code(), &other_salt, Cost::LEAST),
        derive(&other_code, &SALT, Cost::LEAST),
        derive(
            &support::code(),
            &SALT,
            Cost {
                memory_kib: 65,
                passes: 1,
            },
        ),
        derive(
            &support::code(),
            &SALT,
            Cost {
                memory_kib: 64,
                passes: 2,
            },
        ),
    ];
    let mut seen: Vec<[u8; 32]> = secrets(&keys).into();
    let mut tags = vec![keys.tag];
    for other in others {
        let other = other.expect("a small cost");
        seen.extend(secrets(&other));
        tags.push(other.tag);
    }
    seen.sort_unstable();
    seen.dedup();
    tags.sort_unstable();
    tags.dedup();
    assert_eq!((seen.len(), tags.len()), (15, 5));
    assert!(seen.iter().all(|secret| secret[..16] != keys.tag.0));
    for impossible in [
        Cost {
            memory_kib: 0,
            passes: 1,
        },
        Cost {
            memory_kib: u32::MAX,
            passes: 1,
        },
        Cost {
            memory_kib: 64,
            passes: 0,
        },
    ] {
        assert!(derive(&support::code(), &SALT, impossible).is_err());
    }
}

#[test]
fn a_note_opens_with_its_code_only() {
    let mine = derive(&support::code(), &SALT, Cost::LEAST).expect("a small cost");
    let other = derive(&ReferenceCode::from_random([0x30; 16]), &SALT, Cost::LEAST).expect("a small cost");
    let mut note = support::note(Stage::Told);
    note.promise = "p".repeat(200);
    note.caseworker = "c".repeat(60);
    note.words = "ক".repeat(400);
    let sealed = seal_note(&note, mine.inbox_recipient()).expect("it is within its bounds");
    assert_eq!(open_note(&sealed, &mine.inbox), Ok(note.clone()));
    for key in [&mine.reply, &mine.kept, &other.inbox, &other.reply] {
        assert_eq!(open_note(&sealed, key), Err(NoteError::NotForUs));
    }
    note.words = "ক".repeat(500);
    assert_eq!(seal_note(&note, mine.inbox_recipient()).err(), Some(NoteError::TooLong));
    let age_bytes = usize::from(u16::from_be_bytes([sealed[0], sealed[1]]));
    for at in 0..STATUS_NOTE_BYTES {
        let mut changed = sealed.clone();
        changed[at] ^= 0x10;
        // The random fill carries nothing, so nothing watches over it; the page around it is signed.
        assert_eq!(
            open_note(&changed, &mine.inbox).is_ok(),
            at >= 2 + age_bytes,
            "byte {at}"
        );
    }
    for bytes in [[0; STATUS_NOTE_BYTES], [0xff; STATUS_NOTE_BYTES]] {
        assert_eq!(open_note(&bytes, &mine.inbox), Err(NoteError::NotForUs));
    }
}

/// With these points every exchange is zero. A kiosk gone wrong could name one as an inbox.
#[test]
fn a_recipient_that_shares_no_secret_is_refused() {
    let mut points = vec![[0; 32], [0; 32], [0xff; 32], [0xff; 32], [0xff; 32]];
    points[1][0] = 1;
    for (point, low) in points[2..].iter_mut().zip([0xec, 0xed, 0xee]) {
        (point[0], point[31]) = (low, 0x7f);
    }
    for hex in [
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    ] {
        let mut point = [0; 32];
        heard::id::from_hex(hex, &mut point).expect("hexadecimal");
        points.push(point);
    }
    for mut point in points {
        for high_bit in [0, 0x80] {
            point[31] |= high_bit;
            let sealed = seal_note(&support::note(Stage::Received), Recipient(point));
            assert_eq!(sealed.err(), Some(NoteError::Seal), "{point:02x?}");
            assert_eq!(
                encrypt(b"x", &[identity(0).recipient(), Recipient(point)]),
                Err(AgeError::Seal)
            );
        }
    }
    let strong = encrypt(b"x", &[identity(0).recipient()]).expect("a recipient like any other");
    assert_eq!(decrypt(&strong, &identity(0), 1).as_deref(), Ok(&b"x".to_vec()));
    assert_eq!(decrypt(&strong, &identity(0), 0).err(), Some(AgeError::Broken));
}

#[test]
fn our_keys_and_ages_keys_are_the_same_text() {
    let ours = Identity::generate().expect("the system gives randomness");
    let theirs = age::x25519::Identity::from_str(&ours.text()).expect("age reads our identity");
    assert_eq!(theirs.to_public().to_string(), ours.recipient().text());
    let theirs = age::x25519::Identity::generate();
    let ours = Identity::parse(theirs.to_string().expose_secret()).expect("we read age's identity");
    assert_eq!(*theirs.to_string().expose_secret(), **ours.text());
    let recipient = Recipient::parse(&theirs.to_public().to_string()).expect("we read age's recipient");
    assert_eq!(recipient, ours.recipient());
    for wrong in [
        "",
        "age1",
        "AGE-SECRET-KEY-1",
        &ours.text()[1..],
        &recipient.text()[..60],
    ] {
        assert!(Identity::parse(wrong).is_err() && Recipient::parse(wrong).is_err());
    }
    assert!(Identity::parse(&recipient.text()).is_err() && Recipient::parse(&ours.text()).is_err());
    assert!(!format!("{ours:?}").contains(&ours.text()[20..30]));
}
