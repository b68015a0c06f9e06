//! `heard-intake --config FILE`: TOML, every key optional. Arguments on the command line win.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::error::IntakeError;

/// Where the intake listens when nothing says otherwise.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), 8443);

/// What the file may say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Folder with keys and database.
    pub data: Option<PathBuf>,
    /// Address and port to listen on; default 0.0.0.0:8443.
    pub listen: Option<SocketAddr>,
    /// DNS names and addresses for the certificate that `init` makes.
    pub names: Vec<String>,
    /// TLS on, which is the default. Off is allowed on loopback only.
    pub tls: Option<bool>,
}

impl Config {
    /// Reads the file; its words are not quoted in errors.
    pub fn load(file: &Path) -> Result<Self, IntakeError> {
        let text = fs::read_to_string(file).map_err(|_| IntakeError::Config)?;
        toml::from_str(&text).map_err(|_| IntakeError::Config)
    }

    /// Where to listen.
    pub fn listen(&self) -> SocketAddr {
        self.listen.unwrap_or(LISTEN)
    }

    /// Whether to speak TLS.
    pub fn tls(&self) -> bool {
        self.tls.unwrap_or(true)
    }
}
