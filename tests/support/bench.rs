//! The real programs in a temporary folder: run, capture, exit code; the README's own lines, run by bash; an intake in the
//! background that is stopped whatever happens.
//!
//! Used by tests that treat Heard as its users do. It asserts only what every run must show: an error is one line.
#![allow(dead_code, reason = "each test file uses its own part of it")]

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tempfile::TempDir;

/// Turns of 50 ms that anything may take: a minute, for a machine that is busy with other tests.
const TURNS_MOST: usize = 1_200;

/// What a program left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Demands success and gives what was printed.
    pub(crate) fn ok(self) -> String {
        assert_eq!((self.code, &self.err[..]), (0, ""), "{}", self.out);
        self.out
    }

    /// Demands an exit code and one clear line on standard error, which it gives.
    pub(crate) fn fails(self, code: i32) -> String {
        assert_eq!(self.code, code, "{} {}", self.out, self.err);
        assert_eq!(self.err.trim_end().lines().count(), 1, "one line: {}", self.err);
        self.err
    }
}

/// A folder in which the three programs are at home.
pub(crate) struct Bench {
    pub(crate) folder: TempDir,
    pub(crate) port: u16,
    group: Option<Pid>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        std::os::unix::fs::symlink(assets, folder.path().join("assets")).unwrap();
        Self {
            folder,
            port: free_port(),
            group: None,
        }
    }

    /// A path below the folder.
    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs lines with bash, which stops at the first that fails. Only the port is another one.
    pub(crate) fn bash(&self, lines: &str, input: &str) -> Ran {
        let mut child = self.start_bash(lines, Stdio::piped());
        // Whoever does not read its input has ended; its exit code says why.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        self.finish(child)
    }

    /// The same for lines that leave an intake running: it is stopped with this bench at the latest.
    pub(crate) fn bash_with_background(&mut self, lines: &str) -> Ran {
        assert!(self.group.is_none(), "one background at a time");
        let child = self.start_bash(lines, Stdio::null());
        self.group = Pid::from_raw(child.id().try_into().unwrap());
        self.finish(child)
    }

    fn start_bash(&self, lines: &str, input: Stdio) -> Child {
        let script = self.at("lines.sh");
        fs::write(&script, lines.replace("8443", &self.port.to_string())).unwrap();
        // Files, not pipes: a pipe would be held open by what stays in the background.
        let out = File::create(self.at("lines.out")).unwrap();
        let err = File::create(self.at("lines.err")).unwrap();
        Command::new("bash")
            .args(["-euo", "pipefail"])
            .arg(&script)
            .current_dir(self.folder.path())
            .env("PATH", path())
            .env_remove("RUST_LOG")
            .process_group(0)
            .stdin(input)
            .stdout(out)
            .stderr(err)
            .spawn()
            .unwrap()
    }

    fn finish(&self, mut child: Child) -> Ran {
        let ended = wait_for(|| child.try_wait().unwrap());
        let Some(status) = ended else {
            let _ = child.kill();
            let _ = child.wait();
            panic!("the lines did not end: {}", self.text("lines.err"));
        };
        Ran {
            code: status.code().unwrap_or(-1),
            out: self.text("lines.out"),
            err: self.text("lines.err"),
        }
    }

    /// Runs one program.
    pub(crate) fn run(&self, program: &str, arguments: &[&str], input: &str) -> Ran {
        let mut child = program_command(program)
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let done = child.wait_with_output().unwrap();
        Ran {
            code: done.status.code().unwrap_or(-1),
            out: String::from_utf8(done.stdout).unwrap(),
            err: String::from_utf8(done.stderr).unwrap(),
        }
    }

    /// Stops what runs in the background, in order, and waits until nobody listens.
    pub(crate) fn stop_background(&mut self) {
        if let Some(group) = self.group.take() {
            let _ = kill_process_group(group, Signal::TERM);
            let gone = wait_for(|| (!self.listens()).then_some(()));
            assert!(gone.is_some(), "the intake stops when it is asked to");
        }
    }

    fn listens(&self) -> bool {
        TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if let Some(group) = self.group {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// A real intake of its own process; killed when dropped.
pub(crate) struct Serving(Child);

impl Serving {
    /// Starts it and waits until it listens.
    pub(crate) fn start(data: &Path, port: u16) -> Self {
        let child = program_command("heard-intake")
            .arg("--data")
            .arg(data)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let serving = Self(child);
        let up = wait_for(|| TcpStream::connect(("127.0.0.1", port)).ok());
        assert!(up.is_some(), "the intake listens");
        serving
    }

    /// As a power cut would: nothing is finished.
    pub(crate) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// In order, as SIGTERM does.
    pub(crate) fn stop(mut self) {
        let pid = Pid::from_raw(self.0.id().try_into().unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        assert!(self.0.wait().unwrap().success(), "an orderly stop is a success");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Asks again every 50 ms until there is something, for a minute.
pub(crate) fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let (_keep, nothing) = mpsc::channel::<()>();
    for _ in 0..TURNS_MOST {
        if let Some(found) = look() {
            return Some(found);
        }
        let _ = nothing.recv_timeout(Duration::from_millis(50));
    }
    None
}

/// A port that nobody has just now.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn program_command(program: &str) -> Command {
    let mut command = Command::new(programs().join(program));
    command.env_remove("RUST_LOG");
    command
}

fn programs() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_heard-kiosk")).parent().unwrap()
}

fn path() -> OsString {
    let mut path = OsString::from(programs());
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    path
}
