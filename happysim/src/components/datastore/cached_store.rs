//! A cache in front of a store.

use std::collections::HashMap;

use super::cache::{Cache, Eviction};
use super::flights::Flights;
use super::request::{Access, KeyValueRequest, StoreRequest};
use crate::model::metrics::{Observe, Observer};
use crate::prelude::*;
use crate::report::MetricValue;

/// What a cache does with writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WritePolicy {
    /// A write goes to the store; when it is acknowledged, the entry is updated or added.
    #[default]
    Through,
    /// A write is acknowledged at once and kept in the cache alone; the store gets it when the
    /// entry is evicted or flushed.
    Back,
    /// A write goes to the store, and the entry is removed.
    Around,
}

/// The word for [`WritePolicy::Through`].
pub fn write_through() -> WritePolicy {
    WritePolicy::Through
}

/// The word for [`WritePolicy::Back`].
pub fn write_back() -> WritePolicy {
    WritePolicy::Back
}

/// The word for [`WritePolicy::Around`].
pub fn write_around() -> WritePolicy {
    WritePolicy::Around
}

/// Reads that a cache answered by itself, and those that it could not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HitRate {
    /// Answered from the cache.
    pub hits: u64,
    /// Passed on.
    pub misses: u64,
}

impl HitRate {
    /// Hits by reads; 0 without reads.
    pub fn rate(self) -> f64 {
        let reads = self.hits + self.misses;
        if reads == 0 { 0.0 } else { self.hits as f64 / reads as f64 }
    }
}

impl Observe for HitRate {
    fn observe(&self, _name: &str, observer: &mut Observer) {
        observer.publish("hits", MetricValue::Count(self.hits));
        observer.publish("misses", MetricValue::Count(self.misses));
        observer.publish("hit rate", MetricValue::Fraction(self.rate()));
    }

    fn reset(&mut self, _now: Instant) {
        *self = Self::default();
    }
}

type Reply<Request> = <Request as StoreRequest>::Reply;

/// What the cache holds of a key.
#[derive(Clone, Debug)]
pub struct Entry<Request: StoreRequest> {
    reply: Reply<Request>,
    /// The last write, while the store does not have it.
    unwritten: Option<Request>,
    expires: Option<Instant>,
}

/// A write on its way to the store, after its entry was evicted or flushed.
#[derive(Clone, Debug)]
pub struct Unwritten<Request> {
    request: Request,
    /// Of all writes; a later one to the same key has a larger number.
    number: u64,
}

enum Found<Reply> {
    Fresh(Reply),
    /// Expired, but not long ago.
    Stale(Reply),
    Missing,
}

/// Keeps replies to reads by key, and asks the store behind it for what it does not have.
///
/// Every read pays `read_latency`, every write `write_latency`; a miss pays the store's time
/// too. Any requests that are [`StoreRequest`]s can be cached. A reply is kept only if no
/// write to its key came back while it was fetched (the lease of Nishtala et al. 2013), so that
/// a slow fetch never brings back an old value.
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `capacity` | how many entries, 1 or more, or `None` for any number; lowered, the excess leaves with the next new entry | required |
/// | `eviction` | which entry leaves a full cache | `lru()` |
/// | `write` | `write_through()`, `write_back()`, `write_around()` | `write_through()` |
/// | `read_latency` | time of a look-up | 100 us |
/// | `write_latency` | time of a write to the cache itself | 100 us |
/// | `ttl` | how long after its insertion an entry is valid; checked when it is read; entries that the store does not have yet do not expire | for ever |
/// | `renew` | whether every hit begins the `ttl` anew | no |
/// | `stale_while_revalidate` | how long after its expiry an entry is still given out, while it is fetched anew in the background | 0 |
/// | `single_flight` | whether misses of a key wait together for one fetch | no |
/// | `timeout` | how long a fetch or a write waits for the store; needed where a message may be lost on the way, of which nobody else tells | for ever |
/// | `flush_interval` | write-back: how often all unwritten entries are written, above 0; where it jumps or is changed, it counts from the last time, and what is overdue is written at that instant | never |
/// | `flush_retry` | how long after a failed write-back it is tried again | 100 ms |
/// | `flush_attempts` | how often a write-back is tried, 1 or more, before the write is lost | 10 |
///
/// Failures are those of the store. A write that fails leaves no entry. Evicted unwritten
/// entries are written in the background; until the store has them, reads find them.
///
/// Statistics: besides those of the handler: hits, misses, hit rate (of reads); writes that
/// found an entry; evicted and expired
/// entries; stale replies; misses that waited for another's fetch; write-backs and lost writes.
#[entity]
pub struct CachedStore<Request: StoreRequest = KeyValueRequest> {
    #[param(range = 1..)]
    capacity: Option<Varying<usize>>,
    #[param(default = Eviction::Lru)]
    eviction: Eviction,
    #[param(default = WritePolicy::Through)]
    write: WritePolicy,
    #[param(default = micros(100))]
    read_latency: Distribution,
    #[param(default = micros(100))]
    write_latency: Distribution,
    #[param(default = None)]
    ttl: Option<Varying<Duration>>,
    #[param(default = false)]
    renew: bool,
    #[param(default = None)]
    stale_while_revalidate: Option<Varying<Duration>>,
    #[param(default = false)]
    single_flight: bool,
    #[param(default = None)]
    timeout: Option<Varying<Duration>>,
    #[param(default = None, range = 1e-9..)]
    flush_interval: Option<Varying<Duration>>,
    #[param(default = millis(100))]
    flush_retry: Varying<Duration>,
    #[param(default = 10, range = 1..)]
    flush_attempts: Varying<usize>,
    #[state(Watch::new(flush_interval.clone()))]
    flush_changes: Watch<Option<Varying<Duration>>>,
    #[state(Cache::new(*eviction))]
    entries: Cache<<Request as StoreRequest>::Key, Entry<Request>>,
    /// Fetches whose replies may be kept, by key.
    #[state]
    leases: HashMap<<Request as StoreRequest>::Key, u64>,
    #[state]
    unwritten: HashMap<<Request as StoreRequest>::Key, Unwritten<Request>>,
    #[state]
    flights: Flights<Request>,
    #[state]
    next_number: u64,
    #[state]
    reads: HitRate,
    #[state]
    write_hits: Counter,
    #[state]
    evicted: Counter,
    #[state]
    expired: Counter,
    #[state]
    stale_replies: Counter,
    #[state]
    coalesced: Counter,
    #[state]
    written_back: Counter,
    #[state]
    lost_writes: Counter,
    #[port]
    next: Call<Request, <Request as StoreRequest>::Reply>,
}

#[entity]
impl<Request: StoreRequest> CachedStore<Request> {
    #[handler]
    async fn handle(
        &mut self,
        cx: &mut Cx<Self>,
        request: Request,
    ) -> Outcome<<Request as StoreRequest>::Reply> {
        match request.access() {
            Access::Read => self.read(cx, request).await,
            Access::Write => self.change(cx, request).await,
        }
    }

    async fn read(
        &mut self,
        cx: &mut Cx<Self>,
        request: Request,
    ) -> Outcome<<Request as StoreRequest>::Reply> {
        cx.sleep(self.read_latency.sample(cx)).await;
        match self.look_up(cx.now(), &request.key()) {
            Found::Fresh(reply) => Ok(reply),
            Found::Stale(reply) => {
                if !self.leases.contains_key(&request.key()) {
                    cx.spawn(self.refresh(cx, request));
                }
                Ok(reply)
            }
            Found::Missing if self.single_flight => self.join(cx, request).await,
            Found::Missing => self.fetch(cx, request).await,
        }
    }

    /// Asks the store, and keeps its reply.
    async fn fetch(
        &mut self,
        cx: &mut Cx<Self>,
        request: Request,
    ) -> Outcome<<Request as StoreRequest>::Reply> {
        let key: <Request as StoreRequest>::Key = request.key();
        let number = self.number();
        let lease: u64 = *self.leases.entry(key.clone()).or_insert(number);
        let timeout = self.timeout.as_ref().map(|timeout| timeout.at(cx.now()));
        let outcome = self.next.call(request).timeout_if(timeout).await;
        if self.leases.get(&key) == Some(&lease) {
            self.leases.remove(&key);
            if let Ok(reply) = &outcome {
                let victims = self.keep(cx.now(), key, reply.clone(), None);
                for victim in victims {
                    cx.spawn(self.flush(cx, victim));
                }
            }
        }
        outcome
    }

    async fn refresh(&mut self, cx: &mut Cx<Self>, request: Request) {
        let _outcome = self.fetch(cx, request).await;
    }

    /// Waits for the fetch of this key that is under way, or begins one.
    async fn join(
        &mut self,
        cx: &mut Cx<Self>,
        request: Request,
    ) -> Outcome<<Request as StoreRequest>::Reply> {
        let number = self.number();
        let (flight, is_new): (u64, bool) = self.flights.board(request.key(), number);
        if is_new {
            cx.spawn(self.fly(cx, request, flight));
        } else {
            self.coalesced += 1;
        }
        self.flights.changed(flight).await;
        self.flights.outcome(flight).expect("who waits for a flight goes on when it lands")
    }

    /// A fetch for all who wait for it: it goes on when one of them is cancelled.
    async fn fly(&mut self, cx: &mut Cx<Self>, request: Request, flight: u64) {
        let key: <Request as StoreRequest>::Key = request.key();
        let outcome = self.fetch(cx, request).await;
        self.flights.land(cx, &key, flight, outcome);
    }

    async fn change(
        &mut self,
        cx: &mut Cx<Self>,
        request: Request,
    ) -> Outcome<<Request as StoreRequest>::Reply> {
        cx.sleep(self.write_latency.sample(cx)).await;
        let key: <Request as StoreRequest>::Key = request.key();
        self.write_hits += u64::from(self.entries.peek(&key).is_some());
        let after: <Request as StoreRequest>::Reply = request.read_after();
        if self.write == WritePolicy::Back {
            let reply = request.acknowledgement();
            self.leases.remove(&key);
            self.flights.close(&key);
            let victims = self.keep(cx.now(), key, after, Some(request));
            for victim in victims {
                cx.spawn(self.flush(cx, victim));
            }
            return Ok(reply);
        }
        let timeout = self.timeout.as_ref().map(|timeout| timeout.at(cx.now()));
        let outcome = self.next.call(request).timeout_if(timeout).await;
        self.leases.remove(&key);
        self.flights.close(&key);
        if outcome.is_ok() && self.write == WritePolicy::Through {
            // There are unwritten ones where the policy was another before.
            let victims = self.keep(cx.now(), key, after, None);
            for victim in victims {
                cx.spawn(self.flush(cx, victim));
            }
        } else {
            self.entries.remove(&key);
        }
        outcome
    }

    /// Writes all unwritten entries from time to time.
    #[background]
    async fn flush_all(&mut self, cx: &mut Cx<Self>) {
        let mut last: Instant = cx.now();
        loop {
            let Some(interval) = self.flush_interval.as_ref().map(|it| it.at(cx.now())) else {
                self.flush_changes.changed().await;
                last = cx.now();
                continue;
            };
            let due: Instant = last.saturating_add(interval);
            self.flush_changes.changed_until(due).await;
            if cx.now() >= due {
                last = cx.now();
                for key in self.clean() {
                    cx.spawn(self.flush(cx, key));
                }
            }
        }
    }

    /// Brings the last write of a key to the store.
    async fn flush(&mut self, cx: &mut Cx<Self>, key: <Request as StoreRequest>::Key) {
        let mut attempts: usize = 0;
        while let Some(Unwritten { request, number }) = self.unwritten.get(&key).cloned() {
            let written: u64 = number;
            let timeout = self.timeout.as_ref().map(|timeout| timeout.at(cx.now()));
            let outcome = self.next.call(request).timeout_if(timeout).await;
            match outcome {
                Ok(_) => {
                    attempts = 0;
                    self.written_back += 1;
                    self.forget(&key, written);
                }
                Err(_) => {
                    attempts += 1;
                    if attempts >= self.flush_attempts.at(cx.now()) {
                        self.lost_writes += 1;
                        self.forget(&key, written);
                        attempts = 0;
                    } else {
                        cx.sleep(self.flush_retry.at(cx.now())).await;
                    }
                }
            }
        }
    }

    fn forget(&mut self, key: &<Request as StoreRequest>::Key, number: u64) {
        if self.unwritten.get(key).is_some_and(|unwritten| unwritten.number == number) {
            self.unwritten.remove(key);
        }
    }

    fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }

    fn look_up(
        &mut self,
        now: Instant,
        key: &<Request as StoreRequest>::Key,
    ) -> Found<<Request as StoreRequest>::Reply> {
        let Some(entry) = self.entries.peek(key) else {
            // What was evicted is found until the store has it.
            return match self.unwritten.get(key) {
                Some(unwritten) => {
                    self.reads.hits += 1;
                    Found::Fresh(unwritten.request.read_after())
                }
                None => self.missing(),
            };
        };
        // On its way to the store it is not there yet.
        let is_written = entry.unwritten.is_none() && !self.unwritten.contains_key(key);
        let late = entry.expires.filter(|expires| *expires <= now && is_written);
        if let Some(expires) = late {
            let grace =
                self.stale_while_revalidate.as_ref().map_or(Duration::ZERO, |it| it.at(now));
            if now < expires.saturating_add(grace) {
                self.reads.hits += 1;
                self.stale_replies += 1;
                return Found::Stale(entry.reply.clone());
            }
            self.entries.remove(key);
            self.expired += 1;
            return self.missing();
        }
        self.reads.hits += 1;
        let expires = self.expiry(now).filter(|_| self.renew);
        let entry = self.entries.get(key).expect("it was there a moment ago");
        entry.expires = expires.or(entry.expires);
        Found::Fresh(entry.reply.clone())
    }

    fn missing(&mut self) -> Found<<Request as StoreRequest>::Reply> {
        self.reads.misses += 1;
        Found::Missing
    }

    fn expiry(&self, now: Instant) -> Option<Instant> {
        self.ttl.as_ref().map(|ttl| now.saturating_add(ttl.at(now)))
    }

    /// Adds or updates an entry, and returns the keys whose write-back is to be started.
    fn keep(
        &mut self,
        now: Instant,
        key: <Request as StoreRequest>::Key,
        reply: <Request as StoreRequest>::Reply,
        unwritten: Option<Request>,
    ) -> Vec<<Request as StoreRequest>::Key> {
        let mut victims = Vec::new();
        self.entries.set_capacity(self.capacity.as_ref().map_or(usize::MAX, |it| it.at(now)));
        if self.entries.peek(&key).is_none() {
            self.entries.expect(&key);
            while let Some((key, entry)) = self.entries.make_room() {
                self.evicted += 1;
                victims.extend(self.hand_over(key, entry.unwritten));
            }
        }
        let expires = self.expiry(now);
        self.entries.insert(key, Entry { reply, unwritten, expires });
        victims
    }

    /// Puts a write on its way to the store; the key, if nobody brings it there yet.
    fn hand_over(
        &mut self,
        key: <Request as StoreRequest>::Key,
        request: Option<Request>,
    ) -> Option<<Request as StoreRequest>::Key> {
        let request = request?;
        let number = self.number();
        let before = self.unwritten.insert(key.clone(), Unwritten { request, number });
        before.is_none().then_some(key)
    }

    /// Puts all unwritten entries on their way to the store; they stay in the cache.
    fn clean(&mut self) -> Vec<<Request as StoreRequest>::Key> {
        let unwritten = self.entries.iter().filter(|(_, entry)| entry.unwritten.is_some());
        let keys: Vec<_> = unwritten.map(|(key, _)| key.clone()).collect();
        let mut started = Vec::new();
        for key in keys {
            let request = self.entries.peek_mut(&key).and_then(|entry| entry.unwritten.take());
            started.extend(self.hand_over(key, request));
        }
        started
    }

    /// Hits and misses so far.
    pub fn reads(&self) -> HitRate {
        self.reads
    }

    /// How many entries it holds.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many of its entries the store does not have yet.
    pub fn unwritten(&self) -> usize {
        self.entries.iter().filter(|(_, entry)| entry.unwritten.is_some()).count()
    }

    /// How many of its entries have not expired.
    pub fn valid(&self, now: Instant) -> usize {
        let is_valid = |entry: &Entry<Request>| entry.expires.is_none_or(|expires| now < expires);
        self.entries.iter().filter(|(_, entry)| is_valid(entry)).count()
    }
}
