//! What stops a run, told to the user.

use core::fmt;

use super::{Report, StuckTask, format, stuck};
use crate::time::Instant;

/// Why a simulation could not be built, or could not go on.
///
/// Where a run had begun, its [`report`](Self::report) up to then is not lost.
///
/// `Debug` prints the same text as `Display`: it is what `fn main() -> Result<(), SimError>`
/// shows.
#[derive(Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum SimError {
    /// Parameters of the topology are out of range; all of them are listed.
    Build(Vec<BuildError>),
    /// Parameters that were to be changed are out of range; all of them are listed, and nothing
    /// was changed.
    Change(Vec<BuildError>),
    /// Events go on and on without time passing.
    EndlessInstant {
        /// The last event: where, and at what instant.
        place: Box<Place>,
        /// How many events ran at that instant.
        events: u64,
        /// The report up to then.
        report: Box<Report>,
    },
    /// Requests wait, and nothing is scheduled that could wake them.
    Deadlock {
        /// When the circle closed.
        at: Instant,
        /// Who waits on what.
        tasks: Vec<StuckTask>,
        /// Who waits on whom in a circle, in words, where there is a circle.
        cycle: Option<String>,
        /// The report up to then.
        report: Box<Report>,
    },
    /// A handler panicked.
    Panic {
        /// Where and when.
        place: Box<Place>,
        /// The message of the panic.
        message: String,
        /// The report up to then.
        report: Box<Report>,
    },
}

/// A parameter that is out of range when the topology is built, or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BuildError {
    /// The path of the node: `api`.
    pub node: String,
    /// The name of the parameter: `workers`.
    pub parameter: String,
    /// The value that was given, with its unit.
    pub value: String,
    /// What it may be, as a sentence: `it must be at least 1ms`.
    pub allowed: String,
}

/// A step of a handler, and an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Place {
    /// The path of the node: `api[2]`.
    pub node: String,
    /// The handler.
    pub handler: String,
    /// The step, as written in the handler.
    pub step: String,
    /// When.
    pub at: Instant,
}

impl SimError {
    /// The report up to the error; `None` where the run had not begun.
    pub fn report(&self) -> Option<&Report> {
        match self {
            Self::Build(_) | Self::Change(_) => None,
            Self::EndlessInstant { report, .. }
            | Self::Deadlock { report, .. }
            | Self::Panic { report, .. } => Some(report),
        }
    }

    /// When it happened; `None` where the run had not begun.
    pub fn at(&self) -> Option<Instant> {
        match self {
            Self::Build(_) | Self::Change(_) => None,
            Self::Deadlock { at, .. } => Some(*at),
            Self::EndlessInstant { place, .. } | Self::Panic { place, .. } => Some(place.at),
        }
    }
}

impl From<BuildError> for SimError {
    fn from(error: BuildError) -> Self {
        Self::Build(vec![error])
    }
}

impl core::error::Error for BuildError {}
impl core::error::Error for SimError {}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { node, handler, step, at } = self;
        write!(f, "`{node}.{handler}` at `{step}`, after {at}")
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { node, parameter, value, allowed } = self;
        write!(f, "`{parameter}` of `{node}` is {value}: {allowed}")
    }
}

/// What went wrong, and all the reasons.
fn list(f: &mut fmt::Formatter<'_>, what: &str, errors: &[BuildError]) -> fmt::Result {
    match errors {
        [only] => write!(f, "{what}: {only}"),
        errors => {
            write!(f, "{what}:")?;
            errors.iter().try_for_each(|error| write!(f, "\n  {error}"))
        }
    }
}

impl fmt::Display for SimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Build(errors) => list(f, "the topology cannot be built", errors),
            Self::Change(errors) => list(f, "the parameters cannot be changed", errors),
            Self::EndlessInstant { place, events, .. } => write!(
                f,
                "time stands still: {} at one instant, the last in {place}\n  help: something \
                 starts itself over and over; let time pass in each round, with \
                 `cx.sleep(..)` for example",
                format::counted(*events, "event"),
            ),
            Self::Deadlock { at, tasks, cycle, .. } => {
                let count = format::counted(tasks.len() as u64, "request");
                write!(f, "deadlock after {at}: nothing is scheduled, {count} cannot go on")?;
                stuck::lines(tasks).iter().try_for_each(|line| write!(f, "\n  {line}"))?;
                cycle.as_ref().map_or(Ok(()), |cycle| write!(f, "\n  a circle: {cycle}"))
            }
            Self::Panic { place, message, .. } => {
                write!(f, "a handler panicked: {message}\n  in {place}")
            }
        }
    }
}

impl fmt::Debug for SimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;
    use crate::time::{millis, seconds};

    fn place() -> Place {
        Place {
            node: "api[2]".to_owned(),
            handler: "handle".to_owned(),
            step: "self.db.call(query)".to_owned(),
            at: Instant::ZERO + millis(1_500),
        }
    }

    fn build_error(parameter: &str) -> BuildError {
        BuildError {
            node: "api".to_owned(),
            parameter: parameter.to_owned(),
            value: "0".to_owned(),
            allowed: "it must be at least 1".to_owned(),
        }
    }

    #[test]
    fn all_wrong_parameters_are_told() {
        let error = SimError::from(build_error("workers"));
        assert_eq!(
            error.to_string(),
            "the topology cannot be built: `workers` of `api` is 0: it must be at least 1"
        );
        let error = SimError::Build(vec![build_error("workers"), build_error("slots")]);
        assert_eq!(
            error.to_string(),
            "the topology cannot be built:\n  `workers` of `api` is 0: it must be at least 1\n  \
             `slots` of `api` is 0: it must be at least 1"
        );
        assert!(error.report().is_none() && error.at().is_none());
    }

    #[test]
    fn an_endless_instant_is_told_with_what_to_write() {
        let report = Box::new(example::report());
        let error =
            SimError::EndlessInstant { place: Box::new(place()), events: 1_000_000, report };
        assert_eq!(
            error.to_string(),
            "time stands still: 1,000,000 events at one instant, the last in `api[2].handle` at \
             `self.db.call(query)`, after 1.5s\n  help: something starts itself over and over; \
             let time pass in each round, with `cx.sleep(..)` for example"
        );
        assert_eq!(error.at(), Some(Instant::ZERO + millis(1_500)));
    }

    #[test]
    fn a_deadlock_is_told_with_who_waits_on_what() {
        let report = example::report();
        let error = SimError::Deadlock {
            at: Instant::ZERO + seconds(7),
            tasks: report.stuck[..2].to_vec(),
            cycle: Some("`api[0]` waits on `db`, `db` waits on `api[0]`".to_owned()),
            report: Box::new(report),
        };
        assert_eq!(
            error.to_string(),
            "deadlock after 7s: nothing is scheduled, 2 requests cannot go on\n  \
             `api[0].handle` at `self.db.call(query)` since 599s: waits on a reply from `db`\n  \
             `api[2].handle` at `self.db.call(query)` since 597s: waits on a reply from `db`\n  \
             a circle: `api[0]` waits on `db`, `db` waits on `api[0]`"
        );
        assert_eq!(error.report().unwrap().facts.seed, 42);
    }

    #[test]
    fn a_panic_and_an_invalid_number_are_told_with_their_place() {
        let report = Box::new(example::report());
        let message = "index out of bounds".to_owned();
        let error = SimError::Panic { place: Box::new(place()), message, report };
        let place_text = "\n  in `api[2].handle` at `self.db.call(query)`, after 1.5s";
        assert_eq!(
            error.to_string(),
            format!("a handler panicked: index out of bounds{place_text}")
        );
        assert_eq!(format!("{error:?}"), error.to_string());
    }
}
