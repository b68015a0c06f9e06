//! One predicate: may somebody start now? And the faults that the heartbeat tells, as bits that point at no report.

/// Something that is not right. The number is a bit in heartbeats and in the neutral code on the attendant's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No room for another report.
    OutboxFull,
    /// The disk is too full or cannot be written.
    Disk,
    /// Only one of the two copies can be made durable.
    OneCopy,
    /// Something is quarantined or refused.
    SetAside,
    /// No randomness.
    Random,
}

impl Fault {
    const ALL: [Self; 5] = [
        Self::OutboxFull,
        Self::Disk,
        Self::OneCopy,
        Self::SetAside,
        Self::Random,
    ];

    /// Its bit.
    pub const fn bit(self) -> u32 {
        match self {
            Self::OutboxFull => 1,
            Self::Disk => 2,
            Self::OneCopy => 4,
            // 8 and 16 are taken: a kiosk without a bundle or an enrolment does not start at all.
            Self::SetAside => 32,
            Self::Random => 64,
        }
    }

    /// Whether nobody may start while it lasts.
    const fn closes(self) -> bool {
        !matches!(self, Self::SetAside)
    }
}

/// A set of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faults(pub u32);

impl Faults {
    /// With or without one fault.
    pub const fn set(self, fault: Fault, is_there: bool) -> Self {
        if is_there {
            Self(self.0 | fault.bit())
        } else {
            Self(self.0 & !fault.bit())
        }
    }

    /// Whether it is in the set.
    pub const fn has(self, fault: Fault) -> bool {
        self.0 & fault.bit() != 0
    }

    /// Why nobody may start, if so.
    pub fn out_of_service(self) -> Option<OutOfService> {
        let closing = Fault::ALL
            .into_iter()
            .filter(|fault| fault.closes() && self.has(*fault));
        let bits = closing.fold(0, |bits, fault| bits | fault.bit());
        (bits != 0).then_some(OutOfService { code: bits })
    }
}

/// The kiosk takes no reporters. The code is neutral: it says nothing about anybody's report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfService {
    /// Bits of the faults.
    pub code: u32,
}

/// What the shell finds out about the machine it runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HealthFacts {
    /// All faults that the shell sees.
    pub faults: Faults,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_but_set_aside_envelopes_closes_the_kiosk() {
        assert_eq!(Faults::default().out_of_service(), None);
        for fault in Fault::ALL {
            let closed = Faults::default().set(fault, true).out_of_service();
            assert_eq!(closed.is_some(), fault != Fault::SetAside, "{fault:?}");
            assert_eq!(Faults::default().set(fault, true).set(fault, false), Faults::default());
        }
    }
}
