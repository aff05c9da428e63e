//! A queue with one server, in which every customer is a task that could be shown, cancelled and copied.
//!
//! It is written for this queue alone too, and does no more than that takes: a task for each customer, a
//! row for each claim, and a ring for what happens at one instant, in its order.

use std::collections::VecDeque;

use happysim::prelude::*;

use super::heap::Heap;
use super::list::List;
use super::tasks::{KIND, NOBODY, Outcomes, Station, Tasks};

// Kinds of what is due.
const ARRIVAL: u32 = 0;
const MESSAGE: u32 = 1;
const WAKE: u32 = 2;

#[derive(Clone, Copy)]
enum State {
    Waits { claim: u32 },
    Works { claim: u32 },
}

struct Queue {
    heap: Heap,
    ring: VecDeque<u32>,
    mailbox: VecDeque<()>,
    customers: Tasks<State>,
    server: Station,
    arrivals: Arrivals,
    service: Distribution,
    wire: Outcomes,
    sojourn: u128,
}

/// Customers who have left, and the mean of their sojourns in seconds.
pub(crate) fn run(seed: u64, end: Instant) -> (u64, f64) {
    let mut arrivals = Arrivals::poisson(Rate::per_second(8.0));
    arrivals.bind_stream(Random::new(seed, "customers", "arrivals"));
    let mut service = Distribution::<Duration>::exponential(millis(100)).expect("it is valid");
    service.bind_stream(Random::new(seed, "server", "service"));
    let mut queue = Queue {
        heap: Heap::default(),
        ring: VecDeque::new(),
        mailbox: VecDeque::new(),
        customers: Tasks::new(WAKE),
        server: Station::new(1),
        arrivals,
        service,
        wire: Outcomes::default(),
        sojourn: 0,
    };
    queue.expect_arrival();
    while let Some((now, event)) = queue.heap.pop() {
        if now > end.as_nanos() {
            break;
        }
        queue.handle(now, event);
        while let Some(event) = queue.ring.pop_front() {
            queue.handle(now, event);
        }
    }
    let Outcomes { arrived, ok: departed, .. } = queue.customers.outcomes;
    assert!(queue.wire.ok == departed && queue.wire.arrived >= arrived);
    (departed, queue.sojourn as f64 / departed as f64 / 1e9)
}

impl Queue {
    fn handle(&mut self, now: u64, event: u32) {
        match event >> KIND {
            ARRIVAL => {
                self.wire.arrived += 1;
                self.mailbox.push_back(());
                self.ring.push_back(MESSAGE << KIND);
                self.expect_arrival();
            }
            MESSAGE => self.receive(now),
            _ => self.resume(now, event),
        }
    }

    fn expect_arrival(&mut self) {
        let next = self.arrivals.next().expect("arrivals go on");
        self.heap.push(next.as_nanos(), ARRIVAL << KIND);
    }

    /// The oldest message becomes a task, which wants the server.
    fn receive(&mut self, now: u64) {
        self.mailbox.pop_front();
        let slot = self.customers.begin(now, NOBODY, State::Waits { claim: 0 });
        let (claim, is_granted) = self.server.claim(now, self.customers.wake(slot));
        if is_granted {
            self.work(now, slot, claim);
        } else {
            self.customers.wait(slot, State::Waits { claim });
        }
    }

    fn work(&mut self, now: u64, slot: u32, claim: u32) {
        let time = self.service.sample(&Instant::from_nanos(now));
        self.customers.wait(slot, State::Works { claim });
        self.heap.push(now + time.as_nanos(), self.customers.wake(slot));
    }

    fn resume(&mut self, now: u64, event: u32) {
        let Some((slot, state)) = self.customers.resume(event) else { return };
        match state {
            State::Waits { claim } => self.work(now, slot, claim),
            State::Works { claim } => {
                self.sojourn += u128::from(now - self.customers.slots[slot as usize].since);
                self.wire.end(true);
                self.customers.end(slot, true);
                if let Some(next) = self.server.release(claim) {
                    self.ring.push_back(next);
                }
            }
        }
    }
}
