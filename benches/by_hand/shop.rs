//! The shop as one program: every request, its attempts and what they hold as plain structs.

use std::collections::VecDeque;

use happysim::prelude::*;

use super::draws::Draws;
use super::heap::Heap;
use super::list::List;

pub(super) const SERVERS: usize = 8;
pub(super) const WORKERS: u32 = 4;
pub(super) const CONNECTIONS: u32 = 32;
pub(super) const ATTEMPTS: u32 = 3;
const FAILURES: u32 = 5;

/// What a run is compared by.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outline {
    pub(crate) ok: u64,
    pub(crate) failed: u64,
    pub(crate) timeouts: u64,
    /// Nanoseconds of all that went well.
    pub(crate) latency: u128,
}

/// Events: the kind in the upper bits, what it is about in the lower ones.
const SLOT_BITS: u32 = 21;
const ARRIVAL: u32 = 0;
/// An attempt arrives behind the link.
const AT_BALANCER: u32 = 1;
/// The processor time of an attempt is over.
const COMPUTED: u32 = 2;
/// The query of an attempt is over.
const QUERIED: u32 = 3;
/// An answer arrives at the client.
const ANSWERED: u32 = 4;
/// A request is tried again.
const RETRY: u32 = 5;

/// A user's request, until its outcome.
#[derive(Clone, Copy, Default)]
struct Request {
    began: u64,
    user: u64,
    attempts: u32,
    /// Tells an attempt from earlier ones, and from those of who had the slot before.
    epoch: u32,
    growth: f64,
}

/// One attempt on its way, which may outlive the request.
#[derive(Clone, Copy, Default)]
struct Attempt {
    request: u32,
    epoch: u32,
    server: u32,
    user: u64,
    failed: bool,
}

/// Slots that are used again.
struct Slots<T> {
    items: Vec<T>,
    free: Vec<u32>,
}

impl<T> Slots<T> {
    fn new() -> Self {
        Self { items: Vec::new(), free: Vec::new() }
    }

    fn insert(&mut self, item: T) -> u32 {
        match self.free.pop() {
            Some(slot) => {
                self.items[slot as usize] = item;
                slot
            }
            None => {
                self.items.push(item);
                self.items.len() as u32 - 1
            }
        }
    }
}

/// A server: its workers, who waits for one, and the breaker on its way to the database.
struct Server {
    cpu: Distribution,
    busy: u32,
    waiting: VecDeque<u32>,
    in_flight: u32,
    breaker: Breaker,
}

pub(super) struct Breaker {
    failures: u32,
    opens_until: u64,
    is_closed: bool,
}

impl Breaker {
    pub(super) fn closed() -> Self {
        Self { failures: 0, opens_until: 0, is_closed: true }
    }

    pub(super) fn passes(&self, now: u64) -> bool {
        self.is_closed || now >= self.opens_until
    }

    pub(super) fn learn(&mut self, now: u64, failed: bool) {
        self.failures = if failed { self.failures + 1 } else { 0 };
        self.is_closed = self.failures < FAILURES;
        if !self.is_closed {
            self.opens_until = now + seconds(30).as_nanos();
        }
    }
}

/// One direction of the link.
#[derive(Default)]
struct Line {
    last_arrival: u64,
}

/// Runs up to and including `end`.
pub(crate) fn run(seed: u64, patience: Duration, end: Instant) -> Outline {
    Shop::new(seed, patience).run(end)
}

/// The whole system.
struct Shop {
    heap: Heap,
    /// Timeouts all have the same length, so that the first to begin is the first to end.
    deadlines: VecDeque<(u64, u32, u32)>,
    patience: u64,
    arrivals: Arrivals,
    users: Random,
    loss: Chance,
    latency: Distribution,
    jitter: Distribution,
    choice: Random,
    query: Distribution,
    backoff: Random,
    lines: [Line; 2],
    servers: Vec<Server>,
    connections: u32,
    queries: VecDeque<u32>,
    requests: Slots<Request>,
    attempts: Slots<Attempt>,
    outline: Outline,
    bytes: u64,
}

impl Shop {
    fn new(seed: u64, patience: Duration) -> Self {
        let Draws { arrivals, users, loss, latency, jitter, choice, cpu, query, backoff } =
            Draws::new(seed);
        let server = |cpu| Server {
            cpu,
            busy: 0,
            waiting: VecDeque::new(),
            in_flight: 0,
            breaker: Breaker::closed(),
        };
        Self {
            heap: Heap::default(),
            deadlines: VecDeque::new(),
            patience: patience.as_nanos(),
            arrivals,
            users,
            loss,
            latency,
            jitter,
            choice,
            query,
            backoff,
            lines: Default::default(),
            servers: cpu.into_iter().map(server).collect(),
            connections: 0,
            queries: VecDeque::new(),
            requests: Slots::new(),
            attempts: Slots::new(),
            outline: Outline::default(),
            bytes: 0,
        }
    }

    fn run(mut self, end: Instant) -> Outline {
        let end = end.as_nanos();
        let first = self.arrivals.next().expect("arrivals go on");
        self.heap.push(first.as_nanos(), ARRIVAL << SLOT_BITS);
        loop {
            let next = self.heap.earliest().unwrap_or(u64::MAX);
            // Who answers at the instant of a deadline is in time.
            let deadline = self.deadlines.front().map_or(u64::MAX, |deadline| deadline.0);
            if next.min(deadline) > end {
                std::hint::black_box(self.bytes);
                return self.outline;
            }
            if deadline < next {
                self.time_out();
            } else if let Some((now, event)) = self.heap.pop() {
                self.handle(now, event >> SLOT_BITS, event & ((1 << SLOT_BITS) - 1));
            }
        }
    }

    fn handle(&mut self, now: u64, kind: u32, slot: u32) {
        match kind {
            ARRIVAL => self.arrive(now),
            AT_BALANCER => self.balance(now, slot),
            COMPUTED => self.ask(now, slot),
            QUERIED => self.answer(now, slot),
            ANSWERED => self.complete(now, slot),
            _ => self.send(now, slot),
        }
    }

    fn push(&mut self, time: u64, kind: u32, slot: u32) {
        self.heap.push(time, kind << SLOT_BITS | slot);
    }

    fn arrive(&mut self, now: u64) {
        let user = self.users.below(10_000);
        let epoch = 0;
        let request = Request { began: now, user, attempts: 0, epoch, growth: 1.0 };
        let slot = match self.requests.free.pop() {
            Some(slot) => {
                let epoch = self.requests.items[slot as usize].epoch;
                self.requests.items[slot as usize] = Request { epoch, ..request };
                slot
            }
            None => self.requests.insert(request),
        };
        self.send(now, slot);
        let next = self.arrivals.next().expect("arrivals go on");
        self.push(next.as_nanos(), ARRIVAL, 0);
    }

    /// An attempt of a request.
    fn send(&mut self, now: u64, slot: u32) {
        let request = &mut self.requests.items[slot as usize];
        request.attempts += 1;
        request.epoch += 1;
        let (epoch, user) = (request.epoch, request.user);
        self.deadlines.push_back((now + self.patience, slot, epoch));
        if let Some(arrival) = self.transmit(now, 0) {
            let attempt = Attempt { request: slot, epoch, server: 0, user, failed: false };
            let attempt = self.attempts.insert(attempt);
            self.push(arrival, AT_BALANCER, attempt);
        }
    }

    /// When a message arrives at the other end of the link, if it does.
    fn transmit(&mut self, now: u64, direction: usize) -> Option<u64> {
        let clock = Instant::from_nanos(now);
        if self.loss.hits(&clock) {
            return None;
        }
        let delay = self.latency.sample(&clock) + self.jitter.sample(&clock);
        let line = &mut self.lines[direction];
        line.last_arrival = line.last_arrival.max(now + delay.as_nanos());
        Some(line.last_arrival)
    }

    fn balance(&mut self, now: u64, slot: u32) {
        let first = self.choice.below(SERVERS as u64) as usize;
        let other = self.choice.below(SERVERS as u64 - 1) as usize;
        let second = if other >= first { other + 1 } else { other };
        let better = self.servers[second].in_flight < self.servers[first].in_flight;
        let number = if better { second } else { first };
        self.attempts.items[slot as usize].server = number as u32;
        let server = &mut self.servers[number];
        server.in_flight += 1;
        if server.busy < WORKERS {
            server.busy += 1;
            self.compute(now, number, slot);
        } else {
            server.waiting.push_back(slot);
        }
    }

    fn compute(&mut self, now: u64, server: usize, slot: u32) {
        let work = self.servers[server].cpu.sample(&Instant::from_nanos(now));
        self.push(now + work.as_nanos(), COMPUTED, slot);
    }

    /// A query passes the breaker of its server, and waits for a connection.
    fn ask(&mut self, now: u64, slot: u32) {
        let attempt = &mut self.attempts.items[slot as usize];
        if !self.servers[attempt.server as usize].breaker.passes(now) {
            attempt.failed = true;
            self.leave(now, slot);
        } else if self.connections < CONNECTIONS {
            self.connections += 1;
            self.query(now, slot);
        } else {
            self.queries.push_back(slot);
        }
    }

    fn query(&mut self, now: u64, slot: u32) {
        let time = self.query.sample(&Instant::from_nanos(now));
        self.push(now + time.as_nanos(), QUERIED, slot);
    }

    fn answer(&mut self, now: u64, slot: u32) {
        match self.queries.pop_front() {
            Some(next) => self.query(now, next),
            None => self.connections -= 1,
        }
        let attempt = self.attempts.items[slot as usize];
        self.servers[attempt.server as usize].breaker.learn(now, attempt.failed);
        self.bytes += 512 + attempt.user % 64;
        self.leave(now, slot);
    }

    /// An attempt leaves its server, for the way back.
    fn leave(&mut self, now: u64, slot: u32) {
        let number = self.attempts.items[slot as usize].server as usize;
        let server = &mut self.servers[number];
        server.in_flight -= 1;
        match server.waiting.pop_front() {
            Some(next) => self.compute(now, number, next),
            None => server.busy -= 1,
        }
        match self.transmit(now, 1) {
            Some(arrival) => self.push(arrival, ANSWERED, slot),
            None => self.attempts.free.push(slot),
        }
    }

    fn complete(&mut self, now: u64, slot: u32) {
        self.attempts.free.push(slot);
        let Attempt { request, epoch, failed, .. } = self.attempts.items[slot as usize];
        if self.requests.items[request as usize].epoch != epoch {
            return; // too late
        }
        if failed {
            self.try_again(now, request);
        } else {
            self.outline.ok += 1;
            let began = self.requests.items[request as usize].began;
            self.outline.latency += u128::from(now - began);
            self.end(request);
        }
    }

    fn time_out(&mut self) {
        let Some((now, request, epoch)) = self.deadlines.pop_front() else { return };
        if self.requests.items[request as usize].epoch == epoch {
            self.outline.timeouts += 1;
            self.try_again(now, request);
        }
    }

    fn try_again(&mut self, now: u64, slot: u32) {
        let request = &mut self.requests.items[slot as usize];
        request.epoch += 1;
        if request.attempts == ATTEMPTS {
            self.outline.failed += 1;
            self.end(slot);
            return;
        }
        let delay = millis(20).mul_f64(request.growth).min(seconds(1));
        request.growth *= 2.0;
        let delay = delay.mul_f64(self.backoff.uniform());
        self.push(now + delay.as_nanos(), RETRY, slot);
    }

    fn end(&mut self, slot: u32) {
        self.requests.items[slot as usize].epoch += 1;
        self.requests.free.push(slot);
    }
}
