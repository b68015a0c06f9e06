//! `init`: makes the deployment's anchor, certificates and keys, once. It refuses to touch a folder that has them.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use ed25519_dalek::{SigningKey, VerifyingKey};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::pki_types::ServerName;

use super::error::IntakeError;
use super::folder::{
    ACKNOWLEDGEMENT_KEY, ANCHOR, AUTHORITY_KEY, BUNDLES, DATABASE, PUBLIC, ROUTER_KEY, SERVER_CERTIFICATE, SERVER_KEY,
    STORE_KEY, secret_text, sync_folder, write_new,
};
use super::store::Store;
use crate::id::to_hex;
use crate::seal::{Identity, Recipient, random_array};
use crate::wire::{Anchor, Cost};

/// Folders of the intake are for its own account only.
const FOLDER_MODE: u32 = 0o700;

/// What somebody decides once.
#[derive(Debug, Clone)]
pub struct InitOptions {
    /// Public key of the off-line root that signs bundles.
    pub root: [u8; 32],
    /// DNS names and addresses under which kiosks reach the intake.
    pub names: Vec<String>,
    /// Who can open routing slips when the intake's own key is lost.
    pub router_escrow: Recipient,
    /// Cost of deriving keys from a reference code.
    pub cost: Cost,
}

/// What the desk needs for making bundles; also in `public.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicFacts {
    /// Routing slips are sealed to it.
    pub router: Recipient,
    /// And to this.
    pub router_escrow: Recipient,
    /// Acknowledgements and news are signed with its other half.
    pub acknowledgement_key: [u8; 32],
    /// The anchor's bytes.
    pub anchor: Vec<u8>,
}

impl PublicFacts {
    /// The text of `public.toml`.
    pub fn to_toml(&self) -> String {
        format!(
            "router = \"{}\"\nrouter-escrow = \"{}\"\nacknowledgement-key = \"{}\"\nanchor = \"{}\"\n",
            self.router.text(),
            self.router_escrow.text(),
            to_hex(&self.acknowledgement_key),
            to_hex(&self.anchor),
        )
    }
}

/// Sets up an intake in `folder`. Everything is synced to the disk when this returns.
pub fn init(folder: &Path, options: InitOptions) -> Result<PublicFacts, IntakeError> {
    if folder.join(ANCHOR).exists() || folder.join(DATABASE).exists() || folder.join(STORE_KEY).exists() {
        return Err(IntakeError::AlreadySetUp);
    }
    check(&options)?;
    let certificates = Certificates::make(options.names)?;
    let router = Identity::generate()?;
    let acknowledgement = SigningKey::from_bytes(&random_array()?);
    let anchor = Anchor {
        root: options.root,
        authority: certificates.authority.clone(),
        salt: random_array()?,
        cost: options.cost,
    };
    let anchor = anchor.to_bytes().map_err(|_| IntakeError::Certificates)?;
    Anchor::parse(&anchor).map_err(|_| IntakeError::Cost)?;
    let facts = PublicFacts {
        router: router.recipient(),
        router_escrow: options.router_escrow,
        acknowledgement_key: acknowledgement.verifying_key().to_bytes(),
        anchor,
    };

    make_folder(folder)?;
    make_folder(&folder.join(BUNDLES))?;
    let (router_text, acknowledgement_text) = (router.text(), secret_text(&acknowledgement.to_bytes()));
    let store_text = secret_text(&random_array()?);
    let secrets = [
        (AUTHORITY_KEY, certificates.authority_key.as_bytes()),
        (SERVER_KEY, certificates.server_key.as_bytes()),
        (ROUTER_KEY, router_text.as_bytes()),
        (ACKNOWLEDGEMENT_KEY, acknowledgement_text.as_bytes()),
        (STORE_KEY, store_text.as_bytes()),
    ];
    for (name, bytes) in secrets {
        write_new(&folder.join(name), bytes, true)?;
    }
    write_new(&folder.join(SERVER_CERTIFICATE), certificates.server.as_bytes(), false)?;
    write_new(&folder.join(PUBLIC), facts.to_toml().as_bytes(), false)?;
    Store::create(folder)?;
    // The anchor comes last: a folder without it is not set up.
    write_new(&folder.join(ANCHOR), &facts.anchor, false)?;
    sync_folder(folder)?;
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        sync_folder(parent)?;
    }
    Ok(facts)
}

fn check(options: &InitOptions) -> Result<(), IntakeError> {
    let root = VerifyingKey::from_bytes(&options.root).map_err(|_| IntakeError::Key)?;
    if root.is_weak() {
        return Err(IntakeError::Key);
    }
    if options.names.is_empty() {
        return Err(IntakeError::NoNames);
    }
    let is_name = |name: &String| ServerName::try_from(name.as_str()).is_ok();
    if options.names.iter().all(is_name) {
        Ok(())
    } else {
        Err(IntakeError::Name)
    }
}

fn make_folder(folder: &Path) -> Result<(), IntakeError> {
    fs::DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder)?;
    // A folder that was there already may be open to others.
    fs::set_permissions(folder, fs::Permissions::from_mode(FOLDER_MODE))?;
    Ok(())
}

/// The private authority and the intake's own certificate, valid from 2020 to 9999: kiosks judge them without a clock.
struct Certificates {
    authority: Vec<u8>,
    authority_key: String,
    server: String,
    server_key: String,
}

impl Certificates {
    fn make(names: Vec<String>) -> Result<Self, IntakeError> {
        let failed = |_| IntakeError::Certificates;
        let authority_key = KeyPair::generate().map_err(failed)?;
        let mut authority = CertificateParams::new(Vec::new()).map_err(failed)?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        name_and_dates(&mut authority, "Heard private authority");
        let certificate = authority.self_signed(&authority_key).map_err(failed)?;

        let server_key = KeyPair::generate().map_err(failed)?;
        let mut server = CertificateParams::new(names).map_err(|_| IntakeError::Name)?;
        server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        name_and_dates(&mut server, "Heard intake");
        let authority_key_pem = authority_key.serialize_pem();
        let issuer = Issuer::new(authority, authority_key);
        let server = server.signed_by(&server_key, &issuer).map_err(failed)?;
        Ok(Self {
            authority: certificate.der().to_vec(),
            authority_key: authority_key_pem,
            server: server.pem(),
            server_key: server_key.serialize_pem(),
        })
    }
}

fn name_and_dates(certificate: &mut CertificateParams, name: &str) {
    certificate.not_before = date_time_ymd(2020, 1, 1);
    certificate.not_after = date_time_ymd(9999, 12, 31);
    certificate.distinguished_name = rcgen::DistinguishedName::new();
    certificate.distinguished_name.push(DnType::CommonName, name);
}
