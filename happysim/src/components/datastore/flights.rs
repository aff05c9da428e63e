//! Fetches that several requests wait for.

use std::collections::HashMap;

use super::request::StoreRequest;
use crate::components::sync::{Condition, Mutex};
use crate::model::bind::{Binder, Part};
use crate::model::outcome::Outcome;
use crate::time::Instant;

type Landing<Request> = (u64, Outcome<<Request as StoreRequest>::Reply>);

/// One fetch at a time for each key.
#[derive(Clone, Debug)]
pub struct Flights<Request: StoreRequest> {
    /// Whether there can be any.
    in_use: bool,
    /// Held by whoever looks for its outcome, for no time at all.
    pub(super) turn: Mutex,
    /// Something has landed.
    pub(super) landed: Condition,
    under_way: HashMap<Request::Key, u64>,
    /// What landed at the instant `at`: at that very instant all who wait for it take it.
    landings: Vec<Landing<Request>>,
    at: Instant,
}

impl<Request: StoreRequest> Flights<Request> {
    /// No flight yet; none ever where they are not in use.
    pub(super) fn new(in_use: bool) -> Self {
        Self {
            in_use,
            turn: Mutex::default(),
            landed: Condition::default(),
            under_way: HashMap::default(),
            landings: Vec::new(),
            at: Instant::ZERO,
        }
    }

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

    /// This fetch of `key` has come to its end.
    pub(super) fn land(
        &mut self,
        now: Instant,
        key: &Request::Key,
        flight: u64,
        outcome: Outcome<Request::Reply>,
    ) {
        if self.at < now {
            self.at = now;
            self.landings.clear();
        }
        self.landings.push((flight, outcome));
        if self.under_way.get(key) == Some(&flight) {
            self.under_way.remove(key);
        }
    }

    /// How a flight ended, if it has.
    pub(super) fn outcome(&self, flight: u64) -> Option<Outcome<Request::Reply>> {
        let landing = self.landings.iter().find(|(number, _)| *number == flight);
        landing.map(|(_, outcome)| outcome.clone())
    }
}

impl<Request: StoreRequest> Part for Flights<Request> {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        if self.in_use {
            self.turn.bind(binder);
            self.landed.bind(binder);
        }
    }

    /// Flights that are under way come to their end, even where there are no new ones.
    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        if former.in_use {
            self.clone_from(former);
        } else {
            self.bind(binder);
        }
    }
}
