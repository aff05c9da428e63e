//! Where an entity may be: beside others of its name, in a function, and away from its block.

use happysim::prelude::*;

#[entity]
struct Front {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Front {
    async fn handle(&mut self, _cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.db.call(id + 1).await
    }
}

/// Has a `Front` of its own, in front of the one that the glob offers.
mod inner {
    use super::*;

    #[entity]
    pub(super) struct Front {
        #[port]
        db: Call<u64, u64>,
    }

    #[entity]
    impl Front {
        async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
            cx.spawn(self.note(cx));
            self.db.call(id + 2).await
        }

        async fn note(&mut self, cx: &mut Cx<Self>) {
            cx.sleep(millis(1)).await;
        }
    }
}

#[entity]
pub(crate) struct Desk {
    #[port]
    pub(crate) next: Call<u64, u64>,
}

/// The block of the outer module's entity, which the glob offers.
mod by_glob {
    use super::*;

    #[entity]
    impl Desk {
        async fn handle(&mut self, _cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
            self.next.call(id + 3).await
        }
    }
}

#[entity]
pub(crate) struct Gate {
    #[port]
    pub(crate) next: Call<u64, u64>,
}

/// The block of the outer module's entity, which is named by its path.
mod by_path {
    use happysim::prelude::*;

    #[entity]
    impl super::Gate {
        async fn handle(&mut self, _cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
            self.next.call(id + 4).await
        }
    }
}

#[test]
fn an_entity_may_be_anywhere() {
    #[entity]
    struct Store {
        #[state]
        asked: Vec<u64>,
    }

    #[entity]
    impl Store {
        async fn read(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
            cx.sleep(millis(1)).await;
            self.asked.push(id);
            Ok(id)
        }
    }

    topology! {
        Chain {
            source users: constant(1/s) emits u64;
            node front: Front;
            node inner: inner::Front;
            node desk: Desk;
            node gate: Gate;
            node store: Store;
            users -> front;
            front.db -> inner;
            inner.db -> desk;
            desk.next -> gate;
            gate.next -> store;
        }
    }

    let mut simulation = Chain::new(ChainParams::default()).build().expect("valid");
    simulation.run_for(millis(2500)).expect("runs");
    let asked = &simulation.store.replicas[0].asked;
    assert!(!asked.is_empty() && asked.iter().all(|id| *id >= 10), "each adds its number");
}
