//! A resource: a number of units that tasks hold for a while.

use crate::model::bind::{Binder, Part};
use crate::model::checked::{Checked, check_discipline};
use crate::model::claims::{ClaimState, Demand};
use crate::model::context::Context;
use crate::model::core::Core;
use crate::model::outcome::{Failure, Outcome, Rejection};
use crate::model::parameter::{Bounded, IntoParameter, InvalidValue, whole};
use crate::model::permit::{ClaimTicket, Permit};
use crate::model::station::Station;
use crate::model::step::{Begun, Granted, Step, StepOutput, Wait, step};
use crate::model::unbegun::Unbegun;
use crate::profile::{IntoVarying, Profile, Varying};
use crate::quantity::Quantity;
use crate::queueing::{Class, Discipline};
use crate::time::{Duration, Instant};

/// Units that tasks hold for a while: workers, connections, slots.
///
/// Who finds too few free units waits, and those who wait are served in the order of the queue
/// discipline; the first in that order is never overtaken by a smaller claim behind it.
/// The capacity may be a profile: raised capacity is used at that very instant, lowered
/// capacity drains (holders keep what they hold). A claim that is heavier than the capacity will
/// ever be again is refused as `too heavy`: when it is made, or at the instant at which the
/// capacity falls so, by its profile or by a change. One that the profile lets in later waits.
///
/// As a parameter it is written as its capacity: `workers: 8`.
#[derive(Clone, Debug)]
pub struct Resource {
    capacity: Varying<usize>,
    room: Option<Varying<usize>>,
    queue: Discipline,
    is_inner: bool,
    station: Option<u32>,
}

impl StepOutput<step::acquire> for Resource {
    type Output = Permit;
}

impl StepOutput<step::enter> for Resource {
    type Output = Outcome<Permit>;
}

impl Resource {
    /// A resource with this capacity (0 or more units), served first in first out, with
    /// unlimited room to wait.
    pub fn new(capacity: impl IntoVarying<usize>) -> Self {
        Self {
            capacity: capacity.into_varying(),
            room: None,
            queue: Discipline::default(),
            is_inner: false,
            station: None,
        }
    }

    /// The queue discipline. Default: first in first out. The times of
    /// [`codel`](crate::queueing::codel) must be longer than 0.
    #[must_use]
    pub fn queue(mut self, queue: Discipline) -> Self {
        self.queue = queue;
        self
    }

    /// How many may wait; `None`, the default: any number. Only [`enter`](Self::enter) can be
    /// used with a limit.
    #[must_use]
    pub fn room(mut self, room: Option<Varying<usize>>) -> Self {
        self.room = room;
        self
    }

    /// It is a means of the entity, such as a lock that only guards a condition, and nothing of
    /// what the entity models: a printed report leaves it out. The report's data has it still.
    #[must_use]
    pub fn inner(self) -> Self {
        Self { is_inner: true, ..self }
    }

    #[inline]
    fn station(&self) -> u32 {
        self.station.expect("a resource is used in a topology, which binds it when it is built")
    }

    /// A step that ends when `amount` units are granted. They are released when the
    /// [`Permit`] is dropped.
    ///
    /// # Panics
    /// When the claim is refused: the resource has limited room and it is full, or `amount`
    /// exceeds the largest capacity from now on, or comes to exceed it while the claim waits.
    /// [`enter`](Self::enter) tells refusals.
    #[inline]
    pub fn acquire(&self, amount: u64) -> ClaimStep<'static> {
        ClaimStep { station: self.station(), amount, class: None }
    }

    /// A step that ends when the claim is granted or refused.
    #[inline]
    pub fn enter<'a>(&self, claim: Claim<'a>) -> TimedClaimStep<'a> {
        let Claim { amount, class, patience } = claim;
        let step = ClaimStep { station: self.station(), amount, class };
        TimedClaimStep { step, timeout: patience }
    }

    /// `amount` units if they are free and nobody waits. A [`Permit`] that was dropped since the
    /// last step is not free yet: let the handler wait first, `cx.yield_now().await` at least.
    pub fn try_acquire<C: Context>(&self, cx: &mut C, amount: u64) -> Option<Permit> {
        let current = cx.current();
        cx.core().try_claim(self.station(), amount, current)
    }

    /// Units in use, those of permits that were dropped since the last step included.
    pub fn in_use<C: Context>(&self, cx: &mut C) -> u64 {
        cx.core().stations[self.station() as usize].in_use()
    }

    /// Claims that wait.
    pub fn waiting<C: Context>(&self, cx: &mut C) -> usize {
        cx.core().stations[self.station() as usize].waiting()
    }

    /// The capacity at this moment.
    pub fn capacity<C: Context>(&self, cx: &mut C) -> u64 {
        cx.core().stations[self.station() as usize].capacity()
    }

    /// Whether a claim of [`Demand::WHOLE`] is granted.
    pub(super) fn is_held_whole<C: Context>(&self, cx: &mut C) -> bool {
        cx.core().stations[self.station() as usize].is_held_whole()
    }

    /// Replaces the capacity from this instant on.
    pub fn set_capacity<C: Context>(&self, cx: &mut C, capacity: impl IntoVarying<usize>) {
        let station = self.station() as usize;
        let Core { stations, scheduler, .. } = cx.core();
        stations[station].set_capacity(capacity.into_varying(), scheduler);
    }
}

impl Default for Resource {
    /// One unit.
    fn default() -> Self {
        Self::new(1)
    }
}

impl Part for Resource {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        let (path, name) = (binder.path().to_owned(), binder.name());
        let (capacity, room, queue) =
            (self.capacity.clone(), self.room.clone(), self.queue.clone());
        let is_inner = self.is_inner;
        self.station = Some(binder.core().add_station(|index| {
            let mut station = Station::new(index, &path, name, capacity, room, queue);
            station.is_inner = is_inner;
            station
        }));
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        let Some(station) = former.station else { return self.bind(binder) };
        self.station = Some(station);
        let Core { stations, scheduler, .. } = binder.core();
        let (capacity, room, queue) =
            (self.capacity.clone(), self.room.clone(), self.queue.clone());
        stations[station as usize].reconfigure(capacity, room, queue, scheduler);
    }
}

impl Checked for Resource {
    fn check(&self) -> Result<(), InvalidValue> {
        check_discipline(&self.queue)
    }
}

macro_rules! capacity {
    ($($integer:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoParameter<Resource> for $integer {
            fn into_parameter(self) -> Result<Resource, InvalidValue> {
                whole::<usize>(self as i128).map(Resource::new)
            }
        }
    )*};
}

capacity!(i32, u32, u64, usize);

impl Bounded for Resource {
    const RANGE: (f64, f64) = <usize as Quantity>::RANGE;
}

#[diagnostic::do_not_recommend]
impl IntoParameter<Resource> for Profile<usize> {
    fn into_parameter(self) -> Result<Resource, InvalidValue> {
        Ok(Resource::new(self))
    }
}

#[diagnostic::do_not_recommend]
impl IntoParameter<Resource> for Varying<usize> {
    fn into_parameter(self) -> Result<Resource, InvalidValue> {
        Ok(Resource::new(self))
    }
}

/// What a task asks of a resource with [`Resource::enter`]. Default: one unit, no class, no
/// limit of patience.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    amount: u64,
    class: Option<&'a Class>,
    patience: Option<Duration>,
}

impl Default for Claim<'_> {
    fn default() -> Self {
        Self { amount: 1, class: None, patience: None }
    }
}

impl<'a> Claim<'a> {
    /// A claim of `amount` units.
    #[inline]
    pub fn of(amount: u64) -> Self {
        Self { amount, ..Self::default() }
    }

    /// What the queue discipline looks at: a `&Class`, or an `Option` of one.
    #[must_use]
    #[inline]
    pub fn class(mut self, class: impl Into<Option<&'a Class>>) -> Self {
        self.class = class.into();
        self
    }

    /// How long it waits at most; refused with [`Rejection::WaitedTooLong`] exactly then.
    #[must_use]
    #[inline]
    pub fn patience(mut self, patience: Option<Duration>) -> Self {
        self.patience = patience;
        self
    }
}

/// The step of [`Resource::acquire`], [`Mutex::lock`](super::Mutex::lock) and their like.
#[derive(Clone, Copy, Debug)]
#[must_use = "a claim is a step: `.await` it"]
pub struct ClaimStep<'a> {
    station: u32,
    amount: u64,
    class: Option<&'a Class>,
}

impl<'a> ClaimStep<'a> {
    /// Gives up after `timeout`: the step yields an [`Outcome`] then.
    pub fn timeout(self, timeout: Duration) -> TimedClaimStep<'a> {
        TimedClaimStep { step: self, timeout: Some(timeout) }
    }

    /// Claims, and waits until `deadline`, or learns why that cannot be.
    #[inline(always)]
    fn claim<C: Context>(self, cx: &mut C, deadline: Instant) -> Result<Begun<Permit>, Rejection> {
        let Self { station, amount, class } = self;
        let waiter = cx.current();
        cx.core().claim(station, Demand { amount, class, deadline }, waiter)
    }
}

/// A claim that may be refused or time out.
#[derive(Clone, Copy, Debug)]
#[must_use = "a claim is a step: `.await` it"]
pub struct TimedClaimStep<'a> {
    step: ClaimStep<'a>,
    timeout: Option<Duration>,
}

impl TimedClaimStep<'_> {
    /// Gives up after `timeout`.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }
}

impl Unbegun for ClaimStep<'_> {
    type Output = Permit;
}

#[diagnostic::do_not_recommend]
impl<C: Context> Step<C> for ClaimStep<'_> {
    type Output = Permit;

    #[inline]
    fn begin(self, cx: &mut C) -> Begun<Permit> {
        match self.claim(cx, Instant::MAX) {
            Ok(begun) => begun,
            Err(rejection) => refused(cx.shared(), self.station, self.amount, rejection),
        }
    }
}

impl Unbegun for TimedClaimStep<'_> {
    type Output = Outcome<Permit>;
}

#[diagnostic::do_not_recommend]
impl<C: Context> Step<C> for TimedClaimStep<'_> {
    type Output = Outcome<Permit>;

    #[inline(always)]
    fn begin(self, cx: &mut C) -> Begun<Outcome<Permit>> {
        let now = cx.now();
        let deadline = self.timeout.map_or(Instant::MAX, |timeout| now.saturating_add(timeout));
        match self.step.claim(cx, deadline) {
            Ok(Begun::Ready(permit)) => Begun::Ready(Ok(permit)),
            Ok(Begun::Wait(wait)) => Begun::Wait(wait),
            Err(rejection) => Begun::Ready(Err(Failure::Rejected(rejection))),
        }
    }
}

#[cold]
fn refused(core: &Core, station: u32, amount: u64, rejection: Rejection) -> ! {
    let station = &core.stations[station as usize];
    let (name, failure) = (&station.name, Failure::Rejected(rejection));
    let largest = station.largest_capacity();
    match rejection {
        Rejection::TooHeavy => panic!(
            "`acquire` asks for {amount} of `{name}`, which is at most {largest} from now on: ask for \
             less, or use `enter`, which tells refusals"
        ),
        _ => panic!(
            "`acquire` was refused by `{name}` ({failure}): use `enter`, which tells refusals"
        ),
    }
}

impl<C: Context> Granted<C> for Outcome<Permit> {
    #[inline]
    fn granted(cx: &mut C, wait: Wait) -> Self {
        let ticket = wait.into_claim();
        if cx.is_refused() {
            return Err(Failure::Rejected(rejection(cx.core(), &ticket)));
        }
        debug_assert_eq!(cx.core().claim_state(ticket.key()), ClaimState::Granted);
        Ok(Permit::new(ticket))
    }
}

/// Why a claim was refused.
#[cold]
fn rejection(core: &Core, ticket: &ClaimTicket) -> Rejection {
    match core.claim_state(ticket.key()) {
        ClaimState::Refused(reason) => reason.into(),
        state => unreachable!("a claim is resumed when it is decided, not {state:?}"),
    }
}

impl<C: Context> Granted<C> for Permit {
    #[inline]
    fn granted(cx: &mut C, wait: Wait) -> Self {
        let ticket = wait.into_claim();
        if cx.is_refused() {
            let (core, key) = (cx.core(), ticket.key());
            refused(core, key.station(), core.claim_amount(key), rejection(core, &ticket));
        }
        debug_assert_eq!(cx.core().claim_state(ticket.key()), ClaimState::Granted);
        Permit::new(ticket)
    }
}
