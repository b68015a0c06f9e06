//! The identities that travel: fixed bytes with one text form each (lower-case hexadecimal).
//!
//! None of them is sequential and none holds anything a person typed, so all of them may be printed.

use alloc::string::String;
use core::fmt;

use sha2::{Digest, Sha256};

/// Text that is not the hexadecimal form of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id: expected lower-case hexadecimal digits of the right length")
    }
}

impl core::error::Error for NotAnId {}

macro_rules! identity {
    ($(#[$doc:meta])* $name:ident, $bytes:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub struct $name(pub [u8; $bytes]);

        impl $name {
            /// Reads the hexadecimal form.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                let mut bytes = [0; $bytes];
                from_hex(text, &mut bytes)?;
                Ok(Self(bytes))
            }

            /// Takes bytes of exactly the right length.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, NotAnId> {
                bytes.try_into().map(Self).map_err(|_| NotAnId)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

identity!(
    /// A kiosk: the first 16 bytes of SHA-256 of its public key.
    KioskId,
    16
);

impl KioskId {
    /// Of the kiosk that signs with this ed25519 public key.
    pub fn of_public_key(key: &[u8; 32]) -> Self {
        let digest = Sha256::digest(key);
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        Self(id)
    }
}

identity!(
    /// A report, made by the kiosk, known only inside the sealed part.
    ReportUuid,
    16
);
identity!(
    /// An envelope: SHA-256 of all of its bytes.
    EnvelopeId,
    32
);
identity!(
    /// A case at the intake: random.
    CaseId,
    16
);
identity!(
    /// What a reference code leads to at the intake; says nothing about the code.
    Tag,
    16
);
identity!(
    /// SHA-256 of a form definition file.
    FormDigest,
    32
);

/// The hexadecimal form of any bytes.
pub fn to_hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Fills `bytes` from exactly twice as many lower-case hexadecimal digits.
pub fn from_hex(text: &str, bytes: &mut [u8]) -> Result<(), NotAnId> {
    let digits = text.as_bytes();
    if digits.len() != bytes.len() * 2 {
        return Err(NotAnId);
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = (nibble(pair[0])? << 4) | nibble(pair[1])?;
    }
    Ok(())
}

fn nibble(digit: u8) -> Result<u8, NotAnId> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(NotAnId),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn the_text_form_reads_back_and_nothing_else_does() {
        let id = CaseId([0xa5; 16]);
        assert_eq!(CaseId::parse(&id.to_string()), Ok(id));
        for wrong in [
            "",
            "a5",
            &"A5".repeat(16),
            &"g5".repeat(16),
            &"a5".repeat(17),
            &"é5".repeat(10),
        ] {
            assert_eq!(CaseId::parse(wrong), Err(NotAnId), "{wrong}");
        }
    }
}
