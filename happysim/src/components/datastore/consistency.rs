//! How many replicas must answer.

use crate::model::parameter::{IntoParameter, InvalidValue};
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

fn exactly<V: IntoParameter<Varying<usize>>>(value: V) -> Result<Consistency, InvalidValue> {
    let number: Varying<usize> = value.into_parameter()?;
    match number.within(1.0, f64::INFINITY) {
        Ok(()) => Ok(Consistency::Exactly(number)),
        Err(value) => Err(InvalidValue {
            value: value.to_string(),
            expected: "so many replicas must answer: at least 1".to_owned(),
        }),
    }
}

macro_rules! from_number {
    ($($number:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoParameter<Consistency> for $number {
            fn into_parameter(self) -> Result<Consistency, InvalidValue> {
                exactly(self)
            }
        }
    )*};
}

from_number!(i32, u32, u64, usize, Profile<usize>, Varying<usize>);
