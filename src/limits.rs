//! Every bound in Heard, in one place, with compile-time checks between them.
//!
//! Whatever a person, a file or the network gives is bounded by a name from here.
//! This file holds numbers and their reasons; it refuses to hold behaviour.

/// Bytes in every envelope and in every answer of the intake: one size, so that an observer sees one shape.
pub const ENVELOPE_BYTES: usize = 16_384;
/// Bytes before the routing part.
pub const HEADER_BYTES: usize = 32;
/// Bytes of an ed25519 signature.
pub const SIGNATURE_BYTES: usize = 64;
/// Bytes of an envelope that the kiosk's signature covers.
pub const SIGNED_BYTES: usize = ENVELOPE_BYTES - SIGNATURE_BYTES;

/// Plaintext of the routing part, padded with zeros.
pub const ROUTING_PLAIN_BYTES: usize = 1_024;
/// Recipients of the routing part: the router and its offline escrow.
pub const ROUTING_STANZAS: usize = 2;
/// Plaintext of the report part, padded with zeros.
pub const REPORT_PLAIN_BYTES: usize = 14_080;
/// Recipients of the report part: real ones and throwaways, so that every lane looks alike.
pub const REPORT_STANZAS: usize = 4;

/// age's fixed cost: version line, MAC line, payload nonce and one chunk tag.
pub const AGE_FIXED_BYTES: usize = 102;
/// age's cost of one X25519 recipient.
pub const AGE_STANZA_BYTES: usize = 98;
/// The most that age's random grease stanza adds.
pub const AGE_GREASE_MOST_BYTES: usize = 190;

/// Words of one entry, all together.
pub const TEXT_POOL_BYTES: usize = 12_800;
/// Letters of the story.
pub const STORY_LETTERS: usize = 4_000;
/// Bytes of the story; what is left of the pool is kept for what comes after.
pub const STORY_BYTES: usize = 10_240;
/// Bytes of the pool that only other answers may use.
pub const AFTER_STORY_BYTES: usize = 2_560;
/// Bytes of a report besides its words: identity, secrets, clock and coded answers.
pub const REPORT_FRAME_BYTES: usize = REPORT_PLAIN_BYTES - TEXT_POOL_BYTES;
/// Bytes of that frame kept for everything but the coded answers: identity, secrets, clock, lengths.
pub const REPORT_FRAME_FIXED_BYTES: usize = 400;

/// Questions of one form.
pub const QUESTIONS_MOST: usize = 128;
/// Choices of one question.
pub const CHOICES_MOST: usize = 32;
/// Sections of one form, the core included.
pub const SECTIONS_MOST: usize = 16;
/// How deep a relevance rule may nest.
pub const RULE_DEPTH_MOST: usize = 6;
/// Letters of an id in a form definition.
pub const ID_LETTERS_MOST: usize = 40;
/// Letters of a language tag.
pub const LANGUAGE_LETTERS_MOST: usize = 12;
/// Bytes of one form definition file.
pub const FORM_FILE_BYTES_MOST: usize = 262_144;
/// Bytes of one answers file. Far more than any report, so that a text that is too long is refused by the name of its
/// question; a larger file is refused unread.
pub const ANSWERS_FILE_BYTES_MOST: usize = 16_777_216;

/// Bytes of an email address (RFC 5321).
pub const EMAIL_BYTES: usize = 254;
/// Digits of a telephone number (E.164 allows 15), at least and at most.
pub const PHONE_DIGITS: (usize, usize) = (5, 15);
/// Letters of a telephone number as typed, spaces and punctuation included.
pub const PHONE_LETTERS: usize = 24;

/// Digits of a reference code: 15 random and one check digit.
pub const REFERENCE_CODE_DIGITS: usize = 16;

/// People whom a reporter names as not to see the report.
pub const EXCLUSIONS_MOST: usize = 3;
/// Bytes of each of them in the routing slip.
pub const EXCLUSION_BYTES: usize = 160;
/// Bytes in which a form lets a reporter name them all. Words go into the slip whole, so an entry may stay half empty when
/// the next word is long; two entries' worth fits the three however long the words are.
pub const EXCLUSION_TEXT_BYTES: usize = 2 * EXCLUSION_BYTES;

/// Bytes of a sealed status note on the wire.
pub const STATUS_NOTE_BYTES: usize = 2_048;
/// Plaintext of a status note, padded with zeros.
pub const STATUS_NOTE_PLAIN_BYTES: usize = 1_600;
/// Status notes in one answer of the intake.
pub const NOTES_PER_ANSWER_MOST: usize = 7;
/// Status notes a kiosk keeps; the oldest are dropped first.
pub const NOTES_KEPT_MOST: usize = 20_000;

/// Status notes of one code that a person who came back is shown: the newest.
pub const NOTES_SHOWN_MOST: usize = 100;

/// Bytes of the message in a status note.
pub const NOTE_WORDS_BYTES: usize = 1_200;
/// Bytes of what a status note promises.
pub const NOTE_PROMISE_BYTES: usize = 200;
/// Bytes of the caseworker's first name in a status note.
pub const NOTE_NAME_BYTES: usize = 60;

/// Bytes of `site.toml` or of one everyday page.
pub const SITE_FILE_BYTES_MOST: usize = 65_536;
/// Entries in any list of `site.toml` or of an everyday page.
pub const SITE_ENTRIES_MOST: usize = 48;
/// Letters of a name, a title or a telephone number in `site.toml`.
pub const SITE_NAME_LETTERS: usize = 80;
/// Letters of any other words in `site.toml` and on everyday pages.
pub const SITE_WORDS_LETTERS: usize = 600;
/// Minutes, at least and at most, after which Hide wipes (SAFETY 2).
pub const HIDE_MINUTES: (u8, u8) = (1, 5);

/// Bytes of one answer that the desk reads from the intake: a case with some hundred additions, in hexadecimal.
pub const DESK_ANSWER_BYTES_MOST: usize = 16_777_216;
/// Bytes of a key file or a settings file at the desk.
pub const DESK_FILE_BYTES_MOST: usize = 65_536;

/// Bytes of a bundle, forms and pages included.
pub const BUNDLE_BYTES_MOST: usize = 1_048_576;
/// Bytes of an anchor.
pub const ANCHOR_BYTES_MOST: usize = 8_192;

/// Envelopes that the outbox takes. One more is refused before anybody starts.
pub const OUTBOX_MOST: usize = 10_000;
/// Outbox ids that the machine holds at a time; the store is the truth.
pub const OUTBOX_WINDOW: usize = 64;
/// Envelopes in an export: always a multiple of this, filled up with heartbeats.
pub const EXPORT_MULTIPLE: usize = 64;
/// Days that the digest of a delivered envelope is remembered.
pub const TOMBSTONE_DAYS: i64 = 90;
/// Bytes set aside on the disk and freed only for an incoming report.
pub const BALLAST_BYTES: u64 = 33_554_432;

/// Messages waiting in any channel between threads.
pub const CHANNEL_MOST: usize = 64;

/// Hours from Send within which a specialist must have opened a report.
pub const PROMISE_HOURS: i64 = 24;

/// The largest an age file with `stanzas` X25519 recipients can be, in bytes, for `plain` bytes of plaintext.
pub const fn age_most_bytes(plain: usize, stanzas: usize) -> usize {
    AGE_FIXED_BYTES + AGE_STANZA_BYTES * stanzas + AGE_GREASE_MOST_BYTES + plain
}

const _: () = {
    let routing = age_most_bytes(ROUTING_PLAIN_BYTES, ROUTING_STANZAS);
    let report = age_most_bytes(REPORT_PLAIN_BYTES, REPORT_STANZAS);
    assert!(HEADER_BYTES + routing + report + SIGNATURE_BYTES <= ENVELOPE_BYTES);
    assert!(ENVELOPE_BYTES - (HEADER_BYTES + routing + report + SIGNATURE_BYTES) == 12);
    assert!(STORY_BYTES + AFTER_STORY_BYTES == TEXT_POOL_BYTES);
    assert!(TEXT_POOL_BYTES + REPORT_FRAME_BYTES == REPORT_PLAIN_BYTES);
    assert!(REPORT_FRAME_FIXED_BYTES < REPORT_FRAME_BYTES);
    assert!(EXCLUSIONS_MOST * EXCLUSION_BYTES < ROUTING_PLAIN_BYTES / 2);
    assert!(EXCLUSION_TEXT_BYTES <= (EXCLUSIONS_MOST - 1) * EXCLUSION_BYTES);
    assert!(age_most_bytes(STATUS_NOTE_PLAIN_BYTES, 1) + 2 <= STATUS_NOTE_BYTES);
    assert!(NOTE_WORDS_BYTES + NOTE_PROMISE_BYTES + NOTE_NAME_BYTES + 64 <= STATUS_NOTE_PLAIN_BYTES);
    assert!(NOTES_PER_ANSWER_MOST * (STATUS_NOTE_BYTES + 16) + 256 <= ENVELOPE_BYTES);
    assert!(OUTBOX_WINDOW >= EXPORT_MULTIPLE);
};
