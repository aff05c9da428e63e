//! Tasks: the running machines of a node, one slab for each machine.

use core::task::Poll;

use super::context::Context;
use super::entity::Entity;
use super::machine::{Advance, Machine, MachineInfo, MachineKind};
use super::message::ReplyTo;
use super::outcome::{Failure, Outcome};
use super::step::Wait;
use crate::engine::dropped::{self, Dropped};
use crate::engine::wake::{TaskId, Wake};
use crate::stats::HandlerStatistics;
use crate::time::Instant;

#[derive(Clone, Debug)]
struct Task<M> {
    /// Grows at every resumption: see [`Wake`].
    epoch: u32,
    /// The epoch at which this tenant moved in.
    born: u32,
    is_live: bool,
    flags: u8,
    replica: u32,
    since: Instant,
    reply_to: ReplyTo,
    state: M,
}

/// The tasks of one machine of one node.
#[derive(Clone, Debug)]
pub struct Slab<M: Machine> {
    tasks: Vec<Task<M>>,
    free: Vec<u32>,
    answer: Option<Answer<M>>,
    stats: Vec<HandlerStatistics>,
}

/// The end of a task that a message had started.
#[derive(Clone, Debug)]
struct Answer<M: Machine> {
    reply_to: ReplyTo,
    replica: u32,
    since: Instant,
    output: M::Output,
}

impl<M: Machine> Default for Slab<M> {
    fn default() -> Self {
        Self { tasks: Vec::new(), free: Vec::new(), answer: None, stats: Vec::new() }
    }
}

/// A task that a message has started.
#[derive(Clone, Copy, Debug)]
pub struct Started {
    /// The name by which it can be cancelled.
    pub id: TaskId,
    /// Whether it has come to its end already, and its answer waits in its slab.
    pub finished: bool,
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
    /// Its state, an index into the machine's states.
    pub state: usize,
    /// What it waits for.
    pub wait: Option<&'a Wait>,
    /// Its place.
    pub slot: u32,
    /// Which of its waits this is.
    pub(super) epoch: u32,
    /// To whom it answers.
    pub(super) reply_to: ReplyTo,
    /// Whether it is background work.
    pub is_background: bool,
}

impl<M: Machine> Slab<M> {
    fn is_handler() -> bool {
        M::INFO.kind == MachineKind::Handler
    }

    #[inline]
    fn insert(
        &mut self,
        state: M,
        reply_to: ReplyTo,
        replica: u32,
        flags: u8,
        now: Instant,
    ) -> u32 {
        match self.free.pop() {
            Some(slot) => {
                let task = &mut self.tasks[slot as usize];
                task.born = task.epoch;
                task.is_live = true;
                task.flags = flags;
                task.replica = replica;
                task.since = now;
                task.reply_to = reply_to;
                task.state = state;
                slot
            }
            None => {
                self.tasks.push(Task {
                    epoch: 0,
                    born: 0,
                    is_live: true,
                    flags,
                    replica,
                    since: now,
                    reply_to,
                    state,
                });
                (self.tasks.len() - 1) as u32
            }
        }
    }

    /// Starts a task for a message.
    #[inline]
    #[allow(clippy::too_many_arguments, reason = "the parts of a node, borrowed one by one")]
    pub fn receive<C: Context>(
        &mut self,
        state: M,
        machine: u8,
        reply_to: ReplyTo,
        replica: u32,
        replicas: &mut [M::Entity],
        spawns: &mut <M::Entity as Entity>::Spawns,
        cx: &mut C,
    ) -> Started
    where
        M: Advance<C>,
    {
        let now = cx.now();
        self.stats[replica as usize].arrive(now);
        let slot = self.insert(state, reply_to, replica, reply_to.flags, now);
        cx.core().scheduler.note_activity();
        let id = self.id(slot, cx.current().node, machine);
        let finished = self.run(slot, machine, 0, replicas, spawns, cx);
        Started { id, finished }
    }

    /// Starts a task without a message.
    pub fn launch<C: Context>(
        &mut self,
        state: M,
        machine: u8,
        replica: u32,
        replicas: &mut [M::Entity],
        spawns: &mut <M::Entity as Entity>::Spawns,
        cx: &mut C,
    ) where
        M: Advance<C>,
    {
        let inherited = cx.current().flags & Wake::BACKGROUND;
        let flags = match M::INFO.kind {
            MachineKind::Background => Wake::BACKGROUND,
            MachineKind::Process => 0,
            MachineKind::Handler | MachineKind::Helper => inherited,
        };
        let now = cx.now();
        let slot = self.insert(state, ReplyTo::NOBODY, replica, flags, now);
        self.run(slot, machine, 0, replicas, spawns, cx);
    }

    /// Resumes a task, if it still waits for this. True: it is a handler's, and has come to
    /// its end.
    #[inline]
    pub fn resume<C: Context>(
        &mut self,
        wake: Wake,
        replicas: &mut [M::Entity],
        spawns: &mut <M::Entity as Entity>::Spawns,
        cx: &mut C,
    ) -> bool
    where
        M: Advance<C>,
    {
        let task = &self.tasks[wake.slot as usize];
        if task.epoch != wake.epoch || !task.is_live {
            return false;
        }
        cx.core().scheduler.note_activity();
        self.run(wake.slot, wake.machine, wake.flags & Wake::DEADLINE, replicas, spawns, cx)
    }

    #[inline]
    fn run<C: Context>(
        &mut self,
        slot: u32,
        machine: u8,
        deadline: u8,
        replicas: &mut [M::Entity],
        spawns: &mut <M::Entity as Entity>::Spawns,
        cx: &mut C,
    ) -> bool
    where
        M: Advance<C>,
    {
        let task = &mut self.tasks[slot as usize];
        task.epoch = task.epoch.wrapping_add(1);
        let replica = task.replica;
        let (epoch, flags) = (task.epoch, task.flags);
        let wake = Wake { slot, epoch, node: cx.current().node, machine, flags };
        cx.enter(wake, replica, deadline != 0, task.state.state());
        match task.state.advance(&mut replicas[replica as usize], cx, spawns) {
            Poll::Pending => false,
            Poll::Ready(output) => {
                let (reply_to, since) = (task.reply_to, task.since);
                self.remove(slot);
                if Self::is_handler() {
                    self.answer = Some(Answer { reply_to, replica, since, output });
                }
                Self::is_handler()
            }
        }
    }

    #[inline]
    fn remove(&mut self, slot: u32) {
        let task = &mut self.tasks[slot as usize];
        task.is_live = false;
        task.epoch = task.epoch.wrapping_add(1);
        self.free.push(slot);
    }

    /// Drops a task as cancelled, if it still runs.
    pub fn discard(&mut self, id: TaskId, now: Instant) {
        let task = &mut self.tasks[id.slot as usize];
        if !task.is_live || task.born != id.born {
            return;
        }
        let state = core::mem::replace(&mut task.state, M::finished());
        let (replica, since) = (task.replica as usize, task.since);
        self.remove(id.slot);
        dropped::cancel(state);
        if Self::is_handler() {
            let latency = now.saturating_since(since);
            self.stats[replica].fail(now, latency, Failure::Cancelled.index());
        }
    }

    /// The name by which the task in this slot can be cancelled.
    pub fn id(&self, slot: u32, node: u16, machine: u8) -> TaskId {
        TaskId { slot, born: self.tasks[slot as usize].born, node, machine }
    }

    /// All running tasks.
    pub fn live(&self) -> impl Iterator<Item = LiveTask<'_>> {
        (0..self.tasks.len() as u32).filter_map(|slot| self.find(slot))
    }

    /// The task that runs in this slot.
    pub fn find(&self, slot: u32) -> Option<LiveTask<'_>> {
        let task = self.tasks.get(slot as usize).filter(|task| task.is_live)?;
        Some(LiveTask {
            machine: M::INFO,
            replica: task.replica,
            since: task.since,
            state: task.state.state(),
            wait: task.state.wait(),
            slot,
            epoch: task.epoch,
            reply_to: task.reply_to,
            is_background: task.flags & Wake::BACKGROUND != 0,
        })
    }

    /// The state of the tasks that run, with their replicas.
    pub fn states(&self) -> impl Iterator<Item = (usize, &M)> {
        let live = self.tasks.iter().filter(|task| task.is_live);
        live.map(|task| (task.replica as usize, &task.state))
    }

    /// The statistics of each replica.
    pub fn stats(&self) -> &[HandlerStatistics] {
        &self.stats
    }

    /// Makes room for the statistics of `count` replicas.
    pub fn set_replicas(&mut self, count: usize) {
        self.stats.resize_with(count, HandlerStatistics::default);
    }

    /// Whether times and levels are recorded, or outcomes only.
    pub fn set_timed(&mut self, timed: bool) {
        self.stats.iter_mut().for_each(|stats| stats.set_timed(timed));
    }

    /// Forgets the statistics of the warm-up.
    pub fn reset_stats(&mut self, now: Instant) {
        self.stats.iter_mut().for_each(|stats| stats.reset(now));
    }
}

impl<R, M: Machine<Output = Outcome<R>>> Slab<M> {
    /// Takes the answer of the task that has just come to its end, and counts it.
    #[inline]
    pub fn take_answer(&mut self, now: Instant) -> Option<(ReplyTo, Outcome<R>)> {
        let Answer { reply_to, replica, since, output } = self.answer.take()?;
        let latency = now.saturating_since(since);
        let stats = &mut self.stats[replica as usize];
        match &output {
            Ok(_) => stats.succeed(now, latency),
            Err(failure) => {
                stats.fail(now, latency, failure.index());
                if let (Failure::Lost, Some(key)) = (failure, reply_to.key) {
                    dropped::note(Dropped::Lost { wire: reply_to.wire, key });
                }
            }
        }
        Some((reply_to, output))
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
    /// Shows every running task.
    fn for_each_live(&self, show: &mut impl FnMut(LiveTask<'_>));
    /// Shows the statistics of every handler, one for each replica.
    fn for_each_handler(&self, show: &mut impl FnMut(&'static str, &[HandlerStatistics]));
}
