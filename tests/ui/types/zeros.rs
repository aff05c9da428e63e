use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(0/s) emits Query;
        node server: Server<Query, Rows> { concurrency: 0, service: 3ms };
        users -> timeout(0s) -> bulkhead(0) -> hedge(10ms, up_to: 0) -> server;
    }
}

topology! {
    pub Balanced {
        source users: poisson(5/s) emits Query;
        node lb: LoadBalancer { active: 0 };
        node store[2]: Store;
        users -> lb -> store.read[*];
    }
}

topology! {
    pub Queued {
        source users: poisson(5/s) emits Query;
        node queue: MessageQueue { prefetch: 0, visibility_timeout: 0s };
        node store: Store;
        users -> queue;
        queue.consumers -> store.read;
        node dead: DeadLetterQueue<Query>;
        queue.dead_letters -> dead;
    }
}

topology! {
    pub Regular {
        source users: constant(0/s) emits Query;
        node store: Store;
        users -> store.read;
    }
}

topology! {
    pub Pauses {
        source users: poisson(5/s) emits Query;
        node db: Database<Query, Rows> {
            connections: profile! { hold 3 for 10s; hold 0 for 1s; hold 3 },
            query: 3ms
        };
        users -> db;
    }
}

// An entity of one's own may mean something else by it.
mod own {
    use super::*;

    #[entity]
    pub struct Server {
        concurrency: usize,
    }

    #[entity]
    impl Server {
        async fn handle(&mut self, cx: &mut Cx<Self>, _query: Query) -> Outcome<()> {
            cx.sleep(millis(self.concurrency as u64)).await;
            Ok(())
        }
    }
}

topology! {
    pub Own {
        source users: poisson(5/s) emits Query;
        node server: own::Server { concurrency: 0 };
        users -> server;
    }
}

fn main() {}
