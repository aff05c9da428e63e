//! A queue with one server, in which every customer is a task that could be shown, cancelled and copied.
//!
//! It is written for this queue alone too, and does no more than that takes: a slot for each customer
//! with an epoch, so that an old wake-up finds nobody; a row for each claim, with its owner and since when
//! it waits; a ring for what happens at one instant, in its order; outcomes at the wire and at the server.

use std::collections::VecDeque;

use happysim::prelude::*;

use super::heap::Heap;
use super::list::List;

// What is due: its kind, and for a wake-up the slot and the lower bits of its epoch.
const ARRIVAL: u32 = 0;
const MESSAGE: u32 = 1 << 22;
const WAKE: u32 = 2 << 22;
const KIND: u32 = 3 << 22;
const EPOCH_BITS: u32 = 10;

#[derive(Clone, Copy)]
enum State {
    Finished,
    Waits { claim: u32 },
    Works { claim: u32 },
}

struct Task {
    epoch: u32,
    state: State,
    since: u64,
}

#[derive(Clone, Copy)]
struct Claim {
    generation: u32,
    is_granted: bool,
    owner: u32,
    #[allow(dead_code, reason = "it is there to be shown")]
    since: u64,
}

/// Requests by outcome.
#[derive(Default)]
struct Outcomes {
    arrived: u64,
    ok: u64,
}

struct Queue {
    heap: Heap,
    ring: VecDeque<u32>,
    mailbox: VecDeque<()>,
    tasks: Vec<Task>,
    free_tasks: Vec<u32>,
    claims: Vec<Claim>,
    free_claims: Vec<u32>,
    waiting: VecDeque<(u32, u32)>,
    in_use: u32,
    arrivals: Arrivals,
    service: Distribution,
    wire: Outcomes,
    server: Outcomes,
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
        tasks: Vec::new(),
        free_tasks: Vec::new(),
        claims: Vec::new(),
        free_claims: Vec::new(),
        waiting: VecDeque::new(),
        in_use: 0,
        arrivals,
        service,
        wire: Outcomes::default(),
        server: Outcomes::default(),
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
    let departed = queue.server.ok;
    assert!(queue.wire.ok == departed && queue.wire.arrived >= queue.server.arrived);
    (departed, queue.sojourn as f64 / departed as f64 / 1e9)
}

impl Queue {
    fn handle(&mut self, now: u64, event: u32) {
        match event & KIND {
            ARRIVAL => {
                self.wire.arrived += 1;
                self.mailbox.push_back(());
                self.ring.push_back(MESSAGE);
                self.expect_arrival();
            }
            MESSAGE => self.receive(now),
            _ => self.resume(now, (event & !KIND) >> EPOCH_BITS, event),
        }
    }

    fn expect_arrival(&mut self) {
        let next = self.arrivals.next().expect("arrivals go on");
        self.heap.push(next.as_nanos(), ARRIVAL);
    }

    /// What wakes a task from its present wait.
    fn wake(&self, slot: u32) -> u32 {
        let epoch = self.tasks[slot as usize].epoch & ((1 << EPOCH_BITS) - 1);
        WAKE | slot << EPOCH_BITS | epoch
    }

    /// The oldest message becomes a task, which wants the server.
    fn receive(&mut self, now: u64) {
        self.mailbox.pop_front();
        self.server.arrived += 1;
        let slot = self.free_tasks.pop().unwrap_or_else(|| {
            self.tasks.push(Task { epoch: 0, state: State::Finished, since: now });
            self.tasks.len() as u32 - 1
        });
        self.tasks[slot as usize].since = now;
        let is_granted = self.in_use == 0 && self.waiting.is_empty();
        let (claim, generation) = self.claim(now, slot, is_granted);
        if is_granted {
            self.in_use = 1;
            self.work(now, slot, claim);
        } else {
            self.tasks[slot as usize].state = State::Waits { claim };
            self.waiting.push_back((claim, generation));
        }
    }

    /// A row for a claim of this task.
    fn claim(&mut self, now: u64, slot: u32, is_granted: bool) -> (u32, u32) {
        let claim = self.free_claims.pop().unwrap_or_else(|| {
            self.claims.push(Claim { generation: 0, is_granted: false, owner: 0, since: 0 });
            self.claims.len() as u32 - 1
        });
        let owner = self.wake(slot);
        let row = &mut self.claims[claim as usize];
        *row = Claim { generation: row.generation, is_granted, owner, since: now };
        (claim, row.generation)
    }

    fn work(&mut self, now: u64, slot: u32, claim: u32) {
        let time = self.service.sample(&Instant::from_nanos(now));
        self.tasks[slot as usize].state = State::Works { claim };
        let wake = self.wake(slot);
        self.heap.push(now + time.as_nanos(), wake);
    }

    fn resume(&mut self, now: u64, slot: u32, event: u32) {
        if self.wake(slot) != event {
            return;
        }
        let task = &mut self.tasks[slot as usize];
        task.epoch += 1;
        let since = task.since;
        match std::mem::replace(&mut task.state, State::Finished) {
            State::Finished => {}
            State::Waits { claim } => self.work(now, slot, claim),
            State::Works { claim } => {
                self.sojourn += u128::from(now - since);
                self.server.ok += 1;
                self.wire.ok += 1;
                self.free_tasks.push(slot);
                self.release(claim);
            }
        }
    }

    /// Whoever waits longest is next.
    fn release(&mut self, claim: u32) {
        self.claims[claim as usize].generation += 1;
        self.free_claims.push(claim);
        self.in_use = 0;
        while let Some((next, generation)) = self.waiting.pop_front() {
            let row = &mut self.claims[next as usize];
            if row.generation == generation && !row.is_granted {
                row.is_granted = true;
                self.in_use = 1;
                self.ring.push_back(row.owner);
                return;
            }
        }
    }
}
