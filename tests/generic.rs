//! Topologies with parameters of type, and what may stand before a statement: valid programs that the
//! checks must let through.

#![allow(missing_docs, non_snake_case, reason = "entities of a test, and a name that is alike")]

use happysim::prelude::*;

/// Passes on, and shows somebody else what passes; several of them may share a lock.
#[entity(relay)]
struct Tee<Request: Message, Reply: Message> {
    #[shared]
    lock: Mutex,
    #[port]
    copies: Send<Request>,
    #[port]
    next: Call<Request, Reply>,
}

#[entity]
impl<Request: Message, Reply: Message> Tee<Request, Reply> {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        let _lock = self.lock.lock().await;
        self.copies.send(cx, request.clone());
        self.next.call(request).await
    }
}

topology! {
    /// A parameter may have a default.
    Shop<S: Strategy = RoundRobin, const COPIES: usize = 1> {
        param places: u8 = 3;
        param loss: Probability = 0.5;
        source users: constant(10/s) emits u64;
        /// Its strategy is a parameter,
        /// and so its type is known to nobody else.
        #[allow(happysim::balancer_of_one)]
        node lb: LoadBalancer<S>;
        node tee: Tee;
        node logs: Tee;
        node log: Sink<u64>;
        node server: Server<u64, ()> { concurrency: usize::from(places), service: 1ms };
        shared lock: Mutex;
        users -> lb -> tee;
        tee.lock -> lock;
        logs.lock -> lock;
        // What a tee carries is what stands behind the first port with its request and its reply.
        tee.next -> timeout(1s) -> server;
        tee.copies -> log;
        logs.next -> server;
        logs.copies -> log;
        source loads: poisson(5/s) emits u64;
        loads -> logs;
    }
}

#[test]
fn what_only_the_parameters_decide_is_let_through() {
    let mut simulation = Shop::<LeastConnections, 2>::new(default()).build().expect("valid");
    simulation.run_for(seconds(10)).expect("runs");
    assert!(simulation.report().node("server").handler("handle").ok > 100);
}

topology! {
    /// A relay that falls back on one that leads back to it: a circle, and yet it is known what it
    /// carries.
    Fallbacks {
        source users: constant(10/s) emits u64;
        node safe: Fallback;
        node again: Fallback;
        node server: Server<u64, ()> { concurrency: 1, service: 1ms };
        users -> safe;
        safe.primary -> server;
        safe.fallback -> again;
        again.primary -> safe;
        again.fallback -> server;
    }
}

#[test]
fn a_circle_over_the_other_port_of_a_relay_is_none_of_types() {
    let mut simulation = Fallbacks::new(default()).build().expect("valid");
    simulation.run_for(seconds(1)).expect("runs");
    assert!(simulation.report().node("server").handler("handle").ok > 5);
}

const LAST: usize = 7;

topology! {
    /// A replica by its number, of as many as a parameter says; and names that look like those of
    /// wrappers.
    Numbered {
        param replicas: usize = 8;
        source users: constant(10/s) emits u64;
        node server[replicas]: Server<u64, ()> { concurrency: 1, service: 1ms };
        node users_timeout: Sink<u64>;
        node usersTimeout: Sink<u64>;
        users -> timeout(1s) -> server[LAST];
        source others: constant(10/s) emits u64;
        others -> users_timeout;
        source more: constant(10/s) emits u64;
        more -> usersTimeout;
    }
}

#[test]
fn an_arrow_leads_to_a_replica_that_there_is() {
    let mut simulation = Numbered::new(default()).build().expect("valid");
    simulation.run_for(seconds(1)).expect("runs");
    assert!(simulation.report().node("server[7]").handler("handle").ok > 5);
    let refused =
        Numbered::new(NumberedParams { replicas: 7 }).build().expect_err("no such replica");
    assert_eq!(
        refused.to_string().lines().last().expect("a line"),
        "the topology cannot be built: `number of replicas` of `server` is 7: `users.timeout` leads to \
         replica 7, and they are numbered from 0"
    );
}
