//! Fetches that several requests wait for.

use std::collections::HashMap;

use super::request::StoreRequest;
use crate::engine::wake::Wake;
use crate::model::bind::{Binder, Part};
use crate::model::context::Context;
use crate::model::outcome::Outcome;
use crate::model::step::{Begun, Step, Wait};
use crate::time::Instant;

/// One fetch at a time for each key.
#[derive(Clone, Debug)]
pub struct Flights<Request: StoreRequest> {
    under_way: HashMap<Request::Key, u64>,
    /// Who waits for each flight, in the order of asking.
    waiting: HashMap<u64, Vec<Wake>>,
    /// What landed at the instant `at`: at that very instant all who wait for it take it.
    landings: HashMap<u64, Outcome<Request::Reply>>,
    at: Instant,
}

impl<Request: StoreRequest> Default for Flights<Request> {
    /// No flight yet.
    fn default() -> Self {
        Self {
            under_way: HashMap::default(),
            waiting: HashMap::default(),
            landings: HashMap::default(),
            at: Instant::ZERO,
        }
    }
}

impl<Request: StoreRequest> Flights<Request> {
    /// The flight that fetches `key`, and whether it is a new one, which then has `number`.
    pub(super) fn board(&mut self, key: Request::Key, number: u64) -> (u64, bool) {
        let flight = *self.under_way.entry(key).or_insert(number);
        (flight, flight == number)
    }

    /// Whoever asks for `key` from now on does not wait for a flight that is under way: a write came back,
    /// which it may have missed.
    pub(super) fn close(&mut self, key: &Request::Key) {
        self.under_way.remove(key);
    }

    /// A step that ends when the flight has come to its end.
    pub(super) fn changed(&mut self, flight: u64) -> Landing<'_> {
        Landing { waiting: self.waiting.entry(flight).or_default() }
    }

    /// This fetch of `key` has come to its end: who waits for it goes on.
    pub(super) fn land(
        &mut self,
        cx: &mut impl Context,
        key: &Request::Key,
        flight: u64,
        outcome: Outcome<Request::Reply>,
    ) {
        if self.at < cx.now() {
            self.at = cx.now();
            self.landings.clear();
        }
        self.landings.insert(flight, outcome);
        if self.under_way.get(key) == Some(&flight) {
            self.under_way.remove(key);
        }
        for waiting in self.waiting.remove(&flight).unwrap_or_default() {
            cx.core().scheduler.soon(waiting);
        }
    }

    /// How a flight ended, of those that landed at this instant.
    pub(super) fn outcome(&self, flight: u64) -> Option<Outcome<Request::Reply>> {
        self.landings.get(&flight).cloned()
    }
}

impl<Request: StoreRequest> Part for Flights<Request> {
    fn bind(&mut self, _binder: &mut Binder<'_>) {}

    /// Flights that are under way come to their end, even where there are no new ones.
    fn inherit(&mut self, former: &mut Self, _binder: &mut Binder<'_>) {
        self.clone_from(former);
    }
}

/// The step of [`Flights::changed`].
#[derive(Debug)]
#[must_use = "a wait is a step: `.await` it"]
pub(super) struct Landing<'a> {
    waiting: &'a mut Vec<Wake>,
}

#[diagnostic::do_not_recommend]
impl<C: Context> Step<C> for Landing<'_> {
    type Output = ();

    fn begin(self, cx: &mut C) -> Begun<()> {
        self.waiting.push(cx.current());
        Begun::Wait(Wait::Timer)
    }
}
