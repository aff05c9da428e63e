//! Entities of which the random topologies are made, besides those of the library. Each waits
//! for others with a timeout, since messages may be lost.

use happysim::prelude::*;

/// Holds a worker while it computes and calls what is next.
#[entity]
pub struct Worker {
    workers: Resource,
    cpu: Distribution,
    patience: Duration,
    giving_up: GivingUp,
    #[port]
    next: Call<u64, ()>,
}

#[entity]
impl Worker {
    async fn handle(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        let _worker = self.workers.acquire(1).await;
        cx.sleep(self.cpu.sample(cx)).await;
        let (patience, giving_up) = (self.patience, self.giving_up);
        self.next.call(number).timeout(patience).giving_up(giving_up).await
    }
}

/// Calls two at once and wants the one for even numbers, both for odd ones.
#[entity]
pub struct Pair {
    patience: Duration,
    #[port]
    left: Call<u64, ()>,
    #[port]
    right: Call<u64, ()>,
}

#[entity]
impl Pair {
    async fn handle(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        let patience = self.patience;
        let mut left: Handle<PairLeft> = self.left.call(number).timeout(patience).start(cx);
        let mut right: Handle<PairRight> = self.right.call(number).timeout(patience).start(cx);
        let outcome: Outcome<()> = left.await;
        if number.is_multiple_of(2) && outcome.is_ok() {
            right.cancel();
            return outcome;
        }
        right.await
    }
}

/// What becomes of those whose votes are not needed any more.
#[derive(Clone, Copy, Debug)]
pub enum Losers {
    Drop,
    Cancel,
    AwaitAll,
}

/// Asks all its lanes and goes on when enough have answered.
#[entity]
pub struct Voters {
    needed: usize,
    patience: Duration,
    losers: Losers,
    #[port]
    lanes: Call<u64, ()>,
}

#[entity]
impl Voters {
    async fn handle(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        let mut votes: Group<VotersLanes> = Group::new();
        for lane in 0..self.lanes.lanes(cx) {
            votes.add(self.lanes.lane(lane).start(cx, number));
        }
        let needed: usize = self.needed;
        let patience: Duration = self.patience;
        let gathered: Gathered<()> = quorum(&mut votes, needed).timeout(patience).await;
        let is_met: bool = gathered.is_met();
        match self.losers {
            Losers::Drop => {}
            Losers::Cancel => votes.cancel(),
            Losers::AwaitAll => {
                all(&mut votes).timeout(patience).await;
            }
        }
        if is_met { Ok(()) } else { Err(Failure::Unavailable) }
    }
}

/// Reads and writes a store of keys and values.
#[entity]
pub struct Keeper {
    patience: Duration,
    #[port]
    store: Call<KeyValueRequest<u64, u64>, KeyValueReply<u64>>,
}

#[entity]
impl Keeper {
    async fn handle(&mut self, _cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        let key = number % 17;
        let request = if number.is_multiple_of(3) {
            KeyValueRequest::put(key, number)
        } else {
            KeyValueRequest::get(key)
        };
        self.store.call(request).timeout(self.patience).await?;
        Ok(())
    }
}

/// Answers probes while it is well.
#[entity]
pub struct Probed {
    slots: Resource,
    time: Distribution,
    sick: Chance,
}

#[entity]
impl Probed {
    #[handler(main)]
    async fn handle(&mut self, cx: &mut Cx<Self>, _number: u64) -> Outcome<()> {
        let _slot = self.slots.acquire(1).await;
        cx.sleep(self.time.sample(cx)).await;
        Ok(())
    }

    async fn health(&mut self, cx: &mut Cx<Self>, _probe: ()) -> Outcome<()> {
        if self.sick.hits(cx) {
            return Err(Failure::Lost);
        }
        cx.sleep(millis(1)).await;
        Ok(())
    }
}

/// Needs locks, a seat and sometimes a notification before it calls what is next.
#[entity]
pub struct Vault {
    patience: Duration,
    giving_up: GivingUp,
    #[shared]
    lock: Mutex,
    #[shared]
    table: RwLock,
    #[shared]
    seats: Semaphore,
    #[shared]
    ready: Condition,
    #[port]
    next: Call<u64, ()>,
}

#[entity]
impl Vault {
    async fn handle(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        let _seat = self.seats.acquire(1).timeout(self.patience).await?;
        match number % 4 {
            0 => {
                let _table = self.table.write().await;
                cx.sleep(millis(2)).await;
                self.ready.notify_all(cx);
            }
            1 => {
                let lock = self.lock.lock().timeout(self.patience).await?;
                let (_lock, _notified) = self.ready.wait(lock).timeout(self.patience).await;
                cx.sleep(millis(1)).await;
            }
            _ => {
                let _table = self.table.read().await;
                let (patience, giving_up) = (self.patience, self.giving_up);
                self.next.call(number).timeout(patience).giving_up(giving_up).await?;
            }
        }
        Ok(())
    }
}
