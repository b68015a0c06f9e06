//! What the front keeps beside the newest view: which page of its own is open, looks, what was typed there.
//!
//! Used by the front and by the file of each page. It holds words only in `typed`, which wipes itself.

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
    CannotKeep,
    AddOrAsk,
    ClearTicks,
    Answers,
    Numbers(Topic),
    Adding(AdditionKind),
    /// Which block or floor, after a place was chosen.
    Spot,
    /// A clock time, typed.
    Clock,
    /// An hour and a minute of twelve: in the first half of the day, or in the second?
    Half(u8, u8),
}

pub(super) struct State {
    pub(super) view: Option<Box<View>>,
    pub(super) local: Option<Local>,
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
    /// Typed on a page that the machine does not keep: a code, an addition.
    pub(super) typed: zeroize::Zeroizing<String>,
    /// Continue was pressed and what was typed does not fit.
    pub(super) refused: bool,
    /// The link was silent when this session began: the 24 hours are not promised.
    pub(super) silent: bool,
    /// Somebody is near, as the newest view says (SAFETY 5).
    pub(super) near: bool,
    /// What is typed is digits or an address: words of it mean nothing.
    pub(super) digits: bool,
    /// Hide was pressed; true until the machine shows a view that knows it.
    pub(super) hiding: Option<u64>,
    pub(super) sent: u64,
    pub(super) visit: Option<Visit>,
    pub(super) visits: i32,
}

impl State {
    pub(super) fn new(looks: Looks) -> Self {
        Self {
            view: None,
            local: None,
            looks,
            language: String::new(),
            turn: 0,
            furthest: 0,
            unseen: false,
            layer: Layer::default(),
            typed: zeroize::Zeroizing::default(),
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
