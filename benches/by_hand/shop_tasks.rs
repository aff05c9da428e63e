//! The shop, in which everything on its way is a task that could be shown, cancelled and copied.
//!
//! It is written for this shop alone too, and does no more than that takes: a task at each node that a
//! request passes, a row for each call and each claim, and a ring for what happens at one instant, in its
//! order.

use std::collections::VecDeque;

use happysim::prelude::*;

use super::draws::Draws;
use super::heap::Heap;
use super::list::List;
use super::shop::{ATTEMPTS, Breaker, CONNECTIONS, Outline, SERVERS, WORKERS};
use super::tasks::{KIND, Key, NOBODY, Outcome, Station, Tasks, Wire};

// Kinds of what is due.
const ARRIVAL: u32 = 0;
const TO_BROWSER: u32 = 1;
const TO_LINK: u32 = 2;
const TO_BALANCER: u32 = 3;
const TO_SERVER: u32 = 4;
const TO_BREAKER: u32 = 5;
const TO_DATABASE: u32 = 6;
const BROWSER: u32 = 7;
const LINK: u32 = 8;
const BALANCER: u32 = 9;
const SERVER: u32 = 10;
const BREAKER: u32 = 11;
const DATABASE: u32 = 12;

#[derive(Clone, Copy)]
struct Attempts {
    user: u64,
    count: u32,
    growth: f64,
}

#[derive(Clone, Copy)]
enum Browser {
    Calls { attempts: Attempts, call: Key },
    BacksOff { attempts: Attempts },
}

#[derive(Clone, Copy)]
enum Link {
    Forwards { user: u64 },
    Calls { call: Key },
    Returns { outcome: Outcome },
}

#[derive(Clone, Copy)]
struct Calls {
    call: Key,
}

#[derive(Clone, Copy)]
enum Server {
    Waits { server: usize, user: u64, claim: u32 },
    Computes { server: usize, user: u64, claim: u32 },
    Calls { server: usize, user: u64, claim: u32, call: Key },
}

#[derive(Clone, Copy)]
struct Guarded {
    server: usize,
    call: Key,
}

#[derive(Clone, Copy)]
enum Database {
    Waits { claim: u32 },
    Runs { claim: u32 },
}

/// Runs up to and including `end`.
pub(crate) fn run(seed: u64, patience: Duration, end: Instant) -> Outline {
    Shop::new(seed, patience).run(end)
}

/// The whole system.
struct Shop {
    heap: Heap,
    ring: VecDeque<u32>,
    /// Timeouts all have the same length, so that the first to begin is the first to end.
    deadlines: VecDeque<(u64, u32, u32)>,
    patience: u64,
    arrivals: Arrivals,
    users: Random,
    loss: Chance,
    latency: Distribution,
    jitter: Distribution,
    last_arrivals: [u64; 2],
    choice: Random,
    cpu: Vec<Distribution>,
    query: Distribution,
    backoff: Random,
    workers: Vec<Station>,
    connections: Station,
    breakers: Vec<Breaker>,
    requests: Wire<u64>,
    attempts: Wire<u64>,
    transmitted: Wire<u64>,
    balanced: Wire<(usize, u64)>,
    guarded: Wire<usize>,
    queries: Wire<()>,
    browser: Tasks<Browser>,
    link: Tasks<Link>,
    balancer: Tasks<Calls>,
    servers: Tasks<Server>,
    guards: Tasks<Guarded>,
    database: Tasks<Database>,
    outline: Outline,
}

impl Shop {
    fn new(seed: u64, patience: Duration) -> Self {
        let Draws { arrivals, users, loss, latency, jitter, choice, cpu, query, backoff } =
            Draws::new(seed);
        let breaker = |_| Breaker::closed();
        Self {
            heap: Heap::default(),
            ring: VecDeque::new(),
            deadlines: VecDeque::new(),
            patience: patience.as_nanos(),
            arrivals,
            users,
            loss,
            latency,
            jitter,
            last_arrivals: [0; 2],
            choice,
            cpu,
            query,
            backoff,
            workers: (0..SERVERS).map(|_| Station::new(WORKERS)).collect(),
            connections: Station::new(CONNECTIONS),
            breakers: (0..SERVERS).map(breaker).collect(),
            requests: Wire::new(1),
            attempts: Wire::new(1),
            transmitted: Wire::new(1),
            balanced: Wire::new(SERVERS),
            guarded: Wire::new(SERVERS),
            queries: Wire::new(1),
            browser: Tasks::new(BROWSER),
            link: Tasks::new(LINK),
            balancer: Tasks::new(BALANCER),
            servers: Tasks::new(SERVER),
            guards: Tasks::new(BREAKER),
            database: Tasks::new(DATABASE),
            outline: Outline::default(),
        }
    }

    fn run(mut self, end: Instant) -> Outline {
        let end = end.as_nanos();
        self.expect_arrival();
        let mut now = 0;
        loop {
            // What the list has of an instant comes before what is scheduled in it.
            let next = self.heap.earliest().unwrap_or(u64::MAX);
            if next > now
                && let Some(event) = self.ring.pop_front()
            {
                self.handle(now, event);
                continue;
            }
            // Who answers at the instant of a deadline is in time.
            let deadline = self.deadlines.front().map_or(u64::MAX, |deadline| deadline.0);
            if next.min(deadline) > end {
                return self.end();
            }
            if deadline < next {
                now = deadline;
                self.time_out(now);
            } else if let Some((time, event)) = self.heap.pop() {
                now = time;
                self.handle(now, event);
            }
        }
    }

    /// All wires and nodes agree.
    fn end(self) -> Outline {
        let at_wires =
            [&self.attempts.outcomes, &self.transmitted.outcomes, &self.balanced.outcomes];
        let at_nodes = [&self.link.outcomes, &self.balancer.outcomes, &self.servers.outcomes];
        for (wire, node) in at_wires.into_iter().zip(at_nodes) {
            assert!(
                wire.arrived >= node.arrived && wire.ok <= node.ok && wire.failed <= node.failed
            );
        }
        assert_eq!(self.browser.outcomes.ok, self.outline.ok);
        self.outline
    }

    #[inline(always)]
    fn handle(&mut self, now: u64, event: u32) {
        match event >> KIND {
            ARRIVAL => self.arrive(),
            TO_BROWSER => self.receive(now),
            TO_LINK => self.forward(now),
            TO_BALANCER => self.balance(now),
            TO_SERVER => self.admit(now),
            TO_BREAKER => self.guard(now),
            TO_DATABASE => self.connect(now),
            BROWSER => self.resume_browser(now, event),
            LINK => self.resume_link(now, event),
            BALANCER => self.resume_balancer(event),
            SERVER => self.resume_server(now, event),
            BREAKER => self.resume_breaker(now, event),
            _ => self.resume_database(now, event),
        }
    }

    /// A message is on its way.
    fn send(&mut self, kind: u32) {
        self.ring.push_back(kind << KIND);
    }

    /// Somebody is woken, if anybody is.
    fn soon(&mut self, wake: Option<u32>) {
        if let Some(wake) = wake {
            self.ring.push_back(wake);
        }
    }

    fn expect_arrival(&mut self) {
        let next = self.arrivals.next().expect("arrivals go on");
        self.heap.push(next.as_nanos(), ARRIVAL << KIND);
    }

    fn arrive(&mut self) {
        let user = self.users.below(10_000);
        self.requests.outcomes.arrived += 1;
        self.requests.mailbox.push_back((user, NOBODY));
        self.send(TO_BROWSER);
        self.expect_arrival();
    }

    fn receive(&mut self, now: u64) {
        let (user, reply_to) = self.requests.receive();
        let attempts = Attempts { user, count: 0, growth: 1.0 };
        let slot = self.browser.begin(now, reply_to, Browser::BacksOff { attempts });
        self.attempt(now, slot, attempts);
    }

    fn attempt(&mut self, now: u64, slot: u32, mut attempts: Attempts) {
        attempts.count += 1;
        let wake = self.browser.wake(slot);
        let call = self.attempts.call(now, 0, wake, attempts.user);
        self.send(TO_LINK);
        let epoch = self.browser.slots[slot as usize].epoch;
        self.deadlines.push_back((now + self.patience, slot, epoch));
        self.browser.wait(slot, Browser::Calls { attempts, call });
    }

    fn resume_browser(&mut self, now: u64, event: u32) {
        let Some((slot, state)) = self.browser.resume(event) else { return };
        match state {
            Browser::BacksOff { attempts } => self.attempt(now, slot, attempts),
            Browser::Calls { attempts, call } => match self.attempts.take(call) {
                Some(Ok(_)) => {
                    self.outline.ok += 1;
                    self.outline.latency +=
                        u128::from(now - self.browser.slots[slot as usize].since);
                    self.requests.outcomes.end(true);
                    self.browser.end(slot, true);
                }
                _ => self.try_again(now, slot, attempts),
            },
        }
    }

    fn time_out(&mut self, now: u64) {
        let Some((_, slot, epoch)) = self.deadlines.pop_front() else { return };
        if self.browser.slots[slot as usize].epoch != epoch {
            return;
        }
        let event = self.browser.wake(slot);
        let Some((slot, Browser::Calls { attempts, call })) = self.browser.resume(event) else {
            return;
        };
        self.outline.timeouts += 1;
        self.attempts.take(call);
        self.try_again(now, slot, attempts);
    }

    fn try_again(&mut self, now: u64, slot: u32, mut attempts: Attempts) {
        if attempts.count == ATTEMPTS {
            self.outline.failed += 1;
            self.requests.outcomes.end(false);
            self.browser.end(slot, false);
            return;
        }
        let delay = millis(20).mul_f64(attempts.growth).min(seconds(1));
        attempts.growth *= 2.0;
        let delay = delay.mul_f64(self.backoff.uniform());
        self.browser.wait(slot, Browser::BacksOff { attempts });
        self.heap.push(now + delay.as_nanos(), self.browser.wake(slot));
    }

    /// When a message arrives at the other end of the link, if it does.
    fn transmit(&mut self, now: u64, direction: usize) -> Option<u64> {
        let clock = Instant::from_nanos(now);
        if self.loss.hits(&clock) {
            return None;
        }
        let delay = self.latency.sample(&clock) + self.jitter.sample(&clock);
        let last = &mut self.last_arrivals[direction];
        *last = (*last).max(now + delay.as_nanos());
        Some(*last)
    }

    fn forward(&mut self, now: u64) {
        let (user, reply_to) = self.attempts.receive();
        let slot = self.link.begin(now, reply_to, Link::Forwards { user });
        match self.transmit(now, 0) {
            Some(arrival) => self.heap.push(arrival, self.link.wake(slot)),
            None => _ = self.link.end(slot, false),
        }
    }

    fn resume_link(&mut self, now: u64, event: u32) {
        let Some((slot, state)) = self.link.resume(event) else { return };
        match state {
            Link::Forwards { user } => {
                let call = self.transmitted.call(now, 0, self.link.wake(slot), user);
                self.send(TO_BALANCER);
                self.link.wait(slot, Link::Calls { call });
            }
            Link::Calls { call } => {
                let outcome = self.transmitted.take(call).unwrap_or(Err(()));
                match self.transmit(now, 1) {
                    Some(arrival) => {
                        self.link.wait(slot, Link::Returns { outcome });
                        self.heap.push(arrival, self.link.wake(slot));
                    }
                    None => _ = self.link.end(slot, false),
                }
            }
            Link::Returns { outcome } => {
                let reply_to = self.link.end(slot, outcome.is_ok());
                let waiter = self.attempts.answer(reply_to, outcome);
                self.soon(waiter);
            }
        }
    }

    fn balance(&mut self, now: u64) {
        let (user, reply_to) = self.transmitted.receive();
        let first = self.choice.below(SERVERS as u64) as usize;
        let other = self.choice.below(SERVERS as u64 - 1) as usize;
        let second = if other >= first { other + 1 } else { other };
        let in_flight = &self.balanced.in_flight;
        let server = if in_flight[second] < in_flight[first] { second } else { first };
        let slot = self.balancer.begin(now, reply_to, Calls { call: NOBODY });
        let call = self.balanced.call(now, server, self.balancer.wake(slot), (server, user));
        self.send(TO_SERVER);
        self.balancer.wait(slot, Calls { call });
    }

    fn resume_balancer(&mut self, event: u32) {
        let Some((slot, Calls { call })) = self.balancer.resume(event) else { return };
        let outcome = self.balanced.take(call).unwrap_or(Err(()));
        let reply_to = self.balancer.end(slot, outcome.is_ok());
        let waiter = self.transmitted.answer(reply_to, outcome);
        self.soon(waiter);
    }

    fn admit(&mut self, now: u64) {
        let ((server, user), reply_to) = self.balanced.receive();
        let slot = self.servers.begin(now, reply_to, Server::Waits { server, user, claim: 0 });
        let (claim, is_granted) = self.workers[server].claim(now, self.servers.wake(slot));
        if is_granted {
            self.compute(now, slot, server, user, claim);
        } else {
            self.servers.wait(slot, Server::Waits { server, user, claim });
        }
    }

    fn compute(&mut self, now: u64, slot: u32, server: usize, user: u64, claim: u32) {
        let work = self.cpu[server].sample(&Instant::from_nanos(now));
        self.servers.wait(slot, Server::Computes { server, user, claim });
        self.heap.push(now + work.as_nanos(), self.servers.wake(slot));
    }

    fn resume_server(&mut self, now: u64, event: u32) {
        let Some((slot, state)) = self.servers.resume(event) else { return };
        match state {
            Server::Waits { server, user, claim } => self.compute(now, slot, server, user, claim),
            Server::Computes { server, user, claim } => {
                let call = self.guarded.call(now, server, self.servers.wake(slot), server);
                self.send(TO_BREAKER);
                self.servers.wait(slot, Server::Calls { server, user, claim, call });
            }
            Server::Calls { server, user, claim, call } => {
                let rows = self.guarded.take(call).unwrap_or(Err(()));
                let outcome = rows.map(|rows| 512 + user % 64 + rows);
                let reply_to = self.servers.end(slot, outcome.is_ok());
                let waiter = self.balanced.answer(reply_to, outcome);
                self.soon(waiter);
                let next = self.workers[server].release(claim);
                self.soon(next);
            }
        }
    }

    fn guard(&mut self, now: u64) {
        let (server, reply_to) = self.guarded.receive();
        let slot = self.guards.begin(now, reply_to, Guarded { server, call: NOBODY });
        if self.breakers[server].passes(now) {
            let call = self.queries.call(now, 0, self.guards.wake(slot), ());
            self.send(TO_DATABASE);
            self.guards.wait(slot, Guarded { server, call });
        } else {
            let reply_to = self.guards.end(slot, false);
            let waiter = self.guarded.answer(reply_to, Err(()));
            self.soon(waiter);
        }
    }

    fn resume_breaker(&mut self, now: u64, event: u32) {
        let Some((slot, Guarded { server, call })) = self.guards.resume(event) else { return };
        let outcome = self.queries.take(call).unwrap_or(Err(()));
        self.breakers[server].learn(now, outcome.is_err());
        let reply_to = self.guards.end(slot, outcome.is_ok());
        let waiter = self.guarded.answer(reply_to, outcome);
        self.soon(waiter);
    }

    fn connect(&mut self, now: u64) {
        let ((), reply_to) = self.queries.receive();
        let slot = self.database.begin(now, reply_to, Database::Waits { claim: 0 });
        let (claim, is_granted) = self.connections.claim(now, self.database.wake(slot));
        if is_granted {
            self.run_query(now, slot, claim);
        } else {
            self.database.wait(slot, Database::Waits { claim });
        }
    }

    fn run_query(&mut self, now: u64, slot: u32, claim: u32) {
        let time = self.query.sample(&Instant::from_nanos(now));
        self.database.wait(slot, Database::Runs { claim });
        self.heap.push(now + time.as_nanos(), self.database.wake(slot));
    }

    fn resume_database(&mut self, now: u64, event: u32) {
        let Some((slot, state)) = self.database.resume(event) else { return };
        match state {
            Database::Waits { claim } => self.run_query(now, slot, claim),
            Database::Runs { claim } => {
                let reply_to = self.database.end(slot, true);
                let waiter = self.queries.answer(reply_to, Ok(0));
                self.soon(waiter);
                let next = self.connections.release(claim);
                self.soon(next);
            }
        }
    }
}
