//! Random topologies, written by `generator.rs`:
//! `HAPPYSIM_WRITE=1 cargo test --test topologies generated`.

use super::parts::*;
use happysim::prelude::*;

topology! {
    /// Number 0.
    pub Topology00 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::constant(Rate::per_second(121.0)).limit(limit) emits u64 = |arrival| arrival.number;
        link link1: Link { latency: exp(27ms), loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node pool2: ConnectionPool { max_connections: 3, connection_timeout: 100ms };
        link link3: Link { latency: exp(13ms), loss: loss, reorder: false, jitter: exp(2ms) };
        node fallback4: Fallback {  };
        node keeper5: Keeper { patience: 183ms };
        node store6: KVStore { read_latency: exp(5ms), concurrency: 1 };
        node cache7: CachedStore { capacity: 10, write: write_through(), ttl: 200ms, stale_while_revalidate: 100ms };
        node pair8: Pair { patience: 133ms };
        link link9: Link { latency: 23ms, loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        link link10: Link { latency: exp(8ms), loss: loss, reorder: false, jitter: exp(2ms) };
        link link11: Link { latency: lognormal(29ms, cv 2.0), loss: loss, reorder: false, jitter: exp(2ms) };
        node fallback12: Fallback {  };
        node balancer13: LoadBalancer<LeastConnections> {  };
        node probed14[3]: Probed { slots: 2, time: exp(10ms), sick: 20% };
        node checker15: HealthChecker { interval: 100ms, timeout: 30ms, unhealthy_threshold: 2 };
        node pool16: ConnectionPool { max_connections: 6, connection_timeout: 100ms };
        node server17: Server<u64> { concurrency: 2, service: exp(13ms), queue: fifo(), queue_capacity: 4 };
        source users1: Arrivals::poisson(profile! { hold 156/s for 1s; ramp to 468/s over 1s; hold }).limit(limit) emits u64 = |arrival| arrival.number;
        node client18: Client { timeout: 305ms, retry: fixed(4, 20ms), giving_up: cancel };
        link link19: Link { latency: 18ms, loss: loss, reorder: false };
        link link20: Link { latency: exp(7ms), loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node keeper21: Keeper { patience: 250ms };
        node replicated22: ReplicatedStore { timeout: 60ms, read_repair: true };
        node replica23[4]: KVStore { read_latency: exp(5ms), concurrency: 2 };
        cache7 -> store6;
        keeper5.store -> cache7;
        fallback4.primary -> bulkhead(2, queue: 2, wait: 182ms) -> hedge(76ms, up_to: 1, giving_up: cancel) -> keeper5;
        pair8.left -> link9 -> link10 -> timeout(296ms, abandon) -> keeper5;
        checker15.probes -> probed14.health[*];
        checker15.marks -> balancer13.mark;
        balancer13 -> probed14[*];
        fallback12.primary -> balancer13;
        fallback12.fallback -> pool16 -> server17;
        pair8.right -> link11 -> fallback12;
        fallback4.fallback -> pair8;
        users0 -> link1 -> pool2 -> link3 -> fallback4;
        users1 -> client18;
        replicated22 -> replica23[*];
        keeper21.store -> replicated22;
        client18 -> link19 -> link20 -> keeper21;
    }
}

topology! {
    /// Number 1.
    pub Topology01 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(Rate::per_second(57.0 / 4.0)).in_batches(Distribution::constant(4)).limit(limit) emits u64 = |arrival| arrival.number;
        node worker1: Worker { workers: 2, cpu: exp(17ms), patience: 314ms, giving_up: cancel };
        node keeper2: Keeper { patience: 304ms };
        link link3: Link { latency: lognormal(18ms, cv 2.0), loss: loss, reorder: true };
        node store4: KVStore { read_latency: exp(5ms), concurrency: 1 };
        node cache5: CachedStore { capacity: 10, write: write_back() };
        source users1: Arrivals::poisson(Rate::per_second(33.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node client6: Client { timeout: 253ms, retry: decorrelated(4, 5ms..100ms), giving_up: cancel };
        shared lock7: Mutex;
        shared table8: RwLock;
        shared seats9: Semaphore = Semaphore::new(3);
        shared ready10: Condition;
        node vault11: Vault { patience: 179ms, giving_up: cancel };
        cache5 -> store4;
        keeper2.store -> link3 -> cache5;
        worker1.next -> timeout(114ms, cancel) -> keeper2;
        users0 -> breaker(failures: 7, open: 200ms) -> retry(exponential(4, 5ms..100ms, full_jitter)) -> retry(decorrelated(2, 5ms..100ms)) -> worker1;
        users1 -> client6;
        vault11.lock -> lock7;
        vault11.table -> table8;
        vault11.seats -> seats9;
        vault11.ready -> ready10;
        vault11.next -> worker1;
        client6 -> vault11;
    }
}

topology! {
    /// Number 2.
    pub Topology02 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(Rate::per_second(185.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 222ms, retry: exponential(4, 5ms..100ms, full_jitter), giving_up: abandon };
        link link2: Link { latency: exp(30ms), loss: loss, reorder: false };
        node pair3: Pair { patience: 210ms };
        link link4: Link { latency: exp(28ms), loss: loss, reorder: false };
        link link5: Link { latency: 18ms, loss: loss, reorder: false };
        node worker6: Worker { workers: 2, cpu: 24ms, patience: 241ms, giving_up: cancel };
        node fallback7: Fallback {  };
        node pool8: ConnectionPool { max_connections: 3, connection_timeout: 100ms };
        node keeper9: Keeper { patience: 42ms };
        link link10: Link { latency: lognormal(3ms, cv 2.0), loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node replicated11: ReplicatedStore { timeout: 60ms, read_repair: true };
        node replica12[3]: KVStore { read_latency: exp(5ms), concurrency: 2 };
        node keeper13: Keeper { patience: 115ms };
        link link14: Link { latency: lognormal(20ms, cv 2.0), loss: loss, reorder: true, jitter: exp(2ms) };
        node store15: KVStore { read_latency: exp(5ms), concurrency: 1 };
        node cache16: CachedStore { capacity: 10, write: write_through(), ttl: 200ms, stale_while_revalidate: 100ms };
        node pool17: ConnectionPool { max_connections: 3, connection_timeout: 100ms };
        node database18: Database<u64, ()> { connections: 3, query: exp(13ms) };
        users0 -> client1;
        replicated11 -> replica12[*];
        keeper9.store -> link10 -> replicated11;
        fallback7.primary -> pool8 -> keeper9;
        cache16 -> store15;
        keeper13.store -> link14 -> cache16;
        fallback7.fallback -> keeper13;
        worker6.next -> hedge(53ms, up_to: 2, giving_up: cancel) -> breaker(failures: 4, open: 200ms, call_timeout: 135ms) -> fallback7;
        pair3.left -> breaker(failures: 4, open: 200ms, call_timeout: 81ms) -> link4 -> link5 -> worker6;
        pair3.right -> breaker(failures: 2, open: 200ms, call_timeout: 302ms) -> pool17 -> bulkhead(2, queue: 3, wait: 298ms) -> database18;
        client1 -> link2 -> pair3;
    }
}

topology! {
    /// Number 3.
    pub Topology03 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(profile! { hold 172/s for 1s; ramp to 516/s over 1s; hold }).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 58ms, retry: exponential(3, 5ms..100ms, full_jitter), giving_up: abandon, budget: budget(10%, 5) };
        link link2: Link { latency: lognormal(6ms, cv 2.0), loss: loss, reorder: false };
        node server3: Server<u64> { concurrency: 4, service: exp(26ms), queue: fifo(), queue_capacity: 4 };
        source users1: Arrivals::poisson(profile! { hold 174/s for 1s; ramp to 522/s over 1s; hold }).limit(limit) emits u64 = |arrival| arrival.number;
        node client4: Client { timeout: 289ms, retry: exponential(4, 5ms..100ms, full_jitter), giving_up: cancel, budget: budget(10%, 5) };
        link link5: Link { latency: exp(3ms), loss: loss, reorder: false, jitter: exp(2ms) };
        node fallback6: Fallback {  };
        node worker7[3]: Worker { workers: 4, cpu: 22ms, patience: 61ms, giving_up: cancel };
        node server8[2]: Server<u64> { concurrency: 1, service: lognormal(18ms, cv 2.0), queue: lifo(), max_wait: exp(60ms) };
        node balancer9: LoadBalancer<LeastResponseTime> {  };
        node queue10: MessageQueue { visibility_timeout: 217ms, capacity: 37, max_redeliveries: 1, prefetch: 1, redelivery_delay: 10ms };
        node dead11: DeadLetterQueue<u64> { capacity: 20 };
        node pair12: Pair { patience: 58ms };
        link link13: Link { latency: exp(18ms), loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node varying14: Server<u64> { concurrency: profile! { hold 1 for 700ms; hold 1 for 500ms; hold 1 }, service: exp(20ms), queue: priority(), class: |number| Class { priority: (*number % 3).cast_signed(), ..default() }, queue_capacity: 3 };
        link link15: Link { latency: exp(4ms), loss: loss, reorder: false };
        users0 -> client1;
        client1 -> breaker(failures: 4, open: 200ms, call_timeout: 240ms) -> link2 -> server3;
        users1 -> client4;
        balancer9 -> server8[*];
        worker7.next -> balancer9;
        queue10.consumers -> worker7[*];
        queue10.dead_letters -> dead11;
        fallback6.primary -> retry(exponential(2, 5ms..100ms, full_jitter)) -> queue10;
        pair12.left -> link13 -> varying14;
        pair12.right -> link15 -> varying14;
        fallback6.fallback -> hedge(162ms, up_to: 2, giving_up: cancel) -> pair12;
        client4 -> bulkhead(6, queue: 4, wait: 98ms) -> link5 -> fallback6;
    }
}

topology! {
    /// Number 4.
    pub Topology04 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(Rate::per_second(38.0 / 4.0)).in_batches(Distribution::constant(4)).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 162ms, retry: fixed(2, 20ms), giving_up: abandon };
        node server2[3]: Server<u64> { concurrency: 4, service: 11ms, queue: fifo(), max_wait: exp(60ms) };
        node queue3: MessageQueue { visibility_timeout: 84ms, capacity: 7, max_redeliveries: 1, prefetch: 1, redelivery_delay: 10ms };
        node dead4: DeadLetterQueue<u64> { capacity: 20 };
        source users1: Arrivals::poisson(profile! { hold 24/s for 1s; ramp to 72/s over 1s; hold }).limit(limit) emits u64 = |arrival| arrival.number;
        node client5: Client { timeout: 155ms, retry: fixed(3, 20ms), giving_up: cancel, budget: budget(10%, 5) };
        link link6: Link { latency: exp(19ms), loss: loss, reorder: false };
        node server7: Server<u64> { concurrency: 2, service: exp(19ms), queue: codel(5ms, 50ms), queue_capacity: 1, max_wait: exp(60ms) };
        users0 -> client1;
        queue3.consumers -> server2[*];
        queue3.dead_letters -> dead4;
        client1 -> retry(decorrelated(4, 5ms..100ms)) -> queue3;
        users1 -> client5;
        client5 -> link6 -> bulkhead(7, queue: 3, wait: 245ms) -> server7;
    }
}

topology! {
    /// Number 5.
    pub Topology05 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(Rate::per_second(115.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node worker1[2]: Worker { workers: 3, cpu: lognormal(2ms, cv 2.0), patience: 171ms, giving_up: abandon };
        link link2: Link { latency: lognormal(25ms, cv 2.0), loss: loss, reorder: false };
        link link3: Link { latency: exp(10ms), loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node pair4: Pair { patience: 209ms };
        node pool5: ConnectionPool { max_connections: 4, connection_timeout: 100ms };
        node balancer6: LoadBalancer<PowerOfTwoChoices> {  };
        node probed7[3]: Probed { slots: 2, time: exp(10ms), sick: 20% };
        node checker8: HealthChecker { interval: 100ms, timeout: 30ms, unhealthy_threshold: 2 };
        link link9: Link { latency: exp(27ms), loss: loss, reorder: true, jitter: exp(2ms) };
        link link10: Link { latency: lognormal(6ms, cv 2.0), loss: loss, reorder: false, jitter: exp(2ms) };
        node pair11: Pair { patience: 172ms };
        node server12: Server<u64> { concurrency: 2, service: 28ms, queue: priority(), class: |number| Class { priority: (*number % 3).cast_signed(), ..default() } };
        node pool13: ConnectionPool { max_connections: 1, connection_timeout: 100ms };
        node server14: Server<u64> { concurrency: 1, service: exp(24ms), queue: priority(), class: |number| Class { priority: (*number % 3).cast_signed(), ..default() }, queue_capacity: 0, max_wait: exp(60ms) };
        node balancer15: LoadBalancer<RoundRobin> {  };
        source users1: Arrivals::constant(Rate::per_second(180.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node client16: Client { timeout: 168ms, retry: exponential(4, 5ms..100ms, full_jitter), giving_up: abandon };
        link link17: Link { latency: 29ms, loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node worker18: Worker { workers: 2, cpu: 14ms, patience: 84ms, giving_up: cancel };
        node worker19[4]: Worker { workers: 3, cpu: exp(3ms), patience: 63ms, giving_up: abandon };
        link link20: Link { latency: lognormal(29ms, cv 2.0), loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        link link21: Link { latency: exp(29ms), loss: loss, reorder: true, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node queue22: MessageQueue { visibility_timeout: 263ms, capacity: 25, max_redeliveries: 2, prefetch: 3, redelivery_delay: 10ms };
        node dead23: DeadLetterQueue<u64> { capacity: 20 };
        checker8.probes -> probed7.health[*];
        checker8.marks -> balancer6.mark;
        balancer6 -> probed7[*];
        pair4.left -> pool5 -> bulkhead(1, queue: 0, wait: 39ms) -> breaker(failures: 5, open: 200ms, call_timeout: 247ms) -> balancer6;
        pair11.left -> server12;
        pair11.right -> timeout(63ms, cancel) -> pool13 -> server14;
        pair4.right -> link9 -> link10 -> pair11;
        worker1.next -> link2 -> link3 -> pair4;
        balancer15 -> worker1[*];
        users0 -> bulkhead(7, queue: 3, wait: 306ms) -> bulkhead(8, queue: 3, wait: 231ms) -> balancer15;
        users1 -> client16;
        worker19.next -> bulkhead(5, queue: 2, wait: 164ms) -> link20 -> link21 -> server14;
        queue22.consumers -> worker19[*];
        queue22.dead_letters -> dead23;
        worker18.next -> timeout(290ms, abandon) -> timeout(309ms, abandon) -> queue22;
        client16 -> link17 -> worker18;
    }
}

topology! {
    /// Number 6.
    pub Topology06 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::constant(Rate::per_second(85.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node worker1[3]: Worker { workers: 4, cpu: 29ms, patience: 48ms, giving_up: abandon };
        node worker2[3]: Worker { workers: 3, cpu: exp(4ms), patience: 153ms, giving_up: cancel };
        node pool3: ConnectionPool { max_connections: 5, connection_timeout: 100ms };
        link link4: Link { latency: exp(25ms), loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node varying5: Server<u64> { concurrency: profile! { hold 2 for 700ms; hold 1 for 500ms; hold 2 }, service: lognormal(30ms, cv 2.0), queue: fifo(), queue_capacity: 0 };
        node balancer6: LoadBalancer<Random> {  };
        node quorum7: Voters { needed: 2, patience: 67ms, losers: Losers::AwaitAll };
        source users1: Arrivals::poisson(profile! { hold 57/s for 1s; ramp to 171/s over 1s; hold }).limit(limit) emits u64 = |arrival| arrival.number;
        node client8: Client { timeout: 68ms, retry: fixed(2, 20ms), giving_up: abandon };
        link link9: Link { latency: exp(17ms), loss: loss, reorder: false };
        node keeper10: Keeper { patience: 211ms };
        link link11: Link { latency: exp(29ms), loss: loss, reorder: true };
        node replicated12: ReplicatedStore { timeout: 60ms, read_repair: true };
        node replica13[5]: KVStore { read_latency: exp(5ms), concurrency: 2 };
        worker2.next -> pool3 -> link4 -> varying5;
        balancer6 -> worker2[*];
        worker1.next -> balancer6;
        quorum7.lanes -> worker1[*];
        users0 -> quorum7;
        users1 -> client8;
        replicated12 -> replica13[*];
        keeper10.store -> link11 -> replicated12;
        client8 -> breaker(failures: 8, open: 200ms, call_timeout: 161ms) -> link9 -> keeper10;
    }
}

topology! {
    /// Number 7.
    pub Topology07 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(Rate::per_second(94.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 106ms, retry: exponential(2, 5ms..100ms, full_jitter), giving_up: cancel, budget: budget(10%, 5) };
        link link2: Link { latency: exp(8ms), loss: loss, reorder: false, jitter: exp(2ms) };
        node pool3: ConnectionPool { max_connections: 6, connection_timeout: 100ms };
        node pair4: Pair { patience: 299ms };
        link link5: Link { latency: exp(17ms), loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node fallback6: Fallback {  };
        node pool7: ConnectionPool { max_connections: 6, connection_timeout: 100ms };
        node keeper8: Keeper { patience: 119ms };
        link link9: Link { latency: exp(14ms), loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node replicated10: ReplicatedStore { timeout: 60ms, read_repair: true };
        node replica11[3]: KVStore { read_latency: exp(5ms), concurrency: 2 };
        node worker12[4]: Worker { workers: 6, cpu: exp(8ms), patience: 210ms, giving_up: cancel };
        node server13: Server<u64> { concurrency: 3, service: exp(12ms), queue: lifo(), queue_capacity: 4 };
        node queue14: MessageQueue { visibility_timeout: 171ms, capacity: 18, max_redeliveries: 1, prefetch: 3, redelivery_delay: 10ms };
        node dead15: DeadLetterQueue<u64> { capacity: 20 };
        node server16[3]: Server<u64> { concurrency: 2, service: exp(6ms), queue: fifo(), queue_capacity: 5 };
        node quorum17: Voters { needed: 1, patience: 60ms, losers: Losers::AwaitAll };
        source users1: Arrivals::poisson(Rate::per_second(193.0 / 4.0)).in_batches(Distribution::constant(4)).limit(limit) emits u64 = |arrival| arrival.number;
        node client18: Client { timeout: 268ms, retry: exponential(2, 5ms..100ms, full_jitter), giving_up: abandon };
        node keeper19: Keeper { patience: 142ms };
        node replicated20: ReplicatedStore { timeout: 60ms, read_repair: true };
        node replica21[3]: KVStore { read_latency: exp(5ms), concurrency: 2 };
        users0 -> client1;
        replicated10 -> replica11[*];
        keeper8.store -> link9 -> replicated10;
        fallback6.primary -> pool7 -> hedge(319ms, up_to: 1, giving_up: cancel) -> keeper8;
        worker12.next -> server13;
        queue14.consumers -> worker12[*];
        queue14.dead_letters -> dead15;
        fallback6.fallback -> retry(decorrelated(4, 5ms..100ms)) -> retry(fixed(4, 20ms)) -> queue14;
        pair4.left -> bulkhead(6, queue: 2, wait: 54ms) -> link5 -> retry(exponential(2, 5ms..100ms, full_jitter)) -> fallback6;
        quorum17.lanes -> server16[*];
        pair4.right -> quorum17;
        client1 -> retry(decorrelated(4, 5ms..100ms)) -> link2 -> pool3 -> pair4;
        users1 -> client18;
        replicated20 -> replica21[*];
        keeper19.store -> replicated20;
        client18 -> keeper19;
    }
}

topology! {
    /// Number 8.
    pub Topology08 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(profile! { hold 110/s for 1s; ramp to 330/s over 1s; hold }).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 141ms, retry: decorrelated(2, 5ms..100ms), giving_up: abandon };
        node pool2: ConnectionPool { max_connections: 1, connection_timeout: 100ms };
        node pair3: Pair { patience: 127ms };
        node worker4: Worker { workers: 2, cpu: exp(15ms), patience: 67ms, giving_up: abandon };
        link link5: Link { latency: lognormal(28ms, cv 2.0), loss: loss, reorder: true, jitter: exp(2ms) };
        node worker6[2]: Worker { workers: 5, cpu: exp(15ms), patience: 279ms, giving_up: cancel };
        node varying7: Server<u64> { concurrency: profile! { hold 3 for 700ms; hold 1 for 500ms; hold 3 }, service: lognormal(26ms, cv 2.0), queue: codel(5ms, 50ms), queue_capacity: 1 };
        node queue8: MessageQueue { visibility_timeout: 239ms, capacity: 26, max_redeliveries: 1, prefetch: 1, redelivery_delay: 10ms };
        node dead9: DeadLetterQueue<u64> { capacity: 20 };
        link link10: Link { latency: exp(3ms), loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        link link11: Link { latency: exp(11ms), loss: loss, reorder: true };
        node worker12[2]: Worker { workers: 5, cpu: exp(12ms), patience: 286ms, giving_up: cancel };
        node quorum13: Voters { needed: 3, patience: 318ms, losers: Losers::Cancel };
        users0 -> client1;
        worker6.next -> bulkhead(6, queue: 2, wait: 280ms) -> bulkhead(2, queue: 0, wait: 260ms) -> varying7;
        queue8.consumers -> worker6[*];
        queue8.dead_letters -> dead9;
        worker4.next -> link5 -> timeout(106ms, abandon) -> timeout(29ms, abandon) -> queue8;
        pair3.left -> timeout(318ms, abandon) -> timeout(284ms, cancel) -> worker4;
        worker12.next -> worker4;
        quorum13.lanes -> worker12[*];
        pair3.right -> link10 -> link11 -> quorum13;
        client1 -> pool2 -> pair3;
    }
}

topology! {
    /// Number 9.
    pub Topology09 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(Rate::per_second(20.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 31ms, retry: exponential(2, 5ms..100ms, full_jitter), giving_up: abandon };
        node worker2: Worker { workers: 3, cpu: 19ms, patience: 178ms, giving_up: cancel };
        node database3: Database<u64, ()> { connections: 4, query: exp(27ms) };
        source users1: Arrivals::poisson(Rate::per_second(191.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node client4: Client { timeout: 289ms, retry: fixed(3, 20ms), giving_up: abandon, budget: budget(10%, 5) };
        link link5: Link { latency: 15ms, loss: loss, reorder: false };
        link link6: Link { latency: 2ms, loss: loss, reorder: true, jitter: exp(2ms) };
        node worker7: Worker { workers: 5, cpu: lognormal(18ms, cv 2.0), patience: 98ms, giving_up: abandon };
        users0 -> client1;
        worker2.next -> database3;
        client1 -> breaker(failures: 8, open: 200ms, call_timeout: 38ms) -> hedge(31ms, up_to: 1, giving_up: abandon) -> timeout(67ms, cancel) -> worker2;
        users1 -> client4;
        worker7.next -> retry(fixed(2, 20ms)) -> database3;
        client4 -> link5 -> link6 -> hedge(148ms, up_to: 2, giving_up: abandon) -> worker7;
    }
}

topology! {
    /// Number 10.
    pub Topology10 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(Rate::per_second(124.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 253ms, retry: fixed(4, 20ms), giving_up: abandon };
        link link2: Link { latency: 8ms, loss: loss, reorder: false, jitter: exp(2ms) };
        node fallback3: Fallback {  };
        node database4: Database<u64, ()> { connections: 1, query: lognormal(27ms, cv 2.0), acquire_timeout: 80ms };
        node pool5: ConnectionPool { max_connections: 4, connection_timeout: 100ms };
        node worker6: Worker { workers: 5, cpu: lognormal(29ms, cv 2.0), patience: 230ms, giving_up: abandon };
        node worker7[3]: Worker { workers: 2, cpu: lognormal(17ms, cv 2.0), patience: 185ms, giving_up: cancel };
        node server8: Server<u64> { concurrency: 3, service: lognormal(25ms, cv 2.0), queue: priority(), class: |number| Class { priority: (*number % 3).cast_signed(), ..default() } };
        node queue9: MessageQueue { visibility_timeout: 76ms, capacity: 19, max_redeliveries: 0, prefetch: 1, redelivery_delay: 10ms };
        node dead10: DeadLetterQueue<u64> { capacity: 20 };
        users0 -> client1;
        fallback3.primary -> breaker(failures: 2, open: 200ms, call_timeout: 317ms) -> database4;
        worker7.next -> server8;
        queue9.consumers -> worker7[*];
        queue9.dead_letters -> dead10;
        worker6.next -> bulkhead(4, queue: 2, wait: 152ms) -> retry(exponential(4, 5ms..100ms, full_jitter)) -> queue9;
        fallback3.fallback -> pool5 -> retry(decorrelated(2, 5ms..100ms)) -> retry(decorrelated(2, 5ms..100ms)) -> worker6;
        client1 -> link2 -> timeout(127ms, abandon) -> bulkhead(6, queue: 5, wait: 281ms) -> fallback3;
    }
}

topology! {
    /// Number 11.
    pub Topology11 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(Rate::per_second(33.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 135ms, retry: decorrelated(4, 5ms..100ms), giving_up: cancel, budget: budget(10%, 5) };
        link link2: Link { latency: 9ms, loss: loss, reorder: false };
        node worker3: Worker { workers: 3, cpu: exp(24ms), patience: 51ms, giving_up: cancel };
        node worker4: Worker { workers: 2, cpu: lognormal(5ms, cv 2.0), patience: 294ms, giving_up: cancel };
        link link5: Link { latency: exp(20ms), loss: loss, reorder: true, jitter: exp(2ms) };
        node worker6: Worker { workers: 5, cpu: 25ms, patience: 84ms, giving_up: abandon };
        link link7: Link { latency: lognormal(24ms, cv 2.0), loss: loss, reorder: false, jitter: exp(2ms) };
        node balancer8: LoadBalancer<LeastResponseTime> {  };
        node probed9[3]: Probed { slots: 2, time: exp(10ms), sick: 20% };
        node checker10: HealthChecker { interval: 100ms, timeout: 30ms, unhealthy_threshold: 2 };
        users0 -> client1;
        checker10.probes -> probed9.health[*];
        checker10.marks -> balancer8.mark;
        balancer8 -> probed9[*];
        worker6.next -> breaker(failures: 2, open: 200ms, call_timeout: 143ms) -> breaker(failures: 2, open: 200ms, call_timeout: 201ms) -> link7 -> balancer8;
        worker4.next -> link5 -> worker6;
        worker3.next -> hedge(106ms, up_to: 2, giving_up: cancel) -> retry(fixed(3, 20ms)) -> worker4;
        client1 -> timeout(25ms, cancel) -> link2 -> hedge(130ms, up_to: 2, giving_up: abandon) -> worker3;
    }
}

topology! {
    /// Number 12.
    pub Topology12 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(Rate::per_second(153.0)).limit(limit) emits u64 = |arrival| arrival.number;
        link link1: Link { latency: lognormal(5ms, cv 2.0), loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node varying2[3]: Server<u64> { concurrency: profile! { hold 1 for 700ms; hold 1 for 500ms; hold 1 }, service: exp(29ms), queue: codel(5ms, 50ms), queue_capacity: 1, max_wait: exp(60ms) };
        node quorum3: Voters { needed: 2, patience: 173ms, losers: Losers::Drop };
        source users1: Arrivals::constant(Rate::per_second(40.0)).limit(limit) emits u64 = |arrival| arrival.number;
        link link4: Link { latency: exp(9ms), loss: loss, reorder: false, jitter: exp(2ms) };
        node worker5[3]: Worker { workers: 5, cpu: 11ms, patience: 222ms, giving_up: abandon };
        node pool6: ConnectionPool { max_connections: 3, connection_timeout: 100ms };
        node worker7: Worker { workers: 4, cpu: 22ms, patience: 288ms, giving_up: cancel };
        node server8: Server<u64> { concurrency: 1, service: exp(17ms), queue: fifo() };
        node quorum9: Voters { needed: 1, patience: 149ms, losers: Losers::Drop };
        quorum3.lanes -> varying2[*];
        users0 -> link1 -> quorum3;
        worker7.next -> server8;
        worker5.next -> timeout(108ms, cancel) -> pool6 -> bulkhead(4, queue: 1, wait: 302ms) -> worker7;
        quorum9.lanes -> worker5[*];
        users1 -> link4 -> quorum9;
    }
}

topology! {
    /// Number 13.
    pub Topology13 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(Rate::per_second(76.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 42ms, retry: fixed(4, 20ms), giving_up: cancel };
        link link2: Link { latency: exp(18ms), loss: loss, reorder: false, jitter: exp(2ms) };
        node worker3: Worker { workers: 1, cpu: exp(26ms), patience: 235ms, giving_up: cancel };
        node pool4: ConnectionPool { max_connections: 1, connection_timeout: 100ms };
        link link5: Link { latency: lognormal(3ms, cv 2.0), loss: loss, reorder: false, jitter: exp(2ms) };
        node server6[4]: Server<u64> { concurrency: 2, service: 10ms, queue: lifo(), queue_capacity: 7 };
        node balancer7: LoadBalancer<LeastResponseTime> {  };
        users0 -> client1;
        balancer7 -> server6[*];
        worker3.next -> pool4 -> timeout(160ms, cancel) -> link5 -> balancer7;
        client1 -> link2 -> worker3;
    }
}

topology! {
    /// Number 14.
    pub Topology14 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(profile! { hold 85/s for 1s; ramp to 255/s over 1s; hold }).limit(limit) emits u64 = |arrival| arrival.number;
        node keeper1: Keeper { patience: 253ms };
        link link2: Link { latency: exp(24ms), loss: loss, reorder: false };
        node store3: KVStore { read_latency: exp(5ms), concurrency: 1 };
        node cache4: CachedStore { capacity: 10, write: write_through(), ttl: 200ms, stale_while_revalidate: 100ms };
        source users1: Arrivals::constant(Rate::per_second(105.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node client5: Client { timeout: 181ms, retry: fixed(3, 20ms), giving_up: abandon, budget: budget(10%, 5) };
        link link6: Link { latency: exp(8ms), loss: loss, reorder: false };
        link link7: Link { latency: lognormal(12ms, cv 2.0), loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node worker8[2]: Worker { workers: 4, cpu: lognormal(20ms, cv 2.0), patience: 88ms, giving_up: cancel };
        node fallback9: Fallback {  };
        node pool10: ConnectionPool { max_connections: 5, connection_timeout: 100ms };
        link link11: Link { latency: exp(19ms), loss: loss, reorder: false, jitter: exp(2ms) };
        node server12[3]: Server<u64> { concurrency: 1, service: exp(27ms), queue: fifo(), queue_capacity: 3, max_wait: exp(60ms) };
        node queue13: MessageQueue { visibility_timeout: 199ms, capacity: 17, max_redeliveries: 0, prefetch: 1, redelivery_delay: 10ms };
        node dead14: DeadLetterQueue<u64> { capacity: 20 };
        node balancer15: LoadBalancer<RoundRobin> {  };
        cache4 -> store3;
        keeper1.store -> link2 -> cache4;
        users0 -> keeper1;
        users1 -> client5;
        fallback9.primary -> bulkhead(6, queue: 5, wait: 44ms) -> hedge(80ms, up_to: 1, giving_up: cancel) -> pool10 -> keeper1;
        queue13.consumers -> server12[*];
        queue13.dead_letters -> dead14;
        fallback9.fallback -> link11 -> retry(exponential(4, 5ms..100ms, full_jitter)) -> queue13;
        worker8.next -> fallback9;
        balancer15 -> worker8[*];
        client5 -> hedge(152ms, up_to: 2, giving_up: cancel) -> link6 -> link7 -> balancer15;
    }
}

topology! {
    /// Number 15.
    pub Topology15 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(Rate::per_second(90.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 212ms, retry: fixed(3, 20ms), giving_up: abandon };
        node pool2: ConnectionPool { max_connections: 6, connection_timeout: 100ms };
        node worker3[3]: Worker { workers: 2, cpu: lognormal(16ms, cv 2.0), patience: 111ms, giving_up: abandon };
        node pool4: ConnectionPool { max_connections: 1, connection_timeout: 100ms };
        link link5: Link { latency: exp(5ms), loss: loss, reorder: true };
        node database6: Database<u64, ()> { connections: 2, query: exp(27ms), acquire_timeout: 80ms };
        node balancer7: LoadBalancer<WeightedRoundRobin> {  };
        source users1: Arrivals::poisson(Rate::per_second(151.0 / 4.0)).in_batches(Distribution::constant(4)).limit(limit) emits u64 = |arrival| arrival.number;
        node client8: Client { timeout: 187ms, retry: decorrelated(4, 5ms..100ms), giving_up: abandon };
        link link9: Link { latency: lognormal(29ms, cv 2.0), loss: loss, reorder: false };
        shared lock10: Mutex;
        shared table11: RwLock;
        shared seats12: Semaphore = Semaphore::new(3);
        shared ready13: Condition;
        node vault14: Vault { patience: 204ms, giving_up: abandon };
        link link15: Link { latency: lognormal(17ms, cv 2.0), loss: loss, reorder: true };
        users0 -> client1;
        worker3.next -> pool4 -> timeout(297ms, cancel) -> link5 -> database6;
        balancer7 -> worker3[*];
        client1 -> pool2 -> balancer7;
        users1 -> client8;
        vault14.lock -> lock10;
        vault14.table -> table11;
        vault14.seats -> seats12;
        vault14.ready -> ready13;
        vault14.next -> link15 -> timeout(50ms, abandon) -> balancer7;
        client8 -> link9 -> vault14;
    }
}

topology! {
    /// Number 16.
    pub Topology16 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(Rate::per_second(96.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 214ms, retry: exponential(2, 5ms..100ms, full_jitter), giving_up: cancel };
        node pool2: ConnectionPool { max_connections: 2, connection_timeout: 100ms };
        node pool3: ConnectionPool { max_connections: 3, connection_timeout: 100ms };
        node database4[5]: Database<u64, ()> { connections: 4, query: lognormal(9ms, cv 2.0) };
        node balancer5: LoadBalancer<ConsistentHash> { key: |number| *number };
        source users1: Arrivals::poisson(Rate::per_second(46.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node pair6: Pair { patience: 107ms };
        link link7: Link { latency: exp(10ms), loss: loss, reorder: false };
        node pool8: ConnectionPool { max_connections: 4, connection_timeout: 100ms };
        node worker9[2]: Worker { workers: 6, cpu: 6ms, patience: 109ms, giving_up: cancel };
        node quorum10: Voters { needed: 3, patience: 104ms, losers: Losers::Drop };
        link link11: Link { latency: 27ms, loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node worker12[5]: Worker { workers: 4, cpu: 20ms, patience: 34ms, giving_up: abandon };
        link link13: Link { latency: lognormal(22ms, cv 2.0), loss: loss, reorder: false };
        link link14: Link { latency: 30ms, loss: loss, reorder: false };
        node balancer15: LoadBalancer<LeastConnections> {  };
        node probed16[3]: Probed { slots: 2, time: exp(10ms), sick: 20% };
        node checker17: HealthChecker { interval: 100ms, timeout: 30ms, unhealthy_threshold: 2 };
        node queue18: MessageQueue { visibility_timeout: 306ms, capacity: 53, max_redeliveries: 0, prefetch: 2, redelivery_delay: 10ms };
        node dead19: DeadLetterQueue<u64> { capacity: 20 };
        users0 -> client1;
        balancer5 -> database4[*];
        client1 -> pool2 -> pool3 -> balancer5;
        worker9.next -> timeout(292ms, abandon) -> balancer5;
        quorum10.lanes -> worker9[*];
        pair6.left -> link7 -> hedge(82ms, up_to: 2, giving_up: cancel) -> pool8 -> quorum10;
        checker17.probes -> probed16.health[*];
        checker17.marks -> balancer15.mark;
        balancer15 -> probed16[*];
        worker12.next -> link13 -> link14 -> timeout(249ms, cancel) -> balancer15;
        queue18.consumers -> worker12[*];
        queue18.dead_letters -> dead19;
        pair6.right -> retry(exponential(2, 5ms..100ms, full_jitter)) -> link11 -> hedge(228ms, up_to: 1, giving_up: abandon) -> queue18;
        users1 -> pair6;
    }
}

topology! {
    /// Number 17.
    pub Topology17 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(Rate::per_second(157.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 20ms, retry: exponential(2, 5ms..100ms, full_jitter), giving_up: cancel };
        node fallback2: Fallback {  };
        node pool3: ConnectionPool { max_connections: 6, connection_timeout: 100ms };
        node keeper4: Keeper { patience: 135ms };
        link link5: Link { latency: 9ms, loss: loss, reorder: false };
        node store6: KVStore { read_latency: exp(5ms), concurrency: 1 };
        node cache7: CachedStore { capacity: 10, write: write_through() };
        link link8: Link { latency: exp(17ms), loss: loss, reorder: true, jitter: exp(2ms) };
        users0 -> client1;
        cache7 -> store6;
        keeper4.store -> link5 -> cache7;
        fallback2.primary -> pool3 -> retry(fixed(2, 20ms)) -> hedge(298ms, up_to: 2, giving_up: cancel) -> keeper4;
        fallback2.fallback -> link8 -> keeper4;
        client1 -> hedge(87ms, up_to: 1, giving_up: cancel) -> breaker(failures: 4, open: 200ms) -> fallback2;
    }
}

topology! {
    /// Number 18.
    pub Topology18 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(profile! { hold 159/s for 1s; ramp to 477/s over 1s; hold }).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 281ms, retry: exponential(3, 5ms..100ms, full_jitter), giving_up: abandon };
        link link2: Link { latency: exp(13ms), loss: loss, reorder: true, jitter: exp(2ms) };
        node pair3: Pair { patience: 226ms };
        node server4[3]: Server<u64> { concurrency: 3, service: exp(9ms), queue: codel(5ms, 50ms) };
        node quorum5: Voters { needed: 1, patience: 51ms, losers: Losers::AwaitAll };
        link link6: Link { latency: exp(1ms), loss: loss, reorder: false, jitter: exp(2ms) };
        node database7: Database<u64, ()> { connections: 2, query: exp(30ms), acquire_timeout: 80ms };
        users0 -> client1;
        quorum5.lanes -> server4[*];
        pair3.left -> quorum5;
        pair3.right -> link6 -> breaker(failures: 6, open: 200ms, call_timeout: 136ms) -> database7;
        client1 -> link2 -> timeout(237ms, abandon) -> pair3;
    }
}

topology! {
    /// Number 19.
    pub Topology19 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(profile! { hold 108/s for 1s; ramp to 324/s over 1s; hold }).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 185ms, retry: fixed(2, 20ms), giving_up: cancel, budget: budget(10%, 5) };
        link link2: Link { latency: exp(23ms), loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node fallback3: Fallback {  };
        link link4: Link { latency: exp(13ms), loss: loss, reorder: true, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node server5: Server<u64> { concurrency: 1, service: exp(4ms), queue: priority(), class: |number| Class { priority: (*number % 3).cast_signed(), ..default() }, queue_capacity: 6, max_wait: exp(60ms) };
        source users1: Arrivals::poisson(profile! { hold 187/s for 1s; ramp to 561/s over 1s; hold }).limit(limit) emits u64 = |arrival| arrival.number;
        node client6: Client { timeout: 20ms, retry: fixed(4, 20ms), giving_up: abandon };
        node balancer7: LoadBalancer<PowerOfTwoChoices> {  };
        node probed8[3]: Probed { slots: 2, time: exp(10ms), sick: 20% };
        node checker9: HealthChecker { interval: 100ms, timeout: 30ms, unhealthy_threshold: 2 };
        users0 -> client1;
        fallback3.primary -> link4 -> retry(decorrelated(2, 5ms..100ms)) -> server5;
        fallback3.fallback -> server5;
        client1 -> retry(exponential(2, 5ms..100ms, full_jitter)) -> breaker(failures: 4, open: 200ms, call_timeout: 203ms) -> link2 -> fallback3;
        users1 -> client6;
        checker9.probes -> probed8.health[*];
        checker9.marks -> balancer7.mark;
        balancer7 -> probed8[*];
        client6 -> breaker(failures: 3, open: 200ms, call_timeout: 79ms) -> bulkhead(2, queue: 2, wait: 99ms) -> balancer7;
    }
}

topology! {
    /// Number 20.
    pub Topology20 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(Rate::per_second(99.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 245ms, retry: exponential(3, 5ms..100ms, full_jitter), giving_up: cancel };
        link link2: Link { latency: exp(27ms), loss: loss, reorder: false };
        link link3: Link { latency: 2ms, loss: loss, reorder: true };
        node database4: Database<u64, ()> { connections: 4, query: exp(5ms) };
        source users1: Arrivals::constant(Rate::per_second(182.0)).limit(limit) emits u64 = |arrival| arrival.number;
        node client5: Client { timeout: 197ms, retry: fixed(4, 20ms), giving_up: abandon };
        node pool6: ConnectionPool { max_connections: 4, connection_timeout: 100ms };
        node server7[4]: Server<u64> { concurrency: 3, service: exp(6ms), queue: priority(), class: |number| Class { priority: (*number % 3).cast_signed(), ..default() }, queue_capacity: 7 };
        node balancer8: LoadBalancer<ConsistentHash> { key: |number| *number };
        users0 -> client1;
        client1 -> link2 -> hedge(279ms, up_to: 1, giving_up: cancel) -> link3 -> database4;
        users1 -> client5;
        balancer8 -> server7[*];
        client5 -> pool6 -> retry(fixed(4, 20ms)) -> bulkhead(1, queue: 0, wait: 71ms) -> balancer8;
    }
}

topology! {
    /// Number 21.
    pub Topology21 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(profile! { hold 27/s for 1s; ramp to 81/s over 1s; hold }).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 186ms, retry: fixed(2, 20ms), giving_up: cancel, budget: budget(10%, 5) };
        node keeper2: Keeper { patience: 157ms };
        link link3: Link { latency: exp(13ms), loss: loss, reorder: false };
        node store4: KVStore { read_latency: exp(5ms), concurrency: 1 };
        node cache5: CachedStore { capacity: 10, write: write_through(), ttl: 200ms, stale_while_revalidate: 100ms };
        source users1: Arrivals::poisson(Rate::per_second(48.0 / 4.0)).in_batches(Distribution::constant(4)).limit(limit) emits u64 = |arrival| arrival.number;
        node client6: Client { timeout: 197ms, retry: fixed(2, 20ms), giving_up: abandon };
        node varying7: Server<u64> { concurrency: profile! { hold 4 for 700ms; hold 1 for 500ms; hold 4 }, service: exp(13ms), queue: priority(), class: |number| Class { priority: (*number % 3).cast_signed(), ..default() }, queue_capacity: 0 };
        users0 -> client1;
        cache5 -> store4;
        keeper2.store -> link3 -> cache5;
        client1 -> bulkhead(5, queue: 2, wait: 112ms) -> keeper2;
        users1 -> client6;
        client6 -> timeout(193ms, cancel) -> varying7;
    }
}

topology! {
    /// Number 22.
    pub Topology22 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(profile! { hold 25/s for 1s; ramp to 75/s over 1s; hold }).limit(limit) emits u64 = |arrival| arrival.number;
        node client1: Client { timeout: 293ms, retry: exponential(2, 5ms..100ms, full_jitter), giving_up: abandon, budget: budget(10%, 5) };
        link link2: Link { latency: lognormal(16ms, cv 2.0), loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node worker3: Worker { workers: 6, cpu: exp(8ms), patience: 183ms, giving_up: cancel };
        shared lock4: Mutex;
        shared table5: RwLock;
        shared seats6: Semaphore = Semaphore::new(3);
        shared ready7: Condition;
        node vault8: Vault { patience: 57ms, giving_up: cancel };
        node worker9[3]: Worker { workers: 4, cpu: exp(15ms), patience: 261ms, giving_up: cancel };
        link link10: Link { latency: 18ms, loss: loss, reorder: true };
        node database11: Database<u64, ()> { connections: 1, query: lognormal(15ms, cv 2.0) };
        node balancer12: LoadBalancer<LeastResponseTime> {  };
        users0 -> client1;
        vault8.lock -> lock4;
        vault8.table -> table5;
        vault8.seats -> seats6;
        vault8.ready -> ready7;
        worker9.next -> link10 -> database11;
        balancer12 -> worker9[*];
        vault8.next -> retry(exponential(4, 5ms..100ms, full_jitter)) -> balancer12;
        worker3.next -> timeout(219ms, abandon) -> hedge(206ms, up_to: 2, giving_up: cancel) -> vault8;
        client1 -> retry(decorrelated(3, 5ms..100ms)) -> bulkhead(5, queue: 5, wait: 270ms) -> link2 -> worker3;
    }
}

topology! {
    /// Number 23.
    pub Topology23 {
        param limit: u64 = u64::MAX;
        param loss: Varying<Probability> = 0%;
        param buffer: Option<Varying<Bytes>> = None;

        source users0: Arrivals::poisson(Rate::per_second(154.0 / 4.0)).in_batches(Distribution::constant(4)).limit(limit) emits u64 = |arrival| arrival.number;
        link link1: Link { latency: lognormal(28ms, cv 2.0), loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        shared lock2: Mutex;
        shared table3: RwLock;
        shared seats4: Semaphore = Semaphore::new(3);
        shared ready5: Condition;
        node vault6: Vault { patience: 234ms, giving_up: cancel };
        node pool7: ConnectionPool { max_connections: 1, connection_timeout: 100ms };
        link link8: Link { latency: 26ms, loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node worker9: Worker { workers: 2, cpu: exp(27ms), patience: 319ms, giving_up: abandon };
        link link10: Link { latency: exp(27ms), loss: loss, reorder: false, bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer };
        node fallback11: Fallback {  };
        node pool12: ConnectionPool { max_connections: 5, connection_timeout: 100ms };
        node fallback13: Fallback {  };
        node varying14: Server<u64> { concurrency: profile! { hold 3 for 700ms; hold 1 for 500ms; hold 3 }, service: exp(8ms), queue: codel(5ms, 50ms), queue_capacity: 5 };
        node pool15: ConnectionPool { max_connections: 1, connection_timeout: 100ms };
        node server16: Server<u64> { concurrency: 2, service: lognormal(22ms, cv 2.0), queue: priority(), class: |number| Class { priority: (*number % 3).cast_signed(), ..default() }, queue_capacity: 5, max_wait: exp(60ms) };
        node pool17: ConnectionPool { max_connections: 1, connection_timeout: 100ms };
        node pool18: ConnectionPool { max_connections: 1, connection_timeout: 100ms };
        node varying19: Server<u64> { concurrency: profile! { hold 3 for 700ms; hold 1 for 500ms; hold 3 }, service: exp(10ms), queue: lifo(), queue_capacity: 1, max_wait: exp(60ms) };
        vault6.lock -> lock2;
        vault6.table -> table3;
        vault6.seats -> seats4;
        vault6.ready -> ready5;
        fallback13.primary -> varying14;
        fallback13.fallback -> breaker(failures: 4, open: 200ms, call_timeout: 89ms) -> hedge(24ms, up_to: 2, giving_up: cancel) -> pool15 -> server16;
        fallback11.primary -> retry(exponential(3, 5ms..100ms, full_jitter)) -> pool12 -> timeout(56ms, abandon) -> fallback13;
        fallback11.fallback -> pool17 -> pool18 -> retry(decorrelated(4, 5ms..100ms)) -> varying19;
        worker9.next -> timeout(229ms, abandon) -> link10 -> bulkhead(5, queue: 4, wait: 90ms) -> fallback11;
        vault6.next -> hedge(153ms, up_to: 1, giving_up: cancel) -> pool7 -> link8 -> worker9;
        users0 -> retry(fixed(4, 20ms)) -> link1 -> retry(fixed(3, 20ms)) -> vault6;
    }
}

check_all! {
    topology_00 Topology00 Topology00Params;
    topology_01 Topology01 Topology01Params;
    topology_02 Topology02 Topology02Params;
    topology_03 Topology03 Topology03Params;
    topology_04 Topology04 Topology04Params;
    topology_05 Topology05 Topology05Params;
    topology_06 Topology06 Topology06Params;
    topology_07 Topology07 Topology07Params;
    topology_08 Topology08 Topology08Params;
    topology_09 Topology09 Topology09Params;
    topology_10 Topology10 Topology10Params;
    topology_11 Topology11 Topology11Params;
    topology_12 Topology12 Topology12Params;
    topology_13 Topology13 Topology13Params;
    topology_14 Topology14 Topology14Params;
    topology_15 Topology15 Topology15Params;
    topology_16 Topology16 Topology16Params;
    topology_17 Topology17 Topology17Params;
    topology_18 Topology18 Topology18Params;
    topology_19 Topology19 Topology19Params;
    topology_20 Topology20 Topology20Params;
    topology_21 Topology21 Topology21Params;
    topology_22 Topology22 Topology22Params;
    topology_23 Topology23 Topology23Params;
}
