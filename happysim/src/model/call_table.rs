//! The open calls of one wire.

use super::lost::InVain;
use super::message::ReplyTo;
use super::outcome::{Failure, Outcome};
use crate::engine::keys::CallKey;
use crate::engine::scheduler::Scheduler;
use crate::engine::wake::{TaskId, Wake};
use crate::stats::PortStats;
use crate::time::{Clock, Instant};

// It is looked at when the call is sent, answered and over, and by then is far from the processor: with
// a small reply in one line of its cache.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct OpenCall<R> {
    /// Its row and tenant. The tenant changes when the call is closed: whoever knows an earlier one
    /// finds nothing.
    key: CallKey,
    /// Where it is counted; the next free row, where this one is free.
    place: u32,
    /// Whether something else than the reply ends the present wait for it.
    timed: bool,
    timed_out: bool,
    /// Whether no reply can come any more.
    lost: bool,
    sent_at: Instant,
    waiter: Option<Wake>,
    outcome: Option<Outcome<R>>,
}

const _: () = assert!(size_of::<OpenCall<u64>>() == 64);

/// Who waits for a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub(super) waiter: Wake,
    /// Whether something else than the reply may end the wait.
    pub(super) timed: bool,
}

impl<R> OpenCall<R> {
    #[inline]
    fn note(&mut self, waiting: Waiting) {
        self.waiter = Some(waiting.waiter);
        self.timed = waiting.timed;
    }
}

/// No row.
const NONE: u32 = u32::MAX;

/// The open calls of one wire.
///
/// A late reply finds another generation in its place, and is counted and dropped.
#[derive(Clone, Debug)]
pub struct CallTable<R> {
    calls: Vec<OpenCall<R>>,
    /// The free row that is used next, the one that became free last.
    free: u32,
    /// Open calls by the place where they are counted.
    in_flight: Vec<u32>,
    /// By row: for calls that may be cancelled, who works on them.
    callees: Vec<Option<(CallKey, TaskId)>>,
    /// Calls that were cancelled at an instant before anybody worked on them: their messages are on their
    /// way within that instant.
    cancelled: (Instant, Vec<CallKey>),
    /// By row: for lost calls, which relay waits in vain to answer them.
    in_vain: Vec<Option<InVain>>,
    /// What went over the wire.
    pub stats: PortStats,
}

impl<R> Default for CallTable<R> {
    fn default() -> Self {
        Self {
            calls: Vec::new(),
            free: NONE,
            in_flight: Vec::new(),
            callees: Vec::new(),
            cancelled: (Instant::ZERO, Vec::new()),
            in_vain: Vec::new(),
            stats: PortStats::default(),
        }
    }
}

/// Notes something of a call by its row.
fn note_at<T: Clone>(rows: &mut Vec<Option<T>>, key: CallKey, note: Option<T>) {
    let slot = key.slot() as usize;
    rows.resize(rows.len().max(slot + 1), None);
    rows[slot] = note;
}

impl<R> CallTable<R> {
    /// Opens a call, which is counted at `place`, and for which somebody waits already, or not yet.
    #[inline]
    pub(super) fn open(&mut self, now: Instant, place: u32, waiting: Option<Waiting>) -> CallKey {
        self.stats.send(now);
        match self.in_flight.get_mut(place as usize) {
            Some(count) => *count += 1,
            None => self.first_at(place),
        }
        if self.free == NONE {
            self.grow();
        }
        let slot = self.free;
        let call = &mut self.calls[slot as usize];
        self.free = call.place;
        call.place = place;
        if let Some(waiting) = waiting {
            call.note(waiting);
        }
        call.timed_out = false;
        call.lost = false;
        call.sent_at = now;
        call.key
    }

    /// Counts the first call at a place that is not known yet.
    #[cold]
    #[inline(never)]
    fn first_at(&mut self, place: u32) {
        self.in_flight.resize(place as usize + 1, 0);
        self.in_flight[place as usize] = 1;
    }

    /// Adds a free row.
    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        self.free = self.calls.len() as u32;
        self.calls.push(OpenCall {
            key: CallKey::new(self.free),
            place: NONE,
            timed_out: false,
            timed: false,
            lost: false,
            sent_at: Instant::ZERO,
            waiter: None,
            outcome: None,
        });
    }

    /// How many calls are open at `count` places from `first` on.
    pub(super) fn in_flight(&mut self, first: usize, count: usize) -> &[u32] {
        if self.in_flight.len() < first + count {
            self.in_flight.resize(first + count, 0);
        }
        &self.in_flight[first..first + count]
    }

    #[inline]
    fn get(&mut self, key: CallKey) -> Option<&mut OpenCall<R>> {
        let call = self.calls.get_mut(key.slot() as usize)?;
        if call.key == key { Some(call) } else { None }
    }

    /// Closes an open call; whatever comes for it is late from now on.
    #[inline]
    fn close(&mut self, slot: u32) {
        let call = &mut self.calls[slot as usize];
        call.key = call.key.next();
        call.waiter = None;
        self.in_flight[call.place as usize] -= 1;
        call.place = self.free;
        self.free = slot;
    }

    /// Notes who waits; true if no reply can come any more.
    #[inline]
    pub(super) fn wait(&mut self, key: CallKey, waiting: Waiting) -> bool {
        self.get(key).is_some_and(|call| {
            call.note(waiting);
            call.lost
        })
    }

    /// The outcome of a call, if it has come; the call is closed then.
    #[inline]
    pub(super) fn take(&mut self, key: CallKey) -> Option<Outcome<R>> {
        let outcome = self.get(key)?.outcome.take()?;
        self.close(key.slot());
        Some(outcome)
    }

    /// The wait for this call has reached its deadline; its ticket is about to be dropped.
    pub(super) fn time_out(&mut self, now: Instant, key: CallKey) {
        if let Some(call) = self.get(key) {
            call.timed_out = true;
            let sent_at = call.sent_at;
            self.stats.fail(now, sent_at, Failure::TimedOut);
        }
    }

    /// Records who works on the call, so that it can be cancelled.
    pub fn set_callee(&mut self, key: CallKey, callee: TaskId) {
        if self.is_open(key) {
            note_at(&mut self.callees, key, Some((key, callee)));
        }
    }

    /// Whether the message of this call, which is on its way, was not called back.
    pub fn is_wanted(&mut self, key: CallKey) -> bool {
        self.is_open(key) || !self.cancelled.1.contains(&key)
    }

    /// Whether somebody still waits for this call.
    pub fn is_open(&mut self, key: CallKey) -> bool {
        self.get(key).is_some()
    }

    /// The reply to a request that was sent at `sent_at` has come: it is kept for the caller, who
    /// is woken if it waits.
    #[inline(always)]
    pub fn answer(
        &mut self,
        scheduler: &mut Scheduler,
        to: ReplyTo,
        sent_at: Instant,
        outcome: Outcome<R>,
    ) {
        match to.key() {
            Some(key) => self.answer_caller(scheduler, key, sent_at, outcome),
            None => self.stats.answer(scheduler.now(), sent_at, outcome.err()),
        }
    }

    /// As [`answer`](Self::answer), where somebody wants to know.
    #[inline]
    fn answer_caller(
        &mut self,
        scheduler: &mut Scheduler,
        key: CallKey,
        sent_at: Instant,
        outcome: Outcome<R>,
    ) {
        let Some(call) = self.get(key) else {
            self.stats.late_replies += 1;
            return;
        };
        if let Some(waiter) = call.waiter {
            scheduler.soon(waiter);
        }
        let failure = outcome.as_ref().err().copied();
        call.outcome = Some(outcome);
        self.stats.answer(scheduler.now(), sent_at, failure);
    }

    /// The caller no longer waits. Returns the task to cancel, if it is to be cancelled.
    pub fn give_up(&mut self, now: Instant, key: CallKey, cancel: bool) -> Option<TaskId> {
        let call = self.get(key)?;
        let counted = call.outcome.take().is_some() || call.timed_out;
        let sent_at = call.sent_at;
        self.close(key.slot());
        if !counted {
            self.stats.fail(now, sent_at, Failure::Cancelled);
        }
        if !cancel {
            return None;
        }
        let callee = self.callee(key);
        if callee.is_none() {
            self.call_back(now, key);
        }
        callee
    }

    /// The message of this call is not to be delivered, if it is still on its way.
    fn call_back(&mut self, now: Instant, key: CallKey) {
        let (instant, keys) = &mut self.cancelled;
        if *instant < now {
            *instant = now;
            keys.clear();
        }
        keys.push(key);
    }

    /// Who works on a call, if that was recorded.
    fn callee(&self, key: CallKey) -> Option<TaskId> {
        let (call, callee) = (*self.callees.get(key.slot() as usize)?)?;
        (call == key).then_some(callee)
    }

    /// No reply can come to this call, `by` whom, if that is a relay which waits itself. Yields
    /// who waits for it, if nothing else ends that wait.
    pub(super) fn lose(&mut self, key: CallKey, by: Option<InVain>) -> Option<Wake> {
        let call = self.get(key).filter(|call| call.outcome.is_none())?;
        // A loss that was noted before is told again when somebody begins to wait.
        let known = core::mem::replace(&mut call.lost, true);
        let waiter = call.waiter.filter(|_| !call.timed);
        if !known {
            note_at(&mut self.in_vain, key, by);
        }
        waiter
    }

    /// Which relay waits in vain to answer this call.
    pub(super) fn waits_in_vain(&mut self, key: CallKey) -> Option<InVain> {
        let call = self.get(key)?;
        if call.lost { self.in_vain[key.slot() as usize] } else { None }
    }

    /// Whether `waiter` waits for a call to which a reply can still come.
    pub(super) fn has_hope(&self, waiter: Wake) -> bool {
        self.waited_for(waiter).any(|call| call.timed || !call.lost)
    }

    /// The calls that `waiter` waits for; only open calls have a waiter.
    fn waited_for(&self, waiter: Wake) -> impl Iterator<Item = &OpenCall<R>> {
        self.calls.iter().filter(move |call| call.waiter == Some(waiter))
    }

    /// The next call that `waiter` waits for and that has no outcome yet.
    pub(super) fn next_open(&self, waiter: Wake) -> Option<CallKey> {
        let mut open = self.waited_for(waiter).filter(|call| call.outcome.is_none());
        open.next().map(|call| call.key)
    }

    /// Ends a call as lost; yields which relay waits in vain to answer it.
    pub(super) fn end_lost(&mut self, scheduler: &mut Scheduler, key: CallKey) -> Option<InVain> {
        let by = self.waits_in_vain(key);
        let call = self.get(key).filter(|call| call.outcome.is_none())?;
        let sent_at = call.sent_at;
        let to = ReplyTo::new(Some(key), u16::MAX, 0);
        self.answer(scheduler, to, sent_at, Err(Failure::Lost));
        by
    }
}
