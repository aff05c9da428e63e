//! Calls: the request on its way, the table of open calls of a wire, handles to outcomes.

use core::marker::PhantomData;

use super::context::{Context, Wire};
use super::lost::InVain;
use super::message::{Envelope, Message, ReplyTo};
use super::outcome::{Failure, Outcome};
use super::port::{Call, Port};
use super::step::{Begun, Complete, Step, StepOutput, Timed, Wait, step};
use crate::engine::dropped::{self, CallKey, Dropped};
use crate::engine::scheduler::Scheduler;
use crate::engine::wake::{TaskId, Token, Wake};
use crate::stats::PortStats;
use crate::time::{Clock, Duration, Instant};

/// What happens to the work of the callee when the caller stops waiting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GivingUp {
    /// The callee goes on, as most real systems do; its late reply is counted and dropped.
    #[default]
    Abandon,
    /// The callee's state is dropped at that instant: its permits are released, its places in
    /// queues are free, and the calls it has open are cancelled too.
    Cancel,
}

/// A request that is ready to be sent: `.await` it, or [`start`](Self::start) it.
#[derive(Clone, Debug)]
#[must_use = "a call is sent when it is awaited or started"]
pub struct CallStep<P: Port> {
    message: P::Message,
    lane: usize,
    timeout: Option<Duration>,
    giving_up: GivingUp,
}

impl<P: Port> CallStep<P> {
    #[inline]
    pub(crate) fn new(message: P::Message, lane: usize) -> Self {
        Self { message, lane, timeout: None, giving_up: GivingUp::Abandon }
    }

    /// Ends the wait after `duration` with [`Failure::TimedOut`]; a reply at that very instant
    /// is in time. Default: no limit.
    #[inline]
    pub fn timeout(mut self, duration: Duration) -> Self {
        self.timeout = Some(duration);
        self
    }

    /// As [`timeout`](Self::timeout), where there may be none.
    #[inline]
    pub fn timeout_if(mut self, duration: Option<Duration>) -> Self {
        self.timeout = duration;
        self
    }

    /// What happens to the callee's work when the caller stops waiting. Default: abandon.
    #[inline]
    pub fn giving_up(mut self, giving_up: GivingUp) -> Self {
        self.giving_up = giving_up;
        self
    }

    /// Cancels the callee's work when the caller stops waiting.
    #[inline]
    pub fn or_cancel(self) -> Self {
        self.giving_up(GivingUp::Cancel)
    }

    #[inline]
    fn send<C: Wire<P> + Context>(self, cx: &mut C) -> CallTicket {
        let current = cx.current();
        let sent_at = cx.now();
        let cancel = self.giving_up == GivingUp::Cancel;
        let place = place(cx, self.lane);
        let key = cx.table().open(sent_at, place);
        let mut flags = current.flags & (Wake::BACKGROUND | Wake::CANCELLABLE);
        if cancel {
            flags |= Wake::CANCELLABLE;
        }
        let wire = cx.number();
        let reply_to = ReplyTo { key: Some(key), wire, flags, sent_at };
        cx.deliver(Envelope { message: self.message, reply_to, replica: self.lane as u32 });
        CallTicket { key, wire, armed: true, cancel }
    }

    /// Sends the request now and returns a handle to its outcome.
    #[inline]
    pub fn start<C: Wire<P> + Context>(self, cx: &mut C) -> Handle<P> {
        let deadline = self.timeout.map(|timeout| cx.now().saturating_add(timeout));
        Handle { ticket: self.send(cx), deadline, port: PhantomData }
    }

    /// Sends the request now and waits for nothing; its outcome is only counted.
    #[inline]
    pub fn post<C: Wire<P> + Context>(self, cx: &mut C) {
        let flags = cx.current().flags & (Wake::BACKGROUND | Wake::CANCELLABLE);
        let sent_at = cx.now();
        cx.table().stats.send(sent_at);
        let reply_to = ReplyTo { key: None, wire: cx.number(), flags, sent_at };
        cx.deliver(Envelope { message: self.message, reply_to, replica: self.lane as u32 });
    }
}

/// Where the calls of a lane are counted: a node's replicas share a table.
#[inline]
fn place<P: Port, C: Wire<P> + Context>(cx: &C, lane: usize) -> u32 {
    (cx.replica() * cx.lanes() + lane) as u32
}

/// How many calls the running replica has open over each lane of its port `P`.
#[inline]
pub(super) fn in_flight<P: Port, C: Wire<P> + Context>(cx: &mut C) -> &[u32] {
    let (first, lanes) = (place(cx, 0) as usize, cx.lanes());
    let counts = &mut cx.table().in_flight;
    if counts.len() < first + lanes {
        counts.resize(first + lanes, 0);
    }
    &counts[first..first + lanes]
}

impl<P: Port, C: Wire<P> + Context> Step<C> for CallStep<P> {
    type Output = Outcome<P::Reply>;

    #[inline]
    fn begin(self, cx: &mut C) -> Begun<Self::Output> {
        let timeout = self.timeout;
        let current = cx.current();
        let ticket = self.send(cx);
        cx.table().wait(ticket.key, current, timeout.is_some());
        if let Some(timeout) = timeout {
            let deadline = Wake { flags: current.flags | Wake::DEADLINE, ..current };
            let time = cx.now().saturating_add(timeout);
            cx.core().scheduler.at(time, Token::Wake(deadline));
        }
        Begun::Wait(Wait::Call(ticket))
    }
}

impl<Q, R: Message, P: Port<Message = Q, Reply = R>> StepOutput<step::call> for Call<Q, R, P> {
    type Output = Outcome<R>;
}

impl<Q, R: Message, P: Port<Message = Q, Reply = R>> StepOutput<Timed<step::call>>
    for Call<Q, R, P>
{
    type Output = Outcome<R>;
}

impl<Q, R, P, C> Complete<step::call, C> for Call<Q, R, P>
where
    R: Message,
    P: Port<Message = Q, Reply = R>,
    C: Wire<P> + Context,
{
    #[inline]
    fn complete(&mut self, cx: &mut C, wait: Wait) -> Outcome<R> {
        let Wait::Call(ticket) = wait else { unreachable!("a call waits for its reply") };
        match cx.table().take(ticket.key) {
            Some(outcome) => {
                ticket.disarm();
                outcome
            }
            // The ticket is dropped here, which gives the call up.
            None => {
                let now = cx.now();
                cx.table().time_out(now, ticket.key);
                Err(Failure::TimedOut)
            }
        }
    }
}

impl<Q, R, P, C> Complete<Timed<step::call>, C> for Call<Q, R, P>
where
    R: Message,
    P: Port<Message = Q, Reply = R>,
    C: Wire<P> + Context,
{
    #[inline]
    fn complete(&mut self, cx: &mut C, wait: Wait) -> Outcome<R> {
        Complete::<step::call, C>::complete(self, cx, wait)
    }
}

/// The right to the outcome of an open call; dropping it gives the call up.
#[derive(Clone, Debug)]
pub struct CallTicket {
    key: CallKey,
    wire: u16,
    armed: bool,
    cancel: bool,
}

impl CallTicket {
    #[inline]
    fn disarm(mut self) {
        self.armed = false;
    }

    /// The wire over which the call went.
    pub fn wire(&self) -> u16 {
        self.wire
    }

    /// Its place in the table of that wire.
    pub(super) fn key(&self) -> CallKey {
        self.key
    }
}

impl Drop for CallTicket {
    #[inline]
    fn drop(&mut self) {
        if self.armed {
            dropped::note(Dropped::Call { wire: self.wire, key: self.key, cancel: self.cancel });
        }
    }
}

/// The outcome-to-come of a call that was started over port `P`.
///
/// It can be awaited, raced with others ([`first`](super::race::first)), joined
/// ([`all`](super::race::all)) or waited for in part ([`quorum`](super::race::quorum)).
/// Dropping it gives the call up.
#[derive(Debug)]
pub struct Handle<P> {
    ticket: CallTicket,
    deadline: Option<Instant>,
    port: PhantomData<fn(P)>,
}

impl<P> Clone for Handle<P> {
    fn clone(&self) -> Self {
        Self { ticket: self.ticket.clone(), deadline: self.deadline, port: PhantomData }
    }
}

impl<P: Port> Handle<P> {
    /// When the call times out, if it does.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The outcome, if it has come.
    pub(crate) fn poll<C: Wire<P> + Context>(&mut self, cx: &mut C) -> Option<Outcome<P::Reply>> {
        if !self.ticket.armed {
            return None;
        }
        if let Some(outcome) = cx.table().take(self.ticket.key) {
            self.ticket.armed = false;
            return Some(outcome);
        }
        let now = cx.now();
        if cx.is_past_deadline() && self.deadline.is_some_and(|deadline| now >= deadline) {
            cx.table().time_out(now, self.ticket.key);
            self.give_up();
            return Some(Err(Failure::TimedOut));
        }
        None
    }

    /// Asks to be woken when the outcome comes; `timed`: something else may end the wait.
    pub(crate) fn wait<C: Wire<P> + Context>(&self, cx: &mut C, timed: bool) {
        let current = cx.current();
        if cx.table().wait(self.ticket.key, current, timed) {
            let CallTicket { wire, key, .. } = self.ticket;
            dropped::note(Dropped::Lost { wire, key });
        }
    }

    fn give_up(&mut self) {
        dropped::note(Dropped::Call {
            wire: self.ticket.wire,
            key: self.ticket.key,
            cancel: self.ticket.cancel,
        });
        self.ticket.armed = false;
    }

    /// Stops waiting and cancels the callee's work at this instant.
    pub fn cancel(mut self) {
        self.ticket.cancel = true;
    }

    /// Whether the outcome was taken.
    pub fn is_finished(&self) -> bool {
        !self.ticket.armed
    }
}

#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is true or not whatever the others are")]
struct OpenCall<R> {
    generation: u32,
    open: bool,
    timed_out: bool,
    /// Whether something else than the reply ends the present wait for it.
    timed: bool,
    /// Whether no reply can come any more.
    lost: bool,
    place: u32,
    sent_at: Instant,
    waiter: Option<Wake>,
    outcome: Option<Outcome<R>>,
    callee: Option<TaskId>,
}

/// The open calls of one wire.
///
/// A late reply finds another generation in its place, and is counted and dropped.
#[derive(Clone, Debug)]
pub struct CallTable<R> {
    calls: Vec<OpenCall<R>>,
    free: Vec<u32>,
    /// Open calls by [`place`].
    in_flight: Vec<u32>,
    /// By slot: for lost calls, which relay waits in vain to answer them.
    in_vain: Vec<Option<InVain>>,
    /// What went over the wire.
    pub stats: PortStats,
}

impl<R> Default for CallTable<R> {
    fn default() -> Self {
        Self {
            calls: Vec::new(),
            free: Vec::new(),
            in_flight: Vec::new(),
            in_vain: Vec::new(),
            stats: PortStats::default(),
        }
    }
}

impl<R> CallTable<R> {
    #[inline]
    fn open(&mut self, now: Instant, place: u32) -> CallKey {
        self.stats.send(now);
        let place_index = place as usize;
        if place_index >= self.in_flight.len() {
            self.in_flight.resize(place_index + 1, 0);
        }
        self.in_flight[place_index] += 1;
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.calls.push(OpenCall {
                    generation: 0,
                    open: false,
                    timed_out: false,
                    timed: false,
                    lost: false,
                    place,
                    sent_at: now,
                    waiter: None,
                    outcome: None,
                    callee: None,
                });
                (self.calls.len() - 1) as u32
            }
        };
        let call = &mut self.calls[slot as usize];
        call.open = true;
        call.timed_out = false;
        call.lost = false;
        call.place = place;
        call.sent_at = now;
        CallKey { slot, generation: call.generation }
    }

    #[inline]
    fn get(&mut self, key: CallKey) -> Option<&mut OpenCall<R>> {
        let call = self.calls.get_mut(key.slot as usize)?;
        (call.open && call.generation == key.generation).then_some(call)
    }

    #[inline]
    fn close(&mut self, key: CallKey) {
        let call = &mut self.calls[key.slot as usize];
        call.open = false;
        call.generation = call.generation.wrapping_add(1);
        call.waiter = None;
        call.outcome = None;
        call.callee = None;
        self.in_flight[call.place as usize] -= 1;
        self.free.push(key.slot);
    }

    /// Notes who waits; true if no reply can come any more.
    #[inline]
    fn wait(&mut self, key: CallKey, waiter: Wake, timed: bool) -> bool {
        self.get(key).is_some_and(|call| {
            call.waiter = Some(waiter);
            call.timed = timed;
            call.lost
        })
    }

    /// The outcome of a call, if it has come; the call is closed then.
    #[inline]
    fn take(&mut self, key: CallKey) -> Option<Outcome<R>> {
        let outcome = self.get(key)?.outcome.take()?;
        self.close(key);
        Some(outcome)
    }

    /// The wait for this call has reached its deadline; its ticket is about to be dropped.
    fn time_out(&mut self, now: Instant, key: CallKey) {
        if let Some(call) = self.get(key) {
            call.timed_out = true;
            let latency = now.saturating_since(call.sent_at);
            self.stats.fail(now, latency, Failure::TimedOut);
        }
    }

    /// Records who works on the call, so that it can be cancelled.
    pub fn set_callee(&mut self, key: CallKey, callee: TaskId) {
        if let Some(call) = self.get(key) {
            call.callee = Some(callee);
        }
    }

    /// Whether somebody still waits for this call.
    pub fn is_open(&mut self, key: CallKey) -> bool {
        self.get(key).is_some()
    }

    /// A reply has come: it is kept for the caller, who is woken if it waits.
    #[inline]
    pub fn answer(&mut self, scheduler: &mut Scheduler, to: ReplyTo, outcome: Outcome<R>) {
        let now = scheduler.now();
        let Some(key) = to.key else {
            self.stats.answer(now, to.sent_at, outcome.as_ref().err().copied());
            return;
        };
        let Some(call) = self.calls.get_mut(key.slot as usize) else { return };
        if !call.open || call.generation != key.generation {
            self.stats.late_replies += 1;
            return;
        }
        self.stats.answer(now, to.sent_at, outcome.as_ref().err().copied());
        call.outcome = Some(outcome);
        if let Some(waiter) = call.waiter {
            scheduler.soon(Token::Wake(waiter));
        }
    }

    /// The caller no longer waits. Returns the task to cancel, if it is to be cancelled.
    pub fn give_up(&mut self, now: Instant, key: CallKey, cancel: bool) -> Option<TaskId> {
        let call = self.get(key)?;
        let counted = call.outcome.is_some() || call.timed_out;
        let callee = call.callee.filter(|_| cancel);
        let latency = now.saturating_since(call.sent_at);
        self.close(key);
        if !counted {
            self.stats.fail(now, latency, Failure::Cancelled);
        }
        callee
    }

    /// No reply can come to this call, `by` whom, if that is a relay which waits itself. Yields
    /// who waits for it, if nothing else ends that wait.
    pub(super) fn lose(&mut self, key: CallKey, by: Option<InVain>) -> Option<Wake> {
        let call = self.get(key).filter(|call| call.outcome.is_none())?;
        // A loss that was noted before is told again when somebody begins to wait.
        let known = core::mem::replace(&mut call.lost, true);
        let waiter = call.waiter.filter(|_| !call.timed);
        if !known {
            let slot = key.slot as usize;
            self.in_vain.resize(self.in_vain.len().max(slot + 1), None);
            self.in_vain[slot] = by;
        }
        waiter
    }

    /// Which relay waits in vain to answer this call.
    pub(super) fn waits_in_vain(&mut self, key: CallKey) -> Option<InVain> {
        let call = self.get(key)?;
        if call.lost { self.in_vain[key.slot as usize] } else { None }
    }

    /// Whether `waiter` waits for a call to which a reply can still come.
    pub(super) fn has_hope(&self, waiter: Wake) -> bool {
        self.waited_for(waiter).any(|(_, call)| call.timed || !call.lost)
    }

    /// The open calls that `waiter` waits for, with their slots.
    fn waited_for(&self, waiter: Wake) -> impl Iterator<Item = (usize, &OpenCall<R>)> {
        let calls = self.calls.iter().enumerate();
        calls.filter(move |(_, call)| call.open && call.waiter == Some(waiter))
    }

    /// The next call that `waiter` waits for and that has no outcome yet.
    pub(super) fn next_open(&self, waiter: Wake) -> Option<CallKey> {
        let mut open = self.waited_for(waiter).filter(|(_, call)| call.outcome.is_none());
        let (slot, call) = open.next()?;
        Some(CallKey { slot: slot as u32, generation: call.generation })
    }

    /// Ends a call as lost; yields which relay waits in vain to answer it.
    pub(super) fn end_lost(&mut self, scheduler: &mut Scheduler, key: CallKey) -> Option<InVain> {
        let by = self.waits_in_vain(key);
        let call = self.get(key).filter(|call| call.outcome.is_none())?;
        let sent_at = call.sent_at;
        let to = ReplyTo { key: Some(key), wire: 0, flags: 0, sent_at };
        self.answer(scheduler, to, Err(Failure::Lost));
        by
    }
}
