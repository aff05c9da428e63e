//! How a request ends: a reply, or a reason why there is none.

use core::fmt;

/// The end of a request: its typed reply, or a [`Failure`].
pub type Outcome<T> = Result<T, Failure>;

/// Why a request has no reply.
// Its tag is a word, and so is a rejection: an outcome is handed on in registers. With tags of a byte
// it would be copied in pieces that overlap, and waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[repr(u64)]
pub enum Failure {
    /// The caller stopped waiting.
    TimedOut,
    /// Somebody on the way refused it.
    Rejected(Rejection),
    /// A circuit breaker was open.
    CircuitOpen,
    /// The callee broke while it worked on it.
    Crashed,
    /// Its caller called it off.
    Cancelled,
    /// The message vanished on its way. Whoever waits is not told: a handler that ends with
    /// `Lost` sends no reply at all, and only a timeout ends the wait for it. A relay (a breaker,
    /// a balancer, a link) that has no timeout waits for its caller, and sees `Lost` when that has
    /// given up, since nobody is there any more to whom it could pass on a reply.
    Lost,
    /// Nobody there who could serve it: no healthy backend, no connection, a partition.
    Unavailable,
    /// The application said no: a conflict, a missing key, an aborted transaction.
    Application(&'static str),
}

/// Why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[repr(u64)]
pub enum Rejection {
    /// The waiting room was full.
    QueueFull,
    /// Active queue management (`CoDel`, RED) dropped it.
    Dropped,
    /// Its deadline had passed before its turn came.
    Expired,
    /// It waited as long as it was allowed to wait.
    WaitedTooLong,
    /// It asks for more than the whole capacity, now and ever from now on: told when it asks, or
    /// at the instant at which the capacity falls for good while it waits.
    TooHeavy,
    /// A rate limiter had no room for it.
    RateLimited,
}

impl Rejection {
    /// All reasons, by their numbers.
    pub(crate) const ALL: [Self; 6] = [
        Self::QueueFull,
        Self::Dropped,
        Self::Expired,
        Self::WaitedTooLong,
        Self::TooHeavy,
        Self::RateLimited,
    ];
}

impl Failure {
    /// How many reasons [`index`](Self::index) tells apart.
    pub const REASONS: usize = 13;

    /// A small number for counting by reason.
    pub const fn index(self) -> usize {
        match self {
            Self::TimedOut => 0,
            Self::Rejected(Rejection::QueueFull) => 1,
            Self::Rejected(Rejection::Dropped) => 2,
            Self::Rejected(Rejection::Expired) => 3,
            Self::Rejected(Rejection::WaitedTooLong) => 4,
            Self::Rejected(Rejection::TooHeavy) => 5,
            Self::Rejected(Rejection::RateLimited) => 6,
            Self::CircuitOpen => 7,
            Self::Crashed => 8,
            Self::Cancelled => 9,
            Self::Lost => 10,
            Self::Unavailable => 11,
            Self::Application(_) => 12,
        }
    }

    /// The names of the reasons, by [`index`](Self::index).
    pub const NAMES: [&'static str; Self::REASONS] = [
        "timed out",
        "queue full",
        "dropped",
        "expired",
        "waited too long",
        "too heavy",
        "rate limited",
        "circuit open",
        "crashed",
        "cancelled",
        "lost",
        "unavailable",
        "application",
    ];
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Application(reason) => f.write_str(reason),
            other => f.write_str(Self::NAMES[other.index()]),
        }
    }
}

impl core::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_own_number_and_name() {
        for (number, rejection) in Rejection::ALL.into_iter().enumerate() {
            assert_eq!(rejection as usize, number);
        }
        let all = Rejection::ALL
            .map(Failure::Rejected)
            .into_iter()
            .chain([Failure::TimedOut, Failure::CircuitOpen, Failure::Crashed])
            .chain([Failure::Cancelled, Failure::Lost, Failure::Unavailable])
            .chain([Failure::Application("conflict")]);
        let mut numbers: Vec<usize> = all.map(Failure::index).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..Failure::REASONS).collect::<Vec<_>>());
        assert_eq!(Failure::Application("conflict").to_string(), "conflict");
    }
}
