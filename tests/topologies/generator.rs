//! Writes random topologies as Rust source, the same from the same seed.
//!
//! A topology is grown from its sources: every port is wired, with some wrappers on the way, to a
//! component that is made for it, or to one that is there already, so that there are no circles.
//! All requests are numbers and all replies are empty, but for the stores, which have an adapter.
//! Whoever waits behind a link that may lose messages, and is no mere relay, has a timeout.

use happysim::prelude::Random;

/// How many topologies there are.
pub(crate) const COUNT: u64 = 24;

/// The whole module `generated.rs`.
pub(crate) fn module() -> String {
    let topologies: Vec<String> = (0..COUNT).map(topology).collect();
    let name =
        |number| format!("topology_{number:02} Topology{number:02} Topology{number:02}Params");
    let names: Vec<String> = (0..COUNT).map(name).collect();
    format!(
        "//! Random topologies, written by `generator.rs`:\n\
         //! `HAPPYSIM_WRITE=1 cargo test --test topologies generated`.\n\n\
         use super::parts::*;\nuse happysim::prelude::*;\n\n\
         {}\ncheck_all! {{\n    {};\n}}\n",
        topologies.join("\n"),
        names.join(";\n    "),
    )
}

/// The first of a series of random topologies that is neither tiny nor huge and has a link.
fn topology(number: u64) -> String {
    let mut attempts = (0..).map(|attempt| {
        let mut writer = Writer::new(number, attempt);
        writer.grow();
        writer
    });
    let fits = |writer: &Writer| {
        (8..=40).contains(&writer.nodes.len())
            && writer.nodes.iter().any(|node| node.starts_with("link"))
    };
    attempts.find(fits).expect("there are endlessly many").text(number)
}

struct Writer {
    random: Random,
    names: u64,
    nodes: Vec<String>,
    arrows: Vec<String>,
    /// Components that take a number, with all that is behind them.
    complete: Vec<String>,
}

impl Writer {
    fn new(number: u64, attempt: u64) -> Self {
        let random = Random::new(number, "topologies", &format!("attempt {attempt}"));
        Self { random, names: 0, nodes: Vec::new(), arrows: Vec::new(), complete: Vec::new() }
    }

    fn grow(&mut self) {
        for source in 0..=self.below(2) {
            let name = format!("users{source}");
            let arrivals = self.arrivals();
            self.nodes.push(format!(
                "source {name}: {arrivals}.limit(limit) emits u64 = |arrival| arrival.number;"
            ));
            // Most systems have a client in front.
            let from = if self.chance(75) {
                let client = self.client();
                self.arrows.push(format!("{name} -> {client};"));
                client
            } else {
                name
            };
            self.wire(&from, 4);
        }
    }

    fn text(&self, number: u64) -> String {
        let lines: Vec<&str> = self.nodes.iter().chain(&self.arrows).map(String::as_str).collect();
        format!(
            "topology! {{\n    /// Number {number}.\n    pub Topology{number:02} {{\n        \
             param limit: u64 = u64::MAX;\n        param loss: Varying<Probability> = 0%;\n        \
             param buffer: Option<Varying<Bytes>> = None;\n\n        {}\n    }}\n}}\n",
            lines.join("\n        ")
        )
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random.below(bound)
    }

    /// True in so many of a hundred cases.
    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u64) as usize]
    }

    /// A new name.
    fn name(&mut self, word: &str) -> String {
        self.names += 1;
        format!("{word}{}", self.names)
    }

    /// Declares a node and returns its name.
    fn node(&mut self, word: &str, replicas: u64, ty: &str, parameters: &str) -> String {
        let name = self.name(word);
        let count = if replicas == 1 { String::new() } else { format!("[{replicas}]") };
        self.nodes.push(format!("node {name}{count}: {ty} {{ {parameters} }};"));
        name
    }

    fn arrivals(&mut self) -> String {
        let rate = 20 + self.below(180);
        match self.below(5) {
            0 => format!("Arrivals::constant(Rate::per_second({rate}.0))"),
            1 => format!(
                "Arrivals::poisson(profile! {{ hold {rate}/s for 1s; ramp to {}/s over 1s; hold }})",
                3 * rate
            ),
            2 => format!(
                "Arrivals::poisson(Rate::per_second({rate}.0 / 4.0))\
                 .in_batches(Distribution::constant(4))"
            ),
            _ => format!("Arrivals::poisson(Rate::per_second({rate}.0))"),
        }
    }

    fn giving_up(&mut self) -> &'static str {
        self.pick(&["abandon", "cancel"])
    }

    /// A time of some milliseconds, as a distribution.
    fn time(&mut self) -> String {
        let time = 1 + self.below(30);
        match self.below(4) {
            0 => format!("{time}ms"),
            1 => format!("lognormal({time}ms, cv 2.0)"),
            _ => format!("exp({time}ms)"),
        }
    }

    fn patience(&mut self) -> String {
        format!("{}ms", 20 + self.below(300))
    }

    fn policy(&mut self) -> String {
        let attempts = 2 + self.below(3);
        match self.below(3) {
            0 => format!("fixed({attempts}, 20ms)"),
            1 => format!("exponential({attempts}, 5ms..100ms, full_jitter)"),
            _ => format!("decorrelated({attempts}, 5ms..100ms)"),
        }
    }

    fn client(&mut self) -> String {
        let (timeout, retry, giving_up) = (self.patience(), self.policy(), self.giving_up());
        let budget = if self.chance(30) { ", budget: budget(10%, 5)" } else { "" };
        self.node(
            "client",
            1,
            "Client",
            &format!("timeout: {timeout}, retry: {retry}, giving_up: {giving_up}{budget}"),
        )
    }

    /// Wires a port to something.
    fn wire(&mut self, from: &str, depth: u64) {
        let way = self.way();
        let target = self.callee(depth);
        self.arrows.push(format!("{from}{way} -> {target};"));
    }

    /// What requests pass on their way.
    fn way(&mut self) -> String {
        let mut way = String::new();
        for _ in 0..self.below(4) {
            let stop = match self.below(9) {
                0 => {
                    let limit = if self.chance(50) {
                        let limit = self.patience();
                        format!(", call_timeout: {limit}")
                    } else {
                        String::new()
                    };
                    let failures = 2 + self.below(8);
                    format!("breaker(failures: {failures}, open: 200ms{limit})")
                }
                1 => {
                    let (places, queue) = (1 + self.below(8), self.below(6));
                    let wait = self.patience();
                    format!("bulkhead({places}, queue: {queue}, wait: {wait})")
                }
                2 => {
                    let (limit, giving_up) = (self.patience(), self.giving_up());
                    format!("timeout({limit}, {giving_up})")
                }
                3 => {
                    let (delay, giving_up) = (self.patience(), self.giving_up());
                    let hedges = 1 + self.below(2);
                    format!("hedge({delay}, up_to: {hedges}, giving_up: {giving_up})")
                }
                4 => {
                    let policy = self.policy();
                    format!("retry({policy})")
                }
                5 => {
                    let most = 1 + self.below(6);
                    self.node(
                        "pool",
                        1,
                        "ConnectionPool",
                        &format!("max_connections: {most}, connection_timeout: 100ms"),
                    )
                }
                _ => self.link(),
            };
            way.push_str(" -> ");
            way.push_str(&stop);
        }
        way
    }

    fn link(&mut self) -> String {
        let name = self.name("link");
        let (latency, reorder) = (self.time(), self.chance(30));
        let line = match self.below(3) {
            0 => ", bandwidth: 2Mbps, size: Bytes(1500), buffer: buffer",
            1 => ", jitter: exp(2ms)",
            _ => "",
        };
        self.nodes.push(format!(
            "link {name}: Link {{ latency: {latency}, loss: loss, reorder: {reorder}{line} }};"
        ));
        name
    }

    /// Something that takes a number and answers with nothing.
    fn callee(&mut self, depth: u64) -> String {
        if !self.complete.is_empty() && self.chance(20) {
            let chosen = self.below(self.complete.len() as u64);
            return self.complete[chosen as usize].clone();
        }
        let made = if depth == 0 { self.leaf(1) } else { self.inner(depth - 1) };
        self.complete.push(made.clone());
        made
    }

    fn inner(&mut self, depth: u64) -> String {
        match self.below(12) {
            0 | 1 => self.worker(1, depth),
            2 | 3 => self.balancer(depth),
            4 => self.quorum(depth),
            5 => self.store(),
            6 => self.queue(depth),
            7 => {
                let name = self.node("fallback", 1, "Fallback", "");
                self.wire(&format!("{name}.primary"), depth);
                self.wire(&format!("{name}.fallback"), depth);
                name
            }
            8 => self.vault(depth),
            9 => {
                let patience = self.patience();
                let name = self.node("pair", 1, "Pair", &format!("patience: {patience}"));
                self.wire(&format!("{name}.left"), depth);
                self.wire(&format!("{name}.right"), depth);
                name
            }
            _ => self.leaf(1),
        }
    }

    /// A server or a database.
    fn leaf(&mut self, replicas: u64) -> String {
        let time = self.time();
        if self.chance(25) {
            let connections = 1 + self.below(5);
            let wait = if self.chance(50) { ", acquire_timeout: 80ms" } else { "" };
            let parameters = format!("connections: {connections}, query: {time}{wait}");
            return self.node("database", replicas, "Database<u64, ()>", &parameters);
        }
        let queue = self.pick(&[
            "fifo()",
            "lifo()",
            "codel(5ms, 50ms)",
            "priority(), class: |number| Class { priority: (*number % 3).cast_signed(), ..default() }",
        ]);
        let room = match self.below(4) {
            0 => String::new(),
            _ => format!(", queue_capacity: {}", self.below(8)),
        };
        let wait = if self.chance(40) { ", max_wait: exp(60ms)" } else { "" };
        let slots = 1 + self.below(4);
        let (word, slots) = if self.chance(25) {
            let slots =
                format!("profile! {{ hold {slots} for 700ms; hold 1 for 500ms; hold {slots} }}");
            ("varying", slots)
        } else {
            ("server", slots.to_string())
        };
        let parameters =
            format!("concurrency: {slots}, service: {time}, queue: {queue}{room}{wait}");
        self.node(word, replicas, "Server<u64>", &parameters)
    }

    fn worker(&mut self, replicas: u64, depth: u64) -> String {
        let (workers, cpu, patience) = (1 + self.below(6), self.time(), self.patience());
        let giving_up = self.giving_up();
        let parameters =
            format!("workers: {workers}, cpu: {cpu}, patience: {patience}, giving_up: {giving_up}");
        let name = self.node("worker", replicas, "Worker", &parameters);
        self.wire(&format!("{name}.next"), depth);
        name
    }

    /// Several of the same.
    fn crew(&mut self, depth: u64) -> String {
        let replicas = 2 + self.below(4);
        if depth > 0 && self.chance(50) {
            self.worker(replicas, depth - 1)
        } else {
            self.leaf(replicas)
        }
    }

    fn balancer(&mut self, depth: u64) -> String {
        let strategy = self.pick(&[
            "RoundRobin",
            "PowerOfTwoChoices",
            "LeastConnections",
            "LeastResponseTime",
            "Random",
            "ConsistentHash",
            "WeightedRoundRobin",
        ]);
        let key = if strategy == "ConsistentHash" { "key: |number| *number" } else { "" };
        let (name, crew) = if self.chance(30) {
            let name = self.node("balancer", 1, &format!("LoadBalancer<{strategy}>"), key);
            let crew = self.node("probed", 3, "Probed", "slots: 2, time: exp(10ms), sick: 20%");
            let checker = self.node(
                "checker",
                1,
                "HealthChecker",
                "interval: 100ms, timeout: 30ms, unhealthy_threshold: 2",
            );
            self.arrows.push(format!("{checker}.probes -> {crew}.health[*];"));
            self.arrows.push(format!("{checker}.marks -> {name}.mark;"));
            (name, crew)
        } else {
            let crew = self.crew(depth);
            (self.node("balancer", 1, &format!("LoadBalancer<{strategy}>"), key), crew)
        };
        self.arrows.push(format!("{name} -> {crew}[*];"));
        name
    }

    fn quorum(&mut self, depth: u64) -> String {
        let crew = self.crew(depth);
        let (patience, needed) = (self.patience(), 1 + self.below(3));
        let losers = self.pick(&["Drop", "Cancel", "AwaitAll"]);
        let parameters =
            format!("needed: {needed}, patience: {patience}, losers: Losers::{losers}");
        let name = self.node("quorum", 1, "Voters", &parameters);
        self.arrows.push(format!("{name}.lanes -> {crew}[*];"));
        name
    }

    fn store(&mut self) -> String {
        let patience = self.patience();
        let name = self.node("keeper", 1, "Keeper", &format!("patience: {patience}"));
        let way = if self.chance(40) { format!(" -> {}", self.link()) } else { String::new() };
        let store = if self.chance(50) {
            let store =
                self.node("replicated", 1, "ReplicatedStore", "timeout: 60ms, read_repair: true");
            let replicas = 3 + self.below(3);
            let replica =
                self.node("replica", replicas, "KVStore", "read_latency: exp(5ms), concurrency: 2");
            self.arrows.push(format!("{store} -> {replica}[*];"));
            store
        } else {
            let store = self.node("store", 1, "KVStore", "read_latency: exp(5ms), concurrency: 1");
            let write = self.pick(&["write_through", "write_back", "write_around"]);
            let expiry = self.pick(&["", ", ttl: 200ms, stale_while_revalidate: 100ms"]);
            let cache = self.node(
                "cache",
                1,
                "CachedStore",
                &format!("capacity: 10, write: {write}(){expiry}"),
            );
            self.arrows.push(format!("{cache} -> {store};"));
            cache
        };
        self.arrows.push(format!("{name}.store{way} -> {store};"));
        name
    }

    fn queue(&mut self, depth: u64) -> String {
        let crew = self.crew(depth);
        let (visibility, room) = (self.patience(), 5 + self.below(50));
        let (again, prefetch) = (self.below(3), 1 + self.below(3));
        let parameters = format!(
            "visibility_timeout: {visibility}, capacity: {room}, max_redeliveries: {again}, \
             prefetch: {prefetch}, redelivery_delay: 10ms"
        );
        let name = self.node("queue", 1, "MessageQueue", &parameters);
        let dead = self.node("dead", 1, "DeadLetterQueue<u64>", "capacity: 20");
        self.arrows.push(format!("{name}.consumers -> {crew}[*];"));
        self.arrows.push(format!("{name}.dead_letters -> {dead};"));
        name
    }

    fn vault(&mut self, depth: u64) -> String {
        let (lock, table) = (self.name("lock"), self.name("table"));
        let (seats, ready) = (self.name("seats"), self.name("ready"));
        self.nodes.push(format!("shared {lock}: Mutex;"));
        self.nodes.push(format!("shared {table}: RwLock;"));
        self.nodes.push(format!("shared {seats}: Semaphore = Semaphore::new(3);"));
        self.nodes.push(format!("shared {ready}: Condition;"));
        let (patience, giving_up) = (self.patience(), self.giving_up());
        let parameters = format!("patience: {patience}, giving_up: {giving_up}");
        let name = self.node("vault", 1, "Vault", &parameters);
        for (field, object) in
            [("lock", lock), ("table", table), ("seats", seats), ("ready", ready)]
        {
            self.arrows.push(format!("{name}.{field} -> {object};"));
        }
        self.wire(&format!("{name}.next"), depth);
        name
    }
}
