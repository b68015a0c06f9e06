//! One deployment with throwaway keys: set up as an installer would, by the same calls.
//!
//! Made by `headless` and by tests. Its folder is removed when it ends, unless the caller gave one.

use std::fmt;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;

use crate::desk::{self, DeskClient, DeskError, LaneRecipients};
use crate::form::Lane;
use crate::intake::setup::{InitOptions, PublicFacts};
use crate::intake::{self, IntakeError, Running};
use crate::kiosk::{self, Config, KioskError};
use crate::seal::{Identity, random_array};
use crate::time::Timestamp;
use crate::wire::{Anchor, Bundle, Cost};

/// Why the demonstration cannot run.
#[derive(Debug)]
pub enum DemoError {
    /// The kiosk's part.
    Kiosk(KioskError),
    /// The intake's part.
    Intake(IntakeError),
    /// The desk's part.
    Desk(DeskError),
    /// The computer's part: a folder, a port, randomness.
    Computer(String),
}

impl DemoError {
    /// The exit code of the part that failed.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Kiosk(why) => why.exit_code(),
            Self::Intake(why) => why.exit_code(),
            Self::Desk(why) => why.exit_code(),
            Self::Computer(_) => 75,
        }
    }
}

impl fmt::Display for DemoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kiosk(why) => write!(f, "{why}"),
            Self::Intake(why) => write!(f, "{why}"),
            Self::Desk(why) => write!(f, "{why}"),
            Self::Computer(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for DemoError {}

impl From<KioskError> for DemoError {
    fn from(why: KioskError) -> Self {
        Self::Kiosk(why)
    }
}

impl From<IntakeError> for DemoError {
    fn from(why: IntakeError) -> Self {
        Self::Intake(why)
    }
}

impl From<DeskError> for DemoError {
    fn from(why: DeskError) -> Self {
        Self::Desk(why)
    }
}

/// A folder that is removed at the end when it is ours and still there.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    ours: bool,
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.ours {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// A deployment.
#[derive(Debug)]
pub struct World {
    /// The running intake; none while it is stopped.
    intake: Option<Running>,
    /// Where it listens.
    pub address: String,
    /// The deployment's anchor.
    pub anchor: Anchor,
    /// The hate team's identity.
    pub hate_team: Identity,
    /// The independent team's identity.
    pub conduct_team: Identity,
    /// Sam of the hate team.
    pub sam: SigningKey,
    /// Ines of the independent team.
    pub ines: SigningKey,
    folder: Folder,
}

impl World {
    /// Sets everything up in `folder`, or in one of its own.
    pub fn start(folder: Option<&Path>, cost: Cost) -> Result<Self, DemoError> {
        let folder = make_folder(folder)?;
        let root = key()?;
        let (hate_team, hate_escrow) = (identity()?, identity()?);
        let (conduct_team, conduct_escrow) = (identity()?, identity()?);
        let options = InitOptions {
            root: root.verifying_key().to_bytes(),
            names: vec!["localhost".into(), "127.0.0.1".into()],
            router_escrow: identity()?.recipient(),
            cost,
        };
        let intake_folder = folder.path.join("intake");
        let public = intake::setup::init(&intake_folder, options)?;
        let lanes = LaneRecipients {
            hate: (hate_team.recipient(), hate_escrow.recipient()),
            conduct: (conduct_team.recipient(), conduct_escrow.recipient()),
        };
        let bundle = sign_bundle(1, &public, &lanes, &root)?;
        intake::admin::publish_bundle(&intake_folder, &bundle)?;
        let (sam, ines) = (key()?, key()?);
        intake::admin::staff_add_lead(&intake_folder, "Sam Okafor", Lane::Hate, sam.verifying_key().to_bytes())?;
        intake::admin::staff_add_lead(
            &intake_folder,
            "Ines Duarte",
            Lane::Conduct,
            ines.verifying_key().to_bytes(),
        )?;
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|_| computer("no port is free on this computer"))?;
        let intake = intake::Server::start(&intake_folder, listener, true)?;
        let address = format!("https://localhost:{}", intake.address().port());
        let anchor = Anchor::parse(&public.anchor).map_err(|why| DemoError::Computer(why.to_string()))?;
        Ok(Self {
            intake: Some(intake),
            address,
            anchor,
            hate_team,
            conduct_team,
            sam,
            ines,
            folder,
        })
    }

    /// Enrols a kiosk in a folder below the world's.
    pub fn enrol_kiosk(&self, name: &str) -> Result<Config, DemoError> {
        let token = intake::admin::token(&self.intake_folder())?;
        let config = Config::read(None, Some(&self.folder.path.join(name)))?;
        kiosk::enrol(&config, &self.address, &token)?;
        Ok(config)
    }

    /// A caseworker's way to the intake.
    pub fn desk(&self, who: &SigningKey) -> Result<DeskClient, DemoError> {
        Ok(DeskClient::new(&self.address, &self.anchor, who.clone())?)
    }

    /// Where the intake keeps its data.
    pub fn intake_folder(&self) -> PathBuf {
        self.folder.path.join("intake")
    }

    /// The world's folder.
    pub fn folder(&self) -> &Path {
        &self.folder.path
    }

    /// Ends it and removes the folder when it was of its own. Gives that folder when it could not be removed.
    pub fn end(mut self) -> Option<PathBuf> {
        self.stop_intake();
        let ours = std::mem::replace(&mut self.folder.ours, false);
        let removed = !ours || fs::remove_dir_all(&self.folder.path).is_ok() || !self.folder.path.exists();
        (!removed).then(|| self.folder.path.clone())
    }

    /// Stops the intake in order.
    pub fn stop_intake(&mut self) {
        if let Some(intake) = self.intake.take() {
            intake.stop();
        }
    }

    /// Starts it again at the same address.
    pub fn restart_intake(&mut self) -> Result<(), DemoError> {
        self.stop_intake();
        let port = self.address.rsplit(':').next().unwrap_or("0");
        let listener = TcpListener::bind(format!("127.0.0.1:{port}"))
            .map_err(|_| computer("the intake's port was taken meanwhile: try again"))?;
        self.intake = Some(intake::Server::start(&self.intake_folder(), listener, true)?);
        Ok(())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop_intake();
    }
}

fn sign_bundle(
    sequence: u32,
    public: &PublicFacts,
    lanes: &LaneRecipients,
    root: &SigningKey,
) -> Result<Vec<u8>, DemoError> {
    let bundle = Bundle {
        sequence,
        issued: now(),
        acknowledgement_key: public.acknowledgement_key,
        router: public.router.0,
        router_escrow: public.router_escrow.0,
        lanes: lanes.lanes(),
        files: desk::builtin_files(),
    };
    bundle.sign(root).map_err(|why| DemoError::Computer(why.to_string()))
}

fn now() -> Timestamp {
    desk::now()
}

fn make_folder(given: Option<&Path>) -> Result<Folder, DemoError> {
    let unusable = |_| computer("the demonstration's folder cannot be made: choose another with --data DIR");
    if let Some(path) = given {
        fs::create_dir_all(path).map_err(unusable)?;
        return Ok(Folder {
            path: path.to_path_buf(),
            ours: false,
        });
    }
    let name = crate::id::to_hex(&random_array::<8>().map_err(|why| DemoError::Computer(why.to_string()))?);
    let path = std::env::temp_dir().join(format!("heard-demo-{name}"));
    fs::create_dir(&path).map_err(unusable)?;
    Ok(Folder { path, ours: true })
}

fn key() -> Result<SigningKey, DemoError> {
    let seed = random_array().map_err(|why| DemoError::Computer(why.to_string()))?;
    Ok(SigningKey::from_bytes(&seed))
}

fn identity() -> Result<Identity, DemoError> {
    Identity::generate().map_err(|why| DemoError::Computer(why.to_string()))
}

fn computer(line: &str) -> DemoError {
    DemoError::Computer(line.into())
}
