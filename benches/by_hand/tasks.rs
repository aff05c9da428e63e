//! What it takes by hand that everything on its way is a task that could be shown, cancelled and copied:
//! slots with an epoch, so that an old wake-up finds nobody; a row for each call, so that a late reply finds
//! nobody; a row for each claim, with its owner and since when it waits; outcomes at each wire and node.

use std::collections::VecDeque;

// What is due, in 24 bits: its kind, and for a wake-up the slot and the lower bits of its epoch.
pub(super) const KIND: u32 = 20;
const EPOCH: u32 = 8;

/// What a call yields: a number of bytes, if it went well.
pub(super) type Outcome = Result<u64, ()>;

/// A row and its generation.
#[derive(Clone, Copy)]
pub(super) struct Key {
    row: u32,
    generation: u32,
}

/// Nobody waits for the answer.
pub(super) const NOBODY: Key = Key { row: u32::MAX, generation: 0 };

/// Requests by outcome.
#[derive(Default)]
pub(super) struct Outcomes {
    pub(super) arrived: u64,
    pub(super) ok: u64,
    pub(super) failed: u64,
}

impl Outcomes {
    pub(super) fn end(&mut self, is_ok: bool) {
        *(if is_ok { &mut self.ok } else { &mut self.failed }) += 1;
    }
}

pub(super) struct Task<S> {
    pub(super) epoch: u32,
    state: S,
    reply_to: Key,
    pub(super) since: u64,
}

/// The tasks of a node.
pub(super) struct Tasks<S> {
    kind: u32,
    pub(super) slots: Vec<Task<S>>,
    free: Vec<u32>,
    pub(super) outcomes: Outcomes,
}

impl<S: Copy> Tasks<S> {
    pub(super) fn new(kind: u32) -> Self {
        Self { kind, slots: Vec::new(), free: Vec::new(), outcomes: Outcomes::default() }
    }

    pub(super) fn begin(&mut self, since: u64, reply_to: Key, state: S) -> u32 {
        self.outcomes.arrived += 1;
        match self.free.pop() {
            Some(slot) => {
                let task = &mut self.slots[slot as usize];
                *task = Task { epoch: task.epoch, state, reply_to, since };
                slot
            }
            None => {
                self.slots.push(Task { epoch: 0, state, reply_to, since });
                self.slots.len() as u32 - 1
            }
        }
    }

    /// What wakes a task from its present wait.
    pub(super) fn wake(&self, slot: u32) -> u32 {
        let epoch = self.slots[slot as usize].epoch & ((1 << EPOCH) - 1);
        self.kind << KIND | slot << EPOCH | epoch
    }

    /// The task that still waits for this event.
    pub(super) fn resume(&mut self, event: u32) -> Option<(u32, S)> {
        let slot = event >> EPOCH & ((1 << (KIND - EPOCH)) - 1);
        if self.wake(slot) != event {
            return None;
        }
        let task = &mut self.slots[slot as usize];
        task.epoch += 1;
        Some((slot, task.state))
    }

    pub(super) fn wait(&mut self, slot: u32, state: S) {
        self.slots[slot as usize].state = state;
    }

    pub(super) fn end(&mut self, slot: u32, is_ok: bool) -> Key {
        self.outcomes.end(is_ok);
        self.free.push(slot);
        self.slots[slot as usize].reply_to
    }
}

#[derive(Clone, Copy)]
struct Row {
    generation: u32,
    place: u32,
    waiter: u32,
    outcome: Option<Outcome>,
    #[allow(dead_code, reason = "it is there to be shown")]
    sent_at: u64,
}

/// A wire: what is on its way to the callee, and the open calls.
pub(super) struct Wire<M> {
    pub(super) mailbox: VecDeque<(M, Key)>,
    rows: Vec<Row>,
    free: Vec<u32>,
    /// Open calls to each replica.
    pub(super) in_flight: Vec<u32>,
    pub(super) outcomes: Outcomes,
}

impl<M> Wire<M> {
    /// To so many replicas.
    pub(super) fn new(replicas: usize) -> Self {
        let (mailbox, rows, free) = (VecDeque::new(), Vec::new(), Vec::new());
        Self { mailbox, rows, free, in_flight: vec![0; replicas], outcomes: Outcomes::default() }
    }

    pub(super) fn call(&mut self, sent_at: u64, place: usize, waiter: u32, message: M) -> Key {
        self.outcomes.arrived += 1;
        self.in_flight[place] += 1;
        let new = Row { generation: 0, place: place as u32, waiter, outcome: None, sent_at };
        let row = match self.free.pop() {
            Some(row) => {
                let generation = self.rows[row as usize].generation;
                self.rows[row as usize] = Row { generation, ..new };
                row
            }
            None => {
                self.rows.push(new);
                self.rows.len() as u32 - 1
            }
        };
        let key = Key { row, generation: self.rows[row as usize].generation };
        self.mailbox.push_back((message, key));
        key
    }

    pub(super) fn receive(&mut self) -> (M, Key) {
        self.mailbox.pop_front().expect("it was sent")
    }

    /// Who is woken by the answer; nobody if it is late.
    pub(super) fn answer(&mut self, key: Key, outcome: Outcome) -> Option<u32> {
        let row = &mut self.rows[key.row as usize];
        if row.generation != key.generation {
            return None;
        }
        self.outcomes.end(outcome.is_ok());
        row.outcome = Some(outcome);
        Some(row.waiter)
    }

    /// The outcome, after which the call is closed.
    pub(super) fn take(&mut self, key: Key) -> Option<Outcome> {
        let row = &mut self.rows[key.row as usize];
        row.generation += 1;
        self.in_flight[row.place as usize] -= 1;
        self.free.push(key.row);
        row.outcome
    }
}

struct Claim {
    generation: u32,
    is_granted: bool,
    owner: u32,
    #[allow(dead_code, reason = "it is there to be shown")]
    since: u64,
}

/// What is held by one at a time, so and so often.
pub(super) struct Station {
    capacity: u32,
    in_use: u32,
    claims: Vec<Claim>,
    free: Vec<u32>,
    waiting: VecDeque<Key>,
}

impl Station {
    pub(super) fn new(capacity: u32) -> Self {
        let (claims, free, waiting) = (Vec::new(), Vec::new(), VecDeque::new());
        Self { capacity, in_use: 0, claims, free, waiting }
    }

    /// A claim of this task, and whether it is granted at once.
    pub(super) fn claim(&mut self, since: u64, owner: u32) -> (u32, bool) {
        let row = self.free.pop().unwrap_or_else(|| {
            self.claims.push(Claim { generation: 0, is_granted: false, owner: 0, since: 0 });
            self.claims.len() as u32 - 1
        });
        let is_granted = self.in_use < self.capacity && self.waiting.is_empty();
        let claim = &mut self.claims[row as usize];
        let generation = claim.generation;
        *claim = Claim { generation, is_granted, owner, since };
        if is_granted {
            self.in_use += 1;
        } else {
            self.waiting.push_back(Key { row, generation });
        }
        (row, is_granted)
    }

    /// Who waits longest is next, and is woken.
    pub(super) fn release(&mut self, row: u32) -> Option<u32> {
        self.claims[row as usize].generation += 1;
        self.free.push(row);
        self.in_use -= 1;
        while let Some(key) = self.waiting.pop_front() {
            let claim = &mut self.claims[key.row as usize];
            if claim.generation == key.generation && !claim.is_granted {
                claim.is_granted = true;
                self.in_use += 1;
                return Some(claim.owner);
            }
        }
        None
    }
}
