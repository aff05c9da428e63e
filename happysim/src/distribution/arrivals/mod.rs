//! Arrival processes: when the next request comes.
//!
//! [`Arrivals`] is an iterator over instants. What arrives depends on the process and on its
//! stream of random numbers alone, never on how fast the system takes it in: two designs under
//! the same seed meet the same arrivals.

mod batches;
mod constant;
mod intensity;
mod markov;
mod poisson;
mod renewal;
mod replay;
#[cfg(test)]
mod tests;

pub use markov::ModulatedState;

use crate::distribution::{Distribution, InvalidDistribution};
use crate::engine::random::Random;
use crate::profile::IntoVarying;
use crate::quantity::Rate;
use crate::time::{Duration, Instant};
use batches::Batches;
use constant::ConstantRate;
use markov::MarkovModulated;
use poisson::Poisson;
use renewal::Renewal;
use replay::Replay;

/// The instants at which requests arrive, in order.
///
/// ```
/// use happysim::distribution::arrivals::Arrivals;
/// use happysim::engine::random::Random;
/// use happysim::quantity::Rate;
/// use happysim::time::Instant;
///
/// let mut users = Arrivals::poisson(Rate::per_second(400.0)).until(Instant::from_secs_f64(1.0));
/// users.bind_stream(Random::new(42, "users", "arrivals"));
/// let count = users.count();
/// assert!((320..480).contains(&count), "{count}");
/// ```
#[derive(Clone, Debug)]
pub struct Arrivals {
    process: Process,
    batches: Option<Batches>,
    /// Nothing arrives later than this.
    until: Instant,
    /// How many arrivals may still come.
    remaining: u64,
    batch_size: u64,
}

#[derive(Clone, Debug)]
enum Process {
    Constant(ConstantRate),
    Poisson(Poisson),
    Renewal(Renewal),
    MarkovModulated(MarkovModulated),
    Replay(Replay),
}

impl Arrivals {
    /// Evenly spaced: the k-th arrival (k = 1, 2, ...) comes when the integral of the rate from
    /// time 0 reaches k. At a constant rate of 10/s that is at 100 ms, 200 ms, ...
    pub fn constant(rate: impl IntoVarying<Rate>) -> Self {
        Process::Constant(ConstantRate::new(rate.into_varying())).into()
    }

    /// A Poisson process of the given rate; where the rate is a profile, exactly the
    /// non-homogeneous one.
    pub fn poisson(rate: impl IntoVarying<Rate>) -> Self {
        Process::Poisson(Poisson::new(rate.into_varying())).into()
    }

    /// A renewal process: independent gaps from a distribution, the first one from time 0. A
    /// gap's parameters are read at the arrival that it follows.
    pub fn renewal(gap: impl Into<Distribution<Duration>>) -> Self {
        Process::Renewal(Renewal::new(gap.into())).into()
    }

    /// A Markov-modulated Poisson process: a Poisson process whose rate depends on the state of
    /// a Markov chain in continuous time, which starts in the first state.
    ///
    /// `transitions[i][j]` is the probability that state j follows state i. A state may follow
    /// itself: the rate stays, for one more holding time.
    ///
    /// # Errors
    /// When there is no state, a mean holding time is 0, the matrix does not have one row and
    /// one column per state, a probability is not from 0 to 1, a row does not sum to 1, or some
    /// state cannot be reached from some other.
    pub fn markov_modulated(
        states: impl IntoIterator<Item = ModulatedState>,
        transitions: &[Vec<f64>],
    ) -> Result<Self, InvalidDistribution> {
        let states = states.into_iter().collect();
        Ok(Process::MarkovModulated(MarkovModulated::new(states, transitions)?).into())
    }

    /// Exactly the given instants, which may repeat.
    ///
    /// # Errors
    /// When an instant is before its predecessor.
    pub fn replay(
        instants: impl IntoIterator<Item = Instant>,
    ) -> Result<Self, InvalidDistribution> {
        Ok(Process::Replay(Replay::new(instants.into_iter().collect())?).into())
    }

    /// Several at once: at each instant of the process as many arrive as `size` says, which may
    /// be none.
    #[must_use]
    pub fn in_batches(mut self, size: impl Into<Distribution<u64>>) -> Self {
        self.batches = Some(Batches::new(size.into()));
        self
    }

    /// Ends the arrivals: none comes later than `end`, though one may come at `end` itself. The
    /// earliest of several ends holds.
    #[must_use]
    pub fn until(mut self, end: Instant) -> Self {
        self.until = self.until.min(end);
        self
    }

    /// Ends the arrivals after `count` of them; the last batch is cut to fit. The smallest of
    /// several limits holds.
    #[must_use]
    pub fn limit(mut self, count: u64) -> Self {
        self.remaining = self.remaining.min(count);
        self
    }

    /// Gives the process its own stream of random numbers, from its beginning. Gaps, batch
    /// sizes and states draw from separate parts of it: other sizes leave the instants as they
    /// are.
    pub fn bind_stream(&mut self, mut random: Random) {
        let mut part = |purpose| Random::new(random.next_u64(), "arrivals", purpose);
        let (instants, sizes, states) = (part("instants"), part("sizes"), part("states"));
        match &mut self.process {
            Process::Constant(_) | Process::Replay(_) => {}
            Process::Poisson(process) => process.bind_stream(instants),
            Process::Renewal(process) => process.bind_stream(instants),
            Process::MarkovModulated(process) => process.bind_streams(instants, states),
        }
        if let Some(batches) = &mut self.batches {
            batches.bind_stream(sizes);
        }
    }

    /// Leaves out what would arrive before `start`: for a source that is switched on, or on
    /// again, at that instant. Nothing happens when the process is already later.
    ///
    /// Evenly spaced arrivals keep their places on the time axis, and so does a replay; a
    /// renewal process begins its next gap at `start`.
    ///
    /// # Panics
    /// When a process that has states has no stream to draw them from.
    pub fn skip_to(&mut self, start: Instant) {
        match &mut self.process {
            Process::Constant(process) => process.skip_to(start),
            Process::Poisson(process) => process.skip_to(start),
            Process::Renewal(process) => process.skip_to(start),
            Process::MarkovModulated(process) => process.skip_to(start),
            Process::Replay(process) => process.skip_to(start),
        }
    }

    /// Takes the place of `former`: its streams go on, and only what comes after the instant
    /// that it gave out last is left. Evenly spaced arrivals and replays have their own places
    /// on the time axis.
    pub(crate) fn go_on_from(&mut self, former: &mut Self) {
        if let Some(stream) = former.instants_stream() {
            match &mut self.process {
                Process::Constant(_) | Process::Replay(_) => {}
                Process::Poisson(process) => process.bind_stream(stream),
                Process::Renewal(process) => process.bind_stream(stream),
                Process::MarkovModulated(process) => process.replace_streams(
                    stream,
                    match &former.process {
                        Process::MarkovModulated(former) => former.states_stream(),
                        _ => None,
                    },
                ),
            }
        }
        // Who is due at that instant is due still.
        self.batch_size = former.batch_size;
        if let (Some(batches), Some(former)) = (&mut self.batches, &mut former.batches)
            && let Some(sizes) = former.take_stream()
        {
            batches.bind_stream(sizes);
        }
        let last = match &former.process {
            Process::Constant(process) => process.last(),
            Process::Poisson(process) => process.last(),
            Process::Renewal(process) => process.last(),
            Process::MarkovModulated(process) => process.last(),
            Process::Replay(process) => process.last(),
        };
        let has_own_places = matches!(self.process, Process::Constant(_) | Process::Replay(_));
        if has_own_places && last > Instant::ZERO {
            // The one at `last` itself has come; its place may be rounded by half a nanosecond.
            self.skip_to(last.saturating_add(Duration::from_nanos(2)));
        } else {
            self.skip_to(last);
        }
    }

    /// The stream of the instants as far as it has come, where the process has one.
    fn instants_stream(&mut self) -> Option<Random> {
        match &mut self.process {
            Process::Constant(_) | Process::Replay(_) => None,
            Process::Poisson(process) => process.take_stream(),
            Process::Renewal(process) => process.take_stream(),
            Process::MarkovModulated(process) => process.instants_stream(),
        }
    }

    /// How many arrive together at the instant that was given out last: 1, unless the process
    /// comes in batches; 0 before the first.
    pub fn batch_size(&self) -> u64 {
        self.batch_size
    }

    /// The mean number of arrivals per second, with the parameters as they are at `at`; in the
    /// long run, for a process with states. Ends are not considered. `None` for a replay.
    pub fn mean_rate_at(&self, at: Instant) -> Option<f64> {
        let instants = match &self.process {
            Process::Constant(process) => process.rate_at(at),
            Process::Poisson(process) => process.rate_at(at),
            Process::Renewal(process) => process.rate_at(at),
            Process::MarkovModulated(process) => process.mean_rate_at(at),
            Process::Replay(_) => return None,
        };
        Some(instants * self.batches.as_ref().map_or(1.0, |batches| batches.mean_at(at)))
    }

    fn next_instant(&mut self) -> Option<Instant> {
        match &mut self.process {
            Process::Constant(process) => process.next(),
            Process::Poisson(process) => process.next(),
            Process::Renewal(process) => process.next(),
            Process::MarkovModulated(process) => process.next(self.until),
            Process::Replay(process) => process.next(),
        }
    }
}

impl Iterator for Arrivals {
    type Item = Instant;

    /// The next instant at which something arrives; `None` when nothing ever does again.
    ///
    /// # Panics
    /// When the process draws random numbers and no stream is bound.
    #[inline]
    fn next(&mut self) -> Option<Instant> {
        if self.remaining == 0 {
            return None;
        }
        let Some(instant) = self.next_instant().filter(|instant| *instant <= self.until) else {
            self.remaining = 0;
            return None;
        };
        let size = self.batches.as_mut().map_or(1, |batches| batches.size(instant));
        self.batch_size = size.min(self.remaining);
        self.remaining -= self.batch_size;
        Some(instant)
    }
}

impl From<Process> for Arrivals {
    fn from(process: Process) -> Self {
        Self { process, batches: None, until: Instant::MAX, remaining: u64::MAX, batch_size: 0 }
    }
}
