//! Tasks: the running machines of a node, one slab for each machine.

use core::fmt::Debug;
use core::task::Poll;

use super::context::Context;
use super::core::Place;
use super::entity::Entity;
use super::machine::{Advance, Machine, MachineInfo, MachineKind};
use super::message::ReplyTo;
use super::outcome::{Failure, Outcome};
use super::replicas::Replicas;
use super::step::Wait;
use crate::engine::dropped::{self, Dropped, Right};
use crate::engine::keys::CallKey;
use crate::engine::wake::{TaskId, Wake};
use crate::stats::HandlerStatistics;
use crate::time::Instant;

// What every wake-up looks at comes first, so that it is in one line of the processor's cache more
// often than not.
#[derive(Clone, Debug)]
#[repr(C)]
struct Task<M> {
    /// Grows at every resumption: see [`Wake`].
    epoch: u32,
    /// Its replica; the next free slot, where this one is free.
    replica: u32,
    state: M,
    /// The epoch at which this tenant moved in.
    born: u32,
    /// Where its answer goes, in parts.
    route: u32,
    key: Option<CallKey>,
    since: Instant,
}

/// What a task takes beside its state: kept small, there may be millions.
const _: () = assert!(size_of::<Task<u64>>() == size_of::<u64>() + 32);

/// The number of the start, which is no state of a task that waits.
const START: usize = 0;

/// No slot.
const NONE: u32 = u32::MAX;

/// The tasks of one machine of one node.
#[derive(Clone, Debug)]
pub struct Slab<M: Machine> {
    tasks: Vec<Task<M>>,
    /// The free slot that is used next, the one that became free last.
    free: u32,
    /// How many messages were [handled at once](Self::run_at_once); it goes round.
    at_once: u32,
    stats: Replicas<HandlerStatistics>,
}

impl<M: Machine> Default for Slab<M> {
    fn default() -> Self {
        Self { tasks: Vec::new(), free: NONE, at_once: 0, stats: Replicas::with_default(1) }
    }
}

/// What a handler has answered, and to whom.
#[derive(Clone, Debug)]
pub struct Answer<R> {
    /// The call.
    pub reply_to: ReplyTo,
    /// When the request was sent, which is when it came in.
    pub sent_at: Instant,
    /// Its outcome.
    pub outcome: Outcome<R>,
}

/// A task that a message has started.
#[derive(Clone, Debug)]
pub struct Started<R> {
    /// Its first wake-up.
    pub wake: Wake,
    /// Its answer, if it has come to its end already.
    pub answer: Option<Answer<R>>,
}

/// The end of a task.
struct Ended<M: Machine> {
    reply_to: ReplyTo,
    replica: u32,
    since: Instant,
    output: M::Output,
}

/// The parts of a node that its tasks work on, borrowed one by one.
#[derive(Debug)]
pub struct Surroundings<'a, E: Entity, C> {
    /// The entity, once for each replica.
    pub replicas: &'a mut Replicas<E>,
    /// Where tasks wait that are spawned.
    pub spawns: &'a mut E::Spawns,
    /// The context.
    pub cx: &'a mut C,
}

/// A state, as far as what it holds and asks for is concerned.
pub(super) trait Rights: Debug {
    /// Its permits, its places in queues, its open calls.
    fn rights(&self) -> Vec<Right>;
}

impl<M: Machine> Rights for M {
    fn rights(&self) -> Vec<Right> {
        dropped::rights_of(self)
    }
}

/// A task as reports show it.
#[derive(Clone, Debug)]
pub struct LiveTask<'a> {
    /// Its machine.
    pub machine: &'static MachineInfo,
    /// Its replica.
    pub replica: u32,
    /// Since when it runs.
    pub since: Instant,
    /// The number of its state: see [`MachineInfo::state`].
    pub state: usize,
    /// What it waits for.
    pub wait: Option<&'a Wait>,
    /// Its state, whatever it is.
    pub(super) state_itself: &'a dyn Rights,
    /// Its place.
    pub slot: u32,
    /// Which of its waits this is.
    pub(super) epoch: u32,
    /// To whom it answers.
    pub reply_to: ReplyTo,
    /// Whether it is background work.
    pub is_background: bool,
}

impl<M: Machine> Task<M> {
    /// Runs to the next step or to the end, from the state of this number, which `take` takes out of
    /// the slot or makes anew.
    // It comes last: while there is a state that a panic would drop, it has to lie in memory.
    #[inline(always)]
    fn run<C: Context>(
        &mut self,
        number: usize,
        take: impl FnOnce(&mut M) -> M,
        wake: Wake,
        free: &mut u32,
        around: Surroundings<'_, M::Entity, C>,
    ) -> Option<Ended<M>>
    where
        M: Advance<C>,
    {
        let Surroundings { replicas, spawns, cx } = around;
        // So far it is that of `wake`.
        self.epoch = self.epoch.wrapping_add(1);
        // Read once: rustc does not know that nothing that is written meanwhile is the same.
        let replica = self.replica;
        cx.core().place = Place { ended: wake, replica, state: number };
        let entity = &mut replicas[replica as usize];
        match M::advance(take(&mut self.state), &mut self.state, entity, cx, spawns) {
            Poll::Pending => None,
            Poll::Ready(output) => {
                let (reply_to, replica, since) = (self.reply_to(), self.replica, self.since);
                // Read anew, and not kept over the step.
                self.leave(cx.core().place.ended.slot(), free);
                Some(Ended { reply_to, replica, since, output })
            }
        }
    }

    /// Between two events a slot without a tenant has nothing but this state.
    fn is_live(&self) -> bool
    where
        M: Machine,
    {
        self.state.state() <= M::INFO.states.len()
    }

    /// Where its answer goes.
    #[inline]
    fn reply_to(&self) -> ReplyTo {
        ReplyTo::from_parts(self.key, self.route)
    }

    /// The slot is free.
    #[inline]
    fn leave(&mut self, slot: u32, free: &mut u32) {
        self.epoch = self.epoch.wrapping_add(1);
        self.replica = *free;
        *free = slot;
    }
}

/// Adds a slot, behind which none is free.
#[cold]
#[inline(never)]
fn grow<M: Machine>(tasks: &mut Vec<Task<M>>) -> (u32, &mut Task<M>) {
    let slot = tasks.len() as u32;
    let task = Task {
        epoch: 0,
        born: 0,
        replica: NONE,
        key: None,
        route: 0,
        since: Instant::ZERO,
        state: M::finished(),
    };
    tasks.push(task);
    (slot, &mut tasks[slot as usize])
}

impl<M: Machine> Slab<M> {
    fn is_handler() -> bool {
        M::INFO.kind == MachineKind::Handler
    }

    /// Starts a task on `machine`; `start` makes its first state.
    #[inline(always)]
    fn begin<C: Context>(
        &mut self,
        start: impl FnOnce() -> M,
        machine: Wake,
        replica: u32,
        reply_to: ReplyTo,
        around: Surroundings<'_, M::Entity, C>,
    ) -> Option<Ended<M>>
    where
        M: Advance<C>,
    {
        // The one that became free last; where none is free, none has that number.
        let (slot, task) = match self.tasks.get_mut(self.free as usize) {
            Some(task) => (self.free, task),
            None => grow(&mut self.tasks),
        };
        self.free = task.replica;
        let born = task.epoch;
        task.born = born;
        task.replica = replica;
        task.since = around.cx.now();
        task.key = reply_to.key();
        task.route = reply_to.route();
        let wake = machine.at(slot, born, reply_to.flags());
        task.run(START, |_| start(), wake, &mut self.free, around)
    }

    /// As [`begin`](Self::begin), for a machine without a step: it never waits, and needs no slot.
    #[inline(always)]
    fn run_at_once<C: Context>(
        &mut self,
        state: M,
        machine: Wake,
        replica: u32,
        reply_to: ReplyTo,
        around: Surroundings<'_, M::Entity, C>,
    ) -> Ended<M>
    where
        M: Advance<C>,
    {
        let Surroundings { replicas, spawns, cx } = around;
        // A name that no other task has.
        self.at_once = self.at_once.wrapping_add(1);
        let wake = machine.at(NONE, self.at_once, reply_to.flags());
        let since = cx.now();
        cx.core().place = Place { ended: wake, replica, state: START };
        let entity = &mut replicas[replica as usize];
        let Poll::Ready(output) = M::advance(state, &mut M::finished(), entity, cx, spawns) else {
            unreachable!("there is no step at which to wait")
        };
        Ended { reply_to, replica, since, output }
    }

    /// Starts a task without a message.
    pub fn launch<C: Context>(
        &mut self,
        state: M,
        machine: Wake,
        replica: u32,
        around: Surroundings<'_, M::Entity, C>,
    ) where
        M: Advance<C>,
    {
        let flags = match M::INFO.kind {
            MachineKind::Background => Wake::BACKGROUND,
            MachineKind::Process => 0,
            MachineKind::Handler | MachineKind::Helper => {
                around.cx.current().flags() & Wake::BACKGROUND
            }
        };
        self.begin(|| state, machine, replica, ReplyTo::new(None, u16::MAX, flags), around);
    }

    /// Resumes a task, if it still waits for this.
    #[inline]
    pub fn resume<C: Context>(&mut self, wake: Wake, around: Surroundings<'_, M::Entity, C>)
    where
        M: Advance<C>,
    {
        self.go_on(wake, around);
    }

    #[inline(always)]
    fn go_on<C: Context>(
        &mut self,
        wake: Wake,
        around: Surroundings<'_, M::Entity, C>,
    ) -> Option<Ended<M>>
    where
        M: Advance<C>,
    {
        // The epoch of a free slot was never that of a wait.
        let task = self.tasks.get_mut(wake.slot() as usize)?;
        if task.epoch != wake.epoch() {
            return None;
        }
        let take = |state: &mut M| core::mem::replace(state, M::finished());
        task.run(task.state.state(), take, wake, &mut self.free, around)
    }

    /// Drops a task as cancelled, if it still runs.
    pub fn discard(&mut self, id: TaskId, now: Instant) {
        let task = &mut self.tasks[id.slot as usize];
        if !task.is_live() || task.born != id.born {
            return;
        }
        let state = core::mem::replace(&mut task.state, M::finished());
        let (replica, since) = (task.replica as usize, task.since);
        task.leave(id.slot, &mut self.free);
        dropped::cancel(state);
        if Self::is_handler() {
            self.stats[replica].fail(now, since, Failure::Cancelled.index());
        }
    }

    /// All running tasks.
    pub fn live(&self) -> impl Iterator<Item = LiveTask<'_>> {
        (0..self.tasks.len() as u32).filter_map(|slot| self.find(slot))
    }

    /// Reads what a wake-up of whoever is in this slot reads: a number that says nothing.
    #[inline]
    pub fn glance(&self, slot: u32) -> usize {
        self.tasks.get(slot as usize).map_or(0, |task| task.epoch as usize ^ task.state.state())
    }

    /// Whether the task in this slot still waits as it did at this epoch.
    #[inline]
    pub fn waits(&self, slot: u32, epoch: u32) -> bool {
        // The epoch of a free slot was never that of a wait.
        self.tasks.get(slot as usize).is_some_and(|task| task.epoch == epoch)
    }

    /// The task that runs in this slot.
    pub fn find(&self, slot: u32) -> Option<LiveTask<'_>> {
        let task = self.tasks.get(slot as usize).filter(|task| task.is_live())?;
        Some(LiveTask {
            machine: M::INFO,
            replica: task.replica,
            since: task.since,
            state: task.state.state(),
            wait: task.state.wait(),
            state_itself: &task.state,
            slot,
            epoch: task.epoch,
            reply_to: task.reply_to(),
            is_background: task.reply_to().flags() & Wake::BACKGROUND != 0,
        })
    }

    /// The state of the tasks that run, with their replicas.
    pub fn states(&self) -> impl Iterator<Item = (usize, &M)> {
        let live = self.tasks.iter().filter(|task| task.is_live());
        live.map(|task| (task.replica as usize, &task.state))
    }

    /// The statistics of each replica.
    pub fn stats(&self) -> &Replicas<HandlerStatistics> {
        &self.stats
    }

    /// Makes room for the statistics of `count` replicas.
    pub fn set_replicas(&mut self, count: usize) {
        self.stats = Replicas::with_default(count);
    }

    /// Whether times and levels are recorded, or outcomes only.
    #[inline(never)]
    pub fn set_timed(&mut self, timed: bool) {
        self.stats.iter_mut().for_each(|stats| stats.set_timed(timed));
    }

    /// Forgets the statistics of the warm-up.
    #[inline(never)]
    pub fn reset_stats(&mut self, now: Instant) {
        self.stats.iter_mut().for_each(|stats| stats.reset(now));
    }
}

/// Handlers.
impl<R, M: Machine<Output = Outcome<R>>> Slab<M> {
    /// Starts a task for a message: `start` makes the first state of it.
    #[inline(always)]
    pub fn receive<C: Context>(
        &mut self,
        start: impl FnOnce() -> M,
        machine: Wake,
        reply_to: ReplyTo,
        replica: u32,
        around: Surroundings<'_, M::Entity, C>,
    ) -> Started<R>
    where
        M: Advance<C>,
    {
        let Surroundings { replicas, spawns, cx } = around;
        self.stats[replica as usize].arrive(cx.now());
        let around = Surroundings { replicas, spawns, cx: &mut *cx };
        let ended = if const { M::INFO.states.is_empty() } {
            Some(self.run_at_once(start(), machine, replica, reply_to, around))
        } else {
            self.begin(start, machine, replica, reply_to, around)
        };
        // Read anew, and not kept over the step: hardly anybody asks for it.
        let (wake, now) = (cx.core().place.ended, cx.now());
        Started { wake, answer: ended.map(|ended| self.answer(ended, now)) }
    }

    /// Resumes a task, if it still waits for this; its answer, if it came to its end.
    #[inline(always)]
    pub fn resume_handler<C: Context>(
        &mut self,
        wake: Wake,
        around: Surroundings<'_, M::Entity, C>,
    ) -> Option<Answer<R>>
    where
        M: Advance<C>,
    {
        let Surroundings { replicas, spawns, cx } = around;
        let ended = self.go_on(wake, Surroundings { replicas, spawns, cx: &mut *cx })?;
        Some(self.answer(ended, cx.now()))
    }

    /// Counts the end of a task.
    #[inline(always)]
    fn answer(&mut self, ended: Ended<M>, now: Instant) -> Answer<R> {
        let Ended { reply_to, replica, since, output: outcome } = ended;
        let stats = &mut self.stats[replica as usize];
        match outcome {
            Ok(_) => stats.succeed(now, since),
            Err(failure) => count_failure(stats, now, since, reply_to, failure),
        }
        Answer { reply_to, sent_at: since, outcome }
    }
}

/// Counts the end of a task that has failed.
// Apart, so that in each handler nothing has to be told apart but whether it has failed.
#[cold]
#[inline(never)]
fn count_failure(
    stats: &mut HandlerStatistics,
    now: Instant,
    since: Instant,
    reply_to: ReplyTo,
    failure: Failure,
) {
    stats.fail(now, since, failure.index());
    if let (Failure::Lost, Some(key)) = (failure, reply_to.key()) {
        dropped::note(Dropped::lost(reply_to.wire(), key));
    }
}

/// The slabs of all machines of an entity.
pub trait TaskStore {
    /// Makes room for the statistics of `count` replicas.
    fn set_replicas(&mut self, count: usize);
    /// Whether times and levels are recorded, or outcomes only.
    fn set_timed(&mut self, timed: bool);
    /// Forgets the statistics of the warm-up.
    fn reset_stats(&mut self, now: Instant);
    /// The task that runs in this slot of this machine.
    fn find(&self, machine: u8, slot: u32) -> Option<LiveTask<'_>>;
    /// Reads what a wake-up of whoever is in this slot of this machine reads.
    fn glance(&self, machine: u8, slot: u32) -> usize;
    /// Whether the task in this slot of this machine still waits as it did at this epoch.
    fn waits(&self, machine: u8, slot: u32, epoch: u32) -> bool;
    /// Shows every running task.
    fn for_each_live(&self, show: &mut impl FnMut(LiveTask<'_>));
    /// Shows the statistics of every handler, one for each replica.
    fn for_each_handler(&self, show: &mut impl FnMut(&'static str, &Replicas<HandlerStatistics>));
}
