//! The kiosk's configuration: one TOML file, every key documented and defaulted.
//!
//! ```toml
//! data = "/var/lib/heard"         # the store; `--data DIR` wins over it, and then holds both copies
//! spool = "/var/spool/heard"      # the second copy, better on another partition; default: data/spool
//! intake = "https://intake:8443"  # only to move a kiosk to a new address; default: as it was enrolled
//! device = false                  # true in the device package: `submit` is then off
//! panel_ppi = 150                 # pixels to the inch of the screen, 50 to 600; sizes on it are millimetres; default: 96
//! submit = true                   # whether `heard-kiosk submit` is allowed; default: not on a device (SAFETY 36)
//! ```
//! The device package's file `/etc/heard/kiosk.toml` is read whenever it exists, also beside `--data`. Beside `--config` it
//! still says whether this is a device.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::error::KioskError;
use super::store::Places;

/// The device package's file.
pub(super) const DEVICE_FILE: &str = "/etc/heard/kiosk.toml";

/// What the file says, with defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where the two copies are.
    pub places: Places,
    /// Another address than the one of enrolment.
    pub intake: Option<String>,
    /// Pixels to the inch of the screen.
    pub panel_ppi: u32,
    /// Whether `submit` is allowed.
    pub submit: bool,
}

/// What a desktop has that does not say.
const PPI: u32 = 96;
/// Coarser than a television on a wall, finer than a telephone.
const PPI_RANGE: std::ops::RangeInclusive<u32> = 50..=600;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfig {
    data: Option<PathBuf>,
    spool: Option<PathBuf>,
    intake: Option<String>,
    panel_ppi: Option<u32>,
    #[serde(default)]
    device: bool,
    submit: Option<bool>,
}

impl RawConfig {
    fn allows_submit(&self) -> bool {
        self.submit.unwrap_or(!self.device)
    }
}

impl Config {
    /// Reads `--config` and `--data` as given on the command line.
    pub fn read(config: Option<&Path>, data: Option<&Path>) -> Result<Self, KioskError> {
        Self::read_with(config, data, Path::new(DEVICE_FILE))
    }

    /// As [`Config::read`], with the device package's file elsewhere: for tests.
    pub fn read_with(config: Option<&Path>, data: Option<&Path>, device_file: &Path) -> Result<Self, KioskError> {
        let file = config.or(device_file.exists().then_some(device_file));
        let raw = file.map_or_else(|| Ok(RawConfig::default()), read_file)?;
        // Another file does not make another computer: what a device forbids, only its own configuration allows.
        let device_allows = !device_file.exists() || read_file(device_file).is_ok_and(|own| own.allows_submit());
        let submit = device_allows && raw.allows_submit();
        let folder = data.map(Path::to_path_buf).or(raw.data).ok_or_else(|| {
            KioskError::Input(
                "say where the kiosk keeps its data: --data DIR, or --config FILE with a line `data`".into(),
            )
        })?;
        let panel_ppi = raw.panel_ppi.unwrap_or(PPI);
        if !PPI_RANGE.contains(&panel_ppi) {
            return Err(KioskError::Input(
                "the configuration: panel_ppi is the screen's pixels to the inch, 50 to 600".into(),
            ));
        }
        let mut places = Places::within(&folder);
        // Two copies belong together: the spool of another store would bring its envelopes and its keys along.
        if let Some(spool) = raw.spool.filter(|_| data.is_none()) {
            places.spool = spool;
        }
        Ok(Self {
            places,
            intake: raw.intake,
            panel_ppi,
            submit,
        })
    }
}

fn read_file(path: &Path) -> Result<RawConfig, KioskError> {
    let text = fs::read_to_string(path)
        .map_err(|_| KioskError::Input(format!("the configuration {} cannot be read", path.display())))?;
    toml::from_str(&text).map_err(|problem: toml::de::Error| {
        let line = problem.message().lines().next().unwrap_or("not TOML").to_owned();
        KioskError::Input(format!("the configuration {}: {line}", path.display()))
    })
}
