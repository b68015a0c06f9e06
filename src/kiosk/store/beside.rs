//! What a command may read beside a running kiosk: the second copy of the settings, without the lock and without SQLite.
//!
//! Used by `export`, which must work while the kiosk runs. It writes nothing.

use std::path::Path;

use super::second;
use crate::time::Timestamp;

/// Settings as their second copy holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// The deployment's anchor.
    pub anchor: Vec<u8>,
    /// The seed of this kiosk's key.
    pub device_seed: zeroize::Zeroizing<[u8; 32]>,
    /// The signed bundle.
    pub bundle: Vec<u8>,
    /// When the intake last said something signed.
    pub last_acknowledged: Option<Timestamp>,
}

impl Beside {
    /// Reads the copy; `None` when this kiosk is not enrolled or the copy is damaged.
    pub fn read(spool: &Path) -> Option<Self> {
        let mut kept = second::read_all(spool);
        let seed: [u8; 32] = kept.remove("device-seed")?.value.as_slice().try_into().ok()?;
        // The first four bytes are the bundle's sequence.
        let bundle = kept.remove("bundle")?.value.get(4..)?.to_vec();
        let heard = kept.remove("last-acknowledged").map(|kept| kept.value);
        let heard = heard.and_then(|value| value.try_into().ok());
        Some(Self {
            anchor: kept.remove("anchor")?.value,
            device_seed: zeroize::Zeroizing::new(seed),
            bundle,
            last_acknowledged: heard.map(|bytes| Timestamp(i64::from_le_bytes(bytes))),
        })
    }
}
