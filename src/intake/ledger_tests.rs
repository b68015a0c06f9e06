//! What the ledger knows is the same, whether it was told at once or reads everything after a restart.

use std::collections::{BTreeMap, BTreeSet};

use super::cases::Case;
use super::ledger::Ledger;
use super::record::{Access, EnvelopeFacts, Record, RecordId, StaffId};
use crate::form::{Band, Lane};
use crate::id::{CaseId, EnvelopeId, KioskId};
use crate::time::{ClockReading, Confidence, Timestamp};
use crate::wire::v1::{Health, Kind, NewsCursor, RoutingSlip};

const NOW: Timestamp = Timestamp(1_800_000_000);
const ADA: StaffId = [1; 16];
const BEN: StaffId = [2; 16];

fn envelope(number: u8, kind: Kind, arrival: Timestamp) -> Record {
    let slip = RoutingSlip {
        kind,
        lane: (kind == Kind::Report).then_some(Lane::Hate),
        band: Band::Medium,
        flags: Vec::new(),
        clock: ClockReading {
            wall: arrival,
            confidence: Confidence::Unknown,
            boot: 1,
            since_boot_seconds: 1,
        },
        tag: Some([7; 16]),
        inbox: None,
        exclusions: Vec::new(),
        counter: 1,
        news: NewsCursor::default(),
        health: Health::default(),
    };
    Record::Envelope(Box::new(EnvelopeFacts {
        id: EnvelopeId([number; 32]),
        kiosk: KioskId([3; 16]),
        arrival,
        case: CaseId([number; 16]),
        due: arrival.after_hours(24),
        slip: Some((slip, [number; 32])),
        live: false,
    }))
}

fn access(what: Access, case: u8, parts: &[u8], at: Timestamp) -> Record {
    Record::Access {
        staff: ADA,
        case: CaseId([case; 16]),
        at,
        what,
        parts: parts.iter().map(|number| [*number; 8]).collect(),
    }
}

/// An addition waits, surfaces and is opened by Ada; Ben is kept out of it; then its report comes.
fn history() -> Vec<(RecordId, Record)> {
    let later = |hours| NOW.after_hours(hours);
    let exclusion = Record::Exclusion {
        staff: BEN,
        case: CaseId([1; 16]),
        at: later(74),
    };
    let records = vec![
        envelope(1, Kind::Reply, NOW),
        access(Access::HandedOver, 1, &[1], later(73)),
        access(Access::Opened, 1, &[1], later(73)),
        exclusion,
        envelope(2, Kind::Report, later(75)),
        envelope(3, Kind::Reply, later(76)),
    ];
    (0_u8..).map(|number| [number; 16]).zip(records).collect()
}

fn check(ledger: &mut Ledger) {
    assert_eq!(ledger.cases.len(), 1);
    let case = ledger.case(CaseId([1; 16])).unwrap();
    assert_eq!(case.id, CaseId([2; 16]));
    assert_eq!(case.excluded, BTreeSet::from([BEN]));
    assert_eq!(case.given_to, BTreeMap::from([(ADA, BTreeSet::from([[1; 8]]))]));
    let opened = |case: &Case| {
        case.parts
            .iter()
            .map(|part| (part.envelope.0[0], part.opened))
            .collect::<BTreeMap<_, _>>()
    };
    assert_eq!(opened(case), BTreeMap::from([(1, true), (2, false), (3, false)]));
    // The report itself was not opened, and its clock runs.
    assert_eq!(
        (case.first_opened, case.is_new(), case.due()),
        (None, false, NOW.after_hours(99))
    );
    ledger.apply([90; 16], access(Access::Opened, 1, &[1, 2], NOW.after_hours(80)));
    let case = ledger.case(CaseId([2; 16])).unwrap();
    assert_eq!((case.first_opened, case.is_new()), (Some(NOW.after_hours(80)), true));
    assert_eq!(case.due(), NOW.after_hours(100), "of the addition that came last");
    ledger.apply([91; 16], access(Access::Opened, 2, &[3], NOW.after_hours(81)));
    let case = ledger.case(CaseId([2; 16])).unwrap();
    assert_eq!((case.first_opened, case.is_new()), (Some(NOW.after_hours(80)), false));
}

#[test]
fn what_was_done_with_an_addition_holds_when_its_report_comes_and_after_a_restart() {
    let mut running = Ledger::default();
    for (id, record) in history() {
        running.apply(id, record);
    }
    check(&mut running);
    let mut again = Ledger::default();
    let mut records = history();
    records.reverse();
    again.apply_all(records);
    check(&mut again);
}
