//! What the lints of `topology!` must not warn of: this file does not compile if one does.

#![deny(deprecated)]

use happysim::prelude::*;

// ANCHOR: allowed
topology! {
    pub Rollout {
        source users: poisson(50/s);
        #[allow(happysim::balancer_of_one, reason = "the other servers come next month")]
        node lb: LoadBalancer;
        node api: Server { service: exp(10ms) };
        #[allow(happysim::breaker_never_opens)]
        users -> breaker(failures: 5) -> lb -> api;
    }
}
// ANCHOR_END: allowed

/// Each lint, allowed at a node or at an arrow.
mod allowed {
    use super::*;

    topology! {
        pub AtNodes {
            source users: poisson(10/s);
            #[allow(happysim::balancer_of_one, reason = "more are to come")]
            node lb: LoadBalancer;
            #[allow(happysim::bulkhead_too_wide)]
            node wall: Bulkhead { max_concurrent: 4 };
            #[allow(happysim::hedge_too_late)]
            node twice: Hedge { delay: 1s };
            node client: Client { timeout: 200ms };
            node first: Server { service: exp(5ms) };
            users -> lb -> client -> twice -> wall -> first;

            source more: poisson(1000/s);
            #[allow(happysim::overload)]
            node second: Server { service: exp(5ms) };
            more -> second;

            source third: poisson(10/s);
            #[allow(happysim::unchosen_lanes, reason = "the second is a spare")]
            node caller: Client;
            node spared[2]: Server { service: exp(5ms) };
            third -> caller -> spared[*];
        }
    }

    topology! {
        pub AtLinks {
            source users: poisson(10/s);
            node client: Client;
            #[allow(happysim::no_timeout_over_loss)]
            link wan: Link::internet();
            node server: Server { service: exp(5ms) };
            users -> client -> wan -> server;
        }
    }

    topology! {
        pub AtArrows {
            source users: poisson(1000/s);
            node server: Server { service: exp(5ms) };
            #[allow(happysim::breaker_never_opens, happysim::overload)]
            users -> breaker(failures: 5) -> server;

            source others: poisson(10/s);
            node second: Server { service: exp(5ms) };
            #[allow(happysim::retry_amplification)]
            #[allow(happysim::timeout_below_retries)]
            others -> timeout(1s) -> retry(fixed(4, 1s)) -> retry(fixed(4, 1s)) -> timeout(1s) -> second;

            source third: poisson(10/s);
            node spared[2]: Server { service: exp(5ms) };
            #[allow(happysim::unchosen_lanes)]
            third -> spared[*];

            source fourth: poisson(10/s);
            link wan: Link { latency: 10ms };
            node last: Server { service: exp(5ms) };
            #[allow(happysim::timeout_below_latency)]
            fourth -> timeout(19ms) -> wan -> last;
        }
    }

    topology! {
        pub AtOneEnd {
            source users: poisson(1000/s);
            node server: Server { service: exp(5ms) };
            #[allow(happysim::overload)]
            users -> server;
        }
    }
}

/// Entities of the user's own are not the library's of the same name.
mod own {
    use super::*;

    /// Does many things at once, however long each takes.
    #[entity]
    pub struct Server {
        #[param(default = millis(10))]
        service: Distribution,
        #[param(default = Varying::Constant(1))]
        concurrency: Varying<usize>,
    }

    #[entity]
    impl Server {
        async fn handle(&mut self, cx: &mut Cx<Self>, _request: ()) -> Outcome<()> {
            let share = self.service.sample(cx).as_nanos() / self.concurrency.at(cx.now()) as u64;
            cx.sleep(nanos(share)).await;
            Ok(())
        }
    }

    /// Never waits for ever.
    #[entity(relay)]
    pub struct Client<Request: Message, Reply: Message> {
        #[port]
        next: Call<Request, Reply>,
    }

    #[entity]
    impl<Request: Message, Reply: Message> Client<Request, Reply> {
        async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
            self.next.call(request).timeout(seconds(1)).await
        }
    }

    /// Asks the database, and answers something whatever comes of it.
    #[entity]
    pub struct Api {
        #[port]
        db: Call<(), ()>,
    }

    #[entity]
    impl Api {
        async fn handle(&mut self, _cx: &mut Cx<Self>, _request: ()) -> Outcome<()> {
            let _rows = self.db.call(()).timeout(seconds(2)).await;
            Ok(())
        }
    }

    topology! {
        pub Between {
            source users: poisson(1/s);
            node client: super::Client { timeout: 1s, retry: fixed(4, 100ms) };
            node api: Api;
            node db: happysim::components::server::Server { service: exp(5ms) };
            users -> client -> api;
            api.db -> hedge(1s) -> retry(fixed(4, 1s)) -> timeout(500ms) -> db;
        }
    }

    topology! {
        pub Lost {
            source users: poisson(1/s);
            node api: Api;
            link wan: Link::internet();
            node db: happysim::components::server::Server { service: exp(5ms) };
            users -> api;
            api.db -> wan -> db;
        }
    }

    topology! {
        pub Own {
            source users: poisson(1000/s);
            node server: Server { service: exp(1s), concurrency: 10 };
            users -> server;

            source others: poisson(1/s);
            node client: Client;
            link wan: Link::internet();
            node second: Server;
            others -> client -> wan -> second;

            source third: poisson(1/s);
            node last: Server;
            third -> breaker(failures: 3) -> bulkhead(10) -> last;
        }
    }
}

/// What is not quite a finding.
mod silent {
    use super::*;

    topology! {
        pub Sound {
            source users: poisson(100/s);
            node client: Client { timeout: 810ms };
            node gateway: Client { timeout: 250ms, retry: exponential(3, 20ms..1s, full_jitter) };
            node lb: LoadBalancer;
            node api[2]: Server { concurrency: 6, service: exp(100ms) };
            users -> client -> gateway -> lb -> api[*];
        }
    }

    topology! {
        pub Limited {
            // More than it can do, and bounded.
            source users: poisson(1000/s);
            node server: Server { service: exp(5ms), queue_capacity: 10 };
            users -> breaker(failures: 5) -> bulkhead(1) -> server;

            source others: poisson(1000/s);
            node second: Server { service: exp(5ms) };
            others -> timeout(100ms, cancel) -> second;

            source third: poisson(1000/s).limit(100);
            node last: Server { service: exp(5ms) };
            third -> last;
        }
    }

    topology! {
        pub Regular {
            // Exactly at its capacity, and nothing is left to chance.
            source users: constant(100/s);
            node server: Server { service: 10ms };
            users -> server;
        }
    }

    topology! {
        /// Whoever runs it decides.
        pub Open {
            param rate: Rate = 1000/s;
            param replicas: usize = 1;
            param patience: Duration = 1ms;
            param width: usize = 100;
            param attempts: usize = 100;
            source users: poisson(rate);
            node client: Client { timeout: patience, retry: fixed(attempts, 1s) };
            node gateway: Client { timeout: 1s, retry: fixed(attempts, 1s) };
            node lb: LoadBalancer;
            node api[replicas]: Server { service: exp(5ms) };
            users -> client -> bulkhead(width) -> gateway -> lb -> api[*];
        }
    }

    topology! {
        /// A parameter that hides a word.
        pub Hidden {
            param fixed: fn(i32, Duration) -> RetryPolicy = (|_, _| RetryPolicy::none()) as fn(i32, Duration) -> RetryPolicy;
            source users: poisson(10/s);
            node client: Client { retry: fixed(4, 1s) };
            node gateway: Client { retry: fixed(4, 1s) };
            node server: Server { service: exp(5ms) };
            users -> timeout(1s) -> client -> gateway -> timeout(1s) -> server;
        }
    }

    topology! {
        pub Lossless {
            source users: poisson(10/s);
            node client: Client;
            link lan: Link::datacenter();
            link wan: Link::internet() { loss: 0% };
            link far: Link { latency: 20ms, loss: profile! { hold 0% for 1s; hold 0% } };
            node server: Server { service: exp(5ms), max_wait: 1s };
            users -> client -> lan -> wan -> far -> breaker(failures: 5) -> server;

            // Nobody waits for what the source sends.
            source others: poisson(10/s);
            link lossy: Link::internet();
            node second: Server { service: exp(5ms) };
            others -> lossy -> second;
        }
    }

    topology! {
        pub Budgeted {
            source users: poisson(1/s);
            node client: Client { timeout: 10s, retry: fixed(4, 1s), budget: budget(10%, 10) };
            node gateway: Client { timeout: 1s, retry: fixed(4, 1s), budget: budget(10%, 10) };
            node server: Server { service: exp(5ms) };
            users -> client -> gateway -> hedge(100ms, up_to: 3) -> server;
        }
    }
}

/// The types of a generic topology.
mod generic {
    use super::*;

    topology! {
        pub Carries<T, R>
        where
            T: Message + Default,
            R: Message + Default + PartialEq,
        {
            source users: poisson(10/s) emits T;
            #[allow(happysim::balancer_of_one)]
            node lb: LoadBalancer;
            node server: Server<T, R> { service: exp(5ms) };
            users -> lb -> server;
        }
    }
}

/// Every one of them is a model that can be built.
#[test]
fn what_is_not_warned_of_is_valid() {
    assert!(allowed::AtNodes::new(default()).build().is_ok());
    assert!(allowed::AtLinks::new(default()).build().is_ok());
    assert!(allowed::AtArrows::new(default()).build().is_ok());
    assert!(allowed::AtOneEnd::new(default()).build().is_ok());
    assert!(own::Own::new(default()).build().is_ok());
    assert!(own::Between::new(default()).build().is_ok());
    assert!(own::Lost::new(default()).build().is_ok());
    assert!(silent::Sound::new(default()).build().is_ok());
    assert!(silent::Limited::new(default()).build().is_ok());
    assert!(silent::Regular::new(default()).build().is_ok());
    assert!(silent::Open::new(default()).build().is_ok());
    assert!(silent::Hidden::new(default()).build().is_ok());
    assert!(silent::Lossless::new(default()).build().is_ok());
    assert!(silent::Budgeted::new(default()).build().is_ok());
    assert!(generic::Carries::<u32, u32>::new(default()).build().is_ok());
}
