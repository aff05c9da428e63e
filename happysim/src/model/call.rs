//! Calls: the request on its way, and handles to outcomes.

use core::fmt;
use core::marker::{PhantomData, PhantomPinned};

use super::call_table::Waiting;
use super::context::{Context, Wire};
use super::message::{Envelope, Message, ReplyTo};
use super::outcome::{Failure, Outcome};
use super::port::{Call, Port};
use super::step::{Begun, Complete, Step, StepOutput, Timed, Wait, step};
use super::unbegun::Unbegun;
use crate::engine::dropped::{self, Dropped};
use crate::engine::keys::CallKey;
use crate::engine::wake::Wake;
use crate::time::{Duration, Instant};

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

    #[inline(always)]
    fn send<C: Wire<P> + Context>(self, cx: &mut C, waiting: Option<Waiting>) -> CallTicket {
        let current = cx.current();
        let sent_at = cx.now();
        let cancel = self.giving_up == GivingUp::Cancel;
        // A handle can be cancelled, however the call was made.
        let may_cancel = cancel || waiting.is_none();
        let place = place(cx, self.lane);
        let key = cx.table().open(sent_at, place, waiting);
        let mut flags = current.flags() & (Wake::BACKGROUND | Wake::CANCELLABLE);
        if may_cancel {
            flags |= Wake::CANCELLABLE;
        }
        let wire = cx.number();
        let reply_to = ReplyTo::new(Some(key), wire, flags);
        cx.deliver(Envelope { message: self.message, reply_to, replica: self.lane as u32 });
        CallTicket(Dropped::call(wire, key, cancel))
    }

    /// Sends the request now and returns a handle to its outcome.
    #[inline]
    pub fn start<C: Wire<P> + Context>(self, cx: &mut C) -> Handle<P> {
        let deadline = self.timeout.map(|timeout| cx.now().saturating_add(timeout));
        Handle { ticket: Some(self.send(cx, None)), deadline, port: PhantomData }
    }

    /// Sends the request now and waits for nothing; its outcome is only counted.
    #[inline]
    pub fn post<C: Wire<P> + Context>(self, cx: &mut C) {
        let flags = cx.current().flags() & (Wake::BACKGROUND | Wake::CANCELLABLE);
        let sent_at = cx.now();
        cx.table().stats.send(sent_at);
        let reply_to = ReplyTo::new(None, cx.number(), flags);
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
    cx.table().in_flight(first, lanes)
}

impl<P: Port> Unbegun for CallStep<P> {
    type Output = Outcome<P::Reply>;
}

#[diagnostic::do_not_recommend]
impl<P: Port, C: Wire<P> + Context> Step<C> for CallStep<P> {
    type Output = Outcome<P::Reply>;

    #[inline(always)]
    fn begin(self, cx: &mut C) -> Begun<Self::Output> {
        let timeout = self.timeout;
        let current = cx.current();
        let ticket = self.send(cx, Some(Waiting { waiter: current, timed: timeout.is_some() }));
        if let Some(timeout) = timeout {
            let time = cx.now().saturating_add(timeout);
            cx.core().scheduler.at(time, current.deadline());
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
        let ticket = wait.into_call();
        match cx.table().take(ticket.key()) {
            Some(outcome) => {
                ticket.disarm();
                outcome
            }
            // The ticket is dropped here, which gives the call up.
            None => {
                let now = cx.now();
                cx.table().time_out(now, ticket.key());
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

/// The right to the outcome of an open call, as it is noted when it is dropped, which gives the
/// call up.
#[derive(Clone)]
pub struct CallTicket(Dropped);

impl CallTicket {
    /// The outcome was taken: there is nothing to give up.
    #[inline]
    fn disarm(self) {
        core::mem::forget(self);
    }

    /// The wire over which the call went.
    pub fn wire(&self) -> u16 {
        self.0.wire()
    }

    /// Its place in the table of that wire.
    #[inline]
    pub(super) fn key(&self) -> CallKey {
        self.0.call_key()
    }
}

impl Drop for CallTicket {
    #[inline]
    fn drop(&mut self) {
        dropped::note(self.0.cascaded());
    }
}

impl fmt::Debug for CallTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallTicket").field("wire", &self.wire()).field("key", &self.key()).finish()
    }
}

/// The outcome-to-come of a call that was started over port `P`.
///
/// It can be awaited, raced with others ([`first`](super::race::first)), joined
/// ([`all`](super::race::all)) or waited for in part ([`quorum`](super::race::quorum)).
/// Dropping it gives the call up.
#[derive(Debug)]
pub struct Handle<P> {
    /// `None` when the outcome was taken.
    ticket: Option<CallTicket>,
    deadline: Option<Instant>,
    // Not `Unpin`: see `PartCheck`.
    port: PhantomData<(fn(P), PhantomPinned)>,
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
        let key = self.ticket.as_ref()?.key();
        if let Some(outcome) = cx.table().take(key) {
            if let Some(ticket) = self.ticket.take() {
                ticket.disarm();
            }
            return Some(outcome);
        }
        let now = cx.now();
        if cx.is_past_deadline() && self.deadline.is_some_and(|deadline| now >= deadline) {
            cx.table().time_out(now, key);
            self.ticket = None;
            return Some(Err(Failure::TimedOut));
        }
        None
    }

    /// Asks to be woken when the outcome comes; `timed`: something else may end the wait.
    pub(crate) fn wait<C: Wire<P> + Context>(&self, cx: &mut C, timed: bool) {
        let Some(ticket) = &self.ticket else { return };
        let (current, wire, key) = (cx.current(), ticket.wire(), ticket.key());
        if cx.table().wait(key, Waiting { waiter: current, timed }) {
            dropped::note(Dropped::lost(wire, key));
        }
    }

    /// Stops waiting and cancels the callee's work at this instant.
    pub fn cancel(mut self) {
        if let Some(ticket) = &mut self.ticket {
            ticket.0 = ticket.0.cancelled();
        }
    }

    /// Whether the outcome was taken.
    pub fn is_finished(&self) -> bool {
        self.ticket.is_none()
    }
}
