//! Policies of eviction.

use crate::model::checked::Checked;
use crate::model::parameter::{IntoParameter, InvalidValue};
use crate::queueing::Discipline;

/// Which entry leaves a full cache when another comes in.
///
/// In `topology!` by their words: `eviction: lru()`, `fifo()`, `lfu()`, `slru()`, `clock()`,
/// `two_queue()`, `s3_fifo()`; and `Eviction::Random`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Eviction {
    /// The one that was not used for the longest time.
    #[default]
    Lru,
    /// The one that came in first, used or not.
    Fifo,
    /// The one with the fewest uses since it came in; among equals, the longest unused. Counts
    /// are forgotten on eviction.
    Lfu,
    /// Any, all with the same probability.
    Random,
    /// Segmented LRU: an entry that is used again moves from the probationary segment to the
    /// protected one; evicted is the longest unused of the probationary (Karedla, Love and
    /// Wherry 1994).
    Slru {
        /// The protected segment's share of the capacity, above 0 and below 1.
        share: f64,
    },
    /// First in first out, but an entry that was used since the hand last passed gets a second
    /// chance (Corbató 1969).
    Clock,
    /// 2Q: new entries wait in a queue of their own, and come to the kept ones only if they are
    /// asked for again soon after their eviction (Johnson and Shasha 1994).
    TwoQueue {
        /// The new entries' share of the capacity, above 0 and below 1.
        share: f64,
        /// How many evicted keys are remembered, as a share of the capacity, above 0.
        ghosts: f64,
    },
    /// S3-FIFO: three queues, of new entries, of those used again, and of the keys evicted
    /// lately (Yang, Zhang, Qiu, Yue and Rashmi 2023).
    S3Fifo {
        /// The new entries' share of the capacity, above 0 and below 1.
        share: f64,
    },
}

/// Evicts the longest unused.
pub fn lru() -> Eviction {
    Eviction::Lru
}

/// Evicts the least used.
pub fn lfu() -> Eviction {
    Eviction::Lfu
}

/// Segmented LRU with 80 % of the capacity protected.
pub fn slru() -> Eviction {
    Eviction::Slru { share: 0.8 }
}

/// CLOCK.
pub fn clock() -> Eviction {
    Eviction::Clock
}

/// 2Q with a quarter of the capacity for new entries, and half of it as remembered keys.
pub fn two_queue() -> Eviction {
    Eviction::TwoQueue { share: 0.25, ghosts: 0.5 }
}

/// S3-FIFO with a tenth of the capacity for new entries.
pub fn s3_fifo() -> Eviction {
    Eviction::S3Fifo { share: 0.1 }
}

impl Checked for Eviction {
    fn check(&self) -> Result<(), InvalidValue> {
        let above_0 = |what: &str, share: f64, limit: f64, expected: &str| {
            if share > 0.0 && share < limit {
                return Ok(());
            }
            Err(InvalidValue { value: format!("{what} is {share}"), expected: expected.to_owned() })
        };
        let share = |policy: &str, share: f64| {
            let what = format!("`{policy}`, whose share");
            above_0(&what, share, 1.0, "it must be above 0 and below 1")
        };
        match *self {
            Self::Lru | Self::Fifo | Self::Lfu | Self::Random | Self::Clock => Ok(()),
            Self::Slru { share: protected } => share("slru", protected),
            Self::S3Fifo { share: new } => share("s3_fifo", new),
            Self::TwoQueue { share: new, ghosts } => {
                share("two_queue", new)?;
                let what = "`two_queue`, whose share of remembered keys";
                above_0(what, ghosts, f64::INFINITY, "it must be above 0 and finite")
            }
        }
    }
}

/// The word `fifo()` means a queue's discipline and a cache's policy.
#[diagnostic::do_not_recommend]
impl IntoParameter<Eviction> for Discipline {
    fn into_parameter(self) -> Result<Eviction, InvalidValue> {
        match self {
            Self::Fifo(_) => Ok(Eviction::Fifo),
            other => Err(InvalidValue {
                value: format!("{other:?}")
                    .split(['(', ' '])
                    .next()
                    .unwrap_or_default()
                    .to_lowercase(),
                expected: "of the queue disciplines, a cache has `fifo()` only".to_owned(),
            }),
        }
    }
}
