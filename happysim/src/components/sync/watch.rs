//! A watch on parameters: for processes that act at the instant at which one of them changes.

use crate::engine::wake::Wake;
use crate::model::bind::{Binder, Part};
use crate::model::context::Context;
use crate::model::step::{Begun, Granted, Step, Wait};
use crate::profile::Varying;
use crate::quantity::Quantity;
use crate::time::Instant;

/// What a [`Watch`] follows: a parameter that may vary, one that may be absent, or several.
pub trait Changing {
    /// The next instant after `after` at which its value jumps, if it ever does.
    fn next_change(&self, after: Instant) -> Option<Instant>;
}

impl<Q: Quantity> Changing for Varying<Q> {
    fn next_change(&self, after: Instant) -> Option<Instant> {
        Varying::next_change(self, after)
    }
}

impl<T: Changing> Changing for Option<T> {
    fn next_change(&self, after: Instant) -> Option<Instant> {
        self.as_ref()?.next_change(after)
    }
}

impl<A: Changing, B: Changing> Changing for (A, B) {
    fn next_change(&self, after: Instant) -> Option<Instant> {
        earlier(self.0.next_change(after), self.1.next_change(after))
    }
}

impl<A: Changing, B: Changing, C: Changing> Changing for (A, B, C) {
    fn next_change(&self, after: Instant) -> Option<Instant> {
        let (a, b, c) = self;
        earlier(earlier(a.next_change(after), b.next_change(after)), c.next_change(after))
    }
}

fn earlier(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    one.into_iter().chain(other).min()
}

/// A watch on parameters of an entity, for a process of it that acts when one of them changes: at
/// the instants at which a profile jumps (a count also within a ramp, at each of its values), and
/// at that of a [`change`](crate::prelude::Simulation::change) that gives one of them anew.
///
/// It is state that is made of the parameters, and follows them by that:
///
/// ```
/// use happysim::prelude::*;
///
/// #[entity]
/// pub struct Pump {
///     pressure: Varying<usize>,
///     #[state(Watch::new(pressure.clone()))]
///     changes: Watch<Varying<usize>>,
///     #[state]
///     pub seen: Vec<(Instant, usize)>,
/// }
///
/// #[entity]
/// impl Pump {
///     #[background]
///     async fn follow(&mut self, cx: &mut Cx<Self>) {
///         loop {
///             self.seen.push((cx.now(), self.pressure.at(cx.now())));
///             self.changes.changed().await;
///         }
///     }
/// }
///
/// topology! { Plant { node pump: Pump { pressure: profile! { hold 3 for 5s; hold 7 } }; } }
///
/// let mut plant = Plant::new(default()).build()?;
/// plant.run_for(seconds(8))?;
/// plant.change(|plant| &mut plant.pump, |pump| pump.pressure(1))?;
/// plant.run_for(seconds(1))?;
/// let at = |second| Instant::ZERO + seconds(second);
/// assert_eq!(plant.pump.replicas[0].seen, [(at(0), 3), (at(5), 7), (at(8), 1)]);
/// # Ok::<(), SimError>(())
/// ```
///
/// A wait ends where anything of what is watched may have changed, and says no more: look at the
/// values then. Between two waits nothing is missed by one who looks before each.
#[derive(Clone, Debug)]
pub struct Watch<T> {
    followed: T,
    /// Who waits, each task once; those whose waits have ended until they begin another.
    waiting: Vec<Wake>,
}

impl<T: Changing> Watch<T> {
    /// A watch on these parameters: a [`Varying`], an `Option` of one, or a tuple of up to three.
    pub fn new(followed: T) -> Self {
        Self { followed, waiting: Vec::new() }
    }

    /// A step that ends when a parameter changes.
    pub fn changed(&mut self) -> Changed<'_, T> {
        Changed { watch: self, until: None }
    }

    /// A step that ends when a parameter changes, and at `instant` at the latest; at once where
    /// that is past. As a sleep it is no deadline, which would come last in its instant.
    pub fn changed_until(&mut self, instant: Instant) -> Changed<'_, T> {
        Changed { watch: self, until: Some(instant) }
    }

    /// This task waits with `wake`, and with none of its earlier waits.
    fn note(&mut self, wake: Wake) {
        let task = |wake: Wake| (wake.node(), wake.machine(), wake.slot());
        match self.waiting.iter_mut().find(|other| task(**other) == task(wake)) {
            Some(former) => *former = wake,
            None => self.waiting.push(wake),
        }
    }
}

impl<T: Changing> Part for Watch<T> {
    fn bind(&mut self, _binder: &mut Binder<'_>) {}

    /// What it follows was given anew: whoever waits looks at it.
    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        for wake in former.waiting.drain(..) {
            binder.core().scheduler.soon(wake);
        }
    }
}

/// The step of [`Watch::changed`] and [`Watch::changed_until`].
#[derive(Debug)]
#[must_use = "a wait is a step: `.await` it"]
pub struct Changed<'a, T> {
    watch: &'a mut Watch<T>,
    until: Option<Instant>,
}

#[diagnostic::do_not_recommend]
impl<T: Changing, C: Context> Step<C> for Changed<'_, T> {
    type Output = ();

    fn begin(self, cx: &mut C) -> Begun<()> {
        let (now, wake) = (cx.now(), cx.current());
        self.watch.note(wake);
        let until = self.until.map(|instant| instant.max(now));
        if let Some(end) = earlier(self.watch.followed.next_change(now), until) {
            cx.core().scheduler.at(end, wake);
        }
        Begun::Wait(Wait::Timer)
    }
}

impl<C: Context> Granted<C> for () {
    fn granted(_cx: &mut C, _wait: Wait) {}
}
