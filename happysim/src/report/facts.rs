//! What was run, how far, and how fast.

use core::fmt;
use core::time::Duration as WallDuration;

use super::format;
use crate::time::Duration;

/// What was run, and how far.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RunFacts {
    /// The name of the topology.
    pub topology: String,
    /// The seed of all random streams.
    pub seed: u64,
    /// How far simulated time got, warm-up included.
    pub simulated: Duration,
    /// How much of that was left out of all statistics; zero where nothing was.
    pub warm_up: Duration,
    /// How many events ran, warm-up included.
    pub events: u64,
    /// How long the run took on this machine. Neither compared nor serialised: all else is the
    /// same on every run.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub wall: Option<WallDuration>,
}

impl PartialEq for RunFacts {
    /// Whether both are facts of the same run, however fast each was.
    fn eq(&self, other: &Self) -> bool {
        let Self { topology, seed, simulated, warm_up, events, wall: _ } = self;
        *topology == other.topology
            && *seed == other.seed
            && *simulated == other.simulated
            && *warm_up == other.warm_up
            && *events == other.events
    }
}

impl RunFacts {
    /// How fast the run was; `None` where that was not measured.
    pub fn speed(&self) -> Option<Speed> {
        let Self { simulated, events, wall, .. } = *self;
        wall.map(|wall| Speed { wall, events, simulated })
    }
}

impl fmt::Display for RunFacts {
    /// `Shop: 10min of simulated time, seed 42, 1,234 events`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} of simulated time", self.topology, format::span(self.simulated))?;
        if !self.warm_up.is_zero() {
            write!(f, " (the first {} not counted)", format::span(self.warm_up))?;
        }
        write!(f, ", seed {}, {} events", self.seed, format::count(self.events))
    }
}

/// How fast a run was on this machine.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Speed {
    /// How long the run took.
    pub wall: WallDuration,
    /// How many events it ran.
    pub events: u64,
    /// How much simulated time it covered.
    pub simulated: Duration,
}

impl Speed {
    /// Events per second of real time; 0 where the run took no measurable time.
    pub fn events_per_second(&self) -> f64 {
        self.per_second(self.events as f64)
    }

    /// Seconds of simulated time per second of real time; 0 where the run took no measurable
    /// time.
    pub fn simulated_per_second(&self) -> f64 {
        self.per_second(self.simulated.as_secs_f64())
    }

    fn per_second(&self, amount: f64) -> f64 {
        if self.wall.is_zero() { 0.0 } else { amount / self.wall.as_secs_f64() }
    }
}

impl fmt::Display for Speed {
    /// `took 1.23s: 8,130,000 events/s, 488 times real time`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "took {}: {} events/s, {} times real time",
            format::duration(Duration::from_nanos(self.wall.as_nanos() as u64)),
            format::number(self.events_per_second()),
            format::number(self.simulated_per_second()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{minutes, seconds};

    fn facts(wall: Option<WallDuration>) -> RunFacts {
        RunFacts {
            topology: "Shop".to_owned(),
            seed: 42,
            simulated: minutes(10),
            warm_up: seconds(90),
            events: 12_345_678,
            wall,
        }
    }

    #[test]
    fn facts_print_without_speed_and_speed_prints_by_itself() {
        let facts = facts(Some(WallDuration::from_millis(1_500)));
        assert_eq!(
            facts.to_string(),
            "Shop: 10min of simulated time (the first 1min 30s not counted), seed 42, 12,345,678 \
             events"
        );
        let speed = facts.speed().unwrap();
        assert_eq!(speed.to_string(), "took 1.50s: 8,230,452 events/s, 400 times real time");
        assert_eq!(speed.events_per_second(), 8_230_452.0);
    }

    #[test]
    fn how_fast_a_run_was_does_not_make_it_another() {
        assert_eq!(facts(None), facts(Some(WallDuration::from_secs(1))));
        assert_ne!(facts(None), RunFacts { seed: 43, ..facts(None) });
        assert_eq!(facts(None).speed(), None);
    }

    #[test]
    fn no_measurable_time_is_no_speed() {
        assert_eq!(facts(Some(WallDuration::ZERO)).speed().unwrap().events_per_second(), 0.0);
    }
}
