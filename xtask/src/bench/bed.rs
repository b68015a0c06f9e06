//! What is measured on: a deployment in a folder beside the built programs, so on the disk where they are built, a kiosk,
//! and reports and envelopes of it. Removed at the end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use heard::demo::World;
use heard::form::{AnswersFile, FormDefinition, fill};
use heard::id::ReportUuid;
use heard::kiosk::store::Store;
use heard::kiosk::{Config, InUse, Worker};
use heard::limits::ENVELOPE_BYTES;
use heard::machine::{FileRequest, ReportRequest, Subject};
use heard::report::{Report, route};
use heard::seal::{self, Destination, random_array, random_bytes};
use heard::time::{ClockReading, Confidence, Timestamp};
use heard::wire::v1::{Content, Health, Kind, NewsCursor, RoutingSlip};
use heard::wire::{Cost, Envelope, assemble, code_report};
use tempfile::TempDir;

use super::Outcome;

/// The longest of the bundled examples.
const ANSWERS: &[u8] = include_bytes!("../../../assets/examples/without-a-name.json");

/// One deployment, one kiosk.
pub(crate) struct Bed {
    pub(crate) world: World,
    pub(crate) kiosk: Config,
    programs: PathBuf,
    pub(crate) folder: TempDir,
}

impl Bed {
    /// Builds the programs as this one was built, and sets a deployment up.
    pub(crate) fn make() -> Outcome<Self> {
        let own = std::env::current_exe()?;
        let programs = own.parent().ok_or("this program lies nowhere")?.to_path_buf();
        let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        build.args(["build", "--quiet", "--package", "heard", "--bins"]);
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        if !build.status()?.success() {
            return Err("the programs do not build".into());
        }
        let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(&programs)?;
        let world = World::start(Some(folder.path()), Cost::LEAST)?;
        let kiosk = world.enrol_kiosk("kiosk")?;
        Ok(Self {
            world,
            kiosk,
            programs,
            folder,
        })
    }

    /// A built program.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// The kiosk's store with its keys.
    pub(crate) fn worker(&self) -> Outcome<Worker> {
        open(&self.kiosk.places.data)
    }

    /// The bundled example as a file.
    pub(crate) fn answers(&self) -> Outcome<PathBuf> {
        let path = self.folder.path().join("answers.json");
        fs::write(&path, ANSWERS)?;
        Ok(path)
    }
}

/// Opens the kiosk in a folder.
pub(crate) fn open(data: &Path) -> Outcome<Worker> {
    let (store, _) = Store::open(&heard::kiosk::store::Places::within(data))?;
    Ok(Worker::new(store).map_err(|why| why.to_string())?)
}

/// A finished report, as Send gives it to the store thread.
pub(crate) fn request(form: &Arc<FormDefinition>) -> Outcome<FileRequest> {
    let file = AnswersFile::read(ANSWERS, form)?;
    let filled = fill(Arc::clone(form), &file)?.filled().clone();
    let routing = route(form, &filled);
    let report = Report {
        uuid: ReportUuid(random_array()?),
        form: form.id.clone(),
        form_version: form.version,
        form_digest: form.digest,
        clock: CLOCK,
        reply_secret: random_array::<32>()?.into(),
        filled,
    };
    Ok(FileRequest {
        session: 1,
        subject: Subject::Report(Box::new(ReportRequest {
            report,
            routing,
            mailbox: None,
        })),
    })
}

/// Slip and content of a report, ready to be sealed.
pub(crate) fn parts(kiosk: &InUse) -> Outcome<(RoutingSlip, Content)> {
    let Subject::Report(request) = request(&kiosk.form)?.subject else {
        return Err("no report".into());
    };
    let slip = RoutingSlip {
        kind: Kind::Report,
        lane: Some(request.routing.lane),
        band: request.routing.band,
        flags: request.routing.flags.clone(),
        clock: CLOCK,
        tag: None,
        inbox: None,
        exclusions: request.routing.exclusions.clone(),
        counter: 1,
        news: NewsCursor::default(),
        health: Health::default(),
    };
    Ok((slip, Content::Report(code_report(&request.report, &kiosk.form))))
}

/// Many different envelopes of one report: sealed once, each with a fill and a signature of its own.
pub(crate) fn envelopes(kiosk: &InUse, count: usize) -> Outcome<Vec<Envelope>> {
    let (slip, content) = parts(kiosk)?;
    let lane = slip.lane.ok_or("no lane")?;
    let first = seal::seal(&kiosk.keys, &kiosk.bundle, &slip, content, Destination::Lane(lane))?;
    let again = || -> Outcome<Envelope> {
        let fill = random_bytes(ENVELOPE_BYTES)?;
        let (routing, report) = (first.routing_part(), first.report_part());
        let envelope = assemble(first.header(), routing, report, &fill, &kiosk.keys.signing);
        Ok(envelope.map_err(|_| "an envelope cannot be put together")?)
    };
    (0..count).map(|_| again()).collect()
}

const CLOCK: ClockReading = ClockReading {
    wall: Timestamp(1_795_529_400),
    confidence: Confidence::Synced,
    boot: 1,
    since_boot_seconds: 60,
};

/// The middle one.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Milliseconds with two digits behind the point.
pub(crate) fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}
