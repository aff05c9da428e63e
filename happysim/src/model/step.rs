//! Steps: what a handler may `.await`, and how the generated states begin and complete it.

use super::call::CallTicket;
use super::context::Context;
use super::permit::ClaimTicket;
use crate::time::Instant;

/// How a step begins.
#[derive(Debug)]
pub enum Begun<T> {
    /// It is done already, at the same instant.
    Ready(T),
    /// The task is to be resumed later.
    Wait(Wait),
}

/// What a suspended task waits for; part of its state.
#[derive(Clone, Debug)]
#[repr(u64)]
pub enum Wait {
    /// A point in time.
    Timer,
    /// The reply to a call, or its timeout.
    Call(CallTicket),
    /// A place at a station, or its timeout.
    Claim(ClaimTicket),
    /// The replies to calls whose handles are among the locals, until an instant if one is set.
    Replies(Option<Instant>),
}

impl Wait {
    /// The call that is waited for.
    #[inline(always)]
    pub(crate) fn into_call(self) -> CallTicket {
        match self {
            Self::Call(ticket) => ticket,
            other => {
                disown(other);
                unreachable!("a call waits for its reply")
            }
        }
    }

    /// The claim that is waited for.
    #[inline(always)]
    pub(crate) fn into_claim(self) -> ClaimTicket {
        match self {
            Self::Claim(ticket) => ticket,
            other => {
                disown(other);
                unreachable!("a claim waits for its turn")
            }
        }
    }
}

/// Lets go of a value at a place that is never reached. If it could be dropped there, it would have
/// to lie in memory everywhere else, and no longer in registers.
#[inline(always)]
pub fn disown<T>(value: T) {
    core::mem::forget(value);
}

/// Stores the state of a task that begins to wait, in a slot whose state was taken out.
///
/// An assignment would ask what the former state was, to drop it; it is known to own nothing.
#[inline]
pub fn suspend<M>(slot: &mut M, state: M) {
    core::mem::forget(core::mem::replace(slot, state));
}

/// Something that a handler can `.await` in a context `C`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a step",
    label = "nothing waits here: remove `.await`",
    note = "a step is `cx.sleep(..)`, a call over a port, or a place at a resource"
)]
pub trait Step<C> {
    /// What the step yields.
    type Output;
    /// Starts it.
    fn begin(self, cx: &mut C) -> Begun<Self::Output>;
}

/// The result type of the step method `M` of a field, for states that keep it.
pub trait StepOutput<M> {
    /// What the step yields.
    type Output;
}

/// Completes a step that was begun with method `M` of a field.
pub trait Complete<M, C>: StepOutput<M> {
    /// Takes the result.
    fn complete(&mut self, cx: &mut C, wait: Wait) -> Self::Output;
}

/// The result of a claim on a station.
pub trait Granted<C>: Sized {
    /// Takes the result.
    fn granted(cx: &mut C, wait: Wait) -> Self;
}

/// A step whose state is in the locals of its handler: evaluated again whenever it may be done.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be awaited by its name",
    label = "this is no handle",
    note = "what is awaited later is started: `let mut handle = self.port.start(cx, ..);`, and later \
            `handle.await`"
)]
pub trait Repoll<C> {
    /// What the step yields.
    type Output;
    /// Tries to complete it; `prior` is what an earlier attempt waited for.
    fn poll(self, cx: &mut C, prior: Option<Wait>) -> Result<Self::Output, Wait>;
}

/// Names of step methods as types, for [`StepOutput`] and [`Complete`].
#[allow(non_camel_case_types, reason = "each type is named as the method that it stands for")]
#[allow(clippy::module_inception, reason = "generated code names the one, users the other")]
pub mod step {
    /// `port.call(..)`.
    #[derive(Debug)]
    pub struct call;
    /// `queue.pop()`.
    #[derive(Debug)]
    pub struct pop;
    /// `resource.acquire(amount)`.
    #[derive(Debug)]
    pub struct acquire;
    /// `resource.enter(claim)`.
    #[derive(Debug)]
    pub struct enter;
    /// `mutex.lock()`.
    #[derive(Debug)]
    pub struct lock;
}

/// The step method `M` with a `.timeout(..)`.
#[derive(Debug)]
pub struct Timed<M>(core::marker::PhantomData<M>);

/// What `?` yields for a result type.
pub trait Success {
    /// The value of success.
    type Value;
}

impl<T, E> Success for Result<T, E> {
    type Value = T;
}

impl<T> Success for Option<T> {
    type Value = T;
}

/// The step of [`Context::sleep`] and its relatives.
#[derive(Clone, Copy, Debug)]
#[must_use = "a sleep is a step: `.await` it"]
pub struct Sleep {
    until: Instant,
}

impl Sleep {
    #[inline]
    pub(crate) fn until(until: Instant) -> Self {
        Self { until }
    }
}

/// Begins a sleep: the state of a task that sleeps says so by itself.
#[inline]
pub fn fall_asleep<C: Context>(sleep: Sleep, cx: &mut C) {
    let wake = cx.current();
    cx.core().scheduler.at(sleep.until, wake);
}
