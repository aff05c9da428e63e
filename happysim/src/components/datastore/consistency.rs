//! How many replicas must answer.

use crate::model::parameter::{InRange, IntoParameter, InvalidValue};
use crate::profile::{Profile, Varying};
use crate::time::Instant;

/// How many replicas must answer before a request is answered.
///
/// As a parameter also a number, or a profile of numbers: `write_consistency: 3`.
#[derive(Clone, Debug, Default)]
pub enum Consistency {
    /// One.
    One,
    /// More than half of them.
    #[default]
    Quorum,
    /// Every one.
    All,
    /// So many, at least 1.
    Exactly(Varying<usize>),
}

impl Consistency {
    /// The number of replicas out of `replicas`.
    pub fn of(&self, replicas: usize, now: Instant) -> usize {
        match self {
            Self::One => 1,
            Self::Quorum => replicas / 2 + 1,
            Self::All => replicas,
            Self::Exactly(number) => number.at(now),
        }
    }
}

impl InRange for Consistency {
    fn check(&self, low: f64, high: f64) -> Result<(), String> {
        match self {
            Self::One | Self::Quorum | Self::All => Ok(()),
            Self::Exactly(number) => number.check(low, high),
        }
    }
}

macro_rules! from_number {
    ($($number:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoParameter<Consistency> for $number {
            fn into_parameter(self) -> Result<Consistency, InvalidValue> {
                self.into_parameter().map(Consistency::Exactly)
            }
        }
    )*};
}

from_number!(i32, u32, u64, usize, Profile<usize>, Varying<usize>);
