//! Tokens as two machine words, for the ring and the event list.
//!
//! A [`Token`] is an enum with small fields: the processor writes it piece by piece, and must
//! wait for all pieces before it can read it as a whole, as every copy does. Two words are
//! written and read as such.

use core::num::NonZeroU64;

use super::dropped::ClaimKey;
use super::wake::{Token, Wake};

/// A [`Token`] in 16 bytes; an `Option` of it takes no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackedToken {
    /// Kind in the lowest byte, flags in the next, then machine, node or station.
    head: NonZeroU64,
    /// Slot below, epoch or generation above.
    body: u64,
}

const WAKE: u64 = 1;
const DELIVER: u64 = 2;
const CAPACITY: u64 = 3;
const CLAIM_DEADLINE: u64 = 4;
const BACKGROUND_CLAIM_DEADLINE: u64 = 5;

const FLAGS: u32 = 8;
const MACHINE: u32 = 16;
const PLACE: u32 = 32;

impl PackedToken {
    #[inline]
    fn new(kind: u64, head: u64, body: u64) -> Self {
        let head = NonZeroU64::MIN.saturating_add(kind | head);
        Self { head, body }
    }

    #[inline]
    fn claim(kind: u64, key: ClaimKey) -> Self {
        let body = u64::from(key.slot) | u64::from(key.generation) << 32;
        Self::new(kind, u64::from(key.station) << PLACE, body)
    }

    #[inline]
    fn head(self) -> u64 {
        self.head.get() - 1
    }

    #[inline]
    fn kind(self) -> u64 {
        self.head() & 0xff
    }

    #[inline]
    fn has_flag(self, flag: u8) -> bool {
        self.head() >> FLAGS & u64::from(flag) != 0
    }

    /// Whether it comes last in its instant.
    #[inline]
    pub fn is_deadline(self) -> bool {
        match self.kind() {
            WAKE => self.has_flag(Wake::DEADLINE),
            kind => kind >= CLAIM_DEADLINE,
        }
    }

    /// Whether it keeps a simulation without an end time alive.
    #[inline]
    pub fn keeps_alive(self) -> bool {
        match self.kind() {
            WAKE => !self.has_flag(Wake::BACKGROUND),
            kind => kind == DELIVER || kind == CLAIM_DEADLINE,
        }
    }

    #[inline]
    fn claim_key(self) -> ClaimKey {
        ClaimKey {
            station: (self.head() >> PLACE) as u32,
            slot: self.body as u32,
            generation: (self.body >> 32) as u32,
        }
    }
}

impl From<Token> for PackedToken {
    #[inline]
    fn from(token: Token) -> Self {
        match token {
            Token::Wake(Wake { slot, epoch, node, machine, flags }) => {
                let head = u64::from(flags) << FLAGS
                    | u64::from(machine) << MACHINE
                    | u64::from(node) << PLACE;
                Self::new(WAKE, head, u64::from(slot) | u64::from(epoch) << 32)
            }
            Token::Deliver(mailbox) => Self::new(DELIVER, u64::from(mailbox) << PLACE, 0),
            Token::Capacity(station) => Self::new(CAPACITY, u64::from(station) << PLACE, 0),
            Token::ClaimDeadline(key) => Self::claim(CLAIM_DEADLINE, key),
            Token::BackgroundClaimDeadline(key) => Self::claim(BACKGROUND_CLAIM_DEADLINE, key),
        }
    }
}

impl From<PackedToken> for Token {
    #[inline]
    fn from(packed: PackedToken) -> Self {
        let head = packed.head();
        match packed.kind() {
            WAKE => Self::Wake(Wake {
                slot: packed.body as u32,
                epoch: (packed.body >> 32) as u32,
                node: (head >> PLACE) as u16,
                machine: (head >> MACHINE) as u8,
                flags: (head >> FLAGS) as u8,
            }),
            DELIVER => Self::Deliver((head >> PLACE) as u16),
            CAPACITY => Self::Capacity((head >> PLACE) as u32),
            CLAIM_DEADLINE => Self::ClaimDeadline(packed.claim_key()),
            _ => Self::BackgroundClaimDeadline(packed.claim_key()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_loses_nothing() {
        let key = ClaimKey { station: u32::MAX, slot: u32::MAX - 1, generation: u32::MAX - 2 };
        let wake = |flags| {
            Token::Wake(Wake { slot: 7, epoch: u32::MAX, node: u16::MAX, machine: 255, flags })
        };
        let tokens = [
            (wake(0), false, true),
            (wake(Wake::DEADLINE), true, true),
            (wake(Wake::BACKGROUND | Wake::CANCELLABLE), false, false),
            (wake(Wake::BACKGROUND | Wake::DEADLINE), true, false),
            (Token::Deliver(u16::MAX), false, true),
            (Token::Capacity(u32::MAX), false, false),
            (Token::ClaimDeadline(key), true, true),
            (Token::BackgroundClaimDeadline(key), true, false),
        ];
        for (token, is_deadline, keeps_alive) in tokens {
            let packed = PackedToken::from(token);
            assert_eq!(Token::from(packed), token);
            let found = (packed.is_deadline(), packed.keeps_alive());
            assert_eq!(found, (is_deadline, keeps_alive), "{token:?}");
        }
        assert_eq!(size_of::<Option<PackedToken>>(), 16);
    }
}
