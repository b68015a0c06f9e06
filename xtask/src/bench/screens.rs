//! The screens: a kiosk with its window in memory as a process of its own, watched from outside while somebody tells it
//! something and while nobody is there.
//!
//! The child (`xtask stand`) has the real parts: store, fonts, front, threads, a link to the intake of the bed. It times
//! its own drawing; its start, its memory, its processor time and what it writes are read by the parent.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use heard::kiosk::Config;
use heard::limits::STORY_LETTERS;
use heard::machine::{Page, SavedWords};

use super::Outcome;
use super::bed::{Bed, median, ms};
use super::live_front::LiveFront;
use super::table::Table;

const STARTS: usize = 21;
/// Nobody is there for so long.
const NOBODY: Duration = Duration::from_secs(60);
/// What a report leaves to be done (settling, tidying) is over by then.
const SETTLES: Duration = Duration::from_secs(5);
const PANELS: [(&str, &str); 2] = [("15.6", "1920 × 1080"), ("10.1", "1280 × 800")];
const STORY: &str = "they shouted at my daughter on the stairs again and told us to go home where we come from";

/// Letters of a story near its limit, before the last ones are typed by finger.
const NEARLY_FULL: usize = STORY_LETTERS - 50;
/// Presses of which the worst is told.
const WORST_OF: usize = 10;

const KEY_MS: f64 = 1.0;
/// From the press to the pixels, whatever was typed before.
const FULL_KEY_MS: f64 = 50.0;
const HIDE_MS: f64 = 200.0;
const PAGE_MS: f64 = 8.0;
const FIRST_FRAME_MS: f64 = 150.0;
const MEMORY_MB: f64 = 48.0;
const IDLE_PERCENT: f64 = 0.05;

/// Adds the rows.
pub(crate) fn watch(bed: &Bed, table: &mut Table) -> Outcome<()> {
    for (at, (panel, pixels)) in PANELS.into_iter().enumerate() {
        let mut starts = Vec::new();
        for _ in 0..STARTS {
            let begun = Instant::now();
            let mut stand = Stand::start(bed, panel, "first-frame")?;
            stand.line("drawn")?;
            starts.push(begun.elapsed());
        }
        let what = format!(
            "process start to first frame, store and fonts opened (median of {STARTS}), window in memory, {pixels}"
        );
        table.add_bounded(what, in_ms(median(starts)), "ms", FIRST_FRAME_MS);
        let mut stand = Stand::start(bed, panel, "report")?;
        stand.line("drawn")?;
        let letter = stand.line("letter")?;
        table.add_bounded(
            format!("a letter typed, its drawing (median), window in memory, {pixels}"),
            in_ms(letter),
            "ms",
            KEY_MS,
        );
        table.add(
            format!("the same from the press, window in memory, {pixels}"),
            ms(stand.line("letter-whole")?),
        );
        let page = stand.line("page")?;
        table.add_bounded(
            format!("a full page, its drawing (median), window in memory, {pixels}"),
            in_ms(page),
            "ms",
            PAGE_MS,
        );
        let hide = stand.line("hide")?;
        stand.line("between")?;
        wait(SETTLES);
        table.add_bounded(
            format!("resident memory between two reports, {pixels}"),
            stand.memory()?,
            "MB",
            MEMORY_MB,
        );
        if at == 0 {
            nobody_is_there(&stand, table)?;
        }
        drop(stand);
        long_story(bed, table, (panel, pixels), hide)?;
    }
    Ok(())
}

/// What is slowest where most was typed. `hide` is its worst on the check page.
fn long_story(bed: &Bed, table: &mut Table, (panel, pixels): (&str, &str), hide: Duration) -> Outcome<()> {
    let mut stand = Stand::start(bed, panel, "long-story")?;
    stand.line("drawn")?;
    table.add_bounded(
        format!(
            "a letter typed into a story of {NEARLY_FULL} letters, from the press (worst of {WORST_OF}), window in memory, \
             {pixels}"
        ),
        in_ms(stand.line("full-letter")?),
        "ms",
        FULL_KEY_MS,
    );
    let hide = hide.max(stand.line("hide")?);
    let presses = 2 * WORST_OF;
    table.add_bounded(
        format!("Hide, from the press to the pixels (worst of {presses}), window in memory, {pixels}"),
        in_ms(hide),
        "ms",
        HIDE_MS,
    );
    Ok(())
}

fn nobody_is_there(stand: &Stand, table: &mut Table) -> Outcome<()> {
    let (ticks, written) = (stand.ticks()?, stand.written()?);
    // A report was told and kept: counters that say nothing of it would say nothing of this minute.
    if ticks == 0 || written == 0 {
        return Err("this computer does not count what a process does".into());
    }
    wait(NOBODY);
    // A hundredth of a second each, on every Linux that there is.
    let busy = (stand.ticks()? - ticks) as f64 / 100.0;
    let percent = 100.0 * busy / NOBODY.as_secs_f64();
    table.add_bounded("processor time in a minute of nobody", percent, "%", IDLE_PERCENT);
    let kilobytes = (stand.written()? - written) as f64 / 1_000.0;
    table.add_bounded("written to the disk in that minute", kilobytes, "kB", 0.0);
    Ok(())
}

fn in_ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn wait(time: Duration) {
    std::thread::sleep(time);
}

/// A kiosk that is watched. It ends with this.
struct Stand {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Stand {
    /// On one core, where that can be asked for.
    fn start(bed: &Bed, panel: &str, until: &str) -> Outcome<Self> {
        let own = std::env::current_exe()?;
        let taskset = Command::new("taskset")
            .arg("-V")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let mut command = if taskset.is_ok_and(|status| status.success()) {
            let mut command = Command::new("taskset");
            command.args(["-c", "0"]).arg(own);
            command
        } else {
            Command::new(own)
        };
        command.args([
            "stand",
            "--panel",
            panel,
            "--until",
            until,
            "--address",
            &bed.world.address,
        ]);
        command.arg("--data").arg(&bed.kiosk.places.data);
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let lines = BufReader::new(child.stdout.take().ok_or("no pipe")?);
        Ok(Self { child, lines })
    }

    /// Waits for a line that begins so, and gives its nanoseconds.
    fn line(&mut self, begins: &str) -> Outcome<Duration> {
        let mut line = String::new();
        self.lines.read_line(&mut line)?;
        let mut words = line.split_whitespace();
        if words.next() != Some(begins) {
            return Err(format!("the kiosk said {:?} for {begins}", line.trim()).into());
        }
        Ok(Duration::from_nanos(
            words.next().and_then(|told| told.parse().ok()).unwrap_or(0),
        ))
    }

    fn proc(&self, file: &str) -> Outcome<String> {
        Ok(fs::read_to_string(format!("/proc/{}/{file}", self.child.id()))?)
    }

    fn memory(&self) -> Outcome<f64> {
        let status = self.proc("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes: f64 = line
            .and_then(|line| line.split_whitespace().next()?.parse().ok())
            .ok_or("no memory is told")?;
        Ok(kilobytes / 1_024.0)
    }

    fn ticks(&self) -> Outcome<u64> {
        let stat = self.proc("stat")?;
        let fields = stat.rsplit_once(')').ok_or("no times are told")?.1;
        let times = fields.split_whitespace().skip(11).take(2);
        Ok(times.filter_map(|time| time.parse::<u64>().ok()).sum())
    }

    fn written(&self) -> Outcome<i64> {
        let io = self.proc("io")?;
        let line = io.lines().find_map(|line| line.strip_prefix("write_bytes: "));
        Ok(line.ok_or("no bytes are told")?.trim().parse()?)
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The child: stands as a kiosk does. `until` is how far it goes before nobody is there.
pub(crate) fn stand(data: &Path, address: &str, panel: &str, until: &str) -> Outcome<()> {
    let config = Config::read(None, Some(data))?;
    let mut at = LiveFront::start(&config, Some(address), panel);
    at.window.redraw();
    say("drawn", Duration::ZERO)?;
    match until {
        "report" => {
            tell_a_report(&mut at)?;
            say("between", Duration::ZERO)?;
        }
        "long-story" => tell_a_long_story(&mut at)?,
        _ => {}
    }
    at.stand_idle();
    Ok(())
}

fn tell_a_report(at: &mut LiveFront) -> Outcome<()> {
    walk_to_the_story(at)?;
    at.window.redraw();
    let (mut letters, mut whole) = (Vec::new(), Vec::new());
    for letter in STORY.chars() {
        let label = if letter == ' ' {
            "space".to_owned()
        } else {
            letter.to_string()
        };
        let middle = at.middle_of(&label).ok_or("a key is missing")?;
        let begun = Instant::now();
        at.window.touch(middle, middle, 90);
        let pressed = Instant::now();
        at.window.redraw();
        letters.push(pressed.elapsed());
        whole.push(begun.elapsed());
    }
    say("letter", median(letters))?;
    say("letter-whole", median(whole))?;
    at.until_heard();
    press(at, "Continue")?;
    at.walk_to_check();
    at.window.redraw();
    // From one page to another and back.
    let mut pages = Vec::new();
    for turn in 0..40 {
        let label = if turn % 2 == 0 { "Your answers" } else { "Back" };
        let middle = at.middle_of(label).ok_or("a page is missing")?;
        at.window.touch(middle, middle, 90);
        let pressed = Instant::now();
        at.window.redraw();
        pages.push(pressed.elapsed());
        at.until_heard();
    }
    say("page", median(pages))?;
    say("hide", hide_and_come_back(at)?)?;
    press(at, "Send now")?;
    at.until(|at| matches!(at.page(), Page::Saved(saved) if saved.words == SavedWords::Sent));
    if !at.touch("I have it") {
        // Where the code has a page of its own.
        press(at, "Your code")?;
        press(at, "I have it")?;
    }
    press(at, "Finish")?;
    at.until(|at| matches!(at.page(), Page::Start));
    at.window.redraw();
    Ok(())
}

fn tell_a_long_story(at: &mut LiveFront) -> Outcome<()> {
    walk_to_the_story(at)?;
    at.window.redraw();
    let words: String = STORY.chars().chain([' ']).cycle().take(NEARLY_FULL).collect();
    // As one key: what is measured comes after it.
    at.window.key(words.as_str());
    at.until_heard();
    at.window.redraw();
    if at.words().chars().count() != NEARLY_FULL {
        return Err("the long story did not arrive".into());
    }
    let middle = at.middle_of("e").ok_or("a key is missing")?;
    let mut worst = Duration::ZERO;
    for _ in 0..WORST_OF {
        let begun = Instant::now();
        at.window.touch(middle, middle, 90);
        at.window.redraw();
        worst = worst.max(begun.elapsed());
        at.until_heard();
    }
    if at.words().chars().count() != NEARLY_FULL + WORST_OF {
        return Err("a letter was lost".into());
    }
    say("full-letter", worst)?;
    say("hide", hide_and_come_back(at)?)
}

/// A kiosk that has heard nothing from the intake yet says so first, on two pages where one is too small.
fn walk_to_the_story(at: &mut LiveFront) -> Outcome<()> {
    press(at, "Tell us something")?;
    while matches!(at.page(), Page::LinkSilent { .. }) {
        if !at.touch("More") {
            press(at, "Continue")?;
        }
    }
    at.walk_on(|at| at.shows("What happened?"));
    Ok(())
}

/// The worst of several, from the press to the pixels.
fn hide_and_come_back(at: &mut LiveFront) -> Outcome<Duration> {
    let hide = at.middle_of("Hide").ok_or("there is no Hide")?;
    let mut worst = Duration::ZERO;
    for _ in 0..WORST_OF {
        let begun = Instant::now();
        at.window.touch(hide, hide, 90);
        at.window.redraw();
        worst = worst.max(begun.elapsed());
        if at.middle_of("Hide").is_some() {
            return Err("Hide did not hide".into());
        }
        at.until_heard();
        // Quicker than that it would be the second tap of a hand that hides.
        std::thread::sleep(Duration::from_millis(1_050));
        at.window.touch(hide, hide, 90);
        at.until_heard();
        press(at, "Yes, carry on")?;
        at.window.redraw();
    }
    Ok(worst)
}

fn press(at: &mut LiveFront, label: &str) -> Outcome<()> {
    if at.touch(label) {
        Ok(())
    } else {
        Err(format!("there is no {label:?}").into())
    }
}

fn say(what: &str, time: Duration) -> Outcome<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{what} {}", time.as_nanos())?;
    Ok(out.flush()?)
}
