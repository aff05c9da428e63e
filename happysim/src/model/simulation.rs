//! A simulation: a built topology and the loop that drives it.

use core::fmt::Debug;
use core::ops::{Deref, DerefMut};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::call_table::CallTable;
use super::checked;
use super::core::Core;
use super::entity::{Entity, Node};
use super::lost;
use super::parameter::ParameterError;
use super::task::LiveTask;
use crate::engine::dropped::{self, Collecting, Right};
use crate::engine::keys::CallKey;
use crate::engine::scheduler::Scheduler;
use crate::engine::wake::{Due, Token, Wake};
use crate::report::{BuildError, Report, SimError};
use crate::stats::PortStats;
use crate::time::{Clock, Duration, Instant};

/// What `topology!` makes: nodes and wires as one struct.
pub trait Topology: Clone + Debug + Sized {
    /// Its parameters.
    type Params: Clone + Debug;
    /// Its name.
    const NAME: &'static str;
    /// Its Mermaid drawing.
    const DIAGRAM: &'static str;

    /// Builds all nodes.
    fn build(params: &Self::Params, core: Core) -> Result<Self, Vec<BuildError>>;
    /// The shared state.
    fn core(&self) -> &Core;
    /// The shared state.
    fn core_mut(&mut self) -> &mut Core;
    /// Starts processes and background work.
    fn launch(&mut self);
    /// Handles one event.
    fn dispatch(&mut self, token: Token);
    /// A call is no longer waited for; whether the task that worked on it was cancelled.
    fn give_up(&mut self, wire: u16, key: CallKey, cancel: bool) -> bool;
    /// Asks the table of a wire; `None` where there is no such wire.
    fn ask<A: AskTable>(&mut self, wire: u16, question: A) -> Option<A::Answer>;
    /// The task that runs in this slot of this machine of this node.
    fn task(&self, node: u16, machine: u8, slot: u32) -> Option<LiveTask<'_>>;
    /// Reads what a wake-up reads of its task, before its turn.
    fn glance(&self, wake: Wake) -> usize;
    /// Whether the task that this wakes still waits for it.
    fn waits(&self, wake: Wake) -> bool;
    /// Shows every node and wire.
    fn visit(&self, visitor: &mut impl Visitor);
    /// How many lanes a port of a node has.
    fn lanes(&self, node: u16, port: &str) -> usize {
        let _ = (node, port);
        1
    }
    /// Forgets the statistics of the warm-up.
    fn reset_stats(&mut self);
    /// Whether times and levels are recorded, or outcomes only.
    fn set_timed(&mut self, timed: bool);
}

/// A question about the open calls of a wire, whatever its replies are.
pub trait AskTable {
    /// What it yields.
    type Answer;
    /// Asks.
    fn ask<R>(self, table: &mut CallTable<R>, scheduler: &mut Scheduler) -> Self::Answer;
}

/// What is recorded while a simulation runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Statistics {
    /// Outcomes, latencies, levels over time.
    #[default]
    Full,
    /// Outcomes by reason only: for models that measure what they need themselves.
    Counts,
}

/// Looks at every node of a topology.
pub trait Visitor {
    /// A node, with the wires of its ports by name.
    fn node<E: Entity>(&mut self, path: &'static str, node: &Node<E>, wires: &[(&str, &PortStats)]);
}

/// Names the node in the errors of its parameters.
pub fn build_errors(node: &str, errors: Vec<ParameterError>) -> Vec<BuildError> {
    let named = |error: ParameterError| BuildError {
        node: node.to_owned(),
        parameter: error.parameter.to_owned(),
        value: error.value,
        allowed: error.expected,
    };
    errors.into_iter().map(named).collect()
}

/// A topology with its parameters, ready to be built and run.
#[derive(Clone, Debug)]
pub struct Setup<T: Topology> {
    params: T::Params,
    options: Options,
}

#[derive(Clone, Debug)]
struct Options {
    seed: u64,
    warm_up: Duration,
    events_per_instant: u64,
    statistics: Statistics,
}

impl<T: Topology> Setup<T> {
    /// With these parameters, seed 0, no warm-up.
    pub fn new(params: T::Params) -> Self {
        let options = Options {
            seed: 0,
            warm_up: Duration::ZERO,
            events_per_instant: 10_000_000,
            statistics: Statistics::Full,
        };
        Self { params, options }
    }

    /// The seed of all random streams. The same seed gives the same run. Default: 0.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.options.seed = seed;
        self
    }

    /// How long the statistics of the beginning are left out of the report. Default: 0.
    #[must_use]
    pub fn warm_up(mut self, warm_up: Duration) -> Self {
        self.options.warm_up = warm_up;
        self
    }

    /// How many events may happen at one instant before the run ends with
    /// [`SimError::EndlessInstant`]. Default: 10 million.
    #[must_use]
    pub fn events_per_instant(mut self, events: u64) -> Self {
        self.options.events_per_instant = events;
        self
    }

    /// What is recorded, of all nodes whose statements do not say something else
    /// (`#[statistics(counts)]` in [`topology!`](crate::topology)). Default: [`Statistics::Full`].
    #[must_use]
    pub fn statistics(mut self, statistics: Statistics) -> Self {
        self.options.statistics = statistics;
        self
    }

    /// Builds all nodes.
    ///
    /// # Errors
    /// [`SimError::Build`] with every parameter that is out of its range.
    pub fn build(self) -> Result<Simulation<T>, SimError> {
        let mut core = Core::new(self.options.seed);
        core.scheduler.limit_instant(self.options.events_per_instant);
        let mut topology = T::build(&self.params, core).map_err(SimError::Build)?;
        let refused = checked::refused_by_lanes(&topology);
        if !refused.is_empty() {
            return Err(SimError::Build(refused));
        }
        topology.set_timed(self.options.statistics == Statistics::Full);
        Ok(Simulation {
            topology,
            options: self.options,
            launched: false,
            warm: false,
            lossy: false,
            wall: core::time::Duration::ZERO,
        })
    }

    /// Builds, runs for `duration` of simulated time, and reports.
    ///
    /// # Errors
    /// As [`build`](Self::build) and [`Simulation::run_for`].
    pub fn run_for(self, duration: Duration) -> Result<Report, SimError> {
        let mut simulation = self.build()?;
        simulation.run_for(duration)?;
        Ok(simulation.report())
    }

    /// Builds, runs until nothing is left to do, and reports.
    ///
    /// # Errors
    /// As [`build`](Self::build) and [`Simulation::run`].
    pub fn run(self) -> Result<Report, SimError> {
        let mut simulation = self.build()?;
        simulation.run()?;
        Ok(simulation.report())
    }
}

/// A built topology that can be run, looked into, copied and run on.
///
/// The nodes of the topology are its fields: `simulation.api.replicas[0]`.
#[derive(Clone, Debug)]
pub struct Simulation<T: Topology> {
    topology: T,
    options: Options,
    launched: bool,
    warm: bool,
    /// Whether a message was lost, so that replies may be waited for in vain.
    lossy: bool,
    wall: core::time::Duration,
}

impl<T: Topology> Deref for Simulation<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.topology
    }
}

impl<T: Topology> DerefMut for Simulation<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.topology
    }
}

/// With more pending entries than this, tasks are looked at before they are resumed.
const FAR_APART: usize = 50_000;

/// How long to run.
enum Goal<'a> {
    /// Up to and including this instant.
    End(Instant),
    /// Until nothing is left to do; when something was done last.
    Idle(&'a mut Instant),
}

/// What is done with timers for which nobody waits any more.
#[derive(Clone, Copy)]
enum Idle {
    /// Each is an event by itself, at which nothing happens.
    Taken,
    /// Nobody looks at them, and they count as events when their time has come.
    Skipped,
}

/// Why the loop stopped.
enum Stop {
    /// Nothing is due until the end.
    Idle,
    /// Too many events at one instant.
    Endless,
}

impl<T: Topology> Simulation<T> {
    /// The current simulated time.
    pub fn now(&self) -> Instant {
        self.topology.core().scheduler.now()
    }

    pub(super) fn topology(&self) -> &T {
        &self.topology
    }

    /// Whether times and levels are recorded, or outcomes only.
    pub(super) fn is_timed(&self) -> bool {
        self.options.statistics == Statistics::Full
    }

    pub(super) fn wall(&self) -> core::time::Duration {
        self.wall
    }

    /// The warm-up, as far as it was left out of the statistics.
    pub(super) fn counted_warm_up(&self) -> Duration {
        if self.warm { self.options.warm_up } else { Duration::ZERO }
    }

    /// Events handled so far.
    pub fn events(&self) -> u64 {
        self.topology.core().scheduler.events()
    }

    /// The seed of the run.
    pub fn seed(&self) -> u64 {
        self.options.seed
    }

    /// An independent copy, which continues exactly as this one would, or differs from here on
    /// only: see [`change`](Self::change).
    #[must_use]
    pub fn fork(&self) -> Self {
        self.clone()
    }

    /// Runs for `duration` more.
    ///
    /// # Errors
    /// As [`run_until`](Self::run_until).
    pub fn run_for(&mut self, duration: Duration) -> Result<(), SimError> {
        self.run_until(self.now().saturating_add(duration))
    }

    /// Runs up to and including `end`; no event later than it happens.
    ///
    /// # Errors
    /// A handler panics, an instant does not end, or tasks wait for each other in a circle when nothing
    /// is scheduled any more. While anything is, as where a source goes on, a circle is no error; the
    /// [report](Self::report) names who waits in it. The error carries the report up to then.
    pub fn run_until(&mut self, end: Instant) -> Result<(), SimError> {
        if end < self.now() {
            return Ok(());
        }
        let warm_up_ends = Instant::ZERO.saturating_add(self.options.warm_up);
        if !self.warm && warm_up_ends <= end {
            // Without a warm-up, what happens at the very start counts.
            if warm_up_ends > Instant::ZERO {
                self.drive(Goal::End(warm_up_ends))?;
                self.topology.core_mut().scheduler.finish_at(warm_up_ends);
                self.topology.reset_stats();
            }
            self.warm = true;
        }
        self.drive(Goal::End(end))?;
        self.topology.core_mut().scheduler.finish_at(end);
        Ok(())
    }

    /// Runs until nothing is left to do, and no longer than the last that happened. Background
    /// work alone does not count as something.
    ///
    /// # Errors
    /// As [`run_until`](Self::run_until).
    pub fn run(&mut self) -> Result<(), SimError> {
        if self.options.warm_up > Duration::ZERO && !self.warm {
            let end = Instant::ZERO.saturating_add(self.options.warm_up);
            self.run_until(end)?;
        }
        self.warm = true;
        let mut last_activity = self.now();
        self.drive(Goal::Idle(&mut last_activity))?;
        // Timers of waits that had ended earlier took the clock further than anything happened,
        // and would thin out every mean over time.
        self.topology.core_mut().scheduler.rewind(last_activity);
        Ok(())
    }

    /// Handles one event; false where none is left.
    ///
    /// # Errors
    /// As [`run_until`](Self::run_until).
    pub fn step(&mut self) -> Result<bool, SimError> {
        let before = self.events();
        self.guard(|simulation| {
            simulation.launch();
            simulation.topology.core_mut().scheduler.skip_no_timers();
            match simulation.next_step() {
                Ok(token) => simulation.handle_apart(token),
                Err(stop) => return stop,
            }
            Stop::Idle
        })?;
        let is_done = self.events() == before;
        if is_done {
            self.check_deadlock()?;
        }
        Ok(!is_done)
    }

    /// Takes what is due next; where that is behind the warm-up, the statistics begin there.
    fn next_step(&mut self) -> Result<Token, Stop> {
        if !self.warm {
            let warm_up_ends = Instant::ZERO.saturating_add(self.options.warm_up);
            if warm_up_ends > Instant::ZERO {
                self.topology.core_mut().scheduler.stop_at(warm_up_ends);
                match self.next(Idle::Taken) {
                    Err(Stop::Idle) => {}
                    next => return next,
                }
                self.topology.core_mut().scheduler.finish_at(warm_up_ends);
                self.topology.reset_stats();
            }
            self.warm = true;
        }
        self.topology.core_mut().scheduler.stop_at(Instant::MAX);
        self.next(Idle::Taken)
    }

    /// Starts processes and background work, once.
    fn launch(&mut self) {
        if !self.launched {
            self.launched = true;
            self.topology.launch();
            self.settle();
        }
    }

    fn drive(&mut self, goal: Goal<'_>) -> Result<(), SimError> {
        self.guard(|simulation| {
            simulation.launch();
            match goal {
                Goal::End(end) => simulation.run_to_end(end),
                Goal::Idle(last_activity) => simulation.run_to_idleness(last_activity),
            }
        })?;
        self.check_deadlock()
    }

    /// Runs `work`, and turns a panic or an endless instant into an error with a report.
    fn guard(&mut self, work: impl FnOnce(&mut Self) -> Stop) -> Result<(), SimError> {
        let started = std::time::Instant::now();
        let collecting = Collecting::start();
        let result = catch_unwind(AssertUnwindSafe(|| work(self)));
        drop(collecting);
        if !matches!(result, Ok(Stop::Idle)) {
            // The deadlines of this instant had not come yet.
            let before = Instant::from_nanos(self.now().as_nanos().saturating_sub(1));
            self.topology.core_mut().scheduler.pass_idle(before);
        }
        self.wall += started.elapsed();
        match result {
            Ok(Stop::Idle) => Ok(()),
            Ok(Stop::Endless) => Err(SimError::EndlessInstant {
                place: Box::new(self.place()),
                events: self.topology.core().scheduler.events_of_instant(),
                report: Box::new(self.report()),
            }),
            Err(payload) => Err(SimError::Panic {
                place: Box::new(self.place()),
                message: panic_message(payload.as_ref()),
                report: Box::new(self.report()),
            }),
        }
    }

    #[inline(never)]
    fn run_to_end(&mut self, end: Instant) -> Stop {
        self.topology.core_mut().scheduler.stop_at(end);
        loop {
            match self.next(Idle::Skipped) {
                Ok(token) => self.handle(token),
                Err(stop) => return stop,
            }
        }
    }

    /// Notes when something was done last.
    #[inline(never)]
    fn run_to_idleness(&mut self, last_activity: &mut Instant) -> Stop {
        let scheduler = &mut self.topology.core_mut().scheduler;
        scheduler.stop_at(Instant::MAX);
        scheduler.skip_no_timers();
        while self.topology.core().is_alive() {
            let token = match self.next(Idle::Taken) {
                Ok(token) => token,
                Err(stop) => return stop,
            };
            let core = self.topology.core();
            let last_task = core.place.ended;
            let changes_station = match token.due() {
                Due::Capacity(_) => true,
                Due::ClaimDeadline(key) => core.awaits_deadline(key, core.scheduler.now()),
                Due::Wake(_) | Due::Deliver(..) => false,
            };
            self.handle_apart(token);
            let core = self.topology.core();
            // No two resumptions have the same name.
            if core.place.ended != last_task || changes_station {
                *last_activity = core.scheduler.now();
            }
        }
        Stop::Idle
    }

    /// Takes what is due next.
    #[inline(always)]
    fn next(&mut self, idle: Idle) -> Result<Token, Stop> {
        loop {
            let scheduler = &mut self.topology.core_mut().scheduler;
            if let Some(token) = scheduler.next_event() {
                return Ok(token);
            }
            if scheduler.is_endless() {
                return Err(Stop::Endless);
            }
            if !self.sweep() && !self.look_ahead() {
                return self.next_timer(idle).ok_or(Stop::Idle);
            }
        }
    }

    /// Takes the timer that is due next, where nothing else is due before.
    #[cold]
    #[inline(never)]
    fn next_timer(&mut self, idle: Idle) -> Option<Token> {
        let timer = self.topology.core_mut().scheduler.next_timer()?;
        if let Idle::Skipped = idle {
            let mut timers = self.topology.core_mut().scheduler.take_timers();
            timers.skip(|wake| self.topology.waits(wake));
            self.topology.core_mut().scheduler.put_timers(timers);
        }
        Some(timer)
    }

    #[inline(always)]
    fn handle(&mut self, token: Token) {
        self.topology.dispatch(token);
        self.settle();
    }

    /// As [`handle`](Self::handle), where speed matters less than that there is not too much code.
    #[inline(never)]
    fn handle_apart(&mut self, token: Token) {
        self.handle(token);
    }

    /// Takes timers out of the event list whose waits have ended, if there may be many of them.
    #[cold]
    fn sweep(&mut self) -> bool {
        let scheduler = &mut self.topology.core_mut().scheduler;
        if !scheduler.is_crowded() {
            return false;
        }
        if !scheduler.is_crowded_even_so() {
            return true;
        }
        let mut timers = scheduler.take_timers();
        timers.retain(|wake| self.topology.waits(wake));
        self.topology.core_mut().scheduler.put_timers(timers);
        let mut list = self.topology.core_mut().scheduler.take_list();
        let mut background = 0;
        list.retain(|time, token| {
            let stays = self.is_awaited(time, token);
            background += usize::from(!stays && !token.keeps_alive());
            stays
        });
        self.topology.core_mut().scheduler.put_back(list, background);
        true
    }

    /// Looks for what is due next among all that is pending; false where that changes nothing.
    #[cold]
    fn look_ahead(&mut self) -> bool {
        if !self.topology.core_mut().scheduler.look_ahead() {
            return false;
        }
        let scheduler = &self.topology.core().scheduler;
        if scheduler.in_list() > FAR_APART {
            // The tasks that are resumed next are no longer in the processor's caches. It waits for
            // all of them together here, where none depends on another, instead of for each.
            let wakes = scheduler.soonest().filter_map(Token::as_wake);
            core::hint::black_box(wakes.fold(0, |sum, wake| sum ^ self.topology.glance(wake)));
        }
        true
    }

    /// Whether what is due at `time` will find somebody, as far as can be seen now.
    fn is_awaited(&self, time: Instant, token: Token) -> bool {
        match token.due() {
            Due::Wake(wake) => self.topology.waits(wake),
            Due::ClaimDeadline(key) => self.topology.core().awaits_deadline(key, time),
            Due::Capacity(_) | Due::Deliver(..) => true,
        }
    }

    /// Takes back what the last step dropped, before anything else happens.
    #[inline(always)]
    fn settle(&mut self) {
        while let Some((dropped, is_last)) = dropped::take() {
            match dropped.right() {
                Right::Claim(key) => {
                    self.topology.core_mut().release(key);
                    // Nobody's state is dropped by that.
                    if is_last {
                        break;
                    }
                }
                Right::Call { wire, key, cancel } => self.close(wire, key, cancel),
                Right::Lost { wire, key } => {
                    self.lossy = true;
                    lost::lose(&mut self.topology, wire, key);
                }
            }
        }
    }

    /// Nobody waits for this call any more.
    #[inline(never)]
    fn close(&mut self, wire: u16, key: CallKey, cancel: bool) {
        let in_vain =
            self.lossy.then(|| lost::waits_in_vain(&mut self.topology, wire, key)).flatten();
        let is_cancelled = self.topology.give_up(wire, key, cancel);
        if let Some(in_vain) = in_vain.filter(|_| !is_cancelled) {
            lost::tell(&mut self.topology, in_vain);
        }
    }
}

fn panic_message(payload: &(dyn core::any::Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a panic without a text".to_owned()
    }
}
