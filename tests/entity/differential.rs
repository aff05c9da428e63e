//! Random bodies, each compiled as a state machine and as ordinary `async` code: both must do the
//! same at the same times, drop the same in the same order, and yield the same.
//!
//! Others are chosen by `HAPPYSIM_DIFFERENTIAL_SEED` and `HAPPYSIM_DIFFERENTIAL_COUNT`.

#![allow(
    dead_code,
    unused_variables,
    unused_mut,
    unused_assignments,
    unused_labels,
    unreachable_code,
    clippy::all,
    clippy::pedantic,
    reason = "the programs are random"
)]

use std::cell::Cell;
use std::pin::{Pin, pin};
use std::task::{Context as TaskContext, Poll, Waker};

use happysim::time::{Clock, Duration, Instant, millis};
use happysim::{Call, Cx, Failure, Outcome, Resource, entity};

use crate::bench::{Query, Tracer, failing, log, query, run, take_log};

/// A random body in both forms; each yields what it noted for an argument.
pub(crate) struct Program {
    seed: u64,
    machine: fn(u64) -> Vec<String>,
    plain: fn(u64) -> Vec<String>,
}

fn consume(_: Tracer) {}

fn add(a: u64, b: u64) -> u64 {
    a + b
}

thread_local! {
    static CLOCK: Cell<Instant> = const { Cell::new(Instant::ZERO) };
}

/// Stands where the handler has its context.
pub(crate) struct Toy;

impl Clock for Toy {
    fn now(&self) -> Instant {
        CLOCK.get()
    }
}

impl Toy {
    fn sleep(&self, duration: Duration) -> Nap {
        Nap(Some(duration))
    }
}

/// Lets the only clock of the thread go on.
pub(crate) struct Nap(Option<Duration>);

impl Future for Nap {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<()> {
        match self.0.take() {
            Some(duration) => {
                CLOCK.set(CLOCK.get().saturating_add(duration));
                Poll::Pending
            }
            None => Poll::Ready(()),
        }
    }
}

/// Stands where the handler has its port.
pub(crate) struct Echo;

impl Echo {
    async fn call(&self, query: Query) -> Outcome<u64> {
        Nap(Some(query.delay)).await;
        if query.fails { Err(Failure::Crashed) } else { Ok(query.id) }
    }
}

/// Stands where the handler has its resource.
pub(crate) struct Gate;

impl Gate {
    async fn acquire(&self, _: u64) {}
}

fn drive(future: impl Future<Output = Outcome<u64>>) -> Vec<String> {
    take_log();
    CLOCK.set(Instant::ZERO);
    let mut future = pin!(future);
    let mut context = TaskContext::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(outcome) = future.as_mut().poll(&mut context) {
            log(&Toy, format!("answer {outcome:?}"));
            return take_log();
        }
    }
}

macro_rules! program {
    ($name:ident, ($this:ident, $cx:ident, $arg:ident), $handle:tt, $helper:tt) => {
        mod $name {
            use super::*;

            #[entity]
            pub(crate) struct Subject {
                #[state(2)]
                limit: u64,
                #[state(Resource::new(1000))]
                gate: Resource,
                #[port]
                db: Call<Query, u64>,
            }

            #[entity]
            impl Subject {
                #[handler]
                async fn handle(&mut $this, $cx: &mut Cx<Self>, $arg: u64) -> Outcome<u64> $handle

                async fn helper(&mut $this, $cx: &mut Cx<Self>, $arg: u64) -> Outcome<u64> $helper

                /// Keeps the helper a helper where the body does not call it.
                #[background]
                async fn idle(&mut self, cx: &mut Cx<Self>) {
                    cx.sleep(millis(1_000_000)).await;
                    let _ = self.helper(cx, 0).await;
                }
            }

            pub(super) fn machine(arg: u64) -> Vec<String> {
                run(Subject::parameters().build().unwrap(), vec![(0, arg)])
            }

            struct Plain {
                limit: u64,
                gate: Gate,
                db: Echo,
            }

            impl Plain {
                async fn handle(&mut $this, $cx: &mut Toy, $arg: u64) -> Outcome<u64> $handle

                async fn helper(&mut $this, $cx: &mut Toy, $arg: u64) -> Outcome<u64> $helper
            }

            pub(super) fn plain(arg: u64) -> Vec<String> {
                let mut plain = Plain { limit: 2, gate: Gate, db: Echo };
                drive(plain.handle(&mut Toy, arg))
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/differential.rs"));

#[test]
fn machines_do_what_async_functions_do() {
    for program in PROGRAMS {
        for arg in 0..4 {
            let (machine, plain) = ((program.machine)(arg), (program.plain)(arg));
            assert_eq!(machine, plain, "seed {}, argument {arg}", program.seed);
        }
    }
}
