//! An opened case on paper or a screen: what must not be done first, then how urgent it is, then every answer.
//!
//! The order is the point: a caseworker who stops reading after ten lines has read what keeps the reporter safe. It
//! prints nothing itself; the text is for the caseworker alone and goes to standard output.

use crate::form::{Answer, Band, Lane, Meaning};
use crate::mailbox::AdditionKind;
use crate::report::Routing;
use crate::time::{Confidence, Timestamp};

use super::answer_words::{answer_lines, own_words, visible};
use super::opening::{OpenedAddition, OpenedCase, OpenedReport};
use super::permissions::{flag_line, lines};
use crate::form::answers_json;

/// Where the desk tells its times.
pub const ZONE: &str = "Europe/London";

/// The calm, complete print-out of a case, with times in [`ZONE`] and deadlines told as from `now`.
pub fn case_text(case: &OpenedCase, now: Timestamp) -> String {
    let mut page = Page::default();
    page.line(&format!("Case {}", case.case));
    page.line(&format!("Due: {}", super::cases::due_words(&case.due_at, now)));
    page.line(&match &case.first_opened_at {
        Some(at) => format!("First opened: {}", when(at)),
        None => "First opened: not before now".into(),
    });
    if case.inbox.is_none() {
        page.line("The reporter has no code: `heard-desk say` cannot reach them.");
    }
    if case.unbound > 0 {
        page.line("The intake could not open the slip of this report. Tell the person who runs the intake.");
    }
    if !case.unopened.is_empty() {
        let parts = case.unopened.len();
        page.line(&format!(
            "NOT COMPLETE: {parts} further part(s) did not open: {}.",
            case.unopened[0]
        ));
    }
    for addition in case.additions.iter().filter(|addition| freezes(addition)) {
        page.line(&format!("FIRST: {}", addition_line(addition.addition.kind)));
    }
    if case.reports.is_empty() {
        page.heading("BEFORE YOU DO ANYTHING");
        page.line("The report that this belongs to is not here. Nothing is allowed:");
        page.list(&lines(&[]).must_not);
    }
    let mut kinds = case.additions.iter().map(|addition| addition.addition.kind);
    let left = kinds.any(AdditionKind::is_left_with_the_report);
    for report in &case.reports {
        report_text(&mut page, report, left);
    }
    if !case.additions.is_empty() {
        page.heading("ADDED LATER, WITH THE CODE");
    }
    for addition in &case.additions {
        page.line(&format!(
            "{}: {}",
            when(&addition.arrived_at),
            addition_line(addition.addition.kind)
        ));
        if !addition.addition.words.is_empty() {
            page.indented(&own_words(&addition.addition.words));
        }
    }
    page.0
}

/// The answers of a case in the shape of an answers file, on one line. `"additions"` stands there only when there are
/// some, `"reports"` (all of them, the first included) only when there are several, `"unopened"` (a count) only when a
/// part stayed closed.
pub fn case_json(case: &OpenedCase) -> String {
    let answers: Vec<String> = case
        .reports
        .iter()
        .map(|report| answers_json(&report.form, &report.filled))
        .collect();
    let empty = || r#"{"language":"en","answers":{}}"#.to_owned();
    let mut json = answers.first().cloned().unwrap_or_else(empty);
    let mut add = |key: &str, value: &str| {
        json.pop();
        json.push_str(&format!(",\"{key}\":{value}}}"));
    };
    if !case.additions.is_empty() {
        let additions: Vec<serde_json::Value> = case.additions.iter().map(addition_json).collect();
        add("additions", &serde_json::Value::Array(additions).to_string());
    }
    if answers.len() > 1 {
        add("reports", &format!("[{}]", answers.join(",")));
    }
    if !case.unopened.is_empty() {
        add("unopened", &case.unopened.len().to_string());
    }
    json
}

fn addition_json(addition: &OpenedAddition) -> serde_json::Value {
    serde_json::json!({
        "kind": addition_word(addition.addition.kind),
        "arrived_at": addition.arrived_at,
        "language": addition.addition.language,
        "words": addition.addition.words,
    })
}

/// `left`: right after sending they left a way to be reached.
fn report_text(page: &mut Page, report: &OpenedReport, left: bool) {
    page.heading("BEFORE YOU DO ANYTHING");
    for flag in &report.routing.flags {
        page.line(flag_line(*flag));
    }
    let ways = lines(&report.routing.permissions);
    page.list(&ways.must_not);
    if !ways.may.is_empty() {
        page.line("The reporter allowed:");
        page.list(&ways.may);
    }
    if left {
        page.line(
            "LATER THAN THESE ANSWERS: they cannot keep the code and left one way to be reached, see ADDED LATER. That way is \
             allowed, as they say it. Every other stays as it is here.",
        );
    }
    conditions(page, report);
    if !report.form_known {
        page.line("This program does not have the form of this report, so nothing counts as allowed.");
        page.line("Fetch it with the newest bundle, or ask the person who signs bundles.");
    }
    exclusions(page, &report.routing);
    left_open(page, report);
    facts(page, report);
    answers(page, report);
}

fn exclusions(page: &mut Page, routing: &Routing) {
    if routing.exclusions.is_empty() {
        return;
    }
    page.line("These people must not see this report. Are you one of them? Stop, and hand it to the independent team.");
    for name in &routing.exclusions {
        page.indented(&own_words(name));
    }
}

/// What the reporter said about these ways, whole: a condition such as "do not say who you are" forbids no way, and
/// whoever rings must have read it. A question is about the ways when one of its choices forbids one or calls one safe.
fn conditions(page: &mut Page, report: &OpenedReport) {
    let language = first_language(report);
    let about_ways = |meaning: &Meaning| matches!(meaning, Meaning::Never(_) | Meaning::Safe(_));
    let pairs = report.form.questions.iter().zip(&report.filled.answers);
    let mut told = false;
    for (question, answer) in pairs {
        let mut meanings = question.kind.choices().iter().flat_map(|choice| &choice.means);
        if let Answer::Given(value) = answer
            && meanings.any(about_ways)
        {
            if !told {
                page.line("What they answered about it:");
                told = true;
            }
            let words = answer_lines(question, value, &report.filled, language).join(" ");
            page.line(&format!("  * \"{}\" {words}", visible(question.ask.get(language))));
        }
    }
}

/// What unanswered questions are treated as. Questions that were not asked, given the other answers, say nothing.
fn left_open(page: &mut Page, report: &OpenedReport) {
    let language = first_language(report);
    let answers = &report.filled.answers;
    let pairs = report.form.questions.iter().zip(answers);
    let open = pairs.filter(|(question, answer)| {
        !matches!(answer, Answer::Given(_)) && !question.protective.is_empty() && question.relevant.holds(answers)
    });
    let told: Vec<String> = open
        .map(|(question, _)| {
            let ask = visible(question.ask.get(language));
            format!("\"{ask}\" {}", visible(question.protective.get(language)))
        })
        .collect();
    if !told.is_empty() {
        page.line("Left open, and treated like this:");
        page.list(&told);
    }
}

fn facts(page: &mut Page, report: &OpenedReport) {
    let routing = &report.routing;
    page.heading("ABOUT THIS REPORT");
    let lane = match routing.lane {
        Lane::AntiSocialBehaviour => "anti-social behaviour",
        Lane::Hate => "hate",
        Lane::Complaint => "a complaint about us",
        Lane::Conduct => "our own people: the independent team",
    };
    page.line(&format!("Lane: {lane}"));
    if routing.hate {
        page.line("Hate: yes, in the reporter's own word");
    }
    let band = match routing.band {
        Band::Standard => "standard",
        Band::Medium => "medium",
        Band::High => "high",
    };
    page.line(&format!("Band: {band}"));
    let clock = report.opened.clock;
    let doubt = match clock.confidence {
        Confidence::Unknown => " (the screen's clock was not set: do not trust this time)",
        Confidence::Kept => " (by the screen's own clock; it may be late)",
        Confidence::Synced => "",
    };
    page.line(&format!("Sent: {}{doubt}", time_words(clock.wall)));
    page.line(&format!("Language: {}", visible(&report.filled.language)));
    let opened = &report.opened;
    let form = visible(&opened.form);
    page.line(&format!("Form: {form}, version {}", opened.form_version));
    if report.form_known && report.form.digest != opened.form_digest {
        page.line("The form that this program has is of the same version but not the same file: words may differ.");
    }
}

fn answers(page: &mut Page, report: &OpenedReport) {
    let language = first_language(report);
    for (at, section) in report.form.sections.iter().enumerate() {
        let pairs = report.form.questions.iter().zip(&report.filled.answers);
        let mut given = pairs
            .filter(|(question, answer)| {
                question.section == at && matches!(answer, Answer::Given(_) | Answer::Declined)
            })
            .peekable();
        if given.peek().is_some() {
            page.heading(&visible(section.title.get(language)));
        }
        for (question, answer) in given {
            page.line(&visible(question.ask.get(language)));
            page.indented(&match answer {
                Answer::Given(value) => answer_lines(question, value, &report.filled, language),
                _ => vec!["(rather not say)".into()],
            });
        }
    }
}

/// Caseworkers read the form's first language, whatever language it was answered in.
fn first_language(report: &OpenedReport) -> &str {
    report.form.languages.first().map_or("", String::as_str)
}

fn freezes(addition: &OpenedAddition) -> bool {
    addition.addition.kind == AdditionKind::CodeMayBeKnown
}

const fn addition_line(kind: AdditionKind) -> &'static str {
    match kind {
        AdditionKind::Words => "something more to say",
        AdditionKind::GetInTouch => "asks us to get in touch, by a way that is allowed",
        AdditionKind::CodeMayBeKnown => {
            "somebody else may have the code. Write nothing to it. Check by the earlier safe way."
        }
        AdditionKind::ChangeRequest => {
            "asks for a change. A request only: check it by the earlier safe way, wait 72 hours, tell the old way."
        }
        AdditionKind::WithdrawalRequest => {
            "asks for a copy, a withdrawal or a deletion. A request only, it closes nothing: check by the earlier safe \
             way whether somebody makes them ask; wait 72 hours."
        }
        AdditionKind::SafeContact => {
            "cannot keep the code, and left this way to be reached right after sending. Use it as they say, and no other \
             that the report does not allow."
        }
        AdditionKind::TrustedPerson => {
            "cannot keep the code, and left this person, whom they trust, right after sending. Ask them only to let the \
             reporter know that we have news. Tell them nothing of what was said."
        }
    }
}

const fn addition_word(kind: AdditionKind) -> &'static str {
    match kind {
        AdditionKind::Words => "words",
        AdditionKind::GetInTouch => "get-in-touch",
        AdditionKind::CodeMayBeKnown => "code-may-be-known",
        AdditionKind::ChangeRequest => "change-request",
        AdditionKind::WithdrawalRequest => "withdrawal-request",
        AdditionKind::SafeContact => "safe-contact",
        AdditionKind::TrustedPerson => "trusted-person",
    }
}

/// A time of the wire as the place tells it; as it is when it cannot be read.
fn when(text: &str) -> String {
    text.parse::<jiff::Timestamp>()
        .map_or_else(|_| visible(text), |time| time_words(Timestamp(time.as_second())))
}

/// For example `Tuesday 14:10, 24 November 2026`.
pub(super) fn time_words(time: Timestamp) -> String {
    format!("{}, {}", time.weekday_and_time(ZONE), time.day(ZONE))
}

/// A page of text on its way.
#[derive(Default)]
struct Page(String);

impl Page {
    fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn heading(&mut self, text: &str) {
        self.0.push('\n');
        self.line(text);
        self.line(&"-".repeat(text.chars().count()));
    }

    fn list<T: AsRef<str>>(&mut self, lines: &[T]) {
        for line in lines {
            self.line(&format!("  * {}", line.as_ref()));
        }
    }

    fn indented(&mut self, lines: &[String]) {
        for line in lines {
            self.line(&format!("    {line}"));
        }
    }
}
