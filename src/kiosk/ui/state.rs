//! What the front keeps beside the newest view: which page of its own is open, looks, what was typed there.
//!
//! Used by the front and by the file of each page. It holds words only in `typed` and `drafts`, which wipe themselves.

use super::drafts::Drafts;
use super::front::Looks;
use super::keyboard::Layer;
use super::visit::Visit;
use crate::machine::View;
use crate::mailbox::AdditionKind;
use crate::site::Topic;

/// A page that only the screen knows; it lies over the machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Local {
    Look,
    Language,
    Help,
    /// For somebody else to read (SAFETY 14).
    Card,
    OtherWays,
    AddOrAsk,
    ClearTicks,
    /// What can be left in place of the code, where that is not asked on its page.
    Leave,
    Answers,
    Numbers(Topic),
    Adding(AdditionKind),
    /// Which block or floor, after a place was chosen.
    Spot,
    /// A clock time, typed.
    Clock,
    /// A day, typed.
    Date,
    /// An hour and a minute of twelve: in the first half of the day, or in the second?
    Half(u8, u8),
}

impl Local {
    /// Looked at for a moment, from any page.
    const fn is_aside(self) -> bool {
        matches!(self, Self::Look | Self::Language | Self::Help | Self::Numbers(_))
    }
}

pub(super) struct State {
    pub(super) view: Option<Box<View>>,
    pub(super) local: Option<Local>,
    /// What Text, Language or Help lie over; it comes back with what was typed there.
    pub(super) under: Option<Local>,
    /// While Hide is on the screen: what was open, and what lay under that.
    covered: Option<(Option<Local>, Option<Local>)>,
    pub(super) looks: Looks,
    /// What the newest view is written in.
    pub(super) language: String,
    /// Page of choices, from 0.
    pub(super) turn: usize,
    /// The furthest page of choices that was shown.
    pub(super) furthest: usize,
    /// There are choices that nobody has seen: the main button leads to them first.
    pub(super) unseen: bool,
    pub(super) layer: Layer,
    /// Typed on a page that the machine does not keep: a code, a day, a clock time, four digits.
    pub(super) typed: zeroize::Zeroizing<String>,
    /// Typed to be added, until it is known to be kept.
    pub(super) drafts: Drafts,
    /// Continue was pressed and what was typed does not fit.
    pub(super) refused: bool,
    /// The link was silent when this session began: the 24 hours are not promised.
    pub(super) silent: bool,
    /// Somebody is near, as the newest view says (SAFETY 5).
    pub(super) near: bool,
    /// What is typed is digits or an address: three words of it would be all of it.
    pub(super) digits: bool,
    /// Hide was pressed: drawn until the machine shows a view that has heard so many presses; 0, the press is to be sent again.
    pub(super) hiding: Option<u64>,
    pub(super) sent: u64,
    pub(super) visit: Option<Visit>,
    pub(super) visits: i32,
}

impl State {
    /// Opens or closes a page of the screen's own. What is typed on a page is there again after a look aside. Says whether
    /// the page of the answers was left.
    pub(super) fn open(&mut self, next: Option<Local>) -> bool {
        let was = self.local;
        let was_aside = self.local.is_some_and(Local::is_aside);
        let is_aside = next.is_some_and(Local::is_aside);
        self.local = match (was_aside, is_aside) {
            (true, true) => next,
            (false, true) => {
                self.under = self.local;
                next
            }
            (true, false) if next.is_none() => self.under.take(),
            _ => {
                self.under = None;
                self.typed = zeroize::Zeroizing::default();
                next
            }
        };
        self.turn = 0;
        self.refused = false;
        was == Some(Local::Answers) && self.local != was
    }

    /// The next person finds nothing that was typed.
    pub(super) fn forget_typed(&mut self) {
        self.typed = zeroize::Zeroizing::default();
        self.drafts.clear();
    }

    /// No page of the screen's own is open over the machine's. While Hide is on the screen none will be when it goes; what is
    /// open over the everyday page stays, because nobody may see that something changed below.
    pub(super) fn close_all(&mut self) {
        match &mut self.covered {
            Some(below) => *below = (None, None),
            None => (self.local, self.under) = (None, None),
        }
    }

    /// Hide comes or goes. Pages opened over the everyday page go with it, and what was open before is there again.
    pub(super) fn cover(&mut self, hidden: bool) {
        match (hidden, self.covered) {
            (true, None) => self.covered = Some((self.local.take(), self.under.take())),
            (false, Some(before)) => {
                (self.local, self.under) = before;
                self.covered = None;
            }
            _ => {}
        }
    }

    /// Whether Hide is on the screen.
    pub(super) const fn is_hidden(&self) -> bool {
        self.covered.is_some()
    }

    pub(super) fn new(looks: Looks) -> Self {
        Self {
            view: None,
            local: None,
            under: None,
            covered: None,
            looks,
            language: String::new(),
            turn: 0,
            furthest: 0,
            unseen: false,
            layer: Layer::default(),
            typed: zeroize::Zeroizing::default(),
            drafts: Drafts::default(),
            refused: false,
            silent: false,
            near: false,
            digits: false,
            hiding: None,
            sent: 0,
            visit: None,
            visits: 0,
        }
    }
}
