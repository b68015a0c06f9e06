//! What a landlord says about one site: names, promises, numbers, notices and everyday pages, as the bundle carries them.
//!
//! Read by the kiosk (every page that names the landlord), by `doctor` (which promises may be made) and by the desk when
//! it signs a bundle. It refuses a file with anything unknown, unbounded or missing, and it never repairs.
//!
//! ```toml
//! landlord = "…"                 # name, at most 80 letters
//! demonstration = true           # a made-up site; said on the screen
//! languages = ["en"]             # the first one is complete and stands in for the others
//! zone = "Europe/London"         # IANA name; times are told in it
//! hide-minutes = 2               # 1 to 5: Hide wipes after so long
//!
//! [office]
//! name = "…"
//! telephone = "01632 960100"
//! hours = [{ en = "Monday to Friday: 9 to 5" }]          # one line each
//!
//! [promise]                      # facts that the sentences on the screen stand on
//! rota-telephone = "01632 960199"   # somebody answers at any hour; "" where nobody does
//! rota-covers-weekends = true
//! rota-covers-bank-holidays = true
//! nobody-here-reads = true          # nobody in this office can read a report
//! only-team-opens = true            # only the specialist team opens one
//! never-passed-on = true            # never used for tenancy-fraud, rent or immigration work (SAFETY 30)
//!
//! [[tell-otherwise]]             # other ways to tell, for when the link is silent
//! telephone = "01632 960199"
//! words = { en = "Ring at any hour." }
//!
//! [[number]]                     # useful numbers, in the order shown
//! name = { en = "…" }
//! number = "101"
//! hours = { en = "At any hour." }
//! words = { en = "What it is for." }
//! topics = ["everyday"]          # everyday emergency self-harm child close hate housing
//! checked-on = "2026-11-22"      # the day on which it was last held against its source
//!
//! [[notice]]
//! title = { en = "…" }
//! words = { en = "…" }
//! ```
//! An everyday page (`pages/NAME.toml`) has `languages`, a `title` and `[[paragraph]]` tables with `words`, in order.

use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::form::Words;

/// What `site.toml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFacts {
    /// The landlord's name.
    pub landlord: String,
    /// Made up, and said to be.
    pub demonstration: bool,
    /// Language tags; the first is complete.
    pub languages: Vec<String>,
    /// IANA name of the time zone.
    pub zone: String,
    /// Minutes after which Hide wipes, 1 to 5.
    pub hide_minutes: u8,
    /// The office in which the kiosk stands.
    pub office: Office,
    /// What the promises stand on.
    pub promise: PromiseFacts,
    /// Other ways to tell; at least one.
    pub tell_otherwise: Vec<TellOtherwise>,
    /// Useful numbers, in the order shown; at least one of them everyday.
    pub numbers: Vec<UsefulNumber>,
    /// Notices, in the order shown.
    pub notices: Vec<Notice>,
}

/// The office in which the kiosk stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Its name.
    pub name: String,
    /// Its telephone number.
    pub telephone: String,
    /// Opening hours, a line each.
    pub hours: Vec<Words>,
}

/// Facts that sentences on the screen stand on; `doctor` checks the sentences against them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PromiseFacts {
    /// Where somebody answers at any hour; empty where nobody does.
    pub rota_telephone: String,
    /// The rota covers weekends.
    pub rota_covers_weekends: bool,
    /// The rota covers bank holidays.
    pub rota_covers_bank_holidays: bool,
    /// Nobody in this office can read a report.
    pub nobody_here_reads: bool,
    /// Only the specialist team opens one.
    pub only_team_opens: bool,
    /// Never used for tenancy-fraud, rent or immigration work (SAFETY 30).
    pub never_passed_on: bool,
}

impl PromiseFacts {
    /// Whether the 24 hours may be promised at all (SAFETY 10): a rota for weekends and bank holidays with a telephone.
    pub fn hours_may_be_promised(&self) -> bool {
        !self.rota_telephone.is_empty() && self.rota_covers_weekends && self.rota_covers_bank_holidays
    }
}

/// Another way to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TellOtherwise {
    /// Where to ring.
    pub telephone: String,
    /// When, and who answers.
    pub words: Words,
}

/// Where a number is offered. Only `Everyday` ones stand on the page that Hide shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// On the everyday Useful numbers page.
    Everyday,
    /// Danger now.
    Emergency,
    /// Thoughts of suicide or self-harm.
    SelfHarm,
    /// Children, and people worried about one.
    Child,
    /// A partner, ex, family or carer did it.
    Close,
    /// Support about hate.
    Hate,
    /// Advice about homes and landlords.
    Housing,
}

/// One useful number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsefulNumber {
    /// Who answers.
    pub name: Words,
    /// The number as it is shown.
    pub number: String,
    /// When.
    pub hours: Words,
    /// What for.
    pub words: Words,
    /// Where it is offered; at least one.
    pub topics: Vec<Topic>,
    /// The day, `2026-11-22`, on which it was last held against its source.
    pub checked_on: String,
}

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its heading.
    pub title: Words,
    /// What it says.
    pub words: Words,
}

/// An everyday page: a title and paragraphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EverydayPage {
    /// Its heading.
    pub title: Words,
    /// In order.
    pub paragraphs: Vec<Words>,
}
