//! The real programs, run and killed: one deployment in a folder of its own, a kiosk enrolled in it, seeded moments.
//!
//! Used by the tests that need a whole process. It asserts only what must hold before a test can begin.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part of it")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::{Duration, Instant};

use heard::demo::World;
use heard::kiosk::Config;
use heard::wire::Cost;
use serde_json::Value;
use tempfile::TempDir;

/// The kiosk's program.
pub const KIOSK: &str = env!("CARGO_BIN_EXE_heard-kiosk");
/// The intake's program.
pub const INTAKE: &str = env!("CARGO_BIN_EXE_heard-intake");

/// One deployment with one kiosk.
pub struct Deployment {
    pub world: World,
    pub kiosk: Config,
    pub folder: TempDir,
}

impl Deployment {
    /// The intake runs inside this process; deriving keys costs as little as possible.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let world = World::start(Some(folder.path()), Cost::LEAST).unwrap();
        let kiosk = world.enrol_kiosk("kiosk").unwrap();
        Self { world, kiosk, folder }
    }

    /// `heard-kiosk` on this kiosk's data, nothing inherited that could change what it does.
    pub fn kiosk(&self, arguments: &[&str]) -> Command {
        kiosk_at(&self.kiosk.places.data, arguments)
    }

    /// Puts an answers file beside the kiosk.
    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

pub fn kiosk_at(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(KIOSK);
    command
        .args(["--json", "--data"])
        .arg(data)
        .args(arguments)
        .env_remove("RUST_LOG")
        .env_remove("HEARD_LOG")
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::null());
    command
}

/// Runs a program to its end with `input` at its standard input.
pub fn run_with(command: &mut Command, input: &[u8]) -> Output {
    let command = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that refuses early closes the pipe under us.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// Starts a program, kills it after `after` and gives what it had said on standard output until then.
pub fn kill_after(command: &mut Command, after: Duration) -> Output {
    let started = Instant::now();
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    std::thread::sleep(after.saturating_sub(started.elapsed()));
    // Refused when it has ended already, which is one of the moments.
    let _ = child.kill();
    child.wait_with_output().unwrap()
}

/// What a program printed whole; none when it was killed before.
pub fn printed(output: &Output) -> Option<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let line = text.strip_suffix('\n')?;
    Some(serde_json::from_str(line).expect("one JSON document on one line"))
}

/// The middle of some runs of the same thing.
pub fn typical(times: usize, mut run: impl FnMut(usize)) -> Duration {
    let mut took: Vec<Duration> = (0..times)
        .map(|time| {
            let started = Instant::now();
            run(time);
            started.elapsed()
        })
        .collect();
    took.sort();
    took[times / 2]
}

/// An intake of its own process.
pub struct Served {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Served {
    /// `heard-intake serve`, not listening yet.
    pub fn start(folder: &Path, port: u16, stderr: Stdio) -> Self {
        let mut child = Command::new(INTAKE)
            .arg("--data")
            .arg(folder)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
            .env("RUST_LOG", "trace")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdout }
    }

    /// Waits until it says that it listens.
    pub fn listens(&mut self) {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        assert!(line.starts_with("Listening on "), "the intake said {line:?}");
    }

    /// As a power cut ends it, or nearly: what the kernel was given still reaches the disk.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Numbers for moments. The seed is printed, and taken from `HEARD_SEED` to see the same moments again.
pub struct Dice(u64);

impl Dice {
    pub fn new(what: &str) -> Self {
        let seed = std::env::var("HEARD_SEED").ok().and_then(|text| text.parse().ok());
        let seed = seed.unwrap_or_else(|| u64::from_le_bytes(heard::seal::random_array().unwrap()) >> 1);
        let _ = writeln!(std::io::stdout(), "{what}: HEARD_SEED={seed}");
        Self(seed)
    }

    /// Up to `most`, evenly.
    pub fn moment(&mut self, most: Duration) -> Duration {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        most.mul_f64((mixed >> 11) as f64 / (1_u64 << 53) as f64)
    }
}

/// How often to kill: `HEARD_KILLS`, or 200, for which an ordinary test run has time.
pub fn kills() -> usize {
    let asked = std::env::var("HEARD_KILLS").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(200)
}

/// Every file below a folder, in order.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all.sort();
    all
}

/// Copies a folder, all but the ballast, which is large and says nothing.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else if entry.file_name() != "ballast" {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
